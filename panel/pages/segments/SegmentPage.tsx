import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBrandWhatsapp, IconPencil, IconSend } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import type { SegmentDetail } from "../../../server/segments/schema.ts";
import { type Filter, filterOf, useSegment, useSegmentCount } from "../../api/segments.ts";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useDescribe } from "../../ui/useDescribe.ts";
import { Composer } from "./Composer.tsx";
import { tidy } from "./draft.ts";
import { Growth } from "./Growth.tsx";
import { KindBadge } from "./KindBadge.tsx";
import { Members } from "./Members.tsx";
import { PinButton } from "./PinButton.tsx";
import { Reach } from "./Reach.tsx";
import { SegmentMenu } from "./SegmentMenu.tsx";
import styles from "./SegmentPage.module.css";
import { SegmentUses } from "./SegmentUses.tsx";

/** One segment: who is in it, how it grew, and what can be done with it. */
export function SegmentPage() {
  const { segmentId } = useParams({ from: "/shell/segments/$segmentId" });
  const query = useSegment(segmentId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  return <Segment key={segmentId} segment={query.data} />;
}

function Segment({ segment }: { segment: SegmentDetail }) {
  const { strings } = useWords();
  const texts = strings.segments;
  const [isComposing, composer] = useDisclosure(false);
  const filter: Filter = { target: segment.id };
  const count = useSegmentCount(filter);
  const devices = count.data?.installations ?? 0;
  // People of a broadcast list have phones, and no devices of ours.
  const hasPhones = (count.data?.reach.whatsapp ?? 0) > 0;
  return (
    <>
      <PageHeader
        title={segment.name}
        parent={{ title: texts.title, to: "/segments" }}
        badge={<KindBadge kind={segment.kind} />}
        actions={
          <>
            <PinButton segment={segment} />
            {devices === 0 && hasPhones ? (
              <Button
                leftSection={<IconBrandWhatsapp size={16} />}
                renderRoot={(props) => (
                  <Link
                    to="/campaigns/new"
                    search={{ channel: "whatsapp", segment: segment.id }}
                    {...props}
                  />
                )}
              >
                {strings.whatsapp.start}
              </Button>
            ) : (
              <Button
                disabled={devices === 0}
                onClick={composer.open}
                leftSection={<IconSend size={16} className={styles.send} />}
              >
                {texts.detail.send}
              </Button>
            )}
            {segment.kind === "dynamic" && (
              <Button
                component={Link}
                to={`/segments/${segment.id}/edit`}
                variant="default"
                leftSection={<IconPencil size={16} />}
              >
                {texts.detail.edit}
              </Button>
            )}
            <SegmentMenu segment={segment} />
          </>
        }
      />
      <div className={styles.columns}>
        <div className={styles.stack}>
          <Rules segment={segment} />
          <Growth segmentId={segment.id} />
          <Members segment={segment} />
        </div>
        <div className={styles.stack}>
          <Card>
            {count.error !== null ? (
              <ErrorState error={count.error} onRetry={count.refetch} />
            ) : (
              <Reach count={count.data ?? null} isCounting={count.isFetching} isStale={false} />
            )}
          </Card>
          <About segment={segment} />
        </div>
      </div>
      <Composer
        isOpen={isComposing}
        onClose={composer.close}
        filter={filter}
        devices={devices}
        isEstimate={count.data?.isEstimate ?? false}
      />
    </>
  );
}

/** The rules as a sentence, and as they are sent. */
function Rules({ segment }: { segment: SegmentDetail }) {
  const { strings } = useWords();
  const texts = strings.segments;
  const filter = filterOf(segment);
  const written = filter?.segment ?? filter?.target;
  const describe = useDescribe(written === undefined ? [] : [written]);
  return (
    <Card title={texts.detail.inWords} hint={texts.kindHints[segment.kind]}>
      <p className={styles.sentence}>{written === undefined ? texts.listRule : describe(written)}</p>
      {written !== undefined && (
        <details className={styles.json}>
          <summary>{texts.json}</summary>
          <CodeBlock code={JSON.stringify(tidy(written), null, 2)} label={texts.json} />
        </details>
      )}
    </Card>
  );
}

function About({ segment }: { segment: SegmentDetail }) {
  const { strings } = useWords();
  const texts = strings.segments;
  return (
    <Card title={texts.detail.facts}>
      <Facts
        facts={[
          { name: texts.createdAt, value: <Time iso={segment.createdAt} /> },
          { name: texts.createdBy, value: <bdi>{segment.createdBy ?? strings.common.none}</bdi> },
          { name: strings.messages.id, value: <bdi className="mono">{segment.id}</bdi> },
          ...(segment.usedBy.length === 0
            ? []
            : [{ name: texts.detail.usedBy, value: <SegmentUses uses={segment.usedBy} /> }]),
        ]}
      />
    </Card>
  );
}
