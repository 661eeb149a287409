import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "/demo/",
  build: {
    outDir: here("../dist/demo"),
    emptyOutDir: true,
    target: "es2022",
    // The content security policy allows neither data: fonts nor scripts in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // As a shop would: the SDK from where the server serves it.
    rolldownOptions: { external: ["/sdk/chapar.js"] },
  },
});
