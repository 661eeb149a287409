import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "../../server/lib/page.ts";
import type { PagePlace } from "../api/pages.ts";
import { type Column, DataTable } from "./DataTable.tsx";
import { Pager } from "./Pager.tsx";
import { ErrorState, RowsSkeleton } from "./States.tsx";

interface DataListProps<T> {
  label: string;
  query: UseQueryResult<Page<T>>;
  place: PagePlace;
  columns: readonly Column<T>[];
  rowKey(row: T): string;
  /** Shown when the first page is empty. */
  empty: ReactNode;
}

/** A keyset list in all its states: loading, failed, empty, rows and pages. */
export function DataList<T>({ label, query, place, columns, rowKey, empty }: DataListProps<T>) {
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <RowsSkeleton rows={6} />;
  }
  if (query.data.data.length === 0 && place.number === 1) return empty;
  return (
    <>
      <DataTable label={label} columns={columns} rows={query.data.data} rowKey={rowKey} />
      <Pager place={place} nextCursor={query.data.nextCursor} isBusy={query.isPlaceholderData} />
    </>
  );
}
