import { G as warning, St as reason, V as info, ft as abortError } from "./runner.js";
import { m as createDispatcher, n as createSend } from "./http.js";
import { A as loadInputs, k as loadCleanupInputs, r as isFailed } from "./inputs.js";
import { C as SYSTEM_CLOCK, D as readTargets, N as createProvider, S as waitForInFlightPulls, T as connectClusters } from "./run.js";
// src/policy/cleanup.ts
/**
* `all` only when nothing else was left to do: a run that was interrupted before its workloads were ready is not finished by
* its post step.
* @param targets as they are now
*/
function holdingOf(targets, { phase, currentId, mintedId }, isDeploying) {
	const held = targets.map(({ status, stored }) => status === "ready" && stored.kind === "present" ? stored.records.map(({ tokenId }) => tokenId) : []);
	const isDeployed = phase === "revoking" || !isDeploying;
	const isAny = (ids) => ids.some((id) => id === currentId || id === mintedId);
	if (held.every((ids) => currentId !== void 0 && ids.includes(currentId)) && isDeployed) return "all";
	if (held.some(isAny)) return "some";
	return targets.some(({ status }) => status === "failed") ? "unknown" : "none";
}
const NOTHING = {
	action: "none",
	reason: "Nothing to clean up."
};
/** @param holding undefined when the run was interrupted before its first write */
function decideCleanup(record, holding) {
	const { phase, description, mintedId, currentId, superseded } = record;
	if (phase === "settled") return NOTHING;
	if (holding === "some") return {
		action: "none",
		reason: `Some targets hold token ${currentId}: the next run continues with it.`
	};
	if (holding === "all") {
		const ids = mintedId !== void 0 && mintedId !== currentId ? [...superseded, mintedId] : superseded;
		return ids.length === 0 ? NOTHING : {
			action: "revoke-superseded",
			ids
		};
	}
	return description === void 0 ? NOTHING : {
		action: "revoke-minted",
		id: mintedId,
		description
	};
}
// src/run/find-minted.ts
/** The post step may start before the issuer has acted on the request of a run that was cancelled while it minted. */
const SEARCH_TIME_MS = 1e4;
const SEARCH_INTERVAL_MS = 2e3;
/**
* The ids of the tokens with this description, for which an interrupted mint had sent a request; looked up repeatedly while
* there is none.
* @returns an empty list when none was minted within the search time
* @throws the errors of `Send`, or ActionError when `signal` aborts
*/
async function findMinted(issuer, description, { clock, signal }) {
	const startedAtMs = clock.elapsedMs();
	for (let attempt = 1;; attempt++) {
		const minted = (await issuer.list()).filter((one) => one.description === description);
		const isOver = clock.elapsedMs() - startedAtMs >= SEARCH_TIME_MS;
		if (minted.length > 0 || isOver) return minted.map(({ id }) => id);
		if (attempt === 1) info(`No token was minted yet: looking again for ${SEARCH_TIME_MS / 1e3} s`);
		await clock.sleep(SEARCH_INTERVAL_MS, signal);
		if (signal.aborted) throw abortError("look up the token of the interrupted run", signal);
	}
}
// src/run/interrupted-run.ts
/**
* Finishes what an interrupted run left: revokes a token that was minted and never written, or superseded ones when every
* target holds the new one. What it cannot do is a warning.
*/
async function finishInterruptedRun(record, signal, clock = SYSTEM_CLOCK) {
	const holding = record.phase === "minting" ? void 0 : await readHolding(record, signal);
	if (typeof holding === "object") return warning("cleanup-incomplete", cannotSee(record, holding.error));
	const decision = decideCleanup(record, holding);
	if (decision.action === "none") return info(decision.reason);
	try {
		const issuer = await login(signal);
		if (decision.action === "revoke-superseded") {
			await waitForInFlightPulls(clock, clock.elapsedMs(), signal);
			if (await readHolding(record, signal) !== "all") return warning("cleanup-incomplete", CHANGED);
		}
		const ids = await idsOf(decision, issuer, {
			clock,
			signal
		});
		if (ids.length === 0) info("No token was minted: nothing to clean up.");
		for (const id of ids) {
			await issuer.revoke(id);
			info(`Revoked token ${id}: nothing needs it.`);
		}
	} catch (error) {
		warning("cleanup-incomplete", await stillAlive(decision, error));
	}
}
const CHANGED = "Nothing was revoked, because a target no longer holds the new token. Run the workflow again: it continues with what the targets hold.";
/** @returns why it cannot be seen, where a target that cannot be read may hold the token */
async function readHolding(record, signal) {
	try {
		const { targets, secret, deploy } = await loadInputs(void 0, signal);
		if (targets === void 0 || secret === void 0) return "none";
		const observed = await readTargets(connectClusters(targets, signal), targets, secret);
		const holding = holdingOf(observed, record, deploy !== void 0);
		return holding === "unknown" ? { error: observed.find(isFailed)?.error } : holding;
	} catch (error) {
		return { error };
	}
}
async function login(signal) {
	const { credential, certificates, proxies } = loadCleanupInputs();
	const send = createSend(createDispatcher(certificates, proxies), signal);
	return (await (await createProvider(credential)).open(send, signal)).issuer(send);
}
async function idsOf(decision, issuer, search) {
	if (decision.action === "revoke-superseded") return decision.ids;
	if (decision.id !== void 0) return [decision.id];
	return decision.description === void 0 ? [] : await findMinted(issuer, decision.description, search);
}
function cannotSee({ currentId }, error) {
	return `Nothing was revoked, because this step cannot see whether targets hold token ${currentId}: ${reason(error)}. Run the workflow again: it continues with what they hold.`;
}
/** What the user can do where this step cannot: a passcode logs in once. Never a token that may be in use. */
async function stillAlive(decision, error) {
	const { manualRevocation: byHand } = await createProvider(loadCleanupInputs().credential);
	if (decision.action === "revoke-superseded") return `Could not revoke all superseded tokens (${decision.ids.join(", ")}): ${reason(error)}. ${byHand("<id>")}`;
	const { id, description } = decision;
	return `Could not revoke ${id === void 0 ? `a token with the description "${description}", if it was minted` : `token ${id}`}, which was not written to any namespace: ${reason(error)}. ${byHand(id ?? "<id>")}`;
}
export { finishInterruptedRun };
