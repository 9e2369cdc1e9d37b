import { J as loginsIn, W as ownRecords, _n as asText, hn as asObject } from "./inputs.js";
import { o as clustersOf } from "./target.js";
import { n as hostsText } from "./token-description.js";
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
export { newerThan as a, isProvided as c, mintSkipReason as i, passwordOf as l, clusterSkipReason as n, renewalOf as o, holdsCredential as r, selectCandidates as s, candidateOf as t, providedTokenId as u };
