import { type Draft, readDraft } from "./draft.ts";

/** Where the work on a segment of an app is kept; without an id on a new one. */
export const draftKey = (appId: string, segmentId?: string): string =>
  `chapar.segment.${appId}.${segmentId ?? "new"}`;

/** What was left unsaved in this tab. */
export const keptDraft = (key: string): Draft | null => readDraft(sessionStorage.getItem(key));

/** Keeps a draft for a reload, or until somebody comes back to it. */
export function keepDraft(key: string, draft: Draft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Full or forbidden: the work is still on screen.
  }
}

export const forgetDraft = (key: string): void => sessionStorage.removeItem(key);
