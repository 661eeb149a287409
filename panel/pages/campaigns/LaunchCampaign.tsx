import { Button, Group, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconSend } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Estimate } from "../../../server/campaigns/schema.ts";
import type { EmailPreview } from "../../../server/templates/email/schema.ts";
import { useLaunchCampaign } from "../../api/campaigns.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { EmailWarnings } from "../email/EmailWarnings.tsx";
import styles from "./CampaignComposer.module.css";
import type { Previews } from "./composerFaults.ts";
import type { ComposerValues } from "./composerValues.ts";
import { LaunchFacts } from "./LaunchFacts.tsx";
import { countsDevices, reachOf } from "./reachOf.ts";
import type { AudienceNumbers } from "./useAudience.ts";
import type { WhatsappPreview } from "./useWhatsappPreview.ts";

interface LaunchCampaignProps {
  values: ComposerValues;
  audience: AudienceNumbers;
  previews: Previews;
  /** Of an e-mail; undefined before it was shown. */
  email: EmailPreview | undefined;
  /** On WhatsApp the template; null for none. */
  whatsapp: WhatsappPreview | null;
  /** Of an SMS: how many it comes to; undefined before they were counted. */
  estimate: Estimate | undefined;
  /** Nothing is missing and nothing broken. */
  isReady: boolean;
  /** Has what is missing shown where it is. */
  onCheck(): void;
  /** Is told what the server has against it. */
  onRefused(error: unknown): void;
  /** Saves what is not saved yet. */
  flush(): Promise<string | null>;
}

/** Sends the campaign, after saying how many get what, and goes to its report. */
export function LaunchCampaign(props: LaunchCampaignProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.launch;
  const [isOpen, dialog] = useDisclosure(false);
  const open = () => {
    props.onCheck();
    if (props.isReady) return dialog.open();
    notifications.show({ color: "red", message: texts.notReady });
    // Once they are marked, on goes the writing in the first of them.
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>('#content [aria-invalid="true"]')?.focus(),
    );
  };
  return (
    <>
      <Button leftSection={<IconSend size={16} className={styles.send} />} onClick={open}>
        {texts.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        size="lg"
        title={<strong>{props.values.name}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <Confirm
          {...props}
          onClose={dialog.close}
          onRefused={(error) => {
            // Its faults stand at the fields, which the dialog covers.
            if (error instanceof ApiProblem && error.errors.length > 0) dialog.close();
            props.onRefused(error);
          }}
        />
      </Modal>
    </>
  );
}

function Confirm(props: LaunchCampaignProps & { onClose(): void }) {
  const { values, audience, previews, email, whatsapp, estimate, flush, onRefused, onClose } = props;
  const { strings, format } = useWords();
  const texts = strings.campaigns.launch;
  const navigate = useNavigate();
  const launch = useLaunchCampaign();
  const sayProblem = useSayProblem();
  // One key for this dialog: pressing again after a lost answer does not send twice.
  const [key] = useState(newIdempotencyKey);
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      const id = await flush();
      if (id === null) return;
      const campaign = await launch.mutateAsync({ id, key });
      notifications.show({ message: texts.launched(campaign.name) });
      await navigate({ to: "/campaigns/$campaignId", params: { campaignId: id } });
    } catch (error) {
      sayProblem(error);
      onRefused(error);
    } finally {
      setBusy(false);
    }
  };

  const { count } = audience;
  const channel = strings.segments.channels[values.channel];
  const title = () => {
    if (count === null) return texts.unknown(channel);
    const { reached } = reachOf(count, values.channel);
    const shown = `${count.isEstimate ? `${strings.segments.numbers.about} ` : ""}${format.number(reached)}`;
    return countsDevices(values.channel)
      ? texts.titleDevices(reached, shown, channel)
      : texts.titleUsers(reached, shown, channel);
  };
  return (
    <Stack gap="md">
      <p className={styles.question} aria-live="polite">
        {title()}
      </p>
      <LaunchFacts
        values={values}
        count={count}
        previews={previews}
        whatsapp={whatsapp}
        estimate={estimate}
      />
      {values.channel === "email" && <EmailWarnings warnings={email?.warnings ?? []} />}
      <p className="soft">{texts.warning}</p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} disabled={isBusy} data-autofocus>
          {texts.keep}
        </Button>
        <Button onClick={() => void confirm()} loading={isBusy}>
          {texts.confirm}
        </Button>
      </Group>
    </Stack>
  );
}
