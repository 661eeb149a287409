import { ApiProblem } from "./problem.ts";

/** Of text a beginning is enough to see how the file is written; the first rows are in it. */
const beginningBytes = 1_000_000;

/** An archive has its table of contents at the end, so all of it is sent; above this nobody would wait for that. */
const maxArchiveBytes = 100_000_000;

/** What of a file is sent to be looked at; null when that would be too much. */
export async function beginningOf(file: File): Promise<{ bytes: Blob; isWhole: boolean } | null> {
  const head = await readable(file);
  // A zip, which an xlsx file is, too (APPNOTE.TXT §4.3.7, §4.3.16); a header may begin with its letters.
  const isArchive = head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
  if (isArchive) return file.size > maxArchiveBytes ? null : { bytes: file, isWhole: true };
  const isWhole = file.size <= beginningBytes;
  return { bytes: isWhole ? file : file.slice(0, beginningBytes), isWhole };
}

/** The first bytes of a file, which also tell whether the browser can still read it: a file saved anew is another one. */
export async function readable(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(0, 4).arrayBuffer());
  } catch {
    throw new ApiProblem("file_changed", 0, "");
  }
}
