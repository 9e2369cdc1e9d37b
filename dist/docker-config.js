import { gt as maskBasic, ht as mask, ot as asObject } from "./inputs.js";
// src/registry/docker-config.ts
/**
* The docker config for a credential, byte for byte as `kubectl create secret docker-registry` writes it: Go's order of
* keys, Go's escaping, hosts sorted by their bytes, no empty field. It is masked, and so are its parts and its base64.
* @see https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/create/create_secret_docker.go
* @param stored the docker config to merge into: its other hosts and other keys stay as they are
* @param removed hosts that do not stay
*/
function dockerConfig({ servers, username, password, email }, { auths: stored, ...otherKeys } = {}, removed = []) {
	const auth = maskBasic(username, password);
	const entry = {
		username,
		password,
		...email === void 0 ? {} : { email },
		auth
	};
	const entries = new Map(Object.entries(asObject(stored)));
	for (const host of removed) entries.delete(host);
	for (const server of servers) entries.set(server, entry);
	const auths = `{${[...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(member).join(",")}}`;
	const config = mask(escapeLikeGo(`{${[`"auths":${auths}`, ...Object.entries(otherKeys).map(member)].join(",")}}`));
	mask(Buffer.from(config).toString("base64"));
	return config;
}
function member([key, value]) {
	return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}
/** @see https://pkg.go.dev/encoding/json#HTMLEscape which Go's json.Marshal applies */
function escapeLikeGo(json) {
	return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
export { dockerConfig as t };
