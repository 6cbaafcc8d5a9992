import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LocalHosts } from "../../server/hosts.ts";
import { BadInput } from "../exit.ts";
import type { Site, SiteFile } from "./site.ts";

/** Listens only here: other machines do not reach it. */
const HOST = "127.0.0.1";

/**
 * Pages may load what this server has, what they make themselves, and nothing else. The lab's page
 * allows itself less. That nothing may frame a page from elsewhere, only a header can say.
 */
const POLICY =
  "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  // A page that is built anew is to be seen when it is loaded anew.
  "cache-control": "no-cache",
};

/** A server of the files of a site. */
export class LabServer {
  readonly #http: Server;
  readonly #site: Site;
  readonly #hosts = new LocalHosts();

  constructor(site: Site) {
    this.#site = site;
    this.#http = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /**
   * Listens at a port of this machine, 0 for any, and gives the address: `http://127.0.0.1:7341`.
   *
   * @throws BadInput if the port cannot be listened at.
   */
  async start(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once("error", (error) => reject(refusal(port, error)));
      this.#http.listen({ port, host: HOST }, resolve);
    });
    const { port: taken } = this.#http.address() as AddressInfo;
    return `http://${HOST}:${taken}`;
  }

  /** Stops at once: a browser loses nothing by that. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
    });
    this.#http.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    if (!this.#hosts.admits(headers.host)) return send(response, 403, "no name of this machine\n");
    if (method !== "GET" && method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return send(response, 405, "only GET and HEAD\n");
    }
    const path = pathOf(url);
    const to = this.#site.moved.get(path);
    if (to !== undefined) {
      response.setHeader("location", to);
      return send(response, 302, "");
    }
    const file = this.#site.files.get(path);
    if (file !== undefined) return await sendFile(response, 200, file);
    const missing = this.#site.files.get("/404.html");
    if (missing === undefined) return send(response, 404, "there is no such page\n");
    return await sendFile(response, 404, missing);
  }
}

/** The path of an address as the site has it; empty for one that nobody has. */
function pathOf(url: string): string {
  try {
    // Put together, for a path that begins with two slashes names a host to the parser.
    return decodeURIComponent(new URL(`http://${HOST}${url}`).pathname);
  } catch {
    return "";
  }
}

async function sendFile(
  response: ServerResponse,
  status: number,
  { path, type }: SiteFile,
): Promise<void> {
  let body: Uint8Array;
  try {
    body = await readFile(path);
  } catch {
    return send(response, 404, "this page is there no more\n");
  }
  send(response, status, body, type);
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  type = "text/plain; charset=utf-8",
): void {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, { ...HEADERS, "content-type": type, "content-length": length });
  // For HEAD, Node itself leaves the body out.
  response.end(body);
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process listens there; give another --port, or none for any",
  EACCES: "permission denied",
};

function refusal(port: number, { code = "", message }: NodeJS.ErrnoException): BadInput {
  return new BadInput(`lab: cannot listen at ${HOST}, port ${port}: ${REASONS[code] ?? message}`);
}
