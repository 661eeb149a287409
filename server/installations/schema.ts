import { z } from "zod";
import { isClock } from "../lib/wall-time.ts";

// No control characters and no `*`, which means everyone; see userId.
const identifier = (what: string) =>
  z
    .string()
    .min(1, `expected ${what} of 1 to 128 characters`)
    .max(128, `expected ${what} of 1 to 128 characters`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u001f\u007f]+$/, `expected ${what} without control characters`)
    .refine((value) => value !== "*", `"*" means everyone and cannot be ${what}`);

export const UserId = identifier("a user id");
/** Goes into an MQTT topic, so `/`, `+` and `#` are refused too. */
export const InstallationId = identifier("an installation id").regex(
  /^[^/+#]+$/,
  "expected an installation id without / + #",
);

export const DeviceType = z.enum(["android", "ios", "web", "windows", "other"]);
export type DeviceType = z.infer<typeof DeviceType>;

export const Installation = z
  .object({
    id: z.string(),
    userId: z.string(),
    deviceType: DeviceType,
    deviceModel: z.string().nullable(),
    browser: z.string().nullable().describe("Of a web device"),
    osVersion: z.string().nullable(),
    clientVersion: z.string().nullable().describe("Version of the customer's app"),
    launchCount: z.int().describe("Visits"),
    installDate: z.iso.datetime().nullable().describe("First visit"),
    launchTime: z.iso.datetime().nullable().describe("Last visit"),
    hasToken: z.boolean().describe("Whether a push token is stored"),
    optedOut: z.boolean(),
    connected: z.boolean().describe("Whether the device holds a realtime connection now"),
    language: z.string().nullable(),
    country: z.string().nullable().describe("ISO 3166 alpha-2"),
    timeZone: z.string().nullable().describe("IANA name, or an offset from UTC such as +03:30"),
    location: z.object({ lat: z.number(), lng: z.number() }).nullable(),
    uninstalledAt: z.iso.datetime().nullable().describe("When the app was removed; null while it is there"),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Installation" });
export type Installation = z.infer<typeof Installation>;

/** What a browser's `PushSubscription` is as JSON. https://www.w3.org/TR/push-api/#dom-pushsubscription-tojson */
const Subscription = z.object({
  endpoint: z.url(),
  keys: z.object({ p256dh: z.string().min(1), auth: z.string().min(1) }),
});

function isSubscription(text: string): boolean {
  try {
    return Subscription.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** `POST /api/installations`: a device introduces itself. Sending it again with the same id updates it. */
export const RegisterInstallation = z
  .object({
    id: InstallationId.optional().describe("The device's own id of an earlier registration; made if missing"),
    userId: UserId.optional().describe("Whose device it is; without one it belongs to a guest of its own"),
    isGuest: z
      .boolean()
      .optional()
      .describe(
        "Whether nobody has logged in on it; a user who is known as a guest stays one if it is missing",
      ),
    deviceType: DeviceType,
    deviceToken: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe("Push token; of a browser its subscription, as JSON with endpoint and keys"),
    tokenService: z
      .enum(["fcm", "apns", "webpush"])
      .optional()
      .describe(
        "Who gave the token, where it is not the platform's own: fcm for an app on ios or web that uses Firebase",
      ),
    deviceModel: z.string().max(200).optional(),
    browser: z.string().max(50).optional().describe("Of a web device, such as chrome or firefox"),
    osVersion: z.string().max(100).optional(),
    clientVersion: z.string().max(100).optional(),
    launchCount: z.int().min(0).optional(),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, "expected a language such as fa or en-GB")
      .optional(),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, "expected two letters such as IR")
      .transform((code) => code.toUpperCase())
      .optional()
      .describe("ISO 3166 alpha-2"),
    timeZone: z
      .string()
      .max(64)
      .refine(isClock, "expected a time zone such as Asia/Tehran, or +03:30")
      .optional()
      .describe("IANA name, or the offset from UTC where only that is known: by its clock messages come"),
    location: z.object({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) }).optional(),
    subscriptions: z
      .array(z.string().min(1).max(128))
      .max(100)
      .optional()
      .describe("Public topics besides `default`, which every installation has"),
  })
  .refine(
    ({ deviceType, deviceToken, tokenService = deviceType === "web" ? "webpush" : undefined }) =>
      deviceToken === undefined || tokenService !== "webpush" || isSubscription(deviceToken),
    {
      path: ["deviceToken"],
      error:
        'expected the subscription of the browser as JSON text, {"endpoint":"https://…","keys":{"p256dh":"…","auth":"…"}}; ' +
        "for a token of Firebase give tokenService fcm",
    },
  )
  .meta({ id: "RegisterInstallation" });
export type RegisterInstallation = z.infer<typeof RegisterInstallation>;

export const RegisteredInstallation = z
  .object({
    id: z.string(),
    userId: z.string(),
    mqtt: z.object({
      url: z.string().describe("Broker address over TCP"),
      websocketUrl: z
        .string()
        .nullable()
        .describe(
          "The same over WebSocket, for browsers; null where an outside broker has none that we know of",
        ),
      clientId: z.string(),
      username: z.string(),
      password: z.string(),
    }),
  })
  .meta({ id: "RegisteredInstallation" });
export type RegisteredInstallation = z.infer<typeof RegisteredInstallation>;
