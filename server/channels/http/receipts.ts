import { createHmac } from "node:crypto";
import type { ParsedReceipts, ProviderReceipt, ReceiptRequest } from "../provider.ts";
import { isSame, readReport, timeOf, unreadable } from "../report.ts";
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
