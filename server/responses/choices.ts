import { readAppName } from "../accounts/app-name.ts";
import type { Queryable, Transaction } from "../db/database.ts";
import { languagesOfUser } from "../installations/installations.ts";
import { topicsToChoose } from "../installations/topics.ts";
import { type Asking, fulfil, leavesAll, whoAsks } from "./leaving.ts";
import { type Choices, masked } from "./page.ts";
import { languageOf } from "./texts.ts";

/** A form of the page as it came: names and all their values. */
export type Form = Pick<URLSearchParams, "get" | "getAll">;

/** What the page says to a reader at this moment. `accepted` is the language that their browser asks for. */
export async function readChoices(
  tx: Transaction,
  asking: Asking,
  { accepted, isSaved }: { accepted: string | undefined; isSaved: boolean },
): Promise<Choices> {
  const { appKey, topic } = asking.message;
  const appName = await readAppName(tx, appKey);
  const reader = await whoAsks(tx, asking);
  if (!reader) {
    return {
      ...{ language: languageOf(accepted), appName, address: null, hearsEmail: null, topics: [] },
      isSaved: false,
    };
  }
  const language = languageOf(
    reader.language,
    ...(await languagesOfUser(tx, appKey, reader.userKey)),
    accepted,
  );
  const topics = await topicsToChoose(tx, appKey, topic);
  return {
    ...{ language, appName, address: reader.email && masked(reader.email), isSaved },
    hearsEmail: !reader.optedOut.includes("email"),
    topics: topics.map(({ topic, titles }) => ({
      topic,
      title: titles[language] ?? titles.en ?? titles.fa ?? topic,
      isHeard: !reader.leftTopics.includes(topic),
    })),
  };
}

/** Does what a form says: that of the page, or the one that mail programs post (RFC 8058 §3.1). False for any other. */
export async function obeyForm(tx: Transaction, asking: Asking, form: Form, now: Date): Promise<boolean> {
  if (form.get("List-Unsubscribe") === "One-Click") {
    await fulfil(tx, asking, { leaves: leavesAll(asking.message) }, now);
    return true;
  }
  switch (form.get("wish")) {
    case "leave":
      await fulfil(tx, asking, { leaves: { channel: "email" } }, now);
      return true;
    case "return":
      await fulfil(tx, asking, { returns: { channel: "email" } }, now);
      return true;
    case "save":
      await fulfil(tx, asking, await topicsOf(tx, asking, form), now);
      return true;
    default:
      return false;
  }
}

/** Of the topics that the page has, those that were on it: others are nobody's to leave by this form. */
async function topicsOf(db: Queryable, { message }: Asking, form: Form) {
  const shown = new Set(form.getAll("shown"));
  const ticked = new Set(form.getAll("topic"));
  const topics = (await topicsToChoose(db, message.appKey, message.topic))
    .map(({ topic }) => topic)
    .filter((topic) => shown.has(topic));
  const left = topics.filter((topic) => !ticked.has(topic));
  const returns = { topics: topics.filter((topic) => ticked.has(topic)) };
  return left.length > 0 ? { leaves: { topics: left }, returns } : { returns };
}
