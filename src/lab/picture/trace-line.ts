import type { JsonFields } from "../../hunt/index.ts";

/** Fields of a trace line, by the types that docs/trace-format.md gives them. */

export function textIn(line: JsonFields, field: string): string {
  const value = line[field];
  return typeof value === "string" ? value : "";
}

export function numberIn(line: JsonFields, field: string): number {
  const value = line[field];
  return typeof value === "number" ? value : -1;
}

/** A number that may be missing. */
export function numberOrNull(line: JsonFields, field: string): number | null {
  const value = line[field];
  return typeof value === "number" ? value : null;
}

export function textOrNull(line: JsonFields, field: string): string | null {
  const value = line[field];
  return typeof value === "string" ? value : null;
}

export function fieldsIn(line: JsonFields, field: string): JsonFields | null {
  const value = line[field];
  return isFields(value) ? value : null;
}

export function listIn(line: JsonFields, field: string): readonly JsonFields[] {
  const value = line[field];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export function numbersIn(line: JsonFields, field: string): readonly number[] {
  const value = line[field];
  return Array.isArray(value) ? value.filter((one) => typeof one === "number") : [];
}

function isFields(value: unknown): value is JsonFields {
  return typeof value === "object" && value !== null;
}
