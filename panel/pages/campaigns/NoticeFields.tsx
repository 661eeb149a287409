import { ActionIcon, Button, Input, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { newIdempotencyKey } from "../../api/client.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Folded } from "../../ui/Folded.tsx";
import { useWords } from "../../ui/language.tsx";
import type { PartProps } from "./BasicsCard.tsx";
import styles from "./NoticeFields.module.css";
import { faultsOfExtras, mostButtons, type NoticeButton, type NoticeExtras } from "./noticeExtras.ts";

/** What a notification may have besides its words, folded away until somebody wants it. */
export function NoticeFields({ values, set, faults: shown }: PartProps) {
  const { strings } = useWords();
  const texts = strings.push.compose;
  const { extras } = values;
  const faults = faultsOfExtras(extras);
  const change = (next: Partial<NoticeExtras>) => set({ extras: { ...extras, ...next } });
  const wrong = { image: texts.imageWrong, icon: texts.imageWrong, badge: texts.badgeWrong };
  const faultOf = (name: keyof typeof wrong) => (faults.fields.includes(name) ? wrong[name] : null);
  // Somebody tried to launch it: what is missing is said from then on.
  const isAtFault = shown.extras !== undefined;
  const isUsed = Object.values(extras).some((value) => value.length > 0);
  return (
    <Folded title={texts.more} mustShow={isUsed || isAtFault}>
      <div className={styles.stack}>
        <Line
          label={texts.image}
          hint={texts.imageHint}
          placeholder="https://example.com/yalda.jpg"
          value={extras.image}
          onChange={(image) => change({ image })}
          error={faultOf("image")}
        />
        <Buttons
          buttons={extras.buttons}
          onChange={(buttons) => change({ buttons })}
          wordless={isAtFault ? faults.buttons : []}
        />
        <div className={styles.pair}>
          <Line
            label={texts.icon}
            hint={texts.iconHint}
            value={extras.icon}
            onChange={(icon) => change({ icon })}
            error={faultOf("icon")}
          />
          <Line
            label={texts.sound}
            hint={texts.soundHint}
            value={extras.sound}
            onChange={(sound) => change({ sound })}
          />
          <Line
            label={texts.group}
            hint={texts.groupHint}
            value={extras.group}
            onChange={(group) => change({ group })}
          />
          <Line
            label={texts.badge}
            hint={texts.badgeHint}
            isNumber
            value={extras.badge}
            onChange={(badge) => change({ badge })}
            error={faultOf("badge")}
          />
        </div>
      </div>
    </Folded>
  );
}

interface LineProps {
  label: string;
  hint?: string;
  placeholder?: string;
  isNumber?: boolean;
  value: string;
  onChange(value: string): void;
  error?: string | null;
}

/** A line that is for machines. */
function Line({ label, hint, placeholder, isNumber, value, onChange, error }: LineProps) {
  return (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={belowInput}
      placeholder={placeholder}
      attributes={{ input: { dir: "ltr", spellCheck: false, autoCapitalize: "off" } }}
      inputMode={isNumber ? "numeric" : undefined}
      maxLength={2000}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      error={error}
    />
  );
}

interface ButtonsProps {
  buttons: readonly NoticeButton[];
  onChange(buttons: NoticeButton[]): void;
  /** Keys of those without words. */
  wordless: readonly string[];
}

function Buttons({ buttons, onChange, wordless }: ButtonsProps) {
  const { strings, format } = useWords();
  const texts = strings.push.compose;
  const add = () => {
    const key = newIdempotencyKey();
    onChange([...buttons, { key, id: `button${buttons.length + 1}`, title: "", url: "", rest: {} }]);
  };
  const change = (key: string, next: Partial<NoticeButton>) =>
    onChange(buttons.map((button) => (button.key === key ? { ...button, ...next } : button)));
  return (
    <Input.Wrapper label={texts.buttons} labelElement="div" description={texts.buttonsHint}>
      <div className={styles.buttons}>
        {buttons.map((button, index) => {
          const number = format.number(index + 1);
          return (
            <fieldset key={button.key} className={styles.button}>
              <legend className="visually-hidden">{texts.button(number)}</legend>
              <TextInput
                label={texts.buttonTitle}
                attributes={{ input: { dir: "auto" } }}
                maxLength={100}
                value={button.title}
                onChange={({ currentTarget }) => change(button.key, { title: currentTarget.value })}
                error={wordless.includes(button.key) ? texts.buttonTitleRequired : null}
              />
              <Line
                label={texts.buttonUrl}
                placeholder={texts.buttonUrlHint}
                value={button.url}
                onChange={(url) => change(button.key, { url })}
              />
              <Line
                label={texts.buttonId}
                placeholder={`button${index + 1}`}
                value={button.id}
                onChange={(id) => change(button.key, { id })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                className={styles.remove ?? ""}
                aria-label={texts.removeButton(number)}
                onClick={() => onChange(buttons.filter(({ key }) => key !== button.key))}
              >
                <IconX size={16} />
              </ActionIcon>
            </fieldset>
          );
        })}
        {buttons.length < mostButtons && (
          <div>
            <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
              {texts.addButton}
            </Button>
          </div>
        )}
      </div>
    </Input.Wrapper>
  );
}
