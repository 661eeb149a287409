import { ActionIcon, Badge, Button, Select, Skeleton, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { mayAssign, type Role, roles } from "../../../server/accounts/roles.ts";
import type { Member } from "../../../server/team/schema.ts";
import { useChangeMember, useTeam } from "../../api/team.ts";
import { useApp, useMay } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { Confirm } from "./Confirm.tsx";
import { Invitations } from "./Invitations.tsx";
import { InviteDialog } from "./InviteDialog.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";

/** Who works with the app, and what each may do. */
export function TeamPage() {
  const { strings } = useWords();
  const texts = strings.access.team;
  const team = useTeam();
  const may = useMay();
  const [isInviting, setInviting] = useState(false);
  const [removed, setRemoved] = useState<Member | null>(null);
  const columns = useMemberColumns(setRemoved);
  const invite = may("team:write") ? (
    <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
      {texts.invite}
    </Button>
  ) : undefined;
  return (
    <SettingsFrame title={texts.title} lead={texts.lead} actions={invite} isWide>
      <Card flush>
        {team.data !== undefined ? (
          <DataTable
            label={texts.members}
            columns={columns}
            rows={team.data.members}
            rowKey={({ id }) => id}
          />
        ) : team.isError ? (
          <ErrorState error={team.error} onRetry={() => void team.refetch()} />
        ) : (
          <Skeleton height={120} aria-label={strings.common.loading} />
        )}
      </Card>
      {team.data !== undefined && team.data.invitations.length > 0 && (
        <Invitations invitations={team.data.invitations} />
      )}
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
      {removed !== null && <RemoveMember member={removed} onClose={() => setRemoved(null)} />}
    </SettingsFrame>
  );
}

function useMemberColumns(onRemove: (member: Member) => void): Column<Member>[] {
  const { strings } = useWords();
  const texts = strings.access.team;
  const may = useMay();
  return [
    {
      key: "name",
      title: texts.name,
      render: (member) => (
        <>
          <strong>
            <bdi>{member.name}</bdi>
          </strong>{" "}
          {member.isYou && (
            <Badge variant="light" size="sm">
              {texts.you}
            </Badge>
          )}
          <br />
          <span className="faint" dir="ltr">
            {member.email}
          </span>
        </>
      ),
    },
    { key: "role", title: texts.role, width: "13rem", render: (member) => <MemberRole member={member} /> },
    {
      key: "seen",
      title: texts.lastSeen,
      width: "9rem",
      render: ({ lastSeenAt }) =>
        lastSeenAt === null ? <span className="faint">{texts.never}</span> : <Time iso={lastSeenAt} ago />,
    },
    {
      key: "second",
      title: texts.secondFactor,
      width: "8rem",
      render: ({ hasSecondFactor }) => (hasSecondFactor ? strings.common.yes : strings.common.no),
    },
    ...(may("team:write")
      ? [
          {
            key: "remove",
            title: "",
            width: "3rem",
            render: (member: Member) => (
              <Tooltip label={texts.remove(member.name)}>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={texts.remove(member.name)}
                  onClick={() => onRemove(member)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Tooltip>
            ),
          },
        ]
      : []),
  ];
}

function MemberRole({ member }: { member: Member }) {
  const { strings } = useWords();
  const texts = strings.access;
  const { role: own } = useApp();
  const change = useChangeMember();
  const sayProblem = useSayProblem();
  if (!mayAssign(own, member.role)) return <span>{texts.roles[member.role]}</span>;
  const save = (role: Role) =>
    change.mutate(
      { id: member.id, role },
      {
        onSuccess: () => notifications.show({ message: texts.team.changed(member.name, texts.roles[role]) }),
        onError: sayProblem,
      },
    );
  return (
    <Select
      size="xs"
      aria-label={texts.team.changeRole(member.name)}
      data={roles
        .filter((role) => mayAssign(own, role))
        .map((role) => ({ value: role, label: texts.roles[role] }))}
      value={member.role}
      allowDeselect={false}
      disabled={change.isPending}
      onChange={(value) => value !== null && value !== member.role && save(value)}
    />
  );
}

function RemoveMember({ member, onClose }: { member: Member; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.access.team;
  const change = useChangeMember();
  const sayProblem = useSayProblem();
  return (
    <Confirm
      title={texts.removeTitle(member.name)}
      text={texts.removeText}
      action={texts.removeConfirm}
      isPending={change.isPending}
      onClose={onClose}
      onConfirm={() =>
        change.mutate(
          { id: member.id, role: null },
          {
            onSuccess: () => {
              notifications.show({ message: texts.removed(member.name) });
              onClose();
            },
            onError: (error) => {
              sayProblem(error);
              onClose();
            },
          },
        )
      }
    />
  );
}
