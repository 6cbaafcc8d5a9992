import {
  Crew,
  huntInThreads,
  type ProofNews,
  type ProtocolModule,
  WorkerDied,
} from "../hunt/threads/index.ts";
import type { HuntPlan, HuntResult, Proof, ProofPlan } from "../hunt/index.ts";
import { wholeNumber } from "./arguments.ts";
import type { Interrupt } from "./drive.ts";
import { NotWritten } from "./exit.ts";
import { print } from "./output.ts";
import { type Pace, Progress } from "./progress.ts";
import type { OwnProtocols } from "./protocol-file.ts";

const WORKERS_MAX = 64;

/** What the help of a verb says of the option. */
export const WORKERS_HELP = "use so many cores; what is found is the same (default: 1)";

/** Reads the number of workers. */
export const workersNumber: (text: string) => number = wholeNumber(1, WORKERS_MAX);

/** A proof that a crew makes. */
export interface CrewProof {
  readonly plan: ProofPlan;
  /** Whether what resumes it is to be told. */
  readonly isKept: boolean;
  readonly tell: (news: ProofNews) => void;
}

/** What carries out many hunts or proofs, and what is shown of them meanwhile. */
export interface CrewWork {
  /** Makes a hunt; of those that wait, the one with the lowest priority comes first. */
  readonly hunt: (plan: HuntPlan, priority: number, pace: PaceOf) => Promise<HuntResult>;
  /** Makes a proof, with the same priorities. */
  readonly prove: (proof: CrewProof, priority: number) => Promise<Proof>;
  /** Shows how far all is. */
  readonly show: (pace: Pace) => void;
  /** Prints a text above the progress. */
  readonly print: (text: string) => void;
  /** Ends what is under way, with what there is so far. */
  readonly stop: () => void;
}

/** What to show when so many schedules have been run. */
export type PaceOf = (runs: number) => Pace;

/**
 * Has hunts and proofs made by so many workers, which stop when Ctrl-C is pressed and end with the
 * work.
 *
 * @returns nothing; a fault, to be said in one line, if a worker died: then not everything was
 *   looked at.
 */
export async function withCrew(
  workers: number,
  own: OwnProtocols,
  interrupt: Interrupt,
  work: (crew: CrewWork) => Promise<void>,
): Promise<NotWritten[]> {
  const crew = new Crew({ workers, protocols: moduleOf(own) });
  const progress = new Progress();
  interrupt.onRequest(() => crew.stop());
  const hunt = (plan: HuntPlan, priority: number, pace: PaceOf): Promise<HuntResult> =>
    huntInThreads(crew, plan, priority, (runs) => progress.show(pace(runs)));
  const prove = ({ plan, isKept, tell }: CrewProof, priority: number): Promise<Proof> =>
    crew.ask({ kind: "prove", plan, isKept }, priority, tell);
  const show = (pace: Pace): void => progress.show(pace);
  const stop = (): void => crew.stop();
  const printAbove = (text: string): void => {
    progress.clear();
    print(text);
  };
  try {
    await work({ hunt, prove, show, print: printAbove, stop });
    return [];
  } catch (error) {
    if (error instanceof WorkerDied) return [new NotWritten(error.message)];
    throw error;
  } finally {
    progress.clear();
    await crew.close();
  }
}

/** Says that some of the workers have nothing to do, where each piece of work stays with one. */
export function noteIdle(workers: number, pieces: number, piece: string): void {
  if (workers <= pieces) return;
  const there = pieces === 1 ? "there is one" : `there are ${pieces}`;
  const idle = workers - pieces;
  const rest = `${idle} of ${workers} workers ${idle === 1 ? "has" : "have"} nothing to do`;
  process.stderr.write(`latchwork: ${piece} stays with one worker, and ${there}: ${rest}\n`);
}

function moduleOf({ path }: OwnProtocols): ProtocolModule | null {
  if (path === null) return null;
  return { loader: new URL("./protocol-file.js", import.meta.url).href, path };
}
