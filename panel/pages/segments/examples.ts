import type { Target } from "../../api/segments.ts";
import type { Strings } from "../../strings/en.ts";

/** Filters to start from. Place and tag are made up; the shape is what they teach. */
export const examples: readonly { key: keyof Strings["segments"]["exampleNames"]; target: Target }[] = [
  { key: "everyone", target: {} },
  { key: "platforms", target: { deviceType: { inq: ["android", "ios"] } } },
  { key: "version", target: { clientVersion: { gte: "5.2.0" } } },
  { key: "tags", target: { tags: { inq: ["plan_gold"] } } },
  {
    key: "near",
    target: { nearBy: { near: { lat: 35.7584, lng: 51.4082 }, maxDistance: 5, unit: "kilometers" } },
  },
  { key: "active", target: { launchCount: { gt: 10 } } },
];
