import { i as require_undici, n as KubeConfig, r as require_build, t as PQueue } from "./packages.js";
import { $t as debug, A as describeSecret, An as reason, At as withoutFinalSlashes, Dt as isSameDomain, E as DOCKER_CONFIG_TYPE, Et as isSafe, Kt as metadataOf, Mt as expiryOf, N as readSecret, O as LEGACY_TYPE, On as actionErrorOf, Ot as mayBeThisMachine, Sn as isAbort, St as isSocks, Tn as ActionError, Tt as isLoopback, W as ownRecords, Yt as LABEL, _ as end, _n as asText, a as withSuggestion, an as printable, bn as abortError, bt as NO_PROXIES, c as once, cn as mask, dn as redact, g as cut$1, gn as asObjects, hn as asObject, i as suggestionOf, jt as claimsOf, k as MANAGED_BY, kt as withoutBrackets, ln as maskBasic, n as asksForPerson, nn as info, on as warning, qt as nameOf, r as excerptOf, un as publish, vn as isObject, wn as unlessAborted, wt as parseProxyUrl, xn as delay, xt as createProxyChoice, y as formatNumber, yn as MANAGER_NAME, z as conflictingRecords } from "./inputs.js";
import { a as tokenProblem, i as parseExecCredential, o as trimToken, t as findProgram } from "./find-program.js";
import { a as githubOidc, n as contentOf, o as RenewedCredential, r as readNamedFile } from "./file-or-data.js";
import { i as isReady, n as isFailed, o as clustersOf, r as isMarkable, t as failedTarget } from "./target.js";
import { createSecureContext, getCACertificates } from "node:tls";
import { X509Certificate, createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { spawn } from "node:child_process";
// package.json
var name = "registry-pull-secret";
var version = "0.1.0";
// src/http/body.ts
var import_undici = require_undici();
/** A hostile server must not fill the memory. Longer lists are read in smaller pages. */
const MAX_RESPONSE_BYTES = 67108864;
/** Of the body of an error only a few hundred characters are shown, and to look for secrets in all of a long one takes minutes. */
const MAX_ERROR_BYTES = 65536;
/** A body that is larger than this action reads. */
var BodyTooLarge = class extends Error {};
/**
* The body of a response: all of it when the request succeeded, else its beginning. The connection of a longer one is closed.
* @throws BodyTooLarge
*/
async function readBody({ statusCode, headers, body }) {
	const isError = statusCode < 200 || statusCode >= 300;
	if (Number(headers["content-length"] ?? NaN) <= 65536) return await body.text();
	const chunks = [];
	let bytes = 0;
	for await (const chunk of body) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (isError && bytes > 65536) return cut(Buffer.concat(chunks));
		if (bytes > 67108864) throw new BodyTooLarge();
	}
	return new TextDecoder().decode(Buffer.concat(chunks));
}
function cut(bytes) {
	return redact(bytes.subarray(0, MAX_ERROR_BYTES).toString()).slice(0, -16384);
}
// src/http/error-body.ts
const MAX_MESSAGE_LENGTH = 500;
/** Of a longer message: an API server quotes a whole object before it says what is wrong with it. */
const END_LENGTH = 150;
/**
* The code and the message of an error body, both safe to print:
* - Kubernetes: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
* - registries: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
* - OAuth servers (UAA): https://www.rfc-editor.org/rfc/rfc6749#section-5.2
* - Cloud Foundry: https://v3-apidocs.cloudfoundry.org/#errors
* - IBM IAM: https://cloud.ibm.com/apidocs/iam-identity-token-api
*/
function parseErrorBody(body) {
	const parsed = parseObject(body);
	if (parsed === void 0) return {
		code: void 0,
		message: asPrintable(redact(body).replace(/<[^<>]*>/g, " "))
	};
	const error = (Array.isArray(parsed.errors) ? asRecord(parsed.errors[0]) : void 0) ?? parsed;
	const codes = [
		error.error_code,
		error.title,
		error.message_code,
		error.errorCode,
		error.error,
		error.reason,
		error.code
	];
	const messages = [
		error.error_description,
		error.description,
		error.errorMessage,
		error.message,
		error.detail,
		error.details
	];
	return {
		code: firstPrintable(codes),
		message: firstPrintable(messages)
	};
}
function firstPrintable(values) {
	return values.map(asPrintable).find((text) => text !== void 0);
}
function asPrintable(value) {
	if (typeof value !== "string" && typeof value !== "number") return void 0;
	const text = printable(redact(String(value)).trim().replace(/\s+/g, " "));
	if (text === "") return void 0;
	return text.length > MAX_MESSAGE_LENGTH ? `${cut$1(text, 350)}…${end(text, END_LENGTH)}` : text;
}
function parseObject(body) {
	try {
		return asRecord(JSON.parse(body));
	} catch {
		return;
	}
}
function asRecord(value) {
	return typeof value === "object" && value !== null ? value : void 0;
}
// src/http/network-problem.ts
/**
* Errors before the first byte of a request is sent: https://man7.org/linux/man-pages/man2/connect.2.html,
* https://man7.org/linux/man-pages/man3/getaddrinfo.3.html and, for `UND_ERR_…`,
* https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md
*/
const NEVER_SENT = /* @__PURE__ */ new Set([
	"ECONNREFUSED",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"UND_ERR_CONNECT_TIMEOUT"
]);
const WRONG_HOST = "ERR_TLS_CERT_ALTNAME_INVALID";
function networkProblemOf(error) {
	const cause = deepestCause(error);
	const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
	const isUntrusted = /CERT|SELF_SIGNED|UNABLE_TO_/.test(code);
	const isPermanent = isUntrusted || /^ERR_(SSL|TLS)/.test(code);
	return {
		text: describe(cause, code, isUntrusted),
		hint: hintFor(code, isUntrusted),
		isUntrusted,
		isPermanent,
		mayBeSent: !(isPermanent || NEVER_SENT.has(code))
	};
}
function describe(cause, code, isUntrusted) {
	if (code.startsWith("ERR_SSL")) return `it does not speak TLS as expected (${code})`;
	if (code === WRONG_HOST) return `its certificate is for another host (${code})`;
	return isUntrusted ? `its certificate is not trusted (${code})` : printable(reason(cause));
}
function hintFor(code, isUntrusted) {
	if (code === WRONG_HOST) return "Use a host name that the certificate of the server names.";
	if (isUntrusted) return "Add the CA of an IBM or registry host to `ca-certificates`, the CA of a cluster to its kubeconfig.";
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "Check the host name, and that this runner can resolve it.";
	if (code.startsWith("ERR_SSL")) return "Check that the endpoint speaks https on that port.";
	return "Check that the host is up and that this runner reaches it (firewall, HTTPS_PROXY, NO_PROXY).";
}
/** An attempt to connect to a host with several addresses throws the errors of all of them; the first one is as good as any. */
function deepestCause(error) {
	if (error instanceof AggregateError && error.errors.length > 0) return deepestCause(error.errors[0]);
	return error instanceof Error && error.cause instanceof Error ? deepestCause(error.cause) : error;
}
// src/http/errors.ts
/** A server returned a status that the request does not expect. */
var HttpError = class extends ActionError {
	name = "HttpError";
	status;
	/** The server's own message, safe to print. */
	serverMessage;
	/** How long the server asks to wait. */
	retryAfterMs;
	constructor(exchange, response, hint) {
		const { status, retryAfterMs } = response;
		const { code, message } = parseErrorBody(response.body);
		const text = [code, message].filter(Boolean).join(": ");
		super(`${exchange.service}-${problemOfStatus(status)}`, `Could not ${exchange.operation}: ${exchange.from} returned ${status}${text ? ` ${text}` : ""}`, {
			hint: hint ?? defaultHint(status, retryAfterMs),
			details: {
				...detailsOf(exchange),
				status,
				serverCode: code
			}
		});
		this.status = status;
		this.serverMessage = message ?? "";
		this.retryAfterMs = retryAfterMs;
	}
};
/** No response arrived, or only a part of one. */
var NetworkError = class extends ActionError {
	name = "NetworkError";
	/** Whether the server may have acted: `false` only when the request never reached it. */
	sent;
	/** Whether a retry fails in the same way: the port does not speak https, or the certificate is not trusted. */
	permanent;
	constructor(exchange, cause) {
		const { text, hint, isUntrusted, isPermanent, mayBeSent } = networkProblemOf(cause);
		super(`${exchange.service}-${isUntrusted ? "untrusted-certificate" : "unreachable"}`, `Could not ${exchange.operation}: ${exchange.from} did not respond: ${text}`, {
			cause,
			hint,
			details: detailsOf(exchange)
		});
		this.permanent = isPermanent;
		this.sent = mayBeSent;
	}
};
const ENDPOINT_HINT = "Check the endpoint, and that no proxy or login page responds in its place.";
/** A complete response that its API does not define: not JSON, or without a required field. */
var UnexpectedResponse = class extends ActionError {
	name = "UnexpectedResponse";
	constructor(exchange, problem, hint = ENDPOINT_HINT) {
		super(`${exchange.service}-unexpected-response`, `Could not ${exchange.operation}: ${exchange.from} responded, but ${problem}`, {
			hint,
			details: detailsOf(exchange)
		});
	}
};
/** A response that is larger than this action reads. */
var ResponseTooLarge = class extends UnexpectedResponse {
	name = "ResponseTooLarge";
	constructor(exchange, maxBytes) {
		const size = `${maxBytes / 1024 ** 2} MiB`;
		super(exchange, `its body is larger than ${size}`, `This action reads no response over ${size}: ${ENDPOINT_HINT}`);
	}
};
function detailsOf({ host, cluster, namespace, resource }) {
	return {
		host,
		cluster,
		namespace,
		resource
	};
}
function problemOfStatus(status) {
	if (status >= 500) return "server-error";
	switch (status) {
		case 401: return "login-failed";
		case 403: return "access-denied";
		case 404:
		case 410: return "not-found";
		case 429: return "rate-limited";
		default: return "rejected";
	}
}
/** Whether the server may have acted although the request failed. */
function isOutcomeUnknown(error) {
	if (error instanceof NetworkError) return error.sent;
	if (error instanceof HttpError) return error.status >= 500 || error.status === 408;
	return error instanceof UnexpectedResponse;
}
/** 403: the server authenticated the caller, who lacks a permission. */
function isForbidden(error) {
	return error instanceof HttpError && error.status === 403;
}
const DAY_MS = 864e5;
function defaultHint(status, retryAfterMs) {
	if (status === 429) return `The server limits the rate of requests: run the job again ${!retryAfterMs || retryAfterMs > DAY_MS ? "later" : `in ${Math.ceil(retryAfterMs / 1e3)} s`}.`;
	if (status >= 500) return "The server failed: run the job again later, or ask its operators.";
	if (status >= 300 && status < 400) return "The server redirects to another address: if you trust that address, use it as the endpoint.";
	if (status === 407) return "The proxy of this runner requires authentication: add user and password to HTTPS_PROXY.";
}
// src/http/named-server.ts
/** Each pair of hosts is reported once in a run. */
const reported = /* @__PURE__ */ new Set();
/**
* Checks an address that a server named, before a request is sent there. Only a server of this machine may name an address of
* this machine: a remote one could otherwise read from services that only this machine reaches.
* @throws ActionError `insecure-endpoint`
*/
function acceptNamedServer({ operation, from, to, role }) {
	requireSafe(to, operation);
	if (mayBeThisMachine(to.hostname) && !isLoopback(from.hostname)) {
		const named = role === "redirect" ? "redirects to" : `names as its ${role}`;
		throw new ActionError("insecure-endpoint", `Could not ${operation}: ${from.host} ${named} ${to.origin}, which is an address of this machine`, {
			details: { host: from.host },
			hint: `Ask the operators of ${from.host}. Only a server of this machine may name an address of this machine.`
		});
	}
	report(from, to, role);
}
/** @throws ActionError when credentials would travel unencrypted */
function requireSafe(url, operation) {
	if (isSafe(url)) return;
	throw new ActionError("insecure-endpoint", `Could not ${operation}: ${url.origin} is not https`, {
		details: { host: url.host },
		hint: "Use an https address. Only addresses of this machine may use http."
	});
}
function report(from, to, role) {
	const pair = `${from.hostname} ${role} ${to.hostname}`;
	if (from.hostname === to.hostname || reported.has(pair)) return;
	reported.add(pair);
	const named = role === "redirect" ? `redirects to ${to.host}` : `names ${to.host} as its ${role}`;
	if (isSameDomain(from.hostname, to.hostname)) info(`${from.host} ${named}.`);
	else warning("server-in-other-domain", `${from.host} ${named}, in another domain. ${CONSEQUENCES[role]}`);
}
const CONSEQUENCES = {
	"token server": "The credential for the registry is sent there as well.",
	"login server": "The login of this run is sent there.",
	redirect: "The request is sent there without credentials."
};
// src/http/retry.ts
const DEFAULT_MAX_ATTEMPTS = 4;
/** Temporary by definition: https://www.rfc-editor.org/rfc/rfc9110#section-15 and, for 425 and 429, RFC 8470 and RFC 6585. */
const RETRYABLE_STATUSES = /* @__PURE__ */ new Set([
	408,
	425,
	429,
	500,
	502,
	503,
	504
]);
/**
* The milliseconds before the next attempt; undefined when the request must not be repeated. A POST is repeated only when it
* never reached the server, because a second one may act twice: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
*/
function retryDelayMs({ error, attempts, method, ...policy }) {
	if (attempts >= (policy.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)) return void 0;
	const isRepeatable = method !== "POST";
	const backoffMs = policy.firstRetryDelayMs * 2 ** (attempts - 1) * (1 + Math.random() / 4);
	if (error instanceof NetworkError) return !error.permanent && (isRepeatable || !error.sent) ? backoffMs : void 0;
	if (!(error instanceof HttpError && isRepeatable && RETRYABLE_STATUSES.has(error.status))) return void 0;
	const { retryAfterMs = backoffMs } = error;
	return retryAfterMs > 6e4 ? void 0 : retryAfterMs;
}
/** `Retry-After` is a number of seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function parseRetryAfterMs(value) {
	if (/^\d+$/.test(value)) return Number(value) * 1e3;
	const date = /^[a-z]/i.test(value) ? Date.parse(value) : NaN;
	return Number.isNaN(date) ? void 0 : Math.max(0, date - Date.now());
}
// src/http/client.ts
const USER_AGENT = `${name}/${version}`;
const ATTEMPT_TIMEOUT_MS = 3e4;
const DEFAULT_MAX_REDIRECTS = 5;
/** https://www.rfc-editor.org/rfc/rfc9110#section-15.4 */
const REDIRECT_STATUSES = [
	301,
	302,
	303,
	307,
	308
];
/**
* The HTTP client for all services. It follows redirects, retries (see retryDelayMs) and turns statuses into errors. `run`
* aborts requests and delays.
*/
function createSend(dispatcher, run, options = {}) {
	const { beforeAttempt = async () => {}, firstRetryDelayMs = 500, onRequest = () => {} } = options;
	return async (request) => {
		const { operation, method = "GET", maxAttempts } = request;
		const url = new URL(request.url);
		requireSafe(url, operation);
		requireHeaderValues(request, url);
		for (let attempts = 1;; attempts++) {
			await beforeAttempt();
			try {
				return await sendWithRedirects({
					dispatcher,
					run,
					onRequest
				}, request, url);
			} catch (error) {
				if (run.aborted) throw abortError(operation, run);
				if (error instanceof HttpError && request.isPermanent?.(error)) throw error;
				const delayMs = retryDelayMs({
					error,
					attempts,
					method,
					maxAttempts,
					firstRetryDelayMs
				});
				if (delayMs === void 0) throw error;
				info(`${error.message}; trying again in ${(delayMs / 1e3).toFixed(1)} s`);
				await delay(delayMs, operation, run);
			}
		}
	};
}
/** The value of a header, the values of several lines joined: https://www.rfc-editor.org/rfc/rfc9110#section-5.3 */
function header({ headers }, name) {
	const value = headers[name];
	return Array.isArray(value) ? value.join(", ") : value;
}
/** https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/**
* undici neither returns nor throws when it gets such a value twice.
* @throws ActionError that does not quote the value
*/
function requireHeaderValues({ headers, credentials, operation, service }, url) {
	for (const [name, value] of Object.entries({
		...headers,
		...credentials
	})) {
		if (HEADER_VALUE.test(value)) continue;
		throw new ActionError(`${service}-login-failed`, `Could not ${operation}: the header ${name} would contain a line break or another character that HTTP does not allow`, {
			details: { host: url.host },
			hint: "Check the credential: it may have been copied with a line break."
		});
	}
}
function exchangeOf({ service, operation, method = "GET", about }, url) {
	const from = `${method} ${printable(url.origin + url.pathname)}`;
	return {
		...about,
		service,
		operation,
		from,
		host: url.host
	};
}
/** Follows the redirects of a GET or HEAD. @throws HttpError for a status that the request does not expect */
async function sendWithRedirects(connection, request, start) {
	const { method = "GET", maxRedirects = DEFAULT_MAX_REDIRECTS, expectedStatuses = [], operation } = request;
	let { credentials = {} } = request;
	let url = start;
	for (let redirects = 0;; redirects++) {
		const response = await sendOnce(connection, {
			...request,
			credentials
		}, url);
		const target = redirectTarget(response, url);
		if (target === void 0 || method !== "GET" && method !== "HEAD" || redirects === maxRedirects) {
			const { status } = response;
			if (status >= 200 && status < 300 || expectedStatuses.includes(status)) return response;
			throw response.error(request.hints?.[status]);
		}
		acceptNamedServer({
			operation,
			from: url,
			to: target,
			role: "redirect"
		});
		if (target.origin !== start.origin) credentials = {};
		url = target;
	}
}
function redirectTarget(response, url) {
	const location = header(response, "location");
	if (!REDIRECT_STATUSES.includes(response.status) || location === void 0) return void 0;
	return URL.parse(location, url.href) ?? void 0;
}
async function sendOnce({ dispatcher, run, onRequest }, request, url) {
	const exchange = exchangeOf(request, url);
	run.throwIfAborted();
	request.signal?.throwIfAborted();
	onRequest();
	const attempt = new AbortController();
	const abort = () => attempt.abort();
	const timer = setTimeout(abort, ATTEMPT_TIMEOUT_MS);
	run.addEventListener("abort", abort);
	request.signal?.addEventListener("abort", abort);
	try {
		const response = await (0, import_undici.request)(url, {
			dispatcher,
			signal: attempt.signal,
			method: request.method ?? "GET",
			headers: {
				"user-agent": USER_AGENT,
				accept: "application/json",
				...request.headers,
				...request.credentials
			},
			...request.body === void 0 ? {} : { body: request.body }
		});
		const text = await readBody(response);
		debug(`${exchange.from} returned ${response.statusCode}`);
		return createResponse(exchange, {
			status: response.statusCode,
			headers: response.headers,
			text
		});
	} catch (error) {
		if (error instanceof import_undici.errors.ResponseExceededMaxSizeError || error instanceof BodyTooLarge) throw new ResponseTooLarge(exchange, MAX_RESPONSE_BYTES);
		const timeout = /* @__PURE__ */ new Error(`no response within ${ATTEMPT_TIMEOUT_MS / 1e3} s`);
		const aborted = request.signal?.aborted ? request.signal.reason : timeout;
		throw new NetworkError(exchange, attempt.signal.aborted ? aborted : error);
	} finally {
		clearTimeout(timer);
		run.removeEventListener("abort", abort);
		request.signal?.removeEventListener("abort", abort);
	}
}
function createResponse(exchange, response) {
	const { status, text } = response;
	const unexpected = (problem) => new UnexpectedResponse(exchange, problem);
	let parsed;
	return {
		...response,
		json() {
			try {
				parsed ??= JSON.parse(text);
				if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
			} catch {}
			throw unexpected(`its body of ${text.length} characters is not a JSON object`);
		},
		unexpected,
		error: (hint) => {
			const retryAfterMs = parseRetryAfterMs(header(response, "retry-after") ?? "");
			return new HttpError(exchange, {
				status,
				body: text,
				retryAfterMs
			}, hint);
		}
	};
}
// src/http/connections.ts
var import_build = require_build();
/** Opens connections when they are needed, and keeps them open for further requests. */
function createConnections({ proxy, tls, proxyTls, maxConnections, keepAliveMs }) {
	const options = {
		...maxConnections !== void 0 && { connections: maxConnections },
		...keepAliveMs !== void 0 && { keepAliveTimeout: keepAliveMs },
		maxResponseSize: MAX_RESPONSE_BYTES
	};
	if (proxy === void 0) return new import_undici.Agent({
		...options,
		connect: tls
	});
	if (isSocks(proxy)) return new import_undici.Agent({
		...options,
		connect: createSocksConnector(proxy, tls)
	});
	return new import_undici.ProxyAgent({
		...options,
		uri: proxy.href,
		requestTls: tls,
		...proxyTls && { proxyTls }
	});
}
const DEFAULT_SOCKS_PORT = 1080;
/**
* Connects through a SOCKS proxy. undici's own support is experimental and has no limit for the size of a response; that of
* client-node sends no login to the proxy.
*/
function createSocksConnector(proxy, tls) {
	const connectTls = (0, import_undici.buildConnector)(tls);
	const { hostname, port, protocol, username, password } = proxy;
	const login = username && {
		userId: decodeURIComponent(username),
		password: decodeURIComponent(password)
	};
	const server = {
		host: withoutBrackets(hostname),
		port: Number(port) || DEFAULT_SOCKS_PORT,
		type: protocol.startsWith("socks4") ? 4 : 5,
		...login
	};
	return (options, callback) => {
		const isTls = options.protocol === "https:";
		const destination = {
			host: options.hostname,
			port: Number(options.port) || (isTls ? 443 : 80)
		};
		import_build.SocksClient.createConnection({
			proxy: server,
			command: "connect",
			destination
		}).then(({ socket }) => isTls ? connectTls({
			...options,
			httpSocket: socket
		}, callback) : callback(null, socket), (error) => callback(error, null));
	};
}
// src/http/dispatcher.ts
/**
* The connections to every server but the API servers. They use the proxies of the environment, and trust the CAs of
* Node, of the system and of the input `ca-certificates` (PEM): https://nodejs.org/api/tls.html#tlsgetcacertificatestype
*/
function createDispatcher(certificates, proxies) {
	const stores = [
		"bundled",
		"system",
		"extra"
	].flatMap((store) => getCACertificates(store));
	const provided = certificates === void 0 ? [] : [certificates];
	const ca = new Map([...stores, ...provided].map((pem) => [pem.replaceAll(/\s/g, ""), pem])).values();
	const tls = { secureContext: createSecureContext({
		ca: [...ca],
		allowPartialTrustChain: true
	}) };
	const connect = (proxy) => createConnections({
		proxy,
		tls,
		proxyTls: tls
	});
	return new ProxyingDispatcher(connect, createProxyChoice(proxies));
}
/** Sends each request through the proxy of its origin. */
var ProxyingDispatcher = class extends import_undici.Dispatcher {
	#connect;
	#choose;
	/** By the URL of the proxy; empty: direct. */
	#connections = /* @__PURE__ */ new Map();
	constructor(connect, choose) {
		super();
		this.#connect = connect;
		this.#choose = choose;
	}
	dispatch(options, handler) {
		const proxy = this.#choose(new URL(options.origin ?? ""));
		const key = proxy?.href ?? "";
		const connections = this.#connections.get(key) ?? this.#connect(proxy);
		this.#connections.set(key, connections);
		return connections.dispatch(options, handler);
	}
	async destroy() {
		await Promise.all([...this.#connections.values()].map((connections) => connections.destroy()));
	}
};
// src/http/brief-lookup.ts
const TIMEOUT_MS$1 = 5e3;
/**
* Looks up what makes an error more useful, such as the names that exist. The error is reported without it as well, so
* nothing that goes wrong here is an error: it is a debug message.
* @param what as it reads after "Could not look up"
* @param lookUp sends its requests with the limits, of which the signal aborts after five seconds
* @returns undefined when that failed, or took longer
*/
async function lookUpBriefly(what, lookUp) {
	const controller = new AbortController();
	const timer = setTimeout(() => controller.abort(/* @__PURE__ */ new Error(`it took longer than ${TIMEOUT_MS$1 / 1e3} s`)), TIMEOUT_MS$1);
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
// src/http/stream.ts
/** A connection that is silent for longer counts as lost. Longer than the `timeoutSeconds` of the watches of this action. */
const IDLE_TIMEOUT_MS = 6e4;
/** Longer than any object in etcd: https://etcd.io/docs/v3.6/dev-guide/limit/ */
const MAX_LINE_LENGTH = 8388608;
/**
* The HTTP client for responses without an end, such as a watch. It follows no redirect and does not retry: the caller knows
* where to continue.
* @param onRequest is called for every request that is sent
*/
function createStream(dispatcher, run, onRequest = () => {}) {
	return async function* stream(request, signal) {
		const url = new URL(request.url);
		const exchange = exchangeOf(request, url);
		requireSafe(url, request.operation);
		try {
			onRequest();
			const response = await (0, import_undici.request)(url, {
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
			const { statusCode, body } = response;
			if (statusCode !== 200) {
				const hint = request.hints?.[statusCode];
				throw new HttpError(exchange, {
					status: statusCode,
					body: await readBody(response)
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
// src/kubernetes/child-process.ts
/** A credential is smaller. */
const MAX_STDOUT_BYTES = 1048576;
/** What the log may show of stderr; the rest is discarded. */
const MAX_STDERR_BYTES = 16384;
/** A program that has ended may have left a child that holds its stdout. */
const CLOSE_DELAY_MS = 1e3;
/**
* Runs a program without stdin and terminal, and collects its output. It ends with all its children when `signal` aborts, when
* it writes more than MAX_STDOUT_BYTES, and when this process ends.
* @throws OutputTooLarge, the reason of `signal`, or why the program could not be started
*/
async function runProgram({ path, args, environment }, { signal, onStderr = () => {} }) {
	signal.throwIfAborted();
	const detached = process.platform !== "win32";
	const child = spawn(path, args, {
		env: environment,
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		detached,
		windowsHide: true
	});
	const { promise, resolve, reject } = Promise.withResolvers();
	const onAbort = () => reject(signal.reason);
	signal.addEventListener("abort", onAbort);
	running.add(child);
	const stdout = [];
	let size = 0;
	let stderr = Buffer.alloc(0);
	child.stdout.on("data", (chunk) => {
		size += chunk.length;
		if (size > 1048576) return reject(new OutputTooLarge());
		stdout.push(chunk);
	});
	child.stderr.on("data", (chunk) => {
		if (stderr.length >= MAX_STDERR_BYTES) return;
		stderr = Buffer.concat([stderr, chunk.subarray(0, MAX_STDERR_BYTES - stderr.length)]);
		onStderr(textOf(stderr));
	});
	let timer;
	child.once("error", reject);
	child.once("exit", (code) => {
		timer = setTimeout(() => resolve(code), CLOSE_DELAY_MS);
	});
	child.once("close", (code) => resolve(code));
	try {
		return {
			exitCode: await promise,
			stdout: Buffer.concat(stdout).toString(),
			stderr: textOf(stderr)
		};
	} catch (error) {
		endGroup(child);
		throw error;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
		running.delete(child);
		child.stdout.destroy();
		child.stderr.destroy();
	}
}
var OutputTooLarge = class extends Error {};
/** What still runs when this process ends. */
const running = /* @__PURE__ */ new Set();
process.on("exit", () => {
	for (const child of running) endGroup(child);
});
/** Without the word that the limit has cut: a part of a token would not be recognized as one. */
function textOf(stderr) {
	const text = stderr.toString();
	if (stderr.length < MAX_STDERR_BYTES) return text;
	const lastBreak = Math.max(text.lastIndexOf(" "), text.lastIndexOf("\n"), text.lastIndexOf("	"));
	return `${text.slice(0, lastBreak + 1)}…`;
}
function endGroup(child) {
	try {
		if (child.pid !== void 0 && process.platform !== "win32") process.kill(-child.pid, "SIGKILL");
		else child.kill("SIGKILL");
	} catch {}
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
// src/kubernetes/exec-plugin.ts
/** kubectl shows stderr at once. Here it is of interest only when a plugin does not return. */
const SLOW_MS = 5e3;
const TIMEOUT_MS = 6e4;
var NeedsPerson = class extends Error {};
var TookTooLong = class extends Error {};
/** Runs the plugin once. @throws ActionError `cluster-login-failed`, or when the run is aborted */
async function runExecPlugin(plugin) {
	const { exec, signal, folder, environment } = plugin;
	const { command, apiVersion, args } = readExec(exec);
	const path = findProgram(command, {
		folder,
		environment
	});
	if (path === void 0) throw notFound(plugin);
	const own = new AbortController();
	const timeout = setTimeout(() => own.abort(new TookTooLong()), TIMEOUT_MS);
	const shown = { stderr: "" };
	const slow = setTimeout(() => logSlow(command, shown.stderr), SLOW_MS);
	try {
		const result = await runProgram({
			path,
			args,
			environment: pluginEnvironment(plugin)
		}, {
			signal: AbortSignal.any([signal, own.signal]),
			onStderr(stderr) {
				shown.stderr = stderr;
				if (asksForPerson(stderr)) own.abort(new NeedsPerson());
			}
		});
		if (result.exitCode !== 0) throw new Error(exitProblem(result));
		return parseExecCredential(result.stdout, apiVersion);
	} catch (error) {
		logStderr(command, shown.stderr);
		throw failure(plugin, error);
	} finally {
		clearTimeout(timeout);
		clearTimeout(slow);
	}
}
function readExec(exec) {
	const { command, apiVersion, args } = asObject(exec);
	return {
		command: asText(command) ?? "",
		apiVersion: asText(apiVersion) ?? "",
		args: Array.isArray(args) ? args.map(String) : []
	};
}
function pluginEnvironment({ exec, clusterInfo, environment }) {
	const { env, provideClusterInfo, apiVersion } = asObject(exec);
	const own = asObjects(env).map(({ name, value }) => [String(name), String(value ?? "")]);
	const spec = {
		interactive: false,
		...provideClusterInfo === true && { cluster: clusterInfo }
	};
	const info = JSON.stringify({
		kind: "ExecCredential",
		apiVersion,
		spec
	});
	return {
		...environment,
		...Object.fromEntries(own),
		KUBERNETES_EXEC_INFO: info
	};
}
function logSlow(command, stderr) {
	info(`The exec plugin ${command} has been running for ${SLOW_MS / 1e3} s.`);
	logStderr(command, stderr);
}
function logStderr(command, stderr) {
	const lines = excerptOf(stderr);
	if (lines.length > 0) info(`The exec plugin ${command} wrote to stderr (what looks like a secret is replaced):`);
	for (const line of lines) info(`  ${line}`);
}
function exitProblem({ exitCode }) {
	return exitCode === null ? "was ended by a signal" : `failed with exit code ${exitCode}`;
}
function notFound({ cluster, exec }) {
	const { command, installHint } = asObject(exec);
	const name = printable(asText(command) ?? "");
	return loginError(cluster, `the exec plugin \`${name}\` of its kubeconfig user is not installed`, { hint: installHintOf(installHint) ?? `Install \`${name}\` in an earlier step.` });
}
/** The hint has several lines and is written by the author of the kubeconfig. */
function installHintOf(hint) {
	const text = redact(asText(hint) ?? "").replaceAll(/\s+/g, " ").trim();
	return text === "" ? void 0 : printable(text).slice(0, MAX_HINT_LENGTH);
}
const MAX_HINT_LENGTH = 1e3;
/** Stderr is not part of the error: errors are in the job summary, and plugins print what no mask knows. */
function failure({ cluster, exec, signal }, error) {
	const command = printable(readExec(exec).command);
	if (signal.aborted) return abortError(`authenticate to the cluster ${cluster} with \`${command}\``, signal);
	const problem = error instanceof NeedsPerson ? "asks a person to sign in" : error instanceof TookTooLong ? `did not return a credential within ${TIMEOUT_MS / 1e3} s` : error instanceof OutputTooLarge ? `wrote more than ${MAX_STDOUT_BYTES / 1024 ** 2} MiB` : isSystemError(error) ? `could not be started: ${reason(error)}` : reason(error);
	const hint = error instanceof NeedsPerson ? NON_INTERACTIVE_HINT : "The log shows what it wrote. Check that it is set up, and log in with it, in an earlier step.";
	return loginError(cluster, `the exec plugin \`${command}\` ${problem}`, {
		cause: error,
		hint
	});
}
function isSystemError(error) {
	return error instanceof Error && "syscall" in error;
}
/** https://azure.github.io/kubelogin/concepts/login-modes.html */
const NON_INTERACTIVE_HINT = "A workflow needs a login without a person. For Azure run `kubelogin convert-kubeconfig -l workloadidentity` (or `-l azurecli` after azure/login, or `-l spn`) in an earlier step.";
// src/kubernetes/oidc-refresh.ts
/** A token counts as expired this long before it expires, as in client-go. */
const EXPIRY_TOLERANCE_MS = 1e4;
/**
* The id-tokens of a person who logged in with OIDC. client-node 2.0.1 refreshes them with each request, and fails to parse the issuer.
* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#option-1-oidc-authenticator
*/
var OidcSession = class {
	#provider;
	#cluster;
	#send;
	#stored;
	/** An issuer may replace it with each use. The new one is in memory only. */
	#refreshToken;
	/** @param cluster the context of the kubeconfig, for errors */
	constructor(provider, cluster, send) {
		this.#provider = provider;
		this.#cluster = cluster;
		this.#send = send;
		this.#stored = trimToken(asText(provider["id-token"]) ?? "");
		this.#refreshToken = trimToken(asText(provider["refresh-token"]) ?? "");
	}
	/** The stored token the first time, if it has not expired; then a new one. @throws ActionError `cluster-login-failed` */
	async next() {
		const stored = this.#stored === void 0 ? void 0 : withExpiry(this.#stored);
		this.#stored = void 0;
		if (stored !== void 0 && stored.expiresAtMs > Date.now()) return stored;
		try {
			return await this.#refresh();
		} catch (error) {
			if (isAbort(error)) throw error;
			const problem = `the id-token of its kubeconfig user has expired or was rejected, and it could not be refreshed: ${reason(error)}`;
			throw loginError(this.#cluster, problem, {
				cause: error,
				hint: PERSON_HINT
			});
		}
	}
	/** https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens. Not retried: a refresh token may work only once. */
	async #refresh() {
		const refreshToken = this.#refreshToken;
		if (refreshToken === void 0) throw new Error("it has no refresh-token");
		const clientId = asText(this.#provider["client-id"]);
		const secret = asText(this.#provider["client-secret"]);
		if (clientId === void 0) throw new Error("it has no client-id");
		const response = await this.#send({
			service: "cluster",
			operation: "refresh the id-token",
			method: "POST",
			url: await this.#tokenEndpoint(),
			headers: { "content-type": "application/x-www-form-urlencoded" },
			...secret !== void 0 && { credentials: { authorization: `Basic ${maskBasic(encodeURIComponent(clientId), encodeURIComponent(secret))}` } },
			body: new URLSearchParams({
				grant_type: "refresh_token",
				refresh_token: refreshToken,
				...secret === void 0 && { client_id: clientId }
			}).toString(),
			maxAttempts: 1
		});
		const { id_token, refresh_token, access_token } = response.json();
		mask(asText(access_token) ?? "");
		const value = trimToken(asText(id_token) ?? "");
		this.#refreshToken = trimToken(asText(refresh_token) ?? "") ?? refreshToken;
		if (value === void 0 || tokenProblem(value) !== void 0) throw response.unexpected("it contains no id_token");
		return withExpiry(value);
	}
	/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
	async #tokenEndpoint() {
		const issuer = asText(this.#provider["idp-issuer-url"]);
		if (issuer === void 0 || !URL.canParse(issuer)) throw new Error("it has no idp-issuer-url");
		const url = `${withoutFinalSlashes(issuer)}/.well-known/openid-configuration`;
		const response = await this.#send({
			service: "cluster",
			operation: "read the configuration of the issuer",
			url
		});
		const endpoint = asText(response.json().token_endpoint);
		if (endpoint === void 0 || !URL.canParse(endpoint)) throw response.unexpected("it names no token_endpoint");
		acceptNamedServer({
			operation: "refresh the id-token",
			from: new URL(issuer),
			to: new URL(endpoint),
			role: "login server"
		});
		return endpoint;
	}
};
function withExpiry(value) {
	const expiry = expiryOf(claimsOf(value));
	return {
		value,
		expiresAtMs: expiry === void 0 ? Number.POSITIVE_INFINITY : expiry.getTime() - EXPIRY_TOLERANCE_MS
	};
}
const PERSON_HINT = "The kubeconfig contains the interactive login of a person, which ends after some time. Use the token of a service account, or `kube-oidc-audience`; for IBM Cloud log in with an API key and run `ibmcloud ks cluster config` in an earlier step.";
// src/kubernetes/authentication.ts
/** Of an id-token. */
const MIN_TOKEN_LIFE_MS = 6e4;
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
	if (exec) return new RenewedCredential(() => runPlugin(context, user));
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
	const session = once(() => {
		const authority = explained(context, () => contentOf(asText(config["idp-certificate-authority-data"]), asText(config["idp-certificate-authority"])));
		return new OidcSession(config, name, createSend(createDispatcher(authority?.toString(), proxies), signal, sendOptions));
	});
	const source = OIDC_SOURCES.get(user) ?? new RenewedCredential(async () => {
		const { value, expiresAtMs } = await session().next();
		return {
			credential: withToken(user, value),
			renewAtMs: Math.max(expiresAtMs, Date.now() + MIN_TOKEN_LIFE_MS)
		};
	});
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
			...user.impersonateUser && { "impersonate-user": user.impersonateUser }
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
		ca && createHash("sha256").update(ca).digest("hex"),
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
	return digestOf([[
		user?.name,
		user?.username,
		user?.impersonateUser,
		subjectOf(contentIfPresent(user?.certData, user?.certFile))
	], [
		command,
		args,
		variables.map(({ name, value }) => [name, value])
	]]);
}
/** A secret is renewed, and not even its digest is published. */
function isSecretName(variable) {
	return /token|secret|password|passphrase|credential|key/i.test(variable);
}
/** The first request reports a file that is missing. */
function contentIfPresent(base64, path) {
	return contentOf(base64, path && existsSync(path) ? path : void 0);
}
function subjectOf(certificate) {
	try {
		return certificate && new X509Certificate(certificate).subject;
	} catch {
		return;
	}
}
function digestOf(value) {
	return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, ID_LENGTH);
}
// src/kubernetes/connection-pool.ts
/**
* How long a connection may be idle. A run pauses between reading and writing, to mint and to verify. Load balancers close
* idle connections after a minute or later.
*/
const KEEP_ALIVE_MS = 5e4;
/** Opens the connections to the API server of a context: with its CA, client certificate and proxy. */
async function openConnectionPool(context, { certificate }, maxConnections) {
	const { tlsServerName, skipTLSVerify } = context.config.getCurrentCluster() ?? {};
	const ca = readAuthority(context.config);
	const tls = {
		...ca !== void 0 && {
			ca,
			allowPartialTrustChain: true
		},
		...certificate,
		...tlsServerName && { servername: tlsServerName },
		...skipTLSVerify && { rejectUnauthorized: false }
	};
	return createConnections({
		proxy: proxyOf(context),
		tls,
		maxConnections,
		keepAliveMs: KEEP_ALIVE_MS
	});
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
/**
* The `proxy-url` of the kubeconfig takes precedence over the environment, also for loopback addresses:
* https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster
* @throws ActionError when the proxy would see credentials in clear text
*/
function proxyOf({ config, name, proxies }) {
	const { server = "", proxyUrl } = config.getCurrentCluster() ?? {};
	const url = new URL(server);
	if (!proxyUrl) return createProxyChoice(proxies)(url);
	const proxy = parseProxyUrl(proxyUrl);
	if (proxy !== void 0 && (url.protocol === "https:" || isLoopback(proxy.hostname))) return proxy;
	const problem = proxy === void 0 ? "its `proxy-url` is not the URL of a proxy" : `${url.origin} is not https, and has a proxy`;
	throw new ActionError("insecure-endpoint", `Could not connect to the cluster ${name}: ${problem}`, {
		details: {
			cluster: name,
			host: url.host
		},
		hint: "Use an https address, or remove the `proxy-url` of the cluster from the kubeconfig."
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
	const beforeAttempt = () => throttle.waitForPause();
	const sender = perCertificate(async (credential) => {
		return createSend(await openConnectionPool(kubeContext, credential, concurrency), signal, {
			...sendOptions,
			beforeAttempt
		});
	});
	const watcher = perCertificate(async (credential) => {
		return createStream(await openConnectionPool(kubeContext, credential, MAX_WATCHES), signal, onRequest);
	});
	function hintsFor(credential) {
		return { 401: source.rejectionHint?.(credential) ?? unauthorizedHint(context) };
	}
	function urlOf(path, query = {}) {
		const url = new URL(server + path);
		if (url.pathname !== `${new URL(`${server}/`).pathname.slice(0, -1)}${path}`) throw pathError(context, path);
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		return url;
	}
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
			const hints = {
				...hintsFor(credential),
				...authenticated.hints
			};
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
			hints: hintsFor(credential)
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
/** Dots, and characters that end a path, would lead to another path of the server: the names in it come from other servers and files. */
function pathError(context, path) {
	return new ActionError("cluster-unexpected-response", `Could not send a request to the cluster ${context}: ${printable(path)} contains a name that no Kubernetes object can have`, {
		details: { cluster: context },
		hint: "Check where that name comes from: a manifest, or another user of the cluster."
	});
}
function unauthorizedHint(context) {
	return `Check the user of the context ${context} in the kubeconfig: its token or certificate may have expired.`;
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
	} catch {
		return {
			connection,
			identity: {
				...inKubeconfig,
				isIdentityCertain: false
			},
			hasResponded: false
		};
	}
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
	if (!targets.some(isMissing)) return targets;
	const names = known === void 0 ? await listSome(cluster) : [...known];
	return targets.map((target) => isMissing(target) ? {
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
function isMissing(target) {
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
	const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
	const isExcluded = (name) => excluded.some((pattern) => matches(name, pattern));
	const names = included.filter((pattern) => !isGlob(pattern) && !isExcluded(pattern));
	const isListed = selector !== void 0 || listsAllNamespaces(choice);
	const { staying: all, clusterUid } = isListed ? await listStaying(cluster, selector) : NOT_LISTED;
	const isIncluded = (name) => included.length === 0 || included.some((pattern) => matches(name, pattern));
	const found = (selector === void 0 ? [...all, ...creation?.inManifest ?? []] : all).filter((name) => isIncluded(name) && !isExcluded(name));
	const chosen = selector === void 0 ? [.../* @__PURE__ */ new Set([...names, ...found])] : found;
	if (chosen.length > 0) return {
		names: isListed ? chosen.sort() : chosen,
		clusterUid
	};
	const meant = [...patterns, ...selector === void 0 ? [] : [`the labels ${selector}`]].join(", ");
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
const NOT_LISTED = {
	staying: [],
	clusterUid: void 0
};
async function listStaying(cluster, selector) {
	const { statuses, clusterUid } = await list(cluster, {
		query: selector === void 0 ? {} : { labelSelector: selector },
		hints: {
			400: "Check `namespace-selector`: it is a label selector as kubectl takes it, as in team=a,tier!=test.",
			403: "Grant the user of this kubeconfig the verb list on namespaces (a ClusterRole), or list their names in `namespaces`."
		}
	});
	for (const [name, status] of statuses) if (status !== "active") logTerminating(cluster, name);
	return {
		staying: [...statuses].flatMap(([name, status]) => status === "active" ? [name] : []),
		clusterUid
	};
}
/** All namespaces by name; undefined when the user may not list them. */
async function listNamespaces(cluster) {
	return (await unlessForbidden(list(cluster, {})))?.statuses;
}
async function list(cluster, request) {
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
	return recorded.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? first.cluster.identity : void 0;
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
		name: "Kyverno",
		marks: [["generate.kyverno.io/*"], [MANAGED_BY, "kyverno"]]
	},
	{
		name: "Vault Secrets Operator",
		marks: [[MANAGED_BY, "hashicorp-vso"]]
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
		const mark = marks.flatMap((one) => findMark(stored, one) ?? [])[0];
		if (mark !== void 0) return `${name} (${mark})`;
		const label = managed && findMark(stored, [managed.label]);
		const manager = managed && stored.managers.find((one) => one.startsWith(managed.by));
		if (label !== void 0 && manager !== void 0) return `${name} (${label}, field manager ${manager})`;
	}
}
const MAX_MARK_LENGTH = 200;
/** @returns key and value, for messages */
function findMark({ labels, annotations }, [key, value]) {
	const isMeant = (one) => key.endsWith("*") ? one.startsWith(key.slice(0, -1)) : one === key;
	for (const [found, content] of [...Object.entries(labels), ...Object.entries(annotations)]) {
		if (!isMeant(found) || value !== void 0 && content !== value) continue;
		return printable(cut$1(`${found}: ${asText(content) ?? ""}`, MAX_MARK_LENGTH));
	}
}
// src/pull-secret/refusal.ts
/** A secret that must not, or cannot, be written; nothing was sent. */
var Refusal = class extends ActionError {
	name = "Refusal";
};
/** Why the secret of a target is not to be written; undefined when it may be. */
function refusal({ cluster, namespace, stored }, { name, adopt, owner }) {
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
		hint: "Choose another `secret-name`, or set `adopt: true` to take it over and keep its other registry hosts.",
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
	if (type !== "kubernetes.io/dockerconfigjson") return new Refusal("secret-type-conflict", `${secret} has the type ${printable(type)}, which cannot be changed to ${DOCKER_CONFIG_TYPE}`, {
		hint: "Choose another `secret-name`, or delete that secret yourself when nothing needs it.",
		details
	});
	if (immutable) return new Refusal("secret-immutable", `${secret} is immutable: its content cannot be changed`, {
		hint: "Choose another `secret-name`: nodes do not read an immutable secret again.",
		details
	});
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
	try {
		const stored = listed ? listed.get(namespace) ?? { kind: "absent" } : await readSecret(cluster, namespace, secret.name);
		if (stored.kind === "absent") {
			const source = sourceOf(namespace, secret.creation);
			const status = namespaces ? namespaces.get(namespace) ?? "missing" : listed && source === void 0 ? "active" : await readNamespaceStatus(target);
			if (status === "missing" && source !== void 0) return {
				...target,
				status: "ready",
				stored,
				namespaceToCreate: source
			};
			if (status !== "active") return failedTarget({
				...target,
				stored
			}, namespaceError(target, status));
		}
		const refused = refusal({
			...target,
			stored
		}, secret);
		return refused === void 0 ? {
			...target,
			status: "ready",
			stored
		} : failedTarget({
			...target,
			stored
		}, refused);
	} catch (error) {
		return failedTarget(target, error);
	}
}
/** What creates the namespace if it does not exist; undefined: nothing. */
function sourceOf(namespace, creation) {
	if (creation?.inManifest.includes(namespace)) return "manifest";
	return creation?.isRequested ? "input" : void 0;
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
		hint: "Check `namespaces` and `contexts`, create the namespace first, put it into the manifests, or set `create-namespaces: true`.",
		details
	});
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
* @throws ActionError `contexts-same-cluster`
*/
async function readTargets(clusters, selection, secret) {
	const chosen = await Promise.all(clusters.map((cluster) => choose(cluster, selection)));
	const targets = distinct(chosen.flatMap((one) => one.targets));
	const { creation } = selection;
	const states = secret === void 0 ? await Promise.all(targets.map((target) => withoutSecret(target, creation))) : await observeTargets(targets, secret, creation);
	return withIdentities(states, await identifyEach(clusters, {
		listedUids: new Map(chosen.map(({ cluster, clusterUid }) => [cluster, clusterUid])),
		recorded: secret === void 0 ? void 0 : recordedIdentities(clusters, states, secret.owner)
	}), selection.config);
}
/**
* Asks the API servers which clusters they are, where only the secrets in them record it.
* @throws ActionError `contexts-same-cluster`
*/
async function confirmClusters(states, config) {
	const clusters = [...new Set(states.map(({ cluster }) => cluster))];
	if (!clusters.some(({ isIdentityRecorded }) => isIdentityRecorded)) return [...states];
	return withIdentities(states, await identifyEach(clusters, {}), config);
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
		return await readNamespaceStatus(target) === "missing" ? {
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
export { NetworkError as _, Refusal as a, isOutcomeUnknown as b, listAll as c, lookUpBriefly as d, createDispatcher as f, HttpError as g, acceptNamedServer as h, observeTargets as i, pagesOf as l, header as m, connectClusters as n, refusal as o, createSend as p, readTargets as r, listHolders as s, confirmClusters as t, unlessFailed as u, UnexpectedResponse as v, isForbidden as y };
