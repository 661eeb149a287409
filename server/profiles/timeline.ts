import { z } from "zod";
import type { Queryable } from "../db/database.ts";
import { listUserMessages, type UserMessage } from "../deliveries/of-user.ts";
import { listUserEvents, type UserEvent } from "../events/of-user.ts";
import { decodeCursor, type Page, toPage } from "../lib/page.ts";
import { contentOfMessages } from "../messages/messages.ts";
import { listGuests } from "../users/aliases.ts";
import { type App, requirePerson } from "./person.ts";
import type { TimelineItem, TimelineQuery } from "./schema.ts";

/** What happened with a user, the latest first; of one moment events come before messages. */
export async function timelineOf(
  db: Queryable,
  app: App,
  userId: string,
  { kind, cursor, limit }: TimelineQuery,
): Promise<Page<TimelineItem>> {
  const { userKey } = await requirePerson(db, app, userId);
  const last = decodeCursor(cursor, z.tuple([z.int(), z.enum(["event", "message"]), z.guid()]));
  const [at, lastKind, id] = last ?? [null, null, null];
  const before = at === null ? null : new Date(at);
  // All of a moment's messages come after its events.
  const events =
    kind === "message"
      ? []
      : await listUserEvents(db, app.appKey, {
          userKey,
          before: before && (lastKind === "event" ? { at: before, id } : { at: before, id: null }),
          limit: limit + 1,
        });
  const messages =
    kind === "event"
      ? []
      : await listUserMessages(db, app.appKey, {
          userKeys: [userKey, ...(await listGuests(db, app.appKey, userKey)).map((guest) => guest.userKey)],
          before: before && (lastKind === "message" ? { id } : { at: new Date(before.getTime() + 1) }),
          limit: limit + 1,
        });
  const items = merged(events, messages).slice(0, limit + 1);
  const contents = await contentOfMessages(
    db,
    app.appKey,
    items.flatMap((item) => (item.kind === "message" ? [item.id] : [])),
  );
  const page = toPage(items, limit, (item) => [item.at.getTime(), item.kind, item.id]);
  return { ...page, data: page.data.map((item) => toItem(item, contents)) };
}

type Item = ({ kind: "event" } & UserEvent) | ({ kind: "message" } & UserMessage);

/** Two lists, each the latest first, as one. */
function merged(events: readonly UserEvent[], messages: readonly UserMessage[]): Item[] {
  const items: Item[] = [];
  let [nextEvent, nextMessage] = [0, 0];
  for (;;) {
    const event = events[nextEvent];
    const message = messages[nextMessage];
    if (event && (!message || event.at >= message.at)) {
      items.push({ kind: "event", ...event });
      nextEvent++;
    } else if (message) {
      items.push({ kind: "message", ...message });
      nextMessage++;
    } else return items;
  }
}

function toItem(item: Item, contents: ReadonlyMap<string, string>): TimelineItem {
  if (item.kind === "event") return { ...item, at: item.at.toISOString() };
  const { kind, id, at, deliveries } = item;
  return {
    ...{ kind, id, deliveries },
    at: at.toISOString(),
    channel: "inbox",
    content: contents.get(id) ?? "",
  };
}
