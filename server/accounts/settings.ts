import sql, { type Sql } from "sql-template-tag";
import type { Database, Queryable } from "../db/database.ts";
import { notify } from "../db/notify.ts";
import { recordAudit } from "./audit.ts";
import type { Settings, SettingsChange } from "./settings-schema.ts";

export type { Settings } from "./settings-schema.ts";
export type QuietHours = NonNullable<Settings["quietHours"]>;
export type DefaultTexts = Settings["defaultTexts"];
export type FrequencyCap = NonNullable<Settings["frequencyCap"]>;

/** The columns of {@link Settings}, of the table `apps` under this name. */
const settingsOf = (app: Sql): Sql => sql`
  ${app}.name, ${keptTo(app)}, ${app}.import_file_days as "importFileDays"`;

/** Of these what concerns a message that is about to be sent. */
export const keptTo = (app: Sql): Sql => sql`
  ${app}.time_zone as "timeZone",
  case when ${app}.quiet_from is not null then jsonb_build_object(
    'from', to_char(${app}.quiet_from, 'HH24:MI'), 'to', to_char(${app}.quiet_to, 'HH24:MI')) end as "quietHours",
  case when ${app}.cap_messages is not null then jsonb_build_object(
    'messages', ${app}.cap_messages, 'hours', ${app}.cap_hours) end as "frequencyCap",
  ${app}.requires_user_hash as "requiresUserHash", ${app}.public_events as "publicEvents",
  jsonb_build_object('title', ${app}.default_title, 'alert', ${app}.default_alert) as "defaultTexts"`;

export async function getSettings(db: Queryable, appKey: number): Promise<Settings> {
  const { rows } = await db.query<Settings>(sql`
    select ${settingsOf(sql`apps`)} from apps where app_key = ${appKey}`);
  const [settings] = rows;
  if (!settings) throw new Error(`no app ${appKey}`);
  return settings;
}

/** Changes what is given, and leaves the rest. It holds for whatever is sent from now on. */
export async function changeSettings(
  db: Database,
  caller: { appKey: number; name: string },
  change: SettingsChange,
): Promise<Settings> {
  const { appKey, name: actor } = caller;
  return db.transaction(async (tx) => {
    await tx.query(sql`select from apps where app_key = ${appKey} for update`);
    const before = await getSettings(tx, appKey);
    const after: Settings = {
      name: change.name ?? before.name,
      timeZone: change.timeZone ?? before.timeZone,
      quietHours: change.quietHours === undefined ? before.quietHours : change.quietHours,
      frequencyCap: change.frequencyCap === undefined ? before.frequencyCap : change.frequencyCap,
      requiresUserHash: change.requiresUserHash ?? before.requiresUserHash,
      publicEvents: change.publicEvents ? [...new Set(change.publicEvents)] : before.publicEvents,
      defaultTexts: change.defaultTexts ?? before.defaultTexts,
      importFileDays: change.importFileDays === undefined ? before.importFileDays : change.importFileDays,
    };
    const { timeZone, quietHours, frequencyCap } = after;
    await tx.query(sql`
      update apps
      set name = ${after.name}, default_title = ${after.defaultTexts.title},
        default_alert = ${after.defaultTexts.alert}, import_file_days = ${after.importFileDays}, time_zone = ${timeZone}, quiet_from = ${quietHours?.from ?? null}::time,
        quiet_to = ${quietHours?.to ?? null}::time, cap_messages = ${frequencyCap?.messages ?? null}::smallint,
        cap_hours = ${frequencyCap?.hours ?? null}::smallint, requires_user_hash = ${after.requiresUserHash},
        public_events = ${after.publicEvents}
      where app_key = ${appKey}`);
    const detail = { before, after };
    await recordAudit(tx, {
      ...{ appKey, actor, action: "settings.changed", subject: "settings", detail, now: new Date() },
    });
    await notify(tx, "chapar_changes", `${appKey}:settings:${appKey}`);
    return after;
  });
}
