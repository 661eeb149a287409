import { Checkbox, Radio, Select, Stack, TextInput } from "@mantine/core";
import { useProviderKinds, useProviders } from "../../api/providers.ts";
import { Card } from "../../ui/Card.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { accountsFor } from "./accountsFor.ts";
import type { PartProps } from "./BasicsCard.tsx";
import styles from "./CampaignComposer.module.css";
import { LiquidField } from "./LiquidField.tsx";
import { SmsCount } from "./SmsCount.tsx";
import { type DelayUnit, policyOf, type SmartMedia, type SmartValues, smartMedia } from "./smart.ts";

const policies = ["NOT_CONNECTED", "NOTIFICATION_SHOWN"] as const;
const units = ["minutes", "hours", "days"] as const satisfies readonly DelayUnit[];

interface SmartCardProps extends PartProps {
  /** The text that follows, for the user of the preview. */
  shownText: string;
}

/** What follows a message of the inbox or a push for whom it does not reach. */
export function SmartCard({ values, set, faults, shownText }: SmartCardProps) {
  const { strings, format } = useWords();
  const texts = strings.sms.smart;
  const { smart, channel } = values;
  const change = (next: Partial<SmartValues>) => set({ smart: { ...smart, ...next } });
  const written = smart.text.trim() === "" ? values.text : smart.text;
  return (
    <Card title={texts.title} hint={texts.hint} step={format.number(4)}>
      <Stack gap="md">
        <Checkbox
          label={texts.on}
          checked={smart.isOn}
          onChange={({ currentTarget }) => change({ isOn: currentTarget.checked })}
        />
        {smart.isOn && (
          <>
            <MediaChoice media={smart.media} onChange={(media) => change({ media })} />
            {channel === "inbox" && (
              <Radio.Group
                label={texts.when}
                value={smart.policy}
                onChange={(value) => {
                  const policy = policies.find((one) => one === value);
                  if (policy !== undefined) change({ policy });
                }}
              >
                <Stack gap="xs" mt={4}>
                  {policies.map((value) => (
                    <Radio
                      key={value}
                      value={value}
                      label={texts.policies[value]}
                      description={texts.policyHints[value]}
                    />
                  ))}
                </Stack>
              </Radio.Group>
            )}
            {policyOf(smart, channel) === "NOTIFICATION_SHOWN" && (
              <Delay smart={smart} onChange={change} error={faults.delay} />
            )}
            <div>
              <LiquidField
                label={texts.text}
                hint={texts.textHint}
                placeholder={values.text}
                isLong
                maxLength={10_000}
                value={smart.text}
                onChange={(text) => change({ text })}
                error={faults.smart}
              />
              {smart.media === "sms" && <SmsCount text={shownText} written={written} />}
            </div>
          </>
        )}
      </Stack>
    </Card>
  );
}

/** How it follows. By WhatsApp only where an account sends texts: nobody is in a conversation with us here. */
function MediaChoice({ media, onChange }: { media: SmartMedia; onChange(media: SmartMedia): void }) {
  const { strings } = useWords();
  const texts = strings.sms.smart;
  const accounts = useProviders().data?.data;
  const kinds = useProviderKinds().data ?? [];
  const ofTexts = (accounts ?? []).filter(
    ({ provider }) => kinds.find((kind) => kind.provider === provider)?.hasTemplates !== true,
  );
  const hasWhatsapp = accountsFor(ofTexts, "whatsapp").length > 0;
  const lacks = accounts !== undefined && accountsFor(accounts, media).length === 0;
  return (
    <div>
      <Choice
        label={texts.by}
        data={smartMedia
          .filter((value) => value !== "whatsapp" || hasWhatsapp || media === "whatsapp")
          .map((value) => ({ value, label: strings.segments.channels[value] }))}
        value={media}
        onChange={onChange}
      />
      {media === "whatsapp" && <p className={styles.length}>{texts.whatsappHint}</p>}
      {lacks && <p className={styles.fault}>{texts.lack(strings.segments.channels[media])}</p>}
    </div>
  );
}

interface DelayProps {
  smart: SmartValues;
  onChange(change: Partial<SmartValues>): void;
  error: string | undefined;
}

/** How long to wait for the message to be shown. */
function Delay({ smart, onChange, error }: DelayProps) {
  const { strings } = useWords();
  const texts = strings.sms.smart;
  return (
    <div className={styles.delay}>
      <TextInput
        label={texts.delay}
        inputMode="decimal"
        maxLength={8}
        value={smart.delay}
        onChange={({ currentTarget }) => onChange({ delay: currentTarget.value })}
        error={error}
      />
      <Select
        label={texts.unit}
        allowDeselect={false}
        data={units.map((value) => ({ value, label: texts.units[value] }))}
        value={smart.unit}
        onChange={(value) => {
          const unit = units.find((one) => one === value);
          if (unit !== undefined) onChange({ unit });
        }}
      />
    </div>
  );
}
