import "@mantine/spotlight/styles.layer.css";
import { Loader } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import {
  IconAddressBook,
  IconFileImport,
  IconInbox,
  IconMessage,
  IconPlugConnected,
  IconSearch,
  IconSpeakerphone,
  IconTargetArrow,
  IconTemplate,
} from "@tabler/icons-react";
import { type LinkProps, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type Found, useSearch } from "../api/search.ts";
import { useMay } from "./appContext.ts";
import { useWords } from "./language.tsx";
import { places } from "./places.ts";

interface PaletteProps {
  isOpen: boolean;
  onClose(): void;
}

const [store, palette] = createSpotlight();

const kinds = ["user", "campaign", "segment", "message", "import", "template"] as const;

const icons = {
  ...{ user: IconAddressBook, campaign: IconSpeakerphone, segment: IconTargetArrow, message: IconMessage },
  ...{ import: IconFileImport, template: IconTemplate },
};

type Target = Pick<LinkProps, "to" | "params">;

function targetOf({ kind, id }: Found): Target {
  switch (kind) {
    case "user":
      return { to: "/users/$userId", params: { userId: id } };
    case "campaign":
      return { to: "/campaigns/$campaignId", params: { campaignId: id } };
    case "segment":
      return { to: "/segments/$segmentId", params: { segmentId: id } };
    case "message":
      return { to: "/messages/$messageId", params: { messageId: id } };
    case "import":
      return { to: "/imports/$importId", params: { importId: id } };
    case "template":
      return { to: "/templates/$templateId", params: { templateId: id } };
  }
}

const actions = [
  { to: "/campaigns/new", text: "newCampaign", Icon: IconSpeakerphone, needs: "campaigns:write" },
  { to: "/imports/new", text: "newImport", Icon: IconFileImport, needs: "imports:write" },
  { to: "/segments/new", text: "newSegment", Icon: IconTargetArrow, needs: "segments:write" },
  { to: "/templates/new", text: "newTemplate", Icon: IconTemplate, needs: "templates:write" },
  { to: "/providers/new", text: "newProvider", Icon: IconPlugConnected, needs: "providers:write" },
  { to: "/try", text: "inbox", Icon: IconInbox, needs: "imports:write" },
] as const;

/** Pages, actions, and whatever has a name or an id, at the ends of the fingers. */
export function Palette({ isOpen, onClose }: PaletteProps) {
  const { strings } = useWords();
  const texts = strings.palette;
  const router = useRouter();
  const may = useMay();
  const [query, setQuery] = useState("");
  useEffect(() => {
    if (isOpen) palette.open();
    else palette.close();
  }, [isOpen]);
  const [search] = useDebouncedValue(query, 200);
  const found = useSearch(search);
  const go = (target: Target) => () => {
    onClose();
    void router.navigate(target);
  };
  const has = (text: string) => text.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase());
  const pages = places
    .flatMap(({ links }) => [...links])
    .filter(({ text, needs }) => may(needs) && has(strings.nav[text]));
  const doable = actions.filter(({ text, needs }) => may(needs) && has(texts[text]));
  const things = query.trim().length > 1 ? (found.data ?? []) : [];
  const isBlank = pages.length + doable.length + things.length === 0;
  return (
    <Spotlight.Root
      store={store}
      onSpotlightClose={onClose}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      attributes={{ content: { "aria-label": texts.title } }}
      scrollable
      maxHeight="min(28rem, 70dvh)"
    >
      <Spotlight.Search
        aria-label={texts.hint}
        placeholder={texts.hint}
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={found.isFetching ? <Loader size="xs" /> : null}
      />
      <Spotlight.ActionsList>
        {kinds.map((kind) => {
          const items = things.filter((thing) => thing.kind === kind);
          const Icon = icons[kind];
          return (
            items.length > 0 && (
              <Spotlight.ActionsGroup key={kind} label={texts[kind]}>
                {items.map((item) => (
                  <Spotlight.Action
                    key={item.id}
                    label={item.name}
                    leftSection={<Icon size={17} stroke={1.7} aria-hidden />}
                    onClick={go(targetOf(item))}
                  />
                ))}
              </Spotlight.ActionsGroup>
            )
          );
        })}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label={texts.pages}>
            {pages.map(({ to, text, Icon }) => (
              <Spotlight.Action
                key={to}
                label={strings.nav[text]}
                leftSection={<Icon size={17} stroke={1.7} aria-hidden />}
                onClick={go({ to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {doable.length > 0 && (
          <Spotlight.ActionsGroup label={texts.actions}>
            {doable.map(({ to, text, Icon }) => (
              <Spotlight.Action
                key={to}
                label={texts[text]}
                leftSection={<Icon size={17} stroke={1.7} aria-hidden />}
                onClick={go({ to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {isBlank && !found.isFetching && <Spotlight.Empty>{texts.nothing}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
