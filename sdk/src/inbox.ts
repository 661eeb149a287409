import { ChaparError } from "./errors.ts";
import type { MessageIds } from "./message-ids.ts";
import type { Session } from "./session.ts";
import type { Store } from "./store.ts";
import type { InboxItem, InboxMessage, InboxPage, InboxQuery } from "./types.ts";

/** As many are kept on the device, to be read without a network. */
const keptMessages = 50;

interface Parts {
  session: Session;
  store: Store;
  /** Sends what became of messages before they are asked for. */
  flush: () => Promise<void>;
}

/** Messages of this device of the last thirty days. */
export class Inbox {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A page of it, newest first. Without a network the last messages that the device has got. */
  async list(query: InboxQuery = {}): Promise<InboxPage> {
    const { session, flush } = this.#parts;
    const search = new URLSearchParams();
    if (query.limit !== undefined) search.set("limit", String(query.limit));
    if (query.cursor !== undefined) search.set("cursor", query.cursor);
    if (query.unread) search.set("unread", "true");
    const tail = search.size > 0 ? `?${search}` : "";
    try {
      await flush();
      const page = await session.call<InboxPage>(({ id }) => ({
        method: "GET",
        path: `installations/${encodeURIComponent(id)}/inbox${tail}`,
      }));
      if (!query.cursor && !query.unread) this.#parts.store.set("inbox", page.data.slice(0, keptMessages));
      return page;
    } catch (error) {
      if (!(error instanceof ChaparError) || error.code !== "network" || query.cursor) throw error;
      const kept = this.#kept().filter(({ state }) => !query.unread || isUnread(state));
      return { data: kept.slice(0, query.limit), nextCursor: null };
    }
  }

  /** How many messages nobody has seen. */
  async unread(): Promise<number> {
    const { session, flush } = this.#parts;
    try {
      await flush();
      const { count } = await session.call<{ count: number }>(({ id }) => ({
        method: "GET",
        path: `installations/${encodeURIComponent(id)}/inbox/unread`,
      }));
      return count;
    } catch (error) {
      if (!(error instanceof ChaparError) || error.code !== "network") throw error;
      return this.#kept().filter(({ state }) => isUnread(state)).length;
    }
  }

  /** Keeps a message that came live. */
  keep(message: InboxMessage): void {
    if (message.live) return;
    const others = this.#kept().filter(({ id }) => id !== message.id);
    const item: InboxItem = { ...message, state: "delivered", dismissed: false };
    this.#parts.store.set("inbox", [item, ...others].slice(0, keptMessages));
  }

  /** Notes what became of a message, for whoever reads without a network. */
  note(id: string, change: Partial<Pick<InboxItem, "state" | "dismissed">>): void {
    const items = this.#kept().map((item) => (item.id === id ? { ...item, ...change } : item));
    this.#parts.store.set("inbox", items);
  }

  /** Somebody else is at this device now. */
  forget(): void {
    this.#parts.store.remove("inbox");
  }

  /** Messages that have not been handed over yet, oldest first, as a connection would have brought them. */
  async waiting(ids: MessageIds): Promise<InboxMessage[]> {
    const { data } = await this.list({ limit: keptMessages });
    return data
      .filter(({ state, id }) => (state === "waiting" || state === "sent") && ids.claim(id))
      .reverse()
      .map(({ state: _, dismissed: __, ...message }) => message);
  }

  #kept(): InboxItem[] {
    return this.#parts.store.get<InboxItem[]>("inbox") ?? [];
  }
}

const isUnread = (state: InboxItem["state"]): boolean => state !== "seen" && state !== "clicked";
