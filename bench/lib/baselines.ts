// What others do, on the same server with the same rows.
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse/sync";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { MappedRow } from "../../server/imports/formats/format.ts";
import { versionNumber } from "../../server/lib/version.ts";
import { exportPlan } from "./export-plan.ts";

const schema = "bench_peer";

/** Rows a second of a plain COPY of the file's lines into one text column: the bytes alone, made durable. */
export async function measureCopy(client: pg.Client, path: string): Promise<number> {
  return inSchema(client, async () => {
    await client.query(`create table ${schema}.lines (line text)`);
    const start = performance.now();
    // A delimiter and a quote that no line holds: every line is one value.
    const copy = client.query(
      copyFrom(`copy ${schema}.lines from stdin (format csv, delimiter e'\\x01', quote e'\\x02')`),
    );
    await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), copy);
    return (copy.rowCount ?? 0) / seconds(start);
  });
}

/**
 * Rows a second of one `insert … on conflict` a table and row, each its own statement and transaction over one
 * connection. The tables are ours with their indexes; reading and checking the rows is not counted.
 */
export async function measureRowByRow(client: pg.Client, csv: string): Promise<number> {
  const rows = readRows(csv);
  return inSchema(client, async () => {
    for (const table of ["users", "installations"])
      await client.query(`create table ${schema}.${table} (like ${table} including all)`);
    const start = performance.now();
    for (const { user, installation } of rows) {
      await client.query({ name: "peer-user", text: upsertUser, values: user });
      if (installation)
        await client.query({ name: "peer-installation", text: upsertInstallation, values: installation });
    }
    return rows.length / seconds(start);
  });
}

const seconds = (start: number) => (performance.now() - start) / 1000;

async function inSchema<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query(`drop schema if exists ${schema} cascade; create schema ${schema}`);
  try {
    return await work();
  } finally {
    await client.query(`drop schema if exists ${schema} cascade`);
  }
}

const upsertUser = `
  insert into ${schema}.users as u (
    app_key, user_key, user_id, is_guest, email, phone, language, attributes, tags, value_tags, created_at, updated_at)
  values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, now(), now())
  on conflict (app_key, user_key) do update set
    email = coalesce(excluded.email, u.email), phone = coalesce(excluded.phone, u.phone),
    language = coalesce(excluded.language, u.language), attributes = u.attributes || excluded.attributes,
    tags = excluded.tags, value_tags = u.value_tags || excluded.value_tags, updated_at = excluded.updated_at`;

const upsertInstallation = `
  insert into ${schema}.installations as i (
    app_key, user_key, installation_key, installation_id, device_type, device_model, os_version, os_version_n,
    client_version, client_version_n, launch_count, install_date, launch_time, device_token, opted_out, topics,
    created_at, updated_at)
  values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '{}', now(), now())
  on conflict (app_key, user_key, installation_key) do update set
    device_type = excluded.device_type, device_model = excluded.device_model, os_version = excluded.os_version,
    os_version_n = excluded.os_version_n, client_version = excluded.client_version,
    client_version_n = excluded.client_version_n, launch_count = excluded.launch_count,
    install_date = excluded.install_date, launch_time = excluded.launch_time, device_token = excluded.device_token,
    opted_out = excluded.opted_out, updated_at = excluded.updated_at`;

interface RowValues {
  user: unknown[];
  /** Null for an e-mail or SMS row. */
  installation: unknown[] | null;
}

function readRows(csv: string): RowValues[] {
  const [header = [], ...records] = parse(csv) as string[][];
  const read = exportPlan(header, "bench-peer");
  return records.map((record, index) => valuesOf(read(index + 2, record)));
}

function valuesOf(row: MappedRow): RowValues {
  if (row.kind !== "person") throw new Error("an export has people only");
  const { user, installation: device } = row;
  const tags = [...user.tags, ...Object.entries(user.valueTags).map(([name, value]) => `${name}_${value}`)];
  return {
    user: [
      ...[
        user.userKey,
        user.userId,
        user.isGuest,
        user.email ?? null,
        user.phone ?? null,
        user.language ?? null,
      ],
      ...[user.attributes, tags, user.valueTags],
    ],
    installation: device && [
      ...[user.userKey, device.installationKey, device.installationId, device.deviceType, device.deviceModel],
      ...[device.osVersion, versionNumber(device.osVersion ?? null), device.clientVersion],
      ...[
        versionNumber(device.clientVersion ?? null),
        device.launchCount,
        device.installDate,
        device.launchTime,
      ],
      ...[device.deviceToken, device.optedOut],
    ],
  };
}
