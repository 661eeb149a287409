import { describeBrowser } from "./device.ts";
import type { Platform } from "./platform.ts";
import { browserPush } from "./push.ts";
import { memoryStorage } from "./store.ts";
import type { KeyValueStorage } from "./types.ts";

/** Browsers; `loadMqtt` says where the MQTT client is, which is loaded only where realtime is on. */
export const browserPlatform = (loadMqtt: Platform["loadMqtt"]): Platform => ({
  describe: () =>
    describeBrowser({
      userAgent: navigator.userAgent,
      language: navigator.language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      userAgentData: (navigator as { userAgentData?: { brands?: { brand: string }[]; platform?: string } })
        .userAgentData,
    }),
  storage: browserStorage,
  locks: navigator.locks,
  channel: (name) => (typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name)),
  loadMqtt,
  brokerOf: ({ mqtt }) => mqtt.websocketUrl,
  push: browserPush,
  watch({ onAttention, onOnline, onOffline }) {
    const onVisible = () => document.visibilityState === "visible" && onAttention();
    document.addEventListener("visibilitychange", onVisible);
    addEventListener("focus", onAttention);
    addEventListener("online", onOnline);
    addEventListener("offline", onOffline);
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      removeEventListener("focus", onAttention);
      removeEventListener("online", onOnline);
      removeEventListener("offline", onOffline);
    };
  },
});

/** Where a browser keeps nothing for a page, such as in a sandboxed frame, to ask for it is an error already. */
function browserStorage(): KeyValueStorage {
  try {
    return localStorage;
  } catch {
    return memoryStorage();
  }
}
