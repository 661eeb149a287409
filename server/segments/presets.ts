/** Filters that many need, in rules. `$event` stands for an event to be chosen. */
export const presets: readonly { id: string; segment: object; needsEvent: boolean }[] = [
  preset("all", [rule("deviceType", "include", ["android", "ios", "web", "windows", "other"])]),
  preset("active", [rule("launchTime", "after", "168h"), rule("launchCount", "greater_than", 4)]),
  preset("inactive", [rule("launchTime", "before", "168h")]),
  preset("notDoneFor3Days", [rule("$event.last", "before", "72h")]),
  preset("didInLastWeek", [rule("$event.last", "after", "168h")]),
  preset("didBetween3And1DaysAgo", [
    rule("$event.last", "after", "72h"),
    rule("$event.last", "before", "24h"),
  ]),
  preset("sleepingAndroid", [
    rule("deviceType", "equal_to", "android"),
    rule("launchTime", "before", "2d"),
    rule("$event", "not_exists"),
  ]),
  preset("testUsers", [rule("tags", "include", ["CHABOK_TEST"])]),
  // Those of another system have the tag, our own are known to be guests.
  {
    ...preset("guests", []),
    segment: { any: [rule("userState", "equal_to", "guest"), rule("tags", "include", ["CHABOK_GUEST"])] },
  },
];

interface Rule {
  name: string;
  operator: string;
  value?: unknown;
}

function rule(name: string, operator: string, value?: unknown): Rule {
  return value === undefined ? { name, operator } : { name, operator, value };
}

function preset(id: string, rules: Rule[]) {
  return { id, segment: { all: rules }, needsEvent: rules.some(({ name }) => name.startsWith("$event")) };
}
