import { isRecord } from "../../ui/rules.ts";
import type { AccountChannel } from "./newProvider.ts";

/** A name and its value, in the order they were written in. */
export interface NamedValue {
  id: string;
  name: string;
  value: string;
}

/** What the form of the generic HTTP provider shows of its configuration. */
export interface HttpForm {
  method: string;
  url: string;
  contentType: string;
  body: string;
  headers: NamedValue[];
  secrets: NamedValue[];
  /** Texts of digits. */
  statuses: string[];
  path: string;
  equals: string;
  idPath: string;
  /** Null is what is usual on the channel. */
  isRepeatSafe: boolean | null;
}

/** What the parts of the form are given. */
export interface HttpFieldsProps {
  form: HttpForm;
  channel: AccountChannel;
  onChange(form: HttpForm): void;
  /** By member of the configuration. */
  faults: Readonly<Record<string, string>>;
}

const methods = ["POST", "GET", "PUT"];

/** A body that many services take, to be changed. */
const usualBody = '{"to": {{ to | json }}, "text": {{ content | json }}}';

/** What a new account begins with. */
export const newHttpConfig: Record<string, unknown> = { method: "POST", url: "", body: usualBody };

const textIn = (value: unknown, otherwise = ""): string => (typeof value === "string" ? value : otherwise);

const isText = (value: unknown) => value === undefined || typeof value === "string";

const isTexts = (value: unknown): value is Record<string, string> | undefined =>
  value === undefined || (isRecord(value) && Object.values(value).every((item) => typeof item === "string"));

const isScalar = (value: unknown) =>
  value === undefined || typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Reads a configuration for the form; null when it has something that only its JSON can show. */
export function readHttpForm(config: Record<string, unknown>, newId: () => string): HttpForm | null {
  const { method = "POST", url, contentType, body, idPath, isRepeatSafe, headers, secrets } = config;
  const success = config.success ?? {};
  if (!isRecord(success) || !isScalar(success.equals) || !isText(success.path)) return null;
  const statuses = success.statuses ?? [];
  if (!Array.isArray(statuses) || !statuses.every((status) => typeof status === "number")) return null;
  if (!methods.includes(String(method)) || !isTexts(headers) || !isTexts(secrets)) return null;
  if (![url, contentType, body, idPath].every(isText)) return null;
  if (isRepeatSafe !== undefined && typeof isRepeatSafe !== "boolean") return null;
  const rows = (values: Record<string, string> = {}) =>
    Object.entries(values).map(([name, value]) => ({ id: newId(), name, value }));
  return {
    method: String(method),
    url: textIn(url),
    contentType: textIn(contentType, "application/json"),
    body: textIn(body),
    headers: rows(headers),
    secrets: rows(secrets),
    statuses: statuses.map(String),
    path: textIn(success.path),
    equals: success.equals === undefined ? "" : String(success.equals),
    idPath: textIn(idPath),
    isRepeatSafe: isRepeatSafe ?? null,
  };
}

/** The configuration with what the form says; what the form does not show stays as it is in `before`. */
export function writeHttpConfig(form: HttpForm, before: Record<string, unknown>): Record<string, unknown> {
  const { success: _, idPath: __, isRepeatSafe: ___, headers: ____, secrets: _____, ...rest } = before;
  const named = (rows: readonly NamedValue[]) =>
    Object.fromEntries(rows.flatMap(({ name, value }) => (name.trim() === "" ? [] : [[name.trim(), value]])));
  const headers = named(form.headers);
  const secrets = named(form.secrets);
  const success = {
    ...(form.statuses.length > 0 && { statuses: form.statuses.map(Number) }),
    ...(form.path.trim() && { path: form.path.trim(), equals: form.equals.trim() }),
  };
  return {
    ...rest,
    method: form.method,
    url: form.url.trim(),
    contentType: form.contentType.trim() || "application/json",
    // A GET has none, and the server says so.
    body: form.method === "GET" ? "" : form.body,
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
    ...(Object.keys(success).length > 0 && { success }),
    ...(form.idPath.trim() && { idPath: form.idPath.trim() }),
    ...(form.isRepeatSafe !== null && { isRepeatSafe: form.isRepeatSafe }),
  };
}
