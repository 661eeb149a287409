import { ActionIcon, Drawer } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconMenu2 } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { LiveChanges } from "../api/changes.tsx";
import { createClient } from "../api/client.ts";
import { ApiProvider } from "../api/context.tsx";
import { sessionQuery } from "../api/session.ts";
import { AppContext, ChooseAppContext } from "./appContext.ts";
import { FormatProvider, useWords } from "./language.tsx";
import { Mark } from "./Mark.tsx";
import styles from "./Shell.module.css";
import { Sidebar } from "./Sidebar.tsx";
import { ErrorState } from "./States.tsx";

const Palette = lazy(async () => ({ default: (await import("./Palette.tsx")).Palette }));

const storageKey = "chapar.app";

/** Sidebar and page for someone who is signed in. Chooses the app, and gives the pages its client and time zone. */
export function Shell() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const queries = useQueryClient();
  const router = useRouter();
  const [chosen, choose] = useState(() => localStorage.getItem(storageKey));
  const app = session?.apps.find((item) => item.appId === chosen) ?? session?.apps[0];
  const appId = app?.appId ?? null;
  const client = useMemo(
    () =>
      createClient(appId, () => {
        queries.setQueryData(sessionQuery.queryKey, null);
        void router.invalidate(); // the route sends whoever is signed out to the sign-in page
      }),
    [appId, queries, router],
  );

  // Fetched when it is first wanted.
  const [isSearched, setSearched] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const openPalette = useCallback(() => {
    setSearched(true);
    setSearching(true);
  }, []);
  useHotkeys([["mod+K", openPalette]], []);

  if (session === null) return null; // on the way to the sign-in page
  if (app === undefined) return <ErrorState error={new Error("no app")} />;

  const changeApp = (next: string) => {
    localStorage.setItem(storageKey, next);
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] });
    choose(next);
    void router.navigate({ to: "/" });
  };

  return (
    <ApiProvider client={client}>
      <LiveChanges>
        <FormatProvider timeZone={app.timeZone}>
          <AppContext value={app}>
            <ChooseAppContext value={changeApp}>
              <Frame>
                {(onNavigate) => (
                  <Sidebar
                    session={session}
                    app={app}
                    onChangeApp={changeApp}
                    onSearch={openPalette}
                    onNavigate={onNavigate}
                  />
                )}
              </Frame>
              {isSearched && (
                <Suspense>
                  <Palette isOpen={isSearching} onClose={() => setSearching(false)} />
                </Suspense>
              )}
            </ChooseAppContext>
          </AppContext>
        </FormatProvider>
      </LiveChanges>
    </ApiProvider>
  );
}

function Frame(props: { children: (onNavigate: () => void) => React.ReactNode }) {
  const { strings } = useWords();
  const [isOpen, menu] = useDisclosure(false);
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {strings.nav.skip}
      </a>
      <aside className={styles.side}>{props.children(() => {})}</aside>
      <header className={styles.bar}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={strings.nav.open}
          aria-expanded={isOpen}
          onClick={menu.open}
        >
          <IconMenu2 size={20} />
        </ActionIcon>
        <Mark size={22} />
        <strong>{strings.product}</strong>
      </header>
      <Drawer
        opened={isOpen}
        onClose={menu.close}
        size={280}
        padding={0}
        withCloseButton={false}
        attributes={{ content: { "aria-label": strings.nav.label } }}
        classNames={{ body: styles.drawer ?? "" }}
      >
        {props.children(menu.close)}
      </Drawer>
      <main id="content" className={styles.main} tabIndex={-1}>
        <div className={styles.page}>
          <Outlet />
        </div>
      </main>
    </div>
  );
}
