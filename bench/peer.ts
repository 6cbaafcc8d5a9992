import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/** Where bench's own packages lie, seen from the sources and from the compiled code. */
const LOOKUP_FOLDERS = [import.meta.dirname, join(import.meta.dirname, "../../bench")];

/**
 * Loads a peer engine from bench's own packages.
 *
 * Peers are loaded by name, not imported, so that the project compiles and tests without them. The
 * caller states the few functions it uses as an interface of its own.
 */
export function loadPeer(name: string): unknown {
  return require(pathOf(name));
}

/** As {@link loadPeer}, of a package that can only be imported. */
export async function importPeer(name: string): Promise<unknown> {
  return import(pathToFileURL(pathOf(name)).href);
}

function pathOf(name: string): string {
  try {
    return require.resolve(name, { paths: LOOKUP_FOLDERS });
  } catch (cause) {
    throw new Error(`peer ${name}: not installed; run npm ci in bench/ first`, { cause });
  }
}
