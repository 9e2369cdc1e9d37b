import { n as __toESM } from "./rolldown-runtime.js";
import { A as readRegularFile, F as isJwt, Ht as require__builtin_path, I as decodeBase64, J as mask, L as textOf, Ut as require__builtin_fs, W as printable, at as asObjects, ct as isObject, it as asObject, ot as asText } from "./runner.js";
import { C as tokenProblem, _ as EXEC_VERSIONS, a as uselessUser, b as checkNamedFile, d as KubeConfig, f as newClusters, g as isPath, i as missingFiles, m as newUsers, n as hasOmissions, o as GITHUB_OIDC, p as newContexts, r as isOmitted, t as FLATTEN_HINT, u as impersonationIn, w as trimToken, y as authorityProblem } from "./kubeconfig.js";
import { Lt as looksLikeKubeconfig, Vt as maskProxyLogin } from "./inputs.js";
// src/kubernetes/kubeconfig-shape.ts
var import__builtin_fs = /* @__PURE__ */ __toESM(require__builtin_fs(), 1);
var import__builtin_path = /* @__PURE__ */ __toESM(require__builtin_path(), 1);
/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
const KUBECONFIG = {
	"current-context": "text",
	clusters: [{
		name: "text",
		cluster: {
			server: "server",
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
			"as-uid": "text",
			"as-groups": ["text"],
			"as-user-extra": /* @__PURE__ */ new Map([["any", ["text"]]]),
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
/** kubectl takes an empty text for a kubeconfig without contexts. @throws Error when it is something else */
function kubeconfigObject(parsed) {
	const fields = parsed ?? {};
	if (!isObject(fields)) throw new Error("it must be an object");
	const { kind } = fields;
	if (kind === "Secret") throw new Error("it must be the decoded value of a Secret, and not the Secret itself");
	if (kind && kind !== "Config") throw new Error("kind must be Config");
	return fields;
}
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
	server: "a URL that starts with https://",
	flag: "true or false"
};
function isOfKind(value, kind) {
	if (kind === "flag") return typeof value === "boolean";
	const isUrl = (text) => URL.canParse(text) && (kind === "url" || /^https?:/i.test(text));
	return typeof value === "string" && (kind === "text" || value === "" || isUrl(value));
}
// src/kubernetes/kubeconfig.ts
/**
* Reads a kubeconfig as kubectl does, and masks its secrets.
* @throws Error whose message reads after the name of an input and does not quote the kubeconfig
*/
function readKubeConfig(source, parseText) {
	const config = read(source, parseText);
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
function read(source, parseText) {
	const config = new KubeConfig();
	switch (source.kind) {
		case "text": return readText({ text: source.text }, parseText);
		case "files": return source.paths.filter((path) => (0, import__builtin_fs.existsSync)(path)).reduce((merged, path) => addFile(merged, path, parseText), config);
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
function addFile(config, path, parseText) {
	const where = ` in ${path}`;
	const bytes = parse(() => readRegularFile(path, MAX_KUBECONFIG_BYTES), where);
	const text = textOf(bytes) ?? bytes.toString();
	const file = readText({
		text: decodeBase64(text, looksLikeKubeconfig) ?? text,
		where,
		folder: (0, import__builtin_path.resolve)((0, import__builtin_path.dirname)(path))
	}, parseText);
	file.makePathsAbsolute((0, import__builtin_path.dirname)(path));
	const merged = new KubeConfig();
	merged.loadFromOptions({
		clusters: firstOfEach(config.clusters, file.clusters),
		users: firstOfEach(config.users, file.users),
		contexts: firstOfEach(config.contexts, file.contexts),
		currentContext: config.currentContext || file.currentContext
	});
	return merged;
}
function readText({ text, where = "", folder }, parseText) {
	const fields = parse(() => kubeconfigObject(parseText(text)), where);
	parse(() => checkKubeconfigShape(fields), where);
	for (const { user } of asObjects(fields.users)) checkFile(asObject(user)["token-file"]);
	const config = new KubeConfig();
	parse(() => config.loadFromOptions({
		clusters: newClusters(fields.clusters),
		users: newUsers(fields.users),
		contexts: newContexts(fields.contexts),
		currentContext: fields["current-context"]
	}), where);
	addIgnoredFields(config, fields, folder);
	return config;
}
/**
* Adds what client-node does not read: the `tokenFile` of each user, as client-node's `authProvider`; whom a user impersonates; the
* folder of the kubeconfig, for the `command` of an exec plugin; and what a cluster has for exec plugins.
* https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
* @param folder of the kubeconfig; absent when it is not a file
*/
function addIgnoredFields(config, { users, clusters }, folder) {
	config.users = config.users.map((user) => {
		const fields = asObject(asObjects(users).find(({ name }) => name === user.name)?.user);
		const { tokenFile } = fields;
		const impersonation = impersonationIn(fields);
		const path = asText(tokenFile);
		const authority = asText(asObject(user.authProvider?.config)[IDP_AUTHORITY]);
		if (authority !== void 0 && folder !== void 0) user.authProvider.config[IDP_AUTHORITY] = (0, import__builtin_path.resolve)(folder, authority);
		return {
			...user,
			...impersonation !== void 0 && { impersonation },
			...user.exec && { exec: {
				...user.exec,
				folder
			} },
			...path !== void 0 && { authProvider: {
				name: "tokenFile",
				config: { tokenFile: folder === void 0 ? path : (0, import__builtin_path.resolve)(folder, path) }
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
// src/kubernetes/context-problems.ts
/** What is wrong with the cluster and the user of a context. */
function problemsOf(config, context) {
	const found = config.getContextObject(context);
	const user = config.getUser(found?.user ?? "");
	const cluster = config.getCluster(found?.cluster ?? "");
	if (user === null || cluster === null) return [];
	if (hasOmissions(cluster, user)) return [{
		problem: `was printed without \`--raw\`: the secrets of its context ${quoted(context)} are left out`,
		hint: FLATTEN_HINT
	}];
	const missing = missingFiles(cluster, user).map(({ field, path }) => missingFile(context, field, path));
	if (missing.length > 0) return missing;
	const now = /* @__PURE__ */ new Date();
	const useless = authorityProblem(cluster, now) ?? uselessUser(user, cluster.server, now);
	if (useless !== void 0) {
		const hint = useless.needsRenewal ? RENEW_HINT : FLATTEN_HINT;
		return [{
			problem: `has ${useless.problem}, for its context ${quoted(context)}`,
			hint
		}];
	}
	return [
		...tokenProblems(user, context),
		...providerProblems(user, context),
		...execProblems(user, context)
	];
}
const RENEW_HINT = "Store a kubeconfig with the token of a service account, or use `kube-oidc-audience`: neither depends on a person who signs in.";
function missingFile(context, field, path) {
	const why = (0, import__builtin_path.isAbsolute)(path) || import__builtin_path.win32.isAbsolute(path) || path.startsWith("~") ? "does not exist on this runner" : "is relative to the folder of the kubeconfig, which a text does not have";
	return {
		problem: `names ${`the file ${quoted(path)} (${field})`} for its context ${quoted(context)}, which ${why}`,
		hint: FLATTEN_HINT
	};
}
function tokenProblems({ token }, context) {
	if (!token) return [];
	const trimmed = trimToken(String(token));
	const problem = trimmed === void 0 ? "is empty" : misplacedToken(trimmed) ?? tokenProblem(trimmed);
	if (problem === void 0) return [];
	return [{ problem: `has a token for its context ${quoted(context)} that ${problem}` }];
}
/** What kubectl would send as it is, and no API server accepts. */
function misplacedToken(token) {
	if (/^bearer\s/i.test(token)) return "starts with the word Bearer, which is not part of a token";
	if (/^["'].*["']$/.test(token)) return "is in quotes";
	if (/^(<.*>|\*+|\$\{?[A-Z_].*)$/.test(token)) return "is a placeholder";
	return decodeBase64(token, (text) => isJwt(text.trim())) !== void 0 ? "is the base64 of one, as a Secret has it: decode it" : void 0;
}
const PROVIDERS = [
	"oidc",
	"tokenFile",
	GITHUB_OIDC
];
/** kubectl 1.26 removed the providers `azure` and `gcp`, which run commands or sign in on their own: https://kubernetes.io/blog/2022/05/03/kubernetes-1-24-release-announcement/ */
function providerProblems({ authProvider }, context) {
	const { name } = asObject(authProvider);
	if (!authProvider || PROVIDERS.includes(asText(name) ?? "")) return [];
	return [{
		problem: `has the auth-provider ${quoted(String(name))} for its context ${quoted(context)}, which kubectl no longer supports`,
		hint: "Create the kubeconfig again with a current version of the tool that wrote it: it uses an exec plugin (kubelogin, gke-gcloud-auth-plugin) instead."
	}];
}
/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuration */
function execProblems({ exec }, context) {
	if (!exec) return [];
	const { command, apiVersion, interactiveMode, folder } = asObject(exec);
	const name = asText(command);
	if (name === void 0) return [{ problem: `has an exec plugin without \`command\`, for its context ${quoted(context)}` }];
	const plugin = `the exec plugin ${quoted(name)} of its context ${quoted(context)}`;
	if (interactiveMode === "Always") return [{
		problem: `contains ${plugin}, which needs a terminal (interactiveMode: Always)`,
		hint: "A workflow needs a login without a person: use the non-interactive mode of the plugin, or a service account."
	}];
	if (!EXEC_VERSIONS.includes(asText(apiVersion) ?? "")) return [{
		problem: `contains ${plugin}, whose apiVersion ${quoted(asText(apiVersion) ?? "")} kubectl does not support`,
		hint: `Supported: ${EXEC_VERSIONS.join(", ")}. Create the kubeconfig again with a current version of the tool that wrote it.`
	}];
	if (isPath(name) && !(0, import__builtin_path.isAbsolute)(name) && asText(folder) === void 0) return [{
		problem: `contains ${plugin}: its path is relative to the folder of the kubeconfig, which a text does not have`,
		hint: "Use the name of a program on the PATH or an absolute path as `command`, or set `kubeconfig` to the path of a file."
	}];
	return [];
}
function quoted(text) {
	return `"${printable(text).slice(0, 200)}"`;
}
// src/kubernetes/load-kubeconfig.ts
/**
* Reads a kubeconfig. Only for one that is not JSON, the parser of YAML is loaded.
* @throws Error, see readKubeConfig
*/
async function loadKubeConfig(source) {
	try {
		return readKubeConfig(source, JSON.parse);
	} catch {
		const { loadAll } = await import("./js-yaml.js");
		return readKubeConfig(source, (text) => loadAll(text, { json: true })[0]);
	}
}
export { loadKubeConfig, problemsOf };
