import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useState } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import { useEmailPreview } from "../../api/emailPreview.ts";
import { usePreviews } from "../../api/templates.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { CampaignBadge } from "../../ui/StatusBadge.tsx";
import { starterSource } from "../email/emailSource.ts";
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
import { TestCampaign } from "./TestCampaign.tsx";
import { useAudience } from "./useAudience.ts";
import { useAutosave } from "./useAutosave.ts";
import { usePreviewUser } from "./usePreviewUser.ts";

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
  const email = useEmailPreview(isEmail ? previewRequest(settled, person.user?.userId) : null);
  const plain = usePreviews(
    // An e-mail is shown as a whole.
    isEmail
      ? { text: "", subject: "", title: "", body: "" }
      : { text: settled.text, subject: "", title: settled.title, body: settled.body },
    person.user?.userId,
  );
  const previews = isEmail ? previewsOfEmail(email.data, plain) : plain;
  const emailFaults = faultsOfEmail(email.error, saving.error);
  const faults = faultsOf(values, audience.isAtFault, previews, emailFaults, saving.error, strings);
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
          />
        </div>
        <div className={styles.side}>
          <ReachCard channel={values.channel} numbers={audience} />
          <ComposerPreview values={settled} previews={previews} email={email} person={person} />
        </div>
      </div>
    </>
  );
}
