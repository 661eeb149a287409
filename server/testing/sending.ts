import type { TestContext } from "node:test";
import sql from "sql-template-tag";
import { userKey } from "../lib/keys.ts";
import type { MessageReport } from "../messages/schema.ts";
import { startTestProduct, type TestProduct, until } from "./product.ts";
import { standInConfig } from "./provider-accounts.ts";
import { type StandInOptions, type StandInProvider, startStandInProvider } from "./stand-in-provider.ts";

/** Makes users `<prefix>0`, `<prefix>1` … with a phone each, and their name as the attribute first_name. */
export async function addUsers(product: TestProduct, count: number, prefix = "u"): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  await product.db.query(sql`
    insert into users (app_key, user_key, user_id, is_guest, phone, email, attributes, tags, value_tags, created_at, updated_at)
    select (select app_key from apps where app_id = ${product.appId}), k, id, false, phone, id || '@example.com',
      jsonb_build_object('first_name', 'Name ' || id), '{}', '{}', now(), now()
    from unnest(
      ${ids.map((id) => userKey(product.appId, id))}::uuid[], ${ids}::text[],
      ${ids.map((id) => phoneOf(id))}::text[]) as u (k, id, phone)`);
  await product.db.query(sql`
    insert into attributes (app_key, name, type, created_at)
    select app_key, 'first_name', 'TEXT', now() from apps where app_id = ${product.appId}
    on conflict do nothing`);
  return ids;
}

/** The phone of a user made by {@link addUsers}: in Iran, another one for each number below a million. */
export const phoneOf = (id: string): string => {
  const letters = [...id.replace(/\d/g, "")].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
  return `98912${letters % 10}${id.replace(/\D/g, "").padStart(6, "0")}`;
};

type Channel = "push" | "email" | "sms" | "whatsapp";

/** A product with one account, which campaigns go by. */
export interface Campaigning {
  product: TestProduct;
  account: { id: string; receiptsUrl: string };
  /** Drafts and launches a campaign to everyone; answers the id of its message. */
  broadcast(content?: Record<string, unknown>, audience?: Record<string, unknown>): Promise<string>;
  message(id: string): Promise<MessageReport>;
  /** Waits until the message is so. */
  messageThat(id: string, passes: (message: MessageReport) => boolean, ms?: number): Promise<MessageReport>;
}

/** The same with an account that speaks to a stand-in by the generic provider. */
export interface SendingProduct extends Campaigning {
  standIn: StandInProvider;
}

export async function startSending(
  t: TestContext,
  {
    channel = "sms",
    standIn: options = {},
    config = {},
    ...settings
  }: {
    channel?: Channel;
    standIn?: StandInOptions;
    config?: Record<string, unknown>;
    ratePerSecond?: number;
    concurrency?: number;
  } = {},
): Promise<SendingProduct> {
  const standIn = await startStandInProvider(options);
  t.after(() => standIn.stop());
  const campaigning = await startCampaigning(t, {
    ...{ channel, provider: "http", name: "Stand-in", ...settings },
    config: { ...standInConfig(standIn), ...config },
  });
  return { ...campaigning, standIn };
}

/** A product with this account. */
export async function startCampaigning(
  t: TestContext,
  request: { channel: Channel; provider: string; config: object; name?: string },
): Promise<Campaigning> {
  const { channel } = request;
  const product = await startTestProduct(t);
  const { status, body: account } = await product.call("POST", "/api/providers", {
    name: request.provider,
    ...request,
  });
  if (status !== 201) throw new Error(JSON.stringify(account));
  const message = async (id: string) => (await product.call("GET", `/api/messages/${id}`)).body;
  return {
    ...{ product, account, message },
    async broadcast(content = { content: "Hi {{user.first_name}}" }, audience = { target: {} }) {
      const draft = await product.call("POST", "/api/campaigns", {
        name: "Autumn",
        channel,
        content,
        ...audience,
      });
      if (draft.status !== 201) throw new Error(JSON.stringify(draft.body));
      const launched = await product.call("POST", `/api/campaigns/${draft.body.id}/launch`);
      if (launched.status !== 200) throw new Error(JSON.stringify(launched.body));
      return launched.body.message.id;
    },
    messageThat: (id, passes, ms = 30_000) => until(() => message(id), passes, ms),
  };
}

/** How many recipients of a message have a row in each state, as the rows themselves say. */
export async function countRows(product: TestProduct, messageId: string): Promise<Record<string, number>> {
  const { rows } = await product.db.query<{ state: string; count: number }>(sql`
    select state, count(*) as count from deliveries where message_id = ${messageId} group by state`);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Waits until everything that providers have reported is applied: they are answered before. */
export const reportsAreApplied = async (product: TestProduct): Promise<void> => {
  await until(
    async () => (await product.db.query(sql`select from reports limit 1`)).rowCount,
    (left) => left === 0,
  );
};

/** The counts of a message without those that are 0. */
export const countsOf = ({ counts }: MessageReport): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
