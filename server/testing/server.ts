import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "../db/embedded.ts";

/** An embedded server for tests, in a temporary folder that goes with it. */
export interface ThrowAwayServer {
  /** A superuser's address. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server without fsync: its data is not worth keeping. */
export async function startThrowAwayServer(): Promise<ThrowAwayServer> {
  const folder = mkdtempSync(join(tmpdir(), "chapar-test-"));
  chmodSync(folder, 0o711); // as root the server runs as another user, who has to pass through
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const server = await startEmbedded({
      place: { wanted: join(folder, "data"), cloneRoot: null, homeDir: folder, xdgDataHome: null },
      log: () => {},
      isThrowAway: true,
    });
    return {
      url: server.url,
      async stop() {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
