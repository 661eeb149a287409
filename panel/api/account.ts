import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  InvitationAnswer,
  InvitationShown,
  PasswordChange,
  PasswordProof,
  SecondFactor,
  Session,
  SignedInDevice,
} from "../../server/signin/schema.ts";
import { createClient } from "./client.ts";
import { sessionQuery } from "./session.ts";

const keys = { devices: ["session", "devices"] as const };

// What is one's own is of no app. A session that ended is noticed by the calls of the page.
const client = createClient(null, () => {});

/** What the link of an invitation is about. */
export function useInvitation(code: string) {
  return useQuery({
    queryKey: ["invitation", code],
    queryFn: async () => (await client.post<InvitationShown>("/session/invitation", { code })).body,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Joins the team; the session is known afterwards. */
export function useAcceptInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (answer: InvitationAnswer) =>
      (await client.post<Session>("/session/invitation/accept", answer)).body,
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useRename() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => client.patch<Session>("/session/account", { name }),
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
}

/** Changes the password; all other sessions end. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: PasswordChange) => client.send("/session/password", change),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.devices }),
  });
}

/** Where the account is signed in. */
export function useSignedInDevices() {
  return useQuery({
    queryKey: keys.devices,
    queryFn: ({ signal }) => client.get<SignedInDevice[]>("/session/devices", undefined, signal),
  });
}

/** Signs out one session, or with `others` all but this one. */
export function useSignOutElsewhere() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.remove(`/session/devices/${encodeURIComponent(id)}`),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.devices }),
  });
}

/** Prepares a second factor: a secret for the authenticator app, and backup codes. */
export function usePrepareSecondFactor() {
  return useMutation({
    mutationFn: async (proof: PasswordProof) =>
      (await client.post<SecondFactor>("/session/second-factor", proof)).body,
  });
}

/** Turns it on with a first code. */
export function useConfirmSecondFactor() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (code: string) => client.send("/session/second-factor/confirm", { code }),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
}

export function useRemoveSecondFactor() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (proof: PasswordProof) =>
      (await client.post<Session>("/session/second-factor/remove", proof)).body,
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
}

/** New backup codes in place of the earlier ones. */
export function useRenewBackupCodes() {
  return useMutation({
    mutationFn: async (proof: PasswordProof) =>
      (await client.post<{ backupCodes: string[] }>("/session/second-factor/backup-codes", proof)).body
        .backupCodes,
  });
}
