#!/usr/bin/env bash
# edn-data: a whole number above 2^53 is rounded without a word, though the reader knows BigInt.
#
# Guess before running: EDN's integers have 64 bits, and this reader gives a BigInt for `1N`, so a
# plain integer that a JavaScript number cannot hold comes as a BigInt too, or is refused.
#
# Found with edn-data 1.2.2: `9007199254740993` is read as 9007199254740992, the same as its
# neighbour, and no error is raised; only with the suffix N does it keep its value. Who compares
# values of a history (ids, checksums, nanoseconds) takes two different ones for one. A reader of
# histories has to look at the digits itself.
#
# Exits 1 if the two numbers are told apart or refused, or if the suffix no longer helps.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund edn-data@1.2.2
cat >try.mjs <<'JS'
import { parseEDNString } from "edn-data";

function read(text) {
  try {
    return parseEDNString(text);
  } catch (error) {
    return error;
  }
}

const [even, odd] = [read("9007199254740992"), read("9007199254740993")];
const [evenN, oddN] = [read("9007199254740992N"), read("9007199254740993N")];
console.log(`node ${process.version}, edn-data 1.2.2`);
console.log(`9007199254740992 and ...993: ${even} and ${odd}`);
console.log(`9007199254740992N and ...993N: ${evenN} and ${oddN}`);
process.exit(even === odd && typeof odd === "number" && evenN !== oddN ? 0 : 1);
JS
node try.mjs
