import { Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useCallback, useState } from "react";
import type { SavedTemplate } from "../../../server/campaigns/templates/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { asProblem } from "../../api/problem.ts";
import { useSaveTemplate } from "../../api/savedTemplates.ts";
import { Card } from "../../ui/Card.tsx";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { useLanguage, useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { useUnsaved } from "../../ui/useUnsaved.tsx";
import composerStyles from "../campaigns/CampaignComposer.module.css";
import { ChannelCards } from "../campaigns/ChannelCards.tsx";
import { ComposerPreview } from "../campaigns/ComposerPreview.tsx";
import { ContentCard } from "../campaigns/ContentCard.tsx";
import { brokenOf, faultsOf, faultsOfEmail, ofEdition } from "../campaigns/composerFaults.ts";
import type { ComposerValues } from "../campaigns/composerValues.ts";
import { writeContent } from "../campaigns/contentValues.ts";
import { EditionFields } from "../campaigns/EditionFields.tsx";
import { EditionTabs } from "../campaigns/EditionTabs.tsx";
import { effectiveAt, pointerOf, valuesAt } from "../campaigns/place.ts";
import { useAudience } from "../campaigns/useAudience.ts";
import { useContents } from "../campaigns/useContents.ts";
import { useLooks } from "../campaigns/useLooks.ts";
import { usePreviewUser } from "../campaigns/usePreviewUser.ts";
import { starterSource } from "../email/emailSource.ts";
import { useWhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import { TemplateMenu } from "./TemplateMenu.tsx";
import { Versions } from "./Versions.tsx";

interface TemplateEditorProps {
  /** Null for a new one. */
  template: SavedTemplate | null;
  initial: ComposerValues;
  onSaved(template: SavedTemplate): void;
  onRestored?(): void;
}

const everyone = { kind: "everyone" } as const;

/** Writes a content to use again, with its versions for languages and platforms, and shows how it looks. */
export function TemplateEditor({ template, initial, onSaved, onRestored }: TemplateEditorProps) {
  const { strings } = useWords();
  const texts = strings.templates;
  const { language } = useLanguage();
  const [values, setValues] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const update = useCallback(
    (edit: (old: ComposerValues) => ComposerValues) =>
      setValues((old) => {
        const next = edit(old);
        if (next.channel !== "email" || next.email !== null) return next;
        const direction = language === "fa" ? "rtl" : "ltr";
        return { ...next, email: starterSource(strings, direction, newIdempotencyKey) };
      }),
    [language, strings],
  );
  const { place, edition, set, ...contents } = useContents(values, update);
  const person = usePreviewUser(useAudience(everyone).count?.samples ?? []);
  const source = useWhatsappSource(values.channel === "whatsapp");
  const { settled, previews, email, whatsapp } = useLooks(values, place, source, person.user?.userId);
  const save = useSaveTemplate();
  const sayProblem = useSayProblem();
  const pointer = pointerOf(values, place);
  const emailFaults = faultsOfEmail(email.error, [save.error], pointer);
  const here = faultsOf(
    effectiveAt(values, place),
    {
      ...{ previews, isFilterAtFault: false, emailFaults, source, whatsapp, pointer },
      ...{ saveError: null, launchError: save.error },
    },
    strings,
  );
  const faults = edition === null ? here : ofEdition(here, edition);
  const shown = valuesAt(values, place);
  const shownFaults = isChecked ? faults : brokenOf(faults, shown);
  const part = { values: shown, set, faults: shownFaults };
  const [saved, setSaved] = useState(initial);
  const unsaved = useUnsaved(values !== saved);
  const submit = () => {
    setChecked(true);
    if (Object.keys(faults).length > 0 && save.error === null)
      return notifications.show({ color: "red", message: texts.notReady });
    const draft = {
      ...{ name: values.name.trim(), channel: values.channel },
      content: writeContent(values, values.channel),
    };
    unsaved.release();
    save.mutate(
      { id: template?.id ?? null, draft },
      {
        onSuccess: (written) => {
          setSaved(values);
          notifications.show({
            message: written.version === template?.version ? texts.unchanged : texts.saved,
          });
          onSaved(written);
          unsaved.hold();
        },
        onError: (error) => {
          unsaved.hold();
          sayProblem(error);
        },
      },
    );
  };
  const nameFault =
    save.error !== null && asProblem(save.error).code === "conflict"
      ? asProblem(save.error).detail
      : undefined;
  return (
    <>
      {unsaved.dialog}
      <PageHeader
        title={values.name.trim() || (template === null ? texts.create : texts.editTitle)}
        parent={{ title: texts.title, to: "/templates" }}
        actions={
          <>
            <Button loading={save.isPending} onClick={submit}>
              {texts.save}
            </Button>
            {template !== null && <TemplateMenu template={template} />}
          </>
        }
      />
      <div className={composerStyles.columns} data-channel={values.channel}>
        <div className={composerStyles.stack}>
          <Card>
            <div className={composerStyles.stack}>
              <TextInput
                label={texts.name}
                placeholder={texts.namePlaceholder}
                withAsterisk
                maxLength={200}
                attributes={{ input: { dir: "auto" } }}
                value={values.name}
                onChange={({ currentTarget }) => set({ name: currentTarget.value })}
                error={(shownFaults.name && texts.nameRequired) ?? nameFault}
              />
              {template === null ? (
                <ChannelCards channel={values.channel} onChange={(channel) => set({ channel })} />
              ) : (
                <ChannelName channel={template.channel} />
              )}
            </div>
          </Card>
          <ContentCard
            {...part}
            previews={previews}
            emailFaults={emailFaults}
            source={source}
            step={null}
            tabs={
              values.channel !== "whatsapp" && (
                <EditionTabs
                  channel={values.channel}
                  editions={values.editions}
                  value={place.edition}
                  onChange={(key) => contents.setPlace({ ...place, edition: key })}
                  onAdd={contents.addEdition}
                />
              )
            }
            instead={
              edition === null || values.channel === "whatsapp" ? undefined : (
                <EditionFields
                  {...part}
                  edition={edition}
                  base={values}
                  emailFaults={emailFaults}
                  onChange={contents.changeEdition}
                  onRemove={contents.removeEdition}
                />
              )
            }
          />
        </div>
        <div className={composerStyles.side}>
          <ComposerPreview
            values={settled}
            previews={previews}
            email={email}
            whatsapp={whatsapp}
            source={source}
            person={person}
          />
          {template !== null && <Versions template={template} onRestored={() => onRestored?.()} />}
        </div>
      </div>
    </>
  );
}
