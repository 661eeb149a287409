import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { usePagePlace } from "../../api/pages.ts";
import { useProviders } from "../../api/providers.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { useProviderColumns } from "./useProviderColumns.tsx";

/** The accounts by which messages leave. */
export function ProvidersPage() {
  const { strings } = useWords();
  const texts = strings.providers;
  const place = usePagePlace();
  const query = useProviders(place.cursor);
  const columns = useProviderColumns();
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} actions={<AddAccount />} />
      <Card flush>
        <DataList
          label={texts.title}
          query={query}
          place={place}
          columns={columns}
          rowKey={({ id }) => id}
          empty={
            <EmptyState
              icon={<IconPlugConnected size={22} stroke={1.6} />}
              title={texts.empty}
              hint={texts.emptyHint}
              action={<AddAccount />}
            />
          }
        />
      </Card>
    </>
  );
}

function AddAccount() {
  const { strings } = useWords();
  return (
    <Button component={Link} to="/providers/new" leftSection={<IconPlus size={16} />}>
      {strings.providers.add}
    </Button>
  );
}
