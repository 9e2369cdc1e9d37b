import { en as actionErrorOf } from "./inputs.js";
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
export { isSamePlace as a, isReady as i, isFailed as n, isMarkable as r, failedTarget as t };
