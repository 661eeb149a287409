import sql from "sql-template-tag";
import { v7 as uuidv7 } from "uuid";
import { recordDeliveries, recordTargeted } from "../deliveries/record.ts";
import { deliveryId, nilUuid, userKey } from "../lib/keys.ts";
import { createLinkTokens, type LinkTokens, type TokenSubject } from "../links/tokens.ts";
import type { TestProduct } from "./product.ts";

/** An e-mail that was sent to users: what became of it so far, and the tokens that stand in it. */
export interface Mailing {
  messageId: string;
  tokens: LinkTokens;
  subjectOf(user: string): TokenSubject;
  /** Writes the rows of its recipients, as when it was just sent. */
  deliver(users: readonly string[], sentAt?: Date): Promise<void>;
  /** State, code and detail of a recipient. */
  deliveryOf(
    user: string,
  ): Promise<{ state: string; code: string | null; detail: string | null } | undefined>;
  /** Rows of engagements as `user what link times`, sorted. */
  engagements(): Promise<string[]>;
}

/** An hour ago: so long that nobody who clicks now is taken for a machine. */
const longAgo = () => new Date(Date.now() - 3_600_000);

/** Writes an e-mail to users of a product as the engine leaves it. Its delivery rows come with `deliver`. */
export async function makeMailing(
  product: Pick<TestProduct, "db" | "appId" | "config">,
  {
    links = [],
    topic = "default",
    isFinished = true,
  }: { links?: string[]; topic?: string; isFinished?: boolean } = {},
): Promise<Mailing> {
  const { db, appId } = product;
  const messageId = uuidv7();
  const { rows: apps } = await db.query<{ appKey: number }>(
    sql`select app_key as "appKey" from apps where app_id = ${appId}`,
  );
  const appKey = apps[0]?.appKey ?? 0;
  // One that runs with nothing left to send is finished by the engine within seconds.
  const status = isFinished ? "finished" : "paused";
  const content = { content: "Hello", email: { html: "<p>Hello</p>", text: "Hello", links, mark: "x" } };
  await db.query(sql`
    insert into messages (message_id, app_key, channel, topic, audience_kind, audience, content, source, status, priority,
      created_at, frozen_at, finished_at)
    values (${messageId}, ${appKey}, 'email', ${topic}, 'target', '{"target": {}}', ${JSON.stringify(content)}::jsonb,
      'api', ${status}, 0, now(), now(), ${isFinished ? new Date() : null})`);
  const subjectOf = (user: string) => ({ messageId, userKey: userKey(appId, user), step: 0 });
  const idOf = (user: string) => deliveryId(messageId, userKey(appId, user), "email/0");
  return {
    messageId,
    tokens: createLinkTokens(product.config.secretKey),
    subjectOf,
    deliver: (users, sentAt = longAgo()) =>
      db.transaction(async (tx) => {
        await recordTargeted(tx, [{ messageId, variant: 0, recipients: users.length }], sentAt);
        const rows = users.map((user) => ({
          ...{
            messageId,
            userKey: userKey(appId, user),
            deliveryId: idOf(user),
            appKey,
            step: 0,
            variant: 0,
            attempts: 1,
          },
          ...{ installationKey: nilUuid, accountKey: 1, providerId: null, findsByProviderId: false },
          ...{ state: "sent" as const, reason: null, code: null, detail: null, address: null, at: sentAt },
        }));
        await recordDeliveries(tx, 1, rows, sentAt);
      }),
    async deliveryOf(user) {
      const { rows } = await db.query<{ state: string; code: string | null; detail: string | null }>(sql`
        select state, code, detail from deliveries where message_id = ${messageId} and delivery_id = ${idOf(user)}`);
      return rows[0];
    },
    async engagements() {
      const { rows } = await db.query<{ line: string }>(sql`
        select coalesce(u.user_id, 'nobody') || ' ' || what || ' ' || link || ' ' || times as line
        from engagements e
        left join users u using (user_key)
        where message_id = ${messageId}
        order by 1`);
      return rows.map((row) => row.line);
    },
  };
}
