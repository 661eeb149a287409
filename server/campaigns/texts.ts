import type { Queryable } from "../db/database.ts";
import { readTexts, type WrittenText } from "../messages/texts.ts";
import { unknownIn } from "../messages/variables-for.ts";
import { textsOf } from "../templates/email/compile.ts";
import type { CampaignContent } from "./schema.ts";

type Words = Pick<CampaignContent, "subject" | "preheader" | "email" | "notification"> & {
  content?: string | undefined;
};

/** All that is written in a content, by JSON pointers into it; of e-mails their source. */
export function textsIn(content: CampaignContent): WrittenText[] {
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

/** Variables of a content that nobody has a value for, each where it is written. Broken texts are left out. */
export async function unknownInContent(
  db: Queryable,
  appKey: number,
  content: CampaignContent,
): Promise<{ pointer: string; path: string; detail: string }[]> {
  const { templates } = readTexts(textsIn(content));
  return unknownIn(db, appKey, templates);
}
