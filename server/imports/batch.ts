import type { Owner } from "../installations/installations.ts";
import type { InstallationChange } from "../installations/merge.ts";
import { installationKey, userKey } from "../lib/keys.ts";
import type { UserChange } from "../users/merge.ts";
import type { MappedRow } from "./mapping.ts";

/** A row of a batch with the keys of what it speaks of. */
export interface KeyedRow {
  line: number;
  /** What must be unique in the file: the installation, or the e-mail or SMS contact. */
  rowKey: string;
  mapped: MappedRow;
}

export function keyRow(appId: string, line: number, mapped: MappedRow): KeyedRow {
  return { line, rowKey: installationKey(appId, mapped.id), mapped };
}

/** The last row of each key, in file order, and the earlier ones with the line that replaces them. */
export function dropReplaced(rows: readonly KeyedRow[]): {
  kept: KeyedRow[];
  replaced: { line: number; byLine: number }[];
} {
  const last = new Map<string, number>();
  for (const row of rows) last.set(row.rowKey, row.line);
  const kept: KeyedRow[] = [];
  const replaced: { line: number; byLine: number }[] = [];
  for (const row of rows) {
    const byLine = last.get(row.rowKey) ?? row.line;
    if (byLine === row.line) kept.push(row);
    else replaced.push({ line: row.line, byLine });
  }
  return { kept, replaced };
}

/**
 * Whose a row is: the user it names, else who owns the installation already (people log in after the export was
 * made), else a guest with the row's own id.
 */
function ownerOf(appId: string, row: KeyedRow, known: ReadonlyMap<string, Owner>): Owner {
  const { userId, id } = row.mapped;
  if (userId !== null) return { userKey: userKey(appId, userId), userId, isGuest: false };
  return known.get(row.rowKey) ?? { userKey: userKey(appId, id), userId: id, isGuest: true };
}

/** What a batch of rows, each key once, says of its users and installations. Later rows win over earlier ones. */
export function foldBatch(
  appId: string,
  rows: readonly KeyedRow[],
  known: ReadonlyMap<string, Owner>,
): { users: Map<string, UserChange>; installations: InstallationChange[]; owners: Owner[] } {
  const users = new Map<string, UserChange>();
  const installations: InstallationChange[] = [];
  const owners: Owner[] = [];
  for (const row of rows) {
    const owner = ownerOf(appId, row, known);
    owners.push(owner);
    const user = users.get(owner.userKey);
    const { user: part, device } = row.mapped;
    if (user) {
      user.isGuest &&= owner.isGuest;
      user.email = part.email ?? user.email;
      user.phone = part.phone ?? user.phone;
      user.language = part.language ?? user.language;
      Object.assign(user.attributes, part.attributes);
      Object.assign(user.valueTags, part.valueTags);
      user.tags.push(...part.tags);
    } else {
      // Written out here and below: spreading objects of changing shapes took a tenth of the whole reading.
      users.set(owner.userKey, {
        userKey: owner.userKey,
        userId: owner.userId,
        isGuest: owner.isGuest,
        email: part.email,
        phone: part.phone,
        language: part.language,
        attributes: part.attributes,
        tags: part.tags,
        valueTags: part.valueTags,
      });
    }
    if (device) {
      installations.push({
        installationKey: row.rowKey,
        installationId: row.mapped.id,
        userKey: owner.userKey,
        deviceType: device.deviceType,
        deviceModel: device.deviceModel,
        osVersion: device.osVersion,
        clientVersion: device.clientVersion,
        launchCount: device.launchCount,
        installDate: device.installDate,
        launchTime: device.launchTime,
        deviceToken: device.deviceToken,
        optedOut: device.optedOut,
      });
    }
  }
  return { users, installations, owners };
}
