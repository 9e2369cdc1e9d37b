import { p as warning, u as info, w as reason, y as Failure } from "./errors.js";
import { c as createSend, i as createDispatcher } from "./oidc.js";
import { n as loadCleanupInputs, r as loadInputs, t as leave } from "./exit.js";
import { c as resolveTargets, g as createProvider, l as survey, n as loadState, t as outlastPulls } from "./grace-period.js";
// src/run/cleanup.ts
/** Milliseconds; a runner that cancels a job does not wait much longer. */
const TIME = 6e4;
/**
* The post step: ends what the main step could not. It revokes a token that was minted and never written, and replaced
* ones when every target holds the new one. It never fails a job: what it cannot do is a warning.
*/
async function run() {
	await cleanUp(loadState());
	await leave();
}
async function cleanUp(state) {
	if (state.phase === "settled") return info("Nothing was left to clean up.");
	let held = state.phase === "writing" ? "unknown" : "unasked";
	try {
		const signal = AbortSignal.timeout(TIME);
		if (held === "unknown") held = await lookAtTargets(state, signal);
		if (held === "some") return info(`Targets hold the token ${state.broughtId}: the next run goes on with it.`);
		const replaced = replacedIn(state, held);
		if (replaced ? replaced.length === 0 : state.description === void 0) return info("Nothing was left to clean up.");
		const issuer = await login(signal);
		const ids = replaced ?? await findMinted(state, issuer);
		if (replaced) await outlastPulls(performance.now(), signal);
		for (const id of ids) {
			await issuer.revoke(id);
			info(`Revoked the token ${id}: nobody needs it.`);
		}
		if (ids.length === 0) info("No token was minted: nothing to clean up.");
	} catch (error) {
		warning(warningOf(state, held, error));
	}
}
/** The tokens that nobody needs, since every target holds a newer one; undefined when it is the new one that nobody has. */
function replacedIn({ phase, superseded, mintedId, broughtId }, held) {
	if (held !== "all") return phase === "revoking" ? [...superseded] : void 0;
	return mintedId === void 0 || mintedId === broughtId ? [...superseded] : [...superseded, mintedId];
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
async function findMinted({ mintedId, description }, issuer) {
	if (mintedId !== void 0) return [mintedId];
	return (await issuer.list()).filter((one) => one.description === description).map(({ id }) => id);
}
/** What a person can do where this step cannot: a passcode logs in once. A token that may be in use is nobody's to revoke. */
function warningOf(state, held, error) {
	const { broughtId, mintedId, description } = state;
	if (held === "unknown") return `Whether targets hold the token ${broughtId} cannot be seen, so that nothing was revoked: ${reason(error)}. Run the workflow again: it goes on from what they hold.`;
	const replaced = replacedIn(state, held);
	const minted = mintedId === void 0 ? `A token described "${description}" may be` : `The token ${mintedId} is`;
	const subject = replaced ? `Of the replaced tokens ${replaced.join(", ")} some may be` : minted;
	const byHand = createProvider(loadCleanupInputs().credential).revocationByHand(!replaced && mintedId || "<id>");
	return `${subject} alive although nobody needs it, and not revoked: ${reason(error)}. ${byHand}`;
}
// src/post.ts
await run();
export {};
