import { Checkbox, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useWords } from "../../ui/language.tsx";
import styles from "./AttributesCard.module.css";
import type { AttributeType, Draft } from "./attributeValues.ts";

/** The browser's own fields for what they know. */
const inputs = { NUMBER: "number", DATE: "date", TIME: "time", DATETIME: "datetime-local" } as const;

/** Where a value of a type is written. */
export function AttributeFields<T extends Draft>(props: { form: UseFormReturnType<T>; type: AttributeType }) {
  const { form, type } = props;
  const { strings } = useWords();
  const texts = strings.users.attribute;
  const leftToRight = { input: { dir: "ltr" } };
  switch (type) {
    case "TEXT":
      return (
        <Textarea
          label={texts.value}
          autosize
          maxRows={8}
          maxLength={4096}
          attributes={{ input: { dir: "auto" } }}
          {...form.getInputProps("text")}
        />
      );
    case "OBJECT":
      return (
        <Textarea
          label={texts.value}
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          classNames={{ input: "mono" }}
          attributes={leftToRight}
          {...form.getInputProps("text")}
        />
      );
    case "BOOLEAN":
      return <Checkbox label={strings.common.yes} {...form.getInputProps("truth", { type: "checkbox" })} />;
    case "ARRAY":
      return <TagsInput label={texts.value} description={texts.listHint} {...form.getInputProps("list")} />;
    case "LOCATION":
      return (
        <div className={styles.fields}>
          {(["latitude", "longitude"] as const).map((part) => (
            <TextInput
              key={part}
              label={texts[part]}
              type="number"
              step="any"
              attributes={leftToRight}
              {...form.getInputProps(part)}
              error={form.errors.text}
            />
          ))}
        </div>
      );
    default:
      return (
        <TextInput
          label={texts.value}
          description={type === "DATETIME" ? texts.utc : undefined}
          type={inputs[type]}
          step={type === "NUMBER" ? "any" : 1}
          attributes={leftToRight}
          {...form.getInputProps("text")}
        />
      );
  }
}
