/** The name a user's attributes have for them, null for none. As the search finds it. */
export function nameOf(attributes: Readonly<Record<string, unknown>>): string | null {
  const text = (name: string) => {
    const value = attributes[name];
    return typeof value === "string" ? value.trim() : "";
  };
  const parts = `${text("first_name") || text("firstName")} ${text("last_name") || text("lastName")}`;
  return text("name") || text("full_name") || parts.trim() || null;
}
