import assert from "node:assert/strict";
import test from "node:test";
import { backoffMs } from "./backoff.ts";
import { describeBrowser } from "./device.ts";
import { reachable } from "./platform.ts";

const chromium = "(KHTML, like Gecko) Chrome/139.0.0.0";
const webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

for (const [userAgent, browser, osVersion] of [
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${chromium} Safari/537.36`,
    "chrome",
    "Windows",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${chromium} Safari/537.36 Edg/139.0`,
    "edge",
    "Windows",
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 ${chromium} Mobile Safari/537.36`,
    "chrome",
    "Android 10",
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S918B) SamsungBrowser/28.0 ${chromium} Mobile Safari/537.36`,
    "samsung",
    "Android 14",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${webkit} Version/18.5 Mobile/15E148 Safari/604.1`,
    "safari",
    "iOS 18.5",
  ],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/18.5 Safari/605.1.15`,
    "safari",
    "macOS",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox", "Linux"],
] as const) {
  test(`${browser} on ${osVersion} is known by its user agent`, () => {
    assert.deepEqual(describeBrowser({ userAgent, language: "fa-IR", timeZone: "Asia/Tehran" }), {
      ...{ deviceType: "web", browser, osVersion, language: "fa-IR", timeZone: "Asia/Tehran" },
    });
  });
}

test("what a browser does not tell is left out", () => {
  assert.deepEqual(describeBrowser({ userAgent: "", language: "x_y!", timeZone: undefined }), {
    deviceType: "web",
  });
});

test("pauses grow to a minute, and no two devices wait alike", () => {
  assert.deepEqual(
    [1, 2, 3, 7, 100].map((attempt) => backoffMs(attempt, 0)),
    [1_000, 2_000, 4_000, 60_000, 60_000],
  );
  assert.equal(backoffMs(1, 0.5), 750);
});

test("a broker that calls itself localhost is where the server is", () => {
  const phone = "http://192.168.1.5:8080";
  assert.equal(reachable("ws://localhost:8080/mqtt", phone), "ws://192.168.1.5:8080/mqtt");
  assert.equal(reachable("mqtt://localhost:1883", phone), "mqtt://192.168.1.5:1883");
  assert.equal(reachable("wss://mqtt.example/mqtt", phone), "wss://mqtt.example/mqtt");
  assert.equal(reachable("mqtt://localhost:1883", "http://localhost:8080"), "mqtt://localhost:1883");
  assert.equal(reachable(null, phone), null);
});
