import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { missingVariables, readTemplate, renderTemplate } from "./render.ts";
import { variablesOf } from "./variables.ts";

const john = variablesOf({
  userId: "u-1",
  email: "john@example.com",
  phone: "919876543210",
  attributes: {
    first_name: "John",
    last_name: "",
    "office.no": 12.5,
    "office.floor.name": "third",
    vip: true,
    genres: ["comedy", "drama"],
    email: "old@example.com",
    joined: "2024-05-01T10:00:00.000Z",
    ["__proto__"]: { polluted: "yes" },
  },
});

const rendered = (content: string) => {
  const template = readTemplate(content);
  if (!template.ok) return assert.fail(template.detail);
  const text = renderTemplate(template.value, john);
  if (!text.ok) return assert.fail(text.detail);
  return { text: text.value, missing: missingVariables(template.value, john) };
};

const faultOf = (content: string) => {
  const template = readTemplate(content);
  const result = template.ok ? renderTemplate(template.value, john) : template;
  return result.ok ? assert.fail(`${content} → ${result.value}`) : result.detail;
};

test("variables are the user's own, and attributes by their full name or through their dots", () => {
  const cases: [string, string][] = [
    ["Hi {{user.first_name}}", "Hi John"],
    [
      "{{ user.phone_no }} {{user.phone}} {{user.email}} {{user.userId}}",
      "919876543210 919876543210 john@example.com u-1",
    ],
    ["{{user['office.no']}} {{ user.office.no }} {{user.office.floor.name}}", "12.5 12.5 third"],
    ["{% if user.vip %}gold{% else %}none{% endif %}", "gold"],
    ["{% for genre in user.genres %}{{genre}} {% endfor %}{{user.genres.size}}", "comedy drama 2"],
    ["{{ user.joined | date: '%Y-%m-%d %H:%M' }}", "2024-05-01 10:00"],
    ["{{ user.title | default: 'friend' | upcase }}", "FRIEND"],
    ["{% raw %}{{ user.first_name }}{% endraw %}", "{{ user.first_name }}"],
  ];
  for (const [content, expected] of cases) assert.equal(rendered(content).text, expected, content);
});

test("the comma that guides print for the dot is read as one, in outputs only", () => {
  assert.equal(
    rendered("{{user,first_name}} {{- user , first_name }}, user,first_name").text,
    "JohnJohn, user,first_name",
  );
  assert.deepEqual(rendered("{{user,title}}").missing, ["user.title"]);
});

test("missing are the variables without a value, each once", () => {
  const { missing } = rendered(
    "{{user.first_name}}{{user.title}}{{user.title | default: user.account}}{{user.last_name}}{{first_name}}" +
      "{{user['city.name']}}{{user.genres[0]}}{{user.genres[9]}}{{user.genres.first}}{{user[user.plan]}}" +
      "{% assign x = 1 %}{{x}}{% for g in user.genres %}{{g}}{{forloop.index}}{% endfor %}{% if user.vip %}{% endif %}",
  );
  assert.deepEqual(missing.sort(), [
    ...["first_name", "user.account", "user.city.name", "user.genres.9", "user.last_name"],
    ...["user.plan", "user.title"],
  ]);
});

test("only own properties are seen", () => {
  const { text } = rendered(
    "{{user.constructor}}{{user.polluted}}{{user.genres.__proto__}}{{user.genres.constructor}}",
  );
  assert.equal(text, "");
  assert.deepEqual(rendered("{{user.constructor.name}}").missing, ["user.constructor.name"]);
});

test("a broken template says where and what would mend it", () => {
  for (const [content, expected] of [
    [
      "Hi\n  {{ user.first_name | upcas }}",
      /^line 2, column 3: there is no filter upcas, did you mean upcase\?; filters are/,
    ],
    ["{{ user.first_name", /^line 1, column 1: output .* not closed; end it with \}\}$/],
    ["{% if user.vip %}", /^line 1, column 1: tag .* not closed; add its end/],
    ["{% endif %}", /endif closes nothing; take it out, or open it with \{% if … %\}$/],
    ["{% include 'a' %}", /there is no tag include.*; tags are assign, for/],
    ["{% render 'a' %}{% layout 'b' %}", /there is no tag render/],
    ["{{ }}", /^line 1, column 4: .*; expected Liquid such as/],
  ] as const)
    assert.match(faultOf(content), expected);
});

test("a template cannot keep the process busy or fill its memory", () => {
  for (const content of [
    "{% for i in (1..100000000) %}x{% endfor %}",
    "{% for i in (1..5000) %}{% for j in (1..5000) %}{{i}}{% endfor %}{% endfor %}",
    "{% assign a = 'xxxxxxxxxx' %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{a}}",
    "{% if 1 %}".repeat(6000),
    `{{ ${"a[".repeat(20_000)}1${"]".repeat(20_000)} }}`,
    "x".repeat(64 * 1024 + 1),
  ])
    assert.ok(faultOf(content).length > 0);
});

test("whatever is written, it is a text or a fault, never a crash", () => {
  const piece = fc.constantFrom(
    ...[
      "{{",
      "}}",
      "{%",
      "%}",
      "user",
      ".",
      ",",
      "first_name",
      " | ",
      "upcase",
      "if ",
      "endif",
      "for x in ",
      "(1..3)",
    ],
    ...[
      "'",
      '"',
      "[",
      "]",
      "-",
      "raw",
      "endraw",
      "assign a = ",
      "date: ",
      "\n",
      "é",
      "0",
      "\ud800",
      "liquid ",
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const template = readTemplate(pieces.join(""));
      const result = template.ok ? renderTemplate(template.value, john) : template;
      assert.ok(result.ok ? typeof result.value === "string" : result.detail.length > 0);
    }),
    { numRuns: 1000 },
  );
});
