import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import type { ReasonCount } from "../../../server/deliveries/schema.ts";
import type { LogFilter } from "../../api/messages.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { DeliveryBadge } from "../../ui/StatusBadge.tsx";

interface ReasonsProps {
  reasons: readonly ReasonCount[];
  targeted: number;
  onChoose(filter: LogFilter): void;
}

/** Why recipients were not reached, the most frequent first; a line shows who they are. */
export function Reasons({ reasons, targeted, onChoose }: ReasonsProps) {
  const { strings, format } = useWords();
  const texts = strings.report;
  const columns = useMemo<Column<ReasonCount>[]>(
    () => [
      {
        key: "reason",
        title: texts.reason,
        render: ({ state, reason, code }) => (
          <UnstyledButton
            className={rowLink}
            display="block"
            aria-label={texts.showWho(strings.messages.reasons[reason])}
            onClick={() => onChoose({ state, reason })}
          >
            {strings.messages.reasons[reason]}
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
        render: ({ state }) => <DeliveryBadge state={state} />,
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
    [texts, strings, format, targeted, onChoose],
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
