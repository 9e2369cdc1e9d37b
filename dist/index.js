import { c as setOutput, f as summary } from "./runner.js";
import { $t as info, Cn as actionErrorsOf, G as loginsIn, Qt as group, W as dockerConfig, Xt as debug, Zt as error, _ as tally, _n as startTimeout, b as loadTimeoutMs, d as flushAndExit, en as lines, f as unlessStalled, g as formatNumber, h as formatCount, in as mask, nn as warning, p as cut, rn as withLink, sn as redact, tn as printable, w as LAST_APPLIED, y as loadInputs, yn as ActionError } from "./inputs.js";
import { c as isProvided, o as renewalOf } from "./reuse.js";
import { n as isFailed } from "./target.js";
// src/report/error-text.ts
/** An error as one line for a person: what happened, and what to do about it. */
function errorText({ message, hint }) {
	return [sentence(message), hint && sentence(hint)].filter(Boolean).join(" ");
}
/** The manifests that would fix something of it, each once. */
function manifestsOf(errors) {
	return [...new Set(errors.flatMap(({ details }) => details.manifest ?? []))];
}
function sentence(text) {
	return /[.!?…]$/.test(text) ? text : `${text}.`;
}
// src/report/annotations.ts
/** How many namespaces an error names; the others are counted. */
const MAX_NAMED_NAMESPACES = 3;
/**
* One error per cause: those that agree in all fields but the namespace become one that counts the namespaces. The first
* speaks for all.
*/
function causesOf(errors) {
	return [...Map.groupBy(errors, causeOf).values()].flatMap((group) => {
		const [first, ...others] = group;
		const more = [...new Set(others.flatMap(({ details }) => details.namespace ?? []))];
		return first === void 0 ? [] : [withOtherNamespaces(first, more.filter((one) => one !== first.details.namespace))];
	});
}
/** What has no namespace, or carries its own manifest, is one cause by itself. */
function causeOf(error) {
	const { namespace, manifest, host, cluster, resource, status, serverCode } = error.details;
	if (manifest !== void 0) return error;
	if (namespace === void 0) return errorText(error);
	return JSON.stringify([
		error.code,
		host,
		cluster,
		resource,
		status,
		serverCode
	]);
}
function withOtherNamespaces(error, others) {
	if (others.length === 0) return error;
	const named = others.slice(0, MAX_NAMED_NAMESPACES);
	const list = [...named, ...others.length > named.length ? ["…"] : []].join(", ");
	const { code, details, cause } = error;
	const message = `${errorText(error)} The same in ${formatCount(others.length, "other namespace")}: ${list}`;
	return new ActionError(code, message, {
		details,
		cause
	});
}
/**
* GitHub shows ten error annotations of a step and drops the others silently.
* https://github.com/orgs/community/discussions/26680#discussioncomment-3252835
*/
const MAX_ANNOTATIONS = 10;
/** Annotates the errors. Where they are too many, the last annotation says where the rest is. */
function annotateErrors(errors) {
	const annotated = errors.length > MAX_ANNOTATIONS ? errors.slice(0, 9) : errors;
	for (const error$1 of annotated) error(error$1.code, errorText(error$1));
	const rest = errors.slice(annotated.length);
	const [first] = rest;
	if (first === void 0) return;
	const more = formatCount(rest.length, "more error");
	group(more, () => {
		for (const error of rest) info(withLink(error.code, errorText(error)));
	});
	error(first.code, `And ${more}: they are in the log of this step, in a group of that name.`);
}
// src/policy/next-rotation.ts
/**
* From when on a run does not reuse a credential, by its age and its expiry. With a `max-age` of 0 that is when it was
* minted. A provided one is replaced by whoever provides it, at the latest when it expires.
* @returns undefined when nothing says it
*/
function nextRotation({ tokenId, mintedAt, expiresAt }, maxAgeMs) {
	if (isProvided(tokenId)) return expiresAt;
	const oldMs = mintedAt.getTime() + maxAgeMs;
	return new Date(expiresAt === void 0 ? oldMs : Math.min(oldMs, renewalOf({
		mintedAt,
		expiresAt
	}).getTime()));
}
// src/report/markdown.ts
/** Bytes of a table, a list, or the alerts. */
const MAX_PART_BYTES = 153600;
/** Characters of one text. */
const MAX_TEXT_LENGTH = 2e3;
/** Rows of a table: enough to skim. The output and the log have all of them. */
const MAX_ROWS = 100;
/** GitHub shows as many annotations. */
const MAX_ALERTS = 10;
/**
* A table of the first items; the others are counted below it by result.
* @param options.source where a reader finds all of them
*/
function table(head, items, { cellsOf, source }) {
	if (items.length === 0) return "";
	const line = (cells) => `| ${cells.join(" | ")} |`;
	const shown = fitting(items, MAX_ROWS, (item) => line(cellsOf(item).map(cell)));
	const rest = items.slice(shown.length);
	const lines = [
		line(head),
		line(head.map(() => "---")),
		...shown
	];
	if (rest.length > 0) lines.push("", `… and ${formatNumber(rest.length)} more: ${tally(rest.map(({ result }) => result))}. All are in ${source}.`);
	return lines.join("\n");
}
function list(items) {
	const shown = fitting(items, MAX_ROWS, (item) => `- ${text(item)}`);
	return [...shown, ...remainder(items.length - shown.length, (count) => `- … and ${count} more`)].join("\n");
}
/** A red box for each. */
function alerts(items) {
	const box = (content) => `> [!CAUTION]\n> ${content}`;
	const shown = fitting(items, MAX_ALERTS, (item) => box(text(item)));
	const rest = remainder(items.length - shown.length, (count) => box(`… and ${count} more, see the log of this step.`));
	return [...shown, ...rest].join("\n\n");
}
/** Each under the title, and whole or not at all: half of a manifest could be taken for all of it. */
function codeBlocks(title, language, contents) {
	const shown = fitting(contents, MAX_ALERTS, (content) => `${title}\n\n${codeBlock(language, content)}`);
	const rest = remainder(contents.length - shown.length, (count) => `${title} ${count} more, see the log of this step.`);
	return [...shown, ...rest].join("\n\n");
}
/** Its fence is longer than any that the text could hold. */
function codeBlock(language, content) {
	const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${redact(content).trimEnd().split("\n").map(printable).join("\n")}\n${fence}`;
}
/** As many of the first ones as fit. */
function fitting(items, most, write) {
	const lines = [];
	let bytes = 0;
	for (const item of items.slice(0, most)) {
		const line = write(item);
		bytes += Buffer.byteLength(line) + 2;
		if (bytes > MAX_PART_BYTES) break;
		lines.push(line);
	}
	return lines;
}
function remainder(number, sentence) {
	return number > 0 ? [sentence(formatNumber(number))] : [];
}
/** A text on one line that GitHub shows as it is: text from servers must not become links, mentions, images or HTML. */
function text(content) {
	return inline(content, (code) => code).replace(BLOCK_START, "$1\\");
}
/** In a cell a pipe ends even a code span, unless it is escaped. */
function cell(content) {
	return inline(content, (code) => code.replaceAll("|", "\\|"));
}
/**
* Where a code span begins and ends. In it everything is text to GitHub, also what a server put in backticks; what
* could be read in another way (runs of backticks, a backslash before a pipe, the dollars of mathematics) makes none.
*/
const CODE = /(?<![`$])`([^`\\$]+)`(?![`$])/;
function inline(content, code) {
	return shortened(printable(content).trim()).split(CODE).map((part, index) => index % 2 === 1 ? `\`${code(part)}\`` : escaped(part)).join("");
}
/**
* What begins a list, a rule or the underline of a heading at the start of a line; all else that begins a block is escaped
* wherever it is: https://github.github.com/gfm/#blocks-and-inlines
*/
const BLOCK_START = /^(\d{1,9}(?=\.(?:\s|$))|(?=[-+=]))/;
function shortened(content) {
	return content.length > MAX_TEXT_LENGTH ? `${cut(content, MAX_TEXT_LENGTH)}…` : content;
}
function escaped(plain) {
	return plain.replace(/[\\*_{}[\]()#!~@$]/g, "\\$&").replace(/@(?!sha256:)|#(?=\d)|\bgh-(?=\d)/gi, "$&​").replace(/[&<>|`]/g, entity).replace(/:(?=\/\/)|(?<=www)\.|(?<=mailto|xmpp):/gi, entity);
}
function entity(character) {
	return `&#${character.charCodeAt(0)};`;
}
// src/report/results.ts
/** What needs a person comes first, then what has changed. */
function inOrder(all) {
	const rank = ({ result }) => ["failed", "timeout"].includes(result) ? 0 : result === "unchanged" ? 2 : 1;
	return all.toSorted((one, other) => rank(one) - rank(other));
}
/** `1,000 targets: 3 failed, 997 unchanged`; empty for a few, which are all shown. */
function totalOf(all, noun) {
	if (all.length <= 10) return "";
	return `${formatCount(all.length, noun)}: ${tally(inOrder(all).map(({ result }) => result))}`;
}
/** The result of a target with those of its service accounts. */
function whole({ result, serviceAccounts }) {
	const accounts = serviceAccounts.map((account) => `${account.name} ${account.result}`).join(", ");
	return accounts === "" ? result : `${result}; service accounts: ${accounts}`;
}
function withReason(result, reason) {
	return reason === void 0 ? result : `${result}: ${reason}`;
}
// src/report/job-summary.ts
/** The job summary, in GitHub's Markdown. */
function jobSummary(data, errors) {
	const { decision, verifications, targets, notes, workloads } = data;
	return [
		`## ${errors.length > 0 ? "❌" : "✅"} Registry Pull Secret${data.isDryRun ? " (dry run)" : ""}`,
		alerts(errors.map(errorText)),
		codeBlocks("Missing in the cluster, to be applied:", "yaml", manifestsOf(errors)),
		text(decision),
		credentialTable(data),
		data.nextRotation && `Next rotation: from ${data.nextRotation} on.`,
		list(verifications),
		totalOf(targets, "target"),
		table([
			"Secret",
			"Namespace",
			"Cluster",
			"Result"
		], inOrder(targets), {
			cellsOf: (one) => [
				one.secret,
				one.namespace,
				one.cluster,
				withReason(whole(one), one.error)
			],
			source: "the output `targets`"
		}),
		list(notes),
		totalOf(workloads, "workload"),
		table([
			"Workload",
			"Namespace",
			"Cluster",
			"Result"
		], inOrder(workloads), {
			cellsOf: (one) => [
				`${one.kind} ${one.name}`,
				one.namespace,
				one.cluster,
				withReason(one.result, one.reason)
			],
			source: "the output `workloads`"
		}),
		unusedTable(data),
		oldTable(data)
	].filter((part) => part !== "").join("\n\n").concat("\n");
}
function credentialTable({ credential }) {
	return table([
		"Token",
		"Origin",
		"Expires",
		"Registry",
		"User"
	], credential === void 0 ? [] : [{
		credential,
		result: "in use"
	}], {
		cellsOf: (one) => one.credential,
		source: "the outputs"
	});
}
function unusedTable({ unused }) {
	return table(["Unused token", "Result"], unused === void 0 ? [] : [{
		tokenId: unused,
		result: "revoked"
	}], {
		cellsOf: ({ tokenId, result }) => [tokenId, `${result}: this run minted it and did not use it`],
		source: "the log"
	});
}
function oldTable({ revoked, unrevoked }) {
	return table(["Old token", "Result"], [...unrevoked.map((one) => ({
		...one,
		result: "still alive"
	})), ...revoked.map((tokenId) => ({
		tokenId,
		result: "revoked",
		reason: void 0
	}))], {
		cellsOf: ({ tokenId, result, reason }) => [tokenId, withReason(result, reason)],
		source: "the outputs `unrevoked` and `revoked`"
	});
}
// src/report/unmanaged.ts
const MAX_NAMED = 3;
/** Sentences about credentials that this action did not mint. */
function unmanagedNotes({ replaced, copied }, isDryRun) {
	const notes = [];
	if (replaced.length > 0) {
		const what = `${isDryRun ? "Would take" : "Took"} over the secret in ${named(replaced)}`;
		notes.push(`${what}. This action did not mint the credential that it replaced: revoke it where it was issued.`);
	}
	if (copied.length > 0) {
		const what = `${isDryRun ? "Would remove" : "Removed"} the annotation \`${LAST_APPLIED}\` in ${named(copied)}`;
		notes.push(`${what}. It held a copy of an earlier credential: if this action did not mint it, revoke it.`);
	}
	return notes;
}
function named(targets) {
	const names = targets.slice(0, MAX_NAMED).map(({ cluster, namespace }) => `${cluster.name}: ${namespace}`);
	const rest = targets.length - names.length;
	return rest > 0 ? `${names.join(", ")} and ${formatCount(rest, "other namespace")}` : names.join(", ");
}
// src/report/report.ts
/** What a run reports: published as outputs as soon as it is known, and remembered for the job summary. */
var Report = class {
	#published = /* @__PURE__ */ new Set();
	#data = {
		isDryRun: false,
		decision: "",
		credential: void 0,
		nextRotation: "",
		verifications: [],
		targets: [],
		notes: [],
		workloads: [],
		unused: void 0,
		revoked: [],
		unrevoked: []
	};
	/** What a run did not get to, or was not asked for: a workflow can still read it as JSON. */
	finish() {
		for (const name of ["changed", "minted"]) if (!this.#published.has(name)) this.#publish(name, false);
		for (const name of [
			"targets",
			"workloads",
			"revoked",
			"unrevoked"
		]) if (!this.#published.has(name)) this.#publish(name, "[]");
	}
	dryRun() {
		info("Dry run: this run mints, writes and revokes nothing.");
		this.#remember({ isDryRun: true });
	}
	decision(sentence) {
		info(sentence);
		this.#remember({ decision: sentence });
	}
	organization(guid) {
		this.#publish("organization-guid", guid);
	}
	credential(credential, { registry, maxAgeMs }) {
		const { tokenId, expiresAt, origin, logins } = credential;
		const expires = expiresAt && timestamp(expiresAt);
		const servers = registry.servers.join(",");
		const login = commonLogin(logins);
		this.#publish("token", login === void 0 ? "" : mask(login.password, tokenId));
		this.#publish("token-id", tokenId);
		this.#publish("token-expires-at", expires ?? "");
		this.#publish("minted", origin === "minted");
		this.#publish("docker-server", servers);
		this.#publish("docker-username", login?.username ?? "");
		this.#publish("docker-config-json", configOf(logins, registry));
		const username = login?.username ?? "one for each registry";
		this.#remember({ credential: [
			tokenId,
			ORIGINS[origin],
			expires ?? "never",
			servers,
			username
		] });
		this.nextRotation(nextRotation(credential, maxAgeMs));
	}
	/** From when on a run would rotate; undefined when it is unknown. */
	nextRotation(date) {
		const from = date === void 0 ? "" : timestamp(/* @__PURE__ */ new Date(Math.ceil(date.getTime() / 1e3) * 1e3));
		this.#publish("next-rotation", from);
		this.#remember({ nextRotation: from });
	}
	/** A token that was revoked because nothing used it is no result of the run. */
	withdraw({ tokenId }) {
		this.#remember({ unused: tokenId });
		if (this.#data.credential?.[0] !== tokenId) return;
		this.#remember({ credential: void 0 });
		for (const name of [
			"token",
			"token-id",
			"token-expires-at",
			"docker-config-json"
		]) this.#publish(name, "");
		this.nextRotation(void 0);
		this.#publish("minted", false);
	}
	verifications(verifications) {
		const verified = verifications.filter((one) => one.status === "verified");
		for (const { message, hint } of verified) if (hint === void 0) info(message);
		else warning("verification-incomplete", `${message} ${hint}`);
		this.#remember({ verifications: verified.map(({ message }) => message) });
	}
	/** No registry was asked. */
	unverified(tokenId) {
		const message = `Token ${tokenId} was not verified, because \`verify\` is \`false\`: the action did not ask a registry whether it accepts this token.`;
		warning("verification-skipped", `${message} This run revokes no token that it replaced.`);
		this.#remember({ verifications: [message] });
	}
	targets(secret, outcomes) {
		const targets = outcomes.map((outcome) => ({
			cluster: outcome.cluster.name,
			namespace: outcome.namespace,
			secret: secret ?? "",
			result: outcome.status,
			serviceAccounts: outcome.serviceAccounts ?? [],
			...isFailed(outcome) && { error: errorText(outcome.error) }
		}));
		logTargets(targets);
		this.#remember({ targets });
		this.#publish("secret-name", secret ?? "");
		this.#publish("changed", targets.some(isChanged));
		this.#publish("targets", redactedJson(targets));
	}
	/** What is left to the user: only what this action minted is revoked. */
	unmanaged(credentials) {
		const notes = unmanagedNotes(credentials, this.#data.isDryRun);
		for (const note of notes) info(note);
		this.#remember({ notes });
	}
	workloads(workloads) {
		const reports = workloads.map(({ error, ...workload }) => ({
			...error && { reason: errorText(error) },
			...workload
		}));
		this.#remember({ workloads: reports });
		this.#publish("workloads", redactedJson(reports));
	}
	revocation({ revoked, unrevoked }) {
		this.#remember({
			revoked,
			unrevoked
		});
		this.#publish("revoked", JSON.stringify(revoked));
		this.#publish("unrevoked", JSON.stringify(unrevoked.map(({ tokenId }) => tokenId)));
	}
	/** The job summary, as Markdown. */
	summary(errors) {
		return jobSummary(this.#data, errors);
	}
	#remember(data) {
		this.#data = {
			...this.#data,
			...data
		};
	}
	#publish(name, value) {
		this.#published.add(name);
		setOutput(name, value);
	}
};
/** The user name and password of all registries; undefined where they differ. */
function commonLogin(logins) {
	const [first] = logins;
	return logins.every(({ username, password }) => username === first.username && password === first.password) ? first : void 0;
}
/** The docker config of all clusters; empty where they differ. */
function configOf(logins, { email }) {
	const configs = [...new Set(logins.map(({ cluster }) => cluster ?? ""))].map((cluster) => dockerConfig({
		logins: loginsIn(cluster, logins),
		email
	}));
	const [config = ""] = new Set(configs);
	return new Set(configs).size === 1 ? config : "";
}
function timestamp(date) {
	return date.toISOString().replace(".000Z", "Z");
}
const ORIGINS = {
	minted: "minted by this run",
	reused: "reused from an earlier run",
	provided: "provided by the workflow",
	planned: "not minted"
};
/** Only the texts of servers are redacted: the name of a namespace, or JSON, can be what someone stores as a password. */
function redactedJson(results) {
	const isServerText = (key) => key === "error" || key === "reason";
	return JSON.stringify(results, (key, value) => isServerText(key) ? redact(String(value)) : value);
}
function isChanged({ result, serviceAccounts }) {
	return [result, ...serviceAccounts.map((account) => account.result)].some((one) => one === "created" || one === "updated");
}
/** A few are logged one by one, and their errors by annotations; many are counted, with the details in a group. */
function logTargets(all) {
	const line = (one) => `Secret ${one.namespace}/${one.secret} in ${one.cluster}: ${whole(one)}`;
	const targets = inOrder(all);
	if (targets.length <= 10) {
		for (const target of targets.filter(({ result }) => result !== "failed")) info(line(target));
		return;
	}
	info(totalOf(targets, "target"));
	group("The result of each target", () => {
		for (const target of targets) info(withReason(line(target), target.error));
	});
}
// src/run/step.ts
/** The main step: inputs, the run, the job summary; and the one catch that fails it. */
async function mainStep() {
	const report = new Report();
	const errors = causesOf(await errorsOf(report));
	annotateErrors(errors);
	for (const manifest of manifestsOf(errors)) group("Missing in the cluster, to be applied", () => lines(manifest));
	if (errors.length > 0) process.exitCode = 1;
	await summary.addRaw(report.summary(errors)).write().catch(() => debug("This runner does not support job summaries."));
	await flushAndExit();
}
async function errorsOf(report) {
	try {
		const signal = startTimeout(loadTimeoutMs());
		const inputs = await unlessStalled(loadInputs(void 0, signal));
		for (const warning$1 of inputs.warnings) warning("questionable-input", warning$1);
		if (inputs.dryRun) report.dryRun();
		return await unlessStalled(runWith(inputs, report, signal)).finally(() => report.finish());
	} catch (error) {
		return actionErrorsOf(error);
	}
}
/** What sends requests is loaded only after the inputs were found to be right: that takes longer than to check them. */
async function runWith(inputs, report, signal) {
	const [{ createContext }, { run }] = await Promise.all([import("./context.js"), import("./main.js")]);
	return await run(createContext(inputs, report, { signal }));
}
// src/index.ts
await mainStep();
export {};
