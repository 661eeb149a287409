import { createContext, useContext } from "react";
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
