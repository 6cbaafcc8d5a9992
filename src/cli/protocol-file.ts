import { statSync } from "node:fs";
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Protocol, PROTOCOLS } from "../btree/index.ts";
import { protocolsExported } from "../hunt/index.ts";
import { startTimer, stopTimer } from "../task/driver-real-time.ts";
import { LatchworkError } from "../task/index.ts";
import { BadInput } from "./exit.ts";
import { nameOf, reason } from "./files.ts";
import { faultOfLoading } from "./protocol-file-fault.ts";

/** Protocols of the user's own, and the file that they came from; null and none without a file. */
export interface OwnProtocols {
  readonly path: string | null;
  readonly protocols: readonly Protocol[];
}

/** No file was given. */
export const NO_OWN: OwnProtocols = { path: null, protocols: [] };

/** What the help of a verb says of the option. */
export const PROTOCOL_FILE_HELP = "run protocols of your own, which this module exports";

const LOADING_MS_MAX = 10_000;

/**
 * Loads the protocols that a module exports: objects, or classes that are made without arguments,
 * one by one or in a list.
 *
 * @throws BadInput for a file that cannot be loaded, or exports no protocol or a wrong one.
 */
export async function loadProtocols(path: string | undefined): Promise<OwnProtocols> {
  if (path === undefined) return NO_OWN;
  refuseOther(path);
  register("./own-package.js", import.meta.url);
  const module = await load(path);
  try {
    return { path, protocols: protocolsExported(module) };
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    throw new BadInput(`${nameOf(path)}: ${error.message}`);
  }
}

/** @throws LatchworkError for a name that no built-in protocol and none of the user's has. */
export function refuseUnknown(name: string, own: readonly Protocol[]): void {
  const names = [...PROTOCOLS, ...own].map((protocol) => protocol.name);
  if (names.includes(name)) return;
  throw new LatchworkError(
    "UNKNOWN_NAME",
    `no protocol ${JSON.stringify(name)}; there are ${names.join(", ")}` +
      (own.length === 0 ? "; one of your own needs --protocol-file" : ""),
  );
}

/** What a replay command needs besides its line, for a run under one of these protocols. */
export function replayOptions({ path, protocols }: OwnProtocols, protocol: string): string {
  if (path === null || !protocols.some(({ name }) => name === protocol)) return "";
  const word = /^[\w./@%+:=-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return ` --protocol-file ${word}`;
}

function refuseOther(path: string): void {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (error) {
    throw new BadInput(`cannot read ${nameOf(path)}: ${reason(error)}`);
  }
  if (isDirectory) throw new BadInput(`cannot read ${nameOf(path)}: it is a directory`);
}

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  const url = pathToFileURL(resolve(path)).href;
  let timer: NodeJS.Timeout | null = null;
  // Without a timer a module that awaits what never comes would end the process without a word.
  const late = new Promise<null>((settle) => {
    timer = startTimer(() => settle(null), LOADING_MS_MAX);
  });
  try {
    const loaded = await Promise.race([import(url), late]);
    if (loaded !== null) return loaded;
  } catch (error) {
    throw new BadInput(`cannot load ${nameOf(path)}: ${faultOfLoading(error, url)}`);
  } finally {
    if (timer !== null) stopTimer(timer);
  }
  const seconds = LOADING_MS_MAX / 1000;
  throw new BadInput(`cannot load ${nameOf(path)}: it awaits something for over ${seconds} s`);
}
