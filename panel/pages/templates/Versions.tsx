import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { SavedTemplate } from "../../../server/campaigns/templates/schema.ts";
import { usePagePlace } from "../../api/pages.ts";
import { useRestoreTemplate, useTemplateVersions } from "../../api/savedTemplates.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./Templates.module.css";

/** What the template was before, and the way back to it. */
export function Versions({ template, onRestored }: { template: SavedTemplate; onRestored(): void }) {
  const { strings, format } = useWords();
  const texts = strings.templates;
  const place = usePagePlace(template.id);
  const page = useTemplateVersions(template.id, place.cursor);
  const restore = useRestoreTemplate(template.id);
  const sayProblem = useSayProblem();
  if (page.data === undefined) return null;
  return (
    <Card title={texts.versions} hint={texts.versionsHint}>
      <ul className={styles.versions}>
        {page.data.data.map(({ version, createdAt, content }) => (
          <li key={version} className={styles.version}>
            <div>
              <p>
                <strong>{texts.versionOf(format.number(version))}</strong>{" "}
                <span className="faint">
                  <Time iso={createdAt} ago />
                </span>
              </p>
              <p className="faint clamp-1" dir="auto" title={content.content}>
                {content.subject ?? content.content}
              </p>
            </div>
            {version === template.version ? (
              <span className="faint">{texts.latest}</span>
            ) : (
              <Button
                size="compact-sm"
                variant="default"
                loading={restore.isPending && restore.variables === version}
                onClick={() =>
                  restore.mutate(version, {
                    onSuccess: () => {
                      notifications.show({ message: texts.restored(format.number(version)) });
                      onRestored();
                    },
                    onError: sayProblem,
                  })
                }
              >
                {texts.restore}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Pager place={place} nextCursor={page.data.nextCursor} isBusy={page.isPlaceholderData} />
    </Card>
  );
}
