import { Button, Select } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useWords } from "../../ui/language.tsx";
import { EventCondition } from "./EventCondition.tsx";
import styles from "./EventValue.module.css";
import type { Condition } from "./window.ts";

interface EventConditionsProps {
  match: "all" | "any";
  conditions: readonly Condition[];
  onChange(conditions: Condition[], match: "all" | "any"): void;
}

/** Which of an event's happenings count: by its value and by what its data say. */
export function EventConditions({ match, conditions, onChange }: EventConditionsProps) {
  const { strings } = useWords();
  const texts = strings.segments.event;
  return (
    <div className={styles.conditions}>
      {conditions.length > 0 && (
        <div className={styles.conditionsHead}>
          <span>{texts.conditions}</span>
          {conditions.length > 1 && (
            <Select
              aria-label={texts.match}
              size="xs"
              allowDeselect={false}
              data={[
                { value: "all", label: texts.matchAll },
                { value: "any", label: texts.matchAny },
              ]}
              value={match}
              onChange={(chosen) => onChange([...conditions], chosen === "any" ? "any" : "all")}
            />
          )}
        </div>
      )}
      {conditions.map((condition, index) => (
        <EventCondition
          // biome-ignore lint/suspicious/noArrayIndexKey: the same condition may stand there twice, and none ever moves
          key={`${conditions.length} ${index}`}
          condition={condition}
          onChange={(next) =>
            onChange(
              conditions.map((old, other) => (other === index ? next : old)),
              match,
            )
          }
          onRemove={() =>
            onChange(
              conditions.filter((_, other) => other !== index),
              match,
            )
          }
        />
      ))}
      <Button
        variant="subtle"
        size="compact-xs"
        className={styles.add ?? ""}
        leftSection={<IconPlus size={13} />}
        onClick={() =>
          onChange([...conditions, { name: "value", operator: "greater_than", value: undefined }], match)
        }
      >
        {texts.addCondition}
      </Button>
    </div>
  );
}
