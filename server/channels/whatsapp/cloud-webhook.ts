import { createHmac } from "node:crypto";
import { asObject, firstWord, objectsIn, wordOf } from "../json.ts";
import type {
  ProviderReceipt,
  ProviderWish,
  ReceiptState,
  TemplateNews,
  WhatsappIdentity,
} from "../provider.ts";
import { isSame, timeOf } from "../report.ts";
import { type WordLists, wishOf } from "../stop-words.ts";
import { meaningOfCloud } from "./cloud-errors.ts";
import { isWhatsappId } from "./cloud-message.ts";
import { readStatus } from "./cloud-templates.ts";

export interface CloudNews {
  receipts: ProviderReceipt[];
  wishes: ProviderWish[];
  people: WhatsappIdentity[];
  templates: TemplateNews[];
}

/** What WhatsApp's words mean. A voice message is played; of others no word is known that would be passed over. */
const states: Readonly<Record<string, ReceiptState>> = {
  ...{ sent: "sent", delivered: "delivered", read: "seen", played: "seen", failed: "failed" },
};

/** Null for a body that `secret` has signed; `given` is a header, as `sha256=4f0c…`. */
export function faultOfSignature(
  { given, header, secret, member }: { given: string; header: string; secret: string; member: string },
  body: Buffer,
): string | null {
  if (given === "") return `the header ${header} is missing`;
  const expected = createHmac("sha256", secret).update(body).digest("hex");
  return isSame(given.replace(/^sha256=/i, "").toLowerCase(), expected)
    ? null
    : `the header ${header} is not what ${member} makes of this report`;
}

/**
 * Reads what the Cloud API reports: what became of messages, what people want and who they are, and templates that
 * changed. What it does not know is passed over.
 * Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
 */
export function readCloudWebhook(body: unknown, words: WordLists): CloudNews {
  const changes = objectsIn(asObject(body).entry).flatMap(({ changes }) => objectsIn(changes));
  return joinNews(changes.map((change) => readChange(change, words)));
}

export const joinNews = (news: readonly CloudNews[]): CloudNews => ({
  receipts: news.flatMap(({ receipts }) => receipts),
  wishes: news.flatMap(({ wishes }) => wishes),
  people: news.flatMap(({ people }) => people),
  templates: news.flatMap(({ templates }) => templates),
});

/** One change: a field and its value. `named` is the delivery, where something beside it says which. */
export function readChange(change: Record<string, unknown>, words: WordLists, named = ""): CloudNews {
  const value = asObject(change.value);
  const known = <T>(items: (T | null)[]): T[] => items.filter((item) => item !== null);
  return {
    receipts: known(objectsIn(value.statuses).map((status) => receiptOf(status, named))),
    wishes: known([
      ...objectsIn(value.user_preferences).map(preferenceIn),
      ...objectsIn(value.messages).map((message) => wishIn(message, words)),
    ]),
    people: peopleIn(value),
    templates: change.field === "message_template_status_update" ? known([templateNewsIn(value)]) : [],
  };
}

function receiptOf(status: Record<string, unknown>, named: string): ProviderReceipt | null {
  const word = wordOf(status.status);
  const state = Object.hasOwn(states, word) ? states[word] : undefined;
  const deliveryId = named || wordOf(status.biz_opaque_callback_data).slice(0, 128);
  const providerId = wordOf(status.id).slice(0, 512);
  if (!state || (deliveryId === "" && providerId === "")) return null;
  const [error = {}] = objectsIn(status.errors);
  const code = wordOf(error.code);
  const meaning = state === "failed" ? meaningOfCloud(code) : null;
  const said = firstWord(asObject(error.error_data).details, error.message, error.title);
  return {
    subject: deliveryId === "" ? { providerId } : { deliveryId },
    ...{ state, at: timeOf(wordOf(status.timestamp) || null) },
    code: state === "failed" ? code.slice(0, 64) || "failed" : null,
    detail:
      state === "failed"
        ? [said.slice(0, 300), meaning?.cure ?? ""].filter((text) => text !== "").join(". ") || null
        : null,
    isGone: false,
    ...(meaning?.kind === "left" ? { hasLeft: true } : {}),
    ...(meaning?.isUnreachable ? { isUnreachable: true } : {}),
  };
}

/** Whoever it is about: the phone, or where WhatsApp keeps it to itself, its own id of somebody. */
const addressIn = (...values: readonly unknown[]): string =>
  values.map(wordOf).find((text) => isPhone(text) || isWhatsappId(text)) ?? "";

const isPhone = (text: string): boolean => /^\d{7,15}$/.test(text);

/** The switch "Offers and announcements" of a chat. */
function preferenceIn(item: Record<string, unknown>): ProviderWish | null {
  const address = addressIn(item.wa_id, item.user_id);
  const value = wordOf(item.value);
  if (address === "" || (value !== "stop" && value !== "resume")) return null;
  return { address, wants: value, said: wordOf(item.detail).slice(0, 200) || value };
}

/** What somebody wrote, or the button that they tapped below a template. */
function wishIn(message: Record<string, unknown>, words: WordLists): ProviderWish | null {
  const address = addressIn(message.from, message.from_user_id);
  const button = asObject(message.button);
  const reply = asObject(asObject(message.interactive).button_reply);
  const texts = [asObject(message.text).body, button.text, button.payload, reply.title, reply.id];
  for (const text of texts.map(wordOf)) {
    const wish = text === "" ? null : wishOf(words, address, text);
    if (wish) return wish;
  }
  return null;
}

/** Who hides the phone is known by an id that only this business has for them. */
function peopleIn(value: Record<string, unknown>): WhatsappIdentity[] {
  const pairs = [
    ...objectsIn(value.contacts).map(({ wa_id, user_id }) => [wa_id, user_id]),
    ...objectsIn(value.statuses).map(({ recipient_id, recipient_user_id }) => [
      recipient_id,
      recipient_user_id,
    ]),
    ...objectsIn(value.messages).map(({ from, from_user_id }) => [from, from_user_id]),
  ];
  const people = new Map<string, WhatsappIdentity>();
  for (const [phone, whatsappId] of pairs.map((pair) => pair.map(wordOf)))
    if (phone && whatsappId && isPhone(phone) && isWhatsappId(whatsappId) && whatsappId.length <= 140)
      people.set(`${phone} ${whatsappId}`, { phone, whatsappId });
  return [...people.values()];
}

export function templateNewsIn(value: Record<string, unknown>): TemplateNews | null {
  const name = wordOf(value.message_template_name);
  const event = wordOf(value.event);
  // A warning: the template can still be sent.
  if (name === "" || event === "" || event === "FLAGGED") return null;
  const reason = wordOf(value.reason);
  const more = asObject(value.other_info);
  const detail = [reason === "NONE" ? "" : reason, wordOf(more.title), wordOf(more.description)];
  return {
    name: name.slice(0, 512),
    // Here it is written with a hyphen, in lists with an underscore.
    language: wordOf(value.message_template_language).replace("-", "_").slice(0, 20),
    status: readStatus(event),
    detail:
      detail
        .filter((text) => text !== "")
        .join(": ")
        .slice(0, 500) || null,
  };
}
