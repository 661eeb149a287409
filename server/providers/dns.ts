import { Resolver } from "node:dns/promises";
import type { DnsRecord } from "../channels/provider.ts";
import type { DnsRecordCheck } from "./schema.ts";

/** The DNS of the machine, or these servers; a record is given up after some seconds. */
export function createDnsCheck(
  servers: readonly string[] | null,
): (record: DnsRecord) => Promise<DnsRecordCheck> {
  return async (record) => {
    const resolver = new Resolver({ timeout: 2_500, tries: 2 });
    if (servers) resolver.setServers(servers);
    const { purpose, type, name, value } = record;
    const answer = { purpose, type, name, value };
    try {
      const found = await findRecords(resolver, record);
      const { ok, detail } = record.judge(found);
      return { ...answer, status: ok ? "ok" : found.length > 0 ? "different" : "missing", found, detail };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const detail = `The DNS gave no answer (${code ?? "unknown"}); try again in a while.`;
      return { ...answer, status: "unknown", found: [], detail };
    }
  };
}

/** What stands there: none when the DNS says that there is nothing. Throws when it says nothing. */
async function findRecords(resolver: Resolver, { type, name }: DnsRecord): Promise<string[]> {
  try {
    if (type === "TXT") return (await resolver.resolveTxt(name)).map((texts) => texts.join(""));
    const hosts = await resolver.resolveMx(name);
    return hosts.sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw error;
  }
}
