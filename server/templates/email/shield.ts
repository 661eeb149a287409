/** Hides Liquid from tools that read HTML. */
export interface Shield {
  /** The text with a word in the place of every piece of Liquid. */
  hide(text: string): string;
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
    hide: (text) =>
      text.replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, (piece) => {
        pieces.push(piece);
        return wordOf(pieces.length - 1);
      }),
    restore: (text) => text.replace(words, (word, index: string) => pieces[Number(index)] ?? word),
    lostFrom: (text) => pieces.filter((_, index) => !text.includes(wordOf(index))),
  };
}

// Letters and digits alone: as good in an address or an attribute as in a text.
const wordOf = (index: number): string => `xLiquid${index}x`;
const words = /xLiquid(\d+)x/g;
