import { createContext, type ReactNode, useContext } from "react";
import type { ApiClient } from "./client.ts";

const Context = createContext<ApiClient | null>(null);

/** Gives the pages below it the client of the chosen app. */
export function ApiProvider(props: { client: ApiClient; children: ReactNode }) {
  return <Context value={props.client}>{props.children}</Context>;
}

/** The client of the chosen app. */
export function useApi(): ApiClient {
  const client = useContext(Context);
  if (client === null) throw new Error("useApi outside ApiProvider");
  return client;
}
