import { useState } from "react";

/** `new` until somebody has hidden the first steps, or asked for them. */
type Guide = "new" | "shown" | "hidden";

const keyOf = (appId: string) => `chapar.guide.${appId}`;

/** Whether the first steps are shown; kept for the next visit. */
export function useGuide(appId: string): [Guide, (guide: Guide) => void] {
  const [guide, set] = useState<Guide>(() => {
    const kept = localStorage.getItem(keyOf(appId));
    return kept === "shown" || kept === "hidden" ? kept : "new";
  });
  return [
    guide,
    (next) => {
      localStorage.setItem(keyOf(appId), next);
      set(next);
    },
  ];
}
