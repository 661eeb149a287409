import { useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { MemberField, type MemberFieldsProps } from "./MemberField.tsx";
import { OneOf } from "./OneOf.tsx";
import type { FieldOf } from "./PhoneFields.tsx";

const ways = ["from", "service"] as const;

/** Who sends by Twilio: a number, or a service that chooses one; never both. */
export function TwilioSender(props: MemberFieldsProps & { field: FieldOf }) {
  const { form, onChange, field } = props;
  const { strings } = useWords();
  const texts = strings.sms.account;
  const [way, setWay] = useState<(typeof ways)[number]>(
    (form.messagingServiceSid ?? "") === "" ? "from" : "service",
  );
  return (
    <>
      <OneOf
        label={texts.sentBy}
        value={way}
        options={ways.map((value) => {
          const [label = "", hint = ""] = texts.sentBys[value];
          return { value, label, hint };
        })}
        onChange={(next) => {
          setWay(next);
          onChange({ ...form, from: "", messagingServiceSid: "" });
        }}
      />
      {way === "from" ? (
        <MemberField {...field("from")} isRequired placeholder="+15551234567" />
      ) : (
        <MemberField {...field("messagingServiceSid")} isRequired placeholder="MG…" />
      )}
    </>
  );
}
