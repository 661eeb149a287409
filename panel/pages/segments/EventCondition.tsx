import { ActionIcon, Select, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { SegmentField } from "../../../server/segments/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { useBuilder } from "./builderContext.ts";
import styles from "./EventValue.module.css";
import { OperatorSelect } from "./OperatorSelect.tsx";
import { PlainValue } from "./PlainValue.tsx";
import { carryOver, controlOf } from "./values.ts";
import type { Condition } from "./window.ts";

const dataPrefix = "data.";

interface EventConditionProps {
  condition: Condition;
  onChange(condition: Condition): void;
  onRemove(): void;
}

/** A condition on an event's value, or on what its data have under a name. */
export function EventCondition({ condition, onChange, onRemove }: EventConditionProps) {
  const { strings } = useWords();
  const texts = strings.segments.event;
  const { fields } = useBuilder();
  const { name, operator, value } = condition;
  const isData = name.startsWith(dataPrefix);
  // The last value is of the same sort: whatever was tracked.
  const operators = fields.eventFields.find((item) => item.type === "data")?.operators ?? [];
  const field: SegmentField = { name, group: "behaviour", type: "data", operators };
  const control = controlOf(field, operator);
  return (
    <div className={styles.condition}>
      <Select
        aria-label={texts.key}
        className={styles.key ?? ""}
        allowDeselect={false}
        data={[
          { value: "value", label: texts.ownValue },
          { value: "data", label: texts.dataKey },
        ]}
        value={isData ? "data" : "value"}
        onChange={(chosen) => onChange({ ...condition, name: chosen === "data" ? dataPrefix : "value" })}
      />
      {isData && (
        <TextInput
          aria-label={texts.dataName}
          className={styles.name ?? ""}
          placeholder={texts.dataName}
          attributes={{ input: { dir: "auto" } }}
          value={name.slice(dataPrefix.length)}
          onChange={({ currentTarget }) =>
            onChange({ ...condition, name: `${dataPrefix}${currentTarget.value.trim()}` })
          }
        />
      )}
      <OperatorSelect
        operators={operators}
        value={operator}
        onChange={(next) =>
          onChange({ ...condition, operator: next, value: carryOver(value, control, controlOf(field, next)) })
        }
      />
      {control.shape !== "none" && (
        <div className={styles.compared}>
          <PlainValue
            key={`${control.shape} ${control.base}`}
            control={control}
            field={field}
            operator={operator}
            value={value}
            onChange={(next) => onChange({ ...condition, value: next })}
          />
        </div>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        className={styles.remove ?? ""}
        aria-label={texts.removeCondition}
        title={texts.removeCondition}
        onClick={onRemove}
      >
        <IconX size={16} />
      </ActionIcon>
    </div>
  );
}
