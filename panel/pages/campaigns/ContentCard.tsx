import { Checkbox, Radio, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmailFields } from "../email/EmailFields.tsx";
import type { EmailFault } from "../email/emailFaults.ts";
import type { WhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import { WhatsappFields } from "../whatsapp/WhatsappFields.tsx";
import type { PartProps } from "./BasicsCard.tsx";
import styles from "./CampaignComposer.module.css";
import type { Previews } from "./composerFaults.ts";
import { mentionsPromo } from "./contentValues.ts";
import { LiquidField } from "./LiquidField.tsx";
import { NoticeFields } from "./NoticeFields.tsx";
import { PromoField, type PromoProps } from "./PromoField.tsx";
import { SmsCount } from "./SmsCount.tsx";
import { UnknownVariables } from "./UnknownVariables.tsx";

interface ContentCardProps extends PartProps {
  previews: Previews;
  emailFaults: readonly EmailFault[];
  /** What a message on WhatsApp is made of. */
  source: WhatsappSource;
  /** What stands above the fields, to choose which words are written. */
  tabs?: ReactNode;
  /** Stands in place of the fields. */
  instead?: ReactNode;
  actions?: ReactNode;
  promo?: PromoProps;
  /** Its place among the cards; null where it is the only one. */
  step?: number | null;
}

/** What it says: the text and, by channel, subject and notification; with values of the user in it. */
export function ContentCard({ tabs, instead, actions, step = 3, ...props }: ContentCardProps) {
  const { strings, format } = useWords();
  return (
    <Card
      title={strings.campaigns.fields.content}
      actions={actions}
      {...(step !== null && { step: format.number(step) })}
    >
      <Stack gap="md">
        {tabs}
        {instead ?? <ContentFields {...props} />}
        <UnknownVariables values={props.values} />
      </Stack>
    </Card>
  );
}

function ContentFields(props: Omit<ContentCardProps, "tabs" | "instead" | "actions" | "step">) {
  const { values, set, faults, previews, emailFaults, source } = props;
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  const { channel } = values;
  const isPush = channel === "push";
  return (
    <>
      {isPush && <TitleField values={values} set={set} faults={faults} />}
      {channel === "email" ? (
        <EmailFields values={values} set={set} faults={faults} emailFaults={emailFaults} />
      ) : channel === "whatsapp" ? (
        <WhatsappFields values={values} set={set} faults={faults} source={source} />
      ) : (
        <div>
          <LiquidField
            label={texts.text}
            hint={texts.textHint}
            placeholder={texts.textPlaceholder}
            withAsterisk
            isLong
            maxLength={10_000}
            value={values.text}
            onChange={(text) => set({ text })}
            error={faults.text}
          />
          {channel === "sms" && (
            <SmsCount text={previews.text.data?.text ?? values.text} written={values.text} />
          )}
        </div>
      )}
      {channel === "inbox" && (
        <>
          <Checkbox
            label={texts.notification}
            description={values.notifies ? texts.notificationHint : texts.noNotificationHint}
            checked={values.notifies}
            onChange={({ currentTarget }) => set({ notifies: currentTarget.checked })}
          />
          {values.notifies && (
            <div className={styles.nested}>
              <TitleField values={values} set={set} faults={faults} />
              <LiquidField
                label={texts.notificationBody}
                hint={texts.notificationBodyHint}
                maxLength={4000}
                value={values.body}
                onChange={(body) => set({ body })}
                error={faults.body}
              />
              <ClickField values={values} set={set} faults={faults} />
              <NoticeFields values={values} set={set} faults={faults} />
            </div>
          )}
        </>
      )}
      {isPush && (
        <>
          <ClickField values={values} set={set} faults={faults} />
          <NoticeFields values={values} set={set} faults={faults} />
        </>
      )}
      {(channel !== "whatsapp" || source.kind === "plain") && <MissingChoice values={values} set={set} />}
      {mentionsPromo(values, channel) && <PromoField values={values} set={set} {...props.promo} />}
    </>
  );
}

/** What becomes of users with gaps. Templates have none: WhatsApp refuses them. */
function MissingChoice({ values, set }: Pick<PartProps, "values" | "set">) {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  return (
    <Radio.Group
      label={texts.missing}
      value={values.missing}
      onChange={(missing) => set({ missing: missing === "skip" ? "skip" : "send" })}
    >
      <Stack gap="xs" mt={4}>
        {(["send", "skip"] as const).map((value) => (
          <Radio
            key={value}
            value={value}
            label={texts.missings[value]}
            description={texts.missingHints[value]}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function TitleField({ values, set, faults }: PartProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  return (
    <LiquidField
      label={texts.notificationTitle}
      hint={texts.notificationTitleHint}
      maxLength={1000}
      value={values.title}
      onChange={(title) => set({ title })}
      error={faults.title}
    />
  );
}

function ClickField({ values, set }: PartProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  return (
    <TextInput
      label={texts.clickUrl}
      description={texts.clickUrlHint}
      inputWrapperOrder={belowInput}
      attributes={{ input: { dir: "ltr" } }}
      placeholder="https://example.com/offers"
      maxLength={2000}
      value={values.clickUrl}
      onChange={({ currentTarget }) => set({ clickUrl: currentTarget.value })}
    />
  );
}
