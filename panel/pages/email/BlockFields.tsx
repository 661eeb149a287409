import { Checkbox, Input, Slider, TextInput } from "@mantine/core";
import type { EmailBlock } from "../../../server/templates/email/schema.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { LiquidField } from "../campaigns/LiquidField.tsx";
import { AddressField } from "./AddressField.tsx";
import { AlignChoice, type FieldsProps, useWorded } from "./blockParts.tsx";
import type { BlockOf } from "./blocks.ts";
import { ColourField } from "./ColourField.tsx";
import styles from "./DesignEditor.module.css";
import { ImageFields } from "./ImageFields.tsx";
import { RichTextField } from "./RichTextField.tsx";

/** What of a block can be written and set. */
export function BlockFields({ block, ...props }: FieldsProps<EmailBlock>) {
  switch (block.kind) {
    case "heading":
      return <HeadingFields block={block} {...props} />;
    case "text":
      return <TextFields block={block} {...props} />;
    case "button":
      return <ButtonFields block={block} {...props} />;
    case "image":
      return <ImageFields block={block} {...props} />;
    case "spacer":
      return <SpacerFields block={block} {...props} />;
    case "footer":
      return <FooterFields block={block} {...props} />;
    // Columns have blocks in them, which have fields again: who uses this shows them.
    case "columns":
    case "divider":
      return null;
  }
}

function HeadingFields({ block, onChange, faults }: FieldsProps<BlockOf<"heading">>) {
  const { strings } = useWords();
  const texts = strings.email.design;
  const worded = useWorded(faults);
  const levels = [1, 2, 3] as const;
  return (
    <>
      <LiquidField
        label={texts.text}
        maxLength={1000}
        value={block.text}
        onChange={(text) => onChange({ ...block, text })}
        error={worded("/text")}
      />
      <div className={styles.pair}>
        <Choice
          label={texts.level}
          data={levels.map((level) => ({ value: `${level}` as const, label: texts.levels[level] }))}
          value={`${block.level}`}
          onChange={(value) => onChange({ ...block, level: Number(value) })}
        />
        <AlignChoice align={block.align} onChange={(align) => onChange({ ...block, align })} />
      </div>
    </>
  );
}

function TextFields({ block, theme, onChange, faults }: FieldsProps<BlockOf<"text">>) {
  const { strings } = useWords();
  const worded = useWorded(faults);
  return (
    <>
      <RichTextField
        label={strings.email.design.text}
        direction={theme.direction}
        html={block.html}
        onChange={(html) => onChange({ ...block, html })}
        error={worded("/html")}
      />
      <AlignChoice align={block.align} onChange={(align) => onChange({ ...block, align })} />
    </>
  );
}

function ButtonFields({ block, theme, onChange, faults }: FieldsProps<BlockOf<"button">>) {
  const { strings } = useWords();
  const texts = strings.email.design;
  const worded = useWorded(faults);
  const { colour, ...plain } = block;
  return (
    <>
      <div className={styles.pair}>
        <LiquidField
          label={texts.label}
          maxLength={200}
          value={block.label}
          onChange={(label) => onChange({ ...block, label })}
          error={worded("/label")}
        />
        <AddressField
          value={block.url}
          onChange={(url) => onChange({ ...block, url })}
          error={worded("/url")}
        />
      </div>
      <div className={styles.pair}>
        <AlignChoice align={block.align} onChange={(align) => onChange({ ...block, align })} />
        <div className={styles.colour}>
          {colour !== undefined && (
            <ColourField
              label={texts.colour}
              value={colour}
              onChange={(next) => onChange({ ...block, colour: next })}
            />
          )}
          <Checkbox
            label={texts.ownColour}
            checked={colour !== undefined}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.checked ? { ...block, colour: theme.accent } : plain)
            }
          />
        </div>
      </div>
    </>
  );
}

function SpacerFields({ block, onChange }: FieldsProps<BlockOf<"spacer">>) {
  const { strings, format } = useWords();
  const texts = strings.email.design;
  return (
    <Input.Wrapper label={texts.height} labelElement="div">
      <Slider
        thumbLabel={texts.height}
        min={4}
        max={200}
        step={4}
        label={(value) => format.number(value)}
        value={block.height}
        onChange={(height) => onChange({ ...block, height })}
      />
    </Input.Wrapper>
  );
}

function FooterFields({ block, theme, onChange, faults }: FieldsProps<BlockOf<"footer">>) {
  const { strings } = useWords();
  const texts = strings.email.design;
  const worded = useWorded(faults);
  const { preferences, ...plain } = block;
  return (
    <>
      <RichTextField
        label={texts.footerText}
        direction={theme.direction}
        html={block.html}
        onChange={(html) => onChange({ ...block, html })}
        error={worded("/html")}
      />
      <div className={styles.pair}>
        <TextInput
          label={texts.unsubscribe}
          description={texts.unsubscribeHint}
          inputWrapperOrder={belowInput}
          attributes={{ input: { dir: "auto" } }}
          maxLength={100}
          value={block.unsubscribe}
          onChange={({ currentTarget }) => onChange({ ...block, unsubscribe: currentTarget.value })}
          error={worded("/unsubscribe")}
        />
        <TextInput
          label={texts.preferences}
          description={texts.preferencesHint}
          inputWrapperOrder={belowInput}
          attributes={{ input: { dir: "auto" } }}
          maxLength={100}
          value={preferences ?? ""}
          onChange={({ currentTarget: { value } }) =>
            onChange(value === "" ? plain : { ...block, preferences: value })
          }
          error={worded("/preferences")}
        />
      </div>
      <AlignChoice align={block.align} onChange={(align) => onChange({ ...block, align })} />
    </>
  );
}
