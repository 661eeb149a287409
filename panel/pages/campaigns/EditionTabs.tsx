import { Button, Popover, Stack, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { newIdempotencyKey } from "../../api/client.ts";
import type { ChannelName } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { type EditionValues, newEdition, type Platform, platforms } from "./editions.ts";
import { LanguageSelect } from "./LanguageSelect.tsx";
import styles from "./Plan.module.css";

interface EditionTabsProps {
  channel: ChannelName;
  editions: readonly EditionValues[];
  /** Its key; null is everyone. */
  value: string | null;
  onChange(key: string | null): void;
  onAdd(edition: EditionValues): void;
}

/** As many as the server takes. */
const most = 20;

/** For whom an edition is, in words. */
function useEditionName(): (edition: Pick<EditionValues, "language" | "platform">) => string {
  const { strings, format } = useWords();
  return ({ language, platform }) =>
    [
      language === "" ? null : format.language(language),
      platform === "" ? null : strings.plan.editions.platforms[platform],
    ]
      .filter((word) => word !== null)
      .join(" · ");
}

/** Whose words are written below: everyone's, or those for a language or platform. */
export function EditionTabs({ channel, editions, value, onChange, onAdd }: EditionTabsProps) {
  const { strings } = useWords();
  const texts = strings.plan.editions;
  const nameOf = useEditionName();
  const [isOpen, popover] = useDisclosure(false);
  const add = (language: string, platform: Platform | "") => {
    popover.close();
    onAdd(newEdition(newIdempotencyKey(), language, platform));
  };
  return (
    <div className={styles.tabs}>
      <div className={styles.tabs} role="tablist" aria-label={texts.label}>
        <UnstyledButton
          role="tab"
          aria-selected={value === null}
          className={styles.tab ?? ""}
          onClick={() => onChange(null)}
        >
          {texts.everyone}
        </UnstyledButton>
        {editions.map((edition) => (
          <UnstyledButton
            key={edition.key}
            role="tab"
            aria-selected={value === edition.key}
            className={styles.tab ?? ""}
            onClick={() => onChange(edition.key)}
          >
            {nameOf(edition)}
          </UnstyledButton>
        ))}
      </div>
      {editions.length < most && (
        <Popover
          opened={isOpen}
          onChange={(open) => (open ? popover.open() : popover.close())}
          position="bottom-start"
          width={280}
          withinPortal
          trapFocus
        >
          <Popover.Target>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={14} />}
              aria-expanded={isOpen}
              onClick={popover.toggle}
            >
              {texts.add}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <Stack gap="sm">
              <p>{texts.addTitle}</p>
              <LanguageSelect label={texts.speak} value="" onChange={(language) => add(language, "")} />
              {(channel === "inbox" || channel === "push") && (
                <div>
                  <p className={styles.label}>{texts.use}</p>
                  <div className={styles.tabs}>
                    {platforms.map((platform) => (
                      <Button key={platform} size="xs" variant="default" onClick={() => add("", platform)}>
                        {texts.platforms[platform]}
                      </Button>
                    ))}
                  </div>
                </div>
              )}
            </Stack>
          </Popover.Dropdown>
        </Popover>
      )}
    </div>
  );
}
