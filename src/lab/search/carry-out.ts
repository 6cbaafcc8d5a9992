import type { Protocol } from "../../btree/index.ts";
import {
  formatReplay,
  formatStory,
  huntingPlan,
  type ProofPace,
  provingPlan,
  SHRINK_BUDGET,
  tellStory,
  traceText,
} from "../../hunt/index.ts";
import { formatSchedule } from "../../sim/index.ts";
import { film } from "../film/index.ts";
import { hinting } from "./hint.ts";
import type { Answer, HuntOrder, Order, Pace, ProveOrder, RunTexts, TextsOrder } from "./orders.ts";
import { resultOfHunt, resultOfProof, type SearchResult } from "./search-result.ts";

/** What an order needs beside what it says, and cannot be sent. */
export interface OrderHelp {
  /** Protocols of one's own that scenarios may name. */
  readonly protocols: readonly Protocol[];
  /** Asked between runs; true ends the order with what it has. */
  readonly shouldStop?: () => boolean;
}

/** Probes by which the size of a proof is estimated. */
const PROBES = 200;
/** Columns of a story, as wide as a page shows them. */
const STORY_WIDTH = 100;

/**
 * Carries out an order, in slices.
 *
 * @throws LatchworkError for a scenario that cannot be run, or a name that there is not; HuntBroken
 *   for a bug of the hunt.
 */
export function* carryingOut(order: Order, help: OrderHelp): Generator<Pace, Answer, void> {
  switch (order.kind) {
    case "film":
      return film(order.scenario, order.script, help.protocols);
    case "hunt":
      return yield* hunting(order, help);
    case "prove":
      return yield* proving(order, help);
    case "texts":
      return textsOf(order, help.protocols);
    case "hint":
      return yield* paced(hinting(order, help.protocols));
  }
}

function* hunting(order: HuntOrder, help: OrderHelp): Generator<Pace, SearchResult, void> {
  const { scenario, seed, runsMax, strategies, shrinks } = order;
  const shrink = shrinks ? SHRINK_BUDGET : null;
  const setting = { seed, runsMax, strategies, shrink, checkDeterminism: false };
  const result = yield* paced(huntingPlan({ kind: "scenario", scenario, setting }, help));
  return resultOfHunt(result);
}

function* proving(order: ProveOrder, help: OrderHelp): Generator<Pace, SearchResult, void> {
  const { scenario, seed, runsMax, preemptionsMax } = order;
  const shrink = SHRINK_BUDGET;
  const setting = { seed, runsMax, preemptionsMax, shrink, probes: PROBES, exchanges: true };
  const work = provingPlan({ scenario, setting, resumed: null }, help, null);
  for (;;) {
    const next = work.next();
    if (next.done === true) return resultOfProof(next.value, preemptionsMax);
    yield paceOfProof(next.value);
  }
}

function paceOfProof({ runs, estimate, isEstimating }: ProofPace): Pace {
  return { runs, isEstimating, estimate: estimate?.orders ?? null };
}

/** Work that yields its runs, with them as a pace. */
function* paced<T>(work: Generator<number, T, void>): Generator<Pace, T, void> {
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
    yield { runs: next.value, isEstimating: false, estimate: null };
  }
}

/** One run as story, schedule, replay line and trace; to its end, whoever runs going on. */
function textsOf(order: TextsOrder, own: readonly Protocol[]): RunTexts {
  const { scenario } = order;
  const goOn = { strategy: "on", seed: "" } as const;
  const { schedule } = film(scenario, { schedule: order.schedule, rule: "exact", goOn }, own);
  const story = tellStory(scenario, schedule, own);
  const text = formatSchedule(schedule);
  const isOwn = own.some(({ name }) => name === scenario.protocol);
  const replayOptions = isOwn ? " --protocol-file your-protocol.js" : "";
  return {
    story: formatStory(story, { widthMax: STORY_WIDTH, replayOptions }),
    told: story,
    replayOptions,
    schedule: text,
    replay: formatReplay(scenario, text),
    trace: traceText(scenario, schedule, own),
  };
}
