import type { Outbound } from "../provider.ts";
import { apnsPayload } from "./apns-payload.ts";
import { badgeCount, isWebUrl, type Notification, readNotification } from "./notification.ts";
import { webpushNotification } from "./webpush-payload.ts";

/** Who shows a notification: Google's service on the device, or the app's own code. */
type Display = "service" | "app";

/** A message of FCM, as far as we write it. Source: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages */
export interface FcmMessage {
  token: string;
  data: Record<string, string>;
  notification?: { title: string; body: string; image?: string };
  android?: Record<string, unknown>;
  apns?: { headers: Record<string, string>; payload: Record<string, unknown> };
  webpush?: Record<string, unknown>;
}

interface Options {
  display: Display;
  /** Notification channel of Android; null for the app's default. */
  channelId: string | null;
  nowMs: number;
}

/** 28 days, the longest that FCM keeps a message. */
const longestTtlSeconds = 28 * 86_400;

/** What FCM is told of a message. Devices of Apple show themselves what they are sent: an app does not run for it. */
export function fcmMessage(message: Outbound, options: Options): FcmMessage {
  const shown = message.notification && readNotification(message.notification);
  const deviceType = message.push?.deviceType;
  const isShownByService =
    options.display === "service" || message.push?.isShownByService === true || deviceType === "ios";
  const ttlSeconds = ttlOf(message.expiresAt, options.nowMs);
  const fcm: FcmMessage = { token: message.to, data: dataOf(message, shown) };
  if (shown && isShownByService) {
    fcm.notification = { title: shown.title, body: shown.body };
    if (isWebUrl(shown.image)) fcm.notification.image = shown.image;
  } else if (message.notification) {
    // All of it, for the code that is to show it.
    fcm.data.notification = JSON.stringify(message.notification);
  }
  if (deviceType === "ios") fcm.apns = apnsOf(message, shown);
  else if (deviceType === "web")
    fcm.webpush = webpushOf(message, isShownByService ? shown : null, ttlSeconds);
  else
    fcm.android = androidOf(message, shown, {
      ...{ isShownByService, channelId: options.channelId, ttlSeconds },
    });
  return fcm;
}

function ttlOf(expiresAt: Date | null, nowMs: number): number | null {
  if (expiresAt === null) return null;
  const seconds = Math.floor((expiresAt.getTime() - nowMs) / 1000);
  return Math.min(Math.max(seconds, 0), longestTtlSeconds);
}

/** Texts only, under names of ours: what a sender puts into `data` cannot be one that FCM keeps for itself. */
function dataOf(message: Outbound, shown: Notification | null): Record<string, string> {
  const data: Record<string, string> = { messageId: message.messageId, content: message.content };
  if (message.push) {
    data.topic = message.push.topic;
    data.createdAt = String(message.push.createdAt.getTime());
  }
  if (message.trackId !== null) data.trackId = message.trackId;
  if (shown?.clickUrl) data.clickUrl = shown.clickUrl;
  if (shown?.actions) data.actions = JSON.stringify(shown.actions);
  for (const _ in message.data) {
    data.data = JSON.stringify(message.data);
    break;
  }
  return data;
}

function androidOf(
  message: Outbound,
  shown: Notification | null,
  options: { isShownByService: boolean; channelId: string | null; ttlSeconds: number | null },
): Record<string, unknown> {
  const android: Record<string, unknown> = { priority: shown ? "HIGH" : "NORMAL" };
  if (options.ttlSeconds !== null) android.ttl = `${options.ttlSeconds}s`;
  if (shown?.groupId) android.collapse_key = shown.groupId;
  if (!shown || !options.isShownByService) return android;
  // A repeat after a crash takes the place of the first one.
  const notification: Record<string, unknown> = { tag: message.messageId };
  android.notification = notification;
  const channelId = shown.others.channelId ?? options.channelId;
  if (typeof channelId === "string") notification.channel_id = channelId;
  const color = hexColor(shown.color);
  if (color) notification.color = color;
  const icon = shown.smallIcon ?? (isWebUrl(shown.icon) ? undefined : shown.icon);
  if (icon) notification.icon = icon;
  const image = [shown.image, shown.largeIcon].find(isWebUrl);
  if (image) notification.image = image;
  if (shown.sound) notification.sound = shown.sound;
  const led = hexColor(shown.ledColor);
  if (led) notification.light_settings = lightOf(led);
  if (shown.vibrate) notification.vibrate_timings = shown.vibrate.map((ms) => `${ms / 1000}s`);
  const count = badgeCount(shown.badge);
  if (count !== null) notification.notification_count = count;
  if (shown.requireInteraction) notification.sticky = true;
  const { clickAction } = shown.others;
  if (typeof clickAction === "string") notification.click_action = clickAction;
  return android;
}

/** `#rrggbb`, also of `rrggbb` and `#rgb`; null of anything else, for which FCM would refuse the message. */
function hexColor(text: string | undefined): string | null {
  const digits = text?.replace(/^#/, "") ?? "";
  if (/^[0-9a-f]{6}$/i.test(digits)) return `#${digits}`;
  return /^[0-9a-f]{3}$/i.test(digits) ? `#${digits.replace(/./g, "$&$&")}` : null;
}

function lightOf(color: string): Record<string, unknown> {
  const part = (at: number) => Number.parseInt(color.slice(at, at + 2), 16) / 255;
  return {
    color: { red: part(1), green: part(3), blue: part(5), alpha: 1 },
    light_on_duration: "0.5s",
    light_off_duration: "1s",
  };
}

function apnsOf(message: Outbound, shown: Notification | null): NonNullable<FcmMessage["apns"]> {
  const headers: Record<string, string> = {
    "apns-push-type": shown ? "alert" : "background",
    "apns-priority": shown ? "10" : "5",
    "apns-collapse-id": message.messageId.slice(0, 64),
  };
  if (message.expiresAt !== null) headers["apns-expiration"] = String(unixSeconds(message.expiresAt));
  // What the app reads is in `data`, which Google puts beside `aps` itself.
  return { headers, payload: { aps: apnsPayload(message, shown).aps } };
}

const unixSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);

function webpushOf(
  message: Outbound,
  shown: Notification | null,
  ttlSeconds: number | null,
): Record<string, unknown> {
  const headers: Record<string, string> = { Urgency: shown ? "high" : "normal" };
  if (ttlSeconds !== null) headers.TTL = String(ttlSeconds);
  const webpush: Record<string, unknown> = { headers };
  if (!shown) return webpush;
  const { title, body, ...rest } = webpushNotification(message, shown);
  webpush.notification = { title, body, ...rest };
  // FCM refuses other links.
  if (shown.clickUrl?.startsWith("https://")) webpush.fcm_options = { link: shown.clickUrl };
  return webpush;
}

/** Bytes of what FCM counts: names and values of `data`, and the texts of the notification. At most 4096. */
export function fcmBytes({ data, notification }: FcmMessage): number {
  let bytes = 0;
  for (const values of [data, notification])
    for (const [name, value] of Object.entries(values ?? {})) bytes += name.length + Buffer.byteLength(value);
  return bytes;
}
