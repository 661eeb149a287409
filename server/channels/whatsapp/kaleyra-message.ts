import type { Outbound, TemplateDetails } from "../provider.ts";
import { addressOfReports } from "../report.ts";
import { cloudMessage, isWhatsappId } from "./cloud-message.ts";
import type { KaleyraWhatsappConfig } from "./kaleyra-config.ts";

/**
 * Body of the second version: a message of the Cloud API, and what Kaleyra repeats in its reports.
 * Source: https://developers.kaleyra.io/docs/whatsapp-api-v2-send-template-messages
 */
export const kaleyraV2Body = (
  message: Outbound,
  { callbackProfileId }: Pick<KaleyraWhatsappConfig, "callbackProfileId">,
): Record<string, unknown> => ({
  messaging_object: cloudMessage(message),
  extra_info: { ref: message.deliveryId },
  ...(callbackProfileId === undefined ? {} : { callback_profile_id: callbackProfileId }),
});

type Fields = { ok: true; fields: Record<string, string> } | { ok: false; detail: string };

/**
 * Fields of the first version, or why it cannot say this message. Values stand in one field with commas between them,
 * and nothing is documented for a comma in a value: it would shift all that follow, so that it is not sent.
 * Source: https://developers.kaleyra.io/docs/send-a-text-template-message-through-whatsapp
 */
export function kaleyraV1Fields(
  message: Outbound,
  { from, callbackProfileId }: Pick<KaleyraWhatsappConfig, "from" | "callbackProfileId">,
  receiptsUrl: string | null,
): Fields {
  const { to, content, template, deliveryId } = message;
  if (isWhatsappId(to)) return unsayable("somebody without a phone");
  const said = template
    ? templateFields(template)
    : { ok: true as const, fields: { type: "text", body: content } };
  if (!said.ok) return said;
  const callback =
    callbackProfileId !== undefined
      ? { callback_profile_id: callbackProfileId }
      : receiptsUrl === null
        ? {}
        : { callback_url: addressOfReports(receiptsUrl, deliveryId) };
  return {
    ok: true,
    fields: {
      ...{ channel: "whatsapp", from: `+${from.replace("+", "")}`, to: `+${to}`, ...said.fields },
      ...callback,
    },
  };
}

function templateFields({ name, language, header, body, buttons }: TemplateDetails): Fields {
  const isNamed = body.some((parameter) => parameter.name !== null);
  if (isNamed || (header?.kind === "text" && header.parameter.name !== null))
    return unsayable("parameters with names");
  const comma = body.findIndex(({ text }) => text.includes(","));
  if (comma !== -1) return unsayable(`a comma in a value, as in that of parameter ${comma + 1}`);
  const [url, ...others] = buttons;
  if (others.length > 0) return unsayable("values of several buttons");
  if (url && url.kind !== "url") return unsayable("values of buttons that are no address");
  return {
    ok: true,
    fields: {
      type: header && header.kind !== "text" ? "mediatemplate" : "template",
      ...{ template_name: name, lang_code: language },
      ...(body.length > 0 ? { params: body.map(({ text }) => text).join(",") } : {}),
      ...(header?.kind === "text" ? { param_header: header.parameter.text } : {}),
      ...(header && header.kind !== "text" ? { media_url: header.link } : {}),
      ...(url ? { param_url: url.text } : {}),
    },
  };
}

const unsayable = (what: string): Fields => ({
  ok: false,
  detail: `Version v1 of Kaleyra's API has no place for ${what}; set version v2 in the account.`,
});
