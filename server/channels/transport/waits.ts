/** Something that is waited for: `giveUp` is called at most once, and not after it was taken out. */
export interface Wait {
  giveUp(why: "timeout" | "stopped"): void;
}

/**
 * Waits that all have the same time. Thousands a second share one timer and a listener for each signal, which would
 * else be the dearest part of a message.
 */
export interface Waits {
  /** A signal that is aborted already gives up at once, in this call. */
  add(wait: Wait, signal: AbortSignal): void;
  delete(wait: Wait): void;
}

interface Group {
  waits: Set<Wait>;
  stop: () => void;
}

export function createWaits(timeoutMs: number): Waits {
  // In the order in which they end, since all have the same time.
  const ends = new Map<Wait, { atMs: number; signal: AbortSignal }>();
  const groups = new Map<AbortSignal, Group>();
  let timer: NodeJS.Timeout | null = null;

  const arm = (ms: number) => {
    // A connection keeps the process alive as long as it is worth while.
    timer = setTimeout(endOverdue, ms).unref();
  };

  function endOverdue(): void {
    timer = null;
    const nowMs = performance.now();
    for (const [wait, { atMs }] of ends) {
      if (atMs > nowMs) {
        arm(Math.ceil(atMs - nowMs));
        return;
      }
      remove(wait);
      wait.giveUp("timeout");
    }
  }

  function groupOf(signal: AbortSignal): Group {
    const known = groups.get(signal);
    if (known) return known;
    const waits = new Set<Wait>();
    const stop = () => {
      for (const wait of waits) {
        remove(wait);
        wait.giveUp("stopped");
      }
    };
    signal.addEventListener("abort", stop);
    const group = { waits, stop };
    groups.set(signal, group);
    return group;
  }

  function remove(wait: Wait): void {
    const end = ends.get(wait);
    if (!end) return;
    ends.delete(wait);
    const group = groups.get(end.signal);
    group?.waits.delete(wait);
    if (group?.waits.size === 0) {
      end.signal.removeEventListener("abort", group.stop);
      groups.delete(end.signal);
    }
    if (ends.size === 0 && timer) {
      clearTimeout(timer);
      timer = null;
    }
  }

  return {
    add(wait, signal) {
      if (signal.aborted) return wait.giveUp("stopped");
      groupOf(signal).waits.add(wait);
      ends.set(wait, { atMs: performance.now() + timeoutMs, signal });
      if (!timer) arm(timeoutMs);
    },
    delete: remove,
  };
}
