import mqtt from "mqtt";
import { z } from "zod";
import { sampleHeader, sampleRows } from "../imports/sample.ts";
import { Import } from "../imports/schema.ts";
import { RegisteredInstallation } from "../installations/schema.ts";
import { pageOf } from "../lib/page.ts";
import { ProviderAccount } from "../providers/schema.ts";
import { type Simulation, startSimulation } from "./simulation.ts";

/** The devices that stand on somebody's desk in the demo; they read what they get. */
export interface Demo {
  stop(): Promise<void>;
}

const wantedUsers = 5_000;
const seed = 1;
/** Some of what is sent fails, as it does elsewhere. */
const faults = { gone: 0.02, error: 0.005 };

/**
 * Fills a running product with a realistic export and a few messages, once; sets up accounts of simulated providers and
 * connects two simulated devices, at every start. Everything goes over the public API and MQTT, as a customer's own
 * systems would.
 */
export async function startDemo(baseUrl: string, accessToken: string): Promise<Demo> {
  const api = createApi(baseUrl, accessToken);
  const rows = rowsOf(wantedUsers);
  const isNew = (await api.status("GET", "/api/users/Test")) === 404;
  const simulation = await startSimulation({ rates: faults, reports: true });
  await addAccounts(api, simulation);
  if (isNew) await importUsers(api, rows);
  const devices = await Promise.all([
    connectDevice(api, { id: rows[0]?.split(",")[0] ?? "demo-1", userId: "Test", deviceType: "android" }),
    connectDevice(api, { id: "demo-ios", userId: "Mina", deviceType: "ios", deviceModel: "iPhone17,3" }),
  ]);
  if (isNew) await sendMessages(api);
  return {
    async stop() {
      await Promise.all(devices.map((device) => device.endAsync(true)));
      await simulation.stop();
    },
  };
}

/** One account of each channel and kind of device. */
const shownAccounts = ["fcm", "apns", "webpush", "http", "smtp", "meta"] as const;

/** Accounts of what is simulated; its addresses and keys are others after each start. */
async function addAccounts(api: Api, { accounts, credentials, standIns }: Simulation): Promise<void> {
  const { data: known } = pageOf(ProviderAccount).parse(await api.json("GET", "/api/providers?limit=100"));
  for (const account of shownAccounts.map((name) => accounts[name])) {
    const before = known.find(({ name }) => name === account.name);
    // The export has browsers of real services, which must not hear from a demo.
    const config =
      account.provider === "webpush" ? { ...account.config, allowedHosts: ["127.0.0.1"] } : account.config;
    const made = before
      ? await api.json("PATCH", `/api/providers/${before.id}`, { config })
      : await api.json("POST", "/api/providers", { ...account, config });
    if (account.provider === "meta") standIns.whatsapp.setWebhook(ProviderAccount.parse(made).receiptsUrl);
  }
  await api.json("POST", "/api/installations", {
    ...{ id: "demo-browser", userId: "Mina", deviceType: "web", browser: "firefox" },
    deviceToken: JSON.stringify(credentials.subscription),
  });
}

type Api = ReturnType<typeof createApi>;

function createApi(baseUrl: string, accessToken: string) {
  const request = (method: string, path: string, body?: string | object) =>
    fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        "x-access-token": accessToken,
        ...(body === undefined
          ? {}
          : { "content-type": typeof body === "object" ? "application/json" : "text/csv" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  return {
    status: async (method: string, path: string) => (await request(method, path)).status,
    async json(method: string, path: string, body?: string | object): Promise<unknown> {
      const response = await request(method, path, body);
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return JSON.parse(text);
    },
  };
}

/** Enough rows of the sample for this many users: people have several devices, and some rows are guests. */
function rowsOf(users: number): string[] {
  const rows: string[] = [];
  const seen = new Set<string>();
  for (const row of sampleRows(users * 4, seed)) {
    const user = row.slice(row.lastIndexOf(",") + 1) || row.slice(0, 36);
    if (!seen.has(user) && seen.size === users) break;
    seen.add(user);
    rows.push(row);
  }
  return rows;
}

async function importUsers(api: Api, rows: string[]): Promise<void> {
  const file = `${[sampleHeader, ...rows].join("\n")}\n`;
  let found = Import.parse(
    await api.json("POST", "/api/imports?format=onesignal&name=demo-export.csv", file),
  );
  while (["queued", "validating", "importing"].includes(found.status)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    found = Import.parse(await api.json("GET", `/api/imports/${found.id}`));
  }
}

async function connectDevice(api: Api, registration: Record<string, string>): Promise<mqtt.MqttClient> {
  const answer = await api.json("POST", "/api/installations", registration);
  const device = RegisteredInstallation.parse(answer);
  const { url, clientId, username, password } = device.mqtt;
  const client = await mqtt.connectAsync(url.replace("localhost", "127.0.0.1"), {
    clientId,
    username,
    password,
  });
  const prefix = `app/${username.split("/")[0]}/installation/${device.id}`;
  client.on("message", (_topic, payload) => {
    const { id } = JSON.parse(payload.toString()) as { id: string };
    const report = (state: string) =>
      client.publish(`${prefix}/ack`, JSON.stringify({ id, state, at: Date.now() }));
    report("delivered");
    setTimeout(report, 1_500, "seen");
  });
  const greet = async () => {
    await client.subscribeAsync(`${prefix}/inbox`);
    await client.publishAsync(`${prefix}/hello`, "{}");
  };
  client.on("connect", () => greet().catch(() => {}));
  await greet();
  return client;
}

/** An e-mail as marketers write it: blocks, a variable, and the ways to leave. */
async function sendLetter(api: Api): Promise<void> {
  for (const [userId, name] of [
    ["Test", "Sara"],
    ["Mina", "Mina"],
  ])
    await api.json("PATCH", `/api/users/${userId}`, {
      ...{ email: `${name?.toLowerCase()}@example.com`, attributes: { first_name: name } },
    });
  const campaign = await api.json("POST", "/api/campaigns", {
    ...{ name: "Colours of autumn", channel: "email", target: {} },
    content: {
      ...{ content: "", subject: '{{user.first_name | default: "Hello"}}, autumn has come' },
      ...{ preheader: "Warm, light, and made nearby" },
      email: {
        format: "design",
        design: {
          theme: { accent: "#b45309" },
          blocks: [
            { id: "1", kind: "heading", text: 'Hi {{user.first_name | default: "there"}}!' },
            {
              id: "2",
              kind: "text",
              html: "<p>The colours of autumn have come: <b>rust, moss and night blue</b>. All of it is made nearby, of wool that lasts for years.</p>",
            },
            { id: "3", kind: "button", label: "See them all", url: "https://shop.example.com/autumn" },
            {
              id: "4",
              kind: "text",
              html: '<p>Still looking for summer? <a href="https://shop.example.com/sale">The last pieces are on sale.</a></p>',
            },
            {
              id: "5",
              kind: "footer",
              html: "<p>Shop, 12 Example Street</p>",
              unsubscribe: "Unsubscribe",
              preferences: "Choose what you hear of",
            },
          ],
        },
      },
    },
  });
  const { id } = z.object({ id: z.string() }).parse(campaign);
  await api.json("POST", `/api/campaigns/${id}/launch`);
}

async function sendMessages(api: Api): Promise<void> {
  const toUsers = (message: object) => api.json("POST", "/api/push/toUsers", message);
  const byQuery = (message: object) => api.json("POST", "/api/push/byQuery", message);
  await toUsers({ user: "Test", content: "پرواز شما دچار نیم ساعت تاخیر شده است.", useAsAlert: true });
  await toUsers({
    users: ["Test", "Mina"],
    content: "Your order was placed and will be with you on Tuesday.",
    notification: { title: "Shop", body: "Order placed" },
  });
  await byQuery({
    target: { deviceType: { inq: ["android", "ios"] } },
    content: "سلام به اپلیکیشن ما خوش آمدید. برای خرید اولتان از کد تخفیف NewApp10 استفاده کنید.",
    useAsAlert: true,
  });
  await byQuery({
    target: { tags: "plan_gold" },
    content: "A gift for our gold members: free delivery this week.",
  });
  await api.json("POST", "/api/push/notifyUsers", {
    target: {},
    content: "رنگ‌های تازهٔ پاییز رسید.",
    notification: { title: "فروشگاه نمونه", clickUrl: "https://shop.example.com/autumn" },
  });
  await sendLetter(api);
  await toUsers({ user: "somebody-we-lost", content: "We miss you. Here is 10 % off your next order." });
}
