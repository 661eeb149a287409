import { ApiProblem } from "../../api/problem.ts";
import type { PreviewedText } from "../../api/templates.ts";
import type { Strings } from "../../strings/en.ts";
import { type EmailFault, faultOf as faultOfEmail, readEmailFaults } from "../email/emailFaults.ts";
import { isBlank } from "../email/emailSource.ts";
import type { WhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import { faultsOfWhatsapp, type WhatsappValues } from "../whatsapp/whatsappValues.ts";
import { type ComposerValues, filterOfAudience } from "./composerValues.ts";
import { isNotifying } from "./contentValues.ts";
import type { EditionValues } from "./editions.ts";
import { faultsOfExtras } from "./noticeExtras.ts";
import { delayOf, policyOf } from "./smart.ts";
import type { WhatsappPreview } from "./useWhatsappPreview.ts";

/** Texts that may have variables in them. */
export type TextField = "text" | "subject" | "title" | "body";

export type Previews = Record<TextField | "smart", PreviewedText>;

/** What else is known of a campaign when it is judged. */
export interface Judged {
  previews: Previews;
  /** The own filter cannot be sent to as it stands. */
  isFilterAtFault: boolean;
  emailFaults: readonly EmailFault[];
  /** What a message on WhatsApp is made of, and what its values come to. */
  source: WhatsappSource;
  whatsapp: WhatsappPreview | null;
  /** What the server had against it when it was saved, and when it was reviewed or launched. */
  saveError: unknown;
  launchError: unknown;
  /** Where in the campaign the content is that is judged: `/content`, `/variants/0/content`. */
  pointer: string;
}

const noPreview: PreviewedText = { data: undefined, error: null };

/** Of a content that is not looked at: what is missing shows all the same. */
export const noPreviews: Previews = {
  ...{ text: noPreview, subject: noPreview, title: noPreview, body: noPreview, smart: noPreview },
};

/** What is wrong, by the field it is wrong in. */
export type ComposerFaults = Partial<
  Record<
    | TextField
    | "name"
    | "audience"
    | "extras"
    | "preheader"
    | "email"
    | "smart"
    | "delay"
    | "schedule"
    | "limits"
    | "winner",
    string
  >
> & {
  /** Of a template of WhatsApp, by the pointers of its fields; missing when there are none. */
  values?: Readonly<Record<string, string>>;
};

/** Why a text cannot be filled in, in the server's words; null for another failure, or none. */
function faultOf({ error }: PreviewedText): string | null {
  if (!(error instanceof ApiProblem)) return null;
  const fault = error.errors.find(({ pointer }) => pointer.startsWith("/content"));
  return fault?.detail ?? null;
}

/** What the server had against the texts, by the field it stands in. */
function refusedTexts(
  { saveError, launchError, pointer: root }: Judged,
  channel: ComposerValues["channel"],
): Partial<Record<TextField, string>> {
  const fields: Record<string, TextField> = {
    "/content": "text",
    "/notification/title": "title",
    "/notification/body": channel === "push" ? "text" : "body",
  };
  return Object.fromEntries(
    [launchError, saveError].flatMap((error) =>
      faultsBelow(error, root).flatMap(({ pointer, detail }) => {
        const field = fields[pointer];
        return field === undefined ? [] : [[field, detail]];
      }),
    ),
  );
}

/** Which texts are a part of the message on its channel. */
export function textFieldsOf(values: Pick<ComposerValues, "channel" | "notifies">): TextField[] {
  if (values.channel === "email") return ["subject", "text"];
  if (values.channel === "push") return ["title", "text"];
  return isNotifying(values.channel, values) ? ["text", "title", "body"] : ["text"];
}

const hasFaults = ({ fields, buttons }: ReturnType<typeof faultsOfExtras>) =>
  fields.length + buttons.length > 0;

/** What the server has against an e-mail: when it was shown, and when it was saved. */
export function faultsOfEmail(previewError: unknown, errors: readonly unknown[], root: string): EmailFault[] {
  const faults = readEmailFaults(previewError);
  const saved = errors.flatMap((error) => readEmailFaults(error, root));
  return [...faults, ...saved.filter(({ pointer }) => !faults.some((fault) => fault.pointer === pointer))];
}

/** Of an e-mail: what is missing, and which of its parts is broken. */
function ofEmail(values: ComposerValues, wrong: readonly EmailFault[], strings: Strings): ComposerFaults {
  const texts = strings.campaigns.fields;
  const faults: ComposerFaults = {};
  if (values.subject.trim() === "") faults.subject = texts.subjectRequired;
  const hasBody = values.email !== null && values.email.format !== "plain";
  if (hasBody && values.email !== null && isBlank(values.email))
    faults.email = strings.email.compose.bodyRequired;
  if (faultOfEmail(wrong, "/email") !== null) faults.email = strings.email.compose.bodyWrong;
  if (!hasBody && values.text.trim() === "") faults.text = texts.textRequired;
  for (const [field, name] of [
    ["/subject", "subject"],
    ["/preheader", "preheader"],
    ["/content", "text"],
  ] as const) {
    const fault = faultOfEmail(wrong, field);
    if (fault !== null) faults[name] = `${texts.broken} ${fault}`;
  }
  return faults;
}

/** Of a template of WhatsApp: what is missing, cannot be filled in, or was refused, by the pointers of its fields. */
function ofWhatsapp(
  values: ComposerValues["whatsapp"],
  { source, whatsapp, launchError, pointer: root }: Judged,
  strings: Strings,
): Record<string, string> {
  const templates = source.kind === "templates" ? source.templates : [];
  const refused = faultsBelow(launchError, `${root}/whatsapp`).map(({ pointer, detail }) => [
    // What is wrong with a language is wrong with the template in it.
    /^\/(header|body|buttons)/.test(pointer) ? pointer : "/template",
    detail,
  ]);
  const broken = Object.entries(whatsapp?.previews ?? {}).flatMap(([pointer, preview]) => {
    const fault = faultOf(preview);
    return fault === null ? [] : [[pointer, `${strings.campaigns.fields.broken} ${fault}`]];
  });
  return {
    ...Object.fromEntries(refused),
    ...faultsOfWhatsapp(values, templates, strings),
    ...Object.fromEntries(broken),
  };
}

/** Of what follows a message: how long it waits, and its text. */
function ofSmart(
  values: ComposerValues,
  { previews, saveError, launchError, pointer: root }: Judged,
  strings: Strings,
): ComposerFaults {
  const { smart, channel } = values;
  if (!smart.isOn || (channel !== "inbox" && channel !== "push")) return {};
  const isAtOnce = policyOf(smart, channel) === "NOT_CONNECTED";
  const broken = faultOf(previews.smart);
  const [refused] = [saveError, launchError].flatMap((error) => faultsBelow(error, `${root}/fallback`));
  return {
    ...(!isAtOnce && delayOf(smart) === null && { delay: strings.sms.smart.delayWrong }),
    ...(broken !== null
      ? { smart: `${strings.campaigns.fields.broken} ${broken}` }
      : refused !== undefined && { smart: refused.detail }),
  };
}

/** What the server has against a part of the campaign, by pointers into that part. */
const faultsBelow = (error: unknown, pointer: string): { pointer: string; detail: string }[] =>
  (error instanceof ApiProblem ? error.errors : []).flatMap((fault) =>
    fault.pointer.startsWith(pointer)
      ? [{ pointer: fault.pointer.slice(pointer.length), detail: fault.detail }]
      : [],
  );

/** What stands in the way of a launch. */
export function faultsOf(values: ComposerValues, judged: Judged, strings: Strings): ComposerFaults {
  const { previews, isFilterAtFault, emailFaults } = judged;
  const texts = strings.campaigns.fields;
  const faults: ComposerFaults = {};
  if (values.name.trim() === "") faults.name = texts.nameRequired;
  const audience =
    faultOfAudience(values, isFilterAtFault, strings) ??
    refusedAt(judged, /^\/(target|segment|users|topic)\b/);
  if (audience !== null) faults.audience = audience;
  Object.assign(faults, refusedPlan(judged));
  if (values.channel === "email") return { ...faults, ...ofEmail(values, emailFaults, strings) };
  if (values.channel === "whatsapp" && judged.source.kind !== "plain") {
    const wrong = ofWhatsapp(values.whatsapp, judged, strings);
    return Object.keys(wrong).length === 0 ? faults : { ...faults, values: wrong };
  }
  if (values.text.trim() === "") faults.text = texts.textRequired;
  Object.assign(faults, ofSmart(values, judged, strings));
  if (isNotifying(values.channel, values) && hasFaults(faultsOfExtras(values.extras)))
    faults.extras = texts.extrasWrong;
  const refused = refusedTexts(judged, values.channel);
  for (const field of textFieldsOf(values)) {
    const fault = faultOf(previews[field]) ?? refused[field] ?? null;
    if (fault !== null) faults[field] = `${texts.broken} ${fault}`;
  }
  return faults;
}

/** What is wrong with whom it is for, in words; null when nothing is. */
function faultOfAudience(
  { audience, channel }: ComposerValues,
  isFilterAtFault: boolean,
  strings: Strings,
): string | null {
  const isOfDevices = channel === "inbox" || channel === "push";
  if (audience.kind === "topic" && !isOfDevices) return strings.plan.topic.onlyDevices;
  if (filterOfAudience(audience) !== null && !isFilterAtFault) return null;
  switch (audience.kind) {
    case "own":
      return strings.campaigns.fields.filterWrong;
    case "topic":
    case "users":
    case "file":
      return strings.plan[audience.kind].required;
    default:
      return strings.campaigns.fields.segmentRequired;
  }
}

/** What the server has against a member of the campaign, in its words; null for nothing. */
function refusedAt({ saveError, launchError }: Judged, pointers: RegExp): string | null {
  const found = [launchError, saveError]
    .flatMap((error) => faultsBelow(error, ""))
    .find(({ pointer }) => pointers.test(pointer));
  return found?.detail ?? null;
}

/** What the server has against when and how it goes. */
function refusedPlan(judged: Judged): ComposerFaults {
  const places = {
    schedule: /^\/schedule\b/,
    limits: /^\/(limits|rollout)\b/,
    winner: /^\/(winner|variants(\/\d+)?$)/,
  };
  return Object.fromEntries(
    Object.entries(places).flatMap(([name, pointers]) => {
      const detail = refusedAt(judged, pointers);
      return detail === null ? [] : [[name, detail]];
    }),
  );
}

/** Of an edition only what it says of its own can be wrong. */
export function ofEdition(faults: ComposerFaults, edition: EditionValues): ComposerFaults {
  const words = ["text", "subject", "preheader", "title", "body"] as const;
  const shown = [
    ...words.filter((field) => edition[field].trim() !== ""),
    ...(edition.email === null ? [] : (["email"] as const)),
    ...(["name", "audience", "schedule", "limits", "winner"] as const),
  ];
  return Object.fromEntries(shown.flatMap((field) => (faults[field] ? [[field, faults[field]]] : [])));
}

/** While somebody is still writing, what is broken is said; what is not there yet is not. */
export function brokenOf(faults: ComposerFaults, values: ComposerValues): ComposerFaults {
  const { schedule, limits, winner } = faults;
  return {
    ...brokenContent(faults, values),
    ...(schedule !== undefined && { schedule }),
    ...(limits !== undefined && { limits }),
    ...(winner !== undefined && { winner }),
  };
}

function brokenContent(faults: ComposerFaults, values: ComposerValues): ComposerFaults {
  if (values.channel === "email") {
    const written = (["subject", "preheader", "text"] as const).filter(
      (field) => values[field].trim() !== "",
    );
    const isWritten = values.email !== null && !isBlank(values.email);
    const shown = isWritten ? [...written, "email" as const] : written;
    return Object.fromEntries(shown.flatMap((field) => (faults[field] ? [[field, faults[field]]] : [])));
  }
  const written = textFieldsOf(values).filter((field) => values[field].trim() !== "");
  const shown = [...written, "smart" as const, "delay" as const];
  const atTemplate = values.whatsapp === null ? undefined : brokenValues(values.whatsapp, faults.values);
  return {
    ...Object.fromEntries(shown.flatMap((field) => (faults[field] ? [[field, faults[field]]] : []))),
    ...(atTemplate !== undefined && { values: atTemplate }),
  };
}

/** Of a template: what is wrong with it, and with values that are there. */
const brokenValues = (
  values: WhatsappValues,
  faults: ComposerFaults["values"] = {},
): ComposerFaults["values"] =>
  Object.fromEntries(
    Object.entries(faults).filter(([pointer]) => pointer === "/template" || isWritten(values, pointer)),
  );

const isWritten = ({ header, body, buttons }: WhatsappValues, pointer: string): boolean => {
  const [, member = "", name = ""] = pointer.split("/");
  const value = member === "header" ? header : (member === "body" ? body : buttons)[name];
  return (value ?? "").trim() !== "";
};
