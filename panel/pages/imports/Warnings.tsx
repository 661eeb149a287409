import { useMemo } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { useWords } from "../../ui/language.tsx";
import { Reason } from "./Reason.tsx";

type Warning = Import["warnings"][number];

/** Values that were passed over without losing their rows; what is about the whole file stands above (see Notes). */
export function Warnings({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const columns = useColumns();
  const ofColumns = item.warnings.filter((warning) => warning.column !== null);
  if (ofColumns.length === 0) return null;
  return (
    <Card flush title={texts.warnings} hint={texts.warningsHint}>
      <DataTable
        label={texts.warnings}
        columns={columns}
        rows={ofColumns}
        rowKey={(warning) => `${warning.code}-${warning.column}-${warning.detail}`}
      />
    </Card>
  );
}

function useColumns(): Column<Warning>[] {
  const { strings, format } = useWords();
  return useMemo(() => {
    const texts = strings.imports;
    return [
      {
        key: "column",
        title: texts.column,
        width: "12rem",
        render: (warning) => <bdi>{warning.column}</bdi>,
      },
      {
        key: "detail",
        title: texts.warning,
        render: (warning) => <Reason code={warning.code} detail={warning.detail} />,
      },
      {
        key: "count",
        title: texts.warningRows,
        width: "7rem",
        isNumber: true,
        render: (warning) => format.number(warning.count),
      },
      {
        key: "line",
        title: texts.firstLine,
        width: "7rem",
        isNumber: true,
        render: (warning) => (warning.line === null ? "" : format.number(warning.line)),
      },
    ];
  }, [strings, format]);
}
