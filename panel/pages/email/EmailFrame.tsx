import { useElementSize } from "@mantine/hooks";
import { useEffect, useState } from "react";
import styles from "./EmailView.module.css";

interface EmailFrameProps {
  /** Of the page to show. */
  url: string;
  title: string;
  width: "wide" | "narrow";
}

/** What mail programs on a computer give an e-mail, pixels. */
const wideWidth = 680;

/** Shows the page of an e-mail. The one before stays until the next one is there, so that nothing flickers. */
export function EmailFrame({ url, title, width }: EmailFrameProps) {
  const [shown, setShown] = useState(url);
  const place = useElementSize();
  // A wide screen is shown as small as it has to be: the page in it must not know.
  const scale = width === "wide" && place.width > 0 ? Math.min(1, place.width / wideWidth) : 1;
  const size = { inlineSize: `${100 / scale}%`, blockSize: `${100 / scale}%`, transform: `scale(${scale})` };
  const urls = shown === url ? [url] : [shown, url];
  useEffect(() => {
    // Whatever happens to the next one, it is not waited for without an end.
    const timer = setTimeout(() => setShown(url), 8000);
    return () => clearTimeout(timer);
  }, [url]);
  return (
    // From the left in every language, as what is scaled has to begin somewhere.
    <div ref={place.ref} className={styles.frames} data-width={width} dir="ltr">
      {urls.map((src) => (
        <iframe
          key={src}
          src={src}
          title={title}
          // Nothing in an e-mail runs, and nothing in it knows where it is shown.
          sandbox=""
          className={styles.frame}
          style={size}
          data-waiting={src !== shown || undefined}
          onLoad={() => src === url && setShown(url)}
        />
      ))}
    </div>
  );
}
