import { ActionIcon, SegmentedControl, useComputedColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { useState } from "react";
import type { Channel } from "../../../server/channels/schema.ts";
import type { Message } from "../../../server/messages/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { WhatsappLook } from "../whatsapp/WhatsappLook.tsx";
import styles from "./MessagePreview.module.css";
import { NoticePreview } from "./NoticePreview.tsx";
import { noticeOf } from "./notice.ts";
import { PhonePreview } from "./PhonePreview.tsx";

interface MessagePreviewProps {
  appName: string;
  channel: Channel;
  content: string;
  /** Of an e-mail. */
  subject?: string | null;
  /** What the system shows; null when the message raises no notification. */
  notification: Record<string, unknown> | null;
  /** Of a template of WhatsApp. */
  look?: NonNullable<Message["whatsapp"]>["look"] | null;
}

const systems = ["android", "ios", "web"] as const;
type View = "inbox" | (typeof systems)[number];

/** A message as it looks where it arrives: what has a notification, on every system that shows it. */
export function MessagePreview({ notification, look, ...props }: MessagePreviewProps) {
  const { appName, channel, content, subject = null } = props;
  if (channel === "push")
    return <Views key={channel} {...props} notification={notification ?? {}} views={systems} />;
  if (channel === "inbox" && notification !== null)
    return <Views key={channel} {...props} notification={notification} views={["inbox", ...systems]} />;
  if (channel === "whatsapp")
    return (
      <WhatsappLook
        from={appName}
        look={look ?? { header: null, body: content, footer: null, buttons: [] }}
      />
    );
  return <PhonePreview appName={appName} channel={channel} subject={subject} content={content} />;
}

interface ViewsProps {
  appName: string;
  content: string;
  notification: Record<string, unknown>;
  views: readonly View[];
}

function Views({ appName, content, notification, views }: ViewsProps) {
  const { strings } = useWords();
  const texts = strings.push.preview;
  const own = useComputedColorScheme("light");
  const [view, setView] = useState(views[0] ?? "android");
  const [isOpened, setOpened] = useState(false);
  const [chosen, setScheme] = useState<"light" | "dark" | null>(null);
  const scheme = chosen ?? own;
  const notice = noticeOf(notification, content, appName);
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <div className={styles.stack}>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={texts.views}
        data={views.map((value) => ({ value, label: texts[value] }))}
        value={view}
        onChange={setView}
      />
      {view === "inbox" ? (
        <PhonePreview appName={appName} channel="inbox" content={content} />
      ) : (
        <>
          <NoticePreview
            system={view}
            appName={appName}
            notice={notice}
            isOpened={isOpened || view === "web"}
            scheme={scheme}
          />
          <div className={styles.controls}>
            {view !== "web" && (
              <SegmentedControl
                size="xs"
                aria-label={texts.sizes}
                data={[
                  { value: "collapsed", label: texts.collapsed },
                  { value: "expanded", label: texts.expanded },
                ]}
                value={isOpened ? "expanded" : "collapsed"}
                onChange={(size) => setOpened(size === "expanded")}
              />
            )}
            <ActionIcon variant="default" aria-label={texts[other]} onClick={() => setScheme(other)}>
              {scheme === "dark" ? <IconSun size={16} /> : <IconMoon size={16} />}
            </ActionIcon>
          </div>
          {(notice.buttons.length > 0 || notice.image !== null) && (
            <p className={styles.hint}>{texts.hints[view]}</p>
          )}
        </>
      )}
    </div>
  );
}
