import { ActionIcon, Alert } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { PreviewedEmail } from "../../api/emailPreview.ts";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmailPreviewParts } from "../email/EmailPreviewParts.tsx";
import { MessagePreview } from "../messages/MessagePreview.tsx";
import type { WhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import { WhatsappLook } from "../whatsapp/WhatsappLook.tsx";
import styles from "./CampaignComposer.module.css";
import { type Previews, type TextField, textFieldsOf } from "./composerFaults.ts";
import type { ComposerValues } from "./composerValues.ts";
import { isNotifying } from "./contentValues.ts";
import { writeExtras } from "./noticeExtras.ts";
import type { PreviewUser } from "./usePreviewUser.ts";
import type { WhatsappPreview } from "./useWhatsappPreview.ts";

interface ComposerPreviewProps {
  values: ComposerValues;
  previews: Previews;
  /** Of an e-mail, the whole. */
  email: PreviewedEmail;
  /** Of WhatsApp; null while no template is chosen. */
  whatsapp: WhatsappPreview | null;
  source: WhatsappSource;
  person: PreviewUser;
}

/** The message as one of the audience gets it, and what is missing for them. */
export function ComposerPreview({ values, previews, email, whatsapp, source, person }: ComposerPreviewProps) {
  const { strings, format } = useWords();
  const texts = strings.campaigns.preview;
  const app = useApp();
  const shown = (field: TextField) => previews[field].data?.text ?? values[field];
  const isTemplate = values.channel === "whatsapp" && source.kind !== "plain";
  const missing = new Set(
    isTemplate
      ? whatsapp?.missing
      : textFieldsOf(values).flatMap((field) => previews[field].data?.missing ?? []),
  );
  const body = values.channel === "inbox" ? shown("body") : "";
  const name = person.user && (person.user.name ?? person.user.userId);
  return (
    <Card title={texts.title}>
      {name === undefined ? (
        <p className={`${styles.person} faint`}>{texts.nobody}</p>
      ) : (
        <div className={styles.person}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={texts.previous}
            disabled={!person.hasOthers}
            onClick={person.previous}
          >
            <IconChevronLeft size={16} className={styles.turn} />
          </ActionIcon>
          <span aria-live="polite">
            <span className="faint">{texts.as}</span> <bdi className={styles.who}>{name}</bdi>
          </span>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={texts.next}
            disabled={!person.hasOthers}
            onClick={person.next}
          >
            <IconChevronRight size={16} className={styles.turn} />
          </ActionIcon>
        </div>
      )}
      {values.channel === "email" ? (
        <EmailPreviewParts email={email} from={app.name} />
      ) : isTemplate ? (
        whatsapp === null ? (
          <p className="faint">{strings.whatsapp.look.empty}</p>
        ) : (
          <WhatsappLook look={whatsapp.look} from={app.name} />
        )
      ) : (
        <MessagePreview
          appName={app.name}
          channel={values.channel}
          subject={shown("subject")}
          content={values.text === "" ? strings.campaigns.fields.textPlaceholder : shown("text")}
          notification={
            isNotifying(values.channel, values)
              ? { ...writeExtras(values.extras), title: shown("title"), ...(body !== "" && { body }) }
              : null
          }
        />
      )}
      {name !== undefined && missing.size > 0 && (
        <Alert color="yellow" variant="light" role="status" className={styles.missing ?? ""}>
          {texts.missing(`\u2068${name}\u2069`, format.list([...missing].map(isolate), "conjunction"))}
        </Alert>
      )}
    </Card>
  );
}

/** Keeps a name of the other direction together. */
const isolate = (text: string) => `\u2068${text}\u2069`;
