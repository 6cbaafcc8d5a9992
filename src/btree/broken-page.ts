import { pageIdOf, type PageView } from "../storage/index.ts";
import { broken } from "../task/assert.ts";
import {
  countOf,
  hasInfiniteHigh,
  highFenceAt,
  highLengthOf,
  isLeaf,
  lowFenceAt,
  lowLengthOf,
} from "./page-layout.ts";

/**
 * The errors of a page that is asked for what it cannot do; each says what the page is instead.
 * Kept apart from the code that asks, which is called all the time and is right nearly always.
 */

/** A page was asked for an entry that it does not have. */
export function noEntry(page: PageView, index: number): never {
  const count = countOf(page);
  const held = count === 1 ? "1 entry" : `${count} entries`;
  broken("the entry exists", `entry ${index} asked for, and ${nameOf(page)} has ${held}`);
}

/** A page was given a key of another page. */
export function notCovered(page: PageView, key: Uint8Array, what: "key" | "separator"): never {
  const low = page.bytes.subarray(lowFenceAt(page), lowFenceAt(page) + lowLengthOf(page));
  const high = page.bytes.subarray(highFenceAt(page), highFenceAt(page) + highLengthOf(page));
  const from = low.length === 0 ? "" : ` from ${keyText(low)} on`;
  const to = hasInfiniteHigh(page) ? "" : ` below ${keyText(high)}`;
  const between = from === "" || to === "" ? "" : " and";
  const range = from + to === "" ? " all keys" : ` those${from}${between}${to}`;
  broken(`the page covers the ${what}`, `${keyText(key)}, and ${nameOf(page)} covers${range}`);
}

/** A page was given a key that it has. */
export function alreadyThere(page: PageView, key: Uint8Array, what: "key" | "separator"): never {
  broken(`the ${what} is not there yet`, `${keyText(key)} in ${nameOf(page)}`);
}

/** A page was asked for what only the other kind of page has. */
export function wrongKind(page: PageView, expected: string): never {
  broken(expected, nameOf(page));
}

/** A page was given more than it has room for. */
export function noRoom(page: PageView, bytes: number, free: number, what: string): never {
  const wanted = `${bytes} bytes to be added, and ${nameOf(page)} has ${free} free`;
  broken(`the page has room for the ${what}`, wanted);
}

/** Names a page and its kind: `page 4 (leaf)`. */
export function nameOf(page: PageView): string {
  return `page ${pageIdOf(page)} (${isLeaf(page) ? "leaf" : "inner page"})`;
}

/** A key in hexadecimal; stories of small numbers put those in its place. */
function keyText(key: Uint8Array): string {
  const digits = Array.from(key, (byte) => byte.toString(16).padStart(2, "0"));
  return `key 0x${digits.join("")}`;
}
