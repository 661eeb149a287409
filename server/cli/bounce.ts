import { readConfig } from "../config.ts";
import { readArguments, UsageError } from "./arguments.ts";
import { findProduct } from "./product.ts";

/** What mail servers make of the end of a command (sysexits.h). */
const exits = { done: 0, usage: 64, unreadable: 65, tryAgain: 75 } as const;

/** As much as is taken; what a report says stands at its beginning. */
const longestMail = 1_048_576;

/**
 * `chapar bounce [--recipient ADDRESS] < mail`: hands a mail that came back to a running Chapar. Whatever could be mended
 * in time is 75, so that the mail server keeps the mail and tries again.
 */
export async function bounce(args: readonly string[]): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    const { values } = readArguments(args, {
      ...{ recipient: { type: "string" }, url: { type: "string" }, token: { type: "string" } },
    });
    const recipient = values.recipient ?? readConfig().mailRecipient;
    const { url, token } = findProduct(values.url, values.token);
    const query = recipient === null ? "" : `?${new URLSearchParams({ recipient })}`;
    const response = await fetch(`${url}/api/bounces${query}`, {
      method: "POST",
      headers: { "x-access-token": token, "content-type": "message/rfc822" },
      body: await readMail(),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (response.ok) return exits.done;
    say(`${url} refused the mail: ${response.status} ${detailOf(text)}`);
    return [400, 413, 422].includes(response.status) ? exits.unreadable : exits.tryAgain;
  } catch (error) {
    const { message, cause } = error as Error;
    say(cause instanceof Error ? `${message}: ${cause.message}` : message);
    return error instanceof UsageError ? exits.usage : exits.tryAgain;
  }
}

function detailOf(text: string): string {
  try {
    return String((JSON.parse(text) as { detail?: unknown }).detail ?? "");
  } catch {
    return text.slice(0, 200);
  }
}

async function readMail(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    // Read to its end: a mail server takes a broken pipe for a failure.
    if (size < longestMail) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, longestMail);
}
