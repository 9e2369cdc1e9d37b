import { at as actionErrorOf } from "./inputs.js";
// src/pull-secret/target.ts
function failedTarget({ cluster, namespace }, thrown, mayHold = false) {
	return {
		cluster,
		namespace,
		status: "failed",
		error: actionErrorOf(thrown),
		mayHold
	};
}
function isReady(target) {
	return target.status === "ready";
}
function isFailed(target) {
	return target.status === "failed";
}
export { isFailed as n, isReady as r, failedTarget as t };
