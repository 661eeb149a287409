import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import { useWords } from "../../ui/language.tsx";

/** Why its run could not begin; nothing where it could. */
export function CampaignFailure({ campaign: { failure } }: { campaign: Campaign }) {
  const { strings } = useWords();
  if (failure === null) return null;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      title={strings.results.failure.title}
      icon={<IconAlertTriangle size={20} stroke={1.7} />}
    >
      <p className="along" dir="auto">
        {failure}
      </p>
      <p>{strings.results.failure.hint}</p>
    </Alert>
  );
}
