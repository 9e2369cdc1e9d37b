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
export { scopeOf as n, clustersOf as t };
