import type { User } from "../users/schema.ts";

/** What a template may speak of: `user` with everything that is known of them. */
export interface Variables {
  user: Record<string, unknown>;
  /** The app that sends; dates are written in its time zone. */
  app?: { name: string; timeZone: string };
  /** Of e-mails: where their reader leaves, and chooses what to hear of. */
  unsubscribe_url?: string;
  preferences_url?: string;
}

/**
 * The variables of a user. Attributes stand under their full name, and dotted ones inside a group too: `office.no` is
 * `user['office.no']` and `user.office.no`. What the user itself has (e-mail, phone, id) wins over attributes.
 */
export function variablesOf(user: Pick<User, "userId" | "email" | "phone" | "attributes">): Variables {
  const own = {
    userId: user.userId,
    ...(user.email === null ? {} : { email: user.email }),
    // The digits of E.164 without the plus sign, as files of contacts write them.
    ...(user.phone === null ? {} : { phone: user.phone, phone_no: user.phone }),
  };
  return { user: { ...groupsOf(user.attributes), ...user.attributes, ...own } };
}

/** Dotted names as objects within objects. */
function groupsOf(attributes: Record<string, unknown>): Record<string, unknown> {
  const groups: Group = new Map();
  for (const [name, value] of Object.entries(attributes)) {
    const path = name.split(".");
    const last = path.pop();
    if (path.length === 0 || last === undefined) continue;
    let group = groups;
    for (const part of path) {
      const inner = group.get(part);
      const next: Group = inner instanceof Map ? inner : new Map();
      group.set(part, next);
      group = next;
    }
    if (!group.has(last)) group.set(last, value);
  }
  return toObject(groups);
}

type Group = Map<string, unknown>;

const toObject = (group: Group): Record<string, unknown> =>
  Object.fromEntries(
    [...group].map(([name, value]) => [name, value instanceof Map ? toObject(value) : value]),
  );
