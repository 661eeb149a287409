/** A template as Meta lists it. */
interface RawTemplate {
  id?: string;
  name: string;
  language: string;
  status: string;
  category: string;
  parameter_format?: "POSITIONAL" | "NAMED";
  components: Record<string, unknown>[];
  rejected_reason?: string;
}

/** An error of the Cloud API. */
export interface CloudError {
  status: number;
  code: number;
  message: string;
  details?: string;
}

/** Templates of one WhatsApp Business Account. */
export interface Templates {
  readonly all: readonly RawTemplate[];
  /** In place of the one of the same name and language, where there is one. */
  put(template: RawTemplate): void;
  /** Null for a message that may be sent, as the Cloud API takes it. */
  faultOf(message: Record<string, unknown>): CloudError | null;
}

const hello = (language: string, text: string): RawTemplate => ({
  ...{ name: "hello", language, status: "APPROVED", category: "MARKETING" },
  components: [
    { type: "BODY", text, example: { body_text: [["Sara"]] } },
    { type: "FOOTER", text: "Shop" },
    { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Stop promotions" }] },
  ],
});

const defaults: readonly RawTemplate[] = [
  hello("en", "Hi {{1}}, have a look at what is new"),
  hello("fa", "سلام {{1}}، ببین چه خبر است"),
  {
    ...{ name: "autumn_sale", language: "en", status: "APPROVED", category: "MARKETING" },
    parameter_format: "NAMED",
    components: [
      { type: "HEADER", format: "IMAGE", example: { header_handle: ["https://example.com/autumn.png"] } },
      {
        ...{ type: "BODY", text: "Dear {{first_name}}, everything is {{discount}} off until Friday" },
        example: {
          body_text_named_params: [
            { param_name: "first_name", example: "Sara" },
            { param_name: "discount", example: "20 %" },
          ],
        },
      },
      {
        type: "BUTTONS",
        buttons: [
          {
            type: "URL",
            text: "Look",
            url: "https://shop.example/{{1}}",
            example: ["https://shop.example/a"],
          },
          { type: "QUICK_REPLY", text: "Stop promotions" },
        ],
      },
    ],
  },
  {
    ...{ name: "paused_offer", language: "en", status: "PAUSED", category: "MARKETING" },
    components: [{ type: "BODY", text: "An offer for {{1}} alone" }],
  },
];

export function createTemplates(): Templates {
  const templates = defaults.map((template, index) => ({ id: String(1_667_192_013 + index), ...template }));
  return {
    all: templates,
    put(template) {
      const at = templates.findIndex(
        (one) => one.name === template.name && one.language === template.language,
      );
      const put = { id: String(1_700_000_000 + templates.length), ...template };
      if (at === -1) templates.push(put);
      else templates[at] = put;
    },
    faultOf: (message) => faultOfMessage(message, templates),
  };
}

const bad = (details: string): CloudError => ({
  ...{ status: 400, code: 100, message: "(#100) Invalid parameter", details },
});

function faultOfMessage(
  message: Record<string, unknown>,
  templates: readonly RawTemplate[],
): CloudError | null {
  if (message.messaging_product !== "whatsapp") return bad("messaging_product must be whatsapp");
  const { to, recipient, type } = message;
  if ((to === undefined) === (recipient === undefined)) return bad("Give one of to and recipient");
  if (to !== undefined && !/^\d{7,15}$/.test(String(to)))
    return { status: 400, code: 131009, message: "(#131009) Parameter value is not valid", details: "to" };
  if (recipient !== undefined && !/^[A-Z]{2}\.\w{1,128}$/.test(String(recipient)))
    return {
      status: 400,
      code: 131009,
      message: "(#131009) Parameter value is not valid",
      details: "recipient",
    };
  if (String(message.biz_opaque_callback_data ?? "").length > 512) return bad("biz_opaque_callback_data");
  if (type === "text") return objectOf(message.text).body ? null : bad("text.body is required");
  if (type !== "template") return bad(`The type ${String(type)} is not supported`);
  const given = objectOf(message.template);
  const language = String(objectOf(given.language).code ?? "");
  const template = templates.find((one) => one.name === given.name && one.language === language);
  if (!template || !["APPROVED", "PAUSED", "DISABLED"].includes(template.status))
    return {
      ...{ status: 404, code: 132001, message: "(#132001) Template name does not exist in the translation" },
      details: `template name (${String(given.name)}) does not exist in ${language}`,
    };
  if (template.status === "PAUSED")
    return { status: 400, code: 132015, message: "(#132015) Template is paused due to low quality" };
  if (template.status === "DISABLED")
    return { status: 400, code: 132016, message: "(#132016) Template is disabled due to low quality" };
  return faultOfValues(template, listOf(given.components));
}

function faultOfValues(template: RawTemplate, given: readonly Record<string, unknown>[]): CloudError | null {
  const part = (type: string) => template.components.find((component) => component.type === type);
  const givenOf = (type: string) => given.filter((component) => component.type === type);
  const isNamed = template.parameter_format === "NAMED";
  const header = part("HEADER");
  const [givenHeader] = givenOf("header");
  const [headerParameter] = listOf(givenHeader?.parameters);
  const format = String(header?.format ?? "").toLowerCase();
  if (header && format !== "text") {
    if (headerParameter?.type !== format || !objectOf(headerParameter[format]).link)
      return {
        ...{
          status: 400,
          code: 132012,
          message: "(#132012) Parameter format does not match format in the created template",
        },
        details: `header: Format mismatch, expected ${format.toUpperCase()}`,
      };
  } else {
    const fault = faultOfTexts(
      "header",
      String(header?.text ?? ""),
      listOf(givenHeader?.parameters),
      isNamed,
    );
    if (fault) return fault;
  }
  const [givenBody] = givenOf("body");
  const fault = faultOfTexts(
    "body",
    String(part("BODY")?.text ?? ""),
    listOf(givenBody?.parameters),
    isNamed,
  );
  if (fault) return fault;
  return faultOfButtons(listOf(part("BUTTONS")?.buttons), givenOf("button"));
}

const placeholder = /\{\{\s*([^{}\s]+)\s*\}\}/g;

function faultOfTexts(
  where: string,
  text: string,
  given: readonly Record<string, unknown>[],
  isNamed: boolean,
): CloudError | null {
  const expected = new Set([...text.matchAll(placeholder)].map(([, name]) => name));
  if (given.length !== expected.size)
    return {
      ...{
        status: 400,
        code: 132000,
        message: "(#132000) Number of parameters does not match the expected number of params",
      },
      details: `${where}: number of localizable_params (${given.length}) does not match the expected number of params (${expected.size})`,
    };
  for (const { type, text: value, parameter_name } of given) {
    if (type !== "text" || typeof value !== "string" || value === "")
      return {
        status: 400,
        code: 131008,
        message: "(#131008) Required parameter is missing",
        details: `${where}: text`,
      };
    if (isNamed ? !expected.has(String(parameter_name)) : parameter_name !== undefined)
      return bad(`${where}: parameter_name ${String(parameter_name)} is not in the template`);
    if (/[\n\t]| {5}/.test(value))
      return {
        ...{ status: 400, code: 132018, message: "(#132018) There was an issue with the parameters" },
        details: "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
      };
  }
  return null;
}

const buttonTypes: Readonly<Record<string, string>> = {
  QUICK_REPLY: "quick_reply",
  URL: "url",
  COPY_CODE: "copy_code",
};

function faultOfButtons(
  buttons: readonly Record<string, unknown>[],
  given: readonly Record<string, unknown>[],
): CloudError | null {
  for (const { sub_type, index } of given)
    if (buttonTypes[String(buttons[Number(index)]?.type)] !== sub_type)
      return {
        ...{
          status: 400,
          code: 132012,
          message: "(#132012) Parameter format does not match format in the created template",
        },
        details: `button: there is no ${String(sub_type)} at ${String(index)}`,
      };
  for (const [index, { type, url }] of buttons.entries()) {
    const needsValue = type === "COPY_CODE" || (type === "URL" && String(url).includes("{{"));
    if (needsValue && !given.some((one) => String(one.index) === String(index)))
      return {
        ...{ status: 400, code: 131008, message: "(#131008) Required parameter is missing" },
        details: `buttons: Button at index ${index} of type ${String(type)} requires a parameter`,
      };
  }
  return null;
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const listOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map(objectOf) : [];
