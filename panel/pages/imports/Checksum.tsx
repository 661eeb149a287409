import { CopyButton } from "../../ui/CopyButton.tsx";
import styles from "./Checksum.module.css";

/** A SHA-256, cut to where it fits, and whole for the clipboard. */
export function Checksum({ sha256 }: { sha256: string }) {
  return (
    <span className={styles.checksum}>
      <bdi className="mono clamp-1" title={sha256}>
        {sha256}
      </bdi>
      <CopyButton text={sha256} />
    </span>
  );
}
