import { z } from "zod";
import { timeoutMs } from "../config-parts.ts";
import { bitsOf, readDkimKey } from "./dkim.ts";

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const domainPattern = new RegExp(`^(?:${label}\\.)*${label}$`, "i");
const domain = z.string().max(253).regex(domainPattern, "is not a domain, as example.com");
const cure = "make one with POST /api/providers/kinds/smtp/keys";
const oneLine = z.string().regex(/^\P{Cc}*$/u, "has a line break or another control character in it");

/** What an account of a mail server needs. */
export const SmtpConfig = z
  .strictObject({
    host: z
      .string()
      .max(253)
      .regex(/^[a-z0-9.:-]+$/i, "is not a host, as smtp.example.com")
      .describe("The mail server that takes our mails and carries them on"),
    port: z.int().min(1).max(65_535).default(587),
    security: z
      .enum(["starttls", "tls", "none"])
      .default("starttls")
      .describe(
        "starttls: encrypted after a greeting (587, 25); tls: from the start (465); none: only in a network of your own",
      ),
    username: oneLine.max(300).optional(),
    password: z.string().max(500).optional(),
    allowsInvalidCertificate: z
      .boolean()
      .default(false)
      .describe("Whether a certificate of its own making is believed: only in a network of your own"),
    fromEmail: z.email("is not an e-mail address").max(254).describe("Sender of all mails"),
    fromName: oneLine.max(100).optional().describe("Of the sender; the domain's if missing"),
    replyTo: z.email("is not an e-mail address").max(254).optional().describe("Where answers go"),
    bounceDomain: domain
      .optional()
      .describe(
        "What cannot be delivered comes back to b+…@ this domain, whose MX is our listener or yours; the sender if missing",
      ),
    dkimDomain: domain.optional().describe("Whose signature the mails carry: that of fromEmail, or above it"),
    dkimSelector: z
      .string()
      .max(63)
      .regex(domainPattern, "has other characters than letters, digits, dots and hyphens")
      .optional()
      .describe("Name of the key in the DNS"),
    dkimPrivateKey: z.string().max(10_000).optional().describe("RSA, in PEM"),
    connections: z.int().min(1).max(100).default(10).describe("At once, of each worker"),
    messagesPerConnection: z.int().min(1).max(10_000).default(100),
    timeoutMs: timeoutMs.default(30_000),
  })
  .superRefine((config, context) => {
    const fault = (name: string, message: string) =>
      context.addIssue({ code: "custom", path: [name], message });
    if ((config.username === undefined) !== (config.password === undefined))
      fault(
        config.username === undefined ? "username" : "password",
        "is required: username and password go together",
      );
    const dkim = ["dkimDomain", "dkimSelector", "dkimPrivateKey"] as const;
    const given = dkim.filter((name) => config[name] !== undefined);
    if (given.length > 0)
      for (const name of dkim)
        if (config[name] === undefined) fault(name, "is required: domain, selector and key go together");
    if (config.dkimPrivateKey !== undefined) {
      const key = readDkimKey(config.dkimPrivateKey);
      if (!key) fault("dkimPrivateKey", `is not a private key of RSA in PEM; ${cure}`);
      else if (bitsOf(key) < 1024) fault("dkimPrivateKey", `has only ${bitsOf(key)} bits; ${cure}`);
    }
  });
export type SmtpConfig = z.output<typeof SmtpConfig>;

/** What stands after the @ of an address. */
export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf("@") + 1).toLowerCase();
