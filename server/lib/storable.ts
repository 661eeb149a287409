/** A text of somebody else as PostgreSQL takes it: without NUL, which no text there may have. */
export const storable = (text: string): string => (text.includes("\0") ? text.replaceAll("\0", "") : text);
