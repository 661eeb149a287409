import { useWords } from "../../ui/language.tsx";
import { AdvancedFields } from "./AdvancedFields.tsx";
import { KeyFile } from "./KeyFile.tsx";
import { MemberField, type MemberFieldsProps, useFieldFault } from "./MemberField.tsx";
import { hiddenSecret, readServiceAccount } from "./memberConfig.ts";
import { OneOf } from "./OneOf.tsx";

/** What Firebase Cloud Messaging needs: the key of a service account, and who shows a notification. */
export function FcmFields(props: MemberFieldsProps) {
  const { form, onChange, initial } = props;
  const { strings } = useWords();
  const texts = strings.push.fields;
  const faultOf = useFieldFault("fcm", props);
  const text = form.serviceAccount ?? "";
  const read = readServiceAccount(text);
  const field = (name: "channelId" | "projectId" | "timeoutMs" | "baseUrl" | "tokenUrl") => ({
    ...{ ...props, provider: "fcm" as const, name, label: texts[name], hint: texts[`${name}Hint`] },
  });
  return (
    <>
      <KeyFile
        label={texts.serviceAccount}
        hint={texts.serviceAccountHint}
        drop={texts.serviceAccountDrop}
        accept=".json,application/json"
        value={text}
        isStored={initial.serviceAccount === hiddenSecret}
        onChange={(serviceAccount) => onChange({ ...form, serviceAccount })}
        facts={
          read === null
            ? []
            : [
                { name: texts.project, value: read.projectId },
                { name: texts.clientEmail, value: read.clientEmail },
              ]
        }
        error={faultOf("serviceAccount", true)}
      />
      <OneOf
        label={texts.display}
        value={form.display === "app" ? "app" : "service"}
        options={(["service", "app"] as const).map((value) => ({
          value,
          label: texts.displays[value],
          hint: texts.displayHints[value],
        }))}
        onChange={(display) => onChange({ ...form, display })}
        error={props.faults.display}
      />
      <AdvancedFields provider="fcm" {...props}>
        <MemberField {...field("channelId")} />
        <MemberField {...field("projectId")} placeholder={read?.projectId ?? ""} />
        <MemberField {...field("timeoutMs")} isNumber />
        <MemberField {...field("baseUrl")} placeholder="https://fcm.googleapis.com" />
        <MemberField {...field("tokenUrl")} placeholder="https://oauth2.googleapis.com/token" />
      </AdvancedFields>
    </>
  );
}
