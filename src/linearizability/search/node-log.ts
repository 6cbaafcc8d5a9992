import { type ConfigSet, widened } from "./config-set.ts";

const FIRST_CAPACITY = 64;

/**
 * How each configuration came about, for the witness: a tree of linearized operations, in which a
 * node knows the one before it. Node 0 is the empty order.
 */
export class NodeLog {
  #parents: Int32Array = new Int32Array(FIRST_CAPACITY);
  #operations: Int32Array = new Int32Array(FIRST_CAPACITY);
  #count = 1;
  readonly #enough: number;
  #collectAt: number;

  /** @param enough Nodes that are worth collecting. */
  constructor(enough: number) {
    this.#enough = enough;
    this.#collectAt = enough;
  }

  get bytes(): number {
    return this.#parents.byteLength * 2;
  }

  /** True if so much was added that it is time to collect. */
  get isDue(): boolean {
    return this.#count >= this.#collectAt;
  }

  clear(): void {
    this.#count = 1;
    this.#collectAt = this.#enough;
  }

  /** Notes that `operation` was linearized after `parent`; gives the new node. */
  add(parent: number, operation: number): number {
    if (this.#count === this.#parents.length) {
      this.#parents = widened(this.#parents, this.#count * 2);
      this.#operations = widened(this.#operations, this.#count * 2);
    }
    const node = this.#count++;
    this.#parents[node] = parent;
    this.#operations[node] = operation;
    return node;
  }

  /** The operations of the order that ends in `node`, first to last. */
  orderOf(node: number): number[] {
    const order: number[] = [];
    for (let at = node; at > 0; at = this.#parents[at] ?? 0) order.push(this.#operations[at] ?? 0);
    return order.toReversed();
  }

  /** Drops nodes that no configuration in `sets` came from. O(nodes), worth it once it is due. */
  collect(sets: readonly ConfigSet[]): void {
    const parents = this.#parents;
    const renamed = new Int32Array(this.#count);
    for (const { nodes, count } of sets) {
      for (let i = 0; i < count; i++) renamed[nodes[i] ?? 0] = 1;
    }
    for (let node = this.#count - 1; node > 0; node--) {
      if (renamed[node] === 1) renamed[parents[node] ?? 0] = 1;
    }
    let kept = 1;
    renamed[0] = 0;
    for (let node = 1; node < this.#count; node++) {
      if (renamed[node] === 0) continue;
      parents[kept] = renamed[parents[node] ?? 0] ?? 0;
      this.#operations[kept] = this.#operations[node] ?? 0;
      renamed[node] = kept++;
    }
    for (const { nodes, count } of sets) {
      for (let i = 0; i < count; i++) nodes[i] = renamed[nodes[i] ?? 0] ?? 0;
    }
    this.#count = kept;
    this.#collectAt = Math.max(this.#enough, kept * 2);
  }
}
