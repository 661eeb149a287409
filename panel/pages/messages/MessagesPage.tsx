import { Button } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Message } from "../../../server/messages/schema.ts";
import { useMessages } from "../../api/messages.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { ChannelName } from "../../ui/ChannelName.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { describeAudience } from "../../ui/describeAudience.ts";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { MessageBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import { DeliverySummary } from "./DeliverySummary.tsx";

/** Every request to send, newest first. */
export function MessagesPage() {
  const { strings } = useWords();
  const texts = strings.messages;
  const place = usePagePlace();
  const query = useMessages(place.cursor);
  const columns = useColumns();
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} />
      <Card flush>
        <DataList
          label={texts.title}
          query={query}
          place={place}
          columns={columns}
          rowKey={(message) => message.id}
          empty={
            <EmptyState
              icon={<IconMessage size={22} stroke={1.6} />}
              title={texts.empty}
              hint={texts.emptyHint}
              action={
                <Button component={Link} to="/campaigns/new">
                  {texts.emptyAction}
                </Button>
              }
            />
          }
        />
      </Card>
    </>
  );
}

function useColumns(): Column<Message>[] {
  const words = useWords();
  return useMemo(() => {
    const texts = words.strings.messages;
    return [
      {
        key: "content",
        title: texts.content,
        render: (message) => (
          <Link
            to="/messages/$messageId"
            params={{ messageId: message.id }}
            className={`${rowLink} clamp-2`}
            dir="auto"
          >
            {message.content.trim() || texts.noWords}
          </Link>
        ),
      },
      {
        key: "channel",
        title: words.strings.report.channel,
        width: "7.5rem",
        render: ({ channel }) => <ChannelName channel={channel} />,
      },
      {
        key: "audience",
        title: texts.audience,
        width: "20%",
        render: (message) => {
          const audience = describeAudience(message, words);
          return (
            <span className="soft clamp-2" title={audience}>
              {audience}
            </span>
          );
        },
      },
      {
        key: "status",
        title: texts.status,
        width: "11rem",
        render: (message) => <MessageBadge status={message.status} />,
      },
      {
        key: "deliveries",
        title: texts.deliveries,
        width: "15.5rem",
        render: (message) => <DeliverySummary counts={message.counts} channel={message.channel} />,
      },
      {
        key: "time",
        title: texts.sentAt,
        width: "8.5rem",
        render: (message) => <Time iso={message.createdAt} ago />,
      },
    ];
  }, [words]);
}
