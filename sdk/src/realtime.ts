import type { IClientOptions, MqttClient } from "mqtt";
import { backoffMs, Pause } from "./backoff.ts";
import { ChaparError } from "./errors.ts";
import type { Acknowledgement, Device, InboxMessage } from "./types.ts";

/** Opens a connection; of the package `mqtt`, loaded when it is needed. */
export type ConnectMqtt = (url: string, options: IClientOptions) => MqttClient;

interface Parts {
  loadMqtt: () => Promise<ConnectMqtt>;
  /** The broker for this platform; null where there is none that it can reach. */
  addressOf: (device: Device) => string | null;
  register: () => Promise<Device>;
  /** The broker refused the credentials. */
  renew: () => Promise<Device>;
  onMessage: (message: InboxMessage) => void;
  onEvent: (name: string, data: unknown, installationId: string) => void;
  onState: (state: "connecting" | "connected" | "disconnected") => void;
  onError: (error: ChaparError) => void;
}

const keepaliveSeconds = 60;
const connectMs = 10_000;
/** A broker that asks who is there is answered by all devices, not at once. */
const rollCallMs = 3_000;

/** The connection to the broker: kept up until {@link stop}, with a pause after each failure that grows. */
export class Realtime {
  readonly #parts: Parts;
  readonly #pause = new Pause();
  #client: MqttClient | null = null;
  #device: Device | null = null;
  #topics: readonly string[] = [];
  #isWanted = false;
  #isConnected = false;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Whether the connection is of another device than the one that we are by now. */
  isConnectedAsAnother(id: string): boolean {
    return this.#client !== null && this.#device?.id !== id;
  }

  start(): void {
    this.#isWanted = true;
    // After the one before, which may be about to end.
    this.#running = this.#running.then(() => this.#run());
  }

  /** Tries now, when the next try was due later. */
  wake(): void {
    this.#pause.end();
  }

  /** The network is gone; the broker shall not find out by waiting, and neither shall we. */
  drop(): void {
    this.#client?.end(true);
  }

  /** Says good-bye: nobody publishes to a device that is gone. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    this.#pause.end();
    const client = this.#client;
    if (client && this.#isConnected) {
      await client.publishAsync(this.#topic("presence"), "{}", { qos: 1 }).catch(() => {});
      await client.endAsync().catch(() => {});
    } else client?.end(true);
    // Otherwise it may be asking the server something, for which nobody need wait.
    if (client) await this.#running;
  }

  acknowledge(acknowledgement: Acknowledgement): void {
    // What is not acknowledged comes again after the next hello, so a failure needs no more than that.
    this.#client?.publish(this.#topic("ack"), JSON.stringify(acknowledgement), { qos: 0 }, () => {});
  }

  /** Realtime events to listen to: `name/installationId`, or `name/+` for those of everybody. */
  listenTo(topics: readonly string[]): void {
    const before = this.#topics;
    this.#topics = topics;
    const client = this.#client;
    if (!client || !this.#isConnected) return;
    const added = topics.filter((topic) => !before.includes(topic));
    const gone = before.filter((topic) => !topics.includes(topic)).map((topic) => this.#eventTopic(topic));
    if (added.length > 0) void this.#subscribeEvents(client, added);
    if (gone.length > 0) client.unsubscribe(gone, () => {});
  }

  async publishEvent(name: string, data: unknown): Promise<void> {
    const client = this.#client;
    if (!client || !this.#isConnected || !this.#device)
      throw new ChaparError("not_connected", `the event ${name} was not published: there is no connection`);
    const topic = this.#eventTopic(`${name}/${this.#device.id}`);
    await client.publishAsync(topic, JSON.stringify(data), { qos: 1 });
  }

  async #run(): Promise<void> {
    let attempt = 0;
    while (this.#isWanted) {
      this.#parts.onState("connecting");
      const wasConnected = await this.#connection().catch((error: unknown) => {
        if (error instanceof ChaparError) this.#parts.onError(error);
        if (error instanceof ChaparError && error.code === "realtime_unavailable") this.#isWanted = false;
        return false;
      });
      if (!this.#isWanted) return;
      this.#parts.onState("disconnected");
      attempt = wasConnected ? 1 : attempt + 1;
      await this.#pause.wait(backoffMs(attempt, Math.random()));
    }
  }

  /** One connection, until it closes; answers whether there was any. */
  async #connection(): Promise<boolean> {
    const [device, connect] = await Promise.all([this.#parts.register(), this.#parts.loadMqtt()]);
    const address = this.#parts.addressOf(device);
    if (address === null)
      throw new ChaparError(
        "realtime_unavailable",
        "the broker has no address that a browser can use; give it one by a MQTT_URL of ws:// or wss://",
      );
    if (!this.#isWanted) return false;
    this.#device = device;
    const { clientId, username, password } = device.mqtt;
    const client = connect(address, {
      // A page that is reloaded must not be taken for the one before, whose good-bye may come later.
      clientId: `${clientId}/${randomWord()}`,
      ...{ username, password, clean: true, keepalive: keepaliveSeconds },
      ...{ reconnectPeriod: 0, connectTimeout: connectMs, queueQoSZero: false },
      will: {
        topic: this.#topic("presence"),
        payload: new TextEncoder().encode("{}") as Buffer,
        qos: 1,
        retain: false,
      },
      // Timers in a worker of its own need a content security policy that allows them.
      timerVariant: "native",
    });
    this.#client = client;
    let refusal: unknown = null;
    client.on("connect", () => void this.#greet(client));
    client.on("message", (topic, payload) => this.#hear(client, topic, payload));
    client.on("error", (error) => (refusal = error));
    await new Promise<void>((resolve) => client.once("close", () => resolve()));
    const wasConnected = this.#isConnected;
    this.#isConnected = false;
    this.#client = null;
    client.end(true);
    if (isRefusal(refusal)) await this.#parts.renew();
    return wasConnected;
  }

  /** Subscribes first and greets then: what is sent meanwhile comes by one of both. */
  async #greet(client: MqttClient): Promise<void> {
    try {
      await client.subscribeAsync(this.#topic("inbox"), { qos: 1 });
      await this.#subscribeEvents(client, this.#topics);
      // An older server has none.
      await client.subscribeAsync(`app/${this.#appId()}/roll-call`, { qos: 0 }).catch(() => {});
      await this.#hello(client);
      this.#isConnected = true;
      this.#parts.onState("connected");
    } catch {
      client.end(true); // broke off meanwhile, and is tried again
    }
  }

  async #hello(client: MqttClient): Promise<void> {
    await client.publishAsync(this.#topic("hello"), "{}", { qos: 1 });
  }

  /** A topic that the server does not allow is an error of that topic alone. */
  async #subscribeEvents(client: MqttClient, topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      await client.subscribeAsync(this.#eventTopic(topic), { qos: 1 }).catch(() => {
        if (client.connected)
          this.#parts.onError(
            new ChaparError(
              "refused",
              `the server does not let this device listen to the event ${topic}: it must be of the same user, or public in the settings`,
            ),
          );
      });
    }
  }

  #hear(client: MqttClient, topic: string, payload: Uint8Array): void {
    const [, , kind, name = "", origin = ""] = topic.split("/");
    if (kind === "roll-call") {
      setTimeout(() => {
        if (client.connected) this.#hello(client).catch(() => {});
      }, Math.random() * rollCallMs);
      return;
    }
    const said = read(payload);
    if (kind === "event") this.#parts.onEvent(name, said, origin);
    else if (isMessage(said)) this.#parts.onMessage(said);
  }

  #appId(): string {
    return this.#device?.mqtt.username.split("/")[0] ?? "";
  }

  #topic(name: "inbox" | "hello" | "ack" | "presence"): string {
    return `app/${this.#appId()}/installation/${this.#device?.id}/${name}`;
  }

  #eventTopic(topic: string): string {
    return `app/${this.#appId()}/event/${topic}`;
  }
}

/** MQTT 3.1.1 §3.2.2.3: 4 is a bad user name or password, 5 not authorized; 134 and 135 are those of MQTT 5. */
const isRefusal = (error: unknown): boolean =>
  [4, 5, 134, 135].includes((error as { code?: unknown } | null)?.code as number);

const isMessage = (said: unknown): said is InboxMessage =>
  typeof said === "object" && said !== null && typeof (said as { id?: unknown }).id === "string";

function read(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return null;
  }
}

const randomWord = (): string => Math.random().toString(36).slice(2, 10);
