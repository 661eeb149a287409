import { Button, Select } from "@mantine/core";
import { IconDownload, IconListDetails } from "@tabler/icons-react";
import { useState } from "react";
import type { DeliveryState } from "../../../server/deliveries/schema.ts";
import type { Message } from "../../../server/messages/schema.ts";
import { useApi } from "../../api/context.tsx";
import { useDeliveries } from "../../api/messages.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { countedStates } from "../../ui/funnel.ts";
import { useWords } from "../../ui/language.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { useDeliveryColumns } from "./useDeliveryColumns.tsx";

const all = "all";

/** The states a row can have, in the panel's order. */
const rowStates = countedStates.filter((state): state is DeliveryState => state !== "queued");

/** What became of the message at each device, by state. */
export function Deliveries({ message }: { message: Message }) {
  const { strings, format } = useWords();
  const texts = strings.messages;
  const api = useApi();
  const [state, setState] = useState<DeliveryState | undefined>(undefined);
  const place = usePagePlace(state ?? all);
  const query = useDeliveries(message.id, state, place.cursor);
  const columns = useDeliveryColumns();
  const options = [
    { value: all, label: strings.common.all },
    ...rowStates.map((value) => ({
      value,
      label: `${texts.states[value]} (${format.number(message.counts[value])})`,
    })),
  ];
  return (
    <Card
      flush
      title={texts.people}
      actions={
        <>
          <Select
            aria-label={texts.filter}
            size="xs"
            w={190}
            allowDeselect={false}
            data={options}
            value={state ?? all}
            onChange={(value) => setState(rowStates.find((item) => item === value))}
          />
          <Button
            component="a"
            href={api.link(`/messages/${message.id}/deliveries.csv`)}
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
          <EmptyState
            icon={<IconListDetails size={22} stroke={1.6} />}
            title={state === undefined ? texts.noDeliveries : texts.noneInState}
            hint={state === undefined ? texts.noDeliveriesHint : texts.noneInStateHint}
          />
        }
      />
    </Card>
  );
}
