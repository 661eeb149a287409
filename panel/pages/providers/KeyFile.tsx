import "@mantine/dropzone/styles.layer.css";
import { Button, Input, Textarea, UnstyledButton } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconCircleCheck, IconFileUpload, IconLock } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useWords } from "../../ui/language.tsx";
import styles from "./KeyFile.module.css";
import { hiddenSecret } from "./memberConfig.ts";

/** Keys are a few kilobytes; what is larger is something else. */
const maxBytes = 100_000;

interface KeyFileProps {
  label: string;
  hint: string;
  drop: string;
  /** Endings that a dialog for files offers first. */
  accept: string;
  /** Text of the file; of a stored one what secrets look like. */
  value: string;
  onChange(text: string, fileName: string | null): void;
  /** Whether there is a stored one to go back to. */
  isStored: boolean;
  /** What was read of a good file. */
  facts: readonly { name: string; value: string }[];
  error: string | null;
  isOptional?: boolean;
  /** What a text is called that is from no file. */
  textName?: string;
}

/** A secret that comes as a file: dropped, chosen or pasted, and read here; a stored one is left as it is, or replaced. */
export function KeyFile(props: KeyFileProps) {
  const { label, hint, value, onChange, isStored, facts, error } = props;
  const { strings } = useWords();
  const texts = strings.push.file;
  const [fileName, setFileName] = useState<string | null>(null);
  const [isPasting, setPasting] = useState(false);
  const [isTooLarge, setTooLarge] = useState(false);
  const id = useId();
  const take = async ([file]: File[]) => {
    if (file === undefined) return;
    setTooLarge(file.size > maxBytes);
    if (file.size > maxBytes) return;
    setFileName(file.name);
    setPasting(false);
    onChange(await file.text(), file.name);
  };
  const fault = isTooLarge ? strings.push.faults.tooLarge : error;
  const clear = () => {
    setFileName(null);
    onChange("", null);
  };
  const state = value === hiddenSecret ? "stored" : value !== "" && fault === null ? "good" : "open";
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      description={state === "open" && fault === null ? hint : undefined}
      withAsterisk={!props.isOptional}
      error={fault}
      errorProps={{ id: `${id}-fault`, role: "alert" }}
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      {state === "stored" && (
        <div className={styles.read}>
          <IconLock size={20} stroke={1.7} aria-hidden className={styles.sign} />
          <p className={styles.facts}>{texts.stored}</p>
          <Button variant="default" size="xs" onClick={clear}>
            {texts.replace}
          </Button>
        </div>
      )}
      {state === "good" && (
        <div className={styles.read} role="status">
          <IconCircleCheck size={20} stroke={1.7} aria-hidden className={styles.good} />
          <div className={styles.facts}>
            <bdi className={`${styles.name} along`}>{fileName ?? props.textName ?? texts.pastedName}</bdi>
            {facts.map((fact) => (
              <span key={fact.name} className={styles.fact}>
                <span className="faint">{fact.name}</span> <bdi>{fact.value}</bdi>
              </span>
            ))}
          </div>
          <Button variant="default" size="xs" onClick={clear}>
            {texts.another}
          </Button>
        </div>
      )}
      {state === "open" && (
        <>
          <Dropzone
            onDrop={(files) => void take(files)}
            multiple={false}
            classNames={{ root: styles.zone ?? "", inner: styles.inner ?? "" }}
            inputProps={{ accept: props.accept, "aria-label": label }}
            aria-label={props.drop}
            aria-describedby={fault === null ? undefined : `${id}-fault`}
            data-fault={fault !== null || undefined}
          >
            <IconFileUpload size={22} stroke={1.6} aria-hidden />
            <span>{props.drop}</span>
            {fileName !== null && <bdi className="faint">{fileName}</bdi>}
          </Dropzone>
          <div className={styles.others}>
            {!isPasting && (
              <UnstyledButton className="text-link" onClick={() => setPasting(true)}>
                {texts.paste}
              </UnstyledButton>
            )}
            {isStored && (
              <UnstyledButton className="text-link" onClick={() => onChange(hiddenSecret, null)}>
                {texts.keep}
              </UnstyledButton>
            )}
          </div>
          {isPasting && (
            <Textarea
              label={texts.pasted}
              attributes={{ input: { dir: "ltr", spellCheck: false, autoCapitalize: "off" } }}
              classNames={{ input: styles.pasted ?? "" }}
              autosize
              minRows={4}
              maxRows={10}
              maxLength={maxBytes}
              value={value}
              onChange={({ currentTarget }) => {
                setFileName(null);
                onChange(currentTarget.value, null);
              }}
            />
          )}
        </>
      )}
    </Input.Wrapper>
  );
}
