import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./FileGuide.module.css";
import { downloadText, sampleCsv, sampleName } from "./sample.ts";

const mandatory = ["id", "identifier", "device_type", "device_model", "session_count"] as const;

const optional = [
  "external_user_id",
  "tags",
  "game_version",
  "device_os",
  "created_at",
  "last_active",
  "language",
  "timezone",
] as const;

/** What a file must look like to be taken. */
export function FileGuide() {
  const { strings } = useWords();
  const texts = strings.imports;
  return (
    <Card
      title={texts.expects}
      actions={
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconDownload size={14} />}
          onClick={() => downloadText(sampleName, sampleCsv)}
        >
          {texts.sample}
        </Button>
      }
    >
      <p className="soft">{texts.expectsText}</p>
      <p className={`soft ${styles.part}`}>{texts.expectsOneSignal}</p>
      <dl className={styles.columns}>
        {mandatory.map((column) => (
          <div key={column}>
            <dt>
              <bdi className="mono">{column}</bdi>
            </dt>
            <dd>{texts.columns[column]}</dd>
          </div>
        ))}
      </dl>
      <p className="soft">{texts.optional}</p>
      <p className={styles.optional}>
        {optional.map((column) => (
          <bdi key={column} className="mono">
            {column}
          </bdi>
        ))}
      </p>
      <p className={styles.hint}>{texts.optionalHint}</p>
    </Card>
  );
}
