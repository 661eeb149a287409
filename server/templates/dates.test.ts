import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { asLiquid } from "./call-forms.ts";
import { readTemplate, renderTemplate } from "./render.ts";

const user = {
  firstName: "سارا",
  joined: "2024-03-20T20:31:07.045Z",
  born: "1990-07-01",
  points: 1234567.5,
  phone: "09123456789",
  title: "",
  genres: ["comedy", "drama"],
  "city name": "Rasht",
};

const rendered = (content: string, timeZone = "UTC"): string => {
  const template = readTemplate(content);
  if (!template.ok) return assert.fail(`${content}: ${template.detail}`);
  const text = renderTemplate(template.value, { user, app: { name: "Shop", timeZone } });
  return text.ok ? text.value : assert.fail(`${content}: ${text.detail}`);
};

const faultOf = (content: string): string => {
  const template = readTemplate(content);
  const text = template.ok ? renderTemplate(template.value, { user }) : template;
  return text.ok ? assert.fail(`${content} → ${text.value}`) : text.detail;
};

test("dates are written in Gregorian and Jalali tokens, and in Liquid's own, by the clock of the app", () => {
  const tehran: [string, string][] = [
    ['{{ user.joined | date("jYYYY/jM/jD HH:mm:ss") }}', "1403/1/2 00:01:07"],
    ['{{ user.joined | date: "jYYYY/jMM/jDD" }}', "1403/01/02"],
    ['{{ user.joined | date("jD jMMMM jYY") }}', "2 Farvardin 03"],
    ['{{ user.joined | date("dddd YYYY-MM-DD H:m:s.SSS") }}', "Thursday 2024-03-21 0:1:7.045"],
    ['{{ user.joined | date("D MMM YY, hh:mm A Z") }}', "21 Mar 24, 12:01 AM +03:30"],
    ['{{ user.joined | date("[year] YYYY [at] X") }}', "year 2024 at 1710966667"],
    ["{{ user.joined | date: '%Y-%m-%d %H:%M' }}", "2024-03-21 00:01"],
    ["{{ user.joined | date: '%H:%M', 'UTC' }}", "20:31"],
    ["{{ user.joined | date: 'HH:mm', 'Asia/Tokyo' }}", "05:31"],
    ["{{ 1710966667 | date: 'YYYY-MM-DD HH:mm' }}", "2024-03-21 00:01"],
    ["{{ 1710966667045 | date: 'SSS' }}", "045"],
    // A day has no hour that could move it.
    ['{{ user.born | date("YYYY-MM-DD") }} {{ user.born | date: "%d" }}', "1990-07-01 01"],
    ['{{ user.title | date("YYYY") }}', ""],
    ['{% assign day = user.joined | date("dddd") %}{% if day == "Thursday" %}yes{% endif %}', "yes"],
    ['{{ user.joined | date("MMMM") | upcase | append: "!" }}', "MARCH!"],
    ['{{ user.joined | date("YYYY") | json }}', '"2024"'],
  ];
  for (const [content, expected] of tehran) assert.equal(rendered(content, "Asia/Tehran"), expected, content);
  assert.equal(rendered('{{ user.joined | date("jYYYY/jM/jD HH:mm") }}'), "1403/1/1 20:31");
  assert.match(rendered("{{ 'now' | date: 'YYYY' }}"), /^20\d\d$/);
});

test("a leap year's last day and the turn of the Jalali year are where Iran's calendar has them", () => {
  for (const [day, expected] of [
    ["2021-03-20", "1399/12/30"],
    ["2021-03-21", "1400/01/01"],
    ["2025-03-20", "1403/12/30"],
    ["2026-03-20", "1404/12/29"],
  ] as const)
    assert.equal(rendered(`{{ "${day}T12:00:00Z" | date("jYYYY/jMM/jDD") }}`, "Asia/Tehran"), expected);
});

test("numbers and dates are written as a locale does", () => {
  for (const [content, expected] of [
    ['{{ user.points | locale("fa-IR") }}', "۱٬۲۳۴٬۵۶۷٫۵"],
    ['{{ user.points | locale: "en" }} {{ "1234" | locale: "de" }}', "1,234,567.5 1.234"],
    ['{{ user.phone | locale("fa-IR") }}', "۰۹۱۲۳۴۵۶۷۸۹"],
    ['{{ user.joined | date("jD jMMMM jYYYY") | locale("fa-IR") }}', "۲ فروردین ۱۴۰۳"],
    ['{{ user.joined | date("dddd D MMMM") | locale("fa") }}', "پنجشنبه ۲۱ مارس"],
    ['{{ user.joined | locale("fa-IR") }}', "۲ فروردین ۱۴۰۳"],
    ['{{ user.joined | locale("en-GB") }}', "21 March 2024"],
    ['{{ user.title | locale("fa_IR") }}', ""],
  ] as const)
    assert.equal(rendered(content, "Asia/Tehran"), expected, content);
  assert.match(
    faultOf('{{ user.points | locale("f") }}'),
    /column 1: "f" is no locale; write one such as "fa-IR"/,
  );
  assert.match(faultOf('{{ user.joined | date: "YYYY", "Mars/Base" }}'), /"Mars\/Base" is no time zone/);
});

test("filters may be written as calls", () => {
  for (const [content, expected] of [
    ["{{ user.title | default('friend') }}", "friend"],
    ["{{ user.nothing | default('my friend') }}", "my friend"],
    ["{{ user.genres | join(', ') }}", "comedy, drama"],
    ['{{ user.genres | join(" | f(x) ") }}', "comedy | f(x) drama"],
    ["{{user['firstName']|upcase()}}", "سارا"],
    ["{% assign g = user.genres | join('/') | upcase() %}{{ g }}", "COMEDY/DRAMA"],
    ["{{ 'a | date(1)' }} | date(2)", "a | date(1) | date(2)"],
    ["{{ user.firstName | replace('س', user.genres[0]) }}", "comedyارا"],
    ["{% for i in (1..3) %}{{ i }}{% endfor %} | join(', ')", "123 | join(', ')"],
    ["{% raw %}{{ x | date('y') }}{% endraw %}", "{{ x | date('y') }}"],
    ["{% assign n = 'city' | append(' name') %}{{ user[n] }}", "Rasht"],
  ] as const)
    assert.equal(rendered(content), expected, content);
  assert.match(faultOf("Hi\n{{ user.title | dfault('x') }}"), /^line 2, column 1: there is no filter dfault/);
});

test("names that are put together in brackets are refused with what would do", () => {
  assert.match(
    faultOf("Hi {{ user[event['add_to_cart']['value'] + 'name'] }}"),
    /^line 1, column 42: Liquid has no plus sign; .*\{% assign name = a \| append: b %\} and then user\[name\]/,
  );
  assert.equal(rendered("1 + 1 = {{ '1 + 1' }}{% comment %} + {% endcomment %}"), "1 + 1 = 1 + 1");
});

test("what is not inside an output or a tag is never changed, and nothing moves", () => {
  const outside = fc.string().map((text) => text.replace(/[{}%]/g, ""));
  const inside = fc.oneof(
    fc.constantFrom("{{ a | b('x') }}", "{% assign x = y | z(1, 2) %}", '{{ "| q(1)" | r() }}', "{{ a }}"),
    fc.string().map((text) => `{{ ${JSON.stringify(text.replace(/[{}%\\]/g, ""))} | f("| g(1)") }}`),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(outside, inside), { maxLength: 6 }), outside, (pieces, last) => {
      const content = pieces.map(([text, code]) => text + code).join("") + last;
      const mended = asLiquid(content);
      assert.equal(mended.length, content.length);
      let at = 0;
      for (const [text, code] of pieces) {
        assert.equal(mended.slice(at, at + text.length), text);
        at += text.length + code.length;
      }
      assert.equal(mended.slice(at), last);
      assert.equal(asLiquid(mended), mended);
    }),
    { numRuns: 1000 },
  );
  // Whatever it is, broken or not.
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."{}%|()'\"ab \n") }), (content) => {
      assert.equal(asLiquid(content).length, content.length);
    }),
    { numRuns: 2000 },
  );
});

test("a number that is no moment stays what it is", () => {
  const read = readTemplate("{{ user.when | date: 'YYYY-MM-DD' }}");
  assert.ok(read.ok);
  for (const when of [1e300, -1e300, 9e15]) {
    const text = renderTemplate(read.value, { user: { when } });
    assert.deepEqual(text, { ok: true, value: String(when) });
  }
});
