import { Select } from "@mantine/core";
import { useState } from "react";
import { DayField } from "../../ui/DayField.tsx";
import { useWords } from "../../ui/language.tsx";
import { EventConditions } from "./EventConditions.tsx";
import styles from "./EventValue.module.css";
import { SpanValue } from "./SpanValue.tsx";
import { TimesField } from "./TimesField.tsx";
import type { ValueProps } from "./valueProps.ts";
import { readWindow, type Window, writeWindow } from "./window.ts";

const whens = ["ever", "past", "days"] as const;

/** How often an event is to have happened or not, when, and with what. */
export function EventValue({ value, onChange }: Pick<ValueProps, "value" | "onChange">) {
  const { strings } = useWords();
  const texts = strings.segments.event;
  // "Between two days" without a day yet is nothing in the value, so the fields remember it.
  const [window, setWindow] = useState(() => readWindow(value));
  const put = (changed: Partial<Window>) => {
    const next = { ...window, ...changed };
    setWindow(next);
    onChange(writeWindow(next));
  };
  return (
    <div className={styles.window}>
      <TimesField count={window.count} onChange={(count) => put({ count })} />
      <div className={styles.line}>
        <Select
          aria-label={texts.when}
          className={styles.choice ?? ""}
          allowDeselect={false}
          data={whens.map((when) => ({ value: when, label: texts[when] }))}
          value={window.when}
          onChange={(chosen) => {
            const when = whens.find((item) => item === chosen);
            if (when !== undefined) put({ when, within: window.within ?? "7d" });
          }}
        />
        {window.when === "past" && (
          <SpanValue
            operator="within"
            isPastOnly
            value={window.within}
            onChange={(within) => put({ within: typeof within === "string" ? within : undefined })}
          />
        )}
        {window.when === "days" && (
          <div className={styles.days}>
            <DayField
              label={texts.from}
              isLabelHidden
              value={window.from ?? ""}
              onChange={(from) => put({ from })}
            />
            <span className="faint" aria-hidden>
              –
            </span>
            <DayField label={texts.to} isLabelHidden value={window.to ?? ""} onChange={(to) => put({ to })} />
          </div>
        )}
      </div>
      {window.conditions === null ? (
        <p className="faint">{texts.asJson}</p>
      ) : (
        <EventConditions
          match={window.match}
          conditions={window.conditions}
          onChange={(conditions, match) => put({ conditions, match })}
        />
      )}
    </div>
  );
}
