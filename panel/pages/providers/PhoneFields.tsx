import { useWords } from "../../ui/language.tsx";
import { AdvancedFields } from "./AdvancedFields.tsx";
import { KaleyraChoices, MessageKind } from "./KaleyraChoices.tsx";
import { MemberField, type MemberFieldsProps } from "./MemberField.tsx";
import styles from "./ProviderForm.module.css";
import type { PhoneProvider } from "./phoneMembers.ts";
import { phoneText } from "./phoneTexts.ts";
import { TokenField } from "./TokenField.tsx";
import { TwilioSender } from "./TwilioSender.tsx";
import { WordsField } from "./WordsField.tsx";

/** Makes what a field of this provider is given. */
export type FieldOf = (name: string) => Omit<Parameters<typeof MemberField>[0], "isRequired">;

type PartProps = MemberFieldsProps & { field: FieldOf };

/** What a service of SMS or WhatsApp needs: who we are to it, who sends, and how it reports. */
export function PhoneFields({ provider, ...props }: MemberFieldsProps & { provider: PhoneProvider }) {
  const { strings } = useWords();
  const field: FieldOf = (name) => ({ ...props, provider, name, ...phoneText(strings, provider, name) });
  const part = { ...props, field };
  return (
    <>
      <Main provider={provider} {...part} />
      {provider !== "kavenegar" && provider !== "kaleyra" && provider !== "twilio" && <Limits {...part} />}
      <AdvancedFields provider={provider} {...props}>
        <Rare provider={provider} {...part} />
        <div className={styles.pair}>
          <WordsField {...field("stopWords")} />
          <WordsField {...field("startWords")} />
        </div>
        <div className={styles.pair}>
          <MemberField {...field("timeoutMs")} isNumber />
          <MemberField {...field("baseUrl")} />
        </div>
      </AdvancedFields>
    </>
  );
}

/** What everybody has to say. */
function Main(props: PartProps & { provider: PhoneProvider }) {
  const { field } = props;
  switch (props.provider) {
    case "kavenegar":
      return (
        <>
          <MemberField {...field("apiKey")} isRequired isSecret />
          <MemberField {...field("sender")} isRequired placeholder="10004346" />
        </>
      );
    case "kaleyra":
      return (
        <>
          <Keys {...props} />
          <div className={styles.pair}>
            <MemberField {...field("sender")} isRequired placeholder="SHOPPR" />
            <MemberField {...field("templateId")} />
          </div>
          <MessageKind {...props} />
        </>
      );
    case "twilio":
      return (
        <>
          <div className={styles.pair}>
            <MemberField {...field("accountSid")} isRequired placeholder="AC…" />
            <MemberField {...field("authToken")} isRequired isSecret />
          </div>
          <TwilioSender {...props} />
        </>
      );
    case "meta":
      return (
        <>
          <div className={styles.pair}>
            <MemberField {...field("phoneNumberId")} isRequired placeholder="106540352242922" />
            <MemberField {...field("wabaId")} isRequired placeholder="102290129340398" />
          </div>
          <div className={styles.pair}>
            <MemberField {...field("accessToken")} isRequired isSecret />
            <MemberField {...field("appSecret")} isRequired isSecret />
          </div>
          <TokenField {...field("verifyToken")} isRequired />
        </>
      );
    case "360dialog":
      return (
        <>
          <MemberField {...field("apiKey")} isRequired isSecret />
          <TokenField {...field("webhookToken")} />
        </>
      );
    case "kaleyra-whatsapp":
      return (
        <>
          <Keys {...props} />
          <div className={styles.pair}>
            <MemberField {...field("from")} isRequired placeholder="919876543210" />
            <MemberField {...field("wabaId")} placeholder="102290129340398" />
          </div>
          <KaleyraChoices {...props} />
          <div className={styles.pair}>
            <TokenField {...field("receiptsToken")} />
            <MemberField {...field("callbackProfileId")} />
          </div>
        </>
      );
  }
}

/** What hardly anybody has to say. */
function Rare({ provider, field }: PartProps & { provider: PhoneProvider }) {
  switch (provider) {
    case "kaleyra":
      return <TokenField {...field("receiptsToken")} />;
    case "twilio":
      return (
        <div className={styles.pair}>
          <MemberField {...field("apiKeySid")} placeholder="SK…" />
          <MemberField {...field("apiKeySecret")} isSecret />
        </div>
      );
    case "meta":
      return <MemberField {...field("graphVersion")} placeholder="v25.0" />;
    case "360dialog":
      return <MemberField {...field("platformSecret")} isSecret />;
    default:
      return null;
  }
}

/** Who we are to Kaleyra. */
function Keys({ field }: PartProps) {
  return (
    <div className={styles.pair}>
      <MemberField {...field("sid")} isRequired placeholder="HXIN1700000000IN" />
      <MemberField {...field("apiKey")} isRequired isSecret />
    </div>
  );
}

/** How many people WhatsApp lets the business write to first. */
function Limits({ field }: PartProps) {
  const { strings } = useWords();
  const texts = strings.whatsapp.account;
  return (
    <fieldset className={styles.group}>
      <legend>{texts.limits}</legend>
      <p className={styles.hint}>{texts.limitsHint}</p>
      <div className={styles.pair}>
        <MemberField {...field("messagingLimit")} isNumber placeholder="2000" />
        <MemberField {...field("portfolio")} isWords />
      </div>
    </fieldset>
  );
}
