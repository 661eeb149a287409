import type { Server } from "node:net";

/** Listens on the wanted port, or on any free one when it is taken; answers the port that it became. */
export async function listenOrAny(server: Server, wanted: { port: number; host: string }): Promise<number> {
  try {
    return await listenOn(server, wanted);
  } catch (error) {
    const { code } = error as { code?: string };
    if (wanted.port === 0 || (code !== "EADDRINUSE" && code !== "EACCES")) throw error;
    return listenOn(server, { ...wanted, port: 0 });
  }
}

/** Connections that wait to be taken: after a restart thousands of devices come within a second. Linux cuts it to its limit. */
const backlog = 4_096;

function listenOn(server: Server, { port, host }: { port: number; host: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
