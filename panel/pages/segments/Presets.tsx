import { Button, Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { newIdempotencyKey } from "../../api/client.ts";
import { asFilter, type SegmentPreset, useSegmentPresets } from "../../api/segments.ts";
import { useApp } from "../../ui/appContext.ts";
import { useWords } from "../../ui/language.tsx";
import { isRecord } from "../../ui/rules.ts";
import { draftOf } from "./draft.ts";
import { draftKey, keepDraft } from "./keptDraft.ts";
import { PresetEvent } from "./PresetEvent.tsx";
import { withEvent } from "./presets.ts";
import styles from "./SegmentsPage.module.css";

/** Segments that many need, to start a new one from. */
export function Presets() {
  const { strings } = useWords();
  const texts = strings.segments;
  const presets = useSegmentPresets().data ?? [];
  const { appId } = useApp();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<SegmentPreset | null>(null);
  const names: Record<string, string> = texts.presetNames;

  const start = (segment: unknown) => {
    if (!isRecord(segment)) return;
    keepDraft(draftKey(appId), {
      ...draftOf(asFilter(segment), newIdempotencyKey),
      isPreset: true,
    });
    void navigate({ to: "/segments/new" });
  };
  if (presets.length === 0) return null;
  return (
    <div className={styles.presets}>
      <span className={styles.presetsTitle}>{texts.presets}</span>
      {presets.map((preset) => (
        <Button
          key={preset.id}
          variant="default"
          size="xs"
          radius="xl"
          onClick={() => (preset.needsEvent ? setAsking(preset) : start(preset.segment))}
        >
          {names[preset.id] ?? preset.id}
        </Button>
      ))}
      <Modal
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title={<strong>{names[asking?.id ?? ""] ?? asking?.id}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        {asking !== null && <PresetEvent onChoose={(event) => start(withEvent(asking.segment, event))} />}
      </Modal>
    </div>
  );
}
