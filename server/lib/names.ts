/** Arabic yeh and kaf as Persian writes them: keyboards have one or the other, and readers see no difference. */
export const persianLetters = (text: string): string => text.replaceAll("ي", "ی").replaceAll("ك", "ک");

/** How names are compared: in any writing of the same letters, and in capitals or not. */
export const nameKey = (name: string): string => persianLetters(name.normalize("NFKC")).trim().toLowerCase();
