import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useApp } from "../../ui/appContext.ts";
import { CampaignComposer } from "./CampaignComposer.tsx";
import { newValues } from "./composerValues.ts";

/** Writes a campaign. It is a draft on the server from the first words on, and its id in the address from then on. */
export function NewCampaignPage() {
  const search = useSearch({ from: "/shell/campaigns/new" });
  const { appId } = useApp();
  const navigate = useNavigate();
  const [asked] = useState(search);
  // Somebody has come back to what the page had saved.
  if (asked.draft !== undefined)
    return <Navigate to="/campaigns/$campaignId/edit" params={{ campaignId: asked.draft }} replace />;
  const audience =
    asked.segment === undefined ? newValues.audience : ({ kind: "segment", id: asked.segment } as const);
  return (
    <CampaignComposer
      key={appId}
      id={null}
      initial={{ ...newValues, audience, channel: asked.channel ?? newValues.channel }}
      onCreated={(draft) =>
        void navigate({ to: "/campaigns/new", search: { draft }, replace: true, resetScroll: false })
      }
    />
  );
}
