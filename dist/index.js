import { B as group, Et as summary, G as warning, Gt as require_promises, H as lines, R as debug, d as require__builtin_v8, f as flushAndExit, ht as startTimeout, p as unlessStalled, xt as actionErrorsOf } from "./runner.js";
import { A as loadInputs, C as causesOf, S as annotateErrors, T as connectEarly, j as loadTimeoutMs, t as Report, w as manifestsOf } from "./inputs.js";
// src/run/small-heap.ts
var import_promises = require_promises();
var import__builtin_v8 = require__builtin_v8();
/**
* Keeps the heap within a small multiple of what is in use. By itself, V8 lets the young generation grow to 64 MiB and the old one to four
* times what is alive, since memory is cheap for a browser. What a run has in use is small, and a runner in a container has a limit.
* V8 reads both numbers whenever the heap is to grow.
* @see https://github.com/v8/v8/blob/main/src/flags/flag-definitions.h `semi_space_growth_factor`, `heap_growing_percent`
*/
function keepHeapSmall() {
	(0, import__builtin_v8.setFlagsFromString)("--semi-space-growth-factor=1");
	(0, import__builtin_v8.setFlagsFromString)("--heap-growing-percent=100");
}
// src/run/step.ts
/** The main step: inputs, the run, the job summary; and the one catch that fails it. */
async function mainStep() {
	const report = new Report();
	const errors = causesOf(await errorsOf(report));
	annotateErrors(errors);
	for (const manifest of manifestsOf(errors)) group("Missing in the cluster, to be applied", () => lines(manifest));
	if (errors.length > 0) process.exitCode = 1;
	else report.notice();
	await summary.addRaw(report.summary(errors)).write().catch(() => debug("This runner does not support job summaries."));
	await flushAndExit();
}
async function errorsOf(report) {
	try {
		const timeoutMs = loadTimeoutMs();
		const signal = startTimeout(timeoutMs);
		const inputs = await unlessStalled(loadInputs(void 0, signal));
		for (const warning$1 of inputs.warnings) warning("questionable-input", warning$1);
		report.started(inputs);
		return await unlessStalled(runWith(inputs, report, {
			signal,
			timeoutMs
		})).finally(() => report.finish());
	} catch (error) {
		return actionErrorsOf(error);
	}
}
/**
* What sends requests is loaded only after the inputs were found to be right: that takes longer than to check them. A connection gets on
* when the event loop turns, so it turns between the parts.
*/
async function runWith(inputs, report, limits) {
	keepHeapSmall();
	const early = inputs.targets && connectEarly(inputs.targets);
	await (0, import_promises.setImmediate)();
	await import("./dispatcher.js");
	await (0, import_promises.setImmediate)();
	const { startRun } = await import("./main.js");
	return await startRun(inputs, report, {
		...limits,
		early
	});
}
// src/index.ts
await mainStep();
export {};
