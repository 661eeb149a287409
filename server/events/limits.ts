/** Names that events of one app may have: every one of them shows in every choice of behaviours. */
export const maxEventNames = 1_000;
export const maxEventName = 128;
/** Items of one bulk call. */
export const maxBulk = 1_000;
/** Nothing happened before, and nothing more than a day from now: clocks differ. */
export const earliestEvent = Date.UTC(2000, 0, 1);
export const futureMs = 86_400_000;
