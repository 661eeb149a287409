import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import type { ImportPreview } from "../../../server/imports/schema.ts";
import { type PreviewRequest, usePreview } from "../../api/imports.ts";
import { type Choices, toPreviewRequest } from "./choices.ts";

/** How the server reads the chosen file, renewed shortly after every change of a choice. */
export interface Reading {
  /** The last good answer; null before there is one. */
  preview: ImportPreview | null;
  /** Names of the columns; null when they are not known. */
  header: string[] | null;
  /** As chosen, or as the file shows. */
  format: Choices["format"];
  /** The file is too large to be looked at before it is uploaded. */
  isTooLarge: boolean;
  /** What is shown is not what is chosen yet. */
  isStale: boolean;
  error: unknown;
  retry(): void;
}

export function useReading(file: File, choices: Choices): Reading {
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const header = useMemo(() => preview?.understood.columns.map((column) => column.name) ?? null, [preview]);
  // As text, so that a choice which does not change the reading asks for nothing. Before the columns are known none is
  // spoken of: those of another file would refuse this one.
  const wanted = JSON.stringify(toPreviewRequest(choices, header ?? []));
  const [settled] = useDebouncedValue(wanted, 350);
  const request = useMemo(() => JSON.parse(settled) as PreviewRequest, [settled]);
  const query = usePreview(file, request);

  useEffect(() => {
    if (query.data) setPreview(query.data);
  }, [query.data]);

  return {
    preview,
    header,
    format: choices.format === "auto" ? (preview?.format ?? "auto") : choices.format,
    isTooLarge: query.data === null,
    isStale: wanted !== settled || query.isFetching,
    error: query.error,
    retry: () => void query.refetch(),
  };
}
