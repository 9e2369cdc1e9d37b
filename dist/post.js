import { B as reason, N as warning, j as info, n as openDedicated, o as loadMint, r as loadCleanupInputs, t as createDispatcher, x as createSend } from "./trust.js";
// src/cleanup.ts
/** Milliseconds; a runner that cancels a job does not wait much longer. */
const TIME = 6e4;
/** The post step: revokes what the main step minted and never wrote. It never fails a job: what it cannot do is a warning. */
async function run() {
	const mint = loadMint();
	if (mint === void 0) return info("No token was minted: nothing to clean up.");
	if (mint.kept) return info("The minted token is in use, or revoked already: nothing to clean up.");
	try {
		await revoke(mint);
	} catch (error) {
		const what = mint.tokenId === void 0 ? `A token described "${mint.description}" may be` : `The token ${mint.tokenId} is`;
		warning(`${what} alive although nothing holds it, and could not be revoked: ${reason(error)}`);
	}
}
async function revoke({ tokenId, description, organizationGuid }) {
	const { credential, certificates } = loadCleanupInputs();
	const send = createSend(createDispatcher(certificates), AbortSignal.timeout(TIME));
	const issuer = (await openDedicated(send, {
		...credential,
		organization: { guid: organizationGuid }
	})).issuer(send);
	const ids = tokenId === void 0 ? await issuer.find(description) : [tokenId];
	for (const id of ids) {
		await issuer.revoke(id);
		info(`The token ${id} was written nowhere: it is revoked.`);
	}
	if (ids.length === 0) info(`No token is described "${description}": nothing to clean up.`);
}
// src/post.ts
await run();
export {};
