import { Badge, Button } from "@mantine/core";
import { IconAddressBook, IconFilterOff, IconSearch } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ListedUser } from "../../../server/installations/user-schema.ts";
import { nameOf } from "../../../server/users/name-of.ts";
import { usePagePlace } from "../../api/pages.ts";
import { readFilter, type UserFilter, useUsers } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { type Column, rowLink } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { Addresses } from "./Addresses.tsx";
import { AddUser } from "./AddUser.tsx";
import { DeviceIcons } from "./DeviceIcons.tsx";
import { FilterChips } from "./FilterChips.tsx";
import { ReachIcons } from "./ReachIcons.tsx";
import { SegmentFilter } from "./SegmentFilter.tsx";
import { TagFilter } from "./TagFilter.tsx";
import { Tags } from "./Tags.tsx";
import styles from "./UsersPage.module.css";

/** Everyone the app knows, with search, and narrowed to a segment or an import. The address holds what is asked for. */
export function UsersPage() {
  const { strings } = useWords();
  const texts = strings.users;
  const filter = useSearch({ from: "/shell/users" });
  const navigate = useNavigate();
  const place = usePagePlace(JSON.stringify(filter));
  const query = useUsers(filter, place.cursor);
  const columns = useColumns();
  const narrow = (changed: UserFilter) =>
    // What is left out of the address is undefined or blank.
    void navigate({ to: "/users", search: (before) => readFilter({ ...before, ...changed }), replace: true });
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} actions={<AddUser />} />
      <div className={styles.tools}>
        <SearchField
          label={texts.search}
          hint={texts.searchHint}
          initial={filter.search ?? ""}
          onSearch={(search) => narrow({ search })}
        />
        <SegmentFilter onChoose={(segment) => narrow({ segment })} />
        <TagFilter onChoose={(tag) => narrow({ tag })} />
      </div>
      <FilterChips filter={filter} onRemove={(name) => narrow({ [name]: undefined })} />
      <Card flush>
        <DataList
          label={texts.title}
          query={query}
          place={place}
          columns={columns}
          rowKey={(user) => user.userId}
          empty={
            <Nobody
              filter={filter}
              onClear={() => narrow({ segment: undefined, import: undefined, tag: undefined })}
            />
          }
        />
      </Card>
    </>
  );
}

/** Why the list is empty, and the way out. */
function Nobody({ filter, onClear }: { filter: UserFilter; onClear(): void }) {
  if (filter.segment !== undefined || filter.import !== undefined || filter.tag !== undefined) {
    return <NobodyInFilter filter={filter} onClear={onClear} />;
  }
  return filter.search === undefined ? <NoUsers /> : <NoMatch search={filter.search} />;
}

function NobodyInFilter({ filter, onClear }: { filter: UserFilter; onClear(): void }) {
  const { strings } = useWords();
  const texts = strings.users;
  const title = filter.search !== undefined ? texts.noMatch(filter.search) : texts.nobodyInFilter;
  return (
    <EmptyState
      icon={<IconFilterOff size={22} stroke={1.6} />}
      title={title}
      hint={filter.search !== undefined ? texts.noMatchInFilterHint : texts.nobodyInFilterHint}
      action={
        <Button variant="default" onClick={onClear}>
          {texts.clearFilters}
        </Button>
      }
    />
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
        <Button component={Link} to="/imports/new">
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

function useColumns(): Column<ListedUser>[] {
  const { strings } = useWords();
  return useMemo(() => {
    const texts = strings.users;
    return [
      { key: "user", title: texts.user, render: (user) => <Who user={user} /> },
      { key: "address", title: texts.address, width: "12rem", render: (user) => <Addresses user={user} /> },
      {
        key: "reach",
        title: texts.reach,
        width: "8.5rem",
        render: (user) => <ReachIcons reach={user.reach} />,
      },
      {
        key: "devices",
        title: texts.devices,
        width: "5.5rem",
        render: (user) => <DeviceIcons types={user.deviceTypes} />,
      },
      { key: "tags", title: texts.tags, width: "22%", render: (user) => <Tags tags={user.tags} limit={3} /> },
      {
        key: "lastSeen",
        title: texts.lastSeen,
        width: "7.5rem",
        render: (user) => <Time iso={user.lastSeenAt} ago />,
      },
    ];
  }, [strings]);
}

/** The name where there is one, and the id. */
function Who({ user }: { user: ListedUser }) {
  const { strings } = useWords();
  const name = nameOf(user.attributes);
  return (
    <span className={styles.user}>
      <Link
        to="/users/$userId"
        params={{ userId: user.userId }}
        className={`${rowLink} clamp-1`}
        dir="auto"
        title={name ?? user.userId}
      >
        {name ?? user.userId}
      </Link>
      {(name !== null || user.isGuest) && (
        <span className={styles.more}>
          {name !== null && (
            <bdi className={styles.id} title={user.userId}>
              {user.userId}
            </bdi>
          )}
          {user.isGuest && (
            <Badge size="sm" variant="light" color="gray" className={styles.guest ?? ""}>
              {strings.users.guest}
            </Badge>
          )}
        </span>
      )}
    </span>
  );
}
