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

/** A recipient whose texts are to be filled in. */
export interface ToWrite<To extends Addressed = Recipient> {
  recipient: To;
  user: UserToReach;
  writing: Writing;
  reader: Reader;
  /** Variables of the channel. */
  more?: OtherVariables;
}

const nobodys: Variables = { user: {} };

/** Stands for a code while it is found out whether a text can be written at all. */
const someCode = "PROMO-CODE";

/**
 * Fills in what recipients of one app get, each with what their texts speak of. Promo codes are given to those whose text
 * comes out, and to nobody else; `givesCodes` false gives none.
 */
export async function writeAll<To extends Addressed>(
  db: Queryable,
  appKey: number,
  list: readonly ToWrite<To>[],
  { now, givesCodes }: { now: Date; givesCodes: boolean },
): Promise<Map<To, Written>> {
  // Many recipients share one writing.
  const needs = allNeeds([...new Set(list.map(({ writing }) => writing.needs))]);
  const spokenOf = ({ recipient, user }: ToWrite<To>) => ({
    ...{ userKey: user.userKey, installationKey: recipient.installationKey },
  });
  const factsOf = needsNothing(needs)
    ? () => ({})
    : await findFacts(
        db,
        appKey,
        needs,
        list.filter(({ writing }) => !needsNothing(writing.needs)).map(spokenOf),
      );
  const time = now.toISOString();
  const variables = (one: ToWrite<To>): Variables => {
    // What is the same for everybody is not filled in.
    if (!one.writing.isPersonal) return nobodys;
    const { appName: name, timeZone } = one.recipient.chunk;
    return {
      ...variablesOf(one.user),
      ...{ app: { name, timeZone }, now: time },
      ...factsOf(spokenOf(one)),
      ...one.more,
    };
  };
  const written = new Map<To, Written>();
  const toGive: { one: ToWrite<To>; given: Variables }[] = [];
  for (const one of list) {
    const given = variables(one);
    if (!one.writing.hasCode(one.reader)) written.set(one.recipient, one.writing.write(given, one.reader));
    else {
      const tried = one.writing.write({ ...given, promo_code: someCode }, one.reader);
      if (!tried.ok || !givesCodes) written.set(one.recipient, tried);
      else toGive.push({ one, given });
    }
  }
  if (toGive.length === 0) return written;
  const codes = await allotCodes(
    db,
    appKey,
    toGive.map(({ one: { recipient, writing } }): Allotment => {
      const { messageId, trackId } = recipient.chunk;
      const { fallback = null, isSample = false } = writing.promo ?? {};
      return { messageId, userKey: recipient.userKey, trackId, fallback, isSample };
    }),
    now,
  );
  for (const [index, { one, given }] of toGive.entries()) {
    const code = codes[index] ?? null;
    const filled = code === null ? given : { ...given, promo_code: code };
    written.set(one.recipient, one.writing.write(filled, one.reader));
  }
  return written;
}
