import { useEffect, useState } from "react";
import { useReview } from "../../api/campaigns.ts";
import type { PlanValues } from "./plan.ts";
import type { useAutosave } from "./useAutosave.ts";

/** When a draft would go, the first runs; null while what is written is not what the server has. */
export function useNextRuns(
  draftId: string | null,
  plan: PlanValues,
  state: ReturnType<typeof useAutosave>["state"],
): readonly string[] | null {
  const written = JSON.stringify(plan);
  const isSaved = state === "saved" || state === "untouched";
  const [saved, setSaved] = useState(written);
  useEffect(() => {
    if (isSaved) setSaved(written);
  }, [isSaved, written]);
  const review = useReview(plan.when === "now" ? null : draftId, saved).data;
  return saved === written ? (review?.next ?? null) : null;
}
