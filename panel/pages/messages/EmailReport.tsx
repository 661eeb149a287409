import type { Engagement } from "../../../server/deliveries/schema.ts";
import type { MessageReport } from "../../../server/messages/schema.ts";
import { useEngagement } from "../../api/messages.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { Ranks } from "../../ui/Ranks.tsx";
import styles from "./EmailReport.module.css";
import { bouncesOf, type EmailFigures, figuresOf } from "./emailFigures.ts";

/** What readers did with an e-mail, link by link; and apart from them what machines did. */
export function EmailReport({ report }: { report: MessageReport }) {
  const { strings } = useWords();
  const texts = strings.email.report;
  const engagement = useEngagement(report).data;
  const figures = figuresOf(report.counts, report.reasons, engagement);
  return (
    <>
      <Card title={texts.title} hint={texts.hint}>
        <div className={styles.stack}>
          <Figures figures={figures} engagement={engagement} />
          <Bounces report={report} />
        </div>
      </Card>
      {engagement !== undefined && engagement.links.length > 0 && (
        <Card title={texts.links} hint={texts.linksHint}>
          <Links engagement={engagement} />
        </Card>
      )}
      {engagement !== undefined && engagement.prefetched.people + engagement.scanned.people > 0 && (
        <Card title={texts.machines} hint={texts.machinesHint}>
          <Machines engagement={engagement} />
        </Card>
      )}
    </>
  );
}

const shown = ["delivered", "opened", "clicked", "bounced", "left", "complained"] as const;

function Figures({ figures, engagement }: { figures: EmailFigures; engagement: Engagement | undefined }) {
  const { strings, format } = useWords();
  const texts = strings.email.report;
  const timesOf = (name: (typeof shown)[number]) =>
    name === "opened" || name === "clicked" ? engagement?.[name].times : undefined;
  return (
    <dl className={styles.figures}>
      {shown.map((name) => {
        const { value, of } = figures[name];
        const share = format.percent(value, of);
        const times = timesOf(name);
        return (
          <div key={name} className={styles.figure} data-figure={name}>
            <dt title={name === "delivered" ? texts.deliveredHint : undefined}>{texts[name]}</dt>
            <dd className={`${styles.value} number`}>{format.number(value)}</dd>
            <dd className={styles.share}>
              {of > 0 &&
                (name === "delivered" || name === "bounced" ? texts.ofSent(share) : texts.ofDelivered(share))}
            </dd>
            {times !== undefined && times > value && (
              <dd className={styles.share}>{texts.times(format.number(times))}</dd>
            )}
          </div>
        );
      })}
    </dl>
  );
}

function Bounces({ report }: { report: MessageReport }) {
  const { strings, format } = useWords();
  const texts = strings.email.report;
  const bounces = bouncesOf(report.reasons);
  if (bounces.length === 0) return null;
  return (
    <section aria-label={texts.why}>
      <h3 className={styles.title}>{texts.why}</h3>
      <ul className={styles.reasons}>
        {bounces.map(({ reason, count }) => (
          <li key={reason} className={styles.reason}>
            <span>{strings.messages.reasons[reason]}</span>
            <span className="number">{format.number(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Links({ engagement: { links, clicked } }: { engagement: Engagement }) {
  const { strings, format } = useWords();
  const texts = strings.email.report;
  if (clicked.people === 0) return <p className="faint">{texts.noLinks}</p>;
  return (
    <Ranks
      of={clicked.people}
      ranks={links.map(({ link, url, clicked: { people, times } }) => ({
        key: link,
        label: (
          <bdi className={`${styles.address} mono clamp-1`} dir="ltr" title={url}>
            {url}
          </bdi>
        ),
        count: people,
        hint: texts.times(format.number(times)),
      }))}
    />
  );
}

function Machines({ engagement }: { engagement: Engagement }) {
  const { strings, format } = useWords();
  const texts = strings.email.report;
  return (
    <ul className={styles.reasons}>
      {(["prefetched", "scanned"] as const).map((name) => {
        const { people } = engagement[name];
        return (
          <li key={name} className={styles.reason}>
            <span>{texts[name]}</span>
            <span className="number">{texts.recipients(people, format.number(people))}</span>
          </li>
        );
      })}
    </ul>
  );
}
