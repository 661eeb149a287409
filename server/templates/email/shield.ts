import { decodeHTML } from "entities";

/** Hides Liquid from tools that read HTML. */
export interface Shield {
  /** The text with a word in the place of every piece of Liquid; in HTML of an editor, that is written as text is. */
  hide(text: string, options?: { isHtml: boolean }): string;
  /** Puts the Liquid back in. */
  restore(text: string): string;
  /** Pieces of Liquid that are not in a text any more. */
  lostFrom(text: string): string[];
}

/**
 * Makes a shield: what looks like HTML in Liquid (`{% if a > 1 %}`, quotes) is none, and whoever writes HTML anew must
 * leave it as it is.
 */
export function createShield(): Shield {
  const pieces: string[] = [];
  return {
    hide: (text, { isHtml } = { isHtml: false }) =>
      text.replace(liquid, (piece) => {
        pieces.push(isHtml ? decodeHTML(piece) : piece);
        return wordOf(pieces.length - 1);
      }),
    restore: (text) => text.replace(words, (word, index: string) => pieces[Number(index)] ?? word),
    lostFrom: (text) => pieces.filter((_, index) => !text.includes(wordOf(index))),
  };
}

const liquid = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** HTML of an editor with its Liquid as it was meant: `{% if a &gt; 1 %}` is what such editors make of `>`. */
export const withPlainLiquid = (html: string): string => html.replace(liquid, (piece) => decodeHTML(piece));

// Letters and digits alone: as good in an address or an attribute as in a text.
const wordOf = (index: number): string => `xLiquid${index}x`;
const words = /xLiquid(\d+)x/g;
