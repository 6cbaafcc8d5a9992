import type { Command } from "commander";
import type { Protocol } from "../btree/index.ts";
import {
  programOf,
  type Proof,
  type ProofPace,
  type ProveOptions,
  proving,
  randomScenario,
  type SavedProof,
  SHRINK_BUDGET,
  tellStory,
} from "../hunt/index.ts";
import { Scheduler } from "../sim/index.ts";
import { realNowMs } from "../task/driver-real-time.ts";
import { createPrng } from "../task/index.ts";
import { fileName, once, wholeNumber } from "./arguments.ts";
import { addDiskFlags, crashesAsked, diskSettings, wantsDisk } from "./disk-flags.ts";
import { drive, Interrupt } from "./drive.ts";
import {
  BadInput,
  EXIT_CLEAN,
  EXIT_FOUND,
  EXIT_INTERRUPTED,
  EXIT_UNKNOWN,
  PROVE_EXIT_CODES_HELP,
} from "./exit.ts";
import { finish, standAt, standAtStart } from "./finish.ts";
import {
  labelOf,
  protocolsOf,
  type ScenarioFlags,
  type Subject,
  subjectOfBug,
  subjectsOf,
} from "./hunt-jobs.ts";
import { JsonStream, outliveOutput } from "./output.ts";
import type { Pace } from "./progress.ts";
import { ProofFile } from "./proof-file.ts";
import { estimateText, type Proved, printProved, provedJson } from "./proof-text.ts";
import {
  loadProtocols,
  type OwnProtocols,
  PROTOCOL_FILE_HELP,
  refuseUnknown,
} from "./protocol-file.ts";

const COUNT_MAX = 1_000_000_000;
const RUNS_DEFAULT = 1_000_000;
/** Random scenarios that can be explored to their end. */
const RANDOM_SHAPE = { tasksMax: 2, operationsMax: 1 } as const;

const EXAMPLES = `
Interleavings that differ only in the order of independent steps count once:
one schedule of each is run. docs/exploration.md says what "proved" means.

Examples:
  latchwork prove scenario.txt --protocol crabbing
  latchwork prove scenario.txt --crashes 1 --protocol crabbing
  latchwork prove scenario.txt --protocol tree-rw --preemptions 2
  latchwork prove scenario.txt --protocol crabbing --checkpoint proof.json
  latchwork prove --bug C1
  latchwork prove --random-scenarios 20 --protocol crabbing --seed 7
`;

interface ProveFlags extends ScenarioFlags {
  readonly protocolFile?: string;
  readonly preemptions?: number;
  readonly runs: number;
  readonly probes: number;
  readonly seed: string;
  readonly randomScenarios?: number;
  readonly checkpoint?: string;
  readonly shrink: boolean;
  readonly json?: boolean;
}

/** Adds the verb `prove`. */
export function addProve(program: Command): void {
  const command = program
    .command("prove")
    .summary("run every interleaving of a scenario")
    .description("Runs every interleaving of a scenario, or as many as the budget allows.")
    .argument("[scenarios...]", "scenario files; - is standard input")
    .option("--protocol <name>", "run this protocol only")
    .option("--protocol-file <file>", PROTOCOL_FILE_HELP, once(String))
    .option("--bug <id>", "plant this bug of the bank; see latchwork bugs")
    .option("--preemptions <c>", "only schedules with at most c, unreduced", wholeNumber(0, 99))
    .option("--runs <n>", "most runs", wholeNumber(1, COUNT_MAX), RUNS_DEFAULT)
    .option("--probes <n>", "random runs for the estimate", wholeNumber(0, COUNT_MAX), 200)
    .option("--seed <text>", "what probes and random scenarios are drawn from", "1")
    .option("--random-scenarios <n>", "draw so many small scenarios", wholeNumber(1, COUNT_MAX))
    .option("--checkpoint <file>", "resume from it, and keep it", once(fileName));
  addDiskFlags(command)
    .option("--no-shrink", "show the failure as it was found")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + PROVE_EXIT_CODES_HELP)
    .action(prove);
}

async function prove(paths: readonly string[], flags: ProveFlags): Promise<void> {
  standAtStart();
  const own = await loadProtocols(flags.protocolFile);
  const subjects = allSubjects(paths, flags, own.protocols);
  const file = checkpointOf(subjects, flags);
  const resumed = file?.read() ?? null;
  const interrupt = new Interrupt();
  outliveOutput();
  const json = flags.json === true ? new JsonStream("results") : null;
  const all: Proved[] = [];
  for (const subject of subjects) {
    const proved = await proveOne(subject, flags, own, { file, resumed, interrupt });
    all.push(proved);
    const isInterrupted = interrupt.isRequested;
    standAt({ isDone: all.length === subjects.length, isFound: isAnyFound(all), isInterrupted });
    if (json === null) printProved(proved, own);
    else json.item(provedJson(proved));
    if (isInterrupted) break;
  }
  json?.end({ found: isAnyFound(all) });
  await finish(interrupt.isRequested ? EXIT_INTERRUPTED : exitOf(all));
}

function exitOf(all: readonly Proved[]): number {
  if (isAnyFound(all)) return EXIT_FOUND;
  return all.every(({ proof }) => proof.state === "proved") ? EXIT_CLEAN : EXIT_UNKNOWN;
}

function isAnyFound(all: readonly Proved[]): boolean {
  return all.some(({ proof }) => proof.state === "failed");
}

/** What the proofs of one command line share. */
interface Sitting {
  readonly file: ProofFile | null;
  readonly resumed: SavedProof | null;
  readonly interrupt: Interrupt;
}

async function proveOne(
  subject: Subject,
  flags: ProveFlags,
  own: OwnProtocols,
  sitting: Sitting,
): Promise<Proved> {
  const { source, scenario } = subject;
  const label = labelOf(subject);
  const startedAt = realNowMs();
  const report = reporter(label, flags.json === true);
  const proof = await drive(proving(scenario, optionsOf(flags, own, sitting)), report);
  const seconds = (realNowMs() - startedAt) / 1000;
  const ranNow = proof.interleavings - (sitting.resumed?.search.counts.runs ?? 0);
  const { protocol, bug } = scenario;
  const preemptions = flags.preemptions ?? null;
  const story = storyOf(proof, own);
  return { label, source, protocol, bug, preemptions, proof, seconds, ranNow, story };
}

function storyOf({ result: { run } }: Proof, { protocols }: OwnProtocols): Proved["story"] {
  return run === null ? null : tellStory(run.scenario, run.schedule, protocols);
}

function optionsOf(
  flags: ProveFlags,
  { protocols }: OwnProtocols,
  { file, resumed, interrupt: { shouldStop } }: Sitting,
): ProveOptions {
  return {
    runsMax: flags.runs,
    seed: flags.seed,
    probes: flags.probes,
    preemptionsMax: flags.preemptions ?? null,
    shrink: flags.shrink ? { ...SHRINK_BUDGET, shouldStop } : null,
    protocols,
    resumed,
    shouldStop,
    ...(file === null
      ? {}
      : { onSave: (saved: SavedProof, isLast: boolean) => file.write(saved, isLast) }),
  };
}

/** Shows the estimate once there is one, and then how far the search is. */
function reporter(label: string, isSilent: boolean): (pace: ProofPace) => Pace | string | null {
  let isTold = isSilent;
  return ({ runs, estimate, isEstimating }) => {
    if (!isTold && !isEstimating && estimate !== null) {
      isTold = true;
      return estimateText(label, estimate);
    }
    const left = estimate === null ? null : Math.max(Math.round(estimate.orders), runs);
    return { label, noun: "interleavings", runs, runsMax: left };
  };
}

function allSubjects(
  paths: readonly string[],
  flags: ProveFlags,
  own: readonly Protocol[],
): Subject[] {
  const { bug, randomScenarios, protocol } = flags;
  if (protocol !== undefined) refuseUnknown(protocol, own);
  if (randomScenarios !== undefined) {
    if (paths.length > 0) {
      const why = `--random-scenarios draws scenarios, so ${paths[0]} would not be used`;
      throw new BadInput(`${why}; give one of them`);
    }
    return protocolsOf(flags, own, null).flatMap((name) => drawn(name, randomScenarios, flags));
  }
  if (paths.filter((path) => path === "-").length > 1) {
    throw new BadInput("standard input can be read only once; give - once");
  }
  if (paths.length > 0) return paths.flatMap((path) => subjectsOf(path, flags, own));
  if (bug !== undefined) return [runnable(subjectOfBug(bug, flags), own)];
  throw new BadInput("nothing to prove; expected a scenario file, --bug or --random-scenarios");
}

function drawn(protocol: string, count: number, flags: ProveFlags): Subject[] {
  const prng = createPrng(`${flags.seed}/scenarios`);
  const shape = {
    ...RANDOM_SHAPE,
    protocol,
    bug: flags.bug ?? null,
    ...(wantsDisk(flags)
      ? { crashes: crashesAsked(flags) ?? 1, durability: diskSettings(flags) }
      : {}),
  };
  return Array.from({ length: count }, (_, i) => ({
    source: `random scenario ${i + 1}`,
    scenario: randomScenario(shape, prng),
    hasSchedule: false,
  }));
}

function runnable(subject: Subject, own: readonly Protocol[]): Subject {
  programOf(new Scheduler(), subject.scenario, own); // Refuses what cannot be run.
  return subject;
}

function checkpointOf(subjects: readonly Subject[], flags: ProveFlags): ProofFile | null {
  const { checkpoint, preemptions } = flags;
  if (checkpoint === undefined) return null;
  const [only] = subjects;
  if (only === undefined || subjects.length > 1) {
    const found = `found ${subjects.length} searches`;
    throw new BadInput(`--checkpoint keeps one search, ${found}; give one scenario and --protocol`);
  }
  if (preemptions !== undefined) {
    throw new BadInput("--checkpoint keeps a search without --preemptions; give one of them");
  }
  return new ProofFile(checkpoint, only.scenario);
}
