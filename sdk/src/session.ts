import type { CallApi, Request } from "./api.ts";
import { backoffMs, Pause } from "./backoff.ts";
import { ChaparError, isPassing } from "./errors.ts";
import type { Locked } from "./lock.ts";
import type { Store } from "./store.ts";
import type { Device, DeviceFields } from "./types.ts";

/** Who comes back within it is still on the same visit. */
const visitMs = 30 * 60_000;

interface Parts {
  api: CallApi;
  store: Store;
  locked: Locked;
  /** App that the key must be of; null for any. */
  appId: string | null;
  describe: () => DeviceFields & { deviceToken?: string };
  /** Told of each answer that says who the device is. */
  onRegistered: (device: Device) => void;
}

/** The device, as the server knows it: one for all pages of a site, and for all starts of an app. */
export class Session {
  readonly #parts: Parts;
  #registering: Promise<Device> | null = null;
  #isRegistered = false;
  #isClosed = false;
  readonly #pause = new Pause();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From the storage: another page may have registered, logged in or out. */
  get device(): Device | null {
    return this.#parts.store.get<Device>("device");
  }

  /** Introduces the device, once a start, for as long as it takes. Throws when the server refuses. */
  async register(): Promise<Device> {
    for (let attempt = 1; ; attempt++) {
      const { device } = this;
      if (this.#isRegistered && device) return device;
      if (this.#isClosed) throw new ChaparError("closed", "closed before the device was registered");
      try {
        return await this.introduce();
      } catch (error) {
        if (!isPassing(error)) throw error;
        await this.#pause.wait(backoffMs(attempt, Math.random()));
      }
    }
  }

  /** The device as it was registered at any time; otherwise it is tried once. */
  async known(): Promise<Device> {
    return this.device ?? (await this.introduce());
  }

  /** Tries now, when the next try was due later. */
  wake(): void {
    this.#pause.end();
  }

  close(): void {
    this.#isClosed = true;
    this.#pause.end();
  }

  /** Introduces the device again: what it says of itself has changed, or its credentials hold no longer. */
  introduce(): Promise<Device> {
    this.#registering ??= this.#parts
      .locked("register", () => this.#introduce())
      .then((device) => {
        this.#isRegistered = true;
        return this.#keep(device);
      })
      .finally(() => (this.#registering = null));
    return this.#registering;
  }

  /** Calls as the device; once more after registering anew where its credentials hold no longer. */
  async call<T>(requestOf: Request | ((device: Device) => Request)): Promise<T> {
    const device = await this.known();
    const request = (owner: Device) => (typeof requestOf === "function" ? requestOf(owner) : requestOf);
    try {
      return await this.#parts.api<T>(request(device), device.mqtt);
    } catch (error) {
      if (!(error instanceof ChaparError) || error.code !== "unauthorized") throw error;
      const renewed = await this.introduce();
      // Written for the device that we are no more: nobody would take it.
      if (typeof requestOf !== "function" && renewed.id !== device.id) throw error;
      return this.#parts.api<T>(request(renewed), renewed.mqtt);
    }
  }

  async login(userId: string, userHash: string | undefined): Promise<Device> {
    const body = { userId, ...(userHash === undefined ? {} : { userHash }) };
    return this.#keep(await this.call<Device>(({ id }) => ({ ...at(id, "/login"), body })));
  }

  async logout(): Promise<Device> {
    return this.#keep(await this.call<Device>(({ id }) => at(id, "/logout")));
  }

  async #introduce(): Promise<Device> {
    const { api } = this.#parts;
    const known = this.device;
    const body = { deviceType: "other" as const, ...this.#parts.describe(), launchCount: this.#visits() };
    const anew = (id?: string) =>
      api<Device>({ method: "POST", path: "installations", body: id ? { id, ...body } : body }, null);
    if (!known) return anew();
    const path = `installations/${encodeURIComponent(known.id)}`;
    try {
      return await api<Device>({ method: "PUT", path, body }, known.mqtt);
    } catch (error) {
      if (!(error instanceof ChaparError)) throw error;
      // Erased there: the id is free. Revoked: it is not, and we are somebody new.
      if (error.code === "not_found") return anew(known.id);
      if (error.code === "unauthorized" || error.status === 403) return anew();
      throw error;
    }
  }

  #keep(answer: Device): Device {
    const { store, appId, onRegistered } = this.#parts;
    const { id, userId, isGuest, mqtt, webPush } = answer;
    const itsApp = mqtt.username.split("/")[0];
    if (appId !== null && itsApp !== appId)
      throw new ChaparError("invalid_argument", `the public key is of the app ${itsApp}, not of ${appId}`);
    const device: Device = { id, userId, isGuest, mqtt, webPush: webPush ?? null };
    store.set("device", device);
    onRegistered(device);
    return device;
  }

  /** Counts this start where it begins a visit. */
  #visits(): number {
    const { store } = this.#parts;
    const { count = 0, at: last = 0 } = store.get<{ count: number; at: number }>("visits") ?? {};
    const now = Date.now();
    const visits = now - last > visitMs ? count + 1 : count;
    store.set("visits", { count: visits, at: now });
    return visits;
  }
}

const at = (id: string, call: string): Request => ({
  method: "POST",
  path: `installations/${encodeURIComponent(id)}${call}`,
  ...(call === "/logout" ? { body: {} } : {}),
});
