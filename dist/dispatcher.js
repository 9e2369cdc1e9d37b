import { i as require_undici, r as require_build } from "./packages.js";
import { Kt as abortError, Nt as printable, Ot as debug, Pt as warning, X as createProxyChoice, Z as isSocks, Zt as ActionError, c as end, et as isLoopback, it as withoutBrackets, jt as info, nn as reason, nt as isSameDomain, qt as delay, rt as mayBeThisMachine, s as cut$1, tt as isSafe, zt as redact } from "./inputs.js";
import { createSecureContext, getCACertificates } from "node:tls";
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
/** When a server asks for a longer wait, the request fails. */
const MAX_RETRY_AFTER_MS = 6e4;
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
	const { beforeAttempt = async () => {}, firstRetryDelayMs = 500 } = options;
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
					run
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
* undici neither returns nor throws when it is given such a value twice.
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
async function sendOnce({ dispatcher, run }, request, url) {
	const exchange = exchangeOf(request, url);
	run.throwIfAborted();
	const attempt = new AbortController();
	const abort = () => attempt.abort();
	const timer = setTimeout(abort, ATTEMPT_TIMEOUT_MS);
	run.addEventListener("abort", abort);
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
		throw new NetworkError(exchange, attempt.signal.aborted ? timeout : error);
	} finally {
		clearTimeout(timer);
		run.removeEventListener("abort", abort);
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
export { readBody as _, exchangeOf as a, acceptNamedServer as c, NetworkError as d, ResponseTooLarge as f, MAX_RESPONSE_BYTES as g, isOutcomeUnknown as h, createSend as i, requireSafe as l, isForbidden as m, createConnections as n, header as o, UnexpectedResponse as p, USER_AGENT as r, MAX_RETRY_AFTER_MS as s, createDispatcher as t, HttpError as u };
