import { Button } from "@mantine/core";
import { IconDownload, IconListDetails, IconSearch } from "@tabler/icons-react";
import type { Message } from "../../../server/messages/schema.ts";
import { type LogFilter, useDeliveries, useDeliveriesLink } from "../../api/messages.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { useWords } from "../../ui/language.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { LogFilters } from "./LogFilters.tsx";
import { useDeliveryColumns } from "./useDeliveryColumns.tsx";

interface DeliveriesProps {
  message: Message;
  filter: LogFilter;
  onFilter(filter: LogFilter): void;
}

/** What became of the message at each recipient, narrowed by state, reason or person. */
export function Deliveries({ message, filter, onFilter }: DeliveriesProps) {
  const { strings } = useWords();
  const texts = strings.messages;
  const place = usePagePlace(JSON.stringify(filter));
  const query = useDeliveries(message.id, filter, place.cursor);
  const link = useDeliveriesLink(message.id, filter);
  const columns = useDeliveryColumns(message.channel);
  const isNarrowed = Object.values(filter).some((value) => value !== undefined);
  return (
    <Card
      flush
      title={texts.people}
      actions={
        <>
          <LogFilters message={message} filter={filter} onFilter={onFilter} />
          <Button
            component="a"
            href={link}
            download
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} />}
          >
            {strings.common.download}
          </Button>
        </>
      }
    >
      <DataList
        label={texts.people}
        query={query}
        place={place}
        columns={columns}
        rowKey={(delivery) => delivery.id}
        empty={
          isNarrowed ? (
            <EmptyState
              icon={<IconSearch size={22} stroke={1.6} />}
              title={strings.report.narrowed}
              hint={strings.report.narrowedHint}
              action={
                <Button variant="default" onClick={() => onFilter({})}>
                  {strings.report.clear}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={<IconListDetails size={22} stroke={1.6} />}
              title={texts.noDeliveries}
              hint={texts.noDeliveriesHint}
            />
          )
        }
      />
    </Card>
  );
}
