import { Alert } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconClockPause, IconPlayerPause } from "@tabler/icons-react";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./HealthCard.module.css";

const signs = {
  active: { color: "green", Icon: IconCircleCheck },
  off: { color: "gray", Icon: IconPlayerPause },
  misconfigured: { color: "red", Icon: IconAlertTriangle },
  resting: { color: "yellow", Icon: IconClockPause },
} as const;

/** Whether an account sends, what to do when it does not, and how it has done lately. */
export function HealthCard({ account }: { account: ProviderAccount }) {
  const { strings, format } = useWords();
  const texts = strings.providers;
  const { status, statusDetail, restsUntil, lastSuccessAt, lastFailureAt, lastFailure, lastMinute } = account;
  const { color, Icon } = signs[status];
  const isUnused = status === "active" && lastSuccessAt === null && lastFailureAt === null;
  const at = (iso: string | null) => (iso === null ? texts.never : <Time iso={iso} ago />);
  return (
    <Card title={texts.health}>
      <div className={styles.stack}>
        <Alert
          color={isUnused ? "gray" : color}
          variant="light"
          icon={<Icon size={20} />}
          title={isUnused ? texts.ready : texts.states[status]}
          role="status"
        >
          {/* Whether it works is not known yet, whatever it is set to. */}
          <p>{isUnused ? texts.unused : texts.statusHints[status]}</p>
          {restsUntil !== null && (
            <p>
              {texts.until}: <Time iso={restsUntil} />
            </p>
          )}
          {statusDetail !== null && (
            <p className={`${styles.detail} along`} dir="auto">
              {statusDetail}
            </p>
          )}
        </Alert>
        <Facts
          facts={[
            {
              name: texts.lastMinute,
              value: (
                <>
                  {texts.accepted(format.number(lastMinute.accepted))}
                  {" · "}
                  <span className={lastMinute.failed > 0 ? styles.bad : undefined}>
                    {texts.failed(format.number(lastMinute.failed))}
                  </span>
                </>
              ),
            },
            { name: texts.lastSuccess, value: at(lastSuccessAt) },
            {
              name: texts.lastFailure,
              value: (
                <>
                  {at(lastFailureAt)}
                  {lastFailure !== null && (
                    <p className="along soft" dir="auto">
                      {lastFailure}
                    </p>
                  )}
                </>
              ),
            },
          ]}
        />
      </div>
    </Card>
  );
}
