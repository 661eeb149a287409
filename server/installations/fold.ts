import type { InstallationChange } from "./merge.ts";

/** Puts a later change of the same installation into an earlier one: what it says wins, what it forgets is forgotten. */
export function foldInstallation(known: InstallationChange, later: InstallationChange): void {
  const { isOwnerKnown, userKey, optedOut, erase } = known;
  if (later.erase) for (const column of later.erase) forget(known, column);
  for (const [field, value] of Object.entries(later)) {
    if (value !== null && value !== undefined) Object.assign(known, { [field]: value });
  }
  // A change without a user leaves the installation with the one an earlier change named.
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
