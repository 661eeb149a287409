import { Stack } from "@mantine/core";
import { useState } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import { Card } from "../../ui/Card.tsx";
import { Chips } from "../../ui/Chips.tsx";
import { useWords } from "../../ui/language.tsx";
import { draftOf } from "../segments/draft.ts";
import { FilterBuilder } from "../segments/FilterBuilder.tsx";
import type { PartProps } from "./BasicsCard.tsx";
import styles from "./CampaignComposer.module.css";
import type { Audience } from "./composerValues.ts";
import { IdsFile } from "./IdsFile.tsx";
import { SegmentSelect } from "./SegmentSelect.tsx";
import { TopicSelect } from "./TopicSelect.tsx";
import { UserTags } from "./UserTags.tsx";
import type { AudienceNumbers } from "./useAudience.ts";

const kinds = ["everyone", "segment", "own", "topic", "users", "file"] as const;
/** As many as the server takes. */
const mostUsers = 10_000;

/** To whom: everyone, a segment, a filter of its own, a topic, or users one by one. */
export function AudienceCard({ values, set, faults, numbers }: PartProps & { numbers: AudienceNumbers }) {
  const { strings, format } = useWords();
  const texts = strings.campaigns.fields;
  const { audience, channel } = values;
  // What was chosen of each kind, for whoever only had a look at another.
  const [seen, setSeen] = useState<Partial<Record<Audience["kind"], Audience>>>({});
  const choose = (kind: Audience["kind"]) => {
    setSeen({ ...seen, [audience.kind]: audience });
    set({ audience: seen[kind] ?? begin(kind) });
  };
  const isOfDevices = channel === "inbox" || channel === "push";
  return (
    <Card title={texts.audience} step={format.number(2)}>
      <Stack gap="md">
        <Chips
          label={texts.toWhom}
          data={kinds.map((value) => ({
            value,
            label: strings.plan.audiences[value],
            disabled: value === "topic" && !isOfDevices && audience.kind !== "topic",
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
        {audience.kind === "topic" && (
          <TopicSelect
            value={audience.topic}
            onChange={(topic) => set({ audience: { kind: "topic", topic } })}
            error={faults.audience}
          />
        )}
        {audience.kind === "users" && (
          <UserTags
            label={strings.plan.users.label}
            hint={strings.plan.users.hint}
            most={mostUsers}
            value={audience.ids}
            onChange={(ids) => set({ audience: { kind: "users", ids } })}
            error={faults.audience}
          />
        )}
        {audience.kind === "file" && (
          <IdsFile onTaken={(id) => set({ audience: { kind: "segment", id } })} error={faults.audience} />
        )}
        {audience.kind === "everyone" && faults.audience !== undefined && (
          <p className={styles.fault} role="alert">
            {faults.audience}
          </p>
        )}
      </Stack>
    </Card>
  );
}

function begin(kind: Audience["kind"]): Audience {
  switch (kind) {
    case "everyone":
    case "file":
      return { kind };
    case "segment":
      return { kind, id: null };
    case "topic":
      return { kind, topic: null };
    case "users":
      return { kind, ids: [] };
    case "own":
      return { kind, draft: draftOf({ segment: { all: [] } }, newIdempotencyKey) };
  }
}
