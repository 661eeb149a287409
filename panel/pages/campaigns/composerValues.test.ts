import assert from "node:assert/strict";
import { test } from "node:test";
import { Limits, Schedule, Winner } from "../../../server/campaigns/plan-schema.ts";
import { type Campaign, CampaignContent } from "../../../server/campaigns/schema.ts";
import { en } from "../../strings/en.ts";
import { sourceOf, starterSource } from "../email/emailSource.ts";
import { type ComposerValues, draftOfValues, newValues, valuesOf } from "./composerValues.ts";
import { newContent } from "./contentValues.ts";
import { newEdition } from "./editions.ts";
import { noPlan } from "./plan.ts";

const newId = () => "id";

const saved = (values: ComposerValues): Campaign => {
  const draft = draftOfValues(values, "Untitled", true) ?? assert.fail("nothing to save");
  const { target, segment, users, topic, name, channel, content } = draft;
  const audience = { segments: [], ...(users && { users }), ...(topic && { topic }) };
  return {
    ...{ id: "", name, channel, status: "draft", source: "panel", message: null },
    audience: { target, segment, ...audience },
    content: CampaignContent.parse(content),
    variants: (draft.variants ?? []).map((variant) => ({ content: CampaignContent.parse(variant.content) })),
    schedule: Schedule.parse(draft.schedule),
    limits: Limits.parse(draft.limits),
    rollout: draft.rollout ?? null,
    winner: draft.winner === undefined || draft.winner === null ? null : Winner.parse(draft.winner),
    ...{ runs: 0, nextRunAt: null, failure: null, createdAt: "", updatedAt: "", launchedAt: null },
  };
};

const back = (values: ComposerValues) => valuesOf(saved(values), newId);

test("what was saved is shown again", () => {
  const inbox: ComposerValues = { ...newValues, name: "Yalda", text: "Hi {{ user.name }}", missing: "skip" };
  for (const values of [
    { ...inbox, title: "For you", body: "Look", clickUrl: "app://offers" },
    { ...inbox, notifies: false },
    { ...inbox, channel: "push", title: "For you" },
    { ...inbox, extras: { ...newValues.extras, image: "https://a.example/a.jpg", badge: "3" } },
    {
      ...{ ...inbox, channel: "email", subject: "For {{ user.name }}", preheader: "Only today" },
      ...{ notifies: false, email: sourceOf(undefined), topic: "offers" },
    },
    {
      ...{ ...inbox, channel: "email", subject: "Offers", notifies: false, text: "" },
      email: { ...starterSource(en, "ltr", newId), isStarter: false },
    },
    {
      ...{ ...inbox, notifies: false },
      smart: { ...newValues.smart, isOn: true, media: "email", text: "Come back" },
    },
    {
      ...{ ...inbox, channel: "whatsapp", text: "", notifies: false },
      whatsapp: {
        ...{ template: "hello", language: "en", otherLanguages: ["fa"], header: "", filename: "" },
        ...{ body: { 1: "{{ user.first_name }}" }, buttons: {} },
      },
    },
    { ...inbox, channel: "sms", notifies: false, audience: { kind: "segment", id: "a-segment" } },
    { ...inbox, audience: { kind: "users", ids: ["sara", "john"] } },
    { ...inbox, audience: { kind: "topic", topic: "sport" } },
    {
      ...{ ...inbox, title: "For you", promo: "LAST" },
      editions: [
        { ...newEdition("id", "fa", "ios"), text: "سلام", title: "برای شما" },
        { ...newEdition("id", "en", ""), body: "Look here" },
        newEdition("id", "", "web"),
      ],
    },
    {
      ...{
        ...inbox,
        variants: [
          { ...newContent, text: "Good day" },
          { ...newContent, text: "Hey" },
        ],
      },
      plan: {
        ...{ ...noPlan, when: "recurring", day: "2026-12-01", time: "09:30", zone: "user", interval: "2" },
        ...{ weekdays: ["monday", "friday"], end: "runs", runs: "5", throttle: "600", cap: false },
        winner: { share: "30", by: "seen", how: "after", after: "90", unit: "minutes" },
      },
    },
    {
      ...inbox,
      plan: {
        ...{ ...noPlan, when: "at", day: "2026-12-01", time: "10:00", zone: "Asia/Tokyo", rollout: "10" },
        quietHours: false,
      },
    },
  ] satisfies ComposerValues[])
    assert.deepEqual(back(values), values);
});

test("an own filter stays in its notation", () => {
  const segment = { all: [{ name: "deviceType", operator: "include", value: ["ios"] }] };
  const campaign = {
    ...saved({ ...newValues, text: "Hi" }),
    audience: { segment, target: undefined, segments: [] },
  };
  const values = valuesOf(campaign, newId);
  assert.equal(values.audience.kind, "own");
  assert.deepEqual(draftOfValues(values, "", false)?.segment, segment);
  const target = { deviceType: "ios" };
  const other = valuesOf({ ...campaign, audience: { target, segments: [] } }, newId);
  assert.deepEqual(draftOfValues(other, "", false)?.target, target);
});

test("what no field shows is kept", () => {
  const campaign = saved({ ...newValues, text: "Hi" });
  campaign.content.ttl = 60;
  campaign.content.data = { page: "offers" };
  campaign.content.notification = { ...campaign.content.notification, sound: "bell" };
  const draft = draftOfValues(valuesOf(campaign, newId), "", false);
  assert.deepEqual(draft?.content, campaign.content);
});

test("a new campaign is saved once it has a word and an audience, and gets a name", () => {
  assert.equal(draftOfValues({ ...newValues, channel: "sms" }, "Untitled", true), null);
  const values: ComposerValues = { ...newValues, text: "Hi", audience: { kind: "segment", id: null } };
  assert.equal(draftOfValues(values, "Untitled", true), null);
  // Of one that is saved the audience stays what it was.
  const draft = draftOfValues(values, "Untitled", false);
  assert.deepEqual([draft?.name, draft?.target, draft?.segment], ["Untitled", undefined, undefined]);
});

test("choosing e-mail alone makes no draft; the first change of the design does", () => {
  const email = starterSource(en, "ltr", newId);
  const values: ComposerValues = { ...newValues, channel: "email", email };
  assert.equal(draftOfValues(values, "Untitled", true), null);
  const changed = { ...values, email: { ...email, isStarter: false } };
  assert.equal(draftOfValues(changed, "Untitled", true)?.content.email?.format, "design");
});
