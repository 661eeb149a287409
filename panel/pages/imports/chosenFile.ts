/** By the name: browsers disagree about the type of a CSV file. */
export const extensions = [".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx"] as const;

/** Whether it may be a file of users. */
export const isTaken = (file: File) =>
  extensions.some((extension) => file.name.toLowerCase().endsWith(extension));

/** Where a file waits that was dropped on another page: an address cannot carry one. */
export const chosenFileKey = ["chosenFile"] as const;
