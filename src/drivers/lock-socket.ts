import * as fs from "node:fs";
import { connect, createServer, type Server } from "node:net";
import type { Life } from "./process.ts";

/** The longest path of a socket: 108 bytes in Linux, 104 elsewhere, each with a byte of zero. */
const PATH_BYTES_MAX = 103;

/**
 * A socket that is open as long as its process lives, for others to try: nothing is ever sent.
 *
 * The kernel closes it when the process ends, however it ends; a process that is stopped has it
 * open. Trying to connect shows which, from any container of the machine.
 */
export class LifeSocket {
  /** The number of its file. */
  readonly number: string;
  readonly #server: Server;
  readonly #path: string;

  private constructor(server: Server, path: string, number: string) {
    this.#server = server;
    this.#path = path;
    this.number = number;
  }

  /** Opens one at a path; null where that cannot be done, as on some file systems. */
  static open(path: string): Promise<LifeSocket | null> {
    if (Buffer.byteLength(path) > PATH_BYTES_MAX) return Promise.resolve(null);
    const server = createServer((connection) => connection.destroy());
    server.unref();
    return new Promise((resolve) => {
      server.on("error", () => resolve(null));
      // Exclusive: in a worker of a cluster, its parent would open it, and live on.
      server.listen({ path, exclusive: true }, () => {
        const number = socketNumber(path);
        if (number === null) server.close();
        resolve(number === null ? null : new LifeSocket(server, path, number));
      });
    });
  }

  close(): void {
    this.#server.close();
    fs.rmSync(this.#path, { force: true });
  }
}

/**
 * Whether the process that opened a socket lives, if it is on this machine. What is not the very
 * file that was opened shows nothing: a copy of it is one to which no process listens.
 */
export function lifeOfSocket(path: string, number: string): Promise<Life> {
  if (socketNumber(path) !== number) return Promise.resolve("elsewhere");
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.on("connect", () => {
      socket.destroy();
      resolve("alive");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") resolve("dead");
      // The process listens, and has more visitors waiting than the kernel keeps for it.
      else resolve(error.code === "EAGAIN" ? "alive" : "elsewhere");
    });
  });
}

function socketNumber(path: string): string | null {
  try {
    const status = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return status?.isSocket() === true ? String(status.ino) : null;
  } catch {
    return null;
  }
}
