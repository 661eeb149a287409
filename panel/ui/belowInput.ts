/** Order of a field whose explanation stands below the input. */
export const belowInput: ("label" | "input" | "description" | "error")[] = [
  "label",
  "input",
  "description",
  "error",
];
