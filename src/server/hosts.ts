import { isIP } from "node:net";

/** So many headers are remembered; a client that makes up names must not fill more. */
const KNOWN_MAX = 64;

/**
 * Which headers `Host` a server without a token takes that only this machine is to reach: addresses
 * and `localhost`. A page in a browser can make a name of its own lead to this machine (DNS
 * rebinding), and would then be let through to the server as to its own; but the name stands in
 * this header.
 */
export class LocalHosts {
  readonly #known = new Set<string>();

  admits(host: string | undefined): boolean {
    // Without the header, as HTTP/1.0 has it: no browser.
    if (host === undefined || this.#known.has(host)) return true;
    if (!isLocal(host)) return false;
    if (this.#known.size < KNOWN_MAX) this.#known.add(host);
    return true;
  }
}

/** A name or an address, the latter in brackets if it is one of six, and a port. */
const HOST = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/;

function isLocal(host: string): boolean {
  const [, six, name] = HOST.exec(host) ?? [];
  if (six !== undefined) return isIP(six) === 6;
  return name !== undefined && (name.toLowerCase() === "localhost" || isIP(name) === 4);
}
