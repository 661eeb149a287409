import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// biome-ignore lint/style/noProcessEnv: the address of the server under development; the built panel has no settings
const server = process.env.CHAPAR_URL ?? "http://localhost:8080";

export default defineConfig({
  root: here("."),
  base: "/",
  plugins: [react()],
  // The server puts a new one in its place in each answer (server/http/panel.ts).
  html: { cspNonce: "__CSP_NONCE__" },
  server: {
    // Not the sources in panel/api, which have the same beginning.
    proxy: { "^/api/(?!.*\\.tsx?($|\\?))": { target: server, changeOrigin: true } },
    fs: { allow: [here("..")] },
  },
  build: {
    outDir: here("../dist/panel"),
    emptyOutDir: true,
    // The content security policy allows no data: fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What every page needs, split by how often it changes; pages are chunks of their own.
        manualChunks(id: string) {
          if (/node_modules\/(react|react-dom|scheduler)\//.test(id)) return "react";
          if (/node_modules\/@tanstack\//.test(id)) return "tanstack";
          // These come when they are first wanted; their styles before ours would turn the layers around.
          if (/panel\/ui\/(Palette|DayCalendar|jalaliDates)\./.test(id)) return undefined;
          if (/panel\/(ui|api|strings)\/.*\.tsx?$/.test(id)) return "ui";
          return undefined;
        },
      },
    },
  },
});
