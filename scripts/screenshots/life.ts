import { accessToken } from "../../bench/lib/product.ts";
import { createRandom } from "../../bench/lib/random.ts";
import { Failure } from "../../bench/lib/run.ts";

/** Ids of what is shown on pages of its own. */
export interface Life {
  readonly segmentId: string;
  /** A segment that nothing is made of. */
  readonly goldId: string;
  readonly draftId: string;
  readonly letterId: string;
  readonly campaignId: string;
  readonly messageId: string;
  readonly importId: string;
  readonly providerId: string;
  readonly templateId: string;
  readonly webhookId: string;
  readonly userId: string;
  readonly invitation: string;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Json = any;
type Ask = (method: string, path: string, body?: string | object) => Promise<Json>;

const dayMs = 86_400_000;
const patienceMs = 180_000;
/** So many users have bought and looked at something. */
const customers = 400;

/** Calls the API; whatever it refuses ends the run. */
function createAsk(url: string): Ask {
  return async (method, path, body) => {
    const isText = typeof body === "string";
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        "x-access-token": accessToken,
        ...(body === undefined ? {} : { "content-type": isText ? "text/csv" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Failure(`${method} ${path} answered ${response.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
}

async function until<T>(ask: () => Promise<T>, passes: (answer: T) => boolean, what: string): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (passes(answer)) return answer;
    if (Date.now() > deadline) throw new Failure(`There is still nothing to show: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What a shop has after some weeks, beside what `--demo` makes; `hook` takes what its webhook is told. */
export async function makeLife(url: string, hook: string): Promise<Life> {
  const ask = createAsk(url);
  const make = async (path: string, body: object) => (await ask("POST", path, body)).id as string;
  await ask("PATCH", "/settings", { timeZone: "Asia/Tehran" });
  const users = await someUsers(ask);
  await makeProfile(ask);
  const webhookId = await makeWebhooks(make, hook);
  await makeEvents(ask, users);
  const { segmentId, goldId } = await makeSegments(ask, make);
  const importId = await importSpoiled(ask);
  const templateId = await makeTemplates(make);
  const { campaignId, messageId, draftId } = await makeCampaigns(ask, make, users, segmentId);
  await ask("POST", "/containers/updatePromoCodes/winter", "WINTER-1A\nWINTER-2B\nWINTER-3C\n");
  await make("/public-keys", { name: "Shop", origins: ["https://shop.example.com"] });
  await ask("PUT", "/topics/news", { titles: { en: "News", fa: "خبرها" }, isListed: true });
  await make("/tokens", { name: "Warehouse", scopes: ["users:read", "users:write"], expiresAt: inDays(90) });
  await make("/tokens", { name: "Data team", scopes: ["users:read"] });
  const unwanted = await make("/segments", { name: "Spring visitors", target: { tags: "spring" } });
  await ask("DELETE", `/segments/${unwanted}`);
  await ask("POST", "/team/invitations", { email: "mina@example.com", role: "marketer" });
  const invited = await ask("POST", "/team/invitations", { email: "reza@example.com", role: "analyst" });
  const { data: providers } = await ask("GET", "/providers?limit=100");
  const { data: campaigns } = await ask("GET", "/campaigns?limit=100");
  return {
    ...{ segmentId, goldId, draftId, campaignId, messageId, importId, templateId, webhookId, userId: "Test" },
    letterId: campaigns.find(({ channel }: Json) => channel === "email").id,
    providerId: providers.find(({ channel }: Json) => channel === "push").id,
    invitation: invited.link,
  };
}

const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
const dayIn = (days: number) => inDays(days).slice(0, 10);

async function someUsers(ask: Ask): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ""; ids.length < customers; ) {
    const page = await ask("GET", `/users?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    ids.push(...page.data.map(({ userId, id }: Json) => userId ?? id));
    if (!page.nextCursor) break;
    cursor = page.nextCursor;
  }
  return ids;
}

async function makeProfile(ask: Ask): Promise<void> {
  await ask("PATCH", "/users/Test", {
    ...{ phone: "+989121110000", language: "fa", addTags: ["plan_gold", "newsletter_yes"] },
    attributes: { first_name: "Sara", last_name: "Ahmadi", city: "Tehran", basket: 3 },
  });
}

/** Five weeks of looking, filling baskets and buying, each by fewer. */
async function makeEvents(ask: Ask, users: readonly string[]): Promise<void> {
  const { next } = createRandom(1);
  const events: object[] = [];
  const add = (userId: string, eventName: string, at: number, value?: number) =>
    events.push({
      userId,
      eventName,
      eventTime: at,
      ...(value === undefined ? {} : { eventData: { value } }),
    });
  for (const userId of ["Test", "Mina", ...users]) {
    for (let day = 35 * next(); day > 0; day -= 1 + 8 * next()) {
      const at = Math.round(Date.now() - day * dayMs);
      add(userId, "view", at);
      if (next() < 0.55) add(userId, "add_to_basket", at + 120_000);
      if (next() < 0.3) add(userId, "purchase", at + 300_000, Math.round(20 + 180 * next()));
    }
  }
  for (let first = 0; first < events.length; first += 500)
    await ask("POST", "/installations/trackBulk", events.slice(first, first + 500));
}

type Make = (path: string, body: object) => Promise<string>;

async function makeWebhooks(make: Make, hook: string): Promise<string> {
  const events = ["message.delivered", "message.clicked", "message.failed", "import.finished"];
  const id = await make("/webhooks", { name: "CRM", url: `${hook}/crm`, events, batchSize: 100 });
  await make("/webhooks", { name: "Warehouse", url: `${hook}/broken`, events: ["event.tracked"] });
  return id;
}

async function makeSegments(ask: Ask, make: Make) {
  const segment = {
    all: [
      { name: "deviceType", operator: "include", value: ["android", "ios"] },
      {
        name: "purchase",
        operator: "did",
        value: { count: { operator: "greater_equals", value: 1 }, within: "30d" },
      },
      {
        any: [
          { name: "language", operator: "equal_to", value: "fa" },
          { name: "tags", operator: "include", value: ["plan_gold"] },
        ],
      },
    ],
  };
  const segmentId = await make("/segments", { name: "Buyers of this month", segment });
  const goldId = await make("/segments", { name: "Gold members", target: { tags: "plan_gold" } });
  await make("/segments", { name: "مشتریان ایرانی", target: { language: "fa" } });
  await make("/segments", { name: "Asleep for a month", target: { launchCount: { lt: 3 } }, kind: "static" });
  for (const pinned of [segmentId, goldId]) await ask("PATCH", `/segments/${pinned}`, { isPinned: true });
  return { segmentId, goldId };
}

/** A table of people in which some rows cannot be taken. */
async function importSpoiled(ask: Ask): Promise<string> {
  const rows = Array.from({ length: 1_200 }, (_, index) => {
    const faulty = index % 40 === 7;
    const email = faulty && index % 80 === 7 ? "not an address" : `buyer${index}@example.com`;
    const phone = faulty && index % 80 !== 7 ? "12" : `+98912${String(1_000_000 + index)}`;
    return `buyer-${index},${email},${phone},Buyer ${index}`;
  });
  const file = ["userId,email,phone,first_name", ...rows].join("\n");
  const { id } = await ask("POST", "/imports?format=generic&name=autumn-customers.csv", file);
  const done = ["completed", "completed_with_errors"];
  await until(
    () => ask("GET", `/imports/${id}`),
    ({ status }) => done.includes(status),
    "the import",
  );
  return id;
}

async function makeTemplates(make: Make): Promise<string> {
  await make("/templates", {
    ...{ name: "خوش‌آمد", channel: "sms" },
    content: { content: "سلام {{user.first_name}}، به فروشگاه ما خوش آمدید." },
  });
  return make("/templates", {
    ...{ name: "Basket left behind", channel: "push" },
    content: {
      content: 'Hi {{user.first_name | default: "there"}}, your basket is still here.',
      notification: { title: "Still thinking about it?" },
    },
  });
}

async function makeCampaigns(ask: Ask, make: Make, users: readonly string[], segmentId: string) {
  const sale = await make("/campaigns", {
    ...{ name: "Winter sale", channel: "inbox", users: ["Test", "Mina", ...users] },
    content: {
      content: 'Hi {{user.first_name | default: "there"}}, everything warm is 20 % off today.',
      trackId: "winter",
      notification: { title: "Winter sale", clickUrl: "https://shop.example.com/winter" },
    },
    variants: [
      {
        content: {
          content: "Cold outside? Warm up for 20 % less, today only.",
          notification: { title: "Warm up", clickUrl: "https://shop.example.com/winter" },
        },
      },
    ],
  });
  const { message } = await ask("POST", `/campaigns/${sale}/launch`);
  await make("/campaigns", {
    ...{ name: "یلدا مبارک", channel: "sms", target: { language: "fa" } },
    content: { content: "{{user.first_name}} عزیز، یلدا مبارک! تا فردا ۲۰٪ تخفیف دارید." },
    schedule: { kind: "at", day: dayIn(6), time: "18:00", timeZone: "Asia/Tehran" },
  }).then((id) => ask("POST", `/campaigns/${id}/launch`));
  await make("/campaigns", {
    ...{ name: "Weekly news", channel: "inbox", target: {}, content: { content: "What is new this week" } },
    schedule: {
      ...{ kind: "recurring", every: "week", weekdays: ["saturday", "tuesday"], time: "10:00" },
      ...{ timeZone: "Asia/Tehran", from: dayIn(1) },
    },
  }).then((id) => ask("POST", `/campaigns/${id}/launch`));
  const draftId = await make("/campaigns", {
    ...{ name: "Basket left behind", channel: "push", target: segmentId },
    content: {
      content:
        'Hi {{user.first_name | default: "there"}}, your basket is still here, and delivery is free today.',
      notification: { title: "Still thinking about it?", clickUrl: "https://shop.example.com/basket" },
    },
  });
  const isOver = ({ counts }: Json) => counts.targeted > 0 && (counts.queued ?? 0) === 0;
  await until(() => ask("GET", `/messages/${message.id}`), isOver, "the campaign's report");
  await answer(ask, message.id);
  return { campaignId: sale, messageId: message.id as string, draftId };
}

/** Most of its devices report that it arrived, some that it was seen, and a few that it was opened. */
async function answer(ask: Ask, messageId: string): Promise<void> {
  const { next } = createRandom(2);
  const { data } = await ask("GET", `/messages/${messageId}/deliveries?limit=500`);
  const isReached = ({ installationId, state }: Json) => installationId && /sent|waiting/.test(state);
  await Promise.all(
    data.filter(isReached).map(({ installationId }: Json) => {
      const luck = next();
      const state = luck < 0.2 ? "clicked" : luck < 0.55 ? "seen" : "delivered";
      if (luck > 0.9) return null;
      const path = `/installations/${encodeURIComponent(installationId)}/inbox/acks`;
      return ask("POST", path, { acks: [{ id: messageId, state }] });
    }),
  );
}
