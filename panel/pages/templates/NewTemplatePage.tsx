import { useNavigate } from "@tanstack/react-router";
import { newValues } from "../campaigns/composerValues.ts";
import { TemplateEditor } from "./TemplateEditor.tsx";

/** Writes a template; its id is in the address once it is saved. */
export function NewTemplatePage() {
  const navigate = useNavigate();
  return (
    <TemplateEditor
      template={null}
      initial={newValues}
      onSaved={({ id }) =>
        void navigate({ to: "/templates/$templateId", params: { templateId: id }, replace: true })
      }
    />
  );
}
