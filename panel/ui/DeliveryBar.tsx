import type { Channel } from "../../server/channels/schema.ts";
import type { DeliveryCounts } from "../../server/deliveries/schema.ts";
import { countedStates } from "./funnel.ts";
import { useWords } from "./language.tsx";
import { type Share, StackedBar } from "./StackedBar.tsx";
import { stateColors } from "./stateColors.ts";
import { stateWords } from "./stateWords.ts";

/** The counts of a message as shares of a bar, in the order the panel shows states. */
export function useDeliveryShares(counts: DeliveryCounts, channel: Channel): Share[] {
  const { strings } = useWords();
  const { states, stateHints } = stateWords(strings, channel);
  return countedStates.map((state) => ({
    key: state,
    label: states[state],
    hint: stateHints[state],
    value: counts[state],
    color: stateColors[state],
  }));
}

/** What became of a message, in one bar. */
export function DeliveryBar({ counts, channel }: { counts: DeliveryCounts; channel: Channel }) {
  const { strings } = useWords();
  const shares = useDeliveryShares(counts, channel);
  return <StackedBar label={strings.messages.deliveries} shares={shares} />;
}
