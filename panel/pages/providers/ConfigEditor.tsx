import { Alert, Textarea } from "@mantine/core";
import { useMemo } from "react";
import type { ProviderKind } from "../../../server/providers/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { Choice } from "../../ui/Choice.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { useWords } from "../../ui/language.tsx";
import { asForm, asJson, type ConfigDraft, configOf } from "./configDraft.ts";
import { HttpFields } from "./HttpFields.tsx";
import type { AccountChannel } from "./newProvider.ts";
import styles from "./ProviderForm.module.css";

/** What the server has against the configuration: where, and what. */
export interface ConfigFault {
  /** Path into the configuration, as `success.path`. */
  path: string;
  detail: string;
}

interface ConfigEditorProps {
  kind: ProviderKind | undefined;
  provider: string;
  channel: AccountChannel;
  draft: ConfigDraft;
  onChange(draft: ConfigDraft): void;
  faults: readonly ConfigFault[];
}

/** Members whose faults the form shows. */
const inFields = new Set(["method", "url", "contentType", "body", "headers", "secrets", "success", "idPath"]);

/** A configuration in the provider's own form, where it has one, and always as JSON. */
export function ConfigEditor({ kind, provider, channel, draft, onChange, faults }: ConfigEditorProps) {
  const { strings } = useWords();
  const texts = strings.providers.form;
  const inForm = useMemo(() => asForm(draft, provider, newIdempotencyKey), [draft, provider]);
  const byMember = Object.fromEntries(
    faults.map(({ path, detail }) => {
      const [member = "", ...inner] = path.split(".");
      return [member, inner.length > 0 ? `${inner.join(".")}: ${detail}` : detail];
    }),
  );
  // The form shows its own faults where they are.
  const listed =
    draft.view === "json" ? faults : faults.filter(({ path }) => !inFields.has(path.split(".")[0] ?? ""));
  return (
    <div className={styles.stack}>
      {provider === "http" && (
        <div className={styles.view}>
          <Choice
            label={texts.views}
            data={[
              { value: "form", label: texts.view.form, disabled: inForm === null },
              { value: "json", label: texts.view.json },
            ]}
            value={draft.view}
            onChange={(view) => {
              if (view === "json") onChange(asJson(draft));
              else if (inForm !== null) onChange(inForm);
            }}
          />
        </div>
      )}
      {listed.length > 0 && (
        <Alert color="red" role="alert" title={texts.faults}>
          <ul>
            {listed.map(({ path, detail }) => (
              <li key={`${path} ${detail}`} className="along" dir="auto">
                <bdi className="mono">{path}</bdi> {detail}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {draft.view === "form" ? (
        <HttpFields
          form={draft.form}
          channel={channel}
          onChange={(form) => onChange({ ...draft, form })}
          faults={byMember}
        />
      ) : (
        <JsonConfig text={draft.text} onChange={(text) => onChange({ view: "json", text })} kind={kind} />
      )}
    </div>
  );
}

function JsonConfig(props: { text: string; onChange(text: string): void; kind: ProviderKind | undefined }) {
  const { strings } = useWords();
  const texts = strings.providers.form;
  const { fault } = configOf({ view: "json", text: props.text });
  return (
    <>
      <Textarea
        label={texts.json}
        description={`${texts.jsonHint} ${texts.secretHint}`}
        attributes={{ input: { dir: "ltr", spellCheck: false, autoCapitalize: "off" } }}
        classNames={{ input: styles.code ?? "" }}
        autosize
        minRows={12}
        maxRows={30}
        value={props.text}
        onChange={({ currentTarget }) => props.onChange(currentTarget.value)}
        error={fault === null ? null : fault === "not_json" ? texts.jsonWrong : texts.jsonNotObject}
      />
      {props.kind !== undefined && (
        <details className={styles.schema}>
          <summary>{texts.schema}</summary>
          <CodeBlock code={JSON.stringify(props.kind.config, null, 2)} label={texts.schema} />
        </details>
      )}
    </>
  );
}
