import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import mqtt from "mqtt";

const plugin = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .map((folder) => `/usr/lib/${folder}/mosquitto_dynamic_security.so`)
  .find((path) => existsSync(path));

export interface Mosquitto {
  /** With the sign-in of its administrator. */
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Kills it if it runs, and leaves nothing behind. */
  remove(): Promise<void>;
}

/** Debian's Mosquitto with its dynamic-security plug-in: one administrator, no clients. It can be killed and started again. */
export async function startMosquitto(): Promise<Mosquitto> {
  if (!plugin) throw new Error("mosquitto is not installed; apt-get install mosquitto mosquitto-clients");
  const folder = mkdtempSync(join(tmpdir(), "chapar-mosquitto-"));
  const port = await freePort();
  const state = join(folder, "dynamic-security.json");
  execFileSync("mosquitto_ctrl", ["dynsec", "init", state, "admin", "a-password"]);
  const config = join(folder, "mosquitto.conf");
  const user = process.getuid?.() === 0 ? "user root\n" : "";
  writeFileSync(
    config,
    `${user}listener ${port} 127.0.0.1\nallow_anonymous false\nplugin ${plugin}\nplugin_opt_config_file ${state}\n`,
  );
  let child: ChildProcess | null = null;
  const isRunning = () => child !== null && child.exitCode === null && child.signalCode === null;
  const start = async () => {
    child = spawn("mosquitto", ["-c", config], { stdio: "ignore" });
    const signIn = { username: "admin", password: "a-password", reconnectPeriod: 0 };
    for (;;) {
      const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, signIn).catch(() => null);
      if (client) return client.endAsync(true);
      if (!isRunning()) throw new Error("mosquitto ended at once");
      await pause(50);
    }
  };
  const kill = async () => {
    const ended = new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await ended;
  };
  await start();
  return {
    url: `mqtt://admin:a-password@127.0.0.1:${port}`,
    ...{ start, kill },
    async remove() {
      if (isRunning()) await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A port that is free now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
