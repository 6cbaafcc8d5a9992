import { Progress } from "../progress.ts";
import { type Summary, summarize } from "../statistics.ts";
import { type Load, LOADS, RealTime, type Sample } from "./real-time.ts";

/** What a protocol's samples under one load came to. */
export interface RealFigures {
  readonly load: string;
  readonly protocol: string;
  readonly perSecond: Summary;
  readonly p50Ms: Summary;
  readonly p99Ms: Summary;
  /** Over the samples of the first protocol, each over that of the same round. */
  readonly ratio: Summary;
}

/**
 * Measures every protocol in turn, round by round, so that a machine that slows down slows all of
 * them; stops when it is interrupted, and gives what there is of complete rounds.
 */
export async function runRealTime(
  protocols: readonly string[],
  rounds: number,
  isInterrupted: () => boolean,
): Promise<RealFigures[]> {
  const realTime = new RealTime();
  const progress = new Progress(LOADS.length * (rounds + 1) * protocols.length, "samples");
  const figures: RealFigures[] = [];
  const measureRound = async (load: Load): Promise<Sample[]> => {
    const samples: Sample[] = [];
    for (const protocol of protocols) {
      samples.push(await realTime.sample(protocol, load));
      progress.step(`${load.name}, ${protocol}`);
    }
    return samples;
  };
  try {
    for (const load of LOADS) {
      // Compiles what is measured.
      await measureRound(load);
      const all: Sample[][] = [];
      for (let round = 0; round < rounds && !isInterrupted(); round++) {
        all.push(await measureRound(load));
      }
      if (all.length > 0) figures.push(...figuresOf(load, protocols, all));
      if (isInterrupted()) break;
    }
  } finally {
    realTime.end();
  }
  return figures;
}

function figuresOf(
  load: Load,
  protocols: readonly string[],
  rounds: readonly (readonly Sample[])[],
): RealFigures[] {
  return protocols.map((protocol, at) => {
    const of = (value: (sample: Sample) => number): number[] =>
      rounds.map((round) => {
        const sample = round[at];
        return sample === undefined ? Number.NaN : value(sample);
      });
    const rates = of(({ perSecond }) => perSecond);
    const ratios = rates.map((rate, round) => rate / (rounds[round]?.[0]?.perSecond ?? Number.NaN));
    return {
      load: load.name,
      protocol,
      perSecond: summarize(rates),
      p50Ms: summarize(of(({ p50Ms }) => p50Ms)),
      p99Ms: summarize(of(({ p99Ms }) => p99Ms)),
      ratio: summarize(ratios),
    };
  });
}
