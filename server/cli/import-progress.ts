import { Presets, SingleBar } from "cli-progress";
import type { ImportState } from "./import-api.ts";

/** Shows how far an import is. */
export interface Progress {
  show(state: ImportState): void;
  close(): void;
}

const lineEveryMs = 5_000;

/** A bar on a terminal, a line every five seconds elsewhere; both on stderr, stdout is for the result. */
export function openProgress(): Progress {
  return process.stderr.isTTY ? openBar() : openLines();
}

function openBar(): Progress {
  const started = performance.now();
  const bar = new SingleBar(
    {
      format: "{status} [{bar}] {percentage} % | {rows} rows | {rate} rows/s | {left} left",
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    },
    Presets.legacy,
  );
  bar.start(1, 0, { status: "", rows: 0, rate: 0, left: "?" });
  return {
    show(state) {
      const seconds = (performance.now() - started) / 1000;
      bar.setTotal(state.bytes.total || 1);
      bar.update(state.bytes.read, {
        status: state.status,
        rows: state.rows.total,
        rate: Math.round(state.rows.total / seconds),
        left: timeLeft(state, seconds),
      });
    },
    close: () => bar.stop(),
  };
}

function openLines(): Progress {
  const started = performance.now();
  let shownAt = started - lineEveryMs;
  return {
    show(state) {
      const now = performance.now();
      if (now - shownAt < lineEveryMs) return;
      shownAt = now;
      const seconds = Math.max(0.001, (now - started) / 1000);
      const rate = Math.round(state.rows.total / seconds);
      process.stderr.write(
        `${state.status}: ${state.rows.total} rows, ${rate} rows/s, ${timeLeft(state, seconds)} left\n`,
      );
    },
    close() {},
  };
}

/** "12 s" or "3 min", from the share of bytes read so far. "?" before any was read. */
function timeLeft(state: Pick<ImportState, "bytes">, seconds: number): string {
  const { total, read } = state.bytes;
  if (!total || read === 0) return "?";
  const left = (seconds / read) * Math.max(0, total - read);
  return left < 120 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`;
}
