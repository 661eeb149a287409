/** What pages of one site tell each other. */
export type Told =
  | { kind: "message"; message: unknown }
  | { kind: "event"; name: string; data: unknown; installationId: string }
  | { kind: "state"; isConnected: boolean }
  | { kind: "topics"; topics: string[] }
  | { kind: "publish"; name: string; data: unknown }
  | { kind: "ask" }
  | { kind: "here"; isConnected: boolean };

/** A channel as BroadcastChannel is one. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

interface Parts {
  locks: LockManager | undefined;
  channel: Channel | null;
  name: string;
  hear: (told: Told) => void;
  isConnected: () => boolean;
  onLead: () => void;
  onFollow: () => void;
}

/** A leader that does not answer within it sleeps: phones put pages to sleep that still hold their locks. */
const answerMs = 1_000;

/**
 * Pages of one site hold one connection between them: whoever has the lock leads, and the others hear from it. Without
 * locks, as in Node, one leads from the start.
 */
export class Tabs {
  readonly #parts: Parts;
  #release: (() => void) | null = null;
  #isLeading = false;
  #isClosed = false;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    if (parts.channel) parts.channel.onmessage = ({ data }) => this.#hear(data as Told);
  }

  get isLeading(): boolean {
    return this.#isLeading;
  }

  tell(told: Told): void {
    if (!this.#isClosed) this.#parts.channel?.postMessage(told);
  }

  start(): void {
    if (this.#parts.locks && this.#parts.channel) {
      this.tell({ kind: "ask" });
      void this.#queueUp({});
    } else this.#lead();
  }

  /** The page is looked at: it takes over from a leader that sleeps. */
  attend(): void {
    if (this.#isLeading || this.#isClosed || !this.#parts.locks || !this.#parts.channel) return;
    this.tell({ kind: "ask" });
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => void this.#queueUp({ steal: true }), answerMs);
  }

  close(): void {
    clearTimeout(this.#silence);
    this.#isClosed = true;
    this.#isLeading = false;
    this.#release?.();
    this.#parts.channel?.close();
  }

  #hear(told: Told): void {
    if (told.kind === "here") clearTimeout(this.#silence);
    if (told.kind !== "ask") this.#parts.hear(told);
    else if (this.#isLeading) this.tell({ kind: "here", isConnected: this.#parts.isConnected() });
  }

  async #queueUp(options: LockOptions): Promise<void> {
    try {
      await this.#parts.locks?.request(`${this.#parts.name}lead`, options, () => {
        if (this.#isClosed) return;
        this.#lead();
        return new Promise<void>((resolve) => (this.#release = resolve));
      });
    } catch {
      // Somebody who is looked at has taken over; when that page goes, it is our turn again.
      if (this.#isClosed) return;
      this.#isLeading = false;
      this.#parts.onFollow();
      await this.#queueUp({});
    }
  }

  #lead(): void {
    if (this.#isLeading) return;
    this.#isLeading = true;
    this.#parts.onLead();
  }
}
