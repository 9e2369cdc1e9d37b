import { a as info$1, d as warning$1, l as setSecret, n as endGroup, o as isDebug, r as error$1, t as debug$1, u as startGroup } from "./runner.js";
// src/core/errors.ts
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
// src/runner/mask.ts
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
// src/http/address.ts
/** Credentials travel over https only, or to this machine. */
function isSafe(url) {
	return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url.hostname);
}
function isLoopback(hostname) {
	return hostname === "localhost" || hostname === "[::1]" || hostname === "::1" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
// src/runner/log.ts
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
// src/http/errors.ts
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
/** Whether the server knows who asks, and does not let them. */
function isForbidden(error) {
	return error instanceof HttpError && error.status === 403;
}
/** The code and the message inside an error body, in any of the forms that the servers we talk to use. */
function serverWords(body) {
	const said = parse(body);
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
function parse(body) {
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
	if (status === 429) return `The server limits its callers: run the job again ${!retryAfter || retryAfter > 864e5 ? "later" : `in ${Math.ceil(retryAfter / 1e3)} s`}.`;
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
export { manifestsOf as C, explain as S, maskBasic as _, isUnclear as a, Failures as b, error as c, lines as d, printable as f, mask as g, isSafe as h, isForbidden as i, group as l, isLoopback as m, NetworkError as n, serverWords as o, warning as p, UnexpectedAnswer as r, debug as s, HttpError as t, info as u, redact as v, reason as w, InputError as x, Failure as y };
