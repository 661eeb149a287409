/** What a hint of new work carries when all of it is small: large sends need not be looked for then. */
export const smallWork = "small";

/** Lets a loop sleep until somebody calls, or a time has passed. A call while nobody sleeps is remembered. */
export function createWake(signal: AbortSignal) {
  let isCalled = false;
  let rouse: (() => void) | null = null;
  return {
    call(): void {
      isCalled = true;
      rouse?.();
    },
    /** Answers whether somebody called. */
    wait(ms: number): Promise<boolean> {
      if (signal.aborted || isCalled) {
        isCalled = false;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => rouse?.(), ms);
        rouse = () => {
          clearTimeout(timer);
          rouse = null;
          resolve(isCalled);
          isCalled = false;
        };
      });
    },
  };
}
