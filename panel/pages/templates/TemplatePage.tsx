import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { SavedTemplate } from "../../../server/campaigns/templates/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { useSavedTemplate } from "../../api/savedTemplates.ts";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { newValues } from "../campaigns/composerValues.ts";
import { readContent } from "../campaigns/contentValues.ts";
import { TemplateEditor } from "./TemplateEditor.tsx";

/** A template, to be changed. */
export function TemplatePage() {
  const { templateId } = useParams({ from: "/shell/templates/$templateId" });
  const query = useSavedTemplate(templateId);
  // What was restored takes the place of what stands in the fields.
  const [restored, setRestored] = useState(0);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  return (
    <Loaded
      key={`${templateId} ${restored}`}
      template={query.data}
      onRestored={() => setRestored((count) => count + 1)}
    />
  );
}

function Loaded({ template, onRestored }: { template: SavedTemplate; onRestored(): void }) {
  // What is written here is newer than what the server answers meanwhile.
  const [initial] = useState(() => ({
    ...newValues,
    ...{ name: template.name, channel: template.channel },
    ...readContent(template.content, template.channel, newIdempotencyKey),
  }));
  return <TemplateEditor template={template} initial={initial} onSaved={() => {}} onRestored={onRestored} />;
}
