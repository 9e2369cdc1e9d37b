import { a as info$1, d as warning$1, l as setSecret, n as endGroup, o as isDebug, r as error$1, t as debug$1, u as startGroup } from "./runner.js";
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
// src/address.ts
/** Credentials travel over https only, or to this machine. */
function isSafe(url) {
	return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url.hostname);
}
function isLoopback(hostname) {
	return hostname === "localhost" || hostname === "[::1]" || hostname === "::1" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
export { manifestsOf as _, group as a, printable as c, maskBasic as d, redact as f, explain as g, InputError as h, error as i, warning as l, Failures as m, isSafe as n, info as o, Failure as p, debug as r, lines as s, isLoopback as t, mask as u, reason as v };
