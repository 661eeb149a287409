import type { Outbound, PushDetails } from "../channels/provider.ts";

/** A push to an Android phone by way of FCM, unless `changes` say otherwise. */
export const pushMessage = (changes: Partial<Outbound> = {}, push: Partial<PushDetails> = {}): Outbound => ({
  ...{
    deliveryId: "0b6a2d1e-0000-4000-8000-000000000001",
    deliveryUuid: "0b6a2d1e-0000-4000-8000-000000000001",
  },
  ...{ messageId: "m-1", channel: "push", to: "token-1", tokenService: "fcm", userId: "u-1", subject: null },
  ...{
    content: "Hello",
    data: {},
    notification: { title: "Shop", body: "Hello" },
    trackId: null,
    expiresAt: null,
  },
  push: {
    ...{ deviceType: "android", topic: "default", createdAt: new Date(Date.UTC(2026, 2, 1, 12)) },
    ...{ isShownByService: false, ...push },
  },
  email: null,
  template: null,
  ...changes,
});
