import { nn as info } from "./inputs.js";
// src/run/grace-period.ts
/**
* For so long after the last write the old and the new credential both work. A kubelet that has read the secret just
* before it was written still logs in with what it read; half a second was measured on a real node.
* See docs/decisions for the measurements.
*/
const REVOCATION_GRACE_MS = 5e3;
/**
* Waits until no pull that is in flight uses what was superseded.
* @param writtenAtMs when the last target was written, by `clock.elapsedMs()`
*/
async function waitForInFlightPulls(clock, writtenAtMs, signal) {
	const remainingMs = writtenAtMs + REVOCATION_GRACE_MS - clock.elapsedMs();
	if (remainingMs <= 0) return;
	info(`Waiting ${(remainingMs / 1e3).toFixed(1)} s for in-flight pulls before revoking`);
	await clock.sleep(remainingMs, signal);
}
export { waitForInFlightPulls as t };
