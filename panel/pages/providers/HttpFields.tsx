import { Select, Textarea, TextInput } from "@mantine/core";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { HttpAnswerFields } from "./HttpAnswerFields.tsx";
import type { HttpFieldsProps, HttpForm } from "./httpConfig.ts";
import { machine } from "./machine.ts";
import { NamedValues } from "./NamedValues.tsx";
import styles from "./ProviderForm.module.css";

/** The main members of the generic HTTP provider: what to call, and how to read the answer. */
export function HttpFields({ form, channel, onChange, faults }: HttpFieldsProps) {
  const { strings } = useWords();
  const texts = strings.providers.http;
  const set = (change: Partial<HttpForm>) => onChange({ ...form, ...change });
  return (
    <>
      <fieldset className={styles.group}>
        <legend>{texts.request}</legend>
        <p className={styles.hint}>{texts.requestHint}</p>
        <div className={styles.address}>
          <Select
            label={texts.method}
            data={["POST", "GET", "PUT"]}
            allowDeselect={false}
            value={form.method}
            onChange={(method) => method !== null && set({ method })}
            error={faults.method}
          />
          <TextInput
            label={texts.url}
            withAsterisk
            placeholder="https://api.example.com/v1/messages"
            attributes={machine}
            maxLength={2000}
            value={form.url}
            onChange={({ currentTarget }) => set({ url: currentTarget.value })}
            error={faults.url}
          />
        </div>
        {form.method !== "GET" && (
          <>
            <TextInput
              label={texts.contentType}
              attributes={machine}
              maxLength={100}
              value={form.contentType}
              onChange={({ currentTarget }) => set({ contentType: currentTarget.value })}
              error={faults.contentType}
            />
            <Textarea
              label={texts.body}
              description={texts.bodyHint}
              inputWrapperOrder={belowInput}
              attributes={machine}
              classNames={{ input: styles.code ?? "" }}
              autosize
              minRows={4}
              maxRows={16}
              value={form.body}
              onChange={({ currentTarget }) => set({ body: currentTarget.value })}
              error={faults.body}
            />
          </>
        )}
        <p className={styles.hint}>
          {texts.fields}:{" "}
          <bdi className="mono">
            to, content, subject, {channel === "email" && "html, unsubscribeUrl, "}
            data, notification, userId, deliveryId, messageId, trackId, secrets
          </bdi>
        </p>
        <NamedValues
          texts={{
            label: texts.headers,
            hint: texts.headersHint,
            name: texts.headerName,
            value: texts.headerValue,
            nameHint: texts.headerNameHint,
            valueHint: texts.headerValueHint,
            add: texts.addHeader,
            remove: texts.removeHeader,
          }}
          rows={form.headers}
          onChange={(headers) => set({ headers })}
          error={faults.headers}
        />
        <NamedValues
          texts={{
            label: texts.secrets,
            hint: texts.secretsHint,
            name: texts.secretName,
            value: texts.secretValue,
            nameHint: texts.secretNameHint,
            valueHint: "",
            add: texts.addSecret,
            remove: texts.removeSecret,
          }}
          rows={form.secrets}
          onChange={(secrets) => set({ secrets })}
          error={faults.secrets}
        />
      </fieldset>
      <HttpAnswerFields form={form} channel={channel} onChange={onChange} faults={faults} />
    </>
  );
}
