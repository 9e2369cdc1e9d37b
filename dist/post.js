import { c as createProvider, l as resolveTargets, s as outlastPulls, t as loadState, u as survey } from "./state.js";
import { l as warning, o as info, p as Failure, v as reason } from "./address.js";
import { c as createSend, i as createDispatcher } from "./oidc.js";
import { n as loadInputs, t as loadCleanupInputs } from "./inputs.js";
// src/cleanup.ts
/** Milliseconds; a runner that cancels a job does not wait much longer. */
const TIME = 6e4;
/**
* The post step: ends what the main step could not. It revokes a token that was minted and never written, and replaced
* ones when every target holds the new one. It never fails a job: what it cannot do is a warning.
*/
async function run() {
	const state = loadState();
	if (state.phase === "settled") return info("Nothing was left to clean up.");
	try {
		const signal = AbortSignal.timeout(TIME);
		const holders = state.phase === "writing" ? await lookAtTargets(state, signal) : "unasked";
		if (holders === "some") return info(`Targets hold the token ${state.broughtId}: the next run goes on with it.`);
		const isReplaced = holders === "all" || state.phase === "revoking";
		const replaced = holders === "all" ? [...state.superseded, ...lostMint(state)] : state.superseded;
		if (isReplaced ? replaced.length === 0 : state.description === void 0) return info("Nothing was left to clean up.");
		const issuer = await login(signal);
		const ids = isReplaced ? replaced : await findMinted(state, issuer);
		if (isReplaced) await outlastPulls(performance.now(), signal);
		for (const id of ids) {
			await issuer.revoke(id);
			info(`Revoked the token ${id}: nobody needs it.`);
		}
		if (ids.length === 0) info("No token was minted: nothing to clean up.");
	} catch (error) {
		warning(`${subject(state)} alive although nobody needs it, and not revoked: ${reason(error)}. ${cure(state)}`);
	}
}
/**
* Which targets hold the token of a run that was ended while it wrote. A run that had more to do than to write is not
* ended here: `all` is said only when there is nothing to deploy.
* @throws Failure when a target cannot be asked: it may hold it
*/
async function lookAtTargets({ mintedId, broughtId }, signal) {
	const { cluster, secret, concurrency, deploy } = await loadInputs();
	if (cluster === void 0 || secret === void 0) return "none";
	const targets = await survey(await resolveTargets(cluster, concurrency, signal), secret.name, secret.adopt);
	const held = targets.map((target) => "stored" in target && target.stored.kind === "present" ? target.stored.provenance?.tokenId : void 0);
	if (held.every((id) => id === broughtId) && deploy === void 0) return "all";
	if (held.some((id) => id !== void 0 && (id === broughtId || id === mintedId))) return "some";
	const unknown = targets.find((target) => "failure" in target);
	if (unknown !== void 0) throw new Failure(reason(unknown.failure), { cause: unknown.failure });
	return "none";
}
async function login(signal) {
	const { credential, certificates } = loadCleanupInputs();
	const send = createSend(createDispatcher(certificates), signal);
	return (await createProvider(credential).open(send)).issuer(send);
}
/** The run's own mint, when it went on with the token of a faster run. */
function lostMint({ mintedId, broughtId }) {
	return mintedId === void 0 || mintedId === broughtId ? [] : [mintedId];
}
async function findMinted({ mintedId, description }, issuer) {
	if (mintedId !== void 0) return [mintedId];
	return (await issuer.list()).filter((one) => one.description === description).map(({ id }) => id);
}
function subject({ phase, superseded, mintedId, description }) {
	if (phase === "revoking") return `Of the replaced tokens ${superseded.join(", ")} some may be`;
	return mintedId === void 0 ? `A token described "${description}" may be` : `The token ${mintedId} is`;
}
/** What a person can do where this step cannot: a passcode logs in once. */
function cure({ phase, mintedId }) {
	const id = phase === "revoking" ? "<id>" : mintedId ?? "<id>";
	return createProvider(loadCleanupInputs().credential).revocationByHand(id);
}
// src/post.ts
await run();
export {};
