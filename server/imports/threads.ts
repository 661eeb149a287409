import { parentPort, type ResourceLimits } from "node:worker_threads";
import { startThread } from "../lib/threads.ts";
import { type FileFault, UnreadableFile } from "./read/read.ts";

/** What a thread answers each time it is asked for the next item. Errors of ours lose their class on the way. */
type ThreadAnswer<Item> =
  | { kind: "item"; item: Item }
  | { kind: "end" }
  | { kind: "unreadable"; message: string; faults: readonly FileFault[] }
  | { kind: "failed"; error: unknown };

/**
 * What a thread makes, item by item; one more is always asked for, so that it works while the last one is used. `name` is
 * the file of the thread beside this one, which calls {@link serveItems}. Throws when `signal` aborts.
 */
export async function* itemsOfThread<Item>(
  name: string,
  options: { workerData: unknown; resourceLimits: ResourceLimits },
  signal: AbortSignal,
): AsyncGenerator<Item> {
  signal.throwIfAborted();
  const thread = startThread(import.meta.url, name, options);
  // By hand and not by racing promises: one that lives as long as the thread would keep every item it lost to.
  let settle: { resolve(answer: ThreadAnswer<Item>): void; reject(reason: unknown): void } | null = null;
  let failure: { reason: unknown } | null = null;
  const early: ThreadAnswer<Item>[] = [];
  const fail = (reason: unknown) => {
    failure = { reason };
    settle?.reject(reason);
  };
  thread.on("message", (answer: ThreadAnswer<Item>) =>
    settle ? settle.resolve(answer) : early.push(answer),
  );
  thread.once("error", fail);
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const nextAnswer = () =>
    new Promise<ThreadAnswer<Item>>((resolve, reject) => {
      const answer = early.shift();
      if (failure) reject(failure.reason);
      else if (answer) resolve(answer);
      else settle = { resolve, reject };
    }).finally(() => {
      settle = null;
    });
  try {
    thread.postMessage("next");
    for (;;) {
      const answer = await nextAnswer();
      if (answer.kind === "end") return;
      if (answer.kind === "unreadable") throw new UnreadableFile(answer.message, { faults: answer.faults });
      if (answer.kind === "failed") throw answer.error;
      thread.postMessage("next");
      yield answer.item;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    await thread.terminate();
  }
}

/** In the thread: answers with the items as they are asked for. `transfer` names what is handed over and not copied. */
export function serveItems<Item>(
  items: AsyncIterator<Item>,
  transfer: (item: Item) => ArrayBuffer[] = () => [],
): void {
  const next = async (): Promise<ThreadAnswer<Item>> => {
    try {
      const { done, value } = await items.next();
      return done ? { kind: "end" } : { kind: "item", item: value };
    } catch (error) {
      if (!(error instanceof UnreadableFile)) return { kind: "failed", error };
      return { kind: "unreadable", message: error.message, faults: error.faults };
    }
  };
  parentPort?.on("message", async () => {
    const answer = await next();
    parentPort?.postMessage(answer, answer.kind === "item" ? transfer(answer.item) : []);
  });
}
