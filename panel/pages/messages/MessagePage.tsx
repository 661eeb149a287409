import { useParams } from "@tanstack/react-router";
import { useMessageReport } from "../../api/messages.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { MessageBadge } from "../../ui/StatusBadge.tsx";
import { firstWords } from "./firstWords.ts";
import { MessageActions } from "./MessageActions.tsx";
import { MessageReport } from "./MessageReport.tsx";

/** One message and what became of it. */
export function MessagePage() {
  const { messageId } = useParams({ from: "/shell/messages/$messageId" });
  const { strings } = useWords();
  const query = useMessageReport(messageId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  return (
    <>
      <PageHeader
        title={firstWords(query.data.content || (query.data.subject ?? "")) || strings.messages.noWords}
        parent={{ title: strings.messages.title, to: "/messages" }}
        badge={<MessageBadge status={query.data.status} />}
        actions={<MessageActions report={query.data} />}
      />
      <MessageReport key={messageId} report={query.data} />
    </>
  );
}
