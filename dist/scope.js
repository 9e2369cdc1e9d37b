import { B as info, H as printable, L as debug, _t as redact, bt as delay, pt as isSafe, wt as ActionError, yt as abortError } from "./inputs.js";
import { r as require_undici } from "./packages.js";
import { i as UnexpectedResponse, n as NetworkError, r as ResponseTooLarge, t as HttpError } from "./errors.js";
import { createSecureContext, getCACertificates } from "node:tls";
import { createHash } from "node:crypto";
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
		for (let attempts = 1;; attempts++) {
			await beforeAttempt();
			try {
				return await sendWithRedirects({
					dispatcher,
					run
				}, request, url);
			} catch (error) {
				if (run.aborted) throw abortError(operation, run);
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
/** @throws ActionError when credentials would travel unencrypted */
function requireSafe(url, operation) {
	if (isSafe(url)) return;
	throw new ActionError("insecure-endpoint", `Could not ${operation}: ${url.origin} is not https`, {
		details: { host: url.host },
		hint: "Use an https address. Only addresses of this machine may use http."
	});
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
	const { method = "GET", maxRedirects = DEFAULT_MAX_REDIRECTS, expectedStatuses = [], credentials = {} } = request;
	let url = start;
	for (let redirects = 0;; redirects++) {
		const isSameOrigin = url.origin === start.origin;
		const response = await sendOnce(connection, {
			...request,
			credentials: isSameOrigin ? credentials : {}
		}, url);
		const target = redirectTarget(response, url);
		if (target === void 0 || method !== "GET" && method !== "HEAD" || redirects === maxRedirects) {
			const { status } = response;
			if (status >= 200 && status < 300 || expectedStatuses.includes(status)) return response;
			throw response.error(request.hints?.[status]);
		}
		requireSafe(target, request.operation);
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
// src/http/dispatcher.ts
/**
* The connections to every server but the API servers. They use HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and trust the CAs of
* Node, of the system and of the input `ca-certificates` (PEM): https://nodejs.org/api/tls.html#tlsgetcacertificatestype
*/
function createDispatcher(certificates) {
	const stores = [
		"bundled",
		"system",
		"extra"
	].flatMap((store) => getCACertificates(store));
	const provided = certificates === void 0 ? [] : [certificates];
	const ca = new Map([...stores, ...provided].map((pem) => [pem.replaceAll(/\s/g, ""), pem])).values();
	const tls = { secureContext: createSecureContext({ ca: [...ca] }) };
	return new import_undici.EnvHttpProxyAgent({
		connect: tls,
		requestTls: tls,
		maxResponseSize: MAX_RESPONSE_BYTES
	});
}
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
export { createSend as a, requireSafe as c, readBody as d, USER_AGENT as i, MAX_RETRY_AFTER_MS as l, scopeOf as n, exchangeOf as o, createDispatcher as r, header as s, clustersOf as t, MAX_RESPONSE_BYTES as u };
