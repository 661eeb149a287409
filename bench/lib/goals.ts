import { goodRows } from "./export-file.ts";
import { measureCsvParse } from "./machine.ts";
import { table } from "./results.ts";
import { number } from "./statistics.ts";

/** What csv-parse alone reads of the import's rows on the machine that the goals were set for, rows/s. */
export const goalMachineCsvParse = 95_000;
/** Of csv-parse's yardstick: some forty megabytes in memory. */
const yardstickRows = 100_000;

/** What csv-parse alone reads of the import's rows here and now, rows/s. */
const measureYardstick = (seed: number): number =>
  measureCsvParse(goodRows({ rows: yardstickRows, seed, isChanged: false }, yardstickRows));

/** How fast the machine is, by what csv-parse read before and after a bench. */
export interface Pace {
  readonly csvParse: number;
  /** Of the speed of the machine that the goals were set for. */
  readonly share: number;
}

/** Begins to measure; the answer measures again, since shared machines change their speed meanwhile. */
export function startPace(seed: number): () => Pace {
  const before = measureYardstick(seed);
  return () => {
    const csvParse = (before + measureYardstick(seed)) / 2;
    return { csvParse, share: csvParse / goalMachineCsvParse };
  };
}

/** A figure with what is asked of it. */
export interface Goal {
  readonly what: string;
  readonly figure: number;
  /** How it is shown, where that is more than the number with its unit. */
  readonly shown?: string;
  readonly atLeast?: number;
  readonly below?: number;
  readonly atMost?: number;
  readonly unit: string;
  readonly digits?: number;
  /** Not a speed: the same on every machine. */
  readonly isFixed?: boolean;
}

/** Figures beside their goals, and beside what the goals come to at the pace of this machine. */
export function goalTable(goals: readonly Goal[], pace: Pace): string {
  const met = (isMet: boolean) => (isMet ? "met" : "NOT MET");
  const rows = goals.map((goal) => {
    const { what, figure, unit, digits = 0 } = goal;
    const [sign, asked] =
      goal.atLeast !== undefined
        ? (["≥", goal.atLeast] as const)
        : goal.atMost !== undefined
          ? (["≤", goal.atMost] as const)
          : (["<", goal.below ?? Number.NaN] as const);
    const isWithin = (limit: number) =>
      sign === "≥" ? figure >= limit : sign === "≤" ? figure <= limit : figure < limit;
    const words = (limit: number) => `${sign} ${number(limit)}${unit}`;
    const scaled = sign === "≥" ? asked * pace.share : asked / pace.share;
    return [
      ...[what, words(asked), goal.shown ?? `${number(figure, digits)}${unit}`, met(isWithin(asked))],
      ...(goal.isFixed ? ["", ""] : [words(scaled), met(isWithin(scaled))]),
    ];
  });
  return [
    table(["what", "goal", "figure", "", "goal at this machine's pace", ""], rows),
    "",
    paceInWords(pace),
  ].join("\n");
}

export const paceInWords = ({ csvParse, share }: Pace): string =>
  `Pace: before and after, csv-parse alone read ${number(csvParse)} rows/s of the import's file, ${number(share, 2)} times what it reads on the machine that the goals were set for.`;
