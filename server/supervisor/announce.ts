import type { FirstRun } from "./notes.ts";

/** What a first start prints: addresses, tokens and a request to try. One string a line. */
export function announceFirstRun(firstRun: FirstRun, file: string | null, logs: string | null): string[] {
  const { panel, signIn, appId, accessToken } = firstRun;
  return [
    "",
    `  Chapar is ready.   Panel: ${panel}`,
    "",
    ...(signIn ? [`  Sign in, once:     ${signIn}`] : ["  Sign in with ADMIN_EMAIL and ADMIN_PASSWORD."]),
    `  App:               ${appId}`,
    ...(accessToken ? [`  Access token:      ${accessToken}`] : []),
    ...(file ? [`  Kept in:           ${file}`] : ["  This is shown only now: keep it."]),
    ...(logs ? [`  Logs:              ${logs}`] : []),
    ...(accessToken
      ? [
          "",
          "  Try it, once you have opened the inbox that the Overview offers:",
          "",
          tryIt(panel, accessToken),
        ]
      : []),
    "",
    "  Stop with Ctrl-C.",
  ];
}

/** What a later start prints. */
export function announceStart(
  panel: string,
  signIn: string | null,
  file: string | null,
  logs: string | null,
): string[] {
  return [
    "",
    `  Chapar is ready.   Panel: ${panel}`,
    ...(signIn ? [`  Sign in, once:     ${signIn}`] : []),
    ...(file ? [`  First tokens:      ${file}`] : []),
    ...(logs ? [`  Logs:              ${logs}`] : []),
    "  Stop with Ctrl-C.",
  ];
}

function tryIt(panel: string, accessToken: string): string {
  const body = JSON.stringify({ user: "you", content: "Hello from Chapar" });
  return [
    `curl -X POST '${panel}/api/push/toUsers' \\`,
    `  -H 'X-Access-Token: ${accessToken}' -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join("\n");
}
