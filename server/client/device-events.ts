import type { Database } from "../db/database.ts";
import type { RefusedEvent, Tracker } from "../events/track.ts";
import { TrackRequest } from "../events/track-schema.ts";
import { faultsOfBody } from "../http/problems.ts";
import { findActions } from "../messages/of-reader.ts";
import { acknowledge } from "../realtime/acknowledgements.ts";
import type { Acknowledgement } from "../realtime/schema.ts";
import { type DeviceEvent, DeviceItem, type NotificationAction } from "./profile-schema.ts";
import { withDates } from "./user-info.ts";

interface App {
  appKey: number;
  appId: string;
}

/** Stores what a device did: what became of notifications there, and events of its user. */
export async function takeDeviceEvents(
  { db, tracker }: { db: Database; tracker: Tracker },
  app: App,
  installationId: string,
  items: readonly unknown[],
): Promise<{ count: number; refused: RefusedEvent[] }> {
  const { acks, events, refused } = readItems(installationId, items);
  const receivedAt = new Date();
  if (acks.length > 0)
    await acknowledge(
      { db, findActions },
      app,
      acks.map((acknowledgement) => ({ installationId, acknowledgement, receivedAt })),
    );
  const lost =
    events.length === 0
      ? []
      : await tracker.track(
          app,
          events.map(({ request }) => request),
        );
  const all = [
    ...refused,
    ...lost.map(({ index, pointer, detail }) => ({
      index: events[index]?.index ?? 0,
      pointer: itemPointer(pointer),
      detail,
    })),
  ];
  return { count: items.length - all.length, refused: all.sort((a, b) => a.index - b.index) };
}

/** The items by what they are, and what is wrong with the others: the first fault of each. */
function readItems(installationId: string, items: readonly unknown[]) {
  const acks: Acknowledgement[] = [];
  const events: { index: number; request: TrackRequest }[] = [];
  const refused: RefusedEvent[] = [];
  for (const [index, item] of items.entries()) {
    const parsed = DeviceItem.safeParse(item);
    const event = parsed.success && parsed.data.type === 2 ? requestOf(installationId, parsed.data) : null;
    if (event?.success) events.push({ index, request: event.data });
    else if (parsed.success && parsed.data.type === 1) acks.push(acknowledgementOf(parsed.data));
    else {
      const [fault] = faultsOfBody((event ?? parsed).error as NonNullable<typeof parsed.error>);
      const pointer = event ? itemPointer(fault?.pointer ?? "") : (fault?.pointer ?? "");
      refused.push({ index, pointer, detail: fault?.detail ?? "expected an item of type 1 or 2" });
    }
  }
  return { acks, events, refused };
}

/** Where in an item that stands which is said of the event made of it. */
const itemPointer = (pointer: string): string =>
  `/data${pointer
    .replace(/^\/eventTime/, "/createdAt")
    .replace(/^\/eventId/, "/id")
    .replace(/^\/eventData/, "/data")}`;

const states = {
  SHOWN: "delivered",
  OPENED: "clicked",
  ACTION_TAKEN: "clicked",
  DISMISSED: "dismissed",
} as const satisfies Record<NotificationAction["actionType"], Acknowledgement["state"]>;

const acknowledgementOf = ({
  msgId,
  actionType,
  actionTs,
  actionId,
}: NotificationAction): Acknowledgement => ({
  ...{ id: msgId, state: states[actionType] },
  ...(actionTs === undefined ? {} : { at: actionTs }),
  ...(actionType === "ACTION_TAKEN" && actionId !== undefined ? { action: actionId } : {}),
});

const requestOf = (
  installationId: string,
  { data: { id, eventName, data = {}, createdAt, __meta } }: DeviceEvent,
) =>
  TrackRequest.safeParse({
    ...{ installationId, eventName, eventId: id, eventTime: createdAt },
    eventData: withCurrency(withDates(data, __meta)),
  });

/** A revenue is written as `trackPurchase` writes it. */
const withCurrency = ({ currency, ...data }: Record<string, unknown>): Record<string, unknown> =>
  currency === undefined
    ? data
    : { ...data, currency: data.isRevenue === true ? String(currency).toUpperCase() : currency };
