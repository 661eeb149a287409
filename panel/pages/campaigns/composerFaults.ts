import { ApiProblem } from "../../api/problem.ts";
import type { PreviewedText } from "../../api/templates.ts";
import type { Strings } from "../../strings/en.ts";
import { type ComposerValues, filterOfAudience, isNotifying } from "./composerValues.ts";

/** Texts that may have variables in them. */
export type TextField = "text" | "subject" | "title" | "body";

export type Previews = Record<TextField, PreviewedText>;

/** What is wrong, by the field it is wrong in. */
export type ComposerFaults = Partial<Record<TextField | "name" | "audience", string>>;

/** Why a text cannot be filled in, in the server's words; null for another failure, or none. */
export function faultOf({ error }: PreviewedText): string | null {
  if (!(error instanceof ApiProblem)) return null;
  const fault = error.errors.find(({ pointer }) => pointer.startsWith("/content"));
  return fault?.detail ?? null;
}

/** Which texts are a part of the message on its channel. */
export function textFieldsOf(values: Pick<ComposerValues, "channel" | "notifies">): TextField[] {
  if (values.channel === "email") return ["subject", "text"];
  if (values.channel === "push") return ["title", "text"];
  return isNotifying(values) ? ["text", "title", "body"] : ["text"];
}

/** What stands in the way of a launch. */
export function faultsOf(
  values: ComposerValues,
  isFilterAtFault: boolean,
  previews: Previews,
  strings: Strings,
): ComposerFaults {
  const texts = strings.campaigns.fields;
  const faults: ComposerFaults = {};
  if (values.name.trim() === "") faults.name = texts.nameRequired;
  if (filterOfAudience(values.audience) === null || isFilterAtFault)
    faults.audience = values.audience.kind === "own" ? texts.filterWrong : texts.segmentRequired;
  if (values.text.trim() === "") faults.text = texts.textRequired;
  if (values.channel === "email" && values.subject.trim() === "") faults.subject = texts.subjectRequired;
  for (const field of textFieldsOf(values)) {
    const fault = faultOf(previews[field]);
    if (fault !== null) faults[field] = `${texts.broken} ${fault}`;
  }
  return faults;
}
