import { randomBytes } from "node:crypto";
import type { TestContext } from "node:test";
import { pino } from "pino";
import { insertApp } from "../accounts/apps.ts";
import type { Outbound } from "../channels/provider.ts";
import { builtInProviders } from "../channels/registry.ts";
import type { Database } from "../db/database.ts";
import { nilUuid } from "../lib/keys.ts";
import { type AnsweredAccount, createProviderAccount } from "../providers/accounts.ts";
import { type Gate, openGate } from "../providers/gate.ts";
import { NewProviderAccount } from "../providers/schema.ts";
import { type StandInProvider, startStandInProvider } from "./stand-in-provider.ts";

/** How a generic account speaks to a stand-in. */
export const standInConfig = (standIn: { url: string }) => ({
  url: standIn.url,
  headers: { authorization: "Bearer sk-0123456789" },
  body: '{"to": {{ to | json }}, "text": {{ content | json }}, "deliveryId": {{ deliveryId | json }}}',
  idPath: "id",
  detailPath: "error",
});

/** An app with one account of a stand-in on a database, and gates on it. All of it ends with the test. */
export interface AccountOnStandIn {
  appKey: number;
  account: AnsweredAccount;
  standIn: StandInProvider;
  secretKey: string;
  /** Another one as another worker has it. */
  openGate(): Gate;
}

export async function makeAccountOnStandIn(
  t: TestContext,
  db: Database,
  settings: Partial<NewProviderAccount> = {},
): Promise<AccountOnStandIn> {
  const standIn = await startStandInProvider();
  t.after(() => standIn.stop());
  const secretKey = randomBytes(32).toString("hex");
  const appId = `app-${randomBytes(4).toString("hex")}`;
  const { app } = await insertApp(db, { appId, name: appId, timeZone: "UTC", now: new Date() });
  const { config, ...rest } = settings;
  const account = await createProviderAccount(
    { db, secretKey, providers: builtInProviders(), outside: { allowsPrivate: true } },
    { appKey: app.appKey, name: "test" },
    NewProviderAccount.parse({
      ...{ channel: "sms", provider: "http", name: "stand-in", ...rest },
      config: { ...standInConfig(standIn), ...config },
    }),
  );
  return {
    ...{ appKey: app.appKey, account, standIn, secretKey },
    openGate() {
      const gate = openGate({
        ...{ db, secretKey, providers: builtInProviders(), outside: { allowsPrivate: true } },
        logger: pino({ level: "silent" }),
      });
      t.after(() => gate.stop());
      return gate;
    },
  };
}

/** Messages with ids `<prefix>0`, `<prefix>1` …, each to another phone. */
export const outbounds = (count: number, prefix = "d"): Outbound[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{
      deliveryId: `${prefix}${index}`,
      messageId: "m",
      channel: "sms",
      to: String(989_120_000_000 + index),
    },
    ...{ tokenService: null, userId: `u-${index}`, subject: null, content: "hello", data: {} },
    ...{ notification: null, trackId: null, expiresAt: null, push: null, email: null, template: null },
    deliveryUuid: nilUuid,
  }));
