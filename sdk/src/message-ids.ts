import type { Store } from "./store.ts";

const atMost = 1_000;

/** Ids of the last thousand messages that this device has handed over, in its storage: what comes again is dropped. */
export class MessageIds {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whether the id is new; it is not the next time. Other pages of the device are looked at too. */
  claim(id: string): boolean {
    const known = this.#store.get<string[]>("messages") ?? [];
    if (known.includes(id)) return false;
    known.push(id);
    this.#store.set("messages", known.slice(-atMost));
    return true;
  }
}
