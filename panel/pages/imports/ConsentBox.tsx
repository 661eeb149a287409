import { Checkbox } from "@mantine/core";
import type { ImportChannel } from "../../../server/imports/schema.ts";
import type { Strings } from "../../strings/en.ts";
import { useWords } from "../../ui/language.tsx";

interface ConsentBoxProps {
  channel: ImportChannel | null;
  isAgreed: boolean;
  onChange(isAgreed: boolean): void;
  error?: string | undefined;
}

/** By which a form finds the box. */
export const consentName = "consent";

/** What an uploader agrees to; kept with the import word for word. */
export function consentText(channel: ImportChannel | null, strings: Strings): string {
  const texts = strings.imports.consent;
  const agreed = channel === null ? texts.agreed : texts.agreedTo(strings.segments.channels[channel]);
  return `${texts.understand} ${agreed} ${texts.replaces} ${texts.optOuts}`;
}

/** The box to be ticked before people can be imported to be written to. */
export function ConsentBox({ channel, isAgreed, onChange, error }: ConsentBoxProps) {
  const { strings } = useWords();
  return (
    <Checkbox
      name={consentName}
      label={consentText(channel, strings)}
      required
      size="sm"
      checked={isAgreed}
      onChange={(event) => onChange(event.currentTarget.checked)}
      error={error}
    />
  );
}
