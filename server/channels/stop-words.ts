import { z } from "zod";
import { europeanDigits } from "../lib/digits.ts";
import type { ProviderWish } from "./provider.ts";

const Words = z.array(z.string().trim().min(1).max(40)).max(50);

/** What people write to hear no more, and to hear again: members of the accounts of all who take answers. */
export const wordLists = {
  stopWords: Words.default([
    ...["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "opt-out", "stop promotions"],
    ...["off", "لغو", "لغو11", "لغو 11", "انصراف"],
  ]).describe("An answer that is one of these, and nothing else, means: no more"),
  startWords: Words.default(["start", "unstop", "شروع"]).describe(
    "An answer that is one of these, and nothing else, means: go on again",
  ),
};

export interface WordLists {
  stopWords: readonly string[];
  startWords: readonly string[];
}

/** What somebody who wrote `text` wants; null when it is about something else. */
export function wishOf(
  { stopWords, startWords }: WordLists,
  address: string,
  text: string,
): ProviderWish | null {
  // Longer ones are letters, in which a stop word means something else.
  if (address === "" || text.length > 200) return null;
  const said = plain(text);
  const isIn = (words: readonly string[]) => words.some((word) => plain(word) === said);
  const wants = isIn(stopWords) ? "stop" : isIn(startWords) ? "resume" : null;
  return wants && { address, wants, said: text.trim() };
}

/** As it would be written on a plain keyboard: keyboards of Arabic have letters of their own for the same sounds. */
const plain = (text: string): string =>
  europeanDigits(text.normalize("NFKC"))
    .toLowerCase()
    .replace(/[يى]/g, "ی")
    .replace(/ك/g, "ک")
    .replace(/[أإآٱ]/g, "ا")
    .replace(/[ـ\u064b-\u065f\u0670\u200c-\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ")
    .trim();
