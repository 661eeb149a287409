import { Badge, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { AccessToken } from "../../../server/accounts/tokens-schema.ts";
import { usePagePlace } from "../../api/pages.ts";
import { useRevokeToken, useTokens } from "../../api/tokens.ts";
import { useMay } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { EmptyState, ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useNow } from "../../ui/useNow.ts";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { Confirm } from "./Confirm.tsx";
import { NewTokenDialog } from "./NewTokenDialog.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";

/** What programs call the API with. */
export function TokensPage() {
  const { strings } = useWords();
  const texts = strings.access.tokens;
  const may = useMay();
  const place = usePagePlace();
  const tokens = useTokens(place.cursor);
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<AccessToken | null>(null);
  const columns = useTokenColumns(setRevoked);
  const add = may("tokens:write") ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {texts.add}
    </Button>
  ) : undefined;
  return (
    <SettingsFrame title={texts.title} lead={texts.lead} actions={add} isWide>
      <Card flush>
        {tokens.data === undefined ? (
          tokens.isError ? (
            <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />
          ) : (
            <RowsSkeleton rows={3} />
          )
        ) : tokens.data.data.length === 0 ? (
          <EmptyState
            icon={<IconKey size={22} stroke={1.6} />}
            title={texts.empty}
            hint={texts.emptyHint}
            action={add}
          />
        ) : (
          <DataTable label={texts.list} columns={columns} rows={tokens.data.data} rowKey={({ id }) => id} />
        )}
        <Pager place={place} nextCursor={tokens.data?.nextCursor ?? null} isBusy={tokens.isFetching} />
      </Card>
      {isMaking && <NewTokenDialog onClose={() => setMaking(false)} />}
      {revoked !== null && <RevokeToken token={revoked} onClose={() => setRevoked(null)} />}
    </SettingsFrame>
  );
}

function useTokenColumns(onRevoke: (token: AccessToken) => void): Column<AccessToken>[] {
  const { strings, format } = useWords();
  const texts = strings.access.tokens;
  const may = useMay();
  const now = useNow(60_000);
  const stateOf = ({ revokedAt, expiresAt }: AccessToken) =>
    revokedAt !== null
      ? "revoked"
      : expiresAt !== null && Date.parse(expiresAt) <= now
        ? "expired"
        : "active";
  return [
    {
      key: "name",
      title: texts.name,
      render: (token) => (
        <>
          <strong>
            <bdi>{token.name}</bdi>
          </strong>
          <br />
          <bdi className="faint">{token.createdBy}</bdi>
        </>
      ),
    },
    {
      key: "scopes",
      title: texts.scopes,
      render: ({ scopes }) =>
        scopes === null ? (
          texts.everything
        ) : (
          <span className="mono" dir="ltr">
            {scopes.join(", ")}
          </span>
        ),
    },
    {
      key: "used",
      title: texts.lastUsed,
      width: "8rem",
      render: ({ lastUsedAt }) =>
        lastUsedAt === null ? <span className="faint">{texts.notUsed}</span> : <Time iso={lastUsedAt} ago />,
    },
    {
      key: "state",
      title: texts.state,
      width: "9rem",
      render: (token) => {
        const state = stateOf(token);
        return (
          <>
            <Badge variant="light" color={state === "active" ? "green" : "gray"}>
              {texts[state]}
            </Badge>
            {state === "active" && token.expiresAt !== null && (
              <>
                <br />
                <span className="faint">
                  {texts.expires}: {format.date(token.expiresAt)}
                </span>
              </>
            )}
          </>
        );
      },
    },
    ...(may("tokens:write")
      ? [
          {
            key: "revoke",
            title: "",
            width: "7rem",
            render: (token: AccessToken) =>
              stateOf(token) === "active" && (
                <Button
                  variant="subtle"
                  color="red"
                  size="compact-sm"
                  aria-label={texts.revoke(token.name)}
                  onClick={() => onRevoke(token)}
                >
                  {texts.revokeConfirm}
                </Button>
              ),
          },
        ]
      : []),
  ];
}

function RevokeToken({ token, onClose }: { token: AccessToken; onClose(): void }) {
  const { strings } = useWords();
  const texts = strings.access.tokens;
  const revoke = useRevokeToken();
  const sayProblem = useSayProblem();
  return (
    <Confirm
      title={texts.revokeTitle(token.name)}
      text={texts.revokeText}
      action={texts.revokeConfirm}
      isPending={revoke.isPending}
      onClose={onClose}
      onConfirm={() =>
        revoke.mutate(token.id, {
          onSuccess: () => {
            notifications.show({ message: texts.revokedOne(token.name) });
            onClose();
          },
          onError: sayProblem,
        })
      }
    />
  );
}
