import { Select } from "@mantine/core";
import type { ImportChannel } from "../../../server/imports/schema.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { type Choices, channelOf } from "./choices.ts";

const channels = ["whatsapp", "sms", "email", "push", "inbox"] as const satisfies readonly ImportChannel[];

interface ChannelSelectProps {
  format: Choices["format"];
  value: ImportChannel | null;
  onChange(channel: ImportChannel | null): void;
  error?: string | undefined;
}

/** What the users are meant to be reached by; a broadcast list always has one. */
export function ChannelSelect({ format, value, onChange, error }: ChannelSelectProps) {
  const { strings } = useWords();
  const texts = strings.imports.form;
  return (
    <Select
      label={texts.channel}
      description={texts.channelHint}
      inputWrapperOrder={belowInput}
      placeholder={texts.channelNone}
      data={channels.map((channel) => ({ value: channel, label: strings.segments.channels[channel] }))}
      clearable={format !== "broadcast-list"}
      allowDeselect={false}
      value={channelOf(format, value)}
      onChange={(word) => onChange(channels.find((channel) => channel === word) ?? null)}
      error={error}
    />
  );
}
