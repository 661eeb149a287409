import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/** Listens on a port of this machine, a free one for 0, and answers which. Throws where it is taken. */
export async function listen(server: Server, port: number): Promise<number> {
  const listening = once(server, "listening");
  server.listen(port, "127.0.0.1");
  await listening;
  return (server.address() as AddressInfo).port;
}
