import { createHmac, timingSafeEqual } from "node:crypto";
import type { ParsedReceipts, ProviderReceipt, ReceiptRequest } from "../provider.ts";
import type { HttpConfig } from "./config.ts";
import { stepsOf, textOf, valueAt } from "./path.ts";

type Reading = NonNullable<HttpConfig["receipts"]>;

/** Verifies a report and reads what it says. Words that the account does not map are passed over. */
export function parseHttpReceipts(config: HttpConfig, request: ReceiptRequest): ParsedReceipts {
  const { receipts: reading } = config;
  if (!reading)
    return unreadable("the account does not say how reports are read; set receipts in its config");
  const unverified = verify(reading, config.receiptsSecret ?? "", request);
  if (unverified) return { ok: false, refused: "unverified", detail: unverified };
  const report = readReport(request);
  if (report === undefined) return unreadable("the report is neither JSON nor a form");
  const listAt = stepsOf(reading.list);
  const items = listAt ? valueAt(report, listAt) : Array.isArray(report) ? report : [report];
  if (!Array.isArray(items)) return unreadable(`there is no list at ${reading.list}`);
  const receipts = items.map((item) => readItem(reading, item)).filter((item) => item !== null);
  return { ok: true, receipts };
}

const unreadable = (detail: string): ParsedReceipts => ({ ok: false, refused: "unreadable", detail });

/** Null when it is what it says; else what is wrong. */
function verify({ verification }: Reading, secret: string, request: ReceiptRequest): string | null {
  if (verification.kind === "none") return null;
  const given = request.headers[verification.header.toLowerCase()];
  if (typeof given !== "string") return `the header ${verification.header} is missing`;
  const expected =
    verification.kind === "header"
      ? secret
      : verification.prefix + createHmac("sha256", secret).update(request.body).digest(verification.encoding);
  const isHex = verification.kind === "hmac" && verification.encoding === "hex";
  return isSame(isHex ? given.toLowerCase() : given, isHex ? expected.toLowerCase() : expected)
    ? null
    : `the header ${verification.header} is not what receiptsSecret makes of this report`;
}

/** In a time that says nothing of how much of it was right. */
function isSame(given: string, expected: string): boolean {
  const key = "any";
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** JSON, a form, or what stands behind the question mark. */
function readReport(request: ReceiptRequest): unknown {
  if (request.method === "GET" || request.body.length === 0) return request.query;
  const text = request.body.toString("utf8");
  if (String(request.headers["content-type"]).startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readItem(reading: Reading, item: unknown): ProviderReceipt | null {
  const at = (path: string | undefined) =>
    path === undefined ? null : textOf(valueAt(item, path.split(".")));
  const id = at(reading.idPath);
  const word = at(reading.statusPath);
  const state = word !== null && Object.hasOwn(reading.statuses, word) ? reading.statuses[word] : undefined;
  if (!id || !state) return null;
  return {
    subject: reading.subject === "deliveryId" ? { deliveryId: id } : { providerId: id },
    state: state === "gone" ? "failed" : state,
    at: timeOf(at(reading.timePath)),
    code: at(reading.codePath)?.slice(0, 64) ?? null,
    detail: at(reading.detailPath)?.slice(0, 500) ?? null,
    isGone: state === "gone",
  };
}

// Seconds of today have ten digits, milliseconds thirteen.
const firstMilliseconds = 100_000_000_000;

function timeOf(text: string | null): Date | null {
  if (text === null || text === "") return null;
  const number = Number(text);
  const at = new Date(Number.isNaN(number) ? text : number < firstMilliseconds ? number * 1000 : number);
  return Number.isNaN(at.getTime()) ? null : at;
}
