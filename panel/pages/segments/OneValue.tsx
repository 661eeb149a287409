import { Select, TextInput } from "@mantine/core";
import { DayField } from "../../ui/DayField.tsx";
import { useWords } from "../../ui/language.tsx";
import { ChoiceSelect } from "./ChoiceSelect.tsx";
import { DataField } from "./DataField.tsx";
import { NumberField } from "./NumberField.tsx";
import { SuggestedText } from "./SuggestedText.tsx";
import { ThingSelect } from "./ThingSelect.tsx";
import type { BaseProps } from "./valueProps.ts";

const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** One value, in the control of its kind. */
export function OneValue({ label, ...props }: Omit<BaseProps, "label"> & { label?: string }) {
  const { strings } = useWords();
  const texts = strings.segments;
  const { base, field, operator, value, onChange } = props;
  const name = label ?? texts.rule.value;
  switch (base) {
    case "number":
      return <NumberField label={name} value={value} onChange={onChange} />;
    case "data":
      return <DataField label={name} value={value} onChange={onChange} />;
    case "day":
      // A moment is shown as its day; writing another one replaces it.
      return <DayField label={name} isLabelHidden value={textOf(value).slice(0, 10)} onChange={onChange} />;
    case "time":
      return (
        <TextInput
          type="time"
          aria-label={name}
          value={textOf(value)}
          onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
        />
      );
    case "truth":
      return (
        <Select
          aria-label={name}
          allowDeselect={false}
          data={[
            { value: "true", label: texts.values.yes },
            { value: "false", label: texts.values.no },
          ]}
          value={typeof value === "boolean" ? String(value) : null}
          onChange={(chosen) => onChange(chosen === "true")}
        />
      );
    case "choice":
    case "country":
      return <ChoiceSelect label={name} field={field} value={value} onChange={onChange} />;
    case "segment":
    case "import":
    case "message":
      return <ThingSelect noun={base} label={name} value={value} onChange={onChange} />;
    case "tag":
    case "topic":
    case "text":
      return (
        <SuggestedText
          base={base}
          label={name}
          field={field}
          operator={operator}
          value={textOf(value)}
          onChange={onChange}
        />
      );
    default:
      return base satisfies never;
  }
}
