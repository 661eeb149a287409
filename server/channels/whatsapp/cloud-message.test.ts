import assert from "node:assert/strict";
import { test } from "node:test";
import { whatsappMessage } from "../../testing/whatsapp-message.ts";
import { cloudMessage } from "./cloud-message.ts";
import { kaleyraV1Fields } from "./kaleyra-message.ts";

test("a text goes as it is, to a phone or to somebody whom WhatsApp alone knows", () => {
  const text = whatsappMessage({ template: null, content: "Hi\nthere" });
  const expected = {
    ...{ messaging_product: "whatsapp", recipient_type: "individual", type: "text" },
    text: { preview_url: false, body: "Hi\nthere" },
  };
  assert.deepEqual(cloudMessage(text), { ...expected, to: "989121234567" });
  assert.deepEqual(cloudMessage({ ...text, to: "US.13491208655302741918" }), {
    ...{ ...expected, recipient: "US.13491208655302741918" },
  });
});

test("parts of a template without values are left out", () => {
  assert.deepEqual(cloudMessage(whatsappMessage({}, { body: [] })).template, {
    ...{ name: "hello", language: { code: "en" } },
  });
});

test("headers are texts, pictures, videos or documents, and documents have names", () => {
  const headerOf = (header: Parameters<typeof whatsappMessage>[1]) => {
    const { template } = cloudMessage(whatsappMessage({}, { body: [], ...header })) as {
      template: { components: { parameters: unknown[] }[] };
    };
    return template.components[0]?.parameters[0];
  };
  assert.deepEqual(headerOf({ header: { kind: "text", parameter: { name: "shop", text: "Ours" } } }), {
    ...{ type: "text", text: "Ours", parameter_name: "shop" },
  });
  const link = "https://shop.example/a";
  assert.deepEqual(headerOf({ header: { kind: "video", link, filename: null } }), {
    type: "video",
    video: { link },
  });
  assert.deepEqual(headerOf({ header: { kind: "document", link, filename: "a.pdf" } }), {
    ...{ type: "document", document: { link, filename: "a.pdf" } },
  });
});

test("a code to copy is a coupon", () => {
  const { template } = cloudMessage(
    whatsappMessage({}, { body: [], buttons: [{ index: 2, kind: "copy_code", text: "SAVE20" }] }),
  );
  assert.deepEqual((template as { components: unknown[] }).components, [
    {
      ...{ type: "button", sub_type: "copy_code", index: "2" },
      parameters: [{ type: "coupon_code", coupon_code: "SAVE20" }],
    },
  ]);
});

test("what Kaleyra's first version cannot say is refused with the reason, and never shifted", () => {
  const fieldsOf = (...message: Parameters<typeof whatsappMessage>) =>
    kaleyraV1Fields(
      whatsappMessage(...message),
      { from: "919812345678", callbackProfileId: undefined },
      null,
    );
  const value = (text: string, name: string | null = null) => [{ name, text }];
  const url = { index: 0, kind: "url", text: "autumn" } as const;
  for (const [message, words] of [
    [fieldsOf({}, { body: [...value("Sara"), ...value("Tehran, Iran")] }), /a comma in a value.*parameter 2/],
    [fieldsOf({}, { body: value("Sara", "first_name") }), /parameters with names/],
    [fieldsOf({}, { buttons: [url, { ...url, index: 1 }] }), /several buttons/],
    [fieldsOf({}, { buttons: [{ ...url, kind: "quick_reply" }] }), /no address/],
    [fieldsOf({ to: "US.1349" }), /without a phone/],
  ] as const) {
    assert.ok(!message.ok);
    assert.match(message.detail, words);
  }
  const media = fieldsOf(
    {},
    {
      header: { kind: "image", link: "https://shop.example/a,b.png", filename: null },
      ...{ body: [...value("Sara"), ...value("20 %")], buttons: [url] },
    },
  );
  assert.deepEqual(media.ok && media.fields, {
    ...{ channel: "whatsapp", from: "+919812345678", to: "+989121234567", type: "mediatemplate" },
    ...{ template_name: "hello", lang_code: "en", params: "Sara,20 %", param_url: "autumn" },
    media_url: "https://shop.example/a,b.png",
  });
});
