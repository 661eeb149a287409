import type { Channel } from "../../../server/channels/schema.ts";
import type { DeliveryCounts } from "../../../server/deliveries/schema.ts";
import { DeliveryBar } from "../../ui/DeliveryBar.tsx";
import { funnelOf } from "../../ui/funnel.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./DeliverySummary.module.css";

/** The bar with the two numbers people look for first: delivered of targeted. */
export function DeliverySummary({ counts, channel }: { counts: DeliveryCounts; channel: Channel }) {
  const { strings, format } = useWords();
  const { targeted, delivered } = funnelOf(counts);
  if (targeted === 0) return <span className="faint">{strings.common.none}</span>;
  return (
    <div className={styles.summary}>
      <DeliveryBar counts={counts} channel={channel} />
      <div className={`${styles.numbers} number`}>
        <span>
          {strings.messages.states.delivered} {format.percent(delivered, targeted)}
        </span>
        <span className="faint">
          {format.number(delivered)} / {format.number(targeted)}
        </span>
      </div>
    </div>
  );
}
