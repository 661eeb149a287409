import { ActionIcon, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { DeliveryReason } from "../../../server/deliveries/schema.ts";
import type { Message } from "../../../server/messages/schema.ts";
import type { LogFilter } from "../../api/messages.ts";
import { countedStates } from "../../ui/funnel.ts";
import { useWords } from "../../ui/language.tsx";
import { stateWords } from "../../ui/stateWords.ts";
import styles from "./Deliveries.module.css";

const all = "all";

interface LogFiltersProps {
  message: Message;
  filter: LogFilter;
  onFilter(filter: LogFilter): void;
}

/** Narrows the log to a state, a reason and a person. */
export function LogFilters({ message, filter, onFilter }: LogFiltersProps) {
  const { strings, format } = useWords();
  const texts = strings.report;
  const words = stateWords(strings, message.channel);
  const states = countedStates.map((state) => ({
    value: state,
    label: `${words.states[state]} (${format.number(message.counts[state])})`,
  }));
  // Every reason has words, so these are all.
  const reasons = Object.entries(strings.messages.reasons).map(([value, label]) => ({ value, label }));
  return (
    <div className={styles.filters}>
      <UserField
        user={filter.user ?? ""}
        onSearch={(user) => onFilter({ ...filter, user: user === "" ? undefined : user })}
      />
      <Select
        aria-label={texts.filterState}
        size="xs"
        allowDeselect={false}
        data={[{ value: all, label: strings.common.all }, ...states]}
        value={filter.state ?? all}
        onChange={(value) =>
          onFilter({ ...filter, state: countedStates.find((state) => state === value), reason: undefined })
        }
      />
      <Select
        aria-label={texts.filterReason}
        size="xs"
        allowDeselect={false}
        comboboxProps={{ width: 300 }}
        data={[{ value: all, label: texts.anyReason }, ...reasons]}
        value={filter.reason ?? all}
        onChange={(value) =>
          onFilter({ ...filter, reason: value === all ? undefined : (value as DeliveryReason) })
        }
      />
    </div>
  );
}

function UserField({ user, onSearch }: { user: string; onSearch(user: string): void }) {
  const { strings } = useWords();
  const texts = strings.report;
  const [text, setText] = useState(user);
  useEffect(() => setText(user), [user]);
  const search = useDebouncedCallback(onSearch, 350);
  const write = (next: string) => {
    setText(next);
    search(next.trim());
  };
  return (
    <TextInput
      type="search"
      size="xs"
      attributes={{ input: { dir: "auto" } }}
      aria-label={texts.searchUser}
      placeholder={texts.searchUserHint}
      leftSection={<IconSearch size={14} />}
      value={text}
      maxLength={254}
      onChange={({ currentTarget }) => write(currentTarget.value)}
      rightSection={
        text !== "" && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="xs"
            aria-label={texts.clearSearch}
            onClick={() => write("")}
          >
            <IconX size={12} />
          </ActionIcon>
        )
      }
    />
  );
}
