import {
  IconAddressBook,
  IconBrandWhatsapp,
  IconDownload,
  IconFileAlert,
  IconFileCheck,
  IconRepeat,
  IconTargetArrow,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { useApi } from "../../api/context.tsx";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { errorsOf } from "./outcomes.ts";
import styles from "./Result.module.css";

/** Where to go from an import that has ended: its people, its segment, its files while there are any, and what is left to mend. */
export function Result({ item }: { item: Import }) {
  const { strings } = useWords();
  const texts = strings.imports.result;
  const api = useApi();
  const { rows, segment } = item;
  const isGone = item.fileErasedAt !== null || item.expiredAt !== null;
  const accepted = rows.created + rows.updated + rows.unchanged;
  const hasPeople = !item.dryRun && accepted > 0 && item.format !== "events" && item.undo === null;
  const hasFile = item.bytes.total !== null && !isGone;
  const errors = errorsOf(item);
  const hasSegment = segment !== null && !item.dryRun;
  if (!hasFile && !hasPeople && !hasSegment && isGone) return null;
  const file = (name: string) => api.link(`/imports/${item.id}/${name}`);
  return (
    <Card title={texts.title}>
      <ul className={styles.ways}>
        {hasPeople && (
          <Way icon={<IconAddressBook size={18} stroke={1.6} />} hint={texts.usersHint}>
            <Link to="/users" search={{ import: item.id }}>
              {texts.users}
            </Link>
          </Way>
        )}
        {hasSegment && (
          <Way icon={<IconTargetArrow size={18} stroke={1.6} />} hint={texts.segmentHint}>
            <Link to="/users" search={{ segment: segment.id }}>
              {texts.segment(segment.name)}
            </Link>
          </Way>
        )}
        {hasSegment && item.format === "broadcast-list" && item.undo === null && accepted > 0 && (
          <Way icon={<IconBrandWhatsapp size={18} stroke={1.6} />} hint={strings.whatsapp.startHint}>
            <Link to="/campaigns/new" search={{ channel: "whatsapp", segment: segment.id }}>
              {strings.whatsapp.start}
            </Link>
          </Way>
        )}
        {rows.total > 0 && hasFile && (
          <Way icon={<IconFileCheck size={18} stroke={1.6} />} hint={texts.processedHint}>
            <a href={file("processed")} download>
              {texts.processed}
            </a>
          </Way>
        )}
        {errors > 0 && hasFile && (
          <Way icon={<IconFileAlert size={18} stroke={1.6} />} hint={texts.errorsHint}>
            <a href={file("errors.csv")} download>
              {texts.errors}
            </a>
          </Way>
        )}
        {(errors > 0 || item.status === "failed") && !isGone && (
          <Way icon={<IconRepeat size={18} stroke={1.6} />} hint={texts.againHint}>
            <Link to="/imports/new" search={{ again: item.id }}>
              {texts.again}
            </Link>
          </Way>
        )}
        {hasFile && (
          <Way icon={<IconDownload size={18} stroke={1.6} />} hint={texts.originalHint}>
            <a href={file("original")} download>
              {strings.imports.original}
            </a>
          </Way>
        )}
      </ul>
    </Card>
  );
}

/** The child is the link, which stretches over all of it. */
function Way({ icon, hint, children }: { icon: ReactNode; hint: string; children: ReactNode }) {
  return (
    <li className={styles.way}>
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <div className={styles.text}>
        {children}
        <p className="faint">{hint}</p>
      </div>
    </li>
  );
}
