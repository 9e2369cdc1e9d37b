import { B as group, Et as summary, G as warning, Gt as require_promises, H as lines, R as debug, f as flushAndExit, ht as startTimeout, p as unlessStalled, xt as actionErrorsOf } from "./runner.js";
import { A as loadInputs, C as causesOf, S as annotateErrors, T as connectEarly, j as loadTimeoutMs, t as Report, w as manifestsOf } from "./inputs.js";
// src/run/step.ts
var import_promises = require_promises();
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
