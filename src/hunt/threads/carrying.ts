import { Explorer, Scheduler } from "../../sim/index.ts";
import { DrawnScenarios, exploreDrawn, resultOf, type HuntResult } from "../hunt.ts";
import { type HuntHelp, huntingPlan, optionsOf } from "../plan.ts";
import { provingPlan } from "../proof-plan.ts";
import type { Proof, SavedProof } from "../prove.ts";
import type { Scenario } from "../scenario/index.ts";
import { realNowMs } from "../../task/driver-real-time.ts";
import type {
  DrawnOrder,
  DrawnPart,
  HuntOrder,
  News,
  Order,
  Orders,
  ProofNews,
  ProveOrder,
} from "./messages.ts";

/** What resumes a proof is some ten kilobytes, which are not sent more often. */
const SAVED_EVERY_MS = 500;

/** The scenarios of the random hunt that was worked on last, and how many have been drawn. */
interface Drawing {
  readonly key: string;
  readonly scenarios: DrawnScenarios;
  drawn: number;
}

/** Carries out orders in this thread. */
export class Carrying {
  readonly #help: HuntHelp;
  readonly #tell: (news: News) => void;
  readonly #scheduler = new Scheduler();
  #drawing: Drawing | null = null;

  /** @param tell Is told how far the order under way is. */
  constructor(help: HuntHelp, tell: (news: News) => void) {
    this.#help = help;
    this.#tell = tell;
  }

  /** @throws whatever a hunt throws. */
  out(order: Order): Orders[keyof Orders]["answer"] {
    switch (order.kind) {
      case "drawn":
        return this.#explore(order);
      case "hunt":
        return this.#hunt(order);
      case "prove":
        return this.#prove(order);
      case "finish": {
        const { scenario, verdict, scenarios, setting } = order;
        return resultOf(scenario, verdict, scenarios, optionsOf(setting, this.#help));
      }
    }
  }

  #hunt({ plan }: HuntOrder): HuntResult {
    const hunting = huntingPlan(plan, this.#help);
    for (;;) {
      const next = hunting.next();
      if (next.done === true) return next.value;
      this.#tell(next.value);
    }
  }

  #prove({ plan, isKept }: ProveOrder): Proof {
    const tell = (news: ProofNews): void => this.#tell(news);
    tell({ kind: "begun" });
    const proving = provingPlan(plan, this.#help, isKept ? savesTo(tell) : null);
    for (;;) {
      const next = proving.next();
      if (next.done === true) return next.value;
      tell({ kind: "pace", pace: next.value });
    }
  }

  /** Up to the first that was stopped. */
  #explore(order: DrawnOrder): DrawnPart[] {
    const { setting, first, count, runsMax } = order;
    const options = optionsOf(setting, this.#help);
    const parts: DrawnPart[] = [];
    for (let number = first; number < first + count; number++) {
      const scenario = this.#scenario(order, number);
      // An explorer of its own, so that its counts are those of the scenario.
      const explorer = new Explorer(this.#scheduler);
      const drawn = { scenario, number, runsMax };
      const verdict = exploreDrawn(this.#scheduler, explorer, drawn, options);
      parts.push({ scenario, verdict });
      if (verdict.interrupted) break;
    }
    return parts;
  }

  /** Scenario `number`, counted from 1. Each is drawn from what the one before has left. */
  #scenario({ shape, setting }: DrawnOrder, number: number): Scenario {
    const key = JSON.stringify([shape, setting.seed]);
    let drawing = this.#drawing;
    if (drawing?.key !== key || drawing.drawn >= number) {
      drawing = { key, scenarios: new DrawnScenarios(shape, setting.seed), drawn: 0 };
      this.#drawing = drawing;
    }
    for (;;) {
      const scenario = drawing.scenarios.next();
      drawing.drawn++;
      if (drawing.drawn === number) return scenario;
    }
  }
}

/** Tells what resumes a proof, now and then and at its end. */
function savesTo(tell: (news: ProofNews) => void): (saved: SavedProof, isLast: boolean) => void {
  let toldAtMs = -Infinity;
  return (saved, isLast) => {
    const now = realNowMs();
    if (!isLast && now - toldAtMs < SAVED_EVERY_MS) return;
    toldAtMs = now;
    tell({ kind: "saved", saved, isLast });
  };
}
