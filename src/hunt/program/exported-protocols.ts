import { type Protocol, PROTOCOLS, TreeStore } from "../../btree/index.ts";
import { LatchworkError } from "../../task/index.ts";

const OPERATIONS = ["get", "put", "insert", "delete", "scan"] as const;
const METHODS = ["latchOrder", "coveringLatch", ...OPERATIONS] as const;
const SCAN_PROMISES: readonly unknown[] = ["atomic", "per-key"];

/**
 * The protocols among what a module exports: objects, or classes that are made without arguments,
 * one by one or in a list.
 *
 * @throws LatchworkError BAD_SCENARIO in one line for a module that exports no protocol, or a wrong
 *   one.
 */
export function protocolsExported(module: Readonly<Record<string, unknown>>): readonly Protocol[] {
  const exported = Object.entries(module);
  const protocols = meant(exported).map(([name, value]) => checked(name, made(name, value)));
  if (protocols.length === 0) throw bad(noneText(exported));
  refuseTaken(protocols);
  return protocols;
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

function made(name: string, value: unknown): unknown {
  if (typeof value !== "function") return value;
  try {
    return Reflect.construct(value, []);
  } catch (error) {
    throw bad(`new ${name}() throws ${String(error)}`);
  }
}

function checked(exported: string, value: unknown): Protocol {
  const wrong = problemOf(value);
  if (wrong === null) return value as Protocol;
  throw bad(`${exported} is no protocol: ${wrong}`);
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

function noneText(exported: readonly (readonly [string, unknown])[]): string {
  const names = exported.map(([name]) => name).join(", ");
  const found = names === "" ? "nothing" : names;
  return (
    `exports ${found}; expected a protocol, such as ` +
    "export class MyProtocol extends Crabbing { ... }"
  );
}

/** Scenarios name protocols, so every name may mean one only. */
function refuseTaken(protocols: readonly Protocol[]): void {
  const names = protocols.map(({ name }) => name);
  const builtIn = names.find((name) => PROTOCOLS.some((protocol) => protocol.name === name));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (builtIn === undefined && twice === undefined) return;
  const problem =
    builtIn === undefined
      ? `two protocols are named ${twice}; give each a name`
      : `${builtIn} is the name of a protocol that comes with latchwork; give yours one`;
  throw bad(`${problem} of its own, as in: readonly name = "mine"`);
}

function bad(what: string): LatchworkError {
  return new LatchworkError("BAD_SCENARIO", what);
}
