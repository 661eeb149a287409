import { ApiProblem } from "../../api/problem.ts";

/** What the server has against an e-mail, and where. */
export interface EmailFault {
  /** As `/subject`, `/email/html`, `/email/design/blocks/3/text`. */
  pointer: string;
  detail: string;
}

/** What was refused, as a preview names it; `prefix` is where the e-mail stood in the body that was sent. */
export function readEmailFaults(error: unknown, prefix = ""): EmailFault[] {
  if (!(error instanceof ApiProblem)) return [];
  return error.errors.flatMap(({ pointer, detail }) =>
    pointer.startsWith(`${prefix}/`) ? [{ pointer: pointer.slice(prefix.length), detail }] : [],
  );
}

/** Faults below a place, named from there on: those of `/blocks/3` are `/text`, or blank for the place itself. */
export function faultsBelow(faults: readonly EmailFault[], place: string): EmailFault[] {
  return faults.flatMap(({ pointer, detail }) =>
    pointer === place || pointer.startsWith(`${place}/`)
      ? [{ pointer: pointer.slice(place.length), detail }]
      : [],
  );
}

/** The first that is wrong with a field, in words; null when nothing is. */
export const faultOf = (faults: readonly EmailFault[], field: string): string | null =>
  faults.find(({ pointer }) => pointer === field || pointer.startsWith(`${field}/`))?.detail ?? null;

/** Where in a source a fault is, from 1; null when its words do not say. */
export function placeOf(detail: string): { line: number; column: number } | null {
  const found = /line (\d+)(?:,? col(?:umn)?:? ?(\d+))?/i.exec(detail);
  return found === null ? null : { line: Number(found[1]), column: Number(found[2] ?? 1) };
}
