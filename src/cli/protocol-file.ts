import { statSync } from "node:fs";
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Protocol, PROTOCOLS, TreeStore } from "../btree/index.ts";
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
const OPERATIONS = ["get", "put", "insert", "delete", "scan"] as const;
const METHODS = ["latchOrder", "coveringLatch", ...OPERATIONS] as const;
const SCAN_PROMISES: readonly unknown[] = ["atomic", "per-key"];

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
  const exported = Object.entries(await load(path));
  const protocols = meant(exported).map(([name, value]) =>
    checked(path, name, made(path, name, value)),
  );
  if (protocols.length === 0) throw new BadInput(noneText(path, exported));
  refuseTaken(path, protocols);
  return { path, protocols };
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

/** What is exported for a protocol, each once; of a class with an object of it only the object. */
function meant(exported: readonly [string, unknown][]): [string, unknown][] {
  const found = new Map<unknown, [string, unknown]>();
  for (const entry of exported.flatMap(listed)) {
    if (isMeant(entry[1]) && !found.has(entry[1])) found.set(entry[1], entry);
  }
  for (const value of found.keys()) {
    if (typeof value === "object" && value !== null) found.delete(value.constructor);
  }
  return [...found.values()];
}

/** The entries of a list by themselves. */
function listed([name, value]: [string, unknown]): [string, unknown][] {
  if (!Array.isArray(value)) return [[name, value]];
  return value.map((one, i) => [`${name}[${i}]`, one]);
}

/** Whether something looks as if it was meant for a protocol: it has one of the operations. */
function isMeant(value: unknown): boolean {
  const holder: unknown = typeof value === "function" ? value.prototype : value;
  return OPERATIONS.some((name) => typeof fieldOf(holder, name) === "function");
}

function made(path: string, name: string, value: unknown): unknown {
  if (typeof value !== "function") return value;
  try {
    return Reflect.construct(value, []);
  } catch (error) {
    throw new BadInput(`${nameOf(path)}: new ${name}() throws ${String(error)}`);
  }
}

function checked(path: string, exported: string, value: unknown): Protocol {
  const wrong = problemOf(value);
  if (wrong === null) return value as Protocol;
  throw new BadInput(`${nameOf(path)}: ${exported} is no protocol: ${wrong}`);
}

/** What is missing in a protocol, and what would be right; null if it has everything. */
function problemOf(value: unknown): string | null {
  const name = fieldOf(value, "name");
  if (typeof name !== "string" || !/^[\w.:-]+$/.test(name)) {
    return 'its name must be one word, as in: readonly name = "mine"';
  }
  const missing = METHODS.find((method) => typeof fieldOf(value, method) !== "function");
  if (missing !== undefined) return `it has no method ${missing}`;
  if (!SCAN_PROMISES.includes(fieldOf(value, "scanPromise"))) {
    return 'its scanPromise must be "atomic" or "per-key"';
  }
  const order = fieldOf(orderOf(value as Protocol), "brokenRule");
  return typeof order === "function"
    ? null
    : "its latchOrder must return an object with name and brokenRule, such as preOrder(store)";
}

function orderOf(protocol: Protocol): unknown {
  try {
    return protocol.latchOrder(new TreeStore());
  } catch {
    return null;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function noneText(path: string, exported: readonly (readonly [string, unknown])[]): string {
  const names = exported.map(([name]) => name).join(", ");
  const found = names === "" ? "nothing" : names;
  return (
    `${nameOf(path)}: exports ${found}; expected a protocol, such as ` +
    "export class MyProtocol extends Crabbing { ... }"
  );
}

/** Scenarios name protocols, so every name may mean one only. */
function refuseTaken(path: string, protocols: readonly Protocol[]): void {
  const names = protocols.map(({ name }) => name);
  const builtIn = names.find((name) => PROTOCOLS.some((protocol) => protocol.name === name));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (builtIn === undefined && twice === undefined) return;
  const problem =
    builtIn === undefined
      ? `two protocols are named ${twice}; give each a name`
      : `${builtIn} is the name of a protocol that comes with latchwork; give yours one`;
  throw new BadInput(`${nameOf(path)}: ${problem} of its own, as in: readonly name = "mine"`);
}
