import { F as info, L as warning, V as Failure, W as reason, d as survey, i as loadInputs, n as openDedicated, o as loadMint, p as createSend, r as loadCleanupInputs, t as createDispatcher, u as resolveTargets } from "./shared.js";
// src/cleanup.ts
/** Milliseconds; a runner that cancels a job does not wait much longer. */
const TIME = 6e4;
/** The post step: revokes what the main step minted and never wrote. It never fails a job: what it cannot do is a warning. */
async function run() {
	const mint = loadMint();
	if (mint === void 0) return info("No token was minted: nothing to clean up.");
	if (mint.phase === "settled") return info("The minted token is in use, or revoked: nothing to clean up.");
	const { tokenId, description } = mint;
	try {
		const signal = AbortSignal.timeout(TIME);
		if (mint.phase === "writing" && await isHeld(mint, signal)) return info(`The run ended early, but targets hold the token ${tokenId}: the next run goes on with it.`);
		await revoke(mint, signal);
	} catch (error) {
		const what = tokenId === void 0 ? `A token described "${description}" may be` : `The token ${tokenId} is`;
		warning(`${what} alive although nothing may hold it, and was not revoked: ${reason(error)}. ${cure(mint)}`);
	}
}
/** What a person can do where this step cannot: a passcode logs in once. */
function cure({ tokenId = "<id>", organizationGuid }) {
	return `Revoke it yourself: DELETE ${`${loadCleanupInputs().credential.registryEndpoint}/api/v1/tokens`}/${tokenId} with the headers Authorization (a UAA token) and Organization (${organizationGuid}).`;
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
async function revoke({ tokenId, description, organizationGuid }, signal) {
	const { credential, certificates } = loadCleanupInputs();
	const send = createSend(createDispatcher(certificates), signal);
	const issuer = (await openDedicated(send, {
		...credential,
		organization: { guid: organizationGuid }
	})).issuer(send);
	const found = async () => (await issuer.list()).filter((one) => one.description === description).map(({ id }) => id);
	const ids = tokenId === void 0 ? await found() : [tokenId];
	for (const id of ids) {
		await issuer.revoke(id);
		info(`The token ${id} was written nowhere: it is revoked.`);
	}
	if (ids.length === 0) info(`No token is described "${description}": nothing to clean up.`);
}
// src/post.ts
await run();
export {};
