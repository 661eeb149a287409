/** Texts of a message's report in English. */
export const report = {
  pause: "Pause",
  paused: "Paused: nothing more goes out until you resume",
  resume: "Resume",
  resumed: "It goes on",
  cancel: "Cancel",
  cancelled: "Cancelled: nothing more goes out",
  cancelTitle: "Cancel this message?",
  cancelText: (count: number, shown: string) =>
    count === 1
      ? "1 recipient is still queued and will not get it."
      : `${shown} recipients are still queued and will not get it.`,
  cancelNobody: "Its audience is still being worked out. Nobody will get it.",
  cancelStays: "Whoever has it already keeps it. This cannot be undone.",
  cancelConfirm: "Cancel the message",
  cancelKeep: "Keep sending",
  retry: "Retry",
  retryTitle: "Send again to those who failed?",
  retryText: (count: number, shown: string) =>
    count === 1 ? "It failed for 1 recipient." : `It failed for ${shown} recipients.`,
  retryNone: "It failed for nobody.",
  retryStates: "Those whose address is dead or missing will fail again; whoever has it is left alone.",
  retryUnknown: (count: number, shown: string) =>
    count === 1 ? "Also the 1 that may have gone out" : `Also the ${shown} that may have gone out`,
  retryUnknownHint: "Some may get it twice.",
  retryConfirm: "Send again",
  retried: (count: number, shown: string) =>
    count === 0
      ? "Nobody is left to send to again"
      : count === 1
        ? "1 recipient is queued again"
        : `${shown} recipients are queued again`,
  rateActual: (rate: string) => `${rate}/s now`,
  rateLimit: (rate: string) => `${rate}/s at most, as the account is set`,
  rateUnlimited: "no limit set",
  holds: {
    paused: "It is paused",
    no_account: "No account serves this channel",
    account_paused: "The account of the provider does not send",
    account_waits: "The provider asked to wait",
    another_attempt: "Waiting for another attempt",
    later_step: "Waiting for its next step",
  },
  holdHints: {
    paused: "Nothing goes out until you resume it. Who is queued stays queued.",
    no_account:
      "Add an account of a provider for this channel; those who are queued go out then by themselves.",
    account_paused:
      "It is switched off or set up wrongly. Mend it and let it send again; those who are queued go out then by themselves.",
    account_waits: "It goes on by itself, at the pace the provider allows.",
    another_attempt: "What failed for the moment is tried again by itself, with growing pauses.",
    later_step: "Its time has not come yet.",
  },
  holdUntil: "Goes on",
  toProviders: "Open providers",
  reasons: "Why not",
  reasonsHint: "Everyone who was not reached, and why. Choose a line to see who they are.",
  reason: "Reason",
  code: "Code of the provider",
  codeOf: (code: string) => `Code ${code}`,
  count: "Recipients",
  share: "Share",
  showWho: (reason: string) => `Show who: ${reason}`,
  fallback: "If it is not shown in time",
  fallbackText: (channel: string, delay: string) => `By ${channel}, after ${delay}`,
  channel: "Channel",
  subject: "Subject",
  filterState: "State",
  filterReason: "Reason",
  anyReason: "Any reason",
  searchUser: "Search recipients",
  searchUserHint: "User id, phone or e-mail",
  clearSearch: "Clear search",
  narrowed: "Nobody fits",
  narrowedHint: "Choose another state or reason, or clear the search.",
  clear: "Show everyone",
  noRowYet: "Not tried yet",
  attempts: "Attempts",
  times: "When",
  provider: "Provider’s id",
  nextAttempt: "Next attempt",
  more: "Details",
  moreOf: (user: string) => `Details of ${user}`,
  account: "Account",
  said: "The provider said",
  deliveryId: "Id of the delivery",
};
