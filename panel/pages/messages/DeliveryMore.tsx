import { ActionIcon, Popover } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import type { Delivery } from "../../../server/deliveries/schema.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { codeWords, stateWords } from "../../ui/stateWords.ts";
import { Time } from "../../ui/Time.tsx";
import styles from "./Deliveries.module.css";
import reportStyles from "./MessageReport.module.css";

/** Everything that is known of one delivery, for whoever wants to ask the provider about it. */
export function DeliveryMore({ delivery }: { delivery: Delivery }) {
  const { strings } = useWords();
  const texts = strings.report;
  const { states } = stateWords(strings, delivery.channel);
  const words = codeWords(strings, delivery.channel, delivery.code);
  const mono = (text: string) => (
    <span className={reportStyles.id}>
      <bdi className="mono">{text}</bdi>
      <CopyButton text={text} />
    </span>
  );
  const at = (name: string, iso: string | null) => iso !== null && { name, value: <Time iso={iso} /> };
  const facts = [
    delivery.reason !== null && { name: texts.reason, value: strings.messages.reasons[delivery.reason] },
    words !== null && { name: texts.means, value: words },
    delivery.detail !== null && { name: texts.said, value: <bdi>{delivery.detail}</bdi> },
    delivery.code !== null && { name: texts.code, value: <bdi className="mono">{delivery.code}</bdi> },
    delivery.account !== null && { name: texts.account, value: <bdi>{delivery.account}</bdi> },
    at(states.sent, delivery.sentAt),
    at(states.delivered, delivery.deliveredAt),
    at(states.seen, delivery.seenAt),
    at(states.clicked, delivery.clickedAt),
    at(texts.nextAttempt, delivery.nextAttemptAt),
    delivery.providerId !== null && { name: texts.provider, value: mono(delivery.providerId) },
    { name: texts.deliveryId, value: mono(delivery.id) },
  ];
  return (
    <Popover position="bottom-end" shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={texts.moreOf(delivery.userId || strings.messages.erasedUser)}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={styles.more ?? ""}>
        <Facts facts={facts.filter((fact) => fact !== false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
