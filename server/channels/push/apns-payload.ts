import type { Outbound } from "../provider.ts";
import { badgeCount, isWebUrl, type Notification } from "./notification.ts";

/** What a device of Apple gets: `aps` is what the system shows, the rest is for the app. */
export type ApnsPayload = { aps: Record<string, unknown> } & Record<string, unknown>;

/**
 * The payload of a message, by Apple or by way of Google. Without a notification it only wakes the app.
 * Source: https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification
 */
export function apnsPayload(message: Outbound, shown: Notification | null): ApnsPayload {
  const payload: ApnsPayload = { aps: shown ? alertOf(shown) : { "content-available": 1 } };
  payload.messageId = message.messageId;
  if (message.push) {
    payload.topic = message.push.topic;
    payload.createdAt = message.push.createdAt.getTime();
  }
  if (message.trackId !== null) payload.trackId = message.trackId;
  // Twice the same text would cost half of the bytes there are.
  if (message.content !== shown?.body) payload.content = message.content;
  if (shown?.clickUrl) payload.clickUrl = shown.clickUrl;
  if (shown?.actions) payload.actions = shown.actions;
  if (shown?.image) payload.image = shown.image;
  if (shown?.mediaType) payload.mediaType = shown.mediaType;
  for (const _ in message.data) {
    payload.data = message.data;
    break;
  }
  return payload;
}

function alertOf(shown: Notification): Record<string, unknown> {
  const { subtitle } = shown.others;
  const aps: Record<string, unknown> = {
    alert: {
      title: shown.title,
      ...(typeof subtitle === "string" ? { subtitle } : {}),
      body: shown.body,
    },
  };
  const badge = badgeCount(shown.badge);
  if (badge !== null) aps.badge = badge;
  aps.sound = shown.sound ?? "default";
  if (shown.groupId) aps["thread-id"] = shown.groupId;
  if (shown.category) aps.category = shown.category;
  // The app's extension loads the picture; without the flag it is not asked.
  if (shown.mutableContent || isWebUrl(shown.image)) aps["mutable-content"] = 1;
  if (shown.contentAvailable) aps["content-available"] = 1;
  return aps;
}
