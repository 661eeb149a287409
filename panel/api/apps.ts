import { useMutation } from "@tanstack/react-query";
import type { App, NewApp } from "../../server/accounts/apps-schema.ts";
import { useApi } from "./context.tsx";

/** Makes another app, which the account owns. */
export function useCreateApp() {
  const api = useApi();
  return useMutation({ mutationFn: async (app: NewApp) => (await api.post<App>("/apps", app)).body });
}
