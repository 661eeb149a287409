import type { Cohorts } from "../../../server/events/schema.ts";

/** Members, and of them who came back: one row of a cohort table. */
export interface Retention {
  users: number;
  /** By how many intervals later it was. `of` are the members of the cohorts for which that interval has begun. */
  cells: { returned: number; of: number }[];
}

/** Without those at the beginning that nobody is in: a range may begin before the behaviour did. */
export function fromFirstMember(cohorts: Cohorts["cohorts"]): Cohorts["cohorts"] {
  const first = cohorts.findIndex(({ users }) => users > 0);
  return first === -1 ? [] : cohorts.slice(first);
}

/** One cohort as a row. */
export const rowOf = ({ users, returned }: Cohorts["cohorts"][number]): Retention => ({
  users,
  cells: returned.map((count) => ({ returned: count, of: users })),
});

/** All cohorts together; each later interval counts only those that have come to it. */
export function together(cohorts: Cohorts["cohorts"]): Retention {
  const most = Math.max(0, ...cohorts.map(({ returned }) => returned.length));
  return {
    users: cohorts.reduce((sum, { users }) => sum + users, 0),
    cells: Array.from({ length: most }, (_, later) => {
      const come = cohorts.filter(({ returned }) => returned.length > later);
      return {
        returned: come.reduce((sum, { returned }) => sum + (returned[later] ?? 0), 0),
        of: come.reduce((sum, { users }) => sum + users, 0),
      };
    }),
  };
}

/** Share of a cell, 0 to 1. */
export const shareOf = ({ returned, of }: { returned: number; of: number }): number =>
  of === 0 ? 0 : returned / of;

/** The largest share in the table: the darkest shade. */
export const largestShare = (cohorts: Cohorts["cohorts"]): number =>
  Math.max(0, ...cohorts.flatMap((cohort) => rowOf(cohort).cells.map(shareOf)));
