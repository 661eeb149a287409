/** What becomes of a message, by the last seven digits of the phone that it is for. */
export type PhoneFate = "dead" | "left" | "throttled" | "busy" | "broken" | "silent";

const fates: readonly (readonly [string, PhoneFate])[] = [
  ["4040404", "dead"],
  ["4104104", "left"],
  ["4294294", "throttled"],
  ["5035035", "busy"],
  ["5005005", "broken"],
  ["5045045", "silent"],
];
const timesRefused = 2;

/** Reads what phones ask for: `throttled` and `busy` only twice each, then they are like any other (null). */
export function createPhoneFates(): (phone: string) => PhoneFate | null {
  const refusals = new Map<string, number>();
  return (phone) => {
    const [, fate = null] = fates.find(([digits]) => phone.endsWith(digits)) ?? [];
    if (fate !== "throttled" && fate !== "busy") return fate;
    const times = refusals.get(phone) ?? 0;
    if (times >= timesRefused) return null;
    refusals.set(phone, times + 1);
    return fate;
  };
}
