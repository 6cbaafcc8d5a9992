import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { startTimer } from "../task/driver-real-time.ts";
import { OwedAnswers } from "./owed-answers.ts";
import { Problem } from "./problem.ts";
import type { Shared } from "./shared.ts";

/** How often connections are asked whether their time is up. */
const LOOK_MS = 500;

/** How long a connection that is at its end may go on sending, so that it reads its answer. */
const LINGER_MS = 500;

/** So many connections over the limit are told so; the next ones are closed without a word. */
const SURPLUS_MAX = 256;

/**
 * Makes Node's own server with all that limits connections: their number, the size of headers, and
 * the time that each of their parts may take. What cannot be read as a request is answered with
 * 400, 408 or 431, and ends its connection.
 */
export function httpServer(
  shared: Shared,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const { limits } = shared;
  const owed = new OwedAnswers();
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: Math.min(limits.headersMs, limits.requestMs),
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: LOOK_MS,
      // Node would answer without a body.
      requireHostHeader: false,
    },
    (request, response) => {
      owed.add(request, response);
      if (lacksHost(request)) refuseHost(response);
      else answer(request, response);
    },
  );
  server.timeout = limits.stallMs;
  server.maxConnections = limits.connections + SURPLUS_MAX;
  countConnections(server, shared);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!canAnswer(shared, error, socket)) socket.destroy();
    // Sooner, it would be taken for the answer to a request before, which may yet be done.
    else owed.whenAnswered(socket, () => endWith(socket, unreadable(error, shared)));
  });
  // A tunnel, which this is no end of.
  server.on("connect", (_request, socket) => {
    // From here on Node tells answers no more that they may go on.
    if (owed.owes(socket)) socket.destroy();
    else endWith(socket, NO_TUNNEL);
  });
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    const { body, status } = NO_EXPECTATION;
    response.writeHead(status, { "Content-Type": "application/json" }).end(body);
  });
  return server;
}

const NO_TUNNEL = new Problem(405, "BAD_METHOD", "this server opens no tunnels");
const NO_EXPECTATION = new Problem(417, "BAD_EXPECTATION", "of Expect only 100-continue is met");

const NO_HOST = new Problem(400, "BAD_REQUEST", "a request of HTTP/1.1 must have the header Host");

function lacksHost({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined && httpVersion === "1.1";
}

function refuseHost(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  response.writeHead(NO_HOST.status, { "Content-Type": "application/json" }).end(NO_HOST.body);
}

/** Notes which connections there are, and which are over the limit, until they close. */
function countConnections(server: Server, { connections, limits, surplus }: Shared): void {
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    // Each scan behind another on it listens for its end.
    socket.setMaxListeners(0);
    if (connections.size > limits.connections) surplus.add(socket);
    socket.once("close", () => {
      connections.delete(socket);
      surplus.delete(socket);
    });
  });
}

/** Whether an answer would be taken for that of the request that could not be read. */
function canAnswer(shared: Shared, { code }: NodeJS.ErrnoException, socket: Duplex): boolean {
  if (!socket.writable || code === "ECONNRESET" || code === "EPIPE") return false;
  return !shared.answeredEarly.has(socket as Socket);
}

/** What is wrong with bytes that are no request, or come too slowly. */
function unreadable({ code }: NodeJS.ErrnoException, { limits }: Shared): Problem {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT": {
      const times = `${limits.headersMs} ms for its headers, ${limits.requestMs} ms for all`;
      return new Problem(408, "TOO_SLOW", `the request did not come in time: ${times}`);
    }
    case "HPE_HEADER_OVERFLOW": {
      const most = `at most ${limits.headerBytes} bytes`;
      return new Problem(431, "HEADERS_TOO_LONG", `request line and headers may have ${most}`);
    }
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new Problem(413, "BODY_TOO_LONG", "the extensions of a chunk are too long");
    case undefined:
    default:
      return new Problem(400, "BAD_REQUEST", `this is no HTTP request (${code ?? "unknown"})`);
  }
}

/** Writes the last answer of a connection, and closes it once the client can have read that. */
function endWith(socket: Duplex, problem: Problem): void {
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.destroy());
  socket.end(problem.asText());
  // Closed with bytes unread, it would be reset, and the answer lost on its way.
  socket.resume();
  startTimer(() => socket.destroy(), LINGER_MS).unref();
}
