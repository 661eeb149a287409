import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../server/testing/product.ts";
import { startFcmStandIn } from "../server/testing/stand-ins/fcm.ts";
import { linkTo, openPanel } from "./browser.ts";

const { product, page, faults } = await openPanel();

/** Names of the accounts for SMS, in the order of their use. */
const order = () =>
  page
    .getByRole("list", { name: /^Accounts for SMS/ })
    .getByRole("listitem")
    .getByRole("link")
    .allTextContents();

const priorities = async () => {
  const { body } = await product.call("GET", "/api/providers");
  return Object.fromEntries(
    body.data.map(({ name, priority }: { name: string; priority: number }) => [name, priority]),
  );
};

test("accounts of a channel change places, by the keyboard too, and say what stands in for what", async () => {
  for (const name of ["First gateway", "Second gateway"])
    await product.call("POST", "/api/providers", {
      ...{ channel: "sms", provider: "http", name },
      config: { url: "https://sms.example.com/send", body: "{}" },
    });
  await linkTo(page, "Providers").click();
  await page.getByText("Used first.").waitFor();
  assert.deepEqual(await order(), ["First gateway", "Second gateway"]);
  const sentence = /^Takes over when .First gateway. is set up wrongly or fails for long\.$/;
  await page.getByText(sentence).waitFor();

  const up = page.getByRole("button", { name: "Move Second gateway up" });
  await up.press("Enter");
  await page.getByText(/^Takes over when .Second gateway. is set up wrongly/).waitFor();
  assert.deepEqual(await order(), ["Second gateway", "First gateway"]);
  await until(priorities, (now) => now["Second gateway"] < now["First gateway"]);
  // The button that has no use any more gave the focus to the other one.
  await page.keyboard.press("Enter");
  await page.getByText(sentence).waitFor();
  await until(priorities, (now) => now["First gateway"] < now["Second gateway"]);

  await page.getByRole("switch", { name: "Switch First gateway off" }).press("Space");
  await page.getByText("Switched off, so it is passed over.").waitFor();
  await page.getByText("Used first.").waitFor();
  assert.deepEqual(faults.splice(0), []);
});

const chooseKey = (text: string, name = "key.json") =>
  page
    .locator('input[type="file"]')
    .setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });

test("an account of FCM tells a wrong file, checks the right one, and keeps it", async (t) => {
  const fcm = await startFcmStandIn();
  t.after(() => fcm.stop());
  await linkTo(page, "Providers").click();
  await page.getByRole("link", { name: "Push", exact: false }).click();
  await page.getByRole("heading", { name: "Add an account" }).waitFor();
  assert.ok(await page.getByRole("radio", { name: "Firebase (FCM)" }).isChecked(), "most want it");
  await page.getByText("Open the Firebase console and choose the project").waitFor();

  const add = page.getByRole("button", { name: "Add the account" });
  await add.click();
  await page.getByText("Choose the file", { exact: true }).waitFor();
  await chooseKey('{"project_info":{"project_id":"shop"},"client":[]}', "google-services.json");
  await page.getByText(/^This is the app’s google-services\.json/).waitFor();
  await add.click();
  await page.getByText("Advanced", { exact: true }).click();
  await page.getByLabel("Address of the service").fill(fcm.url);

  // What only the server can tell stands at the same place, and all that was written is still there.
  const unread = JSON.stringify({
    ...JSON.parse(fcm.serviceAccount),
    private_key: "-----BEGIN PRIVATE KEY-----",
  });
  await chooseKey(unread);
  await add.click();
  await page.getByText(/private_key that cannot be read/).waitFor();
  assert.equal(await page.getByLabel("Address of the service").inputValue(), fcm.url);
  await chooseKey(fcm.serviceAccount);
  await page.getByText(fcm.projectId, { exact: true }).waitFor();
  await add.click();

  await page.getByRole("heading", { name: "Firebase (FCM)" }).waitFor();
  await page.getByText("The account works").waitFor();
  await page.getByText(`takes messages for the project ${fcm.projectId}`).waitFor();
  await page.getByText("Nothing was sent by it yet.").waitFor();

  await page.getByText("A key is stored. It is encrypted, and not shown again.").waitFor();
  await page.getByRole("textbox", { name: /^Name( \*)?$/ }).fill("Shop on Android");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Shop on Android" }).waitFor();
  await page.getByText("The account works").waitFor();
  fcm.planTokens({ status: 400, error: "invalid_grant" });
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.getByText("The account does not work").waitFor();
  await page.getByText(/The key was deleted, the service account is gone/).waitFor();

  await linkTo(page, "Providers").click();
  await page.getByText(/^No account that is on reaches iOS and Browsers/).waitFor();
  // The key that was wrong on purpose is answered 422, which Chromium logs.
  assert.deepEqual(
    faults.splice(0).filter((fault) => !fault.includes("422")),
    [],
  );
});
