import { createHmac } from "node:crypto";
import type { SeenRequest } from "./faults.ts";
import { startHttp1StandIn } from "./http1.ts";
import type { StandIn, StandInOptions } from "./log.ts";
import { createPhoneFates, type PhoneFate } from "./phone-fate.ts";
import { createReporter } from "./reports.ts";
import { type CloudError, createTemplates, type Templates } from "./whatsapp-templates.ts";
import type { Reply } from "./wire.ts";

export interface WhatsappOptions extends StandInOptions {
  /** It reports by itself what became of messages, to the address that {@link WhatsappStandIn.setWebhook} gave. */
  reports?: boolean;
}

/** Who is spoken to: Meta itself, or 360dialog. */
type Dialect = "meta" | "360dialog";

/** A status of a message as the Cloud API reports it. */
interface CloudStatus {
  id?: string;
  status: string;
  biz_opaque_callback_data?: string;
  recipient_id?: string;
  timestamp?: string;
  errors?: Record<string, unknown>[];
}

/** How a report is sent: as whose, and with a signature that is not of it. */
interface CloudReporting {
  dialect?: Dialect;
  signature?: string | null;
}

/**
 * WhatsApp's Cloud API, of Meta and as 360dialog passes it on:
 * https://developers.facebook.com/documentation/business-messaging/whatsapp. Messages are counted by
 * `biz_opaque_callback_data`.
 */
export interface WhatsappStandIn extends StandIn {
  readonly credentials: {
    meta: {
      phoneNumberId: string;
      wabaId: string;
      accessToken: string;
      appSecret: string;
      verifyToken: string;
    };
    "360dialog": { apiKey: string; webhookToken: string; platformSecret: string };
  };
  readonly templates: Templates;
  setWebhook(url: string | null, dialect?: Dialect): void;
  /** Reports statuses of messages in one request; answers its status. */
  report(url: string, statuses: readonly CloudStatus[], reporting?: CloudReporting): Promise<number>;
  /** Reports the value of any field, as a message of somebody or a template that changed. */
  reportChange(
    url: string,
    field: string,
    value: Record<string, unknown>,
    reporting?: CloudReporting,
  ): Promise<number>;
  /** Waits until it has reported everything. */
  settle(): Promise<void>;
}

const graphVersion = /^\/v\d+\.\d+/;
const phone = "15550783881";
const credentials = {
  meta: {
    ...{ phoneNumberId: "106540352242922", wabaId: "102290129340398" },
    ...{ accessToken: "EAAsimulatedAccessToken0123456789", appSecret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" },
    verifyToken: "simulated-verify-token",
  },
  "360dialog": {
    ...{ apiKey: "simulated_D360_key_0123456789_AK", webhookToken: "simulated-webhook-token" },
    platformSecret: "simulated-platform-secret",
  },
};

export async function startWhatsappStandIn(options: WhatsappOptions = {}): Promise<WhatsappStandIn> {
  const templates = createTemplates();
  const reporter = createReporter();
  const fateOf = createPhoneFates();
  const webhooks: Record<Dialect, string | null> = { meta: null, "360dialog": null };

  function answer(request: SeenRequest): Reply | null {
    const isDialog = request.headers["d360-api-key"] !== undefined || !graphVersion.test(request.url);
    return isDialog ? answerDialog(request) : answerMeta(request);
  }

  function answerMeta(request: SeenRequest): Reply | null {
    const { method, headers } = request;
    const { phoneNumberId, wabaId, accessToken } = credentials.meta;
    if (headers.authorization !== `Bearer ${accessToken}`) return badToken();
    const url = new URL(request.url.replace(graphVersion, ""), "http://graph");
    const route = `${method} ${url.pathname}`;
    switch (route) {
      case `POST /${phoneNumberId}/messages`:
        return takeMessage(request, "meta");
      case `GET /${wabaId}/message_templates`:
        return listTemplates(url);
      case `POST /${wabaId}/subscribed_apps`:
        reporter.follow([() => subscribe(request.body)]);
        return json(200, { success: true });
      case `GET /${phoneNumberId}`:
        return json(200, {
          ...{ id: phoneNumberId, display_phone_number: `+${phone}`, verified_name: "Shop" },
          ...{ quality_rating: "GREEN", messaging_limit_tier: "TIER_2K" },
        });
      default:
        return cloudError({
          ...{ status: 400, code: 100, message: "Unsupported request. Object with ID does not exist" },
        });
    }
  }

  /** Meta asks first whether the address is that of whoever set it. */
  async function subscribe({
    override_callback_uri: uri,
    verify_token,
  }: Record<string, unknown>): Promise<void> {
    const challenge = String(Date.now());
    const url = new URL(String(uri));
    url.searchParams.set("hub.mode", "subscribe");
    url.searchParams.set("hub.verify_token", String(verify_token));
    url.searchParams.set("hub.challenge", challenge);
    const answer = await fetch(url);
    if (answer.ok && (await answer.text()) === challenge) webhooks.meta = String(uri);
  }

  function answerDialog(request: SeenRequest): Reply | null {
    const { method, headers } = request;
    if (headers["d360-api-key"] !== credentials["360dialog"].apiKey)
      return dialogError(401, "Invalid api_key");
    const url = new URL(request.url, "http://waba");
    switch (`${method} ${url.pathname}`) {
      case "POST /messages":
        return takeMessage(request, "360dialog");
      case "GET /v1/configs/templates": {
        const offset = Number(url.searchParams.get("offset") ?? 0);
        const limit = Number(url.searchParams.get("limit") ?? 1_000);
        const page = templates.all
          .slice(offset, offset + limit)
          // It writes their status in small letters.
          .map((template) => ({
            ...template,
            status: template.status.toLowerCase(),
            namespace: "simulated",
          }));
        const total = templates.all.length;
        return json(200, { count: page.length, ...{ total, limit, offset }, waba_templates: page });
      }
      case "POST /v1/configs/webhook":
        webhooks["360dialog"] = String(request.body.url ?? "") || null;
        return json(200, { url: webhooks["360dialog"] });
      default:
        return dialogError(403, "The endpoint is blocked");
    }
  }

  function takeMessage({ body, number }: SeenRequest, dialect: Dialect): Reply | null {
    const fault = templates.faultOf(body);
    if (fault) return cloudError(fault);
    const to = String(body.to ?? body.recipient);
    const fate = fateOf(to);
    if (fate === "silent") return null;
    if (fate) return replyOfFate(fate, dialect);
    const id = `wamid.${Buffer.from(`${to} ${number}`).toString("base64")}`;
    if (options.reports) reporter.follow(reportsOf(id, body, dialect));
    return json(200, {
      messaging_product: "whatsapp",
      contacts: [{ input: to, ...(body.to === undefined ? { user_id: to } : { wa_id: to }) }],
      messages: [{ id, message_status: "accepted" }],
    });
  }

  const reportsOf = (id: string, body: Record<string, unknown>, dialect: Dialect) =>
    ["sent", "delivered", "read"].map((status) => async () => {
      const url = webhooks[dialect];
      if (url === null) return;
      const ours = body.biz_opaque_callback_data;
      await report(
        url,
        [{ id, status, ...(typeof ours === "string" ? { biz_opaque_callback_data: ours } : {}) }],
        { dialect },
      );
    });

  const report = (url: string, statuses: readonly CloudStatus[], reporting?: CloudReporting) =>
    reportChange(
      url,
      "messages",
      {
        statuses: statuses.map((status) => ({
          ...{
            id: "wamid.unknown",
            timestamp: String(Math.floor(Date.now() / 1000)),
            recipient_id: "989121234567",
          },
          ...status,
        })),
      },
      reporting,
    );

  function reportChange(
    url: string,
    field: string,
    value: Record<string, unknown>,
    { dialect = "meta", signature }: CloudReporting = {},
  ): Promise<number> {
    const { phoneNumberId, wabaId, appSecret } = credentials.meta;
    const metadata = { display_phone_number: phone, phone_number_id: phoneNumberId };
    const body = JSON.stringify({
      object: "whatsapp_business_account",
      entry: [
        { id: wabaId, changes: [{ field, value: { messaging_product: "whatsapp", metadata, ...value } }] },
      ],
    });
    const { webhookToken, platformSecret } = credentials["360dialog"];
    const secret = dialect === "meta" ? appSecret : platformSecret;
    const good = createHmac("sha256", secret).update(body).digest("hex");
    const given = signature === undefined ? good : signature;
    return reporter.post(url, {
      headers: {
        "content-type": "application/json",
        ...(dialect === "meta" ? {} : { authorization: webhookToken }),
        ...(given === null
          ? {}
          : dialect === "meta"
            ? { "x-hub-signature-256": `sha256=${given}` }
            : { "x-360dialog-signature": given }),
      },
      body,
    });
  }

  /** A page of templates, and where the next one is. */
  function listTemplates(url: URL): Reply {
    const limit = Number(url.searchParams.get("limit") ?? 25);
    const after = url.searchParams.get("after");
    const from = after === null ? 0 : Number(Buffer.from(after, "base64url").toString());
    const data = templates.all.slice(from, from + limit);
    const end = Buffer.from(String(from + data.length)).toString("base64url");
    const hasMore = from + data.length < templates.all.length;
    const next = `https://elsewhere.example/message_templates?after=${end}`;
    return json(200, { data, paging: { cursors: { after: end }, ...(hasMore ? { next } : {}) } });
  }

  const isDialog = ({ headers }: SeenRequest) => headers["d360-api-key"] !== undefined;
  const standIn = await startHttp1StandIn(options, {
    deliveryOf: ({ body }) =>
      typeof body.biz_opaque_callback_data === "string" ? body.biz_opaque_callback_data : null,
    answer,
    failure(request, status) {
      if (status === "gone") return replyOfFate("dead", "meta");
      return isDialog(request) ? dialogFailure(status) : metaFailure(status);
    },
    brokenJson: { status: 200, body: '{"messages":[{"id":"wam' },
  });

  return {
    ...standIn,
    ...{ credentials, templates, report, reportChange },
    setWebhook(url, dialect = "meta") {
      webhooks[dialect] = url;
    },
    settle: () => reporter.settle(),
    async stop() {
      await reporter.stop();
      await standIn.stop();
    },
  };
}

function replyOfFate(fate: Exclude<PhoneFate, "silent">, dialect: Dialect): Reply {
  switch (fate) {
    case "dead":
      return cloudError({ status: 400, code: 131026, message: "(#131026) Message undeliverable" });
    case "left":
      return cloudError({
        status: 400,
        code: 131050,
        message: "(#131050) User has stopped marketing messages",
      });
    case "throttled":
      // A limit of 360dialog's own is a 400.
      return dialect === "360dialog"
        ? dialogError(400, "You have exceeded the endpoint rate limit.")
        : metaFailure(429);
    case "busy":
      return metaFailure(503);
    case "broken":
      return metaFailure(500);
  }
}

const json = (status: number, body: unknown): Reply => ({ status, body: JSON.stringify(body) });

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes */
const cloudError = ({ status, code, message, details }: CloudError): Reply =>
  json(status, {
    error: {
      ...{ message, type: "OAuthException", code, fbtrace_id: "Az8or2yhqkZfEZ-_4Qn_Bam" },
      ...(details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } }),
    },
  });

const badToken = (): Reply =>
  cloudError({
    status: 401,
    code: 190,
    message: "Error validating access token: The session has been invalidated",
  });

/** The words of Meta for a status. */
function metaFailure(status: number): Reply {
  switch (status) {
    case 400:
      return cloudError({ status, code: 131009, message: "(#131009) Parameter value is not valid" });
    case 401:
      return badToken();
    case 403:
      return cloudError({
        status,
        code: 10,
        message: "(#10) Application does not have permission for this action",
      });
    case 429:
      return cloudError({ status, code: 130429, message: "(#130429) Rate limit hit" });
    case 500:
      return cloudError({ status, code: 131000, message: "(#131000) Something went wrong" });
    case 503:
      return cloudError({ status, code: 131016, message: "(#131016) Service unavailable" });
    default:
      return { status, body: `<html>${status}</html>` };
  }
}

/** https://docs.360dialog.com/docs/support/api-error-message-list */
const dialogError = (status: number, words: string): Reply =>
  json(status, {
    meta: { api_status: "stable", success: false, http_code: status, developer_message: words },
  });

function dialogFailure(status: number): Reply {
  switch (status) {
    case 400:
      return metaFailure(400);
    case 401:
      return dialogError(401, "Invalid api_key");
    case 403:
      return dialogError(403, "The endpoint is blocked");
    case 429:
      return dialogError(429, "Too many requests");
    case 500:
      return dialogError(500, "Internal server error");
    case 502:
      return dialogError(502, "WhatsApp for Business API not available");
    default:
      return { status, body: `<html>${status}</html>` };
  }
}
