import { IconExternalLink } from "@tabler/icons-react";
import { useWords } from "../../ui/language.tsx";
import styles from "./Guide.module.css";
import type { FormProvider } from "./memberConfig.ts";

const addresses: Record<FormProvider, string> = {
  fcm: "https://console.firebase.google.com/",
  apns: "https://developer.apple.com/account/resources/authkeys/list",
  webpush: "https://www.rfc-editor.org/rfc/rfc8292",
  smtp: "https://support.google.com/a/answer/81126",
  kavenegar: "https://panel.kavenegar.com/client/setting/account",
  kaleyra: "https://api.kaleyra.io/",
  twilio: "https://console.twilio.com/",
  meta: "https://developers.facebook.com/apps/",
  "360dialog": "https://hub.360dialog.com/",
  "kaleyra-whatsapp": "https://api.kaleyra.io/",
};

/** Step by step, where the keys of a provider come from. */
export function Guide({ provider }: { provider: FormProvider }) {
  const { strings, format } = useWords();
  const guides = { ...strings.push.guide, ...strings.sms.account.guides, ...strings.whatsapp.account.guides };
  const texts = provider === "smtp" ? strings.email.provider.guide : guides[provider];
  return (
    <div className={styles.guide}>
      <ol className={styles.steps}>
        {texts.steps.map((step, index) => (
          <li key={step} className={styles.step}>
            <span className={styles.number} aria-hidden>
              {format.number(index + 1)}
            </span>
            <span>{step}</span>
          </li>
        ))}
      </ol>
      <a className="text-link" href={addresses[provider]} target="_blank" rel="noreferrer">
        {texts.link} <IconExternalLink size={14} aria-hidden className={styles.out} />
      </a>
      <p className={styles.note}>{texts.note}</p>
    </div>
  );
}
