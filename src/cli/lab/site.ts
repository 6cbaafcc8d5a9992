import { existsSync, readdirSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { BadInput } from "../exit.ts";

/** What is served: files by the paths of their addresses, and paths that lead on to others. */
export interface Site {
  readonly files: ReadonlyMap<string, SiteFile>;
  readonly moved: ReadonlyMap<string, string>;
  /** Whether the docs site is there too. */
  readonly hasDocs: boolean;
}

export interface SiteFile {
  readonly path: string;
  readonly type: string;
}

/** Where the lab is, also beside a docs site. */
export const LAB_PATH = "/lab/";

const INDEX = "index.html";
const HTML = ".html";

/** By the end of a file's name; anything else is served as bytes. */
const TYPES: Readonly<Record<string, string>> = {
  [HTML]: "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

/**
 * Lists what there is to serve in a folder of compiled code: the page of the lab in `lab/web`, and
 * the docs site in `site` if it is built.
 *
 * @throws BadInput if the page is not built.
 */
export function siteOf(dist: string): Site {
  const page = join(dist, "lab", "web", INDEX);
  if (!existsSync(page)) {
    throw new BadInput("lab: its page is not built here; in a clone: npm run build:lab");
  }
  const files = new Map<string, SiteFile>();
  const moved = new Map<string, string>();
  const docs = join(dist, "site");
  const hasDocs = existsSync(join(docs, INDEX));
  if (hasDocs) addFolder(docs, files, moved);
  else moved.set("/", LAB_PATH);
  addFile(LAB_PATH + INDEX, page, files, moved);
  return { files, moved, hasDocs };
}

/** Adds all files of a folder; what is no regular file, such as a link, is left out. */
function addFolder(folder: string, files: Map<string, SiteFile>, moved: Map<string, string>): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const address = path.slice(folder.length).split(sep).join("/");
    addFile(address, path, files, moved);
  }
}

/** Adds one file, also under the shorter addresses that web servers give a page. */
function addFile(
  address: string,
  path: string,
  files: Map<string, SiteFile>,
  moved: Map<string, string>,
): void {
  const file = { path, type: TYPES[extname(path)] ?? "application/octet-stream" };
  files.set(address, file);
  if (address.endsWith(`/${INDEX}`)) {
    const folder = address.slice(0, -INDEX.length);
    files.set(folder, file);
    if (folder !== "/") moved.set(folder.slice(0, -1), folder);
  } else if (address.endsWith(HTML)) files.set(address.slice(0, -HTML.length), file);
}
