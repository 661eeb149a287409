import fc from "fast-check";
import type { Condition } from "../segments/condition.ts";

/** Conditions of these leaves, combined by all and any to a depth of a few. */
export const nestedConditions = (leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> =>
  fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc
        .tuple(fc.constantFrom("all" as const, "any" as const), fc.array(tie("node"), { maxLength: 3 }))
        .map(([kind, conditions]): Condition => ({ kind, conditions })),
    ),
  })).node;
