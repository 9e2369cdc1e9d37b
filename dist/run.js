import { n as __toESM } from "./rolldown-runtime.js";
import { B as group, G as warning, Gt as require_promises, M as once, Ot as require__builtin_crypto, Q as publish, R as debug, S as formatNumber, St as reason, T as lastResult, Ut as require__builtin_fs, V as info, W as printable, Y as maskBasic, _ as sha256, _t as ActionError, a as withSuggestion, at as asObjects, bt as actionErrorOf, ct as isObject, et as redactEach, ft as abortError, gt as unlessAborted, i as suggestionOf, it as asObject, k as daysSince, mt as isAbort, ot as asText, pt as delay, rt as asName, t as withProgress, ut as MANAGER_NAME, w as compareTexts, x as formatCount, y as cut } from "./runner.js";
import { C as tokenProblem, S as readNamedFile, c as RenewedCredential, d as KubeConfig, l as impersonationHeaders, s as githubOidc, w as trimToken, x as contentOf } from "./kubeconfig.js";
import { B as readSecret, Dt as findKey$1, E as clusterProxy, F as LEGACY_TYPE, Ft as readEntry, G as RECORDS, H as formatPending, Ht as isLoopback, I as MANAGED_BY, J as formatRecords, K as conflictingRecords, L as describeSecret, M as DOCKER_CONFIG_KEY, Mt as shownKeys, N as DOCKER_CONFIG_TYPE, Nt as tooManyHosts, O as catching, P as LAST_APPLIED, Rt as NO_PROXIES, V as PENDING, Y as formatWith, Z as ownRecords, _ as clustersOf, a as isReady, an as isObserved, cn as metadataOf, dn as LABEL, et as dockerConfig, fn as SUBDOMAIN, i as isMarkable, jt as identityTokenProblem, ln as nameOf, mt as keysForNodes, n as failedTarget, nn as conditionOf, nt as maskEntries, q as droppedHosts, qt as withoutFinalSlashes, r as isFailed, tt as loginsIn, z as readEntries } from "./inputs.js";
import { S as require_connect, c as HttpError, d as UnexpectedResponse, f as isForbidden, g as createConnections, l as NetworkError, m as createDispatcher, n as createSend, p as isOutcomeUnknown, r as exchangeOf, u as ResponseTooLarge, v as MAX_RESPONSE_BYTES } from "./http.js";
// src/kubernetes/namespace-patterns.ts
var import__builtin_fs = /* @__PURE__ */ __toESM(require__builtin_fs(), 1);
var import__builtin_crypto = require__builtin_crypto();
var import_connect = /* @__PURE__ */ __toESM(require_connect(), 1);
/** Whether a namespace may be a target of a context with the namespace `own`. Before its labels are read, a selector may match them. */
function mayInclude({ patterns, selector }, own, name) {
	if (patterns.length === 0 && selector === void 0) return name === own;
	const { isIncluded, isExcluded } = filterOf(patterns);
	return isIncluded(name) && !isExcluded(name);
}
function filterOf(patterns) {
	const included = includedIn(patterns);
	const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
	return {
		isIncluded: (name) => included.length === 0 || included.some((pattern) => matches(name, pattern)),
		isExcluded: (name) => excluded.some((pattern) => matches(name, pattern))
	};
}
function includedIn(patterns) {
	return patterns.filter((pattern) => !pattern.startsWith("!"));
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
// src/issuer/list-repositories.ts
/**
* The repositories of a registry of IBM, such as `team/app`, by its list of images.
* @see https://github.com/IBM-Cloud/bluemix-go/blob/master/api/container/registryv1/images.go for Bluemix
* @see https://cloud.ibm.com/apidocs/container-registry#list-images
*/
async function listRepositories(send, { registry, credentials }) {
	const query = new URLSearchParams({
		includeIBM: "false",
		includePrivate: "true",
		vulnerabilities: "false"
	});
	return repositoriesIn(await send({
		service: "registry",
		operation: `list the images at ${registry}`,
		url: `${registry}/api/v1/images?${query}`,
		credentials
	}));
}
/** The same registry can have several hosts: which one an image is listed with does not matter. */
function repositoriesIn(response) {
	const names = asObjects(parse(response)).flatMap(({ RepoTags }) => Array.isArray(RepoTags) ? RepoTags : []).flatMap((tag) => /^[^/]+\/([^:@]+)/.exec(typeof tag === "string" ? tag : "")?.[1] ?? []);
	return [...new Set(names)];
}
function parse(response) {
	try {
		return JSON.parse(response.text);
	} catch {
		throw response.unexpected("its body is not JSON");
	}
}
// src/http/brief-lookup.ts
const TIMEOUT_MS = 5e3;
/**
* Looks up what may not be needed, or only makes an error more useful, such as the names that exist. So nothing that goes
* wrong here is an error: it is a debug message.
* @param what as it reads after "Could not look up"
* @param lookUp sends its requests with the limits, of which the signal aborts after five seconds
* @returns undefined when that failed, or took longer
*/
async function lookUpBriefly(what, lookUp) {
	const controller = new AbortController();
	const timer = setTimeout(() => controller.abort(/* @__PURE__ */ new Error(`it took longer than ${TIMEOUT_MS / 1e3} s`)), TIMEOUT_MS);
	const { signal } = controller;
	try {
		return await unlessAborted(lookUp({
			signal,
			maxAttempts: 1,
			maxRedirects: 0
		}), signal);
	} catch (error) {
		debug(`Could not look up ${what}: ${reason(error)}`);
		return;
	} finally {
		clearTimeout(timer);
	}
}
// src/kubernetes/login-error.ts
const MAX_PROBLEM_LENGTH = 500;
const FILES_HINT = "Check the user of that context in the kubeconfig: its files must exist and be readable.";
/** @param problem must not contain a secret */
function loginError(cluster, problem, { hint = FILES_HINT, cause } = {}) {
	const text = printable(problem).slice(0, MAX_PROBLEM_LENGTH);
	return new ActionError("cluster-login-failed", `Could not authenticate to the cluster ${cluster}: ${text}`, {
		cause,
		details: { cluster },
		hint
	});
}
// src/permissions/permission.ts
const ACCOUNT = {
	group: "",
	resource: "serviceaccounts"
};
/** What writing the pull secret and its service accounts needs. */
function secretPermissions(desired, isPresent) {
	const verbs = isPresent ? ["get", "patch"] : [
		"get",
		"create",
		"patch"
	];
	const secret = {
		group: "",
		resource: "secrets",
		name: desired.name
	};
	return [...verbs.map((verb) => ({
		verb,
		...secret
	})), ...accountPermissions(desired)];
}
/** What adding the pull secret to its service accounts needs. */
function accountPermissions({ serviceAccounts }) {
	return serviceAccounts.includes("*") ? [
		"get",
		"list",
		"patch"
	].map((verb) => ({
		verb,
		...ACCOUNT
	})) : serviceAccounts.flatMap((name) => ["get", "patch"].map((verb) => ({
		verb,
		...ACCOUNT,
		name
	})));
}
/** What the run needs to create the namespace of a target, if it does not exist. */
function permissionsToCreate(target) {
	const source = target.status === "ready" ? target.namespaceToCreate : void 0;
	if (source === void 0) return [];
	const namespaces = {
		group: "",
		resource: "namespaces",
		isClusterScoped: true
	};
	if (source === "input") return [{
		verb: "create",
		...namespaces
	}];
	return ["create", "patch"].map((verb) => ({
		verb,
		...namespaces,
		name: target.namespace
	}));
}
/** What applying an object needs. @param how whether the run waits for it, and may delete and create it again */
function verbsToApply(how) {
	const { isFollowed, isRecreated } = how;
	return [
		...isRecreated || isFollowed ? ["get"] : [],
		"create",
		"patch",
		...isRecreated ? ["delete"] : []
	];
}
/**
* What shows the progress of a workload at once, and why its Pods do not run. A run that waits works without it.
* @param kind of the workload, with its group and its plural
*/
function permissionsToObserve({ kind, group, resource }) {
	return [...[
		{
			group,
			resource
		},
		{
			group: "",
			resource: "pods"
		},
		...group === "apps" && kind === "Deployment" ? [{
			group: "apps",
			resource: "replicasets"
		}] : []
	].flatMap((one) => ["list", "watch"].map((verb) => ({
		verb,
		...one
	}))), {
		verb: "list",
		group: "",
		resource: "events"
	}];
}
/** `create and patch secrets, and patch serviceaccounts`. */
function describePermissions(permissions) {
	return [...byResource(permissions)].map(([resource, verbs]) => `${join([...verbs])} ${resource.split("/")[1]}`).join(", and ");
}
/**
* The rules of a Role that gives these permissions. They name the objects that are known. A write by server-side apply names what it
* creates, so `create` can be restricted as well: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
*/
function rulesOf(permissions) {
	return [...Map.groupBy(permissions, ({ group, resource, name = "" }) => `${group}/${resource}/${name}`).values()].flatMap((same) => {
		const [first] = same;
		if (first === void 0) return [];
		const { group, resource, name } = first;
		const verbs = [...new Set(same.map(({ verb }) => verb))];
		return [{
			apiGroups: [group],
			resources: [resource],
			...name !== void 0 && { resourceNames: [name] },
			verbs
		}];
	});
}
function byResource(permissions) {
	const verbs = /* @__PURE__ */ new Map();
	for (const { verb, group, resource } of permissions) {
		const key = `${group}/${resource}`;
		verbs.set(key, (verbs.get(key) ?? /* @__PURE__ */ new Set()).add(verb));
	}
	return verbs;
}
function join(words) {
	return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
// src/issuer/provided.ts
/** The provider of a credential that the workflow provides: this action neither mints nor revokes it. */
const PROVIDED = {
	endpoint: void 0,
	open: async () => ({
		organizationGuid: void 0,
		issuer: () => NO_ISSUER
	}),
	manualRevocation: (id) => `Revoke credential ${id} where it was issued.`
};
const NO_ISSUER = {
	mint: rejectUnsupported,
	list: async () => [],
	recover: rejectUnsupported,
	confirm: async () => "mismatch",
	revoke: rejectUnsupported
};
async function rejectUnsupported() {
	throw new ActionError("internal-error", "A credential that the workflow provides can be neither minted nor revoked");
}
// src/issuer/provider.ts
/** Loads the provider that the request is for, and no other. */
async function createProvider(request) {
	switch (request.provider) {
		case "dedicated": {
			const { createDedicatedProvider } = await import("./provider-dedicated.js");
			return createDedicatedProvider(request);
		}
		case "ibmcloud": {
			const { createIbmcloudProvider } = await import("./provider-ibmcloud.js");
			return createIbmcloudProvider(request);
		}
		case "harbor": {
			const { createHarborProvider } = await import("./provider-harbor.js");
			return createHarborProvider(request);
		}
		case "docker-config":
		case "static": return PROVIDED;
	}
}
// src/kubernetes/api-url.ts
/** The URLs of an API server by their paths, which may have names in them that come from other servers and files. */
function apiUrls(server, context) {
	const prefix = once(() => new URL(`${server}/`).pathname.slice(0, -1));
	return (path, query) => {
		const url = new URL(server + path + searchOf(query));
		if (url.pathname !== prefix() + path) throw pathError(context, path);
		return url;
	};
}
/** `URLSearchParams` takes several times as long, which counts in a run with thousands of requests. */
function searchOf(query = {}) {
	const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`);
	return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
/** Dots, and characters that end a path, would lead to another path of the server. */
function pathError(context, path) {
	return new ActionError("cluster-unexpected-response", `Could not send a request to the cluster ${context}: ${printable(path)} contains a name that no Kubernetes object can have`, {
		details: { cluster: context },
		hint: "Check where that name comes from: a manifest, or another user of the cluster."
	});
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
// src/kubernetes/cluster-info.ts
/** The cluster as an exec plugin gets it: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#Cluster */
function clusterInfoOf(cluster) {
	if (cluster === null) return {};
	const { server, tlsServerName, skipTLSVerify, caData, caFile, proxyUrl, execConfig } = cluster;
	return {
		server,
		"tls-server-name": tlsServerName,
		"insecure-skip-tls-verify": skipTLSVerify || void 0,
		"certificate-authority-data": contentOf(caData, caFile)?.toString("base64"),
		"proxy-url": proxyUrl,
		config: execConfig
	};
}
// src/kubernetes/authentication.ts
/** Of an id-token. */
const MIN_TOKEN_LIFE_MS = 6e4;
/** A plugin that asks a person, or a refresh token that works once, is not tried for each request. */
const FAILURE_LIFE_MS = 6e4;
function pluginHint(command) {
	return `The API server rejected the credential of the exec plugin \`${printable(command)}\`, and a new one: check which account the plugin is logged in to, and that this account may use the cluster.`;
}
/** The token in a file may be renewed; client-go reads it again as often. */
const TOKEN_FILE_LIFE_MS = 6e4;
/**
* What authenticates the kubeconfig user. The action runs exec plugins itself, because client-node runs them in the workspace, with
* the inputs in their environment (docs/decisions/0013-own-exec-plugin-runner.md).
* https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
*/
function credentialSourceOf(context, sendOptions = {}) {
	const { config, name, proxies, signal } = context;
	const user = config.getCurrentUser() ?? { name: "" };
	const { authProvider, exec } = user;
	const tokenFile = asText(authProvider?.config?.tokenFile);
	if (authProvider?.name === "github-oidc") {
		const send = createSend(createDispatcher(void 0, proxies), signal, sendOptions);
		return githubOidc({
			service: authProvider.config,
			cluster: name,
			send
		});
	}
	if (user.username) return fixed(context, () => withBasic(user));
	if (tokenFile !== void 0) return new RenewedCredential(async () => readTokenFile(context, user, tokenFile));
	if (user.token) return fixed(context, () => withToken(user, String(user.token)));
	if (authProvider?.name === "oidc") return oidcSource(context, user, sendOptions);
	if (exec) {
		const rejectionHint = () => pluginHint(asText(exec.command) ?? "");
		return new RenewedCredential(() => runPlugin(context, user), {
			rejectionHint,
			failureLifeMs: FAILURE_LIFE_MS
		});
	}
	return fixed(context, () => withHeaders(user, {}));
}
/** A file of the user is read with the first request. */
function fixed(context, read) {
	const credential = once(() => explained(context, read));
	return {
		current: async () => credential(),
		discard: () => false
	};
}
function withBasic(user) {
	return withHeaders(user, { authorization: `Basic ${maskBasic(user.username ?? "", user.password ?? "")}` });
}
function withToken(user, text) {
	const token = trimToken(text);
	if (token === void 0) throw new Error("its token is empty");
	const problem = tokenProblem(token);
	if (problem !== void 0) throw new Error(`its token ${problem}`);
	return withHeaders(user, { authorization: `Bearer ${token}` });
}
function readTokenFile(context, user, path) {
	return {
		credential: explained(context, () => withToken(user, readNamedFile(path).toString())),
		renewAtMs: Date.now() + TOKEN_FILE_LIFE_MS
	};
}
async function runPlugin(context, user) {
	const { config, name, signal, environment } = context;
	const { exec } = user;
	const clusterInfo = explained(context, () => clusterInfoOf(config.getCurrentCluster()));
	const { runExecPlugin } = await import("./exec-plugin.js");
	const issued = await runExecPlugin({
		cluster: name,
		exec,
		folder: asText(exec.folder),
		clusterInfo,
		environment,
		signal
	});
	const { headers, certificate } = issued.credential;
	const own = explained(context, () => withHeaders(user, headers));
	return {
		...issued,
		credential: {
			...own,
			...certificate !== void 0 && { certificate }
		}
	};
}
/** One for all contexts of a user: a refresh token may work only once. */
const OIDC_SOURCES = /* @__PURE__ */ new WeakMap();
function oidcSource(context, user, sendOptions) {
	const { name, proxies, signal } = context;
	const { config = {} } = user.authProvider;
	const open = async () => {
		const { OidcSession } = await import("./oidc-refresh.js");
		const authority = explained(context, () => contentOf(asText(config["idp-certificate-authority-data"]), asText(config["idp-certificate-authority"])));
		return new OidcSession(config, name, createSend(createDispatcher(authority?.toString(), proxies), signal, sendOptions));
	};
	let session;
	const source = OIDC_SOURCES.get(user) ?? new RenewedCredential(async () => {
		session ??= await open();
		const { value, expiresAtMs } = await session.next();
		return {
			credential: withToken(user, value),
			renewAtMs: Math.max(expiresAtMs, Date.now() + MIN_TOKEN_LIFE_MS)
		};
	}, { failureLifeMs: FAILURE_LIFE_MS });
	OIDC_SOURCES.set(user, source);
	return source;
}
/** With the client certificate of the user, and as the user that it impersonates. */
function withHeaders(user, headers) {
	const cert = contentOf(user.certData, user.certFile);
	const key = contentOf(user.keyData, user.keyFile);
	return {
		headers: {
			...headers,
			...impersonationHeaders(user)
		},
		...cert !== void 0 && key !== void 0 && { certificate: {
			cert,
			key
		} }
	};
}
function explained({ name }, read) {
	try {
		return read();
	} catch (error) {
		throw loginError(name, reason(error), { cause: error });
	}
}
// src/kubernetes/cluster-identity.ts
/** In hexadecimal digits, of a uid or of a digest. */
const ID_LENGTH = 16;
/** @param uid a UUID */
function identityOfUid(uid) {
	return {
		identity: uid.toLowerCase().replaceAll("-", "").slice(0, ID_LENGTH),
		isIdentityCertain: true,
		isIdentityRecorded: false
	};
}
/** Whether an identity comes from a uid. */
function isUidIdentity(identity) {
	return identity.length === ID_LENGTH && /^[0-9a-f]+$/.test(identity);
}
/**
* The identity of the cluster of a context, of all that distinguishes clusters in a kubeconfig. Several clusters may be behind one
* address, distinguished by the path (Rancher), by the client certificate or its subject (Teleport), or by the server name (SNI).
*/
function identityInKubeconfig(config, context) {
	const { server = "", caData, caFile, tlsServerName, proxyUrl, skipTLSVerify } = config.getCluster(config.getContextObject(context)?.cluster ?? "") ?? {};
	const { protocol, host, hostname, pathname } = new URL(server);
	const ca = contentIfPresent(caData, caFile);
	const digest = digestOf([
		[
			host,
			withoutFinalSlashes(pathname),
			tlsServerName,
			proxyUrl
		],
		ca && sha256(ca),
		userInKubeconfig(config, context)
	]);
	const isVerified = protocol === "https:" && ca !== void 0 && !skipTLSVerify;
	return {
		identity: `${host.replaceAll(/[^\w.:[\]-]/g, "_")}~${digest}`,
		isIdentityCertain: isVerified && !isLoopback(hostname),
		isIdentityRecorded: false
	};
}
/**
* A digest of what stays the same of the user of a context. Tokens and certificates are renewed, the subject of a certificate is
* not: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates
*/
function userInKubeconfig(config, context) {
	const user = config.getUser(config.getContextObject(context)?.user ?? "");
	const { command, args, env } = asObject(user?.exec);
	const variables = asObjects(env).filter(({ name }) => !isSecretName(asText(name) ?? ""));
	return digestOf([
		[
			user?.name,
			user?.username,
			user?.impersonateUser,
			subjectOf(contentIfPresent(user?.certData, user?.certFile))
		],
		[
			command,
			args,
			variables.map(({ name, value }) => [name, value])
		],
		...user?.impersonation === void 0 ? [] : [user.impersonation]
	]);
}
/** A secret is renewed, and not even its digest is published. */
function isSecretName(variable) {
	return /token|secret|password|passphrase|credential|key/i.test(variable);
}
/** The first request reports a file that is missing. */
function contentIfPresent(base64, path) {
	return contentOf(base64, path && (0, import__builtin_fs.existsSync)(path) ? path : void 0);
}
function subjectOf(certificate) {
	try {
		return certificate && new import__builtin_crypto.X509Certificate(certificate).subject;
	} catch {
		return;
	}
}
function digestOf(value) {
	return sha256(JSON.stringify(value)).slice(0, ID_LENGTH);
}
// src/kubernetes/connection-pool.ts
/**
* How long a connection may be idle. A run pauses between reading and writing, to mint and to verify. Load balancers close
* idle connections after a minute or later.
*/
const KEEP_ALIVE_MS = 5e4;
/** Opens the connections to the API server of a context: with its CA, client certificate and proxy. */
async function openConnectionPool({ config, name, proxies, early }, { certificate }, maxConnections) {
	const { server = "", proxyUrl, tlsServerName, skipTLSVerify } = config.getCurrentCluster() ?? {};
	const ca = readAuthority(config);
	const tls = {
		...ca !== void 0 && {
			ca,
			allowPartialTrustChain: true
		},
		...certificate,
		...tlsServerName && { servername: tlsServerName },
		...skipTLSVerify && { rejectUnauthorized: false }
	};
	const proxy = clusterProxy(name, {
		server,
		...proxyUrl && { proxyUrl }
	}, proxies);
	const settings = {
		maxConnections,
		keepAliveMs: KEEP_ALIVE_MS
	};
	if (proxy !== void 0) return await createConnections({
		...settings,
		proxy,
		tls
	});
	return await createConnections({
		...settings,
		proxy,
		tls: early === void 0 ? tls : tlsOver(early, tls)
	});
}
/** Where a TCP connection has been opened early, TLS uses it. */
function tlsOver(early, tls) {
	const connect = catching((0, import_connect.default)(tls));
	return async (options, callback) => {
		const [, socket] = await early.take(options) ?? [];
		connect(socket ? {
			...options,
			httpSocket: socket
		} : options, callback);
	};
}
/** @throws ActionError `cluster-login-failed` */
function readAuthority(config) {
	const { caData, caFile } = config.getCurrentCluster() ?? {};
	try {
		return contentOf(caData, caFile);
	} catch (error) {
		throw loginError(config.getCurrentContext(), reason(error), { cause: error });
	}
}
// src/kubernetes/first-response.ts
/** A request that failed sooner costs little. It may also fail for its own sake, as a list does with a broken object. */
const MIN_FAILURE_MS = 3e4;
/**
* Waits for the first response of a cluster. A cluster that does not respond in time, or to all attempts of a request, is not
* asked again: each request would take as long, and the other clusters of the run wait.
*/
var FirstResponse = class {
	#limitMs;
	#controller = new AbortController();
	#hasResponded = false;
	#timer;
	#failure;
	/** @param limitMs from the first request on; undefined: only the attempts of a request limit it */
	constructor(limitMs) {
		this.#limitMs = limitMs;
	}
	guard(send) {
		return async (request) => this.#hasResponded ? await send(request) : await this.#sendFirst(send, request);
	}
	async #sendFirst(send, request) {
		if (this.#failure !== void 0) throw networkError(request, this.#failure);
		this.#startTimer();
		const limit = this.#controller.signal;
		const signal = request.signal === void 0 ? limit : AbortSignal.any([limit, request.signal]);
		const startMs = performance.now();
		try {
			const response = await send({
				...request,
				signal
			});
			this.#responded();
			return response;
		} catch (error) {
			if (error instanceof HttpError || error instanceof UnexpectedResponse) this.#responded();
			if (error === limit.reason) throw networkError(request, error);
			if (error instanceof NetworkError && performance.now() - startMs >= MIN_FAILURE_MS) this.#failure ??= error;
			throw error;
		}
	}
	#startTimer() {
		if (this.#limitMs === void 0 || this.#timer !== void 0) return;
		const reason = /* @__PURE__ */ new Error(`no response within ${this.#limitMs / 1e3} s, a part of the \`timeout\` of the run`);
		this.#timer = setTimeout(() => {
			this.#failure ??= reason;
			this.#controller.abort(reason);
		}, this.#limitMs).unref();
	}
	#responded() {
		this.#hasResponded = true;
		clearTimeout(this.#timer);
	}
};
function networkError(request, cause) {
	return new NetworkError(exchangeOf(request, new URL(request.url)), cause);
}
// node_modules/p-queue/dist/lower-bound.js
function lowerBound(array, value, comparator) {
	let first = 0;
	let count = array.length;
	while (count > 0) {
		const step = Math.trunc(count / 2);
		let it = first + step;
		if (comparator(array[it], value) <= 0) {
			first = ++it;
			count -= step + 1;
		} else count = step;
	}
	return first;
}
// node_modules/p-queue/dist/priority-queue.js
const compactionThreshold = 100;
var PriorityQueue = class {
	#queue = [];
	#head = 0;
	#compact() {
		if (this.#head === 0) return;
		this.#queue.splice(0, this.#head);
		this.#head = 0;
	}
	#findIndex(isMatch) {
		for (let index = this.#head; index < this.#queue.length; index++) if (isMatch(this.#queue[index])) return index;
		return -1;
	}
	#removeFirst() {
		const item = this.#queue[this.#head];
		this.#queue[this.#head] = void 0;
		this.#head++;
		if (this.#head === this.#queue.length) {
			this.#queue.length = 0;
			this.#head = 0;
		} else if (this.#head > compactionThreshold && this.#head > this.#queue.length / 2) this.#compact();
		return item.run;
	}
	enqueue(run, options) {
		const { priority = 0, id } = options ?? {};
		const { size } = this;
		const element = {
			priority,
			id,
			run
		};
		if (size === 0) {
			this.#queue.length = 0;
			this.#head = 0;
			this.#queue.push(element);
			return;
		}
		if (this.#queue.at(-1).priority >= priority) {
			this.#queue.push(element);
			return;
		}
		this.#compact();
		const index = lowerBound(this.#queue, element, (a, b) => a.priority === b.priority ? 0 : b.priority - a.priority);
		this.#queue.splice(index, 0, element);
	}
	setPriority(id, priority) {
		const index = this.#findIndex((element) => element.id === id);
		if (index === -1) throw new ReferenceError(`No promise function with the id "${id}" exists in the queue.`);
		if (this.#queue[index].priority === priority) return;
		const [item] = this.#queue.splice(index, 1);
		this.enqueue(item.run, {
			priority,
			id
		});
	}
	remove(idOrRun) {
		const index = this.#findIndex((element) => (typeof idOrRun === "string" ? element.id : element.run) === idOrRun);
		if (index === this.#head) this.#removeFirst();
		else if (index !== -1) this.#queue.splice(index, 1);
	}
	dequeue() {
		return this.#head === this.#queue.length ? void 0 : this.#removeFirst();
	}
	filter(options) {
		const result = [];
		for (let index = this.#head; index < this.#queue.length; index++) {
			const element = this.#queue[index];
			if (element.priority === options.priority) result.push(element.run);
		}
		return result;
	}
	get size() {
		return this.#queue.length - this.#head;
	}
};
// node_modules/p-queue/dist/index.js
const maximumTimerDelay = 2147483647;
const asyncHooks = globalThis.process?.getBuiltinModule?.("node:async_hooks");
const bindAsyncContext = (function_) => {
	if (asyncHooks === void 0) return function_;
	const asyncResource = new asyncHooks.AsyncResource("PQueueTask");
	return () => asyncResource.runInAsyncScope(function_);
};
const validateTimeout = (timeout) => {
	if (timeout !== void 0 && !(Number.isFinite(timeout) && timeout > 0 && timeout <= maximumTimerDelay)) throw new TypeError(`Expected \`timeout\` to be a positive finite number up to ${maximumTimerDelay}, got \`${timeout}\` (${typeof timeout})`);
};
const validateLimit = (name, value) => {
	if (!(typeof value === "number" && value >= 1 && (value === Infinity || Number.isInteger(value)))) throw new TypeError(`Expected \`${name}\` to be an integer from 1 and up or \`Infinity\`, got \`${String(value)}\` (${typeof value})`);
};
const validateRateLimit = (interval, intervalCap, isStrict) => {
	validateLimit("intervalCap", intervalCap);
	if (!(Number.isFinite(interval) && interval >= 0)) throw new TypeError(`Expected \`interval\` to be a finite number >= 0, got \`${String(interval)}\` (${typeof interval})`);
	if (intervalCap !== Infinity && interval > maximumTimerDelay) throw new TypeError(`Expected \`interval\` to be at most ${maximumTimerDelay} with an \`intervalCap\`, got \`${interval}\``);
	if (isStrict && interval === 0) throw new TypeError("The `strict` option requires a non-zero `interval`");
	if (isStrict && intervalCap === Infinity) throw new TypeError("The `strict` option requires a finite `intervalCap`");
};
/**
Promise queue with concurrency control.

The queue is an `EventTarget`. Listen with `queue.addEventListener(event, listener)`, and stop with `queue.removeEventListener(event, listener)`. The options `{once: true}` and `{signal}` work too. The `completed` and `error` events have the result or the error in `event.detail`. If the result or the error is `undefined`, `event.detail` is `null`, because `CustomEvent` works that way.
*/
var PQueue = class extends EventTarget {
	#carryoverIntervalCount;
	#isIntervalIgnored;
	#intervalCount = 0;
	#intervalCap;
	#rateLimitedInInterval = false;
	#rateLimitFlushScheduled = false;
	#interval;
	#intervalEnd = 0;
	#intervalId;
	#timeoutId;
	#strict;
	#strictTicks = [];
	#strictTicksStartIndex = 0;
	#queue;
	#queueClass;
	#pending = 0;
	#concurrency;
	#isPaused;
	#idAssigner = 1n;
	#runningTasks = /* @__PURE__ */ new Set();
	#abortListeners = /* @__PURE__ */ new Map();
	#waitingTasks = /* @__PURE__ */ new Set();
	#timeout;
	constructor(options) {
		super();
		globalThis.process?.getBuiltinModule?.("node:events")?.setMaxListeners(Infinity, this);
		const { carryoverIntervalCount = false, intervalCap = Infinity, interval = 0, concurrency = Infinity, autoStart = true, queueClass = PriorityQueue, strict = false, timeout } = options ?? {};
		validateRateLimit(interval, intervalCap, strict);
		this.#carryoverIntervalCount = carryoverIntervalCount;
		this.#isIntervalIgnored = intervalCap === Infinity || interval === 0;
		this.#intervalCap = intervalCap;
		this.#interval = interval;
		this.#strict = strict;
		this.#queueClass = queueClass;
		this.#queue = new this.#queueClass();
		this.concurrency = concurrency;
		this.timeout = timeout;
		this.#isPaused = !autoStart;
		this.#setupRateLimitTracking();
	}
	#onAbort(signal, callback) {
		let listener = this.#abortListeners.get(signal);
		if (!listener) {
			const callbacks = /* @__PURE__ */ new Set();
			const dispatch = () => {
				this.#abortListeners.delete(signal);
				for (const abortCallback of callbacks) abortCallback();
			};
			listener = {
				callbacks,
				dispatch
			};
			this.#abortListeners.set(signal, listener);
			signal.addEventListener("abort", dispatch, { once: true });
		}
		const currentListener = listener;
		currentListener.callbacks.add(callback);
		return () => {
			currentListener.callbacks.delete(callback);
			if (currentListener.callbacks.size > 0 || this.#abortListeners.get(signal) !== currentListener) return;
			this.#abortListeners.delete(signal);
			signal.removeEventListener("abort", currentListener.dispatch);
		};
	}
	#emit(event, detail) {
		this.dispatchEvent(new CustomEvent(event, { detail }));
	}
	async #onEvent(events, shouldHandle) {
		const eventList = Array.isArray(events) ? events : [events];
		return new Promise((resolve) => {
			const controller = new AbortController();
			const listener = () => {
				if (shouldHandle && !shouldHandle()) return;
				controller.abort();
				resolve();
			};
			for (const event of eventList) this.addEventListener(event, listener, { signal: controller.signal });
		});
	}
	get #isRateLimitedNow() {
		if (this.#isIntervalIgnored || this.#queue.size === 0) return false;
		const now = Date.now();
		if (this.#strict) {
			this.#cleanupStrictTicks(now);
			return this.#getActiveTicksCount() >= this.#intervalCap;
		}
		return (this.#intervalId === void 0 && this.#intervalEnd <= now ? this.#intervalCountAtWindowStart : this.#intervalCount) >= this.#intervalCap;
	}
	get #intervalCountAtWindowStart() {
		return this.#carryoverIntervalCount ? this.#pending : 0;
	}
	#updateRateLimitState() {
		const shouldBeRateLimited = this.#isRateLimitedNow;
		if (shouldBeRateLimited === this.#rateLimitedInInterval) return;
		this.#rateLimitedInInterval = shouldBeRateLimited;
		this.#emit(shouldBeRateLimited ? "rateLimit" : "rateLimitCleared");
	}
	#rollbackIntervalConsumption() {
		if (this.#isIntervalIgnored) return;
		this.#rollbackIntervalSlot();
		this.#scheduleRateLimitUpdate();
	}
	#scheduleRateLimitUpdate() {
		if (this.#isIntervalIgnored || this.#rateLimitFlushScheduled) return;
		this.#rateLimitFlushScheduled = true;
		queueMicrotask(() => {
			this.#rateLimitFlushScheduled = false;
			this.#updateRateLimitState();
		});
	}
	#setupRateLimitTracking() {
		if (this.#isIntervalIgnored) return;
		this.addEventListener("add", () => {
			if (this.#queue.size > 0) this.#scheduleRateLimitUpdate();
		});
		this.addEventListener("next", () => {
			this.#scheduleRateLimitUpdate();
		});
	}
	#cleanupStrictTicks(now) {
		while (this.#strictTicksStartIndex < this.#strictTicks.length) {
			const oldestTick = this.#strictTicks[this.#strictTicksStartIndex];
			if (oldestTick !== void 0 && now - oldestTick >= this.#interval) this.#strictTicksStartIndex++;
			else break;
		}
		if (!(this.#strictTicksStartIndex > 100 && this.#strictTicksStartIndex > this.#strictTicks.length / 2 || this.#strictTicksStartIndex === this.#strictTicks.length)) return;
		this.#strictTicks = this.#strictTicks.slice(this.#strictTicksStartIndex);
		this.#strictTicksStartIndex = 0;
	}
	#consumeIntervalSlot(now) {
		if (this.#strict) this.#strictTicks.push(now);
		else this.#intervalCount++;
	}
	#rollbackIntervalSlot() {
		if (this.#strict) {
			if (this.#strictTicks.length > this.#strictTicksStartIndex) this.#strictTicks.pop();
			return;
		}
		if (this.#intervalCount > 0) this.#intervalCount--;
	}
	#getActiveTicksCount() {
		return this.#strictTicks.length - this.#strictTicksStartIndex;
	}
	get #doesIntervalAllowAnother() {
		if (this.#isIntervalIgnored) return true;
		return (this.#strict ? this.#getActiveTicksCount() : this.#intervalCount) < this.#intervalCap;
	}
	get #doesConcurrentAllowAnother() {
		return this.#pending < this.#concurrency;
	}
	#next() {
		this.#pending--;
		if (this.#pending === 0) this.#emit("pendingZero");
		this.#processQueue();
		this.#emit("next");
	}
	#onResumeInterval() {
		this.#timeoutId = void 0;
		this.#onInterval();
		if (!this.#isPaused) this.#initializeIntervalIfNeeded();
	}
	#isIntervalPausedAt(now) {
		if (this.#strict) {
			this.#cleanupStrictTicks(now);
			if (this.#getActiveTicksCount() >= this.#intervalCap) {
				const oldestTick = this.#strictTicks[this.#strictTicksStartIndex];
				const delay = this.#interval - (now - oldestTick);
				this.#createIntervalTimeout(delay);
				return true;
			}
			return false;
		}
		if (this.#intervalId === void 0) {
			const delay = this.#intervalEnd - now;
			if (delay <= 0) this.#intervalCount = this.#intervalCountAtWindowStart;
			else {
				this.#createIntervalTimeout(delay);
				return true;
			}
		}
		return false;
	}
	#createIntervalTimeout(delay) {
		if (this.#timeoutId !== void 0) return;
		this.#timeoutId = setTimeout(() => {
			this.#onResumeInterval();
		}, delay);
	}
	#clearIntervalTimer() {
		if (this.#intervalId === void 0) return;
		clearInterval(this.#intervalId);
		this.#intervalId = void 0;
	}
	#clearTimeoutTimer() {
		if (this.#timeoutId === void 0) return;
		clearTimeout(this.#timeoutId);
		this.#timeoutId = void 0;
	}
	#emitEmptyAndIdle() {
		this.#clearIntervalTimer();
		this.#emit("empty");
		if (this.#pending > 0 || this.#queue.size > 0) return;
		this.#clearTimeoutTimer();
		if (this.#strict) this.#cleanupStrictTicks(Date.now());
		this.#emit("idle");
	}
	#tryToStartAnother() {
		let isStarted;
		do
			isStarted = this.#startNextTask();
		while (isStarted === void 0);
		return isStarted;
	}
	#startNextTask() {
		if (this.#queue.size === 0) {
			this.#emitEmptyAndIdle();
			return false;
		}
		if (this.#isPaused) {
			if (!this.#doesIntervalAllowAnother) this.#isIntervalPausedAt(Date.now());
			return false;
		}
		const now = Date.now();
		const canInitializeInterval = !this.#isIntervalPausedAt(now);
		if (this.#doesIntervalAllowAnother && this.#doesConcurrentAllowAnother) {
			const job = this.#queue.dequeue();
			if (!this.#isIntervalIgnored) {
				this.#consumeIntervalSlot(now);
				this.#scheduleRateLimitUpdate();
			}
			if (canInitializeInterval) this.#initializeIntervalIfNeeded();
			const pendingBefore = this.#pending;
			job();
			if (this.#pending === pendingBefore) {
				this.#emit("next");
				return;
			}
			this.#emit("active");
			return true;
		}
		return false;
	}
	#initializeIntervalIfNeeded() {
		if (this.#isIntervalIgnored || this.#intervalId !== void 0 || this.#strict) return;
		this.#clearTimeoutTimer();
		this.#intervalId = setInterval(() => {
			this.#onInterval();
		}, this.#interval);
		this.#intervalEnd = Date.now() + this.#interval;
	}
	#onInterval() {
		if (!this.#strict) {
			if (this.#intervalId !== void 0) {
				if (this.#intervalCount === 0 && this.#pending === 0) this.#clearIntervalTimer();
				else this.#intervalEnd = Date.now() + this.#interval;
			}
			this.#intervalCount = this.#intervalCountAtWindowStart;
		}
		this.#processQueue();
		this.#scheduleRateLimitUpdate();
	}
	/**
	Executes all queued functions until it reaches the limit.
	*/
	#processQueue() {
		while (this.#tryToStartAnother());
	}
	#processWaitingTasks() {
		if (this.#queue.size > 0) this.#processQueue();
	}
	async #add(function_, options, waitingTask) {
		const id = options.id ?? (this.#idAssigner++).toString();
		options = {
			timeout: this.#timeout,
			...options,
			id
		};
		validateTimeout(options.timeout);
		if (options.priority !== void 0 && (typeof options.priority !== "number" || Number.isNaN(options.priority))) throw new TypeError(`Expected \`priority\` to be a number, got \`${String(options.priority)}\` (${typeof options.priority})`);
		waitingTask.id = id;
		waitingTask.priority = options.priority ?? 0;
		return new Promise((resolve, reject) => {
			if (options.signal?.aborted) {
				reject(options.signal.reason);
				return;
			}
			const run = bindAsyncContext(async () => {
				waitingTask.stopListeningForAbort?.();
				this.#waitingTasks.delete(waitingTask);
				if (options.signal?.aborted) {
					this.#rollbackIntervalConsumption();
					reject(options.signal.reason);
					return;
				}
				this.#pending++;
				const runningTask = {
					id,
					priority: waitingTask.priority,
					startTime: Date.now(),
					timeout: options.timeout
				};
				this.#runningTasks.add(runningTask);
				let { signal } = options;
				let stopListeningForAbort;
				let stopForwardingAbort;
				let timeoutId;
				try {
					if (options.timeout !== void 0) {
						const { signal: userSignal, timeout } = options;
						const taskController = new AbortController();
						timeoutId = setTimeout(() => {
							taskController.abort(new TimeoutError(`Task timed out after ${timeout}ms (queue has ${this.#pending} running, ${this.#queue.size} waiting)`));
						}, timeout);
						if (userSignal) stopForwardingAbort = this.#onAbort(userSignal, () => {
							taskController.abort(userSignal.reason);
						});
						signal = taskController.signal;
					}
					let operation;
					if (signal) {
						const abortSignal = signal;
						const abortPromise = new Promise((_resolve, rejectWithReason) => {
							stopListeningForAbort = this.#onAbort(abortSignal, () => {
								rejectWithReason(abortSignal.reason);
							});
						});
						operation = Promise.race([abortPromise, (async () => function_({ signal }))()]);
					} else try {
						operation = function_({ signal });
					} catch (error) {
						operation = Promise.reject(error);
					}
					const result = await operation;
					resolve(result);
					this.#emit("completed", result);
				} catch (error) {
					reject(error);
					this.#emit("error", error);
				} finally {
					clearTimeout(timeoutId);
					stopListeningForAbort?.();
					stopForwardingAbort?.();
					this.#runningTasks.delete(runningTask);
					queueMicrotask(() => {
						this.#next();
					});
				}
			});
			const hasWaitingTasks = this.#queue.size > 0;
			this.#queue.enqueue(run, options);
			waitingTask.reject = reject;
			this.#waitingTasks.add(waitingTask);
			if (options.signal) {
				const { signal } = options;
				waitingTask.stopListeningForAbort = this.#onAbort(signal, () => {
					this.#waitingTasks.delete(waitingTask);
					if (this.#queue instanceof PriorityQueue) this.#queue.remove(run);
					else this.#queue.remove(id);
					reject(signal.reason);
					this.#processQueue();
					this.#emit("next");
				});
			}
			this.#emit("add");
			if (hasWaitingTasks) this.#processQueue();
			else this.#tryToStartAnother();
		});
	}
	/**
	Get or set the default timeout. A change applies to tasks added after it.
	
	@example
	```
	const queue = new PQueue({timeout: 5000});
	
	queue.timeout = 10000;
	```
	*/
	get timeout() {
		return this.#timeout;
	}
	set timeout(timeout) {
		validateTimeout(timeout);
		this.#timeout = timeout;
	}
	get concurrency() {
		return this.#concurrency;
	}
	set concurrency(newConcurrency) {
		validateLimit("concurrency", newConcurrency);
		this.#concurrency = newConcurrency;
		this.#processWaitingTasks();
	}
	/**
	Changes the priority of a waiting task, found by its `id`. Throws a `ReferenceError` if no waiting task has that `id`, for example because it already started. Throws a `TypeError` if `priority` is not a finite number. Tasks only wait when the queue has a `concurrency` limit, is paused, or is rate-limited.
	
	@example
	```
	// Raise the priority to run a task earlier
	import PQueue from 'p-queue';
	
	const queue = new PQueue({concurrency: 1});
	
	queue.add(async () => '?', {priority: 1});
	queue.add(async () => '?', {priority: 0, id: '?'});
	queue.add(async () => '?', {priority: 1});
	queue.add(async () => '?', {priority: 1});
	
	queue.setPriority('?', 2);
	// '?' runs second
	```
	
	@example
	```
	// Lower the priority to run a task later
	import PQueue from 'p-queue';
	
	const queue = new PQueue({concurrency: 1});
	
	queue.add(async () => '?', {priority: 1});
	queue.add(async () => '?', {priority: 1, id: '?'});
	queue.add(async () => '?');
	queue.add(async () => '?', {priority: 0});
	
	queue.setPriority('?', -1);
	// '?' runs last
	```
	*/
	setPriority(id, priority) {
		if (typeof priority !== "number" || !Number.isFinite(priority)) throw new TypeError(`Expected \`priority\` to be a finite number, got \`${priority}\` (${typeof priority})`);
		for (const waitingTask of this.#waitingTasks) if (waitingTask.id === id) {
			this.#queue.setPriority(id, priority);
			waitingTask.priority = priority;
			return;
		}
		throw new ReferenceError(`No promise function with the id "${id}" exists in the queue.`);
	}
	/**
	Adds a sync or async task to the queue.
	
	Returns a promise that settles with the result of `fn` when the task completes, not when it is added. The function gets `{signal}` as its first argument. The signal is set when the task has a `signal` or a `timeout`, and aborts when either one does. Pass it on, for example to `fetch()`, to stop the work. The function runs in the async context of the `.add()` call (in Node.js 22.3 and later, Deno, and Bun), so it sees the [`AsyncLocalStorage`](https://nodejs.org/api/async_context.html#class-asynclocalstorage) values of the caller, also when it starts later.
	
	If you `await` each `.add()` call before the next, the tasks run one after the other, whatever the `concurrency`.
	
	Handle rejections of the returned promise. Otherwise, they are unhandled rejections, which can make the process exit.
	*/
	add(function_, options = {}) {
		const waitingTask = {};
		const promise = this.#add(function_, options, waitingTask);
		waitingTask.promise = promise;
		if (waitingTask.isCleared) promise.catch(() => void 0);
		return promise;
	}
	async addAll(functions, options) {
		return Promise.all(functions.map(async (function_) => this.add(function_, options)));
	}
	/**
	Starts (or resumes) running queued tasks. Only needed if the queue is paused, with `autoStart: false` or `.pause()`.
	
	@returns `this` (the instance).
	*/
	start() {
		if (!this.#isPaused) return this;
		this.#isPaused = false;
		this.#processWaitingTasks();
		return this;
	}
	/**
	Stops starting new tasks. Running tasks continue.
	*/
	pause() {
		this.#isPaused = true;
	}
	/**
	Removes all waiting tasks. Running tasks continue.
	
	The promises returned by `.add()` for the removed tasks reject with an `AbortError`, which is a `DOMException`. The removed tasks do not run, and they do not emit the `error` event.
	
	If you ignore such a promise, its rejection is not reported as unhandled. This does not apply to a promise made from it, like the one from `queue.add(fn).then(...)` or from `.addAll()`, so handle the rejection of that promise.
	
	@example
	```
	import PQueue from 'p-queue';
	
	const queue = new PQueue({concurrency: 1});
	
	queue.add(() => doWork());
	const promise = queue.add(() => doWork());
	
	queue.clear();
	
	try {
	await promise;
	} catch (error) {
	console.log(error.name);
	//=> 'AbortError'
	}
	```
	*/
	clear() {
		if (this.#queue.size === 0) return;
		this.#queue = new this.#queueClass();
		const error = new DOMException("The queue was cleared", "AbortError");
		for (const waitingTask of this.#waitingTasks) {
			waitingTask.stopListeningForAbort?.();
			waitingTask.isCleared = true;
			waitingTask.promise?.catch(() => void 0);
			waitingTask.reject(error);
		}
		this.#waitingTasks.clear();
		this.#emitEmptyAndIdle();
		this.#updateRateLimitState();
		this.#emit("next");
	}
	/**
	Returns a promise that resolves when the queue is empty. Tasks can still be running.
	
	The promise resolves once. Call `.onEmpty()` again to wait for the next time, or use the `empty` event to get every time.
	*/
	async onEmpty() {
		if (this.#queue.size === 0) return;
		await this.#onEvent(["empty", "active"], () => this.#queue.size === 0);
	}
	/**
	Returns a promise that resolves when `queue.size < limit`.
	
	Await it before you add a task, to keep the queue from growing beyond a size. It counts only waiting tasks, not running tasks.
	*/
	async onSizeLessThan(limit) {
		if (this.#queue.size < limit) return;
		await this.#onEvent(["next", "active"], () => this.#queue.size < limit);
	}
	/**
	Returns a promise that resolves when the queue is empty and all tasks have completed: `queue.size === 0 && queue.pending === 0`.
	
	Unlike `.onEmpty()`, it waits for running tasks to finish.
	
	The promise resolves once. Call `.onIdle()` again to wait for the next time, or use the `idle` event to get every time.
	*/
	async onIdle() {
		if (this.#pending === 0 && this.#queue.size === 0) return;
		await this.#onEvent("idle");
	}
	/**
	Returns a promise that resolves when no tasks are running: `queue.pending === 0`.
	
	Unlike `.onIdle()`, it ignores queued tasks. Use it to let running tasks finish before you change shared state. A task that timed out, or whose `signal` aborted while it ran, no longer counts, although its function can still run.
	
	@example
	```
	queue.pause();
	await queue.onPendingZero();
	// No tasks are running, but the queue can still have tasks
	```
	*/
	async onPendingZero() {
		if (this.#pending === 0) return;
		await this.#onEvent("pendingZero");
	}
	/**
	Returns a promise that resolves when the queue becomes rate-limited by `intervalCap`. If the queue is already rate-limited, it resolves immediately.
	
	Useful for backpressure, when tasks are added faster than they run.
	
	@example
	```
	const queue = new PQueue({intervalCap: 5, interval: 1000});
	
	for (let index = 0; index < 10; index++) {
	queue.add(() => someTask());
	}
	
	await queue.onRateLimit();
	console.log('The queue is rate-limited');
	```
	*/
	async onRateLimit() {
		this.#updateRateLimitState();
		if (this.isRateLimited) return;
		await this.#onEvent("rateLimit");
	}
	/**
	Returns a promise that resolves when the queue is no longer rate-limited. If the queue is not rate-limited, it resolves immediately.
	
	@example
	```
	const queue = new PQueue({intervalCap: 5, interval: 1000});
	
	for (let index = 0; index < 10; index++) {
	queue.add(() => someTask());
	}
	
	await queue.onRateLimitCleared();
	console.log('The rate limit is cleared');
	```
	*/
	async onRateLimitCleared() {
		this.#updateRateLimitState();
		if (!this.isRateLimited) return;
		await this.#onEvent("rateLimitCleared");
	}
	/**
	Returns a promise that rejects when a task fails: it throws, times out, or its `signal` aborts while it runs. It rejects with the error of the task, or with `null` if the error is `undefined`, like the `error` event.
	
	Use `Promise.race([queue.onError(), queue.onIdle()])` to stop at the first error, and to resolve normally when the queue becomes idle. Each call adds an `error` listener that stays until a task fails, so to get every error, for example in a loop, use the `error` event instead.
	
	Important: The promises returned by `.add()` still reject. Handle each of them (for example with `.catch(() => {})`) to prevent unhandled rejections.
	
	@example
	```
	import PQueue from 'p-queue';
	
	const queue = new PQueue({concurrency: 2});
	
	// Do not start the remaining tasks. Pause in an `error` listener, because it runs before the next task starts, and the code after `await` runs later.
	queue.addEventListener('error', () => {
	queue.pause();
	}, {once: true});
	
	queue.add(() => fetchData(1)).catch(() => {});
	queue.add(() => fetchData(2)).catch(() => {});
	queue.add(() => fetchData(3)).catch(() => {});
	
	try {
	await Promise.race([
	queue.onError(),
	queue.onIdle()
	]);
	} catch (error) {
	console.error('Queue failed:', error);
	}
	```
	*/
	onError() {
		return new Promise((_resolve, reject) => {
			this.addEventListener("error", (event) => {
				reject(event.detail);
			}, { once: true });
		});
	}
	/**
	The number of tasks waiting to run.
	*/
	get size() {
		return this.#queue.size;
	}
	/**
	The number of waiting tasks with the given `priority`.
	
	@example
	```
	import PQueue from 'p-queue';
	
	const queue = new PQueue();
	
	// Paused, so the tasks stay queued. Without it they all start synchronously and the queue is empty by the time `sizeBy` reads it.
	queue.pause();
	
	queue.add(async () => '?', {priority: 1});
	queue.add(async () => '?', {priority: 0});
	queue.add(async () => '?', {priority: 1});
	
	console.log(queue.sizeBy({priority: 1}));
	//=> 2
	
	console.log(queue.sizeBy({priority: 0}));
	//=> 1
	```
	*/
	sizeBy(options) {
		return this.#queue.filter(options).length;
	}
	/**
	The number of running tasks.
	*/
	get pending() {
		return this.#pending;
	}
	/**
	Whether the queue is paused.
	*/
	get isPaused() {
		return this.#isPaused;
	}
	/**
	Whether the queue is rate-limited: the number of tasks started in the current interval, plus the tasks still running from earlier intervals with `carryoverIntervalCount`, has reached `intervalCap`, and tasks are waiting.
	*/
	get isRateLimited() {
		return this.#isRateLimitedNow;
	}
	/**
	Whether tasks are waiting because all concurrency slots are in use, or because the queue is rate-limited.
	
	Useful to detect backpressure and tasks that hang.
	
	@example
	```
	import PQueue from 'p-queue';
	
	const queue = new PQueue({concurrency: 2});
	
	// Backpressure
	if (queue.isSaturated) {
	await queue.onSizeLessThan(queue.concurrency);
	}
	
	// Monitoring
	setInterval(() => {
	if (queue.isSaturated) {
	console.warn(`Queue saturated: ${queue.pending} running, ${queue.size} waiting`);
	}
	}, 60000);
	```
	*/
	get isSaturated() {
		return this.#queue.size > 0 && (this.#pending >= this.#concurrency || this.isRateLimited);
	}
	/**
	An array with the running tasks. Each task has its `id`, `priority`, `startTime`, `timeout`, and `timeoutRemaining` (the milliseconds until it times out). Without a timeout, `timeout` and `timeoutRemaining` are `undefined`.
	
	@example
	```
	import PQueue from 'p-queue';
	
	const queue = new PQueue({concurrency: 2, timeout: 10000});
	
	queue.add(() => fetchUser(123), {id: 'user-123'});
	queue.add(() => fetchPosts(456), {id: 'posts-456', priority: 1});
	
	console.log(queue.runningTasks);
	// => [{
	//   id: 'user-123',
	//   priority: 0,
	//   startTime: 1759253001716,
	//   timeout: 10000,
	//   timeoutRemaining: 10000
	// }, {
	//   id: 'posts-456',
	//   priority: 1,
	//   startTime: 1759253001716,
	//   timeout: 10000,
	//   timeoutRemaining: 10000
	// }]
	```
	*/
	get runningTasks() {
		return Array.from(this.#runningTasks, (task) => ({
			...task,
			timeoutRemaining: task.timeout === void 0 ? void 0 : Math.max(0, task.startTime + task.timeout - Date.now())
		}));
	}
};
/**
The error a task rejects with when it times out. It is a `DOMException` named `TimeoutError`, like the error of `AbortSignal.timeout()`.

@example
```
import PQueue, {TimeoutError} from 'p-queue';

const queue = new PQueue({timeout: 1000});

try {
await queue.add(() => someTask());
} catch (error) {
if (error instanceof TimeoutError) {
console.log('Task timed out');
}
}
```
*/
var TimeoutError = class extends DOMException {
	constructor(message) {
		super(message, "TimeoutError");
	}
};
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
* Connects to the cluster of a context when the first request is sent. client-node reads the kubeconfig. It does not send
* requests, because it opens a connection for each one.
*/
function connect(access, context, signal) {
	const { concurrency, proxies = NO_PROXIES, firstRetryDelayMs, onRequest } = access;
	const sendOptions = {
		...firstRetryDelayMs !== void 0 && { firstRetryDelayMs },
		...onRequest !== void 0 && { onRequest }
	};
	const config = selectContext(access.config, context);
	const { server = "", skipTLSVerify = false } = config.getCurrentCluster() ?? {};
	if (skipTLSVerify && server.startsWith("https:")) warning("certificate-not-verified", `The certificate of the cluster ${context} is not verified (insecure-skip-tls-verify): an attacker on the network can read its Secrets.`);
	const kubeContext = {
		config,
		name: context,
		environment: access.environment ?? {},
		proxies,
		signal
	};
	const throttle = new Throttle({
		cluster: context,
		concurrency,
		signal
	});
	const source = credentialSourceOf(kubeContext, sendOptions);
	const poolContext = {
		config,
		name: context,
		proxies,
		early: access.early
	};
	const beforeAttempt = () => throttle.waitForPause();
	const firstResponse = new FirstResponse(access.firstResponseLimitMs);
	const sender = perCertificate(async (credential) => {
		const pool = await openConnectionPool(poolContext, credential, concurrency);
		return firstResponse.guard(createSend(pool, signal, {
			...sendOptions,
			beforeAttempt
		}));
	});
	const watcher = perCertificate(async (credential) => {
		const { createStream } = await import("./stream.js");
		return createStream(await openConnectionPool(poolContext, credential, MAX_WATCHES), signal, onRequest);
	});
	function hintsFor(credential) {
		return { 401: source.rejectionHint?.(credential) ?? unauthorizedHint(context) };
	}
	const urlOf = apiUrls(server, context);
	async function request({ path, query, body, contentType, accept, ...rest }) {
		return await throttle.run(async () => {
			if (signal.aborted) throw abortError(rest.operation, signal);
			return await sendAuthenticated({
				...rest,
				service: "cluster",
				about: {
					cluster: context,
					...objectOf(path)
				},
				maxRedirects: 0,
				expectedStatuses: [...rest.expectedStatuses ?? [], 429],
				url: urlOf(path, query),
				headers: {
					...accept !== void 0 && { accept },
					...body !== void 0 && { "content-type": contentType ?? "application/json" }
				},
				...body !== void 0 && { body: JSON.stringify(body) }
			});
		});
	}
	/** When the API server rejects the credential, the request is sent again with a new one, if there can be one. */
	async function sendAuthenticated(authenticated) {
		const sendWith = async (credential) => {
			const send = await sender(credential);
			const hints = () => ({
				...hintsFor(credential),
				...authenticated.hints?.()
			});
			return await send({
				...authenticated,
				credentials: credential.headers,
				hints
			});
		};
		const credential = await source.current();
		try {
			return await sendWith(credential);
		} catch (error) {
			if (!(error instanceof HttpError && error.status === 401) || !source.discard(credential)) throw error;
			return await sendWith(await source.current());
		}
	}
	async function* stream({ operation, path, query }, until) {
		const credential = await source.current();
		yield* (await watcher(credential))({
			service: "cluster",
			operation,
			about: {
				cluster: context,
				...objectOf(path)
			},
			url: urlOf(path, query),
			credentials: credential.headers,
			hints: () => hintsFor(credential)
		}, until);
	}
	const inKubeconfig = identityInKubeconfig(config, context);
	return {
		name: context,
		...inKubeconfig,
		inKubeconfig,
		namespace: config.getContextObject(context)?.namespace ?? "default",
		request,
		stream
	};
}
/** Connections belong to the client certificate of the user, which an exec plugin may renew. */
function perCertificate(open) {
	let last;
	return async (credential) => {
		const { certificate } = credential;
		if (last === void 0 || last.certificate !== certificate) last = {
			certificate,
			opened: open(credential)
		};
		return await last.opened;
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
function unauthorizedHint(context) {
	return `Check \`kube-token\`, or the user of the context ${context} in the kubeconfig: the token or certificate may have expired, or be for another cluster.`;
}
// src/kubernetes/cluster-uid.ts
/**
* The namespace whose uid stands for the cluster: it is created with the cluster and cannot be deleted.
* https://opentelemetry.io/docs/specs/semconv/resource/k8s/#cluster
*/
const SYSTEM_NAMESPACE = "kube-system";
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#uids */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The uid of the cluster, of its namespace kube-system; undefined when it is not a UUID. */
function clusterUidIn(systemNamespace) {
	const uid = asText(metadataOf(systemNamespace).uid);
	return uid !== void 0 && UUID.test(uid) ? uid : void 0;
}
/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA_ONLY$1 = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
/** With these, a later attempt may succeed, or every other request fails as well. */
const INCONCLUSIVE_STATUSES = [
	401,
	408,
	425,
	429
];
/**
* Asks the API server for the uid of its cluster.
* @returns undefined when this user cannot have it: usually for lack of `get` on namespaces
* @throws HttpError | NetworkError | UnexpectedResponse | ActionError when the cluster does not respond as it should
*/
async function readClusterUid(cluster) {
	try {
		return clusterUidIn((await cluster.request({
			operation: `read the uid of the cluster ${cluster.name}`,
			path: `/api/v1/namespaces/${SYSTEM_NAMESPACE}`,
			accept: METADATA_ONLY$1
		})).json());
	} catch (error) {
		if (error instanceof HttpError && error.status < 500 && !INCONCLUSIVE_STATUSES.includes(error.status)) return void 0;
		throw error;
	}
}
// src/pull-secret/identify-clusters.ts
/** Identifies clusters; of contexts with the same address and user, only the first one asks. */
async function identifyEach(clusters, known) {
	const asked = /* @__PURE__ */ new Map();
	const identifications = clusters.map(async (connection) => {
		const listedUid = known.listedUids?.get(connection);
		const recorded = known.recorded?.get(connection);
		if (listedUid === void 0 && recorded !== void 0) return identifiedByRecord(connection, recorded);
		const { identity } = connection.inKubeconfig;
		if (known.unreachable?.has(identity)) return unidentified(connection);
		const first = asked.get(identity) ?? identify(connection, listedUid);
		asked.set(identity, first);
		return {
			...await first,
			connection
		};
	});
	return await Promise.all(identifications);
}
function identifiedByRecord(connection, identity) {
	return {
		connection,
		identity: {
			identity,
			isIdentityCertain: false,
			isIdentityRecorded: true
		},
		hasResponded: true
	};
}
async function identify(connection, listedUid) {
	const { inKubeconfig } = connection;
	try {
		const uid = listedUid ?? await readClusterUid(connection);
		return {
			connection,
			identity: uid === void 0 ? inKubeconfig : identityOfUid(uid),
			hasResponded: true
		};
	} catch (error) {
		if (isAbort(error)) throw error;
		return unidentified(connection);
	}
}
function unidentified(connection) {
	return {
		connection,
		identity: {
			...connection.inKubeconfig,
			isIdentityCertain: false
		},
		hasResponded: false
	};
}
/**
* One cluster may be listed by two addresses. With two users it is not clear which one is to write, or whether two clusters
* were meant.
* @throws ActionError `contexts-same-cluster`
*/
function checkContexts(identified, config) {
	for (const [, same] of Map.groupBy(identified, ({ identity }) => identity.identity)) {
		if (new Set(same.map(({ connection }) => connection.inKubeconfig.identity)).size === 1) continue;
		const names = same.map(({ connection }) => connection.name);
		const contexts = `Contexts ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
		if (new Set(names.map((name) => userInKubeconfig(config, name))).size > 1) throw new ActionError("contexts-same-cluster", `${contexts} are the same cluster with different users`, { hint: "List one of them in `contexts`: the one whose user may write to all `namespaces`." });
		info(`${contexts} are the same cluster: each namespace is written once.`);
	}
}
/**
* A cluster that does not respond keeps the identity that the secrets in the other clusters record for it. With another one
* the stored token would not count as minted for all clusters of the run, and each run would mint a new one while it is down.
*/
function identifyByRecords(identified, states) {
	const identityOf = ({ identity }) => identity.identity;
	const known = new Set(identified.filter(({ hasResponded }) => hasResponded).map(identityOf));
	const unknown = [...new Set(identified.filter(({ hasResponded }) => !hasResponded).map(identityOf))].sort();
	const recorded = unknown.length === 0 ? void 0 : recordedBeside(known, unknown.length, states);
	return identified.map((one) => {
		const identity = one.hasResponded ? void 0 : recorded?.[unknown.indexOf(identityOf(one))];
		return identity === void 0 ? one : {
			...one,
			identity: {
				...one.identity,
				identity
			}
		};
	});
}
/** The other clusters of the newest scope that consists of the known clusters and `count` others. */
function recordedBeside(known, count, states) {
	return states.filter(isReady).flatMap(({ stored }) => stored.kind === "present" ? stored.records : []).sort((a, b) => (b.mintedAt?.getTime() ?? 0) - (a.mintedAt?.getTime() ?? 0)).flatMap(({ scopes }) => scopes.map((scope) => new Set(clustersOf(scope)))).filter((clusters) => known.isSubsetOf(clusters)).map((clusters) => [...clusters.difference(known)].sort()).find((others) => others.length === count && others.every(isUidIdentity));
}
// src/kubernetes/list.ts
/** The page size of kubectl: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_get/ */
const PAGE_SIZE = 500;
/** Of the largest cluster that Kubernetes supports, some hundreds: https://kubernetes.io/docs/setup/best-practices/cluster-large/ */
const MAX_PAGES = 1e3;
const MAX_CONTINUE_LENGTH = 16384;
/**
* Reads a list page by page. No response grows with the cluster: a page of large objects has fewer of them.
* @throws UnexpectedResponse for a response that is not a list, which the caller must not take for an empty list, and for a list
*   without end
* @throws ResponseTooLarge when one object alone is too large
*/
async function* pagesOf(server, request) {
	const tokens = /* @__PURE__ */ new Set();
	let continueToken;
	let limit = PAGE_SIZE;
	for (let count = 1;; count++) {
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
			items: objectsIn(items),
			version: asText(resourceVersion) ?? ""
		};
		continueToken = asText(nextToken);
		if (continueToken === void 0) return;
		if (continueToken.length > MAX_CONTINUE_LENGTH) throw response.unexpected("its continue token is too long");
		if (tokens.has(continueToken)) throw response.unexpected("it returned the same continue token twice");
		if (count === MAX_PAGES) throw response.unexpected(`the list has more than ${formatNumber(MAX_PAGES)} pages`);
		tokens.add(continueToken);
	}
}
/** What is no object is left out: it would look like one without a name. */
function objectsIn(items) {
	return Array.isArray(items) ? items.filter(isObject) : [];
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
// src/pull-secret/suggest-namespaces.ts
/**
* Adds the namespaces that exist to the errors of those that do not.
* @param known undefined: they are listed once, where the user may list them
*/
async function suggestNamespaces(cluster, targets, known) {
	if (!targets.some(isMissing$1)) return targets;
	const names = known === void 0 ? await listSome(cluster) : [...known];
	return targets.map((target) => isMissing$1(target) ? {
		...target,
		error: withNames(target, names)
	} : target);
}
/** The first page of the namespaces; none where the user may not list them. */
async function listSome(cluster) {
	const what = `the namespaces of the cluster ${cluster.name}`;
	return await lookUpBriefly(what, async ({ signal, maxAttempts }) => {
		const request = {
			operation: `list ${what}`,
			path: "/api/v1/namespaces",
			accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
		};
		for await (const { items } of pagesOf(cluster, {
			...request,
			signal,
			maxAttempts
		})) return items.map(nameOf);
		return [];
	}) ?? [];
}
function isMissing$1(target) {
	return isFailed(target) && target.error.code === "namespace-not-found";
}
function withNames({ namespace, error }, names) {
	const { code, message, hint = "", details, cause } = error;
	return new ActionError(code, message, {
		hint: withSuggestion(hint, suggestNamespace(namespace, names)),
		details,
		cause
	});
}
/** Adds the namespaces that may be meant to an error about one that does not exist. */
async function withNearNamespaces(server, error, namespace) {
	return withNames({
		namespace,
		error
	}, await listSome(server));
}
/**
* The namespaces that may be meant; no others, which can be those of other teams.
* @param names as an API server lists them
*/
function suggestNamespace(wanted, names) {
	const valid = names.filter((name) => LABEL.test(name));
	return suggestionOf({
		kind: "namespaces of the cluster",
		wanted,
		names: valid,
		otherwise: "none"
	});
}
// src/pull-secret/namespaces.ts
/** Whether to choose them takes a list of all namespaces of the cluster. */
function listsAllNamespaces({ patterns, selector }) {
	return selector === void 0 && includedIn(patterns).some(isGlob);
}
/**
* The chosen namespaces of a cluster, in order. They are listed only when a glob or a selector needs it; terminating ones
* are left out.
* @throws ActionError when none is found, or the user may not list them
*/
async function chooseNamespaces(cluster, choice) {
	const { patterns, selector, creation } = choice;
	if (patterns.length === 0 && selector === void 0) return {
		names: [cluster.namespace],
		clusterUid: void 0
	};
	const included = includedIn(patterns);
	const { isIncluded, isExcluded } = filterOf(patterns);
	const names = included.filter((pattern) => !isGlob(pattern) && !isExcluded(pattern));
	const isListed = selector !== void 0 || listsAllNamespaces(choice);
	const { staying: all, clusterUid } = isListed ? await listStaying(cluster, selector) : NOT_LISTED;
	const declared = [...creation?.inManifest ?? []].flatMap(([name, labels]) => selector === void 0 || selector.matches(labels) ? [name] : []);
	const found = [...all, ...declared].filter((name) => isIncluded(name) && !isExcluded(name));
	const chosen = [...new Set(selector === void 0 ? [...names, ...found] : found)];
	if (chosen.length > 0) return {
		names: isListed ? chosen.sort() : chosen,
		clusterUid
	};
	const meant = [...patterns, ...selector === void 0 ? [] : [`the labels ${selector.text}`]].join(", ");
	throw new ActionError("namespace-not-found", `No namespace of cluster ${cluster.name} matches ${meant}`, {
		hint: withSuggestion("Check `namespaces` and `namespace-selector`.", suggestFor(choice, all)),
		details: { cluster: cluster.name }
	});
}
/** Only where all namespaces were listed, and not all of them are excluded. */
function suggestFor({ patterns, selector }, all) {
	const wanted = includedIn(patterns)[0]?.replaceAll("*", "");
	return wanted && selector === void 0 ? suggestNamespace(wanted, all) : void 0;
}
const NOT_LISTED = {
	staying: [],
	clusterUid: void 0
};
async function listStaying(cluster, selector) {
	const { statuses, clusterUid } = await list$2(cluster, {
		query: selector === void 0 ? {} : { labelSelector: selector.text },
		hints: () => ({
			400: "Check `namespace-selector`: it is a label selector as kubectl takes it, as in team=a,tier!=test.",
			403: "Grant the user of this kubeconfig the verb list on namespaces (a ClusterRole), or list their names in `namespaces`."
		})
	});
	for (const [name, status] of statuses) if (status !== "active") logTerminating(cluster, name);
	return {
		staying: [...statuses].flatMap(([name, status]) => status === "active" ? [name] : []),
		clusterUid
	};
}
/** All namespaces by name; undefined when the user may not list them. */
async function listNamespaces(cluster) {
	return (await unlessForbidden(list$2(cluster, {})))?.statuses;
}
async function list$2(cluster, request) {
	const operation = `list the namespaces of the cluster ${cluster.name}`;
	const metadata = {
		...request,
		operation,
		path: "/api/v1/namespaces",
		accept: METADATA_ONLY
	};
	let clusterUid;
	const namespaces = await listAll(cluster, metadata, (namespace) => {
		const name = nameOf(namespace);
		if (name === "kube-system") clusterUid = clusterUidIn(namespace);
		return name === "" ? void 0 : [name, statusOf(namespace)];
	});
	return {
		statuses: new Map(namespaces),
		clusterUid
	};
}
async function readNamespaceStatus({ cluster, namespace }) {
	const response = await cluster.request({
		operation: `read the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}`,
		expectedStatuses: [403, 404]
	});
	if (response.status === 404) return "missing";
	return response.status === 403 ? "unknown" : statusOf(response.json());
}
function statusOf({ metadata }) {
	return asObject(metadata).deletionTimestamp === void 0 ? "active" : "terminating";
}
function logTerminating(cluster, namespace) {
	info(`Skipped namespace ${namespace} of cluster ${cluster.name}: it is terminating.`);
}
// src/pull-secret/recorded-identity.ts
/**
* The identities that the targets record for their clusters, by cluster. They save a run that leaves all as it is the request
* for the uid. Anyone who may edit all secrets of a step in a cluster can change them, so no token is minted, distributed or
* revoked on the strength of them.
*/
function recordedIdentities(clusters, states, owner) {
	const recorded = clusters.flatMap((cluster) => {
		const identity = recordedIdentity(cluster, states.filter((state) => isSameConnection(state.cluster, cluster)), owner);
		return identity === void 0 ? [] : [{
			cluster,
			identity
		}];
	});
	const isAmbiguous = recorded.some((one) => recorded.some((other) => isDouble(one, other)));
	return new Map(isAmbiguous ? [] : recorded.map(({ cluster, identity }) => [cluster, identity]));
}
function isDouble(one, other) {
	return one.identity === other.identity && !isSameConnection(one.cluster, other.cluster);
}
function isSameConnection({ inKubeconfig: one }, { inKubeconfig: other }) {
	return one.identity === other.identity;
}
/**
* The identity that all targets in a cluster record for it, when it was written by the same kubeconfig and no target has
* anything left to do: they hold the same credential, nothing is pending, and nothing is retained.
*/
function recordedIdentity({ inKubeconfig }, states, owner) {
	const recorded = states.map((state) => isMarkable(state) ? settledIn(state.stored, owner) : void 0);
	const [first] = recorded;
	if (first === void 0 || first.cluster.inKubeconfig !== inKubeconfig.identity) return void 0;
	const expected = JSON.stringify(first);
	return recorded.every((one) => JSON.stringify(one) === expected) ? first.cluster.identity : void 0;
}
/** What a target holds and records of a credential with which it has nothing left to do. */
function settledIn({ records, pending, entries }, owner) {
	const [record, ...others] = ownRecords(records, owner);
	if (record === void 0 || others.length > 0 || pending.length > 0 || record.retained.length > 0) return void 0;
	const { tokenId, cluster, scopes } = record;
	if (cluster === void 0 || !scopes.every((scope) => clustersOf(scope).includes(cluster.identity))) return void 0;
	return {
		tokenId,
		cluster,
		scopes,
		logins: owner.hosts.map((host) => entries[host])
	};
}
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
		const { records, where } = describeSecret(secret, cluster);
		return records.map(({ tokenId }) => ({
			tokenId,
			where
		}));
	}));
	const byToken = holders && Map.groupBy(holders.flat(), ({ tokenId }) => tokenId);
	return byToken && new Map([...byToken].map(([tokenId, held]) => [tokenId, held.map(({ where }) => where)]));
}
// src/pull-secret/writers.ts
const WRITERS = [
	{
		name: "Helm",
		marks: [["meta.helm.sh/release-name"], [MANAGED_BY, "Helm"]]
	},
	{
		name: "Argo CD",
		marks: [["argocd.argoproj.io/tracking-id"], ["argocd.argoproj.io/instance"]],
		managed: {
			by: "argocd",
			label: "app.kubernetes.io/instance"
		}
	},
	{
		name: "Flux",
		marks: [["kustomize.toolkit.fluxcd.io/name"], ["helm.toolkit.fluxcd.io/name"]]
	},
	{
		name: "External Secrets",
		marks: [["reconcile.external-secrets.io/*"]]
	},
	{
		name: "reflector",
		marks: [["reflector.v1.k8s.emberstack.com/reflects"], ["reflector.v1.k8s.emberstack.com/auto-reflects"]],
		copies: true
	},
	{
		name: "kubernetes-replicator",
		marks: [["replicator.v1.mittwald.de/replicate-from*"], ["replicator.v1.mittwald.de/replicated-*"]],
		copies: true
	},
	{
		name: "Sealed Secrets",
		marks: [["sealedsecrets.bitnami.com/managed"], ["sealedsecrets.bitnami.com/patch"]]
	},
	{
		name: "kubed",
		marks: [["kubed.appscode.com/origin"], ["kubed.appscode.com/origin.*"]],
		copies: true
	},
	{
		name: "Rancher",
		marks: [["management.cattle.io/project-scoped-secret-copy"], ["objectset.rio.cattle.io/*"]],
		copies: true
	},
	{
		name: "the Hierarchical Namespace Controller",
		marks: [["hnc.x-k8s.io/inherited*"]],
		copies: true
	},
	{
		name: "the 1Password operator",
		marks: [["operator.1password.io/item-path"]]
	},
	{
		name: "Kyverno",
		marks: [["generate.kyverno.io/*"], [MANAGED_BY, "kyverno"]]
	},
	{
		name: "Vault Secrets Operator",
		marks: [[MANAGED_BY, "hashicorp-vso"]]
	},
	{
		name: "Terraform",
		marks: [[MANAGED_BY, "terraform"], [MANAGED_BY, "Terraform"]]
	},
	{
		name: "Pulumi",
		marks: [[MANAGED_BY, "pulumi"], ["pulumi.com/autonamed"]]
	},
	{
		name: "kapp",
		marks: [["kapp.k14s.io/app"]]
	},
	{
		name: "Config Sync",
		marks: [["configmanagement.gke.io/managed", "enabled"]]
	},
	{
		name: "the add-on manager of the cluster",
		marks: [["addonmanager.kubernetes.io/mode", "Reconcile"]]
	},
	{
		name: "imagepullsecret-patcher",
		marks: [[MANAGED_BY, "imagepullsecret-patcher"]]
	}
];
/**
* The program that keeps a secret, with the mark that shows it; undefined when none is known to. A secret of this action may
* have any labels and annotations that a user sets on it, so there only the marks of copies count.
*/
function writerOf(stored) {
	for (const { name, marks, managed, copies } of WRITERS) {
		if (stored.ours && copies === void 0) continue;
		const mark = findMark(stored, marks);
		if (mark !== void 0) return `${name} (${mark})`;
		const label = managed && findMark(stored, [[managed.label]]);
		const manager = managed && stored.managers.find((one) => one.startsWith(managed.by));
		if (label !== void 0 && manager !== void 0) return `${name} (${label}, field manager ${manager})`;
	}
}
const MAX_MARK_LENGTH = 200;
/** The first of these marks that is there. @returns key and value, for messages */
function findMark({ labels, annotations }, marks) {
	for (const [key, value] of marks) for (const metadata of [labels, annotations]) {
		const found = findKey(metadata, key);
		if (found === void 0 || value !== void 0 && metadata[found] !== value) continue;
		return printable(cut(`${found}: ${asText(metadata[found]) ?? ""}`, MAX_MARK_LENGTH));
	}
}
/** @param key a final `*` is any rest of it */
function findKey(metadata, key) {
	if (!key.endsWith("*")) return Object.hasOwn(metadata, key) ? key : void 0;
	return Object.keys(metadata).find((one) => one.startsWith(key.slice(0, -1)));
}
// src/pull-secret/refusal.ts
/** A secret that must not, or cannot, be written; nothing was sent. */
var Refusal = class extends ActionError {
	name = "Refusal";
};
/** Why the secret of a target is not to be written; undefined when it may be. */
function refusal({ cluster, namespace, stored }, { name, adopt, owner }) {
	if (stored.kind === "absent") return void 0;
	const { type, immutable, ours, managers, controller, deletion } = stored;
	const secret = `Secret ${namespace}/${name} in cluster ${cluster.name}`;
	const details = {
		cluster: cluster.name,
		namespace,
		resource: `secrets/${name}`
	};
	if (deletion !== void 0) return new Refusal("secret-terminating", `${secret} ${deletion}: what is written to it would be lost`, {
		hint: "Run again when it is gone: the action creates it then. If it stays, find out what its finalizers wait for.",
		details
	});
	if (controller !== void 0) return new Refusal("secret-has-controller", `${secret} belongs to ${controller}, whose controller would revert it`, {
		hint: "Choose another `secret-name`: `adopt` does not help here.",
		details
	});
	const writer = writerOf(stored);
	if (writer !== void 0) return new Refusal("secret-has-controller", `${secret} is kept by ${writer}, which would revert it`, {
		hint: "Choose another `secret-name`, or remove the secret there first: `adopt` does not help here.",
		details
	});
	if (type === "kubernetes.io/dockercfg") return new Refusal("secret-type-conflict", `${secret} has the legacy type ${LEGACY_TYPE}, which cannot be changed`, {
		hint: "Choose another `secret-name`, use it in your Pods and service accounts, and delete the old secret when nothing names it.",
		details
	});
	if (!ours && !adopt) return new Refusal("secret-not-managed", `${secret} already exists and was not created by this action (managed by: ${managers.join(", ") || "unknown"})`, {
		hint: adoptHint(stored),
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
	const [conflict] = adopt ? [] : conflictingRecords(stored.records, owner);
	if (conflict !== void 0) {
		const hosts = conflict.hosts.filter((host) => owner.hosts.includes(host)).join(", ");
		const run = conflict.run === "" ? "" : `, last run: ${conflict.run}`;
		return new Refusal("host-owner-conflict", printable(`${secret} already has a credential for ${hosts} that \`provider: ${conflict.provider}\` of ${conflict.repository || "an unknown repository"} keeps${run}`), {
			hint: "Let only one workflow keep these hosts, choose another `secret-name`, or set `adopt: true` to take the hosts over. The other credential is not revoked then.",
			details
		});
	}
}
/** `adopt` is proposed where it helps. */
function adoptHint({ type, immutable }) {
	const changeable = "Choose another `secret-name`, or set `adopt: true` to take it over and keep its other registry hosts.";
	const obstacle = type === "kubernetes.io/dockerconfigjson" ? "it is immutable" : `its type ${printable(type)} cannot be changed`;
	return type === "kubernetes.io/dockerconfigjson" && !immutable ? changeable : `Choose another \`secret-name\`, or delete that secret when nothing needs it: \`adopt\` does not help, because ${obstacle}.`;
}
/**
* Reads what the targets hold: by a list of the secrets of that name where there are many targets and the user may list,
* otherwise one by one. A target that cannot be read, or must not be written, fails alone.
*/
async function observeTargets(targets, secret, creation) {
	publish([secret.name, ...targets.flatMap(({ cluster, namespace }) => [cluster.name, namespace])]);
	const failed = targets.filter((target) => "status" in target);
	const reachable = targets.filter((target) => !("status" in target));
	const observed = [...Map.groupBy(reachable, ({ cluster }) => cluster)].map(([cluster, group]) => observeCluster(cluster, group, {
		...secret,
		creation
	}));
	return withoutTerminating([...(await Promise.all(observed)).flat(), ...failed]);
}
async function observeCluster(cluster, targets, secret) {
	if (targets.length <= 8) return await suggestNamespaces(cluster, await observeEach(targets, secret));
	try {
		const listed = await listSecrets(cluster, secret.name, new Set(targets.map(({ namespace }) => namespace)));
		const isComplete = targets.every(({ namespace }) => listed?.has(namespace));
		const namespaces = listed === void 0 || isComplete ? void 0 : await listNamespaces(cluster);
		return await suggestNamespaces(cluster, await observeEach(targets, secret, {
			listed,
			namespaces
		}), namespaces?.keys());
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
	const source = sourceOf(namespace, secret.creation);
	let isNamespaceUnknown = false;
	try {
		const stored = listed ? listed.get(namespace) ?? ABSENT : await readSecret(cluster, namespace, secret.name);
		if (stored.kind === "absent") {
			const status = namespaces ? namespaces.get(namespace) ?? "missing" : listed && source === void 0 ? "active" : await readNamespaceStatus(target);
			if (status === "missing" && source !== void 0) return {
				...target,
				status: "ready",
				stored,
				namespaceToCreate: source
			};
			isNamespaceUnknown = status === "unknown" && source !== void 0;
			if (status === "missing" || status === "terminating") return failedTarget({
				...target,
				stored
			}, namespaceError(target, status));
		}
		const refused = refusal({
			...target,
			stored
		}, secret);
		if (refused !== void 0) return failedTarget({
			...target,
			stored
		}, refused);
		return {
			...target,
			status: "ready",
			stored,
			...isNamespaceUnknown && { isNamespaceUnknown }
		};
	} catch (error) {
		const failed = failedTarget(target, error);
		return source !== void 0 && isForbidden(error) ? await unlessMissing(failed, source) : failed;
	}
}
const ABSENT = { kind: "absent" };
/** Where RBAC grants nothing in a namespace, a user may not read a secret whether or not the namespace exists. */
async function unlessMissing(failed, source) {
	const status = await readNamespaceStatus(failed).catch(() => "active");
	if (status === "terminating") return failedTarget(failed, namespaceError(failed, status));
	const { cluster, namespace } = failed;
	return status === "missing" ? {
		cluster,
		namespace,
		status: "ready",
		stored: ABSENT,
		namespaceToCreate: source
	} : {
		...failed,
		isNamespaceUnknown: status === "unknown"
	};
}
/** What creates the namespace if it does not exist; undefined: nothing. */
function sourceOf(namespace, creation) {
	if (creation?.inManifest.has(namespace)) return "manifest";
	return creation?.isRequested ? "input" : void 0;
}
/** Why nothing can be written there. */
function namespaceError({ cluster, namespace }, status) {
	const details = {
		cluster: cluster.name,
		namespace
	};
	return status === "terminating" ? new ActionError("namespace-terminating", `Namespace ${namespace} of cluster ${cluster.name} is terminating`, {
		hint: "Remove it from `namespaces`, or wait until it is gone and create it again.",
		details
	}) : new ActionError("namespace-not-found", `Namespace ${namespace} does not exist in cluster ${cluster.name}`, {
		hint: "Check `namespaces` and `contexts`, create the namespace first, put it into the manifests, or set `create-namespaces: true`.",
		details
	});
}
// src/pull-secret/vanished.ts
/**
* Leaves out the targets that failed because their namespaces were deleted during the run, or are terminating, as the list at
* its start would have. A namespace that the input names stays an error, and so do all of them when nothing else is left.
*/
function withoutVanished(targets, choice) {
	const isSkipped = (target) => isFailed(target) && isVanished(target) && !isNamed(target, choice);
	const staying = targets.filter((target) => !isSkipped(target));
	if (staying.length === 0) return [...targets];
	for (const target of targets) if (isSkipped(target)) logSkipped(target);
	return staying;
}
function isVanished(target) {
	return isTerminating(target) || isMissing(target);
}
function isTerminating({ error }) {
	return error.code === "namespace-terminating";
}
/** The API server names what it did not find: a secret that is missing is another error. */
function isMissing({ namespace, error }) {
	if (error.code === "namespace-not-found") return namespace !== "*";
	return error instanceof HttpError && error.status === 404 && error.serverMessage.startsWith(`namespaces "${namespace}"`);
}
/** Without patterns it is the namespace of the context. A selector may leave out any name. */
function isNamed({ namespace }, choice) {
	if (choice === void 0 || choice.creation?.inManifest.has(namespace)) return true;
	const { patterns, selector } = choice;
	return selector === void 0 && (patterns.length === 0 || patterns.includes(namespace));
}
function logSkipped(target) {
	const { cluster, namespace } = target;
	if (isTerminating(target)) logTerminating(cluster, namespace);
	else info(`Skipped namespace ${namespace} of cluster ${cluster.name}: it was deleted during the run.`);
}
// src/pull-secret/read-targets.ts
/** The clusters of a run: they are connected to when the first request is sent. */
function connectClusters(selection, signal) {
	return selection.contexts.map((context) => connect(selection, context, signal));
}
/**
* Reads what the targets hold. Each namespace of each cluster is a target, once, however many
* contexts lead there. A cluster whose namespaces cannot be read is one target that fails. Where nothing is left to do, the
* secrets in a cluster tell its identity: `confirmClusters` asks the API server.
* @param secret undefined: nothing is read
* @throws ActionError `contexts-same-cluster`, or when the run ends while the clusters are identified
*/
async function readTargets(clusters, selection, secret) {
	const chosen = await Promise.all(clusters.map((cluster) => choose(cluster, selection)));
	const targets = distinct(chosen.flatMap((one) => one.targets));
	const { creation } = selection;
	const states = secret === void 0 ? await Promise.all(targets.map((target) => withoutSecret(target, creation))) : withoutVanished(await observeTargets(targets, secret, creation), selection);
	if (states.some(isAborted)) return states;
	return withIdentities(states, await identifyEach(clusters, {
		listedUids: new Map(chosen.map(({ cluster, clusterUid }) => [cluster, clusterUid])),
		recorded: secret === void 0 ? void 0 : recordedIdentities(clusters, states, secret.owner),
		unreachable: unreachableIn(states)
	}), selection.config);
}
/**
* Asks the API servers which clusters they are, where only the secrets in them record it.
* @throws ActionError `contexts-same-cluster`
*/
async function confirmClusters(states, config) {
	const clusters = [...new Set(states.map(({ cluster }) => cluster))];
	if (!clusters.some(({ isIdentityRecorded }) => isIdentityRecorded)) return [...states];
	return withIdentities(states, await identifyEach(clusters, { unreachable: unreachableIn(states) }), config);
}
/** Whether the run ended before a target was read. */
function isAborted(target) {
	return isFailed(target) && isAbort(target.error);
}
/** The clusters that did not respond for any of their targets: they are not asked for anything else. */
function unreachableIn(states) {
	const byCluster = Map.groupBy(states, ({ cluster }) => cluster.inKubeconfig.identity);
	const isUnreachable = (state) => isFailed(state) && state.error instanceof NetworkError;
	return new Set([...byCluster].flatMap(([identity, group]) => group.every(isUnreachable) ? [identity] : []));
}
async function choose(cluster, choice) {
	try {
		const { names, clusterUid } = await chooseNamespaces(cluster, choice);
		return {
			cluster,
			targets: names.map((namespace) => ({
				cluster,
				namespace
			})),
			clusterUid
		};
	} catch (error) {
		return {
			cluster,
			targets: [failedTarget({
				cluster,
				namespace: "*"
			}, error)],
			clusterUid: void 0
		};
	}
}
function withIdentities(states, identified, config) {
	checkContexts(identified, config);
	const clusters = new Map(identifyByRecords(identified, states).map(({ connection, identity }) => [connection, {
		...connection,
		...identity
	}]));
	return distinct(states.map((state) => ({
		...state,
		cluster: clusters.get(state.cluster) ?? state.cluster
	})));
}
/** Only a namespace that may be created is looked for. Those in the manifests are applied before the other objects. */
async function withoutSecret(target, creation) {
	if ("status" in target) return target;
	const ready = {
		...target,
		status: "ready",
		stored: { kind: "absent" }
	};
	if (sourceOf(target.namespace, creation) !== "input") return ready;
	try {
		const status = await readNamespaceStatus(target);
		if (status === "unknown") return {
			...ready,
			isNamespaceUnknown: true
		};
		return status === "missing" ? {
			...ready,
			namespaceToCreate: "input"
		} : ready;
	} catch (error) {
		return failedTarget(target, error);
	}
}
/** The first target of each namespace of each cluster. */
function distinct(targets) {
	const byPlace = targets.map((one) => [`${one.cluster.identity}/${one.namespace}`, one]);
	return [...new Map(byPlace.toReversed()).values()].toReversed();
}
// src/run/clock.ts
var import_promises = require_promises();
const SYSTEM_CLOCK = {
	now: () => /* @__PURE__ */ new Date(),
	elapsedMs: () => performance.now(),
	sleep: (durationMs, signal) => (0, import_promises.setTimeout)(durationMs, void 0, { signal }).catch(() => {})
};
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
// src/pull-secret/service-account-list.ts
/**
* The service accounts of many namespaces, by namespace.
* @param names `*` is all of a namespace
* @returns undefined when the user may not list service accounts of the whole cluster, or the list fails
*/
async function listInCluster(cluster, namespaces, names) {
	const [name, ...more] = names;
	const request = {
		operation: `list the service accounts of the cluster ${cluster.name}`,
		path: "/api/v1/serviceaccounts",
		...name !== "*" && more.length === 0 && { query: { fieldSelector: `metadata.name=${name}` } }
	};
	const isIncluded = (account) => namespaces.has(account.namespace) && (names.includes("*") || names.includes(account.name));
	const accounts = await unlessFailed(list$1(cluster, request, isIncluded));
	if (accounts === void 0) return void 0;
	const byNamespace = Map.groupBy(accounts, ({ namespace }) => namespace);
	return new Map([...byNamespace].map(([namespace, group]) => [namespace, byName(group)]));
}
async function listInNamespace({ cluster, namespace }) {
	return byName(await list$1(cluster, {
		operation: `list the service accounts of the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
		hints: () => ({ 403: `Grant the user of this kubeconfig the verb list on serviceaccounts in namespace ${namespace}, or list their names in \`service-accounts\`.` })
	}, () => true));
}
/** One sentence about the service accounts of a namespace that may be meant by one that does not exist. It does not fail. */
async function suggestAccount({ cluster, namespace }, name) {
	const what = `the service accounts of the namespace ${namespace} in the cluster ${cluster.name}`;
	const valid = (await lookUpBriefly(what, async ({ signal, maxAttempts }) => {
		const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
		const request = {
			operation: `list ${what}`,
			path,
			accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
			signal,
			maxAttempts
		};
		for await (const { items } of pagesOf(cluster, request)) return items.map(nameOf);
		return [];
	}) ?? []).filter((one) => SUBDOMAIN.test(one));
	return suggestionOf({
		kind: `service accounts of ${namespace}`,
		wanted: name,
		names: valid,
		otherwise: "first"
	});
}
async function list$1(cluster, request, isIncluded) {
	return await listAll(cluster, request, (object) => {
		const { namespace, name } = asObject(object.metadata);
		const account = {
			namespace: asText(namespace) ?? "",
			name: asText(name) ?? "",
			...describeAccount(object)
		};
		return isIncluded(account) ? account : void 0;
	});
}
function byName(accounts) {
	return new Map(accounts.map((account) => [account.name, account]));
}
/** A ServiceAccount of the API server, as far as this action needs it. */
function describeAccount(object) {
	return {
		resourceVersion: asText(asObject(object.metadata).resourceVersion),
		imagePullSecrets: asObjects(object.imagePullSecrets)
	};
}
// src/pull-secret/known-accounts.ts
const NO_ACCOUNTS = /* @__PURE__ */ new Map();
/**
* Reads the service accounts of targets: by a list where a cluster has many targets and the user may list, otherwise one by one.
* @param names `*` is all of a namespace
* @throws ActionError when the run is aborted
*/
async function readAccounts(targets, names) {
	if (names.length === 0 || targets.length === 0) return NO_ACCOUNTS;
	const lists = listsOf(targets, names);
	const sentence = (count) => `Read the service accounts of ${count} namespaces`;
	const read = await withProgress(targets, sentence, async (target) => {
		return {
			status: "read",
			accounts: (await lists.get(target.cluster))?.get(target.namespace) ?? await unlessUnreadable(readEach(target, names))
		};
	});
	return new Map([...read].flatMap(([target, { accounts }]) => accounts ? [[keyOfTarget(target), accounts]] : []));
}
/** The lists of the clusters that have many targets, as promises. */
function listsOf(targets, names) {
	const many = [...Map.groupBy(targets, ({ cluster }) => cluster)].filter(([, own]) => own.length > 8);
	return new Map(many.map(([cluster, own]) => [cluster, listInCluster(cluster, new Set(own.map(({ namespace }) => namespace)), names)]));
}
/**
* The accounts of a target that lack the pull secret; undefined when they are not known.
* @param names of the accounts that are to have it; `*` is all
*/
function accountsLacking(known, target, { name: secret, serviceAccounts: names }) {
	if (names.length === 0) return [];
	const accounts = known.get(keyOfTarget(target));
	return accounts && accountNames(names, accounts).filter((name) => !isAttached(accounts.get(name), secret));
}
/** Every namespace gets a `default` account, possibly a moment later. */
function accountNames(names, accounts) {
	return names.includes("*") ? [.../* @__PURE__ */ new Set(["default", ...accounts?.keys() ?? []])].sort() : names;
}
function isAttached(account, secret) {
	return account?.imagePullSecrets.some(({ name }) => name === secret) === true;
}
/** @returns undefined when it does not exist */
async function readAccount(target, name) {
	const response = await target.cluster.request({
		operation: readOperation(target, name),
		path: accountPath(target, name),
		expectedStatuses: [404],
		hints: () => ({ 403: `Grant the user of this kubeconfig the verbs get and patch on serviceaccounts in namespace ${target.namespace}.` })
	});
	return response.status === 404 ? void 0 : describeAccount(response.json());
}
/** As it reads after "Could not ...". */
function readOperation({ cluster, namespace }, name) {
	return `read the service account ${namespace}/${name} in the cluster ${cluster.name}`;
}
function accountPath({ namespace }, name) {
	return `/api/v1/namespaces/${namespace}/serviceaccounts/${encodeURIComponent(name)}`;
}
function keyOfTarget({ cluster, namespace }) {
	return `${cluster.name}/${namespace}`;
}
async function readEach(target, names) {
	if (names.includes("*")) return await listInNamespace(target);
	const read = await Promise.all(names.map(async (name) => [name, await readAccount(target, name)]));
	return new Map(read.flatMap(([name, account]) => account ? [[name, account]] : []));
}
/** They are read again when they are updated, which then fails. */
async function unlessUnreadable(read) {
	try {
		return await read;
	} catch (error) {
		if (isAbort(error)) throw error;
		debug(reason(error));
		return;
	}
}
// src/workload/reason.ts
/** `reason: message`, without the parts that are missing; undefined when all are. */
function joinReasons(...parts) {
	const texts = redactEach(parts.map((part) => asText(part) ?? "")).flatMap((text) => text.trim() || []);
	return texts.length === 0 ? void 0 : printable(texts.join(": "));
}
// src/workload/pod-status.ts
/** The status of all containers, in the order in which they start. */
function containerStatuses({ spec, status }) {
	const pod = asObject(spec);
	const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = asObject(status);
	const containers = [
		pod.initContainers,
		pod.containers,
		pod.ephemeralContainers
	].flatMap(asObjects);
	return [
		initContainerStatuses,
		containerStatuses,
		ephemeralContainerStatuses
	].flatMap(asObjects).map(({ name, image, state, lastState }) => {
		const { reason, message } = asObject(asObject(state).waiting);
		const container = containers.find((one) => one.name === name);
		return {
			name: asText(name) ?? "",
			image: asText(container?.image) ?? asText(image) ?? "",
			reason: asText(reason) ?? "",
			message: asText(message) ?? "",
			lastTermination: asObject(asObject(lastState).terminated)
		};
	});
}
/** The first container that exited with an error. */
function failedContainer({ status }) {
	const { initContainerStatuses, containerStatuses } = asObject(status);
	for (const { name, state } of [...asObjects(initContainerStatuses), ...asObjects(containerStatuses)]) {
		const { exitCode, reason, message } = asObject(asObject(state).terminated);
		if (typeof exitCode !== "number" || exitCode === 0) continue;
		const termination = `${asText(reason) ?? "terminated"}, exit code ${exitCode}`;
		return {
			serverCode: asText(reason),
			reason: printable(`container ${asText(name)}: ${joinReasons(termination, message)}`)
		};
	}
}
// src/workload/rollout.ts
/** How to read the status of the kinds that have one, by group and kind. Objects of other kinds are done when applied. */
const ROLLOUTS = {
	"v1 Pod": pod,
	"apps Deployment": deployment,
	"apps StatefulSet": statefulSet,
	"apps DaemonSet": daemonSet,
	"apps ReplicaSet": replicaSet,
	"batch Job": job
};
const READY = { status: "ready" };
const NOT_OBSERVED = {
	status: "waiting",
	reason: "the change has not been observed yet"
};
const waiting = (reason) => ({
	status: "waiting",
	reason
});
/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase */
function pod(object) {
	const status = asObject(object.status);
	const phase = asText(status.phase) ?? "Pending";
	if (status.observedGeneration !== void 0 && !isObserved(object)) return NOT_OBSERVED;
	if (phase === "Succeeded" || conditionOf(object, "Ready")?.status === "True") return READY;
	if (phase !== "Failed") return waiting(`the Pod is ${printable(phase)}, not ready yet`);
	const container = failedContainer(object);
	if (container !== void 0) return {
		status: "failed",
		code: "container-failed",
		...container
	};
	return {
		status: "failed",
		reason: joinReasons(status.reason, status.message) ?? "the Pod failed",
		serverCode: asText(status.reason)
	};
}
/** The controller does not roll out a paused one: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment. */
function deployment(object) {
	const state = deploymentProgress(object);
	if (state.status !== "waiting" || asObject(object.spec).paused !== true) return state;
	return waiting(`the Deployment is paused (\`spec.paused\`): ${state.reason}`);
}
function deploymentProgress(object) {
	const { updated, available, replicas, desired } = replicaCounts(object);
	if (!isObserved(object)) return NOT_OBSERVED;
	const progress = conditionOf(object, "Progressing");
	if (progress?.reason === "ProgressDeadlineExceeded") return {
		status: "waiting",
		reason: joinReasons(progress.reason, progress.message) ?? "",
		serverCode: asText(progress.reason),
		isStuck: true
	};
	if (updated < desired) return waiting(`${updated} of ${desired} new replicas have been updated`);
	if (replicas > updated) return waiting(`${replicas - updated} old replicas are pending termination`);
	return available < updated ? waiting(`${available} of ${updated} updated replicas are available`) : READY;
}
function statefulSet(object) {
	const { updated, ready, desired } = replicaCounts(object);
	const { updateStrategy } = asObject(object.spec);
	const { currentRevision, updateRevision } = asObject(object.status);
	const { partition } = asObject(asObject(updateStrategy).rollingUpdate);
	if (!isObserved(object)) return NOT_OBSERVED;
	if (ready < desired) return waiting(`${ready} of ${desired} Pods are ready`);
	if (asObject(updateStrategy).type === "OnDelete") return READY;
	if (typeof partition === "number" && partition > 0) {
		const inPartition = desired - partition;
		return updated < inPartition ? waiting(`${updated} of ${inPartition} Pods of the partition are updated`) : READY;
	}
	return currentRevision === updateRevision ? READY : waiting(`${updated} of ${desired} Pods are updated`);
}
function daemonSet(object) {
	const { spec, status } = object;
	const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = asObject(status);
	const [desired, updated] = [count(desiredNumberScheduled), count(updatedNumberScheduled)];
	const available = count(numberAvailable);
	if (!isObserved(object)) return NOT_OBSERVED;
	if (!(asObject(asObject(spec).updateStrategy).type === "OnDelete") && updated < desired) return waiting(`${updated} of ${desired} Pods are updated`);
	return available < desired ? waiting(`${available} of ${desired} Pods are available`) : READY;
}
function replicaSet(object) {
	const { ready, desired } = replicaCounts(object);
	if (!isObserved(object)) return NOT_OBSERVED;
	return ready < desired ? waiting(`${ready} of ${desired} replicas are ready`) : READY;
}
/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions */
function job(object) {
	const { completions = 1, suspend } = asObject(object.spec);
	const { succeeded, active } = asObject(object.status);
	const failed = conditionOf(object, "Failed");
	if (conditionOf(object, "Complete")?.status === "True") return READY;
	if (failed?.status === "True") return {
		status: "failed",
		reason: joinReasons(failed.reason, failed.message) ?? "the Job failed",
		serverCode: asText(failed.reason)
	};
	if (suspend === true) return waiting("the Job is suspended");
	return waiting(`${count(succeeded)} of ${count(completions)} completions, ${count(active)} active`);
}
/** Whether a Job is complete or has failed. One that is suspended has not finished. */
function isFinishedJob(object) {
	return ["Complete", "Failed"].some((type) => conditionOf(object, type)?.status === "True");
}
function replicaCounts({ spec, status }) {
	const { replicas, updatedReplicas, availableReplicas, readyReplicas } = asObject(status);
	const { replicas: desired = 1 } = asObject(spec);
	return {
		desired: count(desired),
		replicas: count(replicas),
		updated: count(updatedReplicas),
		available: count(availableReplicas),
		ready: count(readyReplicas)
	};
}
function count(value) {
	return typeof value === "number" ? value : 0;
}
// src/issuer/mint-once.ts
const OPERATION = "mint a token";
/** Delays before each further attempt. */
const RETRY_DELAYS_MS = [1e3, 2e3];
/** The delay after a 429 without `Retry-After`. */
const RATE_LIMIT_DELAY_MS = 1e3;
/** A longer `Retry-After` is an error. */
const MAX_RATE_LIMIT_DELAY_MS = 6e4;
/**
* Mints exactly one credential. After an unclear response (none, 5xx, a broken body) the issuer may have minted one: it is
* looked up by its description, and another one is minted only when it does not exist or was revoked.
* @param description unique to this mint
* @throws ActionError at once after a clear error, otherwise after the last attempt
*/
async function mintOnce(issuer, description, signal) {
	return await mintWithRetries(issuer, description, {
		signal,
		retryDelaysMs: RETRY_DELAYS_MS
	});
}
/** `mintOnce` with other delays. */
async function mintWithRetries(issuer, description, { signal, retryDelaysMs }) {
	for (let attempt = 0;; attempt++) try {
		return await issuer.mint(description);
	} catch (error) {
		const rateLimitDelayMs = rateLimitDelay(error);
		if (rateLimitDelayMs === void 0 && !isOutcomeUnknown(error)) throw error;
		if (signal.aborted) throw abortError(OPERATION, signal);
		info(error.message);
		if (rateLimitDelayMs === void 0) {
			info("It is not known whether a token was minted: looking it up by its description");
			const minted = await lookUp(issuer, description, error);
			if (minted !== void 0) return minted;
		}
		const retryDelayMs = retryDelaysMs[attempt];
		if (retryDelayMs === void 0) throw error;
		const delayMs = rateLimitDelayMs ?? retryDelayMs;
		info(`No token was minted: retrying in ${(delayMs / 1e3).toFixed(1)} s`);
		await delay(delayMs, OPERATION, signal);
	}
}
/** @returns undefined when the credential was not minted, or was revoked because its value is lost */
async function lookUp(issuer, description, mintError) {
	try {
		const listed = (await issuer.list()).find((one) => one.description === description);
		return listed && await issuer.recover(listed.id);
	} catch (error) {
		throw new ActionError("mint-result-unknown", `${error.message}, after an unclear response to the mint: ${mintError.message}`, {
			cause: error,
			...error instanceof ActionError && { details: error.details },
			hint: `A token with the description "${description}" may exist. The post step of this action tries again to revoke it.`
		});
	}
}
/** The delay after a 429, with which the issuer says that it minted nothing; undefined for every other error. */
function rateLimitDelay(error) {
	if (!(error instanceof HttpError) || error.status !== 429) return void 0;
	const delayMs = error.retryAfterMs ?? RATE_LIMIT_DELAY_MS;
	return delayMs <= MAX_RATE_LIMIT_DELAY_MS ? delayMs : void 0;
}
const BACKOFF_STEP_MS = 10;
const MAX_BACKOFF_MS = 200;
/**
* 409: the object has changed since it was read, or another manager owns a field:
* https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
*/
function isConflict(error) {
	return error instanceof HttpError && error.status === 409;
}
/**
* Waits after a conflict, before the object is read and written again.
* @throws the error itself when it is not a conflict, or is the last of MAX_CONFLICTS
*/
async function waitAfterConflict(error, attempt) {
	if (!isConflict(error) || attempt === 50) throw error;
	await backoff(attempt);
}
/** Waits for a random time, which separates writers that met in a conflict. The maximum grows with the attempts. */
async function backoff(attempt) {
	const delayMs = Math.random() * Math.min(attempt * BACKOFF_STEP_MS, MAX_BACKOFF_MS);
	await new Promise((resolve) => setTimeout(resolve, delayMs));
}
// src/pull-secret/annotations.ts
/**
* Changes annotations of a secret by a merge patch, guarded by the `resourceVersion` that was read.
* @returns the secret as it is then
* @throws ActionError
*/
async function changeAnnotations({ cluster, namespace, stored }, { name, operation, change }) {
	let current = stored;
	for (let attempt = 1;; attempt++) {
		const annotations = change(current);
		if (annotations === void 0) return current;
		try {
			const { resourceVersion } = current;
			const response = await cluster.request({
				operation: `${operation} the secret ${namespace}/${name} in the cluster ${cluster.name}`,
				method: "PATCH",
				path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
				query: { fieldManager: MANAGER_NAME },
				contentType: "application/merge-patch+json",
				body: { metadata: {
					resourceVersion,
					annotations
				} },
				hints: () => ({ 403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.` })
			});
			return describeSecret(response.json(), cluster);
		} catch (error) {
			await waitAfterConflict(error, attempt);
			const read = await readSecret(cluster, namespace, name);
			if (read.kind === "absent") throw error;
			current = read;
		}
	}
}
/** Whether `kubectl apply` left a copy of what the secret held. It would stay readable through all rotations. */
function hasLastApplied({ annotations }) {
	return annotations[LAST_APPLIED] !== void 0;
}
/**
* Removes the copy from a secret of this action. Server-side apply leaves the annotation to its owner, `kubectl`:
* https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
*/
async function removeLastApplied(target, name) {
	await changeAnnotations(target, {
		name,
		operation: "remove the copy of an earlier credential from",
		change: (stored) => stored.ours && hasLastApplied(stored) ? { [LAST_APPLIED]: null } : void 0
	});
}
// src/pull-secret/pending-mark.ts
/**
* Changes the pending rotations of a target.
* @param change receives what is recorded now; returns undefined to leave it
* @returns the secret as it is then
* @throws ActionError
*/
async function changePending(target, name, change) {
	return await changeAnnotations(target, {
		name,
		operation: "record the pending rotation in",
		change(stored) {
			const pending = change(stored);
			return pending && { [PENDING]: formatPending(pending) };
		}
	});
}
// src/pull-secret/inventory.ts
const TYPES = [DOCKER_CONFIG_TYPE, LEGACY_TYPE];
const LEGACY_KEY = ".dockercfg";
/** The pull secrets of a namespace, as `kubectl describe secrets` would show them. */
async function listPullSecrets(cluster, namespace) {
	return (await Promise.all(TYPES.map(async (type) => await list(cluster, namespace, type)))).flat().sort((a, b) => compareTexts(a.name, b.name));
}
async function list(cluster, namespace, type) {
	return await listAll(cluster, {
		operation: `list the pull secrets of the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/secrets`,
		query: { fieldSelector: `type=${type}` }
	}, describe);
}
function describe(secret) {
	const metadata = asObject(secret.metadata);
	const data = asObject(secret.data);
	const label = asText(asObject(metadata.labels)[MANAGED_BY]);
	const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? []);
	const hosts = data[".dockerconfigjson"] === void 0 ? legacyHosts(data[LEGACY_KEY]) : readEntries(data[DOCKER_CONFIG_KEY]);
	maskEntries(hosts);
	return {
		name: printable(asText(metadata.name) ?? ""),
		type: printable(asText(secret.type) ?? ""),
		hosts: Object.keys(hosts).map(printable),
		size: Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(asName(value), "base64"), 0),
		createdAt: new Date(asText(metadata.creationTimestamp) ?? NaN),
		managedBy: printable(label ?? ([...new Set(managers)].join(", ") || "unknown"))
	};
}
function legacyHosts(base64) {
	try {
		return asObject(JSON.parse(Buffer.from(asText(base64) ?? "", "base64").toString()));
	} catch {
		return {};
	}
}
/** Logs the pull secrets of a namespace, a line each. A run does not depend on it. */
async function describePullSecrets(cluster, namespace) {
	const entries = await listPullSecrets(cluster, namespace).catch((error) => ({ error }));
	group(`Pull secrets in namespace ${namespace} of cluster ${cluster.name}`, () => {
		if ("error" in entries) {
			const isRefused = isForbidden(entries.error);
			return info(isRefused ? REFUSED : `Could not list them: ${reason(entries.error)}`);
		}
		if (entries.length === 0) info("None.");
		for (const { name, type, hosts, size, createdAt, managedBy } of entries) {
			const age = formatCount(daysSince(createdAt, /* @__PURE__ */ new Date()), "day");
			info(`${name}: ${type}, ${named(hosts)}, ${size} bytes, ${age} old, managed by ${managedBy}`);
		}
	});
}
const REFUSED = "The user of this kubeconfig is not allowed to list secrets; this run does not need it.";
const MAX_HOSTS = 10;
function named(hosts) {
	const rest = hosts.length - MAX_HOSTS;
	const some = hosts.slice(0, MAX_HOSTS).join(" ") || "no hosts";
	return rest > 0 ? `${some} and ${rest} more hosts` : some;
}
// src/kubernetes/admission.ts
/**
* Why the API server refuses an object of a user who has the permission. The messages are those of
* https://github.com/kubernetes/kubernetes/tree/master/plugin/pkg/admission (quota, limit ranges, service accounts, priority) and
* https://github.com/kubernetes/kubernetes/tree/master/staging/src/k8s.io, in pod-security-admission/admission and, in
* apiserver/pkg/admission/plugin, namespace/lifecycle, webhook/errors and policy/validating.
*/
const REFUSALS = [
	{
		pattern: /exceeded quota: |insufficient quota to (?:consume|match these scopes): /,
		hint: "The namespace has used up its quota: delete what it no longer needs, request less, or ask for a larger ResourceQuota (`kubectl describe quota`)."
	},
	{
		pattern: /failed quota: /,
		hint: "The ResourceQuota of the namespace requires these requests and limits: set `resources` of each container, or add a LimitRange with defaults."
	},
	{
		pattern: /status unknown for quota: /,
		hint: "The ResourceQuota is new, and its usage is not known yet: run the job again."
	},
	{
		pattern: /violates PodSecurity "/,
		hint: "The label pod-security.kubernetes.io/enforce of the namespace demands it: set in the pod spec what the message names."
	},
	{
		pattern: /(?:minimum|maximum) \S+ usage per (?:Pod|Container|PersistentVolumeClaim) is |max limit to request ratio per /,
		hint: "The LimitRange of the namespace demands it: correct `resources` of the containers (`kubectl describe limits`)."
	},
	{
		pattern: /admission webhook "[^"]*" denied the request/,
		hint: "A policy of this cluster refuses the object: correct what the message names, or ask the owner of the webhook."
	},
	{
		pattern: /admission webhook "[^"]*" does not support dry run/,
		hint: "The webhook may have side effects, so the API server cannot check this object in a dry run. Run without `dry-run`, or ask the owner of the webhook to declare `sideEffects: None`."
	},
	{
		pattern: /ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request/,
		hint: "A policy of this cluster refuses the object: correct what the message names, or ask the owner of the policy."
	},
	{
		pattern: /PodSecurityPolicy: unable to (?:admit|validate)|unable to validate against any (?:pod security policy|security context constraint)/,
		hint: "No PodSecurityPolicy or security context constraint that the service account of the Pod may use allows it: set in the pod spec what the message names, or ask an administrator to grant the verb use on one."
	},
	{
		pattern: /one or more images rejected by webhook backend/,
		hint: "The image policy of this cluster refuses the image: use an image that it allows, or ask an administrator."
	},
	{
		pattern: /conflicts? with its namespace |pod tolerations conflict/,
		hint: "The annotations of the namespace limit nodes and tolerations: correct `nodeSelector` or `tolerations`, or ask an administrator."
	},
	{
		pattern: /unable to create new content in namespace \S+ because it is being terminated/,
		hint: "The namespace is being deleted: wait, create it again, or remove it from `namespaces` and the manifests.",
		code: "namespace-terminating"
	},
	{
		pattern: /error looking up service account |serviceaccount "[^"]*" not found/,
		hint: "Create the service account first, or correct `serviceAccountName`."
	},
	{
		pattern: /no PriorityClass with name /,
		hint: "Create the PriorityClass first, or correct `priorityClassName`."
	},
	{
		pattern: /is attempting to grant RBAC permissions not currently held/,
		hint: "Only a user who has these permissions can grant them: let an administrator apply this object, or grant the verbs escalate and bind."
	}
];
/**
* A webhook that does not respond, which the API server reports with 500. No policy refused the object.
* https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy
*/
const FAILED_WEBHOOK = /failed calling webhook "/;
const FAILED_WEBHOOK_HINT = "A webhook of this cluster does not respond, so the API server accepts no such object: check the Service and the Pods of the webhook, or ask its owner.";
/** The error with its own hint when an admission plugin refused the object; undefined when it is another refusal. */
function admissionError(error) {
	if (error.status >= 500 && FAILED_WEBHOOK.test(error.serverMessage)) {
		const { code, message, details } = error;
		return new ActionError(code, message, {
			hint: FAILED_WEBHOOK_HINT,
			details,
			cause: error
		});
	}
	const refusal = REFUSALS.find(({ pattern }) => pattern.test(error.serverMessage));
	if (refusal === void 0 || error.status < 400 || error.status >= 500) return void 0;
	const { code = "admission-denied", hint } = refusal;
	return new ActionError(code, error.message, {
		hint,
		details: error.details,
		cause: error
	});
}
/** A thrown value, with its own hint when an admission plugin refused the object. */
function withAdmissionHint(error) {
	return error instanceof HttpError ? admissionError(error) ?? error : error;
}
/** What to do about a message of the API server that an event repeats. */
function admissionHint(message) {
	if (FAILED_WEBHOOK.test(message)) return FAILED_WEBHOOK_HINT;
	return REFUSALS.find(({ pattern }) => pattern.test(message))?.hint;
}
// src/pull-secret/service-account.ts
const NONE_DECLARED = /* @__PURE__ */ new Map();
/** A new namespace gets its `default` account some moments later. */
const DEFAULT_READ_INTERVAL_MS = 1e3;
const MAX_READS = 10;
/**
* Adds the pull secret to the `imagePullSecrets` of service accounts, in every target that holds it. Where a cluster has
* many targets and the user may list, their accounts are read by a list, otherwise one by one. A target fails when one of
* its accounts fails.
* @param names of the accounts; `*` is all of a namespace
*/
async function attachAll(outcomes, names, options) {
	if (names.length === 0) return [...outcomes];
	const { known = NO_ACCOUNTS } = options;
	const lists = listsOf(outcomes.filter((outcome) => !isFailed(outcome) && !known.has(keyOfTarget(outcome))), names);
	const attachTo = async (outcome) => {
		if (isFailed(outcome)) return outcome;
		if (options.dryRun && outcome.namespaceToCreate !== void 0) return {
			...outcome,
			serviceAccounts: planned(names, options.declared?.(outcome) ?? NONE_DECLARED)
		};
		const list = async () => known.get(keyOfTarget(outcome)) ?? (await lists.get(outcome.cluster))?.get(outcome.namespace);
		const { attached, error } = await attachIn(outcome, {
			names,
			list
		}, options);
		if (error === void 0) return {
			...outcome,
			serviceAccounts: attached
		};
		return {
			...failedTarget({
				...outcome,
				stored: outcome.replaced
			}, error, true),
			serviceAccounts: attached
		};
	};
	const sentence = (count) => `Updated the service accounts of ${count} namespaces`;
	return [...(await withProgress(outcomes, sentence, attachTo)).values()];
}
/** A new namespace has no other account than `default` and those of the manifests when the secrets are written. */
function planned(names, declared) {
	return [...new Set(names.flatMap((name) => name === "*" ? ["default", ...declared.keys()] : [name]))].map((name) => ({
		name,
		result: "planned"
	}));
}
async function attachIn(target, { names, list }, options) {
	const attached = [];
	let failure;
	try {
		const isAll = names.includes("*");
		const declared = options.declared?.(target) ?? NONE_DECLARED;
		const known = await list() ?? (isAll ? await listInNamespace(target) : void 0);
		const existing = accountNames(names, known);
		for (const name of isAll ? [.../* @__PURE__ */ new Set([...existing, ...declared.keys()])].sort() : existing) try {
			const account = {
				name,
				known: known?.get(name),
				create: declared.get(name)
			};
			attached.push({
				name,
				result: await attach(target, account, options)
			});
		} catch (error) {
			if (isAll && name !== "default" && !names.includes(name) && isGone(error)) {
				info(`Skipped service account ${target.namespace}/${name} of cluster ${target.cluster.name}: it was deleted.`);
				continue;
			}
			attached.push({
				name,
				result: "failed"
			});
			failure ??= isGone(error) ? await goneWithNamespace(target, error) : withAdmissionHint(error);
		}
	} catch (error) {
		failure = error;
	}
	return {
		attached,
		error: failure
	};
}
function isGone(error) {
	if (error instanceof HttpError) return error.status === 404;
	return error instanceof ActionError && error.code === "service-account-not-found";
}
/** An account may be missing because its namespace is. */
async function goneWithNamespace(target, error) {
	const status = await readNamespaceStatus(target).catch(() => "active");
	return status === "missing" || status === "terminating" ? namespaceError(target, status) : error;
}
/**
* `imagePullSecrets` is an atomic list: it is sent as a whole, guarded by the `resourceVersion` that was read.
* https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
*/
async function attach(target, { name, known, create }, options) {
	const { cluster, namespace } = target;
	const { secretName, dryRun } = options;
	let account = known ?? await read(target, {
		name,
		create
	}, options);
	if (account === void 0) return "planned";
	for (let attempt = 1;; attempt++) {
		if (isAttached(account, secretName)) return "unchanged";
		const { resourceVersion, imagePullSecrets } = account;
		try {
			await cluster.request({
				operation: `add the secret ${secretName} to the service account ${namespace}/${name} in the cluster ${cluster.name}`,
				method: "PATCH",
				path: accountPath(target, name),
				query: {
					fieldManager: MANAGER_NAME,
					...dryRun && { dryRun: "All" }
				},
				contentType: "application/merge-patch+json",
				body: {
					metadata: { resourceVersion },
					imagePullSecrets: [...imagePullSecrets, { name: secretName }]
				},
				hints: () => ({ 403: `Grant the user of this kubeconfig the verbs get and patch on serviceaccounts in namespace ${namespace}.` })
			});
			return dryRun ? "planned" : "updated";
		} catch (error) {
			await waitAfterConflict(error, attempt);
			account = await readExisting(target, name, options);
		}
	}
}
/** Reads an account, and creates it if a manifest has it; undefined when a dry run would create it. */
async function read(target, { name, create }, options) {
	if (create === void 0) return await readExisting(target, name, options);
	const found = await readAccount(target, name);
	if (found !== void 0) return found;
	if (options.dryRun) return void 0;
	await create();
	return await readExisting(target, name, options);
}
async function readExisting(target, name, options) {
	const { signal, readIntervalMs = DEFAULT_READ_INTERVAL_MS } = options;
	const { cluster, namespace } = target;
	for (let attempt = 1; attempt <= MAX_READS; attempt++) {
		const account = await readAccount(target, name);
		if (account !== void 0) return account;
		if (attempt < MAX_READS) await delay(readIntervalMs, readOperation(target, name), signal);
	}
	throw new ActionError("service-account-not-found", `ServiceAccount ${namespace}/${name} does not exist in cluster ${cluster.name}`, {
		hint: withSuggestion("Check `service-accounts`, or create the account first.", await suggestAccount(target, name)),
		details: {
			cluster: cluster.name,
			namespace,
			resource: `serviceaccounts/${name}`
		}
	});
}
// src/pull-secret/desired.ts
/** Whether a target records the pending rotation of this run. */
function isMarked(stored, { pendingKey }) {
	return stored.kind === "present" && stored.pending.some(({ key }) => key === pendingKey);
}
/**
* Whether the rotation was ended in the target that recorded it. Once that target records the credential, no run takes it for
* unused any more: then it does not matter.
*/
function isEndedIn(current, desired) {
	return !isMarked(current, desired) && !current.records.some(({ tokenId }) => tokenId === desired.record.tokenId);
}
/** Whether a target holds all of it already: then there is nothing to write. */
function isCurrent(stored, desired) {
	return stored.kind === "present" && hasContent(stored, desired) && hasRecord(stored, desired);
}
/** Which run wrote a record last, and by which kubeconfig, is no reason to write it again. */
function hasRecord({ records }, desired) {
	return isRecordedIn(records, desired.record);
}
const isRecordedIn = lastResult((records, desired) => {
	const record = {
		...desired,
		cluster: void 0
	};
	const { run, cluster } = record;
	const recorded = records.map((one) => one.tokenId === record.tokenId ? {
		...one,
		run,
		cluster
	} : one);
	return formatRecords(recorded) === formatWith(recorded, record);
});
/** Whether a secret holds all that a user can see of it; what this action records about the credential may differ. */
function hasContent(stored, desired) {
	return stored.data === dataOf(stored.cluster, stored, desired) && holds(stored.labels, {
		...desired.labels,
		["app.kubernetes.io/managed-by"]: "registry-pull-secret"
	}) && holds(stored.annotations, desired.annotations);
}
/** The docker config in base64, with the other hosts that a secret has already. */
function dataOf(cluster, stored, { logins, email, record }) {
	const credential = credentialIn(cluster, logins, email);
	if (stored.kind === "absent") return mergedData(credential, void 0, NO_HOSTS);
	return mergedData(credential, stored.config, hostsToRemove(stored.records, record));
}
const credentialIn = lastResult((cluster, logins, email) => ({
	logins: loginsIn(cluster, logins),
	email
}));
const NO_HOSTS = [];
const hostsToRemove = lastResult(droppedHosts);
const mergedData = lastResult((credential, config, removed) => Buffer.from(dockerConfig(credential, config, removed)).toString("base64"));
function holds(all, some) {
	return Object.entries(some).every(([key, value]) => all[key] === value);
}
// src/pull-secret/write.ts
/**
* Writes the pull secret in place by server-side apply, and compares what the server stored with what was sent.
* When the secret has changed since it was read, the server returns 409 and it is read again.
* https://kubernetes.io/docs/reference/using-api/server-side-apply/
* @param dryRun the API server checks everything and stores nothing
* @throws ActionError
*/
async function writeSecret({ cluster, namespace, stored }, desired, dryRun) {
	const { tokenId } = desired.record;
	const wasMarked = isMarked(stored, desired);
	let current = stored;
	for (let attempt = 1;; attempt++) {
		const refused = refusal({
			cluster,
			namespace,
			stored: current
		}, {
			...desired,
			owner: desired.record
		});
		if (refused !== void 0) throw refused;
		const data = dataOf(cluster.name, current, desired);
		const records = recordsOf(current.kind === "absent" ? NO_RECORDS : current.records, desired.record, cluster);
		const version = current.kind === "present" ? current.resourceVersion : attempt === 1 ? NEVER : void 0;
		try {
			const response = await apply({
				cluster,
				namespace
			}, desired, {
				data,
				records,
				version,
				dryRun
			});
			const written = describeSecret(response.json(), cluster);
			compare({
				cluster,
				namespace
			}, written, {
				name: desired.name,
				data
			});
			const isRecordLost = written.annotations[RECORDS] !== records;
			const isOwnWrite = current.kind === "present" && current.records.some((one) => one.tokenId === tokenId);
			if (current.kind === "absent" || stored.kind === "absent" && isOwnWrite) return {
				status: dryRun ? "planned" : "created",
				replaced: stored,
				written,
				isRecordLost
			};
			const isUnchanged = stored.kind === "present" && written.resourceVersion === stored.resourceVersion || hasContent(current, desired);
			return {
				status: dryRun ? "planned" : isUnchanged ? "unchanged" : "updated",
				replaced: current,
				written,
				isRecordLost
			};
		} catch (error) {
			const isOutdated = isConflict(error);
			if (!(isOutdated || isOutcomeUnknown(error)) || attempt === 50) throw error;
			if (isOutdated) await backoff(attempt);
			current = await readSecret(cluster, namespace, desired.name);
			const isEnded = wasMarked && current.kind === "present" && isEndedIn(current, desired);
			if (isOutdated && current.kind === "present" && (isEnded || isNewer(current, desired))) return {
				status: "conflict",
				newer: current,
				isEnded
			};
			if (!isOutdated && !isCurrent(current, desired)) throw error;
		}
	}
}
const NO_RECORDS = [];
/** The annotation. */
const recordsOf = lastResult((stored, record, { identity, inKubeconfig }) => formatWith(stored, {
	...record,
	cluster: {
		identity,
		inKubeconfig: inKubeconfig.identity
	}
}));
/** Of two credentials the one minted later wins, so that all concurrent runs agree. */
function isNewer(stored, { record, isUnusable }) {
	if (isUnusable(stored)) return false;
	return ownRecords(stored.records, record).some((other) => {
		const leadMs = mintTimeOf(other) - mintTimeOf(record);
		return other.tokenId !== record.tokenId && (leadMs > 0 || leadMs === 0 && other.tokenId > record.tokenId);
	});
}
function mintTimeOf({ mintedAt }) {
	return mintedAt?.getTime() ?? 0;
}
/** No object has this version: the server refuses to create what exists by now, instead of overwriting it. */
const NEVER = "1";
/** URL of the workflow run that last changed the secret. */
const RUN = `${MANAGER_NAME}/run`;
async function apply({ cluster, namespace }, { name, labels, annotations, record }, { data, records, version, dryRun }) {
	return await cluster.request({
		operation: `write the secret ${namespace}/${name} in the cluster ${cluster.name}`,
		method: "PATCH",
		path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
		query: {
			fieldManager: MANAGER_NAME,
			...version !== void 0 && version !== NEVER && { force: "true" },
			...dryRun && { dryRun: "All" }
		},
		contentType: "application/apply-patch+yaml",
		body: {
			apiVersion: "v1",
			kind: "Secret",
			metadata: {
				name,
				namespace,
				labels: {
					...labels,
					[MANAGED_BY]: MANAGER_NAME
				},
				annotations: {
					...annotations,
					[RECORDS]: records,
					...record.run && { [RUN]: record.run }
				},
				...version !== void 0 && { resourceVersion: version }
			},
			type: DOCKER_CONFIG_TYPE,
			data: { [DOCKER_CONFIG_KEY]: data }
		},
		hints: () => ({
			403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.`,
			404: `Create namespace ${namespace} first, or set \`create-namespaces: true\` and grant the verbs get and create on namespaces.`
		})
	});
}
/** @throws ActionError when pods, or a later run, would not find there what was written */
function compare({ cluster, namespace }, written, { name, data }) {
	if (written.data === data && written.ours) return;
	const place = `Secret ${namespace}/${name} in cluster ${cluster.name}`;
	const details = {
		cluster: cluster.name,
		namespace,
		resource: `secrets/${name}`
	};
	if (written.data !== data) throw new ActionError("secret-changed-on-write", `The API server stored something other than was written to ${place}`, {
		hint: "An admission webhook changes Secrets there: exclude this one, or ask the cluster administrators.",
		details
	});
	const label = printable(cut(asText(written.labels["app.kubernetes.io/managed-by"]) ?? "none", MAX_LABEL_LENGTH));
	throw new ActionError("secret-changed-on-write", `The API server stored another label ${MANAGED_BY} than was written to ${place}: ${label}`, {
		hint: `A mutating webhook or policy changes labels there, so later runs would take this Secret for a foreign one: exclude it, or let ${MANAGER_NAME} stay in that label.`,
		details
	});
}
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const MAX_LABEL_LENGTH = 63;
// src/pull-secret/write-all.ts
/**
* Writes the pull secret to every target that lacks it or holds another; one that fails does not stop the others. Two
* groups of targets come before the others:
* - the one that records the pending rotation: a run that ended this rotation has changed it, and the credential may be
*   revoked;
* - those that hold the credential already: they must record where else it goes before it goes there, or a later run
*   could take their records for complete, and revoke it.
* @param dryRun the API servers check everything and store nothing
*/
async function writeAll(targets, desired, dryRun) {
	const withoutRecord = [];
	const options = {
		dryRun,
		onRecordLost: (target) => withoutRecord.push(target)
	};
	const write = async (target) => {
		const { cluster, namespace, stored: replaced, namespaceToCreate } = target;
		if (namespaceToCreate === void 0) return await writeOne(target, desired, options);
		if (dryRun) return {
			cluster,
			namespace,
			status: "planned",
			replaced,
			namespaceToCreate
		};
		const outcome = await writeOne(target, desired, options);
		return isFailed(outcome) || outcome.status === "conflict" ? outcome : {
			...outcome,
			namespaceToCreate
		};
	};
	const sentence = (count) => `${dryRun ? "Checked" : "Wrote"} ${count} secrets`;
	const ready = targets.filter(isReady);
	const all = /* @__PURE__ */ new Map();
	const writeNext = async (some) => {
		const rest = some.filter((one) => !all.has(one));
		for (const [target, outcome] of await withProgress(rest, sentence, write)) all.set(target, outcome);
	};
	const isEnded = () => [...all.values()].some((one) => one.status === "conflict" && one.isEnded);
	const outcomes = () => {
		warnOfLostRecords(withoutRecord, desired.name);
		return targets.map((target) => all.get(target) ?? notWritten(target));
	};
	await writeNext(ready.filter(({ stored }) => isMarked(stored, desired)));
	if (isEnded()) return outcomes();
	const holders = ready.filter(({ stored }) => isHolder(stored, desired.record));
	await writeNext(holders);
	const isWider = desired.isRevocable && holders.some(({ stored }) => lacksScopes(stored, desired.record));
	const isRecorded = !targets.some((target) => isFailed(target) && mayHold(target, desired.record));
	if (isWider && !(isRecorded && ![...all.values()].some(isFailed))) {
		const others = ready.filter((target) => !all.has(target));
		for (const target of others) all.set(target, scopeNotRecorded(target, desired.name));
	} else await writeNext(ready);
	return outcomes();
}
/** Of a target that failed before, or that another round of writes comes to. */
function notWritten(target) {
	if (isFailed(target)) return target;
	const { cluster, namespace, stored } = target;
	return {
		cluster,
		namespace,
		status: "unchanged",
		replaced: stored
	};
}
/** Whether a target that cannot be written may hold the credential already. */
function mayHold({ stored }, record) {
	return stored === void 0 || isHolder(stored, record);
}
/** Whether a target was not written because one that holds the credential could not record that. */
function isUnrecorded(outcome) {
	return isFailed(outcome) && outcome.error.code === "scope-not-recorded";
}
function isHolder(stored, record) {
	return recordOf(stored, record) !== void 0;
}
function lacksScopes(stored, record) {
	const recorded = recordOf(stored, record)?.scopes;
	return record.scopes.some((scope) => !recorded?.includes(scope));
}
function recordOf(stored, record) {
	return (stored.kind === "present" ? ownRecords(stored.records, record) : []).find(({ tokenId }) => tokenId === record.tokenId);
}
function scopeNotRecorded({ cluster, namespace, stored }, name) {
	const error = new Refusal("scope-not-recorded", `${`Secret ${namespace}/${name} in cluster ${cluster.name} was not written`}: a target that may hold the token could not record that it is used here as well`, {
		hint: "Fix the target that failed, and run again: otherwise a later run could revoke a token that is in use here.",
		details: {
			cluster: cluster.name,
			namespace,
			resource: `secrets/${name}`
		}
	});
	return failedTarget({
		cluster,
		namespace,
		stored
	}, error);
}
/** One warning for all of them: the credential is there, and the next run does not find out which one it is. */
function warnOfLostRecords([first, ...others], name) {
	if (first === void 0) return;
	const more = others.length === 0 ? "" : `, and in ${formatCount(others.length, "more namespace")}`;
	warning("record-lost", `The API server did not store the annotation ${RECORDS} of Secret ${first.namespace}/${name} in cluster ${first.cluster.name}${more} as it was written: each run will mint a new token. A mutating webhook or policy changes annotations there: exclude this Secret.`);
}
async function writeOne(target, desired, { dryRun, onRecordLost }) {
	const { cluster, namespace, stored } = target;
	let isWritten = false;
	try {
		const result = stored.kind === "present" && isCurrent(stored, desired) ? {
			status: "unchanged",
			replaced: stored,
			written: stored,
			isRecordLost: false
		} : await writeSecret(target, desired, dryRun);
		if (result.status === "conflict") return {
			cluster,
			namespace,
			...result
		};
		isWritten = true;
		const { status, replaced, written, isRecordLost } = result;
		if (isRecordLost) onRecordLost(target);
		if (!hasLastApplied(written)) return {
			cluster,
			namespace,
			status,
			replaced
		};
		if (!dryRun) await removeLastApplied({
			cluster,
			namespace,
			stored: written
		}, desired.name);
		return {
			cluster,
			namespace,
			status: status === "unchanged" ? dryRun ? "planned" : "updated" : status,
			replaced
		};
	} catch (error) {
		return await endedSince(target, desired) ?? failed(target, error, isWritten);
	}
}
/**
* A write that failed does not show whether another run has ended this rotation. If so, no other target may get the
* credential.
*/
async function endedSince({ cluster, namespace, stored }, desired) {
	if (!isMarked(stored, desired)) return void 0;
	const newer = await readSecret(cluster, namespace, desired.name).catch(() => void 0);
	if (newer?.kind !== "present" || !isEndedIn(newer, desired)) return void 0;
	return {
		cluster,
		namespace,
		status: "conflict",
		newer,
		isEnded: true
	};
}
/** @param isWritten whether a write before the error succeeded */
function failed(target, error, isWritten) {
	return failedTarget(target, withAdmissionHint(error), isWritten || !isNotWritten(error));
}
/** Refused by us or by the API server, or never sent. After any other error the server may have acted. */
function isNotWritten(error) {
	if (error instanceof HttpError) return error.status < 500;
	return error instanceof Refusal || error instanceof NetworkError && !error.sent;
}
/** Where this run met a conflict: the target that ended its rotation, or that holds the newest credential. */
function newestConflict(outcomes, owner) {
	const timeOf = ({ newer: { records } }) => Math.max(0, ...ownRecords(records, owner).map(({ mintedAt }) => mintedAt?.getTime() ?? 0));
	return outcomes.filter((outcome) => outcome.status === "conflict").sort((a, b) => Number(b.isEnded) - Number(a.isEnded) || timeOf(b) - timeOf(a))[0];
}
// src/pull-secret/source-secret.ts
/**
* Reads the credentials in a pull secret.
* @param servers the hosts to take; empty: all that have a credential
* @throws ActionError `source-secret-unusable`, and the errors of a request
*/
async function readSourceSecret(cluster, source, servers) {
	const entries = await readSource(cluster, source);
	const keys = Object.keys(entries);
	const chosen = servers.length > 0 ? keysOf(keys, servers) : keysForNodes(keys);
	const tooMany = tooManyHosts(chosen.size);
	if (tooMany !== void 0) throw unusable(cluster, source, tooMany);
	const found = [...chosen].map(([server, key]) => ({
		server,
		entry: readEntry(entries[key])
	}));
	const logins = found.flatMap(({ server, entry }) => entry.kind === "login" ? [{
		...entry,
		server
	}] : []);
	const tokenOnly = found.find(({ entry }) => entry.kind === "identity-token");
	if (tokenOnly !== void 0) throw unusable(cluster, source, identityTokenProblem(tokenOnly.server));
	const missing = servers.filter((server) => !logins.some((login) => login.server === server));
	if (missing.length > 0 || logins.length === 0) throw unusable(cluster, source, [`has no credential for ${missing.join(", ") || "any registry"}`, `Check \`docker-server\`. The Secret has ${shownKeys(keys)}.`]);
	return logins;
}
/** The keys of the hosts that there are. */
function keysOf(keys, servers) {
	const found = servers.map((server) => [server, findKey$1(keys, server)]);
	return new Map(found.flatMap(([server, key]) => key === void 0 ? [] : [[server, key]]));
}
/** All clusters of a run get credentials for the same hosts. */
function lacksHosts(cluster, source, missing) {
	return unusable(cluster, source, [`has no credential for ${missing.join(", ")}, as that of another cluster has`, "Set `docker-server` to the hosts that this Secret has in every cluster."]);
}
async function readSource(cluster, source) {
	const { namespace, name } = source;
	const response = await cluster.request({
		operation: `read the secret ${namespace}/${name}, which \`docker-config-secret\` names, in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
		expectedStatuses: [404],
		hints: () => ({ 403: `Grant the user of this kubeconfig the verb get on this one Secret: a Role in namespace ${namespace} with \`resources: [secrets]\`, \`resourceNames: [${name}]\`, \`verbs: [get]\`.` })
	});
	if (response.status === 404) throw unusable(cluster, source, ["does not exist", "Check `docker-config-secret` and `contexts`."]);
	const { type, data } = response.json();
	if (type !== "kubernetes.io/dockerconfigjson") throw unusable(cluster, source, [`has the type ${printable(asText(type) ?? "Opaque")}`, `Name one of type ${DOCKER_CONFIG_TYPE}.`]);
	const entries = readEntries(asObject(data)[DOCKER_CONFIG_KEY]);
	maskEntries(entries);
	return entries;
}
function unusable({ name: cluster }, source, [problem, hint]) {
	const { namespace, name } = source;
	return new ActionError("source-secret-unusable", `Secret ${namespace}/${name} in cluster ${cluster} ${problem}`, {
		hint,
		details: {
			cluster,
			namespace,
			resource: `secrets/${name}`
		}
	});
}
export { listHolders as A, secretPermissions as B, SYSTEM_CLOCK as C, readTargets as D, isAborted as E, accountPermissions as F, mayInclude as G, loginError as H, describePermissions as I, permissionsToCreate as L, pagesOf as M, createProvider as N, withoutVanished as O, ACCOUNT as P, permissionsToObserve as R, waitForInFlightPulls as S, connectClusters as T, lookUpBriefly as U, verbsToApply as V, listRepositories as W, failedContainer as _, writeAll as a, accountsLacking as b, admissionHint as c, hasLastApplied as d, waitAfterConflict as f, containerStatuses as g, isFinishedJob as h, newestConflict as i, withNearNamespaces as j, observeTargets as k, describePullSecrets as l, ROLLOUTS as m, readSourceSecret as n, attachAll as o, mintOnce as p, isUnrecorded as r, admissionError as s, lacksHosts as t, changePending as u, joinReasons as v, confirmClusters as w, readAccounts as x, NO_ACCOUNTS as y, rulesOf as z };
