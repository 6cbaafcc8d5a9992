import { BadModule, type FromWorker, type ToWorker } from "../../index.ts";
import { faultText } from "./fault-text.ts";
import { OrderServer } from "./order-server.ts";
import { runOwnCode } from "./own-code.ts";
import type { WorkerScope } from "./worker-scope.ts";

/** The first message to a worker that is to run a reader's own code; orders come by its port. */
export interface OwnStart {
  readonly kind: "own";
  readonly code: string;
}

/** Begins to serve: the orders of the page, or, told to by a frame, those on its port. */
export function startWorker(): void {
  const scope: WorkerScope = self;
  const server = new OrderServer([], (message) => scope.postMessage(message));
  scope.addEventListener("message", ({ data, ports: [port] }) => {
    const message = data as ToWorker | OwnStart;
    if (message.kind !== "own") server.hear(message);
    else if (port !== undefined) void serveOwn(message.code, port, scope);
  });
}

async function serveOwn(code: string, port: MessagePort, scope: WorkerScope): Promise<void> {
  // That code may change what every port does: it is not to get at this one in that way.
  const [post, start] = [port.postMessage.bind(port), port.start.bind(port)];
  const tell = (message: FromWorker): void => post(message);
  let server: OrderServer | null = null;
  port.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => server?.hear(data));
  try {
    const protocols = await runOwnCode(code, scope);
    server = new OrderServer(protocols, tell);
    start();
    tell({ kind: "protocols", names: protocols.map(({ name }) => name) });
  } catch (error) {
    const isOurs = error instanceof BadModule;
    const message = isOurs ? error.problem : faultText(error);
    tell({ kind: "refused", message, line: isOurs ? error.line : null });
  }
}
