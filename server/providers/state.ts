import sql from "sql-template-tag";
import type { ProviderChannel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import type { AccountStatus, Price } from "./schema.ts";

/** How an account stands, without what it is made of. */
export interface AccountState {
  id: string;
  provider: string;
  name: string;
  status: AccountStatus;
  /** Why it does not send. */
  detail: string | null;
  restsUntil: Date | null;
  ratePerSecond: number | null;
  price: Price | null;
}

/** The accounts of a channel, those that are switched on and used first before the others. */
export async function listAccountStates(
  db: Queryable,
  appKey: number,
  channel: ProviderChannel,
): Promise<AccountState[]> {
  const { rows } = await db.query<AccountState>(sql`
    select account_id as id, provider, name,
      case
        when not is_active then 'off'
        when misconfigured_detail is not null then 'misconfigured'
        when rests_until > clock_timestamp() then 'resting'
        else 'active' end as status,
      coalesce(misconfigured_detail, rests_detail) as detail, rests_until as "restsUntil",
      rate_per_second::double precision as "ratePerSecond", price
    from provider_accounts
    where app_key = ${appKey} and channel = ${channel}
    order by is_active desc, priority, account_key
    limit 20`);
  return rows;
}
