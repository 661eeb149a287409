import type { EmailBlock, EmailDesign } from "../../../server/templates/email/schema.ts";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import type { BlockOf } from "./blocks.ts";
import { type EmailFault, faultOf } from "./emailFaults.ts";

/** What the fields of a block are given. */
export interface FieldsProps<B extends EmailBlock> {
  block: B;
  theme: EmailDesign["theme"];
  onChange(block: B): void;
  faults: readonly EmailFault[];
}

/** The fault of a field in words. */
export function useWorded(faults: readonly EmailFault[]): (field: string) => string | undefined {
  const { broken } = useWords().strings.email.compose;
  return (field) => {
    const fault = faultOf(faults, field);
    return fault === null ? undefined : `${broken} ${fault}`;
  };
}

type Align = BlockOf<"heading">["align"];

/** Where in its line something stands. */
export function AlignChoice({ align, onChange }: { align: Align; onChange(align: Align): void }) {
  const { strings } = useWords();
  const texts = strings.email.design;
  return (
    <Choice
      label={texts.align}
      data={(["start", "center", "end"] as const).map((value) => ({ value, label: texts.aligns[value] }))}
      value={align}
      onChange={onChange}
    />
  );
}
