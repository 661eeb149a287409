import type { MessageContent } from "../../messages/schema.ts";

/** A message as a device gets it over MQTT. */
export interface InboxPayload {
  id: string;
  content: string;
  channel: string;
  createdAt: number;
  data?: Record<string, unknown>;
  trackId?: string;
  inApp?: true;
  live?: true;
  silent?: true;
  notification?: Record<string, unknown>;
}

/**
 * What devices get of a message. Flags that are off and values that are missing are left out. The text of the
 * notification is its own `body`, else `alertText`, else the content when `useAsAlert` asks for that.
 */
export function inboxPayload(message: {
  messageId: string;
  topic: string;
  content: MessageContent;
  trackId: string | null;
  createdAt: Date;
}): InboxPayload {
  const { content } = message;
  const notification = notificationOf(content);
  return {
    id: message.messageId,
    content: content.content,
    channel: message.topic,
    createdAt: message.createdAt.getTime(),
    ...(content.data ? { data: content.data } : {}),
    ...(message.trackId ? { trackId: message.trackId } : {}),
    ...(content.inApp ? { inApp: true as const } : {}),
    ...(content.live ? { live: true as const } : {}),
    ...(content.silent ? { silent: true as const } : {}),
    ...(notification ? { notification } : {}),
  };
}

/** What is shown of the message outside of the app; null when nothing is. */
export function notificationOf(content: MessageContent): Record<string, unknown> | null {
  const given = content.notification;
  const text =
    given?.body ?? given?.text ?? content.alertText ?? (content.useAsAlert ? content.content : undefined);
  if (!given && text === undefined) return null;
  return { ...given, ...(text === undefined ? {} : { body: text }) };
}
