import { Button, Group, Modal, Radio, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { type Permission, permissions } from "../../../server/accounts/roles.ts";
import { useCreateToken } from "../../api/tokens.ts";
import { useMay } from "../../ui/appContext.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./NewTokenDialog.module.css";

/** Days after which a token expires; blank is never. */
const expiries = ["", "7", "30", "90", "365"];

type Area = keyof ReturnType<typeof useWords>["strings"]["access"]["tokens"]["areas"];
const areas = [...new Set(permissions.map((permission) => permission.split(":")[0] as Area))];
const known = new Set<string>(permissions);

/** Asks what a token is for, and shows its secret once. */
export function NewTokenDialog({ onClose }: { onClose(): void }) {
  const { strings, format } = useWords();
  const texts = strings.access.tokens;
  const [name, setName] = useState("");
  const [isAll, setAll] = useState(false);
  const [scopes, setScopes] = useState<readonly Permission[]>([]);
  const [days, setDays] = useState("");
  const [isChecked, setChecked] = useState(false);
  const create = useCreateToken();
  const sayProblem = useSayProblem();
  const isNamed = name.trim() !== "";
  const hasScopes = isAll || scopes.length > 0;
  const submit = () => {
    setChecked(true);
    if (!isNamed || !hasScopes) return;
    const expiresAt = days === "" ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
    create.mutate(
      { name: name.trim(), scopes: isAll ? null : [...scopes], expiresAt },
      { onError: sayProblem },
    );
  };
  const close = { "aria-label": strings.common.close };
  if (create.data !== undefined)
    return (
      <Modal opened onClose={onClose} title={<strong>{create.data.name}</strong>} closeButtonProps={close}>
        <Stack gap="md">
          <p>{texts.shownOnce}</p>
          <CodeBlock code={create.data.token} label={texts.title} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{strings.access.team.done}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} title={<strong>{texts.add}</strong>} size="lg" closeButtonProps={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            inputWrapperOrder={belowInput}
            attributes={{ input: { dir: "auto" } }}
            maxLength={100}
            data-autofocus
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={isChecked && !isNamed ? strings.signIn.required : undefined}
          />
          <Radio.Group
            label={texts.scopes}
            value={isAll ? "all" : "some"}
            onChange={(value) => setAll(value === "all")}
            error={isChecked && !hasScopes ? texts.scopesWrong : undefined}
          >
            <Stack gap="xs" mt={6}>
              <Radio value="some" label={texts.some} />
              {!isAll && <Scopes scopes={scopes} onChange={setScopes} />}
              <Radio value="all" label={texts.everything} />
            </Stack>
          </Radio.Group>
          <Select
            label={texts.expires}
            allowDeselect={false}
            data={expiries.map((value) => ({
              value,
              label:
                value === ""
                  ? texts.expiry.never
                  : texts.expiry.days(Number(value), format.number(Number(value))),
            }))}
            value={days}
            onChange={(value) => setDays(value ?? "")}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {strings.common.cancel}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {texts.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** For each part of the API nothing, reading, or reading and writing; never more than who asks may do. */
function Scopes(props: { scopes: readonly Permission[]; onChange(scopes: readonly Permission[]): void }) {
  const { strings } = useWords();
  const texts = strings.access.tokens;
  const may = useMay();
  return (
    <ul className={styles.scopes}>
      {areas.map((area) => {
        const choices = (["read", "write"] as const).filter(
          (verb) => known.has(`${area}:${verb}`) && may(`${area}:${verb}` as Permission),
        );
        if (choices.length === 0) return null;
        const chosen = props.scopes.find((scope) => scope.startsWith(`${area}:`))?.split(":")[1] ?? "none";
        const choose = (verb: string) =>
          props.onChange([
            ...props.scopes.filter((scope) => !scope.startsWith(`${area}:`)),
            ...(verb === "none" ? [] : [`${area}:${verb}` as Permission]),
          ]);
        return (
          <li key={area} className={styles.scope}>
            <span>{texts.areas[area]}</span>
            <SegmentedControl
              size="xs"
              aria-label={texts.access(texts.areas[area])}
              data={[
                { value: "none", label: texts.none },
                ...choices.map((verb) => ({ value: verb, label: texts[verb] })),
              ]}
              value={chosen}
              onChange={choose}
            />
          </li>
        );
      })}
    </ul>
  );
}
