import { isRecord } from "../../ui/rules.ts";
import { readNumber } from "../segments/values.ts";

/** A button of a notification. */
export interface NoticeButton {
  /** Of the row in the form. */
  key: string;
  /** What reports and the app call it; blank gives it one by its place. */
  id: string;
  title: string;
  /** Blank is what the notification opens. */
  url: string;
  /** What no field shows. */
  rest: Record<string, unknown>;
}

/** What a notification may have besides its words. */
export interface NoticeExtras {
  image: string;
  icon: string;
  sound: string;
  group: string;
  /** A number as it was typed. */
  badge: string;
  buttons: NoticeButton[];
}

export const noExtras: NoticeExtras = { image: "", icon: "", sound: "", group: "", badge: "", buttons: [] };

/** More have no place on any system. */
export const mostButtons = 3;
const mostBadge = 9999;

/** What a field is called in a notification. */
const names = { image: "mediaUrl", icon: "icon", sound: "sound", group: "groupId" } as const;
const texts = ["image", "icon", "sound", "group"] as const;

/** Reads a notification for the form; what the form cannot show stays in `rest`. */
export function readExtras(
  notification: Record<string, unknown>,
  newId: () => string,
): { extras: NoticeExtras; rest: Record<string, unknown> } {
  const rest = { ...notification };
  const extras = { ...noExtras };
  for (const name of texts) {
    const value = rest[names[name]];
    if (typeof value !== "string") continue;
    extras[name] = value;
    delete rest[names[name]];
  }
  if (typeof rest.badge === "number") {
    extras.badge = String(rest.badge);
    delete rest.badge;
  }
  const buttons = readButtons(rest.actions, newId);
  if (buttons !== null) {
    extras.buttons = buttons;
    delete rest.actions;
  }
  return { extras, rest };
}

/** Null where one of them is not as the form would have it. */
function readButtons(actions: unknown, newId: () => string): NoticeButton[] | null {
  if (!Array.isArray(actions)) return null;
  const isText = (value: unknown) => value === undefined || typeof value === "string";
  if (!actions.every((action) => isRecord(action) && [action.id, action.title, action.url].every(isText)))
    return null;
  return actions.map(({ id = "", title = "", url = "", ...rest }) => ({
    key: newId(),
    id,
    title,
    url,
    rest,
  }));
}

/** The members of a notification that the form says; what is unfinished is left out, so that a draft can be saved. */
export function writeExtras({ badge, buttons, ...extras }: NoticeExtras): Record<string, unknown> {
  const count = readBadge(badge);
  const named = buttons.flatMap((button, index) => writeButton(button, index));
  return {
    ...Object.fromEntries(
      texts.flatMap((name) => (extras[name].trim() === "" ? [] : [[names[name], extras[name].trim()]])),
    ),
    ...(count !== null && { badge: count }),
    ...(named.length > 0 && { actions: named }),
  };
}

function writeButton({ id, title, url, rest }: NoticeButton, index: number): Record<string, unknown>[] {
  const own = `button${index + 1}`;
  if (title.trim() === "" && url.trim() === "" && [own, ""].includes(id.trim())) return [];
  return [
    {
      ...rest,
      id: id.trim() || own,
      ...(title.trim() && { title: title.trim() }),
      ...(url.trim() && { url: url.trim() }),
    },
  ];
}

/** Null is no number that an icon can have. Digits may be Persian. */
function readBadge(text: string): number | null {
  const value = readNumber(text);
  return value !== null && Number.isInteger(value) && value >= 0 && value <= mostBadge ? value : null;
}

/** What is wrong with them: fields by their names, buttons by their keys. */
export function faultsOfExtras({ image, icon, badge, buttons }: NoticeExtras): {
  fields: ("image" | "icon" | "badge")[];
  buttons: string[];
} {
  const isAddress = (text: string) => text.trim() === "" || /^https:\/\/\S+$/i.test(text.trim());
  return {
    fields: [
      ...(isAddress(image) ? [] : (["image"] as const)),
      // The name of a picture in the app is one, too.
      ...(/^http:/i.test(icon.trim()) ? (["icon"] as const) : []),
      ...(badge.trim() === "" || readBadge(badge) !== null ? [] : (["badge"] as const)),
    ],
    buttons: buttons.flatMap(({ key, title }) => (title.trim() === "" ? [key] : [])),
  };
}
