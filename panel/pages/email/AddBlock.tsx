import { Menu } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../../ui/language.tsx";
import { blockIcons } from "./blockIcons.ts";
import type { BlockKind } from "./blocks.ts";

interface AddBlockProps {
  kinds: readonly BlockKind[];
  onAdd(kind: BlockKind): void;
  /** The button. */
  children: ReactNode;
}

/** Offers the kinds of blocks. */
export function AddBlock({ kinds, onAdd, children }: AddBlockProps) {
  const { strings } = useWords();
  return (
    <Menu withinPortal position="bottom" width={190}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {kinds.map((kind) => {
          const Icon = blockIcons[kind];
          return (
            <Menu.Item
              key={kind}
              leftSection={<Icon size={16} stroke={1.7} aria-hidden />}
              onClick={() => onAdd(kind)}
            >
              {strings.email.design.kinds[kind]}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
