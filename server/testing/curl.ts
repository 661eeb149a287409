import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** A call as `curl` would make it. */
export interface Curl {
  command: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** The curl commands in the shell blocks of a Markdown file; `variables` are the shell's. */
export function curlsOf(file: string, variables: Record<string, string>): Curl[] {
  const blocks = [...readFileSync(file, "utf8").matchAll(/^```sh\n(.*?)^```/gms)].map(
    ([, block]) => block ?? "",
  );
  return blocks.flatMap((block) =>
    block
      .replaceAll("\\\n", " ")
      // A body may go over several lines.
      .replace(/'[^']*'/g, (quoted) => quoted.replaceAll("\n", " "))
      .split("\n")
      .filter((line) => line.startsWith("curl "))
      .map((command) => readCurl(command, variables)),
  );
}

/** Has the shell take the command apart, with a function in the place of curl that tells its arguments. */
function readCurl(command: string, variables: Record<string, string>): Curl {
  const output = execFileSync("bash", ["-c", `curl() { printf '%s\\0' "$@"; }\n${command}`], {
    env: { ...process.env, ...variables },
    encoding: "utf8",
  });
  const { values, positionals } = parseArgs({
    args: output.split("\0").slice(0, -1),
    allowPositionals: true,
    options: {
      request: { type: "string", short: "X" },
      header: { type: "string", short: "H", multiple: true },
      data: { type: "string", short: "d" },
      "data-binary": { type: "string" },
      user: { type: "string", short: "u" },
    },
  });
  const body = values.data ?? values["data-binary"];
  const headers = (values.header ?? []).map((line): [string, string] => {
    const at = line.indexOf(":");
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  if (values.user !== undefined)
    headers.push(["authorization", `Basic ${Buffer.from(values.user).toString("base64")}`]);
  return {
    command,
    method: values.request ?? (body === undefined ? "GET" : "POST"),
    url: positionals[0] ?? "",
    headers: Object.fromEntries(headers),
    body,
  };
}
