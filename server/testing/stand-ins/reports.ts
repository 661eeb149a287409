/** Sends what a service has to report, and knows what of it is still to come. */
export interface Reporter {
  /** Posts one report; answers the status it was answered with, 0 where nobody did. */
  post(url: string, report: { headers: Record<string, string>; body: string }): Promise<number>;
  /** Posts the reports one after the other, a moment apart and not at once. */
  follow(posts: readonly (() => Promise<unknown>)[]): void;
  /** Waits until everything that {@link follow} was told of is posted. */
  settle(): Promise<void>;
  /** Lets what is to come be. */
  stop(): Promise<void>;
}

const stepMs = 20;
const longestPostMs = 10_000;

export function createReporter(): Reporter {
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, stepMs);
      stopping.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });

  async function inTurn(posts: readonly (() => Promise<unknown>)[]): Promise<void> {
    for (const post of posts) {
      await pause();
      if (stopping.signal.aborted) return;
      // What nobody takes is left: a service would try again for days.
      await post().catch(() => {});
    }
  }

  return {
    async post(url, { headers, body }) {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(longestPostMs)]);
      try {
        const response = await fetch(url, { method: "POST", headers, body, signal });
        await response.arrayBuffer();
        return response.status;
      } catch {
        return 0;
      }
    },
    follow(posts) {
      const following = inTurn(posts).finally(() => underWay.delete(following));
      underWay.add(following);
    },
    async settle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}
