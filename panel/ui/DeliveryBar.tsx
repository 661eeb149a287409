import type { DeliveryCounts } from "../../server/deliveries/schema.ts";
import { countedStates } from "./funnel.ts";
import { useWords } from "./language.tsx";
import { type Share, StackedBar } from "./StackedBar.tsx";
import { stateColors } from "./stateColors.ts";

/** The counts of a message as shares of a bar, in the order the panel shows states. */
export function useDeliveryShares(counts: DeliveryCounts): Share[] {
  const { strings } = useWords();
  return countedStates.map((state) => ({
    key: state,
    label: strings.messages.states[state],
    hint: strings.messages.stateHints[state],
    value: counts[state],
    color: stateColors[state],
  }));
}

/** What became of a message, in one bar. */
export function DeliveryBar({ counts }: { counts: DeliveryCounts }) {
  const { strings } = useWords();
  const shares = useDeliveryShares(counts);
  return <StackedBar label={strings.messages.deliveries} shares={shares} />;
}
