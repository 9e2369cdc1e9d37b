import { a as constructFromEvents, b as warning$1, c as mergeTag, d as endGroup, f as error$1, g as saveState, h as isDebug, i as EVENT_ID, l as parseEvents, m as info$1, n as require_undici, p as getState, r as CORE_SCHEMA, s as load$1, t as KubeConfig, u as debug$1, v as setSecret, x as getExecOutput, y as startGroup } from "./packages.js";
import { createSecureContext, getCACertificates } from "node:tls";
import { X509Certificate, createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, readdirSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
// src/errors.ts
/**
* A failure told to a person: what was being done, to whom and what came back (`message`), and what to do about it
* (`cure`). Everything that a run reports is one of these; anything else is a fault of this action.
*/
var Failure = class extends Error {
	name = "Failure";
	cure;
	/** What the cure speaks of, to be applied: a manifest, many lines. */
	manifest;
	constructor(message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.cure = options.cure;
		this.manifest = options.manifest;
	}
};
/** One input that cannot be used: its name, what is wrong with it, and what is allowed. */
var InputError = class extends Failure {
	name = "InputError";
	input;
	constructor(input, problem, allowed) {
		super(`Input \`${input}\` ${problem}`, { cure: allowed });
		this.input = input;
	}
};
/** Several failures of one run, each of them to be reported by itself. */
var Failures = class extends AggregateError {
	name = "Failures";
};
/** The sentences for a person, one per cause. A user's mistake never shows a stack trace; a fault of ours names itself. */
function explain(error) {
	if (error instanceof Failures) return error.errors.flatMap(explain);
	if (error instanceof Failure) return [[sentence(error.message), error.cure && sentence(error.cure)].filter(Boolean).join(" ")];
	return [`${sentence(`This is a fault of registry-pull-secret: ${reason(error)}`)} Please report it with the log of this step.`];
}
/** The manifests that would mend something of it, each once. */
function manifestsOf(errors) {
	const all = errors.flatMap((error) => error instanceof Failures ? error.errors : [error]);
	return [...new Set(all.flatMap((error) => error instanceof Failure ? error.manifest ?? [] : []))];
}
/** The message of anything that was thrown, with the system's code where it has one. */
function reason(error) {
	if (!(error instanceof Error)) return String(error);
	const code = "code" in error && typeof error.code === "string" ? error.code : void 0;
	const text = error.message || error.name;
	return code && !text.includes(code) ? `${text} (${code})` : text;
}
function sentence(text) {
	return /[.!?…]$/.test(text) ? text : `${text}.`;
}
// src/mask.ts
/** What the runner knows already. */
const masked = /* @__PURE__ */ new Set();
/** Every form under which a registered secret may come back to us in somebody's text. */
const forms = /* @__PURE__ */ new Set();
/**
* Registers a secret with the runner, so that it never shows in a log, and hands it back. Call it on the line after the
* secret's birth, and never with a constant such as `token`.
*/
function mask(secret) {
	if (secret.trim() === "" || masked.has(secret)) return secret;
	masked.add(secret);
	setSecret(secret);
	for (const form of formsOf(secret)) forms.add(form);
	return secret;
}
/**
* Masks the secret together with what is derived from it for a registry: the base64 of `user:password`.
* @returns the base64 form, as in `Authorization: Basic` and in `auth` of a docker config.
*/
function maskBasic(username, password) {
	mask(password);
	return mask(Buffer.from(`${username}:${password}`).toString("base64"));
}
/** A text without any registered secret. The runner does the same to its log; this serves files and hostile echoes too. */
function redact(text) {
	let clean = text;
	for (const form of [...forms].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(form, "***");
	return clean;
}
function formsOf(secret) {
	const bytes = Buffer.from(secret);
	const base64 = [
		0,
		1,
		2
	].map((skip) => bytes.subarray(skip).toString("base64").replace(/.?=+$/, ""));
	const written = [
		secret,
		encodeURIComponent(secret.toWellFormed()),
		JSON.stringify(secret).slice(1, -1)
	];
	const lines = secret.split(/\r?\n/).map((line) => line.trim());
	return [
		...written,
		...base64,
		...lines
	].filter((form) => form.length >= 4);
}
// src/log.ts
/**
* One line of text that may hold words of a server: control characters are made visible, so that it stays one line, and
* what the runner could read as a workflow command (`::name::`, `##[name]`) is broken up. Registered secrets are removed.
*/
function printable(text) {
	return redact(text).replace(/[\p{Cc}\u2028\u2029]/gu, visible).replace(/::(?=[a-z])/gi, ": :").replaceAll("##[", "## [");
}
function info(line = "") {
	info$1(printable(line));
}
/** A text of many lines, each for itself. */
function lines(text) {
	for (const line of text.trimEnd().split("\n")) info(line);
}
/** Each line costs as much as a request: none is written to a runner that does not show it. */
function debug(line) {
	if (isDebug()) debug$1(printable(line));
}
function warning(line) {
	warning$1(printable(line));
}
function error(line) {
	error$1(printable(line));
}
/** Folds the lines that are written meanwhile. */
function group(title, write) {
	startGroup(printable(title));
	try {
		write();
	} finally {
		endGroup();
	}
}
function visible(control) {
	return {
		"\n": "\\n",
		"\r": "\\r",
		"	": " "
	}[control] ?? `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
// src/http-error.ts
/** A server answered, and not with what was asked for. */
var HttpError = class extends Failure {
	name = "HttpError";
	status;
	/** The server's own code, such as `CRG0009E`, `invalid_client`, `CF-NotAuthorized`, `DENIED` or `Forbidden`. */
	code;
	/** The server's own message, safe to print. */
	detail;
	/** Milliseconds that the server asks to wait. */
	retryAfter;
	constructor(doing, answer) {
		const { code, message } = serverWords(answer.body);
		const said = [code, message].filter(Boolean).join(": ");
		super(`Could not ${doing}: ${answer.from} answered ${answer.status}${said ? ` ${said}` : ""}`, { cure: answer.cure ?? usualCure(answer.status, answer.retryAfter) });
		this.status = answer.status;
		this.code = code;
		this.detail = message ?? "";
		this.retryAfter = answer.retryAfter;
	}
};
/** No answer came, or only a part of one. */
var NetworkError = class extends Failure {
	name = "NetworkError";
	/** Whether the server may have acted: `false` only when the request surely never reached it. */
	sent;
	/** Whether the same will come of it in a moment, too: no https there, or a certificate that is not trusted. */
	lasting;
	constructor(doing, from, cause) {
		const code = systemCode(cause);
		super(`Could not ${doing}: ${from} gave no answer: ${problemOf(deepest(cause), code)}`, {
			cause,
			cure: networkCure(code)
		});
		this.lasting = isTrust(code) || /^ERR_(SSL|TLS)/.test(code);
		this.sent = !(this.lasting || NEVER_SENT.has(code));
	}
};
/** An answer that is complete and yet not what the API promises: not JSON, or without the field that matters. */
var UnexpectedAnswer = class extends Failure {
	name = "UnexpectedAnswer";
	constructor(doing, from, problem) {
		super(`Could not ${doing}: ${from} answered, but ${problem}`, { cure: "Check that the endpoint is right and that no proxy or login page answers in its place." });
	}
};
/** Whether the server may have acted although no proper answer came. */
function isUnclear(error) {
	if (error instanceof NetworkError) return error.sent;
	if (error instanceof HttpError) return error.status >= 500 || error.status === 408;
	return error instanceof UnexpectedAnswer;
}
/** The code and the message inside an error body, in any of the forms that the servers we talk to use. */
function serverWords(body) {
	const said = parse$3(body);
	if (said === void 0) return {
		code: void 0,
		message: words(body.replace(/<[^<>]*>/g, " "))
	};
	const at = (Array.isArray(said.errors) ? record(said.errors[0]) : void 0) ?? said;
	const codes = [
		at.error_code,
		at.title,
		at.message_code,
		at.errorCode,
		at.error,
		at.reason,
		at.code
	];
	const messages = [
		at.error_description,
		at.description,
		at.errorMessage,
		at.message,
		at.detail,
		at.details
	];
	return {
		code: firstWords(codes),
		message: firstWords(messages)
	};
}
function firstWords(values) {
	return values.map(words).find((text) => text !== void 0);
}
const LONGEST_MESSAGE = 500;
function words(value) {
	if (typeof value !== "string" && typeof value !== "number") return void 0;
	const text = printable(String(value).trim().replace(/\s+/g, " "));
	return text === "" ? void 0 : text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}
function parse$3(body) {
	try {
		return record(JSON.parse(body));
	} catch {
		return;
	}
}
function record(value) {
	return typeof value === "object" && value !== null ? value : void 0;
}
function usualCure(status, retryAfter) {
	if (status === 429) return `The server limits its callers: run the job again ${!retryAfter ? "later" : `in ${Math.ceil(retryAfter / 1e3)} s`}.`;
	if (status >= 500) return "The server is in trouble: run the job again later, or ask its operators.";
	if (status >= 300 && status < 400) return "The server points elsewhere: give that endpoint, if you trust it, as input.";
	if (status === 407) return "The proxy of this runner wants a login: see HTTPS_PROXY.";
}
/** Errors of the operating system and of undici that come before the first byte is sent. */
const NEVER_SENT = /* @__PURE__ */ new Set([
	"ECONNREFUSED",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"UND_ERR_CONNECT_TIMEOUT"
]);
/** Where the system's own words are for programmers, ours. */
function problemOf(error, code) {
	if (code.startsWith("ERR_SSL")) return `it does not speak TLS as expected (${code})`;
	if (code === OTHER_HOST) return `its certificate is for another host (${code})`;
	if (isTrust(code)) return `its certificate is not trusted (${code})`;
	return printable(reason(error));
}
function isTrust(code) {
	return /CERT|SELF_SIGNED|UNABLE_TO_/.test(code);
}
const OTHER_HOST = "ERR_TLS_CERT_ALTNAME_INVALID";
function networkCure(code) {
	if (code === OTHER_HOST) return "Use the host name that stands in its certificate.";
	if (isTrust(code)) return "For IBM and registry hosts give the CA as `ca-certificates`, for a cluster in its kubeconfig.";
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "Check the host name, and that this runner can resolve it.";
	if (code.startsWith("ERR_SSL")) return "Check that the endpoint speaks https on that port.";
	return "Check that the host is up and that this runner reaches it (firewall, HTTPS_PROXY, NO_PROXY).";
}
function systemCode(error) {
	const inner = deepest(error);
	return inner instanceof Error && "code" in inner && typeof inner.code === "string" ? inner.code : "";
}
/** Connecting to a host of several addresses fails with all their errors in one; the first one speaks for them. */
function deepest(error) {
	if (error instanceof AggregateError && error.errors.length > 0) return deepest(error.errors[0]);
	return error instanceof Error && error.cause instanceof Error ? deepest(error.cause) : error;
}
// src/json.ts
/** What a server sent, seen as an object; anything else is an empty one. */
function asObject(value) {
	return typeof value === "object" && value !== null ? value : {};
}
/** What a server sent, seen as a list of objects; anything else is an empty one. */
function asObjects(value) {
	return Array.isArray(value) ? value.map(asObject) : [];
}
/** What a server sent, where only a text that says something will do. */
function asText(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}
/** The claims of a JWT, unverified: empty when it is none. */
function claimsOf(jwt) {
	try {
		return asObject(JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()));
	} catch {
		return {};
	}
}
/** When a JWT with these claims ends: `exp`, in seconds. */
function expiryOf({ exp }) {
	const end = /* @__PURE__ */ new Date(typeof exp === "number" ? exp * 1e3 : NaN);
	return Number.isNaN(end.getTime()) ? void 0 : end;
}
// src/manager.ts
/** Under this name we own fields of Kubernetes objects, and label what is ours. */
const MANAGER = "registry-pull-secret";
// package.json
var name$1 = "registry-pull-secret";
var version = "0.1.0";
// src/http.ts
var import_undici = require_undici();
const USER_AGENT = `${name$1}/${version}`;
/** Bytes; no answer that we ask for is larger, and a hostile one must not fill the memory. */
const LARGEST_ANSWER = 67108864;
const ATTEMPTS = 4;
const FIRST_PAUSE = 500;
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
			if (signal.aborted) throw stopped(request, signal);
			const pause = pauseBefore(attempt + 1, request, outcome);
			if (pause === void 0) {
				if (outcome instanceof Error) throw outcome;
				const answer = outcome;
				if (isWanted(answer.status, request)) return answer;
				throw answer.error(request.cures?.[answer.status]);
			}
			info(`${outcome instanceof Error ? outcome.message : `${name(request, url)} answered ${outcome.status}`}; trying again in ${(pause / 1e3).toFixed(1)} s`);
			await setTimeout$1(pause, void 0, { signal }).catch(() => {
				throw stopped(request, signal);
			});
		}
	};
}
/** Credentials travel over https only, or to this machine. */
function isSafe(url) {
	return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url.hostname);
}
function isLoopback(hostname) {
	return hostname === "localhost" || hostname === "[::1]" || hostname === "::1" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
/** What a header of an answer says, several lines of the same name joined. */
function header(answer, name) {
	const value = answer.headers[name];
	return Array.isArray(value) ? value.join(", ") : value;
}
/** The end of the run, told as the end of this request. */
function stopped({ doing }, signal) {
	const cause = signal.reason;
	return new Failure(`Could not ${doing}: ${reason(cause)}`, {
		cause,
		cure: cause instanceof Failure ? cause.cure : void 0
	});
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
		].includes(answer.status) && target !== void 0) || method !== "GET" && method !== "HEAD" || redirects === REDIRECTS) return answer;
		if (!URL.canParse(target, url.href)) return answer;
		url = new URL(target, url);
		requireSafe(url, request.doing);
	}
}
async function once(dispatcher, signal, request, url, credentials) {
	const from = name(request, url);
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
function name(request, url) {
	return `${request.method ?? "GET"} ${printable(url.origin + url.pathname)}`;
}
function retryAfter(headers) {
	const value = String(headers["retry-after"] ?? "");
	if (/^\d+$/.test(value)) return Number(value) * 1e3;
	const date = Date.parse(value);
	return Number.isNaN(date) ? void 0 : Math.max(0, date - Date.now());
}
// src/http-stream.ts
/** Milliseconds without a byte after which a connection counts as dead. */
const IDLE = 6e4;
/** Characters; no object that etcd can hold is larger. */
const LONGEST_LINE = 8388608;
/**
* Beside `createSend`, for answers that have no end of their own. Nothing is repeated: who follows a stream knows from
* where to go on. `run` ends everything, as a failure.
*/
function createStream(dispatcher, run) {
	return async function* stream(request, signal) {
		const url = new URL(request.url);
		const from = name({}, url);
		requireSafe(url, request.doing);
		try {
			const { statusCode, body } = await (0, import_undici.request)(url, {
				dispatcher,
				signal: AbortSignal.any([run, signal]),
				headers: {
					"user-agent": USER_AGENT,
					accept: "application/json",
					...request.credentials
				},
				headersTimeout: IDLE,
				bodyTimeout: IDLE
			});
			if (statusCode !== 200) {
				const cure = request.cures?.[statusCode];
				throw new HttpError(request.doing, {
					from,
					status: statusCode,
					body: await body.text(),
					cure
				});
			}
			let line = "";
			for await (const chunk of body.setEncoding("utf8")) {
				const [head = "", ...rest] = String(chunk).split("\n");
				line += head;
				for (const next of rest) {
					yield parse$2(line, request, from);
					line = next;
				}
				if (line.length > LONGEST_LINE) throw new UnexpectedAnswer(request.doing, from, "one of its lines has no end");
			}
		} catch (error) {
			if (run.aborted) throw stopped(request, run);
			if (signal.aborted) return;
			throw error instanceof Failure ? error : new NetworkError(request.doing, from, error);
		}
	};
}
function parse$2(line, { doing }, from) {
	try {
		return asObject(JSON.parse(line));
	} catch {
		throw new UnexpectedAnswer(doing, from, `a line of ${line.length} characters is not JSON`);
	}
}
// src/trust.ts
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
// src/cluster/oidc.ts
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
		const value = asText((await this.#send({
			doing,
			url,
			credentials: { authorization: `Bearer ${this.service.requestToken}` },
			cures: {
				401: PERMISSION,
				403: PERMISSION
			}
		})).json().value);
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
// src/cluster/throttle.ts
/** Milliseconds; API servers ask for no less. */
const SHORTEST_PAUSE = 1e3;
/** So often in all a request is put off. */
const PATIENCE = 100;
/** After so many answers in a row one more request goes at a time. */
const RECOVERY = 100;
/**
* Paces the requests to one API server: so many go at a time. When it answers 429, as its priority and fairness does to
* what it did not even look at, nobody asks again before the time that it names, and then only half as many at a time.
*/
var Throttle = class {
	#cluster;
	#most;
	#signal;
	#allowed;
	#inFlight = 0;
	#answered = 0;
	#line = [];
	#pauseEnd = 0;
	#pause;
	constructor(cluster, concurrency, signal) {
		this.#cluster = cluster;
		this.#most = concurrency;
		this.#signal = signal;
		this.#allowed = concurrency;
	}
	/** Sends when it is this one's turn; a 429 puts it off. @throws HttpError when it is put off too often or for too long */
	async turn(send) {
		for (let refusals = 1;; refusals++) {
			const answer = await this.#inTurn(send);
			if (answer.status !== 429) return answer;
			if (refusals === PATIENCE || pauseOf(answer) > 6e4) throw answer.error();
		}
	}
	/** Until the API server takes requests again. */
	async ready() {
		await this.#pause;
	}
	async #inTurn(send) {
		await new Promise((resolve) => {
			this.#line.push(resolve);
			this.#admit();
		});
		try {
			await this.ready();
			const answer = await send();
			if (answer.status === 429) this.#slowDown(pauseOf(answer));
			else this.#speedUp();
			return answer;
		} finally {
			this.#inFlight--;
			this.#admit();
		}
	}
	#admit() {
		while (this.#inFlight < this.#allowed) {
			const next = this.#line.shift();
			if (next === void 0) return;
			this.#inFlight++;
			next();
		}
	}
	/** All that are in flight may be refused together: that is one reason to slow down, not many. */
	#slowDown(pause) {
		if (pause > 6e4) return;
		this.#pauseEnd = Math.max(this.#pauseEnd, performance.now() + pause);
		this.#answered = 0;
		if (this.#pause !== void 0) return;
		this.#allowed = Math.ceil(this.#allowed / 2);
		info(`The cluster ${this.#cluster} has too many requests: going on in ${pause / 1e3} s, with ${this.#allowed} at a time`);
		this.#pause = this.#waitOut().finally(() => {
			this.#pause = void 0;
		});
	}
	async #waitOut() {
		while (performance.now() < this.#pauseEnd && !this.#signal.aborted) await setTimeout$1(this.#pauseEnd - performance.now(), void 0, { signal: this.#signal }).catch(() => {});
	}
	#speedUp() {
		if (this.#allowed === this.#most || ++this.#answered < RECOVERY) return;
		this.#answered = 0;
		this.#allowed++;
	}
};
function pauseOf(answer) {
	return Math.max(SHORTEST_PAUSE, answer.error().retryAfter ?? 0);
}
// src/cluster/connection.ts
/**
* Connects to the cluster of a context. Authentication is client-node's (exec plugins, certificates, tokens that are
* renewed, `proxy-url`) except for GitHub's; the connections are ours, since client-node opens a new one for each request.
*/
function connect(config, context, concurrency, signal) {
	const own = new KubeConfig();
	const clusters = config.clusters.map((one) => one.server.startsWith("http:") ? {
		...one,
		skipTLSVerify: true
	} : one);
	own.loadFromOptions({
		...config,
		clusters,
		currentContext: context
	});
	const { server = "", skipTLSVerify = false } = own.getCurrentCluster() ?? {};
	if (skipTLSVerify && server.startsWith("https:")) warning(`The certificate of the cluster ${context} is not checked (insecure-skip-tls-verify): anybody in between can read its secrets.`);
	const throttle = new Throttle(context, concurrency, signal);
	const provider = own.getCurrentUser()?.authProvider;
	const tokens = provider?.name === "github-oidc" ? new OidcTokens(provider.config, context, signal) : void 0;
	let sending;
	let watching;
	function locate(path, query = {}) {
		const url = new URL(server + path);
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		return url;
	}
	async function request({ path, query, body, contentType, accept, ...rest }) {
		sending ??= openPool(own, context, concurrency).then((pool) => {
			const send = createSend(pool, signal, () => throttle.ready());
			return tokens === void 0 ? send : sendWithOidc(send, tokens);
		});
		const send = await sending;
		return await throttle.turn(async () => send({
			...rest,
			expect: [...rest.expect ?? [], 429],
			url: locate(path, query),
			credentials: await authorize(own, context),
			headers: {
				...accept !== void 0 && { accept },
				...body !== void 0 && { "content-type": contentType ?? "application/json" }
			},
			...body !== void 0 && { body: JSON.stringify(body) }
		}));
	}
	async function* stream({ doing, path, query }, until) {
		watching ??= openPool(own, context, MOST_WATCHES).then((pool) => createStream(pool, signal));
		const watch = await watching;
		const credentials = await (tokens?.credentials() ?? authorize(own, context));
		yield* watch({
			doing,
			url: locate(path, query),
			credentials
		}, until);
	}
	return {
		name: context,
		identity: identityOf(own),
		namespace: own.getContextObject(context)?.namespace ?? "default",
		request,
		stream
	};
}
function identityOf(config) {
	const { server = "", caData, caFile } = config.getCurrentCluster() ?? {};
	const authority = caData ? Buffer.from(caData, "base64") : caFile && existsSync(caFile) ? readFileSync(caFile) : void 0;
	const digest = authority && createHash("sha256").update(authority).digest("hex").slice(0, 8);
	const { host, pathname } = new URL(server);
	return [host + pathname.replace(/\/+$/, ""), digest].filter(Boolean).join("~");
}
/**
* Milliseconds that a connection may be idle: a run pauses between reading and writing, to mint and to prove. Load
* balancers give a minute and more.
*/
const KEEP_ALIVE = 5e4;
/** At a time; more of them take turns. */
const MOST_WATCHES = 500;
async function openPool(config, context, connections) {
	const { ca, cert, key, servername, rejectUnauthorized } = await tlsOptions(config, context);
	const given = Object.entries({
		ca,
		cert,
		key,
		servername,
		rejectUnauthorized
	}).filter(([, value]) => value !== void 0);
	const tls = Object.fromEntries(given);
	const options = {
		connections,
		keepAliveTimeout: KEEP_ALIVE,
		maxResponseSize: LARGEST_ANSWER,
		connect: tls,
		requestTls: tls
	};
	const { proxyUrl } = config.getCurrentCluster() ?? {};
	if (!proxyUrl) return new import_undici.EnvHttpProxyAgent(options);
	return proxyUrl.startsWith("socks") ? await throughSocks(config) : new import_undici.ProxyAgent({
		...options,
		uri: proxyUrl
	});
}
/** client-node's own: it speaks versions of SOCKS that undici does not. */
async function throughSocks(config) {
	return await new Promise((resolve, reject) => {
		config.applySecurityAuthentication({
			setHeaderParam: () => {},
			setDispatcher: (dispatcher) => resolve(dispatcher)
		}).catch(reject);
	});
}
async function authorize(config, context) {
	const { headers, auth } = await tlsOptions(config, context);
	const credentials = {};
	for (const [name, value] of Object.entries(headers ?? {})) credentials[name.toLowerCase()] = String(value);
	if (auth) credentials.authorization = `Basic ${mask(Buffer.from(auth).toString("base64"))}`;
	const token = /^Bearer (.+)$/.exec(credentials.authorization ?? "")?.[1];
	if (token !== void 0) mask(token);
	return credentials;
}
async function tlsOptions(config, context) {
	const options = {};
	try {
		await config.applyToHTTPSOptions(options);
		return options;
	} catch (error) {
		const command = config.getCurrentUser()?.exec?.command;
		throw new Failure(`Could not authenticate to the cluster ${context}: ${printable(error instanceof SyntaxError ? "its login command did not write JSON" : reason(error)).slice(0, 500)}`, {
			cause: error,
			cure: command ? `The kubeconfig runs \`${printable(command)}\` for its login: install it, and log in, in an earlier step.` : "Check the user of that context in the kubeconfig: its files must be there and readable."
		});
	}
}
// src/cluster/paging.ts
/** Objects a page, as kubectl asks for them. */
const PAGE = 500;
/** The API server forgets a list after some minutes, and then has no next page of it: so often we begin anew. */
const TRIES = 3;
/**
* All objects of a list, read page by page, so that no answer grows with the cluster; and of each object only what is
* picked, so that the memory does not either.
* @param pick undefined leaves the object out; it may see an object twice, when the list begins anew
*/
async function listAll(cluster, request, pick) {
	for (let attempt = 1;; attempt++) try {
		return await listOnce(cluster, request, pick);
	} catch (error) {
		if (!(error instanceof HttpError && error.status === 410) || attempt === TRIES) throw error;
	}
}
async function listOnce(cluster, request, pick) {
	const picked = [];
	let next;
	do {
		const query = {
			...request.query,
			limit: String(PAGE),
			...next !== void 0 && { continue: next }
		};
		const page = (await cluster.request({
			...request,
			query
		})).json();
		for (const object of asObjects(page.items)) {
			const one = pick(object);
			if (one !== void 0) picked.push(one);
		}
		next = asText(asObject(page.metadata).continue);
	} while (next !== void 0);
	return picked;
}
/** What a list gives; undefined when the login may not list. */
async function unlessForbidden(list) {
	try {
		return await list;
	} catch (error) {
		if (error instanceof HttpError && error.status === 403) return void 0;
		throw error;
	}
}
/** Asks for names, labels and annotations alone. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
// src/cluster/namespaces.ts
/**
* The namespaces of a cluster that are meant, in order. They are listed only when a glob or a selector needs it; the ones
* that are about to go are left out.
* @throws Failure when none is found, or they may not be listed
*/
async function chooseNamespaces(cluster, { patterns, selector }) {
	if (patterns.length === 0 && selector === void 0) return [cluster.namespace];
	const wanted = patterns.filter((pattern) => !pattern.startsWith("!"));
	const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
	const isExcluded = (name) => excluded.some((pattern) => matches(name, pattern));
	const names = wanted.filter((pattern) => !isGlob(pattern) && !isExcluded(pattern));
	if (selector === void 0 && !wanted.some(isGlob)) return [...new Set(names)];
	const all = await listStaying(cluster, selector);
	const isWanted = (name) => wanted.length === 0 || wanted.some((pattern) => matches(name, pattern));
	const found = all.filter((name) => isWanted(name) && !isExcluded(name));
	const chosen = selector === void 0 ? [.../* @__PURE__ */ new Set([...names, ...found])] : found;
	if (chosen.length > 0) return chosen.sort();
	const meant = [...patterns, ...selector === void 0 ? [] : [`the labels ${selector}`]].join(", ");
	throw new Failure(`No namespace of the cluster ${cluster.name} matches ${meant}`, { cure: "Check `namespaces` and `namespace-selector`." });
}
function isGlob(pattern) {
	return pattern.includes("*");
}
function matches(name, pattern) {
	return new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name);
}
async function listStaying(cluster, selector) {
	const namespaces = await listAll(cluster, {
		doing: `list the namespaces of the cluster ${cluster.name}`,
		path: "/api/v1/namespaces",
		query: selector === void 0 ? {} : { labelSelector: selector },
		accept: METADATA_ONLY,
		cures: {
			400: "Check `namespace-selector`: it is a label selector as kubectl takes it, as in team=a,tier!=test.",
			403: "Grant the verb list on namespaces to the login of this cluster (a ClusterRole), or give their names."
		}
	}, ({ metadata }) => {
		const { name, deletionTimestamp } = asObject(metadata);
		return {
			name: asText(name) ?? "",
			isTerminating: deletionTimestamp !== void 0
		};
	});
	const staying = [];
	for (const { name, isTerminating } of namespaces) if (isTerminating) info(`The namespace ${name} of ${cluster.name} is terminating: it is left out.`);
	else staying.push(name);
	return staying;
}
// src/cluster/stored-secret.ts
const MANAGED_BY = "app.kubernetes.io/managed-by";
const DOCKER_CONFIG_TYPE = "kubernetes.io/dockerconfigjson";
const DOCKER_CONFIG_KEY = ".dockerconfigjson";
/** Between two scopes, which hold spaces and commas themselves. */
const SEPARATOR = "; ";
function annotationsOf({ tokenId, mintedAt, expiresAt, run, scopes, spared }) {
	return {
		[`${MANAGER}/token-id`]: tokenId,
		[`${MANAGER}/minted-at`]: mintedAt.toISOString(),
		...expiresAt && { [`registry-pull-secret/expires-at`]: expiresAt.toISOString().replace(/\.\d+Z$/, "Z") },
		...run && { [`registry-pull-secret/run`]: run },
		[`${MANAGER}/scope`]: scopes.join(SEPARATOR),
		...spared.length > 0 && { [`registry-pull-secret/spared`]: spared.join(" ") }
	};
}
function provenanceOf(annotations) {
	const text = (name) => asText(annotations[`${MANAGER}/${name}`]);
	const tokenId = text("token-id");
	if (tokenId === void 0) return void 0;
	return {
		tokenId,
		mintedAt: dateOf(text("minted-at")) ?? /* @__PURE__ */ new Date(0),
		expiresAt: dateOf(text("expires-at")),
		run: text("run") ?? "",
		scopes: (text("scope") ?? "").split(SEPARATOR),
		spared: text("spared")?.split(" ") ?? []
	};
}
function dateOf(text) {
	const date = new Date(text ?? "");
	return Number.isNaN(date.getTime()) ? void 0 : date;
}
async function readSecret$1(cluster, namespace, name) {
	const answer = await cluster.request({
		doing: `read the secret ${namespace}/${name} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
		expect: [404],
		cures: {
			401: `Check the login of the cluster ${cluster.name} in the kubeconfig: its token or certificate may have ended.`,
			403: `Grant the verbs get, create and patch on secrets in the namespace ${namespace} to the login of this cluster.`
		}
	});
	return answer.status === 404 ? { kind: "absent" } : describeSecret(answer.json(), cluster);
}
/** What an object of the API server means for us. */
function describeSecret(secret, cluster) {
	const metadata = asObject(secret.metadata);
	const where = printable(`${cluster.name}: ${metadata.namespace}/${metadata.name}`);
	const labels = asObject(metadata.labels);
	const annotations = asObject(metadata.annotations);
	const data = asText(asObject(secret.data)[DOCKER_CONFIG_KEY]);
	const config = readConfig(data);
	const ours = labels[MANAGED_BY] === MANAGER;
	const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? []);
	const controller = asObjects(metadata.ownerReferences).find((owner) => owner.controller === true);
	return {
		kind: "present",
		where,
		type: asText(secret.type) ?? "Opaque",
		immutable: secret.immutable === true,
		ours,
		managers: [...new Set(managers)].filter((manager) => manager !== MANAGER).map(printable),
		controller: controller && printable(`${controller.kind} ${controller.name}`),
		resourceVersion: asText(metadata.resourceVersion) ?? "",
		labels,
		annotations,
		provenance: ours ? provenanceOf(annotations) : void 0,
		data,
		config,
		entries: asObject(config.auths)
	};
}
/** The `auths` of a docker config in base64. */
function readEntries(base64) {
	return asObject(readConfig(base64).auths);
}
/**
* A malformed one is empty: writing ours repairs it. So does leaving out an entry that is no object, since nodes reject a
* whole config for it.
*/
function readConfig(base64) {
	try {
		const config = JSON.parse(Buffer.from(asText(base64) ?? "", "base64").toString());
		JSON.stringify(config);
		if (!isRecord(config)) return {};
		const entries = isRecord(config.auths) ? Object.entries(config.auths) : [];
		return {
			...config,
			auths: Object.fromEntries(entries.filter(([, entry]) => isRecord(entry)))
		};
	} catch {
		return {};
	}
}
function isRecord(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** What kubectl wrote in the days of registry tokens. */
const LEGACY_TYPE = "kubernetes.io/dockercfg";
/** A secret that must not, or cannot, be written; nothing was tried. */
var Refusal = class extends Failure {
	name = "Refusal";
};
function refusal(stored, adopt) {
	if (stored.kind === "absent") return void 0;
	const { where, type, immutable, ours, managers, controller } = stored;
	if (controller !== void 0) return new Refusal(`The secret ${where} belongs to the ${controller}, whose controller would write it back`, { cure: "Choose another `secret-name`: `adopt` does not help here." });
	if (type === LEGACY_TYPE) return new Refusal(`The secret ${where} is a pull secret of the old form, ${LEGACY_TYPE}, and the type of a secret cannot be changed`, { cure: "Choose another `secret-name`, let your Pods and service accounts name that one, and delete the old one when nothing names it." });
	if (!ours && !adopt) return new Refusal(`The secret ${where} is not ours: it is ${managers.length > 0 ? `managed by ${managers.join(", ")}` : "of nobody we know"}`, { cure: "Choose another `secret-name`, or set `adopt: true` to take it over, keeping its other registry hosts." });
	if (type !== "kubernetes.io/dockerconfigjson") return new Refusal(`The secret ${where} has the type ${printable(type)}, which cannot be changed to ${DOCKER_CONFIG_TYPE}`, { cure: "Choose another `secret-name`, or delete that secret yourself when nothing needs it." });
	if (immutable) return new Refusal(`The secret ${where} is immutable: its content can never be changed`, { cure: "Choose another `secret-name`: nodes do not look at an immutable secret again." });
}
// src/cluster/secret-list.ts
/**
* The secrets of one name in all namespaces of a cluster, by namespace.
* @returns undefined when the login may not list secrets of the whole cluster
*/
async function listSecrets(cluster, name) {
	const secrets = await unlessForbidden(listAll(cluster, {
		doing: `list the secrets ${name} of the cluster ${cluster.name}`,
		path: "/api/v1/secrets",
		query: { fieldSelector: `metadata.name=${name}` }
	}, (secret) => {
		return [asText(asObject(secret.metadata).namespace) ?? "", describeSecret(secret, cluster)];
	}));
	return secrets && new Map(secrets);
}
/** The names of all namespaces; undefined when the login may not list them. */
async function listNamespaces(cluster) {
	const names = await unlessForbidden(listAll(cluster, {
		doing: `list the namespaces of the cluster ${cluster.name}`,
		path: "/api/v1/namespaces",
		accept: METADATA_ONLY
	}, ({ metadata }) => asText(asObject(metadata).name)));
	return names && new Set(names);
}
/**
* Who holds which token: the secrets of this action in the whole cluster, whatever their names, by the id of the token
* that they record. Only their metadata is read.
* @returns undefined when the login may not list secrets of the whole cluster
*/
async function listHolders(cluster) {
	const holders = await unlessForbidden(listAll(cluster, {
		doing: `list the secrets of ${MANAGER} in the cluster ${cluster.name}`,
		path: "/api/v1/secrets",
		query: { labelSelector: `${MANAGED_BY}=${MANAGER}` },
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
// src/cluster/targets.ts
/**
* Connects to the clusters; each namespace of each of them is a target, once, however many contexts lead there. A
* cluster whose namespaces cannot be told is one target that fails.
*/
async function resolveTargets(place, concurrency, signal) {
	const byPlace = (await Promise.all(place.contexts.map(async (context) => {
		const cluster = connect(place.config, context, concurrency, signal);
		try {
			return (await chooseNamespaces(cluster, place)).map((namespace) => ({
				cluster,
				namespace
			}));
		} catch (failure) {
			return [failed({
				cluster,
				namespace: "*"
			}, failure)];
		}
	}))).flat().map((one) => [`${one.cluster.identity}/${one.namespace}`, one]);
	return [...new Map(byPlace.toReversed()).values()].toReversed();
}
/**
* Reads what the targets hold: by a list of the secrets of that name where there are many targets and the login may
* list, else one by one. A target that cannot be read, or must not be written, fails alone.
*/
async function survey(targets, secretName, adopt) {
	const lost = targets.filter((target) => "failure" in target);
	const reachable = targets.filter((target) => !("failure" in target));
	const surveys = [...Map.groupBy(reachable, ({ cluster }) => cluster)].map(async ([cluster, group]) => {
		try {
			const listed = group.length > 8 ? await listSecrets(cluster, secretName) : void 0;
			const isComplete = group.every(({ namespace }) => listed?.has(namespace));
			const known = listed === void 0 || isComplete ? void 0 : await listNamespaces(cluster);
			return await Promise.all(group.map((target) => examine(target, secretName, adopt, listed, known)));
		} catch (failure) {
			return group.map((target) => failed(target, failure));
		}
	});
	return [...(await Promise.all(surveys)).flat(), ...lost];
}
async function examine(target, secretName, adopt, listed, known) {
	const { cluster, namespace } = target;
	try {
		const stored = listed ? listed.get(namespace) ?? { kind: "absent" } : await readSecret$1(cluster, namespace, secretName);
		if (stored.kind === "absent" && (listed ? known?.has(namespace) === false : !await isThere(target))) throw noNamespace(target);
		const refused = refusal(stored, adopt);
		return refused === void 0 ? {
			...target,
			stored
		} : failed(target, refused);
	} catch (failure) {
		return failed(target, failure);
	}
}
function failed(target, failure) {
	return {
		...target,
		result: "failed",
		failure,
		mayHold: false
	};
}
/** Whoever may not look at namespaces learns it when writing. */
async function isThere({ cluster, namespace }) {
	return (await cluster.request({
		doing: `read the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}`,
		expect: [403, 404]
	})).status !== 404;
}
function noNamespace({ cluster, namespace }) {
	return new Failure(`The namespace ${namespace} is not in the cluster ${cluster.name}`, { cure: "Check `namespaces` and `contexts`, or create the namespace first: this action writes secrets, not namespaces." });
}
// src/state.ts
/** Before the mint: from now on a token may exist. */
function saveMint(description) {
	saveState("description", description);
	savePhase("minting");
}
function saveMintedId(tokenId) {
	saveState("token-id", tokenId);
}
/** Before the first write: from now on targets may hold the token. */
function saveWriting(tokenId, superseded) {
	saveState("brought-id", tokenId);
	saveState("superseded", superseded.join(" "));
	savePhase("writing");
}
/** Before the first revocation. */
function saveRevoking(superseded) {
	saveState("superseded", superseded.join(" "));
	savePhase("revoking");
}
function savePhase(phase) {
	saveState("phase", phase);
}
function loadState() {
	return {
		description: getState("description") || void 0,
		mintedId: getState("token-id") || void 0,
		broughtId: getState("brought-id") || void 0,
		phase: getState("phase") || "settled",
		superseded: getState("superseded").split(" ").filter(Boolean)
	};
}
// src/cluster/kubeconfig.ts
/**
* Reads a kubeconfig as kubectl does, by client-node; its secrets are masked.
* @throws Error whose message never quotes the kubeconfig
*/
function loadKubeConfig(source) {
	const config = read$1(source);
	for (const user of config.users) for (const secret of [
		user.token,
		user.password,
		user.keyData
	]) if (secret) mask(secret);
	return config;
}
function read$1(source) {
	const config = new KubeConfig();
	switch (source.kind) {
		case "text":
			parse$1(() => {
				config.loadFromString(source.text);
				addTokenFiles(config, source.text, ".");
			});
			return config;
		case "files": return source.paths.filter((path) => existsSync(path)).reduce(addFile, config);
		case "in-cluster":
			config.loadFromCluster();
			return config;
		case "server": {
			const { url, certificate, login } = source;
			const caData = certificate === void 0 ? {} : { caData: Buffer.from(certificate).toString("base64") };
			const name = new URL(url).host;
			const cluster = {
				name,
				server: url,
				skipTLSVerify: false
			};
			const user = "token" in login ? login : { authProvider: {
				name: GITHUB_OIDC,
				config: login
			} };
			config.loadFromOptions({
				clusters: [{
					...cluster,
					...caData
				}],
				users: [{
					name,
					...user
				}],
				contexts: [{
					name,
					cluster: name,
					user: name
				}],
				currentContext: name
			});
			return config;
		}
	}
}
/** Merges as kubectl does: the first to name a thing wins. client-node's own merge refuses a name that comes twice. */
function addFile(config, path) {
	const file = new KubeConfig();
	parse$1(() => {
		file.loadFromFile(path);
		addTokenFiles(file, readFileSync(path, "utf8"), dirname(path));
	}, ` in ${path}`);
	const merged = new KubeConfig();
	merged.loadFromOptions({
		clusters: firstOfEach(config.clusters, file.clusters),
		users: firstOfEach(config.users, file.users),
		contexts: firstOfEach(config.contexts, file.contexts),
		currentContext: config.currentContext || file.currentContext
	});
	return merged;
}
/** kubectl's `tokenFile`, which client-node overlooks. As its own `authProvider` the file is read again from time to time. */
function addTokenFiles(config, text, folder) {
	for (const { name, user } of asObjects(asObject(load$1(text)).users)) {
		const tokenFile = asText(asObject(user).tokenFile);
		const found = config.users.findIndex((one) => one.name === name);
		if (tokenFile === void 0 || found < 0) continue;
		const authProvider = {
			name: "tokenFile",
			config: { tokenFile: resolve(folder, tokenFile) }
		};
		config.users[found] = {
			...config.users[found],
			name: String(name),
			authProvider
		};
	}
}
function firstOfEach(earlier, later) {
	return [...earlier, ...later.filter(({ name }) => !earlier.some((one) => one.name === name))];
}
/** A parser's message quotes the lines around the mistake, and those can hold a token. */
function parse$1(read, where = "") {
	try {
		read();
	} catch (error) {
		const { mark, code, message } = error;
		const line = mark?.line === void 0 ? "" : ` at line ${mark.line + 1}`;
		const problem = mark !== void 0 ? `is not valid YAML${line}` : code !== void 0 ? `cannot be read (${code})` : "";
		throw new Error(`${problem || `is no kubeconfig: ${/is missing$/.test(message) ? message : "wrong structure"}`}${where}`);
	}
}
// src/inputs/reader.ts
/**
* Reads inputs one by one and keeps what is wrong with them, so that a run can report every mistake at once. A reading
* that fails hands back something harmless: nobody may use it before `finish` was called.
*/
var Reader = class {
	/** What may well be meant otherwise, in sentences. */
	warnings = [];
	#problems = [];
	#known = /* @__PURE__ */ new Set();
	#environment;
	constructor(environment) {
		this.#environment = environment;
	}
	/** Keeps a problem. A secret's value never belongs into it. */
	refuse(input, problem, allowed) {
		this.#problems.push(new InputError(input, problem, allowed));
	}
	/** The problems of all inputs, those included that nobody has ever asked for. */
	finish() {
		for (const variable of Object.keys(this.#environment)) {
			const name = /^INPUT_(.+)$/.exec(variable)?.[1]?.toLowerCase();
			if (name === void 0 || this.#known.has(name) || this.#environment[variable] === "") continue;
			this.refuse(name, "is not an input of this action", `The inputs are: ${[...this.#known].sort().join(", ")}.`);
		}
		return this.#problems;
	}
	text(name) {
		this.#known.add(name);
		return this.#environment[`INPUT_${name.toUpperCase()}`]?.trim() || void 0;
	}
	/** @param bare takes off what is no part of the secret */
	secret(name, bare = (value) => value) {
		const value = this.text(name);
		return value === void 0 ? void 0 : mask(bare(value));
	}
	/** A text of one form. */
	matching(name, pattern, allowed) {
		const value = this.text(name);
		if (value !== void 0 && !pattern.test(value)) this.refuse(name, `is ${quote(value)}`, allowed);
		return value;
	}
	flag(name, usual) {
		const value = this.text(name);
		if (value === void 0) return usual;
		if (/^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
		this.refuse(name, `is ${quote(value)}`, "Allowed: true, false.");
		return usual;
	}
	oneOf(name, allowed) {
		const value = this.text(name);
		const found = allowed.find((one) => one === (value ?? allowed[0]));
		if (found === void 0) this.refuse(name, `is ${quote(value ?? "")}`, `Allowed: ${allowed.join(", ")}.`);
		return found ?? allowed[0];
	}
	/** @returns milliseconds; 0 where that has a meaning of its own */
	duration(name, usual, zero = "allowed") {
		const value = this.text(name) ?? usual;
		const [, amount, unit = "s"] = /^(?:(0)|(?:(\d{1,6})([smhd])))$/.exec(value)?.filter((part) => part !== void 0) ?? [];
		if (amount === void 0 || Number(amount) === 0 && zero === "refused") {
			const least = zero === "allowed" ? "0, or a number" : "a number";
			this.refuse(name, `is ${quote(value)}`, `Allowed: ${least} with a unit, as in 90s, 5m, 12h, 30d.`);
			return 0;
		}
		return Number(amount) * SECONDS[unit] * 1e3;
	}
	count(name, usual, most) {
		const value = this.text(name) ?? String(usual);
		const number = Number(value);
		if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
		this.refuse(name, `is ${quote(value)}`, `Allowed: a whole number from 1 to ${most}.`);
		return usual;
	}
	/** Items by lines or commas; empty ones do not count. */
	list(name) {
		return (this.text(name) ?? "").split(/[\n,]/).map((item) => item.trim()).filter((item) => item !== "");
	}
	/** An origin, with a path where a service has one, without a final slash. */
	endpoint(name) {
		const value = this.text(name);
		if (value === void 0) return void 0;
		const allowed = "Allowed: an https address, as in https://api.example.com; http for this machine itself only.";
		if (!URL.canParse(value) || !isSafe(new URL(value))) {
			this.refuse(name, `is ${quote(value)}`, allowed);
			return;
		}
		const { username, password, search, hash } = new URL(value);
		if (username || password) this.refuse(name, "holds a user name or password", allowed);
		else if (search || hash) this.refuse(name, `is ${quote(value)}, with a query or fragment`, allowed);
		return value.replace(/\/+$/, "");
	}
	/** PEM, one or several certificates. */
	certificates(name) {
		const value = this.text(name);
		if (value !== void 0 && !holdsCertificates(value)) this.refuse(name, "holds no certificate that can be read", "Allowed: PEM, from -----BEGIN CERTIFICATE----- on.");
		return value;
	}
};
function holdsCertificates(pem) {
	const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
	try {
		for (const block of blocks) new X509Certificate(block);
		return blocks.length > 0;
	} catch {
		return false;
	}
}
const SECONDS = {
	s: 1,
	m: 60,
	h: 3600,
	d: 86400
};
/** A value in a sentence; a long one is cut, since a secret may have slipped into it, as may a login into an address. */
function quote(value) {
	return value.length > 80 ? `a text of ${value.length} characters` : `"${value.replace(/\/\/.*@/, "//***@")}"`;
}
// src/inputs/secret.ts
/** A name of Kubernetes, as in RFC 1123: of a secret or Pod. */
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
/** The same without dots: of a namespace or container. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const KEY = /^(?:(?=[^/]{1,253}\/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/;
function readSecret(read) {
	const name = read.matching("secret-name", SUBDOMAIN, "Allowed: lower-case letters, digits, hyphens and dots, as in my-registry.");
	const labels = readPairs(read, "labels", LABEL_VALUE);
	const annotations = readPairs(read, "annotations", /^/);
	const adopt = read.flag("adopt", false);
	const serviceAccounts = [...new Set(read.list("service-accounts"))];
	for (const account of serviceAccounts.filter((one) => one !== "*" && !SUBDOMAIN.test(one))) read.refuse("service-accounts", `holds ${quote(account)}`, "Allowed: names of service accounts, or * for all.");
	if (name === void 0 && serviceAccounts.length > 0) read.refuse("secret-name", "is missing beside `service-accounts`");
	return name === void 0 ? void 0 : {
		name,
		labels,
		annotations,
		adopt,
		serviceAccounts
	};
}
function readPairs(read, input, valuePattern) {
	const pairs = {};
	const lines = (read.text(input) ?? "").split("\n").map((line) => line.trim());
	for (const line of lines.filter((line) => line !== "")) {
		const at = line.indexOf("=");
		const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
		if (at < 1) read.refuse(input, `has the line ${quote(line)}`, "Allowed: one key=value a line.");
		else if (!KEY.test(key)) read.refuse(input, `has the key ${quote(key)}`, "Allowed: a key as Kubernetes has it, as in example.com/team.");
		else if (!valuePattern.test(value)) read.refuse(input, `has the value ${quote(value)} for ${key}`, "Allowed: up to 63 letters, digits, hyphens, underscores and dots.");
		else if (key === "app.kubernetes.io/managed-by" || key.startsWith(`registry-pull-secret/`)) read.refuse(input, `has the key ${key}`, "This one belongs to the action itself.");
		else pairs[key] = value;
	}
	return pairs;
}
// src/inputs/cluster.ts
/** @param needed whether the run has anything to do in a cluster */
function readCluster(read, environment, needed) {
	const source = readSource(read, environment, needed);
	const contexts = read.list("contexts");
	const patterns = readPatterns(read);
	const selector = read.matching("namespace-selector", /^[\w./,=!()\s-]+$/, "Allowed: a label selector as kubectl takes it, as in team=a,tier!=test.");
	if (selector === void 0 && patterns.length > 0 && patterns.every((pattern) => pattern.startsWith("!"))) read.refuse("namespaces", "only excludes", "Name what to take, too: * is all.");
	if (source === void 0) return void 0;
	const input = source.kind === "server" ? "kube-server" : "kubeconfig";
	try {
		const config = loadKubeConfig(source);
		return {
			config,
			contexts: chooseContexts(read, config, contexts, input),
			patterns,
			selector
		};
	} catch (error) {
		read.refuse(input, error.message, "Allowed: a kubeconfig as text, or the path of one.");
		return;
	}
}
function readPatterns(read) {
	const patterns = [...new Set(read.list("namespaces"))];
	for (const pattern of patterns) if (!LABEL.test(pattern.replace(/^!/, "").replaceAll("*", "x"))) read.refuse("namespaces", `holds ${quote(pattern)}`, "Allowed: names as in team-a, globs as in team-*, exclusions as in !team-x.");
	return patterns;
}
function readSource(read, environment, needed) {
	const kubeconfig = read.text("kubeconfig");
	const url = read.endpoint("kube-server");
	const certificate = read.certificates("kube-ca");
	const login = readServerLogin(read, environment);
	const isServer = read.text("kube-server") !== void 0;
	if (isServer && kubeconfig !== void 0) read.refuse("kube-server", "is given beside `kubeconfig`", "Give one of the two.");
	for (const name of SERVER_INPUTS) if (read.text(name) !== void 0 && !isServer) read.refuse(name, "is given without `kube-server`", "Give the address of the API server, too.");
	if (!needed) return void 0;
	if (isServer) return url === void 0 || login === void 0 ? void 0 : {
		kind: "server",
		url,
		certificate,
		login
	};
	if (kubeconfig !== void 0) return given(read, kubeconfig);
	return usual(read, environment);
}
const SERVER_INPUTS = [
	"kube-ca",
	"kube-token",
	"kube-oidc-audience"
];
function readServerLogin(read, environment) {
	const token = read.secret("kube-token");
	const audience = read.text("kube-oidc-audience");
	if (token !== void 0 && audience !== void 0) read.refuse("kube-oidc-audience", "is given beside `kube-token`", "Give one of the two.");
	if (token !== void 0) return { token };
	if (audience !== void 0) return readTokenService(read, environment, audience);
	if (read.text("kube-server") !== void 0) read.refuse("kube-token", "is missing beside `kube-server`", "Give the token of a ServiceAccount, or `kube-oidc-audience`.");
}
/** The runner names it to jobs that may have tokens. */
function readTokenService(read, environment, audience) {
	const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = environment;
	if (url && requestToken) return {
		url,
		requestToken: mask(requestToken),
		audience
	};
	read.refuse("kube-oidc-audience", "is given, but this job may not ask GitHub for OIDC tokens", "Give the job `permissions: id-token: write`. Pull requests from forks never get it.");
}
function given(read, kubeconfig) {
	if (/\n|^\{/.test(kubeconfig)) return {
		kind: "text",
		text: kubeconfig
	};
	if (existsSync(kubeconfig) && statSync(kubeconfig).isFile()) return {
		kind: "files",
		paths: [kubeconfig]
	};
	read.refuse("kubeconfig", `is ${quote(kubeconfig)}, and there is no such file`, "Allowed: a kubeconfig as text, or the path of one.");
}
/** As kubectl looks for it. */
function usual(read, environment) {
	const listed = environment.KUBECONFIG;
	if (listed) {
		const paths = listed.split(delimiter).filter((path) => existsSync(path));
		if (paths.length > 0) return {
			kind: "files",
			paths
		};
		read.refuse("kubeconfig", `is missing, and KUBECONFIG names ${quote(listed)}, which is not there`);
		return;
	}
	const home = join(environment.HOME ?? environment.USERPROFILE ?? "", ".kube", "config");
	if (existsSync(home)) return {
		kind: "files",
		paths: [home]
	};
	if (environment.KUBERNETES_SERVICE_HOST && existsSync(SERVICE_ACCOUNT_TOKEN)) return { kind: "in-cluster" };
	read.refuse("kubeconfig", "is missing", "Give a kubeconfig as text or path, set KUBECONFIG, or run inside the cluster.");
}
const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
function chooseContexts(read, config, asked, input) {
	const all = config.getContexts().map(({ name }) => name);
	const current = config.getCurrentContext();
	const chosen = asked.includes("*") ? all : asked.length > 0 ? [...new Set(asked)] : current ? [current] : [];
	if (chosen.length === 0) read.refuse("contexts", "is missing", `The kubeconfig has no current context. Choose from: ${all.join(", ") || "none"}.`);
	for (const name of chosen) {
		const context = config.getContextObject(name);
		if (context === null) read.refuse("contexts", `names ${quote(name)}`, `The kubeconfig has: ${all.join(", ") || "none"}.`);
		else if (config.getCluster(context.cluster) === null) read.refuse(input, `has no cluster ${quote(context.cluster)}, which its context ${quote(name)} names`);
		else if (config.getUser(context.user) === null) read.refuse(input, `has no user ${quote(context.user)}, which its context ${quote(name)} names`);
	}
	return chosen;
}
// src/inputs/credential.ts
/** The inputs that only some providers know: whoever gives one beside another must not believe that it does something. */
const KNOWN_TO = {
	"dedicated-domain": ["dedicated"],
	"api-endpoint": ["dedicated"],
	"registry-endpoint": ["dedicated"],
	"oauth-token": ["dedicated"],
	username: ["dedicated"],
	password: ["dedicated"],
	passcode: ["dedicated"],
	organization: ["dedicated"],
	"organization-guid": ["dedicated"],
	permanent: ["dedicated"],
	write: ["dedicated"],
	"api-key": ["dedicated", "ibmcloud"],
	account: ["dedicated", "ibmcloud"],
	"token-description": ["dedicated", "ibmcloud"],
	"service-id": ["ibmcloud"],
	"iam-endpoint": ["ibmcloud"],
	"docker-password": ["static"]
};
/** The runner gives every input that has a default in action.yml: these values say nothing. */
const USUAL = {
	permanent: "true",
	write: "false"
};
/** Where the credential comes from. */
function readCredential(read) {
	const provider = read.oneOf("provider", [
		"dedicated",
		"ibmcloud",
		"static"
	]);
	for (const [name, providers] of Object.entries(KNOWN_TO)) {
		const value = read.text(name);
		if (value === void 0 || value.toLowerCase() === USUAL[name] || providers.includes(provider)) continue;
		const owners = providers.map((one) => `\`provider: ${one}\``).join(" and ");
		read.refuse(name, `is given beside \`provider: ${provider}\``, `It belongs to ${owners}.`);
	}
	switch (provider) {
		case "dedicated": return readDedicated(read);
		case "ibmcloud": return readIbmcloud(read);
		case "static": return {
			provider,
			password: needed(read, "docker-password", read.secret("docker-password"), provider)
		};
	}
}
function readDedicated(read) {
	const domain = read.matching("dedicated-domain", /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/i, "Allowed: a domain alone, as in cfsdedicated1.us-south.bluemix.net.");
	const asksApi = read.text("organization-guid") === void 0 || [
		"username",
		"api-key",
		"passcode"
	].some((name) => read.text(name) !== void 0);
	return {
		provider: "dedicated",
		apiEndpoint: endpoint(read, "api-endpoint", domain && `https://api.${domain}`, asksApi),
		registryEndpoint: endpoint(read, "registry-endpoint", domain && `https://registry.${domain}`, true),
		login: readLogin(read),
		organization: readOrganization(read),
		account: readAccount(read),
		permanent: read.flag("permanent", true),
		write: read.flag("write", false)
	};
}
function readIbmcloud(read) {
	const serviceId = read.matching("service-id", /^(iam-)?ServiceId-[\w-]+$/, "Allowed: a service ID as in ServiceId-1234 or iam-ServiceId-1234; its name is not enough.");
	return {
		provider: "ibmcloud",
		iamEndpoint: read.endpoint("iam-endpoint") ?? "https://iam.cloud.ibm.com",
		apiKey: needed(read, "api-key", read.secret("api-key"), "ibmcloud"),
		account: needed(read, "account", readAccount(read), "ibmcloud"),
		serviceId: `iam-${needed(read, "service-id", serviceId, "ibmcloud").replace(/^iam-/, "")}`
	};
}
function needed(read, name, value, provider) {
	if (value === void 0) read.refuse(name, `is missing, and \`provider: ${provider}\` needs it`, IF_SECRET);
	return value ?? "";
}
const IF_SECRET = "If it comes from a secret or an earlier step, check that this workflow has it.";
function readAccount(read) {
	return read.matching("account", /^[\w.-]+$/, "Allowed: an account id of letters, digits and hyphens.");
}
function endpoint(read, name, usual, isNeeded) {
	const given = read.text(name);
	const value = given === void 0 ? usual : read.endpoint(name);
	if (isNeeded && given === void 0 && usual === void 0) read.refuse(name, "is missing", "Give `dedicated-domain`, or this address itself.");
	return value ?? "";
}
function readLogin(read) {
	const token = read.secret("oauth-token", (value) => value.replace(/^bearer\s+/i, ""));
	const username = read.text("username");
	const password = read.secret("password");
	const apiKey = read.secret("api-key");
	const passcode = read.secret("passcode");
	if (username === void 0 !== (password === void 0)) {
		const [missing, given] = username === void 0 ? ["username", "password"] : ["password", "username"];
		read.refuse(missing, `is missing beside \`${given}\``, "If it comes from a secret, check that this workflow has it.");
	}
	const logins = Object.entries({
		"oauth-token": token,
		username,
		"api-key": apiKey,
		passcode
	}).flatMap(([name, value]) => value === void 0 ? [] : [name]);
	if (logins.length > 1) for (const name of logins.slice(1)) read.refuse(name, `is given beside \`${logins[0]}\``, "Give one login only.");
	if (token !== void 0 && /\s/.test(token)) read.refuse("oauth-token", "has a space inside", "Allowed: a token, with or without the word Bearer before it.");
	if (token !== void 0) return {
		method: "oauth-token",
		token
	};
	if (username !== void 0 && password !== void 0) return {
		method: "password",
		username,
		password
	};
	if (apiKey !== void 0) return {
		method: "api-key",
		apiKey
	};
	if (passcode !== void 0) return {
		method: "passcode",
		passcode
	};
	return { method: "cli" };
}
function readOrganization(read) {
	const name = read.text("organization");
	const guid = read.matching("organization-guid", /^[\w-]+$/, "Allowed: a GUID of letters, digits and hyphens.");
	if (name !== void 0 && guid !== void 0) read.refuse("organization-guid", "is given beside `organization`", "Give one of the two.");
	if (name === void 0 && guid === void 0) read.refuse("organization", "is missing", "Give the name of the Cloud Foundry organization, or `organization-guid`.");
	return guid === void 0 ? { name: name ?? "" } : { guid };
}
// src/workload/manifest.ts
/** Larger than any manifest that etcd could hold in some dozens of objects. */
const LARGEST_MANIFEST = 10485760;
/** What aliases may multiply a manifest to. */
const MOST_NODES = 5e5;
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);
/**
* Reads the objects of a manifest: YAML or JSON, many documents, lists taken apart.
* @param source how the manifest is called in errors
* @throws Error that names the source, the document and the line
*/
function parseManifest(text, source) {
	if (Buffer.byteLength(text) > LARGEST_MANIFEST) throw new Error(`${source} is larger than 10 MiB`);
	const objects = load(text, source).filter(({ value }) => value !== null && value !== void 0).flatMap(({ value, where }) => {
		countNodes(value, where);
		return takeApart(value, where);
	});
	if (objects.length === 0) throw new Error(`${source} holds no object`);
	return objects;
}
function load(text, source) {
	try {
		const events = parseEvents(text, {});
		const starts = events.flatMap(({ type }, index) => type === EVENT_ID.DOCUMENT ? [startOf(events[index + 1])] : []);
		return constructFromEvents(events, {
			source: text,
			schema: SCHEMA
		}).map((value, index) => ({
			value,
			where: () => `${source}, document ${index + 1} (line ${text.slice(0, starts[index]).split("\n").length})`
		}));
	} catch (error) {
		const { reason = "it cannot be read", mark } = error;
		throw new Error(`${source} is not valid YAML${mark ? `, line ${mark.line + 1}` : ""}: ${reason}`);
	}
}
/** Where the first node of a document is. */
function startOf(first) {
	return first === void 0 ? 0 : "start" in first ? first.start : "valueStart" in first ? first.valueStart : 0;
}
function takeApart(value, where) {
	const object = asObject(value);
	const { items } = object;
	const kind = asText(object.kind);
	const hasName = asText(asObject(object.metadata).name) !== void 0;
	if (kind?.endsWith("List") && Array.isArray(items) && !hasName) return items.flatMap((item, index) => takeApart(item, () => `${where()}, item ${index + 1}`));
	const missing = [
		...asText(object.apiVersion) === void 0 ? ["apiVersion"] : [],
		...kind === void 0 ? ["kind"] : [],
		...hasName ? [] : ["metadata.name"]
	];
	if (missing.length > 0) throw new Error(`${where()} is no Kubernetes object: it lacks ${missing.join(" and ")}`);
	return [object];
}
/** Aliases make small texts into huge or endless objects: what would be sent is counted, shared parts each time. */
function countNodes(value, where) {
	const pending = [value];
	for (let count = 1; pending.length > 0; count++) {
		if (count > MOST_NODES) throw new Error(`${where()} grows too large by its aliases`);
		const next = pending.pop();
		if (typeof next !== "object" || next === null) continue;
		for (const child of Object.values(next)) pending.push(child);
	}
}
/** The Pod of the document, with this image. */
function podManifest(pod) {
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: pod.name },
		spec: { containers: [{
			name: pod.container,
			image: pod.image
		}] }
	};
}
// src/registry/image-match.ts
/** How a node reads a key of a docker config: the scheme and an API version before the path do not count. */
function parseServer(server) {
	const [, host = "", path = ""] = /^(?:https?:\/\/)?([^/]*)(.*)$/.exec(server) ?? [];
	return {
		host,
		path: path.replace(/^\/v[12]\//, "/")
	};
}
/** Whether no image can be meant: a version without a final slash, or a path that no repository may have, is compared as it is. */
function matchesNothing(server) {
	const { path } = parseServer(server);
	return /^\/v[12]$/.test(path) || !/^[a-z0-9._/-]*$/.test(path);
}
/**
* Whether a node uses the entry of this host for an image: host and port are equal as texts, and the path of the image
* begins with that of the entry.
* @param image with its registry host
*/
function matchesImage(server, image) {
	const { host, path } = parseServer(server);
	const slash = image.indexOf("/");
	const imageHost = image.slice(0, slash);
	const isHub = /^(index\.)?docker\.io$/;
	return (host === imageHost || isHub.test(host) && isHub.test(imageHost)) && image.slice(slash).startsWith(path);
}
// src/inputs/registry.ts
function readRegistry(read, credential) {
	const given = read.list("docker-server");
	for (const server of given) checkServer(read, server);
	const usual = usualFor(credential);
	const servers = given.length > 0 ? [...new Set(given)] : usual.servers;
	const username = read.matching("docker-username", /^[^:\s]+$/, "Allowed: a name without colons and spaces.") ?? usual.username;
	for (const [name, value] of Object.entries({
		"docker-server": servers,
		"docker-username": username
	})) {
		if (value !== void 0) continue;
		read.refuse(name, `is missing, and \`provider: ${credential.provider}\` needs it`, EXAMPLES[name]);
	}
	return {
		servers: servers ?? [],
		username: username ?? "",
		email: read.matching("docker-email", /^\S+$/, "Allowed: an address without spaces."),
		image: readImage(read, servers ?? [])
	};
}
/** What each provider's credentials are for, where it is known. */
function usualFor(credential) {
	switch (credential.provider) {
		case "dedicated": {
			const { registryEndpoint: url } = credential;
			return {
				servers: URL.canParse(url) ? [new URL(url).host] : [],
				username: "token"
			};
		}
		case "ibmcloud": return {
			servers: void 0,
			username: "iamapikey"
		};
		case "static": return {
			servers: void 0,
			username: void 0
		};
	}
}
const EXAMPLES = {
	"docker-server": "Give the registry hosts, as in us.icr.io or ghcr.io.",
	"docker-username": "Give the user name that the login of the registry gave."
};
const SERVER = /^(https?:\/\/)?((?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?)(\/\S*)?$/;
function checkServer(read, server) {
	const [, scheme, host = ""] = SERVER.exec(server) ?? [];
	const allowed = "Allowed: hosts in lower case, with a port where they have one, as in registry.example.com:5000.";
	const hub = server.includes("docker.io") ? "https://index.docker.io/v1/" : host;
	if (host === "") read.refuse("docker-server", `holds ${quote(server)}`, allowed);
	else if (scheme === "http://" && !isLoopback(host.replace(/:\d+$/, ""))) read.refuse("docker-server", `holds ${quote(server)}, which is not https`, allowed);
	else if (matchesNothing(server)) read.refuse("docker-server", `holds ${quote(server)}, which nodes take for no image at all`, `Give ${hub} instead.`);
}
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;
function readImage(read, servers) {
	const value = read.text("verify-image");
	if (value === void 0) return void 0;
	const server = servers.find((one) => value.startsWith(`${one}/`));
	const image = parseImage(server === void 0 ? value : value.slice(server.length + 1));
	if (server === void 0 && hasHost(value)) read.warnings.push(`\`verify-image\` begins with ${quote(value.split("/")[0] ?? "")}, which is none of \`docker-server\`: it is taken for a namespace.`);
	if (image === void 0) read.refuse("verify-image", `is ${quote(value)}`, "Allowed: namespace/image, with :tag or @digest, without a registry host.");
	return image;
}
function parseImage(value) {
	const [, repository = "", tag, digest] = /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(value) ?? [];
	return REPOSITORY.test(repository) && TAG.test(tag ?? "latest") && (digest === void 0 || DIGEST.test(digest)) ? {
		repository,
		reference: digest ?? tag ?? "latest"
	} : void 0;
}
/** The whole name of an image: one without a registry host gets this one, one without a tag gets `latest`. */
function wholeImage(image, server) {
	const named = hasHost(image) ? image : `${server.replace(/^https?:\/\//, "").replace(/\/.*$/, "")}/${image}`;
	return /[:@][^/]*$/.test(named.slice(named.indexOf("/"))) ? named : `${named}:latest`;
}
function hasHost(image) {
	const [first = "", ...rest] = image.split("/");
	return rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
}
/** An image whose host is none of the secret's is pulled without it: the usual reason of `ImagePullBackOff`. */
function warnOfMismatch(read, image, servers) {
	if (servers.length === 0 || servers.some((server) => matchesImage(server, image))) return;
	read.warnings.push(`Nodes use none of \`docker-server\` (${servers.join(", ")}) for the \`image\` ${image}: host and port must be the same texts.`);
}
// src/inputs/deploy.ts
function readDeploy(read, servers) {
	const fromFiles = read.list("manifest-files").flatMap((pattern) => findFiles(read, pattern)).flatMap((path) => parse(read, "manifest-files", () => parseManifest(readFileSync(path, "utf8"), path)));
	const text = read.text("manifest");
	const inline = text === void 0 ? [] : parse(read, "manifest", () => parseManifest(text, "the manifest"));
	const pod = readPod(read, servers);
	if (pod !== void 0 && (text !== void 0 || read.text("manifest-files") !== void 0)) read.refuse("image", "is given beside a manifest", "Give `manifest` and `manifest-files`, or `image` and `pod-name`.");
	const waitTimeout = read.duration("wait-timeout", "5m");
	const recreatePods = read.flag("recreate-pods", false);
	const objects = [
		...fromFiles,
		...inline,
		...pod ?? []
	];
	return objects.length === 0 ? void 0 : {
		objects,
		waitTimeout,
		recreatePods
	};
}
function readPod(read, servers) {
	const image = read.matching("image", /^[\w./:@-]+$/, "Allowed: namespace/image, with a registry host, :tag or @digest.");
	const name = read.matching("pod-name", SUBDOMAIN, "Allowed: lower-case letters, digits, hyphens and dots, as in my-pod.");
	const container = read.matching("container-name", LABEL, "Allowed: lower-case letters, digits and hyphens, as in web.");
	if (image !== void 0 && name === void 0) read.refuse("pod-name", "is missing beside `image`");
	for (const [input, value] of Object.entries({
		"pod-name": name,
		"container-name": container
	})) if (value !== void 0 && image === void 0) read.refuse(input, "is given without `image`", "Give the image of the Pod, too.");
	if (image === void 0 || name === void 0) return void 0;
	const usual = name.replaceAll(".", "-").slice(0, 63);
	const whole = wholeImage(image, servers[0] ?? "");
	warnOfMismatch(read, whole, servers);
	return [podManifest({
		name,
		container: container ?? usual,
		image: whole
	})];
}
/** A path, the manifests right inside a directory as kubectl takes them, or a glob. */
function findFiles(read, pattern) {
	const files = (existsSync(pattern) ? [pattern] : globSync(pattern).sort()).flatMap((path) => statSync(path).isDirectory() ? manifestsIn(path) : [path]);
	if (files.length === 0) read.refuse("manifest-files", `names ${quote(pattern)}, and no manifest is there`, "Allowed: paths, directories and globs of .yaml, .yml and .json files. Is the repository checked out?");
	return files;
}
function manifestsIn(directory) {
	return readdirSync(directory).filter((name) => /\.(ya?ml|json)$/.test(name)).sort().map((name) => join(directory, name));
}
function parse(read, input, body) {
	try {
		return body();
	} catch (error) {
		read.refuse(input, `cannot be used: ${error.message}`);
		return [];
	}
}
// src/inputs.ts
/** What the post step needs to log in again. */
function loadCleanupInputs(environment = process.env) {
	const read = new Reader(environment);
	return {
		credential: readCredential(read),
		certificates: read.certificates("ca-certificates")
	};
}
/**
* The only reader of inputs and environment.
* @throws Failures with one InputError for each mistake
*/
function loadInputs(environment = process.env) {
	const read = new Reader(environment);
	const credential = readCredential(read);
	const registry = readRegistry(read, credential);
	const secret = readSecret(read);
	const deploy = readDeploy(read, registry.servers);
	const cluster = readCluster(read, environment, secret !== void 0 || deploy !== void 0);
	const inputs = {
		credential,
		registry,
		description: read.matching("token-description", /^[\x20-\x7e]{1,200}$/, "Allowed: up to 200 printable ASCII characters.") ?? [
			"registry-pull-secret",
			environment.GITHUB_REPOSITORY,
			secret?.name
		].filter(Boolean).join(" "),
		secret,
		cluster,
		deploy,
		maxAge: read.duration("max-age", "30d"),
		revoke: read.oneOf("revoke", ["superseded", "never"]),
		dryRun: read.flag("dry-run", false),
		timeout: read.duration("timeout", "15m", "refused"),
		concurrency: read.count("concurrency", 16, 256),
		certificates: read.certificates("ca-certificates"),
		warnings: read.warnings,
		run: workflowRun(environment)
	};
	const problems = read.finish();
	if (problems.length > 0) throw new Failures([...problems], "Some inputs cannot be used");
	return inputs;
}
function workflowRun({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT }) {
	const attempt = Number(GITHUB_RUN_ATTEMPT ?? 1) > 1 ? `/attempts/${GITHUB_RUN_ATTEMPT}` : "";
	return {
		url: GITHUB_RUN_ID ? `${GITHUB_SERVER_URL ?? "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}` : "",
		id: [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT].filter(Boolean).join(".")
	};
}
// src/issuer/dedicated/cli.ts
const PROGRAMS = ["ibmcloud", "bx"];
/**
* The UAA access token of the CLI session on this machine: `ibmcloud iam oauth-tokens`, else the same by `bx`. What the
* program prints is never echoed: it holds tokens.
*/
async function readCliSession() {
	for (const program of PROGRAMS) {
		const output = await run(program);
		if (output !== void 0) return uaaToken(program, output);
	}
	throw new Failure("Could not log in: no login was given, and neither `ibmcloud` nor `bx` is on the PATH", { cure: "Give `oauth-token`, `username` and `password`, `api-key` or `passcode`; or log in with the CLI in an earlier step." });
}
async function run(program) {
	const command = `${program} iam oauth-tokens`;
	const result = await getExecOutput(program, ["iam", "oauth-tokens"], {
		silent: true,
		ignoreReturnCode: true
	}).catch((error) => {
		if (error instanceof Error && error.message.startsWith("Unable to locate executable file")) return void 0;
		throw new Failure(`Could not log in: \`${command}\` could not be started`, { cause: error });
	});
	if (result === void 0) return void 0;
	for (const [, token] of result.stdout.matchAll(/token:\s+(?:Bearer\s+)?(\S+)/gi)) mask(token ?? "");
	if (result.exitCode !== 0) throw new Failure(`Could not log in: \`${command}\` ended with exit code ${result.exitCode}`, { cure: `Log in before this step: \`${program} login -a https://api.<dedicated-domain>\`.` });
	return result.stdout;
}
/** The line is found by its name: newer programs print the IAM line only, and the order never was a promise. */
function uaaToken(program, output) {
	const token = /^\s*UAA token:\s+(?:Bearer[^\S\n]+)?(?!Bearer\s*$)(\S+)\s*$/im.exec(output)?.[1];
	if (token !== void 0) return token;
	throw new Failure(`Could not log in: \`${program} iam oauth-tokens\` printed no line "UAA token:"`, { cure: `The session has no Cloud Foundry login: \`${program} login -a https://api.<dedicated-domain>\`, if need be with --no-iam.` });
}
// src/issuer/dedicated/endpoints.ts
/**
* Asks the Cloud Foundry API where to log in: `GET /v2/info`, and `GET /` where that is gone.
* @returns the authorization endpoint without a final slash; it can have a path (`https://login.…/UAALoginServerWAR`)
*/
async function discoverLogin(send, apiEndpoint) {
	const doing = `find the login server of ${apiEndpoint}`;
	const cures = { 404: "Check `api-endpoint`: it must be the Cloud Foundry API, as in https://api.<dedicated-domain>." };
	const info = await send({
		doing,
		url: `${apiEndpoint}/v2/info`,
		expect: [
			403,
			404,
			410,
			501
		]
	});
	const endpoint = info.status === 200 ? info.json().authorization_endpoint : void 0;
	if (isAddress(endpoint)) return withoutSlash(endpoint);
	const href = (await send({
		doing,
		url: `${apiEndpoint}/`,
		cures
	})).json().links?.login?.href;
	if (isAddress(href)) return withoutSlash(href);
	throw new UnexpectedAnswer(doing, `GET ${apiEndpoint}/`, "it names no login server");
}
function isAddress(value) {
	return typeof value === "string" && URL.canParse(value);
}
function withoutSlash(url) {
	return url.replace(/\/+$/, "");
}
// src/issuer/dedicated/access-token.ts
/** The client id `cf` with its empty secret, as every Cloud Foundry client sends it: not a secret. */
const CF_CLIENT = `Basic ${Buffer.from("cf:").toString("base64")}`;
/** @returns the value of a UAA access token, without the word `Bearer` */
async function getAccessToken$1(send, apiEndpoint, login) {
	switch (login.method) {
		case "oauth-token": return login.token;
		case "cli": return await readCliSession();
		case "password": return await grant(send, apiEndpoint, {
			username: login.username,
			password: login.password
		}, PASSWORD_CURE);
		case "api-key": return await grant(send, apiEndpoint, {
			username: "apikey",
			password: login.apiKey
		}, API_KEY_CURE);
		case "passcode": return await grant(send, apiEndpoint, { passcode: login.passcode }, PASSCODE_CURE);
	}
}
const PASSWORD_CURE = "Check `username` and `password`. It was tried once only, since failed logins lock the account. Federated users log in with `api-key` or `passcode`.";
const API_KEY_CURE = "Check `api-key`: it must be an IBM Cloud API key of a user of this Dedicated environment.";
const PASSCODE_CURE = "A passcode works once and for some minutes: get a new one from the page /passcode of the login server, or use `api-key` in workflows.";
/**
* The password grant. Its request is never repeated, not even after an unclear answer: failed logins lock the account,
* and a passcode works once.
*/
async function grant(send, apiEndpoint, form, cure) {
	const server = await discoverLogin(send, apiEndpoint);
	const doing = `log in at ${server}`;
	const token = (await send({
		doing,
		method: "POST",
		url: `${server}/oauth/token`,
		headers: { "content-type": "application/x-www-form-urlencoded" },
		credentials: { authorization: CF_CLIENT },
		body: new URLSearchParams({
			grant_type: "password",
			...form
		}).toString(),
		cures: {
			400: cure,
			401: cure,
			403: cure
		}
	})).json().access_token;
	if (typeof token !== "string" || token === "") throw new UnexpectedAnswer(doing, `POST ${server}/oauth/token`, "it holds no access_token");
	return mask(token);
}
// src/issuer/dedicated/organization.ts
/** More pages than any Cloud Controller has organizations for; a server that never ends them is broken. */
const MOST_PAGES$1 = 1e3;
/**
* The GUID of an organization: by API v3, else by v2, reading all pages, by exact name.
* @throws Failure when no organization, or more than one, has that name
*/
async function getOrganizationGuid(send, apiEndpoint, accessToken, organization) {
	if ("guid" in organization) return organization.guid;
	const { name } = organization;
	const get = (path, expect) => send({
		doing: `look up the organization "${printable(name)}" at ${apiEndpoint}`,
		url: apiEndpoint + path,
		credentials: { authorization: `Bearer ${accessToken}` },
		expect,
		cures: {
			401: LOGIN_CURE,
			403: LOGIN_CURE
		}
	});
	const found = await v3(get, name) ?? await v2(get, name);
	const guids = new Set(found.filter((one) => one.name === name).map((one) => one.guid));
	const [guid] = guids;
	if (guid !== void 0 && guids.size === 1) return guid;
	throw guids.size > 1 ? severalOf(name, guids) : noneOf(name, found, apiEndpoint);
}
const LOGIN_CURE = "The login was accepted earlier or given as a token, and not here: it may have ended, or be meant for another environment.";
/** @returns undefined where the API has no v3 */
async function v3(get, name) {
	return await pages(get, `/v3/organizations?names=${encodeURIComponent(name.replace(/[%,+]/g, encodeURIComponent))}&per_page=100`, (page) => ({
		found: asObjects(page.resources).flatMap((one) => found(one.guid, one.name)),
		next: asObject(asObject(page.pagination).next).href
	}));
}
async function v2(get, name) {
	const all = await pages(get, `/v2/organizations?q=${encodeURIComponent(`name:${name.replaceAll(";", ";;")}`)}&results-per-page=100`, (page) => ({
		found: asObjects(page.resources).flatMap((one) => found(asObject(one.metadata).guid, asObject(one.entity).name)),
		next: page.next_url
	}));
	if (all !== void 0) return all;
	throw new Failure("The API has neither /v3/organizations nor /v2/organizations", { cure: "Check `api-endpoint`: it must be the Cloud Foundry API, as in https://api.<dedicated-domain>." });
}
async function pages(get, first, read) {
	const all = [];
	let path = first;
	for (let count = 0; path !== void 0 && count < MOST_PAGES$1; count++) {
		const answer = await get(path, count === 0 ? [404] : []);
		if (answer.status === 404) return void 0;
		const page = read(answer.json());
		all.push(...page.found);
		path = nextPath(page.next);
	}
	return all;
}
/** A link to the next page may be relative or absolute; the token goes to our endpoint only, so its host is ignored. */
function nextPath(link) {
	if (typeof link !== "string" || !URL.canParse(link, "https://host")) return void 0;
	const { pathname, search } = new URL(link, "https://host");
	return pathname + search;
}
function found(guid, name) {
	return typeof guid === "string" && typeof name === "string" ? [{
		guid,
		name
	}] : [];
}
function noneOf(name, found, apiEndpoint) {
	const alike = found.map((one) => `"${printable(one.name)}"`).join(", ");
	return new Failure(`No organization "${printable(name)}" at ${apiEndpoint}${alike && `, only ${alike}`}`, { cure: "Check `organization` (upper and lower case count), and that this login is a member of it; or give `organization-guid`." });
}
function severalOf(name, guids) {
	const ids = [...guids].map(printable).join(", ");
	return new Failure(`${guids.size} organizations are called "${printable(name)}": ${ids}`, { cure: "Give the right one as `organization-guid`." });
}
// src/issuer/dedicated/registry-token.ts
/** The registry's token API, `/api/v1/tokens`. */
function registryTokens(send, request) {
	const tokens = `${request.registryEndpoint}/api/v1/tokens`;
	const call = {
		credentials: {
			authorization: `Bearer ${request.accessToken}`,
			organization: request.organizationGuid,
			...request.account === void 0 ? {} : { account: request.account }
		},
		cures: CURES$1
	};
	async function mint(description) {
		const query = new URLSearchParams({
			description,
			permanent: String(request.permanent),
			write: String(request.write)
		});
		const doing = `mint a registry token at ${request.registryEndpoint}`;
		return read((await send({
			...call,
			doing,
			method: "POST",
			url: `${tokens}?${query}`
		}).catch(discontinued)).json().token, doing, `POST ${tokens}`);
	}
	async function list() {
		const doing = `list the registry tokens at ${request.registryEndpoint}`;
		return asObjects((await send({
			...call,
			doing,
			url: tokens
		})).json().tokens).filter(({ revoked }) => revoked !== true).flatMap(({ _id, secondary_owner }) => {
			const id = asText(_id);
			return id === void 0 ? [] : [{
				id,
				description: asText(secondary_owner) ?? ""
			}];
		});
	}
	async function recover(id) {
		const doing = `read the registry token ${printable(id)} at ${request.registryEndpoint}`;
		const url = `${tokens}/${encodeURIComponent(id)}`;
		return read((await send({
			...call,
			doing,
			url
		})).json().token, doing, `GET ${url}`);
	}
	async function identify(value) {
		return asText(claimsOf(value).jti);
	}
	async function revoke(id) {
		if (/^\.{0,2}$/.test(id)) throw new Failure(`Could not revoke a registry token: "${id}" is no id`);
		const doing = `revoke the registry token ${printable(id)} at ${request.registryEndpoint}`;
		await send({
			...call,
			doing,
			method: "DELETE",
			url: `${tokens}/${encodeURIComponent(id)}`,
			expect: [404]
		});
	}
	return {
		mint,
		list,
		recover,
		identify,
		revoke
	};
}
const CURES$1 = {
	401: "The registry does not take this login for this organization: check the login, `organization` and `account`.",
	403: "This login may not manage registry tokens of the organization: ask its manager for that role.",
	404: "Check `registry-endpoint`: it must be the registry of the Dedicated environment, as in https://registry.<dedicated-domain>."
};
function discontinued(error) {
	if (error instanceof HttpError && error.status === 410) throw new Failure(error.message, {
		cause: error,
		cure: "This registry no longer mints tokens: use `provider: ibmcloud`, which mints an API key of a service ID."
	});
	throw error;
}
/** A registry token is a JWT: its id is the claim `jti`, and it ends unless it is permanent. */
function read(value, doing, from) {
	if (typeof value !== "string" || value === "") throw new UnexpectedAnswer(doing, from, "it holds no token");
	mask(value);
	const claims = claimsOf(value);
	const id = asText(claims.jti);
	if (id === void 0) throw new UnexpectedAnswer(doing, from, "its token has no id (the claim jti)");
	return {
		id,
		value,
		expiresAt: expiryOf(claims)
	};
}
// src/issuer/dedicated/session.ts
/** Logs in and finds the organization, whose registry tokens are the credentials. */
function dedicated(request) {
	return {
		given: void 0,
		async open(send) {
			const accessToken = await getAccessToken$1(send, request.apiEndpoint, request.login);
			const organizationGuid = await getOrganizationGuid(send, request.apiEndpoint, accessToken, request.organization);
			return {
				organizationGuid,
				issuer: (through) => registryTokens(through, {
					...request,
					accessToken,
					organizationGuid
				})
			};
		},
		revocationByHand: (id) => `Revoke it yourself: DELETE ${request.registryEndpoint}/api/v1/tokens/${id} with the headers Authorization (a UAA token) and Organization (its GUID).`
	};
}
// src/issuer/ibmcloud/api-key.ts
/** More pages than a service ID may have keys for; a server that never ends them is broken. */
const MOST_PAGES = 100;
/** The API keys of a service ID, by IAM's `/v1/apikeys`. */
function serviceIdKeys(send, { iamEndpoint, account, serviceId }, accessToken) {
	const keys = `${iamEndpoint}/v1/apikeys`;
	const whose = `of the service ID ${serviceId} at ${iamEndpoint}`;
	const call = async (more = {}) => ({
		credentials: {
			authorization: `Bearer ${await accessToken()}`,
			...more
		},
		cures: CURES
	});
	async function mint(description) {
		const doing = `mint an API key ${whose}`;
		const body = {
			name: MANAGER,
			description,
			iam_id: serviceId,
			account_id: account,
			store_value: false
		};
		const said = (await send({
			...await call(),
			doing,
			method: "POST",
			url: keys,
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body)
		}).catch(atItsLimit)).json();
		const value = asText(said.apikey);
		if (value !== void 0) mask(value);
		const id = asText(said.id);
		if (value === void 0 || id === void 0) throw new UnexpectedAnswer(doing, `POST ${keys}`, "it holds no API key");
		const end = new Date(asText(said.expires_at) ?? "");
		return {
			id,
			value,
			expiresAt: Number.isNaN(end.getTime()) ? void 0 : end
		};
	}
	async function list() {
		const found = [];
		const query = new URLSearchParams({
			account_id: account,
			iam_id: serviceId,
			pagesize: "100"
		});
		for (let page = 0; page < MOST_PAGES; page++) {
			const said = (await send({
				...await call(),
				doing: `list the API keys ${whose}`,
				url: `${keys}?${query}`
			})).json();
			for (const { id, description } of asObjects(said.apikeys)) if (asText(id) !== void 0) found.push({
				id: String(id),
				description: asText(description) ?? ""
			});
			const next = pageToken(said.next);
			if (next === void 0) break;
			query.set("pagetoken", next);
		}
		return found;
	}
	/** IAM shows the value of a key once, when it is created. */
	async function recover(id) {
		await revoke(id);
	}
	/** Whoever may write the secret could put a key of others into it: only one of our name and service ID is ours. */
	async function identify(value) {
		const answer = await send({
			...await call({ "iam-apikey": value }),
			doing: `look up a stored API key at ${iamEndpoint}`,
			url: `${keys}/details`,
			expect: [
				400,
				403,
				404
			]
		});
		if (answer.status !== 200) return void 0;
		const { id, name, iam_id } = answer.json();
		return name === "registry-pull-secret" && iam_id === serviceId ? asText(id) : void 0;
	}
	async function revoke(id) {
		if (!/^[\w-]+$/.test(id)) throw new Failure(`Could not delete an API key: "${printable(id)}" is no id`);
		const request = {
			...await call(),
			doing: `delete the API key ${id} ${whose}`,
			url: `${keys}/${id}`,
			expect: [404]
		};
		try {
			await send({
				...request,
				method: "DELETE"
			});
		} catch (error) {
			if (error instanceof HttpError && error.status < 500 && await isLocked(request)) throw locked(id, error);
			throw error;
		}
	}
	async function isLocked(request) {
		return await send(request).then((answer) => answer.json().locked === true, () => false);
	}
	return {
		mint,
		list,
		recover,
		identify,
		revoke
	};
}
const CURES = {
	400: "Check `service-id` and `account`: the service ID must be one of that account.",
	401: "IAM no longer takes the login of this run: check that `api-key` is still alive.",
	403: "Give the owner of `api-key` the role Operator for this service ID, or Administrator of the IAM Identity Service.",
	404: "Check `service-id` and `account`, and that `iam-endpoint` is IAM, as in https://iam.cloud.ibm.com."
};
/** The link to the next page is a full one. Only its token is taken, so that the login goes to our endpoint alone. */
function pageToken(link) {
	const url = asText(link);
	if (url === void 0 || !URL.canParse(url, "https://host")) return void 0;
	return new URL(url, "https://host").searchParams.get("pagetoken") ?? void 0;
}
function atItsLimit(error) {
	if (error instanceof HttpError && error.status !== 429 && error.status < 500 && /limit|exceed|maximum|too many/i.test(error.detail)) throw new Failure(error.message, {
		cause: error,
		cure: "Delete API keys of the service ID that nobody uses: `ibmcloud iam service-api-keys <service id>` lists them with their descriptions."
	});
	throw error;
}
function locked(id, cause) {
	return new Failure(`${cause.message}: the key is locked`, {
		cause,
		cure: `Unlock it, and the next run that mints deletes it: \`ibmcloud iam service-api-key-unlock ${id} <service id>\`.`
	});
}
// src/issuer/ibmcloud/iam-token.ts
/** A run can last longer than a token, which ends after an hour at most: the last fifth of its life is not relied on. */
const RELIABLE_PART = .8;
/** Logs in by an API key, and again when the token is about to end. */
function createLogin(request) {
	let token;
	return async (send) => {
		if (token === void 0 || token.renewAt <= Date.now()) token = await getAccessToken(send, request);
		return token.value;
	};
}
async function getAccessToken(send, { iamEndpoint, apiKey }) {
	const doing = `log in at ${iamEndpoint}`;
	const url = `${iamEndpoint}/identity/token`;
	const { access_token, expires_in } = (await send({
		doing,
		method: "POST",
		url,
		headers: { "content-type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({
			grant_type: "urn:ibm:params:oauth:grant-type:apikey",
			apikey: apiKey
		}).toString(),
		cures: {
			400: CURE,
			401: CURE,
			403: CURE,
			404: "Check `iam-endpoint`: usually https://iam.cloud.ibm.com."
		}
	})).json();
	const value = asText(access_token);
	if (value === void 0) throw new UnexpectedAnswer(doing, `POST ${url}`, "it holds no access_token");
	const life = typeof expires_in === "number" ? expires_in * 1e3 : 0;
	return {
		value: mask(value),
		renewAt: Date.now() + life * RELIABLE_PART
	};
}
const CURE = "Check `api-key`: it must be a live IBM Cloud API key that manages the service ID, neither deleted, disabled nor of another environment.";
// src/issuer/ibmcloud/session.ts
/** Logs in to IAM, where each credential is an API key of the service ID. */
function ibmcloud(request) {
	return {
		given: void 0,
		async open(send) {
			const accessToken = createLogin(request);
			await accessToken(send);
			return {
				organizationGuid: void 0,
				issuer: (through) => serviceIdKeys(through, request, () => accessToken(through))
			};
		},
		revocationByHand: (id) => `Delete it yourself: \`ibmcloud iam service-api-key-delete ${id} ${request.serviceId.replace("iam-", "")}\`, or in the console.`
	};
}
// src/issuer/static.ts
/** There is nobody to log in to: such a credential is only carried. Where the password is a JWT, its end is known. */
function givenCredential({ password }) {
	return {
		given: {
			value: password,
			expiresAt: expiryOf(claimsOf(password))
		},
		open: async () => ({
			organizationGuid: void 0,
			issuer: () => nobody
		}),
		revocationByHand: (id) => `Revoke ${id} where it was issued.`
	};
}
const nobody = {
	mint: unable,
	list: async () => [],
	recover: unable,
	identify: async () => void 0,
	revoke: unable
};
async function unable() {
	throw new Failure("`provider: static` only carries a credential: it can neither mint nor revoke one");
}
// src/issuer/provider.ts
function createProvider(request) {
	switch (request.provider) {
		case "dedicated": return dedicated(request);
		case "ibmcloud": return ibmcloud(request);
		case "static": return givenCredential(request);
	}
}
// src/overlap.ts
/**
* Milliseconds in which the old and the new credential both work. A node that has read the secret just before it was
* written still has to log in with what it read; on a real one we have seen half a second go by.
*/
const OVERLAP = 5e3;
/** Waits until nobody pulls any more with what was replaced. The end of the run ends it: what comes next will tell. */
async function outlastPulls(writtenAt, signal) {
	const rest = writtenAt + OVERLAP - performance.now();
	if (rest <= 0) return;
	info(`Letting the pulls under way end with the replaced token: ${(rest / 1e3).toFixed(1)} s`);
	await setTimeout$1(rest, void 0, { signal }).catch(() => {});
}
export { asObjects as A, info as B, unlessForbidden as C, isLoopback as D, header as E, isUnclear as F, maskBasic as G, printable as H, serverWords as I, Failures as J, redact as K, debug as L, HttpError as M, NetworkError as N, MANAGER as O, UnexpectedAnswer as P, error as R, listAll as S, createSend as T, warning as U, lines as V, mask as W, manifestsOf as X, explain as Y, reason as Z, Refusal as _, loadState as a, readSecret$1 as b, savePhase as c, resolveTargets as d, survey as f, MANAGED_BY as g, DOCKER_CONFIG_TYPE as h, loadInputs as i, asText as j, asObject as k, saveRevoking as l, DOCKER_CONFIG_KEY as m, createProvider as n, saveMint as o, listHolders as p, Failure as q, loadCleanupInputs as r, saveMintedId as s, outlastPulls as t, saveWriting as u, annotationsOf as v, createDispatcher as w, refusal as x, readEntries as y, group as z };
