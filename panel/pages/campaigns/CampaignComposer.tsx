import { useCallback, useEffect, useState } from "react";
import { useEstimate } from "../../api/campaigns.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { useApp } from "../../ui/appContext.ts";
import { dayIn } from "../../ui/days.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { CampaignBadge } from "../../ui/StatusBadge.tsx";
import { starterSource } from "../email/emailSource.ts";
import { ContentTemplates } from "../templates/ContentTemplates.tsx";
import { useWhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import { AudienceCard } from "./AudienceCard.tsx";
import { BasicsCard } from "./BasicsCard.tsx";
import styles from "./CampaignComposer.module.css";
import { ComposerPreview } from "./ComposerPreview.tsx";
import { ContentCard } from "./ContentCard.tsx";
import { brokenOf, faultsOf, faultsOfEmail, noPreviews, ofEdition } from "./composerFaults.ts";
import { type ComposerValues, draftOfValues, isTestable } from "./composerValues.ts";
import { type ContentValues, readContent, writeContent } from "./contentValues.ts";
import { DraftMenu } from "./DraftMenu.tsx";
import { EditionFields } from "./EditionFields.tsx";
import { EditionTabs } from "./EditionTabs.tsx";
import { LimitsCard } from "./LimitsCard.tsx";
import { changeAt, contentAt, effectiveAt, placeOf, pointerOf, valuesAt } from "./place.ts";
import { faultsOfPlan } from "./plan.ts";
import { ReachCard } from "./ReachCard.tsx";
import { ReviewCampaign } from "./ReviewCampaign.tsx";
import { SaveDraft } from "./SaveDraft.tsx";
import { SmartCard } from "./SmartCard.tsx";
import { estimateRequest } from "./smsEstimate.ts";
import { TestCampaign } from "./TestCampaign.tsx";
import { useAudience } from "./useAudience.ts";
import { useAutosave } from "./useAutosave.ts";
import { useCampaignCodes } from "./useCampaignCodes.ts";
import { useContents } from "./useContents.ts";
import { useLooks } from "./useLooks.ts";
import { useNextRuns } from "./useNextRuns.ts";
import { usePreviewUser } from "./usePreviewUser.ts";
import { VariantsCard } from "./VariantsCard.tsx";
import { VariantTabs } from "./VariantTabs.tsx";
import { WhenCard } from "./WhenCard.tsx";

interface CampaignComposerProps {
  /** Of the saved draft; null for a new one. */
  id: string | null;
  initial: ComposerValues;
  onCreated(id: string): void;
}

/** Writes a campaign: to whom, by which channel, what, when; and shows as it goes how many it reaches and how it looks. */
export function CampaignComposer({ id, initial, onCreated }: CampaignComposerProps) {
  const { strings } = useWords();
  const texts = strings.campaigns;
  const app = useApp();
  const [values, setValues] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const [draftId, setDraftId] = useState(id);
  const { language } = useLanguage();
  const update = useCallback(
    (edit: (old: ComposerValues) => ComposerValues) =>
      setValues((old) => {
        const next = edit(old);
        if (next.channel !== "email") return next;
        const direction = language === "fa" ? "rtl" : "ltr";
        const starter = () => starterSource(strings, direction, newIdempotencyKey);
        const withStarter = <T extends ContentValues>(content: T): T =>
          content.email === null ? { ...content, email: starter() } : content;
        return { ...withStarter(next), variants: next.variants.map(withStarter) };
      }),
    [language, strings],
  );
  const contents = useContents(values, update);
  const { place, edition, set } = contents;

  const saving = useAutosave(
    id,
    (isNew) => draftOfValues(values, texts.untitled, isNew),
    (created) => {
      setDraftId(created);
      onCreated(created);
    },
  );
  const uploadCodes = useCampaignCodes(values, update, saving.flush);
  const audience = useAudience(values.audience);
  const person = usePreviewUser(audience.count?.samples ?? []);
  const source = useWhatsappSource(values.channel === "whatsapp");
  const looks = useLooks(values, place, source, person.user?.userId);
  const { settled, previews, email, whatsapp } = looks;
  const pointer = pointerOf(values, place);
  const [launchError, setLaunchError] = useState<unknown>(null);
  // What a launch was refused for may be mended by anything that is written since.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that counts.
  useEffect(() => setLaunchError(null), [values]);
  const emailFaults = faultsOfEmail(email.error, [saving.error, launchError], pointer);
  const estimate = useEstimate(estimateRequest(settled, audience.isAtFault));
  const judged = {
    ...{ isFilterAtFault: audience.isAtFault, source, saveError: saving.error, launchError },
  };
  const shown = valuesAt(values, place);
  const here = faultsOf(
    effectiveAt(values, place),
    { ...judged, previews, emailFaults, whatsapp, pointer },
    strings,
  );
  const faults = edition === null ? here : ofEdition(here, edition);
  // Those that are not looked at, by what is missing in them.
  const atFault = new Set(
    [values, ...values.variants].flatMap((_, variant) => {
      const there = { variant, edition: null };
      const found = faultsOf(
        valuesAt(values, there),
        {
          ...{ ...judged, previews: noPreviews, emailFaults: [], whatsapp: null },
          pointer: pointerOf(values, there),
        },
        strings,
      );
      return Object.keys(found).length > 0 ? [variant] : [];
    }),
  );
  const planFaults = faultsOfPlan(values.plan, values.variants.length > 0, dayIn(new Date(), app.timeZone));
  const shownFaults = isChecked ? faults : brokenOf(faults, shown);
  const part = { values: shown, set, faults: shownFaults };
  const hasSmart = values.channel === "inbox" || values.channel === "push";
  const later = hasSmart ? 5 : 4;
  const next = useNextRuns(draftId, values.plan, saving.state);

  return (
    <>
      <PageHeader
        title={values.name.trim() || (id === null ? texts.create : texts.editTitle)}
        parent={{ title: texts.title, to: "/campaigns" }}
        badge={<CampaignBadge status="draft" />}
        lead={<SaveDraft saving={saving} />}
        actions={
          <>
            <TestCampaign
              flush={saving.flush}
              isWritten={isTestable(shown)}
              contents={values.variants.length + 1}
              variant={place.variant}
            />
            <ReviewCampaign
              values={values}
              audience={audience}
              previews={previews}
              email={email.data}
              whatsapp={whatsapp}
              estimate={estimate.data}
              onRefused={(error, at) => {
                setLaunchError(error);
                const found = at === undefined ? null : placeOf(values, at);
                if (found !== null) contents.setPlace(found);
              }}
              isReady={Object.keys(faults).length + atFault.size + planFaults.size === 0}
              onCheck={() => {
                setChecked(true);
                const [first] = atFault;
                if (first !== undefined && !atFault.has(place.variant))
                  contents.setPlace({ variant: first, edition: null });
              }}
              flush={saving.flush}
            />
            {draftId !== null && <DraftMenu id={draftId} name={values.name.trim() || texts.untitled} />}
          </>
        }
      />
      <div className={styles.columns} data-channel={values.channel}>
        <div className={styles.stack}>
          <BasicsCard {...part} />
          <AudienceCard {...part} numbers={audience} />
          <ContentCard
            {...part}
            previews={previews}
            emailFaults={emailFaults}
            source={source}
            promo={{ trackId: values.rest.content.trackId, onUpload: uploadCodes }}
            actions={
              <ContentTemplates
                channel={values.channel}
                name={values.name.trim()}
                content={() => writeContent(contentAt(values, place.variant), values.channel)}
                onStart={(content) => {
                  contents.setPlace({ ...place, edition: null });
                  update((old) => ({
                    ...old,
                    ...changeAt(
                      old,
                      { ...place, edition: null },
                      readContent(content, old.channel, newIdempotencyKey),
                    ),
                  }));
                }}
              />
            }
            tabs={
              <>
                <VariantTabs
                  count={values.variants.length + 1}
                  value={place.variant}
                  onChange={(variant) => contents.setPlace({ variant, edition: null })}
                  atFault={isChecked ? atFault : new Set()}
                />
                {values.channel !== "whatsapp" && (
                  <EditionTabs
                    channel={values.channel}
                    editions={contentAt(values, place.variant).editions}
                    value={place.edition}
                    onChange={(key) => contents.setPlace({ ...place, edition: key })}
                    onAdd={contents.addEdition}
                  />
                )}
              </>
            }
            instead={
              edition === null || values.channel === "whatsapp" ? undefined : (
                <EditionFields
                  {...part}
                  edition={edition}
                  base={valuesAt(values, { ...place, edition: null })}
                  emailFaults={emailFaults}
                  onChange={contents.changeEdition}
                  onRemove={contents.removeEdition}
                />
              )
            }
          />
          {hasSmart && (
            <SmartCard
              {...part}
              shownText={
                shown.smart.text.trim() === ""
                  ? (previews.text.data?.text ?? shown.text)
                  : (previews.smart.data?.text ?? shown.smart.text)
              }
            />
          )}
          <VariantsCard
            {...part}
            step={later}
            planFaults={planFaults}
            onAdd={contents.addVariant}
            onRemove={contents.removeVariant}
          />
          <WhenCard {...part} step={later + 1} planFaults={planFaults} next={next} />
          <LimitsCard {...part} step={later + 2} planFaults={planFaults} />
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
