/** Programs as users write them: each uses entries of the package and is run, or only compiled. */

/** Uses every entry but those for vitest, with the types that a user would write out. */
export const PROGRAM = `
import * as fc from "fast-check";
import { Crabbing, type Protocol, protocolNamed } from "latchwork";
import { type LatchworkLevel, open } from "latchwork/database";
import { huntScenario, parseScenario, type Story } from "latchwork/hunt";
import { checkHistory, HistoryRecorder, kvMap, type Verdict } from "latchwork/linearizability";
import { checkHistoryInThreads } from "latchwork/linearizability/threads";
import { defaultPortfolio, type Mutex, simulate, type Simulation } from "latchwork/sim";
import { schedules } from "latchwork/sim/fast-check";

class Mine extends Crabbing {
  override readonly name: string = "mine";
}

function program(sim: Simulation): () => void {
  const mutex: Mutex = sim.mutex("m");
  const total = sim.shared("total", 0);
  sim.task("adds", function* () {
    yield mutex.lock();
    const before: number = yield* total.read();
    yield total.write(before + 1);
    mutex.unlock();
  });
  return () => {
    if (total.peek() !== 1) throw new Error("lost");
  };
}

export function simulated(): boolean {
  fc.assert(fc.property(schedules(), (strategy) => simulate(program, { strategy }).finding === null));
  return simulate(program).finding === null;
}

export function hunted(story: Story): number {
  const protocols: Protocol[] = [new Mine(), protocolNamed("crabbing")];
  const { scenario } = parseScenario("protocol mine\\ntask get 20\\n");
  const options = { protocols, strategies: defaultPortfolio, seed: 1, runsMax: 10, shrink: null };
  return huntScenario(scenario, options).verdict.runs + story.steps;
}

export async function kept(directory: string): Promise<string | undefined> {
  const database: LatchworkLevel<string, string> = await open(directory);
  await database.put("key", "value");
  const value: string | undefined = await database.get("key");
  await database.close();
  return value;
}

export async function checked(): Promise<Verdict> {
  const recorder = new HistoryRecorder({ clock: { nowMs: () => performance.now() } });
  const history = recorder.history();
  await checkHistoryInThreads(history, kvMap(), { threads: 2 });
  return checkHistory(history, kvMap());
}
`;

/** A test of a user, with the matcher that the package brings. */
export const TEST = `
import { expect, it } from "vitest";
import { kvMap, readHistory } from "latchwork/linearizability";
import "latchwork/linearizability/vitest";

it("is right", () => {
  const history = readHistory(\`
    {"process":0,"type":"invoke","f":"put","key":"a","value":1}
    {"process":0,"type":"ok","f":"put","key":"a"}
  \`);
  expect(history).toBeLinearizable(kvMap());
});
`;

/** Shows that types are known: the name of a protocol is no number. */
export const WRONG = `
import { protocolNamed } from "latchwork";

export const name: number = protocolNamed("crabbing").name;
`;
