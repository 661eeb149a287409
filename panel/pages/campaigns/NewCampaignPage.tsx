import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import { useSavedTemplate } from "../../api/savedTemplates.ts";
import { useApp } from "../../ui/appContext.ts";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { CampaignComposer } from "./CampaignComposer.tsx";
import { type ComposerValues, newValues } from "./composerValues.ts";
import { readContent } from "./contentValues.ts";
import type { NewCampaignSearch } from "./newCampaign.ts";

/** Writes a campaign. It is a draft on the server from the first words on, and its id in the address from then on. */
export function NewCampaignPage() {
  const search = useSearch({ from: "/shell/campaigns/new" });
  const { appId } = useApp();
  const [asked] = useState(search);
  // Somebody has come back to what the page had saved.
  if (asked.draft !== undefined)
    return <Navigate to="/campaigns/$campaignId/edit" params={{ campaignId: asked.draft }} replace />;
  const initial: ComposerValues = {
    ...{ ...newValues, audience: audienceOf(asked), channel: asked.channel ?? newValues.channel },
    ...{ name: asked.name ?? newValues.name, text: asked.text ?? newValues.text },
  };
  return asked.template === undefined ? (
    <New key={appId} initial={initial} />
  ) : (
    <FromTemplate key={appId} id={asked.template} initial={initial} />
  );
}

function audienceOf({ segment, user }: NewCampaignSearch): ComposerValues["audience"] {
  if (segment !== undefined) return { kind: "segment", id: segment };
  return user === undefined ? newValues.audience : { kind: "users", ids: [user] };
}

function New({ initial }: { initial: ComposerValues }) {
  const navigate = useNavigate();
  return (
    <CampaignComposer
      id={null}
      initial={initial}
      onCreated={(draft) =>
        void navigate({ to: "/campaigns/new", search: { draft }, replace: true, resetScroll: false })
      }
    />
  );
}

/** Begins with what a template says. */
function FromTemplate({ id, initial }: { id: string; initial: ComposerValues }) {
  const query = useSavedTemplate(id);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  const { channel, content } = query.data;
  return <New initial={{ ...initial, channel, ...readContent(content, channel, newIdempotencyKey) }} />;
}
