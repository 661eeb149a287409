import { ActionIcon, Badge, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import type { Invitation } from "../../../server/team/schema.ts";
import { useTakeBackInvitation } from "../../api/team.ts";
import { useMay } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { useNow } from "../../ui/useNow.ts";
import { useSayProblem } from "../../ui/useSayProblem.ts";

/** Who was asked in and has not come yet. */
export function Invitations({ invitations }: { invitations: readonly Invitation[] }) {
  const { strings } = useWords();
  const texts = strings.access.team;
  const now = useNow(60_000);
  const may = useMay();
  const columns: Column<Invitation>[] = [
    { key: "email", title: texts.email, render: ({ email }) => <span dir="ltr">{email}</span> },
    { key: "role", title: texts.role, width: "13rem", render: ({ role }) => strings.access.roles[role] },
    {
      key: "expires",
      title: texts.expires,
      width: "11rem",
      render: ({ expiresAt }) =>
        Date.parse(expiresAt) < now ? (
          <Badge variant="light" color="gray">
            {texts.expired}
          </Badge>
        ) : (
          <Time iso={expiresAt} />
        ),
    },
    ...(may("team:write")
      ? [
          {
            key: "remove",
            title: "",
            width: "3rem",
            render: (invitation: Invitation) => <TakeBack invitation={invitation} />,
          },
        ]
      : []),
  ];
  return (
    <Card flush title={texts.invitations}>
      <DataTable label={texts.invitations} columns={columns} rows={invitations} rowKey={({ id }) => id} />
    </Card>
  );
}

function TakeBack({ invitation: { id, email } }: { invitation: Invitation }) {
  const { strings } = useWords();
  const texts = strings.access.team;
  const takeBack = useTakeBackInvitation();
  const sayProblem = useSayProblem();
  return (
    <Tooltip label={texts.takeBack(email)}>
      <ActionIcon
        variant="subtle"
        color="red"
        aria-label={texts.takeBack(email)}
        loading={takeBack.isPending}
        onClick={() =>
          takeBack.mutate(id, {
            onSuccess: () => notifications.show({ message: texts.takenBack }),
            onError: sayProblem,
          })
        }
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
