import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPlayerStop, IconPlayerTrackNext } from "@tabler/icons-react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import type { MessageReport } from "../../../server/messages/schema.ts";
import { useContinueCampaign } from "../../api/campaigns.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { CancelMessage } from "../messages/CancelMessage.tsx";
import styles from "./CampaignPage.module.css";

interface RolloutCardProps {
  campaign: Campaign;
  report: MessageReport;
  /** Per cent that went first. */
  share: number;
}

/** A part has it: somebody looks, and lets it go on or stops it. */
export function RolloutCard({ campaign, report, share }: RolloutCardProps) {
  const { strings, format } = useWords();
  const texts = strings.results.rollout;
  const go = useContinueCampaign(campaign.id, report.id);
  const sayProblem = useSayProblem();
  const [isStopping, stopping] = useDisclosure(false);
  const waiting = report.rest?.recipients ?? 0;
  const done = report.counts.targeted - report.counts.queued;
  return (
    <Card title={texts.title}>
      <div className={styles.row} role="status">
        <div>
          <p>
            {texts.has(format.percent(share, 100), format.number(done))}{" "}
            {texts.waits(waiting, format.number(waiting))}
          </p>
          <p className="soft">{texts.look}</p>
        </div>
        <div className={styles.buttons}>
          <Button
            leftSection={<IconPlayerTrackNext size={16} />}
            loading={go.isPending}
            onClick={() =>
              go.mutate(
                {},
                {
                  onSuccess: () => notifications.show({ message: texts.gone }),
                  onError: sayProblem,
                },
              )
            }
          >
            {texts.go}
          </Button>
          <Button
            variant="default"
            c="var(--bad)"
            leftSection={<IconPlayerStop size={16} />}
            onClick={stopping.open}
          >
            {texts.stop}
          </Button>
        </div>
      </div>
      <CancelMessage report={report} isOpen={isStopping} onClose={stopping.close} />
    </Card>
  );
}
