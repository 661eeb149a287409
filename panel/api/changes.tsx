import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useApi } from "./context.tsx";
import { createThrottle } from "./throttle.ts";

/** One event of `GET /api/changes`. */
interface Change {
  noun: "import" | "message" | "campaign" | "provider" | "webhook";
  id: string;
}

/** First part of the query keys that an event about the noun makes stale. */
const staleKeys: Record<Change["noun"], readonly string[]> = {
  import: ["imports", "users", "namedSegments", "dashboard"],
  message: ["messages", "campaigns", "timeline", "dashboard"],
  campaign: ["campaigns"],
  // What holds a message up is that of its account.
  provider: ["providers", "messages", "dashboard"],
  webhook: ["webhooks"],
};
const nouns = Object.keys(staleKeys) as Change["noun"][];

/** At most about two refreshes a second for each noun. */
const throttleMs = 500;
const pollMs = 5000;

const Context = createContext(false);

/** Whether the event stream is up. */
export function useIsLive(): boolean {
  return useContext(Context);
}

/** How often to ask again about something still running: never while events come in. */
export function usePolling(): (isRunning: boolean) => number | false {
  const isLive = useIsLive();
  return (isRunning) => (isRunning && !isLive ? pollMs : false);
}

function readChange(data: string): Change | null {
  try {
    const value: unknown = JSON.parse(data);
    const isChange = typeof value === "object" && value !== null && "noun" in value && "id" in value;
    // Checked above; a noun that is newer than this page has no entry in staleKeys and is passed over.
    return isChange ? (value as Change) : null;
  } catch {
    return null; // a half-sent line after a restart of the server
  }
}

/** Listens to the server's events and marks what they name as stale, so that every number on screen moves by itself. */
export function LiveChanges(props: { children: ReactNode }) {
  const api = useApi();
  const queries = useQueryClient();
  const [isLive, setIsLive] = useState(false);

  useEffect(() => {
    const invalidate = (noun: Change["noun"]) => {
      let hasMissed = false;
      for (const key of staleKeys[noun]) {
        // A first answer that is under way may be from before the event, and is not asked for anew.
        hasMissed ||= queries
          .getQueryCache()
          .findAll({ queryKey: [key], fetchStatus: "fetching" })
          .some(({ state }) => state.data === undefined);
        void queries.invalidateQueries({ queryKey: [key] });
      }
      if (hasMissed) throttles.get(noun)?.call();
    };
    const throttles = new Map(
      nouns.map((noun) => [noun, createThrottle(throttleMs, () => invalidate(noun))]),
    );
    const source = new EventSource(api.link("/changes"));
    source.onopen = () => {
      setIsLive(true);
      // What happened while the stream was down has passed us by.
      for (const throttle of throttles.values()) throttle.call();
    };
    source.onerror = () => setIsLive(false);
    source.onmessage = (event) => {
      const change = readChange(String(event.data));
      if (change !== null) throttles.get(change.noun)?.call();
    };
    return () => {
      source.close();
      for (const throttle of throttles.values()) throttle.stop();
    };
  }, [api, queries]);

  return <Context value={isLive}>{props.children}</Context>;
}
