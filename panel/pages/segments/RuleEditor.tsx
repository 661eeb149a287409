import { ActionIcon, Select } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import type { SegmentField } from "../../../server/segments/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { useBuilder } from "./builderContext.ts";
import { type Aspect, aspectName, aspectsOf, type Found, findField } from "./catalog.ts";
import { Faults } from "./Faults.tsx";
import { FieldPicker } from "./FieldPicker.tsx";
import { focusAround } from "./focusAround.ts";
import { OperatorSelect } from "./OperatorSelect.tsx";
import styles from "./RuleEditor.module.css";
import { RuleNumbers } from "./RuleNumbers.tsx";
import { type RuleNode, withCopy, without, withRule } from "./tree.ts";
import { UnknownField } from "./UnknownField.tsx";
import { ValueEditor } from "./ValueEditor.tsx";
import { carryOver, controlOf, firstValue, isComplete } from "./values.ts";

interface RuleEditorProps {
  rule: RuleNode;
  /** 1 for the first of its group. */
  place: number;
}

/** One rule: a field, how it is compared and with what; its faults and its numbers below. */
export function RuleEditor({ rule, place }: RuleEditorProps) {
  const { strings, format } = useWords();
  const texts = strings.segments.rule;
  const { fields, change, added } = useBuilder();
  const found = rule.name === "" ? null : findField(fields, rule.name, rule.operator);
  const put = (changed: Partial<RuleNode>) => change((root) => withRule(root, { ...rule, ...changed }));

  const chooseField = (field: SegmentField) => {
    added.current = null;
    put(startOf(field));
  };
  return (
    <fieldset className={styles.rule}>
      <legend className="visually-hidden">{texts.label(format.number(place))}</legend>
      <div className={styles.line}>
        <FieldPicker
          fields={fields.data}
          found={found}
          name={rule.name}
          isNew={added.current === rule.id}
          onChoose={chooseField}
        />
        {found === null ? (
          rule.name !== "" && <UnknownField rule={rule} />
        ) : (
          <Comparison rule={rule} found={found} onChange={put} />
        )}
        <RuleActions id={rule.id} />
      </div>
      {/* Of a field that is gone it is said above, in words of ours. */}
      {(found !== null || rule.name === "") && <Faults id={rule.id} />}
      {isComplete(rule) ? (
        <RuleNumbers id={rule.id} />
      ) : (
        <p className={styles.unfinished}>{rule.name === "" ? "" : texts.unfinished}</p>
      )}
    </fieldset>
  );
}

/** What a rule on the field begins with: its first operator. */
function startOf(field: SegmentField): Pick<RuleNode, "name" | "operator" | "value"> {
  const operator = field.operators[0] ?? "exists";
  return { name: field.name, operator, value: firstValue(controlOf(field, operator)) };
}

interface ComparisonProps {
  rule: RuleNode;
  found: Found;
  onChange(changed: Partial<RuleNode>): void;
}

function Comparison({ rule, found, onChange }: ComparisonProps) {
  const { field, event } = found;
  const control = controlOf(field, rule.operator);
  const chooseOperator = (operator: string) => {
    const next = controlOf(field, operator);
    const kept = carryOver(rule.value, control, next);
    onChange({ operator, value: kept ?? firstValue(next) });
  };
  return (
    <>
      {event !== null && <AspectSelect event={event} aspect={found.aspect} onChange={onChange} />}
      <OperatorSelect
        operators={field.operators}
        value={rule.operator}
        isEvent={field.type === "event"}
        onChange={chooseOperator}
      />
      {control.shape !== "none" && (
        <div className={control.shape === "event" || control.shape === "place" ? styles.wide : styles.value}>
          <ValueEditor
            key={`${rule.name} ${control.shape} ${control.base}`}
            control={control}
            field={field}
            operator={rule.operator}
            value={rule.value}
            onChange={(value) => onChange({ value })}
          />
        </div>
      )}
    </>
  );
}

interface AspectSelectProps {
  event: string;
  aspect: Aspect;
  onChange(changed: Partial<RuleNode>): void;
}

/** What of an event is asked: that it happened, or what all of them add up to. */
function AspectSelect({ event, aspect, onChange }: AspectSelectProps) {
  const { strings } = useWords();
  const texts = strings.segments;
  const { fields } = useBuilder();
  const aspects = aspectsOf(fields);
  const choose = (next: Aspect) => {
    const name = aspectName(event, next);
    const field = findField(fields, name, next === "event" ? "did" : "")?.field;
    if (field !== undefined) onChange(startOf(field));
  };
  return (
    <Select
      aria-label={texts.rule.aspect}
      className={styles.aspect ?? ""}
      allowDeselect={false}
      data={aspects.map((value) => ({ value, label: texts.aspects[value] }))}
      value={aspect}
      onChange={(chosen) => {
        const next = aspects.find((item) => item === chosen);
        if (next !== undefined && next !== aspect) choose(next);
      }}
    />
  );
}

function RuleActions({ id }: { id: string }) {
  const { strings } = useWords();
  const texts = strings.segments.rule;
  const { change, newId } = useBuilder();
  return (
    <div className={styles.actions}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={texts.duplicate}
        title={texts.duplicate}
        onClick={() => change((root) => withCopy(root, id, newId))}
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
          change((root) => without(root, id));
        }}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </div>
  );
}
