import { Alert, Button, Textarea } from "@mantine/core";
import { IconAlertTriangle, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useMakeKeys } from "../../api/providers.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { AdvancedFields } from "./AdvancedFields.tsx";
import { MemberField, type MemberFieldsProps } from "./MemberField.tsx";
import { machine } from "./machine.ts";
import styles from "./ProviderForm.module.css";

/** What Web Push needs: a pair of keys of our own, and a contact. */
export function WebPushFields(props: MemberFieldsProps & { makesKeys: boolean }) {
  const { form, onChange, initial, makesKeys, faults } = props;
  const { strings } = useWords();
  const texts = strings.push.fields;
  const make = useMakeKeys("webpush");
  const sayProblem = useSayProblem();
  const [areMade, setMade] = useState(false);
  const publicKey = form.publicKey ?? "";
  const isOther = (initial.publicKey ?? "") !== "" && publicKey !== initial.publicKey;
  const field = (name: "subject" | "publicKey" | "timeoutMs") => ({
    ...{ ...props, provider: "webpush" as const, name, label: texts[name], hint: texts[`${name}Hint`] },
  });
  const makeKeys = () =>
    make.mutate(undefined, {
      onSuccess: (keys) => {
        setMade(true);
        onChange({ ...form, ...keys });
      },
      onError: sayProblem,
    });
  return (
    <>
      {makesKeys && (
        <div className={styles.make}>
          <Button
            variant={publicKey === "" ? "filled" : "default"}
            leftSection={<IconKey size={16} />}
            loading={make.isPending}
            onClick={makeKeys}
          >
            {publicKey === "" ? texts.makeKeys : texts.makeOtherKeys}
          </Button>
          {areMade && <span role="status">{texts.madeKeys}</span>}
        </div>
      )}
      {isOther && (
        <Alert color="yellow" role="status" icon={<IconAlertTriangle size={20} />}>
          {texts.keysWarning}
        </Alert>
      )}
      <MemberField
        {...field("publicKey")}
        isRequired
        rightSection={
          publicKey === "" ? undefined : <CopyButton text={publicKey} label={texts.copyPublicKey} />
        }
      />
      <MemberField
        {...props}
        provider="webpush"
        name="privateKey"
        label={texts.privateKey}
        hint={texts.privateKeyTextHint}
        isRequired
      />
      <MemberField {...field("subject")} isRequired placeholder="mailto:push@example.com" />
      <AdvancedFields provider="webpush" {...props}>
        <Textarea
          label={texts.allowedHosts}
          description={texts.allowedHostsHint}
          inputWrapperOrder={belowInput}
          attributes={machine}
          classNames={{ input: styles.code ?? "" }}
          placeholder={"fcm.googleapis.com\nweb.push.apple.com"}
          autosize
          minRows={2}
          maxRows={8}
          value={form.allowedHosts ?? ""}
          onChange={({ currentTarget }) => onChange({ ...form, allowedHosts: currentTarget.value })}
          error={faults.allowedHosts}
        />
        <MemberField {...field("timeoutMs")} isNumber />
      </AdvancedFields>
    </>
  );
}
