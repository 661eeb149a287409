import type { Estimate } from "../../../server/campaigns/schema.ts";
import type { EstimateAsked } from "../../api/campaigns.ts";
import type { Strings } from "../../strings/en.ts";
import type { Format } from "../../ui/format.ts";
import { type ComposerValues, filterOfAudience } from "./composerValues.ts";

/** What to ask for the number of SMS; null while there is no text or audience, or on another channel. */
export function estimateRequest(
  values: Pick<ComposerValues, "channel" | "text" | "audience">,
  isFilterAtFault: boolean,
): EstimateAsked | null {
  const filter = filterOfAudience(values.audience);
  if (values.channel !== "sms" || values.text.trim() === "" || filter === null || isFilterAtFault)
    return null;
  return { channel: "sms", content: values.text, ...filter };
}

/** An estimate in words: how many people, how many SMS, how many each. */
export function estimateWords(
  { users, segments, sampled, total }: Estimate,
  { strings, format }: { strings: Strings; format: Format },
): { people: string; total: string; each: string } {
  const texts = strings.sms.estimate;
  // A text without variables is the same for everybody.
  const isAbout = sampled > 0 && segments.least !== segments.most;
  return {
    people: texts.people(users, format.number(users)),
    total: texts.total(total, format.number(total), isAbout),
    each: texts.each(format.number(segments.least), format.number(segments.most)),
  };
}
