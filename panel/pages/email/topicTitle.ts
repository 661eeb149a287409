import type { TopicDraft } from "../../api/topics.ts";
import type { Language } from "../../ui/format.ts";

/** What a topic is called in a language; in the other one, or by its name, where it has no title in it. */
export const titleOf = ({ topic, titles }: TopicDraft, language: Language): string =>
  titles[language] || titles.en || titles.fa || topic;
