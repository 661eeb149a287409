/**
 * Lets at most `width` in at a time, in the order they came. Whoever was let in calls what it got when leaving; whoever
 * gives up waiting by its signal is passed over.
 */
export function createGate(width: number): (signal: AbortSignal) => Promise<() => void> {
  let inside = 0;
  const waiting: (() => void)[] = [];

  function leaveOnce(): () => void {
    let isOut = false;
    return () => {
      if (isOut) return;
      isOut = true;
      inside -= 1;
      waiting.shift()?.();
    };
  }

  return (signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const enter = () => {
        signal.removeEventListener("abort", giveUp);
        inside += 1;
        resolve(leaveOnce());
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      if (inside < width) return enter();
      signal.addEventListener("abort", giveUp, { once: true });
      waiting.push(enter);
    });
}
