import assert from "node:assert/strict";
import { test } from "node:test";
import { v7 as uuidv7 } from "uuid";
import { startTestProduct } from "../../testing/product.ts";
import { addUsers } from "../../testing/sending.ts";

const hello = { content: "Hi {{user.first_name}}" };

test("a template keeps every version of its content, and any of them may be the latest again", async (t) => {
  const product = await startTestProduct(t);
  const made = await product.call("POST", "/api/templates", {
    ...{ name: " Welcome ", channel: "push", content: hello },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id } = made.body;
  assert.deepEqual(
    [made.body.name, made.body.version, made.body.content, made.body.updatedBy.length > 0],
    ["Welcome", 1, { ...hello, missing: "send" }, true],
  );
  const change = (body: object) => product.call("PATCH", `/api/templates/${id}`, body);
  // What says the same is no version, in whatever order it says it.
  assert.equal((await change({ content: { missing: "send", ...hello } })).body.version, 1);
  assert.equal((await change({ name: "Greeting" })).body.version, 1);
  const second = await change({ content: { content: "Hello {{user.first_name}}" } });
  assert.deepEqual([second.body.version, second.body.name], [2, "Greeting"]);
  const restored = await product.call("POST", `/api/templates/${id}/restore`, { version: 1 });
  assert.deepEqual([restored.body.version, restored.body.content.content], [3, hello.content]);
  const again = await product.call("POST", `/api/templates/${id}/restore`, { version: 1 });
  assert.equal(again.body.version, 3);
  const missing = await product.call("POST", `/api/templates/${id}/restore`, { version: 9 });
  assert.deepEqual(
    [missing.status, missing.body.detail],
    [404, "This template has no version 9; its latest is 3."],
  );

  const page = await product.call("GET", `/api/templates/${id}/versions?limit=2`);
  const rest = await product.call("GET", `/api/templates/${id}/versions?cursor=${page.body.nextCursor}`);
  assert.deepEqual(
    [...page.body.data, ...rest.body.data].map(({ version, content }) => [version, content.content]),
    [
      [3, hello.content],
      [2, "Hello {{user.first_name}}"],
      [1, hello.content],
    ],
  );
  assert.deepEqual((await product.call("GET", `/api/templates/${id}`)).body, restored.body);

  assert.equal((await product.call("DELETE", `/api/templates/${id}`)).status, 204);
  for (const path of ["", "/versions"])
    assert.equal((await product.call("GET", `/api/templates/${id}${path}`)).status, 404);
  assert.equal((await product.call("PATCH", `/api/templates/${uuidv7()}`, { name: "x" })).status, 404);
  const { body: audit } = await product.call("GET", "/api/audit");
  assert.deepEqual(
    // biome-ignore lint/suspicious/noExplicitAny: entries of several shapes
    audit.data.map(({ action, detail: { before, after } }: any) => [
      ...[action, before?.version, after?.version],
    ]),
    [
      ["template.deleted", 3, undefined],
      ["template.changed", 2, 3],
      ["template.changed", 1, 2],
      ["template.changed", undefined, undefined],
      ["template.created", undefined, 1],
    ],
  );
});

test("names are taken once, and lists are narrowed to a channel and to part of a name", async (t) => {
  const product = await startTestProduct(t);
  const email = { format: "html", html: "<p>Hi</p>" };
  const save = (name: string, channel: string, content: object = hello) =>
    product.call("POST", "/api/templates", { name, channel, content });
  await save("Autumn sale", "sms");
  const mail = await save("Autumn mail", "email", {
    ...{ content: "", subject: "Hi", email },
    editions: [{ language: "fa", subject: "سلام", email }],
  });
  assert.equal(mail.status, 201, JSON.stringify(mail.body));
  const taken = await save("AUTUMN SALE", "push");
  assert.deepEqual([taken.status, taken.body.errors[0].pointer], [409, "/name"]);
  const renamed = await product.call("PATCH", `/api/templates/${mail.body.id}`, { name: "autumn Sale" });
  assert.equal(renamed.status, 409);
  const race = await Promise.all(Array.from({ length: 5 }, () => save("Winter", "sms")));
  assert.deepEqual(race.map(({ status }) => status).sort(), [201, 409, 409, 409, 409]);

  const names = async (query: string) =>
    (await product.call("GET", `/api/templates?${query}`)).body.data.map(
      ({ name }: { name: string }) => name,
    );
  assert.deepEqual(await names(""), ["Winter", "Autumn mail", "Autumn sale"]);
  assert.deepEqual(await names("search=AUTUMN"), ["Autumn mail", "Autumn sale"]);
  assert.deepEqual(await names("channel=sms&search=t"), ["Winter", "Autumn sale"]);
  const { body } = await product.call("GET", "/api/templates?channel=email");
  assert.deepEqual(body.data[0].content.editions, [{ language: "fa", subject: "سلام" }]);
  assert.equal(body.data[0].content.email, undefined);
  const whole = await product.call("GET", `/api/templates/${mail.body.id}`);
  assert.deepEqual(whole.body.content.editions[0].email, email);
});

test("a deleted template comes back with every version, unless its name was taken", async (t) => {
  const product = await startTestProduct(t);
  const { body } = await product.call("POST", "/api/templates", {
    ...{ name: "Autumn", channel: "sms", content: hello },
  });
  const place = `/api/templates/${body.id}`;
  await product.call("PATCH", place, { content: { content: "Bye" } });
  assert.equal((await product.call("DELETE", place)).status, 204);
  assert.equal((await product.call("GET", place)).status, 404);
  assert.deepEqual((await product.call("GET", "/api/templates")).body.data, []);
  const other = await product.call("POST", "/api/templates", {
    ...{ name: "autumn", channel: "sms", content: hello },
  });
  const refused = await product.call("POST", `${place}/undelete`);
  assert.deepEqual([refused.status, other.status], [409, 201]);
  assert.match(refused.body.detail, /another template "Autumn"/);
  await product.call("DELETE", `/api/templates/${other.body.id}`);
  const back = await product.call("POST", `${place}/undelete`);
  assert.deepEqual([back.status, back.body.version, back.body.content.content], [200, 2, "Bye"]);
  assert.equal((await product.call("GET", `${place}/versions`)).body.data.length, 2);
  assert.equal((await product.call("POST", `${place}/undelete`)).status, 404);
});

test("what is broken in a template is said where it stands", async (t) => {
  const product = await startTestProduct(t);
  const faultsOf = async (channel: string, content: object) => {
    const { status, body } = await product.call("POST", "/api/templates", { name: "x", channel, content });
    assert.equal(status, 422, JSON.stringify(body));
    return body.errors.map(({ pointer }: { pointer: string }) => pointer);
  };
  assert.deepEqual(await faultsOf("sms", { content: " " }), ["/content/content"]);
  // What a launch would be refused for.
  assert.deepEqual(
    await faultsOf("sms", { content: "Hi", fallback: { media: "email" }, editions: [{ platform: "ios" }] }),
    ["/content/fallback", "/content/editions/0/platform"],
  );
  assert.deepEqual(
    await faultsOf("whatsapp", {
      content: "",
      whatsapp: { template: "t", language: "en", body: { 1: "{{" } },
    }),
    ["/content/whatsapp/body/1"],
  );
  assert.deepEqual(await faultsOf("email", { content: "Hi" }), ["/content/subject"]);
  assert.deepEqual(
    await faultsOf("push", {
      ...{ content: "{{ a", notification: { title: "{% if %}" } },
      editions: [{ language: "fa", content: "{{ b | nope }}" }],
      fallback: { media: "sms", content: "{% endif %}" },
    }),
    [
      "/content/content",
      "/content/fallback/content",
      "/content/notification/title",
      "/content/editions/0/content",
    ],
  );
  assert.deepEqual(
    await faultsOf("email", {
      ...{ content: "", subject: "Hi", email: { format: "html", html: "{{ a" } },
      editions: [{ language: "fa", email: { format: "mjml", mjml: "<mjml><nope></mjml>" } }],
    }),
    ["/content/email/html", "/content/editions/0/email/mjml"],
  );
});

test("variables that nobody has a value for are named, with what may have been meant", async (t) => {
  const product = await startTestProduct(t);
  await addUsers(product, 1);
  await product.call("POST", "/api/installations/track", { userId: "u0", eventName: "add_to_cart" });
  const { status, body } = await product.call("POST", "/api/templates/check", {
    content: {
      content:
        "{{user.first_name}} {{user.frist_name}} {{deviceType}} {{device.apVersion}} {{event.add_to_cart.value}} {{ now }}" +
        "{{event['add_to_card'].value}} {{event.add_to_cart.vale}} {{first_name}} {{app.name}} {{promo_code}} {{ broken",
      notification: { title: "{{user.frist_name}} {{device.appVersion}} {{app.nam}}" },
      editions: [{ platform: "ios", content: "{{user.frist_name | default: user.email}}" }],
      email: { format: "html", html: "<p>{{unsubscribe_url}} {{evnt.x}}</p>" },
    },
  });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    body.unknown.map(({ pointer, path }: { pointer: string; path: string }) => `${pointer} ${path}`),
    [
      "/notification/title user.frist_name",
      "/notification/title app.nam",
      "/email/html evnt.x",
      "/editions/0/content user.frist_name",
    ],
  );
  const whole = await product.call("POST", "/api/templates/check", {
    content: {
      content:
        "{{device.apVersion}} {{event.add_to_cart.value}} {{event['add_to_card'].value}} {{event.add_to_cart.vale}}" +
        " {{first_name}} {{user[device.x]}} {{ now }} {{promo_code}}",
    },
  });
  assert.deepEqual(
    Object.fromEntries(
      whole.body.unknown.map(({ path, detail }: { path: string; detail: string }) => [
        path,
        detail.split(";")[0],
      ]),
    ),
    {
      "device.apVersion": "Devices have no apVersion, did you mean appVersion?",
      "event.add_to_card.value": "Nobody has done add_to_card, did you mean add_to_cart?",
      "event.add_to_cart.vale": "Of an event there is no vale, did you mean value?",
      first_name: "There is no variable first_name, did you mean first_name?",
      "device.x": "Devices have no x",
    },
  );
});
