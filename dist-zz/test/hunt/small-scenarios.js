import { parseScenario } from "/work/wt/dpor/dist/hunt/index.js";
/** Trees of pages with at most two entries, on which one operation changes the structure. */
const TREES = {
	"a full root leaf": "[10,20]",
	"two leaves, the left one full": "[10,20][30]",
	"two full leaves": "[10,20][30,40]",
	"two leaves of one entry": "[10][30]",
	"three leaves, three levels": "[10][20][30]",
	"three full leaves": "[10,20][30,40][50,60]"
};
/** Operations of two tasks, or three. What happens on which tree is said beside it. */
const CASES = [
	[
		"a full root leaf",
		"insert 15",
		"get 20"
	],
	[
		"a full root leaf",
		"insert 15",
		"insert 25"
	],
	[
		"a full root leaf",
		"insert 15",
		"delete 20"
	],
	[
		"a full root leaf",
		"insert 15",
		"scan"
	],
	[
		"a full root leaf",
		"insert 15",
		"scan-back"
	],
	[
		"a full root leaf",
		"insert 15",
		"put 15=7"
	],
	[
		"a full root leaf",
		"put 20=1",
		"put 20=2"
	],
	[
		"a full root leaf",
		"insert 15",
		"get 15",
		"get 20"
	],
	[
		"two leaves, the left one full",
		"insert 15",
		"get 20"
	],
	[
		"two leaves, the left one full",
		"insert 15",
		"get 30"
	],
	[
		"two leaves, the left one full",
		"insert 15",
		"delete 20"
	],
	[
		"two leaves, the left one full",
		"insert 15",
		"insert 17"
	],
	[
		"two leaves, the left one full",
		"insert 15",
		"delete 30"
	],
	[
		"two leaves, the left one full",
		"insert 15",
		"insert 15"
	],
	[
		"two full leaves",
		"insert 15",
		"get 20"
	],
	[
		"two full leaves",
		"insert 15",
		"get 40"
	],
	[
		"two full leaves",
		"insert 35",
		"get 30"
	],
	[
		"two full leaves",
		"insert 15",
		"delete 40"
	],
	[
		"two full leaves",
		"insert 35",
		"delete 10"
	],
	[
		"two full leaves",
		"insert 35",
		"scan [30,40]"
	],
	[
		"two full leaves",
		"insert 35",
		"scan-back [30,40]"
	],
	[
		"two full leaves",
		"insert 15",
		"put 20=5"
	],
	[
		"two leaves of one entry",
		"delete 30",
		"get 10"
	],
	[
		"two leaves of one entry",
		"delete 10",
		"get 30"
	],
	[
		"two leaves of one entry",
		"delete 10",
		"get 10"
	],
	[
		"two leaves of one entry",
		"delete 10",
		"insert 20"
	],
	[
		"two leaves of one entry",
		"delete 30",
		"insert 20"
	],
	[
		"two leaves of one entry",
		"delete 10",
		"put 30=3"
	],
	[
		"two leaves of one entry",
		"delete 10",
		"scan [30,40]"
	],
	[
		"two leaves of one entry",
		"delete 30",
		"scan-back [0,10]"
	],
	[
		"two leaves of one entry",
		"delete 10",
		"delete 10"
	],
	[
		"three leaves, three levels",
		"delete 20",
		"get 30"
	],
	[
		"three leaves, three levels",
		"delete 30",
		"get 20"
	],
	[
		"three leaves, three levels",
		"delete 10",
		"get 30"
	],
	[
		"three leaves, three levels",
		"delete 10",
		"put 30=3"
	],
	[
		"three leaves, three levels",
		"delete 30",
		"insert 15"
	],
	[
		"three full leaves",
		"insert 35",
		"get 60"
	],
	[
		"three full leaves",
		"insert 35",
		"get 10"
	],
	[
		"three full leaves",
		"insert 55",
		"get 50"
	],
	[
		"three full leaves",
		"insert 55",
		"get 10"
	],
	[
		"three full leaves",
		"insert 15",
		"get 20"
	],
	[
		"three full leaves",
		"insert 15",
		"put 60=1"
	]
];
/** The same on a disk that crashes once, with an operation after the crash. */
const DURABLE_CASES = [
	[
		"nothing",
		"insert 10",
		"get 10"
	],
	[
		"nothing",
		"insert 10",
		"insert 10"
	],
	[
		"nothing",
		"insert 10",
		"insert 20"
	],
	[
		"nothing",
		"insert 10",
		"scan"
	],
	[
		"a full root leaf",
		"insert 15",
		"get 20"
	],
	[
		"a full root leaf",
		"insert 15",
		"insert 25"
	],
	[
		"a full root leaf",
		"put 20=1",
		"put 20=2"
	],
	[
		"two leaves, the left one full",
		"insert 15",
		"get 30"
	],
	[
		"two leaves of one entry",
		"delete 10",
		"get 30"
	],
	[
		"two leaves of one entry",
		"delete 30",
		"insert 20"
	],
	[
		"two leaves of one entry",
		"delete 10",
		"delete 10"
	]
];
/** Names and scenarios, without a protocol. */
export const SMALL_SCENARIOS = CASES.map(([tree, ...tasks]) => {
	const given = tasks.filter((task) => task !== undefined);
	const lines = [
		"capacity 2",
		`tree ${TREES[tree]}`,
		...given.map((task) => `task ${task}`)
	];
	return [`${tree}: ${given.join(", ")}`, parseScenario(`${lines.join("\n")}\n`).scenario];
});
/** Those on a disk. */
export const SMALL_DURABLE_SCENARIOS = DURABLE_CASES.map(([tree, ...tasks]) => {
	const built = tree === "nothing" ? [] : [`tree ${TREES[tree]}`];
	const all = [
		"capacity 2",
		...built,
		...tasks.map((task) => `task ${task}`),
		"crashes 1"
	];
	return [`${tree}: ${tasks.join(", ")}`, parseScenario(`${all.join("\n")}\n`).scenario];
});
