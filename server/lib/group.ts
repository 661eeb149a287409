import { setTimeout as pause } from "node:timers/promises";

/**
 * Does many small things as few large ones: calls that come while as many runs as there are lanes are under way wait and
 * go together into the next. Under load a group grows, alone a call goes at once. `run` answers in the order of its
 * items; when it fails, each item is run alone, so that only the one at fault fails. With `gatherMs` a run waits so long
 * for others to come along: where nobody minds, many small runs cost more than few larger ones.
 */
export function createGroup<Item, Answer>(
  run: (items: Item[], lane: number) => Promise<Answer[]>,
  { atMost, lanes = 1, gatherMs = 0 }: { atMost: number; lanes?: number; gatherMs?: number },
): (item: Item) => Promise<Answer> {
  interface Waiting {
    item: Item;
    resolve(answer: Answer): void;
    reject(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  const free = Array.from({ length: lanes }, (_, lane) => lane);

  const settle = async (group: Waiting[], lane: number): Promise<void> => {
    try {
      const answers = await run(
        group.map(({ item }) => item),
        lane,
      );
      for (const [index, { resolve }] of group.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const alone of group) await settle([alone], lane);
    }
  };
  const drain = async (lane: number): Promise<void> => {
    while (waiting.length > 0) {
      if (gatherMs > 0 && waiting.length < atMost) await pause(gatherMs);
      const group = waiting.slice(0, atMost);
      waiting = waiting.slice(atMost);
      // Another lane may have taken them meanwhile.
      if (group.length > 0) await settle(group, lane);
    }
    free.push(lane);
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      const lane = free.pop();
      if (lane !== undefined) void drain(lane);
    });
}
