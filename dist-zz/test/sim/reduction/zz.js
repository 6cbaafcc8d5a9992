const it = (n, f) => f();
import { Scheduler, SetupProgram, DepthFirstStrategy, formatSchedule, areIndependent } from "/work/wt/dpor/dist/sim/index.js";
import { ReductionStrategy } from "/work/wt/dpor/dist/sim/reduction/index.js";
import { randomProgram } from "./random-program.js";
function all(strategy, setup, releaseSteps, max) {
	const scheduler = new Scheduler({
		releaseSteps,
		stepsMax: 200
	});
	const program = new SetupProgram(setup);
	const classes = new Map();
	const hashes = new Set();
	let runs = 0;
	let dup = [];
	const segs = [];
	scheduler.onSegment = (x) => segs.push(x);
	while (strategy.beginRun()) {
		segs.length = 0;
		const r = scheduler.run(program, strategy);
		strategy.endRun(r);
		if (r.abandoned) continue;
		runs++;
		if (runs > max) return null;
		const text = r.failure === null ? "" : r.failure.kind;
		const sch = scheduler.schedule;
		for (const s of segs) s.values = sch.slice(s.firstDecision, s.endDecision).filter((v) => v < 0).join(".");
		const id = classOf(segs);
		hashes.add(r.orderHash);
		const old = classes.get(id);
		if (old !== undefined) dup.push([
			old[1],
			formatSchedule(scheduler.schedule),
			text
		]);
		else classes.set(id, [text, formatSchedule(scheduler.schedule)]);
	}
	return {
		classes,
		runs,
		dup,
		hashes
	};
}
function classOf(segs) {
	const left = segs.map((s, i) => ({
		s,
		i
	}));
	const counts = new Map();
	const names = segs.map((s) => {
		const n = (counts.get(s.task) ?? 0) + 1;
		counts.set(s.task, n);
		return `${s.task}.${n}:${s.outcome}:${s.values}`;
	});
	const preds = segs.map((b, j) => new Set(segs.slice(0, j).flatMap((a, i) => b.isAfterTime || b.isAfterRest || !areIndependent(a, b) || a.made.includes(b.task) ? [i] : [])));
	for (let j = 0; j < segs.length; j++) if (segs[j].isAfterTime || segs[j].isAfterRest) for (let k = j + 1; k < segs.length; k++) for (let i = 0; i < j; i++) preds[k].add(i);
	const out = [];
	const done = new Set();
	while (left.length) {
		const ready = left.filter(({ i }) => [...preds[i]].every((p) => done.has(p)));
		ready.sort((a, b) => a.s.task - b.s.task);
		const { i } = ready[0];
		done.add(i);
		out.push(names[i]);
		left.splice(left.findIndex((x) => x.i === i), 1);
	}
	return out.join(" ");
}
it("x", () => {
	const from = Number(process.env.FROM ?? 1), to = Number(process.env.TO ?? 100);
	let ok = 0, skipped = 0, sumDfs = 0, sum = 0, crashes = 0;
	const t = {
		imp: 0,
		asleep: 0,
		strayed: 0
	};
	for (let seed = from; seed <= to; seed++) {
		const setup = randomProgram(seed);
		const rs = seed % 2 === 0;
		const dfs = all(new DepthFirstStrategy(), setup, rs, Number(process.env.MAX ?? 3e3));
		if (dfs === null) {
			skipped++;
			continue;
		}
		const s = new ReductionStrategy();
		let d;
		try {
			d = all(s, setup, rs, 3e4);
		} catch (e) {
			console.log("seed", seed, e.stack);
			continue;
		}
		if (d === null) {
			console.log("seed", seed, "too many");
			continue;
		}
		const missing = [...dfs.classes].filter(([h]) => !d.classes.has(h));
		const extra = [...d.classes].filter(([h]) => !dfs.classes.has(h));
		const differ = [...dfs.classes].filter(([h, [x]]) => d.classes.has(h) && d.classes.get(h)[0] !== x);
		sumDfs += dfs.runs;
		sum += d.runs;
		const hd = [...dfs.hashes].filter((h) => !d.hashes.has(h)).length + [...d.hashes].filter((h) => !dfs.hashes.has(h)).length;
		t.imp += s.counts.impossible;
		t.asleep += s.counts.asleep;
		t.strayed += s.counts.strayed;
		if (missing.length + extra.length + differ.length + hd + d.dup.length + s.counts.asleep + s.counts.strayed > 0) console.log("seed", seed, rs, "dfs", dfs.runs, dfs.classes.size, "dpor", d.runs, "missing", missing.length, missing[0]?.[1], "extra", extra.length, "differ", differ.length, differ[0]?.[1], "dup", d.dup.length, d.dup[0], "hd", hd, JSON.stringify(s.counts));
		else ok++;
	}
	console.log({
		ok,
		skipped,
		sumDfs,
		sum,
		...t
	});
}, 1e6);
