import { Badge, Button, Skeleton } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { DnsRecordCheck, ProviderAccount } from "../../../server/providers/schema.ts";
import { useProviderDns } from "../../api/providers.ts";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import styles from "./DnsCard.module.css";

/** The records that have to stand in the DNS for others to believe the account, and what does. */
export function DnsCard({ account }: { account: ProviderAccount }) {
  const { strings } = useWords();
  const texts = strings.email.dns;
  const query = useProviderDns(account.id);
  return (
    <Card
      title={texts.title}
      hint={texts.hint}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        >
          {texts.again}
        </Button>
      }
    >
      {query.data === undefined ? (
        query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={160} role="status" aria-label={texts.checking} />
        )
      ) : query.data.length === 0 ? (
        <p className="faint">{texts.none}</p>
      ) : (
        <ul className={styles.records}>
          {query.data.map((record) => (
            <DnsRecord
              key={`${record.purpose} ${record.type} ${record.name} ${record.value}`}
              record={record}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

const colors = { ok: "green", missing: "red", different: "yellow", unknown: "gray" } as const;

function DnsRecord({ record }: { record: DnsRecordCheck }) {
  const { strings } = useWords();
  const texts = strings.email.dns;
  const { purpose, type, name, value, status, found, detail } = record;
  return (
    <li className={styles.record}>
      <div className={styles.head}>
        <strong>{texts.purposes[purpose]}</strong>
        <Badge variant="light" color={colors[status]}>
          {texts.statuses[status]}
        </Badge>
      </div>
      <dl className={styles.parts}>
        <dt>{texts.type}</dt>
        <dd>
          <bdi className="mono">{type}</bdi>
        </dd>
        <dt>{texts.name}</dt>
        <dd className={styles.copied} dir="ltr">
          <bdi className="mono">{name}</bdi>
          <CopyButton text={name} label={texts.copyName} />
        </dd>
        <dt>{texts.value}</dt>
        <dd className={styles.copied} dir="ltr">
          <bdi className={`${styles.value} mono`}>{value}</bdi>
          <CopyButton text={value} label={texts.copyValue} />
        </dd>
        {status === "different" && found.length > 0 && (
          <>
            <dt>{texts.found}</dt>
            <dd dir="ltr" className={styles.found}>
              {found.map((text) => (
                <bdi key={text} className={`${styles.value} mono`}>
                  {text}
                </bdi>
              ))}
            </dd>
          </>
        )}
      </dl>
      <p className={`${styles.detail} along`} dir="auto">
        {detail}
      </p>
    </li>
  );
}
