import { z } from "zod";
import { JsonPath } from "./path.ts";
import { faultsOfTemplates } from "./templates.ts";

// RFC 9110 §5.6.2
const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const headerName = z.string().max(100).regex(token, "is not a name of a header");

/** Of a key that cannot be used its own fault; "invalid key" alone would not say what to mend. */
const sayKeyFault = {
  error: (issue: { code: string; issues?: readonly { message?: string }[] }) =>
    issue.code === "invalid_key" ? issue.issues?.[0]?.message : undefined,
};

/** Headers that belong to the connection; a wrong one of them would break it. */
const ownHeaders = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const Scalar = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);
const Listed = z
  .array(
    z.union(
      [z.int().min(100).max(599), z.string().min(1).max(64)],
      "expected an HTTP status or a code in quotes",
    ),
  )
  .max(200);

const Verification = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("header").describe("The header is receiptsSecret itself"),
    header: headerName,
  }),
  z.strictObject({
    kind: z.literal("hmac").describe("The header is the HMAC-SHA256 of the body, by receiptsSecret"),
    header: headerName,
    encoding: z.enum(["hex", "base64"]).default("hex"),
    prefix: z.string().max(40).default("").describe("What stands before it, as sha256="),
  }),
]);

const Receipts = z.strictObject({
  list: JsonPath.optional().describe(
    "Where the list is when one report has several; the paths below are in its items",
  ),
  subject: z
    .enum(["deliveryId", "providerId"])
    .describe("Whose id is in a report: ours of the delivery, or theirs"),
  idPath: JsonPath,
  statusPath: JsonPath,
  statuses: z
    .record(z.string().min(1).max(64), z.enum(["sent", "delivered", "seen", "clicked", "failed", "gone"]))
    .refine((map) => Object.keys(map).length > 0, "says nothing; map the words of the provider to ours")
    .describe("Their words and what they mean; others are passed over"),
  timePath: JsonPath.optional().describe("ISO 8601, or Unix time in seconds or milliseconds"),
  codePath: JsonPath.optional(),
  detailPath: JsonPath.optional(),
  verification: Verification.default({ kind: "none" }),
});

/** What an account of the generic HTTP provider needs. */
export const HttpConfig = z
  .strictObject({
    method: z.enum(["POST", "GET", "PUT"]).default("POST"),
    url: z
      .string()
      .max(2000)
      .describe("Address of the service. Liquid may stand in path and query; values are encoded for them"),
    headers: z
      .record(headerName, z.string().max(4000), sayKeyFault)
      .default({})
      .describe("Values may be Liquid. They are kept as secrets"),
    contentType: z.string().max(100).default("application/json"),
    body: z
      .string()
      .max(64 * 1024)
      .default("")
      .describe('Liquid. In JSON write values with the filter json: {"to": {{ to | json }}}'),
    secrets: z
      .record(
        z.string().regex(/^[A-Za-z_]\w{0,39}$/, "is not a name; use letters, digits and _"),
        z.string().max(4000),
      )
      .default({})
      .describe("For url and body: {{ secrets.apiKey }}"),
    timeoutMs: z
      .int()
      .min(100)
      .max(120_000)
      .default(10_000)
      .describe("From beginning to the end of the answer"),
    success: z
      .strictObject({
        statuses: z.array(z.int().min(200).max(599)).min(1).optional().describe("Without it, 200 to 299"),
        path: JsonPath.optional(),
        equals: z
          .union([Scalar, z.array(Scalar).min(1).max(50)])
          .optional()
          .describe("null is also: not there"),
      })
      .refine((test) => (test.path === undefined) === (test.equals === undefined), {
        error: "needs both path and equals, or neither",
      })
      .default({}),
    idPath: JsonPath.optional().describe("Where the answer has the provider's id of the message"),
    codePath: JsonPath.optional().describe("Where it has the code of an error"),
    detailPath: JsonPath.optional().describe("Where it has the words of an error"),
    outcomes: z
      .strictObject({
        ...{ retry: Listed.optional(), throttle: Listed.optional(), rejected: Listed.optional() },
        ...{ gone: Listed.optional(), misconfigured: Listed.optional(), unknown: Listed.optional() },
      })
      .default({})
      .describe("What statuses (numbers) and codes (texts) of errors mean, where the defaults do not fit"),
    isRepeatSafe: z
      .boolean()
      .optional()
      .describe(
        "Whether the same delivery id sent twice reaches somebody once. Default: yes for push and email",
      ),
    receipts: Receipts.optional().describe("How the service reports what became of a message"),
    receiptsSecret: z.string().min(8).max(4000).optional().describe("What reports are verified with"),
  })
  .superRefine((config, context) => {
    const fault = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    for (const name of Object.keys(config.headers)) {
      const lower = name.toLowerCase();
      if (ownHeaders.has(lower)) fault(["headers", name], "is set by the connection itself; leave it out");
      if (lower === "content-type") fault(["headers", name], "is set by contentType; leave it out");
    }
    if (/[^\x20-\x7e]/.test(config.contentType))
      fault(["contentType"], "is not a media type, as application/json");
    if (config.method === "GET" && config.body !== "") fault(["body"], "has no place in a GET; leave it out");
    if (config.receipts && config.receipts.verification.kind !== "none" && !config.receiptsSecret)
      fault(["receiptsSecret"], "is missing; reports are verified with it");
    for (const { path, detail } of faultsOfTemplates(config)) fault(path, detail);
  });
export type HttpConfig = z.output<typeof HttpConfig>;
