import type { SegmentCount } from "../../../server/segments/schema.ts";
import { useProviders } from "../../api/providers.ts";
import { useSegment } from "../../api/segments.ts";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { useDescribe } from "../../ui/useDescribe.ts";
import { accountsFor } from "./accountsFor.ts";
import styles from "./CampaignComposer.module.css";
import type { Previews } from "./composerFaults.ts";
import { type ComposerValues, filterOfAudience } from "./composerValues.ts";
import { countsDevices, reachOf } from "./reachOf.ts";
import { smsLength } from "./smsLength.ts";

interface LaunchFactsProps {
  values: ComposerValues;
  count: SegmentCount | null;
  previews: Previews;
}

/** Who gets what, by which account, before anything goes out. */
export function LaunchFacts({ values, count, previews }: LaunchFactsProps) {
  const { strings, format } = useWords();
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
  const text = previews.text.data?.text ?? values.text;
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
      value: texts.fields.parts(smsLength(text).parts, format.number(smsLength(text).parts)),
    },
  ];
  return <Facts facts={facts.filter((fact) => fact !== false)} />;
}
