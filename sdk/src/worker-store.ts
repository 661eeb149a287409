import type { Proof } from "./api.ts";

/** What the service worker must know to speak for the device; it has no localStorage. */
export interface WorkerSettings {
  url: string;
  publicKey: string;
  installationId: string;
  proof: Proof;
}

/** What happened to a notification, as `POST /api/installations/events` takes it. */
export interface NotificationReport {
  type: 1;
  actionType: "SHOWN" | "OPENED" | "ACTION_TAKEN" | "DISMISSED";
  msgId: string;
  trackId?: string;
  /** Milliseconds since 1970. */
  actionTs: number;
  actionId?: string;
}

const stores = ["settings", "reports", "opened"] as const;
type StoreName = (typeof stores)[number];

/** The database that pages and the service worker of a site share. */
export class WorkerStore {
  #opening: Promise<IDBDatabase> | null = null;

  get<T>(store: StoreName, key: IDBValidKey): Promise<T | undefined> {
    return this.#run<T | undefined>(store, "readonly", (open) => open.get(key));
  }

  /** All of a store with their keys, in the order they were added. */
  async all<T>(store: StoreName): Promise<{ key: IDBValidKey; value: T }[]> {
    const [keys, values] = await Promise.all([
      this.#run<IDBValidKey[]>(store, "readonly", (open) => open.getAllKeys()),
      this.#run<T[]>(store, "readonly", (open) => open.getAll()),
    ]);
    return keys.flatMap((key, index) => {
      const value = values[index];
      return value === undefined ? [] : [{ key, value }];
    });
  }

  /** Without a key one is made, later than all before. */
  async put(store: StoreName, value: unknown, key?: IDBValidKey): Promise<void> {
    await this.#run(store, "readwrite", (open) => open.put(value, key));
  }

  async delete(store: StoreName, key: IDBValidKey): Promise<void> {
    await this.#run(store, "readwrite", (open) => open.delete(key));
  }

  async #run<T>(
    store: StoreName,
    mode: IDBTransactionMode,
    ask: (open: IDBObjectStore) => IDBRequest,
  ): Promise<T> {
    this.#opening ??= open();
    const database = await this.#opening;
    return settled<T>(ask(database.transaction(store, mode).objectStore(store)));
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("chapar", 1);
  request.onupgradeneeded = () => {
    for (const name of stores) request.result.createObjectStore(name, { autoIncrement: true });
  };
  return settled<IDBDatabase>(request);
}

const settled = <T>(request: IDBRequest): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
