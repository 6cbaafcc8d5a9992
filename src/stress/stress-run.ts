import { realNowMs, realSleep } from "../task/driver-real-time.ts";
import { createPrng, LatchworkError, printable } from "../task/index.ts";
import { Gate } from "./gate.ts";
import { HistoryLines } from "./history-lines.ts";
import type { HttpReply } from "./http-connection.ts";
import { Pacer } from "./pacer.ts";
import type { Outcome, PlannedRequest } from "./planned-request.ts";
import { PossibleValues } from "./possible-values.ts";
import { Recorder } from "./recorder.ts";
import { keyName, RequestSource } from "./request-source.ts";
import { StressClient } from "./stress-client.ts";
import { type StressOptions, type StressSettings, stressSettings } from "./stress-options.ts";
import type { LostWrite, StressReport } from "./stress-report.ts";
import { getRequest, historyKey } from "./table-requests.ts";
import { Tally } from "./tally.ts";
import { runOf } from "./value-body.ts";

const MS_A_SECOND = 1000;
const QUIET_POLL_MS = 1;
const PROGRESS_EVERY_MS = 200;
/** How often a key is read, with a pause between, until an answer comes. */
const READS_MAX = 100;
const OK = 200;
/** How much of an answer is shown. */
const SAID_MAX = 200;

/**
 * One run against one server: reads what there is, asks for as long as was said, and reads again.
 *
 * A second hand may kill the server meanwhile: {@link beginCrash}, the kill, {@link endCrash} when
 * the process has ended, and {@link resume} when another one serves at the same address.
 */
export class StressRun {
  readonly #settings: StressSettings;
  readonly #history: HistoryLines | null;
  readonly #possible: PossibleValues;
  readonly #recorder: Recorder;
  readonly #tally = new Tally();
  readonly #gate = new Gate();
  readonly #pacer: Pacer;
  readonly #clients: readonly StressClient[];
  readonly #lost: LostWrite[] = [];
  readonly #unread: string[] = [];
  #verified = 0;
  #drawn = 0;
  /** The number of this run: one more than that of any value that was found. */
  #number = 1;
  /** Whether nobody is to go on; and whether that was asked for before all was done. */
  #isStopped = false;
  #isCutShort = false;
  /** Whether enough was drawn, as somebody said. */
  #isDrawn = false;

  /** @throws LatchworkError BAD_ARGUMENT for options that make no sense. */
  constructor(options: StressOptions) {
    const settings = stressSettings(options);
    this.#settings = settings;
    this.#history = settings.record === undefined ? null : new HistoryLines(settings.record);
    this.#possible = settings.possible ?? new PossibleValues();
    this.#recorder = new Recorder(this.#history, this.#possible);
    this.#pacer = new Pacer(settings.rate);
    this.#clients = Array.from({ length: settings.clients }, (_, i) => this.#client(i));
  }

  /**
   * Runs to the end, or until {@link stop}.
   *
   * @throws LatchworkError BAD_ARGUMENT if there is no server, it does not let us in, or it has no
   *   such table; and what `record` throws.
   */
  async run(): Promise<StressReport> {
    const ticker = this.#showProgress();
    try {
      await this.#lookAround();
      await this.#begin();
      this.#tally.start();
      await this.#forAll((client, i) => this.#drive(client, i));
      this.#tally.stop();
      if (this.#settings.verify) await this.#verify();
      this.#history?.flush();
    } finally {
      this.#isStopped = true;
      await Promise.all([ticker, ...this.#clients.map((client) => client.close())]);
    }
    return this.#reportNow();
  }

  /** Requests that did what was asked, so far. */
  get answered(): number {
    return this.#tally.answered;
  }

  /** Draws no more: what is under way ends, and every key is read back. */
  finish(): void {
    this.#isDrawn = true;
  }

  /** Lets what is under way end, draws no more, and reads no more back. */
  stop(): void {
    this.#isStopped = true;
    this.#isCutShort = true;
    this.#gate.open();
  }

  /** Keeps clients from beginning anything: the server is about to be killed. */
  beginCrash(): void {
    this.#recorder.isCrashing = true;
    this.#gate.shut();
  }

  /** The process that served has ended: waits until every client has noticed, and notes it. */
  async endCrash(): Promise<void> {
    while (this.#recorder.underWay > 0) await realSleep(QUIET_POLL_MS);
    this.#recorder.crash();
  }

  /** There is a server again, at the same address. */
  resume(): void {
    this.#gate.open();
  }

  #client(i: number): StressClient {
    return new StressClient(String(i), {
      url: this.#settings.url,
      token: this.#settings.token,
      recorder: this.#recorder,
      tally: this.#tally,
      pass: () => this.#gate.pass(),
      isStopped: () => this.#isStopped,
    });
  }

  async #lookAround(): Promise<void> {
    const [client] = this.#clients;
    for (const table of this.#settings.tables) {
      const path = `/tables/${encodeURIComponent(table)}/keys?limit=1`;
      const reply = await client?.ask({ method: "GET", path });
      const fault = reply === undefined ? null : faultOf(reply, this.#settings.url, table);
      if (fault !== null) throw new LatchworkError("BAD_ARGUMENT", printable(fault));
    }
  }

  async #drive(client: StressClient, i: number): Promise<void> {
    const { seed, seconds, requests } = this.#settings;
    const prng = createPrng(`stress ${seed} ${i}`);
    const source = new RequestSource(this.#settings, this.#number, i, prng);
    const endMs = realNowMs() + seconds * MS_A_SECOND;
    const hasTime = (): boolean => realNowMs() < endMs && !this.#isDrawn && !this.#isStopped;
    while (hasTime() && this.#drawn++ < requests) {
      await this.#pacer.turn();
      await client.perform(source.next());
    }
  }

  /** Reads what there is, before anything is drawn: a history has to begin with it. */
  #begin(): Promise<void> {
    const isKnown = this.#settings.possible !== undefined;
    return this.#readAll(
      (client, get) => client.peek(get),
      (key, found) => {
        if (isKnown) this.#compare(key, found);
        else this.#possible.begin(key, found);
        this.#recorder.found(key, found);
        this.#number = Math.max(this.#number, runOf(found ?? "") + 1);
      },
    );
  }

  /** Reads what there is, as a part of the history, and compares it with what there may be. */
  #verify(): Promise<void> {
    return this.#readAll(
      (client, get) => client.perform(get),
      (key, found) => {
        this.#compare(key, found);
        this.#verified++;
      },
    );
  }

  /** Reads every key of every table, by all clients at once. */
  async #readAll(
    read: (client: StressClient, get: PlannedRequest) => Promise<Outcome>,
    take: (key: string, found: string | null) => void,
  ): Promise<void> {
    const { tables, keys, clients } = this.#settings;
    await this.#forAll(async (client, i) => {
      for (let n = i; n < tables.length * keys && !this.#isStopped; n += clients) {
        const table = tables[n % tables.length] ?? "";
        const at = { table, key: keyName(Math.floor(n / tables.length)) };
        const found = await this.#patiently(() => read(client, getRequest(at)));
        if (found === undefined) this.#unread.push(historyKey(at));
        else take(historyKey(at), found);
      }
    });
  }

  /** What a read finds; undefined if no answer can be had. */
  async #patiently(read: () => Promise<Outcome>): Promise<string | null | undefined> {
    for (let tries = 0; tries < READS_MAX && !this.#isStopped; tries++) {
      const outcome = await read();
      if (outcome.kind === "done") return (outcome.answers[0] ?? null) as string | null;
    }
    return undefined;
  }

  #compare(key: string, found: string | null): void {
    if (this.#possible.allows(key, found)) return;
    this.#lost.push({ key, found, expected: this.#possible.expected(key) });
  }

  async #forAll(run: (client: StressClient, i: number) => Promise<void>): Promise<void> {
    await Promise.all(this.#clients.map(run));
  }

  async #showProgress(): Promise<void> {
    while (!this.#isStopped) {
      this.#settings.onProgress(this.#tally.answered);
      await realSleep(PROGRESS_EVERY_MS);
    }
  }

  #reportNow(): StressReport {
    const tally = this.#tally;
    return {
      seconds: tally.seconds,
      answered: tally.answered,
      rate: tally.answered / tally.seconds,
      byKind: tally.byKind(),
      all: tally.all(),
      statuses: tally.statuses(),
      busy: tally.busy,
      broken: tally.broken,
      unsent: tally.unsent,
      verified: this.#verified,
      lost: this.#lost,
      events: this.#history?.events ?? 0,
      problems: this.#problems(),
    };
  }

  #problems(): string[] {
    const problems = this.#tally.problems();
    for (const { key, found, expected } of this.#lost) {
      const right = expected.map(String).join(" or ");
      problems.push(`lost: ${key} is ${found ?? "absent"}, acknowledged was ${right}`);
    }
    const [unread] = this.#unread;
    if (unread !== undefined) {
      problems.push(`${this.#unread.length} keys cannot be read, the first is ${unread}`);
    }
    if (this.#tally.answered === 0 && !this.#isCutShort) problems.push("nothing was answered");
    return problems.map(printable);
  }
}

/** Why a run cannot begin, by the answer to a first scan; null if it can. */
function faultOf(reply: HttpReply, url: string, table: string): string | null {
  if (reply.kind !== "answered") {
    return `${url}: ${reply.error.message}; start a server there with latchwork serve`;
  }
  if (reply.status === OK) return null;
  const said = JSON.stringify(reply.body.toString("utf8").slice(0, SAID_MAX));
  return `${url}: asked for keys of table ${table} it answers ${reply.status}, ${said}`;
}
