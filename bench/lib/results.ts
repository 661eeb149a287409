import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Run } from "./run.ts";

/** What stands below it in a section is written by hand and stays. */
export const marker = "<!-- Written by hand from here on; the bench keeps it. -->";

const intro = `# Results

What the benches measured last, a section each. How to run them and what the figures mean: CONTRIBUTING.md.
`;

/** Rewrites one section of the results file, which is made when it is not there. */
function writeSection(file: string, name: string, body: string): void {
  const before = existsSync(file) ? readFileSync(file, "utf8") : intro;
  writeFileSync(file, replaceSection(before, name, body));
}

/** Shows what was measured, and writes it down where the run was as large as asked for. */
export function publish(run: Run, file: string | null, name: string, body: string): void {
  process.stdout.write(`\n${body}\n`);
  if (file) writeSection(file, name, body);
  else run.say("\nNot written down: smaller than asked for. --results FILE does it all the same.");
}

/** `text` with this body in the section; a new section goes to the end. What was written by hand in it stays. */
export function replaceSection(text: string, name: string, body: string): string {
  const heading = `## ${name}\n`;
  const start = `\n${text}`.indexOf(`\n${heading}`);
  if (start < 0) return `${text.trimEnd()}\n\n${heading}\n${body.trim()}\n\n${marker}\n`;
  const next = text.indexOf("\n## ", start + heading.length);
  const end = next < 0 ? text.length : next + 1;
  const old = text.slice(start, end);
  const kept = old.includes(marker) ? old.slice(old.indexOf(marker)) : `${marker}\n`;
  return `${text.slice(0, start)}${heading}\n${body.trim()}\n\n${kept}${text.slice(end)}`;
}

/** A Markdown table, aligned so that it can also be read as it is. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, column) =>
    Math.max(name.length, 3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}
