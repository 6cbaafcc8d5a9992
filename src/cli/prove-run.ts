import {
  type HuntHelp,
  type Proof,
  type ProofPace,
  type ProofPlan,
  type ProofSetting,
  provingPlan,
  type SavedProof,
  tellStory,
} from "../hunt/index.ts";
import type { ProofNews } from "../hunt/threads/index.ts";
import type { Estimate } from "../sim/index.ts";
import { realNowMs } from "../task/driver-real-time.ts";
import { assert } from "../task/index.ts";
import { drive, type Interrupt } from "./drive.ts";
import { NotWritten } from "./exit.ts";
import { labelOf, type Subject } from "./hunt-jobs.ts";
import type { Pace } from "./progress.ts";
import type { ProofFile } from "./proof-file.ts";
import { estimateText, nounOf, type Proved } from "./proof-text.ts";
import type { OwnProtocols } from "./protocol-file.ts";
import { type CrewWork, withCrew } from "./workers.ts";

/** Proofs that workers may have begun or done before the next one to be shown. */
const AHEAD_MAX = 1000;

/** What is to be proved, and how. */
export interface ProofsWish {
  readonly subjects: readonly Subject[];
  readonly setting: ProofSetting;
  readonly own: OwnProtocols;
  readonly workers: number;
  readonly file: ProofFile | null;
  /** What resumes each, or null. */
  readonly resumed: readonly (SavedProof | null)[];
  /** Whether nothing is printed but what each proof comes to. */
  readonly isSilent: boolean;
}

/** Is given each proof once it is over, in the order of the subjects. */
export type TakeProof = (proved: Proved) => void;

/**
 * Proves all subjects, up to one that is interrupted.
 *
 * @returns nothing; a fault if the checkpoint could not be written, or a worker died: then not all
 *   was looked at.
 */
export async function proveAll(
  wish: ProofsWish,
  interrupt: Interrupt,
  take: TakeProof,
): Promise<NotWritten[]> {
  const { own, workers } = wish;
  const byCrew = (crew: CrewWork): Promise<void> => proveByCrew(crew, wish, take);
  try {
    const lost = workers > 1 ? await withCrew(workers, own, interrupt, byCrew) : [];
    if (workers === 1) await proveOneByOne(wish, interrupt, take);
    wish.file?.write();
    return lost;
  } catch (error) {
    if (error instanceof NotWritten) return [error];
    throw error;
  }
}

async function proveOneByOne(
  wish: ProofsWish,
  interrupt: Interrupt,
  take: TakeProof,
): Promise<void> {
  const { subjects, file, own } = wish;
  const help: HuntHelp = { protocols: own.protocols, shouldStop: interrupt.shouldStop };
  for (const index of subjects.keys()) {
    const keep = file === null ? null : file.note.bind(file, index);
    const telling = new Telling(wish, index);
    const startedAt = realNowMs();
    const proving = provingPlan(planOf(wish, index), help, keep);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const proof = await drive(proving, (pace) => telling.hear(pace));
    take(provedOf(wish, index, proof, telling.times(startedAt, realNowMs())));
    if (interrupt.isRequested) return;
  }
}

/** A proof that a crew has been asked for. */
interface Asked {
  readonly telling: Telling;
  /** When a worker began it; null before. */
  startedAt: number | null;
  /** When it was over; null before. */
  endedAt: number | null;
  readonly proof: Promise<Proof>;
}

/** Has proofs made at once; they are taken in their order. */
async function proveByCrew(crew: CrewWork, wish: ProofsWish, take: TakeProof): Promise<void> {
  const { subjects, file } = wish;
  const asked: Asked[] = [];
  let shown = 0;
  const faults: Error[] = [];
  const keep = (index: number, saved: SavedProof, isLast: boolean): void => {
    try {
      file?.note(index, saved, isLast);
    } catch (error) {
      faults.push(error instanceof Error ? error : new Error(String(error)));
      crew.stop();
    }
  };
  const show = (reported: Pace | string | null): void => {
    if (typeof reported === "string") crew.print(reported);
    else if (reported !== null) crew.show(reported);
  };
  const ask = (index: number): Asked => {
    const telling = new Telling(wish, index);
    const tell = (news: ProofNews): void => {
      if (news.kind === "begun") one.startedAt = realNowMs();
      else if (news.kind === "saved") keep(index, news.saved, news.isLast);
      else if (index === shown) show(telling.hear(news.pace));
      else telling.note(news.pace);
    };
    const proof = crew.prove({ plan: planOf(wish, index), isKept: file !== null, tell }, index);
    const over = (): void => {
      one.endedAt = realNowMs();
    };
    // What fails behind the first that fails is not looked at.
    proof.then(over, over);
    const one: Asked = { telling, startedAt: null, endedAt: null, proof };
    return one;
  };
  for (; shown < subjects.length; shown++) {
    while (asked.length < Math.min(subjects.length, shown + AHEAD_MAX)) {
      asked.push(ask(asked.length));
    }
    const next = asked[shown];
    if (next === undefined) return;
    show(next.telling.late());
    // oxlint-disable-next-line no-await-in-loop -- in the order of the subjects
    const proof = await next.proof;
    const [fault] = faults;
    if (fault !== undefined) throw fault;
    const end = next.endedAt ?? realNowMs();
    take(provedOf(wish, shown, proof, next.telling.times(next.startedAt ?? end, end)));
    if (!proof.result.verdict.interrupted) continue;
    // Each tells at its end what resumes it.
    const begun = asked.filter(({ startedAt }) => startedAt !== null);
    // oxlint-disable-next-line no-await-in-loop -- the end of it
    await Promise.allSettled(begun.map((one) => one.proof));
    return;
  }
}

/** What is told of one proof: its estimate once there is one, and then how far the search is. */
class Telling {
  readonly #label: string;
  readonly #progressLabel: string;
  readonly #noun: string;
  #isTold: boolean;
  #estimate: Estimate | null = null;
  /** When all probes had been made; null before. */
  #searchedFrom: number | null = null;

  constructor({ subjects, setting, isSilent }: ProofsWish, index: number) {
    this.#noun = nounOf(setting.preemptionsMax);
    this.#label = labelOf(subjectAt(subjects, index));
    const place = subjects.length > 1 ? `${index + 1} of ${subjects.length}: ` : "";
    this.#progressLabel = place + this.#label;
    this.#isTold = isSilent;
  }

  /** Gives the estimate in words, the first time there is one, or how far the search is. */
  hear(pace: ProofPace): Pace | string {
    this.note(pace);
    const { runs, estimate } = pace;
    const left = estimate === null ? null : Math.max(Math.round(estimate.orders), runs);
    const label = this.#progressLabel;
    return this.late() ?? { label, noun: `${this.#noun}s`, runs, runsMax: left };
  }

  /** Takes note of the estimate, to be told later. */
  note({ estimate, isEstimating }: ProofPace): void {
    if (isEstimating) return;
    this.#searchedFrom ??= realNowMs();
    this.#estimate = estimate;
  }

  /** How long a proof took that began and ended then, in milliseconds of the real clock. */
  times(startedAt: number, endedAt: number): Pick<Proved, "seconds" | "searchSeconds"> {
    const searchedFrom = this.#searchedFrom ?? endedAt;
    return {
      seconds: (endedAt - startedAt) / 1000,
      searchSeconds: (endedAt - searchedFrom) / 1000,
    };
  }

  /** What has been noted and not been told; null if there is nothing. */
  late(): string | null {
    if (this.#isTold || this.#estimate === null) return null;
    this.#isTold = true;
    return estimateText(this.#label, this.#estimate);
  }
}

function planOf({ subjects, setting, resumed }: ProofsWish, index: number): ProofPlan {
  const { scenario } = subjectAt(subjects, index);
  return { scenario, setting, resumed: resumed[index] ?? null };
}

function provedOf(
  wish: ProofsWish,
  index: number,
  proof: Proof,
  times: Pick<Proved, "seconds" | "searchSeconds">,
): Proved {
  const subject = subjectAt(wish.subjects, index);
  const { source, scenario } = subject;
  const { protocol, bug } = scenario;
  const { preemptionsMax: preemptions } = wish.setting;
  const ranNow = proof.interleavings - (wish.resumed[index]?.search.counts.runs ?? 0);
  const { run } = proof.result;
  const story = run === null ? null : tellStory(run.scenario, run.schedule, wish.own.protocols);
  const label = labelOf(subject);
  return { label, source, protocol, bug, preemptions, proof, ...times, ranNow, story };
}

function subjectAt(subjects: readonly Subject[], index: number): Subject {
  const subject = subjects[index];
  assert(subject !== undefined, "a proof is of one of the subjects");
  return subject;
}
