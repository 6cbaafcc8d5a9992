/**
 * A thread that carries out orders, one after the other. What goes wrong is sent back, and thrown
 * by whoever gave the order.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Protocol } from "../../btree/index.ts";
import { assert } from "../../task/index.ts";
import type { HuntHelp } from "../plan.ts";
import { Carrying } from "./carrying.ts";
import type { Order, ProtocolModule, Report, WorkerStart } from "./messages.ts";
import { thrownOf } from "./thrown.ts";

const port = parentPort;
assert(port !== null, "this file runs in a thread of its own");
const start = workerData as WorkerStart;
const stop = new Int32Array(start.stop);

function send(report: Report): void {
  port?.postMessage(report);
}

async function protocolsFrom(from: ProtocolModule | null): Promise<readonly Protocol[]> {
  if (from === null) return [];
  const { loadProtocols } = await import(from.loader);
  const { protocols } = await loadProtocols(from.path);
  return protocols;
}

/** Loaded when the first order comes, so that a file that cannot be loaded is an answer to it. */
let carrying: Promise<Carrying> | null = null;

async function prepare(): Promise<Carrying> {
  const protocols = await protocolsFrom(start.protocols);
  const help: HuntHelp = { protocols, shouldStop: () => Atomics.load(stop, 0) !== 0 };
  return new Carrying(help, (news) => send({ kind: "news", news }));
}

async function carryOut(order: Order): Promise<void> {
  try {
    carrying ??= prepare();
    const answer = (await carrying).out(order);
    send({ kind: "answer", answer });
  } catch (error) {
    send({ kind: "thrown", thrown: thrownOf(error) });
  }
}

port.on("message", (order: Order) => void carryOut(order));
