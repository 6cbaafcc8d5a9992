import {
  type BatchedEngine,
  Engine,
  type EngineParts,
  type EngineState,
  type WriteBatcher,
  type WriteBatching,
} from "../../engine/index.ts";

type MakeBatcher = (settings: WriteBatching, engine: BatchedEngine) => WriteBatcher;

/** An engine whose single writes are made together by another than they should be. */
export function batchedBy(make: MakeBatcher): Partial<EngineParts> {
  class WithSuchBatches extends Engine {
    protected override makeBatcher(...of: Parameters<MakeBatcher>): WriteBatcher {
      return make(...of);
    }
  }
  return { makeEngine: (state: EngineState) => new WithSuchBatches(state) };
}
