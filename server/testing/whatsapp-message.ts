import type { Outbound, TemplateDetails } from "../channels/provider.ts";
import { textMessage } from "./text-message.ts";

/** The template `hello` to a phone, unless `changes` say otherwise. */
export const whatsappMessage = (
  changes: Partial<Outbound> = {},
  template: Partial<TemplateDetails> = {},
): Outbound =>
  textMessage({
    ...{ channel: "whatsapp", content: "Hi Sara, have a look at what is new" },
    template: {
      ...{ name: "hello", language: "en", isMarketing: true, header: null, buttons: [] },
      ...{ body: [{ name: null, text: "Sara & co." }], ...template },
    },
    ...changes,
  });
