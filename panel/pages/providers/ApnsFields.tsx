import { useWords } from "../../ui/language.tsx";
import { AdvancedFields } from "./AdvancedFields.tsx";
import { KeyFile } from "./KeyFile.tsx";
import { MemberField, type MemberFieldsProps, useFieldFault } from "./MemberField.tsx";
import { hiddenSecret, keyIdInName } from "./memberConfig.ts";
import { OneOf } from "./OneOf.tsx";
import styles from "./ProviderForm.module.css";

/** What Apple's service needs: a key with its ids, and which of the two services it is. */
export function ApnsFields(props: MemberFieldsProps) {
  const { form, onChange, initial } = props;
  const { strings } = useWords();
  const texts = strings.push.fields;
  const faultOf = useFieldFault("apns", props);
  const field = (name: "keyId" | "teamId" | "bundleId" | "timeoutMs" | "baseUrl") => ({
    ...{ ...props, provider: "apns" as const, name, label: texts[name], hint: texts[`${name}Hint`] },
  });
  return (
    <>
      <KeyFile
        label={texts.privateKeyFile}
        hint={texts.privateKeyHint}
        drop={texts.privateKeyDrop}
        // Browsers know no type of it, so the ending alone stands here.
        accept=".p8"
        value={form.privateKey ?? ""}
        isStored={initial.privateKey === hiddenSecret}
        onChange={(privateKey, fileName) => {
          const keyId = fileName === null ? null : keyIdInName(fileName);
          onChange({ ...form, privateKey, ...(keyId !== null && { keyId }) });
        }}
        facts={[{ name: texts.keyFile, value: texts.keyFileGood }]}
        error={faultOf("privateKey", true)}
      />
      <div className={styles.pair}>
        <MemberField {...field("keyId")} isRequired placeholder="ABC123DEFG" />
        <MemberField {...field("teamId")} isRequired placeholder="DEF123GHIJ" />
      </div>
      <MemberField {...field("bundleId")} isRequired placeholder="com.example.shop" />
      <OneOf
        label={texts.environment}
        value={form.environment === "sandbox" ? "sandbox" : "production"}
        options={(["production", "sandbox"] as const).map((value) => ({
          value,
          label: texts.environments[value],
          hint: texts.environmentHints[value],
        }))}
        onChange={(environment) => onChange({ ...form, environment })}
        error={props.faults.environment}
      />
      <AdvancedFields provider="apns" {...props}>
        <MemberField {...field("timeoutMs")} isNumber />
        <MemberField {...field("baseUrl")} placeholder="https://api.push.apple.com" />
      </AdvancedFields>
    </>
  );
}
