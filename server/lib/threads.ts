import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a thread from the sources or from the build: `name` is the file beside `from` (an `import.meta.url`) without its
 * ending, which is that of `from`.
 */
export function startThread(from: string, name: string, options: WorkerOptions): Worker {
  const ending = from.slice(-3);
  const entry = new URL(`./${name}${ending}`, from);
  if (ending === ".js") return new Worker(entry, options);
  // In development: a thread does not inherit the loader that reads TypeScript.
  const load = `import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))})
    .then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}); })`;
  return new Worker(load, { ...options, eval: true });
}
