import { K as warning, Tt as summary, U as lines, V as group, bt as actionErrorsOf, f as flushAndExit, mt as startTimeout, p as unlessStalled, z as debug } from "./runner.js";
import { C as causesOf, D as loadTimeoutMs, E as loadInputs, S as annotateErrors, t as Report, w as manifestsOf } from "./inputs.js";
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
		const signal = startTimeout(loadTimeoutMs());
		const inputs = await unlessStalled(loadInputs(void 0, signal));
		for (const warning$1 of inputs.warnings) warning("questionable-input", warning$1);
		report.started(inputs);
		return await unlessStalled(runWith(inputs, report, signal)).finally(() => report.finish());
	} catch (error) {
		return actionErrorsOf(error);
	}
}
/** What sends requests is loaded only after the inputs were found to be right: that takes longer than to check them. */
async function runWith(inputs, report, signal) {
	const { startRun } = await import("./main.js");
	return await startRun(inputs, report, signal);
}
// src/index.ts
await mainStep();
export {};
