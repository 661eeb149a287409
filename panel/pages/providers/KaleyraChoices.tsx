import { Select } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import type { MemberFieldsProps } from "./MemberField.tsx";
import { OneOf } from "./OneOf.tsx";

const kinds = ["MKT", "TXN", "OTP", "DEFAULT"] as const;

/** What the SMS of an account of Kaleyra are about. */
export function MessageKind({ form, onChange, faults }: MemberFieldsProps) {
  const { strings } = useWords();
  const texts = strings.sms.account;
  return (
    <OneOf
      label={texts.type}
      value={kinds.find((kind) => kind === form.type) ?? "MKT"}
      options={kinds.map((value) => optionOf(value, texts.types[value]))}
      onChange={(type) => onChange({ ...form, type })}
      error={faults.type}
    />
  );
}

const regions = ["in", "ap", "eu", "na"] as const;
const versions = ["v2", "v1"] as const;

/** Where an account of WhatsApp at Kaleyra is, and how it is spoken to. */
export function KaleyraChoices({ form, onChange, faults }: MemberFieldsProps) {
  const { strings } = useWords();
  const texts = strings.whatsapp.account;
  return (
    <>
      <Select
        label={texts.region}
        data={regions.map((value) => ({ value, label: texts.regions[value] }))}
        allowDeselect={false}
        value={regions.find((region) => region === form.region) ?? "in"}
        onChange={(region) => region !== null && onChange({ ...form, region })}
        error={faults.region}
      />
      <OneOf
        label={texts.version}
        value={form.version === "v1" ? "v1" : "v2"}
        options={versions.map((value) => optionOf(value, texts.versions[value]))}
        onChange={(version) => onChange({ ...form, version })}
        error={faults.version}
      />
    </>
  );
}

const optionOf = <T extends string>(value: T, [label = value, hint = ""]: readonly string[]) => ({
  ...{ value, label, hint },
});
