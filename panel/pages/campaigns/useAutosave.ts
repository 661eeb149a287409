import { useCallback, useEffect, useRef, useState } from "react";
import { type CampaignDraft, useSaveCampaign } from "../../api/campaigns.ts";

/** How long nothing is typed before it is saved. */
const settleMs = 900;

/** How a draft stands with the server. */
type SaveState = "untouched" | "unsaved" | "saving" | "saved" | "failed";

interface Autosave {
  state: SaveState;
  error: unknown;
  /** Saves what is not saved yet; the id of the draft, or null when there is nothing to save. Rejects when it is refused. */
  flush(): Promise<string | null>;
}

/**
 * Keeps a draft on the server while it is written, and once more on leaving. `draftOf` gives what is to be saved, null
 * while that is nothing. One save at a time, so that a late answer never overtakes a later one.
 */
export function useAutosave(
  initialId: string | null,
  draftOf: (isNew: boolean) => CampaignDraft | null,
  onCreated: (id: string) => void,
): Autosave {
  const { mutateAsync: save } = useSaveCampaign();
  const [state, setState] = useState<SaveState>("untouched");
  const [error, setError] = useState<unknown>(null);
  const id = useRef(initialId);
  const isMounted = useRef(false);
  const latest = useRef({ draftOf, onCreated });
  latest.current = { draftOf, onCreated };
  const textOf = useCallback(() => JSON.stringify(latest.current.draftOf(id.current === null)), []);
  const first = useRef<string | null>(null);
  first.current ??= textOf();
  // What a new one begins with, such as a template, is not there yet; it becomes a draft once somebody means it.
  const saved = useRef(initialId === null ? "null" : first.current);
  const isUntouched = useCallback(() => id.current === null && textOf() === first.current, [textOf]);
  const running = useRef<Promise<unknown>>(Promise.resolve());

  const flush = useCallback(async (): Promise<string | null> => {
    const step = async () => {
      while (textOf() !== saved.current) {
        const text = textOf();
        if (text === "null") return;
        setState("saving");
        const isNew = id.current === null;
        const campaign = await save({ id: id.current, draft: JSON.parse(text) as CampaignDraft });
        saved.current = text;
        id.current = campaign.id;
        if (isNew && isMounted.current) latest.current.onCreated(campaign.id);
      }
      setError(null);
      setState((old) => (old === "untouched" ? old : "saved"));
    };
    const turn = running.current.catch(() => {}).then(step);
    running.current = turn;
    try {
      await turn;
    } catch (failure) {
      setError(failure);
      setState("failed");
      throw failure;
    }
    return id.current;
  }, [save, textOf]);

  const text = JSON.stringify(draftOf(initialId === null && id.current === null));
  useEffect(() => {
    if (text === "null") return;
    // It was about what stood there before.
    setError(null);
    if (text === saved.current || isUntouched()) {
      // Somebody has taken back what they had changed.
      return setState((old) => (old === "unsaved" || old === "failed" ? "saved" : old));
    }
    setState((old) => (old === "saving" ? old : "unsaved"));
    // What it failed for is on screen.
    const timer = setTimeout(() => void flush().catch(() => {}), settleMs);
    return () => clearTimeout(timer);
  }, [text, flush, isUntouched]);

  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
      if (!isUntouched()) void flush().catch(() => {});
    };
  }, [flush, isUntouched]);

  return { state, error, flush };
}
