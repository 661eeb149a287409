import formbody from "@fastify/formbody";
import { z } from "zod";
import type { Http } from "../http/server.ts";
import { Problem } from "../lib/problem.ts";
import type { Access, Subject } from "./access.ts";
import type { Realtime } from "./realtime.ts";
import { RealtimeEvent } from "./schema.ts";
import { fromServer } from "./topics.ts";

const text = z.string().max(1_024);

/** What brokers ask when somebody connects; each calls the client id otherwise. */
const SignIn = z
  .looseObject({
    username: text.default(""),
    password: text.default(""),
    clientid: text.optional().describe("Also `clientId` or `client_id`"),
    clientId: text.optional(),
    client_id: text.optional(),
  })
  .meta({ id: "BrokerSignIn" });

const verbs = ["publish", "subscribe"] as const;

/** What brokers ask when somebody publishes or subscribes. */
const Question = z
  .looseObject({
    username: text.default(""),
    topic: z.string().max(65_535),
    action: z.string().optional().describe("`publish` or `subscribe`, as EMQX says"),
    acc: z.coerce
      .number()
      .int()
      .min(1)
      .max(4)
      .optional()
      .describe("The same as mosquitto-go-auth says: 1 read, 2 write, 3 both, 4 subscribe"),
  })
  .refine(({ action, acc }) => acc !== undefined || verbs.some((verb) => verb === action), {
    path: ["action"],
    error: "expected publish or subscribe; or acc, from 1 to 4",
  })
  .meta({ id: "BrokerQuestion" });

/** The words that EMQX and mosquitto-go-auth look for. */
const Verdict = z
  .object({
    result: z.enum(["allow", "deny"]),
    is_superuser: z.boolean(),
    Ok: z.boolean(),
    Error: z.string(),
  })
  .meta({ id: "BrokerVerdict" });

const verdict = (isAllowed: boolean, isService = false): z.infer<typeof Verdict> => ({
  result: isAllowed ? "allow" : "deny",
  ...{ is_superuser: isService, Ok: isAllowed, Error: isAllowed ? "" : "not allowed" },
});

/** What others' brokers ask us, and what the customer's own server tells devices at once. */
export async function realtimeRoutes(
  http: Http,
  {
    access,
    readUsername,
    publishEvent,
  }: {
    access: Access;
    /** Whom a user name stands for that the broker has let in before. */
    readUsername: (username: string) => Subject | null;
    publishEvent: Realtime["publishEvent"];
  },
): Promise<void> {
  await http.register(formbody);
  const tags = ["Realtime"];

  http.post(
    "/realtime/auth",
    {
      config: { isPublic: true },
      schema: {
        ...{ tags, security: [], summary: "Whether a client may connect: for a broker of your own to ask" },
        body: SignIn,
        response: { 200: Verdict },
      },
    },
    async ({ body: { username, password, clientid, clientId, client_id } }) => {
      const subject = await access.signIn({
        ...{ username, password, clientId: clientid ?? clientId ?? client_id ?? "" },
      });
      return verdict(subject !== null, subject?.kind === "service");
    },
  );

  http.post(
    "/realtime/acl",
    {
      config: { isPublic: true },
      schema: {
        ...{
          tags,
          security: [],
          summary: "Whether a client may publish or subscribe: for a broker of your own to ask",
        },
        body: Question,
        response: { 200: Verdict },
      },
    },
    async ({ body: { username, topic, action, acc } }) => {
      const subject = readUsername(username);
      if (subject?.kind === "service") return verdict(true, true);
      if (!subject) return verdict(false);
      const publishes = acc === undefined ? action === "publish" : acc === 2 || acc === 3;
      const subscribes = acc === undefined ? action === "subscribe" : acc !== 2;
      const isAllowed =
        (!publishes || access.mayPublish(subject.device, topic)) &&
        (!subscribes || (await access.maySubscribe(subject.device, topic)));
      return verdict(isAllowed);
    },
  );

  http.post(
    "/realtime/events",
    {
      schema: {
        ...{ tags, summary: "Tell connected devices that listen to an event; nothing is kept of it" },
        body: RealtimeEvent,
        response: { 200: z.object({ published: z.literal(true) }) },
      },
    },
    async ({ caller, body: { eventName, installationId, data } }) => {
      const event = { appId: caller.appId, name: eventName, from: installationId ?? fromServer, data };
      if (!(await publishEvent(event)))
        throw new Problem(
          "unavailable",
          "The broker is away, and nobody heard of it; try again in a moment.",
        );
      return { published: true as const };
    },
  );
}
