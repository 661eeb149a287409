import { IconUsersGroup } from "@tabler/icons-react";
import type { Cohorts } from "../../../server/events/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { EmptyState } from "../../ui/States.tsx";
import styles from "./Analysis.module.css";
import { ScopeNote } from "./Analysis.tsx";
import { HeatTable } from "./HeatTable.tsx";
import { fromFirstMember, together } from "./retention.ts";
import type { cohortIntervals } from "./settings.ts";

interface CohortResultProps {
  answer: Cohorts;
  first: string;
  back: string;
  interval: (typeof cohortIntervals)[number];
  show: "percent" | "users";
}

/** Cohorts as a sentence and as a shaded table. */
export function CohortResult({ answer, first, back, interval, show }: CohortResultProps) {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  const cohorts = fromFirstMember(answer.cohorts);
  const all = together(cohorts);
  if (all.users === 0) {
    return (
      <>
        <EmptyState
          icon={<IconUsersGroup size={22} stroke={1.6} />}
          title={texts.cohortNobody(first)}
          hint={texts.notInRangeHint}
        />
        <ScopeNote answer={answer} />
      </>
    );
  }
  const quote = (name: string) => texts.quote(`\u2068${name}\u2069`);
  const word = texts.cohortIntervals[interval];
  const [same, next] = all.cells.map(({ returned, of }) => format.percent(returned, of));
  const sentence = texts.cohortSentence({
    users: format.number(all.users),
    first: quote(first),
    percent: same ?? "",
    back: quote(back),
    interval: word,
  });
  const notes = [texts.cohortNote, { day: "", week: texts.weekNote, month: texts.monthNote }[interval]];
  return (
    <>
      <p className={styles.sentence}>
        {sentence} {next !== undefined && texts.cohortNext(next, word)}
      </p>
      <HeatTable cohorts={cohorts} to={answer.to} interval={interval} show={show} />
      <ScopeNote answer={answer} notes={notes} />
    </>
  );
}
