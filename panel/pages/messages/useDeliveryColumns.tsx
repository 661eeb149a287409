import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Delivery } from "../../../server/deliveries/schema.ts";
import type { Message } from "../../../server/messages/schema.ts";
import type { Column } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { Device, isErased, State, Times } from "./DeliveryCells.tsx";
import { DeliveryMore } from "./DeliveryMore.tsx";

/** Columns of the log of a message on this channel. */
export function useDeliveryColumns(channel: Message["channel"]): Column<Delivery>[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.messages;
    const provider: Column<Delivery> = {
      key: "provider",
      title: strings.report.provider,
      width: "8rem",
      render: ({ providerId }) =>
        providerId === null ? (
          <span className="faint">{strings.common.none}</span>
        ) : (
          <bdi className="mono clamp-1" title={providerId}>
            {providerId}
          </bdi>
        ),
    };
    const isOfDevices = channel === "inbox" || channel === "push";
    return [
      {
        key: "user",
        title: texts.user,
        render: (delivery) =>
          isErased(delivery) ? (
            <span className="faint">{texts.erasedUser}</span>
          ) : (
            <Link
              to="/users/$userId"
              params={{ userId: delivery.userId }}
              className="text-link clamp-1"
              dir="auto"
              title={delivery.userId}
            >
              {delivery.userId}
            </Link>
          ),
      },
      {
        key: "device",
        title: isOfDevices ? texts.device : strings.report.channel,
        width: isOfDevices ? "10rem" : "7rem",
        render: (delivery) => <Device delivery={delivery} />,
      },
      {
        key: "state",
        title: texts.state,
        width: "26%",
        render: (delivery) => <State delivery={delivery} />,
      },
      {
        key: "attempts",
        title: strings.report.attempts,
        width: "5rem",
        isNumber: true,
        render: ({ attempts }) => format.number(attempts),
      },
      {
        key: "times",
        title: strings.report.times,
        width: "13rem",
        render: (delivery) => <Times delivery={delivery} />,
      },
      // Nobody else carries the inbox: where a push brought somebody in, its id stands with the rest.
      ...(channel === "inbox" ? [] : [provider]),
      {
        key: "more",
        title: strings.report.more,
        width: "4.5rem",
        render: (delivery) => <DeliveryMore delivery={delivery} />,
      },
    ];
  }, [strings, format, channel]);
}
