import { Button, Collapse, Select, Switch } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import type { Choices } from "./choices.ts";
import { encodingNames } from "./fields.ts";
import styles from "./ImportForm.module.css";

interface MoreOptionsProps {
  form: UseFormReturnType<Choices>;
  encodingFault: string | undefined;
}

/** What few files need: closed, unless something in it is chosen. */
export function MoreOptions({ form, encodingFault }: MoreOptionsProps) {
  const { strings } = useWords();
  const texts = strings.imports.form;
  const { encoding, isPhoneStrict, isColumnsStrict } = form.values;
  const [isMore, more] = useDisclosure(encoding !== null || isPhoneStrict || isColumnsStrict);
  return (
    <div className={styles.more}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        aria-expanded={isMore}
        onClick={more.toggle}
        rightSection={<IconChevronDown size={14} className={styles.chevron} aria-hidden />}
      >
        {texts.more}
      </Button>
      <Collapse expanded={isMore}>
        <div className={styles.fields}>
          <Select
            label={texts.encoding}
            description={texts.encodingHint}
            inputWrapperOrder={belowInput}
            placeholder={texts.formats.auto}
            data={Object.entries(encodingNames).map(([value, label]) => ({ value, label }))}
            clearable
            {...form.getInputProps("encoding")}
            error={encodingFault}
          />
          <div className={styles.wide}>
            <Switch
              label={texts.phoneStrict}
              description={texts.phoneStrictHint}
              {...form.getInputProps("isPhoneStrict", { type: "checkbox" })}
            />
          </div>
          <div className={styles.wide}>
            <Switch
              label={texts.columnsStrict}
              description={texts.columnsStrictHint}
              {...form.getInputProps("isColumnsStrict", { type: "checkbox" })}
            />
          </div>
        </div>
      </Collapse>
    </div>
  );
}
