import type { KeyValueStorage } from "./types.ts";

/** Keeps nothing longer than the process or page. */
export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/**
 * JSON under names of our own. What a storage refuses, being full or switched off, is kept in memory: the SDK then
 * works until the page is left.
 */
export class Store {
  readonly #storage: KeyValueStorage;
  readonly #prefix: string;
  readonly #fallback = memoryStorage();

  constructor(storage: KeyValueStorage, prefix: string) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  get<T>(name: string): T | null {
    const key = this.#prefix + name;
    try {
      const text = this.#fallback.getItem(key) ?? this.#storage.getItem(key);
      return text === null ? null : (JSON.parse(text) as T);
    } catch {
      return null; // somebody else's, or half a value: as if it were not there
    }
  }

  set(name: string, value: unknown): void {
    const key = this.#prefix + name;
    const text = JSON.stringify(value);
    try {
      this.#storage.setItem(key, text);
      this.#fallback.removeItem(key);
    } catch {
      this.#fallback.setItem(key, text);
    }
  }

  remove(name: string): void {
    const key = this.#prefix + name;
    this.#fallback.removeItem(key);
    try {
      this.#storage.removeItem(key);
    } catch {
      // A storage that is switched off has nothing to remove.
    }
  }

  /** Names that begin so, sorted. */
  names(beginning: string): string[] {
    const wanted = this.#prefix + beginning;
    const found = new Set<string>();
    for (const storage of [this.#storage, this.#fallback]) {
      try {
        for (let index = 0; index < storage.length; index++) {
          const key = storage.key(index);
          if (key?.startsWith(wanted)) found.add(key.slice(this.#prefix.length));
        }
      } catch {
        // Switched off.
      }
    }
    return [...found].sort();
  }
}
