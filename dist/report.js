import { A as error, F as printable, G as documentationOf, I as warning, J as asObject, K as titleOf, L as withLink, M as info, P as notice, W as redact, X as asText, _ as cut, at as ActionError, b as formatNumber, ct as actionErrorOf, dt as setOutput, g as sha256, h as formatSeconds, j as group, m as WAIT_FOR_PULLS, p as Timeline, x as tally, y as formatCount, z as mask } from "./runner.js";
import { D as dockerConfig, O as loginsIn, s as LAST_APPLIED, w as ownRecords } from "./inputs.js";
// src/report/error-text.ts
/** An error as one line for a person: what happened, and what to do about it. */
function errorText({ message, hint }) {
	return [sentence(message), hint && sentence(hint)].filter(Boolean).join(" ");
}
/** The manifests that would fix something of it, each once. */
function manifestsOf(errors) {
	return [...new Set(errors.flatMap(({ details }) => details.manifest ?? []))];
}
/** With a full stop. */
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
	return [...Map.groupBy(errors, causeOf$1).values()].flatMap((group) => {
		const [first, ...others] = group;
		const more = [...new Set(others.flatMap(({ details }) => details.namespace ?? []))];
		return first === void 0 ? [] : [withOtherNamespaces(first, more.filter((one) => one !== first.details.namespace))];
	});
}
/** What has no namespace, or carries its own manifest, is one cause by itself. */
function causeOf$1(error) {
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
	const { code, hint, details, cause } = error;
	const message = `${sentence(error.message)} The same in ${formatCount(others.length, "other namespace")}: ${list}`;
	return new ActionError(code, message, {
		hint,
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
// src/policy/credential.ts
/** The secret of a minted credential, as its issuer knows it. */
function passwordOf({ logins: [login] }) {
	return login.password;
}
const PROVIDED_PREFIX = "provided-";
/**
* The id of a provided credential. It is random: the issuer's own id is not known, and a digest would reveal something
* about the password.
*/
function providedTokenId(unique) {
	return PROVIDED_PREFIX + unique;
}
/** This action did not mint such a credential, so it never revokes, retains or looks for it. */
function isProvided(tokenId) {
	return tokenId.startsWith(PROVIDED_PREFIX);
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
	const digest = sha256(secrets.join("\n")).slice(0, 16);
	const [only] = targets;
	const what = targets.length === 1 ? `${only?.namespace}/${secretName}` : `${secrets.length} ${secretName} sha256:${digest}`;
	return `${clusters.join(",")} ${what}`;
}
/** The identities of the clusters in a scope. */
function clustersOf(scope) {
	return (scope.split(" ")[0] ?? "").split(",");
}
// src/policy/token-description.ts
/** The description of one mint: unique, and it says what the token was minted for, and when. */
function describeMint({ description, secretName, hosts, targets }, { run, mintedAt, unique }) {
	return [
		description,
		...secretName === void 0 ? [] : [`[${scopeOf(targets, secretName)}]`, hostsText(hosts)],
		run,
		mintedAt.toISOString(),
		unique
	].filter(Boolean).join(" ");
}
/** One word for any number of hosts. */
function hostsText(hosts) {
	const [only] = hosts;
	if (only !== void 0 && hosts.length === 1) return only;
	const digest = sha256([...hosts].sort().join("\n"));
	return `${hosts.length}:sha256:${digest.slice(0, 16)}`;
}
/** @returns undefined for a token that was not minted for this secret in clusters of this run */
function mintOf(text, { description, secretName, clusters }) {
	const prefix = `${description} [`;
	const end = text.indexOf("] ", prefix.length);
	if (!text.startsWith(prefix) || end < 0) return void 0;
	const scope = text.slice(prefix.length, end);
	const [hosts = "", ...rest] = text.slice(end + 2).split(" ");
	const mintedAt = new Date(rest.at(-2) ?? "");
	if (!clustersOf(scope).every((cluster) => clusters.includes(cluster)) || secretNameOf(scope) !== secretName || Number.isNaN(mintedAt.getTime())) return void 0;
	return {
		scope,
		hosts,
		mintedAt
	};
}
/** In `clusters namespace/name` or `clusters count name digest`. */
function secretNameOf(scope) {
	const [, first, name] = scope.split(" ");
	return name ?? first?.split("/")[1];
}
// src/policy/reuse.ts
/** A credential is renewed when less than this part of its life is left. */
const MIN_REMAINING_LIFE = 1 / 5;
/** A record that is longer than these is not copied to other targets. */
const MAX_SCOPES = 50;
const MAX_SCOPES_LENGTH = 16384;
/**
* Which of the stored credentials are within `max-age` and complete: then none is minted. The oldest record of all targets
* counts, because an annotation must not prolong the life of a credential.
* @param stored what all targets hold that can be read
*/
function selectCandidates(stored, request, now) {
	const held = stored.map((one) => ({
		one,
		held: one.kind === "present" ? heldIn(one, request) : void 0
	}));
	const isOurs = (one) => one.kind === "present" && ownRecords(one.records, request.owner).length > 0;
	if (!stored.some(isOurs)) return none("no target holds a credential of this action yet");
	if (request.maxAgeMs === 0 && request.provided === void 0) return none("`max-age` is 0");
	const isIncomplete = held.some((each) => isOurs(each.one) && each.held === void 0);
	const considered = [...Map.groupBy(held.flatMap((each) => each.held ?? []), ({ tokenId, logins: [{ username, password }] }) => JSON.stringify([
		tokenId,
		username,
		password
	])).values()].map((group) => {
		const [{ tokenId, logins }] = group;
		const scopes = unique(group.flatMap((each) => each.scopes));
		const candidate = {
			tokenId,
			logins,
			mintedAt: oldest(group.map(({ mintedAt }) => mintedAt)) ?? /* @__PURE__ */ new Date(0),
			expiresAt: oldest(group.map(({ expiresAt }) => expiresAt)),
			isEverywhere: group.length === stored.length
		};
		return {
			candidate,
			skipReason: skipReasonOf(candidate, request, now) ?? scopeSkipReason(scopes, request)
		};
	});
	const skipReasons = considered.flatMap(({ skipReason }) => skipReason ?? []);
	return {
		candidates: considered.filter(({ skipReason }) => skipReason === void 0).map(({ candidate }) => candidate).sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime()),
		skipReasons: unique(isIncomplete ? [incompleteReason(request), ...skipReasons] : skipReasons)
	};
}
function incompleteReason({ provided }) {
	return provided === void 0 ? "a stored credential is for other hosts or another user" : "a target holds another one";
}
function none(reason) {
	return {
		candidates: [],
		skipReasons: [reason]
	};
}
function oldest(dates) {
	return dates.filter((date) => date !== void 0).sort((a, b) => a.getTime() - b.getTime())[0];
}
/**
* A stored password that can be masked, and be part of a header. Every registry's token has this form. Anyone who may edit a
* secret can store another one, which would hide parts of the log.
*/
const PASSWORD = /^[\x20-\x7e]{8,8192}$/;
/** The credential in a stored secret, when it has one for all the hosts and the user of the request. */
function heldIn(stored, request) {
	const { owner, provided } = request;
	const [record, ...others] = ownRecords(stored.records, owner);
	if (record === void 0 || others.length > 0) return void 0;
	if (provided !== void 0) return holdsLogins(stored, provided, owner) ? {
		...record,
		logins: provided
	} : void 0;
	const entry = asObject(stored.entries[owner.hosts[0] ?? ""]);
	const [username, password] = [request.username ?? asText(entry.username), asText(entry.password)];
	if (username === void 0 || password === void 0) return void 0;
	if (!isSecret(password, [
		record.tokenId,
		username,
		...owner.hosts
	])) return void 0;
	const logins = [{
		servers: owner.hosts,
		username,
		password
	}];
	return holdsLogins(stored, logins, owner) ? {
		...record,
		logins
	} : void 0;
}
/** Whether a secret holds these logins for all hosts of the step. */
function holdsLogins({ cluster, entries }, logins, { hosts }) {
	const wanted = loginsIn(cluster, logins);
	return hosts.every((host) => {
		const login = wanted.find(({ servers }) => servers.includes(host));
		const { username, password } = asObject(entries[host]);
		return login !== void 0 && username === login.username && password === login.password;
	});
}
function isSecret(password, publicIds) {
	return PASSWORD.test(password) && !publicIds.includes(password);
}
/** The credential that a concurrent run wrote to a secret, when it is for the hosts and the user of the request. */
function candidateOf(stored, request) {
	const held = heldIn(stored, request);
	if (held === void 0) return void 0;
	const { tokenId, logins, mintedAt = /* @__PURE__ */ new Date(0), expiresAt } = held;
	return {
		tokenId,
		logins,
		mintedAt,
		expiresAt,
		isEverywhere: false
	};
}
/** Whether a secret holds the very credential for all its hosts, whatever its annotations record. */
function holdsCredential(stored, { logins }, { owner }) {
	return holdsLogins(stored, logins, owner);
}
/** When so little of its life is left that a credential is renewed. */
function renewalOf({ mintedAt, expiresAt }) {
	const lifeMs = expiresAt.getTime() - mintedAt.getTime();
	return /* @__PURE__ */ new Date(expiresAt.getTime() - lifeMs * MIN_REMAINING_LIFE);
}
function skipReasonOf(candidate, { provided, maxAgeMs }, now) {
	const { mintedAt, expiresAt } = candidate;
	if (provided !== void 0) return expiresAt !== void 0 && expiresAt <= now ? "the stored one has expired" : void 0;
	if (now.getTime() - mintedAt.getTime() >= maxAgeMs) return "the stored credential is older than `max-age`";
	if (expiresAt === void 0) return void 0;
	return now > renewalOf({
		mintedAt,
		expiresAt
	}) ? "the stored credential expires soon" : void 0;
}
/**
* A minted credential goes to no cluster that its secrets do not record: if they were deleted there, the clusters that it
* was minted for could not show any more that it is needed elsewhere.
*/
function scopeSkipReason(scopes, { clusters, provided }) {
	if (provided !== void 0) return void 0;
	if (scopes.length > MAX_SCOPES || scopes.join("").length > MAX_SCOPES_LENGTH) return "the record of the stored credential is too long";
	return clusterSkipReason(scopes.flatMap(clustersOf), clusters);
}
/** Why a credential that was minted for these clusters does not go to those of a run. */
function clusterSkipReason(known, clusters) {
	return clusters.every((cluster) => known.includes(cluster)) ? void 0 : "the stored credential was not minted for all clusters of this run";
}
/** Why a candidate is not reused, by what its issuer says of its mint: that counts more than what its secrets record. */
function mintSkipReason(candidate, { scope, hosts, mintedAt }, { request, now }) {
	if (hosts !== hostsText(request.owner.hosts)) return "the stored credential was minted for other hosts";
	return skipReasonOf({
		...candidate,
		mintedAt
	}, request, now) ?? clusterSkipReason(clustersOf(scope), request.clusters);
}
/** The newest credential that targets hold of a later mint than this one: a concurrent run wrote it. */
function newerThan({ mintedAt }, stored, request) {
	return stored.flatMap((one) => one.kind === "present" ? candidateOf(one, request) ?? [] : []).filter((candidate) => candidate.mintedAt > mintedAt).sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())[0];
}
function unique(values) {
	return [...new Set(values)];
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
// src/pull-secret/target.ts
function failedTarget({ cluster, namespace, stored }, thrown, mayHold = false) {
	return {
		cluster,
		namespace,
		status: "failed",
		error: actionErrorOf(thrown),
		mayHold,
		stored
	};
}
function isReady(target) {
	return target.status === "ready";
}
function isFailed(target) {
	return target.status === "failed";
}
/** Whether a pending rotation can be recorded in it. */
function isMarkable(target) {
	return target.status === "ready" && target.stored.kind === "present" && target.stored.ours;
}
function isSamePlace(one, other) {
	return one.cluster.identity === other.cluster.identity && one.namespace === other.namespace;
}
// src/report/results.ts
/** What needs a person comes first, then what has changed. */
function inOrder(all) {
	const rank = (one) => isFailedResult(one) ? 0 : one.result === "unchanged" ? 2 : 1;
	return all.toSorted((one, other) => rank(one) - rank(other));
}
/** Whether it needs a person. */
function isFailedResult({ result }) {
	return result === "failed" || result === "timeout";
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
/** The facts of a run, most important first. */
function factsOf(data) {
	const { decision, credential, replaced, unused, verifications, nextRotation } = data;
	return [
		{
			label: "Pods keep pulling?",
			lines: pullLines(data.pulls)
		},
		{
			label: "Decision",
			lines: decision === "" ? [] : [decision]
		},
		{
			label: "Registry",
			lines: credential === void 0 ? [] : [registryLine(credential)]
		},
		{
			label: "Token",
			lines: tokenLines(credential, replaced)
		},
		{
			label: "Unused token",
			lines: unused === void 0 ? [] : [revoked(unused, "this run minted it and did not use it")]
		},
		{
			label: "Old tokens",
			lines: hasOldTable(data) ? [] : oldTokens$1(data).map(({ cells: [id, result] }) => [
				id,
				" ",
				result
			])
		},
		{
			label: "Verification",
			lines: limited(verifications)
		},
		{
			label: "Next rotation",
			lines: nextRotation === "" ? [] : [`In the first run from ${nextRotation} on`]
		},
		{
			label: "Took",
			lines: tookLines(data)
		}
	].filter(({ lines }) => lines.length > 0);
}
const ANSWERS = {
	no: "No",
	unknown: "Not known",
	"as-before": "As before",
	yes: "Yes"
};
/** Targets can each hold another token. */
const MAX_ANSWERS = 6;
/** `Yes in 996 namespaces: the secret holds …`. */
function pullLines(pulls) {
	const clusters = new Set(pulls.flatMap((one) => one.targets.map(({ cluster }) => cluster)));
	const lines = pulls.slice(0, MAX_ANSWERS).map(({ answer, reason, targets }) => {
		const where = pulls.length === 1 ? "" : ` in ${named$1(targets, clusters.size > 1)}`;
		return [{ strong: ANSWERS[answer] }, `${where}: ${reason}.`];
	});
	const rest = pulls.slice(lines.length);
	const count = rest.reduce((sum, one) => sum + one.targets.length, 0);
	return rest.length === 0 ? lines : [...lines, `… and other answers for ${formatCount(count, "namespace")}`];
}
/** The names of a few, and the number of the others. */
function named$1(targets, withCluster) {
	const rest = targets.length - 3;
	if (rest === 1 || targets.length > MAX_NAMED$1) return formatCount(targets.length, "namespace");
	const names = targets.slice(0, 3).map(({ cluster, namespace }) => {
		return withCluster ? `\`${cluster}: ${namespace}\`` : `\`${namespace}\``;
	});
	return rest > 0 ? `${names.join(", ")} and ${formatCount(rest, "other namespace")}` : names.join(", ");
}
/** Of more namespaces the names of a few say little. */
const MAX_NAMED$1 = 100;
function registryLine({ servers, username }) {
	const hosts = servers.slice(0, 3).map((host) => `\`${host}\``);
	const rest = servers.length - hosts.length;
	const more = rest > 0 ? ` and ${formatNumber(rest)} more` : "";
	return `${hosts.join(", ")}${more}, ${username === void 0 ? "with a user for each" : `user \`${username}\``}`;
}
const ORIGINS = {
	minted: "minted by this run",
	reused: "reused from an earlier run",
	provided: "provided by the workflow",
	planned: "not minted"
};
function tokenLines(credential, replaced) {
	if (credential === void 0) return [];
	const { tokenId, origin, expiresAt } = credential;
	const expires = expiresAt === void 0 ? "does not expire" : `expires ${expiresAt}`;
	const unknown = origin === "provided" && expiresAt === void 0 ? "" : `, ${expires}`;
	const replaces = replaced.map(({ tokenId: old, ageDays }) => {
		return `replaces \`${old}\`${ageDays === void 0 ? "" : ` (${formatCount(ageDays, "day")} old)`}`;
	});
	return [`\`${tokenId}\`, ${ORIGINS[origin]}${unknown}`, ...limited(replaces)];
}
function limited(lines) {
	const rest = lines.length - 3;
	return rest > 0 ? [...lines.slice(0, 3), `… and ${formatNumber(rest)} more`] : [...lines];
}
function oldTokens$1({ revoked: ids, unrevoked }) {
	return [...unrevoked.map(({ tokenId, reason }) => {
		return {
			result: "still alive",
			cells: [`\`${tokenId}\``, withReason("still alive", reason)]
		};
	}), ...ids.map((tokenId) => ({
		result: "revoked",
		cells: [{ struck: tokenId }, "revoked"]
	}))];
}
/** Whether the old tokens are in a table of their own. */
function hasOldTable({ revoked: ids, unrevoked }) {
	return ids.length + unrevoked.length > 3;
}
function revoked(tokenId, reason) {
	return [{ struck: tokenId }, ` revoked: ${reason}`];
}
function tookLines({ total, phases }) {
	if (total.durationMs === 0) return [];
	const waitedMs = phases.filter(({ title }) => title === WAIT_FOR_PULLS).reduce((sum, one) => sum + one.durationMs, 0);
	const waited = waitedMs > 0 ? `, of which ${formatSeconds(waitedMs)} to let in-flight pulls end` : "";
	return [`${formatSeconds(total.durationMs)}${waited}, ${formatCount(total.requests, "request")}`];
}
// src/report/markdown.ts
/** Bytes of a table, a list, or the alerts. */
const MAX_PART_BYTES = 102400;
/** Characters of one text. */
const MAX_TEXT_LENGTH = 2e3;
/** Characters of a diff. */
const MAX_DIFF_LENGTH = 8e3;
/** Rows of a table: enough to skim. The output and the log have all of them. */
const MAX_ROWS = 100;
/** GitHub shows as many annotations. */
const MAX_ALERTS = 10;
/** A table without a head. */
function factTable(facts) {
	if (facts.length === 0) return "";
	return [
		"| | |",
		"| --- | --- |",
		...fitting(facts, MAX_ROWS, ({ label, lines }) => {
			const written = lines.map((line) => typeof line === "string" ? cell(line) : line.map(piece).join(""));
			return `| **${cell(label)}** | ${written.join("<br>")} |`;
		})
	].join("\n");
}
function piece(content) {
	if (typeof content === "string") return spaced(content);
	return "strong" in content ? `**${cell(content.strong)}**` : cell(content);
}
/** A piece keeps the spaces at its ends. */
function spaced(content) {
	const [, before = "", after = ""] = /^(\s*).*?(\s*)$/s.exec(content) ?? [];
	return `${before}${cell(content)}${content.trim() === "" ? "" : after}`;
}
/** A part that a reader opens. @param summary plain words and numbers */
function details(summary, content) {
	return content === "" ? "" : `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}
function note(content) {
	return `> [!NOTE]\n> ${text(content)}`;
}
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
	const box = (...paragraphs) => `> [!CAUTION]\n> ${paragraphs.join("\n>\n> ")}`;
	const shown = fitting(items, MAX_ALERTS, ({ title, message, hint, link }) => {
		const fix = hint === void 0 ? [] : [`**To fix it:** ${text(hint)}`];
		return box(text(message), ...fix, `[Troubleshooting: ${text(title)}](${link})`);
	});
	const rest = remainder(items.length - shown.length, (count) => box(`… and ${count} more, see the log of this step.`));
	return [...shown, ...rest].join("\n\n");
}
/** Each under the title, and whole or not at all: half of a manifest could be taken for all of it. */
function codeBlocks(title, language, contents) {
	const shown = fitting(contents, MAX_ALERTS, (content) => `${title}\n\n${codeBlock(language, content)}`);
	const rest = remainder(contents.length - shown.length, (count) => `${title} ${count} more, see the log of this step.`);
	return [...shown, ...rest].join("\n\n");
}
/** A folded block of lines that begin with `+`, `-` or a space. */
function diff(summary, content) {
	return content === "" ? "" : details(summary, codeBlock("diff", cut(redact(content), MAX_DIFF_LENGTH)));
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
	if (typeof content !== "string") return `~~${cell(`\`${content.struck}\``)}~~`;
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
// src/report/secret-changes.ts
/** Tenants can make each secret another one. */
const MAX_CHANGES = 3;
/** What the run changed in the secrets, or would change: which token stands for which host. The most frequent changes first. */
function secretChanges(outcomes, record) {
	const diffs = outcomes.filter((outcome) => !isFailed(outcome) && outcome.status !== "unchanged").flatMap((outcome) => isFailed(outcome) ? [] : [diffOf(outcome.replaced, record)]);
	return [...Map.groupBy(diffs, (lines) => lines.join("\n")).values()].flatMap((group) => group[0] === void 0 ? [] : [{
		count: group.length,
		lines: group[0]
	}]).sort((one, other) => other.count - one.count).slice(0, MAX_CHANGES);
}
/** Its text. @param name of the secret */
function diffText({ count, lines }, name) {
	return [`  Secret ${name}, in ${formatCount(count, "namespace")}`, ...lines].join("\n");
}
function diffOf(replaced, record) {
	const [before, after] = [tokensIn(replaced, record), new Map(record.hosts.map((host) => [host, tokenText(record)]))];
	const hosts = [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].sort();
	const lines = hosts.flatMap((host) => {
		const [old, current] = [before.get(host), after.get(host)];
		if (old === current) return [`  ${host}: ${current}`];
		return [...old === void 0 ? [] : [`- ${host}: ${old}`], ...current === void 0 ? [] : [`+ ${host}: ${current}`]];
	});
	return hosts.every((host) => before.get(host) === after.get(host)) ? [...lines, "! labels, annotations, or the password of the same token"] : lines;
}
/** By the hosts of this step, present and earlier ones. Entries for other hosts stay as they are. */
function tokensIn(stored, record) {
	if (stored.kind === "absent") return /* @__PURE__ */ new Map();
	const own = ownRecords(stored.records, record);
	const hosts = [.../* @__PURE__ */ new Set([...record.hosts, ...own.flatMap((one) => one.hosts)])];
	return new Map(hosts.flatMap((host) => {
		if (!Object.hasOwn(stored.entries, host)) return [];
		const recorded = own.find((one) => one.hosts.includes(host));
		return [[host, recorded === void 0 ? "a credential of another origin" : tokenText(recorded)]];
	}));
}
function tokenText({ tokenId, mintedAt }) {
	return `token ${tokenId}${mintedAt === void 0 ? "" : `, since ${mintedAt.toISOString().slice(0, 10)}`}`;
}
// src/report/timeline-table.ts
/** How long each phase took, folded. */
function timelineOf({ phases }) {
	return details("Timeline", table([
		"Phase",
		"Took",
		"Requests"
	], phases.map((phase) => ({
		phase,
		result: phase.isFailed ? "failed" : "done"
	})), {
		cellsOf: ({ phase }) => cellsOf(phase),
		source: "the log"
	}));
}
function cellsOf({ title, durationMs, requests, isFailed }) {
	return [
		title,
		`${isFailed ? "failed after " : ""}${formatSeconds(durationMs)}`,
		formatNumber(requests)
	];
}
// src/report/verdict.ts
/** What a run did, in one sentence without a full stop: the heading of the job summary, and the notice. */
function verdictOf(data, errors) {
	const sentence = errors.length > 0 ? failure(data, errors) : success(data);
	return data.isDryRun ? `Dry run: ${sentence}` : capitalized(sentence);
}
function failure(data, errors) {
	const { targets, workloads, isWriting } = data;
	const failedTargets = targets.filter(isFailedResult);
	const failedWorkloads = workloads.filter(isFailedResult);
	if (failedTargets.length > 0) {
		const others = inOrder(targets.filter((one) => !isFailedResult(one))).map(({ result }) => result);
		const rest = others.length > 0 ? `, ${tally(others)}` : "";
		return `${formatNumber(failedTargets.length)} of ${placesOf(targets)} failed${rest}`;
	}
	if (failedWorkloads.length > 0) {
		const written = targets.length > 0 ? `. The secret is in ${placesOf(targets)}` : "";
		return `${formatNumber(failedWorkloads.length)} of ${formatCount(workloads.length, "workload")} failed${written}`;
	}
	const cause = causeOf(errors);
	if (targets.length > 0) return `${success(data)}, then failed: ${cause}`;
	if (errors.every(({ code }) => code === "invalid-input")) return `stopped before the first request: ${cause}`;
	return `failed ${isWriting ? "while writing the secrets" : "before any secret was written"}: ${cause}`;
}
function causeOf(errors) {
	const [first, ...others] = errors;
	const title = first === void 0 ? "" : titleOf(first.code);
	if (others.length === 0) return title;
	return others.every(({ code }) => code === first?.code) ? `${title} (${formatCount(errors.length, "error")})` : `${title} and ${formatCount(others.length, "other error")}`;
}
function success(data) {
	return [
		data.targets.length > 0 ? withTargets(data) : withoutTargets(data),
		oldTokens(data),
		deployed(data)
	].filter(Boolean).join(", ");
}
function withoutTargets({ isDryRun, isVerifying, credential }) {
	if (isDryRun && credential === void 0) return "would mint a token";
	const checked = isVerifying ? "verified" : "used";
	if (credential?.origin === "minted") return isVerifying ? "minted and verified a token" : "minted a token";
	return `${checked} the ${credential?.origin === "provided" ? "provided credential" : "token"}`;
}
function withTargets(data) {
	const { targets, secretName = "", credential, isDryRun, isVerifying, replaced } = data;
	const places = placesOf(targets);
	const secret = `\`${secretName}\``;
	if (isDryRun) {
		const mints = credential === void 0 ? "mint a token and " : "";
		return targets.every(isUnchanged) ? `would change nothing in ${places}` : `would ${mints}write ${secret} in ${places}`;
	}
	const written = targets.filter(({ result }) => result === "created" || result === "updated");
	if (written.length === 0) return `${isVerifying ? "verified" : "found"} ${secret} in ${places}: ${targets.every(isUnchanged) ? "nothing to change" : "updated service accounts"}`;
	const some = written.length < targets.length ? `${formatNumber(written.length)} of ` : "";
	if (credential?.origin === "minted" && replaced.length > 0) return `rotated ${secret} in ${places}`;
	return `${written.every(({ result }) => result === "created") ? "created" : "updated"} ${secret} in ${some}${places}`;
}
function isUnchanged({ result, serviceAccounts }) {
	return [result, ...serviceAccounts.map((account) => account.result)].every((one) => one === "unchanged");
}
function oldTokens({ revoked, unrevoked }) {
	const tokens = (ids) => formatCount(ids.length, "old token");
	return [revoked.length > 0 ? `revoked ${tokens(revoked)}` : "", unrevoked.length > 0 ? `kept ${tokens(unrevoked)} alive` : ""].filter(Boolean).join(", ");
}
function deployed({ workloads }) {
	return workloads.length === 0 ? "" : `${formatCount(workloads.length, "workload")} ${resultsOf(workloads)}`;
}
function resultsOf(workloads) {
	const results = new Set(workloads.map(({ result }) => result));
	return results.size === 1 ? [...results].join("") : `(${tally(workloads.map(({ result }) => result))})`;
}
/** `3 namespaces`, `1,000 namespaces in 2 clusters`. */
function placesOf(targets) {
	const clusters = new Set(targets.map(({ cluster }) => cluster)).size;
	const namespaces = formatCount(targets.length, "namespace");
	return clusters > 1 ? `${namespaces} in ${formatCount(clusters, "cluster")}` : namespaces;
}
function capitalized(text) {
	return text.slice(0, 1).toUpperCase() + text.slice(1);
}
// src/report/job-summary.ts
/** The job summary, in GitHub's Markdown. */
function jobSummary(data, errors) {
	const { targets, notes, workloads, changes, secretName = "" } = data;
	return [
		`## ${errors.length > 0 ? "❌" : "✅"} ${text(verdictOf(data, errors))}`,
		data.isDryRun && note("This is a dry run: it minted, wrote and revoked nothing."),
		alerts(errors.map(alertOf)),
		codeBlocks("To be applied in the cluster with `kubectl apply --filename -`:", "yaml", manifestsOf(errors)),
		factTable(factsOf(data)),
		failedTargets(targets),
		list(notes),
		table([
			"Failed workload",
			"Namespace",
			"Cluster",
			"Reason"
		], workloads.filter(isFailedResult), {
			cellsOf: (one) => [
				`${one.kind} ${one.name}`,
				one.namespace,
				one.cluster,
				withReason(one.result, one.reason)
			],
			source: "the output `workloads`"
		}),
		oldTable(data),
		otherTargets(targets),
		otherWorkloads(workloads),
		diff("What changed in the secrets", changes.map((one) => diffText(one, secretName)).join("\n\n")),
		timelineOf(data)
	].filter((part) => part !== "" && part !== false).join("\n\n").concat("\n");
}
function alertOf({ code, message, hint }) {
	return {
		title: titleOf(code),
		message: sentence(message),
		hint: hint && sentence(hint),
		link: documentationOf(code)
	};
}
function failedTargets(targets) {
	const failed = targets.filter(isFailedResult);
	const rows = table([
		"Failed namespace",
		"Cluster",
		"Reason"
	], failed, {
		cellsOf: (one) => [
			one.namespace,
			one.cluster,
			reasonOf(one)
		],
		source: "the output `targets`"
	});
	return failed.length <= 10 ? rows : details(`The ${formatCount(failed.length, "namespace")} that failed`, rows);
}
function reasonOf({ error = "", serviceAccounts }) {
	return whole({
		result: error,
		serviceAccounts
	});
}
/** The targets that need no one: a few are listed, many are counted by their cluster. */
function otherTargets(targets) {
	const others = inOrder(targets.filter((one) => !isFailedResult(one)));
	return details(counted(others, others.length < targets.length ? "other namespace" : "namespace"), others.length <= 10 ? table([
		"Namespace",
		"Cluster",
		"Result"
	], others, {
		cellsOf: (one) => [
			one.namespace,
			one.cluster,
			whole(one)
		],
		source: "the output `targets`"
	}) : perCluster(others, "the output `targets`"));
}
function otherWorkloads(workloads) {
	const others = inOrder(workloads.filter((one) => !isFailedResult(one)));
	return details(counted(others, "workload"), others.length <= 10 ? table([
		"Workload",
		"Namespace",
		"Cluster",
		"Result"
	], others, {
		cellsOf: (one) => [
			`${one.kind} ${one.name}`,
			one.namespace,
			one.cluster,
			withReason(one.result, one.reason)
		],
		source: "the output `workloads`"
	}) : perCluster(others, "the output `workloads`"));
}
/** `997 namespaces: 20 updated, 977 unchanged`. */
function counted(items, noun) {
	return items.length === 0 ? "" : `${formatCount(items.length, noun)}: ${tally(items.map(({ result }) => result))}`;
}
function perCluster(items, source) {
	return table(["Cluster", "Results"], [...Map.groupBy(items, ({ cluster }) => cluster)].map(([cluster, own]) => {
		return {
			cluster,
			count: own.length,
			result: tally(own.map(({ result }) => result))
		};
	}), {
		cellsOf: ({ cluster, result }) => [cluster, result],
		source
	}).concat(`\n\nEach of them is in ${source}.`);
}
function oldTable(data) {
	if (!hasOldTable(data)) return "";
	return table(["Old token", "Result"], oldTokens$1(data), {
		cellsOf: ({ cells }) => cells,
		source: "the outputs `unrevoked` and `revoked`"
	});
}
// src/report/log-targets.ts
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
// src/report/output-values.ts
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
/** RFC 3339, without milliseconds where there are none. */
function timestamp(date) {
	return date.toISOString().replace(".000Z", "Z");
}
/** Only the texts of servers are redacted: the name of a namespace, or JSON, can be what someone stores as a password. */
function redactedJson(results) {
	const isServerText = (key) => key === "error" || key === "reason";
	return JSON.stringify(results, (key, value) => isServerText(key) ? redact(String(value)) : value);
}
/** Whether the run changed anything in the target. */
function isChanged({ result, serviceAccounts }) {
	return [result, ...serviceAccounts.map((account) => account.result)].some((one) => one === "created" || one === "updated");
}
// src/policy/pull-impact.ts
const ORDER = [
	"no",
	"unknown",
	"as-before",
	"yes"
];
/** The answers for all targets, the worst first. */
function pullImpacts(targets, known) {
	const answered = targets.map((target) => ({
		place: {
			cluster: target.cluster.name,
			namespace: target.namespace
		},
		...answerFor(target, known)
	}));
	return [...Map.groupBy(answered, ({ answer, reason }) => `${answer} ${reason}`).values()].flatMap((group) => {
		const [first] = group;
		const { answer, reason } = first ?? {};
		return answer === void 0 || reason === void 0 ? [] : [{
			answer,
			reason,
			targets: group.map(({ place }) => place)
		}];
	}).sort((one, other) => ORDER.indexOf(one.answer) - ORDER.indexOf(other.answer));
}
function answerFor(target, known) {
	const { cluster, namespace } = target;
	if (known.changed.some((one) => one.cluster === cluster.name && one.namespace === namespace)) return {
		answer: "unknown",
		reason: "another client changed the secret after this run wrote it. No token was revoked"
	};
	if (target.status === "ready") return answerForStored(target, known);
	return isFailed(target) || target.status === "planned" ? answerForStored(storedIn(target), known) : forCurrent(known);
}
function storedIn(target) {
	return isFailed(target) ? target : { stored: target.replaced };
}
function forCurrent({ current }) {
	if (current === void 0) return {
		answer: "unknown",
		reason: "it is not known what the secret holds"
	};
	const { tokenId, isVerified } = current;
	const what = nameOf(tokenId);
	return isVerified ? {
		answer: "yes",
		reason: `the secret holds ${what}, which the registry accepted in this run`
	} : {
		answer: "unknown",
		reason: `the secret holds ${what}, which this run did not verify`
	};
}
/** What a secret holds that this run did not write, or may not have written. */
function answerForStored({ stored, mayHold = false }, known) {
	const { owner, current, refused, revoked, now } = known;
	if (stored === void 0) return {
		answer: "unknown",
		reason: "the action could not read the secret. It revoked no token that may be there"
	};
	if (stored.kind === "absent") return mayHold ? {
		answer: "unknown",
		reason: "the secret did not exist, and it is not certain that this run created it"
	} : {
		answer: "no",
		reason: "the secret does not exist"
	};
	const [record] = ownRecords(stored.records, owner);
	if (record === void 0) return {
		answer: "as-before",
		reason: "the secret still holds a credential that this action did not write"
	};
	const { tokenId, expiresAt } = record;
	const what = nameOf(tokenId);
	if (tokenId === current?.tokenId) return forCurrent(known);
	const isDead = refused.has(tokenId) || revoked.includes(tokenId) || expiresAt !== void 0 && expiresAt <= now;
	if (mayHold) {
		const either = `the secret holds ${current === void 0 ? "the new token" : nameOf(current.tokenId)} or still ${what}`;
		return isDead ? {
			answer: "unknown",
			reason: `${either}, which does not work any more`
		} : {
			answer: "as-before",
			reason: `${either}. Neither was revoked`
		};
	}
	if (revoked.includes(tokenId)) return {
		answer: "no",
		reason: `the secret holds ${what}, which was revoked`
	};
	if (refused.has(tokenId)) return {
		answer: "no",
		reason: `the secret holds ${what}, which the registry refuses`
	};
	if (isDead) return {
		answer: "no",
		reason: `the secret holds ${what}, which has expired`
	};
	return {
		answer: "as-before",
		reason: `the secret still holds ${what}. ${known.isDryRun ? "This dry run changed nothing" : "This run did not revoke it"}`
	};
}
function nameOf(tokenId) {
	return isProvided(tokenId) ? "a credential that the workflow provided" : `token \`${tokenId}\``;
}
// src/report/pull-report.ts
/** What a run learns about the credentials in its targets, for the question whether Pods keep pulling. */
var PullReport = class {
	/** Whether the run writes a secret at all. */
	isRequested = true;
	isDryRun = false;
	current;
	revoked = [];
	#refused = /* @__PURE__ */ new Set();
	#owner;
	#now = /* @__PURE__ */ new Date(0);
	#observed = [];
	#targets;
	#changed = [];
	#isWriting = false;
	/** What the targets hold before anything is written. */
	observed(targets, owner, now) {
		this.#observed = targets;
		this.#targets = targets;
		this.#owner = owner;
		this.#now = now;
	}
	refused(tokenId) {
		this.#refused.add(tokenId);
	}
	/** From now on it is not known what the targets hold, until they are reported. */
	writeStarts() {
		this.#isWriting = true;
	}
	written(targets) {
		this.#targets = targets;
		this.#isWriting = false;
	}
	/** @param errors one for each target */
	changedAfterWrite(errors) {
		this.#changed = errors.map(({ details: { cluster = "", namespace = "" } }) => ({
			cluster,
			namespace
		}));
	}
	/** When the oldest record of a token in the observed targets says that it was minted; undefined when none does. */
	mintedAt(tokenId) {
		const owner = this.#owner;
		if (owner === void 0) return void 0;
		return this.#observed.flatMap((target) => target.stored ?? []).flatMap((one) => one.kind === "present" ? ownRecords(one.records, owner) : []).flatMap((record) => record.tokenId === tokenId ? record.mintedAt ?? [] : []).sort((one, other) => one.getTime() - other.getTime())[0];
	}
	/** The answers of a run that has failed, the worst first. */
	impacts() {
		if (!this.isRequested) return [];
		if (this.#targets === void 0 || this.#owner === void 0) return [NOTHING_DONE$1];
		if (this.#isWriting) return [INTERRUPTED];
		return pullImpacts(this.#targets, {
			owner: this.#owner,
			now: this.#now,
			isDryRun: this.isDryRun,
			current: this.current,
			refused: this.#refused,
			revoked: this.revoked,
			changed: this.#changed
		});
	}
};
const NOTHING_DONE$1 = {
	answer: "as-before",
	reason: "the run ended before it changed anything in a cluster",
	targets: []
};
const INTERRUPTED = {
	answer: "unknown",
	reason: "the run ended while it wrote the secrets. It revoked no token that a target held",
	targets: []
};
// src/report/summary-data.ts
/** Of a run that has not done anything yet. */
const NOTHING_DONE = {
	isDryRun: false,
	isVerifying: true,
	secretName: void 0,
	decision: "",
	credential: void 0,
	replaced: [],
	unused: void 0,
	nextRotation: "",
	verifications: [],
	targets: [],
	changes: [],
	isWriting: false,
	notes: [],
	workloads: [],
	revoked: [],
	unrevoked: [],
	pulls: [],
	phases: [],
	total: {
		durationMs: 0,
		requests: 0
	}
};
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
	timeline = new Timeline();
	#published = /* @__PURE__ */ new Set();
	#pulls = new PullReport();
	#data = NOTHING_DONE;
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
	/** What a run is asked for. */
	started({ dryRun: isDryRun, verify: isVerifying, secret }) {
		if (isDryRun) info("Dry run: this run mints, writes and revokes nothing.");
		this.#pulls.isDryRun = isDryRun;
		this.#pulls.isRequested = secret !== void 0;
		this.#remember({
			isDryRun,
			isVerifying,
			secretName: secret?.name
		});
	}
	/** What the targets hold before anything is written. */
	observed(targets, owner, now) {
		this.#pulls.observed(targets, owner, now);
	}
	/** A registry refused a token that targets hold. */
	refused(tokenId) {
		this.#pulls.refused(tokenId);
	}
	/** From now on targets may hold the credential. */
	writeStarts() {
		this.#pulls.writeStarts();
		this.#remember({ isWriting: true });
	}
	/** @param errors one for each target that did not hold the credential any more when it was read back */
	changedAfterWrite(errors) {
		this.#pulls.changedAfterWrite(errors);
	}
	decision(sentence) {
		info(sentence);
		this.#remember({ decision: sentence });
	}
	organization(guid) {
		this.#publish("organization-guid", guid);
	}
	credential(credential, { registry, maxAgeMs, verify: isVerified }) {
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
		const facts = {
			tokenId,
			origin,
			expiresAt: expires,
			servers: registry.servers,
			username: login?.username
		};
		this.#remember({ credential: facts });
		this.#pulls.current = {
			tokenId,
			isVerified
		};
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
		if (this.#data.credential?.tokenId !== tokenId) return;
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
		const resultsWith = (text) => outcomes.map((outcome) => ({
			cluster: outcome.cluster.name,
			namespace: outcome.namespace,
			secret: secret ?? "",
			result: outcome.status,
			serviceAccounts: outcome.serviceAccounts ?? [],
			...isFailed(outcome) && { error: text(outcome.error) }
		}));
		const targets = resultsWith(errorText);
		logTargets(targets);
		this.#pulls.written(outcomes);
		this.#remember({ targets: resultsWith(({ message }) => message) });
		this.#publish("secret-name", secret ?? "");
		this.#publish("changed", targets.some(isChanged));
		this.#publish("targets", redactedJson(targets));
	}
	/** What was written to the targets. */
	changes(outcomes, record) {
		this.#remember({ changes: secretChanges(outcomes, record) });
	}
	/** The tokens that the credential replaces in the targets. */
	replaced({ superseded }, now) {
		const replaced = superseded.map(({ tokenId }) => {
			const mintedAt = this.#pulls.mintedAt(tokenId);
			return {
				tokenId,
				ageDays: mintedAt && Math.max(0, Math.floor((now.getTime() - mintedAt.getTime()) / DAY_MS))
			};
		});
		this.#remember({ replaced });
	}
	/** What is left to the user: only what this action minted is revoked. */
	unmanaged(credentials) {
		const notes = unmanagedNotes(credentials, this.#data.isDryRun);
		for (const note of notes) info(note);
		this.#remember({ notes });
	}
	workloads(workloads) {
		const reportsWith = (text) => workloads.map(({ error, ...workload }) => ({
			...error && { reason: text(error) },
			...workload
		}));
		this.#remember({ workloads: reportsWith(({ message }) => message) });
		this.#publish("workloads", redactedJson(reportsWith(errorText)));
	}
	revocation({ revoked, unrevoked }) {
		this.#remember({
			revoked,
			unrevoked
		});
		this.#pulls.revoked = revoked;
		this.#publish("revoked", JSON.stringify(revoked));
		this.#publish("unrevoked", JSON.stringify(unrevoked.map(({ tokenId }) => tokenId)));
	}
	/** One annotation with what the run did, and when it is due again. A run that failed has its errors. */
	notice() {
		const { nextRotation } = this.#data;
		const next = nextRotation === "" ? "" : ` Next rotation: in the first run from ${nextRotation} on.`;
		notice("Registry Pull Secret", `${verdictOf(this.#data, [])}.${next}`);
	}
	/** The job summary, as Markdown. */
	summary(errors) {
		const pulls = errors.length > 0 ? this.#pulls.impacts() : [];
		const { phases, total } = this.timeline;
		return jobSummary({
			...this.#data,
			pulls,
			phases,
			total
		}, errors);
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
const DAY_MS = 864e5;
export { manifestsOf as C, causesOf as S, scopeOf as _, isReady as a, providedTokenId as b, clusterSkipReason as c, newerThan as d, selectCandidates as f, clustersOf as g, mintOf as h, isMarkable as i, holdsCredential as l, hostsText as m, failedTarget as n, isSamePlace as o, describeMint as p, isFailed as r, candidateOf as s, Report as t, mintSkipReason as u, isProvided as v, annotateErrors as x, passwordOf as y };
