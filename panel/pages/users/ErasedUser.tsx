import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Erased } from "../../../server/profiles/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import styles from "./ErasedUser.module.css";

const counted = ["installations", "events", "segments", "files", "deliveries", "messages"] as const;

/** What a deletion took, and its proof. It is shown once; the audit log keeps it. */
export function ErasedUser({ erased }: { erased: Erased }) {
  const { strings, format } = useWords();
  const texts = strings.users.erased;
  const back = useRef<HTMLAnchorElement>(null);
  // The dialog that had the focus is gone.
  useEffect(() => back.current?.focus(), []);
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={texts.lead}
        parent={{ title: strings.users.title, to: "/users" }}
        actions={
          <Button component={Link} to="/users" ref={back}>
            {texts.back}
          </Button>
        }
      />
      <div className={styles.cards}>
        <Card title={texts.counts}>
          <Facts
            facts={counted.map((name) => ({ name: texts.counted[name], value: format.number(erased[name]) }))}
          />
        </Card>
        <Card title={texts.proof} hint={texts.proofHint}>
          <Facts
            facts={[
              { name: texts.auditId, value: <Copyable text={erased.auditId} label={texts.copyAuditId} /> },
              {
                name: strings.imports.checksum,
                value: <Copyable text={erased.subject} label={texts.copySubject} />,
              },
            ]}
          />
        </Card>
      </div>
    </>
  );
}

function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <span className={styles.copyable}>
      <bdi className="mono">{text}</bdi>
      <CopyButton text={text} label={label} />
    </span>
  );
}
