import type { Outbound } from "../provider.ts";
import type { Notification } from "./notification.ts";

/**
 * What a service worker gives to `showNotification`: members of the Notifications API under its own names, and of ours
 * what its click needs. Source: https://notifications.spec.whatwg.org/#dictdef-notificationoptions
 */
export function webpushNotification(message: Outbound, shown: Notification): Record<string, unknown> {
  const { title, body, icon, image, badge, vibrate, dir, requireInteraction, renotify, others } = shown;
  const notification: Record<string, unknown> = { ...others, title, body };
  if (icon) notification.icon = icon;
  if (image) notification.image = image;
  // The picture for a narrow status bar; `badge` as a number belongs to apps.
  const small = others.chromeBadge ?? (typeof badge === "string" ? badge : undefined);
  if (small !== undefined) notification.badge = small;
  if (vibrate) notification.vibrate = vibrate;
  if (dir) notification.dir = dir;
  if (requireInteraction !== undefined) notification.requireInteraction = requireInteraction;
  if (renotify !== undefined) notification.renotify = renotify;
  if (shown.clickUrl) notification.clickUrl = shown.clickUrl;
  // A repeat after a crash, and the next one of its group, take the place of the one before.
  notification.tag = shown.groupId ?? message.messageId;
  if (shown.actions) notification.actions = shown.actions.map((action) => ({ action: action.id, ...action }));
  return notification;
}

/** What a browser decrypts and hands to the service worker. */
export function webpushPayload(message: Outbound, shown: Notification): Record<string, unknown> {
  const payload = webpushNotification(message, shown);
  if (shown.groupId) payload.groupId = shown.groupId;
  payload.messageId = message.messageId;
  if (message.trackId !== null) payload.trackId = message.trackId;
  if (message.content !== shown.body) payload.content = message.content;
  if (message.push) {
    payload.channel = message.push.topic;
    payload.createdAt = message.push.createdAt.getTime();
  }
  for (const _ in message.data) {
    payload.data = message.data;
    break;
  }
  return payload;
}
