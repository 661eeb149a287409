import assert from "node:assert/strict";
import { test } from "node:test";
import { delayOf, noSmart, readSmart, type SmartValues, writeSmart } from "./smart.ts";

test("what follows a message is shown as it was saved", () => {
  const values: SmartValues[] = [
    { ...noSmart, isOn: true },
    {
      ...noSmart,
      isOn: true,
      media: "email",
      text: "Hi",
      policy: "NOTIFICATION_SHOWN",
      delay: "90",
      unit: "minutes",
    },
    { ...noSmart, isOn: true, policy: "NOTIFICATION_SHOWN", delay: "2", unit: "days" },
  ];
  for (const one of values) assert.deepEqual(readSmart(writeSmart(one, "inbox")), one);
  assert.deepEqual(writeSmart(values[1] ?? noSmart, "inbox"), {
    ...{ media: "email", content: "Hi", policy: "NOTIFICATION_SHOWN", delay: 5_400 },
  });
});

test("nothing follows what is switched off, nor another channel; a push waits to be shown", () => {
  assert.equal(writeSmart(noSmart, "inbox"), undefined);
  const on = { ...noSmart, isOn: true };
  assert.equal(writeSmart(on, "sms"), undefined);
  assert.deepEqual(writeSmart(on, "push"), { media: "sms", policy: "NOTIFICATION_SHOWN", delay: 3_600 });
});

test("a wait is a number within 30 days, in either digits", () => {
  const wait = (delay: string, unit: SmartValues["unit"] = "days") => delayOf({ ...noSmart, delay, unit });
  assert.deepEqual(
    [wait("30"), wait("31"), wait("-1"), wait("soon"), wait("۱.۵", "hours")],
    [...[2_592_000, null, null, null, 5_400]],
  );
});
