import type { Push } from "./push.ts";
import type { ConnectMqtt } from "./realtime.ts";
import type { Channel } from "./tabs.ts";
import type { ChaparOptions, Device, DeviceFields, KeyValueStorage } from "./types.ts";

/** What the SDK needs of where it runs. */
export interface Platform {
  describe(): DeviceFields;
  storage(): KeyValueStorage;
  locks: LockManager | undefined;
  /** To the other pages of the site; null where there are none. */
  channel(name: string): Channel | null;
  loadMqtt(): Promise<ConnectMqtt>;
  /** The broker's address for this platform, as the server says it. */
  brokerOf(device: Device): string | null;
  push(options: Required<NonNullable<ChaparOptions["serviceWorker"]>>): Push | null;
  /** Hears when the page is looked at, and when the network comes and goes. */
  watch(handlers: { onAttention: () => void; onOnline: () => void; onOffline: () => void }): () => void;
}

/**
 * A server that was not told its public address calls itself localhost: then the broker is where the server is. Null
 * stays null.
 */
export function reachable(broker: string | null, serverUrl: string): string | null {
  if (broker === null) return null;
  const [address, server] = [new URL(broker), new URL(serverUrl)];
  const isLocal = ({ hostname }: URL) => hostname === "localhost";
  if (!isLocal(address) || isLocal(server)) return broker;
  // `hostname` of an address like mqtt: cannot be set everywhere, being of no special scheme.
  const port = address.port ? `:${address.port}` : "";
  return `${address.protocol}//${server.hostname}${port}${address.pathname}`;
}
