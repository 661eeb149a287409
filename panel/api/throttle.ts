/** Runs an action at once on the first call, then at most every `everyMs`, and never forgets the last call. */
export interface Throttle {
  call(): void;
  stop(): void;
}

/** See {@link Throttle}. */
export function createThrottle(everyMs: number, action: () => void): Throttle {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isCalledAgain = false;

  const run = () => {
    isCalledAgain = false;
    timer = setTimeout(() => {
      timer = null;
      if (isCalledAgain) run();
    }, everyMs);
    action();
  };

  return {
    call() {
      if (timer === null) run();
      else isCalledAgain = true;
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      isCalledAgain = false;
    },
  };
}
