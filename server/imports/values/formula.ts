// What a spreadsheet runs as a formula when it opens a CSV (https://owasp.org/www-community/attacks/CSV_Injection), also
// in the wide forms of East Asian scripts. Apostrophes may stand before it: our own, and those that were there.
const formula = /^'*[=+\-@\t\r＝＋－＠]/;
const guarded = /^'+[=+\-@\t\r＝＋－＠]/;
/** Numbers and phones are no formulas, and nobody wants an apostrophe before them. */
const harmless = /^[+-]?\d+(?:[.,]\d+)?$/;

/** The cell with an apostrophe before it, if a spreadsheet would run it. */
export const guardFormula = (cell: string): string =>
  formula.test(cell) && !harmless.test(cell) ? `'${cell}` : cell;

/** The cell as it was before {@link guardFormula}. */
export const unguardFormula = (cell: string): string => (guarded.test(cell) ? cell.slice(1) : cell);
