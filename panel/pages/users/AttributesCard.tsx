import { ActionIcon, Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import { useAttributes } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { AttributeForm } from "./AttributeForm.tsx";
import styles from "./AttributesCard.module.css";
import { AttributeValue } from "./AttributeValue.tsx";
import { type AttributeType, typeOfValue } from "./attributeValues.ts";

/** Attributes by name, to be added, changed and taken away. */
export function AttributesCard({ user }: { user: UserWithInstallations }) {
  const { strings } = useWords();
  const texts = strings.users.attribute;
  const types = new Map((useAttributes().data ?? []).map(({ name, type }) => [name, type]));
  const [isOpen, dialog] = useDisclosure(false);
  // Null adds one.
  const [name, setName] = useState<string | null>(null);
  const open = (which: string | null) => {
    setName(which);
    dialog.open();
  };
  const names = Object.keys(user.attributes).sort();
  const typeOf = (each: string): AttributeType => types.get(each) ?? typeOfValue(user.attributes[each]);
  return (
    <Card
      title={strings.users.attributes}
      actions={
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={() => open(null)}>
          {texts.add}
        </Button>
      }
    >
      {names.length === 0 && <p className="faint">{strings.users.noAttributes}</p>}
      <dl className={styles.list}>
        {names.map((each) => (
          <div key={each} className={styles.item}>
            <dt>
              <bdi>{each}</bdi>
            </dt>
            <dd>
              <AttributeValue type={typeOf(each)} value={user.attributes[each]} />
            </dd>
            <dd className={styles.edit}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={texts.edit(each)}
                onClick={() => open(each)}
              >
                <IconPencil size={16} />
              </ActionIcon>
            </dd>
          </div>
        ))}
      </dl>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={<strong>{name === null ? texts.addTitle : texts.editTitle(name)}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <AttributeForm
          user={user}
          known={types}
          attribute={name === null ? null : { name, type: typeOf(name) }}
          onClose={dialog.close}
        />
      </Modal>
    </Card>
  );
}
