import { Stack } from "@mantine/core";
import { useState } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import { Card } from "../../ui/Card.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { draftOf } from "../segments/draft.ts";
import { FilterBuilder } from "../segments/FilterBuilder.tsx";
import type { PartProps } from "./BasicsCard.tsx";
import styles from "./CampaignComposer.module.css";
import type { Audience } from "./composerValues.ts";
import { SegmentSelect } from "./SegmentSelect.tsx";
import type { AudienceNumbers } from "./useAudience.ts";

/** To whom: everyone, a segment, or a filter of its own. */
export function AudienceCard({ values, set, faults, numbers }: PartProps & { numbers: AudienceNumbers }) {
  const { strings, format } = useWords();
  const texts = strings.campaigns.fields;
  const { audience } = values;
  // What was chosen of each kind, for whoever only had a look at another.
  const [seen, setSeen] = useState<Partial<Record<Audience["kind"], Audience>>>({});
  const choose = (kind: Audience["kind"]) => {
    setSeen({ ...seen, [audience.kind]: audience });
    set({ audience: seen[kind] ?? begin(kind) });
  };
  return (
    <Card title={texts.audience} step={format.number(2)}>
      <Stack gap="md">
        <Choice
          label={texts.toWhom}
          data={(["everyone", "segment", "own"] as const).map((value) => ({
            value,
            label: texts.audiences[value],
          }))}
          value={audience.kind}
          onChange={choose}
        />
        {audience.kind === "segment" && (
          <SegmentSelect
            value={audience.id}
            onChange={(id) => set({ audience: { kind: "segment", id } })}
            error={faults.audience}
          />
        )}
        {audience.kind === "own" && (
          <div>
            <FilterBuilder
              draft={audience.draft}
              live={numbers.live}
              isSettled={numbers.isSettled}
              onChange={(edit) => set({ audience: { kind: "own", draft: edit(audience.draft) } })}
            />
            {faults.audience !== undefined && (
              <p className={styles.fault} role="alert">
                {faults.audience}
              </p>
            )}
          </div>
        )}
      </Stack>
    </Card>
  );
}

function begin(kind: Audience["kind"]): Audience {
  if (kind === "everyone") return { kind };
  if (kind === "segment") return { kind, id: null };
  return { kind, draft: draftOf({ segment: { all: [] } }, newIdempotencyKey) };
}
