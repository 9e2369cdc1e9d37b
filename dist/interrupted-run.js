import { O as info, g as loadInputs, h as loadCleanupInputs, j as warning, ot as reason } from "./inputs.js";
import { i as createSend, t as createDispatcher } from "./dispatcher.js";
import { n as createProvider, t as SYSTEM_CLOCK } from "./clock.js";
import { f as decideCleanup, m as holdingOf, n as observeTargets, r as resolveTargets, t as waitForInFlightPulls } from "./grace-period.js";
import { n as isFailed } from "./target.js";
// src/run/interrupted-run.ts
/**
* Finishes what an interrupted run left: revokes a token that was minted and never written, or superseded ones when every
* target holds the new one. What it cannot do is a warning.
*/
async function finishInterruptedRun(record, signal) {
	const holding = record.phase === "minting" ? void 0 : await readHolding(record, signal);
	if (typeof holding === "object") return warning("cleanup-incomplete", cannotSee(record, holding.error));
	const decision = decideCleanup(record, holding);
	if (decision.action === "none") return info(decision.reason);
	try {
		const issuer = await login(signal);
		if (decision.action === "revoke-superseded") await waitForInFlightPulls(SYSTEM_CLOCK, SYSTEM_CLOCK.elapsedMs(), signal);
		const ids = await idsOf(decision, issuer);
		if (ids.length === 0) info("No token was minted: nothing to clean up.");
		for (const id of ids) {
			await issuer.revoke(id);
			info(`Revoked token ${id}: nothing needs it.`);
		}
	} catch (error) {
		warning("cleanup-incomplete", stillAlive(decision, error));
	}
}
/** @returns why it cannot be seen, where a target that cannot be read may hold the token */
async function readHolding(record, signal) {
	try {
		const { targets, secret, deploy } = await loadInputs();
		if (targets === void 0 || secret === void 0) return "none";
		const observed = await observeTargets(await resolveTargets(targets, signal), secret);
		const holding = holdingOf(observed, record, deploy !== void 0);
		return holding === "unknown" ? { error: observed.find(isFailed)?.error } : holding;
	} catch (error) {
		return { error };
	}
}
async function login(signal) {
	const { credential, certificates } = loadCleanupInputs();
	const send = createSend(createDispatcher(certificates), signal);
	return (await createProvider(credential).open(send)).issuer(send);
}
async function idsOf(decision, issuer) {
	if (decision.action === "revoke-superseded") return decision.ids;
	if (decision.id !== void 0) return [decision.id];
	return (await issuer.list()).filter((one) => one.description === decision.description).map(({ id }) => id);
}
function cannotSee({ currentId }, error) {
	return `Nothing was revoked, because this step cannot see whether targets hold token ${currentId}: ${reason(error)}. Run the workflow again: it continues with what they hold.`;
}
/** What the user can do where this step cannot: a passcode logs in once. Never a token that may be in use. */
function stillAlive(decision, error) {
	const byHand = createProvider(loadCleanupInputs().credential).manualRevocation;
	if (decision.action === "revoke-superseded") return `Could not revoke all superseded tokens (${decision.ids.join(", ")}): ${reason(error)}. ${byHand("<id>")}`;
	const { id, description } = decision;
	return `Could not revoke ${id === void 0 ? `a token with the description "${description}", if it was minted` : `token ${id}`}, which was not written to any namespace: ${reason(error)}. ${byHand(id ?? "<id>")}`;
}
export { finishInterruptedRun };
