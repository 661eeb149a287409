/** With its full stop. */
export const sentence = (text: string): string => (text.endsWith(".") ? text : `${text}.`);
