import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  CodeWanted,
  FirstSignIn,
  Session,
  SignIn,
  SignInCode,
  SignInWays,
} from "../../server/signin/schema.ts";
import { type ApiClient, createClient } from "./client.ts";
import { ApiProblem } from "./problem.ts";

const keys = { session: ["session"] as const };

// Nobody to tell: whoever asks here is about to sign in.
const client: ApiClient = createClient(null, () => {});

/** The session, or null when signed out. */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await client.get<Session>("/session", undefined, signal);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** How one may sign in here. */
export function useSignInWays() {
  return useQuery({
    queryKey: ["signInWays"],
    queryFn: ({ signal }) => client.get<SignInWays>("/session/ways", undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Signs in; the session is known afterwards, unless a code is wanted first. */
export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: SignIn) => (await client.post<Session | CodeWanted>("/session", input)).body,
    onSuccess: (answer) => {
      if (!("needsCode" in answer)) queries.setQueryData(keys.session, answer);
    },
  });
}

/** The second step, where one is wanted. */
export function useSignInCode() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: SignInCode) => (await client.post<Session>("/session/code", input)).body,
    onSuccess: (session) => queries.setQueryData(keys.session, session),
  });
}

/** Makes the first account from the one-time link and signs in. */
export function useFirstSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: FirstSignIn) => (await client.post<Session>("/session/first", input)).body,
    onSuccess: (session) => queries.setQueryData(keys.session, session),
  });
}

/** Signs out and forgets everything that was read. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.remove("/session"),
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(keys.session, null);
    },
  });
}
