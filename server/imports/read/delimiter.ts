import { UnreadableFile } from "./record.ts";

const delimiters = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof delimiters)[number];

/** Lines after the header that may speak for or against a delimiter. */
const linesCompared = 10;

/**
 * Excel's first line `sep=;`, which tells the delimiter and is no header: how many bytes it takes. Null where a file
 * starts otherwise.
 */
export function findSepLine(head: Buffer): { delimiter: Delimiter; bytes: number } | null {
  const [line, , sep] = /^("?)sep=([^\r\n])\1(?:\r\n|\n|\r)/i.exec(head.toString("latin1", 0, 16)) ?? [];
  if (line === undefined) return null;
  const delimiter = delimiters.find((each) => each === sep);
  if (delimiter) return { delimiter, bytes: line.length };
  throw new UnreadableFile(
    `Line 1 says that the columns are separated by "${sep}"; save the file with a comma, semicolon, tab or | instead.`,
  );
}

/**
 * The delimiter of a file that starts with `head`: which of the candidates the header has, and the lines after it have
 * as often. A file of one column has none, and any will do.
 */
export function findDelimiter(head: Buffer): Delimiter {
  const text = head.toString("latin1");
  let best: { delimiter: Delimiter; score: number; count: number } = { delimiter: ",", score: 0, count: 0 };
  for (const delimiter of delimiters) {
    const [count = 0, ...others] = countPerRecord(text, delimiter);
    const agreeing = others.filter((each) => each === count).length;
    const score = others.length === 0 ? count : (count * agreeing) / others.length;
    if (score > best.score || (score === best.score && count > best.count))
      best = { delimiter, score, count };
  }
  return best.delimiter;
}

/** How often a delimiter stands outside quotes, in each of the first whole records that are not blank. */
function countPerRecord(text: string, delimiter: string): number[] {
  const counts: number[] = [];
  let count = 0;
  let start = 0;
  let isQuoted = false;
  let isFieldStart = true;
  for (let at = 0; at < text.length && counts.length <= linesCompared; at++) {
    const char = text[at];
    if (char === '"' && (isQuoted || isFieldStart)) isQuoted = !isQuoted;
    // A quote right after a closing one is an escaped quote: the value goes on.
    isFieldStart = char === delimiter || char === "\n" || char === "\r" || (char === '"' && !isQuoted);
    if (isQuoted) continue;
    if (char === delimiter) count++;
    if (char !== "\n" && char !== "\r") continue;
    if (at > start) counts.push(count);
    count = 0;
    start = at + 1;
  }
  // The last line of a short file may have no end.
  if (counts.length === 0 || (!isQuoted && start < text.length && counts.length <= linesCompared))
    counts.push(count);
  return counts;
}
