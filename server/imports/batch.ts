import type { InstallationChange } from "../installations/merge.ts";
import { foldUser } from "../users/fold.ts";
import type { UserChange } from "../users/merge.ts";
import type { MappedRow, PersonRow } from "./formats/format.ts";

/** The last row of each key, in file order, and the earlier ones with the line that replaces them. */
export function findReplaced<Row extends MappedRow>(
  rows: readonly Row[],
): { kept: readonly Row[]; replaced: { line: number; byLine: number }[] } {
  const last = new Map<string, number>();
  for (const row of rows) last.set(row.rowKey, row.line);
  if (last.size === rows.length) return { kept: rows, replaced: [] };
  const replaced: { line: number; byLine: number }[] = [];
  const kept = rows.filter(({ rowKey, line }) => {
    const byLine = last.get(rowKey) ?? line;
    if (byLine !== line) replaced.push({ line, byLine });
    return byLine === line;
  });
  return { kept, replaced };
}

/**
 * What rows say of their users and installations, each once. Replaced rows count too: what a later row leaves blank is
 * as an earlier one said, just as it would be if a batch had ended between them.
 */
export function foldPeople(rows: readonly PersonRow[]): {
  users: Iterable<UserChange>;
  installations: InstallationChange[];
} {
  const users = new Map<string, UserChange>();
  const installations = new Map<string, InstallationChange>();
  for (const { user, installation } of rows) {
    const earlier = users.get(user.userKey);
    if (earlier) foldUser(earlier, user);
    else users.set(user.userKey, user);
    if (!installation) continue;
    const known = installations.get(installation.installationKey);
    if (known) foldInstallation(known, installation);
    else installations.set(installation.installationKey, installation);
  }
  return { users: users.values(), installations: [...installations.values()] };
}

/** Puts a later change of the same installation into an earlier one. */
function foldInstallation(known: InstallationChange, later: InstallationChange): void {
  const { isOwnerKnown, userKey, optedOut, erase } = known;
  if (later.erase) for (const column of later.erase) forget(known, column);
  for (const [field, value] of Object.entries(later)) {
    if (value !== null && value !== undefined) Object.assign(known, { [field]: value });
  }
  // A row without a user leaves the installation with the one an earlier row named.
  if (isOwnerKnown && !later.isOwnerKnown) Object.assign(known, { isOwnerKnown, userKey });
  known.optedOut = optedOut || later.optedOut;
  known.erase = erase || later.erase ? [...new Set([...(erase ?? []), ...(later.erase ?? [])])] : null;
}

const fieldOf = {
  device_model: ["deviceModel"],
  os_version: ["osVersion"],
  client_version: ["clientVersion"],
  launch_count: ["launchCount"],
  install_date: ["installDate"],
  launch_time: ["launchTime"],
  device_token: ["deviceToken", "tokenService"],
  language: ["language"],
  country: ["country"],
  time_zone: ["timeZone"],
  location: ["lat", "lng"],
} as const;

function forget(change: InstallationChange, column: keyof typeof fieldOf): void {
  for (const field of fieldOf[column]) change[field] = null;
}
