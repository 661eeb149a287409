import { Button, Group, Modal, Skeleton, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconCalendarTime, IconSend } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Estimate, Review } from "../../../server/campaigns/schema.ts";
import type { EmailPreview } from "../../../server/templates/email/schema.ts";
import { useLaunchCampaign, useReview } from "../../api/campaigns.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { EmailWarnings } from "../email/EmailWarnings.tsx";
import styles from "./CampaignComposer.module.css";
import type { Previews } from "./composerFaults.ts";
import type { ComposerValues } from "./composerValues.ts";
import { LaunchFacts } from "./LaunchFacts.tsx";
import { isUsersOwn } from "./plan.ts";
import { ReviewNotes } from "./ReviewNotes.tsx";
import { countsDevices, reachOf } from "./reachOf.ts";
import type { AudienceNumbers } from "./useAudience.ts";
import { useRunFormat } from "./useRunFormat.ts";
import type { WhatsappPreview } from "./useWhatsappPreview.ts";

interface ReviewCampaignProps {
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
  /** Is told what the server has against it, and shows where the pointer is. */
  onRefused(error: unknown, pointer?: string): void;
  /** Saves what is not saved yet. */
  flush(): Promise<string | null>;
}

/** On goes the writing in the first field that is at fault, once they are marked. */
const focusFault = () =>
  requestAnimationFrame(() => document.querySelector<HTMLElement>('#content [aria-invalid="true"]')?.focus());

/** Sends or schedules the campaign, after saying how many get what and when, and goes to its page. */
export function ReviewCampaign(props: ReviewCampaignProps) {
  const { strings } = useWords();
  const [isOpen, dialog] = useDisclosure(false);
  const [isSaving, setSaving] = useState(false);
  // What is reviewed: the draft as it was saved for this dialog.
  const [asked, setAsked] = useState<{ id: string; version: string } | null>(null);
  const sayProblem = useSayProblem();
  const open = async () => {
    props.onCheck();
    if (!props.isReady) {
      notifications.show({ color: "red", message: strings.campaigns.launch.notReady });
      return focusFault();
    }
    setSaving(true);
    try {
      const id = await props.flush();
      if (id === null) return;
      setAsked({ id, version: newIdempotencyKey() });
      dialog.open();
    } catch (error) {
      sayProblem(error);
      props.onRefused(error);
    } finally {
      setSaving(false);
    }
  };
  return (
    <>
      <Button
        leftSection={<IconSend size={16} className={styles.send} />}
        loading={isSaving}
        onClick={() => void open()}
      >
        {strings.plan.review.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        size="lg"
        title={<strong>{props.values.name}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        {asked !== null && (
          <Confirm
            {...props}
            {...asked}
            onClose={dialog.close}
            onRefused={(error, pointer) => {
              // Its faults stand at the fields, which the dialog covers.
              if (error instanceof ApiProblem && error.errors.length > 0) {
                dialog.close();
                focusFault();
              }
              props.onRefused(error, pointer);
            }}
          />
        )}
      </Modal>
    </>
  );
}

interface ConfirmProps extends ReviewCampaignProps {
  id: string;
  version: string;
  onClose(): void;
}

function Confirm(props: ConfirmProps) {
  const { id, version, values, audience, previews, email, whatsapp, estimate, onRefused, onClose } = props;
  const { strings, format } = useWords();
  const texts = strings.campaigns.launch;
  const navigate = useNavigate();
  const launch = useLaunchCampaign();
  const sayProblem = useSayProblem();
  const query = useReview(id, version);
  const review = query.data;
  // One key for this dialog: pressing again after a lost answer does not send twice.
  const [key] = useState(newIdempotencyKey);
  const isLater = values.plan.when !== "now";
  const confirm = () =>
    launch.mutate(
      { id, key },
      {
        onSuccess: (campaign) => {
          const message = isLater ? strings.plan.review.scheduled : texts.launched;
          notifications.show({ message: message(campaign.name) });
          void navigate({ to: "/campaigns/$campaignId", params: { campaignId: id } });
        },
        onError: (error) => {
          sayProblem(error);
          onRefused(error);
        },
      },
    );
  const title = useTitle(values, audience, review);
  const runFormat = useRunFormat(isUsersOwn(values.plan));
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const starts = review?.startsAt ?? null;
  const reached = review?.reached ?? 0;
  return (
    <Stack gap="md">
      <p className={styles.question} aria-live="polite">
        {title}
      </p>
      {review === undefined ? (
        <div role="status" aria-label={strings.plan.review.loading}>
          <Skeleton height={120} />
        </div>
      ) : (
        <ReviewNotes
          review={review}
          onShow={(pointer) => onRefused(new ApiProblem("validation", 422, "", review.faults), pointer)}
        />
      )}
      <LaunchFacts
        values={values}
        count={audience.count}
        review={review}
        previews={previews}
        whatsapp={whatsapp}
        estimate={estimate}
      />
      {values.channel === "email" && <EmailWarnings warnings={email?.warnings ?? []} />}
      <p className="soft">{isLater ? strings.plan.review.scheduleWarning : texts.warning}</p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} disabled={launch.isPending} data-autofocus>
          {texts.keep}
        </Button>
        <Button
          onClick={confirm}
          loading={launch.isPending}
          disabled={review === undefined || review.faults.length > 0}
          {...(isLater && { leftSection: <IconCalendarTime size={16} /> })}
        >
          {isLater && starts !== null
            ? strings.plan.review.schedule(runFormat.dateTime(starts))
            : review === undefined
              ? strings.plan.review.sendNow
              : strings.plan.review.send(reached, format.number(reached))}
        </Button>
      </Group>
    </Stack>
  );
}

/** What is about to happen, as a question. */
function useTitle(values: ComposerValues, audience: AudienceNumbers, review: Review | undefined): string {
  const { strings, format } = useWords();
  const runFormat = useRunFormat(isUsersOwn(values.plan));
  const texts = strings.campaigns.launch;
  const channel = strings.segments.channels[values.channel];
  const starts = review?.startsAt ?? null;
  if (values.plan.when !== "now") {
    const when = starts === null ? strings.common.none : runFormat.dateTime(starts);
    return values.plan.when === "at"
      ? strings.plan.review.titleLater(channel, when)
      : strings.plan.review.titleRecurring(channel, when);
  }
  const { count } = audience;
  const known = review?.reached ?? (count === null ? null : reachOf(count, values.channel).reached);
  if (known === null) return texts.unknown(channel);
  const isAbout = review === undefined && count?.isEstimate === true;
  const shown = `${isAbout ? `${strings.segments.numbers.about} ` : ""}${format.number(known)}`;
  return countsDevices(values.channel)
    ? texts.titleDevices(known, shown, channel)
    : texts.titleUsers(known, shown, channel);
}
