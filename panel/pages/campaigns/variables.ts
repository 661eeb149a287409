/** What every user has besides attributes. */
export const ownVariables = ["userId", "email", "phone"] as const;

/** What an e-mail has besides. */
export const emailVariables = ["unsubscribe_url", "preferences_url"] as const;

/** The Liquid that stands for a value of the user: `{{ user.first_name }}`, `{{ user['office.no'] }}`. */
export function liquidOf(name: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return `{{ user.${name} }}`;
  const quote = name.includes("'") ? '"' : "'";
  return `{{ user[${quote}${name}${quote}] }}`;
}
