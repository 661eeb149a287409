import { Alert, Button, Checkbox } from "@mantine/core";
import { IconAlertTriangle, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useMakeKeys } from "../../api/providers.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { AdvancedFields } from "./AdvancedFields.tsx";
import { KeyFile } from "./KeyFile.tsx";
import { MemberField, type MemberFieldsProps, useFieldFault } from "./MemberField.tsx";
import { hiddenSecret, type MemberForm } from "./memberConfig.ts";
import { OneOf } from "./OneOf.tsx";
import styles from "./ProviderForm.module.css";
import { smtpChanged } from "./smtpForm.ts";

type Line =
  | ("host" | "port" | "username" | "password" | "fromEmail" | "fromName" | "replyTo")
  | ("dkimDomain" | "dkimSelector" | "bounceDomain")
  | ("connections" | "messagesPerConnection" | "timeoutMs");

/** What a mail server needs: where it is, who sends, and what proves it. */
export function SmtpFields(given: MemberFieldsProps & { makesKeys: boolean }) {
  const { form, makesKeys, ...rest } = given;
  const { strings } = useWords();
  const texts = strings.email.provider;
  const change = (next: MemberForm) => given.onChange(smtpChanged(form, next));
  const field = (name: Line) => ({
    ...{ ...rest, form, provider: "smtp" as const, name, label: texts[name], hint: texts[`${name}Hint`] },
    // A field gives back all of the form; what it has changed is its own member.
    onChange: (next: MemberForm) => change({ [name]: next[name] ?? "" }),
  });
  const security = form.security === "tls" || form.security === "none" ? form.security : "starttls";
  return (
    <>
      <fieldset className={styles.group}>
        <legend>{texts.server}</legend>
        <div className={styles.server}>
          <MemberField {...field("host")} isRequired placeholder="smtp.example.com" />
          <MemberField {...field("port")} isNumber placeholder="587" />
        </div>
        <OneOf
          label={texts.security}
          value={security}
          options={(["starttls", "tls", "none"] as const).map((value) => ({
            value,
            label: texts.securities[value],
            hint: texts.securityHints[value],
          }))}
          onChange={(value) => change({ security: value })}
          error={rest.faults.security}
        />
        <div className={styles.pair}>
          <MemberField {...field("username")} />
          <MemberField {...field("password")} isSecret />
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend>{texts.sender}</legend>
        <div className={styles.pair}>
          <MemberField {...field("fromEmail")} isRequired placeholder="news@example.com" />
          <MemberField {...field("fromName")} isWords />
        </div>
        <MemberField {...field("replyTo")} />
        <MemberField {...field("bounceDomain")} placeholder="bounces.example.com" />
      </fieldset>
      <Signature {...rest} form={form} makesKeys={makesKeys} change={change} field={field} />
      <AdvancedFields {...rest} form={form} provider="smtp">
        <div className={styles.pair}>
          <MemberField {...field("connections")} isNumber placeholder="10" />
          <MemberField {...field("messagesPerConnection")} isNumber placeholder="100" />
        </div>
        <MemberField {...field("timeoutMs")} isNumber />
        <Checkbox
          label={texts.allowsInvalidCertificate}
          description={texts.allowsInvalidCertificateHint}
          checked={form.allowsInvalidCertificate === "true"}
          onChange={({ currentTarget }) =>
            change({ allowsInvalidCertificate: currentTarget.checked ? "true" : "" })
          }
        />
      </AdvancedFields>
    </>
  );
}

interface SignatureProps extends MemberFieldsProps {
  makesKeys: boolean;
  change(next: MemberForm): void;
  field(name: Line): Parameters<typeof MemberField>[0];
}

/** The key that proves whose the mails are: made here, or brought along. */
function Signature({ makesKeys, change, field, ...props }: SignatureProps) {
  const { form, initial } = props;
  const { strings } = useWords();
  const texts = strings.email.provider;
  const faultOf = useFieldFault("smtp", props);
  const make = useMakeKeys("smtp");
  const sayProblem = useSayProblem();
  const [made, setMade] = useState(0);
  const key = form.dkimPrivateKey ?? "";
  const isOther = (initial.dkimPrivateKey ?? "") !== "" && key !== initial.dkimPrivateKey;
  const makeKey = () =>
    make.mutate(undefined, {
      onSuccess: (keys) => {
        setMade((count) => count + 1);
        change(keys);
      },
      onError: sayProblem,
    });
  return (
    <fieldset className={styles.group}>
      <legend>{texts.dkim}</legend>
      <p className={styles.hint}>{texts.dkimHint}</p>
      {makesKeys && (
        <div className={styles.make}>
          <Button
            variant="default"
            leftSection={<IconKey size={16} />}
            loading={make.isPending}
            onClick={makeKey}
          >
            {key === "" ? texts.makeKey : texts.makeOtherKey}
          </Button>
          {made > 0 && <span role="status">{texts.madeKey}</span>}
        </div>
      )}
      {isOther && (
        <Alert color="yellow" role="status" icon={<IconAlertTriangle size={20} />}>
          {texts.keyWarning}
        </Alert>
      )}
      <KeyFile
        // A key that was made takes the place of a file that was chosen.
        key={made}
        label={texts.dkimPrivateKey}
        hint={texts.dkimPrivateKeyHint}
        drop={texts.dkimPrivateKeyDrop}
        accept=".pem,.key"
        isOptional
        {...(made > 0 && { textName: texts.madeName })}
        value={key}
        isStored={initial.dkimPrivateKey === hiddenSecret}
        onChange={(dkimPrivateKey) => change({ dkimPrivateKey })}
        facts={[{ name: texts.dkimKey, value: texts.dkimKeyGood }]}
        error={faultOf("dkimPrivateKey", true)}
      />
      <div className={styles.pair}>
        <MemberField {...field("dkimSelector")} placeholder="chapar" />
        <MemberField {...field("dkimDomain")} placeholder="example.com" />
      </div>
    </fieldset>
  );
}
