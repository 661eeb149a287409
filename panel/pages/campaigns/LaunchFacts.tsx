import type { Estimate, Review } from "../../../server/campaigns/schema.ts";
import type { SegmentCount } from "../../../server/segments/schema.ts";
import { useProviders } from "../../api/providers.ts";
import { useSegment } from "../../api/segments.ts";
import type { Strings } from "../../strings/en.ts";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { useDescribe } from "../../ui/useDescribe.ts";
import { accountsFor } from "./accountsFor.ts";
import styles from "./CampaignComposer.module.css";
import type { Previews } from "./composerFaults.ts";
import { type ComposerValues, filterOfAudience } from "./composerValues.ts";
import { isUsersOwn, readWhole } from "./plan.ts";
import reviewStyles from "./Review.module.css";
import { countsDevices, reachOf } from "./reachOf.ts";
import { delayOf, policyOf } from "./smart.ts";
import { estimateWords } from "./smsEstimate.ts";
import { smsLength } from "./smsLength.ts";
import { useRunFormat } from "./useRunFormat.ts";
import type { WhatsappPreview } from "./useWhatsappPreview.ts";

interface LaunchFactsProps {
  values: ComposerValues;
  count: SegmentCount | null;
  /** Undefined before the server has looked at it. */
  review: Review | undefined;
  previews: Previews;
  /** On WhatsApp the template; null for none. */
  whatsapp: WhatsappPreview | null;
  /** Of an SMS; undefined before it was counted. */
  estimate: Estimate | undefined;
}

/** Who gets what, by which account, before anything goes out. */
export function LaunchFacts({ values, count, review, previews, whatsapp, estimate }: LaunchFactsProps) {
  const words = useWords();
  const { strings, format } = words;
  const texts = strings.campaigns;
  const { audience } = values;
  const filter = filterOfAudience(audience);
  const written = filter?.segment ?? filter?.target;
  const segmentId = audience.kind === "segment" ? (audience.id ?? undefined) : undefined;
  const name = useSegment(segmentId).data?.name;
  const known = new Map(segmentId !== undefined && name !== undefined ? [[segmentId, name]] : []);
  const describe = useDescribe(written === undefined ? [] : [written], known);
  const accounts = accountsFor(useProviders().data?.data ?? [], values.channel);
  const reach = count && reachOf(count, values.channel);
  const channel = strings.segments.channels[values.channel];
  const text = whatsapp?.look.body ?? previews.text.data?.text ?? values.text;
  const { smart } = values;
  const length = smsLength(text);
  const facts = [
    written !== undefined && { name: texts.launch.audience, value: describe(written) },
    reach !== null && {
      name: texts.launch.skipped,
      value: countsDevices(values.channel)
        ? texts.reach.devices(format.number(reach.reached), format.number(reach.total), channel)
        : texts.reach.users(format.number(reach.reached), format.number(reach.total), channel),
    },
    {
      name: texts.launch.by,
      value:
        values.channel === "inbox" ? (
          texts.launch.inbox
        ) : accounts.length === 0 ? (
          <span className={styles.fault}>{texts.fields.accountHint(channel)}</span>
        ) : (
          format.list(
            accounts.map(({ name }) => `\u2068${name}\u2069`),
            "conjunction",
          )
        ),
    },
    values.channel === "email" && {
      name: texts.fields.subject,
      value: <bdi>{previews.subject.data?.text ?? values.subject}</bdi>,
    },
    review !== undefined && {
      name: strings.plan.review.starts,
      value: <Runs review={review} isUsersOwn={isUsersOwn(values.plan)} />,
    },
    review !== undefined && {
      name: strings.plan.review.duration,
      value: review.seconds === null ? strings.plan.review.unknownDuration : format.duration(review.seconds),
    },
    review !== undefined &&
      review.cost !== null && {
        name: strings.plan.review.cost,
        value: `${format.decimal(review.cost.amount)} ${review.cost.currency}`,
      },
    values.plan.rollout !== null && {
      name: strings.plan.review.rollout,
      value: strings.plan.review.rolloutOf(format.percent(readWhole(values.plan.rollout, 1, 99) ?? 0, 100)),
    },
    values.variants.length > 0 && {
      name: strings.plan.review.variants,
      value: strings.plan.review.variantsOf(format.number(values.variants.length + 1)),
    },
    {
      name: texts.launch.says,
      value: (
        <p className={`${styles.says} along`} dir="auto">
          {text}
        </p>
      ),
    },
    values.channel === "sms" && {
      name: texts.launch.parts,
      value:
        estimate === undefined
          ? texts.fields.parts(length.parts, format.number(length.parts))
          : lineOf(estimateWords(estimate, words), strings),
    },
    whatsapp !== null &&
      values.whatsapp !== null && {
        name: strings.whatsapp.compose.template,
        value: (
          <>
            <bdi>{values.whatsapp.template}</bdi> (
            {[values.whatsapp.language, ...values.whatsapp.otherLanguages].join(", ")})
          </>
        ),
      },
    smart.isOn &&
      (values.channel === "inbox" || values.channel === "push") && {
        name: strings.sms.smart.title,
        value:
          policyOf(smart, values.channel) === "NOT_CONNECTED"
            ? strings.sms.smart.atOnce(strings.segments.channels[smart.media])
            : strings.report.fallbackText(
                strings.segments.channels[smart.media],
                format.duration(delayOf(smart) ?? 0),
              ),
      },
  ];
  return <Facts facts={facts.filter((fact) => fact !== false)} />;
}

/** When it goes. */
function Runs({ review: { startsAt, next }, isUsersOwn: isTheirs }: { review: Review; isUsersOwn: boolean }) {
  const { strings } = useWords();
  const format = useRunFormat(isTheirs);
  if (startsAt === null) return strings.plan.review.now;
  const runs = next.length > 1 ? next : [startsAt];
  return (
    <span className={reviewStyles.when}>
      {runs.map((at) => (
        <time key={at} dateTime={at}>
          {format.day(at)} · {format.clock(at)}
        </time>
      ))}
      {isTheirs && <span className="faint">{strings.plan.when.byTheirs}</span>}
    </span>
  );
}

const lineOf = ({ people, total, each }: ReturnType<typeof estimateWords>, { sms }: Strings) =>
  sms.estimate.lineOf(people, total, each);
