import { Alert, Skeleton } from "@mantine/core";
import type { PreviewedEmail } from "../../api/emailPreview.ts";
import { asProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { firstWords } from "../messages/firstWords.ts";
import styles from "./EmailView.module.css";
import { EmailView } from "./EmailView.tsx";
import { EmailWarnings } from "./EmailWarnings.tsx";

/** An e-mail while it is written: as it looks, how large it is, and what is to be said against it. */
export function EmailPreviewParts({ email, from }: { email: PreviewedEmail; from: string }) {
  const { strings, format } = useWords();
  const texts = strings.email.preview;
  const { data, error } = email;
  // What is broken is marked where it is written; another failure is only told here.
  const isBroken = error !== null && asProblem(error).status === 422;
  return (
    <div className={styles.view}>
      {error !== null && (
        <Alert color={isBroken ? "yellow" : "red"} variant="light" role="status">
          {!isBroken
            ? asProblem(error).detail || texts.failed
            : data === undefined
              ? texts.brokenFirst
              : texts.broken}
        </Alert>
      )}
      {data === undefined ? (
        error === null && <Skeleton height={420} radius="md" role="status" aria-label={texts.waiting} />
      ) : (
        <>
          <EmailView
            from={from}
            subject={data.subject}
            // As lists of mails have it where nobody wrote one.
            preheader={data.preheader.trim() || firstWords(data.text)}
            htmlUrl={data.htmlUrl}
            text={data.text}
          />
          <p className={styles.facts}>
            <span>
              {texts.size}: {format.bytes(data.bytes)}
            </span>
            {data.htmlUrl === null && <span>{texts.noHtml}</span>}
          </p>
          <EmailWarnings warnings={data.warnings} />
        </>
      )}
    </div>
  );
}
