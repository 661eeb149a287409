import { z } from "zod";
import type { Provider } from "../../server/channels/provider.ts";
import { createRegistry } from "../../server/channels/registry.ts";

/** Takes every message at once, inside the process: what is left is the engine. */
const instant: Provider<object> = {
  ...{ name: "instant", channels: ["whatsapp"], tokenServices: null, config: z.object({}), secrets: [] },
  ...{ destinationOf: () => null, isRepeatSafe: () => true, echoesDeliveryId: () => true },
  open: () => ({
    send: async () => ({ kind: "accepted", providerId: null }),
    check: async () => ({ ok: true, detail: "It is always there." }),
    close: async () => {},
  }),
  parseReceipts: () => ({ ok: true, receipts: [] }),
};

export const instantProviders = createRegistry([instant]);
