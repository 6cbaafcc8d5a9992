import { badHistory, type Place } from "../history.ts";
import { exactNumber } from "./exact-number.ts";
import { quoted } from "./read-limits.ts";

/** A number that may have lost digits, or something in a string that looks like one. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/;

/** What ends a name in JSON, and may stand in a string too. */
const NAME_END = /"\s*:/g;

/**
 * Refuses a line of JSON of which `JSON.parse` has silently lost something: digits of a number, or
 * the first of two fields of one name.
 *
 * Most lines cannot have lost any, and that is found out at a small part of the cost of parsing.
 *
 * @param fields What the line was parsed as.
 * @throws LatchworkError BAD_HISTORY naming what was lost.
 */
export function refuseLost(line: string, fields: object, place: Place): void {
  if (LONG_NUMBER.test(withoutTime(line, fields))) checkNumbers(line, place);
  // Each field ends a name, so there are as many ends or, with those that are text, more.
  if (nameEndsIn(line) > fieldsIn(fields)) checkNames(line, place);
}

const NAME = '"time"';
const TIME = `${NAME}:`;

/** A line without its time, which decides nothing and is mostly long; or the line as it is. */
function withoutTime(line: string, fields: { readonly time?: unknown }): string {
  const at = line.indexOf(TIME);
  // In doubt, as where a value holds this text or a name is escaped, the time stays.
  if (at < 0 || typeof fields.time !== "number" || line.includes("\\")) return line;
  if (line.indexOf(NAME) !== line.lastIndexOf(NAME)) return line;
  let end = at + TIME.length;
  while (end < line.length && line[end] !== "," && line[end] !== "}") end++;
  return line.slice(0, at) + line.slice(end);
}

function nameEndsIn(line: string): number {
  let count = 0;
  if (![" ", "\t", "\r"].some((space) => line.includes(`"${space}`))) {
    for (let at = line.indexOf('":'); at >= 0; at = line.indexOf('":', at + 2)) count++;
    return count;
  }
  NAME_END.lastIndex = 0;
  while (NAME_END.test(line)) count++;
  return count;
}

/** How many fields the objects of a value have, those in each other counted too. */
function fieldsIn(value: object): number {
  let count = 0;
  // No recursion: what is ignored of an event may be of any depth.
  const open: object[] = [value];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (Array.isArray(each)) {
      for (const item of each as readonly unknown[]) if (isObject(item)) open.push(item);
      continue;
    }
    for (const name in each) {
      count++;
      const item: unknown = Reflect.get(each, name);
      if (isObject(item)) open.push(item);
    }
  }
  return count;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Refuses two fields of one name in an object. */
function checkNames(line: string, place: Place): void {
  const colon = /\s*:/y;
  // Of each list or object that is open, the names that have stood in it.
  const open: Set<unknown>[] = [];
  forEachToken(line, (token, end) => {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token.startsWith('"')) {
      colon.lastIndex = end;
      if (!colon.test(line)) return;
      const name: unknown = JSON.parse(token);
      const names = open.at(-1);
      if (names?.has(name) === true) {
        throw badHistory(place, `${quoted(String(name))} stands twice in one object`);
      }
      names?.add(name);
    }
  });
}

/** Refuses numbers that lose digits when read, save the time, which decides nothing. */
function checkNumbers(line: string, place: Place): void {
  let depth = 0;
  let name = "";
  forEachToken(line, (token) => {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (token.startsWith('"')) name = token;
    else if (exactNumber(token) === null && !(depth === 1 && name === '"time"')) {
      const what = `${quoted(token)} has more digits than a number can hold`;
      throw badHistory(place, `${what}; write it as a string`);
    }
  });
}

/** Calls `see` with each bracket, string and number of a line of JSON, in order, and its end. */
export function forEachToken(line: string, see: (token: string, end: number) => void): void {
  const token = /["[\]{}]|-?\d[\d.eE+-]*/g;
  for (let match = token.exec(line); match !== null; match = token.exec(line)) {
    if (match[0] !== '"') {
      see(match[0], token.lastIndex);
      continue;
    }
    const end = endOfString(line, match.index);
    see(line.slice(match.index, end), end);
    token.lastIndex = end;
  }
}

function endOfString(line: string, begin: number): number {
  let end = begin + 1;
  while (end < line.length && line[end] !== '"') end += line[end] === "\\" ? 2 : 1;
  return end + 1;
}
