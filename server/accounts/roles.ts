/** What somebody may be allowed to. Whoever may write somewhere may read there too. */
export const permissions = [
  "dashboard:read",
  "campaigns:read",
  "campaigns:write",
  "messages:read",
  "messages:write",
  "deliveries:read",
  "templates:read",
  "templates:write",
  "segments:read",
  "segments:write",
  "users:read",
  "users:write",
  "imports:read",
  "imports:write",
  "events:read",
  "events:write",
  "providers:read",
  "providers:write",
  "settings:read",
  "settings:write",
  "webhooks:read",
  "webhooks:write",
  "tokens:read",
  "tokens:write",
  "team:read",
  "team:write",
  "audit:read",
  "apps:write",
] as const;
export type Permission = (typeof permissions)[number];

export const roles = ["owner", "admin", "marketer", "campaign_manager", "analyst", "support"] as const;
export type Role = (typeof roles)[number];

const campaignManager: Permission[] = [
  "dashboard:read",
  "campaigns:read",
  "campaigns:write",
  "messages:read",
  "messages:write",
  "deliveries:read",
  "templates:read",
  "segments:read",
  "providers:read",
  "settings:read",
];

/** What each role may do. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  owner: permissions,
  admin: permissions,
  marketer: [
    ...campaignManager,
    "templates:write",
    "segments:write",
    "users:read",
    "users:write",
    "imports:read",
    "imports:write",
    "events:read",
    "events:write",
  ],
  campaign_manager: campaignManager,
  analyst: [
    "dashboard:read",
    "campaigns:read",
    "messages:read",
    "events:read",
    "segments:read",
    "settings:read",
  ],
  support: ["dashboard:read", "users:read", "deliveries:read", "messages:read", "settings:read"],
};

/** Whether the role may give, change or take this role: what only owners are is theirs to decide. */
export const mayAssign = (role: Role, assigned: Role): boolean =>
  rolePermissions[role].includes("team:write") && (assigned !== "owner" || role === "owner");

/** Areas of the API's tags; what a route of one needs, unless it says so itself. */
const areas: Readonly<Record<string, string>> = {
  Apps: "apps",
  Attributes: "users",
  Audit: "audit",
  Campaigns: "campaigns",
  Dashboard: "dashboard",
  Events: "events",
  Files: "templates",
  Imports: "imports",
  Inbox: "users",
  Installations: "users",
  Messages: "messages",
  "Promo codes": "campaigns",
  Providers: "providers",
  Push: "messages",
  Realtime: "events",
  Reports: "events",
  Segments: "segments",
  Settings: "settings",
  Tags: "users",
  Team: "team",
  Templates: "templates",
  Tokens: "tokens",
  Topics: "settings",
  Users: "users",
  Webhooks: "webhooks",
};

/** What a call of a route with these tags needs: reading for GET, writing for the rest. Null when nothing is known of it. */
export function permissionFor(tags: readonly string[] | undefined, method: string): Permission | null {
  const area = areas[tags?.[0] ?? ""];
  if (area === undefined) return null;
  const wanted = `${area}:${method === "GET" || method === "HEAD" ? "read" : "write"}`;
  return permissions.find((permission) => permission === wanted) ?? null;
}
