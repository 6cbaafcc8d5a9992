import type {
  Chain,
  Exclusion,
  ExplanationFact,
  Finding,
  Supposition,
  TimeFact,
  Writer,
} from "./facts.ts";
import { valueText } from "./value-text.ts";

/** A sentence of an explanation. */
export interface Sentence {
  /** How many cases it stands in. */
  readonly depth: number;
  readonly text: string;
}

/** An operation's short name, by its id. */
export type NameOf = (operation: number) => string;

/** Puts facts into words, a sentence each; cases take one for each supposition, and one to end. */
export function sentencesOf(facts: readonly ExplanationFact[], nameOf: NameOf): Sentence[] {
  return new Wording(nameOf).sentences(facts, 0);
}

/** The operations that facts speak of. */
export function operationsIn(facts: readonly ExplanationFact[]): ReadonlySet<number> {
  const operations = new Set<number>();
  sentencesOf(facts, (operation) => {
    operations.add(operation);
    return "";
  });
  return operations;
}

class Wording {
  readonly #nameOf: NameOf;

  constructor(nameOf: NameOf) {
    this.#nameOf = nameOf;
  }

  sentences(facts: readonly ExplanationFact[], depth: number): Sentence[] {
    return facts.flatMap((fact): Sentence[] => {
      if (fact.kind !== "cases") return [{ depth, text: this.#sentence(fact) }];
      const cases = fact.cases.flatMap(({ supposed, facts: inside }) => [
        { depth, text: this.#supposition(supposed) },
        ...this.sentences(inside, depth + 1),
      ]);
      return [...cases, { depth, text: "There are no other cases." }];
    });
  }

  #sentence(fact: Exclude<ExplanationFact, { kind: "cases" }>): string {
    const name = this.#nameOf;
    switch (fact.kind) {
      case "source":
        return this.#source(fact);
      case "not-yet-overwritten": {
        const [a, b] = [name(fact.found.operation), name(fact.overwriter)];
        const found = this.#found(fact.found);
        const { writer } = fact;
        if (writer === null)
          return `${a} comes before ${b}: ${found}, as at first, and ${b} changes it.`;
        const but = `${b}, which changes it, comes after ${name(writer)}${this.#why(fact.because)}`;
        return `${a} comes before ${b}: ${found}, as ${name(writer)} left it, and ${but}.`;
      }
      case "overwritten-before": {
        const [a, b] = [name(fact.overwriter), name(fact.writer)];
        const found = this.#found(fact.found);
        const finder = name(fact.found.operation);
        const but = `${a}, which changes it, comes before ${finder}${this.#why(fact.because)}`;
        return `${a} comes before ${b}: ${found}, as ${b} left it, and ${but}.`;
      }
      case "no-writer": {
        const failed = fact.isOfFailed
          ? ", except an operation that is marked as failed and so did not happen"
          : "";
        return `${this.#found(fact.found)}, but nobody leaves ${leftText(fact.found)}${failed}.`;
      }
      case "all-excluded":
        return this.#allExcluded(fact);
      case "supposed-excluded":
        return `${this.#found(fact.found)}. But ${this.#reasons(fact.excluded)}.`;
      case "impossible-answer": {
        const what = fact.key ?? "it";
        const wrong = `names ${what} twice, out of order, or out of its range`;
        return `${name(fact.operation)} ${wrong}: no answer may.`;
      }
      case "cycle": {
        const [a, b] = [name(fact.first), name(fact.second)];
        const there = `${a} comes before ${b}${this.#why(fact.firstBeforeSecond)}`;
        const back = `${b} before ${a}${this.#why(fact.secondBeforeFirst)}`;
        return `But ${there}, and ${back}: that cannot be.`;
      }
      case "time":
        return `${this.#time(fact)}.`;
      case "only-order":
        return `So ${this.#list(fact.operations)} came in this order.`;
      case "leads-to": {
        const self = fact.operations.length === 1 ? "itself" : "themselves";
        const states = fact.states.map(valueText).join(" or ");
        const others = fact.count > fact.states.length ? " or others" : "";
        return `By ${self} ${this.#list(fact.operations)} would leave ${states}${others}.`;
      }
      case "wrong-answer": {
        const there = fact.isInOrder ? " there" : "";
        return `${name(fact.operation)} cannot give its answer${there}, ${OTHERS}.`;
      }
      case "no-order":
        return `No order of ${this.#list(fact.operations)} gives all their answers, ${OTHERS}.`;
      case "core-too-large":
        return "These are too many for an explanation; fewer were not found in time.";
    }
  }

  #source(fact: ExplanationFact & { kind: "source" }): string {
    const { writer, excluded } = fact;
    const found = this.#found(fact.found);
    const left = leftText(fact.found);
    const all = allText(fact.writers, left);
    if (writer === null) {
      if (excluded.length === 0) {
        return `${found}: so it was at first, and nobody leaves ${left} again.`;
      }
      return `${found}. So it was at first, before ${all}: ${this.#reasons(excluded)}.`;
    }
    const who = this.#nameOf(writer);
    if (excluded.length > 0) {
      return `${found}. Of ${all} it can only be ${who}: ${this.#reasons(excluded)}.`;
    }
    const finder = this.#nameOf(fact.found.operation);
    return `${found}. Only ${who} leaves ${left}, so ${who} comes before ${finder}.`;
  }

  #allExcluded(fact: ExplanationFact & { kind: "all-excluded" }): string {
    const { excluded, isInitial, writers } = fact;
    const found = this.#found(fact.found);
    const left = leftText(fact.found);
    const reasons = this.#reasons(excluded);
    const [only] = excluded;
    if (excluded.length !== 1 || only === undefined || !("writer" in only)) {
      const work = `the work of ${allText(writers, left)}`;
      const what = isInitial ? `can be neither the initial value nor ${work}` : `cannot be ${work}`;
      return `${found}, but that ${what}: ${reasons}.`;
    }
    if (only.writer === null) return `${found}. So it was only at first, and ${reasons}.`;
    return `${found}. But only ${this.#nameOf(only.writer)} leaves ${left}, and ${reasons}.`;
  }

  #supposition(supposed: Supposition): string {
    const name = this.#nameOf;
    if (supposed.kind === "order") {
      return `Suppose that ${name(supposed.before)} comes before ${name(supposed.after)}.`;
    }
    return `Suppose that ${name(supposed.finder)} found ${this.#whatWasLeft(supposed.writer)}.`;
  }

  #reasons(excluded: readonly Exclusion[]): string {
    return excluded.map((each) => this.#reason(each)).join("; ");
  }

  #reason(excluded: Exclusion): string {
    const name = this.#nameOf;
    switch (excluded.kind) {
      case "comes-after": {
        const { writer, finder, because } = excluded;
        return `${name(writer)} comes after ${name(finder)}${this.#why(because)}`;
      }
      case "replaced": {
        const { writer, by, because } = excluded;
        return `${this.#whatWasLeft(writer)} was replaced by ${name(by)}${this.#why(because)}`;
      }
      case "gone": {
        const { writer, found, because } = excluded;
        const when = `${name(found.operation)} ${findingText(found)}`;
        return `${this.#whatWasLeft(writer)} was gone when ${when}${this.#why(because)}`;
      }
      case "did-nothing":
        return `${name(excluded.writer)} answered that it did nothing`;
      case "all-replaced": {
        const { count, by, finder } = excluded;
        const they = count === 1 ? "it" : "they";
        return this.#allOver(count, by, `replaced what ${they} left`, finder);
      }
      case "all-gone": {
        const { count, found, finder } = excluded;
        return this.#allOver(count, found.operation, findingText(found), finder);
      }
      case "too-late": {
        const { count, finder } = excluded;
        const when =
          finder === null
            ? "began too late to matter"
            : `began only after ${name(finder)} was over`;
        return `${count === 1 ? "one" : count} ${when}`;
      }
    }
  }

  #allOver(count: number, between: number, did: string, finder: number): string {
    const name = this.#nameOf;
    const were = count === 1 ? "one was" : `${count} were`;
    const x = name(between);
    return `${were} over before ${x} began, and ${x} ${did} before ${name(finder)} began`;
  }

  #whatWasLeft(writer: Writer): string {
    return writer === null ? "what it was at first" : `what ${this.#nameOf(writer)} left`;
  }

  /** `C found that k was 1`, or of a scan `C saw k as 1`, `C saw no k`. */
  #found({ kind, operation, key, value }: Finding): string {
    const name = this.#nameOf(operation);
    const what = key ?? "the value";
    switch (kind) {
      case "value":
        return `${name} found that ${what} was ${valueText(value)}`;
      case "other-value":
        return `${name} found that ${what} was not ${valueText(value)}`;
      case "scanned-value":
        return `${name} saw ${what} as ${valueText(value)}`;
      case "scanned-absent":
        return `${name} saw no ${what}`;
    }
  }

  /** In brackets, why one comes before another. */
  #why(because: Chain): string {
    const name = this.#nameOf;
    const links = because.map((link) =>
      link.kind === "time"
        ? this.#time(link)
        : `${name(link.before)} comes before ${name(link.after)}`,
    );
    return links.length === 0 ? "" : ` (${links.join(", ")})`;
  }

  #time({ before, after, isCut, isAcrossCrash }: TimeFact): string {
    const later = this.#nameOf(after);
    const end = `${this.#nameOf(before)} was ${isCut ? "cut off" : "over"}`;
    if (!isAcrossCrash) return `${end} before ${later} began`;
    return isCut
      ? `${end} by the crash before ${later} began`
      : `${end} before the crash, after which ${later} began`;
  }

  #list(operations: readonly number[]): string {
    const names = operations.map(this.#nameOf);
    if (names.length < 2) return names.join("");
    return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
  }
}

const OTHERS = "whatever the other operations did";

/** The value that was found, as a writer left it. */
function leftText({ kind, value }: Finding): string {
  return kind === "other-value" ? "anything else" : valueText(value);
}

function findingText({ kind, value }: Finding): string {
  return kind === "other-value"
    ? `found something other than ${valueText(value)}`
    : `found ${valueText(value)}`;
}

/** All operations that leave a value, by their number. */
function allText(writers: number, left: string): string {
  return writers === 1
    ? `the one operation that leaves ${left}`
    : `the ${writers} that leave ${left}`;
}
