import { IconChevronDown, IconChevronUp, IconPhoto } from "@tabler/icons-react";
import { useWords } from "../../ui/language.tsx";
import styles from "./NoticePreview.module.css";
import { directionOf, imageName, type Notice } from "./notice.ts";

interface NoticePreviewProps {
  system: "android" | "ios" | "web";
  appName: string;
  notice: Notice;
  /** Pulled open, as opposed to how it arrives. */
  isOpened: boolean;
  scheme: "light" | "dark";
}

/** A notification as Android, iOS and Chrome show it: how much of a text, where its picture is, and how many buttons. */
export function NoticePreview({ system, scheme, ...props }: NoticePreviewProps) {
  const { strings, format } = useWords();
  return (
    <figure
      className={styles.device}
      data-system={system}
      data-scheme={scheme}
      aria-label={`${strings.messages.preview}: ${strings.push.preview[system]}`}
    >
      {system === "web" ? (
        <Browser {...props} />
      ) : (
        <div className={styles.screen}>
          <div className={styles.clock} aria-hidden>
            <bdi>
              {format.number(9)}:{format.number(41)}
            </bdi>
          </div>
          {system === "android" ? <Android {...props} /> : <Ios {...props} />}
        </div>
      )}
    </figure>
  );
}

type SystemProps = Omit<NoticePreviewProps, "system" | "scheme">;

/** How many buttons there is room for: three on Android, four on iOS, two in Chrome. */
const most = { android: 3, ios: 4, web: 2 };

function Android({ appName, notice, isOpened }: SystemProps) {
  const { strings } = useWords();
  const { title, body, image, buttons } = notice;
  const Chevron = isOpened ? IconChevronUp : IconChevronDown;
  return (
    <div className={styles.card}>
      <div className={styles.row}>
        <Icon appName={appName} />
        <div className={styles.words} dir={directionOf(body)}>
          {isOpened && (
            <p className={styles.app}>
              <bdi>{appName}</bdi> · {strings.messages.previewNow}
            </p>
          )}
          <div className={styles.line}>
            <strong className={styles.one} dir="auto">
              {title}
            </strong>
            {!isOpened && <span className={styles.when}>{strings.messages.previewNow}</span>}
          </div>
          <p className={isOpened ? styles.many : styles.one} dir="auto">
            {body}
          </p>
        </div>
        {image !== null && !isOpened && <Thumbnail />}
        <Chevron size={16} aria-hidden className={styles.chevron} />
      </div>
      {isOpened && image !== null && <Picture address={image} />}
      {isOpened && buttons.length > 0 && <Buttons names={buttons.slice(0, most.android)} />}
    </div>
  );
}

function Ios({ appName, notice, isOpened }: SystemProps) {
  const { strings } = useWords();
  const { title, body, image, buttons } = notice;
  return (
    <>
      <div className={styles.card}>
        {isOpened && image !== null && <Picture address={image} />}
        <div className={styles.row}>
          <Icon appName={appName} />
          <div className={styles.words} dir={directionOf(body)}>
            <div className={styles.line}>
              <strong className={styles.one} dir="auto">
                {title}
              </strong>
              <span className={styles.when}>{strings.messages.previewNow}</span>
            </div>
            <p className={isOpened ? styles.many : styles.four} dir="auto">
              {body}
            </p>
          </div>
          {image !== null && !isOpened && <Thumbnail />}
        </div>
      </div>
      {isOpened && buttons.length > 0 && <Buttons names={buttons.slice(0, most.ios)} />}
    </>
  );
}

function Browser({ appName, notice }: SystemProps) {
  const { title, body, image, buttons } = notice;
  return (
    <div className={styles.window}>
      <div className={styles.bar} aria-hidden>
        <span />
        <span />
        <span />
      </div>
      <div className={styles.page}>
        <div className={styles.card}>
          {image !== null && <Picture address={image} />}
          <div className={styles.row}>
            <Icon appName={appName} />
            <div className={styles.words} dir={directionOf(body)}>
              <strong className={styles.one} dir="auto">
                {title}
              </strong>
              <p className={styles.four} dir="auto">
                {body}
              </p>
              <p className={styles.app}>
                Chrome · <bdi>{appName}</bdi>
              </p>
            </div>
          </div>
          {buttons.length > 0 && <Buttons names={buttons.slice(0, most.web)} />}
        </div>
      </div>
    </div>
  );
}

function Icon({ appName }: { appName: string }) {
  return (
    <span className={styles.icon} aria-hidden>
      {[...appName][0]?.toUpperCase()}
    </span>
  );
}

function Thumbnail() {
  return (
    <span className={styles.thumbnail} aria-hidden>
      <IconPhoto size={16} stroke={1.6} />
    </span>
  );
}

/** In the place of the picture: pages of the panel load nothing from elsewhere, so whoever wants to see it opens it. */
function Picture({ address }: { address: string }) {
  const { strings } = useWords();
  const name = strings.push.preview.imageOf(`\u2068${imageName(address)}\u2069`);
  const inside = (
    <>
      <IconPhoto size={20} stroke={1.6} aria-hidden />
      <span className={styles.one}>{name}</span>
    </>
  );
  return /^https?:\/\//i.test(address) ? (
    <a className={styles.picture} href={address} target="_blank" rel="noreferrer">
      {inside}
    </a>
  ) : (
    <span className={styles.picture}>{inside}</span>
  );
}

function Buttons({ names }: { names: readonly string[] }) {
  return (
    <ul className={styles.buttons}>
      {names.map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a picture of them, and two may say the same
        <li key={index} className={styles.one} dir="auto">
          {name}
        </li>
      ))}
    </ul>
  );
}
