import { useState } from "react";
import type { SampleUser } from "../../../server/segments/schema.ts";

/** Whom a preview is shown for, and the way to the others. */
export interface PreviewUser {
  /** Undefined when nobody is in the audience. */
  user: SampleUser | undefined;
  hasOthers: boolean;
  previous(): void;
  next(): void;
}

/** Steps through a few of the audience. Whoever was looked at stays while they are among them. */
export function usePreviewUser(samples: readonly SampleUser[]): PreviewUser {
  const [userId, setUserId] = useState<string | null>(null);
  const found = samples.findIndex((sample) => sample.userId === userId);
  const index = Math.max(0, found);
  const turn = (by: number) => {
    const next = samples[(index + by + samples.length) % samples.length];
    if (next !== undefined) setUserId(next.userId);
  };
  return {
    user: samples[index],
    hasOthers: samples.length > 1,
    previous: () => turn(-1),
    next: () => turn(1),
  };
}
