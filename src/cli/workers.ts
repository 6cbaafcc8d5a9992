import { Crew, huntInThreads, type ProtocolModule, WorkerDied } from "../hunt/threads/index.ts";
import type { HuntPlan, HuntResult } from "../hunt/index.ts";
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

/** Something that takes many hunts to its end, and what is shown of each meanwhile. */
export interface CrewWork {
  /** Makes a hunt; of those that wait, the one with the lowest priority comes first. */
  readonly hunt: (plan: HuntPlan, priority: number, pace: PaceOf) => Promise<HuntResult>;
  /** Prints a text above the progress. */
  readonly print: (text: string) => void;
}

/** What to show when so many schedules have been run. */
export type PaceOf = (runs: number) => Pace;

/**
 * Has hunts made by so many workers, which stop when Ctrl-C is pressed and end with the work.
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
  const printAbove = (text: string): void => {
    progress.clear();
    print(text);
  };
  try {
    await work({ hunt, print: printAbove });
    return [];
  } catch (error) {
    if (error instanceof WorkerDied) return [new NotWritten(error.message)];
    throw error;
  } finally {
    progress.clear();
    await crew.close();
  }
}

function moduleOf({ path }: OwnProtocols): ProtocolModule | null {
  if (path === null) return null;
  return { loader: new URL("./protocol-file.js", import.meta.url).href, path };
}
