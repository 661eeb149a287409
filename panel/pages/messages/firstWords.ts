/** The beginning of a text as a title: one line, at most about 70 characters, cut between words. */
export function firstWords(content: string): string {
  const line = content.replaceAll(/\s+/g, " ").trim();
  if (line.length <= 70) return line;
  const cut = line.slice(0, 70);
  const space = cut.lastIndexOf(" ");
  return `${cut.slice(0, space > 40 ? space : 70)}…`;
}
