/** Lets a loop sleep until somebody calls, or a time has passed. A call while nobody sleeps is remembered. */
export function createWake(signal: AbortSignal) {
  let isCalled = false;
  let rouse: (() => void) | null = null;
  return {
    call(): void {
      isCalled = true;
      rouse?.();
    },
    wait(ms: number): Promise<void> {
      if (signal.aborted || isCalled) {
        isCalled = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => rouse?.(), ms);
        rouse = () => {
          clearTimeout(timer);
          rouse = null;
          isCalled = false;
          resolve();
        };
      });
    },
  };
}
