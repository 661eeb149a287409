import { createContext, useContext } from "react";
import type { SegmentFields } from "../../../server/segments/schema.ts";
import type { RuleCount } from "../../api/segments.ts";
import type { GroupNode } from "./tree.ts";

/** What every rule and group of the builder needs to know, and how they change the whole. */
export interface Builder {
  fields: SegmentFields;
  change(edit: (root: GroupNode) => GroupNode): void;
  /** Numbers of a rule or group by itself, by its id. */
  numbers: ReadonlyMap<string, RuleCount>;
  /** The numbers are estimated. */
  isEstimate: boolean;
  /** Users there are in all; undefined before it is known. */
  everyone: number | undefined;
  /** What the server has against a rule or group, by its id. */
  faults: ReadonlyMap<string, readonly string[]>;
  /** Id of the rule that was just added, which wants to be told what it is about. */
  added: { current: string | null };
  /** Makes an id for something new. */
  newId(): string;
}

export const BuilderContext = createContext<Builder | null>(null);

export function useBuilder(): Builder {
  const builder = useContext(BuilderContext);
  if (builder === null) throw new Error("useBuilder outside the builder");
  return builder;
}
