import { createHmac, timingSafeEqual } from "node:crypto";
import { parsedJson } from "./json.ts";
import type { ParsedReceipts, ReceiptRequest } from "./provider.ts";

type Refused = Extract<ParsedReceipts, { ok: false }>;

export const unreadable = (detail: string): Refused => ({ ok: false, refused: "unreadable", detail });
export const unverified = (detail: string): Refused => ({ ok: false, refused: "unverified", detail });

/** A header that was sent once; empty where it was not. */
export function headerOf({ headers }: ReceiptRequest, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

/** A member of the address; the first, where it stands there twice. */
export function queryOf({ query }: ReceiptRequest, name: string): string {
  const value = Object.hasOwn(query, name) ? query[name] : undefined;
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

export const isForm = (request: ReceiptRequest): boolean =>
  headerOf(request, "content-type").toLowerCase().startsWith("application/x-www-form-urlencoded");

/** JSON, a form, or what stands behind the question mark; undefined for none of them. */
export function readReport(request: ReceiptRequest): unknown {
  if (request.method === "GET" || request.body.length === 0) return request.query;
  const text = request.body.toString("utf8");
  return isForm(request) ? Object.fromEntries(new URLSearchParams(text)) : parsedJson(text);
}

/** In a time that says nothing of how much of it was right. */
export function isSame(given: string, expected: string): boolean {
  const key = "any";
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Why a report is not believed that has to carry a token in `x-chapar-token`; null for one that is. */
export function faultOfToken(request: ReceiptRequest, token: string | undefined): string | null {
  if (token === undefined) return null;
  const given = headerOf(request, "x-chapar-token");
  if (given === "") return "the header x-chapar-token is missing";
  return isSame(given, token) ? null : "the header x-chapar-token is not receiptsToken of the account";
}

// Seconds of today have ten digits, milliseconds thirteen.
const firstMilliseconds = 100_000_000_000;

/** ISO 8601, or Unix time in seconds or milliseconds; null for what is none. */
export function timeOf(text: string | null): Date | null {
  if (text === null || text === "") return null;
  const number = Number(text);
  const at = new Date(Number.isNaN(number) ? text : number < firstMilliseconds ? number * 1000 : number);
  return Number.isNaN(at.getTime()) ? null : at;
}

const deliveryMember = "delivery";

/** Where to report on one delivery: the address of the account, with a member that names it. */
export function addressOfReports(receiptsUrl: string, deliveryId: string): string {
  const url = new URL(receiptsUrl);
  url.searchParams.set(deliveryMember, deliveryId);
  return url.href;
}

/** The delivery that {@link addressOfReports} named; empty where there is none. */
export const deliveryOfAddress = (request: ReceiptRequest): string =>
  queryOf(request, deliveryMember).slice(0, 128);
