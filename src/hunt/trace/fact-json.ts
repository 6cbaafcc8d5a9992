import type { Failure } from "../../sim/index.ts";
import type { Fact } from "../../task/index.ts";

/** A value of JSON that is ready to be written. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** A fact as JSON: bytes in hexadecimal, a time that never comes as null. */
export function factJson(fact: Fact): JsonFields {
  return Object.fromEntries(Object.entries(fact).map(([name, value]) => [name, plain(value)]));
}

/** Bytes in hexadecimal, as in `0000000a`. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte] ?? "";
  return text;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** A failure as JSON; a deadlock's members with what they want and hold as facts. */
export function failureJson({ kind, message, task, cycle, stack }: Failure): JsonFields {
  const members = cycle?.map(({ task: id, operation, wants, held }) => ({
    task: id,
    operation,
    wants: wants === null ? null : { name: wants.object, fact: factJson(wants.fact) },
    held: held.map(({ object, fact }) => ({ name: object, fact: factJson(fact) })),
  }));
  return {
    kind,
    message,
    task,
    ...(members === undefined ? {} : { cycle: members }),
    ...(stack === undefined ? {} : { stack }),
  };
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (value === Number.POSITIVE_INFINITY) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}
