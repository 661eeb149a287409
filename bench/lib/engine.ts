import { pino } from "pino";
import { v7 as uuidv7 } from "uuid";
import type * as database from "../../server/db/database.ts";
import type * as runner from "../../server/jobs/runner.ts";
import type * as links from "../../server/links/links.ts";
import type * as dispatch from "../../server/messages/dispatch.ts";
import type * as jobs from "../../server/messages/jobs.ts";
import type * as wanted from "../../server/outbox/wanted.ts";
import type * as gate from "../../server/providers/gate.ts";
import { instantProviders } from "./instant-provider.ts";

/** The sending engine inside this process. */
export interface Engine {
  stop(): Promise<void>;
}

/** Starts it as it was built: as it is run from its sources here, each function that it makes is given its name anew. */
export async function startEngine(databaseUrl: string): Promise<Engine> {
  const { openDatabase } = await built<typeof database>("db/database.js");
  const { startJobs } = await built<typeof runner>("jobs/runner.js");
  const { createLinks } = await built<typeof links>("links/links.js");
  const { startDispatch } = await built<typeof dispatch>("messages/dispatch.js");
  const { messageTasks } = await built<typeof jobs>("messages/jobs.js");
  const { keepWanted } = await built<typeof wanted>("outbox/wanted.js");
  const { openGate } = await built<typeof gate>("providers/gate.js");

  const db = openDatabase(databaseUrl, { connections: 24, name: "bench engine", onError: () => {} });
  const logger = pino({ level: "silent" });
  const secretKey = "-".repeat(64);
  const accounts = openGate({
    ...{ db, logger, secretKey, providers: instantProviders },
    outside: { allowsPrivate: true },
  });
  const publisher = { publish: async () => {} };
  const tasks = await startJobs({
    ...{ db, logger, workerId: uuidv7(), concurrency: 2 },
    tasks: messageTasks(db),
  });
  const webhooks = keepWanted(db, () => {});
  const dispatcher = startDispatch({
    ...{ db, logger, gate: accounts, publisher },
    links: createLinks({ secretKey, publicUrl: () => "https://news.example.com" }),
  });
  return {
    async stop() {
      await dispatcher.stop();
      webhooks.stop();
      await accounts.stop();
      await tasks.stop();
      await db.close();
    },
  };
}

const built = <Module>(path: string): Promise<Module> =>
  import(new URL(`../../dist/server/${path}`, import.meta.url).href);
