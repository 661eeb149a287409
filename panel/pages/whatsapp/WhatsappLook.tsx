import {
  IconArrowBackUp,
  IconCopy,
  IconExternalLink,
  IconFileText,
  IconPhone,
  IconPhoto,
  IconPlayerPlay,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Message } from "../../../server/messages/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { directionOf, imageName } from "../messages/notice.ts";
import { Marked } from "./Marked.tsx";
import styles from "./WhatsappLook.module.css";

type Look = NonNullable<Message["whatsapp"]>["look"];

/** A message as its reader sees it in a chat of WhatsApp. */
export function WhatsappLook({ look, from }: { look: Look; from: string }) {
  const { strings } = useWords();
  const texts = strings.whatsapp.look;
  const { header, body, footer, buttons } = look;
  return (
    <figure className={styles.chat} aria-label={texts.label}>
      <figcaption className={styles.from} dir="auto">
        {from}
      </figcaption>
      <div className={styles.message} dir={directionOf(body)}>
        <div className={styles.bubble}>
          {header !== null && <Header header={header} />}
          <p className={styles.body} dir="auto">
            <Marked text={body} />
          </p>
          {footer !== null && (
            <p className={styles.footer} dir="auto">
              {footer}
            </p>
          )}
        </div>
        {buttons.length > 0 && (
          <ul className={styles.buttons}>
            {buttons.map(({ kind, text }, index) => {
              const Icon = buttonIcons[kind];
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: buttons are told apart by their place alone.
                <li key={index} className={styles.button}>
                  {Icon && <Icon size={15} aria-hidden className={styles.icon} />}
                  <bdi>{text}</bdi>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </figure>
  );
}

const buttonIcons: Record<string, TablerIcon> = {
  url: IconExternalLink,
  quick_reply: IconArrowBackUp,
  phone_number: IconPhone,
  copy_code: IconCopy,
};

const mediaIcons = { image: IconPhoto, video: IconPlayerPlay, document: IconFileText };

function Header({ header: { kind, text } }: { header: NonNullable<Look["header"]> }) {
  const { strings } = useWords();
  if (kind === "text")
    return (
      <p className={styles.title} dir="auto">
        {text}
      </p>
    );
  const path = kind === "image" ? ownPath(text) : null;
  if (path !== null) return <img src={path} alt="" className={styles.image} />;
  const Icon = mediaIcons[kind];
  return (
    <div className={styles.media} data-kind={kind}>
      <Icon size={26} stroke={1.5} aria-hidden />
      <bdi className="clamp-1">{text === "" ? strings.whatsapp.look[kind] : imageName(text)}</bdi>
    </div>
  );
}

/** Where we serve an image of ours; null for others, which the panel may not load. */
const ownPath = (address: string): string | null =>
  /^(?:https?:\/\/[^/]+)?(\/files\/[^?#]+)$/.exec(address)?.[1] ?? null;
