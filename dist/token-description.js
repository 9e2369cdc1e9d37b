import { o as clustersOf, s as scopeOf } from "./target.js";
import { createHash } from "node:crypto";
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
	const digest = createHash("sha256").update([...hosts].sort().join("\n")).digest("hex");
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
export { hostsText as n, mintOf as r, describeMint as t };
