import { readAppWords } from "../accounts/app-name.ts";
import type { Queryable } from "../db/database.ts";
import { namesOfEvents } from "../events/latest.ts";
import { nilUuid } from "../lib/keys.ts";
import type { Template } from "../lib/liquid.ts";
import type { Needs } from "../templates/needs.ts";
import { type UnknownVariable, unknownVariables, type Vocabulary } from "../templates/unknown.ts";
import { type Variables, type VariablesFor, variablesOf } from "../templates/variables.ts";
import { resolveUser } from "../users/aliases.ts";
import type { UserToReach } from "../users/to-reach.ts";
import { getUser, readAttributes } from "../users/users.ts";
import { findFacts } from "./facts.ts";

/** Stands for the code that somebody would get: none is given away to look at a text. */
const shownCode = "PROMO-CODE";

/** What a message to one user would be filled in with now, for previews. */
export const variablesFrom =
  (db: Queryable): VariablesFor =>
  async (app, userId, needs) => {
    const user = await getUser(db, app, userId);
    const { userKey } = await resolveUser(db, app, userId);
    const spoken = { userKey, installationKey: nilUuid };
    const factsOf = await findFacts(db, app.appKey, needs, [spoken]);
    return {
      ...variablesOf(user),
      ...{ app: await readAppWords(db, app.appKey), now: new Date().toISOString() },
      ...factsOf(spoken),
      ...(needs.promo ? { promo_code: shownCode } : {}),
    };
  };

/** The same for many users whose rows are there already. */
export async function variablesOfSample(
  db: Queryable,
  appKey: number,
  needs: Needs,
  users: readonly UserToReach[],
): Promise<(user: UserToReach) => Variables> {
  const spokenOf = ({ userKey }: UserToReach) => ({ userKey, installationKey: nilUuid });
  const factsOf = await findFacts(db, appKey, needs, users.map(spokenOf));
  const common = {
    ...{ app: await readAppWords(db, appKey), now: new Date().toISOString() },
    ...(needs.promo ? { promo_code: shownCode } : {}),
  };
  return (user) => ({ ...variablesOf(user), ...common, ...factsOf(spokenOf(user)) });
}

/** What variables somebody of an app can have a value for. */
export async function vocabularyOf(db: Queryable, appKey: number): Promise<Vocabulary> {
  const { data } = await readAttributes(db, appKey);
  return { attributes: data.map(({ name }) => name), events: await namesOfEvents(db, appKey) };
}

/** The variables of texts that nobody has a value for, each where it is written. */
export async function unknownIn(
  db: Queryable,
  appKey: number,
  texts: readonly { pointer: string; template: Template }[],
): Promise<({ pointer: string } & UnknownVariable)[]> {
  if (texts.every(({ template }) => template.paths.length === 0)) return [];
  const vocabulary = await vocabularyOf(db, appKey);
  return texts.flatMap(({ pointer, template }) =>
    unknownVariables(template.paths, vocabulary).map((unknown) => ({ pointer, ...unknown })),
  );
}
