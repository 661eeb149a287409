import sql, { type Sql } from "sql-template-tag";

/** Who and what device `d (app_key, user_key, installation_key)` is: with {@link withNames}. */
export const namesOf: Sql = sql`
  u.user_id as "userId", i.installation_id as "installationId", i.device_type as "deviceType"`;

export const withNames: Sql = sql`
  left join users u on u.app_key = d.app_key and u.user_key = d.user_key
  left join installations i on i.app_key = d.app_key and i.user_key = d.user_key
    and i.installation_key = d.installation_key`;
