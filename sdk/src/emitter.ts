type Listener = (...values: never[]) => void;

/** Listeners by the name of what they hear. One that throws keeps nobody else from hearing. */
export class Emitter {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Answers a function that takes the listener away again. */
  on(name: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => this.off(name, listener);
  }

  /** Without a listener all of the name are taken away. */
  off(name: string, listener?: Listener): void {
    if (listener) this.#listeners.get(name)?.delete(listener);
    else this.#listeners.delete(name);
  }

  emit(name: string, ...values: unknown[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (...all: unknown[]) => void)(...values);
      } catch (error) {
        // It is the app's own, and belongs into its console, not into our connection.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
