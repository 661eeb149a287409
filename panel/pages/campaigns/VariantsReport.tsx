import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrophy } from "@tabler/icons-react";
import type { Campaign } from "../../../server/campaigns/schema.ts";
import type { Channel } from "../../../server/channels/schema.ts";
import type { MessageReport, VariantReport } from "../../../server/messages/schema.ts";
import { useContinueCampaign } from "../../api/campaigns.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { type RateName, rateNames, ratesOf, ratesOn } from "../../ui/ratesOf.ts";
import { stateColors } from "../../ui/stateColors.ts";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { DeliverySummary } from "../messages/DeliverySummary.tsx";
import styles from "./CampaignPage.module.css";
import { letterOf } from "./place.ts";

/** The contents side by side, and the way to send one to the rest. */
export function VariantsReport({ campaign, report }: { campaign: Campaign; report: MessageReport }) {
  const { strings, format } = useWords();
  const texts = strings.results.variants;
  const go = useContinueCampaign(campaign.id, report.id);
  const sayProblem = useSayProblem();
  const { rest, variants } = report;
  // A roll-out has its own way to go on.
  const isTried = rest !== null && campaign.winner !== null;
  const best = Object.fromEntries(
    rateNames.map((name) => [name, Math.max(...variants.map((item) => shareOf(item, name)))]),
  );
  const send = (variant: number) =>
    go.mutate(
      { variant },
      {
        onSuccess: () => notifications.show({ message: texts.sent(letterOf(variant)) }),
        onError: sayProblem,
      },
    );
  return (
    <Card title={texts.title} hint={texts.hint}>
      <div className={styles.stack}>
        {isTried && (
          <p role="status">
            {texts.waits(rest.recipients, format.number(rest.recipients))}
            {rest.decidesAt !== null && (
              <>
                {" "}
                {texts.decidesAt}: <Time iso={rest.decidesAt} />
              </>
            )}
          </p>
        )}
        <div className={styles.variants}>
          {variants.map((item) => (
            <section
              key={item.variant}
              className={styles.variant}
              data-winner={item.isWinner || undefined}
              aria-label={`${texts.variant} ${letterOf(item.variant)}`}
            >
              <p className={styles.variantHead}>
                {texts.variant} {letterOf(item.variant)}
                {item.isWinner && (
                  <span className={styles.winner}>
                    <IconTrophy size={14} aria-hidden /> {texts.winner}
                  </span>
                )}
              </p>
              <p className="clamp-2 soft" dir="auto" title={item.content}>
                {item.content}
              </p>
              <DeliverySummary counts={item.counts} channel={report.channel} />
              <Rates item={item} best={best} channel={report.channel} />
              {isTried && (
                <div>
                  <Button
                    size="xs"
                    variant="default"
                    loading={go.isPending}
                    onClick={() => send(item.variant)}
                  >
                    {texts.send(letterOf(item.variant))}
                  </Button>
                </div>
              )}
            </section>
          ))}
        </div>
      </div>
    </Card>
  );
}

function shareOf({ counts }: VariantReport, name: RateName): number {
  const { value, of } = ratesOf(counts)[name];
  return of === 0 ? 0 : value / of;
}

interface RatesProps {
  item: VariantReport;
  /** The highest of all. */
  best: Record<string, number>;
  channel: Channel;
}

function Rates({ item, best, channel }: RatesProps) {
  const { strings, format } = useWords();
  const rates = ratesOf(item.counts);
  return (
    <dl className={styles.rates}>
      {ratesOn(channel).map((name) => {
        const { value, of } = rates[name];
        const share = shareOf(item, name);
        const isBest = share > 0 && name !== "failed" && share === best[name];
        return (
          <div key={name} className={styles.rate}>
            <dt className="faint">{strings.results.statistics.measures[name]}</dt>
            <dd className={styles.rateTrack} aria-hidden>
              <div
                className={styles.rateFill}
                style={{ inlineSize: `${share * 100}%`, background: stateColors[name] }}
              />
            </dd>
            <dd className={`number ${isBest ? styles.best : ""}`}>
              {of === 0 ? strings.common.none : `${format.percent(value, of)} (${format.number(value)})`}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
