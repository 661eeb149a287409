import Papa from "papaparse";

/** Enough for any header, and nothing to wait for. */
const headBytes = 64 * 1024;

/**
 * The names of the columns, when the browser can tell them: of plain text in an encoding that is chosen, marked or
 * UTF-8. Null for packed files, spreadsheets and everything else, which only the server opens.
 */
export async function readHeader(file: Blob, encoding: string | null): Promise<string[] | null> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  if (isPacked(head)) return null;
  const text = decode(head, encoding);
  if (text === null) return null;
  // Excel's first line tells the delimiter and is no header.
  const sep = /^"?sep=(.)"?\r?\n/i.exec(text);
  const { data } = Papa.parse<string[]>(sep === null ? text : text.slice(sep[0].length), {
    preview: 1,
    skipEmptyLines: true,
    delimiter: sep?.[1] ?? "",
    delimitersToGuess: [",", ";", "\t", "|"],
  });
  const names = (data[0] ?? []).map((name) => name.trim()).filter((name) => name !== "");
  return names.length === 0 ? null : [...new Set(names)];
}

// RFC 1952 §2.3.1, and the zip that an xlsx file is, too (APPNOTE.TXT §4.3.7).
const isPacked = (head: Uint8Array) =>
  (head[0] === 0x1f && head[1] === 0x8b) || (head[0] === 0x50 && head[1] === 0x4b);

function decode(head: Uint8Array, encoding: string | null): string | null {
  const label = encoding ?? markedEncoding(head) ?? "utf-8";
  try {
    // `stream`: a character that the slice cuts in two is no fault.
    const text = new TextDecoder(label, { fatal: true }).decode(head, { stream: true });
    return text.includes("\0") ? null : text;
  } catch {
    return null; // another encoding, which the server works out
  }
}

function markedEncoding(head: Uint8Array): string | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : null;
}
