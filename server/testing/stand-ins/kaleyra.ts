import type { SeenRequest } from "./faults.ts";
import { startHttp1StandIn } from "./http1.ts";
import type { StandIn, StandInOptions } from "./log.ts";
import { createPhoneFates } from "./phone-fate.ts";
import { createReporter } from "./reports.ts";
import { createTemplates, type Templates } from "./whatsapp-templates.ts";
import type { Reply } from "./wire.ts";

export interface KaleyraOptions extends StandInOptions {
  /** It reports by itself what became of messages, to the callback of each. */
  reports?: boolean;
}

/** A report as a callback profile words it, or of the second version of WhatsApp. */
type KaleyraReport = Record<string, unknown>;

/**
 * Kaleyra, SMS and both versions of WhatsApp: https://developers.kaleyra.io. Messages are counted by their `ref`; those
 * of the first version of WhatsApp, which has none, by phone and template.
 */
export interface KaleyraStandIn extends StandIn {
  readonly credentials: { sid: string; apiKey: string; sender: string; from: string; wabaId: string };
  readonly templates: Templates;
  /** Where reports on WhatsApp go, as it is set with the number. */
  setWebhook(url: string | null, token?: string): void;
  /** Posts reports one by one; answers the last status. */
  report(
    url: string,
    reports: readonly KaleyraReport[],
    options?: { token?: string; asForm?: boolean },
  ): Promise<number>;
  /** Waits until it has reported everything. */
  settle(): Promise<void>;
}

const credentials = {
  ...{ sid: "HXIN1700000000IN", apiKey: "A0123456789abcdef0123456789abcdef", sender: "SHOPPR" },
  ...{ from: "919812345678", wabaId: "102290129340398" },
};

export async function startKaleyraStandIn(options: KaleyraOptions = {}): Promise<KaleyraStandIn> {
  const reporter = createReporter();
  const fateOf = createPhoneFates();
  const templates = createTemplates();
  let webhook: { url: string; token: string | undefined } | null = null;

  function answer(request: SeenRequest): Reply | null {
    const { method, url, headers } = request;
    // Stands for the panel, where the address of reports on a number is set.
    if (url === "/panel/webhook") {
      const { url: address, token } = request.body as Record<string, string | undefined>;
      webhook = address ? { url: address, token } : null;
      return { status: 200, body: JSON.stringify({ webhook: address ?? null }) };
    }
    if (headers["api-key"] !== credentials.apiKey) return unauthorized();
    if (url.startsWith("/v2/")) return answerSecond(request);
    const [, sid, rest] = /^\/v1\/(\w+)\/(.+)$/.exec(url) ?? [];
    if (sid !== credentials.sid) return unauthorized();
    if (method !== "POST" || rest !== "messages") return kaleyra(404, "E404", "Not found");
    return request.body.channel === "whatsapp" ? sendFirst(request) : sendText(request);
  }

  /** The second version of WhatsApp. */
  function answerSecond(request: SeenRequest): Reply | null {
    const { pathname } = new URL(request.url, "http://kaleyra");
    const base = `/v2/${credentials.sid}/whatsapp`;
    if (request.method === "GET" && pathname === `${base}/${credentials.wabaId}/message_templates`)
      return { status: 200, body: JSON.stringify({ data: templates.all }) };
    if (!pathname.startsWith(`${base}/`)) return unauthorized();
    if (request.method !== "POST" || pathname !== `${base}/${credentials.from}/messages`)
      return kaleyra(401, "WA401", "Phone number is not present or does not belong to the account.");
    const message = request.body.messaging_object;
    if (typeof message !== "object" || message === null)
      return kaleyra(400, "WA400", "Refer to correct payload format.");
    const fault = templates.faultOf(message as Record<string, unknown>);
    if (fault) return kaleyra(fault.status, String(fault.code), fault.message);
    const { to } = message as { to?: string };
    const ref = (request.body.extra_info as { ref?: string } | undefined)?.ref;
    return take(to ?? "", { ref, number: request.number, callback: null });
  }

  /** The first version: fields of a form, values with commas between them. */
  function sendFirst(request: SeenRequest): Reply | null {
    const fields = request.body as Record<string, string | undefined>;
    if (fields.from !== `+${credentials.from}`)
      return kaleyra(400, "E13001", "The WhatsApp Number is not valid.");
    const fault = templates.faultOf(firstAsCloud(fields));
    if (fault) return kaleyra(400, "E13001", fault.message);
    const to = String(fields.to).slice(1);
    return take(to, { ref: undefined, number: request.number, callback: fields.callback_url ?? null });
  }

  function take(
    to: string,
    { ref, number, callback }: { ref: string | undefined; number: number; callback: string | null },
  ): Reply | null {
    const fate = fateOf(to);
    if (fate === "dead") return kaleyra(400, "131026", "(#131026) Message undeliverable");
    if (fate === "left") return kaleyra(400, "131050", "(#131050) User has stopped marketing messages");
    const id = `8f14e45f-${String(number).padStart(12, "0")}`;
    const refusal = refusalOf(fate, { id, sender: credentials.from, type: "whatsapp", body: "" });
    if (refusal !== undefined) return refusal;
    if (options.reports) reporter.follow(whatsappReports(id, { to, ref, callback }));
    return {
      status: 202,
      body: JSON.stringify({ code: "WA202", message: "Request Accepted.", id, data: { id } }),
    };
  }

  const whatsappReports = (
    id: string,
    { to, ref, callback }: { to: string; ref: string | undefined; callback: string | null },
  ) =>
    ["sent", "delivered", "read"].map((status) => async () => {
      const flat = { id, status: status.toUpperCase(), to };
      if (callback !== null) await postReport(callback, flat, {});
      else if (webhook !== null) {
        const timestamp = String(Math.floor(Date.now() / 1000));
        const statuses = [{ id, status, timestamp, recipient_id: to }];
        const report = {
          meta_object: { value: { messaging_product: "whatsapp", statuses }, field: "messages" },
          extra_info: { message_id: `wamid.${id}`, ...(ref === undefined ? {} : { ref }) },
        };
        await postReport(webhook.url, report, { token: webhook.token });
      }
    });

  function postReport(
    url: string,
    report: KaleyraReport,
    { token, asForm = false }: { token?: string | undefined; asForm?: boolean },
  ): Promise<number> {
    return reporter.post(url, {
      headers: {
        "content-type": asForm ? "application/x-www-form-urlencoded" : "application/json",
        ...(token === undefined ? {} : { "x-chapar-token": token }),
      },
      body: asForm
        ? new URLSearchParams(report as Record<string, string>).toString()
        : JSON.stringify(report),
    });
  }

  function sendText(request: SeenRequest): Reply | null {
    const { to, sender, type, body, callback } = request.body as Record<string, string | undefined>;
    if (!to) return kaleyra(400, "E412", "to is required");
    if (sender !== credentials.sender) return kaleyra(400, "E413", "sender is not approved");
    if (!body) return kaleyra(400, "E412", "body is required");
    if (!["TXN", "OTP", "MKT", "DEFAULT"].includes(String(type)))
      return kaleyra(400, "E412", "type is not valid");
    const called = callback === undefined ? null : callbackIn(callback);
    if (callback !== undefined && !called) return kaleyra(400, "E412", "callback is not valid");
    const id = `ee8a${String(request.number).padStart(8, "0")}`;
    const refusal = refusalOf(fateOf(to), { id, sender, type: String(type), body });
    if (refusal !== undefined) return refusal;
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return accepted({ id, sender, type: String(type), body }, []);
    if (called && options.reports)
      reporter.follow(
        ["Sent", "Delivered"].map(
          (status) => () =>
            reporter.post(called.url, {
              headers: { "content-type": "application/json", ...called.header },
              body: JSON.stringify({ id: `${id}:1`, status, mobile: to }),
            }),
        ),
      );
    return accepted({ id, sender, type: String(type), body }, [
      { message_id: `${id}:1`, recipient: to.slice(1) },
    ]);
  }

  const standIn = await startHttp1StandIn(options, {
    deliveryOf,
    answer,
    failure: (_, status) =>
      status === "gone" ? kaleyra(400, "E412", "Invalid recipient") : failureOf(status),
    brokenJson: { status: 202, body: '{"id":"ee8a' },
  });

  return {
    ...standIn,
    ...{ credentials, templates },
    setWebhook(url, token) {
      webhook = url === null ? null : { url, token };
    },
    async report(url, reports, { token, asForm = false } = {}) {
      let status = 0;
      for (const report of reports) status = await postReport(url, report, { token, asForm });
      return status;
    },
    settle: () => reporter.settle(),
    async stop() {
      await reporter.stop();
      await standIn.stop();
    },
  };
}

/** What a message is called on the wire; null for a request that is none. */
function deliveryOf({ body }: SeenRequest): string | null {
  const ref = body.ref ?? (body.extra_info as { ref?: unknown } | undefined)?.ref;
  if (typeof ref === "string") return ref;
  return body.channel === "whatsapp" ? `${String(body.to)} ${String(body.template_name)}` : null;
}

/** What the first version says, as the Cloud API does. */
function firstAsCloud(fields: Record<string, string | undefined>): Record<string, unknown> {
  const to = String(fields.to).replace("+", "");
  if (fields.type === "text")
    return { messaging_product: "whatsapp", to, type: "text", text: { body: fields.body } };
  const texts = (values: readonly string[]) => values.map((text) => ({ type: "text", text }));
  const { params, param_header, media_url, param_url } = fields;
  const components = [
    ...(media_url ? [{ type: "header", parameters: [{ type: "image", image: { link: media_url } }] }] : []),
    ...(param_header ? [{ type: "header", parameters: texts([param_header]) }] : []),
    ...(params ? [{ type: "body", parameters: texts(params.split(",")) }] : []),
    ...(param_url ? [{ type: "button", sub_type: "url", index: "0", parameters: texts([param_url]) }] : []),
  ];
  const template = { name: fields.template_name, language: { code: fields.lang_code }, components };
  return { messaging_product: "whatsapp", to, type: "template", template };
}

interface TextMessage {
  id: string;
  sender: string;
  type: string;
  body: string;
}

/** What becomes of a phone with a fate of its own; undefined for one without. */
function refusalOf(fate: ReturnType<ReturnType<typeof createPhoneFates>>, message: TextMessage) {
  switch (fate) {
    // Kaleyra says 202 and takes none.
    case "dead":
    case "left":
      return accepted(message, []);
    case "throttled":
      return { ...failureOf(429), headers: { "retry-after": "1" } };
    case "busy":
      return failureOf(503);
    case "broken":
      return failureOf(500);
    case "silent":
      return null;
    case null:
      return undefined;
  }
}

const accepted = (message: TextMessage, data: readonly Record<string, string>[]): Reply => ({
  status: 202,
  body: JSON.stringify({
    ...message,
    ...{ createdDateTime: new Date().toISOString(), totalCount: data.length, data, error: {} },
  }),
});

/** Where to report on a message, and what to send with it; null for a callback that is none. */
function callbackIn(text: string): { url: string; header: Record<string, string> } | null {
  try {
    const { url, method, header = {} } = JSON.parse(text) as Record<string, unknown>;
    if (method !== "POST" || typeof url !== "string" || !URL.canParse(url)) return null;
    return { url, header: header as Record<string, string> };
  } catch {
    return null;
  }
}

const unauthorized = (): Reply => kaleyra(401, "RBC001", "Incorrect SID or API key.");

const kaleyra = (status: number, code: string, message: string): Reply => ({
  status,
  body: JSON.stringify({ code, message, data: [], error: { code, message } }),
});

function failureOf(status: number): Reply {
  if (status === 401) return unauthorized();
  if (status === 402) return kaleyra(402, "E110", "Please check your balance, You have a low balance!");
  return { status, body: JSON.stringify({ message: `Status ${status}` }) };
}
