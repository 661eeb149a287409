/** What is sent and written down together; more of it would be more to repeat after a crash. */
const largest = 200;
/** So that a pause, and whatever else is seen between two batches, takes effect well within a second. */
const seconds = 0.25;

/** How many messages of this rate are given to an account at once. `rate`: messages a second. */
export const batchSizeOf = (rate: number): number =>
  Math.min(Math.max(Math.round(rate * seconds), 1), largest);

/** How many messages are given at once to an account without a rate: as many as it took in a quarter of a second. */
export interface BatchSize {
  readonly current: number;
  /** What a batch took. `ms`: from its first request to its last answer. */
  note(messages: number, ms: number): void;
}

/** `underWay`: messages that may be under way at once; less than these would leave some requests unused. */
export function followBatchSize(underWay: number): BatchSize {
  const smallest = Math.min(underWay, largest);
  let current = smallest;
  return {
    get current() {
      return current;
    },
    note(messages, ms) {
      // A few tell nothing of how long many take.
      if (messages >= Math.min(current, smallest))
        current = Math.max(smallest, batchSizeOf((messages * 1000) / Math.max(ms, 1)));
    },
  };
}
