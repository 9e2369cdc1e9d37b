import { Tn as ActionError, c as once, cn as mask, u as saveRecord } from "./inputs.js";
import { f as createDispatcher, n as connectClusters, p as createSend } from "./read-targets.js";
import { n as createProvider, t as SYSTEM_CLOCK } from "./clock.js";
import { r as mintOf } from "./token-description.js";
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
		"minting",
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
/**
* Asks the issuer which tokens this action minted: anyone who may edit a secret can edit what it records. Each question is
* asked once.
*/
var OwnershipCheck = class {
	#issuer;
	#purpose;
	#ownership = /* @__PURE__ */ new Map();
	#listed;
	constructor(issuer, purpose) {
		this.#issuer = issuer;
		this.#purpose = purpose;
	}
	/** Of which tokens the run is in charge. */
	scopeOf(targets) {
		return {
			...this.#purpose,
			clusters: [...new Set(targets.map(({ cluster }) => cluster.identity))]
		};
	}
	/** After a mint, and where a concurrent run may have minted: tokens are listed again when they are needed again. */
	refresh() {
		this.#listed = void 0;
	}
	/** The tokens that are alive and that this action minted for these targets, or others of their clusters, by id. */
	async live(targets) {
		const scope = this.scopeOf(targets);
		const tokens = (await this.#list()).flatMap(({ id, description }) => {
			const mint = mintOf(description, scope);
			return mint === void 0 ? [] : [[id, {
				...mint,
				description
			}]];
		});
		return new Map(tokens);
	}
	/**
	* @returns by the id of the token; `ours` only when the issuer confirms one of its stored values, and its description is
	*   for these clusters
	*/
	async of(references, targets) {
		const owned = /* @__PURE__ */ new Map();
		for (const reference of references) {
			const ownership = await this.#ask(reference, targets);
			if ((owned.get(reference.id) ?? "foreign") === "foreign") owned.set(reference.id, ownership);
		}
		return owned;
	}
	/** What the issuer says of the mint of a stored token; undefined when it is not `ours`. */
	async mintOf(stored, targets) {
		return await this.#ask(stored, targets) === "ours" ? (await this.live(targets)).get(stored.id) : void 0;
	}
	async #ask({ id, value }, targets) {
		const key = JSON.stringify([id, value]);
		const known = this.#ownership.get(key);
		if (known !== void 0) return await known;
		const asked = this.#confirm({
			id,
			value: mask(value, id)
		}, targets);
		this.#ownership.set(key, asked);
		asked.catch(() => this.#ownership.delete(key));
		return await asked;
	}
	async #confirm(stored, targets) {
		const confirmation = await (await this.#issuer()).confirm(stored);
		if (confirmation !== "match") return confirmation === "gone" ? "gone" : "foreign";
		if ((await this.live(targets)).has(stored.id)) return "ours";
		this.refresh();
		return (await this.live(targets)).has(stored.id) ? "ours" : "foreign";
	}
	async #list() {
		this.#listed ??= this.#issuer().then((issuer) => issuer.list());
		const listed = this.#listed;
		listed.catch(() => this.refresh());
		return await listed;
	}
};
// src/run/context.ts
/** An unused token can be revoked for so long, even after the deadline of the run. */
const CLEANUP_TIMEOUT_MS = 3e4;
/** @param own the signal of the run, and what tests replace */
function createContext(inputs, report, own) {
	const ownership = new OwnershipCheck(async () => await issuer(), {
		description: inputs.description,
		secretName: inputs.secret?.name
	});
	const provider = createProvider(inputs.credential);
	const { clock = SYSTEM_CLOCK, signal } = own;
	const dispatcher = createDispatcher(inputs.certificates, inputs.proxies);
	const { countRequest: onRequest } = report.timeline;
	const send = createSend(dispatcher, signal, { onRequest });
	const cleanupSend = () => createSend(dispatcher, AbortSignal.timeout(CLEANUP_TIMEOUT_MS), { onRequest });
	const session = once(() => provider.open(send, signal));
	const issuer = async () => (await session()).issuer(send);
	return {
		inputs,
		signal,
		send,
		clusters: inputs.targets === void 0 ? [] : connectClusters({
			...inputs.targets,
			onRequest
		}, signal),
		provider,
		session,
		issuer,
		cleanupIssuer: async () => (await session()).issuer(cleanupSend()),
		ownership,
		provided: void 0,
		login: {
			owner: inputs.owner,
			username: inputs.registry.username,
			provided: void 0
		},
		journal: new RunJournal(),
		report,
		clock
	};
}
export { createContext };
