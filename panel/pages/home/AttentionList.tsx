import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { Attention } from "../../../server/dashboard/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./AttentionList.module.css";

/** What somebody should look at: what it is, what to do, and where. Nothing where there is nothing. */
export function AttentionList({ entries }: { entries: readonly Attention[] }) {
  const { strings } = useWords();
  if (entries.length === 0) return null;
  return (
    <div className={styles.wrap}>
      <Card flush title={strings.home.attention.title}>
        <ul>
          {entries.map((entry, index) => (
            <Entry key={`${entry.kind} ${entry.id ?? entry.name ?? index}`} entry={entry} />
          ))}
        </ul>
      </Card>
    </div>
  );
}

function Entry({ entry }: { entry: Attention }) {
  const { strings, format } = useWords();
  const texts = strings.home.attention;
  const { title, todo } = texts[entry.kind];
  const name = entry.name ?? texts.unnamed;
  const Icon = entry.severity === "bad" ? IconCircleX : IconAlertTriangle;
  const link = linkOf(entry);
  return (
    <li className={styles.entry}>
      <Icon size={18} className={entry.severity === "bad" ? styles.bad : styles.warning} aria-hidden />
      <div className={styles.text}>
        <h3 className={styles.title} dir="auto">
          {typeof title === "string" ? title : title(name, format.number(entry.count ?? 0))}
        </h3>
        <p className="soft">{todo}</p>
        {entry.detail !== null && (
          <p className={styles.detail} dir="auto">
            {entry.detail}
          </p>
        )}
        {entry.at !== null && (
          <p className={`${styles.at} faint`}>
            {entry.kind === "account_resting" ? texts.until : texts.since} <Time iso={entry.at} />
          </p>
        )}
      </div>
      {link !== null && (
        <Link {...link} className={`text-link ${styles.link}`}>
          {texts.open}
          <span className="visually-hidden">: {name}</span>
        </Link>
      )}
    </li>
  );
}

function linkOf({ kind, id }: Attention): Pick<LinkProps, "to" | "params"> | null {
  if (id === null) return null;
  if (kind.startsWith("account_")) return { to: "/providers/$providerId", params: { providerId: id } };
  if (kind.startsWith("import_")) return { to: "/imports/$importId", params: { importId: id } };
  if (kind === "message_no_account") return { to: "/providers/new" };
  if (kind.startsWith("message_")) return { to: "/messages/$messageId", params: { messageId: id } };
  return kind === "campaign_failed" ? { to: "/campaigns/$campaignId", params: { campaignId: id } } : null;
}
