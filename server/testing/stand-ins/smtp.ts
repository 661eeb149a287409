import { SMTPServer } from "smtp-server";
import type { Fault, SeenRequest } from "./faults.ts";
import { listen } from "./listen.ts";
import { createLog, type StandIn, type StandInOptions } from "./log.ts";

/** A mail as it came: `url` of its request is the recipient, `text` all of it, headers by their names in small letters. */
export interface SmtpStandIn extends StandIn {
  readonly port: number;
  /** The return path and the recipient of each mail that it took or read, in their order; with `keepMails`. */
  readonly mails: readonly { from: string; to: string; text: string }[];
}

/** Fits a fault to SMTP: which replies it means, and when. */
export interface SmtpOptions extends StandInOptions {
  /** Whom it knows; anybody without it. */
  user?: { username: string; password: string };
  keepMails?: boolean;
  /** Offers STARTTLS, with a certificate of its own making. */
  hasTls?: boolean;
}

/** A reply of SMTP, at the command that it answers. */
export type SmtpReply = { at: "mail" | "rcpt" | "data"; code: number; text: string };

/** The fault that answers a command with a reply. */
export const smtpReply = ({ at, code, text }: SmtpReply): Fault => ({
  ...{ kind: "status", status: code, body: text, headers: { at } },
});

/**
 * A mail server, by the library that serves SMTP. Deliveries are told apart by their Message-ID. Of faults `gone` is a
 * mailbox that is not there, `throttle` a server that takes no more for now.
 */
export async function startSmtpStandIn(options: SmtpOptions = {}): Promise<SmtpStandIn> {
  const log = createLog(options);
  const mails: SmtpStandIn["mails"][number][] = [];
  // Of the mail that a session is about: a fault is asked for once, when its sender is named.
  const faults = new WeakMap<object, Fault | null>();
  const replyAt = (session: object, at: SmtpReply["at"]): Error | null => {
    const fault = faults.get(session);
    const reply = fault && replyOf(fault);
    if (reply?.at !== at) return null;
    log.answered(requestOf(0, "", ""), reply.code);
    return Object.assign(new Error(reply.text), { responseCode: reply.code });
  };

  const server = new SMTPServer({
    ...{ logger: false, disableReverseLookup: true, authOptional: options.user === undefined },
    ...(options.hasTls ? {} : { disabledCommands: ["STARTTLS"] }),
    allowInsecureAuth: true,
    banner: "stand-in",
    closeTimeout: 100,
    onAuth({ username, password }, _session, callback) {
      if (username === options.user?.username && password === options.user?.password)
        callback(null, { user: username });
      else callback(Object.assign(new Error("5.7.8 Authentication failed"), { responseCode: 535 }));
    },
    onConnect(_session, callback) {
      if (log.closesBefore()) callback(new Error("4.3.2 Not now"));
      else callback();
    },
    onMailFrom(_address, session, callback) {
      faults.set(session, log.faultFor(requestOf(0, "", "")));
      callback(replyAt(session, "mail"));
    },
    onRcptTo(_address, session, callback) {
      callback(replyAt(session, "rcpt"));
    },
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      log.begin();
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        log.end();
        const text = Buffer.concat(parts).toString("utf8");
        const to = session.envelope.rcptTo[0]?.address ?? "";
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
        const request = log.read(
          (number) => requestOf(number, to, text),
          ({ headers }) => String(headers["message-id"] ?? ""),
        );
        if (options.keepMails) mails.push({ from, to, text });
        const fault = faults.get(session) ?? null;
        if (fault?.kind === "hang" || fault?.kind === "trickle") return;
        if (fault && ["closeAfter", "closeHalfway", "goaway"].includes(fault.kind)) {
          log.answered(request, null);
          closeSockets(server, session.id);
          return;
        }
        const refused = replyAt(session, "data");
        if (refused) return callback(refused);
        const answer = () => {
          log.accept(String(request.headers["message-id"] ?? ""));
          log.answered(request, 250);
          callback(null, `2.0.0 Ok: queued as ${request.number}`);
        };
        if (log.delayMs() > 0) setTimeout(answer, log.delayMs());
        else answer();
      });
    },
  });
  server.on("error", () => {});
  const port = await listen(server.server, options.port ?? 0);
  return {
    ...log.shown,
    ...{ port, mails, url: `smtp://127.0.0.1:${port}` },
    stop: () =>
      new Promise<void>((resolve) => {
        closeSockets(server, null);
        server.close(() => resolve());
      }),
  };
}

function replyOf(fault: Fault): SmtpReply | null {
  switch (fault.kind) {
    case "status": {
      const at = (fault.headers?.at ?? "rcpt") as SmtpReply["at"];
      // What other services call 500 is here a server that cannot just now.
      const code = fault.status === 500 ? 451 : fault.status;
      return { at, code, text: typeof fault.body === "string" ? fault.body : "4.3.0 Try again later" };
    }
    case "throttle":
      return { at: "mail", code: 421, text: "4.7.0 Too many messages" };
    case "gone":
      return { at: "rcpt", code: 550, text: "5.1.1 No such user here" };
    default:
      return null;
  }
}

/** Ends the connection of a session, or of all. */
function closeSockets(server: SMTPServer, id: string | null): void {
  const { connections } = server as unknown as {
    connections: Set<{ id: string; _socket: { destroy(): void } }>;
  };
  for (const connection of connections) if (id === null || connection.id === id) connection._socket.destroy();
}

function requestOf(number: number, to: string, text: string): SeenRequest {
  const [head = ""] = text.split(/\r?\n\r?\n/, 1);
  const headers = Object.fromEntries(
    head
      .replace(/\r?\n[ \t]+/g, " ")
      .split(/\r?\n/)
      .map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
  );
  return { number, method: "DATA", url: to, headers, text, body: {} };
}
