/** The value of a hexadecimal digit, of which letters are small, by its character code. */
export const hexDigit = (code: number): number => (code < 58 ? code - 48 : code - 87);
