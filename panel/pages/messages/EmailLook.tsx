import { Skeleton } from "@mantine/core";
import type { MessageReport } from "../../../server/messages/schema.ts";
import { useMessageLook } from "../../api/messages.ts";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { EmailView } from "../email/EmailView.tsx";

/** What an e-mail that was sent looks like, its variables as they were written. */
export function EmailLook({ message, from }: { message: MessageReport; from: string }) {
  const { strings } = useWords();
  const query = useMessageLook(message);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <Skeleton height={420} radius="md" role="status" aria-label={strings.email.preview.waiting} />;
  }
  return (
    <EmailView from={from} subject={message.subject ?? ""} htmlUrl={query.data} text={message.content} />
  );
}
