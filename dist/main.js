import { G as warning, J as mask, M as once, O as DAY_MS, Ot as require__builtin_crypto, R as debug, St as reason, V as info, W as printable, Y as maskBasic, _t as ActionError, a as withSuggestion, bt as actionErrorOf, ct as isObject, d as saveRecord, dt as MAX_TIMER_MS, ft as abortError, h as WAIT_FOR_PULLS, i as suggestionOf, it as asObject, k as daysSince, l as require__builtin_v8, o as isNotFound, ot as asText, pt as delay, r as excerptOf, s as runProgram, vt as ActionErrors, w as compareTexts, x as formatCount, xt as actionErrorsOf, yt as InputError } from "./runner.js";
import { c as HttpError, d as UnexpectedResponse, f as isForbidden, i as header, l as NetworkError, m as createDispatcher, n as createSend, o as acceptNamedServer, p as isOutcomeUnknown } from "./http.js";
import { $t as createDiscovery, At as hostProblem, B as readSecret, Dt as findKey, Et as shortLifeOf, Ht as isLoopback, K as conflictingRecords, Nt as tooManyHosts, Ot as hostOf, Pt as loginOf, R as placeOf, St as referenceOf, Tt as secretOf, U as ownPending, X as isOwn, Xt as placeObject, Yt as isNamespace, Z as ownRecords, _ as clustersOf, _t as TAG, a as isReady, b as passwordOf, bt as imagePrefix, c as candidateOf, d as newerThan, en as groupOf, f as selectCandidates, g as holdsCredential, gt as REPOSITORY, h as mintOf, i as isMarkable, in as groupKind, kt as LOG_IN, l as clusterSkipReason, m as hostsText, mt as keysForNodes, n as failedTarget, o as isSamePlace, p as describeMint, r as isFailed, rt as isMatched, s as nextRotation, st as isServiceAccount, u as mintSkipReason, v as scopeOf, wt as knownLifeOf, x as providedTokenId, xt as matchesImage, y as isProvided, yt as imageAt } from "./inputs.js";
import { A as listHolders, B as secretPermissions, C as SYSTEM_CLOCK, D as readTargets, E as isAborted, F as accountPermissions, I as describePermissions, L as permissionsToCreate, N as createProvider, O as withoutVanished, P as ACCOUNT, R as permissionsToObserve, S as waitForInFlightPulls, T as connectClusters, U as lookUpBriefly, V as verbsToApply, a as writeAll, b as accountsLacking, d as hasLastApplied, i as newestConflict, k as observeTargets, l as describePullSecrets, m as ROLLOUTS, n as readSourceSecret, o as attachAll, p as mintOnce, r as isUnrecorded, t as lacksHosts, u as changePending, w as confirmClusters, x as readAccounts, y as NO_ACCOUNTS } from "./run.js";
// src/permissions/access-review.ts
/**
* Asks the API servers, before anything is minted, whether the users of the kubeconfig may do what the run is about to do
* (SelfSubjectAccessReview). A target where one may not fails alone; targets that lack the same permissions share one error,
* with the Role that grants them and what else runs with these inputs need.
* https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
* @param requirementOf what a target needs; nothing is asked for a target that needs nothing
*/
async function checkPermissions(targets, requirementOf) {
	const denied = /* @__PURE__ */ new Map();
	const byCluster = Map.groupBy(targets, ({ cluster }) => cluster);
	await Promise.all([...byCluster].map(async ([cluster, group]) => {
		const demands = group.map((target) => ({
			target,
			...requirementOf(target)
		})).filter(({ checked }) => checked.length > 0);
		for (const [target, error] of await review(cluster, demands)) denied.set(target, failedTarget(target, error));
	}));
	return targets.map((target) => denied.get(target) ?? target);
}
async function review(cluster, demands) {
	const general = demands.length > 8 ? await grantedIn(cluster, "", unique$1(demands.flatMap(({ checked }) => checked))) : [];
	const everywhere = new Set(general.map(keyOf$2));
	const refused = (await Promise.all(demands.map(async (demand) => {
		const { target, checked } = demand;
		const open = checked.filter((permission) => !everywhere.has(keyOf$2(permission)));
		const granted = new Set(await grantedIn(cluster, target.namespace, open));
		return {
			...demand,
			missing: open.filter((permission) => !granted.has(permission))
		};
	}))).filter(({ missing }) => missing.length > 0);
	const alike = Map.groupBy(refused, ({ granted, missing }) => [
		...missing.map(keyOf$2),
		"|",
		...granted.map(keyOf$2)
	].join(" "));
	return (await Promise.all([...alike.values()].map(async (group) => {
		const failure = await denial(cluster, group);
		return group.map(({ target }) => [target, failure]);
	}))).flat();
}
async function denial(cluster, group) {
	const places = group.map(({ target }) => ({
		namespace: target.namespace,
		existence: existenceOf(target)
	})).sort((one, other) => compareTexts(one.namespace, other.namespace));
	const namespaces = places.map(({ namespace }) => namespace);
	const [{ missing, granted }] = group;
	const { rolesFor } = await import("./role.js");
	return new ActionError("permission-missing", `The kubeconfig user for cluster ${cluster.name} is not allowed to ${describePermissions(missing)} in ${enumerate(namespaces)}`, {
		hint: `Check \`namespaces\`, or apply the Role at the end of the log and in the job summary.${describeUnknown(places)}`,
		details: {
			cluster: cluster.name,
			manifest: rolesFor(granted, places, await userOf(cluster))
		}
	});
}
function existenceOf(target) {
	if (target.status === "ready" && target.namespaceToCreate !== void 0) return "missing";
	return target.isNamespaceUnknown ? "unknown" : "exists";
}
/** Which of these namespaces may not exist; empty when they do. */
function describeUnknown(places) {
	const unknown = places.filter(({ existence }) => existence === "unknown").map(({ namespace }) => namespace);
	if (unknown.length === 0) return "";
	return ` The user is not allowed to read whether ${enumerate(unknown)} exist${unknown.length === 1 ? "s" : ""}: create what is missing first.`;
}
const MAX_NAMED_NAMESPACES = 5;
function enumerate(namespaces) {
	const [only] = namespaces;
	if (namespaces.length === 1) return `namespace ${only}`;
	const rest = namespaces.length - MAX_NAMED_NAMESPACES;
	return `namespaces ${namespaces.slice(0, MAX_NAMED_NAMESPACES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
/** @param namespace empty: in all of them */
async function grantedIn(cluster, namespace, permissions) {
	const responses = await Promise.all(permissions.map(async (permission) => await isGranted(cluster, namespace, permission)));
	return permissions.filter((_, index) => responses[index]);
}
/** A user who may not even ask is not refused for that, nor is one without a response: the write itself decides. */
async function isGranted(cluster, namespace, { isClusterScoped, ...permission }) {
	try {
		const response = await cluster.request({
			operation: `check the permissions of the user in cluster ${cluster.name}`,
			method: "POST",
			path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
			body: {
				apiVersion: "authorization.k8s.io/v1",
				kind: "SelfSubjectAccessReview",
				spec: { resourceAttributes: {
					namespace: isClusterScoped ? "" : namespace,
					...permission
				} }
			}
		});
		return asObject(response.json().status).allowed === true;
	} catch (error) {
		if ([
			HttpError,
			NetworkError,
			UnexpectedResponse
		].some((kind) => error instanceof kind)) return namespace !== "";
		throw error;
	}
}
/** How the API server calls the user; undefined where it has no SelfSubjectReview (before Kubernetes 1.28). */
async function userOf(cluster) {
	const response = await cluster.request({
		operation: `read the name of the user in cluster ${cluster.name}`,
		method: "POST",
		path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
		body: {
			apiVersion: "authentication.k8s.io/v1",
			kind: "SelfSubjectReview"
		}
	}).catch(() => void 0);
	return asText(asObject(asObject(response?.json().status).userInfo).username);
}
function unique$1(permissions) {
	return [...new Map(permissions.map((permission) => [keyOf$2(permission), permission])).values()];
}
function keyOf$2({ verb, group, resource, name = "" }) {
	return [
		verb,
		group,
		resource,
		name
	].join("/");
}
// src/permissions/workload.ts
/**
* The permissions to apply manifests in these namespaces and to wait for them. What is missing in other namespaces or for
* cluster-scoped objects shows when they are applied, as does a kind that does not exist.
*/
async function workloadPermissions(server, namespaces, { objects, isAwaited, recreate }) {
	const discover = createDiscovery(server, objects);
	return (await Promise.all(objects.map((object) => placeObject(object, {
		objects,
		namespaces,
		discover
	}).catch(() => [])))).flat().filter(({ namespace }) => namespaces.includes(namespace)).map(({ object, resource, namespace }) => {
		const kind = groupKind(object);
		const isFollowed = isAwaited && kind in ROLLOUTS;
		const verbs = verbsToApply({
			isFollowed,
			isRecreated: recreate.some((one) => one === kind)
		});
		const applied = {
			group: groupOf(object.apiVersion),
			resource: resource.plural,
			name: object.metadata.name
		};
		return {
			namespace,
			required: verbs.map((verb) => ({
				verb,
				...applied
			})),
			optional: [{
				verb: "get",
				...applied
			}, ...isFollowed ? permissionsToObserve({
				...applied,
				kind: object.kind
			}) : []]
		};
	});
}
// src/permissions/required.ts
/**
* What a run needs in each target: for the secret and its service accounts, and for the manifests. Where the API server
* refused to let the user read, all of it may be missing.
*/
async function permissionsNeeded(targets, { secret, deploy, dryRun }, held) {
	const open = targets.filter((target) => target.status !== "failed" || isForbidden(target.error));
	const byCluster = [...Map.groupBy(open, ({ cluster }) => cluster)];
	const required = await Promise.all(byCluster.map(async ([cluster, group]) => {
		if (deploy === void 0) return [];
		return (await workloadPermissions(cluster, group.map(({ namespace }) => namespace), {
			...deploy,
			isAwaited: deploy.waitTimeoutMs > 0 && !dryRun
		})).map((one) => ({
			target: keyOf$1(cluster, one.namespace),
			...one
		}));
	}));
	const toDeploy = Map.groupBy(required.flat(), ({ target }) => target);
	const isOpen = new Set(open);
	return (target) => {
		if (!isOpen.has(target)) return NOTHING;
		const deployed = toDeploy.get(keyOf$1(target.cluster, target.namespace)) ?? [];
		return {
			checked: [
				...permissionsToCreate(target),
				...secret === void 0 ? [] : permissionsToWrite(target, secret, held),
				...deployed.flatMap(({ required }) => required)
			],
			granted: [...secret === void 0 ? [] : secretPermissions(secret, false), ...deployed.flatMap(({ required, optional }) => [...required, ...optional])]
		};
	};
}
/**
* What the run still needs to write the pull secret to a target and to its service accounts. Nothing where the target has
* both already: a run that has nothing to write asks for nothing. Where they could not be read, all of it may be missing.
*/
function permissionsToWrite(target, secret, { tokenId, accounts }) {
	if (!holds(target, tokenId)) return secretPermissions(secret, target.status === "ready" && target.stored.kind === "present");
	const lacking = accountsLacking(accounts, target, secret);
	if (lacking === void 0) return accountPermissions(secret);
	return lacking.map((name) => ({
		verb: "patch",
		...ACCOUNT,
		name
	}));
}
/** Whether a target holds the credential. */
function holds(target, tokenId) {
	const stored = target.status === "ready" ? target.stored : void 0;
	return tokenId !== void 0 && stored?.kind === "present" && stored.records.some((one) => one.tokenId === tokenId);
}
const NOTHING = {
	checked: [],
	granted: []
};
function keyOf$1({ identity }, namespace) {
	return `${identity}/${namespace}`;
}
// src/registry/challenge.ts
/** The challenge of a 401 response. Bearer is preferred: with Basic the password itself goes to the registry. */
function challengeOf(response) {
	const challenges = response.status === 401 ? parseChallenges(header(response, "www-authenticate") ?? "") : [];
	return challenges.find(({ scheme }) => scheme === "bearer") ?? challenges[0];
}
/**
* Parses a `WWW-Authenticate` header with one or more challenges. It accepts what real registries send beyond the
* grammar of RFC 9110: any whitespace around `,` and `=`, empty list elements, and a missing closing quote at the end.
*/
function parseChallenges(header) {
	const challenges = [];
	for (const [, name = "", quoted, plain] of header.matchAll(/([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s,"]*)))?/g)) {
		const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
		const current = challenges.at(-1);
		if (value === void 0) challenges.push({
			scheme: name.toLowerCase(),
			parameters: {}
		});
		else if (current !== void 0) current.parameters[name.toLowerCase()] = value;
	}
	return challenges;
}
// src/registry/client.ts
/** Statuses that say something about a credential. `Send` retries 429 and 5xx, which do not, and then throws them. */
const CONCLUSIVE_STATUSES = [
	400,
	401,
	403,
	404,
	405,
	406,
	410,
	412,
	422,
	451
];
/** Beyond 2xx: https://www.rfc-editor.org/rfc/rfc9110#section-15 */
const ALL_STATUSES = Array.from({ length: 300 }, (_, index) => 300 + index);
/**
* Sends `GET /v2/`, by which a client recognizes a registry.
* @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support
* @param server a host of a docker config, with or without a scheme. A loopback host without one is tried over https,
* then over http.
* @throws HttpError | NetworkError
*/
async function connectRegistry(send, server) {
	let firstError;
	const origins = originsOf(server);
	for (const [index, origin] of origins.entries()) try {
		const ping = await send({
			service: "registry",
			operation: `reach registry ${printable(server)}`,
			url: `${origin}/v2/`,
			expectedStatuses: CONCLUSIVE_STATUSES,
			...index < origins.length - 1 && { maxAttempts: 1 }
		});
		return createRegistry(send, {
			origin,
			ping,
			challenge: challengeOf(ping)
		});
	} catch (error) {
		if (!(error instanceof NetworkError)) throw error;
		firstError ??= error;
	}
	throw firstError;
}
function createRegistry(send, connection) {
	const { origin, ping, challenge } = connection;
	return {
		origin,
		host: new URL(origin).host,
		ping,
		challenge,
		async send(request) {
			const authorization = await authorize(send, connection, request);
			if (typeof authorization === "object") return {
				from: "token-server",
				response: authorization
			};
			return {
				from: "registry",
				response: await send({
					...request.limits,
					service: "registry",
					operation: request.operation,
					method: request.method ?? "GET",
					url: origin + request.path,
					expectedStatuses: request.returnsAnyStatus ? ALL_STATUSES : CONCLUSIVE_STATUSES,
					...request.accept && { headers: { accept: request.accept } },
					...authorization && { credentials: { authorization } }
				})
			};
		},
		withChallenge: (challenge) => createRegistry(send, {
			...connection,
			challenge
		})
	};
}
/**
* The `Authorization` header of a request: a bearer token from the token server of the challenge, or the login itself
* where the challenge is Basic.
* @see https://distribution.github.io/distribution/spec/auth/token/
* @returns the response of the token server when it refuses to issue a token
* @throws UnexpectedResponse when it says neither
*/
async function authorize(send, { origin, ping, challenge }, { login, scope, limits }) {
	const { host } = new URL(origin);
	const basic = login && `Basic ${maskBasic(login.username, login.password)}`;
	if (challenge?.scheme !== "bearer") return basic;
	const url = tokenUrl(challenge, origin);
	if (url === void 0) throw ping.unexpected("its challenge names no token server");
	const operation = login ? `log in to registry ${host}` : `get an anonymous token for registry ${host}`;
	acceptNamedServer({
		operation,
		from: new URL(origin),
		to: url,
		role: "token server"
	});
	if (scope !== void 0) url.searchParams.set("scope", scope);
	const response = await send({
		...limits,
		service: "registry",
		operation,
		url,
		expectedStatuses: CONCLUSIVE_STATUSES,
		...basic && { credentials: { authorization: basic } }
	});
	if (response.credentialsDropped) {
		const problem = `${url.host} redirected there, and the credential is not sent to another origin`;
		throw response.unexpected(problem, TOKEN_SERVER_HINT);
	}
	if (response.status !== 200) return response;
	const { token, access_token } = response.json();
	const value = asText(token) ?? asText(access_token);
	if (value === void 0 || !BEARER_TOKEN.test(value)) throw response.unexpected("its body has no usable token", TOKEN_SERVER_HINT);
	return `Bearer ${mask(value, login?.username)}`;
}
/** What a header can have; more than https://www.rfc-editor.org/rfc/rfc6750#section-2.1 allows. */
const BEARER_TOKEN = /^[\x21-\x7e]+$/;
const TOKEN_SERVER_HINT = "The token server of the registry did not respond as one. Run the job again later, or ask the operators of the registry.";
function tokenUrl({ parameters: { realm, service } }, origin) {
	if (!realm || !URL.canParse(realm, origin)) return void 0;
	const url = new URL(realm, origin);
	if (service !== void 0) url.searchParams.set("service", service);
	return url;
}
/** Where a registry is asked first; undefined where that is to be found out. */
function knownOrigin(server) {
	const [origin = "", ...others] = originsOf(server);
	return others.length === 0 ? URL.parse(origin) ?? void 0 : void 0;
}
/** @see https://github.com/distribution/reference/blob/main/normalize.go for Docker Hub's two names */
function originsOf(server) {
	const [, scheme, host = ""] = /^(https?:\/\/)?([^/]*)/.exec(server) ?? [];
	if (host === "docker.io" || host === "index.docker.io") return ["https://registry-1.docker.io"];
	if (scheme !== void 0) return [scheme + host];
	const hostname = host.replace(/:\d+$/, "");
	return isLoopback(hostname) ? [`https://${host}`, `http://${host}`] : [`https://${host}`];
}
// src/run/connect-early.ts
/** Opens connections to the registries that are to verify a credential, while the run does something else. */
function connectToRegistries({ inputs, openEarly }) {
	if (!inputs.verify || inputs.dryRun) return;
	for (const server of inputs.registry.servers) {
		const origin = knownOrigin(server);
		if (origin !== void 0) openEarly(origin);
	}
}
/** Opens a connection to the service where the run is to log in, while it does something else. */
function connectToIssuer({ inputs, provider, openEarly }) {
	if (provider.endpoint !== void 0 && !inputs.dryRun) openEarly(new URL(provider.endpoint));
}
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
/** A cluster that does not respond leaves the others most of the `timeout`. */
const FIRST_RESPONSE_SHARE = 1 / 4;
/** One cluster alone may take all of it. */
function firstResponseLimit({ targets }, timeoutMs = Number.POSITIVE_INFINITY) {
	const limitMs = Math.ceil(timeoutMs * FIRST_RESPONSE_SHARE);
	return targets !== void 0 && targets.contexts.length > 1 && limitMs < MAX_TIMER_MS ? limitMs : void 0;
}
async function createContext(inputs, report, own) {
	const ownership = new OwnershipCheck(async () => await issuer(), {
		description: inputs.description,
		secretName: inputs.secret?.name
	});
	const provider = await createProvider(inputs.credential);
	const { clock = SYSTEM_CLOCK, signal, early, timeoutMs } = own;
	const firstResponseLimitMs = firstResponseLimit(inputs, timeoutMs);
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
		openEarly: dispatcher.openEarly,
		clusters: inputs.targets === void 0 ? [] : connectClusters({
			...inputs.targets,
			onRequest,
			early,
			firstResponseLimitMs
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
		refusals: /* @__PURE__ */ new Map(),
		journal: new RunJournal(),
		report,
		clock
	};
}
// src/registry/verification.ts
const VERIFIED_HINTS = {
	"image-missing": "Check `verify-image`: its namespace, name and tag, and that the image is in this registry and not in another region.",
	"image-public": "Set `verify-image` to a private image.",
	"no-login-required": "Set `verify-image` to a private image, for which the registry requires a login, and check `docker-server`."
};
function verified(kind, { suggestion, ...subject }) {
	const hint = VERIFIED_HINTS[kind];
	return {
		status: "verified",
		kind,
		...subject,
		hint: hint && withSuggestion(hint, suggestion)
	};
}
const REFUSAL_CODES = {
	refused: "registry-login-failed",
	forbidden: "registry-access-denied",
	quota: "registry-quota-exceeded",
	"private-network": "registry-private-network",
	unreachable: "registry-unreachable"
};
/** For a registry that only the nodes reach. */
const VERIFY_HINT = "If the nodes reach this registry and this runner cannot, set `verify: false`.";
const REFUSAL_HINTS = {
	refused: "Check the credential: it is wrong, revoked or expired, or its account is not active.",
	forbidden: "Grant the credential permission to pull from that namespace, or set `verify-image` to an image that it may pull.",
	quota: "Raise the pull traffic quota, or wait for the next month. The credential is valid: rotating it does not help.",
	"private-network": `Run this job inside the private network, with the private host name of the registry. The credential is valid. ${VERIFY_HINT}`,
	unreachable: `The registry is not reachable from this runner, by its own rules: check \`docker-server\`, allow the address of this runner, or run this job in the network of the registry. ${VERIFY_HINT}`
};
/**
* For a 403 to a login: GitHub Packages returns it for an expired password (https://github.com/akuity/kargo/pull/778),
* others for a login without permissions.
*/
const LOGIN_FORBIDDEN_HINT = "Check that the credential is right, and that it has permission to pull from this registry.";
/**
* A response in which a registry or its token server refuses a credential. Its body can tell that the credential is not
* the reason, although the status is that of a refused one: IBM Cloud Container Registry reports quota and network
* restrictions in this way (https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-access-denied).
* @param kind what the status means when the body says nothing more specific
*/
function refusal(kind, response, hint) {
	const cause = response.error();
	const actual = specificRefusal(cause) ?? kind;
	return {
		status: "failed",
		kind: actual,
		error: new ActionError(REFUSAL_CODES[actual], cause.message, {
			hint: (actual === kind ? hint : void 0) ?? REFUSAL_HINTS[actual],
			details: cause.details,
			cause
		})
	};
}
/** What servers say, by whole phrases: their messages also quote names of projects, robots and policies. */
const SPECIFIC_REFUSALS = [
	["quota", /\bpull traffic quota\b/i],
	["private-network", /\baccess this account over the private network\b/i],
	["unreachable", /\bclient with IP \S+ is not allowed access\b/i],
	["refused", /\byour authorization token has expired\b/i]
];
function specificRefusal({ serverMessage }) {
	return SPECIFIC_REFUSALS.find(([, pattern]) => pattern.test(serverMessage))?.[0];
}
/** Where no request got through, other runners may be let in. A certificate or protocol error is the same for all of them. */
function unavailable(cause) {
	if (!(cause instanceof NetworkError) || cause.permanent) return {
		status: "failed",
		kind: "unavailable",
		error: cause
	};
	const { code, message, details } = cause;
	const hint = `The registry is not reachable from this runner. ${cause.hint} ${VERIFY_HINT}`;
	return {
		status: "failed",
		kind: "unreachable",
		error: new ActionError(code, message, {
			hint,
			details,
			cause
		})
	};
}
/**
* The response of another origin, which did not get the login.
* @param host of the registry that redirected there
*/
function redirectedElsewhere(host, response) {
	const problem = `${host} redirected there, and the credential is not sent to another origin`;
	return unavailable(response.unexpected(problem, "If you trust the address that the registry redirects to, use its host as `docker-server`. Otherwise ask the operators of the registry."));
}
/**
* A server that forbids `GET /v2/` without saying how to log in does not judge a credential. Firewalls of registries respond
* like this.
* @param ping the response to `GET /v2/`
*/
function notLetIn(ping) {
	const cause = ping.error();
	return {
		status: "failed",
		kind: "unreachable",
		error: new ActionError("registry-unreachable", cause.message, {
			hint: REFUSAL_HINTS.unreachable,
			details: cause.details,
			cause
		})
	};
}
/** @param ping the response to `GET /v2/` */
function notARegistry(ping) {
	const what = ping.status === 200 ? "a web page" : `status ${ping.status} and no login challenge`;
	const cause = ping.unexpected(`with ${what}: it is not a registry`);
	return {
		status: "failed",
		kind: "not-a-registry",
		error: new ActionError("registry-unexpected-response", cause.message, {
			hint: "Check `docker-server` and `registry-endpoint`: a registry responds to GET /v2/ with 200, or with 401 and a login challenge.",
			details: {
				...cause.details,
				status: ping.status
			},
			cause
		})
	};
}
// src/registry/try-login.ts
/** Presents a login to `GET /v2/`, or to the token server that the registry names. */
async function tryLogin(registry, login) {
	const operation = `log in to registry ${registry.host}`;
	const { response } = await registry.send({
		operation,
		login,
		path: "/v2/"
	});
	if (response.credentialsDropped) return redirectedElsewhere(registry.host, response);
	return response.status === 200 ? "accepted" : loginRefusal(response);
}
/**
* What a registry or its token server says of a login that it did not accept. Only these statuses are about the credential: a
* server may also be down, misconfigured, or behind a proxy that responds in its place.
*/
function loginRefusal(response) {
	if (refusesLogin(response)) return refusal("refused", response);
	if (response.status === 403) return refusal("forbidden", response, LOGIN_FORBIDDEN_HINT);
	return unavailable(response.error("Run the job again later, or ask the operators of the registry."));
}
/**
* Codes of a 400 that refuses a login. IBM Cloud Container Registry returns `UNSUPPORTED` to an unknown user name.
* @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
* @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
*/
const LOGIN_ERRORS = [
	"unauthorized",
	"denied",
	"unsupported",
	"invalid_grant",
	"invalid_client"
];
/**
* Whether the response is that to a login which is wrong or missing. A 400 without a code is one as well, which IBM documents for a wrong
* user name or password; but web servers return a page with it, for example for a header that is too large.
* @see https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access
*/
function refusesLogin(response) {
	if (response.status !== 400) return response.status === 401;
	const { serverCode } = response.error().details;
	if (serverCode === void 0) return !/^\s*</.test(response.text);
	return LOGIN_ERRORS.includes(String(serverCode).toLowerCase());
}
// src/registry/anonymous-pull.ts
/** As of every other request. */
const MAX_REDIRECTS = 5;
/** One for all attempts of a verification: they differ in the login only. */
function createAnonymousPull() {
	let early;
	const send = (registry, request, maxRedirects) => lookUpBriefly("whether the image is public", (limits) => registry.send({
		...request,
		limits: {
			...limits,
			maxRedirects
		}
	}));
	return {
		start(registry, headRequest) {
			early ??= send(registry, headRequest, 0);
		},
		async access(registry, request) {
			const known = request.method === "HEAD" ? accessOf(await early) : "unknown";
			return known === "unknown" ? accessOf(await send(registry, request, MAX_REDIRECTS)) : known;
		}
	};
}
function accessOf(result) {
	if (result === void 0) return "unknown";
	const { from, response } = result;
	if (from === "registry" && response.status === 200) return "allowed";
	return from === "registry" && response.status === 404 || response.status === 403 || refusesLogin(response) ? "refused" : "unknown";
}
// src/registry/manifest-request.ts
/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const MANIFEST_TYPES = [
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.docker.distribution.manifest.v2+json"
].join(", ");
/** The first request of a pull, without a login. */
function manifestRequest({ host }, image) {
	return {
		operation: `read the manifest of ${shortName(image)} in registry ${host}`,
		path: `/v2/${image.repository}/manifests/${image.reference}`,
		scope: `repository:${image.repository}:pull`,
		accept: MANIFEST_TYPES
	};
}
function shortName({ repository, reference }) {
	return `${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
}
// src/registry/suggest-image.ts
/** Of a larger list, the beginning is enough; registries refuse more than this. */
const PAGE_SIZE = 1e3;
/** https://github.com/distribution/reference/blob/main/reference.go */
const MAX_REPOSITORY_LENGTH = 255;
/**
* One sentence about the tags that a repository has or, where it does not exist, about repositories with a similar name. Only
* what `login` sees is listed. It does not fail, and it is safe to print.
*/
async function suggestImage(registry, missing) {
	const { repository, reference } = missing.image;
	return await lookUpBriefly(`tags of ${repository} at ${registry.host}`, async (limits) => {
		const tags = await listTags(registry, missing, limits);
		if (tags === void 0) return void 0;
		if (tags.length === 0) return await suggestFrom(registry, missing, limits);
		return suggestionOf({
			kind: `tags of ${repository}`,
			wanted: reference,
			names: tags,
			otherwise: "last"
		});
	});
}
/** As `suggestImage`, for an image that a node did not find at a registry. */
async function suggestImageAt(send, { server, ...missing }) {
	return await lookUpBriefly(`images at registry ${server}`, async (limits) => {
		return await suggestImage(await connectRegistry((request) => send({
			...request,
			...limits
		}), server), missing);
	});
}
/** As `suggestImage`, for a repository that `login` must not pull from: it may not exist. */
async function suggestRepository(registry, missing) {
	const what = `repositories like ${missing.image.repository} at ${registry.host}`;
	return await lookUpBriefly(what, (limits) => suggestFrom(registry, missing, limits));
}
async function suggestFrom(registry, missing, limits) {
	const names = (await missing.listRepositories?.(registry.origin, limits) ?? await listCatalog(registry, missing, limits)).filter((name) => name.length <= MAX_REPOSITORY_LENGTH && REPOSITORY.test(name));
	const { repository } = missing.image;
	if (names.includes(repository)) return void 0;
	return suggestionOf({
		kind: "repositories",
		wanted: repository,
		names,
		otherwise: "first"
	});
}
/**
* @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
* @returns none where the repository does not exist, and undefined where nothing is known about it
*/
async function listTags(registry, { login, image: { repository, reference } }, limits) {
	const { from, response } = await registry.send({
		operation: `list the tags of ${repository} in registry ${registry.host}`,
		path: `/v2/${repository}/tags/list?n=${PAGE_SIZE}`,
		scope: `repository:${repository}:pull`,
		login,
		limits
	});
	if (from === "registry" && response.status === 404) return [];
	if (from !== "registry" || response.status !== 200) return void 0;
	return textsIn(response.json().tags).filter((tag) => TAG.test(tag) && tag !== reference).sort(new Intl.Collator("en", { numeric: true }).compare);
}
/** @see https://distribution.github.io/distribution/spec/api/#listing-repositories */
async function listCatalog(registry, { login }, limits) {
	const request = {
		operation: `list the repositories of registry ${registry.host}`,
		path: `/v2/_catalog?n=${PAGE_SIZE}`,
		scope: "registry:catalog:*",
		login,
		limits
	};
	const { from, response } = await registry.send(request);
	return from === "registry" && response.status === 200 ? textsIn(response.json().repositories) : [];
}
/** A registry can ignore the page size. */
function textsIn(value) {
	return (Array.isArray(value) ? value.slice(0, PAGE_SIZE) : []).filter((one) => typeof one === "string");
}
// src/registry/try-pull.ts
/** Reads the manifest of an image with a login, and without one. */
async function tryPull(registry, pull, anonymous) {
	const { login, image } = pull;
	const request = manifestRequest(registry, image);
	const headRequest = {
		...request,
		method: "HEAD"
	};
	anonymous.start(registry, headRequest);
	const isPasswordSent = registry.challenge?.scheme !== "bearer";
	const isPingAnonymous = isPasswordSent && registry.ping.status === 200;
	const early = isPasswordSent && !isPingAnonymous ? await tryLogin(registry, login) : void 0;
	if (typeof early === "object" && early.kind === "refused") return early;
	const { from, response, refusesHead } = await readManifest(registry, pull, isPingAnonymous);
	if (from === "token-server") return loginRefusal(response);
	if (response.status === 200) {
		const access = await anonymous.access(registry, refusesHead ? request : headRequest);
		if (access === "refused") return "can-pull";
		const loggedIn = early ?? await tryLogin(registry, login);
		if (loggedIn !== "accepted") return loggedIn;
		return access === "allowed" ? "image-public" : "anonymous-unknown";
	}
	if (response.credentialsDropped && response.status !== 404) return redirectedElsewhere(registry.host, response);
	if (isPingAnonymous && response.status === 401) return refusal("refused", response);
	const loggedIn = early ?? await tryLogin(registry, login);
	return loggedIn === "accepted" ? withoutManifest(response) : loggedIn;
}
/**
* The response to a HEAD has no body, and some proxies refuse the method: only GET returns the reason.
* @param isOnce whether the login is presented only once
*/
async function readManifest(registry, { login, image }, isOnce) {
	const request = {
		...manifestRequest(registry, image),
		login
	};
	if (isOnce) return {
		...await registry.send(request),
		refusesHead: false
	};
	const head = await registry.send({
		...request,
		method: "HEAD",
		returnsAnyStatus: true
	});
	return head.from === "token-server" || head.response.status === 200 ? {
		...head,
		refusesHead: false
	} : {
		...await registry.send(request),
		refusesHead: true
	};
}
/** The login is accepted: what keeps it from the manifest. */
function withoutManifest(response) {
	const { status } = response;
	if (status === 404) return "image-missing";
	if (status === 401 || status === 403) return refusal("forbidden", response);
	const { serverCode } = response.error().details;
	const hint = IMAGE_ERRORS.includes(String(serverCode)) ? IMAGE_HINT : STATUS_HINTS[status] ?? OTHER_HINT;
	return unavailable(response.error(`The registry accepts the credential. ${hint}`));
}
/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes and, for the tag, its predecessor's. */
const IMAGE_ERRORS = [
	"NAME_INVALID",
	"TAG_INVALID",
	"DIGEST_INVALID",
	"MANIFEST_INVALID",
	"NAME_UNKNOWN",
	"MANIFEST_UNKNOWN"
];
const IMAGE_HINT = "Check `verify-image`: its namespace, name and tag.";
const STATUS_HINTS = {
	410: "Check `verify-image` and `docker-server`: what the registry had there is gone.",
	412: "A policy of the registry blocks the image, for the nodes as well: change the policy, or set `verify-image` to an image that may be pulled.",
	451: "The registry may not serve this image for legal reasons: set `verify-image` to another one."
};
const OTHER_HINT = "Check `verify-image`, or ask the operators of the registry.";
// src/registry/verify.ts
/**
* Delays before a new credential is retried. IAM is eventually consistent, and can reject a key for some seconds:
* https://github.com/IBM-Cloud/terraform-provider-ibm/issues/3561
*/
const RETRY_DELAYS_MS = [
	500,
	1e3,
	2e3,
	4e3,
	8e3
];
/**
* Verifies a credential that was minted by this run. Retries while the registry refuses it, which can be too early.
* @throws ActionError when `signal` aborts
*/
async function verifyNew(send, attempt, signal) {
	const delaysMs = (attempt.retryDelaysMs ?? RETRY_DELAYS_MS).values();
	const anonymous = createAnonymousPull();
	for (;;) {
		const result = await verifyOnce$1(send, attempt, anonymous);
		const { value: delayMs } = delaysMs.next();
		if (result.kind !== "refused" || delayMs === void 0) return result;
		info(`${result.error.message}. A new credential can take some seconds to become valid: retrying in ${delayMs / 1e3} s`);
		await delay(delayMs, `verify the new credential at registry ${attempt.server}`, signal);
	}
}
/**
* Verifies a credential as a pull would use it, without pulling: logs in as the registry's challenge demands, and reads
* the manifest of the image where one is given.
* @throws ActionError when the registry's challenge cannot be followed safely
*/
async function verify(send, attempt) {
	return await verifyOnce$1(send, attempt, createAnonymousPull());
}
async function verifyOnce$1(send, attempt, anonymous) {
	try {
		return await check(await connectRegistry(send, attempt.server), attempt, anonymous);
	} catch (error) {
		if (error instanceof HttpError || error instanceof NetworkError || error instanceof UnexpectedResponse) return unavailable(error);
		throw error;
	}
}
async function check(registry, { server, ...attempt }, anonymous) {
	const { challenge, ping, host } = registry;
	const { login, image } = attempt;
	if (challenge === void 0 && !isRegistryPing(ping)) return ping.status === 403 ? notLetIn(ping) : notARegistry(ping);
	if (image === void 0) {
		const result = challenge === void 0 ? "no-login-required" : await tryLogin(registry, login);
		return typeof result === "object" ? result : verified(result, {
			server,
			host,
			image: ""
		});
	}
	const challenged = challenge === void 0 ? await withChallengeFor(registry, image) : registry;
	const result = challenged.challenge !== void 0 ? await tryPull(challenged, {
		login,
		image
	}, anonymous) : "no-login-required";
	if (typeof result === "object") return await withRepositories(challenged, {
		...attempt,
		image
	}, result);
	const subject = {
		server,
		host,
		image: shortName(image)
	};
	if (result !== "image-missing") return verified(result, subject);
	return verified(result, {
		...subject,
		suggestion: await suggestImage(challenged, {
			...attempt,
			image
		})
	});
}
/** A registry also denies access to a namespace that is misspelt. Its catalog says nothing about what the login may pull. */
async function withRepositories(registry, missing, result) {
	if (result.kind !== "forbidden" || missing.listRepositories === void 0) return result;
	const { code, message, hint = "", details, cause } = result.error;
	const suggestion = await suggestRepository(registry, missing);
	return {
		...result,
		error: new ActionError(code, message, {
			hint: withSuggestion(hint, suggestion),
			details,
			cause
		})
	};
}
/** Proxies and portals in front of a registry also return 200, with a web page. */
function isRegistryPing(ping) {
	const isPage = /^text\/html/i.test(header(ping, "content-type") ?? "") || /^\s*<(?:!doctype|html)/i.test(ping.text);
	return ping.status === 200 && !isPage;
}
/** Some registries send a challenge only for private images, and none for `GET /v2/`. */
async function withChallengeFor(registry, image) {
	const { response } = await registry.send({
		...manifestRequest(registry, image),
		method: "HEAD"
	});
	return registry.withChallenge(challengeOf(response));
}
// src/run/list-repositories.ts
/**
* Lists the repositories of a registry by its own API. Only with a credential that this run minted: it is logged in at the
* issuer then, and a run that reuses one does not log in for this.
*/
function repositoryLister({ send, session }, credential) {
	if (credential.origin !== "minted") return void 0;
	return async (registry, limits) => {
		const { listRepositories } = await session();
		return await listRepositories?.((request) => send({
			...request,
			...limits
		}), {
			origin: registry,
			password: passwordOf(credential)
		});
	};
}
// src/run/verify.ts
/**
* Verifies a credential that targets hold, unless this run does not ask registries.
* @returns undefined when a registry refuses it; also when it denies access to one that not all targets hold: another one
*   may have it
* @throws ActionErrors when a registry gives no conclusive response: that is no reason to mint
*/
async function verifyStored(context, candidate) {
	const { inputs, report } = context;
	const { isEverywhere, ...stored } = candidate;
	for (const { username, password } of candidate.logins) mask(password, candidate.tokenId, username);
	const credential = {
		...stored,
		origin: "reused"
	};
	if (!inputs.verify) return {
		credential,
		verifications: []
	};
	const isSkipped = ({ kind }) => kind === "refused" || !isEverywhere && isAboutCredential(kind);
	const attempts = attemptsOf(credential, inputs);
	const verifications = await report.timeline.phase("Verify the stored credential", () => Promise.all(attempts.map((attempt) => verifyOnce(context, attempt))));
	const failed = verifications.filter((one) => one.status === "failed");
	if (failed.length === 0) return {
		credential,
		verifications
	};
	if (failed.some(({ kind }) => kind === "refused")) report.refused(candidate.tokenId);
	if (!failed.every(isSkipped)) throw errorsOf(failed);
	for (const { error } of failed) info(`Skipped stored token ${candidate.tokenId}: ${error.message}.`);
}
/**
* As `verify`. A provided credential can be stored as well: where a registry refuses it, it is not presented again, because
* registries lock an account after a few wrong passwords.
*/
async function verifyOnce({ send, provided, refusals }, attempt) {
	const key = JSON.stringify([attempt.server, attempt.login]);
	const known = refusals.get(key);
	if (known !== void 0) return known;
	const result = await verify(send, attempt);
	if (provided !== void 0 && result.kind === "refused") refusals.set(key, result);
	return result;
}
/** One for each login at each of its registries: the secrets of several clusters often have the same ones. */
function attemptsOf({ logins }, { registry }) {
	const images = imagesAt([...new Set(logins.flatMap(({ servers }) => servers))], registry.image);
	const attempts = logins.flatMap(({ servers, username, password }) => servers.map((server) => ({
		server,
		login: {
			username,
			password
		},
		image: images.get(server)
	})));
	return [...new Map(attempts.map((attempt) => [JSON.stringify(attempt), attempt])).values()];
}
/**
* The image, by the entries of the docker config that it is verified with: those that the kubelet tries first. It tries the one
* with the longest path first, and the others may be for other repositories.
* https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go
*/
function imagesAt(servers, image) {
	const found = servers.flatMap((server) => {
		const at = image && imageAt(server, image);
		return at === void 0 ? [] : [{
			server,
			at,
			length: imagePrefix(server).length
		}];
	});
	const first = found.filter(({ at, length }) => found.every((other) => other.at.host !== at.host || other.length <= length));
	return new Map(first.map(({ server, at }) => [server, at]));
}
/** The registry may respond differently to another credential. */
function isAboutCredential(kind) {
	return kind === "forbidden" || kind === "quota" || kind === "private-network";
}
/**
* Verifies a minted or a provided credential. Only one that was minted just now is tried again: the registry may not know
* it yet.
* @throws ActionErrors when a registry does not accept it
*/
async function verifyNewCredential(context, credential) {
	const { send, inputs, signal, report } = context;
	if (credential.origin === "planned" || !inputs.verify) return {
		credential,
		verifications: []
	};
	const listRepositories = repositoryLister(context, credential);
	const attempts = attemptsOf(credential, inputs);
	const verifyOne = async (attempt) => credential.origin === "minted" ? await verifyNew(send, {
		...attempt,
		listRepositories
	}, signal) : withEntry(await verifyOnce(context, attempt), attempt, attempts);
	const verifications = await report.timeline.phase("Verify the credential", () => Promise.all(attempts.map(verifyOne)));
	const failed = verifications.filter((one) => one.status === "failed");
	if (failed.length > 0) throw errorsOf(failed);
	return {
		credential,
		verifications
	};
}
/** Where a registry has several logins, the error about one of them names its entry. */
function withEntry(result, { server, login }, attempts) {
	const isOther = (other) => registryOf(other.server) === registryOf(server) && JSON.stringify(other.login) !== JSON.stringify(login);
	if (result.status === "verified" || !attempts.some(isOther)) return result;
	if (result.kind !== "refused" && !isAboutCredential(result.kind)) return result;
	const { code, message, hint, details, cause } = result.error;
	return {
		...result,
		error: new ActionError(code, `${message} (credential for ${server})`, {
			hint,
			details,
			cause
		})
	};
}
function registryOf(server) {
	return imagePrefix(server).split("/")[0];
}
function errorsOf(failed) {
	return new ActionErrors(failed.map(({ error }) => error), "The credential was not verified");
}
// src/run/concurrent-run.ts
/**
* A concurrent run wrote a newer credential: all runs continue with the newest, so that all targets end with the same.
* Anyone who may edit a secret can write what looks like it, so its issuer has to confirm that it is ours, for these hosts
* and clusters, and newer. A provided credential has no issuer to ask: `newer` is the one that this workflow provides.
* @returns undefined when a registry refuses it, or it is not confirmed
* @throws ActionErrors when a registry gives no conclusive response
*/
async function useNewerCredential(context, newer, comparison) {
	const confirmed = await confirm$1(context, newer, comparison);
	if (typeof confirmed === "string") {
		info(`Skipped newer token ${newer.tokenId}: ${confirmed}.`);
		return;
	}
	const verified = await verifyStored(context, confirmed);
	if (verified !== void 0) info(`A concurrent run wrote newer token ${newer.tokenId}; continuing with it.`);
	return verified;
}
/** @returns the credential with the date of its issuer, or why it is not used */
async function confirm$1({ ownership, login }, newer, { own, targets }) {
	if (login.provided !== void 0) return newer;
	const { tokenId } = newer;
	const mint = await ownership.mintOf({
		id: tokenId,
		value: passwordOf(newer)
	}, targets);
	if (mint === void 0) return "its issuer does not confirm that this action minted it";
	if (mint.hosts !== hostsText(login.owner.hosts)) return "it was minted for other hosts";
	const leadMs = mint.mintedAt.getTime() - own.mintedAt.getTime();
	if (leadMs < 0 || leadMs === 0 && tokenId < own.tokenId) return "its issuer says that it was minted earlier";
	const clusters = targets.map(({ cluster }) => cluster.identity);
	return clusterSkipReason(clustersOf(mint.scope), clusters) ?? {
		...newer,
		mintedAt: mint.mintedAt
	};
}
// src/run/observe.ts
var import__builtin_crypto = require__builtin_crypto();
/**
* Reads what the targets hold: nothing is minted before. Where nothing is left to do, only the targets tell which cluster
* they are in.
*/
async function observeStored(context) {
	const { inputs, clusters, provided, report, clock } = context;
	const { targets, secret } = inputs;
	if (targets === void 0) return [];
	const states = withoutSource(await report.timeline.phase("Read the targets", () => readTargets(clusters, targets, secret)), inputs).map((target) => {
		const error = provided?.failed.get(target.cluster.name);
		return error === void 0 || isFailed(target) ? target : failedTarget(target, error);
	});
	if (secret !== void 0) report.observed(states, context.login.owner, clock.now());
	return states;
}
/**
* A Secret that is the source of the credential in its cluster stays as it is: whatever keeps it goes on with that.
* @throws InputError when there is no other target
*/
function withoutSource(targets, { credential, secret }) {
	if (credential.provider !== "docker-config" || credential.source.kind !== "secret") return targets;
	const { namespace, name } = credential.source;
	if (secret?.name !== name) return targets;
	const { sources = [], others = [] } = Object.groupBy(targets, (one) => one.namespace === namespace ? "sources" : "others");
	if (sources.length > 0 && others.length === 0) throw new InputError("docker-config-secret", `is ${namespace}/${name}, the only target of this run: it would be copied to itself`, "Choose another `secret-name`, or other `namespaces`.");
	for (const { cluster } of sources) info(`Left out Secret ${namespace}/${name} in cluster ${cluster.name}: it is the source of the credential.`);
	return others;
}
/** The targets, with the identities of their clusters from the API servers. */
async function confirmIdentities({ targets }, observed) {
	return targets === void 0 ? observed : await confirmClusters(observed, targets.config);
}
async function observe(context) {
	return await confirmIdentities(context.inputs, await observeStored(context));
}
/** Logs which pull secrets a single target has, before the run writes there. A run that reuses a credential saves the requests. */
async function logPullSecrets({ secret }, targets) {
	const [first] = targets;
	if (secret === void 0 || first === void 0 || targets.length > 1 || isFailed(first)) return;
	await describePullSecrets(first.cluster, first.namespace);
}
/** What the targets that can be read hold. */
function storedIn(targets) {
	return targets.filter(isReady).map(({ stored }) => stored);
}
// src/run/pending-rotation.ts
/** So many targets are tried: one that cannot be written must not stop the others. */
const MAX_TRIED = 3;
/**
* Records in one target that a mint is about to follow, and what it will supersede. Whatever happens to this run, the next
* one that ends well finds it and finishes the work.
*/
async function beginRotation({ inputs }, targets, { key, description, avoided }) {
	const { secret } = inputs;
	if (secret === void 0 || inputs.revoke === "never") return {
		targets,
		pendingKey: void 0
	};
	const ids = storedIn(targets).flatMap((one) => one.kind === "present" ? ownRecords(one.records, secret.owner) : []).map(({ tokenId }) => tokenId).filter((id) => !isProvided(id));
	const rotation = {
		...secret.owner,
		key,
		descriptions: [description],
		superseded: [...new Set(ids)]
	};
	const markable = targets.filter(isMarkable).filter((target) => !avoided.some((one) => isSamePlace(one, target)));
	for (const target of markable.slice(0, MAX_TRIED)) try {
		const stored = await changePending(target, secret.name, (current) => [...current.pending, rotation]);
		return {
			targets: targets.map((one) => one === target ? {
				...target,
				stored
			} : one),
			pendingKey: key
		};
	} catch (error) {
		info(`Could not record the rotation in namespace ${target.namespace}: ${reason(error)}.`);
	}
	return {
		targets,
		pendingKey: void 0
	};
}
function unfinished({ targets, plan, desired }) {
	return targets.flatMap((target) => {
		if (!isMarkable(target)) return [];
		const rotations = ownPending(target.stored.pending, plan.login.owner).filter(({ key }) => key !== desired.pendingKey);
		return rotations.length === 0 ? [] : [{
			target,
			rotations
		}];
	});
}
/** Of the rotations that this run ended, as a target records them until nothing is left of them. */
function endedKeyOf({ desired, credential }) {
	return desired.pendingKey ?? `ended-${credential.tokenId}`;
}
/** What earlier runs began, as the targets record it. */
function unfinishedIn(distribution) {
	const rotations = unfinished(distribution).flatMap((one) => one.rotations);
	return {
		count: rotations.length,
		descriptions: rotations.flatMap(({ descriptions }) => descriptions),
		isEnding: isEnding(distribution),
		superseded: rotations.flatMap(({ superseded }) => superseded)
	};
}
/** Every target holds the later token of a run that minted itself: it need not end the others. */
function isEnding({ minted }) {
	return minted === void 0;
}
/**
* Ends the rotations of earlier runs, before what they minted is revoked. Such a run may still be alive: it writes the target
* that records its rotation first, and that write fails from now on.
* @returns false when an earlier run has gone on meanwhile
*/
async function endUnfinished({ inputs }, distribution) {
	const { credential, plan, desired } = distribution;
	if (inputs.secret === void 0 || !isEnding(distribution)) return true;
	for (const { target, rotations } of unfinished(distribution)) {
		const keys = new Set(rotations.map(({ key }) => key));
		const key = endedKeyOf(distribution);
		const merged = {
			...plan.login.owner,
			key,
			descriptions: rotations.flatMap(({ descriptions }) => descriptions),
			superseded: rotations.flatMap(({ superseded }) => superseded)
		};
		const stored = await readSecret(target.cluster, target.namespace, desired.name);
		if (stored.kind === "absent") return false;
		if (!(await changePending({
			...target,
			stored
		}, desired.name, ({ pending, records }) => {
			const isSame = records.some(({ tokenId }) => tokenId === credential.tokenId);
			const isThere = [...keys].every((one) => pending.some((rotation) => rotation.key === one));
			return isSame && isThere ? [...pending.filter((one) => !keys.has(one.key)), merged] : void 0;
		})).pending.some((one) => one.key === key)) return false;
	}
	return true;
}
// src/run/new-credential.ts
/**
* Mints one token. From before the request on, the next run and the post step know how to find it.
* @param avoided targets that do not record its rotation
*/
async function mint(context, targets, avoided) {
	const { inputs, journal, report, clock, signal, session, issuer, ownership } = context;
	connectToRegistries(context);
	const { organizationGuid } = await report.timeline.phase("Log in", session);
	if (organizationGuid !== void 0) report.organization(organizationGuid);
	const mintedAt = clock.now();
	const unique = (0, import__builtin_crypto.randomBytes)(4).toString("hex");
	const purpose = {
		description: inputs.description,
		secretName: inputs.secret?.name,
		hosts: inputs.registry.servers,
		targets
	};
	const description = describeMint(purpose, {
		run: inputs.run.id,
		mintedAt,
		unique
	});
	const begun = await beginRotation(context, targets, {
		key: unique,
		description,
		avoided
	});
	journal.mintStarts(description);
	const mintNow = async () => await mintOnce(await issuer(), description, signal);
	const { id, value, username, expiresAt } = await report.timeline.phase("Mint a token", mintNow).catch((error) => {
		if (isNotMinted(error)) journal.settled();
		throw error;
	});
	journal.minted(id);
	ownership.refresh();
	const expiry = expiresAt ? `expires ${expiresAt.toISOString()}` : "does not expire";
	info(`Minted token ${id}: ${expiry}.`);
	debug(`Its description: ${description}`);
	const credential = {
		tokenId: id,
		mintedAt,
		expiresAt,
		logins: loginsOf(inputs, {
			username,
			value
		}),
		origin: "minted"
	};
	report.credential(credential, inputs);
	return {
		credential,
		...begun
	};
}
/** A minted credential has one login for all registries. */
function loginsOf({ registry }, { username, value }) {
	return [{
		servers: registry.servers,
		username: username ?? registry.username ?? "",
		password: value
	}];
}
/** @throws ActionError when the provided credential has expired */
function useProvided({ clock }, { input, logins, expiresAt }) {
	const now = clock.now();
	if (expiresAt !== void 0 && expiresAt <= now) throw new ActionError("credential-expired", `The credential in \`${input}\` expired at ${expiresAt.toISOString()}`, { hint: "Let the step that logs in to the registry run in this job, before this one." });
	for (const { password } of logins) mask(password);
	return {
		tokenId: providedTokenId((0, import__builtin_crypto.randomUUID)()),
		mintedAt: now,
		expiresAt,
		logins,
		origin: "provided"
	};
}
/** What stands for the new credential in a dry run: the API servers check a secret of the same shape. */
function plannedToken({ clock, inputs }) {
	const logins = loginsOf(inputs, { value: (0, import__builtin_crypto.randomBytes)(16).toString("hex") });
	return {
		tokenId: "planned",
		mintedAt: clock.now(),
		expiresAt: void 0,
		logins,
		origin: "planned"
	};
}
/** Whether the issuer said so: then the post step need not look for a token. */
function isNotMinted(error) {
	const response = error instanceof ActionError && error.cause instanceof HttpError ? error.cause : error;
	return !(error instanceof ActionError && error.code === "mint-result-unknown") && response instanceof HttpError && !isOutcomeUnknown(response);
}
// src/run/credential.ts
/**
* A credential that works: the reusable one, the provided one, or a new one, verified before anything is written.
* @throws ActionError | ActionErrors when there is none; a token that was minted for it is revoked
*/
async function acquireCredential(context, targets, { reusable, choice }) {
	context.report.choice(choice);
	const acquired = reusable === void 0 ? await acquireNew(context, targets) : {
		verified: reusable,
		targets,
		pendingKey: void 0
	};
	const { inputs, journal, report } = context;
	const { credential, verifications } = acquired.verified;
	if (inputs.verify) report.verifications(verifications);
	else if (credential.origin !== "planned") report.unverified(credential.tokenId);
	if (credential.origin === "reused" || credential.origin === "provided") report.credential(credential, inputs);
	if (credential.origin === "planned") report.nextRotation(credential.mintedAt);
	if (credential.origin === "minted" && inputs.secret === void 0) journal.settled();
	return acquired;
}
/** The provided credential, a placeholder in a dry run, or a new token. */
async function acquireNew(context, targets) {
	const { provided, inputs } = context;
	if (provided === void 0 && !inputs.dryRun) return await acquireMinted(context, targets);
	return {
		verified: await verifyNewCredential(context, provided ? useProvided(context, provided) : plannedToken(context)),
		targets,
		pendingKey: void 0
	};
}
/**
* A new token that the registries accept, or the newer one of a concurrent run.
* @param avoided targets that do not record its rotation
*/
async function acquireMinted(context, observed, avoided = []) {
	const { credential, targets, pendingKey } = await mint(context, observed, avoided);
	try {
		return {
			verified: await verifyNewCredential(context, credential),
			targets,
			pendingKey
		};
	} catch (error) {
		const other = await afterRefusal(context, credential);
		if (other === void 0) throw error;
		return {
			...other,
			pendingKey
		};
	}
}
/** Revokes the refused token, and looks for the token of a concurrent run that may have taken it for a leftover. */
async function afterRefusal(context, refused) {
	await revokeUnused(context, refused);
	const targets = await observe(context);
	const newer = newerThan(refused, storedIn(targets), context.login);
	if (newer === void 0) return void 0;
	const verified = await useNewerCredential(context, newer, {
		own: refused,
		targets
	}).catch(() => void 0);
	return verified && {
		verified,
		targets
	};
}
/** Revokes a new token that no target holds. Failing to is a warning: the post step tries again. */
async function revokeUnused(context, credential) {
	const { cleanupIssuer, journal, ownership, report } = context;
	const { tokenId } = credential;
	try {
		await (await cleanupIssuer()).revoke(tokenId);
		ownership.refresh();
		journal.settled();
		report.withdraw(credential);
		info(`Revoked unused token ${tokenId}: it was not written to any namespace.`);
	} catch (error) {
		const what = `Could not revoke unused token ${tokenId}, which was not written to any namespace`;
		warning("unused-token-alive", `${what}: ${reason(error)}. The post step tries again.`);
	}
}
// src/run/suggest-image.ts
/** A run looks up this many of the images that its nodes do not find. */
const MAX_LOOKUPS = 5;
/**
* Suggests images in place of one that nodes do not find, each once. A registry is asked where the credential is for it, and
* this run asks registries at all.
*/
function imageSuggester(context, credential) {
	const { send, inputs } = context;
	if (!inputs.verify || credential.origin === "planned") return void 0;
	const suggestions = /* @__PURE__ */ new Map();
	return async (name) => {
		const login = loginFor(name, credential);
		const image = referenceOf(name);
		if (login === void 0 || image === void 0) return void 0;
		const known = suggestions.get(name);
		if (known !== void 0 || suggestions.size === MAX_LOOKUPS) return await known;
		const listRepositories = repositoryLister(context, credential);
		const suggestion = suggestImageAt(send, {
			...login,
			image,
			listRepositories
		});
		suggestions.set(name, suggestion);
		return await suggestion;
	};
}
/** The login that nodes use for an image. */
function loginFor(image, { logins }) {
	return logins.flatMap(({ servers, ...login }) => servers.map((server) => ({
		server,
		login
	}))).find(({ server }) => matchesImage(server, image));
}
// src/run/deploy.ts
/** Applies the manifests in the targets that did not fail, and waits for their workloads. */
async function deployWorkloads(context, distribution) {
	const { inputs, report, signal } = context;
	const { secret, registry, dryRun, deploy: manifests } = inputs;
	if (manifests === void 0) return [];
	const all = distribution.status === "distributed" ? distribution.outcomes : distribution.targets;
	const targets = all.filter((one) => !isFailed(one));
	const { namespaces } = distribution;
	const pullSecret = secret && {
		name: secret.name,
		hosts: registry.servers,
		serviceAccounts: secret.serviceAccounts
	};
	const suggestImage = distribution.status === "distributed" ? imageSuggester(context, distribution.credential) : void 0;
	const options = {
		inputs: manifests,
		secret: pullSecret,
		failed: all.filter(isFailed),
		namespaces,
		dryRun,
		suggestImage
	};
	try {
		const { deploy } = await import("./deploy.js");
		const workloads = await report.timeline.phase("Deploy", () => deploy(targets, options, signal));
		report.workloads(workloads);
		return workloads.flatMap(({ error }) => error ?? []);
	} catch (error) {
		return actionErrorsOf(error);
	}
}
// src/policy/rotation-plan.ts
/** Of one step in one secret. */
const MAX_OWN_RECORDS = 5;
/** More ids are not recorded: what one namespace records must not fill the others. */
const MAX_RETAINED = 100;
/** @param stored what the targets held before they were written */
function planRotation(rotation, stored) {
	const present = stored.filter((one) => one.kind === "present");
	const recorded = present.flatMap((one) => recordsIn(one, rotation.login));
	const others = present.flatMap(({ records }) => records.filter((one) => !isOwn(one, rotation.login.owner)));
	const replaced = recorded.filter(({ record: { tokenId } }) => tokenId !== rotation.tokenId && !isProvided(tokenId));
	return {
		...rotation,
		scopes: scopesAfter(rotation, recorded),
		retained: retainedAfter(rotation, recorded),
		retainedBefore: unique(recorded.flatMap(({ record }) => record.retained)),
		superseded: [...Map.groupBy(replaced, ({ record }) => record.tokenId)].map(([tokenId, each]) => ({
			tokenId,
			scopes: unique(each.flatMap(({ record }) => record.scopes)),
			references: unique(each.flatMap(({ passwords }) => passwords)).map((value) => ({
				id: tokenId,
				value
			}))
		})),
		takenOver: takenOverFrom(stored, rotation),
		hasRecords: recorded.length > 0,
		heldByOthers: unique(others.map(({ tokenId }) => tokenId))
	};
}
/** The plan by what the writes really replaced: another run may have changed a target between the read and the write. */
function refinePlan({ tokenId, scope, login }, replaced) {
	return planRotation({
		tokenId,
		scope,
		login
	}, replaced);
}
function recordsIn({ records, entries }, { owner, username }) {
	return ownRecords(records, owner).slice(0, MAX_OWN_RECORDS).map((record) => {
		const logins = record.hosts.filter((host) => owner.hosts.includes(host)).map((host) => asObject(entries[host]));
		const isOfUser = (one) => username === void 0 || one === username;
		return {
			record,
			passwords: logins.flatMap((one) => isOfUser(one.username) && asText(one.password) || [])
		};
	});
}
function takenOverFrom(stored, { login }) {
	return unique(stored.flatMap((one) => one.kind === "present" ? conflictingRecords(one.records, login.owner) : []).map(({ tokenId }) => tokenId).filter((id) => !isProvided(id)));
}
function scopesAfter({ tokenId, scope }, recorded) {
	return unique([...recorded.filter(({ record }) => record.tokenId === tokenId).flatMap(({ record }) => record.scopes), scope]).sort();
}
function retainedAfter({ tokenId, scope }, recorded) {
	return unique(recorded.flatMap(({ record }) => {
		const isOnlyHere = record.scopes.every((one) => one === scope);
		return [...record.retained, ...isOnlyHere ? [] : [record.tokenId]];
	})).filter((id) => id !== tokenId && !isProvided(id)).sort().slice(0, MAX_RETAINED);
}
function unique(values) {
	return [...new Set(values)];
}
// src/policy/unmanaged-credential.ts
function unmanagedCredentials(outcomes, credential, login) {
	const written = outcomes.filter((outcome) => !isFailed(outcome));
	return {
		replaced: written.filter(({ replaced }) => {
			if (replaced.kind === "absent" || replaced.ours || holdsCredential(replaced, credential, login)) return false;
			return login.owner.hosts.some((host) => hasLogin(replaced.entries[host]));
		}),
		copied: written.filter(({ replaced }) => replaced.kind === "present" && hasLastApplied(replaced))
	};
}
function hasLogin(entry) {
	const { password, auth, identitytoken, registrytoken } = asObject(entry);
	return [
		password,
		auth,
		identitytoken,
		registrytoken
	].some((value) => asText(value) !== void 0);
}
// src/run/create-namespaces.ts
/**
* Creates the namespaces of targets that do not exist. This comes after the verification of the credential: nothing is
* written when that fails.
*/
async function createNamespaces({ inputs, signal }, targets) {
	const { dryRun, deploy } = inputs;
	const declared = deploy?.objects.filter(isNamespace) ?? [];
	const namespaces = /* @__PURE__ */ new Map();
	const created = targets.map(async (target) => {
		if (!isReady(target) || target.namespaceToCreate === void 0) return target;
		const { cluster, namespace: name } = target;
		const results = namespaces.get(cluster.name) ?? /* @__PURE__ */ new Map();
		namespaces.set(cluster.name, results);
		const own = target.namespaceToCreate === "manifest" ? declared.filter(({ metadata }) => metadata.name === name) : [];
		try {
			const { applyNamespace, createNamespace } = await import("./namespaces.js");
			if (own.length === 0) await createNamespace(cluster, name, dryRun);
			else await applyNamespace(cluster, own, {
				dryRun,
				signal
			});
			for (const object of own) results.set(object, { result: dryRun ? "planned" : "applied" });
			return target;
		} catch (error) {
			for (const object of own) results.set(object, {
				result: "failed",
				reason: reason(error)
			});
			return failedTarget(target, error);
		}
	});
	return {
		targets: await Promise.all(created),
		namespaces
	};
}
// src/run/declared-accounts.ts
/** The service accounts that the manifests have for a target, which may not exist yet when they get the secret. */
function declaredAccounts({ inputs, signal }, secret) {
	const accounts = inputs.deploy?.objects.filter(isServiceAccount) ?? [];
	return ({ cluster, namespace }) => {
		const own = accounts.filter(({ metadata }) => !metadata.namespace || metadata.namespace === namespace);
		return new Map(own.map((object) => [object.metadata.name, async () => {
			const { applyServiceAccount } = await import("./service-accounts.js");
			await applyServiceAccount(cluster, {
				object,
				namespace,
				secret
			}, signal);
		}]));
	};
}
// src/policy/token-usage.ts
const UNKNOWN_USAGE = {
	clusters: /* @__PURE__ */ new Set(),
	holders: /* @__PURE__ */ new Map()
};
/**
* The usage without the targets where this run replaced a token: if another client has written the token back there,
* reading the targets back fails the run, and keeping the token quietly would not.
* @param written `cluster: namespace/name` of these targets
*/
function withoutReplaced({ clusters, holders }, { superseded }, written) {
	const replaced = new Set(superseded.map(({ tokenId }) => tokenId));
	const others = [...holders].map(([tokenId, places]) => {
		return [tokenId, replaced.has(tokenId) ? places.filter((place) => !written.has(place)) : places];
	});
	return {
		clusters,
		holders: new Map(others.filter(([, places]) => places.length > 0))
	};
}
// src/policy/evidence.ts
/** Nothing is known. */
const NO_EVIDENCE = {
	ownership: /* @__PURE__ */ new Map(),
	usage: UNKNOWN_USAGE,
	live: void 0,
	failedHolders: [],
	unfinished: {
		count: 0,
		descriptions: [],
		isEnding: false,
		superseded: []
	},
	isScopeCertain: false
};
// src/policy/token-decision.ts
/** A later token of another scope may belong to a run that has not written it yet. */
const MIN_AGE_MS = 36e5;
/** Ids of tokens that the targets name: they are to be revoked sooner or later. */
function namedTokens(plan, unfinished) {
	const named = [
		...plan.superseded.map(({ tokenId }) => tokenId),
		...plan.retained,
		...unfinished.superseded
	];
	return [...new Set(named)].filter((tokenId) => tokenId !== plan.tokenId);
}
/** Whether one token may be revoked. */
function decide(tokenId, { plan, evidence, current }) {
	if (isOfOtherStep(tokenId, plan, evidence)) return { action: "ignore" };
	const superseded = plan.superseded.find((one) => one.tokenId === tokenId);
	if (superseded !== void 0) return decideSuperseded(superseded, {
		plan,
		evidence,
		current
	});
	const { live, usage } = evidence;
	if (live === void 0) return keep(usage.holders.has(tokenId) ? "" : "the issuer was not asked whether it is alive", tokenId, usage);
	const mint = live.get(tokenId);
	if (mint === void 0) return { action: "ignore" };
	return namedTokens(plan, evidence.unfinished).includes(tokenId) ? decideNamed(tokenId, mint, {
		plan,
		evidence,
		current
	}) : decideLeftover(tokenId, mint, {
		plan,
		evidence,
		current
	});
}
/**
* The tokens of all steps that keep hosts in one secret have the same scope: anyone who may edit one secret can name the
* token of another step as superseded. For which hosts it was minted is shown by the issuer's description.
*/
function isOfOtherStep(tokenId, plan, evidence) {
	const mint = evidence.live?.get(tokenId);
	return mint !== void 0 && mint.hosts !== hostsText(plan.login.owner.hosts) && plan.heldByOthers.includes(tokenId);
}
/**
* A superseded token may be revoked only when everything that it was ever written to is a target of this run, or is seen
* not to hold it any more: a namespace that was taken off the list must not lose its pulls.
*/
function decideSuperseded({ tokenId, scopes, references }, { plan, evidence, current }) {
	const { ownership, live, usage } = evidence;
	const ownedAs = ownership.get(tokenId);
	const mint = live?.get(tokenId);
	if (mint !== void 0 && references.some(({ value }) => value === passwordOf(current))) return keep("the targets still hold its value, under another id", tokenId, usage);
	if (ownedAs === "gone") return { action: "ignore" };
	if (mint === void 0) return {
		action: "keep",
		reason: "its issuer does not confirm that this action minted it",
		state: "foreign"
	};
	if (ownedAs !== "ours") return decideNamed(tokenId, mint, {
		plan,
		evidence,
		current
	});
	const clusters = clustersOf(mint.scope);
	const recorded = scopes.filter((scope) => clustersOf(scope).every((cluster) => clusters.includes(cluster)));
	return decideByUsage(tokenId, mint, {
		evidence,
		isOnlyHere: !plan.retainedBefore.includes(tokenId) && [mint.scope, ...recorded].every((scope) => scope === plan.scope)
	});
}
/** A token that the targets name without holding its value: that it is ours is shown by the issuer's description alone. */
function decideNamed(tokenId, mint, { plan, evidence, current }) {
	if (!isOver(mint, evidence, current)) return IN_PROGRESS;
	return decideByUsage(tokenId, mint, {
		evidence,
		isOnlyHere: mint.scope === plan.scope && !plan.retained.includes(tokenId) && evidence.isScopeCertain
	});
}
/** A token that only the issuer knows of. */
function decideLeftover(tokenId, mint, { plan, evidence, current }) {
	const { usage, unfinished, isScopeCertain } = evidence;
	if (usage.holders.has(tokenId)) return { action: "ignore" };
	const isForHosts = mint.hosts === hostsText(plan.login.owner.hosts);
	const isOfThisStep = isForHosts && mint.scope === plan.scope;
	const isRecorded = isForHosts && unfinished.descriptions.includes(mint.description);
	if (!isOfThisStep && !isRecorded) {
		const isOld = mint.mintedAt.getTime() < current.mintedAt.getTime() - MIN_AGE_MS;
		const isSeen = clustersOf(mint.scope).every((cluster) => usage.clusters.has(cluster));
		return isOld && isSeen && isScopeCertain ? decideByUsage(tokenId, mint, {
			evidence,
			isOnlyHere: false
		}) : { action: "ignore" };
	}
	if (!isOver(mint, evidence, current)) return IN_PROGRESS;
	if (!isScopeCertain) return keep("another cluster may have the address of this one", tokenId, usage);
	return decideByUsage(tokenId, mint, {
		evidence,
		isOnlyHere: isOfThisStep && plan.hasRecords
	});
}
const IN_PROGRESS = {
	action: "keep",
	reason: "a concurrent run may be about to write it",
	state: "in-progress"
};
/** Whether no run can still write it: every target holds a token that was minted later, or its run is ended first. */
function isOver({ mintedAt, description }, { unfinished }, current) {
	return mintedAt <= current.mintedAt || unfinished.isEnding && unfinished.descriptions.includes(description);
}
function decideByUsage(tokenId, { scope }, { evidence, isOnlyHere }) {
	const { usage, failedHolders } = evidence;
	const failed = failedHolders.find(({ tokenIds }) => tokenIds === void 0 || tokenIds.includes(tokenId));
	if (failed !== void 0) return keep(`${failed.where} failed and may still use it`, tokenId, usage);
	if (usage.holders.has(tokenId)) return keep("", tokenId, usage);
	const unseen = clustersOf(scope).find((cluster) => !usage.clusters.has(cluster));
	if (unseen === void 0 || isOnlyHere) return { action: "revoke" };
	return keep(`it was or may have been written to other targets, and this run cannot see whether they still hold it in cluster ${unseen}`, tokenId, usage);
}
function keep(reason, tokenId, { holders }) {
	const [holder] = holders.get(tokenId) ?? [];
	if (holder === void 0) return {
		action: "keep",
		reason
	};
	return {
		action: "keep",
		reason: reason || `Secret ${holder} still holds it`,
		state: "held"
	};
}
// src/policy/revocation.ts
/**
* Which tokens may be revoked, and why others that are alive are not: those that this run superseded, those that earlier
* runs retained or left, and those that the issuer lists for this secret.
*/
function decideRevocation(plan, evidence, current) {
	const ids = /* @__PURE__ */ new Set([...namedTokens(plan, evidence.unfinished), ...evidence.live?.keys() ?? []]);
	ids.delete(current.tokenId);
	const decided = [...ids].map((tokenId) => ({
		tokenId,
		...decide(tokenId, {
			plan,
			evidence,
			current
		})
	}));
	const kept = decided.flatMap((one) => {
		if (one.action !== "keep") return [];
		const { tokenId, reason, state } = one;
		return [{
			tokenId,
			reason,
			...state && { state }
		}];
	});
	return {
		revoke: decided.filter(({ action }) => action === "revoke").map(({ tokenId }) => tokenId),
		keep: [...kept, ...keepTakenOver(plan)]
	};
}
function keepTakenOver({ takenOver }) {
	return takenOver.map((tokenId) => ({
		tokenId,
		reason: "another step minted it",
		state: "foreign"
	}));
}
/** All tokens that the targets name stay alive, for one reason. */
function keepAll(plan, unfinished, reason) {
	return {
		revoke: [],
		keep: [...namedTokens(plan, unfinished).map((tokenId) => ({
			tokenId,
			reason
		})), ...keepTakenOver(plan)]
	};
}
/** The very content of a secret. */
function keyOf({ records, data }) {
	return JSON.stringify([records.map(({ tokenId }) => tokenId), data]);
}
async function nextRound(context, conflict, { targets, round }) {
	const number = round.number + 1;
	if (conflict.isEnded) return await afterEnd(context, conflict, {
		targets,
		round: {
			...round,
			number
		}
	});
	const candidate = candidateOf(conflict.newer, context.login);
	const verified = candidate && await useNewerCredential(context, candidate, {
		own: round.own,
		targets
	});
	if (verified !== void 0) return {
		targets,
		round: {
			...round,
			credential: verified.credential,
			number
		}
	};
	const unusable = /* @__PURE__ */ new Set([...round.unusable, keyOf(conflict.newer)]);
	return {
		targets,
		round: {
			...round,
			credential: round.own,
			unusable,
			number
		}
	};
}
/** A token that a target may hold is not revoked here: it is written to the others as well, unless it no longer works. */
async function afterEnd(context, conflict, next) {
	const { targets, round } = next;
	return round.isOwnWritten && await stillWorks(context, round.own, targets) ? {
		targets,
		round: {
			...round,
			pendingKey: void 0
		}
	} : await startAgain(context, conflict, next);
}
async function stillWorks(context, own, targets) {
	const { inputs, ownership } = context;
	if (inputs.verify) return await verifyStored(context, {
		...own,
		isEverywhere: false
	}) !== void 0;
	ownership.refresh();
	return own.origin !== "minted" || (await ownership.live(targets)).has(own.tokenId);
}
/**
* The client that ended the rotation may have revoked its token, which no target holds yet: it is revoked, and another one minted.
* Another target records that rotation, so one namespace cannot stop the others.
*/
async function startAgain(context, { cluster, namespace }, { targets, round }) {
	info(`Minting again: another client ended this rotation in namespace ${namespace} of cluster ${cluster.name}.`);
	await revokeUnused(context, round.own);
	const avoided = [...round.avoided, {
		cluster,
		namespace
	}];
	const acquired = await acquireMinted(context, targets, avoided);
	return {
		targets: acquired.targets,
		round: {
			...nextWith(acquired, round),
			avoided
		}
	};
}
/**
* A target that holds the stored token cannot record where else it goes: the other targets get a new token, so one namespace
* cannot stop them.
* @returns undefined when this run cannot mint
*/
async function mintInstead(context, targets, round) {
	const { inputs, report } = context;
	if (inputs.dryRun || round.own.origin !== "reused" || round.number === 5) return void 0;
	report.choice({
		action: "mint",
		reason: "a target that holds the stored one cannot record the new targets"
	});
	try {
		const acquired = await acquireMinted(context, targets, round.avoided);
		return {
			targets: acquired.targets,
			round: {
				...nextWith(acquired, round),
				number: round.number + 1
			}
		};
	} catch (error) {
		info(`Could not mint a new token instead: ${reason(error)}`);
		return;
	}
}
/** The round that writes a new token. */
function nextWith({ verified, pendingKey }, round) {
	const own = verified.credential;
	return {
		...round,
		own,
		credential: own,
		pendingKey,
		isOwnWritten: false
	};
}
// src/run/write-secrets.ts
/** One round of writes, and another one when a concurrent run wrote a newer credential. */
async function writeSecrets(context, targets, round) {
	const { inputs, journal, login, report } = context;
	const { secret, own, credential, unusable, pendingKey } = round;
	const { tokenId, mintedAt, expiresAt } = credential;
	const plan = planRotation({
		tokenId,
		scope: scopeOf(targets, secret.name),
		login
	}, storedIn(targets));
	if (!inputs.dryRun) journal.writeStarts(tokenId, await revocableNow(context, plan, {
		targets,
		own
	}));
	const { scopes, retained } = plan;
	const desired = {
		...secret,
		record: {
			...secret.owner,
			tokenId,
			mintedAt,
			expiresAt,
			run: inputs.run.url,
			scopes,
			retained
		},
		logins: credential.logins,
		email: inputs.registry.email,
		isUnusable: (stored) => unusable.has(keyOf(stored)),
		isRevocable: !isProvided(tokenId),
		pendingKey
	};
	if (!inputs.dryRun) report.writeStarts();
	const title = inputs.dryRun ? "Check the secrets" : "Write the secrets";
	const outcomes = await report.timeline.phase(title, () => writeAll(targets, desired, inputs.dryRun));
	const isOwnWritten = round.isOwnWritten || credential === own && outcomes.some(mayHold);
	const written = {
		credential,
		own,
		isOwnWritten,
		targets,
		plan,
		desired
	};
	const conflict = newestConflict(outcomes, secret.owner);
	if (conflict === void 0) {
		const instead = outcomes.some(isUnrecorded) ? await mintInstead(context, targets, round) : void 0;
		if (instead !== void 0) return await writeSecrets(context, instead.targets, instead.round);
		return {
			...written,
			outcomes: outcomes.filter(isSettled)
		};
	}
	if (round.number === 5) return {
		...written,
		outcomes: outcomes.map((one) => isSettled(one) ? one : keepsChanging(one))
	};
	const next = await nextRound(context, conflict, {
		targets: targets.map((target, index) => afterRound(target, outcomes[index])),
		round: {
			...round,
			isOwnWritten
		}
	});
	return await writeSecrets(context, next.targets, next.round);
}
function mayHold(outcome) {
	return outcome.status === "created" || outcome.status === "updated" || isFailed(outcome) && outcome.mayHold;
}
/** Conflicts end by another round: none is left in the last one. */
function isSettled(outcome) {
	return outcome.status !== "conflict";
}
/** A target in conflict as it is now; the others are written again as they were read, so that what they held is known. */
function afterRound(target, outcome) {
	return outcome?.status === "conflict" && !isFailed(target) ? {
		...target,
		stored: outcome.newer
	} : target;
}
function keepsChanging({ cluster, namespace, newer }) {
	const error = new ActionError("secret-keeps-changing", `Secret ${namespace}/${newer.name} in cluster ${cluster.name} was changed by another client each time that this run wrote it`, {
		hint: "Find out what writes this Secret, and stop it, or choose another `secret-name`.",
		details: {
			cluster: cluster.name,
			namespace,
			resource: `secrets/${newer.name}`
		}
	});
	return failedTarget({
		cluster,
		namespace,
		stored: newer
	}, error);
}
/**
* What the post step may revoke once every target holds the credential. A run that reuses does not wait for a login, and
* an issuer that cannot be asked is reported when it comes to revoking.
*/
async function revocableNow({ inputs, ownership }, plan, { targets, own }) {
	if (own.origin !== "minted" || inputs.revoke === "never" || !inputs.verify || plan.superseded.length === 0) return [];
	try {
		const references = plan.superseded.flatMap((token) => token.references);
		const { revoke } = decideRevocation(plan, {
			...NO_EVIDENCE,
			ownership: await ownership.of(references, targets),
			live: await ownership.live(targets)
		}, own);
		return revoke.filter((id) => plan.superseded.some(({ tokenId }) => tokenId === id));
	} catch {
		return [];
	}
}
// src/run/distribute.ts
/**
* Writes the credential to every target that lacks it: first the missing namespaces, then the secrets, then the service accounts.
* @param known the service accounts that need not be read again
*/
async function distribute(context, acquired, known = NO_ACCOUNTS) {
	const { inputs, signal, clock, report } = context;
	const { secret, dryRun } = inputs;
	const { targets, namespaces } = await createNamespaces(context, acquired.targets);
	if (secret === void 0) return {
		status: "not-requested",
		targets,
		namespaces,
		errors: targets.filter(isFailed).map(({ error }) => error)
	};
	const acquiredCredential = acquired.verified.credential;
	const written = await writeSecrets(context, targets, {
		secret,
		own: acquiredCredential,
		credential: acquiredCredential,
		unusable: /* @__PURE__ */ new Set(),
		pendingKey: acquired.pendingKey,
		number: 1,
		isOwnWritten: false,
		avoided: []
	});
	const { own } = written;
	const writtenAtMs = clock.elapsedMs();
	const declared = declaredAccounts(context, secret);
	const options = {
		secretName: secret.name,
		declared,
		dryRun,
		signal,
		known
	};
	const attach = () => attachAll(written.outcomes, secret.serviceAccounts, options);
	const attached = secret.serviceAccounts.length > 0 ? await report.timeline.phase("Update the service accounts", attach) : await attach();
	const outcomes = withoutVanished(attached, inputs.targets);
	if (written.credential !== own) report.credential(written.credential, inputs);
	report.targets(secret.name, outcomes);
	report.changes(outcomes, written.desired.record);
	report.replaced(written.plan, clock.now());
	report.unmanaged(unmanagedCredentials(outcomes, written.credential, context.login));
	const errors = outcomes.filter(isFailed).map(({ error }) => error);
	if (own.origin === "minted" && !written.isOwnWritten) await revokeUnused(context, own);
	if (outcomes.every(isFailed)) return {
		status: "failed",
		errors
	};
	const minted = own.origin === "minted" ? own : void 0;
	const replaced = outcomes.flatMap((outcome) => isFailed(outcome) ? outcome.stored ?? [] : [outcome.replaced]);
	const plan = refinePlan(written.plan, replaced);
	return {
		...written,
		status: "distributed",
		plan,
		minted,
		outcomes,
		namespaces,
		writtenAtMs,
		errors
	};
}
// src/issuer/docker-config/credential-helper.ts
/** One that takes longer waits for a person, or for a server that does not respond. */
const HELPER_TIMEOUT_MS = 6e4;
/** https://github.com/docker/docker-credential-helpers/blob/master/credentials/error.go */
const NOT_FOUND = "credentials not found in native keychain";
/** What stands for the user name of a refresh token: https://github.com/docker/cli/blob/master/cli/config/credentials/native_store.go */
const TOKEN_USERNAME = "<token>";
/**
* Asks a credential helper for the credential of a registry host. The host goes to its input, the secret comes from its output:
* neither is part of a command line or of the log.
* @see https://docs.docker.com/reference/cli/docker/login/#credential-helper-protocol
* @throws ActionError `credential-helper-failed`
*/
async function getCredential(helper, key, options) {
	const call = {
		helper,
		command: "get"
	};
	const { exitCode, stdout, stderr } = await run$1(call, key, options);
	const json = parseObject(stdout);
	const secret = asText(json?.Secret);
	if (secret !== void 0) mask(secret, json?.Username);
	if (exitCode !== 0) {
		if (stdout.trim() === NOT_FOUND) return { kind: "empty" };
		throw failure(call, `failed for ${key} ${howItEnded(exitCode)}${messageIn(stdout, stderr)}`);
	}
	const username = asText(json?.Username);
	if (secret === void 0 || username === void 0) throw failure(call, `printed no user name and secret for ${key}`);
	return username === TOKEN_USERNAME ? { kind: "identity-token" } : loginOf(username, secret);
}
/**
* The registry hosts that a credential helper has credentials for.
* @throws ActionError `credential-helper-failed`
*/
async function listKeys(helper, options) {
	const call = {
		helper,
		command: "list"
	};
	const { exitCode, stdout, stderr } = await run$1(call, "", options);
	if (exitCode !== 0) throw failure(call, `failed ${howItEnded(exitCode)}${messageIn(stdout, stderr)}`);
	const json = parseObject(stdout);
	if (json === void 0) throw failure(call, "did not print a JSON object");
	return Object.keys(json);
}
async function run$1(call, input, { environment, signal }) {
	const program = programOf(call);
	const limited = AbortSignal.any([signal, AbortSignal.timeout(HELPER_TIMEOUT_MS)]);
	try {
		return await runProgram([program, call.command], {
			environment,
			signal: limited,
			input
		});
	} catch (error) {
		if (signal.aborted) throw abortError(`ask ${program}`, signal);
		if (limited.aborted) throw failure(call, "did not respond within a minute");
		throw isNotFound(error) ? failure(call, "is not on the PATH of this runner", error) : failure(call, `could not be run: ${reason(error)}`, error);
	}
}
function programOf({ helper }) {
	return `docker-credential-${helper}`;
}
function parseObject(text) {
	try {
		const json = JSON.parse(text);
		return isObject(json) ? asObject(json) : void 0;
	} catch {
		return;
	}
}
function howItEnded(exitCode) {
	return exitCode === null ? "by a signal" : `with exit code ${exitCode}`;
}
/** A helper prints its errors to the same output as its secrets: nothing that may be JSON, or a part of it, is shown. */
function messageIn(stdout, stderr) {
	const [line] = excerptOf(/[{}"]/.test(stdout) || stdout.trim() === "" ? stderr : stdout);
	return line === void 0 ? "" : `: ${line}`;
}
function failure(call, problem, cause) {
	return new ActionError("credential-helper-failed", printable(`The credential helper \`${programOf(call)} ${call.command}\` ${problem}`), {
		hint: "Let the step that logs in to the registry, or that installs the helper, run in this job before this one; or take only other hosts: set `docker-server`.",
		cause
	});
}
// src/issuer/docker-config/ask-helpers.ts
/**
* Asks the credential helpers for the credentials of hosts, all at the same time. The first one that fails ends the others.
* @throws ActionError `credential-helper-failed`, or that of the signal
*/
async function askHelpers(sources, { environment, signal }) {
	const finished = new AbortController();
	const options = {
		environment,
		signal: AbortSignal.any([signal, finished.signal])
	};
	try {
		const entries = await Promise.all(sources.map((source) => ask$1(source, options)));
		return sources.flatMap(({ server, isRequested }, index) => {
			const found = hostOf(server, entries[index] ?? { kind: "empty" });
			return found.kind === "missing" && !isRequested ? [] : [found];
		});
	} finally {
		finished.abort();
	}
}
/** What the helper has, else what the config has. */
async function ask$1({ helper, key, entry, isRequested }, options) {
	const found = await getCredential(helper, key, options);
	if (found.kind !== "empty") return found;
	const other = isRequested && entry.kind !== "login" ? await findOtherKey(helper, key, options) : void 0;
	const foundByOther = other === void 0 ? found : await getCredential(helper, other, options);
	return foundByOther.kind === "empty" ? entry : foundByOther;
}
async function findOtherKey(helper, key, options) {
	const keys = await listKeys(helper, options).catch((error) => {
		if (options.signal.aborted) throw error;
		return [];
	});
	const other = findKey(keys, key);
	return other === key ? void 0 : other;
}
// src/run/with-servers.ts
/** The context for registry hosts that only a docker config names. */
function withServers(context, servers) {
	const { inputs, login } = context;
	const owner = {
		...inputs.owner,
		hosts: servers
	};
	const { registry, secret } = inputs;
	return {
		inputs: {
			...inputs,
			owner,
			registry: {
				...registry,
				servers
			},
			secret: secret && {
				...secret,
				owner
			}
		},
		login: {
			...login,
			owner
		}
	};
}
// src/run/provided.ts
const NONE_FAILED = /* @__PURE__ */ new Map();
/**
* The context with what the workflow provides, and with the registry hosts that it is for. A run that mints goes on as it is.
* @throws ActionError | ActionErrors when no credential can be used
*/
async function readProvided(context) {
	const { credential, registry } = context.inputs;
	switch (credential.provider) {
		case "static": {
			const { servers, username = "" } = registry;
			return await withProvided(context, {
				input: "docker-password",
				logins: [{
					servers,
					username,
					password: credential.password
				}],
				failed: NONE_FAILED
			});
		}
		case "docker-config": {
			const { source, allowsShortLived } = credential;
			const found = source.kind === "config" ? await askConfig(context, source) : await readSecrets(context, source);
			if (!allowsShortLived) checkLife(found, context.clock.now());
			return await withProvided(context, found);
		}
		default: return context;
	}
}
async function withProvided(context, { input, logins, failed }) {
	const now = context.clock.now();
	const expiries = logins.flatMap((login) => knownLifeOf(secretOf(login), now)?.expiresAt.getTime() ?? []);
	const expiresAt = expiries.length === 0 ? void 0 : new Date(Math.min(...expiries));
	const [first, ...others] = logins;
	if (first === void 0) throw new InputError(input, "contains no credential of a registry", LOG_IN);
	const all = [first, ...others];
	const servers = [...new Set(logins.flatMap((login) => login.servers))];
	if (input !== "docker-password") info(`Using the credentials for ${servers.join(", ")} from \`${input}\`.`);
	const { inputs, login } = withServers(context, servers);
	if (context.inputs.registry.servers.length === 0) {
		await requireMatchedImage(inputs);
		await warnOfImages(inputs);
	}
	return {
		...context,
		inputs,
		provided: {
			input,
			logins: all,
			expiresAt,
			failed
		},
		login: {
			...login,
			provided: all
		}
	};
}
/** An image that nodes pull with none of the credentials would not be verified at all. */
async function requireMatchedImage({ registry: { image, servers } }) {
	if (image === void 0 || isMatched(image, servers)) return;
	const { unmatchedImage } = await import("./image-problem.js");
	throw new InputError("verify-image", ...unmatchedImage(image, servers));
}
/** The inputs were checked without these hosts. */
async function warnOfImages({ deploy, secret, registry }) {
	if (deploy === void 0 || secret === void 0) return;
	const { unmatchedImagesWarning } = await import("./unmatched-images.js");
	const warning$1 = unmatchedImagesWarning(deploy, {
		name: secret.name,
		servers: registry.servers
	});
	if (warning$1 !== void 0) warning("questionable-input", warning$1);
}
/** The credentials of a docker config: those that it has, and those of its helpers. */
async function askConfig({ signal }, source) {
	const input = "docker-config";
	const options = {
		environment: source.environment,
		signal
	};
	const sources = [...source.asked, ...await listStore(source, options)];
	const tooMany = tooManyHosts(source.logins.length + sources.length);
	if (tooMany !== void 0) throw new InputError(input, ...tooMany);
	const hosts = await askHelpers(sources, options);
	const problems = hosts.flatMap((host) => host.kind === "entry" ? [] : [new InputError(input, ...hostProblem(host))]);
	if (problems.length > 0) throw new ActionErrors(problems, "The docker config cannot be used");
	const asked = hosts.flatMap((host) => host.kind === "entry" ? [{
		...host.login,
		server: host.server
	}] : []);
	return {
		input,
		logins: [...source.logins, ...asked].map(({ server, username, password }) => ({
			servers: [server],
			username,
			password
		})),
		failed: NONE_FAILED
	};
}
/** The hosts that only the credentials store knows. */
async function listStore({ logins, asked, listed }, options) {
	if (listed === void 0) return [];
	const keys = await listKeys(listed, options);
	const known = new Set([...logins, ...asked].map(({ server }) => server));
	return [...keysForNodes(keys)].filter(([server]) => !known.has(server)).map(([server, key]) => {
		return {
			kind: "helper",
			server,
			key,
			helper: listed,
			entry: { kind: "empty" },
			isRequested: false
		};
	});
}
/** The credentials of a pull secret of each cluster. All clusters have to have the same hosts. */
async function readSecrets({ inputs, clusters }, source) {
	const failed = /* @__PURE__ */ new Map();
	const found = await Promise.all(clusters.map(async (cluster) => {
		try {
			return (await readSourceSecret(cluster, source, inputs.registry.servers)).map(({ server, username, password }) => {
				return {
					servers: [server],
					username,
					password,
					cluster: cluster.name
				};
			});
		} catch (error) {
			failed.set(cluster.name, actionErrorOf(error));
			return [];
		}
	}));
	const servers = [...new Set(found.flat().flatMap((login) => login.servers))];
	for (const [index, own] of found.entries()) {
		const cluster = clusters[index];
		const missing = servers.filter((server) => !own.some((login) => login.servers.includes(server)));
		if (cluster !== void 0 && own.length > 0 && missing.length > 0) failed.set(cluster.name, lacksHosts(cluster, source, missing));
	}
	const logins = found.flat().filter(({ cluster = "" }) => !failed.has(cluster));
	if (logins.length === 0) throw new ActionErrors([...failed.values()], "No cluster has the source of the credential");
	return {
		input: "docker-config-secret",
		logins,
		failed
	};
}
/** @throws ActionErrors for credentials that Pods could not use for long */
function checkLife({ input, logins }, now) {
	const errors = logins.flatMap(({ servers: [server], ...login }) => {
		const short = shortLifeOf(secretOf(login), now);
		if (short === void 0) return [];
		return [new InputError(input, `cannot be used: its credential for ${server} ${short.problem}`, short.hint)];
	});
	if (errors.length > 0) throw new ActionErrors(errors, "The credentials expire soon");
}
// src/policy/overdue.ts
/** A schedule may be late, and a few runs may fail: no warning before. */
const MIN_DELAY_MS = 2 * DAY_MS;
/** The part of its time until it is due by which a token may be late. A weekly schedule with a `max-age` of 7 days is later. */
const MAX_DELAY = 1 / 2;
/**
* The newest token that the targets hold, when it is clearly older than it should be: the schedule stopped, its runs fail, or
* it is less frequent than `max-age`.
* @returns undefined also when the date of a token is unknown
*/
function overdueToken(stored, { owner, maxAgeMs, provided }, now) {
	if (maxAgeMs === 0 || provided !== void 0) return void 0;
	const records = stored.flatMap((one) => one.kind === "present" ? ownRecords(one.records, owner) : []);
	const dated = records.filter(isDated);
	if (dated.length < records.length) return void 0;
	const newest = dated.toSorted(byAge).at(-1);
	const dueAt = newest && !isProvided(newest.tokenId) ? nextRotation(newest, maxAgeMs) : void 0;
	if (newest === void 0 || dueAt === void 0) return void 0;
	const { tokenId, mintedAt } = newest;
	const allowedMs = Math.max(MIN_DELAY_MS, (dueAt.getTime() - mintedAt.getTime()) * MAX_DELAY);
	return now.getTime() - dueAt.getTime() < allowedMs ? void 0 : {
		tokenId,
		mintedAt,
		dueAt
	};
}
function isDated(record) {
	return record.mintedAt !== void 0;
}
function byAge(one, other) {
	return one.mintedAt.getTime() - other.mintedAt.getTime();
}
// src/run/reusable.ts
/**
* The newest of the stored credentials that every registry still accepts. One that not all targets hold is distributed by
* this run, so its issuer has to confirm that this action minted it, and when: a record may tell another date.
*/
async function findReusable(context, targets) {
	const { inputs, clock, login, report } = context;
	const request = {
		...login,
		clusters: targets.map(({ cluster }) => cluster.identity),
		maxAgeMs: inputs.maxAgeMs
	};
	const stored = storedIn(targets);
	const overdue = overdueToken(stored, request, clock.now());
	if (overdue !== void 0) report.overdue(overdue, clock.now());
	const { candidates, skipReasons } = selectCandidates(stored, request, clock.now());
	const skipped = new Set(skipReasons);
	const confirmed = [];
	for (const candidate of candidates) {
		const result = await confirm(context, candidate, {
			targets,
			request
		});
		if (typeof result === "object") confirmed.push(result);
		else {
			info(`Skipped stored token ${candidate.tokenId}: ${result}.`);
			skipped.add(result);
		}
	}
	for (const candidate of confirmed.sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())) {
		const reusable = await verifyStored(context, candidate);
		if (reusable !== void 0) return {
			reusable,
			choice: reuse(candidate, inputs, clock.now())
		};
	}
	const reason = [...skipped].join(", ") || "the registry refuses the stored one";
	return {
		reusable: void 0,
		choice: {
			action: login.provided ? "write" : "mint",
			reason
		}
	};
}
/** @returns the credential with the date of its issuer, or why it must not be distributed */
async function confirm({ ownership, clock }, candidate, { targets, request }) {
	if (candidate.isEverywhere || request.provided !== void 0) return candidate;
	const stored = {
		id: candidate.tokenId,
		value: passwordOf(candidate)
	};
	const mint = await ownership.mintOf(stored, targets);
	if (mint === void 0) return "its issuer does not confirm that this action minted it";
	return mintSkipReason(candidate, mint, {
		request,
		now: clock.now()
	}) ?? {
		...candidate,
		mintedAt: mint.mintedAt
	};
}
function reuse({ tokenId, mintedAt }, { maxAgeMs, verify }, now) {
	const verdict = verify ? "accepted by the registry" : "not verified";
	const age = `${formatCount(daysSince(mintedAt, now), "day")} old (limit ${Number((maxAgeMs / DAY_MS).toFixed(1))})`;
	return {
		action: "reuse",
		tokenId,
		reason: `${isProvided(tokenId) ? "the workflow provides the same credential" : age}, ${verdict}`
	};
}
// src/run/evidence.ts
/** Asks the issuer and the clusters for what the decision needs, and for nothing when there is nothing to decide. */
async function gatherEvidence(context, distribution, hasFailedWorkloads) {
	const { inputs } = context;
	const unfinished = unfinishedIn(distribution);
	const blocked = (blocker, errors = []) => ({
		unfinished,
		blocker,
		errors
	});
	if (inputs.revoke === "never") return blocked("`revoke` is `never`");
	if (!inputs.verify) return blocked("this run did not verify the token that replaces it, because `verify` is `false`");
	if (hasFailedWorkloads) return blocked("part of this run failed and some namespaces may still use it");
	try {
		return await ask(context, distribution, unfinished);
	} catch (error) {
		if (!(distribution.minted !== void 0 || distribution.plan.superseded.length > 0)) return blocked(`the action could not find out whether it may be revoked: ${reason(error)}`);
		return blocked("the action could not find out whether it may be revoked, see the error", actionErrorsOf(error));
	}
}
async function ask(context, distribution, unfinished) {
	if (namedTokens(distribution.plan, unfinished).length === 0 && distribution.minted === void 0 && unfinished.count === 0) return {
		unfinished,
		errors: [],
		current: distribution.credential,
		evidence: NO_EVIDENCE
	};
	return await context.report.timeline.phase("Check which tokens are in use", () => askServers(context, distribution, unfinished));
}
async function askServers({ ownership, login }, { plan, desired, outcomes, minted, credential }, unfinished) {
	const failedHolders = outcomes.filter(isFailed).map((target) => failedHolder(target, plan.login));
	const isFinishing = minted !== void 0 || unfinished.count > 0;
	const named = namedTokens(plan, unfinished);
	const known = {
		unfinished,
		errors: [],
		current: credential
	};
	const clusters = [...new Set(outcomes.map(({ cluster }) => cluster))];
	const usage = withoutReplaced(await readTokenUsage(clusters), plan, writtenIn(outcomes, desired.name));
	const evidence = {
		...NO_EVIDENCE,
		usage,
		unfinished,
		failedHolders,
		isScopeCertain: clusters.every(({ isIdentityCertain }) => isIdentityCertain)
	};
	if (!isFinishing && plan.superseded.length === 0 && named.every((id) => usage.holders.has(id))) return {
		...known,
		evidence
	};
	const references = plan.superseded.flatMap((token) => token.references);
	const owned = {
		ownership: await ownership.of(references, outcomes),
		live: await ownership.live(outcomes)
	};
	if (credential.origin !== "reused" || login.provided !== void 0) return {
		...known,
		evidence: {
			...evidence,
			...owned
		}
	};
	const mint = await ownership.mintOf({
		id: credential.tokenId,
		value: passwordOf(credential)
	}, outcomes);
	if (mint === void 0) return {
		...known,
		blocker: "the issuer does not confirm the token that the targets hold now"
	};
	return {
		...known,
		current: {
			...credential,
			mintedAt: mint.mintedAt
		},
		evidence: {
			...evidence,
			...owned
		}
	};
}
function failedHolder({ cluster, namespace, stored, mayHold }, { owner }) {
	const records = stored?.kind === "present" ? ownRecords(stored.records, owner) : [];
	return {
		where: `Namespace ${namespace} in cluster ${cluster.name}`,
		tokenIds: mayHold ? void 0 : stored && records.map(({ tokenId }) => tokenId)
	};
}
async function readTokenUsage(clusters) {
	const seen = await Promise.all(clusters.map(async (cluster) => ({
		cluster: cluster.identity,
		holders: await listHolders(cluster)
	})));
	return {
		clusters: new Set(seen.flatMap(({ cluster, holders }) => holders === void 0 ? [] : [cluster])),
		holders: merged(seen.flatMap(({ holders }) => [...holders ?? []]))
	};
}
/** A token may be held in several clusters. */
function merged(holders) {
	const byToken = Map.groupBy(holders, ([tokenId]) => tokenId);
	return new Map([...byToken].map(([tokenId, each]) => [tokenId, each.flatMap(([, places]) => places)]));
}
function writtenIn(outcomes, name) {
	const written = outcomes.filter((outcome) => !isFailed(outcome));
	return new Set(written.map(({ cluster, namespace }) => placeOf(cluster, namespace, name)));
}
// src/run/read-back.ts
/**
* Reads the targets once more, after the grace period: another client may have written an old secret back.
* @param ids of the tokens that are about to be revoked
*/
async function readBack({ inputs }, { outcomes, credential, plan }, ids) {
	const { secret } = inputs;
	if (secret === void 0) return {
		current: [],
		changes: []
	};
	const targets = outcomes.filter((outcome) => !isFailed(outcome)).map(({ cluster, namespace }) => ({
		cluster,
		namespace
	}));
	const current = withoutVanished(await observeTargets(targets, {
		...secret,
		adopt: true
	}), inputs.targets);
	return {
		current,
		changes: current.flatMap((target) => {
			if (isFailed(target)) return [target.error];
			const { stored } = target;
			return stored.kind === "present" && holdsCredential(stored, credential, plan.login) || hasNewer(stored, plan.login, {
				credential,
				ids
			}) ? [] : [changedError(target, secret.name, credential)];
		})
	};
}
/** A concurrent run wrote a later token meanwhile: the older ones are as superseded as before. */
function hasNewer(stored, { owner }, { credential, ids }) {
	if (stored.kind === "absent") return false;
	return ownRecords(stored.records, owner).some(({ mintedAt, tokenId }) => mintedAt !== void 0 && mintedAt > credential.mintedAt && !ids.includes(tokenId));
}
function changedError({ cluster, namespace, stored }, name, { tokenId }) {
	const secret = `Secret ${namespace}/${name} in cluster ${cluster.name}`;
	const change = stored.kind === "absent" ? "was deleted" : `was changed (other field managers: ${stored.managers.join(", ") || "none"}) and no longer holds token ${tokenId}`;
	return new ActionError("secret-changed-after-write", `${secret} ${change}, after this run had written it`, {
		hint: "No old token was revoked. Find out what writes this Secret (External Secrets, a GitOps controller, a replicator), and exclude it there or choose another `secret-name`.",
		details: {
			cluster: cluster.name,
			namespace,
			resource: `secrets/${name}`
		}
	});
}
// src/run/settle.ts
/**
* Records what is left to do. A pending rotation is removed when nothing is; what could not be revoked is recorded in one
* target for the next run. Failing to is no error: then the next run does it.
*/
async function settleRecords(context, distribution, settled) {
	try {
		const remaining = remainingOf(distribution, settled);
		const marked = distribution.targets.filter((target) => pendingIn(target, distribution).length > 0);
		const { desired, outcomes } = distribution;
		const read = async (targets) => settled.current ?? await readAgain(targets, desired);
		const current = marked.length === 0 ? [] : await read(marked);
		if (settled.isAsked && remaining.length === 0 && marked.length > 0) await endRotations(context, distribution, current);
		const isRecorded = current.some((target) => pendingIn(target, distribution).length > 0);
		if (remaining.length > 0 && !isRecorded) {
			const descriptions = marked.flatMap((target) => pendingIn(target, distribution)).flatMap((one) => one.descriptions);
			const others = (await read(outcomes)).filter((target) => !marked.some((one) => isSamePlace(one, target)));
			await recordRemaining(desired, others.some(isMarkable) ? others : current, {
				descriptions,
				superseded: remaining
			});
		}
		const retained = retainedOf(distribution, settled);
		if (retained.join() === desired.record.retained.join()) return;
		const written = outcomes.filter((outcome) => !isFailed(outcome));
		await writeAll(await readAgain(written, desired), {
			...desired,
			record: {
				...desired.record,
				retained
			}
		}, false);
	} catch (error) {
		info(`Could not record that this rotation is finished: ${reason(error)}. The next run does it.`);
	}
}
/** Ids of tokens that a next run has to try again, and that the records of the targets do not name. */
function remainingOf({ plan }, { unrevoked }) {
	const isOpen = ({ state }) => state === void 0 || state === "reported";
	return unrevoked.filter((token) => isOpen(token) && !plan.retained.includes(token.tokenId)).map(({ tokenId }) => tokenId);
}
/** Of the retained tokens those that are still alive, and tokens that other secrets turn out to hold. */
function retainedOf({ desired }, { unrevoked, isAsked, errors }) {
	const { retained } = desired.record;
	if (!isAsked || errors.length > 0) return retained;
	return unrevoked.filter(({ tokenId, state }) => state === "held" || retained.includes(tokenId)).map(({ tokenId }) => tokenId).sort();
}
async function readAgain(targets, desired) {
	const places = targets.map(({ cluster, namespace }) => ({
		cluster,
		namespace
	}));
	return await observeTargets(places, {
		name: desired.name,
		adopt: true,
		owner: desired.record
	});
}
/** A run takes at most so long, unless its `timeout` says otherwise. */
const MAX_RUN_MS = 9e5;
/** Removes the rotation of this run, and those of others that are over: a run that is still alive goes on with its own. */
async function endRotations({ ownership, clock }, distribution, targets) {
	const { desired, credential, outcomes } = distribution;
	const scope = ownership.scopeOf(outcomes);
	const nowMs = clock.now().getTime();
	const isOverBeforeMs = Math.max(credential.mintedAt.getTime(), nowMs - MAX_RUN_MS);
	const isOver = ({ key, descriptions }) => key === endedKeyOf(distribution) || descriptions.every((one) => {
		const mintedAtMs = mintOf(one, scope)?.mintedAt.getTime() ?? 0;
		return mintedAtMs <= isOverBeforeMs || mintedAtMs > nowMs + 6e5;
	});
	for (const target of targets.filter(isMarkable)) await changePending(target, desired.name, ({ pending }) => {
		const rest = pending.filter((one) => !(isOwn(one, desired.record) && isOver(one)));
		return rest.length === pending.length ? void 0 : rest;
	});
}
async function recordRemaining({ name, record }, targets, remaining) {
	const target = targets.find(isMarkable);
	if (target === void 0) return;
	const { repository, provider, hosts } = record;
	const rotation = {
		repository,
		provider,
		hosts,
		key: (0, import__builtin_crypto.randomBytes)(4).toString("hex"),
		...remaining
	};
	await changePending(target, name, ({ pending }) => [...pending, rotation]);
}
function pendingIn(target, { desired }) {
	return isMarkable(target) ? ownPending(target.stored.pending, desired.record) : [];
}
// src/run/revoke.ts
/**
* Revokes the tokens that this run superseded, and what earlier runs left alive, as far as it can show that nothing needs
* them. One that fails does not stop the others. What stays alive is reported and recorded for the next run.
* @param hasFailedWorkloads then nothing is revoked
*/
async function revokeSuperseded(context, distribution, hasFailedWorkloads) {
	const { inputs, report, journal } = context;
	if (inputs.dryRun) return [];
	const gathered = await gatherEvidence(context, distribution, hasFailedWorkloads);
	const decision = "evidence" in gathered ? decideRevocation(distribution.plan, gathered.evidence, gathered.current) : keepAll(distribution.plan, gathered.unfinished, gathered.blocker);
	const live = "evidence" in gathered ? gathered.evidence.live : void 0;
	const result = await withoutGone(context, distribution, {
		live,
		result: await carryOut(context, distribution, decision)
	});
	if (inputs.revoke !== "never") {
		const next = inputs.verify ? "The next run" : "The next run with `verify: true`";
		if (!warnOf(result.unrevoked, next) && "blocker" in gathered && gathered.unfinished.count > 0) warnUnfinished(gathered.blocker, next);
		await settleRecords(context, distribution, {
			...result,
			isAsked: live !== void 0
		});
	}
	report.revocation(result);
	const errors = [...gathered.errors, ...result.errors];
	if (errors.length + distribution.errors.length === 0 && !hasFailedWorkloads) journal.settled();
	return errors;
}
/** Waits for pulls in flight, reads the targets back, and revokes. */
async function carryOut(context, distribution, { revoke, keep }) {
	const { journal, clock, signal, report } = context;
	logKept(keep);
	if (revoke.length === 0) return {
		revoked: [],
		unrevoked: keep,
		current: void 0,
		errors: []
	};
	const keepInstead = (reason, state) => {
		const kept = revoke.map((tokenId) => ({
			tokenId,
			reason,
			...state && { state }
		}));
		logKept(kept);
		return {
			revoked: [],
			unrevoked: [...keep, ...kept]
		};
	};
	if (!await endUnfinished(context, distribution)) return {
		...keepInstead("a concurrent run continued its rotation"),
		current: void 0,
		errors: []
	};
	journal.revocationStarts(revoke);
	await report.timeline.phase(WAIT_FOR_PULLS, () => waitForInFlightPulls(clock, distribution.writtenAtMs, signal));
	const { current, changes } = await report.timeline.phase("Read the secrets back", () => readBack(context, distribution, revoke));
	report.changedAfterWrite(changes);
	if (changes.length > 0) return {
		...keepInstead(CHANGED, "reported"),
		current,
		errors: changes
	};
	return {
		...await report.timeline.phase("Revoke old tokens", () => revokeEach(context, revoke, keep)),
		current
	};
}
const CHANGED = "a target did not hold the new token any more when it was read back, see the error";
async function revokeEach({ issuer }, ids, keep) {
	const results = [];
	for (const tokenId of ids) try {
		await (await issuer()).revoke(tokenId);
		info(`Revoked token ${tokenId}: nothing needs it any more.`);
		results.push({
			tokenId,
			errors: []
		});
	} catch (error) {
		results.push({
			tokenId,
			errors: actionErrorsOf(error)
		});
	}
	const failed = results.filter(({ errors }) => errors.length > 0);
	const reason = "the issuer did not revoke it, see the error";
	return {
		revoked: results.filter(({ errors }) => errors.length === 0).map(({ tokenId }) => tokenId),
		unrevoked: [...keep, ...failed.map(({ tokenId }) => ({
			tokenId,
			reason,
			state: "reported"
		}))],
		errors: failed.flatMap(({ errors }) => errors)
	};
}
/** A concurrent run that finishes the same rotation may have revoked a token since: that one is no reason for a warning. */
async function withoutGone({ ownership }, { outcomes }, { live: before, result }) {
	if (before === void 0 || surprisingIn(result.unrevoked).length === 0) return result;
	ownership.refresh();
	const now = await ownership.live(outcomes).catch(() => before);
	const isGone = ({ tokenId }) => before.has(tokenId) && !now.has(tokenId);
	return {
		...result,
		unrevoked: result.unrevoked.filter((token) => !isGone(token))
	};
}
function logKept(kept) {
	for (const { tokenId, reason } of kept) info(`Kept old token ${tokenId}: ${reason}.`);
}
function warnUnfinished(blocker, next) {
	warning("token-still-alive", `An earlier run did not finish its rotation, and this one did not either: ${blocker}. ${next} tries again.`);
}
const MAX_WARNED = 10;
/** Tokens that no secret is seen to hold: those are alive for no reason that the user chose. */
function surprisingIn(unrevoked) {
	return unrevoked.filter(({ state }) => state === void 0);
}
/**
* One annotation for all of them.
* @param next the run that tries again
* @returns whether there are any
*/
function warnOf(unrevoked, next) {
	const surprising = surprisingIn(unrevoked);
	if (surprising.length === 0) return false;
	const named = surprising.slice(0, MAX_WARNED).map(({ tokenId, reason }) => `${tokenId} (${reason})`);
	const rest = surprising.length > MAX_WARNED ? ` and ${surprising.length - MAX_WARNED} more` : "";
	warning("token-still-alive", `Old tokens are still alive: ${named.join(", ")}${rest}. ${next} tries again.`);
	return true;
}
// src/run/small-heap.ts
var import__builtin_v8 = require__builtin_v8();
/**
* Keeps the heap within a small multiple of what is in use. By itself, V8 lets the young generation grow to 64 MiB and the old one to four
* times what is alive, since memory is cheap for a browser. What a run has in use is small, and a runner in a container has a limit.
* V8 reads both numbers whenever the heap is to grow.
* @see https://github.com/v8/v8/blob/main/src/flags/flag-definitions.h `semi_space_growth_factor`, `heap_growing_percent`
*/
function keepHeapSmall() {
	(0, import__builtin_v8.setFlagsFromString)("--semi-space-growth-factor=1");
	(0, import__builtin_v8.setFlagsFromString)("--heap-growing-percent=100");
}
// src/run/main.ts
/** Runs the action with these inputs. @throws ActionError | ActionErrors, see `run` */
async function startRun(inputs, report, own) {
	keepHeapSmall();
	return await run(await createContext(inputs, report, own));
}
/**
* One run, in the order of the contract: read what the workflow provides, observe the targets, find a reusable credential, check
* permissions, acquire a credential, distribute it, deploy, revoke.
* @returns what failed without stopping the rest
* @throws ActionError | ActionErrors when the run cannot go on
*/
async function run(initial) {
	const context = await readProvided(initial);
	const { inputs, report } = context;
	connectToRegistries(context);
	const stored = await observeStored(context);
	const [aborted] = stored.filter(isAborted);
	if (aborted !== void 0) return endBeforeWrite(context, stored, aborted.error);
	const decision = await findReusable(context, stored);
	if (decision.reusable === void 0) connectToIssuer(context);
	const { targets, accounts } = await checkTargets(context, stored, decision);
	if (isNothingLeft(targets)) {
		report.targets(inputs.secret?.name, targets);
		return targets.map(({ error }) => error);
	}
	const distribution = await distribute(context, await acquireCredential(context, targets, decision), accounts);
	if (distribution.status === "failed") return distribution.errors;
	const failed = await deployWorkloads(context, distribution);
	const errors = [...distribution.errors, ...failed];
	if (distribution.status === "not-requested") return errors;
	return [...errors, ...await revokeSuperseded(context, distribution, failed.length > 0)];
}
/** The run is over before anything was decided: each target that was read waited for those that were not. */
function endBeforeWrite({ inputs, report }, stored, error) {
	const failed = stored.map((target) => isFailed(target) ? target : failedTarget(target, error));
	report.targets(inputs.secret?.name, failed);
	return [...new Set(stored.filter(isFailed).map((target) => target.error))];
}
/**
* Checks what the user may write. A run that reuses a credential sends fewer requests: it reads the service accounts first, since
* only those that lack the secret need permissions.
*/
async function checkTargets({ inputs, report }, stored, { reusable }) {
	if (inputs.targets === void 0) return {
		targets: stored,
		accounts: NO_ACCOUNTS
	};
	return await report.timeline.phase("Check permissions", async () => {
		const tokenId = reusable?.credential.tokenId;
		const holders = stored.filter((target) => holds(target, tokenId));
		const accounts = await readAccounts(holders, inputs.secret?.serviceAccounts ?? []);
		const check = async (observed) => {
			return {
				targets: await checkPermissions(observed, await permissionsNeeded(observed, inputs, {
					tokenId,
					accounts
				})),
				accounts
			};
		};
		if (reusable !== void 0) return await check(stored);
		const confirm = async () => await confirmIdentities(inputs, stored);
		if (new Set(stored.map(({ cluster }) => cluster)).size > 1) return await check(await confirm());
		const [confirmed, checked] = await Promise.all([
			confirm(),
			check(stored),
			logPullSecrets(inputs, stored)
		]);
		const [one] = confirmed;
		if (one === void 0) return checked;
		return {
			...checked,
			targets: checked.targets.map((target) => ({
				...target,
				cluster: one.cluster
			}))
		};
	});
}
function isNothingLeft(targets) {
	return targets.length > 0 && targets.every(isFailed);
}
export { startRun };
