import type { InboxMessage, MessageNotification } from "./types.ts";

/** What the server sends by web push: options of the Notifications API under their own names, and ours. */
export interface PushPayload extends MessageNotification {
  messageId?: string;
  trackId?: string;
  content?: string;
  channel?: string;
  createdAt?: number;
  data?: Record<string, unknown>;
  silent?: boolean;
}

/** What a click needs; it travels in the notification's `data`. */
export interface NotificationData {
  messageId: string | null;
  trackId: string | null;
  clickUrl: string | null;
  /** Where buttons lead, by their id. */
  actionUrls: Record<string, string>;
  data?: Record<string, unknown>;
}

/** Ready for `showNotification`. */
export interface ShownNotification {
  title: string;
  options: NotificationOptions & { data: NotificationData; [name: string]: unknown };
}

/** Where nothing can be read, there must still be something to see: browsers take the permission away otherwise. */
const unreadable = "New message";

/** Text of a push → what it says; null where it is not one of ours. */
export function readPush(text: string | null): PushPayload | null {
  try {
    const payload: unknown = JSON.parse(text ?? "");
    const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
    return isObject ? (payload as PushPayload) : null;
  } catch {
    return null;
  }
}

const own = [
  "title",
  "clickUrl",
  "messageId",
  "trackId",
  "content",
  "channel",
  "createdAt",
  "groupId",
  "data",
];

export function shownNotification(payload: PushPayload | null): ShownNotification {
  const { title, clickUrl, messageId, trackId, data } = payload ?? {};
  const others = Object.entries(payload ?? {}).filter(([name]) => !own.includes(name));
  const actions = (Array.isArray(payload?.actions) ? payload.actions : []).flatMap((action) => {
    const id = action.action ?? action.id;
    return id && action.title ? [{ ...action, action: id }] : [];
  });
  return {
    title: title || payload?.body || payload?.content || unreadable,
    options: {
      ...Object.fromEntries(others),
      actions,
      // One notification a message, by whichever way it comes.
      tag: typeof payload?.tag === "string" ? payload.tag : (messageId ?? ""),
      data: {
        messageId: messageId ?? null,
        trackId: trackId ?? null,
        clickUrl: clickUrl ?? null,
        actionUrls: Object.fromEntries(actions.flatMap(({ action, url }) => (url ? [[action, url]] : []))),
        ...(data ? { data } : {}),
      },
    },
  };
}

/** The notification of a message that came over the inbox; null where it has none, or is to be silent. */
export function notificationOf(message: InboxMessage): ShownNotification | null {
  const { notification, id, trackId, content, data, silent } = message;
  if (!notification || silent) return null;
  const body = notification.body ?? (notification.text as string | undefined) ?? content;
  return shownNotification({
    ...notification,
    ...{ body, messageId: id, content },
    image: notification.image ?? (notification.mediaUrl as string | undefined),
    tag: (notification.groupId as string | undefined) ?? id,
    ...(trackId ? { trackId } : {}),
    ...(data ? { data } : {}),
  } as PushPayload);
}

/** The message that a push tells of, as the inbox would have handed it over; null where it says too little. */
export function messageOf(payload: PushPayload | null): InboxMessage | null {
  if (!payload?.messageId) return null;
  const { messageId: id, trackId, content, channel, createdAt, data, tag: _, ...notification } = payload;
  return {
    id,
    content: content ?? notification.body ?? "",
    channel: channel ?? "",
    createdAt: createdAt ?? Date.now(),
    ...(data ? { data } : {}),
    ...(trackId ? { trackId } : {}),
    notification,
  };
}

/** Where a click leads: an address of the web, and nothing else. `/` where there is none. */
export function addressOf(data: NotificationData | null, action: string, origin: string): string {
  const wanted = (action && data?.actionUrls?.[action]) || data?.clickUrl || "/";
  try {
    const url = new URL(wanted, origin);
    if (/^https?:$/.test(url.protocol)) return url.href;
  } catch {
    // Not an address at all.
  }
  return new URL("/", origin).href;
}
