import { Alert, SegmentedControl, Textarea } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import type { ProviderKind } from "../../../server/providers/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { Folded } from "../../ui/Folded.tsx";
import { useWords } from "../../ui/language.tsx";
import { ApnsFields } from "./ApnsFields.tsx";
import { asForm, asJson, type ConfigDraft, configOf, type ProviderForms } from "./configDraft.ts";
import { FcmFields } from "./FcmFields.tsx";
import { HttpFields } from "./HttpFields.tsx";
import { type MemberForm, membersOf } from "./memberConfig.ts";
import type { AccountChannel } from "./newProvider.ts";
import { PhoneFields } from "./PhoneFields.tsx";
import styles from "./ProviderForm.module.css";
import { SmtpFields } from "./SmtpFields.tsx";
import { WebPushFields } from "./WebPushFields.tsx";

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
  /** As it was when it was opened. */
  initial: ConfigDraft;
  onChange(draft: ConfigDraft): void;
  faults: readonly ConfigFault[];
  /** Whether somebody tried to save it. */
  isChecked: boolean;
  /** Below the fields. */
  children?: ReactNode;
}

/** Members whose faults the form of the generic HTTP provider shows. */
const httpMembers = ["method", "url", "contentType", "body", "headers", "secrets", "success", "idPath"];

const memberOf = ({ path }: ConfigFault) => path.split(".")[0] ?? "";

/** A configuration in the provider's own form, where it has one, and always as JSON. */
export function ConfigEditor(props: ConfigEditorProps) {
  const { kind, provider, channel, draft, initial, onChange, faults, isChecked } = props;
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
  const inFields = draft.view === "json" ? [] : fieldsOf(draft.filled);
  const listed = faults.filter((fault) => !inFields.includes(memberOf(fault)));
  const hasForm = draft.view === "form" || inForm !== null || initial.view === "form";
  return (
    <Card
      title={texts.json}
      actions={
        hasForm && (
          <SegmentedControl
            size="xs"
            aria-label={texts.views}
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
        )
      }
    >
      <div className={styles.stack}>
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
          <Fields
            filled={draft.filled}
            initial={initial.view === "form" ? initial.filled : null}
            onChange={(filled) => onChange({ ...draft, filled })}
            channel={channel}
            faults={byMember}
            isChecked={isChecked}
            makesKeys={kind?.makesKeys ?? false}
          />
        ) : (
          <JsonConfig text={draft.text} onChange={(text) => onChange({ view: "json", text })} kind={kind} />
        )}
        {props.children}
      </div>
    </Card>
  );
}

const fieldsOf = (filled: ProviderForms): readonly string[] =>
  filled.provider === "http" ? httpMembers : membersOf(filled.provider);

interface FieldsProps {
  filled: ProviderForms;
  initial: ProviderForms | null;
  onChange(filled: ProviderForms): void;
  channel: AccountChannel;
  faults: Readonly<Record<string, string>>;
  isChecked: boolean;
  makesKeys: boolean;
}

function Fields({ filled, initial, onChange, channel, faults, isChecked, makesKeys }: FieldsProps) {
  const { strings } = useWords();
  if (filled.provider === "http") {
    const isLacking = isChecked && filled.form.url.trim() === "";
    return (
      <HttpFields
        form={filled.form}
        channel={channel}
        onChange={(form) => onChange({ ...filled, form })}
        faults={isLacking ? { url: strings.providers.http.urlRequired, ...faults } : faults}
      />
    );
  }
  const { provider, form } = filled;
  const fields = {
    ...{ form, faults, isChecked, onChange: (next: MemberForm) => onChange({ provider, form: next }) },
    initial: initial !== null && initial.provider !== "http" ? initial.form : {},
  };
  switch (provider) {
    case "fcm":
      return <FcmFields {...fields} />;
    case "apns":
      return <ApnsFields {...fields} />;
    case "webpush":
      return <WebPushFields {...fields} makesKeys={makesKeys} />;
    case "smtp":
      return <SmtpFields {...fields} makesKeys={makesKeys} />;
    default:
      return <PhoneFields key={provider} provider={provider} {...fields} />;
  }
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
        <Folded title={texts.schema}>
          <CodeBlock code={JSON.stringify(props.kind.config, null, 2)} label={texts.schema} />
        </Folded>
      )}
    </>
  );
}
