import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { PublicKey, UserHashSecret } from "../accounts/public-keys-schema.ts";
import { pageOf } from "../lib/page.ts";

/** The demo shop's own backend: what a customer has on a server, and talks to Chapar's API with an access token. */
export interface DemoShop {
  readonly url: string;
  /** Gives it Chapar to talk to; until then whoever asks waits. */
  connect(chapar: { url: string; accessToken: string }): Promise<void>;
  stop(): Promise<void>;
}

interface Ready {
  publicKey: string;
  secret: string;
}

const keyName = "Demo shop";
const Login = z.object({ name: z.string().trim().min(1).max(60) });

/** Starts it on any port of this machine. */
export async function startDemoShop(): Promise<DemoShop> {
  let setReady: (ready: Ready) => void = () => {};
  const ready = new Promise<Ready>((resolve) => (setReady = resolve));
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, ready).catch((error: Error) => ({
      status: 500,
      body: { error: error.message },
    }));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connect: async (chapar) => setReady(await prepare(chapar)),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  ready: Promise<Ready>,
): Promise<{ status: number; body: unknown }> {
  switch (`${request.method} ${request.url}`) {
    case "GET /shop": {
      const { publicKey } = await ready;
      return { status: 200, body: { publicKey } };
    }
    case "POST /login": {
      const login = Login.safeParse(JSON.parse(await text(request)));
      if (!login.success) return { status: 422, body: { error: "expected a name of 1 to 60 letters" } };
      // A real shop would ask for a password first.
      const userId = login.data.name;
      const { secret } = await ready;
      const userHash = createHmac("sha256", secret).update(userId).digest("hex");
      return { status: 200, body: { userId, userHash } };
    }
    default:
      return { status: 404, body: { error: "unknown address" } };
  }
}

/** The public key of an earlier start or a new one, and the secret that user ids are hashed with. */
async function prepare({ url, accessToken }: { url: string; accessToken: string }): Promise<Ready> {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { "x-access-token": accessToken, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const { data } = pageOf(PublicKey).parse(await call("GET", "/api/public-keys?limit=100"));
  const known = data.find(({ name }) => name === keyName);
  // The page may be opened from any machine of the network, under any name this one has there.
  const { key } =
    known ?? PublicKey.parse(await call("POST", "/api/public-keys", { name: keyName, origins: ["*"] }));
  const { secret } = UserHashSecret.parse(await call("GET", "/api/settings/user-hash"));
  return { publicKey: key, secret };
}
