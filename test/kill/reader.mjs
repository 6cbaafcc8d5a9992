// Opens databases that were killed or damaged, and tells what it finds: a process of its own, so
// that a hang or a crash is a finding too. Serves one request after another over IPC.
import { open } from "../../dist/level/index.js";

process.on("message", (request) => {
  void look(request).then((answer) => process.send(answer));
});
process.on("disconnect", () => process.exit(0));

/**
 * Reads everything, checks, and writes a little if asked. Each stage may fail by itself, and then
 * its error is told. `fault` is the first.
 */
async function look({ directory, options, writes = 0 }) {
  const answer = { entries: null, report: null, faults: [], stage: "open" };
  let database;
  try {
    database = await open(directory, options);
  } catch (error) {
    answer.faults.push(faultOf("open", error));
    return answer;
  }
  const stages = {
    read: async () => {
      answer.entries = await database.iterator().all();
    },
    check: async () => {
      answer.report = await database.check();
    },
    write: async () => {
      const keys = Array.from({ length: writes }, (_, index) => `reader-${index}`);
      await Promise.all(keys.map((key) => database.put(key, "x".repeat(40))));
      await Promise.all(keys.map((key) => database.del(key)));
    },
    close: () => database.close(),
  };
  for (const [stage, run] of Object.entries(stages)) {
    try {
      await run();
    } catch (error) {
      answer.faults.push(faultOf(stage, error));
    }
  }
  return answer;
}

function faultOf(stage, error) {
  const { name, code, message, stack, cause } = error;
  const isNamed = ["LevelError", "LatchworkError", "ModuleError"].includes(name);
  const isClear = isNamed && typeof code === "string" && !message.includes("\n");
  return { stage, name, code, causeCode: cause?.code, message, isClear, stack };
}
