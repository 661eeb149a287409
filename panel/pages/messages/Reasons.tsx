import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import type { ReasonCount } from "../../../server/deliveries/schema.ts";
import type { Message } from "../../../server/messages/schema.ts";
import type { LogFilter } from "../../api/messages.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { DeliveryBadge } from "../../ui/StatusBadge.tsx";
import { codeWords } from "../../ui/stateWords.ts";

interface ReasonsProps {
  reasons: readonly ReasonCount[];
  message: Pick<Message, "channel" | "fallback">;
  targeted: number;
  onChoose(filter: LogFilter): void;
}

/** Why recipients were not reached, the most frequent first; a line shows who they are. */
export function Reasons({ reasons, message, targeted, onChoose }: ReasonsProps) {
  const { strings, format } = useWords();
  const texts = strings.report;
  const { channel } = message;
  const after = message.fallback?.channel;
  const columns = useMemo<Column<ReasonCount>[]>(
    () => [
      {
        key: "reason",
        title: texts.reason,
        render: ({ state, reason, code }) => (
          <UnstyledButton
            className={rowLink}
            display="block"
            title={texts.showWho(strings.messages.reasons[reason])}
            onClick={() => onChoose({ state, reason })}
          >
            {strings.messages.reasons[reason]}
            <Meaning words={codeWords(strings, channel, code) ?? codeWords(strings, after, code)} />
            {code !== null && (
              <bdi className="mono faint clamp-1" title={texts.codeOf(code)}>
                {code}
              </bdi>
            )}
          </UnstyledButton>
        ),
      },
      {
        key: "state",
        title: strings.messages.state,
        width: "8.5rem",
        render: ({ state }) => <DeliveryBadge state={state} channel={channel} />,
      },
      {
        key: "count",
        title: texts.count,
        width: "6.5rem",
        isNumber: true,
        render: ({ count }) => format.number(count),
      },
      {
        key: "share",
        title: texts.share,
        width: "5rem",
        isNumber: true,
        render: ({ count }) => format.percent(count, targeted),
      },
    ],
    [texts, strings, format, targeted, onChoose, channel, after],
  );
  if (reasons.length === 0) return null;
  return (
    <Card flush title={texts.reasons} hint={texts.reasonsHint}>
      <DataTable
        label={texts.reasons}
        columns={columns}
        rows={reasons}
        rowKey={({ state, reason, code }) => `${state} ${reason} ${code ?? ""}`}
      />
    </Card>
  );
}

/** What the provider's code means. */
const Meaning = ({ words }: { words: string | null }) =>
  words === null ? null : (
    <span className="soft" style={{ display: "block" }}>
      {words}
    </span>
  );
