import assert from "node:assert/strict";
import { test } from "node:test";
import { isMachine, isTooQuick } from "./machine.ts";

const people = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
  "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Thunderbird/140.3.0",
  "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; Microsoft Outlook 16.0.5266; ms-office; MSOffice 16)",
  "Mozilla/5.0 (Windows NT 10.0; WOW64; rv:128.0) Gecko/20100101 Firefox/128.0",
];
const machines = [
  "",
  "Mozilla/5.0",
  "curl/8.5.0",
  "python-requests/2.32.3",
  "Go-http-client/1.1",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  "TelegramBot (like TwitterBot)",
  "Barracuda Sentinel (EE)",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/143.0.0.0 Safari/537.36",
];
const gmail = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
const of = (agent: string, headers = {}, method = "GET") => ({
  method,
  headers: { "user-agent": agent, ...headers },
});

test("browsers and mail programs are people, scanners and Apple's proxy are not", () => {
  for (const what of ["open", "click"] as const) {
    for (const agent of people) assert.equal(isMachine(of(agent), what), false, agent);
    for (const agent of machines) assert.equal(isMachine(of(agent), what), true, agent);
    assert.equal(isMachine({ method: "GET", headers: {} }, what), true);
  }
});

test("Gmail's proxy loads pictures when a person opens the mail, and follows no links for one", () => {
  assert.equal(isMachine(of(gmail), "open"), false);
  assert.equal(isMachine(of(gmail), "click"), true);
});

test("whoever says that they only look ahead is a machine", () => {
  const [browser = ""] = people;
  for (const headers of [
    { "sec-purpose": "prefetch;prerender" },
    { purpose: "prefetch" },
    { "x-moz": "prefetch" },
    { "x-purpose": "preview" },
  ])
    assert.equal(isMachine(of(browser, headers), "click"), true, JSON.stringify(headers));
  assert.equal(isMachine(of(browser, {}, "HEAD"), "open"), true);
});

test("a click right after the sending, or right after another link, is no person's", () => {
  const at = new Date("2026-05-01T10:00:00Z");
  const before = (ms: number) => new Date(at.getTime() - ms);
  assert.equal(isTooQuick({ at, sentAt: null, otherLinkAt: null }), false);
  assert.equal(isTooQuick({ at, sentAt: before(1_999), otherLinkAt: null }), true);
  assert.equal(isTooQuick({ at, sentAt: before(2_000), otherLinkAt: null }), false);
  assert.equal(isTooQuick({ at, sentAt: before(60_000), otherLinkAt: before(999) }), true);
  assert.equal(isTooQuick({ at, sentAt: before(60_000), otherLinkAt: before(1_000) }), false);
});
