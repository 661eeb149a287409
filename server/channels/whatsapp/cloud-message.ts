import type { Outbound, TemplateDetails, TemplateParameter } from "../provider.ts";

/** WhatsApp's own id of somebody with this business, as `US.13491208655302741918`; a phone has digits alone. */
export const isWhatsappId = (to: string): boolean => /^[A-Z]{2}\./i.test(to);

/**
 * A message as the Cloud API takes it.
 * Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/message-api
 */
export const cloudMessage = ({ to, content, template }: Outbound): Record<string, unknown> => ({
  ...{ messaging_product: "whatsapp", recipient_type: "individual" },
  ...(isWhatsappId(to) ? { recipient: to } : { to }),
  ...(template
    ? { type: "template", template: cloudTemplate(template) }
    : { type: "text", text: { preview_url: false, body: content } }),
});

/** Parts without a value are left out: WhatsApp refuses them. */
function cloudTemplate({ name, language, header, body, buttons }: TemplateDetails): Record<string, unknown> {
  const components = [
    ...(header ? [{ type: "header", parameters: [headerParameter(header)] }] : []),
    ...(body.length > 0 ? [{ type: "body", parameters: body.map(textParameter) }] : []),
    ...buttons.map(({ index, kind, text }) => ({
      ...{ type: "button", sub_type: kind, index: String(index) },
      parameters: [buttonParameter(kind, text)],
    })),
  ];
  return { name, language: { code: language }, ...(components.length > 0 ? { components } : {}) };
}

const textParameter = ({ name, text }: TemplateParameter) => ({
  ...{ type: "text", text },
  ...(name === null ? {} : { parameter_name: name }),
});

function headerParameter(header: NonNullable<TemplateDetails["header"]>): Record<string, unknown> {
  if (header.kind === "text") return textParameter(header.parameter);
  const { kind, link, filename } = header;
  return { type: kind, [kind]: { link, ...(filename === null ? {} : { filename }) } };
}

function buttonParameter(kind: TemplateDetails["buttons"][number]["kind"], text: string) {
  switch (kind) {
    case "url":
      return { type: "text", text };
    case "quick_reply":
      return { type: "payload", payload: text };
    case "copy_code":
      return { type: "coupon_code", coupon_code: text };
  }
}
