/** `, did you mean x?` with the nearest known name, if one is near enough to be a slip of the hand; else nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const wanted = name.toLowerCase();
  let nearest: { candidate: string; distance: number } | null = null;
  for (const candidate of known) {
    // The distance is at least this: most of a thousand attributes need no closer look.
    if (Math.abs(candidate.length - name.length) > allowed(name)) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < (nearest?.distance ?? allowed(name) + 1)) nearest = { candidate, distance };
  }
  return nearest ? `, did you mean ${nearest.candidate}?` : "";
}

const allowed = (name: string) => Math.max(1, Math.floor(name.length / 3));

/** Levenshtein distance, capped in length: names are short. */
function editDistance(a: string, b: string): number {
  if (a.length > 40) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(replace, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
