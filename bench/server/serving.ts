import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { StoreName } from "./stores.ts";

const CHILD = fileURLToPath(new URL("child.js", import.meta.url));

/** A process that serves. */
export interface Serving {
  readonly url: string;
  /** How much processor time it has had, all threads together, in seconds. */
  cpuSeconds(): Promise<number>;
  /** Ends it at once, as a power failure would: what is not durable in its memory is gone. */
  kill(): Promise<void>;
}

export async function serve(
  store: StoreName,
  folder: string,
  tables: readonly string[],
  poolBytes: number,
): Promise<Serving> {
  const child = fork(CHILD, [store, folder, tables.join(","), String(poolBytes)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { url = "" } = await told(child);
  return {
    url,
    cpuSeconds: async () => {
      const answer = told(child);
      child.send("cpu");
      return (await answer).cpuSeconds ?? Number.NaN;
    },
    kill: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

interface Told {
  readonly url?: string;
  readonly cpuSeconds?: number;
}

function told(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the server ended with ${code}`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message as Told);
    });
  });
}
