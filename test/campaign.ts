/**
 * Two budgets for the same tests. `npm test` is run after every change, so each test has to be
 * worth its seconds there; `npm run test:campaigns` runs the same files for as long as they take.
 * docs/testing.md says what is left to the campaign. A test that only the campaign has is
 * `it.runIf(IS_CAMPAIGN)`, and `npm test` counts it as skipped.
 */
export const IS_CAMPAIGN: boolean = process.env["LATCHWORK_CAMPAIGN"] === "1";

/** What a test does in `npm test`, and what in the campaign; usually how often it does it. */
export interface Budgets<T> {
  readonly short: T;
  readonly campaign: T;
}

/** The budget of the run that is under way. */
export function budget<T>({ short, campaign }: Budgets<T>): T {
  return IS_CAMPAIGN ? campaign : short;
}
