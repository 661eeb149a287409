import { ActionIcon, Button, Group, Menu, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import {
  IconArrowBackUp,
  IconCopy,
  IconDotsVertical,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import type { MessageReport } from "../../../server/messages/schema.ts";
import { useActOnCampaign, useDuplicateCampaign } from "../../api/campaigns.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { MessageActions } from "../messages/MessageActions.tsx";
import { actsOnCampaign, isPlanned } from "./actsOnCampaign.ts";

interface CampaignActionsProps {
  campaign: Campaign;
  /** Of the run that is shown; null before the first. */
  report: MessageReport | null;
}

/** What can be done with a campaign in the state it is in. */
export function CampaignActions({ campaign, report }: CampaignActionsProps) {
  return (
    <>
      {isPlanned(campaign) && <PlanActions campaign={campaign} />}
      {/* A plan that goes on is paused and cancelled as a whole; what failed in a run is retried by itself. */}
      {report !== null && <MessageActions report={report} onlyRetry={isPlanned(campaign)} />}
      <Others campaign={campaign} />
    </>
  );
}

function PlanActions({ campaign }: { campaign: Campaign }) {
  const { strings } = useWords();
  const texts = strings.results.acts;
  const act = useActOnCampaign(campaign.id);
  const sayProblem = useSayProblem();
  const navigate = useNavigate();
  const [isCancelling, cancelling] = useDisclosure(false);
  const acts = actsOnCampaign(campaign);
  const run = (which: "unschedule" | "pause" | "resume" | "cancel", message: string) =>
    act.mutate(which, {
      onSuccess: () => {
        notifications.show({ message });
        cancelling.close();
        if (which === "unschedule")
          void navigate({ to: "/campaigns/$campaignId/edit", params: { campaignId: campaign.id } });
      },
      onError: sayProblem,
    });
  return (
    <>
      {acts.has("unschedule") && (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} />}
          loading={act.isPending}
          onClick={() => run("unschedule", texts.unscheduled)}
        >
          {texts.unschedule}
        </Button>
      )}
      {acts.has("pause") && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          loading={act.isPending}
          onClick={() => run("pause", texts.paused)}
        >
          {texts.pause}
        </Button>
      )}
      {acts.has("resume") && (
        <Button
          leftSection={campaign.failure === null ? <IconPlayerPlay size={16} /> : <IconRefresh size={16} />}
          loading={act.isPending}
          onClick={() => run("resume", texts.resumed)}
        >
          {campaign.failure === null ? texts.resume : texts.retryRun}
        </Button>
      )}
      {acts.has("cancel") && (
        <Button
          variant="default"
          c="var(--bad)"
          leftSection={<IconPlayerStop size={16} />}
          onClick={cancelling.open}
        >
          {texts.cancel}
        </Button>
      )}
      <Modal
        opened={isCancelling}
        onClose={cancelling.close}
        title={<strong>{texts.cancelTitle}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <Stack gap="md">
          <p>{texts.cancelText}</p>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={cancelling.close} data-autofocus>
              {texts.keep}
            </Button>
            <Button color="red" loading={act.isPending} onClick={() => run("cancel", texts.cancelled)}>
              {texts.cancelConfirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function Others({ campaign }: { campaign: Campaign }) {
  const { strings } = useWords();
  const texts = strings.results.acts;
  const duplicate = useDuplicateCampaign();
  const sayProblem = useSayProblem();
  const navigate = useNavigate();
  const copy = () =>
    duplicate.mutate(campaign.id, {
      onSuccess: ({ id }) => {
        notifications.show({ message: texts.duplicated });
        void navigate({ to: "/campaigns/$campaignId/edit", params: { campaignId: id } });
      },
      onError: sayProblem,
    });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label={texts.more} loading={duplicate.isPending}>
          <IconDotsVertical size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={copy}>
          {texts.duplicate}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
