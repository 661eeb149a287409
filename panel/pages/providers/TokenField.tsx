import { Button } from "@mantine/core";
import { IconDice5 } from "@tabler/icons-react";
import { newIdempotencyKey } from "../../api/client.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import { MemberField } from "./MemberField.tsx";
import { hiddenSecret } from "./memberConfig.ts";
import styles from "./ProviderForm.module.css";

type TokenFieldProps = Omit<Parameters<typeof MemberField>[0], "isSecret" | "rightSection">;

/** A secret that we and a service agree on: it can be made up, and is seen until it is saved, to be copied. */
export function TokenField(props: TokenFieldProps) {
  const { strings } = useWords();
  const texts = strings.sms.account;
  const value = props.form[props.name] ?? "";
  return (
    <div className={styles.token}>
      <MemberField
        {...props}
        rightSection={
          value !== "" && value !== hiddenSecret ? (
            <CopyButton text={value} label={texts.copyToken} />
          ) : undefined
        }
      />
      {value === "" && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDice5 size={14} />}
          onClick={() => props.onChange({ ...props.form, [props.name]: newIdempotencyKey() })}
        >
          {texts.makeToken}
        </Button>
      )}
    </div>
  );
}
