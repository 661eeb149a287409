import type { Outbound } from "../channels/provider.ts";

/** An SMS to a phone in Iran, unless `changes` say otherwise. */
export const textMessage = (changes: Partial<Outbound> = {}): Outbound => ({
  ...{
    deliveryId: "0b6a2d1e-1f2a-4b3c-8d4e-000000000001",
    deliveryUuid: "0b6a2d1e-1f2a-4b3c-8d4e-000000000001",
  },
  ...{ messageId: "m-1", channel: "sms", to: "989121234567", tokenService: null, userId: "u-1" },
  ...{ subject: null, content: "سلام Sara & co.", data: {}, notification: null, push: null, email: null },
  ...{ template: null, trackId: null, expiresAt: null },
  ...changes,
});
