import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What is built, by Vite's `--mode`: pages with modules, pages with a script tag, their realtime, the worker, Node. */
const builds = {
  module: { entry: "src/index.ts", format: "es", name: "chapar.js" },
  script: { entry: "src/script.ts", format: "iife", name: "chapar.iife.js" },
  realtime: { entry: "src/mqtt.ts", format: "es", name: "chapar-realtime.js" },
  worker: { entry: "src/service-worker.ts", format: "iife", name: "chapar-worker.js" },
  node: { entry: "src/node.ts", format: "es", name: "chapar-node.js" },
} as const;

export default defineConfig(({ mode }) => {
  const build = mode in builds ? builds[mode as keyof typeof builds] : builds.module;
  const isForNode = mode === "node";
  return {
    root: here("."),
    publicDir: false,
    logLevel: "error",
    define: isForNode ? {} : { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      outDir: here("../dist/sdk"),
      emptyOutDir: false,
      target: isForNode ? "node20" : "es2022",
      minify: isForNode ? false : "oxc",
      sourcemap: !isForNode,
      lib: { entry: here(build.entry), formats: [build.format], name: "Chapar", fileName: () => build.name },
      rolldownOptions: {
        external: isForNode ? [/^node:/, "mqtt"] : mode === "module" ? [/mqtt\.ts$/] : [],
        output: {
          ...(mode === "module"
            ? { paths: (id: string) => (/mqtt\.ts$/.test(id) ? "./chapar-realtime.js" : id) }
            : {}),
        },
      },
    },
  };
});
