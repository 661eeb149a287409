import type pg from "pg";

/** The rows of some tables, folded into one number each that does not depend on their order. */
export type Digest = Readonly<Record<string, string>>;

/** A table and what of its rows is compared. */
interface Compared {
  readonly table: string;
  /** SQL of a text that names the row. */
  readonly key: string;
  /** SQL of a jsonb: everything that comes from the file. Wall clock and random ids do not. */
  readonly content: string;
  readonly isOfImport: boolean;
}

const compared: readonly Compared[] = [
  {
    table: "users",
    key: "user_key::text",
    content: "to_jsonb(t) - 'created_at' - 'updated_at'",
    isOfImport: false,
  },
  {
    table: "installations",
    key: "user_key || '/' || installation_key",
    content: "to_jsonb(t) - 'created_at' - 'updated_at'",
    isOfImport: false,
  },
  {
    table: "installation_directory",
    key: "installation_key::text",
    content: "to_jsonb(t)",
    isOfImport: false,
  },
  {
    table: "import_errors",
    key: "line::text",
    content: "to_jsonb(t) - 'import_id'",
    isOfImport: true,
  },
];

/** Where a digest is taken: a database, and the import whose errors count. */
export interface DigestPlace {
  readonly client: pg.Client;
  readonly importId: string;
}

export async function takeDigest(place: DigestPlace): Promise<Digest> {
  const digest: Record<string, string> = {};
  for (const { table, content, isOfImport } of compared) {
    const { rows } = await place.client.query<{ digest: string }>(
      `select count(*) || ' rows, ' || coalesce(sum(hashtextextended((${content})::text, 0)::numeric), 0) as digest
      from ${table} t ${isOfImport ? "where import_id = $1" : ""}`,
      isOfImport ? [place.importId] : [],
    );
    digest[table] = rows[0]?.digest ?? "";
  }
  return digest;
}

const shownRows = 5;

/** The first rows that are not the same in both places, in words; empty when all are. */
export async function describeDifferences(wanted: DigestPlace, found: DigestPlace): Promise<string[]> {
  const lines: string[] = [];
  for (const one of compared) {
    const [before, after] = [await hashes(wanted, one), await hashes(found, one)];
    const keys = [...new Set([...before.keys(), ...after.keys()])].filter(
      (key) => before.get(key) !== after.get(key),
    );
    if (keys.length === 0) continue;
    lines.push(`${one.table}: ${keys.length} rows differ, the first of them:`);
    for (const key of keys.slice(0, shownRows)) {
      lines.push(`  wanted ${await rowOf(wanted, one, key)}`, `  found  ${await rowOf(found, one, key)}`);
    }
  }
  return lines;
}

async function hashes(place: DigestPlace, one: Compared): Promise<Map<string, string>> {
  const { rows } = await place.client.query<{ key: string; hash: string }>(
    `select ${one.key} as key, hashtextextended((${one.content})::text, 0)::text as hash
    from ${one.table} t ${one.isOfImport ? "where import_id = $1" : ""}`,
    one.isOfImport ? [place.importId] : [],
  );
  return new Map(rows.map(({ key, hash }) => [key, hash]));
}

async function rowOf(place: DigestPlace, one: Compared, key: string): Promise<string> {
  const { rows } = await place.client.query<{ content: string }>(
    `select (${one.content})::text as content
    from ${one.table} t where ${one.key} = $1 ${one.isOfImport ? "and import_id = $2" : ""}`,
    one.isOfImport ? [key, place.importId] : [key],
  );
  return rows[0]?.content ?? "no row";
}
