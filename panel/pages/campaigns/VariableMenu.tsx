import { Button, Combobox, useCombobox } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useState } from "react";
import { useEventNames } from "../../api/events.ts";
import { useAttributes } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./CampaignComposer.module.css";
import {
  behaviourStats,
  deviceVariables,
  emailVariables,
  liquidOf,
  liquidOfEvent,
  otherVariables,
  ownVariables,
} from "./variables.ts";

/** More would only be scrolled past; the search finds the others. */
const mostShown = 50;

/** What is chosen, by what it puts into the text. */
interface Option {
  liquid: string;
  label: string;
  /** Beside it, smaller. */
  note?: string;
}

interface VariableMenuProps {
  /** Into which field it puts them. */
  field: string;
  /** Also offers what only e-mails have. */
  isOfEmail?: boolean;
  onChoose(liquid: string): void;
}

/** Everything that a text can say of the user it goes to. */
export function VariableMenu({ field, isOfEmail = false, onChoose }: VariableMenuProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  const [search, setSearch] = useState("");
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch("");
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const groups = useGroups(search, isOfEmail);
  return (
    <Combobox
      store={combobox}
      position="bottom-end"
      width={260}
      withinPortal
      onOptionSubmit={(liquid) => {
        onChoose(liquid);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconBraces size={14} />}
          aria-label={texts.insertInto(field)}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          {texts.insert}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          placeholder={texts.searchVariable}
          aria-label={texts.searchVariable}
        />
        <Combobox.Options mah={260} style={{ overflowY: "auto" }}>
          {groups.map(({ title, options }) => (
            <Combobox.Group key={title} label={title}>
              {options.map(({ liquid, label, note }) => (
                <Combobox.Option key={liquid} value={liquid}>
                  <span className={styles.option}>
                    <bdi className="clamp-1">{label}</bdi>
                    {note !== undefined && <span className="faint">{note}</span>}
                  </span>
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {groups.length === 0 && <Combobox.Empty>{texts.noVariable}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** What fits the search, in groups that have something. */
function useGroups(search: string, isOfEmail: boolean): { title: string; options: Option[] }[] {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  const more = strings.plan.variables;
  const attributes = useAttributes().data ?? [];
  const events = useEventNames().data ?? [];
  const fits = (...words: string[]) =>
    words.some((word) => word.toLowerCase().includes(search.trim().toLowerCase()));
  const groups = [
    {
      title: texts.own,
      options: ownVariables
        .filter((name) => fits(name, texts.ownVariables[name]))
        .map((name) => ({ liquid: liquidOf(name), label: texts.ownVariables[name] })),
    },
    {
      title: texts.attributes,
      options: attributes
        .filter(({ name }) => fits(name))
        .slice(0, mostShown)
        .map(({ name, type }) => ({
          ...{ liquid: liquidOf(name), label: name, note: strings.users.attributeTypes[type] },
        })),
    },
    {
      title: strings.email.compose.insertGroup,
      options: emailVariables
        .filter((name) => isOfEmail && fits(name, strings.email.compose.own[name]))
        .map((name) => ({ liquid: `{{ ${name} }}`, label: strings.email.compose.own[name] })),
    },
    {
      title: more.others,
      options: (["promo", "now", "app"] as const)
        .filter((name) => fits(otherVariables[name], more[name]))
        .map((name) => ({ liquid: `{{ ${otherVariables[name]} }}`, label: more[name] })),
    },
    {
      title: more.device,
      options: deviceVariables
        .filter((name) => fits(name, more.deviceNames[name]))
        .map((name) => ({ liquid: `{{ device.${name} }}`, label: more.deviceNames[name] })),
    },
    {
      title: more.behaviours,
      options: events
        .filter(({ name }) => fits(name))
        .slice(0, mostShown / behaviourStats.length)
        .flatMap(({ name }) =>
          behaviourStats.map((stat) => ({
            ...{ liquid: liquidOfEvent(name, stat), label: name, note: more.stats[stat] },
          })),
        ),
    },
  ];
  // An attribute that is called as what every user has stands there once.
  return groups.filter(({ options }) => options.length > 0);
}
