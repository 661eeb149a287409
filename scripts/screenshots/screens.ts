import type { Page } from "playwright-core";
import type { Life } from "./life.ts";

/** A page as it is visited. */
export interface Screen {
  /** Of its files. */
  readonly name: string;
  readonly path: string;
  /** Who looks at it; the owner if missing. */
  readonly by?: "newcomer" | "visitor";
  /** What somebody does there first. */
  readonly act?: (page: Page) => Promise<void>;
}

const funnel = `funnel?steps=${encodeURIComponent('["view","add_to_basket","purchase"]')}`;

/** Every address of the panel (panel/routes.tsx), and the demo shop. */
export function screensOf(life: Life, signInLink: string): Screen[] {
  const pages: Record<string, string> = {
    overview: "",
    setup: "setup",
    imports: "imports",
    "import-new": "imports/new",
    import: `imports/${life.importId}`,
    users: "users",
    user: `users/${life.userId}`,
    messages: "messages",
    message: `messages/${life.messageId}`,
    campaigns: "campaigns",
    "campaigns-calendar": "campaigns/calendar",
    "campaign-new": "campaigns/new",
    campaign: `campaigns/${life.campaignId}`,
    "campaign-edit": `campaigns/${life.draftId}/edit`,
    "campaign-email": `campaigns/${life.letterId}`,
    segments: "segments",
    "segment-new": "segments/new",
    segment: `segments/${life.segmentId}`,
    "segment-edit": `segments/${life.segmentId}/edit`,
    behaviours: "behaviours",
    "behaviours-trend": "behaviours/trend?name=purchase",
    "behaviours-funnel": `behaviours/${funnel}`,
    "behaviours-cohort": "behaviours/cohort?first=view&return=purchase",
    providers: "providers",
    "provider-new": "providers/new",
    provider: `providers/${life.providerId}`,
    templates: "templates",
    "template-new": "templates/new",
    template: `templates/${life.templateId}`,
    settings: "settings",
    "settings-apps": "settings/apps",
    "settings-team": "settings/team",
    "settings-tokens": "settings/tokens",
    "settings-topics": "settings/topics",
    "settings-texts": "settings/texts",
    "settings-webhooks": "settings/webhooks",
    "settings-webhook": `settings/webhooks/${life.webhookId}`,
    "settings-retention": "settings/retention",
    "settings-promo": "settings/promo",
    "settings-audit": "settings/audit",
    account: "account",
    "app-new": "apps/new",
    try: "try",
  };
  return [
    { name: "welcome", path: addressIn(signInLink), by: "newcomer" },
    ...Object.entries(pages).map(([name, path]) => ({ name, path })),
    { name: "segment-deleted", path: `segments/${life.goldId}`, act: deleteInVain },
    { name: "signin", path: "signin", by: "visitor" },
    { name: "join", path: addressIn(life.invitation), by: "visitor" },
    { name: "shop", path: "demo", by: "visitor" },
  ];
}

/** Deletes what a page shows, only that the server never hears of it: the others want to look at it, too. */
async function deleteInVain(page: Page): Promise<void> {
  await page.route("**/api/**", (route) =>
    route.request().method() === "DELETE" ? route.fulfill({ status: 204 }) : route.continue(),
  );
  await page.locator('main [aria-haspopup="menu"]').click();
  await page.getByRole("menuitem").last().click();
  await page.getByRole("dialog").getByRole("button").last().click();
  await page.getByRole("alert").waitFor();
  await page.unrouteAll();
}

/** Of a link to this product, whatever host it names. */
function addressIn(link: string): string {
  const { pathname, hash } = new URL(link);
  return `${pathname.slice(1)}${hash}`;
}
