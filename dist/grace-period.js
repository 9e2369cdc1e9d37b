import { n as KubeConfig, r as require_undici, t as PQueue } from "./packages.js";
import { $ as mask, E as debug, J as asObject, M as warning, S as describeSecret, X as asText, Y as asObjects, a as isAbort, at as actionErrorOf, b as LEGACY_TYPE, i as delay, j as printable, k as info, nt as MANAGER_NAME, r as abortError, rt as ActionError, s as unlessAborted, st as reason, w as readSecret, x as MANAGED_BY, y as DOCKER_CONFIG_TYPE } from "./inputs.js";
import { n as isFailed, t as failedTarget } from "./target.js";
import { a as isForbidden, i as UnexpectedResponse, n as NetworkError, r as ResponseTooLarge, t as HttpError } from "./errors.js";
import { n as OidcTokens, r as sendWithOidc } from "./oidc.js";
import { a as exchangeOf, i as createSend, n as MAX_RESPONSE_BYTES, r as USER_AGENT, s as requireSafe, t as createDispatcher } from "./dispatcher.js";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
// src/pull-secret/scope.ts
/**
* All that a credential is written to, in a form that is equal for equal sets of targets: the clusters by identity, then
* the one secret, or a digest of many.
*/
function scopeOf(targets, secretName) {
	const clusters = [...new Set(targets.map(({ cluster }) => cluster.identity))].sort();
	const secrets = targets.map(({ cluster, namespace }) => [
		cluster.identity,
		namespace,
		secretName
	].join("/")).sort();
	const digest = createHash("sha256").update(secrets.join("\n")).digest("hex").slice(0, 16);
	const [only] = targets;
	const what = targets.length === 1 ? `${only?.namespace}/${secretName}` : `${secrets.length} ${secretName} sha256:${digest}`;
	return `${clusters.join(",")} ${what}`;
}
/** The identities of the clusters in a scope. */
function clustersOf(scope) {
	return (scope.split(" ")[0] ?? "").split(",");
}
// src/policy/revocation.ts
const UNKNOWN_USAGE = {
	clusters: /* @__PURE__ */ new Set(),
	holders: /* @__PURE__ */ new Map()
};
/** Which tokens may be revoked, and why the superseded ones among the others stay alive. */
function decideRevocation(plan, evidence) {
	const decided = plan.superseded.map((token) => ({
		tokenId: token.tokenId,
		reason: "blocker" in evidence ? evidence.blocker : blockerOf(token, plan.scope, evidence)
	}));
	return {
		revoke: decided.filter(({ reason }) => reason === void 0).map(({ tokenId }) => tokenId),
		keep: decided.flatMap(({ tokenId, reason }) => reason === void 0 ? [] : [{
			tokenId,
			reason
		}]),
		leftovers: "blocker" in evidence ? [] : unusedLeftovers(plan, evidence)
	};
}
/**
* Why a superseded token stays alive. It may be revoked only when everything that it was ever written to is a target of
* this run, or is seen not to hold it any more: a namespace that was taken off the list must not lose its pulls.
*/
function blockerOf({ tokenId, scopes }, scope, { ownership, usage }) {
	if (!isOurs(ownership.get(tokenId))) return "nothing shows that this action minted it and that its secret held it";
	const others = scopes.filter((one) => one !== scope);
	if (others.length === 0) return void 0;
	const [holder] = usage.holders.get(tokenId) ?? [];
	if (holder !== void 0) return `Secret ${holder} still holds it`;
	const unseen = others.flatMap(clustersOf).find((cluster) => !usage.clusters.has(cluster));
	if (unseen === void 0) return void 0;
	return `it was written to other targets, and this run cannot see whether they still hold it in cluster ${unseen}`;
}
/** To revoke a token that is gone already does no harm. */
function isOurs(ownership) {
	return ownership === "ours" || ownership === "gone";
}
/** Whether only the secrets of whole clusters show what may be revoked. */
function needsUsage(plan, isMinted) {
	return plan.superseded.some(({ scopes }) => scopes.some((one) => one !== plan.scope)) || isMinted && !plan.hasRecords;
}
/** A leftover is unused when neither this run, a target's records nor a secret of the run's clusters knows it. */
function unusedLeftovers({ tokenId, retained, superseded }, { leftovers, usage }) {
	const known = /* @__PURE__ */ new Set([
		tokenId,
		...retained,
		...usage.holders.keys(),
		...superseded.map((one) => one.tokenId)
	]);
	return leftovers.filter((id) => !known.has(id));
}
/**
* Whether it shows which leftovers are unused. Targets without records remember nothing of earlier runs: then only seeing
* the secrets of all clusters does.
* @param clusters identities of the clusters of this run
*/
function canFindLeftovers({ hasRecords }, usage, clusters) {
	return hasRecords || clusters.every((cluster) => usage.clusters.has(cluster));
}
/**
* `all` only when nothing else was left to do: a run that was interrupted before its workloads were ready is not finished by
* its post step.
* @param targets as they are now
*/
function holdingOf(targets, { phase, currentId, mintedId }, isDeploying) {
	const held = targets.map((target) => target.status === "ready" && target.stored.kind === "present" ? target.stored.provenance?.tokenId : void 0);
	const isDeployed = phase === "revoking" || !isDeploying;
	if (held.every((id) => id === currentId) && isDeployed) return "all";
	if (held.some((id) => id !== void 0 && (id === currentId || id === mintedId))) return "some";
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
// src/http/stream.ts
var import_undici = require_undici();
/** A connection that is silent for longer counts as lost. Longer than the `timeoutSeconds` of the watches of this action. */
const IDLE_TIMEOUT_MS = 6e4;
/** Longer than any object in etcd: https://etcd.io/docs/v3.6/dev-guide/limit/ */
const MAX_LINE_LENGTH = 8388608;
/**
* The HTTP client for responses without an end, such as a watch. It follows no redirect and does not retry: the caller knows
* where to continue.
*/
function createStream(dispatcher, run) {
	return async function* stream(request, signal) {
		const url = new URL(request.url);
		const exchange = exchangeOf(request, url);
		requireSafe(url, request.operation);
		try {
			const { statusCode, body } = await (0, import_undici.request)(url, {
				dispatcher,
				signal: AbortSignal.any([run, signal]),
				headers: {
					"user-agent": USER_AGENT,
					accept: "application/json",
					...request.credentials
				},
				headersTimeout: IDLE_TIMEOUT_MS,
				bodyTimeout: IDLE_TIMEOUT_MS
			});
			if (statusCode !== 200) {
				const hint = request.hints?.[statusCode];
				throw new HttpError(exchange, {
					status: statusCode,
					body: await body.text()
				}, hint);
			}
			let line = "";
			for await (const chunk of body.setEncoding("utf8")) {
				const [head = "", ...rest] = String(chunk).split("\n");
				line += head;
				for (const next of rest) {
					yield parseLine(line, exchange);
					line = next;
				}
				if (line.length > MAX_LINE_LENGTH) throw new UnexpectedResponse(exchange, "one of its lines is too long");
			}
		} catch (error) {
			if (run.aborted) throw abortError(request.operation, run);
			if (signal.aborted) return;
			throw error instanceof ActionError ? error : new NetworkError(exchange, error);
		}
	};
}
function parseLine(line, exchange) {
	try {
		return asObject(JSON.parse(line));
	} catch {
		throw new UnexpectedResponse(exchange, `a line of ${line.length} characters is not JSON`);
	}
}
// src/kubernetes/authentication.ts
const MAX_PROBLEM_LENGTH = 500;
/**
* The TLS options, headers and basic authentication of the kubeconfig user. client-node reads files, runs exec plugins and
* renews tokens: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/,
* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
* @throws ActionError `cluster-login-failed`, or when the run is aborted
*/
async function readHttpsOptions({ config, name, signal }) {
	const options = {};
	try {
		await unlessAborted(config.applyToHTTPSOptions(options), signal);
		return options;
	} catch (error) {
		const command = config.getCurrentUser()?.exec?.command;
		const operation = `authenticate to the cluster ${name}`;
		if (signal.aborted) throw abortError(command === void 0 ? operation : `${operation} with \`${printable(command)}\``, signal);
		const problem = error instanceof SyntaxError ? "its exec plugin did not write JSON" : reason(error);
		throw new ActionError("cluster-login-failed", `Could not ${operation}: ${printable(problem).slice(0, MAX_PROBLEM_LENGTH)}`, {
			cause: error,
			details: {
				cluster: name,
				host: hostOf(config)
			},
			hint: command === void 0 ? "Check the user of that context in the kubeconfig: its files must exist and be readable." : `The kubeconfig user authenticates with the exec plugin \`${printable(command)}\`: install it and log in in an earlier step.`
		});
	}
}
/** The headers that authenticate a request. */
async function readAuthenticationHeaders(context) {
	const { headers, auth } = await readHttpsOptions(context);
	const credentials = {};
	for (const [name, value] of Object.entries(headers ?? {})) credentials[name.toLowerCase()] = String(value);
	if (auth) credentials.authorization = `Basic ${mask(Buffer.from(auth).toString("base64"))}`;
	const token = /^Bearer (.+)$/.exec(credentials.authorization ?? "")?.[1];
	if (token !== void 0) mask(token);
	return credentials;
}
function hostOf(config) {
	return URL.parse(config.getCurrentCluster()?.server ?? "")?.host;
}
// src/kubernetes/cluster-identity.ts
const DIGEST_LENGTH = 8;
/**
* Identifies the cluster of the current context: the address of its API server, and the beginning of the SHA-256 of its CA,
* because many clusters have the address 10.96.0.1.
*/
function identityOf(config) {
	const { server = "", caData, caFile } = config.getCurrentCluster() ?? {};
	const ca = caData ? Buffer.from(caData, "base64") : caFile && existsSync(caFile) ? readFileSync(caFile) : void 0;
	const digest = ca && createHash("sha256").update(ca).digest("hex").slice(0, DIGEST_LENGTH);
	const { host, pathname } = new URL(server);
	return [host + pathname.replace(/\/+$/, ""), digest].filter(Boolean).join("~");
}
// src/kubernetes/connection-pool.ts
/**
* How long a connection may be idle. A run pauses between reading and writing, to mint and to verify. Load balancers close
* idle connections after a minute or later.
*/
const KEEP_ALIVE_MS = 5e4;
/** Opens the connections to the API server of a context: with its CA, client certificate and `proxy-url`. */
async function openConnectionPool(context, maxConnections) {
	const { ca, cert, key, servername, rejectUnauthorized } = await readHttpsOptions(context);
	const provided = Object.entries({
		ca,
		cert,
		key,
		servername,
		rejectUnauthorized
	}).filter(([, value]) => value !== void 0);
	const tls = Object.fromEntries(provided);
	const options = {
		connections: maxConnections,
		keepAliveTimeout: KEEP_ALIVE_MS,
		maxResponseSize: MAX_RESPONSE_BYTES,
		connect: tls,
		requestTls: tls
	};
	const { proxyUrl } = context.config.getCurrentCluster() ?? {};
	if (!proxyUrl) return new import_undici.EnvHttpProxyAgent(options);
	return proxyUrl.startsWith("socks") ? await openSocksProxy(context.config) : new import_undici.ProxyAgent({
		...options,
		uri: proxyUrl
	});
}
/** client-node's SOCKS proxy supports SOCKS versions that undici's does not. */
async function openSocksProxy(config) {
	return await new Promise((resolve, reject) => {
		config.applySecurityAuthentication({
			setHeaderParam: () => {},
			setDispatcher: (dispatcher) => resolve(dispatcher)
		}).catch(reject);
	});
}
// src/kubernetes/throttle.ts
/** The `Retry-After` of API servers, in milliseconds. It is also used when a response has none. */
const MIN_RETRY_AFTER_MS = 1e3;
/** Of one request. */
const MAX_ATTEMPTS = 100;
/** After this many responses in a row without a 429, one more request may be in flight. */
const RESPONSES_TO_RECOVER = 100;
/**
* The queue of the requests to one API server. API priority and fairness rejects requests with 429 and `Retry-After`, before
* it processes them, when the server is overloaded:
* https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
* After a 429 no request is sent until that time is over, and then only half as many at a time.
*/
var Throttle = class {
	#options;
	#queue;
	#responsesSinceRejection = 0;
	#resumeAt = 0;
	#pause;
	constructor(options) {
		this.#options = options;
		this.#queue = new PQueue({ concurrency: options.concurrency });
	}
	/**
	* Calls `send` when the queue reaches it, and again after each 429.
	* @throws HttpError after MAX_ATTEMPTS, or when the API server asks to wait longer than MAX_RETRY_AFTER_MS
	*/
	async run(send) {
		for (let attempts = 1;; attempts++) {
			const response = await this.#queue.add(() => this.#attempt(send));
			if (response.status !== 429) return response;
			if (attempts === MAX_ATTEMPTS || retryAfterMsOf(response) > 6e4) throw response.error();
		}
	}
	/** Resolves when requests may be sent: at once, or at the end of the pause after a 429. */
	async waitForPause() {
		await this.#pause;
	}
	async #attempt(send) {
		await this.waitForPause();
		const response = await send();
		if (response.status === 429) this.#slowDown(retryAfterMsOf(response));
		else this.#recover();
		return response;
	}
	/** The server may reject all requests in flight: together they are one reason to slow down. */
	#slowDown(retryAfterMs) {
		if (retryAfterMs > 6e4) return;
		this.#resumeAt = Math.max(this.#resumeAt, performance.now() + retryAfterMs);
		this.#responsesSinceRejection = 0;
		if (this.#pause !== void 0) return;
		this.#queue.concurrency = Math.ceil(this.#queue.concurrency / 2);
		info(`The API server of the cluster ${this.#options.cluster} reported too many requests: continuing in ${retryAfterMs / 1e3} s, with ${this.#queue.concurrency} at a time`);
		this.#pause = this.#waitUntilResume().finally(() => {
			this.#pause = void 0;
		});
	}
	async #waitUntilResume() {
		const { cluster, signal } = this.#options;
		while (performance.now() < this.#resumeAt && !signal.aborted) {
			const remainingMs = this.#resumeAt - performance.now();
			await delay(remainingMs, `wait for the API server of the cluster ${cluster}`, signal).catch(() => {});
		}
	}
	#recover() {
		if (this.#queue.concurrency === this.#options.concurrency) return;
		if (++this.#responsesSinceRejection < RESPONSES_TO_RECOVER) return;
		this.#responsesSinceRejection = 0;
		this.#queue.concurrency++;
	}
};
/** Retry-After of a 429 is optional: https://www.rfc-editor.org/rfc/rfc6585#section-4 */
function retryAfterMsOf(response) {
	return Math.max(MIN_RETRY_AFTER_MS, response.error().retryAfterMs ?? 0);
}
// src/kubernetes/client.ts
/** Each watch has its own connection; the others wait. */
const MAX_WATCHES = 500;
/**
* Connects to the cluster of a context when the first request is sent. client-node authenticates (exec plugins, certificates,
* renewed tokens), except with GitHub's OIDC tokens. It does not send requests, because it opens a connection for each one.
*/
function connect(access, context, signal) {
	const { concurrency, firstRetryDelayMs } = access;
	const sendOptions = firstRetryDelayMs === void 0 ? {} : { firstRetryDelayMs };
	const config = selectContext(access.config, context);
	const { server = "", skipTLSVerify = false } = config.getCurrentCluster() ?? {};
	if (skipTLSVerify && server.startsWith("https:")) warning("certificate-not-verified", `The certificate of the cluster ${context} is not verified (insecure-skip-tls-verify): an attacker on the network can read its Secrets.`);
	const kubeContext = {
		config,
		name: context,
		signal
	};
	const throttle = new Throttle({
		cluster: context,
		concurrency,
		signal
	});
	const provider = config.getCurrentUser()?.authProvider;
	const tokens = provider?.name === "github-oidc" ? new OidcTokens({
		service: provider.config,
		cluster: context,
		send: createSend(createDispatcher(void 0), signal, sendOptions)
	}) : void 0;
	let sender;
	let watcher;
	async function openSender() {
		const pool = await openConnectionPool(kubeContext, concurrency);
		const send = createSend(pool, signal, {
			...sendOptions,
			beforeAttempt: () => throttle.waitForPause()
		});
		return tokens === void 0 ? send : sendWithOidc(send, tokens);
	}
	function urlOf(path, query = {}) {
		const url = new URL(server + path);
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		return url;
	}
	async function request({ path, query, body, contentType, accept, ...rest }) {
		sender ??= openSender();
		const send = await sender;
		return await throttle.run(async () => {
			if (signal.aborted) throw abortError(rest.operation, signal);
			return await send({
				...rest,
				service: "cluster",
				about: {
					cluster: context,
					...objectOf(path)
				},
				maxRedirects: 0,
				hints: {
					401: unauthorizedHint(context),
					...rest.hints
				},
				expectedStatuses: [...rest.expectedStatuses ?? [], 429],
				url: urlOf(path, query),
				credentials: await readAuthenticationHeaders(kubeContext),
				headers: {
					...accept !== void 0 && { accept },
					...body !== void 0 && { "content-type": contentType ?? "application/json" }
				},
				...body !== void 0 && { body: JSON.stringify(body) }
			});
		});
	}
	async function* stream({ operation, path, query }, until) {
		watcher ??= openConnectionPool(kubeContext, MAX_WATCHES).then((pool) => createStream(pool, signal));
		const watch = await watcher;
		const credentials = await (tokens?.credentials() ?? readAuthenticationHeaders(kubeContext));
		yield* watch({
			service: "cluster",
			operation,
			about: {
				cluster: context,
				...objectOf(path)
			},
			url: urlOf(path, query),
			credentials,
			hints: { 401: unauthorizedHint(context) }
		}, until);
	}
	return {
		name: context,
		identity: identityOf(config),
		namespace: config.getContextObject(context)?.namespace ?? "default",
		request,
		stream
	};
}
function selectContext(config, context) {
	const selected = new KubeConfig();
	const clusters = config.clusters.map((one) => one.server.startsWith("http:") ? {
		...one,
		skipTLSVerify: true
	} : one);
	selected.loadFromOptions({
		...config,
		clusters,
		currentContext: context
	});
	return selected;
}
/**
* The namespace of an API path, and the object or kind in it: `{ namespace: 'shop', resource: 'secrets/regcred' }`.
* https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
*/
function objectOf(path) {
	const [, namespace, resource] = /\/namespaces\/([^/]+)(?:\/([^/]+(?:\/[^/]+)?))?/.exec(path) ?? [];
	return {
		namespace,
		resource
	};
}
function unauthorizedHint(context) {
	return `Check the user of the context ${context} in the kubeconfig: its token or certificate may have expired.`;
}
// src/kubernetes/list.ts
/** The page size of kubectl: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_get/ */
const PAGE_SIZE = 500;
/**
* Reads a list page by page. No response grows with the cluster: a page of large objects has fewer of them.
* @throws UnexpectedResponse for a response that is not a list: the caller must not take it for an empty list
* @throws ResponseTooLarge when one object alone is too large
*/
async function* pagesOf(server, request) {
	let continueToken;
	let limit = PAGE_SIZE;
	do {
		const query = {
			...request.query,
			...continueToken !== void 0 && { continue: continueToken }
		};
		const { response, size } = await requestPage(server, {
			...request,
			query
		}, limit);
		limit = hasRoom(response) ? Math.min(PAGE_SIZE, size * 2) : size;
		const { kind, items, metadata } = response.json();
		if (!(Array.isArray(items) || !items && asText(kind)?.endsWith("List"))) throw response.unexpected("it is not a list");
		const { resourceVersion, continue: nextToken } = asObject(metadata);
		yield {
			items: asObjects(items),
			version: asText(resourceVersion) ?? ""
		};
		continueToken = asText(nextToken);
	} while (continueToken !== void 0);
}
/**
* Asks for one page with fewer and fewer objects until the response is small enough. The continue token contains the key where
* the page starts, and no limit:
* https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/storage/continue.go
* @returns the page, and how many objects were asked for
*/
async function requestPage(server, request, limit) {
	for (let size = limit;;) try {
		const query = {
			...request.query,
			limit: String(size)
		};
		return {
			response: await server.request({
				...request,
				query
			}),
			size
		};
	} catch (error) {
		if (!(error instanceof ResponseTooLarge) || size === 1) throw error;
		size = Math.ceil(size / 10);
		info(`${error.message}; trying again with ${size} ${size === 1 ? "object" : "objects"} at a time`);
	}
}
/** Whether a page with twice as many such objects is small enough. */
function hasRoom({ text }) {
	return text.length * 2 < MAX_RESPONSE_BYTES;
}
/**
* A continue token expires when etcd compacts the list, after 5 to 15 minutes. The API server then returns 410, and the list is
* read from its start: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
*/
const MAX_LIST_ATTEMPTS = 3;
/**
* Reads all pages of a list and keeps only what `pick` returns of each object, to save memory.
* @param pick returns undefined to leave an object out; sees an object twice when the list is read again from its start
*/
async function listAll(cluster, request, pick) {
	for (let attempt = 1;; attempt++) try {
		return await listOnce(cluster, request, pick);
	} catch (error) {
		if (!(error instanceof HttpError && error.status === 410) || attempt === MAX_LIST_ATTEMPTS) throw error;
	}
}
async function listOnce(cluster, request, pick) {
	const picked = [];
	for await (const { items } of pagesOf(cluster, request)) for (const object of items) {
		const one = pick(object);
		if (one !== void 0) picked.push(one);
	}
	return picked;
}
/** The result of a list; undefined when the kubeconfig user is not allowed to list (403). */
async function unlessForbidden(list) {
	try {
		return await list;
	} catch (error) {
		if (isForbidden(error)) return void 0;
		throw error;
	}
}
/**
* The result of a list that the caller can do without; undefined when it fails, for whatever reason, which is logged.
* @throws ActionError when the run is aborted
*/
async function unlessFailed(list) {
	try {
		return await list;
	} catch (error) {
		if (isAbort(error) || !(error instanceof ActionError)) throw error;
		const line = `${error.message}; continuing without this list`;
		if (isForbidden(error)) debug(line);
		else info(line);
		return;
	}
}
/** Lists only the metadata: https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
// src/pull-secret/list.ts
/**
* The secrets of one name in these namespaces of a cluster, by namespace. Those of other namespaces are not kept.
* @returns undefined when the user may not list secrets of the whole cluster
*/
async function listSecrets(cluster, name, namespaces) {
	const secrets = await unlessForbidden(listAll(cluster, {
		operation: `list the secrets ${name} of the cluster ${cluster.name}`,
		path: "/api/v1/secrets",
		query: { fieldSelector: `metadata.name=${name}` }
	}, (secret) => {
		const namespace = asText(asObject(secret.metadata).namespace) ?? "";
		return namespaces.has(namespace) ? [namespace, describeSecret(secret, cluster)] : void 0;
	}));
	return secrets && new Map(secrets);
}
/**
* Which secrets hold which token: those of this action in the whole cluster, whatever their names, by the id of the token
* that they record. Only their metadata is read.
* @returns undefined when they cannot be seen: the user may not list secrets of the whole cluster, or the list fails
*/
async function listHolders(cluster) {
	const holders = await unlessFailed(listAll(cluster, {
		operation: `list the secrets of ${MANAGER_NAME} in the cluster ${cluster.name}`,
		path: "/api/v1/secrets",
		query: { labelSelector: `${MANAGED_BY}=${MANAGER_NAME}` },
		accept: METADATA_ONLY
	}, (secret) => {
		const { provenance, where } = describeSecret(secret, cluster);
		return provenance && {
			tokenId: provenance.tokenId,
			where
		};
	}));
	const byToken = holders && Map.groupBy(holders, ({ tokenId }) => tokenId);
	return byToken && new Map([...byToken].map(([tokenId, held]) => [tokenId, held.map(({ where }) => where)]));
}
// src/pull-secret/namespaces.ts
/**
* The chosen namespaces of a cluster, in order. They are listed only when a glob or a selector needs it; terminating ones
* are left out.
* @throws ActionError when none is found, or the user may not list them
*/
async function chooseNamespaces(cluster, { patterns, selector }) {
	if (patterns.length === 0 && selector === void 0) return [cluster.namespace];
	const included = patterns.filter((pattern) => !pattern.startsWith("!"));
	const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
	const isExcluded = (name) => excluded.some((pattern) => matches(name, pattern));
	const names = included.filter((pattern) => !isGlob(pattern) && !isExcluded(pattern));
	const isListed = selector !== void 0 || included.some(isGlob);
	const all = isListed ? await listStaying(cluster, selector) : [];
	const isIncluded = (name) => included.length === 0 || included.some((pattern) => matches(name, pattern));
	const found = all.filter((name) => isIncluded(name) && !isExcluded(name));
	const chosen = selector === void 0 ? [.../* @__PURE__ */ new Set([...names, ...found])] : found;
	if (chosen.length > 0) return isListed ? chosen.sort() : chosen;
	const meant = [...patterns, ...selector === void 0 ? [] : [`the labels ${selector}`]].join(", ");
	throw new ActionError("namespace-not-found", `No namespace of cluster ${cluster.name} matches ${meant}`, {
		hint: "Check `namespaces` and `namespace-selector`.",
		details: { cluster: cluster.name }
	});
}
function isGlob(pattern) {
	return pattern.includes("*");
}
/**
* Whether a glob matches a name; `*` stands for any number of characters. The literal parts are searched for from left to
* right, each behind the one before it. This never backtracks, unlike a regular expression with several `.*`.
*/
function matches(name, glob) {
	const [prefix = "", ...rest] = glob.split("*");
	const suffix = rest.pop();
	if (suffix === void 0) return name === glob;
	const end = name.length - suffix.length;
	if (!name.startsWith(prefix) || !name.endsWith(suffix)) return false;
	let from = prefix.length;
	for (const part of rest) {
		const index = name.indexOf(part, from);
		if (index < 0) return false;
		from = index + part.length;
	}
	return from <= end;
}
async function listStaying(cluster, selector) {
	return [...await list(cluster, {
		query: selector === void 0 ? {} : { labelSelector: selector },
		hints: {
			400: "Check `namespace-selector`: it is a label selector as kubectl takes it, as in team=a,tier!=test.",
			403: "Grant the user of this kubeconfig the verb list on namespaces (a ClusterRole), or list their names in `namespaces`."
		}
	})].flatMap(([name, status]) => {
		if (status === "active") return [name];
		logTerminating(cluster, name);
		return [];
	});
}
/** All namespaces by name; undefined when the user may not list them. */
async function listNamespaces(cluster) {
	return await unlessForbidden(list(cluster, {}));
}
async function list(cluster, request) {
	const operation = `list the namespaces of the cluster ${cluster.name}`;
	const namespaces = await listAll(cluster, {
		...request,
		operation,
		path: "/api/v1/namespaces",
		accept: METADATA_ONLY
	}, (namespace) => {
		const { name } = asObject(namespace.metadata);
		return [asText(name) ?? "", statusOf(namespace)];
	});
	return new Map(namespaces);
}
/** A user who may not read namespaces finds out when writing. */
async function readNamespaceStatus({ cluster, namespace }) {
	const response = await cluster.request({
		operation: `read the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}`,
		expectedStatuses: [403, 404]
	});
	if (response.status === 404) return "missing";
	return response.status === 403 ? "active" : statusOf(response.json());
}
function statusOf({ metadata }) {
	return asObject(metadata).deletionTimestamp === void 0 ? "active" : "terminating";
}
function logTerminating(cluster, namespace) {
	info(`Skipped namespace ${namespace} of cluster ${cluster.name}: it is terminating.`);
}
// src/pull-secret/refusal.ts
/** A secret that must not, or cannot, be written; nothing was sent. */
var Refusal = class extends ActionError {
	name = "Refusal";
};
/** Why the secret of a target is not to be written; undefined when it may be. */
function refusal({ cluster, namespace, stored }, { name, adopt }) {
	if (stored.kind === "absent") return void 0;
	const { type, immutable, ours, managers, controller } = stored;
	const secret = `Secret ${namespace}/${name} in cluster ${cluster.name}`;
	const details = {
		cluster: cluster.name,
		namespace,
		resource: `secrets/${name}`
	};
	if (controller !== void 0) return new Refusal("secret-has-controller", `${secret} belongs to ${controller}, whose controller would revert it`, {
		hint: "Choose another `secret-name`: `adopt` does not help here.",
		details
	});
	if (type === "kubernetes.io/dockercfg") return new Refusal("secret-type-conflict", `${secret} has the legacy type ${LEGACY_TYPE}, which cannot be changed`, {
		hint: "Choose another `secret-name`, use it in your Pods and service accounts, and delete the old secret when nothing names it.",
		details
	});
	if (!ours && !adopt) return new Refusal("secret-not-managed", `${secret} already exists and was not created by this action (managed by: ${managers.join(", ") || "unknown"})`, {
		hint: "Choose another `secret-name`, or set `adopt: true` to take it over and keep its other registry hosts.",
		details
	});
	if (type !== "kubernetes.io/dockerconfigjson") return new Refusal("secret-type-conflict", `${secret} has the type ${printable(type)}, which cannot be changed to ${DOCKER_CONFIG_TYPE}`, {
		hint: "Choose another `secret-name`, or delete that secret yourself when nothing needs it.",
		details
	});
	if (immutable) return new Refusal("secret-immutable", `${secret} is immutable: its content cannot be changed`, {
		hint: "Choose another `secret-name`: nodes do not read an immutable secret again.",
		details
	});
}
// src/pull-secret/targets.ts
/**
* Connects to the clusters; each namespace of each of them is a target, once, however many contexts lead there. A
* cluster whose namespaces cannot be read is one target that fails.
*/
async function resolveTargets(selection, signal) {
	const byPlace = (await Promise.all(selection.contexts.map(async (context) => {
		const cluster = connect(selection, context, signal);
		try {
			return (await chooseNamespaces(cluster, selection)).map((namespace) => ({
				cluster,
				namespace
			}));
		} catch (error) {
			return [failedTarget({
				cluster,
				namespace: "*"
			}, error)];
		}
	}))).flat().map((one) => [`${one.cluster.identity}/${one.namespace}`, one]);
	return [...new Map(byPlace.toReversed()).values()].toReversed();
}
/**
* Reads what the targets hold: by a list of the secrets of that name where there are many targets and the user may list,
* otherwise one by one. A target that cannot be read, or must not be written, fails alone.
*/
async function observeTargets(targets, secret) {
	const failed = targets.filter((target) => "status" in target);
	const reachable = targets.filter((target) => !("status" in target));
	const observed = [...Map.groupBy(reachable, ({ cluster }) => cluster)].map(([cluster, group]) => observeCluster(cluster, group, secret));
	return withoutTerminating([...(await Promise.all(observed)).flat(), ...failed]);
}
async function observeCluster(cluster, targets, secret) {
	if (targets.length <= 8) return await observeEach(targets, secret);
	try {
		const listed = await listSecrets(cluster, secret.name, new Set(targets.map(({ namespace }) => namespace)));
		const isComplete = targets.every(({ namespace }) => listed?.has(namespace));
		return await observeEach(targets, secret, {
			listed,
			namespaces: listed === void 0 || isComplete ? void 0 : await listNamespaces(cluster)
		});
	} catch (thrown) {
		return await observeWithoutList(targets, secret, actionErrorOf(thrown));
	}
}
/**
* A single object can make a list fail, also one in a namespace that is no target. Then the targets are read one by one. If the
* first of them fail like the list, the cluster fails, not the list: the other targets are not read.
*/
async function observeWithoutList(targets, secret, listError) {
	const failAll = () => targets.map((target) => failedTarget(target, listError));
	if (isAbort(listError)) return failAll();
	info(`${listError.message}; reading the targets one by one`);
	const first = await observeEach(targets.slice(0, 8), secret);
	if (first.every((target) => isFailed(target) && target.error.code === listError.code)) return failAll();
	return [...first, ...await observeEach(targets.slice(8), secret)];
}
async function observeEach(targets, secret, lists = NO_LISTS) {
	return await Promise.all(targets.map((target) => observe(target, secret, lists)));
}
/** Namespaces that are being deleted take no new secret: they are left out, unless there is nothing else to do. */
function withoutTerminating(targets) {
	const isTerminating = (target) => isFailed(target) && target.error.code === "namespace-terminating";
	const staying = targets.filter((target) => !isTerminating(target));
	if (staying.length === 0) return [...targets];
	for (const { cluster, namespace } of targets.filter(isTerminating)) logTerminating(cluster, namespace);
	return staying;
}
const NO_LISTS = {
	listed: void 0,
	namespaces: void 0
};
async function observe(target, secret, { listed, namespaces }) {
	const { cluster, namespace } = target;
	try {
		const stored = listed ? listed.get(namespace) ?? { kind: "absent" } : await readSecret(cluster, namespace, secret.name);
		if (stored.kind === "absent") {
			const status = namespaces ? namespaces.get(namespace) ?? "missing" : listed ? "active" : await readNamespaceStatus(target);
			if (status !== "active") return failedTarget(target, namespaceError(target, status));
		}
		const refused = refusal({
			...target,
			stored
		}, secret);
		return refused === void 0 ? {
			...target,
			status: "ready",
			stored
		} : failedTarget(target, refused);
	} catch (error) {
		return failedTarget(target, error);
	}
}
function namespaceError({ cluster, namespace }, status) {
	const details = {
		cluster: cluster.name,
		namespace
	};
	return status === "terminating" ? new ActionError("namespace-terminating", `Namespace ${namespace} of cluster ${cluster.name} is terminating`, {
		hint: "Remove it from `namespaces`, or wait until it is gone and create it again.",
		details
	}) : new ActionError("namespace-not-found", `Namespace ${namespace} does not exist in cluster ${cluster.name}`, {
		hint: "Check `namespaces` and `contexts`, or create the namespace first: this action writes secrets, not namespaces.",
		details
	});
}
// src/run/grace-period.ts
/**
* For so long after the last write the old and the new credential both work. A kubelet that has read the secret just
* before it was written still logs in with what it read; half a second was measured on a real node.
* See docs/decisions for the measurements.
*/
const REVOCATION_GRACE_MS = 5e3;
/**
* Waits until no pull that is in flight uses what was superseded.
* @param writtenAtMs when the last target was written, by `clock.elapsedMs()`
*/
async function waitForInFlightPulls(clock, writtenAtMs, signal) {
	const remainingMs = writtenAtMs + REVOCATION_GRACE_MS - clock.elapsedMs();
	if (remainingMs <= 0) return;
	info(`Waiting ${(remainingMs / 1e3).toFixed(1)} s for in-flight pulls before revoking`);
	await clock.sleep(remainingMs, signal);
}
export { scopeOf as _, refusal as a, pagesOf as c, canFindLeftovers as d, decideCleanup as f, clustersOf as g, needsUsage as h, Refusal as i, unlessFailed as l, holdingOf as m, observeTargets as n, listHolders as o, decideRevocation as p, resolveTargets as r, listAll as s, waitForInFlightPulls as t, UNKNOWN_USAGE as u };
