import { Explorer, Scheduler } from "../../sim/index.ts";
import { DrawnScenarios, exploreDrawn, resultOf, type HuntResult } from "../hunt.ts";
import { type HuntHelp, huntingPlan, optionsOf } from "../plan.ts";
import type { Scenario } from "../scenario/index.ts";
import type { DrawnOrder, DrawnPart, HuntOrder, Order, Orders } from "./messages.ts";

/** The scenarios of the random hunt that was worked on last, and how many have been drawn. */
interface Drawing {
  readonly key: string;
  readonly scenarios: DrawnScenarios;
  drawn: number;
}

/** Carries out orders in this thread. */
export class Carrying {
  readonly #help: HuntHelp;
  readonly #tell: (runs: number) => void;
  readonly #scheduler = new Scheduler();
  #drawing: Drawing | null = null;

  /** @param tell Is told how many schedules of the order under way have been run. */
  constructor(help: HuntHelp, tell: (runs: number) => void) {
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
