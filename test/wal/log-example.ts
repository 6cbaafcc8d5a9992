import {
  FIRST_TREE_REDO,
  formatHeader,
  lsn,
  pageId,
  PageRedo,
  REDO_SET_RIGHT,
  setLsn,
  setVersion,
} from "../../src/storage/index.ts";
import { blankPage, bytesOf } from "../support/pages.ts";
import { CrashingDisk } from "./crashing-disk.ts";
import { openFixture } from "./log-fixture.ts";

/** The log of the worked example in docs/log-format.md, as Log writes it. */
export function writeExample(): Uint8Array {
  const { disk, driver, log } = openFixture({ disk: new CrashingDisk() });
  const page = blankPage(512);
  formatHeader(page, pageId(5), 0);
  const change = (note: (redo: PageRedo) => void): void => {
    const redo = new PageRedo();
    note(redo);
    const position = log.append([{ id: pageId(5), page, redo, unusedFrom: 48, unusedTo: 512 }]);
    setLsn(page, position);
    setVersion(page, 1);
  };
  change((redo) => redo.whole());
  driver.result(log.flushTo(log.endLsn));
  // Whatever the position: the next changes are to be operations.
  log.imageFloor = lsn(0);
  log.beginBatch();
  change((redo) => {
    redo.begin(FIRST_TREE_REDO);
    redo.bytes(bytesOf("cat"));
  });
  change((redo) => {
    redo.begin(REDO_SET_RIGHT);
    redo.u32(7);
  });
  log.endBatch();
  driver.result(log.flushTo(log.endLsn));
  log.append(
    [],
    [
      { kind: "logical", tree: 3, payload: bytesOf("dog") },
      { kind: "decision", transaction: 9, verdict: 1 },
    ],
  );
  driver.result(log.flushTo(log.endLsn));
  return disk.bytesOf("log-0000000000000001");
}
