import { Button, Group, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import type { Erased } from "../../../server/profiles/schema.ts";
import { nameOf } from "../../../server/users/name-of.ts";
import { useEraseUser } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./EraseUser.module.css";

interface EraseUserProps {
  user: UserWithInstallations;
  isOpen: boolean;
  onClose(): void;
  onErased(erased: Erased): void;
}

/** Deletes a person for good, after saying what goes and what stays, and once their id was typed. */
export function EraseUser({ isOpen, onClose, ...props }: EraseUserProps) {
  const { strings } = useWords();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<strong>{strings.users.erase.title(nameOf(props.user.attributes) ?? props.user.userId)}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <EraseForm {...props} onClose={onClose} />
    </Modal>
  );
}

function EraseForm({ user, onClose, onErased }: Omit<EraseUserProps, "isOpen">) {
  const { strings } = useWords();
  const texts = strings.users.erase;
  const erase = useEraseUser(user.userId);
  const sayProblem = useSayProblem();
  const [typed, setTyped] = useState("");
  const isMeant = typed.trim() === user.userId.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isMeant) erase.mutate(undefined, { onSuccess: onErased, onError: sayProblem });
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <WhatGoes user={user} />
      <TextInput
        label={
          <>
            {texts.typeId} <bdi className={`mono ${styles.id}`}>{user.userId}</bdi>
          </>
        }
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        attributes={{ input: { dir: "auto" } }}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {strings.common.cancel}
        </Button>
        <Button type="submit" color="red" disabled={!isMeant} loading={erase.isPending}>
          {texts.confirm}
        </Button>
      </Group>
    </form>
  );
}

function WhatGoes({ user }: { user: UserWithInstallations }) {
  const { strings, format } = useWords();
  const texts = strings.users.erase;
  const count = user.installations.length;
  return (
    <>
      <div>
        <h3 className={styles.heading}>{texts.goes}</h3>
        <ul className={styles.list}>
          <li>{texts.goesProfile}</li>
          {count > 0 && <li>{texts.goesDevices(count, format.number(count))}</li>}
          <li>{texts.goesEvents}</li>
          <li>{texts.goesSegments}</li>
          <li>{texts.goesWords}</li>
          <li>{texts.goesFiles}</li>
        </ul>
      </div>
      <div>
        <h3 className={styles.heading}>{texts.stays}</h3>
        <ul className={styles.list}>
          <li>{texts.staysDeliveries}</li>
          <li>{texts.staysProof}</li>
        </ul>
      </div>
      <p className={styles.warning}>{texts.warning}</p>
    </>
  );
}
