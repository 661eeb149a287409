/** Of the last addresses that were written to, which were called dead. */
export interface GoneGuard {
  /** Notes what was said of one; answers whether there are too many dead ones to be believed. */
  note(isGone: boolean): boolean;
}

const looksBackAt = 100;
const leastResults = 50;

/**
 * Notices when more than half of the last 100 addresses (and at least 50) are called dead. That is more often an account
 * that was set up for another app than people who went away, and believing it would wipe out a user base.
 */
export function createGoneGuard(): GoneGuard {
  const last: boolean[] = [];
  let next = 0;
  let gone = 0;
  return {
    note(isGone) {
      if (last[next]) gone -= 1;
      if (isGone) gone += 1;
      last[next] = isGone;
      next = (next + 1) % looksBackAt;
      return isGone && last.length >= leastResults && gone * 2 > last.length;
    },
  };
}
