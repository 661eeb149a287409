/** The first send as something to paste into a shell. */
export function firstCurl(origin: string, content: string): string {
  const body = JSON.stringify({ user: "Test", content, useAsAlert: true });
  return [
    `curl -X POST "${origin}/api/push/toUsers" \\`,
    '  -H "Authorization: Bearer $TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    // A quote inside single quotes ends them for the shell, so it is written as an escape of JSON.
    `  -d '${body.replaceAll("'", "\\u0027")}'`,
  ].join("\n");
}
