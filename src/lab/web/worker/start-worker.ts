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
  const tell = (message: FromWorker): void => port.postMessage(message);
  try {
    const protocols = await runOwnCode(code, scope);
    const server = new OrderServer(protocols, tell);
    port.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => server.hear(data));
    port.start();
    tell({ kind: "protocols", names: protocols.map(({ name }) => name) });
  } catch (error) {
    const isOurs = error instanceof BadModule;
    const message = isOurs ? error.problem : faultText(error);
    tell({ kind: "refused", message, line: isOurs ? error.line : null });
  }
}
