import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { startTimer, stopTimer } from "../task/driver-real-time.ts";
import { LatchworkError, optionNames, refuseUnknownOptions } from "../task/index.ts";
import { newCounts } from "./counts.ts";
import { LocalHosts } from "./hosts.ts";
import { httpServer } from "./http-server.ts";
import { limitsOf, type ServerLimits } from "./limits.ts";
import { Load } from "./load.ts";
import { metricsOf } from "./metrics.ts";
import { loadPackages, type Packages } from "./packages.ts";
import { addRoutes, answerUnroutable, routedPath } from "./routes.ts";
import type { ServedTables } from "./served-tables.ts";
import type { Shared } from "./shared.ts";
import { statsOf } from "./status-routes.ts";
import { Token } from "./token.ts";

export interface ServerOptions {
  /** The port; 0, the default, is any that is free. */
  readonly port?: number;
  /** The address to listen at. Default 127.0.0.1: nobody outside of this machine can reach it. */
  readonly host?: string;
  /** The token that requests must bring, all but those for /health. Default: none is wanted. */
  readonly token?: string;
  readonly limits?: ServerLimits;
  /** Hears of every answer with a status from 500 on, and of connections that fail. No throws. */
  readonly onFault?: (fault: unknown) => void;
}

const OPTION_NAMES = optionNames<ServerOptions>({
  port: true,
  host: true,
  token: true,
  limits: true,
  onFault: true,
});

/** How a stop went. */
export interface StopReport {
  /** Connections that were closed before they had all of their answers, as time was up. */
  readonly cutOff: number;
}

/** A framework at its end: users of this need not know which, nor have its types. */
interface Closable {
  close(): PromiseLike<unknown>;
}

/** A server that runs. */
export class LatchworkServer {
  readonly address: string;
  readonly port: number;
  /** Where it can be reached. */
  readonly url: string;
  readonly #shared: Shared;
  readonly #http: Server;
  readonly #app: Closable;
  #stopping: Promise<StopReport> | null = null;

  /** For {@link startServer}. */
  constructor(shared: Shared, http: Server, app: Closable) {
    const { address, family, port } = http.address() as AddressInfo;
    this.address = address;
    this.port = port;
    this.url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
    this.#shared = shared;
    this.#http = http;
    this.#app = app;
  }

  /** Figures since it began, those of its tables among them; what `/stats` answers. */
  stats(): object {
    return statsOf(this.#shared);
  }

  /**
   * Takes no new connection, answers what was taken on, closes every connection, and ends once
   * nothing is under way: then the tables may be closed. They are not closed here.
   *
   * @param limitMs After so long, what still is open is cut off, without an answer.
   */
  stop(limitMs: number): Promise<StopReport> {
    this.#stopping ??= this.#stop(limitMs);
    return this.#stopping;
  }

  async #stop(limitMs: number): Promise<StopReport> {
    const { connections, load } = this.#shared;
    this.#shared.isStopping = true;
    let cutOff = 0;
    const timer = startTimer(() => {
      cutOff = connections.size;
      this.#http.closeAllConnections();
    }, limitMs);
    await new Promise((resolve) => {
      this.#http.close(resolve);
      // Node waits for the first request of a connection on which none ever came.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    });
    stopTimer(timer);
    // A write that was begun goes on, though nobody hears of it any more.
    await load.idle();
    load.unwatchLoop();
    await this.#app.close();
    return { cutOff };
  }
}

/**
 * Starts a server before tables that are open.
 *
 * @throws LatchworkError BAD_ARGUMENT for options that cannot be, or an address that cannot be
 *   listened at; NEEDS_PACKAGE if the packages of the server are not installed.
 */
export async function startServer(
  tables: ServedTables,
  options: ServerOptions = {},
): Promise<LatchworkServer> {
  refuseUnknownOptions("a server", options, OPTION_NAMES);
  const limits = limitsOf(options.limits ?? {});
  // To Node it would mean all addresses, and to a script a variable that is not set.
  if (options.host === "") {
    throw new LatchworkError("BAD_ARGUMENT", "the host is empty; expected one as 127.0.0.1");
  }
  const token = options.token === undefined ? null : new Token(options.token);
  const packages = await loadPackages();
  const shared: Shared = {
    tables,
    limits,
    load: new Load(limits),
    counts: newCounts(),
    token,
    hosts: null,
    connections: new Set(),
    surplus: new Set(),
    answeredEarly: new WeakSet(),
    onFault: options.onFault ?? ignore,
    isStopping: false,
  };
  const app = await framework(shared, packages);
  const http = httpServer(shared, (request, response) => app.routing(request, response));
  await listen(http, options.port ?? 0, options.host ?? LOOPBACK);
  // As when there are no descriptors left for a connection: the next one may find some.
  http.on("error", shared.onFault);
  shared.load.watchLoop();
  const { address } = http.address() as AddressInfo;
  if (token === null && isLoopback(address)) shared.hosts = new LocalHosts();
  return new LatchworkServer(shared, http, app);
}

const LOOPBACK = "127.0.0.1";

/** Whether only this machine reaches an address. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** The router with all of its routes. */
async function framework(shared: Shared, packages: Packages): Promise<FastifyInstance> {
  const app = packages.fastify({
    logger: false,
    exposeHeadRoutes: false,
    rewriteUrl: routedPath,
    frameworkErrors: (error, { raw }, reply) => {
      reply.hijack();
      answerUnroutable(shared, error.code, raw, reply.raw);
    },
  });
  const registry = metricsOf(shared, packages.prom);
  addRoutes(app, shared, (exchange) => {
    registry.metrics().then(
      (text) => exchange.answer(200, ["Content-Type", registry.contentType], text),
      (error: unknown) => exchange.fail(error),
    );
  });
  await app.ready();
  return app;
}

function listen(http: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const message = `cannot listen at ${host}, port ${port}: ${whyNot(error)}`;
      reject(new LatchworkError("BAD_ARGUMENT", message));
    };
    http.once("error", failed);
    http.listen({ port, host }, () => {
      http.off("error", failed);
      resolve();
    });
  });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "another process does"],
  ["EACCES", "permission denied"],
  ["EADDRNOTAVAIL", "this machine has no such address"],
  ["ENOTFOUND", "there is no such host"],
]);

function whyNot({ code = "", message }: NodeJS.ErrnoException): string {
  return REASONS.get(code) ?? message;
}

function ignore(): void {}
