import { ActionIcon, Alert, Checkbox, Select, Stack } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useWords } from "../../ui/language.tsx";
import { EmailBodyFields } from "../email/EmailFields.tsx";
import type { EmailFault } from "../email/emailFaults.ts";
import type { PartProps } from "./BasicsCard.tsx";
import { type EditionValues, isFor, platforms } from "./editions.ts";
import { LanguageSelect } from "./LanguageSelect.tsx";
import { LiquidField } from "./LiquidField.tsx";
import styles from "./Plan.module.css";

interface EditionFieldsProps extends PartProps {
  edition: EditionValues;
  /** What everyone gets. */
  base: PartProps["values"];
  emailFaults: readonly EmailFault[];
  onChange(change: Partial<EditionValues>): void;
  onRemove(): void;
}

/** The words for those who speak a language, or on a platform. */
export function EditionFields(props: EditionFieldsProps) {
  const { edition, base, values, set, faults, emailFaults, onChange, onRemove } = props;
  const { strings } = useWords();
  const texts = strings.plan.editions;
  const fields = strings.campaigns.fields;
  const { channel } = values;
  const hasPlatforms = channel === "inbox" || channel === "push";
  const hasNotice = channel === "push" || (channel === "inbox" && base.notifies);
  const isPlainEmail = channel === "email" && edition.email === null && base.email?.format === "plain";
  return (
    <Stack gap="md">
      <div className={styles.barHead}>
        <p className={styles.hint}>{texts.hint}</p>
        <ActionIcon variant="subtle" color="red" aria-label={texts.remove} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </div>
      {!isFor(edition, channel) && (
        <Alert color="yellow" variant="light">
          {texts.notHere}
        </Alert>
      )}
      <div className={styles.row}>
        <LanguageSelect
          label={texts.language}
          value={edition.language}
          canClear={edition.platform !== ""}
          onChange={(language) => (language !== "" || edition.platform !== "") && onChange({ language })}
        />
        {hasPlatforms && (
          <Select
            label={texts.platform}
            placeholder={texts.anyPlatform}
            clearable={edition.language !== ""}
            allowDeselect={edition.language !== ""}
            data={platforms.map((value) => ({ value, label: texts.platforms[value] }))}
            value={edition.platform === "" ? null : edition.platform}
            onChange={(value) => onChange({ platform: platforms.find((one) => one === value) ?? "" })}
          />
        )}
      </div>
      {channel === "email" && (
        <>
          <LiquidField
            label={fields.subject}
            placeholder={base.subject || texts.asEveryone}
            maxLength={500}
            value={values.subject}
            onChange={(subject) => set({ subject })}
            error={faults.subject}
          />
          <LiquidField
            label={strings.email.compose.preheader}
            placeholder={base.preheader || texts.asEveryone}
            maxLength={500}
            value={values.preheader}
            onChange={(preheader) => set({ preheader })}
            error={faults.preheader}
          />
          <Checkbox
            label={texts.ownEmail}
            description={texts.ownEmailHint}
            checked={edition.email !== null}
            onChange={({ currentTarget }) => set({ email: currentTarget.checked ? base.email : null })}
          />
          {edition.email !== null && (
            <EmailBodyFields values={values} set={set} faults={faults} emailFaults={emailFaults} />
          )}
        </>
      )}
      {hasNotice && (
        <LiquidField
          label={fields.notificationTitle}
          placeholder={base.title || texts.asEveryone}
          maxLength={1000}
          value={values.title}
          onChange={(title) => set({ title })}
          error={faults.title}
        />
      )}
      {(channel !== "email" || isPlainEmail) && (
        <LiquidField
          label={fields.text}
          placeholder={base.text || texts.asEveryone}
          isLong
          maxLength={10_000}
          value={values.text}
          onChange={(text) => set({ text })}
          error={faults.text}
        />
      )}
      {channel === "inbox" && hasNotice && (
        <LiquidField
          label={fields.notificationBody}
          hint={fields.notificationBodyHint}
          maxLength={4000}
          value={values.body}
          onChange={(body) => set({ body })}
          error={faults.body}
        />
      )}
    </Stack>
  );
}
