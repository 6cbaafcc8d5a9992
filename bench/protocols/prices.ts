import { OptimisticPage } from "../../src/btree/index.ts";
import { LatchGuard } from "../../src/latch/index.ts";
import type { Step } from "../../src/task/index.ts";
import type { Client } from "./client.ts";
import type { CoreCounts } from "./core-counts.ts";
import type { CostModel } from "./cost-model.ts";
import { contentOf, latchOf, LOG_LINE } from "./line-names.ts";
import { pageOf } from "./step-pages.ts";

const META = 0;

/** Puts on the bills of clients what they do. */
export class Prices {
  /** Pages that the client whose code runs has pinned and not been charged for yet. */
  readonly pinned: number[] = [];
  readonly #costs: CostModel;
  readonly #counts: CoreCounts;

  constructor(costs: CostModel, counts: CoreCounts) {
    this.#costs = costs;
    this.#counts = counts;
  }

  /** The way to a step, whatever comes of it: the line of a latch, or what is read without one. */
  wayTo(client: Client, step: Step): void {
    const { bill } = client;
    if (step instanceof LatchGuard) {
      if (step.state === "fetching") return;
      bill.write(latchOf(step.latch.id));
      bill.work(this.#costs.takeNs);
      return;
    }
    if (!(step instanceof OptimisticPage)) return;
    const fact = step.fact();
    if (fact.kind !== "page-read-optimistic") return;
    switch (fact.phase) {
      case "version":
      case "validate":
        bill.read(latchOf(step.pageId));
        return;
      case "header":
        bill.read(contentOf(step.pageId));
        return;
      case "slots":
        return;
      case "cells":
        bill.work(this.#searchNs(client));
    }
  }

  /** What was done up to the release of a latch, and the release. */
  release(client: Client, guard: LatchGuard): void {
    const { bill } = client;
    if (client.unsearched === guard) this.#search(client);
    this.#visitPinned(client, null);
    bill.write(latchOf(guard.latch.id));
    bill.work(this.#costs.giveNs);
    bill.release(guard);
  }

  /** Changes of pages, and the group of them that was appended to the log. */
  append({ bill }: Client, pages: readonly number[]): void {
    for (const page of pages) {
      bill.write(contentOf(page));
      bill.work(this.#costs.changeNs);
    }
    bill.write(LOG_LINE);
    bill.work(this.#costs.appendNs);
  }

  /** The client's code has come to its next step, or to its end. */
  afterCode(client: Client): void {
    this.#search(client);
    this.#visitPinned(client, client.step);
  }

  /** A client has come to a page: where that is the meta page, it sets out from the root. */
  descended(client: Client, page: number): void {
    if (page !== META || !client.work.isCounted) return;
    if (client.descents++ > 0) this.#counts.restarts++;
  }

  /** The search of the page that was latched last, if that is still due. */
  #search(client: Client): void {
    const guard = client.unsearched;
    if (guard === null) return;
    client.unsearched = null;
    this.#visit(client, guard.latch.id);
  }

  /** Pages without a latch of their own; not the one that the next step is about. */
  #visitPinned(client: Client, next: Step | null): void {
    if (this.pinned.length === 0) return;
    const own = pageOf(next);
    for (const page of this.pinned) {
      if (page === own) continue;
      this.#visit(client, page);
      this.descended(client, page);
    }
    this.pinned.length = 0;
  }

  #visit(client: Client, page: number): void {
    client.bill.read(contentOf(page));
    client.bill.work(this.#searchNs(client));
  }

  /** Searches take differently long, or else clients would march in step for ever. */
  #searchNs({ prng }: Client): number {
    const { visitNs } = this.#costs;
    return (visitNs >> 1) + prng.below(visitNs + 1);
  }
}
