/** The lowest UUIDv7 of a moment: bounds for ranges of ids that are ordered by time (RFC 9562 §5.7). */
export function uuidAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}

/** The moment in a UUIDv7 (RFC 9562 §5.7). */
export const timeOfUuid = (id: string): Date =>
  new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
