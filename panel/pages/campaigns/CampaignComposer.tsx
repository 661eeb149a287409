import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useState } from "react";
import { useEstimate } from "../../api/campaigns.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { useEmailPreview } from "../../api/emailPreview.ts";
import { usePreviews } from "../../api/templates.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { CampaignBadge } from "../../ui/StatusBadge.tsx";
import { starterSource } from "../email/emailSource.ts";
import { useWhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import { AudienceCard } from "./AudienceCard.tsx";
import { BasicsCard } from "./BasicsCard.tsx";
import styles from "./CampaignComposer.module.css";
import { ComposerPreview } from "./ComposerPreview.tsx";
import { ContentCard } from "./ContentCard.tsx";
import { brokenOf, faultsOf, faultsOfEmail } from "./composerFaults.ts";
import { type ComposerValues, draftOfValues, isTestable } from "./composerValues.ts";
import { DraftMenu } from "./DraftMenu.tsx";
import { previewRequest, previewsOfEmail } from "./emailPreviews.ts";
import { LaunchCampaign } from "./LaunchCampaign.tsx";
import { ReachCard } from "./ReachCard.tsx";
import { SaveDraft } from "./SaveDraft.tsx";
import { SmartCard } from "./SmartCard.tsx";
import { estimateRequest } from "./smsEstimate.ts";
import { TestCampaign } from "./TestCampaign.tsx";
import { useAudience } from "./useAudience.ts";
import { useAutosave } from "./useAutosave.ts";
import { usePreviewUser } from "./usePreviewUser.ts";
import { useWhatsappPreview } from "./useWhatsappPreview.ts";

interface CampaignComposerProps {
  /** Of the saved draft; null for a new one. */
  id: string | null;
  initial: ComposerValues;
  onCreated(id: string): void;
}

/** Writes a campaign: to whom, by which channel, what; and shows as it goes how many it reaches and how it looks. */
export function CampaignComposer({ id, initial, onCreated }: CampaignComposerProps) {
  const { strings } = useWords();
  const texts = strings.campaigns;
  const [values, setValues] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const [draftId, setDraftId] = useState(id);
  const { language } = useLanguage();
  const set = useCallback(
    (change: Partial<ComposerValues>) =>
      setValues((old) => {
        const next = { ...old, ...change };
        if (next.channel !== "email" || next.email !== null) return next;
        const direction = language === "fa" ? "rtl" : "ltr";
        return { ...next, email: starterSource(strings, direction, newIdempotencyKey) };
      }),
    [language, strings],
  );

  const saving = useAutosave(
    id,
    (isNew) => draftOfValues(values, texts.untitled, isNew),
    (created) => {
      setDraftId(created);
      onCreated(created);
    },
  );
  const audience = useAudience(values.audience);
  const person = usePreviewUser(audience.count?.samples ?? []);
  const [settled] = useDebouncedValue(values, 400);
  const isEmail = settled.channel === "email";
  const source = useWhatsappSource(values.channel === "whatsapp");
  const whatsapp = useWhatsappPreview(
    source,
    settled.channel === "whatsapp" ? settled.whatsapp : null,
    person.user?.userId,
  );
  const hasSmart = settled.smart.isOn && (settled.channel === "inbox" || settled.channel === "push");
  const email = useEmailPreview(isEmail ? previewRequest(settled, person.user?.userId) : null);
  const plain = usePreviews(
    // An e-mail is shown as a whole.
    isEmail
      ? { text: "", subject: "", title: "", body: "", smart: "" }
      : {
          ...{ text: settled.text, subject: "", title: settled.title, body: settled.body },
          smart: hasSmart ? settled.smart.text : "",
        },
    person.user?.userId,
  );
  const previews = isEmail ? previewsOfEmail(email.data, plain) : plain;
  const emailFaults = faultsOfEmail(email.error, saving.error);
  const estimate = useEstimate(estimateRequest(settled, audience.isAtFault));
  const [launchError, setLaunchError] = useState<unknown>(null);
  // What a launch was refused for may be mended by anything that is written since.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that counts.
  useEffect(() => setLaunchError(null), [values]);
  const faults = faultsOf(
    values,
    {
      ...{ previews, isFilterAtFault: audience.isAtFault, emailFaults, source, whatsapp },
      ...{ saveError: saving.error, launchError },
    },
    strings,
  );
  const shownFaults = isChecked ? faults : brokenOf(faults, values);

  return (
    <>
      <PageHeader
        title={values.name.trim() || (id === null ? texts.create : texts.editTitle)}
        parent={{ title: texts.title, to: "/campaigns" }}
        badge={<CampaignBadge status="draft" />}
        lead={<SaveDraft saving={saving} />}
        actions={
          <>
            <TestCampaign flush={saving.flush} isWritten={isTestable(values)} />
            <LaunchCampaign
              values={values}
              audience={audience}
              previews={previews}
              email={email.data}
              whatsapp={whatsapp}
              estimate={estimate.data}
              onRefused={setLaunchError}
              isReady={Object.keys(faults).length === 0}
              onCheck={() => setChecked(true)}
              flush={saving.flush}
            />
            {draftId !== null && <DraftMenu id={draftId} name={values.name.trim() || texts.untitled} />}
          </>
        }
      />
      <div className={styles.columns} data-channel={values.channel}>
        <div className={styles.stack}>
          <BasicsCard values={values} set={set} faults={shownFaults} />
          <AudienceCard values={values} set={set} numbers={audience} faults={shownFaults} />
          <ContentCard
            values={values}
            set={set}
            faults={shownFaults}
            previews={previews}
            emailFaults={emailFaults}
            source={source}
          />
          {(values.channel === "inbox" || values.channel === "push") && (
            <SmartCard
              values={values}
              set={set}
              faults={shownFaults}
              shownText={
                values.smart.text.trim() === ""
                  ? (previews.text.data?.text ?? values.text)
                  : (previews.smart.data?.text ?? values.smart.text)
              }
            />
          )}
        </div>
        <div className={styles.side}>
          <ReachCard channel={values.channel} numbers={audience} estimate={estimate} />
          <ComposerPreview
            values={settled}
            previews={previews}
            email={email}
            whatsapp={whatsapp}
            source={source}
            person={person}
          />
        </div>
      </div>
    </>
  );
}
