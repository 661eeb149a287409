import { Button, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { PublicKey } from "../../../server/accounts/public-keys-schema.ts";
import { asProblem } from "../../api/problem.ts";
import { useSavePublicKey } from "../../api/publicKeys.ts";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./SetupPage.module.css";
import type { SetUp } from "./snippets.ts";

interface SetUpValuesProps {
  mayMake: boolean;
  setUp: SetUp;
  /** Undefined until they are known. */
  keys: readonly PublicKey[] | undefined;
  chosen: string | null;
  onChoose(id: string): void;
}

/** Address, app and key that the code has in it; the key may be another one, or be made. */
export function SetUpValues({ mayMake, setUp, keys, chosen, onChoose }: SetUpValuesProps) {
  const { strings } = useWords();
  const texts = strings.setup;
  return (
    <Card
      title={texts.values}
      actions={
        <Link to="/settings/apps" className="text-link">
          {texts.manageKeys}
        </Link>
      }
    >
      <dl className={styles.values}>
        <Value name={texts.address} value={setUp.url} />
        <Value name={texts.app} value={setUp.appId} />
      </dl>
      {keys !== undefined && keys.length > 0 && (
        <Select
          label={texts.key}
          description={texts.keyHint}
          value={chosen}
          allowDeselect={false}
          attributes={{ input: { dir: "ltr" } }}
          data={keys.map(({ id, name, key }) => ({ value: id, label: `${name} · ${key}` }))}
          onChange={(id) => id !== null && onChoose(id)}
        />
      )}
      {keys?.length === 0 && mayMake && <MakeKey onMade={onChoose} />}
    </Card>
  );
}

function Value({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.value}>
      <dt className="soft">{name}</dt>
      <dd dir="ltr">
        <bdi className="mono">{value}</bdi>
        <CopyButton text={value} />
      </dd>
    </div>
  );
}

function MakeKey({ onMade }: { onMade(id: string): void }) {
  const { strings } = useWords();
  const texts = strings.setup;
  const [site, setSite] = useState("");
  const save = useSavePublicKey(null);
  const make = (event: FormEvent) => {
    event.preventDefault();
    const origin = site.trim().replace(/\/+$/, "");
    save.mutate(
      { name: texts.keyName, origins: origin === "" ? [] : [origin] },
      {
        onSuccess: ({ id }) => {
          onMade(id);
          notifications.show({
            ...{ message: texts.made, closeButtonProps: { "aria-label": strings.common.close } },
          });
        },
      },
    );
  };
  const problem = save.isError ? asProblem(save.error) : null;
  return (
    <form onSubmit={make} className={styles.make}>
      <p className="soft">{texts.noKey}</p>
      <TextInput
        label={texts.site}
        description={texts.siteHint}
        placeholder="https://shop.example"
        value={site}
        error={problem && (problem.errors[0]?.detail ?? problem.detail)}
        attributes={{ input: { dir: "ltr" } }}
        onChange={({ currentTarget }) => setSite(currentTarget.value)}
      />
      <Button type="submit" loading={save.isPending}>
        {texts.makeKey}
      </Button>
    </form>
  );
}
