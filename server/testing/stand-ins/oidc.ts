import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An OpenID provider: discovery, authorization code with PKCE, tokens signed with a key that it publishes. */
export interface OidcStandIn {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in at the next visit; null refuses. */
  person: { email: string; name: string; verified?: boolean } | null;
  stop(): Promise<void>;
}

/** Speaks OpenID Connect Core 1.0 §3.1 and Discovery 1.0 §4, with everybody's consent given. */
export async function startOidcStandIn(): Promise<OidcStandIn> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const grants = new Map<string, URLSearchParams>();
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  const authorize = (query: URLSearchParams): string => {
    const back = new URL(query.get("redirect_uri") ?? "");
    back.searchParams.set("state", query.get("state") ?? "");
    if (standIn.person === null) back.searchParams.set("error", "access_denied");
    else {
      const code = randomBytes(12).toString("hex");
      grants.set(code, query);
      back.searchParams.set("code", code);
    }
    return back.href;
  };

  const grant = (form: URLSearchParams, basic: string | null): object | null => {
    const asked = grants.get(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const secret = basic ?? `${form.get("client_id")}:${form.get("client_secret")}`;
    grants.delete(form.get("code") ?? "");
    if (!asked || asked.get("code_challenge") !== challenge) return null;
    if (secret !== `${standIn.clientId}:${standIn.clientSecret}`) return null;
    if (asked.get("redirect_uri") !== form.get("redirect_uri")) return null;
    const now = Math.floor(Date.now() / 1000);
    const { email, name, verified = true } = standIn.person ?? { email: "", name: "" };
    const claims = {
      ...{ iss: standIn.url, aud: standIn.clientId, iat: now, exp: now + 300, sub: `sub-${email}` },
      ...{ email, name, email_verified: verified, nonce: asked.get("nonce") ?? undefined },
    };
    const head = `${encode({ alg: "RS256", kid: "k1", typ: "JWT" })}.${encode(claims)}`;
    const signature = createSign("RSA-SHA256").update(head).sign(privateKey, "base64url");
    return {
      ...{ access_token: encode(claims), token_type: "Bearer", expires_in: 300 },
      id_token: `${head}.${signature}`,
    };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", standIn.url);
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (pathname === "/.well-known/openid-configuration")
      return void json(200, {
        issuer: standIn.url,
        authorization_endpoint: `${standIn.url}/authorize`,
        token_endpoint: `${standIn.url}/token`,
        userinfo_endpoint: `${standIn.url}/userinfo`,
        jwks_uri: `${standIn.url}/keys`,
        id_token_signing_alg_values_supported: ["RS256"],
      });
    if (pathname === "/keys")
      return void json(200, {
        keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" }],
      });
    if (pathname === "/authorize")
      return void response.writeHead(302, { location: authorize(searchParams) }).end();
    if (pathname === "/token") {
      let body = "";
      for await (const part of request) body += part;
      const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1];
      const given = grant(new URLSearchParams(body), basic ? Buffer.from(basic, "base64").toString() : null);
      return void json(given ? 200 : 400, given ?? { error: "invalid_grant" });
    }
    if (pathname === "/userinfo") {
      const token = request.headers.authorization?.split(" ")[1] ?? "";
      return void json(200, JSON.parse(Buffer.from(token, "base64url").toString()));
    }
    json(404, { error: "not_found" });
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const standIn: OidcStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ clientId: "chapar", clientSecret: "oidc-client-secret", person: null },
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  return standIn;
}
