import type { UserChange, UserErasures } from "./merge.ts";

/** Puts a later change of the same user into an earlier one: what it says wins, what it forgets is forgotten. */
export function foldUser(user: UserChange, later: UserChange): void {
  if (later.erase) forget(user, later.erase);
  user.isGuest &&= later.isGuest;
  user.email = later.email ?? user.email;
  user.phone = later.phone ?? user.phone;
  user.language = later.language ?? user.language;
  Object.assign(user.attributes, later.attributes);
  Object.assign(user.valueTags, later.valueTags);
  for (const tag of later.tags) user.tags.push(tag);
  for (const channel of later.optedOut) if (!user.optedOut.includes(channel)) user.optedOut.push(channel);
  user.line = later.line;
}

function forget(user: UserChange, erase: UserErasures): void {
  for (const field of erase.fields) {
    if (field === "tags") {
      user.tags = [];
      user.valueTags = {};
    } else {
      delete user[field];
    }
  }
  for (const name of erase.attributes) delete user.attributes[name];
  user.erase = {
    fields: [...new Set([...(user.erase?.fields ?? []), ...erase.fields])],
    attributes: [...new Set([...(user.erase?.attributes ?? []), ...erase.attributes])],
  };
}
