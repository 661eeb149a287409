import type { DeviceFields } from "./types.ts";

/** What a browser tells of itself; a part of `navigator`. */
export interface BrowserFacts {
  userAgent: string;
  language: string;
  timeZone: string | undefined;
  userAgentData?: { brands?: { brand: string }[] | undefined; platform?: string | undefined } | undefined;
}

// In this order: each names itself besides those below.
const browsers: [name: string, word: RegExp][] = [
  ["edge", /\bEdgA?\b|\bEdgiOS\b|Microsoft Edge/],
  ["opera", /\bOPR\b|Opera/],
  ["samsung", /SamsungBrowser|Samsung Internet/],
  ["firefox", /Firefox|FxiOS/],
  ["chrome", /Chrome|CriOS|Chromium/],
  ["safari", /Safari/],
];

const systems: [name: string, version: RegExp][] = [
  ["Android", /Android ([\d.]+)?/],
  ["iOS", /(?:iPhone|iPad).*? OS ([\d_]+)/],
  ["Windows", /Windows NT ([\d.]+)/],
  // macOS and Chromium on Windows write a version that has been frozen for years.
  ["macOS", /Macintosh/],
  ["ChromeOS", /CrOS/],
  ["Linux", /Linux/],
];

/** Fields of a registration, as far as they can be told. */
export function describeBrowser(facts: BrowserFacts): DeviceFields {
  const { userAgent, userAgentData, language, timeZone } = facts;
  const words = [userAgent, ...(userAgentData?.brands ?? []).map(({ brand }) => brand)].join(" ");
  const browser = browsers.find(([, word]) => word.test(words))?.[0];
  const system = systems.find(([, version]) => version.test(userAgent));
  const version = system?.[1].exec(userAgent)?.[1]?.replaceAll("_", ".");
  const osVersion = [system?.[0] ?? userAgentData?.platform, system?.[0] === "Windows" ? null : version]
    .filter(Boolean)
    .join(" ");
  return {
    deviceType: "web",
    ...(browser ? { browser } : {}),
    ...(osVersion ? { osVersion } : {}),
    ...placeOf(language, timeZone),
  };
}

/** Language and time zone, where they are written as the server reads them. */
export const placeOf = (language: string | undefined, timeZone: string | undefined): DeviceFields => ({
  ...(language && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language) ? { language } : {}),
  ...(timeZone ? { timeZone } : {}),
});
