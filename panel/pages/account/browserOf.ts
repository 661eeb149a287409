/** Names of browsers and systems as they stand in a User-Agent (RFC 9110 §10.1.5); the first that fits is it. */
const browsers: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/(Chrome|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: readonly [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** What a person calls the browser that says this of itself; null when nothing of it is known. */
export function browserOf(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  const known = (names: readonly [RegExp, string][]) =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const found = [known(browsers), known(systems)].filter((name) => name !== undefined);
  return found.length > 0 ? found.join(" · ") : (userAgent.split("/")[0] ?? null);
}
