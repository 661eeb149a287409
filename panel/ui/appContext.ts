import { createContext, useCallback, useContext } from "react";
import type { Permission } from "../../server/accounts/roles.ts";
import type { Session } from "../../server/signin/schema.ts";

/** An app that the account may see. */
export type SessionApp = Session["apps"][number];

/** The chosen app; given by the shell. */
export const AppContext = createContext<SessionApp | null>(null);

/** The chosen app. */
export function useApp(): SessionApp {
  const app = useContext(AppContext);
  if (app === null) throw new Error("useApp outside the shell");
  return app;
}

/** How another app is chosen; given by the shell. */
export const ChooseAppContext = createContext<(appId: string) => void>(() => {});

/** Goes to another app. */
export const useChooseApp = (): ((appId: string) => void) => useContext(ChooseAppContext);

/** Whether the account may do this in the chosen app. The server refuses the rest anyway: this spares a dead end. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useApp();
  return useCallback(
    (permission) =>
      permissions.includes(permission) ||
      permissions.some((granted) => granted === permission.replace(/:read$/, ":write")),
    [permissions],
  );
}
