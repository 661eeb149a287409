import type { Request } from "./api.ts";
import { backoffMs, Pause } from "./backoff.ts";
import { nextBatch, type Queued } from "./batch.ts";
import { ChaparError, isPassing } from "./errors.ts";
import type { Locked } from "./lock.ts";
import type { Store } from "./store.ts";
import type { Device } from "./types.ts";

/** Some 400 kB at most, of the 5 MB that browsers give to a site. */
const mostWaiting = 1_000;

interface Parts {
  store: Store;
  locked: Locked;
  /** Whose calls they are; null until the device is registered. */
  device: () => Device | null;
  /** Calls the server as the device. */
  call: (request: Request) => Promise<unknown>;
  /** Told of what was given up. */
  onError: (error: ChaparError) => void;
  random?: () => number;
}

/**
 * What is to be told to the server, in order, in the storage until the server has taken it. Each entry is a name of its
 * own there, so that pages of one site add to the same queue without undoing each other's; whichever page holds the
 * lock sends for all.
 */
export class Queue {
  readonly #parts: Parts;
  readonly #pause = new Pause();
  #lastTime = 0;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Kept when this returns; sent as soon as the server can be reached. */
  add(entry: Queued): void {
    const { store } = this.#parts;
    // Later than the one before, also within a millisecond and when the clock is set back.
    this.#lastTime = Math.max(Date.now() * 1_000, this.#lastTime + 1);
    const unique = Math.floor((this.#parts.random ?? Math.random)() * 36 ** 4).toString(36);
    store.set(`queue/${this.#lastTime.toString(36).padStart(11, "0")}-${unique}`, entry);
    const waiting = store.names("queue/");
    for (const name of waiting.slice(0, Math.max(0, waiting.length - mostWaiting))) {
      store.remove(name);
      this.#parts.onError(
        new ChaparError(
          "queue_full",
          `more than ${mostWaiting} calls wait to be sent; the oldest was dropped`,
        ),
      );
    }
    this.wake();
  }

  /** Sends now what waits, also when the next try was due later. */
  wake(): void {
    this.#pause.end();
    if (!this.#isClosed) this.#running ??= this.#run().finally(() => (this.#running = null));
  }

  /** Sends what waits, once. Throws what kept it from being sent; what is refused is dropped. */
  async flush(): Promise<void> {
    await this.#parts.locked("queue", () => this.#sendAll());
  }

  /** What waits stays in the storage. */
  close(): void {
    this.#isClosed = true;
    this.#pause.end();
  }

  async #run(): Promise<void> {
    for (let attempt = 1; !this.#isClosed; attempt++) {
      try {
        return await this.flush();
      } catch (error) {
        if (!isPassing(error)) throw error;
        // The lock is free meanwhile: another page may have better luck.
        await this.#pause.wait(backoffMs(attempt, (this.#parts.random ?? Math.random)()));
      }
    }
  }

  async #sendAll(): Promise<void> {
    const { store, device: deviceOf, call, onError } = this.#parts;
    for (;;) {
      const device = deviceOf();
      if (!device || this.#isClosed) return;
      const names = store.names("queue/");
      const waiting = names.map((name) => store.get<Queued>(name));
      const unreadable = names.filter((_, index) => waiting[index] === null);
      for (const name of unreadable) store.remove(name);
      const batch = nextBatch(
        waiting.filter((entry) => entry !== null),
        device,
      );
      if (!batch) return;
      const taken = names.filter((name) => !unreadable.includes(name)).slice(0, batch.count);
      try {
        for (const { detail, name } of refusedOf(await call(batch.request)))
          onError(new ChaparError("refused", `${batch.request.path}: ${name ? `${name} ` : ""}${detail}`));
      } catch (error) {
        if (isPassing(error) || !(error instanceof ChaparError)) throw error;
        // Registered anew meanwhile: what waits is the new device's to tell.
        if (deviceOf()?.id !== device.id) continue;
        onError(error);
      }
      for (const name of taken) store.remove(name);
    }
  }
}

/** Items that the server has not taken, of a call that it has. */
const refusedOf = (answer: unknown): readonly { name?: string; detail: string }[] =>
  (answer as { refused?: { name?: string; detail: string }[] } | undefined)?.refused ?? [];
