import { Stack, TextInput } from "@mantine/core";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ChannelCards } from "./ChannelCards.tsx";
import type { ComposerFaults } from "./composerFaults.ts";
import type { ComposerValues } from "./composerValues.ts";

/** What every part of the composer is given. */
export interface PartProps {
  values: ComposerValues;
  set(change: Partial<ComposerValues>): void;
  faults: ComposerFaults;
}

/** What the campaign is called, and by which channel it goes. */
export function BasicsCard({ values, set, faults }: PartProps) {
  const { strings, format } = useWords();
  const texts = strings.campaigns.fields;
  return (
    <Card title={texts.basics} step={format.number(1)}>
      <Stack gap="md">
        <TextInput
          label={texts.name}
          description={texts.nameHint}
          placeholder={texts.namePlaceholder}
          withAsterisk
          maxLength={200}
          attributes={{ input: { dir: "auto" } }}
          value={values.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          error={faults.name}
        />
        <ChannelCards channel={values.channel} onChange={(channel) => set({ channel })} />
      </Stack>
    </Card>
  );
}
