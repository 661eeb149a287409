import { useState } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import type { Filter } from "../../api/segments.ts";
import { type Draft, draftOf } from "./draft.ts";
import { forgetDraft, keepDraft, keptDraft } from "./keptDraft.ts";

/** A draft that survives a reload and a walk through the panel. It begins with what was left, or with `initial`. */
export function useDraft(key: string, initial: Filter) {
  const [kept] = useState(() => keptDraft(key));
  const [draft, setDraft] = useState<Draft>(() => kept ?? draftOf(initial, newIdempotencyKey));
  const [isKept, setKept] = useState(kept !== null && !kept.isPreset);
  return {
    draft,
    /** It is the work of an earlier visit, which nobody has touched since. */
    isKept,
    change(edit: (draft: Draft) => Draft) {
      setKept(false);
      setDraft((old) => {
        const next = { ...edit(old), isPreset: false };
        keepDraft(key, next);
        return next;
      });
    },
    startOver() {
      forgetDraft(key);
      setKept(false);
      setDraft(draftOf(initial, newIdempotencyKey));
    },
  };
}
