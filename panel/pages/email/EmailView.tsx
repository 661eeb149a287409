import { ActionIcon, Modal, SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowsMaximize } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { EmailFrame } from "./EmailFrame.tsx";
import styles from "./EmailView.module.css";

interface EmailViewProps {
  from: string;
  subject: string;
  /** Undefined where it is not known. */
  preheader?: string | undefined;
  /** Null for plain text alone. */
  htmlUrl: string | null;
  text: string;
}

type View = "wide" | "narrow" | "text";

/** An e-mail as it looks in a list of mails and opened: on a wide screen, on a phone, and without pictures. */
export function EmailView(props: EmailViewProps) {
  const { strings } = useWords();
  const texts = strings.email.preview;
  const [isLarge, large] = useDisclosure(false);
  const subject = props.subject.trim() || texts.noSubject;
  return (
    <div className={styles.view}>
      <div className={styles.line}>
        <span className={styles.face} aria-hidden>
          {[...props.from.trim()][0] ?? "?"}
        </span>
        <div className={styles.words}>
          <bdi className={`${styles.from} clamp-1`}>{props.from}</bdi>
          <span className={`${styles.subject} clamp-1`} dir="auto">
            {subject}
          </span>
          {props.preheader !== undefined && (
            <span className="faint clamp-1" dir="auto">
              {props.preheader.trim() || "\u00a0"}
            </span>
          )}
        </div>
      </div>
      <Opened {...props} subject={subject}>
        {props.htmlUrl !== null && (
          <ActionIcon variant="default" size="md" aria-label={texts.large} onClick={large.open}>
            <IconArrowsMaximize size={15} />
          </ActionIcon>
        )}
      </Opened>
      <Modal
        opened={isLarge}
        onClose={large.close}
        size="64rem"
        title={<strong dir="auto">{subject}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <div className={styles.large}>
          <Opened {...props} subject={subject} />
        </div>
      </Modal>
    </div>
  );
}

function Opened({ htmlUrl, text, subject, children }: EmailViewProps & { children?: ReactNode }) {
  const { strings } = useWords();
  const texts = strings.email.preview;
  const [chosen, setView] = useState<View>("wide");
  const view = htmlUrl === null ? "text" : chosen;
  return (
    <>
      {htmlUrl !== null && (
        <div className={styles.controls}>
          <SegmentedControl
            size="xs"
            className={styles.views ?? ""}
            aria-label={texts.views}
            data={(["wide", "narrow", "text"] as const).map((value) => ({ value, label: texts.view[value] }))}
            value={view}
            onChange={setView}
          />
          {children}
        </div>
      )}
      {htmlUrl !== null && view !== "text" ? (
        <EmailFrame url={htmlUrl} title={texts.frame(subject)} width={view} />
      ) : (
        <p className={styles.text} dir="auto">
          {text || "…"}
        </p>
      )}
    </>
  );
}
