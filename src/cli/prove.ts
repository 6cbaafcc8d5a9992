import type { Command } from "commander";
import type { Protocol } from "../btree/index.ts";
import { programOf, type ProofSetting, randomScenario, SHRINK_BUDGET } from "../hunt/index.ts";
import { Scheduler } from "../sim/index.ts";
import { createPrng } from "../task/index.ts";
import { fileName, wholeNumber } from "./arguments.ts";
import { addDiskFlags, crashesAsked, diskSettings, wantsDisk } from "./disk-flags.ts";
import { Interrupt } from "./drive.ts";
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
  protocolsOf,
  type ScenarioFlags,
  type Subject,
  subjectOfBug,
  subjectsOf,
} from "./hunt-jobs.ts";
import { JsonStream, outliveOutput } from "./output.ts";
import { checkPlaces, draftOf, refuseNoFile } from "./places.ts";
import { ProofFile } from "./proof-file.ts";
import { type Proved, printProved, provedJson } from "./proof-text.ts";
import {
  loadProtocols,
  type OwnProtocols,
  PROTOCOL_FILE_HELP,
  refuseUnknown,
} from "./protocol-file.ts";
import { proveAll } from "./prove-run.ts";
import { noteIdle, WORKERS_HELP, workersNumber } from "./workers.ts";

const COUNT_MAX = 1_000_000_000;
/** All are drawn before the first is proved, for a checkpoint is of all of them. */
const SCENARIOS_MAX = 10_000;
const RUNS_DEFAULT = 1_000_000;
/** Random scenarios that can be explored to their end. */
const RANDOM_SHAPE = { tasksMax: 2, operationsMax: 1 } as const;

const EXAMPLES = `
Interleavings that differ only in the order of independent steps count once:
one schedule of each is run. docs/exploration.md says what "proved" means.

With --workers each scenario under each protocol is proved by one worker; the
checkpoint of some workers can be resumed by more or by fewer.

Examples:
  latchwork prove scenario.txt --protocol crabbing
  latchwork prove scenario.txt --crashes 1 --protocol crabbing
  latchwork prove scenario.txt --protocol tree-rw --preemptions 2
  latchwork prove scenario.txt --protocol crabbing --checkpoint proof.json
  latchwork prove --bug C1
  latchwork prove --random-scenarios 20 --protocol crabbing --seed 7 --workers 2
`;

interface ProveFlags extends ScenarioFlags {
  readonly protocolFile?: string;
  readonly preemptions?: number;
  readonly exchanges: boolean;
  readonly runs: number;
  readonly probes: number;
  readonly seed: string;
  readonly randomScenarios?: number;
  readonly checkpoint?: string;
  readonly workers?: number;
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
    .option("--protocol-file <file>", PROTOCOL_FILE_HELP)
    .option("--bug <id>", "plant this bug of the bank; see latchwork bugs")
    .option("--preemptions <c>", "only what takes at most c preemptions", wholeNumber(0, 99))
    .option("--no-exchanges", "count exchanges of tasks that do the same, too")
    .option("--runs <n>", "most runs", wholeNumber(1, COUNT_MAX), RUNS_DEFAULT)
    .option("--probes <n>", "random runs for the estimate", wholeNumber(0, COUNT_MAX), 200)
    .option("--seed <text>", "what probes and random scenarios are drawn from", "1")
    .option(
      "--random-scenarios <n>",
      `draw so many small scenarios, at most ${SCENARIOS_MAX}`,
      wholeNumber(1, SCENARIOS_MAX),
    )
    .option("--checkpoint <file>", "resume from it, and keep it", fileName);
  addDiskFlags(command)
    .option("--workers <n>", WORKERS_HELP, workersNumber)
    .option("--no-shrink", "show the failure as it was found")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + PROVE_EXIT_CODES_HELP)
    .action(prove);
}

async function prove(paths: readonly string[], flags: ProveFlags): Promise<void> {
  standAtStart();
  if (flags.checkpoint !== undefined) refuseNoFile("--checkpoint", flags.checkpoint);
  const own = await loadProtocols(flags.protocolFile);
  const subjects = allSubjects(paths, flags, own.protocols);
  const file = checkpointOf(paths, subjects, flags, own);
  const resumed = file?.read() ?? [];
  const interrupt = new Interrupt();
  outliveOutput();
  const { workers = 1 } = flags;
  noteIdle(workers, subjects.length, "the proof of one scenario under one protocol");
  const json = flags.json === true ? new JsonStream("results") : null;
  const all: Proved[] = [];
  const take = (proved: Proved): void => {
    all.push(proved);
    const isInterrupted = interrupt.isRequested;
    standAt({ isDone: all.length === subjects.length, isFound: isAnyFound(all), isInterrupted });
    if (json === null) printProved(proved, own);
    else json.item(provedJson(proved));
  };
  const setting = settingOf(flags);
  const isSilent = json !== null;
  const wish = { subjects, setting, own, workers, file, resumed, isSilent };
  const faults = await proveAll(wish, interrupt, take);
  json?.end({ found: isAnyFound(all) });
  await finish(interrupt.isRequested ? EXIT_INTERRUPTED : exitOf(all), faults);
}

function exitOf(all: readonly Proved[]): number {
  if (isAnyFound(all)) return EXIT_FOUND;
  return all.every(({ proof }) => proof.state === "proved") ? EXIT_CLEAN : EXIT_UNKNOWN;
}

function isAnyFound(all: readonly Proved[]): boolean {
  return all.some(({ proof }) => proof.state === "failed");
}

function settingOf({
  runs,
  seed,
  probes,
  preemptions,
  exchanges,
  shrink,
}: ProveFlags): ProofSetting {
  return {
    runsMax: runs,
    seed,
    probes,
    preemptionsMax: preemptions ?? null,
    exchanges,
    shrink: shrink ? SHRINK_BUDGET : null,
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

function checkpointOf(
  paths: readonly string[],
  subjects: readonly Subject[],
  { checkpoint, preemptions, exchanges }: ProveFlags,
  own: OwnProtocols,
): ProofFile | null {
  if (checkpoint === undefined) return null;
  if (preemptions !== undefined) {
    throw new BadInput("--checkpoint keeps searches without --preemptions; give one of them");
  }
  const places = [checkpoint, draftOf(checkpoint)].map((path) => ["--checkpoint", path] as const);
  checkPlaces(paths, places, 1);
  const scenarios = subjects.map(({ scenario }) => scenario);
  return new ProofFile(checkpoint, scenarios, own, exchanges);
}
