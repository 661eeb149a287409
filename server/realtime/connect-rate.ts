/**
 * Lets each address connect so often a second, and twice as often for a moment: one address that storms in must not
 * take the time of everybody else. What it remembers is bounded by who came within the last two seconds.
 */
export function createConnectRate(perSecond: number): (address: string, nowMs: number) => boolean {
  const burst = perSecond * 2;
  let swept = 0;
  const buckets = new Map<string, { left: number; atMs: number }>();
  return (address, nowMs) => {
    if (nowMs - swept > 2_000) {
      swept = nowMs;
      // Full again, which is what somebody new has.
      for (const [key, { atMs }] of buckets) if (nowMs - atMs > 2_000) buckets.delete(key);
    }
    const bucket = buckets.get(address) ?? { left: burst, atMs: nowMs };
    bucket.left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) * perSecond) / 1_000);
    bucket.atMs = nowMs;
    buckets.set(address, bucket);
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  };
}
