import { c as load, n as KubeConfig } from "./packages.js";
import { ct as asObjects, ft as mask, lt as asText, st as asObject } from "./inputs.js";
import { t as GITHUB_OIDC } from "./oidc.js";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
// src/kubernetes/kubeconfig.ts
/**
* Reads a kubeconfig as kubectl does, and masks its secrets.
* @throws Error whose message reads after the name of an input and does not quote the kubeconfig
*/
function loadKubeConfig(source) {
	const config = read(source);
	for (const user of config.users) {
		const provider = asObject(user.authProvider?.config);
		const provided = [
			"access-token",
			"id-token",
			"refresh-token",
			"client-secret"
		].map((name) => asText(provider[name]));
		for (const secret of [
			user.token,
			user.password,
			user.keyData,
			...provided
		]) if (secret) mask(secret);
	}
	return config;
}
function read(source) {
	const config = new KubeConfig();
	switch (source.kind) {
		case "text":
			parse(() => {
				config.loadFromString(source.text);
				addTokenFiles(config, source.text, ".");
			});
			return config;
		case "files": return source.paths.filter((path) => existsSync(path)).reduce(addFile, config);
		case "in-cluster":
			config.loadFromCluster();
			return config;
		case "server": {
			const { url, certificate, user: credential } = source;
			const caData = certificate === void 0 ? {} : { caData: Buffer.from(certificate).toString("base64") };
			const name = new URL(url).host;
			const cluster = {
				name,
				server: url,
				skipTLSVerify: false
			};
			const user = "token" in credential ? credential : { authProvider: {
				name: GITHUB_OIDC,
				config: credential
			} };
			config.loadFromOptions({
				clusters: [{
					...cluster,
					...caData
				}],
				users: [{
					name,
					...user
				}],
				contexts: [{
					name,
					cluster: name,
					user: name
				}],
				currentContext: name
			});
			return config;
		}
	}
}
/**
* Merges files as kubectl does: the first file that sets a value wins. client-node's merge rejects duplicate names.
* https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
*/
function addFile(config, path) {
	const file = new KubeConfig();
	parse(() => {
		file.loadFromFile(path);
		addTokenFiles(file, readFileSync(path, "utf8"), dirname(path));
	}, ` in ${path}`);
	const merged = new KubeConfig();
	merged.loadFromOptions({
		clusters: firstOfEach(config.clusters, file.clusters),
		users: firstOfEach(config.users, file.users),
		contexts: firstOfEach(config.contexts, file.contexts),
		currentContext: config.currentContext || file.currentContext
	});
	return merged;
}
/**
* Adds the `tokenFile` of each user, which client-node ignores, as client-node's `authProvider` that rereads the file:
* https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
*/
function addTokenFiles(config, text, folder) {
	for (const { name, user } of asObjects(asObject(load(text)).users)) {
		const tokenFile = asText(asObject(user).tokenFile);
		const found = config.users.findIndex((one) => one.name === name);
		if (tokenFile === void 0 || found < 0) continue;
		const authProvider = {
			name: "tokenFile",
			config: { tokenFile: resolve(folder, tokenFile) }
		};
		config.users[found] = {
			...config.users[found],
			name: String(name),
			authProvider
		};
	}
}
function firstOfEach(earlier, later) {
	return [...earlier, ...later.filter(({ name }) => !earlier.some((one) => one.name === name))];
}
/** The parser's message quotes the lines around an error, which may contain a token. */
function parse(read, where = "") {
	try {
		read();
	} catch (error) {
		const { mark, code, message } = error;
		const line = mark?.line === void 0 ? "" : ` at line ${mark.line + 1}`;
		const problem = mark !== void 0 ? `is not valid YAML${line}` : code !== void 0 ? `cannot be read (${code})` : "";
		throw new Error(`${problem || `is not a kubeconfig: ${/is missing$/.test(message) ? message : "wrong structure"}`}${where}`);
	}
}
export { loadKubeConfig };
