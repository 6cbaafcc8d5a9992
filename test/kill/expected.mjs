/** An operation is on its way, or was when the process died, until somebody says otherwise. */
const NEVER = Number.POSITIVE_INFINITY;

/**
 * What the writers have said, and what a database may hold after that.
 *
 * Each writer has keys of its own and one operation at a time, so the values of its keys tell how
 * many of its operations are there. An operation is a list of pairs: a key, and a value or null.
 */
export class Expected {
  acknowledged = 0;
  /** What readers have found wrong themselves. */
  wrong = [];
  /** By writer, its operations in order: `{ pairs, begun, ended }`, both moments by our count. */
  #operations = new Map();
  #moment = 0;

  /** Takes a line of the writer process. */
  take(line) {
    const [word, writer, , text] = line.split(" ");
    if (word === "begin") this.#of(writer).push(this.#begin(text));
    else if (word === "ack") {
      this.#of(writer).at(-1).ended = this.#moment++;
      this.acknowledged++;
    } else if (word === "wrong") this.wrong.push(line);
  }

  get keyCount() {
    let keys = 0;
    for (const operations of this.#operations.values()) keys += lastValues(operations).size;
    return keys;
  }

  /**
   * Compares with a database that lost nothing: of each writer all is there that was acknowledged,
   * and of what it was at, all or nothing.
   */
  exactProblems(found) {
    const problems = [...this.wrong, ...this.#strangers(found)];
    for (const [writer, operations] of this.#operations) {
      if (settledLength(operations, found) !== undefined) continue;
      problems.push(differences(writer, operations, doneLength(operations), found));
    }
    return problems;
  }

  /** As {@link exactProblems}; what is there of that in flight is from now on acknowledged. */
  settle(found) {
    const problems = this.exactProblems(found);
    if (problems.length > 0) return problems;
    for (const [writer, operations] of this.#operations) {
      this.#keep(writer, settledLength(operations, found));
    }
    return [];
  }

  /**
   * Compares with a database that may have lost the end of its log: the state is that after some
   * of what was done, and whatever was acknowledged before any of it began.
   */
  prefixProblems(found) {
    const problems = [...this.wrong, ...this.#strangers(found)];
    const writers = [...this.#operations].map(([writer, operations]) => ({
      writer,
      operations,
      lengths: [...matchingLengths(operations, found)],
    }));
    for (const { writer, operations, lengths } of writers) {
      if (lengths.length > 0) continue;
      problems.push(differences(writer, operations, operations.length, found));
    }
    return problems.length > 0 ? problems : inconsistencies(writers);
  }

  /** Compares key by key: each has a value that it had at some time. */
  historyProblems(found) {
    const problems = this.#strangers(found);
    for (const operations of this.#operations.values()) {
      const ever = new Map();
      for (const [key, value] of operations.flatMap(({ pairs }) => pairs)) {
        if (!ever.has(key)) ever.set(key, new Set());
        ever.get(key).add(value);
      }
      for (const [key, values] of ever) {
        const value = found.get(key);
        if (value === undefined || values.has(value)) continue;
        problems.push(`key ${key}: ${brief(value)}, which it never was`);
      }
    }
    return problems;
  }

  /** Everything, for a file that a failure leaves behind. */
  toJSON() {
    return { acknowledged: this.acknowledged, operations: [...this.#operations] };
  }

  #begin(text) {
    const pairs = text.split(",").map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1) || null];
    });
    return { pairs, begun: this.#moment++, ended: NEVER };
  }

  #of(writer) {
    let operations = this.#operations.get(writer);
    if (operations === undefined) this.#operations.set(writer, (operations = []));
    return operations;
  }

  /** What is not there is forgotten, so that nobody takes it for there later. */
  #keep(writer, length) {
    const operations = this.#operations.get(writer);
    operations.length = length;
    const last = operations.at(-1);
    if (last?.ended === NEVER) last.ended = this.#moment++;
  }

  #strangers(found) {
    const known = new Set();
    for (const operations of this.#operations.values()) {
      for (const { pairs } of operations) for (const [key] of pairs) known.add(key);
    }
    return [...found.keys()]
      .filter((key) => !known.has(key))
      .map((key) => `key ${brief(key)} was never written`);
  }
}

/** How many operations were acknowledged. */
function doneLength(operations) {
  return operations.at(-1)?.ended === NEVER ? operations.length - 1 : operations.length;
}

/** How many operations are there, if nothing that was acknowledged is missing. */
function settledLength(operations, found) {
  const done = doneLength(operations);
  return [...matchingLengths(operations, found)].findLast((length) => length >= done);
}

/** After how many of the operations their keys have just the values found, ascending. */
function* matchingLengths(operations, found) {
  const state = new Map();
  const isOff = (key) => (state.get(key) ?? null) !== (found.get(key) ?? null);
  const keys = new Set(operations.flatMap(({ pairs }) => pairs.map(([key]) => key)));
  let off = [...keys].filter(isOff).length;
  if (off === 0) yield 0;
  for (const [index, { pairs }] of operations.entries()) {
    for (const [key, value] of pairs) {
      if (isOff(key)) off--;
      state.set(key, value);
      if (isOff(key)) off++;
    }
    if (off === 0) yield index + 1;
  }
}

/** Looks for one length a writer such that nothing is there without what came before it. */
function inconsistencies(writers) {
  const chosen = writers.map(({ lengths }) => lengths[0]);
  for (;;) {
    const begins = writers.map(({ operations }, i) => operations[chosen[i] - 1]?.begun ?? -1);
    const latest = Math.max(-1, ...begins);
    let hasChanged = false;
    for (const [i, { writer, operations, lengths }] of writers.entries()) {
      const needed = operations.findLastIndex(({ ended }) => ended < latest) + 1;
      if (chosen[i] >= needed) continue;
      const next = lengths.find((length) => length >= needed);
      if (next === undefined) {
        const what = `operation ${needed} of writer ${writer} is gone`;
        return [`${what}, and it was acknowledged before one began that is there`];
      }
      chosen[i] = next;
      hasChanged = true;
    }
    if (!hasChanged) return [];
  }
}

function lastValues(operations) {
  const values = new Map();
  for (const [key, value] of operations.flatMap(({ pairs }) => pairs)) {
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
  return values;
}

function differences(writer, operations, length, found) {
  const values = lastValues(operations.slice(0, length));
  const keys = new Set(operations.flatMap(({ pairs }) => pairs.map(([key]) => key)));
  const lines = [...keys]
    .filter((key) => (values.get(key) ?? null) !== (found.get(key) ?? null))
    .map((key) => `${key} is ${brief(found.get(key))}, acknowledged ${brief(values.get(key))}`);
  return `writer ${writer}: ${lines.slice(0, 5).join("; ")}`;
}

function brief(value) {
  return value === undefined || value === null ? "absent" : JSON.stringify(value.slice(0, 20));
}
