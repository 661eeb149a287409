import type { MessageReport } from "../../../server/messages/schema.ts";
import { useEngagement } from "../../api/messages.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { Ranks } from "../../ui/Ranks.tsx";

/** Which buttons of its notification people chose; nothing for a message that has none. */
export function Buttons({ report }: { report: MessageReport }) {
  const { strings, format } = useWords();
  const { data: engagement } = useEngagement(report);
  if (!engagement || engagement.actions.length === 0) return null;
  const texts = strings.results.buttons;
  return (
    <Card title={texts.title}>
      {engagement.acted.people === 0 ? (
        <p className="faint">{texts.none}</p>
      ) : (
        <Ranks
          of={engagement.acted.people}
          ranks={engagement.actions.map(({ id, title, acted }) => ({
            ...{ key: id, label: <bdi>{title}</bdi>, count: acted.people },
            hint: texts.times(format.number(acted.times)),
          }))}
        />
      )}
    </Card>
  );
}
