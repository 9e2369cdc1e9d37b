import { l as load, n as KubeConfig } from "./packages.js";
import { Ct as maskProxyLogin, _n as asText, cn as mask, gn as asObjects, gt as readRegularFile, hn as asObject, vn as isObject } from "./inputs.js";
import { i as GITHUB_OIDC, t as checkNamedFile } from "./file-or-data.js";
import { r as isOmitted } from "./useless-user.js";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
// src/kubernetes/kubeconfig-shape.ts
/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
const KUBECONFIG = {
	"current-context": "text",
	clusters: [{
		name: "text",
		cluster: {
			server: "url",
			"certificate-authority": "text",
			"certificate-authority-data": "text",
			"insecure-skip-tls-verify": "flag",
			"tls-server-name": "text",
			"proxy-url": "url"
		}
	}],
	contexts: [{
		name: "text",
		context: {
			cluster: "text",
			user: "text",
			namespace: "text"
		}
	}],
	users: [{
		name: "text",
		user: {
			token: "text",
			tokenFile: "text",
			"token-file": "text",
			username: "text",
			password: "text",
			as: "text",
			"client-certificate": "text",
			"client-certificate-data": "text",
			"client-key": "text",
			"client-key-data": "text",
			exec: {
				apiVersion: "text",
				command: "text",
				args: ["text"],
				env: [{
					name: "text",
					value: "text"
				}],
				installHint: "text",
				interactiveMode: "text"
			},
			"auth-provider": {
				name: "text",
				config: /* @__PURE__ */ new Map([["any", "text"]])
			}
		}
	}]
};
/**
* Checks the fields that this action and client-node read: client-node takes a number for a token.
* @throws Error that names the field and quotes no value
*/
function checkKubeconfigShape(kubeconfig) {
	const problem = isObject(kubeconfig) ? problemIn(kubeconfig, KUBECONFIG, "") : void 0;
	if (problem !== void 0) throw new Error(problem);
}
function problemIn(value, shape, path) {
	if (value === void 0 || value === null) return void 0;
	if (typeof shape === "string") return isOfKind(value, shape) ? void 0 : `${path} must be ${KINDS[shape]}`;
	if (Array.isArray(shape)) {
		if (!Array.isArray(value)) return `${path} must be a list`;
		return firstProblem(value.map((item, index) => [
			item,
			shape[0],
			`${path}[${index}]`
		]));
	}
	if (!isObject(value)) return `${path} must be an object`;
	if (shape instanceof Map) return firstProblem(Object.values(value).map((one) => [
		one,
		shape.get("any"),
		`each ${path}`
	]));
	return firstProblem(Object.entries(shape).map(([field, inner]) => [
		value[field],
		inner,
		path === "" ? field : `${path}.${field}`
	]));
}
function firstProblem(parts) {
	for (const [value, shape, path] of parts) {
		const problem = value === null && path.endsWith("]") ? `${path} must not be empty` : shape && problemIn(value, shape, path);
		if (problem !== void 0) return problem;
	}
}
const KINDS = {
	text: "a string",
	url: "a URL",
	flag: "true or false"
};
function isOfKind(value, kind) {
	if (kind === "flag") return typeof value === "boolean";
	return typeof value === "string" && (kind === "text" || value === "" || URL.canParse(value));
}
// src/kubernetes/kubeconfig.ts
/**
* Reads a kubeconfig as kubectl does, and masks its secrets.
* @throws Error whose message reads after the name of an input and does not quote the kubeconfig
*/
function loadKubeConfig(source) {
	const config = read(source);
	checkFiles(config);
	for (const { proxyUrl } of config.clusters) if (proxyUrl) maskProxyLogin(proxyUrl);
	for (const user of config.users) {
		const provider = asObject(user.authProvider?.config);
		const provided = [
			"access-token",
			"id-token",
			"refresh-token",
			"client-secret"
		].map((name) => asText(provider[name]));
		const publicIds = [
			user.name,
			user.username,
			provider["client-id"]
		];
		for (const secret of [
			user.token,
			user.password,
			user.keyData,
			...provided
		]) if (secret && !isOmitted(secret)) mask(secret, ...publicIds);
	}
	return config;
}
/** Thousands of contexts with their certificates. */
const MAX_KUBECONFIG_BYTES = 16777216;
/** Files that are read later. One that is missing is an error only of the contexts that need it: see `missingFiles`. */
function checkFiles({ clusters, users }) {
	const files = [...clusters.map(({ caFile }) => caFile), ...users.flatMap(({ certFile, keyFile, authProvider }) => [
		certFile,
		keyFile,
		authProvider?.config?.tokenFile,
		authProvider?.config?.[IDP_AUTHORITY]
	])];
	for (const file of new Set(files)) checkFile(file);
}
function checkFile(file) {
	const path = asText(file);
	if (path !== void 0) parse(() => checkNamedFile(path), ` in ${path}`);
}
function read(source) {
	const config = new KubeConfig();
	switch (source.kind) {
		case "text": return readText(source.text);
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
	const where = ` in ${path}`;
	const file = readText(parse(() => readRegularFile(path, MAX_KUBECONFIG_BYTES).toString(), where), where, resolve(dirname(path)));
	file.makePathsAbsolute(dirname(path));
	const merged = new KubeConfig();
	merged.loadFromOptions({
		clusters: firstOfEach(config.clusters, file.clusters),
		users: firstOfEach(config.users, file.users),
		contexts: firstOfEach(config.contexts, file.contexts),
		currentContext: config.currentContext || file.currentContext
	});
	return merged;
}
/** @param folder of the kubeconfig; absent when it is not a file */
function readText(text, where = "", folder) {
	const fields = parse(() => asObject(load(text)), where);
	parse(() => checkKubeconfigShape(fields), where);
	for (const { user } of asObjects(fields.users)) checkFile(asObject(user)["token-file"]);
	const config = new KubeConfig();
	parse(() => config.loadFromString(text), where);
	addIgnoredFields(config, fields, folder);
	return config;
}
/**
* Adds what client-node does not read: the `tokenFile` of each user, as client-node's `authProvider`; the folder of the kubeconfig, for
* the `command` of an exec plugin; and what a cluster has for exec plugins.
* https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
* @param folder of the kubeconfig; absent when it is not a file
*/
function addIgnoredFields(config, { users, clusters }, folder) {
	config.users = config.users.map((user) => {
		const { tokenFile } = asObject(asObjects(users).find(({ name }) => name === user.name)?.user);
		const path = asText(tokenFile);
		const authority = asText(asObject(user.authProvider?.config)[IDP_AUTHORITY]);
		if (authority !== void 0 && folder !== void 0) user.authProvider.config[IDP_AUTHORITY] = resolve(folder, authority);
		return {
			...user,
			...user.exec && { exec: {
				...user.exec,
				folder
			} },
			...path !== void 0 && { authProvider: {
				name: "tokenFile",
				config: { tokenFile: folder === void 0 ? path : resolve(folder, path) }
			} }
		};
	});
	config.clusters = config.clusters.map((cluster) => {
		const { extensions } = asObject(asObjects(clusters).find(({ name }) => name === cluster.name)?.cluster);
		const execConfig = asObjects(extensions).find(({ name }) => name === EXEC_EXTENSION)?.extension;
		return {
			...cluster,
			...execConfig !== void 0 && { execConfig }
		};
	});
}
const IDP_AUTHORITY = "idp-certificate-authority";
/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#Cluster */
const EXEC_EXTENSION = "client.authentication.k8s.io/exec";
function firstOfEach(earlier, later) {
	return [...earlier, ...later.filter(({ name }) => !earlier.some((one) => one.name === name))];
}
/** The parser's message quotes the lines around an error, which may contain a token. */
function parse(read, where) {
	try {
		return read();
	} catch (error) {
		const { mark, code, message } = error;
		const line = mark?.line === void 0 ? "" : ` at line ${mark.line + 1}`;
		const problem = mark !== void 0 ? `is not valid YAML${line}` : code !== void 0 ? `cannot be read (${code})` : "";
		throw new Error(`${problem || `is not a kubeconfig: ${/is missing$|^[\w .[\]-]+ must /.test(message) ? message : "wrong structure"}`}${where}`);
	}
}
export { loadKubeConfig };
