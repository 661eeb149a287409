import { didYouMean } from "../../lib/did-you-mean.ts";
import { createTemplateEngine, type Read, type TemplateEngine } from "../../lib/liquid.ts";
import type { Outbound } from "../provider.ts";

/** What the templates of an account are made of. */
export interface RequestTemplates {
  url: string;
  headers: Record<string, string>;
  contentType: string;
  body: string;
  secrets: Record<string, string>;
}

/** One request, filled in. `headers` are names and values in turn. */
export interface FilledRequest {
  path: string;
  headers: string[];
  body: string | null;
}

// Path and query may have twice the longest content, encoded.
const limits = { maxContent: 64 * 1024, example: "{{ to }} or {{ content | json }}" };
const textIn = (value: unknown): string =>
  value === null || value === undefined
    ? ""
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);

const engines = {
  url: createTemplateEngine({
    ...limits,
    // Dots too where there is nothing else: they would climb up in the path.
    escape: (value) => encodeURIComponent(textIn(value).toWellFormed()).replace(/^\.{1,2}$/, encodedDots),
  }),
  // No line break gets into a header, whatever is in a message.
  headers: createTemplateEngine({ ...limits, escape: (value) => textIn(value).replace(controls, " ") }),
  body: createTemplateEngine(limits),
};

const encodedDots = (dots: string): string => "%2E".repeat(dots.length);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const controls = /[\u0000-\u001f\u007f]+/g;
// RFC 9110 §5.5: what is beyond Latin-1 has no place in a header.
const notInHeader = /[^\t\x20-\x7e\x80-\xff]/;

const names = [
  ...["to", "content", "subject", "data", "notification", "userId", "messageId", "deliveryId", "trackId"],
  ...["channel", "tokenService", "expiresAt", "html", "unsubscribeUrl", "secrets"],
];

/** What templates see of a message. */
const variablesOf = (message: Outbound, secrets: Record<string, string>) => ({
  to: message.to,
  content: message.content,
  subject: message.subject,
  data: message.data,
  notification: message.notification,
  userId: message.userId,
  messageId: message.messageId,
  deliveryId: message.deliveryId,
  trackId: message.trackId,
  channel: message.channel,
  tokenService: message.tokenService,
  expiresAt: message.expiresAt?.toISOString() ?? null,
  html: message.email?.html ?? null,
  unsubscribeUrl: message.email?.unsubscribeUrl ?? null,
  secrets,
});

/** Scheme and host in front of everything that can be filled in; null when they are not fixed. */
export function originOf(url: string): string | null {
  const start = /^https?:\/\/[^/?#\\\s{}@]+/i.exec(url)?.[0];
  // What follows directly, as in https://api.{{ to }}, would be part of the host.
  if (start === undefined || !/^([/?]|$)/.test(url.slice(start.length))) return null;
  return URL.canParse(start) ? new URL(start).origin : null;
}

type Part = (variables: object) => Read<string>;

/** A template read once; a text without Liquid is itself. */
function readPart(engine: TemplateEngine, text: string): Read<Part> {
  if (!/\{[{%]/.test(text)) {
    const value: Read<string> = { ok: true, value: text };
    return { ok: true, value: () => value };
  }
  const template = engine.read(text);
  if (!template.ok) return template;
  return { ok: true, value: (variables) => engine.render(template.value, variables) };
}

/** Reads the templates once, to be filled in for each message. They have passed {@link faultsOfTemplates}. */
export function compileTemplates(templates: RequestTemplates): (message: Outbound) => Read<FilledRequest> {
  const origin = originOf(templates.url);
  if (origin === null) throw new Error("the host of the url is not fixed");
  const part = (engine: TemplateEngine, text: string): Part => {
    const read = readPart(engine, text);
    if (!read.ok) throw new Error(read.detail);
    return read.value;
  };
  const rest = templates.url.replace(/^https?:\/\/[^/?]+/i, "").replace(/#.*$/s, "");
  const path = part(engines.url, rest.startsWith("/") ? rest : `/${rest}`);
  const hasBody = templates.body !== "";
  const headers = Object.entries(templates.headers).map(
    ([name, text]) => [name.toLowerCase(), part(engines.headers, text)] as const,
  );
  const body = part(engines.body, templates.body);

  return (message) => {
    const variables = variablesOf(message, templates.secrets);
    const filledPath = path(variables);
    if (!filledPath.ok) return { ok: false, detail: `url: ${filledPath.detail}` };
    const filled: string[] = hasBody ? ["content-type", templates.contentType] : [];
    for (const [name, value] of headers) {
      const text = value(variables);
      if (!text.ok) return { ok: false, detail: `header ${name}: ${text.detail}` };
      if (notInHeader.test(text.value))
        return {
          ok: false,
          detail: `header ${name} has letters that no header can carry; encode them with | url_encode`,
        };
      filled.push(name, text.value);
    }
    if (!hasBody) return { ok: true, value: { path: filledPath.value, headers: filled, body: null } };
    const filledBody = body(variables);
    if (!filledBody.ok) return { ok: false, detail: `body: ${filledBody.detail}` };
    return { ok: true, value: { path: filledPath.value, headers: filled, body: filledBody.value } };
  };
}

interface TemplateFault {
  path: PropertyKey[];
  detail: string;
}

/** Everything that is wrong with the templates, each with its place. */
export function faultsOfTemplates(templates: RequestTemplates): TemplateFault[] {
  const faults: TemplateFault[] = [];
  if (originOf(templates.url) === null) {
    const detail =
      "needs a fixed host, as https://sms.example.com/send?to={{ to }}; credentials belong in headers or secrets";
    faults.push({ path: ["url"], detail });
  }
  const check = (engine: TemplateEngine, text: string, path: PropertyKey[]) => {
    const read = engine.read(text);
    if (!read.ok) faults.push({ path, detail: read.detail });
    else
      for (const variable of read.value.paths) {
        const detail = faultOfVariable(variable.map(String), templates.secrets);
        if (detail) faults.push({ path, detail });
      }
  };
  check(engines.url, templates.url, ["url"]);
  for (const [name, text] of Object.entries(templates.headers)) {
    check(engines.headers, text, ["headers", name]);
    if (notInHeader.test(text) || /\t/.test(text))
      faults.push({ path: ["headers", name], detail: "has line breaks or letters that no header can carry" });
  }
  check(engines.body, templates.body, ["body"]);
  if (faults.length === 0) {
    const filled = compileTemplates({ ...templates, headers: {}, body: "" })(awkward);
    if (!filled.ok) faults.push({ path: ["url"], detail: filled.detail });
    else if (/[^\x21-\x7e]/.test(filled.value.path)) {
      const detail = "has a space or a letter that no address can have; write it encoded, as %20";
      faults.push({ path: ["url"], detail });
    }
  }
  const isJson = /^application\/([\w.-]+\+)?json\b/i.test(templates.contentType);
  if (faults.length === 0 && isJson && templates.body !== "") {
    const detail = faultOfJson(templates);
    if (detail) faults.push({ path: ["body"], detail });
  }
  return faults;
}

function faultOfVariable([root = "", member]: string[], secrets: Record<string, string>): string | null {
  if (!names.includes(root))
    return `there is no variable ${root}${didYouMean(root, names)}; there are ${names.join(", ")}`;
  if (root === "secrets" && member !== undefined && !Object.hasOwn(secrets, member))
    return `there is no secret ${member}${didYouMean(member, Object.keys(secrets))}; add it to secrets`;
  return null;
}

/** Filled in with what breaks JSON when it is put in as it is. */
const awkward: Outbound = {
  ...{
    deliveryId: "d",
    deliveryUuid: "u",
    messageId: "m",
    channel: "sms",
    to: "989120000000",
    tokenService: "fcm",
    userId: 'u"1',
  },
  ...{ subject: 'a "b"\n', content: 'c "d"\n\\', data: { 'e"': 'f"' }, notification: { title: 'g"' } },
  ...{
    trackId: 'h"',
    expiresAt: new Date(0),
    push: null,
    template: null,
    // Some have it and some have not, as with `subject`.
    email: null,
  },
};

function faultOfJson(templates: RequestTemplates): string | null {
  for (const message of [
    awkward,
    { ...awkward, subject: null, notification: null, trackId: null, data: {} },
  ]) {
    const read = readPart(engines.body, templates.body);
    const filled = read.ok ? read.value(variablesOf(message, templates.secrets)) : read;
    if (!filled.ok) return filled.detail;
    try {
      JSON.parse(filled.value);
    } catch {
      return 'is not JSON when filled in; write values without quotes and with the filter json, as {"text": {{ content | json }}}';
    }
  }
  return null;
}
