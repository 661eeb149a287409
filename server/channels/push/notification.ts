/** A button of a notification. */
interface Action {
  id: string;
  title: string;
  url?: string;
  icon?: string;
  [other: string]: unknown;
}

/** A notification as its sender wrote it, with only what is of the right kind; see {@link readNotification}. */
export interface Notification {
  title: string;
  body: string;
  icon?: string;
  /** Address of a picture: `mediaUrl`, or `image`. */
  image?: string;
  /** `jpeg`, `mp4` … */
  mediaType?: string;
  sound?: string;
  clickUrl?: string;
  groupId?: string;
  /** A number on the app, or on the web the address of a small picture. */
  badge?: number | string;
  category?: string;
  actions?: Action[];
  contentAvailable: boolean;
  mutableContent: boolean;
  ledColor?: string;
  smallIcon?: string;
  largeIcon?: string;
  color?: string;
  /** Milliseconds on and off in turn. */
  vibrate?: number[];
  dir?: "rtl" | "ltr" | "auto";
  requireInteraction?: boolean;
  renotify?: boolean;
  /** Members that are not of the contract. */
  others: Record<string, unknown>;
}

const known = new Set([
  ...["title", "body", "text", "icon", "image", "mediaType", "mediaUrl", "sound", "clickUrl", "groupId"],
  ...["badge", "category", "actions", "contentAvailable", "mutableContent", "ledColor", "smallIcon"],
  ...["largeIcon", "color", "vibrate", "dir", "requireInteraction", "renotify"],
]);

/**
 * Reads the notification object of a message. What is of the wrong kind is left out: a service would refuse the whole
 * message for it. `1`, `"1"` and `"true"` are true.
 */
export function readNotification(given: Record<string, unknown>): Notification {
  const read: Notification = {
    title: textOf(given.title) ?? "",
    body: textOf(given.body) ?? textOf(given.text) ?? "",
    contentAvailable: isOn(given.contentAvailable),
    mutableContent: isOn(given.mutableContent),
    others: {},
  };
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    if (!known.has(name)) read.others[name] = value;
    else readMember(read, name, value);
  }
  return read;
}

function readMember(read: Notification, name: string, value: unknown): void {
  switch (name) {
    case "icon":
    case "mediaType":
    case "sound":
    case "clickUrl":
    case "groupId":
    case "category":
    case "smallIcon":
    case "largeIcon":
    case "ledColor":
    case "color": {
      const text = textOf(value);
      if (text) read[name] = text;
      return;
    }
    case "mediaUrl":
    case "image": {
      const url = textOf(value);
      // The contract's own name goes first.
      if (url && (name === "mediaUrl" || read.image === undefined)) read.image = url;
      return;
    }
    case "badge":
      if (typeof value === "number" || (typeof value === "string" && value !== "")) read.badge = value;
      return;
    case "vibrate":
      if (Array.isArray(value) && value.every(isDuration)) read.vibrate = value;
      return;
    case "dir":
      if (value === "rtl" || value === "ltr" || value === "auto") read.dir = value;
      return;
    case "requireInteraction":
    case "renotify":
      read[name] = isOn(value);
      return;
    case "actions":
      if (Array.isArray(value)) read.actions = value.flatMap(readAction);
      return;
  }
}

function readAction(value: unknown): Action[] {
  if (typeof value !== "object" || value === null) return [];
  const given = value as Record<string, unknown>;
  const id = textOf(given.id) ?? textOf(given.action);
  return id ? [{ ...given, id, title: textOf(given.title) ?? id }] : [];
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
const isOn = (value: unknown): boolean => value === true || value === 1 || value === "1" || value === "true";
const isDuration = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= 60_000;

/** A number to show on an app, 0 or more; null where the badge is none. */
export function badgeCount(badge: Notification["badge"]): number | null {
  const count = typeof badge === "string" ? Number(badge) : badge;
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** An address that a service or browser fetches: absolute, http or https. */
export const isWebUrl = (text: string | undefined): text is string =>
  text !== undefined && /^https?:\/\//i.test(text) && URL.canParse(text);
