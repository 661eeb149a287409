import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { v4, v7 } from "uuid";
import { createLinks, preferencesOf } from "../../links/links.ts";
import { readEmailTemplate } from "../render.ts";
import { type CompiledEmail, compileEmail } from "./compile.ts";
import { EmailBody, EmailDesign } from "./schema.ts";
import { createShield } from "./shield.ts";
import { warningsOfSubject } from "./warnings.ts";

const publicUrl = "https://news.example.com";
const links = createLinks({ secretKey: "s".repeat(32), publicUrl: () => publicUrl });
const subject = { messageId: v7(), userKey: v4(), step: 0 };

async function compile(
  body: unknown,
  { preheader = "", text = "" } = {},
): Promise<CompiledEmail & { codes: string[] }> {
  const made = await compileEmail({ body: EmailBody.parse(body), preheader, text }, publicUrl);
  assert.ok(made.ok, JSON.stringify(made));
  return { ...made.email, codes: made.warnings.map(({ code }) => code) };
}

const html = (source: string, more = {}) => compile({ format: "html", html: source }, more);

function render(email: CompiledEmail, variables: object): string {
  const read = readEmailTemplate(email.html, { html: true });
  assert.ok(read.ok);
  const rendered = read.value.render({
    ...{
      user: {},
      unsubscribe_url: links.leaveUrl(subject),
      preferences_url: preferencesOf(links.leaveUrl(subject)),
    },
    ...variables,
  });
  assert.ok(rendered.ok, JSON.stringify(rendered));
  return links.track(rendered.value, email.mark, subject);
}

const hrefs = (page: string) => [...page.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href);

test("a design becomes a page, its links are counted, and its text is written", async () => {
  const design = EmailDesign.parse({
    theme: { direction: "rtl" },
    blocks: [
      { id: "a", kind: "heading", text: 'سلام {{ user.name | default: "x > y" }} & <others>' },
      {
        id: "b",
        kind: "text",
        html: '<p>Look <a href="https://shop.example/?a=1&amp;b={{ user.id }}">here</a></p>',
      },
      {
        ...{ id: "c", kind: "columns" },
        columns: [
          {
            blocks: [
              {
                id: "d",
                kind: "image",
                src: "/files/1/x.png",
                alt: "Shoes",
                url: "https://shop.example/shoes",
              },
            ],
          },
          { blocks: [{ id: "e", kind: "button", label: "Buy", url: "https://shop.example/buy" }] },
        ],
      },
      { id: "f", kind: "footer", html: "<p>Shop, Tehran</p>", unsubscribe: "لغو", preferences: "تنظیم" },
    ],
  });
  const email = await compile({ format: "design", design }, { preheader: "پیش {{ user.name }}" });
  assert.deepEqual(email.links, [
    "https://shop.example/?a=1&b={{ user.id }}",
    "https://shop.example/shoes",
    "https://shop.example/buy",
  ]);
  assert.deepEqual(email.codes, ["image_only"]);
  const page = render(email, { user: { name: "<i>Sara</i>", id: 'q"&x' } });
  assert.match(page, /سلام &lt;i&gt;Sara&lt;\/i&gt; &amp; &lt;others&gt;/);
  assert.match(page, /dir="rtl"/);
  assert.match(page, new RegExp(`src="${publicUrl}/files/1/x.png"`));
  assert.doesNotMatch(page, /xLiquid|chapar[0-9a-f]{18}/);
  const [first = "", second = "", third = "", leave, preferences] = hrefs(page);
  const [, token = "", to = ""] = /\/c\/([\w-]{64})\?to=([\w-]+)$/.exec(first) ?? [];
  const address = Buffer.from(to, "base64url").toString();
  assert.equal(address, 'https://shop.example/?a=1&b=q"&x');
  assert.deepEqual(links.tokens.read("click", token, address), { ...subject, link: 1 });
  assert.deepEqual(links.tokens.read("click", second.slice(-64)), { ...subject, link: 2 });
  assert.deepEqual(links.tokens.read("click", third.slice(-64)), { ...subject, link: 3 });
  assert.equal(leave, links.leaveUrl(subject));
  assert.equal(preferences, preferencesOf(links.leaveUrl(subject)));
  const open = /src="https:\/\/news\.example\.com\/o\/([\w-]{64})\.gif"/.exec(page)?.[1] ?? "";
  assert.deepEqual(links.tokens.read("open", open), { ...subject, link: 0 });
  assert.match(email.text, /^سلام \{\{ user\.name \| default: "x > y" \}\} & <others>/);
  assert.match(email.text, /Buy \(https:\/\/shop\.example\/buy\)/);
});

test("an editor's way of writing Liquid in rich text is understood", async () => {
  const design = EmailDesign.parse({
    theme: {},
    blocks: [
      {
        id: "a",
        kind: "text",
        html: '<p>{% if user.points &gt; 5 &amp;&amp; true %}{{ user.name | append: "&lt;3" }}{% endif %}</p>',
      },
    ],
  });
  await assert.rejects(compile({ format: "design", design }), /\/email\/design\/blocks\/0\/html/);
  const mended = JSON.parse(JSON.stringify(design).replace(" &amp;&amp; true", " and user.points &lt; 9"));
  const page = render(await compile({ format: "design", design: mended }), {
    user: { name: "Sara", points: 7 },
  });
  assert.match(page, /<p style="[^"]*">Sara&lt;3<\/p>/);
});

test("styles go into the elements, rules for phones stay, and Liquid around rows is left alone", async () => {
  const email = await html(`<style>p { color: red } @media (max-width: 600px) { p { color: blue } }</style>
    <p>Hi {% if 2 > 1 %}you{% endif %}</p><table>{% for n in user.list %}<tr><td>{{ n }}</td></tr>{% endfor %}</table>`);
  const page = render(email, { user: { list: [1, 2] } });
  assert.match(
    page,
    /<p style="color: red;">Hi you<\/p><table><tr><td>1<\/td><\/tr><tr><td>2<\/td><\/tr><\/table>/,
  );
  assert.match(page, /@media \(max-width: ?600px\)/);
  assert.match(page, /^<!doctype html><html><head>/i);
});

test("what leads to no page is not counted, and a variable cannot make a link of ours lead to a script", async () => {
  const email = await html(`<a href="mailto:a@b.c">m</a><a href="#top">t</a><a href="tel:1">c</a>
    <a href="{{ user.site }}">s</a><a href="{{ unsubscribe_url }}">u</a>`);
  assert.deepEqual(email.links, ["{{ user.site }}"]);
  const at = (site: string) => hrefs(render(email, { user: { site } }))[3];
  assert.equal(at("javascript:alert(1)"), "#");
  assert.equal(at("data:text/html,x"), "#");
  assert.match(at("https://sara.example/") ?? "", /\/c\/[\w-]{64}\?to=/);
  // A user's value never looks like a mark of ours.
  const other = await html("<p>{{ user.name }}</p>");
  assert.doesNotMatch(render(other, { user: { name: '" href="chapar-1-https://evil.example"' } }), /\/c\//);
});

test("of very many links the first thousand are counted, and the others lead straight on", async () => {
  const email = await html(
    Array.from({ length: 1_100 }, (_, at) => `<a href="https://shop.example/${at}">${at}</a>`).join(" "),
  );
  assert.equal(email.links.length, 1_000);
  assert.equal(hrefs(render(email, {})).at(-1), "https://shop.example/1099");
});

test("faults are said where they stand", async () => {
  const faultsOf = async (body: unknown) => {
    const made = await compileEmail({ body: EmailBody.parse(body), preheader: "", text: "" }, publicUrl);
    assert.ok(!made.ok, "it was made");
    return made.faults.map(({ pointer, detail }) => `${pointer} ${detail}`);
  };
  assert.match(
    (await faultsOf({ format: "html", html: "<p>\n{{ a | upcas }}" }))[0] ?? "",
    /^\/email\/html line 2, column 1: there is no filter upcas.*upcase/,
  );
  assert.match((await faultsOf({ format: "mjml", mjml: "<p>no" }))[0] ?? "", /^\/email\/mjml is not MJML/);
  assert.match(
    (await faultsOf({ format: "mjml", mjml: "<mjml><mj-body>\n<mj-txt>a</mj-txt></mj-body></mjml>" }))[0] ??
      "",
    /^\/email\/mjml line 2: .*mj-txt/,
  );
  assert.match(
    (
      await faultsOf({
        format: "mjml",
        mjml: "<mjml><mj-body>{% if a %}<mj-section></mj-section>{% endif %}</mj-body></mjml>",
      })
    )[0] ?? "",
    /\{% if a %\} stands where MJML keeps no text/,
  );
  const blocks = [
    { id: "a", kind: "heading", text: "ok" },
    {
      id: "b",
      kind: "columns",
      columns: [{ blocks: [] }, { blocks: [{ id: "c", kind: "button", label: "{% if %}", url: "" }] }],
    },
    { id: "d", kind: "text", html: "</mj-text><mj-raw>" },
  ];
  const faults = await faultsOf({ format: "design", design: { theme: {}, blocks } });
  assert.match(faults[0] ?? "", /^\/email\/design\/blocks\/1\/columns\/1\/blocks\/0\/label /);
  assert.match(faults[1] ?? "", /^\/email\/design\/blocks\/2\/html has a tag of MJML/);
});

test("MJML reads no files of ours", async () => {
  const email = await compile({
    format: "mjml",
    mjml: '<mjml><mj-body><mj-include path="/etc/passwd" /><mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section></mj-body></mjml>',
  });
  assert.doesNotMatch(email.html, /root:/);
});

test("warnings say what keeps a mail from arriving", async () => {
  const good = `<p>${"Many words about this and that. ".repeat(6)}</p><a href="{{ unsubscribe_url }}">Leave</a>`;
  assert.deepEqual((await html(good)).codes, []);
  assert.deepEqual((await html("<p>Words</p>")).codes, ["no_unsubscribe"]);
  assert.deepEqual((await html(`${good}<img src="https://x.example/a.png">`)).codes, ["no_alt"]);
  assert.deepEqual(
    (await html('<img alt="All" src="https://x.example/a.png"><a href="{{preferences_url}}">-</a>')).codes,
    ["image_only"],
  );
  assert.deepEqual((await html(`${good}<p>${"x".repeat(100_000)}</p>`)).codes, ["too_large"]);
  assert.deepEqual((await html(`${good}<a href="http://x.example">y</a>`)).codes, ["insecure_link"]);
  assert.deepEqual((await html(`${good}<a href="#">y</a>`)).codes, ["empty_link"]);
  assert.deepEqual((await html(`${good}<a href="https://localhost/x">y</a>`)).codes, ["unreachable"]);
  assert.deepEqual(
    warningsOfSubject("BUY NOW BEFORE IT ENDS").map(({ code }) => code),
    ["shouting"],
  );
  assert.deepEqual(
    warningsOfSubject("Now!!!").map(({ code }) => code),
    ["shouting"],
  );
  assert.deepEqual(warningsOfSubject("پیشنهاد ویژه‌ی امروز برای {{ user.name }}"), []);
});

test("Liquid comes back as it was, whatever is around it", () => {
  const liquid = fc.constantFrom("{{ a }}", '{{ "q>" | b: "\'" }}', "{% if a < b && c %}", "{%- endif -%}");
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string().filter((text) => !/[{%}]|xLiquid/.test(text)),
          liquid,
        ),
      ),
      (parts) => {
        const text = parts.join("");
        const shield = createShield();
        const hidden = shield.hide(text);
        assert.doesNotMatch(hidden, /\{[{%]/);
        assert.equal(shield.restore(hidden), text);
      },
    ),
  );
});
