/** The flag of a country by its ISO 3166 alpha-2 code: two regional indicators (Unicode TR51 §1.4.5). */
export function flagOf(country: string): string {
  const firstIndicator = 0x1f1e6;
  return String.fromCodePoint(
    ...Array.from(country.toUpperCase(), (letter) => firstIndicator + letter.charCodeAt(0) - 65),
  );
}
