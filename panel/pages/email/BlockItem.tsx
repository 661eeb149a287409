import { ActionIcon, Button, Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconCopy, IconDotsVertical, IconTrash } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import type { EmailBlock, EmailDesign } from "../../../server/templates/email/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { BlockLook } from "./BlockLook.tsx";
import { blockIcons } from "./blockIcons.ts";
import type { FieldsProps } from "./blockParts.tsx";
import styles from "./DesignEditor.module.css";
import type { EmailFault } from "./emailFaults.ts";

interface BlockItemProps {
  block: EmailBlock;
  theme: EmailDesign["theme"];
  /** From 0. */
  place: number;
  count: number;
  isOpen: boolean;
  onToggle(): void;
  onChange(block: EmailBlock): void;
  onMove(by: -1 | 1): void;
  /** Undefined where there is no room for another. */
  onDuplicate: (() => void) | undefined;
  onRemove(): void;
  /** Named from the block on: `/text`. */
  faults: readonly EmailFault[];
  /** The fields of the open block. */
  fields(props: FieldsProps<EmailBlock>): ReactNode;
}

/** One block: about what it looks like and, once it is opened, its fields. Alt with an arrow moves it, too. */
export function BlockItem(props: BlockItemProps) {
  const { block, theme, place, count, isOpen, onToggle, onChange, onMove, faults } = props;
  const { strings, format } = useWords();
  const texts = strings.email.design;
  const up = useRef<HTMLButtonElement>(null);
  const down = useRef<HTMLButtonElement>(null);
  const look = useRef<HTMLButtonElement>(null);
  const pressed = useRef<"up" | "down" | "look" | null>(null);
  const move = (by: -1 | 1, from: "up" | "down" | "look") => {
    if (place + by < 0 || place + by >= count) return;
    pressed.current = from;
    onMove(by);
  };
  useEffect(() => {
    // What is moved loses the focus, and so does a button that is disabled.
    const from = pressed.current;
    if (from === "look") look.current?.focus();
    else if (from !== null)
      (place > 0 && (from === "up" || place === count - 1) ? up : down).current?.focus();
    pressed.current = null;
  }, [place, count]);
  const byKey = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    move(by === -1 ? -1 : 1, "look");
  };
  const Icon = blockIcons[block.kind];
  const name = [texts.kinds[block.kind], format.number(place + 1)] as const;
  const hasFields = block.kind !== "divider";
  const isWrong = faults.length > 0;
  return (
    <div className={styles.item} data-open={isOpen || undefined} data-fault={isWrong || undefined}>
      <UnstyledButton
        ref={look}
        className={styles.look ?? ""}
        aria-label={texts.open(...name)}
        aria-expanded={hasFields ? isOpen : undefined}
        aria-invalid={isWrong || undefined}
        onClick={() => hasFields && onToggle()}
        onKeyDown={byKey}
      >
        <Icon size={18} stroke={1.7} aria-hidden className={styles.kind} />
        <BlockLook block={block} theme={theme} />
      </UnstyledButton>
      <div className={styles.tools}>
        <ActionIcon
          ref={up}
          variant="subtle"
          color="gray"
          size="md"
          aria-label={texts.moveUp(...name)}
          disabled={place === 0}
          onClick={() => move(-1, "up")}
        >
          <IconChevronUp size={16} />
        </ActionIcon>
        <ActionIcon
          ref={down}
          variant="subtle"
          color="gray"
          size="md"
          aria-label={texts.moveDown(...name)}
          disabled={place === count - 1}
          onClick={() => move(1, "down")}
        >
          <IconChevronDown size={16} />
        </ActionIcon>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="md" aria-label={texts.more(...name)}>
              <IconDotsVertical size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {props.onDuplicate !== undefined && (
              <Menu.Item leftSection={<IconCopy size={15} />} onClick={props.onDuplicate}>
                {texts.duplicate}
              </Menu.Item>
            )}
            <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={props.onRemove}>
              {texts.remove}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {isWrong && !isOpen && (
        <p className={styles.fault} role="alert">
          {strings.email.compose.broken} <bdi>{faults[0]?.detail}</bdi>
        </p>
      )}
      {isOpen && hasFields && (
        <div className={styles.fields}>
          {props.fields({ block, theme, onChange, faults })}
          <Button variant="subtle" size="compact-sm" className={styles.done ?? ""} onClick={onToggle}>
            {texts.close}
          </Button>
        </div>
      )}
    </div>
  );
}
