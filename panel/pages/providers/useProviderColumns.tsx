import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { AccountBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { kindName } from "./kindName.ts";
import { ProviderSwitch } from "./ProviderSwitch.tsx";
import styles from "./ProvidersPage.module.css";

/** What the list says of an account. */
export function useProviderColumns(): Column<ProviderAccount>[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.providers;
    const at = (iso: string | null) =>
      iso === null ? <span className="faint">{texts.never}</span> : <Time iso={iso} ago />;
    return [
      {
        key: "name",
        title: texts.name,
        render: ({ id, name, provider }) => (
          <span className={styles.name}>
            <Link
              to="/providers/$providerId"
              params={{ providerId: id }}
              className={`${rowLink} clamp-1`}
              dir="auto"
              title={name}
            >
              {name}
            </Link>
            <span className="faint">{kindName(provider, strings)}</span>
          </span>
        ),
      },
      {
        key: "channel",
        title: texts.channel,
        width: "8rem",
        render: ({ channel }) => <ChannelName channel={channel} />,
      },
      {
        key: "status",
        title: texts.status,
        width: "24%",
        render: ({ status, statusDetail }) => (
          <span className={styles.status}>
            <AccountBadge status={status} />
            {statusDetail !== null && (
              <span className="faint clamp-2" dir="auto" title={statusDetail}>
                {statusDetail}
              </span>
            )}
          </span>
        ),
      },
      {
        key: "rate",
        title: texts.rate,
        width: "7rem",
        render: ({ ratePerSecond }) =>
          ratePerSecond === null ? texts.noLimit : texts.perSecond(format.decimal(ratePerSecond)),
      },
      {
        key: "success",
        title: texts.lastSuccess,
        width: "9rem",
        render: ({ lastSuccessAt }) => at(lastSuccessAt),
      },
      {
        key: "failure",
        title: texts.lastFailure,
        width: "9rem",
        render: ({ lastFailureAt, lastFailure }) => (
          <span title={lastFailure ?? undefined}>{at(lastFailureAt)}</span>
        ),
      },
      {
        key: "sends",
        title: texts.sends,
        width: "5rem",
        render: (account) => (
          <span className={styles.switch}>
            <ProviderSwitch account={account} />
          </span>
        ),
      },
    ];
  }, [strings, format]);
}
