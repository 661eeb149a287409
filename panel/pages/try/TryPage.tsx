import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { createClient } from "../../api/client.ts";
import { ApiProvider } from "../../api/context.tsx";
import { useSampleDevice } from "../../api/sample.ts";
import { sessionQuery } from "../../api/session.ts";
import { FormatProvider } from "../../ui/language.tsx";
import { ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { connectDevice } from "./device.ts";
import { Inbox } from "./Inbox.tsx";
import styles from "./TryPage.module.css";

/** This very browser as a device of a made-up user, and what it got: a page of a customer's in small. */
export function TryPage() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const search = useSearch({ from: "/try" });
  const queries = useQueryClient();
  const router = useRouter();
  const app = session?.apps.find(({ appId }) => appId === search.app) ?? session?.apps[0];
  const appId = app?.appId ?? null;
  const client = useMemo(
    () =>
      createClient(appId, () => {
        queries.setQueryData(sessionQuery.queryKey, null);
        void router.invalidate();
      }),
    [appId, queries, router],
  );
  if (app === undefined) return null; // on the way to the sign-in page
  return (
    <ApiProvider client={client}>
      <FormatProvider timeZone={app.timeZone}>
        <div className={styles.page}>
          <Device appId={app.appId} />
        </div>
      </FormatProvider>
    </ApiProvider>
  );
}

function Device({ appId }: { appId: string }) {
  const keys = useSampleDevice();
  const device = useQuery({
    queryKey: ["device", keys.data],
    queryFn: () => (keys.data === undefined ? null : connectDevice(keys.data)),
    enabled: keys.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // It holds a connection.
    gcTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    retry: false,
    // What changes in it is no new answer.
    structuralSharing: false,
  });
  const failed = keys.error ?? device.error;
  if (failed !== null)
    return (
      <ErrorState
        error={failed}
        onRetry={() => void (keys.error === null ? device.refetch() : keys.refetch())}
      />
    );
  if (!keys.data || !device.data) return <PageSkeleton />;
  return <Inbox appId={appId} userId={keys.data.userId} chapar={device.data} />;
}
