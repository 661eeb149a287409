import { ChaparError } from "./errors.ts";
import type { ShownNotification } from "./notification.ts";
import type { ChaparOptions, Device, InboxMessage, NotificationOpened } from "./types.ts";
import { type WorkerSettings, WorkerStore } from "./worker-store.ts";

/** Web push of this platform; null where there is none. */
export interface Push {
  /** Asks the user where they have not been asked, and subscribes. Answers the token of the device. */
  subscribe(publicKey: string | undefined): Promise<string>;
  unsubscribe(): Promise<void>;
  /** The token of a subscription that there is, and that the key still fits; null otherwise. */
  current(publicKey: string | undefined): Promise<string | null>;
  /** Lets the service worker speak for the device. */
  remember(settings: WorkerSettings): Promise<void>;
  show(notification: ShownNotification): Promise<void>;
  /** Hears what the service worker tells. */
  listen(handlers: PushHandlers): Promise<void>;
  close(): void;
}

interface PushHandlers {
  onMessage: (message: InboxMessage) => void;
  onOpened: (opened: NotificationOpened) => void;
}

/** A click that opened this page is older than this when the page was opened by something else. */
const freshMs = 60_000;

export function browserPush(options: Required<NonNullable<ChaparOptions["serviceWorker"]>>): Push | null {
  const container = globalThis.navigator?.serviceWorker;
  if (!container || !("PushManager" in globalThis) || !("Notification" in globalThis)) return null;
  const store = new WorkerStore();
  const registration = () => container.getRegistration(options.scope);
  let hear: ((event: MessageEvent) => void) | null = null;

  return {
    async subscribe(publicKey) {
      if (!publicKey)
        throw new ChaparError("push_unavailable", "the server has no active account for web push");
      if ((await Notification.requestPermission()) !== "granted")
        throw new ChaparError("push_denied", "the user does not allow notifications of this site");
      await container.register(options.path, { scope: options.scope }).catch((cause: unknown) => {
        throw new ChaparError(
          "push_unavailable",
          `the service worker ${options.path} was not registered for ${options.scope}; it must be on the site's own origin`,
          { cause },
        );
      });
      const active = await ready(container, options.scope);
      const known = await active.pushManager.getSubscription();
      if (known && !fits(known, publicKey)) await known.unsubscribe();
      const applicationServerKey = bytesOf(publicKey);
      const subscription = await active.pushManager
        .subscribe({ userVisibleOnly: true, applicationServerKey })
        .catch((cause: unknown) => {
          throw new ChaparError("push_unavailable", "the browser's push service refused the subscription", {
            cause,
          });
        });
      return JSON.stringify(subscription);
    },
    async unsubscribe() {
      await (await (await registration())?.pushManager.getSubscription())?.unsubscribe();
    },
    async current(publicKey) {
      const subscription = await (await registration())?.pushManager.getSubscription();
      return subscription && (!publicKey || fits(subscription, publicKey))
        ? JSON.stringify(subscription)
        : null;
    },
    remember: (settings) => store.put("settings", settings, "device"),
    async show({ title, options: shown }) {
      if (Notification.permission !== "granted") return;
      await (await registration())?.showNotification(title, shown);
    },
    async listen({ onMessage, onOpened }) {
      hear = ({ data }) => {
        if (data?.chapar === "message") onMessage(data.message);
        if (data?.chapar === "opened") onOpened(data.opened);
      };
      container.addEventListener("message", hear);
      for (const { key, value } of await store.all<NotificationOpened & { at: number }>("opened")) {
        await store.delete("opened", key);
        const { at, ...opened } = value;
        if (Date.now() - at < freshMs) onOpened(opened);
      }
    },
    close() {
      if (hear) container.removeEventListener("message", hear);
    },
  };
}

/** Resolves with the registration once its worker runs; `ready` of the container would wait for one of this page. */
async function ready(container: ServiceWorkerContainer, scope: string): Promise<ServiceWorkerRegistration> {
  const registration = await container.getRegistration(scope);
  if (!registration) return container.ready;
  const starting = registration.installing ?? registration.waiting;
  if (!registration.active && starting)
    await new Promise<void>((resolve) => {
      starting.addEventListener("statechange", () => starting.state === "activated" && resolve());
    });
  return registration;
}

/** Whether a subscription was made for the key; a key that was changed needs another one. */
function fits({ options }: PushSubscription, publicKey: string): boolean {
  const [have, want] = [new Uint8Array(options.applicationServerKey ?? []), bytesOf(publicKey)];
  return have.length === want.length && have.every((byte, index) => byte === want[index]);
}

/** Of base64url. */
function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) =>
    letter.charCodeAt(0),
  );
}

/** What the service worker is told of the device. */
export const workerSettings = (url: string, publicKey: string, { id, mqtt }: Device): WorkerSettings => ({
  ...{ url, publicKey, installationId: id },
  proof: { username: mqtt.username, password: mqtt.password },
});
