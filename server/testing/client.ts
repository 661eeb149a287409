import { createHmac } from "node:crypto";
import { type Answer, call, type TestProduct } from "./product.ts";

/** A device that calls with a public key, and with its credentials once it is registered. */
export interface TestClient {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: the test looks into what it was told
  readonly registered: any;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** What proves a device beside a public key. */
export const basic = ({ username, password }: { username: string; password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** What the customer's own server proves with that it is this user. */
export const hashOf = (secret: string, userId: string): string =>
  createHmac("sha256", secret).update(userId).digest("hex");

/** Makes a public key. */
export async function makePublicKey(product: TestProduct, origins: string[] = []): Promise<string> {
  const { body } = await product.call("POST", "/api/public-keys", { name: "Shop", origins });
  return body.key;
}

/** Registers a device with a public key; it must be taken. */
export async function registerClient(
  product: TestProduct,
  key: string,
  registration: Record<string, unknown>,
): Promise<TestClient> {
  const answer = await call(
    `${product.url}/api/installations`,
    "POST",
    { "x-access-token": key },
    registration,
  );
  if (answer.status !== 200) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
  const headers = { "x-access-token": key, authorization: basic(answer.body.mqtt) };
  return {
    id: answer.body.id,
    registered: answer.body,
    call: (method, path, body, more = {}) =>
      call(`${product.url}${path}`, method, { ...headers, ...more }, body),
  };
}
