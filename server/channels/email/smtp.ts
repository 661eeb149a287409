import { isIP, type Socket } from "node:net";
import { Readable } from "node:stream";
import { createTransport, type MailMessage, type NodemailerError } from "nodemailer";
import { connectOutside } from "../outside.ts";
import type { Outside, Provider, Sender } from "../provider.ts";
import { refuseReceipts } from "../push/receipts.ts";
import { createRedactor, secretLines } from "../redact.ts";
import { makeDkimKey, readDkimKey } from "./dkim.ts";
import { createSigner } from "./dkim-sign.ts";
import { dnsRecordsOf } from "./dns.ts";
import { isAddress, mailOf } from "./mail.ts";
import { outcomeOfError } from "./smtp-answer.ts";
import { domainOf, SmtpConfig } from "./smtp-config.ts";

/** Any mail server, by SMTP. What it cannot deliver comes back as mail (see bounces/). */
export const smtpProvider: Provider<SmtpConfig> = {
  name: "smtp",
  channels: ["email"],
  tokenServices: null,
  config: SmtpConfig,
  secrets: ["password", "dkimPrivateKey"],
  destinationOf: ({ host, port }) => `smtp://${host}:${port}`,
  // Under the same Message-ID, by which mail programs and many servers know a repeat.
  isRepeatSafe: () => true,
  echoesDeliveryId: () => true,
  makeKeys: makeDkimKey,
  dnsRecords: dnsRecordsOf,
  open: openSender,
  parseReceipts: refuseReceipts,
};

type GetSocketCallback = (error: Error | null, made?: { connection: Socket }) => void;

type Transport = ReturnType<typeof openTransport>;

function openTransport(config: SmtpConfig, outside: Outside, connections: number) {
  const { host, port, security, timeoutMs } = config;
  const connect = connectOutside(outside, { timeoutMs });
  return createTransport({
    pool: true,
    ...{ host, port, name: domainOf(config.fromEmail) },
    maxConnections: Math.min(connections, config.connections),
    maxMessages: config.messagesPerConnection,
    // What it sends again by itself is only what was not begun, since a connection had ended meanwhile.
    maxRequeues: 2,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: {
      // An address has no name to ask a certificate for.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: !config.allowsInvalidCertificate,
    },
    ...(config.username === undefined
      ? {}
      : { auth: { user: config.username, pass: config.password ?? "" } }),
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    // The guard, at the moment of connecting: what was checked is what is connected to.
    getSocket(_: unknown, callback: GetSocketCallback) {
      connect({ hostname: host, host, protocol: "http:", port: String(port) }, (error, connection) => {
        if (connection) callback(null, { connection });
        else callback(error ?? new Error("no connection"));
      });
    },
  });
}

/** Null where the account signs nothing. The key is read once. */
function signerOf({ dkimDomain, dkimSelector, dkimPrivateKey }: SmtpConfig) {
  const key = dkimPrivateKey === undefined ? null : readDkimKey(dkimPrivateKey);
  if (!key || !dkimDomain || !dkimSelector) return null;
  return createSigner({ domain: dkimDomain, selector: dkimSelector, key });
}

function openSender(config: SmtpConfig, outside: Outside, { connections }: { connections: number }): Sender {
  const transport = openTransport(config, outside, connections);
  const reads = watchReads(transport);
  const sign = signerOf(config);
  const redact = createRedactor([
    ...(config.password ? [config.password] : []),
    ...(config.dkimPrivateKey ? [secretLines(config.dkimPrivateKey)] : []),
  ]);

  return {
    async send(message, signal) {
      if (!isAddress(message.to))
        return { kind: "gone", cause: "invalid", code: "address", detail: "This is no e-mail address." };
      const { messageId, from, to, id, composed } = mailOf(message, config, new Date());
      const signature = sign && (await sign(composed));
      const headers = signature ? [signature, ...composed.headers] : composed.headers;
      const raw = Buffer.from(`${headers.join("\r\n")}\r\n\r\n${composed.body}`);
      const sending = transport.sendMail({
        ...{ messageId, raw, envelope: { from, to: [to] } },
        // Only where the server offers it.
        ...(config.bounceDomain
          ? { dsn: { id, return: "headers", notify: ["failure", "delay"], recipient: to } }
          : {}),
      });
      try {
        await unlessStopped(sending, signal);
        return { kind: "accepted", providerId: messageId };
      } catch (error) {
        const outcome = outcomeOfError({
          error: error as NodemailerError,
          host: config.host,
          isWritten: reads.isRead(messageId),
          isStopped: signal.aborted,
        });
        return "detail" in outcome ? { ...outcome, detail: redact(outcome.detail) } : outcome;
      } finally {
        reads.forget(messageId);
      }
    },

    async check(signal) {
      const once = openTransport(config, outside, 1);
      try {
        await unlessStopped(once.verify(), signal);
        const who = config.username === undefined ? "" : `, takes ${config.username}`;
        const how = config.security === "none" ? " without encryption" : " encrypted";
        return { ok: true, detail: `${config.host} answers${how}${who}.` };
      } catch (error) {
        const outcome = outcomeOfError({
          ...{ error: error as NodemailerError, host: config.host },
          ...{ isWritten: false, isStopped: false },
        });
        return { ok: false, detail: redact("detail" in outcome ? outcome.detail : "") };
      } finally {
        once.close();
      }
    },

    async close() {
      transport.close();
    },
  };
}

/**
 * What somebody waits for, as long as they do. Nodemailer's own way makes several objects and an error of every signal
 * and mail; whoever stops closes the connections anyway.
 */
function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error("it was given up"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/**
 * Hands mails over as they are, and tells of which a part was written: a connection that breaks before that has taken
 * nothing. Nodemailer says only what went wrong, and makes several streams of what is one text already.
 */
function watchReads(transport: Transport) {
  const bodies = new Map<string, { readableDidRead: boolean }>();
  transport.use("stream", (mail: MailMessage, done) => {
    const { messageId, raw } = mail.data;
    mail.message.createReadStream = () => {
      const body = asStream(raw as Buffer);
      bodies.set(String(messageId), body);
      return body;
    };
    done();
  });
  return {
    isRead: (messageId: string) => bodies.get(messageId)?.readableDidRead ?? false,
    forget: (messageId: string) => void bodies.delete(messageId),
  };
}

/** One stream with all of it at once. */
function asStream(raw: Buffer): Readable {
  return new Readable({
    read() {
      this.push(raw);
      this.push(null);
    },
  });
}
