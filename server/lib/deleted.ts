/** What somebody deleted can be brought back for so long. */
export const restorableDays = 30;

/** When what can still be brought back was deleted at the earliest. */
export const restorableSince = (now: Date): Date => new Date(now.getTime() - restorableDays * 86_400_000);
