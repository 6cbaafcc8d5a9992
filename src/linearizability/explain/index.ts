/**
 * Explanations: why a history is not linearizable, by a few operations and what follows from them.
 *
 * The verdict names some keys. What the operations on them say is made into *claims*
 * (`claims.ts`). A *trial* (`trial.ts`) keeps some claims and forgets the others, and asks the
 * search whether an order is left. `core.ts` looks for a few claims for which there is none, and of
 * which none can be forgotten. `proof.ts` draws conclusions from a core of registers, in the manner
 * of "the read found what A left, and B, which follows A, replaced it, so the read comes before B",
 * until they contradict each other. `proof-facts.ts` makes a list of *facts* (`facts.ts`) of the
 * proof; for other objects `order-facts.ts` lists what their times allow. Text, JSON and pictures
 * all take the facts; only `sentences.ts` puts them into words.
 *
 * To forget an operation is not to leave it out. Without its write, a read of what it wrote would
 * be a core by itself, and a wrong one. A forgotten operation may have happened, at some moment
 * between its two events, or not; what it answered is not looked at. That only ever allows more.
 *
 * Invariants:
 * 1. A core is impossible: no order explains it, whatever the forgotten operations did. So what
 *    holds of it holds of the whole history.
 * 2. A core that calls itself minimal was tried with each one of its operations forgotten, and each
 *    time there was an order.
 * 3. Each fact holds in every order that explains the core, or in every one that agrees with what
 *    its case supposes. The last ones show that there is none.
 * 4. The same history gets the same explanation everywhere, unless a clock is handed in.
 *
 * Left out: the smallest core of all, which is hard to find (ours is one that cannot be made
 * smaller, the smallest of a few); proofs for queues, stacks and other objects.
 */
export { explain, type Explanation, type NamedOperation, sentencesUnder } from "./explain.ts";
export { explanationLines, explanationText } from "./explanation-text.ts";
export type {
  Case,
  Chain,
  Exclusion,
  ExplanationFact,
  Finding,
  ShownOrder,
  Supposition,
  TimeFact,
  Writer,
} from "./facts.ts";
export type { Sentence } from "./sentences.ts";
