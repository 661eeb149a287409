import { isRecord } from "../../ui/rules.ts";
import { type HttpForm, readHttpForm, writeHttpConfig } from "./httpConfig.ts";

/** A configuration that is being written: by a form, where the provider has one, or as JSON. */
export type ConfigDraft =
  | { view: "form"; form: HttpForm; before: Record<string, unknown> }
  | { view: "json"; text: string };

const textOf = (config: Record<string, unknown>): string => JSON.stringify(config, null, 2);

/** A draft of the configuration, in the view that can show it. Only the provider `http` has a form of its own. */
export function draftOf(provider: string, config: Record<string, unknown>, newId: () => string): ConfigDraft {
  const form = provider === "http" ? readHttpForm(config, newId) : null;
  return form === null ? { view: "json", text: textOf(config) } : { view: "form", form, before: config };
}

/** What the draft says; or what is wrong with its JSON. */
export function configOf(
  draft: ConfigDraft,
): { config: Record<string, unknown>; fault: null } | { config: null; fault: "not_json" | "not_object" } {
  if (draft.view === "form") return { config: writeHttpConfig(draft.form, draft.before), fault: null };
  try {
    const config: unknown = JSON.parse(draft.text);
    return isRecord(config) ? { config, fault: null } : { config: null, fault: "not_object" };
  } catch {
    return { config: null, fault: "not_json" };
  }
}

/** The same as JSON. */
export const asJson = (draft: ConfigDraft): ConfigDraft => {
  const { config } = configOf(draft);
  return config === null ? draft : { view: "json", text: textOf(config) };
};

/** The same in the form; null where there is none, or where it cannot show all of it. */
export function asForm(draft: ConfigDraft, provider: string, newId: () => string): ConfigDraft | null {
  const { config } = configOf(draft);
  const read = config && draftOf(provider, config, newId);
  return read?.view === "form" ? read : null;
}
