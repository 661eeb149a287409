/** Runs of items of one day, in their order. */
export function byDay<T extends { at: string }>(
  items: readonly T[],
  dayOf: (iso: string) => string,
): { day: string; items: T[] }[] {
  const days: { day: string; items: T[] }[] = [];
  for (const item of items) {
    const day = dayOf(item.at);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}
