import { Button } from "@mantine/core";
import { useId, useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { AttributeValue } from "./AttributeValue.tsx";
import { typeOfValue } from "./attributeValues.ts";
import styles from "./EventData.module.css";

const pairsAtFirst = 4;
const charactersAtFirst = 120;

/** Whether a value fills more than about a line. */
const isLong = (value: unknown) =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).length > charactersAtFirst;

/** The data of an event in pairs; what is long folds. */
export function EventData({ data }: { data: Readonly<Record<string, unknown>> }) {
  const { strings } = useWords();
  const texts = strings.users.timeline;
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const pairs = Object.entries(data);
  if (pairs.length === 0) return null;
  const folds = pairs.length > pairsAtFirst || pairs.some(([, value]) => isLong(value));
  const isFolded = folds && !isOpen;
  return (
    <div className={styles.data}>
      <dl id={id} className={`${styles.pairs} ${isFolded ? styles.folded : ""}`}>
        {(isFolded ? pairs.slice(0, pairsAtFirst) : pairs).map(([name, value]) => (
          <div key={name} className={styles.pair}>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd>
              {value === null ? (
                strings.common.none
              ) : (
                <AttributeValue type={typeOfValue(value)} value={value} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      {folds && (
        <Button
          variant="subtle"
          size="compact-xs"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? texts.fold : texts.unfold}
        </Button>
      )}
    </div>
  );
}
