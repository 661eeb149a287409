import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { until } from "../server/testing/product.ts";
import { linkTo, openPanel } from "./browser.ts";

const { product, page, faults } = await openPanel();

test("a user is added, found by phone and by name, and changed", async () => {
  await linkTo(page, "Users").click();

  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("User id").fill("starter");
  await dialog.getByLabel("Name").fill("سارا کریمی");
  await dialog.getByLabel("Phone").fill("12");
  await dialog.getByRole("button", { name: "Add user" }).click();
  await dialog.getByText("This is no phone number").waitFor();
  await dialog.getByLabel("Phone").fill("+98 912 123 4567");
  await dialog.getByRole("button", { name: "Add user" }).click();
  await page.getByRole("heading", { name: "سارا کریمی" }).waitFor();
  await page.getByText("+989121234567").waitFor();

  await page.getByRole("button", { name: "Add attribute" }).click();
  await dialog.getByLabel("Name").fill("score");
  await dialog.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Number" }).click();
  await dialog.getByLabel("Value").fill("12.5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Edit score" }).click();
  await dialog.getByLabel("Value").fill("13");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });

  await page.getByRole("combobox", { name: "Tags of this user" }).fill("vip");
  await page.keyboard.press("Enter");
  await page.getByRole("switch", { name: "Gets messages by SMS" }).click({ force: true });
  await page.getByText("Opted out").waitFor();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await dialog.getByLabel("E-mail").fill("Sara@Example.com");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("main").getByText("sara@example.com").waitFor();

  const stored = (await product.call("GET", "/api/users/starter")).body;
  assert.deepEqual(stored.attributes, { name: "سارا کریمی", score: 13 });
  assert.deepEqual(stored.tags, ["vip"]);
  assert.deepEqual(stored.optedOut, ["sms"]);
  assert.equal(stored.phone, "989121234567");

  await linkTo(page, "Users").click();
  await product.call("POST", "/api/users", { userId: "other" });
  const search = page.getByRole("searchbox", { name: "Search users" });
  for (const text of ["0912 123 4567", "كريمي", "sara@"]) {
    await search.fill("nobody at all");
    await page.getByText("Nobody matches").waitFor();
    await search.fill(text);
    await page.getByRole("link", { name: "سارا کریمی" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "other" }).count(), 0);
  }
  await search.fill("");
  await page.getByRole("combobox", { name: "Filter by tag" }).click();
  await page.getByRole("option", { name: "vip" }).click();
  await page.getByText("Tag: vip").waitFor();
  await page.getByRole("link", { name: "other" }).waitFor({ state: "detached" });

  // The refused phone is a 422, which Chromium logs.
  assert.deepEqual(
    faults.filter((fault) => !fault.includes("422")),
    [],
  );
});

test("a profile tells what somebody did and was sent, and is exported and deleted for good", async () => {
  const ok = async (method: string, path: string, body?: unknown) => {
    const answer = await product.call(method, path, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer;
  };
  const file = await product.call(
    "POST",
    "/api/imports?format=generic&segment=Yalda&name=yalda.csv",
    "userId\nmina\n",
  );
  await until(
    async () => (await ok("GET", `/api/imports/${file.body.id}`)).body.status,
    (status) => status === "completed",
  );
  await ok("POST", "/api/installations", {
    id: "phone",
    userId: "mina",
    deviceType: "android",
    deviceModel: "A54",
  });
  await ok("POST", "/api/installations", { id: "tablet", userId: "mina", deviceType: "ios" });
  assert.equal((await product.call("DELETE", "/api/installations/tablet")).status, 204);
  const sent = await ok("POST", "/api/push/toUsers", { user: "mina", content: "Your order is on its way" });
  await until(
    async () => (await ok("GET", `/api/messages/${sent.headers.get("x-push-id")}`)).body.status,
    (status) => status === "finished",
  );
  const views = Array.from({ length: 30 }, (_, hour) => ({
    ...{ userId: "mina", eventName: `view${hour}`, eventTime: Date.now() - (hour + 1) * 3_600_000 },
  }));
  const eventData = { value: 250, product: "milk", text: "long ".repeat(100) };
  await ok("POST", "/api/installations/trackBulk", [
    ...views,
    { installationId: "phone", eventName: "purchase", eventData },
  ]);

  await page.goto(`${product.url}/users/mina`);
  const behaviours = page.getByRole("table", { name: "Behaviours" });
  await behaviours.getByRole("row", { name: /purchase 1 .* 250 250 250 250 250/ }).waitFor();
  await page.getByText("App removed").waitFor();
  const item = page.getByRole("listitem");
  const purchase = item.filter({ hasText: "purchase" });
  await purchase.getByText("milk").waitFor();
  await purchase.getByText("A54").waitFor();
  await purchase.getByRole("button", { name: "Show all" }).click();
  await purchase.getByRole("button", { name: "Show less" }).waitFor();
  await item.filter({ hasText: "Your order is on its way" }).getByText("Waiting").waitFor();
  assert.equal(await page.getByText("view29").count(), 0);
  await page.getByRole("button", { name: "Load more" }).click();
  await page.getByText("view29").waitFor();
  await page.getByText("Messages", { exact: true }).last().click();
  await page.getByText("view29").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Your order is on its way" }).click();
  await page.getByRole("heading", { name: "Your order is on its way" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Yalda" }).click();
  await page.getByText("Segment: Yalda").waitFor();
  await page.goBack();

  await page.getByRole("button", { name: "More actions" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Export all data" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "mina.json");
  const exported = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.equal(exported.user.userId, "mina");
  assert.equal(exported.timeline.length, 32);

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete for good" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Their 2 devices").waitFor();
  const confirm = dialog.getByRole("button", { name: "Delete for good" });
  await dialog.getByRole("textbox").fill("min");
  assert.ok(await confirm.isDisabled());
  await dialog.getByRole("textbox").fill("mina");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Deleted for good" }).waitFor();
  const [entry] = (await ok("GET", "/api/audit")).body.data;
  await page.getByText(entry.id).waitFor();
  await page.getByText(entry.subject).waitFor();
  await page.getByRole("link", { name: "Back to users" }).click();
  await page.getByRole("heading", { name: "Users", exact: true }).waitFor();
  await page.getByRole("link", { name: "mina" }).waitFor({ state: "detached" });
  assert.equal((await product.call("GET", "/api/users/mina")).status, 404);

  await linkTo(page, "Messages").click();
  await page.getByRole("link", { name: "Without words" }).click();
  await page.getByRole("table", { name: "Deliveries" }).getByText("Deleted for good").first().waitFor();
  await page.goto(`${product.url}/imports/${file.body.id}`);
  await page.getByText("The file was deleted").waitFor();
  assert.equal(await page.getByRole("link", { name: "Original file" }).count(), 0);
  assert.equal(await page.getByRole("link", { name: "Processed file" }).count(), 0);
  assert.deepEqual(
    faults.filter((fault) => !fault.includes("422")),
    [],
  );
});
