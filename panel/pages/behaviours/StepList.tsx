import { ActionIcon, Button } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { useWords } from "../../ui/language.tsx";
import { EventSelect } from "./EventSelect.tsx";
import { swapped } from "./funnelSteps.ts";
import styles from "./StepList.module.css";
import { maxSteps } from "./settings.ts";

const fewest = 2;

interface StepListProps {
  /** Blank ones are not chosen yet. */
  steps: readonly string[];
  onChange(steps: string[]): void;
}

/** The steps of a funnel, to be chosen, moved, added and removed. */
export function StepList({ steps, onChange }: StepListProps) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const shown = [...steps, ...Array(Math.max(0, fewest - steps.length)).fill("")] as string[];
  return (
    <>
      <ol className={styles.steps}>
        {shown.map((step, index) => {
          const number = format.number(index + 1);
          const buttons = [
            {
              text: texts.moveUp(number),
              Icon: IconArrowUp,
              isOff: index === 0,
              next: () => swapped(shown, index, index - 1),
            },
            {
              text: texts.moveDown(number),
              Icon: IconArrowDown,
              isOff: index === shown.length - 1,
              next: () => swapped(shown, index, index + 1),
            },
            {
              text: texts.removeStep(number),
              Icon: IconX,
              isOff: shown.length <= fewest && step === "",
              next: () => shown.filter((_, other) => other !== index),
            },
          ];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place; the same name may stand in several
            <li key={index} className={styles.step}>
              <span className={styles.number} aria-hidden>
                {number}
              </span>
              <EventSelect
                label={texts.step(number)}
                isLabelHidden
                value={step === "" ? undefined : step}
                onChange={(name) => onChange(shown.map((old, other) => (other === index ? name : old)))}
              />
              {buttons.map(({ text, Icon, isOff, next }) => (
                <ActionIcon
                  key={text}
                  variant="subtle"
                  color="gray"
                  className={styles.button ?? ""}
                  aria-label={text}
                  title={text}
                  disabled={isOff}
                  onClick={() => onChange(next())}
                >
                  <Icon size={16} />
                </ActionIcon>
              ))}
            </li>
          );
        })}
      </ol>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        disabled={shown.length >= maxSteps}
        onClick={() => onChange([...shown, ""])}
      >
        {texts.addStep}
      </Button>
    </>
  );
}
