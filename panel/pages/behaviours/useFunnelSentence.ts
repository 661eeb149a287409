import type { Funnel } from "../../../server/events/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { largestLoss } from "./funnelSteps.ts";

/** What a funnel shows, in words: who came through, how fast, and where most were lost. */
export function useFunnelSentence(
  funnel: Funnel,
  order: "strict" | "any",
  within: number | undefined,
): string {
  const { strings, format } = useWords();
  const texts = strings.behaviours;
  // Names come from outside and may be of the other direction: isolates keep the sentence in order, UAX #9.
  const quote = (name: string) => texts.quote(`\u2068${name}\u2069`);
  const first = funnel.steps[0];
  const last = funnel.steps.at(-1);
  if (first === undefined || last === undefined) return "";
  if (first.users === 0) return texts.funnelNobody(quote(first.name));

  const said = {
    users: format.number(first.users),
    first: quote(first.name),
    reached: format.number(last.users),
    percent: format.percent(last.users, first.users),
    last: quote(last.name),
    steps: format.number(funnel.steps.length),
  };
  const sentences = [order === "any" ? texts.funnelSentenceAny(said) : texts.funnelSentence(said)];
  if (order === "strict" && last.users > 0 && last.medianSeconds !== null)
    sentences.push(texts.funnelMedian(format.duration(last.medianSeconds)));
  const worst = largestLoss(funnel.steps);
  const lost = worst === null ? undefined : funnel.steps[worst];
  const before = worst === null ? undefined : funnel.steps[worst - 1];
  // With two steps the first sentence has said it.
  if (lost !== undefined && before !== undefined && funnel.steps.length > 2)
    sentences.push(
      texts.funnelLoss(quote(lost.name), format.percent(before.users - lost.users, before.users)),
    );
  if (order === "strict" && within !== undefined) {
    const limit =
      within % 24 === 0
        ? texts.withinDays(within / 24, format.number(within / 24))
        : texts.withinHours(within, format.number(within));
    sentences.push(texts.funnelWithin(limit));
  }
  return sentences.join(" ");
}
