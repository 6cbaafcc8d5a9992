import { realNowMs } from "../../task/driver-real-time.ts";
import {
  type CheckOptions,
  explain,
  type Explanation,
  explanationLines,
  type History,
  type HistoryFormat,
  type Model,
  MODEL_NAMES,
  operationText,
  pictureHtml,
  pictureSvg,
  type Verdict,
  verdictLines,
} from "../../linearizability/index.ts";
import { checkHistoryInThreads } from "../../linearizability/threads/index.ts";
import { LatchworkError } from "../../task/index.ts";
import { isPerKey, modelFor, rulesOf } from "./models.ts";
import { notesFor } from "./report-notes.ts";
import type { CheckReport, CheckRequest, Cited, Counts, ExplanationReport } from "./report.ts";
import { BadInput } from "../exit.ts";
import { nameOf } from "../files.ts";
import { counted } from "../output.ts";

/** For each of the checks that a picture takes to find how far a history can be explained. */
const PICTURE_CHECK_MS = 5000;

/** How the thread learns of an interrupt, and reports progress. */
export interface Attention {
  readonly isInterrupted: () => boolean;
  /** Names what is counted from now on; the function that it gives reports how far that is. */
  readonly progressOf: (
    label: string,
    noun: string,
  ) => (runs: number, runsMax: number | null) => void;
}

/**
 * Checks a history, and makes the explanation and the pictures that were asked for.
 *
 * @throws BadInput or LatchworkError if the model cannot read it.
 */
export async function judge(
  history: History,
  format: HistoryFormat | null,
  request: CheckRequest,
  attention: Attention,
): Promise<Partial<CheckReport>> {
  const { timeMs, memoryBytes, scan, crash, partition, threads } = request;
  const file = nameOf(request.path);
  const model = modelFor(request, history, format);
  const options: CheckOptions = {
    scan,
    crash,
    partition,
    memoryBytes,
    ...(timeMs === null ? {} : { timeMs }),
    clock: { nowMs: () => realNowMs() },
    isCancelled: attention.isInterrupted,
  };
  const startedAt = realNowMs();
  const onProgress = attention.progressOf(`checking ${file}`, "events");
  const verdict = await readable(history, request, () =>
    checkHistoryInThreads(history, model, {
      ...options,
      onProgress,
      ...(threads === null ? {} : { threads }),
    }),
  );
  refuseNothing(history, file);
  const checkSeconds = (realNowMs() - startedAt) / 1000;
  const checked: Partial<CheckReport> = {
    ...verdictReport(verdict, history, request),
    format,
    perKey: isPerKey(request.model, history),
    rules: rulesOf(history, request),
    counts: countsOf(history),
    ...notesFor(history, model, verdict, format, request),
    checkSeconds,
  };
  const wantsPicture = request.html || request.svg;
  const progress = attention.progressOf(`explaining ${file}`, "looks");
  let looks = 0;
  const explanation =
    verdict.kind === "not-linearizable" && (request.explain || wantsPicture)
      ? explain(history, model, verdict, { ...options, onProgress: () => progress(++looks, null) })
      : null;
  return {
    ...checked,
    ...(request.explain ? explanationReport(explanation, history) : {}),
    ...(wantsPicture ? pictures({ history, model, verdict, explanation, options, request }) : {}),
    extraSeconds: (realNowMs() - startedAt) / 1000 - checkSeconds,
  };
}

/** A history without answers is linearizable, whatever the system does. */
function refuseNothing({ operations }: History, file: string): void {
  if (operations.some(({ outcome }) => outcome === "ok")) return;
  const what =
    operations.length === 0
      ? "the history has no operations"
      : `none of ${counted(operations.length, "operation")} returned ok`;
  throw new BadInput(`${file}: ${what}, so there is nothing to check; expected answers`);
}

/** Where the model cannot read an operation, the error says which models can read all of them. */
async function readable(
  history: History,
  request: CheckRequest,
  check: () => Promise<Verdict>,
): Promise<Verdict> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof LatchworkError) || error.code !== "BAD_HISTORY") throw error;
    const right = MODEL_NAMES.filter((name) => {
      const other = { ...request, model: name, initial: undefined, nil: null };
      return canRead(modelFor(other, history, null), history);
    });
    if (right.length === 0) throw error;
    throw new BadInput(`${error.message}; --model ${right.join(" or ")} can read all of it`);
  }
}

function canRead(model: Model, { operations }: History): boolean {
  return operations.every((operation) => (model.fault?.(operation) ?? null) === null);
}

function countsOf({ operations, events, crashes }: History): Counts {
  const clients = new Set<string>();
  const keys = new Set<string>();
  for (const { process, key } of operations) {
    clients.add(process);
    if (key !== null) keys.add(key);
  }
  return {
    operations: operations.length,
    clients: clients.size,
    keys: keys.size,
    events,
    crashes: crashes.length,
  };
}

function verdictReport(
  verdict: Verdict,
  history: History,
  request: CheckRequest,
): Partial<CheckReport> {
  const { kind, explored } = verdict;
  if (kind === "linearizable") {
    const order = request.witness ? verdict.witness : null;
    return { verdict: kind, explored, witness: order === null ? null : allCited(history, order) };
  }
  const { keys, event } = verdict;
  const lines = verdictLines(verdict, history);
  if (kind === "unknown") {
    return { verdict: kind, explored, keys, event, reason: verdict.reason, lines };
  }
  const operation = cited(history, verdict.operation);
  const open = allCited(history, verdict.open);
  return { verdict: kind, explored, keys, event, operation, open, lines };
}

function explanationReport(
  explanation: Explanation | null,
  history: History,
): Partial<CheckReport> {
  if (explanation === null) return {};
  const { keys, core, isMinimal, named, facts, sentences } = explanation;
  const report: ExplanationReport = {
    keys,
    core: allCited(history, core),
    isMinimal,
    operation: cited(history, explanation.operation),
    named: named.map(({ name, id, isCore }) => ({ name, id, isCore })),
    facts,
    sentences,
  };
  return { explanation: report, lines: explanationLines(explanation, history) };
}

interface Pictured {
  readonly history: History;
  readonly model: Model;
  readonly verdict: Verdict;
  readonly explanation: Explanation | null;
  readonly options: CheckOptions;
  readonly request: CheckRequest;
}

function pictures(pictured: Pictured): Pick<CheckReport, "html" | "svg"> {
  const { history, model, verdict, explanation, options, request } = pictured;
  const drawing = {
    title: [nameOf(request.path), ...rulesOf(history, request)].join(", "),
    check: { ...options, timeMs: Math.min(PICTURE_CHECK_MS, options.timeMs ?? PICTURE_CHECK_MS) },
    ...(explanation === null ? {} : { explanation }),
  };
  return {
    html: request.html ? pictureHtml(history, model, verdict, drawing) : null,
    svg: request.svg ? pictureSvg(history, model, verdict, drawing) : null,
  };
}

function allCited(history: History, ids: readonly number[]): Cited[] {
  return ids.flatMap((id) => cited(history, id) ?? []);
}

function cited(history: History, id: number): Cited | null {
  const operation = history.operations[id];
  if (operation === undefined) return null;
  return { id, line: operation.place.line, text: operationText(operation) };
}
