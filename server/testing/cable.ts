import { connect, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { listen } from "./stand-ins/listen.ts";

/** What lies between a role and a port that it connects to, and can be pulled out. */
export interface Cable {
  readonly port: number;
  /** Ends what goes through it; who comes meanwhile is turned away. */
  pull(): void;
  plugIn(): void;
}

export async function layCable(t: TestContext, toPort: number): Promise<Cable> {
  const sockets = new Set<Socket>();
  let isPulled = false;
  const server = createServer((socket) => {
    if (isPulled) return void socket.destroy();
    const onwards = connect(toPort, "127.0.0.1");
    for (const [one, other] of [
      [socket, onwards],
      [onwards, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  const pull = () => {
    isPulled = true;
    for (const socket of sockets) socket.destroy();
  };
  const port = await listen(server, 0);
  t.after(() => {
    pull();
    server.close();
  });
  return {
    ...{ port, pull },
    plugIn: () => {
      isPulled = false;
    },
  };
}
