import { Button } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Import } from "../../../server/imports/schema.ts";
import { useDashboard } from "../../api/dashboard.ts";
import { useImports } from "../../api/imports.ts";
import { useMessages } from "../../api/messages.ts";
import { useSample } from "../../api/sample.ts";
import { useApp, useMay } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { ImportBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { AttentionList } from "./AttentionList.tsx";
import { DayByDay } from "./DayByDay.tsx";
import { GettingStarted } from "./GettingStarted.tsx";
import styles from "./HomePage.module.css";
import { MessageLine } from "./MessageLine.tsx";
import { NowLine } from "./NowLine.tsx";
import { PinnedSegments } from "./PinnedSegments.tsx";
import { SampleNote } from "./SampleNote.tsx";
import { Today } from "./Today.tsx";
import { useGuide } from "./useGuide.ts";

/** How many of the latest of each are shown. */
const shown = 5;

/** What is going on now; in an empty app, how to begin. */
export function HomePage() {
  const { strings } = useWords();
  const app = useApp();
  const may = useMay();
  const messages = useMessages(undefined, shown);
  const dashboard = useDashboard(null);
  const sample = useSample({ isAsked: may("imports:read") });
  const [guide, setGuide] = useGuide(app.appId);
  if (messages.isPending || dashboard.isPending) return <PageSkeleton />;

  const hasMessages = (messages.data?.data.length ?? 0) > 0;
  const hasPeople = (dashboard.data?.now?.users ?? 0) > 0 || sample.data?.status === "there";
  const isKnown = messages.data !== undefined && dashboard.data !== undefined;
  const mayBegin = may("imports:write") && may("campaigns:write");
  const isGuided =
    mayBegin && (guide === "shown" || (guide === "new" && isKnown && !(hasPeople && hasMessages)));
  // Noughts teach nothing beside the guide; who has none is shown them.
  const isEmpty = isGuided && isKnown && !hasPeople && !hasMessages;
  return (
    <>
      <PageHeader
        title={strings.home.title}
        lead={<NowLine name={app.name} now={dashboard.data?.now ?? null} />}
        actions={
          mayBegin &&
          !isGuided && (
            <Button
              variant="default"
              leftSection={<IconListCheck size={16} aria-hidden />}
              onClick={() => setGuide("shown")}
            >
              {strings.home.start.show}
            </Button>
          )
        }
      />
      {isGuided && (
        <GettingStarted
          hasPeople={hasPeople}
          hasMessages={hasMessages}
          sample={sample.data}
          onHide={() => setGuide("hidden")}
        />
      )}
      {sample.data !== undefined && may("imports:write") && <SampleNote sample={sample.data} />}
      {dashboard.data === undefined ? (
        <ErrorState error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      ) : (
        <>
          <AttentionList entries={dashboard.data.attention} />
          {!isEmpty && <Today {...dashboard.data.sofar} />}
        </>
      )}
      {may("segments:read") && <PinnedSegments />}
      {!isEmpty && <DayByDay />}
      {!isEmpty && (
        <div className={styles.columns}>
          <Card flush title={strings.home.latestMessages} actions={<SeeAll to="/messages" />}>
            {messages.data === undefined ? (
              <ErrorState error={messages.error} onRetry={() => void messages.refetch()} />
            ) : hasMessages ? (
              <ul>
                {messages.data.data.map((message) => (
                  <MessageLine key={message.id} message={message} />
                ))}
              </ul>
            ) : (
              <p className={styles.nothing}>{strings.home.noMessages}</p>
            )}
          </Card>
          {may("imports:read") && <LatestImports />}
        </div>
      )}
    </>
  );
}

function LatestImports() {
  const { strings } = useWords();
  const imports = useImports(undefined, shown);
  return (
    <Card flush title={strings.home.latestImports} actions={<SeeAll to="/imports" />}>
      {imports.data === undefined ? (
        imports.isError && <ErrorState error={imports.error} onRetry={() => void imports.refetch()} />
      ) : imports.data.data.length > 0 ? (
        <ul>
          {imports.data.data.map((item) => (
            <ImportLine key={item.id} item={item} />
          ))}
        </ul>
      ) : (
        <p className={styles.nothing}>{strings.home.noImports}</p>
      )}
    </Card>
  );
}

function SeeAll({ to }: { to: "/imports" | "/messages" }) {
  const { strings } = useWords();
  return (
    <Link to={to} className="text-link">
      {strings.common.seeAll}
    </Link>
  );
}

function ImportLine({ item }: { item: Import }) {
  const { strings, format } = useWords();
  return (
    <li className={styles.line}>
      <div className={styles.lineTop}>
        <Link
          to="/imports/$importId"
          params={{ importId: item.id }}
          className={`${styles.lineLink} clamp-1`}
          dir="auto"
          title={item.name}
        >
          {item.name}
        </Link>
        <ImportBadge item={item} />
      </div>
      <div className={`${styles.lineFoot} number`}>
        <span>
          {strings.imports.rowCount(item.rows.total, format.number(item.rows.total))}
          {item.rows.rejected > 0 && ` · ${strings.imports.rejectedCount(format.number(item.rows.rejected))}`}
        </span>
        <Time iso={item.createdAt} ago />
      </div>
    </li>
  );
}
