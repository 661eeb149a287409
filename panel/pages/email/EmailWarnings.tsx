import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { EmailWarning } from "../../../server/templates/email/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./EmailView.module.css";

/** What would make an e-mail land among spam, be cut, or be of no use to some; nothing where nothing is. */
export function EmailWarnings({ warnings }: { warnings: readonly EmailWarning[] }) {
  const { strings } = useWords();
  const texts = strings.email.warnings;
  const words: Record<string, string> = texts;
  if (warnings.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" role="status" title={texts.title}>
      <ul className={styles.warnings}>
        {warnings.map(({ code, detail }) => (
          <li key={`${code} ${detail}`} className={styles.warning}>
            <IconAlertTriangle size={15} aria-hidden />
            <div>
              <p>{words[code] ?? texts.other}</p>
              <p className={`${styles.detail} along`} dir="auto">
                {detail}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
