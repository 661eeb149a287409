import sql from "sql-template-tag";
import type { ProviderReceipt } from "../channels/provider.ts";
import { toJson } from "../db/copy.ts";
import type { Queryable } from "../db/database.ts";
import type { Report, ReportingAccount } from "./receipts.ts";

/** A report that was answered, by its account. */
export interface StoredReport {
  reportId: string;
  account: ReportingAccount;
  report: Report;
}

/** Makes reports durable, in a statement that is its own transaction. */
export async function insertReports(
  db: Queryable,
  reports: readonly StoredReport[],
  now: Date,
): Promise<void> {
  await db.query(sql`
    insert into reports (report_id, app_key, account_key, channel, report, received_at)
    select *, ${now}::timestamptz
    from unnest(
      ${reports.map(({ reportId }) => reportId)}::uuid[],
      ${reports.map(({ account }) => account.appKey)}::integer[],
      ${reports.map(({ account }) => account.accountKey)}::integer[],
      ${reports.map(({ account }) => account.channel)}::text[],
      ${reports.map(({ report }) => toJson(report))}::jsonb[])`);
}

/** Takes these reports away to be applied; answers which of them nobody had taken before. */
export async function takeReports(tx: Queryable, reportIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ reportId: string }>(sql`
    delete from reports where report_id = any(${reportIds}::uuid[]) returning report_id as "reportId"`);
  return new Set(rows.map(({ reportId }) => reportId));
}

/** Reports that came before a moment and that nobody has applied, the oldest first. */
export async function listLeftReports(
  db: Queryable,
  { before, without, limit }: { before: Date; without: readonly string[]; limit: number },
): Promise<StoredReport[]> {
  const { rows } = await db.query<ReportingAccount & { reportId: string; report: Written<Report> }>(sql`
    select report_id as "reportId", app_key as "appKey", account_key as "accountKey", channel, report
    from reports
    where received_at < ${before} and report_id <> all(${without}::uuid[])
    order by received_at
    limit ${limit}`);
  return rows.map(({ reportId, report, ...account }) => ({ reportId, account, report: read(report) }));
}

/** Forgets reports that could not be applied for so long that they speak of nothing any more. */
export async function forgetReports(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`delete from reports where received_at < ${before}`);
}

/** As JSON has it: times are text. */
type Written<R extends { receipts: readonly ProviderReceipt[] }> = Omit<R, "receipts"> & {
  receipts: readonly (Omit<ProviderReceipt, "at"> & { at: string | null })[];
};

const read = ({ receipts, ...rest }: Written<Report>): Report => ({
  ...rest,
  receipts: receipts.map(({ at, ...said }) => ({ ...said, at: at === null ? null : new Date(at) })),
});
