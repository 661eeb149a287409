import { Button } from "@mantine/core";
import { IconPlus, IconSearch, IconTargetArrow } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePagePlace } from "../../api/pages.ts";
import { useSegmentPage } from "../../api/segments.ts";
import { Card } from "../../ui/Card.tsx";
import { DataList } from "../../ui/DataList.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Presets } from "./Presets.tsx";
import { SegmentSearch } from "./SegmentSearch.tsx";
import styles from "./SegmentsPage.module.css";
import { useSegmentColumns } from "./useSegmentColumns.tsx";

/** Every segment, and ways to begin another one. */
export function SegmentsPage() {
  const { strings } = useWords();
  const texts = strings.segments;
  const [search, setSearch] = useState("");
  const place = usePagePlace(search);
  const query = useSegmentPage(search, place.cursor);
  const columns = useSegmentColumns(query.data?.data ?? []);
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} actions={<NewSegment />} />
      <Presets />
      <div className={styles.tools}>
        <SegmentSearch onSearch={setSearch} />
      </div>
      <Card flush>
        <DataList
          label={texts.title}
          query={query}
          place={place}
          columns={columns}
          rowKey={({ id }) => id}
          empty={
            search === "" ? (
              <EmptyState
                icon={<IconTargetArrow size={22} stroke={1.6} />}
                title={texts.empty}
                hint={texts.emptyHint}
                action={<NewSegment />}
              />
            ) : (
              <EmptyState
                icon={<IconSearch size={22} stroke={1.6} />}
                title={texts.noMatch(search)}
                hint={texts.noMatchHint}
              />
            )
          }
        />
      </Card>
    </>
  );
}

function NewSegment() {
  const { strings } = useWords();
  return (
    <Button component={Link} to="/segments/new" leftSection={<IconPlus size={16} />}>
      {strings.segments.new}
    </Button>
  );
}
