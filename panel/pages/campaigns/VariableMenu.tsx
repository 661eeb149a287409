import { Button, Combobox, useCombobox } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useState } from "react";
import { useAttributes } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./CampaignComposer.module.css";
import { emailVariables, liquidOf, ownVariables } from "./variables.ts";

/** More would only be scrolled past; the search finds the others. */
const mostShown = 50;

/** Apart from an attribute of the same name. */
const optionOf = (name: string) => `email ${name}`;

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
  const attributes = useAttributes().data ?? [];
  const fits = (...words: string[]) =>
    words.some((word) => word.toLowerCase().includes(search.trim().toLowerCase()));
  const own = ownVariables.filter((name) => fits(name, texts.ownVariables[name]));
  const ofEmail = emailVariables.filter((name) => isOfEmail && fits(name, strings.email.compose.own[name]));
  const others = attributes.filter(({ name }) => fits(name)).slice(0, mostShown);
  return (
    <Combobox
      store={combobox}
      position="bottom-end"
      width={260}
      withinPortal
      onOptionSubmit={(name) => {
        const own = ofEmail.find((item) => optionOf(item) === name);
        onChoose(own === undefined ? liquidOf(name) : `{{ ${own} }}`);
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
          {own.length > 0 && (
            <Combobox.Group label={texts.own}>
              {own.map((name) => (
                <Combobox.Option key={name} value={name}>
                  {texts.ownVariables[name]}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          )}
          {others.length > 0 && (
            <Combobox.Group label={texts.attributes}>
              {others.map(({ name, type }) => (
                <Combobox.Option key={name} value={name}>
                  <span className={styles.option}>
                    <bdi className="clamp-1">{name}</bdi>
                    <span className="faint">{strings.users.attributeTypes[type]}</span>
                  </span>
                </Combobox.Option>
              ))}
            </Combobox.Group>
          )}
          {ofEmail.length > 0 && (
            <Combobox.Group label={strings.email.compose.insertGroup}>
              {ofEmail.map((name) => (
                <Combobox.Option key={name} value={optionOf(name)}>
                  {strings.email.compose.own[name]}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          )}
          {own.length + others.length + ofEmail.length === 0 && (
            <Combobox.Empty>{texts.noVariable}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
