import { useMemo } from "react";
import { createFormat, type Format } from "../../ui/format.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";

/** The first clock on earth to show anything: a run by users' own clocks begins when it shows the time of the plan. */
export const firstClock = "Pacific/Kiritimati";

/** Writes when a run goes: by the app's clock, or what each user's own shows. */
export function useRunFormat(isUsersOwn: boolean): Format {
  const { language } = useLanguage();
  const { format } = useWords();
  return useMemo(
    () => (isUsersOwn ? createFormat(language, firstClock) : format),
    [isUsersOwn, language, format],
  );
}
