import type { Dashboard } from "../../../server/dashboard/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { Ranks } from "../../ui/Ranks.tsx";
import styles from "./DayByDay.module.css";

const shown = 8;

/** Why messages of these days failed, most first; nothing where none did. */
export function Failures({ failures }: Pick<Dashboard, "failures">) {
  const { strings } = useWords();
  const texts = strings.home.charts;
  if (failures.length === 0) return null;
  const words: Record<string, string> = strings.messages.reasons;
  return (
    <div className={styles.reasons}>
      <Card title={texts.reasons}>
        <Ranks
          isBad
          of={failures.reduce((total, { count }) => total + count, 0)}
          ranks={failures.slice(0, shown).map(({ channel, reason, count }) => ({
            key: `${channel} ${reason}`,
            label: `${words[reason] ?? reason} · ${strings.users.channels[channel]}`,
            count,
          }))}
        />
      </Card>
    </div>
  );
}
