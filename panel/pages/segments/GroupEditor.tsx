import { ActionIcon, Button, Select } from "@mantine/core";
import { IconCopy, IconFolderPlus, IconPlus, IconTrash } from "@tabler/icons-react";
import { Fragment } from "react";
import { useWords } from "../../ui/language.tsx";
import { matches } from "../../ui/rules.ts";
import { useBuilder } from "./builderContext.ts";
import { Faults } from "./Faults.tsx";
import { focusAround } from "./focusAround.ts";
import styles from "./GroupEditor.module.css";
import { RuleEditor } from "./RuleEditor.tsx";
import { RuleNumbers } from "./RuleNumbers.tsx";
import {
  type GroupNode,
  maxDepth,
  newGroup,
  newRule,
  withCopy,
  withItem,
  withMatch,
  without,
} from "./tree.ts";

interface GroupEditorProps {
  group: GroupNode;
  /** 1 for the outermost. */
  depth: number;
}

/** A group: how its items go together, the items, and what can be added. */
export function GroupEditor({ group, depth }: GroupEditorProps) {
  const { strings } = useWords();
  const texts = strings.segments.groups;
  const isRoot = depth === 1;
  const isAny = group.match === "any" || group.match === "none";
  return (
    <fieldset className={`${styles.group} ${isRoot ? styles.root : depth % 2 === 1 ? styles.light : ""}`}>
      <legend className="visually-hidden">{isRoot ? texts.root : texts.nested}</legend>
      <GroupHead group={group} isRoot={isRoot} />
      <Faults id={group.id} />
      {group.items.length === 0 ? (
        <p className={styles.empty}>{isRoot ? texts.empty : texts.emptyNested}</p>
      ) : (
        <div className={styles.items}>
          {group.items.map((item, index) => (
            <Fragment key={item.id}>
              {index > 0 && (
                <span className={styles.joint} aria-hidden>
                  {isAny ? texts.or : texts.and}
                </span>
              )}
              {item.kind === "group" ? (
                <GroupEditor group={item} depth={depth + 1} />
              ) : (
                <RuleEditor rule={item} place={index + 1} />
              )}
            </Fragment>
          ))}
        </div>
      )}
      <GroupFoot group={group} depth={depth} />
      {/* The outermost one's numbers are the totals. */}
      {!isRoot && <RuleNumbers id={group.id} />}
    </fieldset>
  );
}

function GroupHead({ group, isRoot }: { group: GroupNode; isRoot: boolean }) {
  const { strings } = useWords();
  const texts = strings.segments.groups;
  const { change, newId } = useBuilder();
  return (
    <div className={styles.head}>
      {isRoot && (
        <span className={styles.title} aria-hidden>
          {texts.root}
        </span>
      )}
      <Select
        aria-label={texts.label}
        className={styles.match ?? ""}
        allowDeselect={false}
        data={matches.map((value) => ({ value, label: texts[value] }))}
        value={group.match}
        onChange={(chosen) => {
          const match = matches.find((item) => item === chosen);
          if (match !== undefined) change((root) => withMatch(root, group.id, match));
        }}
      />
      {!isRoot && (
        <div className={styles.actions}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={texts.duplicate}
            title={texts.duplicate}
            onClick={() => change((root) => withCopy(root, group.id, newId))}
          >
            <IconCopy size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={texts.remove}
            title={texts.remove}
            onClick={(event) => {
              focusAround(event);
              change((root) => without(root, group.id));
            }}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}

function GroupFoot({ group, depth }: GroupEditorProps) {
  const { strings } = useWords();
  const texts = strings.segments.groups;
  const { change, newId, added } = useBuilder();
  const begin = () => {
    const rule = newRule(newId);
    added.current = rule.id;
    return rule;
  };
  const isTooDeep = depth >= maxDepth;
  return (
    <div className={styles.foot} data-add>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => {
          const rule = begin();
          change((root) => withItem(root, group.id, rule));
        }}
      >
        {texts.addRule}
      </Button>
      <Button
        variant="subtle"
        size="xs"
        leftSection={<IconFolderPlus size={14} />}
        disabled={isTooDeep}
        title={isTooDeep ? texts.tooDeep : undefined}
        onClick={() => {
          const rule = begin();
          // A group that says the same as the one around it would say nothing.
          const inner = newGroup(newId, group.match === "all" ? "any" : "all");
          change((root) => withItem(root, group.id, { ...inner, items: [rule] }));
        }}
      >
        {texts.addGroup}
      </Button>
    </div>
  );
}
