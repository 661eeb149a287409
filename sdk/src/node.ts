import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { ChaparClient } from "./client.ts";
import { placeOf } from "./device.ts";
import type { Platform } from "./platform.ts";
import { memoryStorage } from "./store.ts";
import type { ChaparOptions, ChaparSettings, KeyValueStorage } from "./types.ts";

export { ChaparError, type ErrorCode } from "./errors.ts";
export type * from "./types.ts";

const platform: Platform = {
  describe() {
    const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
    return {
      deviceType: "other",
      osVersion: `${process.platform} node ${process.versions.node}`,
      ...placeOf(locale, timeZone),
    };
  },
  storage: memoryStorage,
  locks: undefined,
  channel: () => null,
  loadMqtt: async () => {
    const { default: mqtt } = await import("mqtt");
    return (url, options) => mqtt.connect(url, options);
  },
  brokerOf: ({ mqtt }) => mqtt.url,
  push: () => null,
  watch: () => () => {},
};

/** The SDK for Node: the same, without web push. */
export class Chapar extends ChaparClient {
  constructor(settings: ChaparSettings, options: ChaparOptions = {}) {
    super(settings, options, platform);
  }
}

/** Keeps the device and its queue in a file, so that they outlive the process. One process at a time may use it. */
export function fileStorage(path: string): KeyValueStorage {
  const storage = memoryStorage();
  for (const [key, value] of Object.entries(readFile(path))) storage.setItem(key, value);
  const save = () => {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
    const all = Object.fromEntries(keys.map((key) => [key, storage.getItem(key)]));
    // Another file first, so that a crash leaves the old one or the new one.
    writeFileSync(`${path}.new`, JSON.stringify(all), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  return {
    get length() {
      return storage.length;
    },
    key: (index) => storage.key(index),
    getItem: (key) => storage.getItem(key),
    setItem(key, value) {
      storage.setItem(key, value);
      save();
    },
    removeItem(key) {
      storage.removeItem(key);
      save();
    },
  };
}

function readFile(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return {};
    throw new Error(`${path} is not a file of the SDK; remove it, or choose another one`, { cause: error });
  }
}
