import { readTimeZone } from "../accounts/time-zone.ts";
import type { Queryable, Transaction } from "../db/database.ts";
import { type Fault, Problem, validationProblem } from "../lib/problem.ts";
import type { AttributePlan, AttributeRequest, RefusedAttribute } from "./attribute-changes.ts";
import { claimAttributes, storeAttributes } from "./attributes.ts";
import { parseEmail } from "./email.ts";
import { countryOfTimeZone, isCountry, parsePhone } from "./phone.ts";
import { type Identity, insertUser, lockUser, updateIdentity } from "./queries.ts";
import { addTags, removeTags, type TaggedUser } from "./tags.ts";
import { unknownUser } from "./users.ts";
import { type Left, tellWhoLeft } from "./who-left.ts";

/** What is to change of a user; undefined stays, null is forgotten. Addresses as somebody wrote them. */
export interface UserEdit extends Identity, AttributeRequest {
  /** ISO 3166 alpha-2, for a phone number without a country code; else the app's time zone tells. */
  country?: string | undefined;
  addTags?: readonly string[] | undefined;
  removeTags?: readonly string[] | undefined;
}

/** Makes a user who is not there yet. Answers the attributes that were not stored. */
export async function addUser(
  tx: Transaction,
  user: TaggedUser,
  edit: UserEdit,
  now: Date,
): Promise<RefusedAttribute[]> {
  const identity = await readIdentity(tx, user.appKey, edit);
  const plan = await claimAttributes(tx, user.appKey, edit, now);
  if (!(await insertUser(tx, user, now))) {
    throw new Problem(
      "conflict",
      `There is a user ${JSON.stringify(user.userId)} already; change that one, or choose another id.`,
      [{ pointer: "/userId", detail: "is taken by another user" }],
    );
  }
  await store(tx, user, { ...edit, ...identity }, plan, now);
  return plan.refused;
}

/** Changes a user. Answers the attributes that were not stored. */
export async function editUser(
  tx: Transaction,
  user: TaggedUser,
  edit: UserEdit,
  now: Date,
): Promise<RefusedAttribute[]> {
  const identity = await readIdentity(tx, user.appKey, edit);
  const plan = await claimAttributes(tx, user.appKey, edit, now);
  if (!(await lockUser(tx, user.appKey, user.userKey))) throw unknownUser(user.userId);
  const left = await store(tx, user, { ...edit, ...identity }, plan, now);
  await tellWhoLeft(tx, user.appKey, left, now);
  return plan.refused;
}

async function store(
  tx: Transaction,
  user: TaggedUser,
  edit: UserEdit,
  plan: AttributePlan,
  now: Date,
): Promise<Left[]> {
  await storeAttributes(tx, user, plan, now);
  const left = await updateIdentity(tx, user, edit, now);
  if (edit.removeTags?.length) await removeTags(tx, user, edit.removeTags, now);
  if (edit.addTags?.length) await addTags(tx, user, edit.addTags, now);
  return left;
}

/** Addresses as they are stored. Throws a validation problem with all that is wrong. */
async function readIdentity(tx: Queryable, appKey: number, edit: UserEdit): Promise<Identity> {
  const { phone, email, country } = edit;
  const faults: Fault[] = [];
  if (country !== undefined && !isCountry(country)) {
    faults.push({ pointer: "/country", detail: "expected two letters of ISO 3166, such as IR" });
  }
  const read: Identity = {
    whatsappId: edit.whatsappId,
    language: edit.language,
    optedOut: edit.optedOut && [...new Set(edit.optedOut)],
    leftTopics: edit.leftTopics && [...new Set(edit.leftTopics)],
  };
  if (email != null) {
    read.email = parseEmail(email.trim());
    if (read.email === null)
      faults.push({ pointer: "/email", detail: "is not an e-mail address, such as sara@example.com" });
  } else read.email = email;
  if (phone != null && faults.every(({ pointer }) => pointer !== "/country")) {
    const home = country ?? countryOfTimeZone(await readTimeZone(tx, appKey));
    read.phone = parsePhone(phone.trim(), home);
    const example = home ? `of ${home}, or with its country code` : "with its country code";
    if (read.phone === null)
      faults.push({ pointer: "/phone", detail: `is not a phone number ${example}, such as +989123456789` });
  } else read.phone = phone;
  if (faults.length > 0) throw validationProblem(faults);
  return read;
}
