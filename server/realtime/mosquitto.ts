import type { MqttClient } from "mqtt";
import type { Logger } from "pino";
import { z } from "zod";
import { type DeviceAddress, deviceTopic, eventTopic, fromAnybody, rollCallTopic } from "./topics.ts";

// Mosquitto's plug-in keeps clients and roles itself, and is told of them over MQTT.
// https://mosquitto.org/documentation/dynamic-security/
const control = "$CONTROL/dynamic-security/v1";
const answerWithinMs = 5_000;
/** Devices that the plug-in is known to know. */
const remembered = 100_000;

const Answers = z.object({
  responses: z.array(
    z.object({
      correlationData: z.string().optional(),
      error: z.string().optional(),
      data: z.unknown().optional(),
    }),
  ),
});

/** Of `getClient`. */
const Roles = z.object({ client: z.object({ roles: z.array(z.object({ rolename: z.string() })) }) });

type Answer = z.infer<typeof Answers>["responses"][number];

interface Acl {
  acltype: "publishClientSend" | "publishClientReceive" | "subscribeLiteral" | "subscribePattern";
  topic: string;
  allow: true;
}

const allow = (acltype: Acl["acltype"], topic: string): Acl => ({ acltype, topic, allow: true });

/** What a device may do, as {@link Access} has it; other installations of its user it cannot listen to here. */
function aclsOf(device: DeviceAddress): Acl[] {
  const own = eventTopic({ appId: device.appId, name: "+", from: device.installationId });
  return [
    ...(["hello", "ack", "presence"] as const).map((topic) =>
      allow("publishClientSend", deviceTopic(device, topic)),
    ),
    allow("publishClientSend", own),
    allow("subscribeLiteral", deviceTopic(device, "inbox")),
    allow("subscribeLiteral", rollCallTopic(device.appId)),
    allow("subscribePattern", own),
  ];
}

export interface Mosquitto {
  /** Lets a device in. A broker that does not answer is a warning in the log: the next registration tries again. */
  admit(device: DeviceAddress, credentials: { username: string; password: string }): Promise<void>;
  /** Ends the connections of a device, and lets it in no more until it is admitted again. */
  expel(device: DeviceAddress): Promise<void>;
}

/**
 * Tells the plug-in of a Mosquitto who its clients are. `client` is signed in as one that may do so, as
 * `mosquitto_ctrl dynsec init` makes it, and gets the role that our own connections need.
 */
export async function manageMosquitto(parts: {
  client: MqttClient;
  /** Ours. */
  username: string;
  publicEvents: (appId: string) => Promise<ReadonlySet<string>>;
  logger: Logger;
}): Promise<Mosquitto> {
  const { client, logger } = parts;
  const waiting = new Map<string, (answer: Answer) => void>();
  let asked = 0;
  client.on("message", (topic, payload) => {
    if (topic !== `${control}/response`) return;
    const answers = Answers.safeParse(JSON.parse(payload.toString("utf8")));
    for (const answer of answers.data?.responses ?? []) waiting.get(answer.correlationData ?? "")?.(answer);
  });
  await client.subscribeAsync(`${control}/response`, { qos: 1 });

  const command = (name: string, fields: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const correlationData = `${process.pid}-${++asked}`;
      const timer = setTimeout(() => {
        waiting.delete(correlationData);
        reject(new Error(`the dynamic-security plug-in did not answer ${name}`));
      }, answerWithinMs);
      waiting.set(correlationData, (answer) => {
        clearTimeout(timer);
        waiting.delete(correlationData);
        resolve(answer);
      });
      const commands = [{ command: name, correlationData, ...fields }];
      client.publish(control, JSON.stringify({ commands }), { qos: 1 });
    });
  /** What is there already is as good. */
  const ensure = async (name: string, fields: object): Promise<"made" | "there"> => {
    const { error } = await command(name, fields);
    if (error === undefined) return "made";
    if (error.endsWith("already exists")) return "there";
    throw new Error(`the dynamic-security plug-in refused ${name}: ${error}`);
  };

  await ensure("createRole", {
    rolename: "chapar",
    acls: (["publishClientSend", "publishClientReceive", "subscribePattern"] as const).map((type) =>
      allow(type, "#"),
    ),
  });
  const { username } = parts;
  const { data } = await command("getClient", { username });
  if (!Roles.safeParse(data).data?.client.roles.some(({ rolename }) => rolename === "chapar")) {
    // Whose roles change is thrown out, with the answer; we come back by ourselves.
    const back = new Promise<void>((resolve) => client.once("connect", () => resolve()));
    client.publish(
      control,
      JSON.stringify({ commands: [{ command: "addClientRole", username, rolename: "chapar" }] }),
    );
    await back;
  }

  // Events that everybody may listen to are a role of the app.
  const told = new Map<string, string>();
  const admitApp = async (appId: string): Promise<string> => {
    const rolename = `app ${appId}`;
    const names = [...(await parts.publicEvents(appId))].sort();
    if (told.get(appId) === names.join()) return rolename;
    const acls = names.map((name) =>
      allow("subscribeLiteral", eventTopic({ appId, name, from: fromAnybody })),
    );
    if ((await ensure("createRole", { rolename, acls })) === "there")
      await ensure("modifyRole", { rolename, acls });
    told.set(appId, names.join());
    return rolename;
  };
  const admitted = new Map<string, string>();
  const roleOf = ({ appId, installationId }: DeviceAddress) => `device ${appId}/${installationId}`;

  return {
    async admit(device, { username, password }) {
      if (admitted.get(username) === password) return;
      try {
        const ofApp = await admitApp(device.appId);
        const rolename = roleOf(device);
        await ensure("createRole", { rolename, acls: aclsOf(device) });
        const roles = [{ rolename }, { rolename: ofApp }];
        if ((await ensure("createClient", { username, password, roles })) === "there")
          await ensure("setClientPassword", { username, password });
        if (admitted.size >= remembered) admitted.clear();
        admitted.set(username, password);
      } catch (error) {
        logger.warn({ err: error, device: username }, "the broker was not told of a device");
      }
    },
    async expel(device) {
      const username = `${device.appId}/${device.installationId}`;
      admitted.delete(username);
      await command("deleteClient", { username });
      await command("deleteRole", { rolename: roleOf(device) });
    },
  };
}
