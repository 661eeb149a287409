import assert from "node:assert/strict";
import { test } from "node:test";
import { pushMessage } from "../../testing/push-message.ts";
import type { Outbound } from "../provider.ts";
import { fcmMessage } from "./fcm-message.ts";

const nowMs = Date.UTC(2026, 2, 1, 12);
const written = (message: Outbound, display: "service" | "app" = "service") => {
  const { token, ...fcm } = fcmMessage(message, { display, channelId: "news", nowMs });
  assert.equal(token, message.to);
  return fcm;
};

test("everything in a notification has its place on Android", () => {
  const message = pushMessage({
    expiresAt: new Date(nowMs + 3_600_000),
    trackId: "autumn",
    data: { from: "x", n: 1 },
    notification: {
      ...{ title: "Sale", body: "Today", mediaUrl: "https://example.com/a.jpg", smallIcon: "ic_sale" },
      ...{ color: "#f80", ledColor: "ff0000", sound: "bell", groupId: "sales", badge: 3, vibrate: [0, 250] },
      ...{ clickUrl: "app://sale", actions: [{ id: "buy", title: "Buy" }], others: "kept elsewhere" },
    },
  });
  assert.deepEqual(written(message), {
    notification: { title: "Sale", body: "Today", image: "https://example.com/a.jpg" },
    data: {
      ...{ messageId: "m-1", content: "Hello", topic: "default", createdAt: "1772366400000" },
      ...{ trackId: "autumn", clickUrl: "app://sale", actions: '[{"id":"buy","title":"Buy"}]' },
      data: '{"from":"x","n":1}',
    },
    android: {
      ...{ priority: "HIGH", ttl: "3600s", collapse_key: "sales" },
      notification: {
        ...{ tag: "m-1", channel_id: "news", color: "#ff8800", icon: "ic_sale" },
        ...{ image: "https://example.com/a.jpg", sound: "bell", notification_count: 3 },
        light_settings: {
          color: { red: 1, green: 0, blue: 0, alpha: 1 },
          ...{ light_on_duration: "0.5s", light_off_duration: "1s" },
        },
        vibrate_timings: ["0s", "0.25s"],
      },
    },
  });
});

test("a silent message is data of normal priority, and shows nothing", () => {
  const { notification, android, data } = written(pushMessage({ notification: null }));
  assert.equal(notification, undefined);
  assert.deepEqual(android, { priority: "NORMAL" });
  assert.equal(data.content, "Hello");
});

test("where the app shows messages it gets all of the notification as data, unless autoNotify says otherwise", () => {
  const given = { title: "Sale", body: "Today", vibrate: [1] };
  const byApp = written(pushMessage({ notification: given }), "app");
  assert.equal(byApp.notification, undefined);
  assert.deepEqual(byApp.android, { priority: "HIGH" });
  assert.deepEqual(JSON.parse(byApp.data.notification ?? ""), given);
  const byService = written(pushMessage({ notification: given }, { isShownByService: true }), "app");
  assert.deepEqual(byService.notification, { title: "Sale", body: "Today" });
});

test("an app on iOS gets a block of Apple, and shows it whatever the account is set to", () => {
  const message = pushMessage(
    { notification: { title: "Sale", body: "Today", badge: "2", groupId: "sales" } },
    { deviceType: "ios" },
  );
  const { apns, android, notification } = written(message, "app");
  assert.equal(android, undefined);
  assert.deepEqual(notification, { title: "Sale", body: "Today" });
  assert.deepEqual(apns, {
    headers: { "apns-push-type": "alert", "apns-priority": "10", "apns-collapse-id": "m-1" },
    payload: {
      aps: {
        alert: { title: "Sale", body: "Today" },
        ...{ badge: 2, sound: "default", "thread-id": "sales" },
      },
    },
  });
});

test("a browser gets a block of web push, with a link only where FCM takes it", () => {
  const shown = { title: "Sale", body: "Today", clickUrl: "https://example.com/", dir: "rtl" };
  const web = (clickUrl: string) =>
    written(
      pushMessage(
        { notification: { ...shown, clickUrl }, expiresAt: new Date(nowMs + 9_000) },
        { deviceType: "web" },
      ),
    ).webpush;
  assert.deepEqual(web("https://example.com/"), {
    headers: { Urgency: "high", TTL: "9" },
    notification: {
      ...{ title: "Sale", body: "Today", dir: "rtl", clickUrl: "https://example.com/", tag: "m-1" },
    },
    fcm_options: { link: "https://example.com/" },
  });
  assert.equal(web("app://sale")?.fcm_options, undefined);
});

test("what FCM would refuse the message for is left out", () => {
  const { android } = written(
    pushMessage({
      notification: {
        ...{ title: "Sale", body: "Today", color: "red", ledColor: 7, vibrate: ["1"], badge: -1 },
        ...{ image: "picture.png", actions: "none" },
      },
      expiresAt: new Date(nowMs + 90 * 86_400_000),
    }),
  );
  assert.deepEqual(android, {
    ...{ priority: "HIGH", ttl: "2419200s" },
    notification: { tag: "m-1", channel_id: "news" },
  });
});
