import { On as actionErrorOf } from "./inputs.js";
import { createHash } from "node:crypto";
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
export { isSamePlace as a, isReady as i, isFailed as n, clustersOf as o, isMarkable as r, scopeOf as s, failedTarget as t };
