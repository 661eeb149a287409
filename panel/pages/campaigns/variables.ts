/** What every user has besides attributes. */
export const ownVariables = ["userId", "email", "phone"] as const;

/** What an e-mail has besides. */
export const emailVariables = ["unsubscribe_url", "preferences_url"] as const;

/** What is known of the device that a message goes to. */
export const deviceVariables = [
  "deviceType",
  "deviceModel",
  "osVersion",
  "clientVersion",
  "language",
  "country",
  "timeZone",
] as const;

/** What there is to say of a behaviour. */
export const behaviourStats = ["count", "value", "time"] as const;

/** Whatever is neither of the user nor of the device. */
export const otherVariables = { promo: "promo_code", now: "now", app: "app.name" } as const;

/** The Liquid that stands for what a user did: `{{ event['add_to_cart'].count }}`. */
export function liquidOfEvent(name: string, stat: (typeof behaviourStats)[number]): string {
  const quote = name.includes("'") ? '"' : "'";
  return `{{ event[${quote}${name}${quote}].${stat} }}`;
}

/** The Liquid that stands for a value of the user: `{{ user.first_name }}`, `{{ user['office.no'] }}`. */
export function liquidOf(name: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return `{{ user.${name} }}`;
  const quote = name.includes("'") ? '"' : "'";
  return `{{ user[${quote}${name}${quote}] }}`;
}
