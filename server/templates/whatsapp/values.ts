import type { TemplateParameter } from "../../channels/provider.ts";
import type { WhatsappContent } from "./content.ts";

// The values of a template's parameters by pointers into a message's content: each is Liquid of its own.

const header = "/whatsapp/header";
const body = (index: number) => `/whatsapp/body/${index}`;
const button = (index: number) => `/whatsapp/buttons/${index}`;

/** What is filled in for each user, by its pointer. */
export function valuesOfTemplate(whatsapp: WhatsappContent | undefined): [string, string][] {
  if (!whatsapp) return [];
  return [
    ...(whatsapp.header ? [[header, valueOfHeader(whatsapp.header)] as [string, string]] : []),
    ...whatsapp.body.map(({ text }, index): [string, string] => [body(index), text]),
    ...whatsapp.buttons.map(({ index, text }): [string, string] => [button(index), text]),
  ];
}

const valueOfHeader = (given: NonNullable<WhatsappContent["header"]>) =>
  given.kind === "text" ? given.parameter.text : given.link;

/** The template with what was rendered, made legal. */
export function filledTemplate(given: WhatsappContent, texts: ReadonlyMap<string, string>): WhatsappContent {
  const at = (pointer: string, text: string) => legal(texts.get(pointer) ?? text);
  const parameter = ({ name, text }: TemplateParameter, pointer: string) => ({
    ...{ name, text: at(pointer, text) },
  });
  return {
    ...given,
    header:
      given.header === null || given.header.kind === "text"
        ? given.header && { kind: "text", parameter: parameter(given.header.parameter, header) }
        : { ...given.header, link: at(header, given.header.link) },
    body: given.body.map((one, index) => parameter(one, body(index))),
    buttons: given.buttons.map((one) => ({ ...one, text: at(button(one.index), one.text) })),
  };
}

/** WhatsApp refuses values with line breaks, tabs, or more than four blanks one after another. */
const legal = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Why a value that came out for somebody cannot be sent; null when it can. */
export function faultOfValue(
  pointer: string,
  text: string,
): { reason: "missing_variable"; detail: string } | null {
  if (legal(text) !== "") return null;
  const [, , place, index] = pointer.split("/");
  const what =
    place === "header"
      ? "the header"
      : place === "body"
        ? `parameter ${Number(index) + 1}`
        : `button ${Number(index) + 1}`;
  // WhatsApp takes no template with a gap in it, whatever the message's own rule for gaps is.
  return { reason: "missing_variable", detail: `${what} came out empty` };
}
