/** The first event as something to paste into a shell. */
export function trackCurl(origin: string): string {
  const body = { userId: "Test", eventName: "Purchase", eventData: { value: 250000 } };
  return [
    `curl -X POST "${origin}/api/installations/track" \\`,
    '  -H "Authorization: Bearer $TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '${JSON.stringify(body)}'`,
  ].join("\n");
}
