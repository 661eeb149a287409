import { Button, Checkbox, Group, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { Card } from "../../ui/Card.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { type ChannelName, isByPhone } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import type { PartProps } from "./BasicsCard.tsx";
import styles from "./Plan.module.css";
import { letterOf } from "./place.ts";
import {
  newWinner,
  type PlanFault,
  readWhole,
  type WinnerUnit,
  type WinnerValues,
  winnerMeasures,
} from "./plan.ts";

interface VariantsCardProps extends PartProps {
  step: number;
  planFaults: ReadonlySet<PlanFault>;
  onAdd(): void;
  onRemove(variant: number): void;
}

/** What tells the best where clicks are not counted. */
const usualMeasure = (channel: ChannelName) =>
  channel === "sms" ? "delivered" : channel === "whatsapp" ? "seen" : newWinner.by;

/** As many beside A as the server takes. */
const most = 4;

/** Contents that are tried against each other, and how the best is found. */
export function VariantsCard({ values, set, faults, step, planFaults, onAdd, onRemove }: VariantsCardProps) {
  const { strings, format } = useWords();
  const texts = strings.plan.variants;
  const { variants, plan } = values;
  const count = variants.length + 1;
  const { winner } = plan;
  const setWinner = (next: WinnerValues | null) => set({ plan: { ...plan, winner: next } });
  return (
    <Card title={texts.title} hint={texts.hint} step={format.number(step)}>
      <Stack gap="md">
        {count > 1 && <Split count={count} winner={winner} />}
        <Group gap={6}>
          {variants.map((_, index) => (
            <Button
              key={letterOf(index + 1)}
              size="xs"
              variant="default"
              leftSection={<IconTrash size={13} />}
              onClick={() => onRemove(index + 1)}
            >
              {texts.remove(letterOf(index + 1))}
            </Button>
          ))}
          {count <= most && (
            <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={onAdd}>
              {count === 1 ? texts.add : texts.addMore}
            </Button>
          )}
        </Group>
        {count > 1 && (
          <>
            <Checkbox
              label={texts.winner}
              description={texts.winnerHint}
              checked={winner !== null}
              onChange={({ currentTarget }) =>
                setWinner(currentTarget.checked ? { ...newWinner, by: usualMeasure(values.channel) } : null)
              }
            />
            {winner !== null && (
              <Winner
                channel={values.channel}
                winner={winner}
                planFaults={planFaults}
                onChange={(change) => setWinner({ ...winner, ...change })}
              />
            )}
          </>
        )}
        {(faults.winner !== undefined || planFaults.has("both")) && (
          <p className={styles.fault} role="alert">
            {faults.winner ?? strings.plan.when.faults.both}
          </p>
        )}
      </Stack>
    </Card>
  );
}

/** Who gets which, to scale. */
function Split({ count, winner }: { count: number; winner: WinnerValues | null }) {
  const { strings, format } = useWords();
  const texts = strings.plan.variants;
  const tried = winner === null ? 100 : (readWhole(winner.share, 1, 99) ?? 0);
  const each = tried / count;
  const share = (percent: number) => format.percent(percent, 100);
  return (
    <div className={styles.bar}>
      <div className={styles.split} role="img" aria-label={`${texts.splitLabel}: ${share(each)}`}>
        {Array.from({ length: count }, (_, variant) => (
          <span key={letterOf(variant)} className={styles.part} style={{ flexGrow: Math.max(each, 6) }}>
            {letterOf(variant)} {share(each)}
          </span>
        ))}
        {tried < 100 && (
          <span className={`${styles.part} ${styles.rest}`} style={{ flexGrow: 100 - tried }}>
            {share(100 - tried)}
          </span>
        )}
      </div>
      {tried < 100 && <p className={styles.hint}>{texts.each(share(each), share(100 - tried))}</p>}
    </div>
  );
}

const hows = ["after", "hand"] as const;
const units = ["minutes", "hours", "days"] as const satisfies readonly WinnerUnit[];

interface WinnerProps {
  channel: PartProps["values"]["channel"];
  winner: WinnerValues;
  planFaults: ReadonlySet<PlanFault>;
  onChange(change: Partial<WinnerValues>): void;
}

/** On how many they are tried, what is best, and who says so. */
function Winner({ channel, winner, planFaults, onChange }: WinnerProps) {
  const { strings } = useWords();
  const texts = strings.plan.variants;
  const faultAt = (name: PlanFault) => (planFaults.has(name) ? strings.plan.when.faults[name] : undefined);
  return (
    <div className={styles.under}>
      <Stack gap="md">
        <div className={styles.row}>
          <TextInput
            label={texts.share}
            inputMode="numeric"
            maxLength={2}
            value={winner.share}
            onChange={({ currentTarget }) => onChange({ share: currentTarget.value })}
            error={faultAt("share")}
          />
          <Select
            label={texts.by}
            allowDeselect={false}
            data={winnerMeasures.map((value) => ({ value, label: texts.measures[value] }))}
            value={winner.by}
            onChange={(value) => {
              const by = winnerMeasures.find((one) => one === value);
              if (by !== undefined) onChange({ by });
            }}
          />
        </div>
        {isByPhone(channel) && winner.by === "clicked" && <p className={styles.hint}>{texts.notClicked}</p>}
        <Choice
          label={texts.how}
          data={hows.map((value) => ({ value, label: texts.hows[value] }))}
          value={winner.how}
          onChange={(how) => onChange({ how })}
        />
        {winner.how === "hand" ? (
          <p className={styles.hint}>{texts.handHint}</p>
        ) : (
          <div className={styles.row}>
            <TextInput
              label={texts.after}
              inputMode="decimal"
              maxLength={6}
              value={winner.after}
              onChange={({ currentTarget }) => onChange({ after: currentTarget.value })}
              error={faultAt("after")}
            />
            <Select
              label={texts.unit}
              allowDeselect={false}
              data={units.map((value) => ({ value, label: texts.units[value] }))}
              value={winner.unit}
              onChange={(value) => {
                const unit = units.find((one) => one === value);
                if (unit !== undefined) onChange({ unit });
              }}
            />
          </div>
        )}
      </Stack>
    </div>
  );
}
