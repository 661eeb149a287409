/** A value read at a time (ms). */
export interface Sample {
  value: number;
  at: number;
}

/** Older samples say nothing of the pace now. */
const windowMs = 15_000;

/** Adds a sample and drops what is too old. A value that went back (another import) starts anew. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.value < last.value) return [sample];
  if (last !== undefined && sample.value === last.value && sample.at - last.at < 1000) return [...samples];
  return [...samples.filter((earlier) => sample.at - earlier.at <= windowMs), sample];
}

/** Units per second between the first and the last sample; null until a second has been seen. */
export function rateOf(samples: readonly Sample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < 1000) return null;
  return ((last.value - first.value) / (last.at - first.at)) * 1000;
}

/** Seconds until `value` reaches `total` at this pace; null when the pace is unknown or zero. */
export function secondsLeft(value: number, total: number, perSecond: number | null): number | null {
  if (perSecond === null || perSecond <= 0) return null;
  return Math.max(0, (total - value) / perSecond);
}
