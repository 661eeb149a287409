const shortestMs = 1_000;
const longestMs = 60_000;

/**
 * Milliseconds to wait before attempt `attempt` (1 is the first repeat): 1 s doubled each time, at most a minute, of
 * which `random` in [0, 1) takes off up to a half, so that a thousand devices do not come back at once.
 */
export const backoffMs = (attempt: number, random: number): number =>
  Math.min(longestMs, shortestMs * 2 ** Math.min(attempt - 1, 10)) * (1 - random / 2);

/** A wait that somebody may end early. */
export class Pause {
  #end: (() => void) | null = null;

  /** Resolves after `ms`, or at once by {@link end}. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    this.#end?.();
    this.#end = null;
  }
}
