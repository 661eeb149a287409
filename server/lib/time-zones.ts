/** Whether this is a name of the IANA time zone database that this machine knows. */
export function isTimeZone(name: string): boolean {
  // An offset, which Intl takes too, has no summer.
  if (/^[+-]|^$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
