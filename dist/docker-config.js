import { _ as maskBasic, g as mask } from "./errors.js";
import { t as asObject } from "./json.js";
// src/core/format.ts
/** `1,000`. */
function figure(number) {
	return number.toLocaleString("en-US");
}
/** `1 target`, `1,000 targets`. */
function counted(number, noun) {
	return `${figure(number)} ${noun}${number === 1 ? "" : "s"}`;
}
/** `3 failed, 12 created`, in the order in which they first come. */
function tally(results) {
	return [...Map.groupBy(results, (result) => result)].map(([result, { length }]) => `${figure(length)} ${result}`).join(", ");
}
// src/registry/docker-config.ts
/**
* The docker config of a credential, byte for byte what `kubectl create secret docker-registry` writes: Go's order of
* keys, Go's escaping, hosts sorted by bytes, no empty field. Masked, as are its parts and its base64.
* @param stored a docker config whose other hosts and other keys are to be kept as they are
*/
function dockerConfig({ servers, username, password, email }, { auths: kept, ...rest } = {}) {
	const auth = maskBasic(username, password);
	const entry = {
		username,
		password,
		...email === void 0 ? {} : { email },
		auth
	};
	const entries = new Map(Object.entries(asObject(kept)));
	for (const server of servers) entries.set(server, entry);
	const auths = `{${[...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(member).join(",")}}`;
	const others = Object.entries(rest).map(member);
	const config = mask(escapeLikeGo(`{${[`"auths":${auths}`, ...others].join(",")}}`));
	mask(Buffer.from(config).toString("base64"));
	return config;
}
function member([key, value]) {
	return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}
/** Go's JSON encoder also escapes what HTML and JavaScript could misread. */
function escapeLikeGo(json) {
	return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
export { tally as i, counted as n, figure as r, dockerConfig as t };
