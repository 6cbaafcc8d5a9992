import { once } from "node:events";
import { ended, startCli } from "../cli/run-cli.ts";

/** A `latchwork serve` that runs in a process of its own. */
export interface Started {
  readonly child: ReturnType<typeof startCli>;
  /** What it printed first. */
  readonly line: Readonly<Record<string, unknown>>;
  readonly url: string;
  /** Kept once it has ended. */
  readonly result: ReturnType<typeof ended>;
}

/** Serves a directory, at a free port. */
export async function startServeIn(directory: string, ...more: string[]): Promise<Started> {
  const child = startCli(["serve", directory, "--port", "0", "--json", ...more]);
  const result = ended(child);
  const [first] = (await once(child.stdout, "data")) as [string];
  const line = JSON.parse(first) as { readonly url: string };
  return { child, line: { ...line }, url: line.url, result };
}
