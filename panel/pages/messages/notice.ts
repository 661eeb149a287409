import { isRecord } from "../../ui/rules.ts";

/** A notification as a person sees it. */
export interface Notice {
  title: string;
  body: string;
  /** Address of the picture; null where there is none. */
  image: string | null;
  /** Texts on its buttons. */
  buttons: string[];
}

const textIn = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

/** What the members of a notification come to: without a title it has the app's name, without a text that of the message. */
export function noticeOf(notification: Record<string, unknown>, content: string, appName: string): Notice {
  const { title, body, text, mediaUrl, image, actions } = notification;
  const buttons = Array.isArray(actions) ? actions.filter(isRecord) : [];
  return {
    title: textIn(title) || appName,
    body: textIn(body) || textIn(text) || content,
    image: textIn(mediaUrl) || textIn(image) || null,
    buttons: buttons.map((action) => textIn(action.title) || textIn(action.id)).filter((name) => name !== ""),
  };
}

/** What a picture is called: the end of its address. */
export function imageName(address: string): string {
  const path = address.split(/[?#]/)[0] ?? address;
  return path.split("/").filter(Boolean).at(-1) ?? address;
}

/** The direction of a text by the first letter in it that has one (UAX #9, P2 and P3), as the systems find it. */
export function directionOf(text: string): "rtl" | "ltr" {
  const letter = /\p{L}/u.exec(text)?.[0] ?? "";
  return /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}/u.test(
    letter,
  )
    ? "rtl"
    : "ltr";
}
