/** One table that somebody has made, from its creation to its end. */
interface Life {
  /** 0 while the creation is not acknowledged. */
  id: number;
  drop: "none" | "asked" | "acknowledged";
  readonly acknowledged: Set<number>;
  readonly asked: Set<number>;
}

/**
 * What may be found after a crash: each table lives from its creation to its drop, and one of its
 * name may live after it.
 */
export class ExpectedTables {
  readonly #lives = new Map<string, Life[]>();

  reset(): void {
    this.#lives.clear();
  }

  /** A table that is there from the start. */
  found(name: string, id: number, keys: readonly number[]): void {
    const rows = { acknowledged: new Set(keys), asked: new Set(keys) };
    this.#lives.set(name, [{ id, drop: "none", ...rows }]);
  }

  creating(name: string): void {
    const lives = this.#lives.get(name) ?? [];
    lives.push({ id: 0, drop: "none", acknowledged: new Set(), asked: new Set() });
    this.#lives.set(name, lives);
  }

  created(name: string, id: number): void {
    const used = this.#ids();
    if (used.includes(id)) throw new Error(`number ${id} of table ${name} is used again`);
    this.#last(name).id = id;
  }

  dropping(name: string): void {
    this.#last(name).drop = "asked";
  }

  dropped(name: string): void {
    this.#last(name).drop = "acknowledged";
  }

  putting(name: string, key: number): void {
    this.#last(name).asked.add(key);
  }

  put(name: string, key: number): void {
    this.#last(name).acknowledged.add(key);
  }

  /** Throws unless a table with these keys may be there. */
  check(name: string, id: number, keys: readonly number[]): void {
    const life = this.#lives.get(name)?.findLast((one) => one.id === id || one.id === 0);
    if (life === undefined || life.drop === "acknowledged") {
      throw new Error(`table ${name} is back, with number ${id}`);
    }
    const lost = [...life.acknowledged].find((key) => !keys.includes(key));
    if (lost !== undefined) throw new Error(`table ${name} has lost key ${lost}`);
    const odd = keys.find((key) => !life.asked.has(key));
    if (odd !== undefined) throw new Error(`table ${name} has key ${odd}, which nobody has put`);
    // Whatever was not known of it is known now.
    life.id = id;
    life.drop = "none";
    for (const key of keys) life.acknowledged.add(key);
  }

  /** Throws if a table is not among those found that has to be. */
  checkAbsent(found: readonly string[]): void {
    for (const [name, lives] of this.#lives) {
      const last = lives.at(-1);
      if (found.includes(name) || last === undefined) continue;
      if (last.id > 0 && last.drop === "none") throw new Error(`table ${name} is gone`);
      // One whose creation or drop was cut off is known to be gone by now.
      if (last.id === 0) lives.pop();
      else last.drop = "acknowledged";
    }
  }

  #ids(): number[] {
    return [...this.#lives.values()].flat().map(({ id }) => id);
  }

  #last(name: string): Life {
    const life = this.#lives.get(name)?.at(-1);
    if (life === undefined) throw new Error(`nobody has made table ${name}`);
    return life;
  }
}
