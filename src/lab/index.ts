/**
 * The lab: the engine and the simulator for a person who decides every step. What is here draws
 * nothing and runs anywhere; the page itself is in `web/`, and is built by itself.
 *
 * Invariants:
 * 1. What is shown happened: every picture is made of the trace of a real run.
 * 2. The lab has no tree, no latch and no judge of its own.
 * 3. The same scenario and schedule give the same film, in the browser and in Node.
 *
 * Left out: anything of a server. A page of the lab needs no network.
 */
export {
  type ChosenStops,
  filmOfStory,
  offeredStops,
  readStops,
  storyPage,
  storyPageOf,
  type Strip,
  stripSvg,
  type ToldRun,
} from "./export/index.ts";
export {
  type Deed,
  type Draw,
  film,
  type Film,
  type FilmFailure,
  type FilmScript,
  type FilmTask,
  GO_ON_STRATEGIES,
  type GoOn,
  type GoOnStrategy,
  type Intent,
  type Stop,
  type TaskRole,
} from "./film/index.ts";
export {
  type DiskPicture,
  type EntryPicture,
  type GroupPicture,
  type HeldLatch,
  isHappening,
  keyText,
  type LatchPicture,
  type LatchUse,
  type Mode,
  type OperationPicture,
  type PagePicture,
  type PagePlace,
  type Picture,
  type PictureEvent,
  type PictureEventKind,
  Reel,
  type TaskPicture,
  type TreePicture,
  type WantedPage,
} from "./picture/index.ts";
export {
  type CheckedScenario,
  checkScenario,
  EXAMPLE_PROTOCOL,
  EXAMPLE_SCENARIO,
  namedIn,
  protocolTitle,
  READY_SCENARIOS,
  type ReadyScenario,
  type ScenarioFault,
  withLine,
} from "./edit/index.ts";
export { BadModule, type OwnModule, readModule } from "./own/index.ts";
export {
  type Answer,
  type Answers,
  type AnswerTo,
  carryingOut,
  counted,
  type FilmOrder,
  type FoundRun,
  type FromWorker,
  grouped,
  type Hint,
  HINT_RUNS_MAX,
  hinting,
  type HintOrder,
  type HuntOrder,
  nextHint,
  type Order,
  type OrderHelp,
  type Pace,
  type ProveOrder,
  type RunTexts,
  type SearchResult,
  type TextsOrder,
  type ToWorker,
  traceHash,
} from "./search/index.ts";
export {
  formatLink,
  type OpenedLink,
  parseLink,
  type SharedRun,
  type SharedState,
} from "./share/index.ts";
export {
  arrowPoints,
  type Chip,
  chipClasses,
  type Colour,
  COLOURS,
  layoutTree,
  linkPath,
  pageClasses,
  PALETTES,
  type Scene,
  type SceneCell,
  sceneCss,
  sceneOf,
  type ScenePage,
  sceneSvg,
  type SceneSvgOptions,
  TASK_COLOURS,
  taskColour,
  type Theme,
} from "./draw/index.ts";
