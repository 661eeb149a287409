import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Delivery } from "../../../server/deliveries/schema.ts";
import type { Column } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { DeliveryBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./Deliveries.module.css";

/** Columns of the table of deliveries. */
export function useDeliveryColumns(): Column<Delivery>[] {
  const { strings } = useWords();
  return useMemo(() => {
    const texts = strings.messages;
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
        title: texts.device,
        width: "11rem",
        render: (delivery) => <Device delivery={delivery} />,
      },
      {
        key: "state",
        title: texts.state,
        width: "20%",
        render: (delivery) => <State delivery={delivery} />,
      },
      {
        key: "delivered",
        title: texts.delivered,
        width: "11.5rem",
        render: (delivery) => <Time iso={delivery.deliveredAt} />,
      },
      {
        key: "seen",
        title: texts.seen,
        width: "11.5rem",
        render: (delivery) => <Time iso={delivery.seenAt} />,
      },
    ];
  }, [strings]);
}

/** What a deletion for good leaves of a delivery is nobody's. */
const isErased = ({ userId }: Delivery) => userId === "";

function Device({ delivery }: { delivery: Delivery }) {
  const { strings } = useWords();
  if (isErased(delivery)) return <span className="faint">{strings.common.none}</span>;
  if (delivery.installationId === null) return <span className="faint">{strings.messages.noDevice}</span>;
  const platforms: Record<string, string> = strings.users.platforms;
  const platform =
    delivery.deviceType === null ? "" : (platforms[delivery.deviceType] ?? delivery.deviceType);
  return (
    <span className={styles.device}>
      {platform}
      <bdi className="mono faint clamp-1" title={delivery.installationId}>
        {delivery.installationId}
      </bdi>
    </span>
  );
}

function State({ delivery }: { delivery: Delivery }) {
  const { strings } = useWords();
  const { reason } = delivery;
  return (
    <span className={styles.state}>
      <DeliveryBadge state={delivery.state} />
      {delivery.dismissed && <span className="faint">{strings.messages.dismissed}</span>}
      {reason !== null && <span className="soft">{strings.messages.reasons[reason]}</span>}
      {delivery.clickedAt !== null && (
        <span className="faint">
          <Time iso={delivery.clickedAt} />
        </span>
      )}
    </span>
  );
}
