import { Button, Group, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type ReactNode, useState } from "react";
import type { ProviderAccount, ProviderKind } from "../../../server/providers/schema.ts";
import { newIdempotencyKey } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { Folded } from "../../ui/Folded.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { useUnsaved } from "../../ui/useUnsaved.tsx";
import { readNumber } from "../segments/values.ts";
import { ConfigEditor, type ConfigFault } from "./ConfigEditor.tsx";
import { type ConfigDraft, configOf, draftOf, isIncomplete } from "./configDraft.ts";
import type { AccountChannel } from "./newProvider.ts";
import styles from "./ProviderForm.module.css";

/** What of an account can be written. */
type AccountValues = Pick<
  ProviderAccount,
  "name" | "config" | "ratePerSecond" | "concurrency" | "priority" | "price"
>;

interface ProviderFormProps {
  channel: AccountChannel;
  provider: string;
  kind: ProviderKind | undefined;
  initial: AccountValues;
  submitLabel: string;
  isSaving: boolean;
  /** Rejects with what the server has against it. */
  onSubmit(values: AccountValues): Promise<unknown>;
  /** Beside the configuration: where what it asks for comes from. */
  aside?: ReactNode;
  /** In the card of the configuration, below its fields. */
  help?: ReactNode;
}

/** An account of a provider: what the provider needs, its name and its pace. */
export function ProviderForm(props: ProviderFormProps) {
  const { channel, provider, kind, initial, isSaving, aside } = props;
  const { strings, format } = useWords();
  const texts = strings.providers.form;
  const sayProblem = useSayProblem();
  const [first] = useState(() => draftOf(provider, initial.config, newIdempotencyKey));
  const [draft, setDraft] = useState(first);
  const [faults, setFaults] = useState<ConfigFault[]>([]);
  const [isChecked, setChecked] = useState(false);
  const form = useForm({
    initialValues: {
      name: initial.name,
      ratePerSecond: initial.ratePerSecond === null ? "" : format.plain(initial.ratePerSecond),
      concurrency: format.plain(initial.concurrency),
      priority: format.plain(initial.priority),
      amount: initial.price === null ? "" : format.plain(initial.price.amount),
      currency: initial.price?.currency ?? "",
    },
    validate: {
      name: (value) => (value.trim() === "" ? texts.nameRequired : null),
      ratePerSecond: (value) =>
        value.trim() === "" || isWithin(value, 0.1, 100_000) ? null : texts.rateWrong,
      concurrency: (value) => (isWhole(value, 1, 1000) ? null : texts.concurrencyWrong),
      priority: (value) => (isWhole(value, 0, 1000) ? null : texts.priorityWrong),
      amount: (value, { currency }) =>
        (value.trim() === "" && currency.trim() === "") || isWithin(value, 0, 1_000_000)
          ? null
          : texts.amountWrong,
      currency: (value, { amount }) =>
        (value.trim() === "" && amount.trim() === "") || /^[a-z]{3}$/i.test(value.trim())
          ? null
          : texts.currencyWrong,
    },
  });

  const [saved, setSaved] = useState(first);
  const unsaved = useUnsaved(form.isDirty() || draft !== saved);

  // What is at fault must be seen.
  const isHiddenAtFault = ["concurrency", "priority", "amount", "currency"].some(
    (name) => name in form.errors,
  );
  const submit = form.onSubmit(
    async (values) => {
      setChecked(true);
      const { config } = configOf(draft);
      if (config === null || isIncomplete(draft)) return;
      setFaults([]);
      unsaved.release();
      try {
        await props.onSubmit({
          name: values.name.trim(),
          config,
          ratePerSecond: readNumber(values.ratePerSecond),
          // Checked above to be numbers.
          concurrency: readNumber(values.concurrency) ?? initial.concurrency,
          priority: readNumber(values.priority) ?? initial.priority,
          price: priceOf(values),
        });
        setSaved(draft);
        form.resetDirty();
        unsaved.hold();
      } catch (error) {
        unsaved.hold();
        const errors = error instanceof ApiProblem ? error.errors : [];
        const inConfig = errors.flatMap(({ pointer, detail }) =>
          pointer.startsWith("/config") ? [{ path: pointer.slice(8).replaceAll("/", "."), detail }] : [],
        );
        const others = errors.filter(({ pointer }) => !pointer.startsWith("/config"));
        setFaults(inConfig);
        form.setErrors(Object.fromEntries(others.map(({ pointer, detail }) => [pointer.slice(1), detail])));
        if (errors.length === 0) sayProblem(error);
      }
    },
    () => setChecked(true),
  );
  const change = (next: ConfigDraft) => {
    setFaults((old) => old.filter(({ path }) => isUntouched(draft, next, path.split(".")[0] ?? "")));
    setDraft(next);
  };

  return (
    <form onSubmit={submit} noValidate className={styles.stack}>
      {unsaved.dialog}
      <div className={aside === undefined ? styles.stack : styles.guided}>
        <ConfigEditor
          kind={kind}
          provider={provider}
          channel={channel}
          draft={draft}
          initial={first}
          onChange={change}
          faults={faults}
          isChecked={isChecked}
        >
          {props.help}
        </ConfigEditor>
        {aside !== undefined && <div className={styles.aside}>{aside}</div>}
      </div>
      <Card title={texts.account}>
        <div className={styles.stack}>
          <div className={styles.pair}>
            <TextInput
              label={texts.name}
              description={texts.nameHint}
              inputWrapperOrder={belowInput}
              placeholder={texts.namePlaceholder}
              withAsterisk
              attributes={{ input: { dir: "auto" } }}
              maxLength={100}
              {...form.getInputProps("name")}
            />
            <TextInput
              inputMode="decimal"
              label={texts.rate}
              description={texts.rateHint}
              inputWrapperOrder={belowInput}
              {...form.getInputProps("ratePerSecond")}
            />
          </div>
          <Folded title={texts.more} mustShow={isHiddenAtFault}>
            <div className={styles.pair}>
              <TextInput
                inputMode="decimal"
                label={texts.concurrency}
                description={texts.concurrencyHint}
                inputWrapperOrder={belowInput}
                {...form.getInputProps("concurrency")}
              />
              <TextInput
                inputMode="decimal"
                label={texts.priority}
                description={texts.priorityHint}
                inputWrapperOrder={belowInput}
                {...form.getInputProps("priority")}
              />
              <TextInput
                inputMode="decimal"
                label={channel === "sms" ? texts.amountOfSms : texts.amount}
                description={texts.amountHint}
                inputWrapperOrder={belowInput}
                {...form.getInputProps("amount")}
              />
              <TextInput
                label={texts.currency}
                description={texts.currencyHint}
                inputWrapperOrder={belowInput}
                attributes={{ input: { dir: "ltr" } }}
                maxLength={3}
                {...form.getInputProps("currency")}
              />
            </div>
          </Folded>
        </div>
      </Card>
      <Group justify="flex-end">
        <Button type="submit" loading={isSaving} disabled={configOf(draft).config === null}>
          {props.submitLabel}
        </Button>
      </Group>
    </form>
  );
}

/** Whether a member, or without a name all of it, is as it was when the server had something against it. */
function isUntouched(old: ConfigDraft, next: ConfigDraft, member: string): boolean {
  const textOf = ({ config }: ReturnType<typeof configOf>) =>
    JSON.stringify(member === "" ? config : config?.[member]);
  return textOf(configOf(old)) === textOf(configOf(next));
}

function priceOf({ amount, currency }: { amount: string; currency: string }): ProviderAccount["price"] {
  const value = readNumber(amount);
  return value === null ? null : { amount: value, currency: currency.trim().toUpperCase() };
}

/** Numbers may be typed in Persian digits, too. */
const isWithin = (text: string, low: number, high: number): boolean => {
  const value = readNumber(text);
  return value !== null && value >= low && value <= high;
};

const isWhole = (text: string, low: number, high: number): boolean =>
  isWithin(text, low, high) && Number.isInteger(readNumber(text));
