import { setTimeout as wait } from "node:timers/promises";
import { asObject, objectIn, wordOf } from "../json.ts";
import type { Opening, Outbound, Outcome, Outside, Provider, Sender } from "../provider.ts";
import { createRedactor } from "../redact.ts";
import { type Exchanged, outcomeOfBroken } from "../transport/exchange.ts";
import { openHttp1 } from "../transport/http1.ts";
import { sentence } from "../words.ts";
import { type Entry, outcomeOfEntry, readKavenegarAnswer } from "./kavenegar-answer.ts";
import { KavenegarConfig } from "./kavenegar-config.ts";
import { localIdOf, receptorOf, sendArrayFields } from "./kavenegar-message.ts";
import { parseKavenegarReceipts } from "./kavenegar-receipts.ts";

/** What Kavenegar takes in one request of `sms/sendarray`. */
const mostMessages = 200;
/** Waits before each time that Kavenegar is asked what became of messages it may have taken. */
const lookUpsAfterMs = [1_000, 3_000, 6_000];

/** SMS in Iran by Kavenegar: up to 200 messages a request, which are found again by our own ids. */
export const kavenegarProvider: Provider<KavenegarConfig> = {
  name: "kavenegar",
  channels: ["sms"],
  tokenServices: null,
  config: KavenegarConfig,
  secrets: ["apiKey"],
  destinationOf: ({ baseUrl }) => new URL(baseUrl).origin,
  isRepeatSafe: () => false,
  echoesDeliveryId: () => false,
  open: (config, outside, opening) => openKavenegar(config, outside, opening, lookUpsAfterMs),
  parseReceipts: parseKavenegarReceipts,
};

export function openKavenegar(
  config: KavenegarConfig,
  outside: Outside,
  { connections }: Opening,
  waitsMs: readonly number[],
): Sender {
  const { apiKey, timeoutMs } = config;
  const { host, origin } = new URL(config.baseUrl);
  const http = openHttp1(outside, { connections, timeoutMs });
  const redact = createRedactor([apiKey]);
  const headers = ["content-type", "application/x-www-form-urlencoded"];

  const post = (method: string, fields: Record<string, string>, signal: AbortSignal): Promise<Exchanged> => {
    // The key is in the path: no sentence may have the address in it.
    const path = `/v1/${encodeURIComponent(apiKey)}/${method}.json`;
    const body = new URLSearchParams(fields).toString();
    return http.exchange({ origin, method: "POST", path, headers, body }, signal);
  };
  const read = (exchanged: Extract<Exchanged, { kind: "answered" }>) =>
    readKavenegarAnswer(exchanged, { host, redact, nowMs: Date.now() });

  /** One request for all; in halves where one of them keeps it from being taken. */
  async function sendAll(messages: readonly Outbound[], signal: AbortSignal): Promise<Outcome[]> {
    const exchanged = await post("sms/sendarray", sendArrayFields(messages, config.sender), signal);
    const all = (outcome: Outcome) => messages.map(() => outcome);
    if (exchanged.kind === "broken") {
      const outcome = outcomeOfBroken(exchanged, redact);
      return outcome.kind === "unknown" ? recover(messages, outcome, signal) : all(outcome);
    }
    const answer = read(exchanged);
    switch (answer.kind) {
      case "taken":
        return outcomesOf(messages, answer.entries, signal);
      case "unclear":
        return recover(messages, answer.outcome, signal);
      case "refused": {
        // Nothing of it was taken, so that halves can go again.
        if (!answer.isOfOne || messages.length === 1) return all(answer.outcome);
        const middle = Math.ceil(messages.length / 2);
        const first = await sendAll(messages.slice(0, middle), signal);
        return [...first, ...(await sendAll(messages.slice(middle), signal))];
      }
    }
  }

  /** Entries are in the order of the messages; by what they say of themselves where they say it. */
  async function outcomesOf(
    messages: readonly Outbound[],
    entries: readonly Entry[],
    signal: AbortSignal,
  ): Promise<Outcome[]> {
    const matched = matchEntries(messages, entries);
    const found = messages.map((message) => {
      const entry = matched.get(message);
      return entry ? outcomeOfEntry(entry, redact) : null;
    });
    const missing = messages.filter((_, index) => found[index] === null);
    if (missing.length === 0) return found.filter((outcome) => outcome !== null);
    const detail = `${host} took the request and says nothing of this message`;
    const recovered = await recover(missing, { kind: "unknown", code: "no_entry", detail }, signal);
    return found.map((outcome) => outcome ?? (recovered.shift() as Outcome));
  }

  /** Asks what became of messages that may have been taken. Of those that are not found `outcome` is all that is known. */
  async function recover(
    messages: readonly Outbound[],
    outcome: Outcome,
    signal: AbortSignal,
  ): Promise<Outcome[]> {
    const found = new Map<Outbound, Outcome>();
    for (const ms of waitsMs) {
      if (!(await hasWaited(ms, signal))) break;
      const missing = messages.filter((message) => !found.has(message));
      const outcomes = await lookUp(missing, signal);
      for (const [index, message] of missing.entries()) {
        const known = outcomes[index];
        if (known) found.set(message, known);
      }
      if (found.size === messages.length) break;
    }
    return messages.map((message) => found.get(message) ?? outcome);
  }

  async function lookUp(messages: readonly Outbound[], signal: AbortSignal): Promise<(Outcome | null)[]> {
    const localid = messages.map(localIdOf).join(",");
    const exchanged = await post("sms/statuslocalmessageid", { localid }, signal);
    const answer = exchanged.kind === "answered" ? read(exchanged) : null;
    const entries = answer?.kind === "taken" ? answer.entries : [];
    const byId = new Map(entries.map((entry) => [entry.localId, entry]));
    return messages.map((message) => {
      const entry = byId.get(localIdOf(message));
      return entry ? outcomeOfEntry(entry, redact) : null;
    });
  }

  return {
    async send(message, signal) {
      const [outcome] = await sendAll([message], signal);
      return outcome as Outcome;
    },

    batch: { most: mostMessages, send: sendAll },

    async find(messages, signal) {
      const found: (Outcome | null)[] = [];
      for (let at = 0; at < messages.length; at += mostMessages)
        found.push(...(await lookUp(messages.slice(at, at + mostMessages), signal)));
      return found;
    },

    async check(signal) {
      const exchanged = await post("account/info", {}, signal);
      if (exchanged.kind === "broken") return { ok: false, detail: sentence(redact(exchanged.detail)) };
      const answer = read(exchanged);
      if (answer.kind !== "taken")
        return { ok: false, detail: sentence("detail" in answer.outcome ? answer.outcome.detail : "") };
      const credit = wordOf(asObject(objectIn(exchanged.body).entries).remaincredit);
      const words = credit === "" ? "" : ` The credit is ${redact(credit)} rials.`;
      return { ok: true, detail: `${host} takes the key.${words} Nothing was sent to anybody.` };
    },

    close: () => http.close(),
  };
}

/** The entry of each message: by our id, where it is repeated, else by its place when the phone there is the same. */
function matchEntries(messages: readonly Outbound[], entries: readonly Entry[]): Map<Outbound, Entry> {
  const byId = new Map(
    entries.filter(({ localId }) => localId !== "").map((entry) => [entry.localId, entry]),
  );
  const matched = new Map<Outbound, Entry>();
  for (const [index, message] of messages.entries()) {
    const byPlace = entries.length === messages.length ? entries[index] : undefined;
    const entry = byId.get(localIdOf(message)) ?? (isOf(byPlace, message) ? byPlace : undefined);
    if (entry) matched.set(message, entry);
  }
  return matched;
}

function isOf(entry: Entry | undefined, { to }: Outbound): boolean {
  if (entry?.localId !== "") return false;
  // Kavenegar may write the phone in another way than we did.
  return entry.receptor === "" || entry.receptor.slice(-8) === receptorOf(to).slice(-8);
}

/** False when the waiting was given up. */
const hasWaited = (ms: number, signal: AbortSignal): Promise<boolean> =>
  wait(ms, undefined, { signal }).then(
    () => true,
    () => false,
  );
