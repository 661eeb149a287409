import { IconUsersGroup } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCohorts, useEventNames } from "../../api/events.ts";
import { Card } from "../../ui/Card.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import styles from "./Analysis.module.css";
import { Analysis } from "./Analysis.tsx";
import { BehaviourTabs } from "./BehaviourTabs.tsx";
import { CohortResult } from "./CohortResult.tsx";
import { EventSelect } from "./EventSelect.tsx";
import { FirstEvent } from "./FirstEvent.tsx";
import { fitInterval, intervalsFor } from "./range.ts";
import { ScopeFields } from "./ScopeFields.tsx";
import { type CohortSettings, cohortIntervals, rangeOf, readCohort } from "./settings.ts";
import { useScope } from "./useScope.ts";

/** Beyond this the server refuses. */
const maxCohorts = 60;

/** Who comes back after a first time. The address holds the question. */
export function CohortPage() {
  const { strings } = useWords();
  const texts = strings.behaviours;
  const settings = useSearch({ from: "/shell/behaviours/cohort" });
  const navigate = useNavigate();
  const { first, return: back, segment, show = "percent" } = settings;
  const range = rangeOf(settings, "90d");
  const fitting = intervalsFor(range, cohortIntervals, maxCohorts);
  const interval = fitInterval(settings.interval ?? "week", fitting, "month");
  const query = useCohorts({ first, return: back, interval }, useScope(range, segment));
  const isEmptyApp = useEventNames().data?.length === 0;
  const change = (changed: CohortSettings) =>
    void navigate({
      to: "/behaviours/cohort",
      search: (before) => readCohort({ ...before, ...changed }),
      replace: true,
    });
  return (
    <>
      <PageHeader title={texts.cohort} lead={texts.cohortLead} />
      <BehaviourTabs scope={settings} />
      {isEmptyApp ? (
        <FirstEvent />
      ) : (
        <div className={styles.stack}>
          <Card>
            <div className={styles.fields}>
              <EventSelect label={texts.first} value={first} onChange={(name) => change({ first: name })} />
              <EventSelect label={texts.return} value={back} onChange={(name) => change({ return: name })} />
              <Choice
                label={texts.interval}
                data={cohortIntervals.map((value) => ({
                  value,
                  label: texts.intervals[value],
                  disabled: !fitting.includes(value),
                }))}
                value={interval}
                onChange={(chosen) => change({ interval: chosen })}
              />
              <ScopeFields range={range} segment={segment} onChange={change} />
              <Choice
                label={texts.show}
                data={(["percent", "users"] as const).map((value) => ({ value, label: texts.shows[value] }))}
                value={show}
                onChange={(chosen) => change({ show: chosen === "users" ? chosen : undefined })}
              />
            </div>
          </Card>
          {first === undefined || back === undefined ? (
            <Card>
              <EmptyState
                icon={<IconUsersGroup size={22} stroke={1.6} />}
                title={texts.cohortEmpty}
                hint={texts.cohortEmptyHint}
              />
            </Card>
          ) : (
            <Card>
              <Analysis query={query}>
                {(answer) => (
                  <CohortResult answer={answer} first={first} back={back} interval={interval} show={show} />
                )}
              </Analysis>
            </Card>
          )}
        </div>
      )}
    </>
  );
}
