import type { CountedState } from "./funnel.ts";

/** The colour of each state, the same wherever it is shown. The values are in global.css, light and dark. */
export const stateColors: Record<CountedState, string> = {
  queued: "var(--state-queued)",
  waiting: "var(--state-waiting)",
  sent: "var(--state-sent)",
  delivered: "var(--state-delivered)",
  seen: "var(--state-seen)",
  clicked: "var(--state-clicked)",
  failed: "var(--state-failed)",
  skipped: "var(--state-skipped)",
  expired: "var(--state-expired)",
  cancelled: "var(--state-cancelled)",
  unknown: "var(--state-unknown)",
};
