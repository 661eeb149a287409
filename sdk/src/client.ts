import { createApi } from "./api.ts";
import type { AttributeChange, TrackedEvent } from "./batch.ts";
import { Emitter } from "./emitter.ts";
import { ChaparError } from "./errors.ts";
import { Inbox } from "./inbox.ts";
import { createLocks } from "./lock.ts";
import { MessageIds } from "./message-ids.ts";
import { notificationOf } from "./notification.ts";
import { type Platform, reachable } from "./platform.ts";
import { type Push, workerSettings } from "./push.ts";
import { Queue } from "./queue.ts";
import { Realtime } from "./realtime.ts";
import { Session } from "./session.ts";
import { Store } from "./store.ts";
import { Tabs, type Told } from "./tabs.ts";
import type {
  Acknowledgement,
  Attributes,
  ChaparEvents,
  ChaparOptions,
  ChaparSettings,
  Device,
  EventOrigin,
  InboxMessage,
  Registered,
  Subscription,
} from "./types.ts";

/** Names that {@link ChaparClient.on} has uses for, so that no realtime event can have them. */
const ownEvents = [
  ...["registered", "connecting", "connected", "disconnected", "closed", "message"],
  ...["notificationOpened", "error"],
];

/** A device of a Chapar app: it registers by itself, and from then on speaks for itself and for its user. */
export class ChaparClient {
  /** Messages of this device of the last thirty days. */
  readonly inbox: Pick<Inbox, "list" | "unread">;
  readonly #emitter = new Emitter();
  readonly #options: ChaparOptions;
  readonly #settings: { url: string; publicKey: string };
  readonly #session: Session;
  readonly #queue: Queue;
  readonly #inbox: Inbox;
  readonly #ids: MessageIds;
  readonly #realtime: Realtime;
  readonly #tabs: Tabs;
  readonly #push: Push | null;
  /** Handed over on this page, by whichever way. */
  readonly #shown = new Set<string>();
  /** Realtime events by who asked for them: this page, and those that follow it. */
  readonly #topics = new Set<string>();
  readonly #followersTopics = new Set<string>();
  #pushToken: string | null = null;
  #lastUserId: string | null = null;
  #looking: Promise<InboxMessage[]> | null = null;
  #isConnected = false;
  #isClosed = false;
  readonly #unwatch: () => void;

  constructor(settings: ChaparSettings, options: ChaparOptions, platform: Platform) {
    const { url, publicKey } = readSettings(settings);
    this.#settings = { url, publicKey };
    this.#options = options;
    const log = (line: string) => {
      if (settings.devMode) console.debug(`chapar: ${line}`);
    };
    // Another key may be of another app, where this device is somebody else.
    const prefix = `chapar/${publicKey.slice(-12)}/`;
    const store = new Store(options.storage ?? platform.storage(), prefix);
    const locked = createLocks(prefix, options.storage ? undefined : platform.locks);
    const fail = (error: ChaparError) => {
      log(error.message);
      this.#emitter.emit("error", error);
    };
    this.#push = platform.push({ path: "/chapar-worker.js", scope: "/", ...options.serviceWorker });
    this.#session = new Session({
      api: createApi({ url, publicKey, log }),
      ...{ store, locked, appId: settings.appId ?? null },
      describe: () => ({
        ...platform.describe(),
        ...options.device,
        ...(this.#pushToken ? { deviceToken: this.#pushToken } : {}),
      }),
      onRegistered: (device) => this.#registered(device),
    });
    this.#queue = new Queue({
      ...{ store, locked, onError: fail },
      device: () => this.#session.device,
      call: (request) => this.#session.call(request),
    });
    this.#ids = new MessageIds(store);
    this.#inbox = new Inbox({ session: this.#session, store, flush: () => this.#queue.flush() });
    this.inbox = this.#inbox;
    this.#realtime = new Realtime({
      loadMqtt: () => platform.loadMqtt(),
      addressOf: (device) => reachable(platform.brokerOf(device), url),
      register: () => this.#session.known(),
      renew: () => this.#session.introduce(),
      onMessage: (message) => this.#arrived(message),
      onEvent: (name, data, installationId) => {
        this.#tabs.tell({ kind: "event", name, data, installationId });
        this.#happened(name, data, installationId);
      },
      onState: (state) => {
        if (state !== "connecting") this.#setConnected(state === "connected");
        else this.#emitter.emit("connecting");
      },
      onError: fail,
    });
    this.#tabs = new Tabs({
      // A storage of one's own is a device of one's own.
      locks: options.storage ? undefined : platform.locks,
      channel: options.storage ? null : platform.channel(`${prefix}pages`),
      name: prefix,
      hear: (told) => this.#hear(told),
      isConnected: () => this.#isConnected,
      onLead: () => {
        if (!options.realtime) return;
        this.#listenToEvents();
        this.#tabs.tell({ kind: "state", isConnected: false });
        this.#realtime.start();
      },
      onFollow: () => void this.#realtime.stop(),
    });
    this.#unwatch = platform.watch({
      onAttention: () => this.#attended(),
      onOnline: () => this.#attended(),
      onOffline: () => this.#realtime.drop(),
    });
    // After the page has said what it listens to.
    this.#lastUserId = this.#session.device?.userId ?? null;
    queueMicrotask(() => void this.#start(fail));
  }

  /** Hears of something; see {@link ChaparEvents}. Answers a function that takes the listener away. */
  on<K extends keyof ChaparEvents>(name: K, listener: (...values: ChaparEvents[K]) => void): () => void;
  on(name: string, listener: (data: unknown, origin: EventOrigin) => void): () => void;
  on(name: string, listener: (...values: never[]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  /** Takes a listener away; without one, all of the name. */
  off(name: string, listener?: (...values: never[]) => void): void {
    this.#emitter.off(name, listener);
  }

  /** Resolves when the server knows the device. That is tried by itself at each start, for as long as it takes. */
  async register(): Promise<Registered> {
    return registeredOf(await this.#session.register());
  }

  /**
   * Makes the device that of a user. What was done before goes out first, as done by whoever it was then.
   * `userHash` is the HMAC-SHA256 of the user id that your own server makes with the secret of the app.
   */
  async login(userId: string, userHash?: string): Promise<Registered> {
    if (!userId) throw new ChaparError("invalid_argument", "login takes the id of a user");
    await this.#session.known();
    await this.#queue.flush();
    return registeredOf(await this.#session.login(userId, userHash));
  }

  /** Makes the device that of a new guest. Needs the server, so that nothing more comes for the user. */
  async logout(): Promise<Registered> {
    await this.#session.known();
    await this.#queue.flush();
    return registeredOf(await this.#session.logout());
  }

  /** Whether a user has logged in on this device. */
  isLoggedIn(): boolean {
    return this.#session.device?.isGuest === false;
  }

  /** Of the user, or of the guest; null until the device is registered for the first time. */
  getUserId(): string | null {
    return this.#session.device?.userId ?? null;
  }

  /** Null until the device is registered for the first time. */
  getInstallationId(): string | null {
    return this.#session.device?.id ?? null;
  }

  /** Whether this device, by this page or another one of the site, is connected to the broker. */
  isConnected(): boolean {
    return this.#isConnected;
  }

  /** Joins a topic: `sport` is everybody's, `private/sport` the user's own. With `live` nothing of it waits for the device. */
  subscribe(topic: string, live = false): void {
    this.#queue.add({ kind: "topic", topic: named(topic, "topic"), live, isLeft: false });
  }

  /** Leaves a topic. */
  unSubscribe(topic: string): void {
    this.#queue.add({ kind: "topic", topic: named(topic, "topic"), live: false, isLeft: true });
  }

  /** The topics that the device is in. */
  async getTopics(): Promise<Subscription[]> {
    await this.#queue.flush();
    const { topics } = await this.#session.call<{ topics: Subscription[] }>(({ id }) => ({
      method: "GET",
      path: `installations/${encodeURIComponent(id)}/topics`,
    }));
    return topics;
  }

  /**
   * Listens to a realtime event: of an installation of the same user, or of everybody where the settings name it among
   * the public events. It comes to {@link on} under its own name.
   */
  subscribeEvent(name: string, installationId = "+"): void {
    this.#topics.add(`${eventName(name)}/${installationId}`);
    this.#listenToEvents();
  }

  unSubscribeEvent(name: string, installationId = "+"): void {
    this.#topics.delete(`${eventName(name)}/${installationId}`);
    this.#listenToEvents();
  }

  /** Tells a realtime event to whoever listens at this moment; rejects with `not_connected` without a connection. */
  async publishEvent(name: string, data: unknown = {}): Promise<void> {
    eventName(name);
    if (this.#tabs.isLeading) return this.#realtime.publishEvent(name, data);
    if (!this.#isConnected)
      throw new ChaparError("not_connected", `the event ${name} was not published: there is no connection`);
    this.#tabs.tell({ kind: "publish", name, data });
  }

  /** Something that the user did. */
  track(name: string, data: Record<string, unknown> = {}): void {
    this.#track({ eventName: named(name, "event"), data });
  }

  /** A purchase, worth `revenue`. */
  trackPurchase(
    name: string,
    { revenue, currency, data = {} }: { revenue: number; currency?: string; data?: Record<string, unknown> },
  ): void {
    if (!Number.isFinite(revenue))
      throw new ChaparError("invalid_argument", `trackPurchase takes revenue as a number, not ${revenue}`);
    const eventName = named(name, "event");
    const worth = { isRevenue: true, value: revenue, ...(currency ? { currency } : {}) };
    this.#track({ eventName, data: { ...data, ...worth } });
  }

  /** A purchase without a name of its own: it is called `Purchase`. */
  trackRevenue(revenue: number, currency?: string, data: Record<string, unknown> = {}): void {
    this.trackPurchase("Purchase", { revenue, data, ...(currency ? { currency } : {}) });
  }

  /** Sets attributes of the user; null unsets one. */
  setUserAttributes(attributes: Attributes): void {
    this.#change({ attributes });
  }

  unsetUserAttribute(name: string): void {
    this.#change({ unset: [named(name, "attribute")] });
  }

  /** Adds items to a list, each once. */
  addToUserAttributeArray(name: string, items: unknown): void {
    this.#change({ add: { [named(name, "attribute")]: [items].flat() } });
  }

  removeFromUserAttributeArray(name: string, items: unknown): void {
    this.#change({ remove: { [named(name, "attribute")]: [items].flat() } });
  }

  /** Adds to a number; one that is missing begins at 0. */
  incrementUserAttribute(name: string, by = 1): void {
    this.#change({ increment: { [named(name, "attribute")]: by } });
  }

  /** Attributes of the user as the server has them, after what waits was sent. */
  async getUserAttributes(): Promise<Record<string, unknown>> {
    await this.#queue.flush();
    const { userInfo } = await this.#session.call<{ userInfo: Record<string, unknown> }>(({ id }) => ({
      method: "GET",
      path: `installations/${encodeURIComponent(id)}`,
    }));
    return userInfo;
  }

  addTag(tag: string): void {
    this.addTags([tag]);
  }

  addTags(tags: readonly string[]): void {
    this.#queue.add({ kind: "tags", call: "addTags", tags: tags.map((tag) => named(tag, "tag")) });
  }

  removeTag(tag: string): void {
    this.removeTags([tag]);
  }

  removeTags(tags: readonly string[]): void {
    this.#queue.add({ kind: "tags", call: "removeTags", tags: tags.map((tag) => named(tag, "tag")) });
  }

  /** Tags of the user as the server has them, after what waits was sent. */
  async getTags(): Promise<string[]> {
    await this.#queue.flush();
    const { tags } = await this.#session.call<{ tags: string[] }>(({ id }) => ({
      method: "GET",
      path: `installations/${encodeURIComponent(id)}`,
    }));
    return tags;
  }

  /** The user has seen messages. */
  markAsRead(ids: string | readonly string[]): void {
    for (const id of [ids].flat()) {
      this.#acknowledge({ id, state: "seen", at: Date.now() });
      this.#inbox.note(id, { state: "seen" });
    }
  }

  /** The user does not want to see a message any more. */
  dismiss(id: string): void {
    this.#acknowledge({ id, state: "dismissed", at: Date.now() });
    this.#inbox.note(id, { dismissed: true });
  }

  /** The user has opened a message, or chosen one of its buttons. */
  messageClicked(id: string, action?: string): void {
    this.#acknowledge({ id, state: "clicked", at: Date.now(), ...(action ? { action } : {}) });
    this.#inbox.note(id, { state: "clicked" });
  }

  /** Asks the user for permission, where they have not been asked, and has pushes sent here. Call it upon a click. */
  async enablePush(): Promise<void> {
    if (!this.#push) throw new ChaparError("push_unavailable", "this browser has no web push on this page");
    const device = await this.#session.known();
    this.#pushToken = await this.#push.subscribe(this.#vapidKey(device));
    await this.#session.introduce();
  }

  /** No pushes any more; the inbox goes on. */
  async disablePush(): Promise<void> {
    this.#pushToken = null;
    await this.#push?.unsubscribe();
    await this.#session.call(({ id, userId }) => ({
      method: "POST",
      path: "installations/updateDeviceToken",
      body: { installationId: id, userId, deviceType: "web", deviceToken: null },
    }));
  }

  /** Whether pushes are sent here, as far as the browser knows. */
  async isPushEnabled(): Promise<boolean> {
    return (await this.#push?.current(undefined).catch(() => null)) != null;
  }

  /** Sends what waits, now. Rejects where the server is not reached; it is tried again by itself then. */
  async flush(): Promise<void> {
    await this.#session.known();
    await this.#queue.flush();
  }

  /** Ends the connection and listens to nothing any more. What waits to be sent stays in the storage. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unwatch();
    this.#push?.close();
    this.#queue.close();
    this.#session.close();
    await this.#realtime.stop();
    this.#setConnected(false);
    this.#tabs.close();
    this.#emitter.emit("closed");
  }

  async #start(fail: (error: ChaparError) => void): Promise<void> {
    try {
      this.#pushToken =
        (await this.#push?.current(this.#vapidKey(this.#session.device)).catch(() => null)) ?? null;
      await this.#push
        ?.listen({
          // By web push it was acknowledged by the service worker, which had to show it.
          onMessage: (message) => this.#handOver(message),
          onOpened: (opened) => this.#emitter.emit("notificationOpened", opened),
        })
        .catch(() => {}); // no IndexedDB, as in some private windows: then there is no push either
      if (this.#isClosed) return;
      this.#tabs.start();
      await this.#session.register();
      this.#queue.wake();
      await this.#lookIntoInbox();
    } catch (error) {
      if (error instanceof ChaparError && error.code !== "closed") fail(error);
    }
  }

  #registered(device: Device): void {
    const { id, userId } = device;
    if (this.#lastUserId !== null && this.#lastUserId !== userId) this.#inbox.forget();
    this.#lastUserId = userId;
    const { url, publicKey } = this.#settings;
    this.#push?.remember(workerSettings(url, publicKey, device)).catch(() => {});
    if (this.#realtime.isConnectedAsAnother(id)) this.#realtime.drop();
    this.#emitter.emit("registered", registeredOf(device));
  }

  #vapidKey(device: Device | null): string | undefined {
    return this.#options.webpush?.publicKey ?? device?.webPush?.publicKey;
  }

  /** The user looks at this page, or the network is back. */
  #attended(): void {
    this.#tabs.attend();
    this.#session.wake();
    this.#realtime.wake();
    this.#queue.wake();
    this.#lookIntoInbox().catch(() => {});
  }

  /** Without realtime: what has come is asked for. */
  async #lookIntoInbox(): Promise<void> {
    if (this.#options.realtime || this.#isClosed || !this.#session.device) return;
    this.#looking ??= this.#inbox.waiting(this.#ids).finally(() => (this.#looking = null));
    for (const message of await this.#looking) {
      if (this.#shown.has(message.id)) continue;
      this.#acknowledge({ id: message.id, state: "delivered", at: Date.now() });
      this.#tabs.tell({ kind: "message", message });
      this.#show(message);
    }
  }

  /** By the connection that this page holds for all pages. */
  #arrived(message: InboxMessage): void {
    if (this.#handOver(message)) this.#showNotification(message);
    // Also what came a second time: the server has not heard of the first.
    this.#realtime.acknowledge({ id: message.id, state: "delivered", at: Date.now() });
  }

  /** Hands a message over that is new to the device, on all its pages. */
  #handOver(message: InboxMessage): boolean {
    if (!this.#ids.claim(message.id)) return false;
    this.#inbox.keep(message);
    this.#tabs.tell({ kind: "message", message });
    this.#show(message);
    return true;
  }

  #show(message: InboxMessage): void {
    if (this.#shown.has(message.id)) return;
    this.#shown.add(message.id);
    this.#emitter.emit("message", message);
  }

  #showNotification(message: InboxMessage): void {
    const notification = this.#options.silent ? null : notificationOf(message);
    if (notification) this.#push?.show(notification).catch(() => {});
  }

  #hear(told: Told): void {
    switch (told.kind) {
      case "message":
        this.#show(told.message as InboxMessage);
        return;
      case "event":
        this.#happened(told.name, told.data, told.installationId);
        return;
      case "here":
      case "state":
        if (!this.#tabs.isLeading) this.#setConnected(told.isConnected);
        // A new leader does not know yet what its followers listen to.
        if (!told.isConnected) this.#listenToEvents();
        return;
      case "topics":
        for (const topic of told.topics) this.#followersTopics.add(topic);
        if (this.#tabs.isLeading) this.#listenToEvents();
        return;
      case "publish":
        if (this.#tabs.isLeading) this.#realtime.publishEvent(told.name, told.data).catch(() => {});
        return;
    }
  }

  #happened(name: string, data: unknown, installationId: string): void {
    const isWanted = [installationId, "+"].some((from) => this.#topics.has(`${name}/${from}`));
    const origin: EventOrigin = { name, installationId };
    if (isWanted) this.#emitter.emit(name, data, origin);
  }

  #listenToEvents(): void {
    if (this.#tabs.isLeading)
      this.#realtime.listenTo([...new Set([...this.#topics, ...this.#followersTopics])]);
    else if (this.#topics.size > 0) this.#tabs.tell({ kind: "topics", topics: [...this.#topics] });
  }

  #setConnected(isConnected: boolean): void {
    if (this.#tabs.isLeading) this.#tabs.tell({ kind: "state", isConnected });
    if (this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    this.#emitter.emit(isConnected ? "connected" : "disconnected");
  }

  #track(event: { eventName: string } & Omit<TrackedEvent, "id" | "createdAt">): void {
    this.#queue.add({ kind: "event", event: { id: crypto.randomUUID(), createdAt: Date.now(), ...event } });
  }

  #change(change: AttributeChange): void {
    this.#queue.add({ kind: "attributes", change });
  }

  #acknowledge(acknowledgement: Acknowledgement): void {
    this.#queue.add({ kind: "acknowledgement", acknowledgement });
  }
}

function readSettings({ url, publicKey, webKey }: ChaparSettings): { url: string; publicKey: string } {
  const key = publicKey ?? webKey;
  if (!key)
    throw new ChaparError("invalid_argument", "publicKey is missing: a public key of the app, chpk_…");
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new ChaparError("invalid_argument", `url must be the server's address as https://…, not ${url}`);
  return { url: url.replace(/\/+$/, ""), publicKey: key };
}

const registeredOf = ({ id, userId, isGuest }: Device): Registered => ({
  installationId: id,
  ...{ userId, isGuest },
});

function named(name: string, what: string): string {
  if (typeof name === "string" && name !== "") return name;
  throw new ChaparError("invalid_argument", `the name of the ${what} is missing`);
}

function eventName(name: string): string {
  if (ownEvents.includes(name) || !/^[^\s/+#]{1,100}$/.test(name))
    throw new ChaparError(
      "invalid_argument",
      `${JSON.stringify(name)} cannot be a realtime event: one word of at most 100 letters, without / + #, and none of ${ownEvents.join(", ")}`,
    );
  return name;
}
