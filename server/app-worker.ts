import { v7 as uuidv7 } from "uuid";
import { absorbGuests } from "./absorb.ts";
import { type RoleConfig, type Running, reachedAt } from "./app.ts";
import { startScheduler } from "./campaigns/scheduler.ts";
import { builtInProviders, type Registry } from "./channels/registry.ts";
import { startDashboardUpkeep } from "./dashboard/upkeep.ts";
import { openDatabase } from "./db/database.ts";
import { dropOldPartitions, keptSince, preparePartitions } from "./deliveries/partitions.ts";
import { startRetention } from "./events/partitions.ts";
import { startExpiry } from "./imports/expire.ts";
import { importTasks, startUploadSweeper } from "./imports/jobs.ts";
import { startJobs } from "./jobs/runner.ts";
import { restorableSince } from "./lib/deleted.ts";
import { uuidAt } from "./lib/time.ts";
import { createLinks } from "./links/links.ts";
import { createLogger } from "./logger.ts";
import { startDispatch } from "./messages/dispatch.ts";
import { messageTasks } from "./messages/jobs.ts";
import { startUpkeep } from "./messages/upkeep.ts";
import { keepWanted } from "./outbox/wanted.ts";
import { forgetCodes } from "./promo/allot.ts";
import { isChannelReady } from "./providers/accounts.ts";
import { openGate } from "./providers/gate.ts";
import { startTemplateUpkeep, templatesToSend } from "./providers/templates.ts";
import { purgeDeleted } from "./purge.ts";
import { connected, connectToBroker } from "./realtime/client.ts";
import { createPublisher } from "./realtime/publisher.ts";
import { askForRollCalls } from "./realtime/roll-call.ts";
import { sampleTasks } from "./sample/remove.ts";
import { startGrowth } from "./segments/growth.ts";
import { segmentTasks } from "./segments/jobs.ts";
import { usesOf } from "./uses-of.ts";
import { startWebhookSender } from "./webhooks/sender.ts";

/** The worker role: imports, expansion of audiences, sending. */
export async function startWorker(
  config: RoleConfig,
  { providers = builtInProviders() }: { providers?: Registry } = {},
): Promise<Running> {
  const logger = createLogger(config, "worker");
  const db = openDatabase(config.databaseUrl, {
    connections: 24,
    name: "chapar worker",
    onError: (error) => logger.warn({ err: error }, "a database connection broke"),
  });
  const workerId = uuidv7();
  const wanted = keepWanted(db, (error) => logger.warn({ err: error }, "webhooks were not looked up"));
  const notKept = (error: unknown) => logger.error({ err: error }, "old data was not looked after");
  const forgetOld = async () => {
    await purgeDeleted(db, restorableSince(new Date()));
    if (config.messageMonths === null) return;
    const dropped = await dropOldPartitions(db, config.messageMonths, new Date());
    await forgetCodes(db, uuidAt(keptSince(config.messageMonths, new Date())));
    if (dropped.length > 0) logger.info({ dropped }, "deliveries older than MESSAGE_MONTHS were dropped");
  };
  await preparePartitions(db, new Date());
  const keepHouse = async () => {
    await preparePartitions(db, new Date());
    await forgetOld();
  };
  // The start waits for nothing that is only old.
  let keeping = forgetOld().catch(notKept);
  const house = setInterval(() => {
    keeping = keeping.then(keepHouse).catch(notKept);
  }, 6 * 3_600_000);
  const events = startRetention(db, config.eventMonths, {
    onDropped: (partitions) => logger.info({ partitions }, "events older than EVENT_MONTHS were dropped"),
    onError: (error) => logger.error({ err: error }, "old events were not dropped"),
  });
  const growth = startGrowth(db, (error) => logger.warn({ err: error }, "a segment was not counted"));
  const dashboard = startDashboardUpkeep(db, (error) =>
    logger.warn({ err: error }, "the numbers of the overview were not counted"),
  );
  const mqttUrl = config.mqttUrl ?? `mqtt://127.0.0.1:${config.mqttPort}`;
  const client = connectToBroker({ url: mqttUrl, secretKey: config.secretKey, name: "worker", logger });
  await connected(client, 10_000);
  askForRollCalls(client, db, (error) =>
    logger.warn({ err: error }, "nobody was asked to call the roll yet"),
  );
  const jobs = await startJobs({
    ...{ db, workerId, logger, concurrency: 4 },
    tasks: {
      ...importTasks(db, { isChannelReady, absorb: absorbGuests }),
      ...segmentTasks({ db, url: config.databaseDirectUrl ?? config.databaseUrl }),
      ...messageTasks(db),
      ...sampleTasks(db, usesOf),
    },
  });
  const outside = {
    allowsPrivate: config.allowsPrivateAddresses,
    publicUrl: reachedAt(config, config.port),
  };
  const gate = openGate({
    ...{ db, logger, secretKey: config.secretKey, providers },
    outside,
  });
  const accounts = { db, secretKey: config.secretKey, providers, outside };
  const templates = startTemplateUpkeep(accounts, (error) =>
    logger.warn({ err: error }, "templates of WhatsApp were not fetched"),
  );
  const links = createLinks({
    secretKey: config.secretKey,
    publicUrl: () => config.publicUrl ?? `http://localhost:${config.port}`,
  });
  const dispatcher = startDispatch({ db, logger, publisher: createPublisher(client), gate, links });
  const publicUrl = () => config.publicUrl ?? `http://localhost:${config.port}`;
  const scheduler = startScheduler(
    { db, publicUrl, templatesToSend: (appKey) => templatesToSend(accounts, appKey) },
    (error) => logger.error({ err: error }, "a campaign was not started"),
  );
  const webhooks = startWebhookSender({ db, secretKey: config.secretKey, outside, logger });
  const upkeep = startUpkeep(db, (error) => logger.warn({ err: error }, "messages were not looked after"));
  const uploads = startUploadSweeper(db, (error) =>
    logger.warn({ err: error }, "silent uploads were not looked for"),
  );
  const expiry = startExpiry(db, (error) => logger.warn({ err: error }, "old imports were not cleared"));
  logger.info({ workerId }, "the worker role runs");

  return {
    ...{ url: "", port: 0, mqttPort: null, mqttUrl, notes: [] },
    async stop() {
      clearInterval(house);
      await keeping;
      uploads.stop();
      await expiry.stop();
      events.stop();
      await growth.stop();
      await dashboard.stop();
      await scheduler.stop();
      await dispatcher.stop();
      await templates.stop();
      await gate.stop();
      await upkeep.stop();
      await webhooks.stop();
      await jobs.stop();
      await client.endAsync(true);
      wanted.stop();
      await db.close();
      logger.info("the worker role stopped");
    },
  };
}
