import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { readAuditFilter } from "./api/audit.ts";
import { readCampaignFilter } from "./api/campaigns.ts";
import { sessionQuery } from "./api/session.ts";
import { readFilter } from "./api/users.ts";
import { readCohort, readFunnel, readList, readTrend } from "./pages/behaviours/settings.ts";
import { readNewCampaign } from "./pages/campaigns/newCampaign.ts";
import { readNewProvider } from "./pages/providers/newProvider.ts";
import { readTemplateFilter } from "./pages/templates/templateFilter.ts";
import { NotFound, RouteError } from "./ui/RouteStates.tsx";
import { Shell } from "./ui/Shell.tsx";
import { PageSkeleton } from "./ui/States.tsx";

const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });

/** Only an address of our own may be returned to after signing in. */
function readReturnTo(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/signin",
  // `fault` is why the company's sign-in led back here.
  validateSearch: (search: Record<string, unknown>): { returnTo?: string; fault?: string } => {
    const returnTo = readReturnTo(search.returnTo);
    return {
      ...(returnTo === undefined ? {} : { returnTo }),
      ...(typeof search.fault === "string" ? { fault: search.fault } : {}),
    };
  },
  component: lazyRouteComponent(() => import("./pages/session/SignInPage.tsx"), "SignInPage"),
});

const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/welcome",
  // Who has an account here needs no first one: the link that made theirs is used up.
  beforeLoad: async ({ context }) => {
    if ((await context.queries.ensureQueryData(sessionQuery)) !== null) throw redirect({ to: "/" });
  },
  component: lazyRouteComponent(() => import("./pages/session/WelcomePage.tsx"), "WelcomePage"),
});

/** Sends whoever is signed out to the sign-in page, and back afterwards. */
async function requireSession(queries: QueryClient, location: { href: string }): Promise<void> {
  if ((await queries.ensureQueryData(sessionQuery)) === null)
    throw redirect({ to: "/signin", search: location.href === "/" ? {} : { returnTo: location.href } });
}

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  beforeLoad: ({ context, location }) => requireSession(context.queries, location),
  component: Shell,
});

const tryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/try",
  // Which app; without it the first.
  validateSearch: (search: Record<string, unknown>): { app?: string } =>
    typeof search.app === "string" ? { app: search.app } : {},
  beforeLoad: ({ context, location }) => requireSession(context.queries, location),
  component: lazyRouteComponent(() => import("./pages/try/TryPage.tsx"), "TryPage"),
});

const inShell = () => shellRoute;

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/join",
  component: lazyRouteComponent(() => import("./pages/session/JoinPage.tsx"), "JoinPage"),
});

const homeRoute = createRoute({
  getParentRoute: inShell,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/home/HomePage.tsx"), "HomePage"),
});

const importsRoute = createRoute({
  getParentRoute: inShell,
  path: "/imports",
  component: lazyRouteComponent(() => import("./pages/imports/ImportsPage.tsx"), "ImportsPage"),
});

const newImportRoute = createRoute({
  getParentRoute: inShell,
  path: "/imports/new",
  // An import whose options this one starts from.
  validateSearch: (search: Record<string, unknown>): { again?: string } =>
    typeof search.again === "string" ? { again: search.again } : {},
  component: lazyRouteComponent(() => import("./pages/imports/NewImportPage.tsx"), "NewImportPage"),
});

const importRoute = createRoute({
  getParentRoute: inShell,
  path: "/imports/$importId",
  component: lazyRouteComponent(() => import("./pages/imports/ImportPage.tsx"), "ImportPage"),
});

const usersRoute = createRoute({
  getParentRoute: inShell,
  path: "/users",
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import("./pages/users/UsersPage.tsx"), "UsersPage"),
});

const userRoute = createRoute({
  getParentRoute: inShell,
  path: "/users/$userId",
  component: lazyRouteComponent(() => import("./pages/users/UserPage.tsx"), "UserPage"),
});

const messagesRoute = createRoute({
  getParentRoute: inShell,
  path: "/messages",
  component: lazyRouteComponent(() => import("./pages/messages/MessagesPage.tsx"), "MessagesPage"),
});

const messageRoute = createRoute({
  getParentRoute: inShell,
  path: "/messages/$messageId",
  component: lazyRouteComponent(() => import("./pages/messages/MessagePage.tsx"), "MessagePage"),
});

const campaignsRoute = createRoute({
  getParentRoute: inShell,
  path: "/campaigns",
  validateSearch: readCampaignFilter,
  component: lazyRouteComponent(() => import("./pages/campaigns/CampaignsPage.tsx"), "CampaignsPage"),
});

const campaignRoute = createRoute({
  getParentRoute: inShell,
  path: "/campaigns/$campaignId",
  // Whose report is shown; the latest without it.
  validateSearch: (search: Record<string, unknown>): { run?: string } =>
    typeof search.run === "string" ? { run: search.run } : {},
  component: lazyRouteComponent(() => import("./pages/campaigns/CampaignPage.tsx"), "CampaignPage"),
});

const calendarRoute = createRoute({
  getParentRoute: inShell,
  path: "/campaigns/calendar",
  // A day of the month that is shown; this one without it.
  validateSearch: (search: Record<string, unknown>): { day?: string } =>
    typeof search.day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(search.day) ? { day: search.day } : {},
  component: lazyRouteComponent(() => import("./pages/campaigns/CalendarPage.tsx"), "CalendarPage"),
});

const newCampaignRoute = createRoute({
  getParentRoute: inShell,
  path: "/campaigns/new",
  // `draft` is what the page has saved so far; `segment` an audience to begin with.
  validateSearch: readNewCampaign,
  component: lazyRouteComponent(() => import("./pages/campaigns/NewCampaignPage.tsx"), "NewCampaignPage"),
});

const editCampaignRoute = createRoute({
  getParentRoute: inShell,
  path: "/campaigns/$campaignId/edit",
  component: lazyRouteComponent(() => import("./pages/campaigns/EditCampaignPage.tsx"), "EditCampaignPage"),
});

const providersRoute = createRoute({
  getParentRoute: inShell,
  path: "/providers",
  component: lazyRouteComponent(() => import("./pages/providers/ProvidersPage.tsx"), "ProvidersPage"),
});

const newProviderRoute = createRoute({
  getParentRoute: inShell,
  path: "/providers/new",
  validateSearch: readNewProvider,
  component: lazyRouteComponent(() => import("./pages/providers/NewProviderPage.tsx"), "NewProviderPage"),
});

const providerRoute = createRoute({
  getParentRoute: inShell,
  path: "/providers/$providerId",
  component: lazyRouteComponent(() => import("./pages/providers/ProviderPage.tsx"), "ProviderPage"),
});

const templatesRoute = createRoute({
  getParentRoute: inShell,
  path: "/templates",
  validateSearch: readTemplateFilter,
  component: lazyRouteComponent(() => import("./pages/templates/TemplatesPage.tsx"), "TemplatesPage"),
});

const newTemplateRoute = createRoute({
  getParentRoute: inShell,
  path: "/templates/new",
  component: lazyRouteComponent(() => import("./pages/templates/NewTemplatePage.tsx"), "NewTemplatePage"),
});

const templateRoute = createRoute({
  getParentRoute: inShell,
  path: "/templates/$templateId",
  component: lazyRouteComponent(() => import("./pages/templates/TemplatePage.tsx"), "TemplatePage"),
});

const settingsRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings/SettingsPage.tsx"), "SettingsPage"),
});

const appsRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/apps",
  component: lazyRouteComponent(() => import("./pages/settings/AppsPage.tsx"), "AppsPage"),
});

const topicsRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/topics",
  component: lazyRouteComponent(() => import("./pages/settings/TopicsPage.tsx"), "TopicsPage"),
});

const promoRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/promo",
  component: lazyRouteComponent(() => import("./pages/settings/PromoPage.tsx"), "PromoPage"),
});

const teamRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/team",
  component: lazyRouteComponent(() => import("./pages/settings/TeamPage.tsx"), "TeamPage"),
});

const tokensRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/tokens",
  component: lazyRouteComponent(() => import("./pages/settings/TokensPage.tsx"), "TokensPage"),
});

const auditRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/audit",
  validateSearch: readAuditFilter,
  component: lazyRouteComponent(() => import("./pages/settings/AuditPage.tsx"), "AuditPage"),
});

const accountRoute = createRoute({
  getParentRoute: inShell,
  path: "/account",
  component: lazyRouteComponent(() => import("./pages/account/AccountPage.tsx"), "AccountPage"),
});

const newAppRoute = createRoute({
  getParentRoute: inShell,
  path: "/apps/new",
  component: lazyRouteComponent(() => import("./pages/apps/NewAppPage.tsx"), "NewAppPage"),
});

const textsRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/texts",
  component: lazyRouteComponent(() => import("./pages/settings/TextsPage.tsx"), "TextsPage"),
});

const retentionRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/retention",
  component: lazyRouteComponent(() => import("./pages/settings/RetentionPage.tsx"), "RetentionPage"),
});

const webhooksRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/webhooks",
  component: lazyRouteComponent(() => import("./pages/settings/WebhooksPage.tsx"), "WebhooksPage"),
});

const webhookRoute = createRoute({
  getParentRoute: inShell,
  path: "/settings/webhooks/$webhookId",
  component: lazyRouteComponent(() => import("./pages/settings/WebhookPage.tsx"), "WebhookPage"),
});

const segmentsRoute = createRoute({
  getParentRoute: inShell,
  path: "/segments",
  component: lazyRouteComponent(() => import("./pages/segments/SegmentsPage.tsx"), "SegmentsPage"),
});

const newSegmentRoute = createRoute({
  getParentRoute: inShell,
  path: "/segments/new",
  component: lazyRouteComponent(() => import("./pages/segments/NewSegmentPage.tsx"), "NewSegmentPage"),
});

const segmentRoute = createRoute({
  getParentRoute: inShell,
  path: "/segments/$segmentId",
  component: lazyRouteComponent(() => import("./pages/segments/SegmentPage.tsx"), "SegmentPage"),
});

const editSegmentRoute = createRoute({
  getParentRoute: inShell,
  path: "/segments/$segmentId/edit",
  component: lazyRouteComponent(() => import("./pages/segments/EditSegmentPage.tsx"), "EditSegmentPage"),
});

const behavioursRoute = createRoute({
  getParentRoute: inShell,
  path: "/behaviours",
  validateSearch: readList,
  component: lazyRouteComponent(() => import("./pages/behaviours/BehavioursPage.tsx"), "BehavioursPage"),
});

const trendRoute = createRoute({
  getParentRoute: inShell,
  path: "/behaviours/trend",
  validateSearch: readTrend,
  component: lazyRouteComponent(() => import("./pages/behaviours/TrendPage.tsx"), "TrendPage"),
});

const funnelRoute = createRoute({
  getParentRoute: inShell,
  path: "/behaviours/funnel",
  validateSearch: readFunnel,
  component: lazyRouteComponent(() => import("./pages/behaviours/FunnelPage.tsx"), "FunnelPage"),
});

const cohortRoute = createRoute({
  getParentRoute: inShell,
  path: "/behaviours/cohort",
  validateSearch: readCohort,
  component: lazyRouteComponent(() => import("./pages/behaviours/CohortPage.tsx"), "CohortPage"),
});

const setupRoute = createRoute({
  getParentRoute: inShell,
  path: "/setup",
  component: lazyRouteComponent(() => import("./pages/setup/SetupPage.tsx"), "SetupPage"),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  welcomeRoute,
  joinRoute,
  tryRoute,
  shellRoute.addChildren([
    homeRoute,
    importsRoute,
    newImportRoute,
    importRoute,
    usersRoute,
    userRoute,
    messagesRoute,
    messageRoute,
    campaignsRoute,
    newCampaignRoute,
    calendarRoute,
    campaignRoute,
    editCampaignRoute,
    segmentsRoute,
    newSegmentRoute,
    segmentRoute,
    editSegmentRoute,
    behavioursRoute,
    trendRoute,
    funnelRoute,
    cohortRoute,
    providersRoute,
    newProviderRoute,
    providerRoute,
    templatesRoute,
    newTemplateRoute,
    templateRoute,
    settingsRoute,
    teamRoute,
    tokensRoute,
    auditRoute,
    accountRoute,
    newAppRoute,
    setupRoute,
    appsRoute,
    topicsRoute,
    promoRoute,
    textsRoute,
    retentionRoute,
    webhooksRoute,
    webhookRoute,
  ]),
]);

/** Every address of the panel. Pages are fetched when they are first wanted. */
export function createPanelRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPanelRouter>;
  }
}
