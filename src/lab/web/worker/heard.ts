import type { Answer, FromWorker, Order } from "../../index.ts";

/** Whether something that came from a worker has the form that it is to have. */
type Check = (value: unknown) => boolean;

/** What is said of a worker that talks nonsense; its code is another's, and not ours. */
export const UNHEARD_OF =
  "Your protocol was ended: its worker said what this page does not understand.";

/** What a worker says; null for what none of ours would say. */
export function readMessage(data: unknown): FromWorker | null {
  return MESSAGE(data) ? (data as FromWorker) : null;
}

/** Whether an answer is one to an order of a kind, so that the page can show it. O(its size). */
export function isAnswerTo(kind: Order["kind"], answer: Answer): boolean {
  return ANSWERS[kind](answer);
}

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isWhole: Check = (value) => Number.isSafeInteger(value);
const isBoolean: Check = (value) => typeof value === "boolean";
const isNull: Check = (value) => value === null;

function list(check: Check): Check {
  return (value) => Array.isArray(value) && value.every((one) => check(one));
}

function either(...checks: readonly Check[]): Check {
  return (value) => checks.some((check) => check(value));
}

function oneOf(...words: readonly string[]): Check {
  return (value) => typeof value === "string" && words.includes(value);
}

function fields(checks: Readonly<Record<string, Check>>): Check {
  const all = Object.entries(checks);
  return (value) => isRecord(value) && all.every(([name, check]) => check(value[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const PACE = fields({
  runs: isNumber,
  isEstimating: isBoolean,
  estimate: either(isNull, isNumber),
});

const MESSAGE = either(
  fields({ kind: oneOf("pace"), id: isWhole, pace: PACE }),
  fields({ kind: oneOf("answer"), id: isWhole, answer: isRecord }),
  fields({ kind: oneOf("fault"), id: isWhole, message: isText }),
  fields({ kind: oneOf("protocols"), names: list(isText) }),
  fields({ kind: oneOf("refused"), message: isText, line: either(isNull, isWhole) }),
);

const SCHEDULE = list(isWhole);

const STOP = fields({
  decisions: isWhole,
  deed: either(isNull, fields({ task: isWhole, text: isText, kind: isText, objectId: isWhole })),
  lines: list(isRecord),
  next: list(
    fields({
      task: isWhole,
      text: isText,
      kind: isText,
      objectId: isWhole,
      page: either(isNull, isWhole),
      mode: either(isNull, isText),
      state: oneOf("ready", "waits", "ended", "stopped"),
      isGranted: isBoolean,
      isFree: isBoolean,
    }),
  ),
  choices: list(isWhole),
  draws: list(fields({ at: isWhole, value: isWhole, count: isWhole })),
});

const FILM = fields({
  schedule: SCHEDULE,
  tasks: list(
    fields({
      task: isWhole,
      name: isText,
      role: oneOf("operations", "crash", "recovery"),
      operations: list(fields({ index: isWhole, text: isText })),
    }),
  ),
  stops: (value) => Array.isArray(value) && value.length > 0 && list(STOP)(value),
  failure: either(
    isNull,
    fields({
      kind: isText,
      message: isText,
      task: either(isNull, isWhole),
      cycle: list(fields({ task: isWhole, wants: isText, holds: list(isText) })),
    }),
  ),
  isOver: isBoolean,
  drift: either(isNull, isWhole),
  preemptions: isWhole,
});

const SEARCHED = fields({
  verdict: oneOf("found", "clean", "proved", "unfinished"),
  isStopped: isBoolean,
  runs: isNumber,
  steps: isNumber,
  headline: isText,
  details: isText,
  found: either(
    isNull,
    fields({
      scenario: fields({ protocol: isText, tasks: list(list(isRecord)) }),
      schedule: SCHEDULE,
      replay: isText,
      kind: isText,
      title: isText,
      preemptions: isWhole,
    }),
  ),
});

const TEXTS = { story: isText, schedule: isText, replay: isText, trace: isText };

const ANSWERS: Readonly<Record<Order["kind"], Check>> = {
  film: FILM,
  hunt: SEARCHED,
  prove: SEARCHED,
  hint: fields({ kind: isText, text: isText, failing: either(isNull, SCHEDULE) }),
  texts: fields({ ...TEXTS, told: isRecord, replayOptions: isText }),
};
