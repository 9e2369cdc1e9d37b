import { G as reason, H as Failure, I as info, R as warning, d as resolveTargets, f as survey, i as loadInputs, m as createSend, n as openDedicated, o as loadState, r as loadCleanupInputs, t as createDispatcher } from "./shared.js";
// src/cleanup.ts
/** Milliseconds; a runner that cancels a job does not wait much longer. */
const TIME = 6e4;
/**
* The post step: ends what the main step could not. It revokes a token that was minted and never written, and replaced
* ones that nobody needs. It never fails a job: what it cannot do is a warning.
*/
async function run() {
	const state = loadState();
	const { phase, tokenId } = state;
	if (phase === "settled") return info("Nothing was left to clean up.");
	if (phase === "held") return info(`Targets hold the new token ${tokenId}: the next run goes on with it.`);
	try {
		const signal = AbortSignal.timeout(TIME);
		if (phase === "writing" && await isHeld(state, signal)) return info(`The run ended early, but targets hold the new token ${tokenId}: the next run goes on with it.`);
		const issuer = await login(state, signal);
		const ids = phase === "revoking" ? state.superseded : await findMinted(state, issuer);
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
* Whether a target holds the token of a run that was ended while it wrote.
* @throws Failure when a target cannot be asked: it may hold it
*/
async function isHeld({ tokenId }, signal) {
	const { cluster, secret, concurrency } = loadInputs();
	if (cluster === void 0 || secret === void 0) return false;
	const targets = await survey(resolveTargets(cluster, concurrency, signal), secret.name, secret.adopt);
	const isHolder = targets.some((target) => "stored" in target && target.stored.kind === "present" && target.stored.provenance?.tokenId === tokenId);
	const unknown = targets.find((target) => "failure" in target);
	if (!isHolder && unknown !== void 0) throw new Failure(reason(unknown.failure), { cause: unknown.failure });
	return isHolder;
}
async function login({ organizationGuid }, signal) {
	const { credential, certificates } = loadCleanupInputs();
	const send = createSend(createDispatcher(certificates), signal);
	const organization = organizationGuid === void 0 ? credential.organization : { guid: organizationGuid };
	return (await openDedicated(send, {
		...credential,
		organization
	})).issuer(send);
}
async function findMinted({ tokenId, description }, issuer) {
	if (tokenId !== void 0) return [tokenId];
	return (await issuer.list()).filter((one) => one.description === description).map(({ id }) => id);
}
function subject({ phase, superseded, tokenId, description }) {
	if (phase === "revoking") return `Of the replaced tokens ${superseded.join(", ")} some may be`;
	return tokenId === void 0 ? `A token described "${description}" may be` : `The token ${tokenId} is`;
}
/** What a person can do where this step cannot: a passcode logs in once. */
function cure({ phase, tokenId }) {
	const id = phase === "revoking" ? "<id>" : tokenId ?? "<id>";
	return `Revoke it yourself: DELETE ${`${loadCleanupInputs().credential.registryEndpoint}/api/v1/tokens`}/${id} with the headers Authorization (a UAA token) and Organization (its GUID).`;
}
// src/post.ts
await run();
export {};
