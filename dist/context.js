import { $ as mask, d as saveRecord, n as once, o as startTimeout, rt as ActionError } from "./inputs.js";
import { i as createSend, t as createDispatcher } from "./dispatcher.js";
import { n as createProvider, t as SYSTEM_CLOCK } from "./clock.js";
// src/run/journal.ts
/** From which phase a run may go to which: what the post step has to be prepared for. */
const TRANSITIONS = {
	settled: [
		"minting",
		"writing",
		"revoking",
		"settled"
	],
	minting: [
		"minting",
		"writing",
		"settled"
	],
	writing: [
		"writing",
		"revoking",
		"settled"
	],
	revoking: ["settled"]
};
/** Records how far a run has come before each step that the post step may have to finish or undo. */
var RunJournal = class {
	#phase = "settled";
	#save;
	constructor(save = saveRecord) {
		this.#save = save;
	}
	get phase() {
		return this.#phase;
	}
	/** Before the mint: from now on a token with this description may exist. */
	mintStarts(description) {
		this.#enter("minting", { description });
	}
	minted(mintedId) {
		this.#enter("minting", { mintedId });
	}
	/** Before the first write: from now on targets may hold the token. */
	writeStarts(currentId, superseded) {
		this.#enter("writing", {
			currentId,
			superseded
		});
	}
	/** Before the first revocation. */
	revocationStarts(superseded) {
		this.#enter("revoking", { superseded });
	}
	/** Nothing is left for the post step. */
	settled() {
		this.#enter("settled", {});
	}
	#enter(phase, record) {
		if (!TRANSITIONS[this.#phase].includes(phase)) throw new ActionError("internal-error", `This is a bug in registry-pull-secret: ${phase} after ${this.#phase}`);
		this.#phase = phase;
		this.#save({
			...record,
			phase
		});
	}
};
// src/run/ownership.ts
/** Asks the issuer, once per stored token, whether this action minted it: anyone who may edit a secret can edit its annotations. */
var OwnershipCheck = class {
	#issuer;
	#responses = /* @__PURE__ */ new Map();
	constructor(issuer) {
		this.#issuer = issuer;
	}
	/** @returns by the id of the token; `foreign` only when the issuer confirms none of its stored values */
	async of(references) {
		const owned = /* @__PURE__ */ new Map();
		for (const reference of references) {
			const ownership = await this.#ask(reference);
			if ((owned.get(reference.id) ?? "foreign") === "foreign") owned.set(reference.id, ownership);
		}
		return owned;
	}
	async #ask({ id, value }) {
		const key = JSON.stringify([id, value]);
		const known = this.#responses.get(key);
		if (known !== void 0) return await known;
		const asked = this.#issuer().then((issuer) => issuer.confirm({
			id,
			value: mask(value)
		})).then(ownershipOf);
		this.#responses.set(key, asked);
		asked.catch(() => this.#responses.delete(key));
		return await asked;
	}
};
function ownershipOf(confirmation) {
	if (confirmation === "match") return "ours";
	return confirmation === "gone" ? "gone" : "foreign";
}
// src/run/context.ts
/** An unused token can be revoked for so long, even after the deadline of the run. */
const CLEANUP_TIMEOUT_MS = 3e4;
/** @param own what tests replace */
function createContext(inputs, report, own = {}) {
	const provider = createProvider(inputs.credential);
	const { clock = SYSTEM_CLOCK, signal = startTimeout(inputs.timeoutMs) } = own;
	const dispatcher = createDispatcher(inputs.certificates);
	const send = createSend(dispatcher, signal);
	const cleanupSend = () => createSend(dispatcher, AbortSignal.timeout(CLEANUP_TIMEOUT_MS));
	const session = once(() => provider.open(send));
	const issuer = async () => (await session()).issuer(send);
	return {
		inputs,
		signal,
		send,
		provider,
		session,
		issuer,
		cleanupIssuer: async () => (await session()).issuer(cleanupSend()),
		ownership: new OwnershipCheck(issuer),
		journal: new RunJournal(),
		report,
		clock
	};
}
export { createContext };
