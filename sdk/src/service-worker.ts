/// <reference lib="webworker" />
import { createApi } from "./api.ts";
import {
  addressOf,
  messageOf,
  type NotificationData,
  readPush,
  type ShownNotification,
  shownNotification,
} from "./notification.ts";
import type { NotificationOpened } from "./types.ts";
import { type NotificationReport, type WorkerSettings, WorkerStore } from "./worker-store.ts";

// The service worker: shows what is pushed, opens what is clicked, and reports both. A site serves it as it is, or
// imports it into a worker of its own by `importScripts`.

const worker = self as unknown as ServiceWorkerGlobalScope;
const store = new WorkerStore();

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("push", (event) => event.waitUntil(show(event.data?.text() ?? null)));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(opened(event.notification, event.action));
});
worker.addEventListener("notificationclose", (event) => event.waitUntil(closed(event.notification)));
worker.addEventListener("pushsubscriptionchange", (event) => {
  (event as ExtendableEvent).waitUntil(subscribeAgain(event as unknown as SubscriptionChange));
});

async function show(text: string | null): Promise<void> {
  const payload = readPush(text);
  const { title, options }: ShownNotification = shownNotification(payload);
  // First, whatever becomes of the rest: a push without a notification costs the site its permission.
  await worker.registration.showNotification(title, options);
  const message = messageOf(payload);
  if (message) await tellPages({ chapar: "message", message });
  await report(options.data, "SHOWN");
}

async function opened(notification: Notification, action: string): Promise<void> {
  const data = notification.data as NotificationData | null;
  const address = addressOf(data, action, worker.location.origin);
  const told: NotificationOpened = {
    messageId: data?.messageId ?? "",
    action: action || null,
    clickUrl: data?.clickUrl ?? null,
    ...(data?.data ? { data: data.data } : {}),
  };
  // A page that is opened by it is not there yet to be told.
  const isThere = await focusOrOpen(address, told);
  if (!isThere) await store.put("opened", { ...told, at: Date.now() }).catch(() => {});
  await report(data, action ? "ACTION_TAKEN" : "OPENED", action);
}

const closed = (notification: Notification): Promise<void> =>
  report(notification.data as NotificationData | null, "DISMISSED");

/** Answers whether there was a page to tell. */
async function focusOrOpen(address: string, told: NotificationOpened): Promise<boolean> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const wanted = new URL(address);
  const isAt = ({ url }: WindowClient) => {
    const { origin, pathname } = new URL(url);
    return origin === wanted.origin && pathname === wanted.pathname;
  };
  const page = pages.find(({ url }) => url === address) ?? pages.find(isAt);
  if (!page) {
    await worker.clients.openWindow(address).catch(() => null);
    return false;
  }
  page.postMessage({ chapar: "opened", opened: told });
  // Browsers let a page come forward for a click only.
  await page.focus().catch(() => null);
  return true;
}

async function tellPages(said: unknown): Promise<void> {
  for (const page of await worker.clients.matchAll({ type: "window", includeUncontrolled: true }))
    page.postMessage(said);
}

/** Kept until the server has it: a phone without a network shows notifications too. */
async function report(
  data: NotificationData | null,
  actionType: NotificationReport["actionType"],
  action?: string,
): Promise<void> {
  if (data?.messageId) {
    const said: NotificationReport = {
      ...{ type: 1, actionType, msgId: data.messageId, actionTs: Date.now() },
      ...(data.trackId ? { trackId: data.trackId } : {}),
      ...(action ? { actionId: action } : {}),
    };
    await store.put("reports", said);
  }
  await sendReports();
}

async function sendReports(): Promise<void> {
  const settings = await store.get<WorkerSettings>("settings", "device");
  const reports = await store.all<NotificationReport>("reports");
  if (!settings || reports.length === 0) return;
  const { installationId, proof } = settings;
  const eventData = reports.map(({ value }) => value);
  const body = { installationId, deviceType: "web", createdAt: Date.now(), eventData };
  const api = createApi({ ...settings, log: () => {} });
  const isTaken = await api({ method: "POST", path: "installations/events", body }, proof).then(
    () => true,
    // Refused for good: sending it again would not help. Otherwise with the next one.
    (error: { code?: string }) => error.code === "refused" || error.code === "not_found",
  );
  if (isTaken) for (const { key } of reports) await store.delete("reports", key);
}

interface SubscriptionChange {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

/** The push service has given up the subscription, and the server does not know the new one. */
async function subscribeAgain({ oldSubscription, newSubscription }: SubscriptionChange): Promise<void> {
  const settings = await store.get<WorkerSettings>("settings", "device");
  const subscription =
    newSubscription ??
    (oldSubscription ? await worker.registration.pushManager.subscribe(oldSubscription.options) : null);
  if (!settings || !subscription) return;
  const { installationId, proof } = settings;
  const body = { installationId, deviceType: "web", deviceToken: JSON.stringify(subscription) };
  const api = createApi({ ...settings, log: () => {} });
  await api({ method: "POST", path: "installations/updateDeviceToken", body }, proof);
}
