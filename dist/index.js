import { c as setOutput, f as summary } from "./runner.js";
import { C as manifestsOf, S as explain, c as error, d as lines, f as printable, g as mask, l as group, p as warning, s as debug, u as info, v as redact, y as Failure } from "./errors.js";
import { r as loadInputs, t as leave } from "./exit.js";
import { i as tally, n as counted, r as figure, t as dockerConfig } from "./docker-config.js";
// src/report/annotations.ts
/** So many namespaces are named, and the others counted. */
const NAMED = 3;
/** One failure a cause: those that differ in the name of their namespace alone become one that counts them. */
function causesOf(failed) {
	return [...Map.groupBy(failed, withoutName).values()].map(joined);
}
/** What carries a manifest is one cause already. */
function withoutName({ namespace, failure }) {
	if (failure instanceof Failure && failure.manifest !== void 0) return failure;
	return sentenceOf(failure).replace(/[\w-]+/g, (word) => word === namespace ? "\0" : word);
}
function joined(alike) {
	const [first, ...others] = [...new Map(alike.map((one) => [sentenceOf(one.failure), one])).values()];
	if (others.length === 0) return first?.failure;
	const all = [...others.slice(0, NAMED).map(({ namespace }) => namespace), ...others.length > NAMED ? ["…"] : []].join(", ");
	return new Failure(`${sentenceOf(first?.failure)} The same in ${counted(others.length, "other namespace")}: ${all}`);
}
function sentenceOf(failure) {
	return explain(failure).join(" ");
}
/** GitHub shows so many error annotations of a step, and drops the others without a word. */
const ANNOTATIONS = 10;
/** Annotates the errors. Where they are too many, the last annotation says where the rest is. */
function tellErrors(sentences) {
	const isTooMany = sentences.length > ANNOTATIONS;
	const annotated = isTooMany ? sentences.slice(0, 9) : sentences;
	for (const sentence of annotated) error(sentence);
	if (!isTooMany) return;
	const rest = sentences.slice(annotated.length);
	const more = counted(rest.length, "more error");
	group(more, () => rest.forEach(info));
	error(`And ${more}: they are in the log of this step, in a group of that name.`);
}
// src/report/markdown.ts
/** Bytes of a table, a list, or the alerts. */
const PART = 153600;
/** Characters of one text. */
const LONGEST = 2e3;
/** Rows of a table: a page or two to skim. Whoever looks for one name searches the output or the log. */
const ROWS = 100;
/** As many as GitHub shows of annotations. */
const ALERTS = 10;
/**
* A table of the first items; the others are counted below it by their results.
* @param source where a reader finds all of them
*/
function table(head, items, cellsOf, source) {
	if (items.length === 0) return "";
	const line = (cells) => `| ${cells.join(" | ")} |`;
	const shown = fitting(items, ROWS, (item) => line(cellsOf(item).map(cell)));
	const rest = items.slice(shown.length);
	const lines = [
		line(head),
		line(head.map(() => "---")),
		...shown
	];
	if (rest.length > 0) lines.push("", `… and ${figure(rest.length)} more: ${tally(rest.map(({ result }) => result))}. All are in ${source}.`);
	return lines.join("\n");
}
function list(items) {
	const shown = fitting(items, ROWS, (item) => `- ${text(item)}`);
	return [...shown, ...remainder(items.length - shown.length, (count) => `- … and ${count} more`)].join("\n");
}
/** A red box for each. */
function alerts(items) {
	const box = (content) => `> [!CAUTION]\n> ${content}`;
	const shown = fitting(items, ALERTS, (item) => box(text(item)));
	const rest = remainder(items.length - shown.length, (count) => box(`… and ${count} more, see the log of this step.`));
	return [...shown, ...rest].join("\n\n");
}
/** Each under the title, and whole or not at all: half of a manifest could be taken for all of it. */
function codeBlocks(title, language, contents) {
	const shown = fitting(contents, ALERTS, (content) => `${title}\n\n${codeBlock(language, content)}`);
	const rest = remainder(contents.length - shown.length, (count) => `${title} ${count} more, see the log of this step.`);
	return [...shown, ...rest].join("\n\n");
}
/** Its fence is longer than any that the text could hold. */
function codeBlock(language, content) {
	const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${content.trimEnd().split("\n").map(printable).join("\n")}\n${fence}`;
}
/** As many of the first ones as fit. */
function fitting(items, most, write) {
	const lines = [];
	let bytes = 0;
	for (const item of items.slice(0, most)) {
		const line = write(item);
		bytes += Buffer.byteLength(line) + 2;
		if (bytes > PART) break;
		lines.push(line);
	}
	return lines;
}
function remainder(number, sentence) {
	return number > 0 ? [sentence(figure(number))] : [];
}
/** A text on one line that GitHub shows as it is: words of servers must not become links, mentions, images or HTML. */
function text(words) {
	return inline(words, (code) => code);
}
/** In a cell a pipe ends even a code span, unless it is escaped. */
function cell(words) {
	return inline(words, (code) => code.replaceAll("|", "\\|"));
}
/**
* Where a code span begins and ends. In it everything is text to GitHub, also what a server put in backticks; what
* could be read in another way (runs of backticks, a backslash before a pipe, the dollars of mathematics) makes none.
*/
const CODE = /(?<![`$])`([^`\\$]+)`(?![`$])/;
function inline(words, code) {
	return shortened(printable(words)).split(CODE).map((part, index) => index % 2 === 1 ? `\`${code(part)}\`` : escaped(part)).join("");
}
function shortened(words) {
	return words.length > LONGEST ? `${words.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, "")}…` : words;
}
function escaped(plain) {
	return plain.replace(/[\\*_{}[\]()#!~@$]/g, "\\$&").replace(/@(?!sha256:)|#(?=\d)/g, "$&​").replace(/[&<>|`]/g, entity).replace(/:(?=\/\/)|(?<=www)\./gi, entity);
}
function entity(character) {
	return `&#${character.charCodeAt(0)};`;
}
// src/report/results.ts
/** What asks for a person comes first, then what has changed. */
function inOrder(all) {
	const rank = ({ result }) => ["failed", "timeout"].includes(result) ? 0 : result === "unchanged" ? 2 : 1;
	return all.toSorted((one, other) => rank(one) - rank(other));
}
/** `1,000 targets: 3 failed, 997 unchanged`; nothing of a few, which anybody can count. */
function totalOf(all, noun) {
	if (all.length <= 10) return "";
	return `${counted(all.length, noun)}: ${tally(inOrder(all).map(({ result }) => result))}`;
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
function jobSummary(told) {
	const { failures, manifests, decision, proofs, targets, workloads } = told;
	return [
		`## ${failures.length > 0 ? "❌" : "✅"} Registry Pull Secret`,
		alerts(failures),
		codeBlocks("Missing in the cluster, to be applied:", "yaml", manifests),
		text(decision),
		credentialTable(told),
		list(proofs),
		totalOf(targets, "target"),
		table([
			"Secret",
			"Namespace",
			"Cluster",
			"Result"
		], inOrder(targets), (one) => [
			one.secret,
			one.namespace,
			one.cluster,
			withReason(whole(one), one.error)
		], "the output `targets`"),
		totalOf(workloads, "workload"),
		table([
			"Workload",
			"Namespace",
			"Cluster",
			"Result"
		], inOrder(workloads), (one) => [
			`${one.kind} ${one.name}`,
			one.namespace,
			one.cluster,
			withReason(one.result, one.reason)
		], "the output `workloads`"),
		tokenTable(told)
	].filter((part) => part !== "").join("\n\n").concat("\n");
}
function credentialTable({ credential }) {
	return table([
		"Token",
		"Origin",
		"Ends",
		"Registry",
		"User"
	], credential === void 0 ? [] : [{
		credential,
		result: "in use"
	}], (one) => one.credential, "the outputs");
}
function tokenTable({ revoked, unrevoked }) {
	return table(["Replaced token", "What became of it"], [...unrevoked.map((one) => ({
		...one,
		result: "still alive"
	})), ...revoked.map((tokenId) => ({
		tokenId,
		result: "revoked",
		reason: void 0
	}))], ({ tokenId, result, reason }) => [tokenId, withReason(result, reason)], "the outputs `unrevoked` and `revoked`");
}
// src/report/report.ts
/** What a run has to tell, published as an output as soon as it is known and remembered for the job summary. */
var Report = class {
	#known = /* @__PURE__ */ new Set();
	#decision = "";
	#proofs = [];
	#credential;
	#targets = [];
	#workloads = [];
	#revocation = {
		revoked: [],
		unrevoked: []
	};
	/** Whatever a run did not get to, or had no part of: a workflow can still read it as JSON. */
	finish() {
		for (const [name, value] of Object.entries({
			changed: false,
			targets: "[]",
			workloads: "[]",
			revoked: "[]",
			unrevoked: "[]"
		})) if (!this.#known.has(name)) this.#set(name, value);
	}
	decision(sentence) {
		info(sentence);
		this.#decision = sentence;
	}
	organization(guid) {
		this.#set("organization-guid", guid);
	}
	credential({ tokenId, expiresAt, origin, password }, registry) {
		const ends = expiresAt?.toISOString().replace(".000Z", "Z");
		const servers = registry.servers.join(",");
		this.#set("token", mask(password));
		this.#set("token-id", tokenId);
		this.#set("token-expires-at", ends ?? "");
		this.#set("minted", origin === "minted");
		this.#set("docker-server", servers);
		this.#set("docker-username", registry.username);
		this.#set("docker-config-json", dockerConfig({
			...registry,
			password
		}));
		this.#credential = [
			tokenId,
			ORIGINS[origin],
			ends ?? "never",
			servers,
			registry.username
		];
	}
	proofs(verdicts) {
		for (const { sentence, cure } of verdicts) if (cure === void 0) info(`${sentence}.`);
		else warning(`${sentence}. ${cure}`);
		this.#proofs = verdicts.map(({ sentence }) => `${sentence}.`);
	}
	/** @returns why targets failed */
	targets(secret, outcomes) {
		this.#targets = outcomes.map((outcome) => ({
			cluster: outcome.cluster.name,
			namespace: outcome.namespace,
			secret: secret ?? "",
			result: outcome.result,
			serviceAccounts: outcome.serviceAccounts ?? [],
			..."failure" in outcome && { error: explain(outcome.failure).join(" ") }
		}));
		this.#tellTargets();
		this.#set("secret-name", secret ?? "");
		this.#set("changed", this.#targets.flatMap(({ result, serviceAccounts }) => [result, ...serviceAccounts.map((account) => account.result)]).some((result) => result === "created" || result === "updated"));
		this.#set("targets", redact(JSON.stringify(this.#targets)));
		return causesOf(outcomes.filter((outcome) => "failure" in outcome));
	}
	/** A few are told one by one, and their failures by the errors; many are counted, and folded with all that is known. */
	#tellTargets() {
		const line = (one) => `Secret ${one.namespace}/${one.secret} in ${one.cluster}: ${whole(one)}`;
		const targets = inOrder(this.#targets);
		if (targets.length <= 10) {
			for (const target of targets.filter(({ result }) => result !== "failed")) info(line(target));
			return;
		}
		info(totalOf(targets, "target"));
		group("The result of each target", () => {
			for (const target of targets) info(withReason(line(target), target.error));
		});
	}
	/** @returns why workloads failed */
	workloads(workloads) {
		this.#workloads = workloads.map(({ failure: _, ...workload }) => workload);
		this.#set("workloads", redact(JSON.stringify(this.#workloads)));
		return causesOf(workloads.flatMap(({ namespace, failure }) => failure === void 0 ? [] : [{
			namespace,
			failure
		}]));
	}
	/** @returns why tokens could not be revoked */
	revocation({ revoked, unrevoked, failures }) {
		this.#revocation = {
			revoked,
			unrevoked
		};
		this.#set("revoked", JSON.stringify(revoked));
		this.#set("unrevoked", JSON.stringify(unrevoked.map(({ tokenId }) => tokenId)));
		return failures;
	}
	#set(name, value) {
		this.#known.add(name);
		setOutput(name, value);
	}
	summary(failures, manifests) {
		return jobSummary({
			failures,
			manifests,
			decision: this.#decision,
			credential: this.#credential,
			proofs: this.#proofs,
			targets: this.#targets,
			workloads: this.#workloads,
			...this.#revocation
		});
	}
};
const ORIGINS = {
	minted: "minted in this run",
	kept: "kept from an earlier run",
	given: "given by the workflow",
	rehearsed: "not minted"
};
// src/run/step.ts
/** The main step: inputs, the run, the job summary; and the one catch that fails it. */
async function run() {
	const report = new Report();
	const failures = [];
	try {
		const inputs = await loadInputs();
		for (const warning$1 of inputs.warnings) warning(warning$1);
		const { work } = await import("./main.js");
		await work(inputs, report, failures).finally(() => report.finish());
	} catch (error) {
		failures.push(error);
	}
	const sentences = [...new Set(failures.flatMap(explain))];
	tellErrors(sentences);
	const manifests = manifestsOf(failures);
	for (const manifest of manifests) group("Missing in the cluster, to be applied", () => lines(manifest));
	if (sentences.length > 0) process.exitCode = 1;
	await summary.addRaw(report.summary(sentences, manifests)).write().catch(() => debug("This runner takes no job summary."));
	await leave();
}
// src/index.ts
await run();
export {};
