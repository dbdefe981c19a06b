import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { FullConfig } from "@playwright/test";

/** What the running program writes to dev.json. */
export type Dev = {
  url: string;
  graphql: string;
  simulator: string;
  databaseUrl: string;
  users: { role: string; login: string; password: string; token: string }[];
  accounts: { id: string; name: string; webhookPath: string; phoneNumberId: string; appSecret: string }[];
};

/** Returns a free port. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const at = server.address();
      if (at === null || typeof at === "string") return fail(new Error("no port"));
      server.close(() => done(at.port));
    });
  });
}

async function until(what: string, ready: () => Promise<boolean>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await ready().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} s`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

/** A running program and its data folder. */
export type Running = { file: string; stop: (signal: "SIGINT" | "SIGTERM") => Promise<void> };

/** Returns the program's path. */
function program(): string {
  const path = resolve(process.env.PARLEY_BIN ?? join(import.meta.dirname, "../../.parley/bin/parley"));
  if (!existsSync(path)) throw new Error(`${path} is not there; run make build first`);
  return path;
}

/** Starts the program on a data folder and waits until it answers. An empty demo has no history to load. */
export async function launch(folder: string, port: number, demo: "full" | "empty" = "full"): Promise<Running> {
  const child = spawn(program(), ["dev"], {
    env: {
      ...process.env,
      PARLEY_LISTEN: `127.0.0.1:${port}`,
      PARLEY_DATA_DIR: folder,
      PARLEY_DEMO: demo,
      PARLEY_GRACE: "2s",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (d: Buffer) => {
      output = (output + d.toString()).slice(-20_000);
    });
  }
  const file = join(folder, "dev.json");
  const stop = async (signal: "SIGINT" | "SIGTERM") => {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) process.stderr.write(`${output}\nthe program ended unexpectedly: ${ended}\n`);
    child.kill(signal);
    await until("stopping", async () => child.exitCode !== null || child.signalCode !== null, 300);
  };
  try {
    await until(
      "the start",
      async () => {
        if (child.exitCode !== null) return true;
        const dev = JSON.parse(readFileSync(file, "utf8")) as Dev;
        return (await fetch(new URL("/readyz", dev.url))).ok;
      },
      600,
    );
    if (child.exitCode !== null) throw new Error("the program ended");
  } catch (error) {
    if (child.exitCode === null) process.stderr.write(output);
    await stop("SIGINT");
    throw error;
  }
  return { file, stop };
}

/** Runs one of the program's subcommands beside the server of a data folder, as an operator does. */
export async function operate(folder: string, ...command: string[]): Promise<void> {
  const { databaseUrl } = JSON.parse(readFileSync(join(folder, "dev.json"), "utf8")) as Dev;
  const env = { ...process.env, DATABASE_URL: databaseUrl, PARLEY_DATA_DIR: folder };
  await promisify(execFile)(program(), command, { env });
}

/** Starts a server for each worker, tells the tests where they are, and returns a function that stops them. */
export default async function start({ workers }: FullConfig): Promise<() => Promise<void>> {
  if (process.env.PARLEY_DEV_JSON) return async () => undefined; // use the running program
  const servers = await Promise.all(
    Array.from({ length: workers }, async () => {
      const folder = mkdtempSync(join(tmpdir(), "parley-e2e-"));
      return { folder, ...(await launch(folder, await freePort())) };
    }),
  );
  process.env.PARLEY_DEV_JSONS = servers.map((s) => s.file).join(delimiter);
  return async () => {
    await Promise.all(servers.map((s) => s.stop("SIGINT")));
    for (const { folder } of servers) rmSync(folder, { recursive: true, force: true });
  };
}
