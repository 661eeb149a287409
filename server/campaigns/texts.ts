import type { Channel } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import type { Fault } from "../lib/problem.ts";
import { readTexts, type WrittenText } from "../messages/texts.ts";
import { unknownIn } from "../messages/variables-for.ts";
import { compileEmail, textsOf } from "../templates/email/compile.ts";
import type { CampaignContent } from "./schema.ts";

type Words = Pick<CampaignContent, "subject" | "preheader" | "email" | "notification"> & {
  content?: string | undefined;
};

/** All that is written in a content, by JSON pointers into it; of e-mails their source. */
function textsIn(content: CampaignContent): WrittenText[] {
  const { whatsapp, fallback, editions = [] } = content;
  return [
    ...textsOfWords(content, ""),
    ...(whatsapp
      ? [
          ...given([["/whatsapp/header", whatsapp.header]]),
          ...given(Object.entries(whatsapp.body).map(([name, text]) => [`/whatsapp/body/${name}`, text])),
          ...given(
            Object.entries(whatsapp.buttons).map(([place, text]) => [`/whatsapp/buttons/${place}`, text]),
          ),
        ]
      : []),
    ...given([["/fallback/content", fallback?.content]]),
    ...editions.flatMap((edition, index) => textsOfWords(edition, `/editions/${index}`)),
  ];
}

const textsOfWords = ({ content, subject, preheader, email, notification }: Words, at: string) => [
  ...given([
    [`${at}/content`, content],
    [`${at}/subject`, subject],
    [`${at}/preheader`, preheader],
    [`${at}/notification/title`, notification?.title],
    [`${at}/notification/body`, notification?.body],
    [`${at}/notification/text`, notification?.text],
    [`${at}/notification/clickUrl`, notification?.clickUrl],
  ]),
  ...(email
    ? textsOf(email).map(({ pointer, text }) => ({ pointer: `${at}${pointer}`, text, isLong: true }))
    : []),
];

const given = (texts: readonly [string, string | undefined][]): WrittenText[] =>
  texts.flatMap(([pointer, text]) => (text === undefined ? [] : [{ pointer, text, isLong: false }]));

/**
 * What keeps a content from being sent on a channel, by pointers into it: broken texts, e-mails that do not compile, and
 * what is missing. Of WhatsApp it does not ask which templates there are.
 */
export async function faultsOfContent(
  channel: Channel,
  content: CampaignContent,
  publicUrl: string,
): Promise<Fault[]> {
  const hasText =
    content.content.trim() !== "" ||
    Boolean(content.notification?.body?.trim()) ||
    (channel === "email" && content.email !== undefined) ||
    (channel === "whatsapp" && content.whatsapp !== undefined);
  const faults = [
    ...(hasText ? [] : [{ pointer: "/content", detail: "is required: the text of the message" }]),
    ...(channel === "email" && !content.subject?.trim()
      ? [{ pointer: "/subject", detail: "is required for an e-mail" }]
      : []),
    ...readTexts(textsIn(content)).faults,
  ];
  if (channel === "email")
    for (const [at, words] of [
      ["", content],
      ...(content.editions ?? []).map((edition, index) => [`/editions/${index}`, edition] as const),
    ] as [string, Words][]) {
      const { email, preheader = "", content: text = "" } = words;
      const made = email && (await compileEmail({ body: email, preheader, text }, publicUrl));
      if (made?.ok === false)
        faults.push(...made.faults.map((fault) => ({ ...fault, pointer: `${at}${fault.pointer}` })));
    }
  // What broke the text broke what was made of it as well.
  return [...new Map(faults.map((fault) => [`${fault.pointer} ${fault.detail}`, fault])).values()];
}

/** Variables of a content that nobody has a value for, each where it is written. Broken texts are left out. */
export async function unknownInContent(
  db: Queryable,
  appKey: number,
  content: CampaignContent,
): Promise<{ pointer: string; path: string; detail: string }[]> {
  const { templates } = readTexts(textsIn(content));
  return unknownIn(db, appKey, templates);
}
