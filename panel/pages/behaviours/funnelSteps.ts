/** The steps with two moved into each other's places. */
export function swapped(steps: readonly string[], one: number, other: number): string[] {
  return steps.map(
    (step, index) => (index === one ? steps[other] : index === other ? steps[one] : step) ?? "",
  );
}

/** The step before which the largest share was lost, by its place; null when nobody was. */
export function largestLoss(steps: readonly { users: number; ofPrevious: number }[]): number | null {
  let worst: number | null = null;
  for (const [index, step] of steps.entries()) {
    // Where nobody came so far, nobody could be lost.
    if (index === 0 || step.ofPrevious === 1 || steps[index - 1]?.users === 0) continue;
    if (worst === null || step.ofPrevious < (steps[worst]?.ofPrevious ?? 1)) worst = index;
  }
  return worst;
}
