import { Button, Group, NumberInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type ReactNode, useState } from "react";
import type { ProviderAccount, ProviderKind } from "../../../server/providers/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { ConfigEditor, type ConfigFault } from "./ConfigEditor.tsx";
import { configOf, draftOf } from "./configDraft.ts";
import type { AccountChannel } from "./newProvider.ts";
import styles from "./ProviderForm.module.css";

/** What of an account can be written. */
type AccountValues = Pick<ProviderAccount, "name" | "config" | "ratePerSecond" | "concurrency" | "priority">;

interface ProviderFormProps {
  channel: AccountChannel;
  provider: string;
  kind: ProviderKind | undefined;
  initial: AccountValues;
  submitLabel: string;
  isSaving: boolean;
  /** Rejects with what the server has against it. */
  onSubmit(values: AccountValues): Promise<unknown>;
  /** What the account is made of, before its name. */
  children?: ReactNode;
}

/** An account of a provider: its name, its pace, and what the provider needs. */
export function ProviderForm(props: ProviderFormProps) {
  const { channel, provider, kind, initial, isSaving } = props;
  const { strings } = useWords();
  const texts = strings.providers.form;
  const sayProblem = useSayProblem();
  const [draft, setDraft] = useState(() => draftOf(provider, initial.config, newIdempotencyKey));
  const [faults, setFaults] = useState<ConfigFault[]>([]);
  const form = useForm({
    initialValues: {
      name: initial.name,
      ratePerSecond: initial.ratePerSecond ?? ("" as number | string),
      concurrency: initial.concurrency as number | string,
      priority: initial.priority as number | string,
    },
    validate: {
      name: (value) => (value.trim() === "" ? texts.nameRequired : null),
      ratePerSecond: (value) => (value === "" || isWithin(value, 0.1, 100_000) ? null : texts.rateWrong),
      concurrency: (value) => (isWithin(value, 1, 1000) ? null : texts.concurrencyWrong),
      priority: (value) => (isWithin(value, 0, 1000) ? null : texts.priorityWrong),
    },
  });

  const submit = form.onSubmit(async (values) => {
    const { config } = configOf(draft);
    if (config === null) return;
    if (draft.view === "form" && draft.form.url.trim() === "")
      return setFaults([{ path: "url", detail: strings.providers.http.urlRequired }]);
    setFaults([]);
    try {
      await props.onSubmit({
        name: values.name.trim(),
        config,
        ratePerSecond: values.ratePerSecond === "" ? null : Number(values.ratePerSecond),
        concurrency: Number(values.concurrency),
        priority: Number(values.priority),
      });
    } catch (error) {
      const errors = error instanceof ApiProblem ? error.errors : [];
      const inConfig = errors.flatMap(({ pointer, detail }) =>
        pointer.startsWith("/config") ? [{ path: pointer.slice(8).replaceAll("/", "."), detail }] : [],
      );
      const others = errors.filter(({ pointer }) => !pointer.startsWith("/config"));
      setFaults(inConfig);
      form.setErrors(Object.fromEntries(others.map(({ pointer, detail }) => [pointer.slice(1), detail])));
      if (errors.length === 0) sayProblem(error);
    }
  });

  return (
    <form onSubmit={submit} noValidate className={styles.stack}>
      <Card title={texts.account}>
        <div className={styles.stack}>
          {props.children}
          <div className={styles.pair}>
            <TextInput
              label={texts.name}
              placeholder={texts.namePlaceholder}
              withAsterisk
              attributes={{ input: { dir: "auto" } }}
              maxLength={100}
              {...form.getInputProps("name")}
            />
            <NumberInput
              label={texts.rate}
              description={texts.rateHint}
              inputWrapperOrder={belowInput}
              hideControls
              {...form.getInputProps("ratePerSecond")}
            />
          </div>
          <details className={styles.schema}>
            <summary>{texts.more}</summary>
            <div className={styles.pair}>
              <NumberInput
                label={texts.concurrency}
                description={texts.concurrencyHint}
                inputWrapperOrder={belowInput}
                allowDecimal={false}
                hideControls
                {...form.getInputProps("concurrency")}
              />
              <NumberInput
                label={texts.priority}
                description={texts.priorityHint}
                inputWrapperOrder={belowInput}
                allowDecimal={false}
                hideControls
                {...form.getInputProps("priority")}
              />
            </div>
          </details>
        </div>
      </Card>
      <Card title={texts.json}>
        <ConfigEditor
          kind={kind}
          provider={provider}
          channel={channel}
          draft={draft}
          onChange={setDraft}
          faults={faults}
        />
      </Card>
      <Group justify="flex-end">
        <Button type="submit" loading={isSaving} disabled={configOf(draft).config === null}>
          {props.submitLabel}
        </Button>
      </Group>
    </form>
  );
}

const isWithin = (value: number | string, low: number, high: number): boolean =>
  value !== "" && Number(value) >= low && Number(value) <= high;
