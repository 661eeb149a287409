import { TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { nameOf } from "../../../server/users/name-of.ts";
import { useUsers } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";

interface UserTagsProps {
  label: string;
  hint: string;
  most: number;
  /** User ids. */
  value: string[];
  onChange(ids: string[]): void;
  error?: string | undefined;
  isFirst?: boolean;
}

/** More tags than these would only be scrolled past. */
const mostShown = 50;

/** Users by their ids, found by what is known of them. */
export function UserTags({ label, hint, most, value, onChange, error, isFirst = false }: UserTagsProps) {
  const { strings, format } = useWords();
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const found = useUsers(search === "" ? {} : { search }, undefined).data?.data ?? [];
  const names = new Map(found.map(({ userId, attributes }) => [userId, nameOf(attributes)]));
  const shown = value.slice(0, mostShown);
  return (
    <>
      <TagsInput
        label={label}
        description={hint}
        {...(isFirst && { "data-autofocus": true })}
        attributes={{ input: { dir: "auto" } }}
        maxTags={most}
        splitChars={[",", ";", "\n", "\t"]}
        limit={8}
        // Without a search it would only cover what is below.
        data={search === "" ? [] : [...names.keys()]}
        // The server has searched.
        filter={({ options }) => options}
        renderOption={({ option }) => (
          <span>
            <bdi>{option.value}</bdi> <span className="faint">{names.get(option.value)}</span>
          </span>
        )}
        searchValue={text}
        onSearchChange={setText}
        value={shown}
        onChange={(next) => onChange([...new Set([...next, ...value.slice(mostShown)])])}
        error={error}
      />
      {value.length > 1 && (
        <p className="faint">{strings.plan.users.count(value.length, format.number(value.length))}</p>
      )}
    </>
  );
}
