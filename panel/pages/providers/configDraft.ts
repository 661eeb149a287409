import { isRecord } from "../../ui/rules.ts";
import { type HttpForm, readHttpForm, writeHttpConfig } from "./httpConfig.ts";
import {
  type FormProvider,
  faultsOfForm,
  isFormProvider,
  type MemberForm,
  readMemberForm,
  writeMemberConfig,
} from "./memberConfig.ts";

/** A form of a provider's own, as it is filled in. */
export type ProviderForms =
  | { provider: "http"; form: HttpForm }
  | { provider: FormProvider; form: MemberForm };

/** A configuration that is being written: by a form, where the provider has one, or as JSON. */
export type ConfigDraft =
  | { view: "form"; filled: ProviderForms; before: Record<string, unknown> }
  | { view: "json"; text: string };

const textOf = (config: Record<string, unknown>): string => JSON.stringify(config, null, 2);

/** A draft of the configuration, in the view that can show it. */
export function draftOf(provider: string, config: Record<string, unknown>, newId: () => string): ConfigDraft {
  const filled = readForm(provider, config, newId);
  return filled === null ? { view: "json", text: textOf(config) } : { view: "form", filled, before: config };
}

function readForm(
  provider: string,
  config: Record<string, unknown>,
  newId: () => string,
): ProviderForms | null {
  if (provider === "http") {
    const form = readHttpForm(config, newId);
    return form && { provider, form };
  }
  if (!isFormProvider(provider)) return null;
  const form = readMemberForm(provider, config);
  return form && { provider, form };
}

/** What the draft says; or what is wrong with its JSON. */
export function configOf(
  draft: ConfigDraft,
): { config: Record<string, unknown>; fault: null } | { config: null; fault: "not_json" | "not_object" } {
  if (draft.view === "form") {
    const { filled, before } = draft;
    const config =
      filled.provider === "http"
        ? writeHttpConfig(filled.form, before)
        : writeMemberConfig(filled.provider, filled.form, before);
    return { config, fault: null };
  }
  try {
    const config: unknown = JSON.parse(draft.text);
    return isRecord(config) ? { config, fault: null } : { config: null, fault: "not_object" };
  } catch {
    return { config: null, fault: "not_json" };
  }
}

/** Whether something is missing or wrong that can be told before the server is asked. */
export function isIncomplete(draft: ConfigDraft): boolean {
  if (draft.view === "json") return configOf(draft).config === null;
  const { filled } = draft;
  if (filled.provider === "http") return filled.form.url.trim() === "";
  return Object.keys(faultsOfForm(filled.provider, filled.form)).length > 0;
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
