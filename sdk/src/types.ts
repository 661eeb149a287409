import type { ChaparError } from "./errors.ts";

/** Where to, and as whose app. */
export interface ChaparSettings {
  /** Address of the server, as `https://chapar.example.com`. */
  url: string;
  /** A public key of the app, `chpk_…`: it may stand in pages for everybody to read. */
  publicKey?: string;
  /** Another name of `publicKey`, as Chabok's SDK has it. */
  webKey?: string;
  /** Checked against what the server says, where given: a key of another app is noticed. */
  appId?: string;
  /** Writes what the SDK does to the console. */
  devMode?: boolean;
}

export interface ChaparOptions {
  /** Whether messages come live over MQTT. Otherwise the inbox is looked into when the page is opened, focused or pushed to. */
  realtime?: boolean;
  /** Whether nothing is ever shown by itself: the app shows messages as it likes. */
  silent?: boolean;
  webpush?: {
    /** Subscribes again at each start, where the user has allowed it. Asking is {@link Chapar.enablePush}'s. */
    enabled?: boolean;
    /** VAPID public key; the server's own if missing. */
    publicKey?: string;
  };
  serviceWorker?: {
    /** Where the site serves `chapar-worker.js`, or a worker that imports it. `/chapar-worker.js` if missing. */
    path?: string;
    /** `/` if missing. */
    scope?: string;
  };
  /** Where the device, its queue and its inbox are kept: localStorage in browsers, memory in Node, if missing. */
  storage?: KeyValueStorage;
  /** What to tell of the device besides what the SDK finds out. */
  device?: DeviceFields;
}

/** What the SDK keeps its things in. `localStorage` is one. */
export type KeyValueStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** What is said of a device when it registers. */
export interface DeviceFields {
  deviceType?: "android" | "ios" | "web" | "windows" | "other";
  deviceModel?: string;
  browser?: string;
  osVersion?: string;
  /** Version of your app. */
  clientVersion?: string;
  language?: string;
  /** Two letters. */
  country?: string;
  timeZone?: string;
  location?: { lat: number; lng: number };
}

/** A registered device, as the server describes it. */
export interface Device {
  id: string;
  userId: string;
  isGuest: boolean;
  mqtt: { url: string; websocketUrl: string | null; clientId: string; username: string; password: string };
  webPush: { publicKey: string } | null;
}

/** A message of the inbox. */
export interface InboxMessage {
  id: string;
  content: string;
  channel: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  data?: Record<string, unknown>;
  trackId?: string;
  notification?: MessageNotification;
  silent?: boolean;
  /** Not kept: only those who were connected have it. */
  live?: boolean;
  inApp?: boolean;
}

/** What a notification shows, under the names of the Notifications API; some more may be there. */
export interface MessageNotification {
  title?: string;
  body?: string;
  icon?: string;
  image?: string;
  clickUrl?: string;
  actions?: { id?: string; action?: string; title: string; url?: string }[];
  [name: string]: unknown;
}

export type MessageState = "waiting" | "sent" | "delivered" | "seen" | "clicked";

/** A message of the inbox, and what became of it on this device. */
export interface InboxItem extends InboxMessage {
  state: MessageState;
  dismissed: boolean;
}

export interface InboxPage {
  data: InboxItem[];
  /** Gives the next, older page; null where there is none. */
  nextCursor: string | null;
}

export interface InboxQuery {
  /** Messages of a page; the server's choice if missing. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
  /** Only those that nobody has seen. */
  unread?: boolean;
}

/** A topic that the device is in. */
export interface Subscription {
  topic: string;
  live: boolean;
}

export type Attributes = Record<
  string,
  string | number | boolean | null | Date | (string | number | boolean)[]
>;

export interface Registered {
  installationId: string;
  userId: string;
  /** Whether nobody is logged in. */
  isGuest: boolean;
}

export interface NotificationOpened {
  /** Id of the message. */
  messageId: string;
  /** The button that was chosen; null for the notification itself. */
  action: string | null;
  clickUrl: string | null;
  data?: Record<string, unknown>;
}

/** What {@link Chapar.on} hears. Events of {@link Chapar.subscribeEvent} come under their own names. */
export interface ChaparEvents {
  registered: [Registered];
  connecting: [];
  connected: [];
  disconnected: [];
  closed: [];
  message: [InboxMessage];
  notificationOpened: [NotificationOpened];
  error: [ChaparError];
}

/** Whose realtime event it is. */
export interface EventOrigin {
  name: string;
  installationId: string;
}

/** What became of a message on the device. */
export interface Acknowledgement {
  id: string;
  state: "delivered" | "seen" | "clicked" | "dismissed";
  /** Milliseconds since 1970. */
  at: number;
  action?: string;
}
