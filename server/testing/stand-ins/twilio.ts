import { createHash, createHmac } from "node:crypto";
import type { SeenRequest } from "./faults.ts";
import { startHttp1StandIn } from "./http1.ts";
import type { StandIn, StandInOptions } from "./log.ts";
import { createPhoneFates } from "./phone-fate.ts";
import { createReporter } from "./reports.ts";
import type { Reply } from "./wire.ts";

export interface TwilioOptions extends StandInOptions {
  /** It reports by itself what became of messages, to the StatusCallback of each. */
  reports?: boolean;
}

/** How a report is sent: well, as JSON, or with a signature that is not of it. */
interface TwilioReporting {
  asJson?: boolean;
  signature?: string | null;
}

/** Twilio: https://www.twilio.com/docs/messaging/api/message-resource. Messages are counted by their phone and text. */
export interface TwilioStandIn extends StandIn {
  readonly credentials: {
    accountSid: string;
    authToken: string;
    apiKeySid: string;
    apiKeySecret: string;
    from: string;
  };
  /** Posts a report, or anything else that Twilio posts, signed as Twilio signs it. */
  report(url: string, fields: Record<string, string>, reporting?: TwilioReporting): Promise<number>;
  /** Says what somebody wrote to the number. */
  write(url: string, said: { from: string; body: string; optOutType?: string }): Promise<number>;
  /** Waits until it has reported everything. */
  settle(): Promise<void>;
}

const longestText = 1_600;
const longestValiditySeconds = 36_000;
const credentials = {
  ...{ accountSid: `AC${"0a1b2c3d".repeat(4)}`, authToken: "9f8e7d6c5b4a39281706f5e4d3c2b1a0" },
  ...{ apiKeySid: `SK${"4e5f6a7b".repeat(4)}`, apiKeySecret: "tw-simulated-api-key-secret" },
  from: "+15005550006",
};

export async function startTwilioStandIn(options: TwilioOptions = {}): Promise<TwilioStandIn> {
  const { accountSid, authToken, apiKeySid, apiKeySecret, from } = credentials;
  const reporter = createReporter();
  const fateOf = createPhoneFates();
  const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const logins = [`${accountSid}:${authToken}`, `${apiKeySid}:${apiKeySecret}`].map(
    (login) => `Basic ${Buffer.from(login).toString("base64")}`,
  );

  function answer(request: SeenRequest): Reply | null {
    const { method, url, headers, body } = request;
    if (!logins.includes(String(headers.authorization))) return twilio(401, 20003, "Authenticate");
    if (url.split("?")[0] !== path) return twilio(404, 20404, `The requested resource ${url} was not found`);
    if (method === "GET") return { status: 200, body: JSON.stringify({ messages: [], page: 0 }) };
    const to = String(body.To ?? "");
    if (to === "") return twilio(400, 21604, "A 'To' phone number is required.");
    if (!body.From && !body.MessagingServiceSid)
      return twilio(400, 21603, "A 'From' phone number is required.");
    if (body.From && body.From !== from)
      return twilio(400, 21606, `The 'From' phone number ${body.From} is not a valid number.`);
    if (!body.Body) return twilio(400, 21602, "Message body is required.");
    if (String(body.Body).length > longestText)
      return twilio(400, 21617, "The concatenated message body exceeds the 1600 character limit.");
    const validity = Number(body.ValidityPeriod ?? longestValiditySeconds);
    if (!(validity >= 1 && validity <= longestValiditySeconds))
      return twilio(400, 21660, "Invalid ValidityPeriod.");
    if (body.StatusCallback && !URL.canParse(String(body.StatusCallback)))
      return twilio(400, 21609, "The 'StatusCallback' URL is not a valid URL.");
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return twilio(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    switch (fateOf(to)) {
      case "dead":
        return twilio(400, 21211, `Invalid 'To' Phone Number: ${to}`);
      case "left":
        return twilio(400, 21610, "Attempt to send to unsubscribed recipient");
      case "throttled":
        return { ...twilio(429, 20429, "Too Many Requests"), headers: { "retry-after": "1" } };
      case "busy":
        return twilio(503, 20503, "Service unavailable");
      case "broken":
        return twilio(500, 20500, "Internal Server Error");
      case "silent":
        return null;
    }
    return taken(request, to);
  }

  function taken({ body, number }: SeenRequest, to: string): Reply {
    const sid = `SM${createHash("md5").update(`${number} ${to}`).digest("hex")}`;
    const callback = body.StatusCallback;
    if (options.reports && typeof callback === "string")
      reporter.follow(
        ["sent", "delivered"].map(
          (MessageStatus) => () =>
            report(callback, { MessageSid: sid, MessageStatus, To: to, From: from, AccountSid: accountSid }),
        ),
      );
    return {
      status: 201,
      body: JSON.stringify({
        ...{ sid, account_sid: accountSid, to, from: body.From ?? null, body: body.Body, status: "queued" },
        ...{ num_segments: "1", error_code: null, error_message: null },
      }),
    };
  }

  /** https://www.twilio.com/docs/usage/webhooks/webhooks-security */
  function report(
    address: string,
    fields: Record<string, string>,
    { asJson = false, signature }: TwilioReporting = {},
  ): Promise<number> {
    const body = asJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
    const url = new URL(address);
    if (asJson) url.searchParams.set("bodySHA256", createHash("sha256").update(body).digest("hex"));
    const signed = asJson
      ? ""
      : Object.keys(fields)
          .sort()
          .map((name) => `${name}${fields[name]}`)
          .join("");
    const good = createHmac("sha1", authToken)
      .update(url.href + signed)
      .digest("base64");
    const given = signature === undefined ? good : signature;
    return reporter.post(url.href, {
      headers: {
        "content-type": asJson ? "application/json" : "application/x-www-form-urlencoded; charset=UTF-8",
        ...(given === null ? {} : { "x-twilio-signature": given }),
      },
      body,
    });
  }

  const standIn = await startHttp1StandIn(options, {
    deliveryOf: ({ method, body }) => (method === "POST" && body.To ? `${body.To} ${body.Body}` : null),
    answer,
    failure: (_, status) =>
      status === "gone"
        ? twilio(400, 21211, "Invalid 'To' Phone Number")
        : twilio(status, codeOf(status), `Status ${status}`),
    brokenJson: { status: 201, body: '{"sid":"SM' },
  });

  return {
    ...standIn,
    ...{ credentials, report },
    write: (url, { from: sender, body, optOutType }) =>
      report(url, {
        ...{ MessageSid: `SM${"f".repeat(32)}`, SmsStatus: "received", From: sender, To: from, Body: body },
        ...{ AccountSid: accountSid, NumMedia: "0" },
        ...(optOutType === undefined ? {} : { OptOutType: optOutType }),
      }),
    settle: () => reporter.settle(),
    async stop() {
      await reporter.stop();
      await standIn.stop();
    },
  };
}

const codeOf = (status: number): number =>
  status === 401 ? 20003 : status === 404 ? 20404 : status === 429 ? 20429 : 20_000 + status;

const twilio = (status: number, code: number, message: string): Reply => ({
  status,
  body: JSON.stringify({
    ...{ code, message, status },
    more_info: `https://www.twilio.com/docs/errors/${code}`,
  }),
});
