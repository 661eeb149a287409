import { ActionIcon, Badge, Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAddressBook, IconSearch, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { User } from "../../../server/users/schema.ts";
import { usePagePlace } from "../../api/pages.ts";
import { useUsers } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { Addresses } from "./Addresses.tsx";
import { Tags } from "./Tags.tsx";
import styles from "./UsersPage.module.css";

/** Everyone the app knows, with search. */
export function UsersPage() {
  const { strings } = useWords();
  const texts = strings.users;
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const place = usePagePlace(search);
  const query = useUsers(search, place.cursor);
  const columns = useColumns();
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} />
      <TextInput
        className={styles.search ?? ""}
        type="search"
        attributes={{ input: { dir: "auto" } }}
        aria-label={texts.search}
        placeholder={texts.searchHint}
        leftSection={<IconSearch size={16} />}
        value={text}
        maxLength={128}
        onChange={(event) => setText(event.currentTarget.value)}
        rightSection={
          text !== "" && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={texts.clear}
              onClick={() => setText("")}
            >
              <IconX size={14} />
            </ActionIcon>
          )
        }
      />
      <Card flush>
        <DataList
          label={texts.title}
          query={query}
          place={place}
          columns={columns}
          rowKey={(user) => user.userId}
          empty={search === "" ? <NoUsers /> : <NoMatch search={search} />}
        />
      </Card>
    </>
  );
}

function NoUsers() {
  const { strings } = useWords();
  return (
    <EmptyState
      icon={<IconAddressBook size={22} stroke={1.6} />}
      title={strings.users.empty}
      hint={strings.users.emptyHint}
      action={
        <Button component={Link} to="/imports">
          {strings.users.emptyAction}
        </Button>
      }
    />
  );
}

function NoMatch({ search }: { search: string }) {
  const { strings } = useWords();
  return (
    <EmptyState
      icon={<IconSearch size={22} stroke={1.6} />}
      title={strings.users.noMatch(search)}
      hint={strings.users.noMatchHint}
    />
  );
}

function useColumns(): Column<User>[] {
  const { strings } = useWords();
  return useMemo(() => {
    const texts = strings.users;
    return [
      {
        key: "user",
        title: texts.user,
        render: (user) => (
          <span className={styles.user}>
            <Link
              to="/users/$userId"
              params={{ userId: user.userId }}
              className={`${rowLink} clamp-1`}
              dir="auto"
              title={user.userId}
            >
              {user.userId}
            </Link>
            {user.isGuest && (
              <Badge size="sm" variant="light" color="gray" className={styles.guest ?? ""}>
                {texts.guest}
              </Badge>
            )}
          </span>
        ),
      },
      { key: "address", title: texts.address, width: "15rem", render: (user) => <Addresses user={user} /> },
      { key: "tags", title: texts.tags, width: "36%", render: (user) => <Tags tags={user.tags} limit={4} /> },
      {
        key: "updated",
        title: texts.updated,
        width: "9rem",
        render: (user) => <Time iso={user.updatedAt} ago />,
      },
    ];
  }, [strings]);
}
