import { useState } from "react";

/** Items of one page of a list. Small enough that a live list re-reads it twice a second without effort. */
export const pageSize = 25;

/** Place in a keyset list: the cursors of the pages walked through so far. */
export interface PagePlace {
  cursor: string | undefined;
  /** 1-based. */
  number: number;
  next(cursor: string): void;
  previous(): void;
  first(): void;
}

/** Walks a keyset list forwards, and back over the pages already seen. Back to the first page when `filter` changes. */
export function usePagePlace(filter = ""): PagePlace {
  const [place, setPlace] = useState<{ filter: string; cursors: string[] }>({ filter, cursors: [] });
  const cursors = place.filter === filter ? place.cursors : [];
  return {
    cursor: cursors.at(-1),
    number: cursors.length + 1,
    next: (cursor) => setPlace({ filter, cursors: [...cursors, cursor] }),
    previous: () => setPlace({ filter, cursors: cursors.slice(0, -1) }),
    first: () => setPlace({ filter, cursors: [] }),
  };
}
