import { Accordion, Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { broadcastFields } from "../../../server/imports/fields.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./FileGuide.module.css";

/** Kinds of files, each with columns to begin from and a sample that the panel serves. */
const kinds = [
  {
    format: "generic",
    sample: "people.csv",
    columns: ["userId", "phone", "email", "language", "tags", "birthday||DATE"],
  },
  {
    format: "broadcast-list",
    sample: "broadcast-list.csv",
    columns: [...broadcastFields.map((field) => `user.${field}`), "office.no||NUMBER"],
  },
  {
    format: "onesignal",
    sample: "onesignal.csv",
    columns: ["id", "identifier", "device_type", "device_model", "session_count", "external_user_id", "tags"],
  },
  { format: "events", sample: "events.csv", columns: ["userId", "event", "time", "value", "eventId"] },
] as const;

/** What a file must look like to be taken, kind by kind, with a sample of each. */
export function FileGuide() {
  const { strings } = useWords();
  const texts = strings.imports;
  return (
    <Card flush title={texts.expects} hint={texts.expectsHint}>
      <Accordion defaultValue="generic">
        {kinds.map(({ format, sample, columns }) => (
          <Accordion.Item key={format} value={format}>
            <Accordion.Control>{texts.form.formats[format]}</Accordion.Control>
            <Accordion.Panel>
              <p className="soft">{texts.guides[format]}</p>
              <p className={styles.columns} dir="ltr">
                {columns.map((column) => (
                  <bdi key={column} className="mono">
                    {column}
                  </bdi>
                ))}
              </p>
              <Button
                component="a"
                href={`/samples/${sample}`}
                download
                variant="default"
                size="xs"
                leftSection={<IconDownload size={14} />}
              >
                {texts.sample}
              </Button>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Card>
  );
}
