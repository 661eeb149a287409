import type { Queryable } from "../db/database.ts";
import { type Allotment, allotCodes } from "../promo/allot.ts";
import { allNeeds, needsNothing } from "../templates/needs.ts";
import { type OtherVariables, type Variables, variablesOf } from "../templates/variables.ts";
import type { UserToReach } from "../users/to-reach.ts";
import { findFacts } from "./facts.ts";
import type { Recipient } from "./slices.ts";
import type { Reader, Writing, Written } from "./writing.ts";

/** Who gets what: the message, and the user and device that it is recorded under. */
interface Addressed {
  chunk: { messageId: string; trackId: string | null; appName: string; timeZone: string };
  userKey: string;
  installationKey: string;
}

/** A recipient whose texts are to be filled in, and under which key we know who it is by now. */
export interface ToWrite<To extends Addressed = Recipient> {
  recipient: To;
  userKey: string;
  user: UserToReach;
  writing: Writing;
  reader: Reader;
  /** Variables of the channel. */
  more?: OtherVariables;
}

/** Texts of recipients. */
interface Words<To> {
  /** With something that stands for a promo code: no code is given to find out whether a text can be written. */
  written: ReadonlyMap<To, Written>;
  /** Gives a code to each of those who are really sent to and whose text speaks of one. Answers all texts. */
  withCodes(isSentTo: (recipient: To) => boolean): Promise<ReadonlyMap<To, Written>>;
}

const someCode = "PROMO-CODE";

/** Fills in what recipients of one app get, each with what their texts speak of. */
export async function writeAll<To extends Addressed>(
  db: Queryable,
  appKey: number,
  list: readonly ToWrite<To>[],
  now: Date,
): Promise<Words<To>> {
  const variablesFor = await findVariables(db, appKey, list, now);
  const written = new Map<To, Written>();
  const promos: { one: ToWrite<To>; variables: Variables }[] = [];
  for (const one of list) {
    const { recipient, writing, reader } = one;
    const variables = variablesFor(one);
    const hasCode = writing.needs(reader).promo;
    const text = writing.write(hasCode ? { ...variables, promo_code: someCode } : variables, reader);
    written.set(recipient, text);
    if (hasCode && text.ok) promos.push({ one, variables });
  }
  return {
    written,
    async withCodes(isSentTo) {
      const toGive = promos.filter(({ one }) => isSentTo(one.recipient));
      if (toGive.length === 0) return written;
      const codes = await allotCodes(
        db,
        appKey,
        toGive.map(({ one }) => allotmentOf(one)),
        now,
      );
      const all = new Map(written);
      for (const [index, { one, variables }] of toGive.entries()) {
        const code = codes[index] ?? null;
        const given = code === null ? variables : { ...variables, promo_code: code };
        all.set(one.recipient, one.writing.write(given, one.reader));
      }
      return all;
    },
  };
}

const allotmentOf = ({
  recipient: { chunk, userKey },
  writing: { promo },
}: ToWrite<Addressed>): Allotment => ({
  ...{ messageId: chunk.messageId, userKey, trackId: chunk.trackId },
  ...{ fallback: promo?.fallback ?? null, isSample: promo?.isSample ?? false },
});

async function findVariables(
  db: Queryable,
  appKey: number,
  list: readonly ToWrite<Addressed>[],
  now: Date,
): Promise<(one: ToWrite<Addressed>) => Variables> {
  const needy = list.filter(({ writing, reader }) => !needsNothing(writing.needs(reader)));
  const spokenOf = ({ recipient, userKey }: ToWrite<Addressed>) => ({
    ...{ userKey, installationKey: recipient.installationKey },
  });
  const needs = allNeeds(needy.map(({ writing, reader }) => writing.needs(reader)));
  const factsOf = needy.length === 0 ? null : await findFacts(db, appKey, needs, needy.map(spokenOf));
  return (one) => {
    const { appName: name, timeZone } = one.recipient.chunk;
    return {
      ...variablesOf(one.user),
      ...{ app: { name, timeZone }, now: now.toISOString() },
      ...factsOf?.(spokenOf(one)),
      ...one.more,
    };
  };
}
