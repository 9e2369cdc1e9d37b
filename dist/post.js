import { G as warning, St as reason, V as info, f as flushAndExit, p as unlessStalled, u as loadRecord } from "./runner.js";
// src/run/cleanup.ts
/** A runner that cancels a job does not wait much longer. */
const CLEANUP_TIMEOUT_MS = 6e4;
/** The post step. It never fails a job. Most runs leave nothing to do, so what sends requests is loaded only when it is needed. */
async function cleanupStep() {
	const record = loadRecord();
	if (record.phase === "settled") info("Nothing to clean up.");
	else {
		const { finishInterruptedRun } = await import("./interrupted-run.js");
		const signal = AbortSignal.timeout(CLEANUP_TIMEOUT_MS);
		await unlessStalled(finishInterruptedRun(record, signal)).catch((error) => {
			warning("cleanup-incomplete", `The next run has to finish what this one left: ${reason(error)}.`);
		});
	}
	await flushAndExit();
}
// src/post.ts
await cleanupStep();
export {};
