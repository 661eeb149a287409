import type { Outbound } from "../channels/provider.ts";

/** An e-mail of the shop to Sara, unless `changes` say otherwise. */
export const emailMessage = (changes: Partial<Outbound> = {}): Outbound => ({
  ...{ deliveryId: "d".repeat(64), deliveryUuid: "0b6a2d1e-0000-4000-8000-000000000001", messageId: "m-1" },
  ...{ channel: "email", to: "sara@example.org", tokenService: null, userId: "sara", trackId: null },
  ...{
    subject: "سلام Sara",
    content: "Plain words",
    data: {},
    notification: null,
    push: null,
    expiresAt: null,
  },
  email: {
    html: "<p>Words with <b>weight</b></p>",
    unsubscribeUrl: `https://news.example.com/u/${"t".repeat(64)}`,
    bounceMailbox: `b+${"a".repeat(61)}`,
    leaveMailbox: `u+${"c".repeat(61)}`,
    topic: "offers of May",
    appId: "shop",
  },
  template: null,
  ...changes,
});
