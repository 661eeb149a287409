import { Button } from "@mantine/core";
import { IconFileImport, IconUpload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useImports } from "../../api/imports.ts";
import { usePagePlace } from "../../api/pages.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { DropAnywhere } from "./DropAnywhere.tsx";
import { useImportColumns } from "./useImportColumns.tsx";

/** What became of every file, and the way to bring in another. */
export function ImportsPage() {
  const { strings } = useWords();
  const texts = strings.imports;
  const place = usePagePlace();
  const query = useImports(place.cursor);
  const columns = useImportColumns();
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} actions={<NewImport />} />
      <DropAnywhere />
      <Card flush title={texts.history}>
        <DataList
          label={texts.history}
          query={query}
          place={place}
          columns={columns}
          rowKey={(item) => item.id}
          empty={
            <EmptyState
              icon={<IconFileImport size={22} stroke={1.6} />}
              title={texts.empty}
              hint={texts.emptyHint}
              action={<NewImport />}
            />
          }
        />
      </Card>
    </>
  );
}

function NewImport() {
  const { strings } = useWords();
  return (
    <Button
      renderRoot={(props) => <Link to="/imports/new" {...props} />}
      leftSection={<IconUpload size={15} />}
    >
      {strings.imports.new}
    </Button>
  );
}
