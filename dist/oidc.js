import { i as claimsOf, r as asText } from "./json.js";
import { l as require_undici } from "./packages.js";
import { f as printable, g as mask, h as isSafe, n as NetworkError, r as UnexpectedAnswer, s as debug, t as HttpError, u as info, w as reason, y as Failure } from "./errors.js";
import { createSecureContext, getCACertificates } from "node:tls";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
// package.json
var name = "registry-pull-secret";
var version = "0.1.0";
// src/core/abort.ts
var import_undici = require_undici();
/** A runner that cancels a job sends SIGINT, SIGTERM after 7.5 s, and then kills. */
const CANCELLATIONS = ["SIGINT", "SIGTERM"];
/** Milliseconds; Node lets a longer timer end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** A signal that ends a run: after its time (milliseconds), or when the job is cancelled. Its reason is a Failure. */
function startDeadline(timeout) {
	const controller = new AbortController();
	const tooLong = new Failure(`the run took longer than its \`timeout\` of ${timeout / 1e3} s`, { cure: "See above what it was waiting for, or raise `timeout`." });
	setTimeout(() => controller.abort(tooLong), Math.min(timeout, LONGEST_TIMER)).unref();
	for (const signal of CANCELLATIONS) process.once(signal, () => controller.abort(new Failure(`the job was cancelled (${signal})`)));
	return controller.signal;
}
/** The end of the run, told as the end of what was being done; `doing` as it reads after "Could not …". */
function stopped(doing, signal) {
	const cause = signal.reason;
	return new Failure(`Could not ${doing}: ${reason(cause)}`, {
		cause,
		cure: cause instanceof Failure ? cause.cure : void 0
	});
}
/** Milliseconds before something is tried again. @throws Failure when the run ends meanwhile */
async function pause(time, doing, signal) {
	await setTimeout$1(time, void 0, { signal }).catch(() => {
		throw stopped(doing, signal);
	});
}
/** What cannot be ended itself is left alone when the run ends. @throws what the promise throws, or the signal's reason */
async function unlessEnded(promise, signal) {
	signal.throwIfAborted();
	const { promise: ended, reject } = Promise.withResolvers();
	const end = () => reject(signal.reason);
	signal.addEventListener("abort", end);
	try {
		return await Promise.race([promise, ended]);
	} finally {
		signal.removeEventListener("abort", end);
	}
}
// src/http/client.ts
const USER_AGENT = `${name}/${version}`;
/** Bytes; no answer that we ask for is larger, and a hostile one must not fill the memory. */
const LARGEST_ANSWER = 67108864;
const ATTEMPTS = 4;
const FIRST_PAUSE = 500;
/** Nobody waits longer, whatever a server asks for. */
const LONGEST_PAUSE = 6e4;
const ATTEMPT_TIMEOUT = 3e4;
const REDIRECTS = 5;
/** Answers that mean "not now", as sigstore, ky and the Kubernetes client count them. */
const PASSING = /* @__PURE__ */ new Set([
	408,
	425,
	429,
	500,
	502,
	503,
	504
]);
/**
* The one HTTP client. What is safe to repeat (everything but POST) is repeated a few times, after `Retry-After` or a
* growing pause; a POST only when it surely never reached the server. `signal` ends everything, pauses included.
* @param ready what each attempt waits for
*/
function createSend(dispatcher, signal, ready = async () => {}) {
	return async (request) => {
		const url = new URL(request.url);
		requireSafe(url, request.doing);
		for (let attempt = 1;; attempt++) {
			await ready();
			const outcome = await follow(dispatcher, signal, request, url).catch((error) => error);
			if (signal.aborted) throw stopped(request.doing, signal);
			const pause$1 = pauseBefore(attempt + 1, request, outcome);
			if (pause$1 === void 0) {
				if (outcome instanceof Error) throw outcome;
				const answer = outcome;
				if (isWanted(answer.status, request)) return answer;
				throw answer.error(request.cures?.[answer.status]);
			}
			const why = outcome instanceof Error ? outcome.message : `${describeRequest(request, url)} answered ${outcome.status}`;
			info(`${why}; trying again in ${(pause$1 / 1e3).toFixed(1)} s`);
			await pause(pause$1, request.doing, signal);
		}
	};
}
/** What a header of an answer says, several lines of the same name joined. */
function header(answer, name) {
	const value = answer.headers[name];
	return Array.isArray(value) ? value.join(", ") : value;
}
function requireSafe(url, doing) {
	if (isSafe(url)) return;
	throw new Failure(`Could not ${doing}: ${url.origin} is not https`, { cure: "Only https addresses are used, and http on this machine itself." });
}
function isWanted(status, request) {
	return status >= 200 && status < 300 || (request.expect?.includes(status) ?? false);
}
function pauseBefore(attempt, request, outcome) {
	if (attempt > (request.attempts ?? ATTEMPTS)) return void 0;
	const repeatable = (request.method ?? "GET") !== "POST";
	const usual = FIRST_PAUSE * 2 ** (attempt - 2) * (1 + Math.random() / 4);
	if (outcome instanceof NetworkError) return !outcome.lasting && (repeatable || !outcome.sent) ? usual : void 0;
	if (outcome instanceof Error || !repeatable) return void 0;
	const answer = outcome;
	if (isWanted(answer.status, request) || !PASSING.has(answer.status)) return void 0;
	const asked = retryAfter(answer.headers);
	return asked !== void 0 && asked > 6e4 ? void 0 : asked ?? usual;
}
/** One attempt, with the redirects of a GET or HEAD. */
async function follow(dispatcher, signal, request, start) {
	const method = request.method ?? "GET";
	let url = start;
	for (let redirects = 0;; redirects++) {
		const credentials = url.origin === start.origin ? request.credentials : void 0;
		const answer = await once(dispatcher, signal, request, url, credentials);
		const target = header(answer, "location");
		if (!([
			301,
			302,
			303,
			307,
			308
		].includes(answer.status) && target !== void 0) || method !== "GET" && method !== "HEAD" || redirects === (request.redirects ?? REDIRECTS)) return answer;
		if (!URL.canParse(target, url.href)) return answer;
		url = new URL(target, url);
		requireSafe(url, request.doing);
	}
}
async function once(dispatcher, signal, request, url, credentials) {
	const from = describeRequest(request, url);
	signal.throwIfAborted();
	const attempt = new AbortController();
	const stop = () => attempt.abort();
	const timer = setTimeout(stop, ATTEMPT_TIMEOUT);
	signal.addEventListener("abort", stop);
	try {
		const response = await (0, import_undici.request)(url, {
			dispatcher,
			signal: attempt.signal,
			method: request.method ?? "GET",
			headers: {
				"user-agent": USER_AGENT,
				accept: "application/json",
				...request.headers,
				...credentials
			},
			...request.body === void 0 ? {} : { body: request.body }
		});
		const text = await response.body.text();
		debug(`${from} answered ${response.statusCode}`);
		return createAnswer(request, from, response.statusCode, response.headers, text);
	} catch (error) {
		throw new NetworkError(request.doing, from, attempt.signal.aborted ? /* @__PURE__ */ new Error(`silent for ${ATTEMPT_TIMEOUT / 1e3} s`) : error);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", stop);
	}
}
function createAnswer(request, from, status, headers, text) {
	let parsed;
	return {
		status,
		headers,
		text,
		json() {
			try {
				parsed ??= JSON.parse(text);
				if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
			} catch {}
			throw new UnexpectedAnswer(request.doing, from, `its body of ${text.length} characters is not a JSON object`);
		},
		error: (cure) => new HttpError(request.doing, {
			from,
			status,
			body: text,
			retryAfter: retryAfter(headers),
			cure
		})
	};
}
/** How a request is named to a person: no query, since a query can hold what nobody wants in a log. */
function describeRequest(request, url) {
	return `${request.method ?? "GET"} ${printable(url.origin + url.pathname)}`;
}
function retryAfter(headers) {
	const value = String(headers["retry-after"] ?? "");
	if (/^\d+$/.test(value)) return Number(value) * 1e3;
	const date = Date.parse(value);
	return Number.isNaN(date) ? void 0 : Math.max(0, date - Date.now());
}
// src/http/dispatcher.ts
/**
* The connections to IBM and registry hosts: the proxies of the environment, and beside the certificates that the
* system trusts those of the input `ca-certificates` (PEM).
*/
function createDispatcher(certificates) {
	const stores = [
		"bundled",
		"system",
		"extra"
	].flatMap((store) => getCACertificates(store));
	const given = certificates === void 0 ? [] : [certificates];
	const ca = new Map([...stores, ...given].map((pem) => [pem.replaceAll(/\s/g, ""), pem])).values();
	const tls = { secureContext: createSecureContext({ ca: [...ca] }) };
	return new import_undici.EnvHttpProxyAgent({
		connect: tls,
		requestTls: tls,
		maxResponseSize: LARGEST_ANSWER
	});
}
// src/kubernetes/oidc.ts
/** As users of a kubeconfig name it in their `authProvider`, whose `config` is a TokenService. */
const GITHUB_OIDC = "github-oidc";
/** Milliseconds; for a token that does not tell when it ends. */
const SHORT_LIFE = 6e4;
/** Milliseconds; an API server that takes none is not served one after another. */
const BETWEEN_DISCARDS = 6e4;
/**
* Sends each request with the token of the moment, and once more with a new one when the API server refuses it: its
* clock may be ahead.
*/
function sendWithOidc(send, tokens) {
	return async (request) => {
		const attempt = (token) => send({
			...request,
			credentials: {
				...request.credentials,
				authorization: `Bearer ${token}`
			},
			cures: {
				...request.cures,
				401: refusalCure(token, tokens.service)
			}
		});
		const token = await tokens.current();
		try {
			return await attempt(token);
		} catch (error) {
			if (!(error instanceof HttpError && error.status === 401) || !tokens.discard(token)) throw error;
			return await attempt(await tokens.current());
		}
	};
}
/** The token of the moment for one cluster. */
var OidcTokens = class {
	service;
	#send;
	#context;
	#token;
	#fetching;
	#discardedAt = 0;
	constructor(service, context, signal) {
		this.service = service;
		this.#send = createSend(createDispatcher(void 0), signal);
		this.#context = context;
	}
	async credentials() {
		return { authorization: `Bearer ${await this.current()}` };
	}
	/** All who come while a token is fetched get that one. */
	async current() {
		if (this.#token !== void 0 && Date.now() < this.#token.renewAt) return this.#token.value;
		this.#fetching ??= this.#fetch().finally(() => {
			this.#fetching = void 0;
		});
		return await this.#fetching;
	}
	/**
	* Takes back a token that was refused, of one or of many requests.
	* @returns whether another one is worth a try
	*/
	discard(refused) {
		if (this.#token?.value !== refused) return true;
		if (Date.now() - this.#discardedAt < BETWEEN_DISCARDS) return false;
		this.#discardedAt = Date.now();
		this.#token = void 0;
		return true;
	}
	async #fetch() {
		const url = new URL(this.service.url);
		url.searchParams.set("audience", this.service.audience);
		const doing = `get an OIDC token of GitHub for the cluster ${this.#context}`;
		const answer = await this.#send({
			doing,
			url,
			credentials: { authorization: `Bearer ${this.service.requestToken}` },
			cures: {
				401: PERMISSION,
				403: PERMISSION
			}
		});
		const value = asText(answer.json().value);
		if (value === void 0) throw new UnexpectedAnswer(doing, `GET ${url.origin}${url.pathname}`, "it holds no token");
		mask(value);
		this.#token = {
			value,
			renewAt: Date.now() + lifeOf(value) * .8
		};
		return value;
	}
};
const PERMISSION = "Check that the job has `permissions: id-token: write`.";
/** Milliseconds, by the issuer's clock alone: ours may be wrong. */
function lifeOf(token) {
	const { iat, exp } = claimsOf(token);
	return typeof iat === "number" && typeof exp === "number" ? (exp - iat) * 1e3 : SHORT_LIFE;
}
function refusalCure(token, { audience }) {
	const { iss } = claimsOf(token);
	return `The API server must trust the issuer ${asText(iss) ?? "of GitHub"} for the audience ${audience}, and its clock must be right.`;
}
export { LARGEST_ANSWER as a, createSend as c, requireSafe as d, pause as f, unlessEnded as h, createDispatcher as i, describeRequest as l, stopped as m, OidcTokens as n, LONGEST_PAUSE as o, startDeadline as p, sendWithOidc as r, USER_AGENT as s, GITHUB_OIDC as t, header as u };
