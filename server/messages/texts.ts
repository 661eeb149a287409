import type { Template } from "../lib/liquid.ts";
import type { Fault } from "../lib/problem.ts";
import { readEmailTemplate, readTemplate } from "../templates/render.ts";

/** A text of something that is to be sent, by its JSON pointer. */
export interface WrittenText {
  pointer: string;
  text: string;
  /** Of an e-mail, whose texts may be longer. */
  isLong: boolean;
}

/** Texts as Liquid: what is wrong with them, and those that can be read. */
export function readTexts(texts: readonly WrittenText[]): {
  faults: Fault[];
  templates: { pointer: string; template: Template }[];
} {
  const faults: Fault[] = [];
  const templates: { pointer: string; template: Template }[] = [];
  for (const { pointer, text, isLong } of texts) {
    const read = isLong ? readEmailTemplate(text, { html: false }) : readTemplate(text);
    if (read.ok) templates.push({ pointer, template: read.value });
    else faults.push({ pointer, detail: read.detail });
  }
  return { faults, templates };
}
