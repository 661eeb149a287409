import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { SeenRequest } from "./faults.ts";
import { type FieldViolation, faultsOfFcmMessage } from "./fcm-message.ts";
import { type H2Options, type H2StandIn, startH2StandIn } from "./h2.ts";
import { verifyJwt } from "./jwt.ts";
import { listen } from "./listen.ts";
import type { Reply } from "./wire.ts";

const scope = "https://www.googleapis.com/auth/firebase.messaging";
const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** How often an address that says "later" says so. */
const timesBusy = 2;

/** How the token endpoint answers: well, or with a status and an error of OAuth. */
type TokenPlan = { status: number; error?: string; headers?: Record<string, string> } | "hang" | null;

/** Firebase Cloud Messaging and Google's token endpoint. Tokens say what becomes of a message; see {@link fateOf}. */
export interface FcmStandIn extends H2StandIn {
  /** The service account file that it takes. */
  readonly serviceAccount: string;
  readonly projectId: string;
  readonly tokenUrl: string;
  /** Requests for access tokens. */
  tokenRequests(): number;
  planTokens(plan: TokenPlan): void;
  /** Access tokens that it gave out are not taken any more. */
  revokeTokens(): void;
}

export interface FcmOptions extends H2Options {
  tokenPort?: number;
  /** Of access tokens, in seconds. */
  expiresIn?: number;
}

/**
 * What a registration token asks for by a word in it: `dead` was unregistered, `wrong` is none, `foreign` is of another
 * project, `throttled` and `busy` are refused twice (429 and 503, each with Retry-After: 1), `broken` fails for ever,
 * `silent` gets no answer and `slow` one after 2 s. Any other is taken.
 */
function fateOf(token: string): string | null {
  return /dead|wrong|foreign|throttled|busy|broken|silent|slow/.exec(token)?.[0] ?? null;
}

export async function startFcmStandIn(options: FcmOptions = {}): Promise<FcmStandIn> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const projectId = "chapar-simulation";
  const clientEmail = `push@${projectId}.iam.gserviceaccount.com`;
  const privateKeyId = randomBytes(20).toString("hex");
  const expiresIn = options.expiresIn ?? 3599;
  const accessTokens = new Map<string, number>();
  const refusals = new Map<string, number>();
  let tokenRequests = 0;
  let tokenPlan: TokenPlan = null;
  let tokenUrl = "";

  const giveToken = (text: string): Reply => {
    const form = new URLSearchParams(text);
    if (form.get("grant_type") !== grantType)
      return oauthError(400, "unsupported_grant_type", "Invalid grant_type");
    const jwt = verifyJwt(form.get("assertion") ?? "", publicKey);
    if (!jwt) return oauthError(400, "invalid_grant", "Invalid JWT Signature.");
    const { iss, aud, iat, exp, scope: asked } = jwt.claims;
    if (jwt.header.alg !== "RS256" || jwt.header.kid !== privateKeyId)
      return oauthError(400, "invalid_grant", "Invalid JWT Signature.");
    if (iss !== clientEmail) return oauthError(400, "invalid_grant", "Invalid grant: account not found");
    if (aud !== tokenUrl) return oauthError(400, "invalid_grant", "Invalid JWT: Failed audience check.");
    const now = Date.now() / 1000;
    const [from, to] = [Number(iat), Number(exp)];
    if (!(from <= now + 60 && to > now && to - from <= 3600))
      return oauthError(
        400,
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
      );
    if (asked !== scope) return oauthError(400, "invalid_scope", "Invalid OAuth scope or ID token audience.");
    const token = `ya29.c.${randomBytes(96).toString("base64url")}`;
    accessTokens.set(token, Date.now() + expiresIn * 1000);
    return json(200, { access_token: token, expires_in: expiresIn, token_type: "Bearer" });
  };

  const tokenServer = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      tokenRequests += 1;
      if (tokenPlan === "hang") return;
      const isForm = incoming.headers["content-type"] === "application/x-www-form-urlencoded";
      const reply = tokenPlan
        ? oauthError(tokenPlan.status, tokenPlan.error ?? "server_error", "As planned.")
        : incoming.method === "POST" && incoming.url === "/token" && isForm
          ? giveToken(Buffer.concat(pieces).toString("utf8"))
          : oauthError(404, "not_found", "There is nothing here.");
      response.writeHead(reply.status, {
        "content-type": "application/json; charset=UTF-8",
        ...(tokenPlan ? tokenPlan.headers : {}),
      });
      response.end(reply.body);
    });
  });

  const send = (request: SeenRequest): Reply | null => {
    const { method, url, headers, body } = request;
    const refused = refusalOf(headers.authorization);
    if (refused) return refused;
    const project = /^\/v1\/projects\/([^/]+)\/messages:send$/.exec(url)?.[1];
    if (project === undefined || method !== "POST")
      return fcmError(404, "NOT_FOUND", "The requested URL was not found on this server.");
    if (project !== projectId)
      return fcmError(
        403,
        "PERMISSION_DENIED",
        `Permission 'cloudmessaging.messages.create' denied on resource '//cloudresourcemanager.googleapis.com/projects/${project}' (or it may not exist).`,
      );
    if (headers["content-type"] !== "application/json")
      return invalid([{ field: "", description: "Invalid JSON payload received." }]);
    const violations = faultsOfFcmMessage(request.text, body);
    if (violations.length > 0) return invalid(violations);
    const message = body.message as { token: string };
    const name = `projects/${projectId}/messages/0:${Date.now()}%${request.number.toString(16).padStart(16, "0")}`;
    if (!/^[\w:.-]+$/.test(message.token)) return notAToken();
    if (body.validate_only === true)
      return json(200, { name: `projects/${projectId}/messages/fake_message_id` });
    const fate = fateOf(message.token);
    const times = refusals.get(message.token) ?? 0;
    switch (fate) {
      case "dead":
        return unregistered();
      case "wrong":
        return notAToken();
      case "foreign":
        return fcmError(403, "PERMISSION_DENIED", "SenderId mismatch", "SENDER_ID_MISMATCH");
      case "throttled":
      case "busy": {
        if (times >= timesBusy) return json(200, { name });
        refusals.set(message.token, times + 1);
        const worded = fate === "throttled" ? quotaExceeded() : failureOf(503);
        return { ...worded, headers: { "retry-after": "1" } };
      }
      case "broken":
        return failureOf(500);
      case "silent":
        return null;
      case "slow":
        return { ...json(200, { name }), afterMs: 2_000 };
      default:
        return json(200, { name });
    }
  };

  const refusalOf = (authorization: string | undefined): Reply | null => {
    const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
    const untilMs = token === undefined ? undefined : accessTokens.get(token);
    return untilMs !== undefined && untilMs > Date.now()
      ? null
      : fcmError(
          401,
          "UNAUTHENTICATED",
          "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
        );
  };

  const standIn = await startH2StandIn(options, {
    deliveryOf({ body }) {
      if (body.validate_only === true) return null;
      const { token, data } = (body.message ?? {}) as { token?: string; data?: { messageId?: string } };
      return typeof token === "string" ? `${data?.messageId} ${token}` : null;
    },
    answer: send,
    failure: (_, status) => (status === "gone" ? unregistered() : failureOf(status)),
    brokenJson: { status: 200, body: '{"name":"projects/' },
  });

  const tokenPort = await listen(tokenServer, options.tokenPort ?? 0).catch(async (error) => {
    await standIn.stop();
    throw error;
  });
  tokenUrl = `http://127.0.0.1:${tokenPort}/token`;

  return {
    ...standIn,
    ...{ projectId, tokenUrl },
    serviceAccount: JSON.stringify(
      {
        ...{ type: "service_account", project_id: projectId, private_key_id: privateKeyId },
        private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
        ...{ client_email: clientEmail, client_id: "100000000000000000000", token_uri: tokenUrl },
        universe_domain: "googleapis.com",
      },
      null,
      2,
    ),
    tokenRequests: () => tokenRequests,
    planTokens(plan) {
      tokenPlan = plan;
    },
    revokeTokens: () => accessTokens.clear(),
    async stop() {
      tokenServer.closeAllConnections();
      await Promise.all([standIn.stop(), new Promise((resolve) => tokenServer.close(resolve))]);
    },
  };
}

const json = (status: number, body: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=UTF-8" },
  body: JSON.stringify(body),
});

const oauthError = (status: number, error: string, description: string): Reply =>
  json(status, { error, error_description: description });

/** https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode */
const fcmError = (code: number, status: string, message: string, errorCode?: string): Reply =>
  json(code, {
    error: {
      ...{ code, message, status },
      ...(errorCode === undefined
        ? {}
        : { details: [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode }] }),
    },
  });

const unregistered = () => fcmError(404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED");
const notAToken = () =>
  fcmError(
    400,
    "INVALID_ARGUMENT",
    "The registration token is not a valid FCM registration token",
    "INVALID_ARGUMENT",
  );
const quotaExceeded = () =>
  fcmError(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Send requests'", "QUOTA_EXCEEDED");

function invalid(fieldViolations: readonly FieldViolation[]): Reply {
  const message = fieldViolations.map(({ description }) => description).join(" ");
  return json(400, {
    error: {
      ...{ code: 400, message, status: "INVALID_ARGUMENT" },
      details: [
        { "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode: "INVALID_ARGUMENT" },
        { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations },
      ],
    },
  });
}

/** The words of Google for a status. */
function failureOf(status: number): Reply {
  switch (status) {
    case 400:
      return fcmError(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", "INVALID_ARGUMENT");
    case 401:
      return fcmError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
    case 403:
      return fcmError(
        403,
        "PERMISSION_DENIED",
        "Firebase Cloud Messaging API has not been used in project 1.",
      );
    case 429:
      return quotaExceeded();
    case 500:
      return fcmError(500, "INTERNAL", "Internal error encountered.", "INTERNAL");
    case 503:
      return fcmError(503, "UNAVAILABLE", "The service is currently unavailable.", "UNAVAILABLE");
    default:
      return { status, body: `<html><title>Error ${status}</title></html>` };
  }
}
