import { b as Failures, g as mask, h as isSafe, m as isLoopback, x as InputError } from "./errors.js";
import { i as opensNothing, r as opens, s as podManifest, t as hasHost } from "./reference.js";
import { X509Certificate } from "node:crypto";
import { existsSync, globSync, readFileSync, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
// src/inputs/reader.ts
/**
* Reads inputs one by one and keeps what is wrong with them, so that a run can report every mistake at once. A reading
* that fails hands back something harmless: nobody may use it before `finish` was called.
*/
var Reader = class {
	/** What may well be meant otherwise, in sentences. */
	warnings = [];
	#problems = [];
	#known = /* @__PURE__ */ new Set();
	#environment;
	constructor(environment) {
		this.#environment = environment;
	}
	/** Keeps a problem. A secret's value never belongs into it. */
	refuse(input, problem, allowed) {
		this.#problems.push(new InputError(input, problem, allowed));
	}
	/** The problems of all inputs, those included that nobody has ever asked for. */
	finish() {
		for (const variable of Object.keys(this.#environment)) {
			const name = /^INPUT_(.+)$/.exec(variable)?.[1]?.toLowerCase();
			if (name === void 0 || this.#known.has(name) || this.#environment[variable] === "") continue;
			this.refuse(name, "is not an input of this action", `The inputs are: ${[...this.#known].sort().join(", ")}.`);
		}
		return this.#problems;
	}
	text(name) {
		this.#known.add(name);
		return this.#environment[`INPUT_${name.toUpperCase()}`]?.trim() || void 0;
	}
	/** @param bare takes off what is no part of the secret */
	secret(name, bare = (value) => value) {
		const value = this.text(name);
		return value === void 0 ? void 0 : mask(bare(value));
	}
	/** A text of one form. */
	matching(name, pattern, allowed) {
		const value = this.text(name);
		if (value !== void 0 && !pattern.test(value)) this.refuse(name, `is ${quote(value)}`, allowed);
		return value;
	}
	flag(name, usual) {
		const value = this.text(name);
		if (value === void 0) return usual;
		if (/^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
		this.refuse(name, `is ${quote(value)}`, "Allowed: true, false.");
		return usual;
	}
	oneOf(name, allowed) {
		const value = this.text(name);
		const found = allowed.find((one) => one === (value ?? allowed[0]));
		if (found === void 0) this.refuse(name, `is ${quote(value ?? "")}`, `Allowed: ${allowed.join(", ")}.`);
		return found ?? allowed[0];
	}
	/** @returns milliseconds; 0 where that has a meaning of its own */
	duration(name, usual, zero = "allowed") {
		const value = this.text(name) ?? usual;
		const [, amount, unit = "s"] = /^(?:(0)|(?:(\d{1,6})([smhd])))$/.exec(value)?.filter((part) => part !== void 0) ?? [];
		if (amount === void 0 || Number(amount) === 0 && zero === "refused") {
			const least = zero === "allowed" ? "0, or a number" : "a number";
			this.refuse(name, `is ${quote(value)}`, `Allowed: ${least} with a unit, as in 90s, 5m, 12h, 30d.`);
			return 0;
		}
		return Number(amount) * SECONDS[unit] * 1e3;
	}
	count(name, usual, most) {
		const value = this.text(name) ?? String(usual);
		const number = Number(value);
		if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
		this.refuse(name, `is ${quote(value)}`, `Allowed: a whole number from 1 to ${most}.`);
		return usual;
	}
	/** Items by lines or commas; empty ones do not count. */
	list(name) {
		return (this.text(name) ?? "").split(/[\n,]/).map((item) => item.trim()).filter((item) => item !== "");
	}
	/** An origin, with a path where a service has one, without a final slash. */
	endpoint(name) {
		const value = this.text(name);
		if (value === void 0) return void 0;
		const allowed = "Allowed: an https address, as in https://api.example.com; http for this machine itself only.";
		if (!URL.canParse(value) || !isSafe(new URL(value))) {
			this.refuse(name, `is ${quote(value)}`, allowed);
			return;
		}
		const { username, password, search, hash } = new URL(value);
		if (username || password) this.refuse(name, "holds a user name or password", allowed);
		else if (search || hash) this.refuse(name, `is ${quote(value)}, with a query or fragment`, allowed);
		return value.replace(/\/+$/, "");
	}
	/** PEM, one or several certificates. */
	certificates(name) {
		const value = this.text(name);
		if (value !== void 0 && !holdsCertificates(value)) this.refuse(name, "holds no certificate that can be read", "Allowed: PEM, from -----BEGIN CERTIFICATE----- on.");
		return value;
	}
};
function holdsCertificates(pem) {
	const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
	try {
		for (const block of blocks) new X509Certificate(block);
		return blocks.length > 0;
	} catch {
		return false;
	}
}
const SECONDS = {
	s: 1,
	m: 60,
	h: 3600,
	d: 86400
};
/** A value in a sentence; a long one is cut, since a secret may have slipped into it, as may a login into an address. */
function quote(value) {
	return value.length > 80 ? `a text of ${value.length} characters` : `"${value.replace(/\/\/.*@/, "//***@")}"`;
}
// src/inputs/secret.ts
/** A name of Kubernetes, as in RFC 1123: of a secret or Pod. */
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
/** The same without dots: of a namespace or container. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const KEY = /^(?:(?=[^/]{1,253}\/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/;
function readSecret(read) {
	const name = read.matching("secret-name", SUBDOMAIN, "Allowed: lower-case letters, digits, hyphens and dots, as in my-registry.");
	const labels = readPairs(read, "labels", LABEL_VALUE);
	const annotations = readPairs(read, "annotations", /^/);
	const adopt = read.flag("adopt", false);
	const serviceAccounts = [...new Set(read.list("service-accounts"))];
	for (const account of serviceAccounts.filter((one) => one !== "*" && !SUBDOMAIN.test(one))) read.refuse("service-accounts", `holds ${quote(account)}`, "Allowed: names of service accounts, or * for all.");
	if (name === void 0 && serviceAccounts.length > 0) read.refuse("secret-name", "is missing beside `service-accounts`");
	return name === void 0 ? void 0 : {
		name,
		labels,
		annotations,
		adopt,
		serviceAccounts
	};
}
function readPairs(read, input, valuePattern) {
	const pairs = {};
	const lines = (read.text(input) ?? "").split("\n").map((line) => line.trim());
	for (const line of lines.filter((line) => line !== "")) {
		const at = line.indexOf("=");
		const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
		if (at < 1) read.refuse(input, `has the line ${quote(line)}`, "Allowed: one key=value a line.");
		else if (!KEY.test(key)) read.refuse(input, `has the key ${quote(key)}`, "Allowed: a key as Kubernetes has it, as in example.com/team.");
		else if (!valuePattern.test(value)) read.refuse(input, `has the value ${quote(value)} for ${key}`, "Allowed: up to 63 letters, digits, hyphens, underscores and dots.");
		else if (key === "app.kubernetes.io/managed-by" || key.startsWith(`registry-pull-secret/`)) read.refuse(input, `has the key ${key}`, "This one belongs to the action itself.");
		else pairs[key] = value;
	}
	return pairs;
}
// src/inputs/cluster.ts
/** @param needed whether the run has anything to do in a cluster */
async function readCluster(read, environment, needed) {
	const source = readSource(read, environment, needed);
	const contexts = read.list("contexts");
	const patterns = readPatterns(read);
	const selector = read.matching("namespace-selector", /^[\w./,=!()\s-]+$/, "Allowed: a label selector as kubectl takes it, as in team=a,tier!=test.");
	if (selector === void 0 && patterns.length > 0 && patterns.every((pattern) => pattern.startsWith("!"))) read.refuse("namespaces", "only excludes", "Name what to take, too: * is all.");
	if (source === void 0) return void 0;
	const input = source.kind === "server" ? "kube-server" : "kubeconfig";
	try {
		const { loadKubeConfig } = await import("./kubeconfig.js");
		const config = loadKubeConfig(source);
		return {
			config,
			contexts: chooseContexts(read, config, contexts, input),
			patterns,
			selector
		};
	} catch (error) {
		read.refuse(input, error.message, "Allowed: a kubeconfig as text, or the path of one.");
		return;
	}
}
function readPatterns(read) {
	const patterns = [...new Set(read.list("namespaces"))];
	for (const pattern of patterns) if (!LABEL.test(pattern.replace(/^!/, "").replaceAll("*", "x"))) read.refuse("namespaces", `holds ${quote(pattern)}`, "Allowed: names as in team-a, globs as in team-*, exclusions as in !team-x.");
	return patterns;
}
function readSource(read, environment, needed) {
	const kubeconfig = read.text("kubeconfig");
	const url = read.endpoint("kube-server");
	const certificate = read.certificates("kube-ca");
	const login = readServerLogin(read, environment);
	const isServer = read.text("kube-server") !== void 0;
	if (isServer && kubeconfig !== void 0) read.refuse("kube-server", "is given beside `kubeconfig`", "Give one of the two.");
	for (const name of SERVER_INPUTS) if (read.text(name) !== void 0 && !isServer) read.refuse(name, "is given without `kube-server`", "Give the address of the API server, too.");
	if (!needed) return void 0;
	if (isServer) return url === void 0 || login === void 0 ? void 0 : {
		kind: "server",
		url,
		certificate,
		login
	};
	if (kubeconfig !== void 0) return given(read, kubeconfig);
	return usual(read, environment);
}
const SERVER_INPUTS = [
	"kube-ca",
	"kube-token",
	"kube-oidc-audience"
];
function readServerLogin(read, environment) {
	const token = read.secret("kube-token");
	const audience = read.text("kube-oidc-audience");
	if (token !== void 0 && audience !== void 0) read.refuse("kube-oidc-audience", "is given beside `kube-token`", "Give one of the two.");
	if (token !== void 0) return { token };
	if (audience !== void 0) return readTokenService(read, environment, audience);
	if (read.text("kube-server") !== void 0) read.refuse("kube-token", "is missing beside `kube-server`", "Give the token of a ServiceAccount, or `kube-oidc-audience`.");
}
/** The runner names it to jobs that may have tokens. */
function readTokenService(read, environment, audience) {
	const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = environment;
	if (url && requestToken) return {
		url,
		requestToken: mask(requestToken),
		audience
	};
	read.refuse("kube-oidc-audience", "is given, but this job may not ask GitHub for OIDC tokens", "Give the job `permissions: id-token: write`. Pull requests from forks never get it.");
}
function given(read, kubeconfig) {
	if (/\n|^\{/.test(kubeconfig)) return {
		kind: "text",
		text: kubeconfig
	};
	if (existsSync(kubeconfig) && statSync(kubeconfig).isFile()) return {
		kind: "files",
		paths: [kubeconfig]
	};
	read.refuse("kubeconfig", `is ${quote(kubeconfig)}, and there is no such file`, "Allowed: a kubeconfig as text, or the path of one.");
}
/** As kubectl looks for it. */
function usual(read, environment) {
	const listed = environment.KUBECONFIG;
	if (listed) {
		const paths = listed.split(delimiter).filter((path) => existsSync(path));
		if (paths.length > 0) return {
			kind: "files",
			paths
		};
		read.refuse("kubeconfig", `is missing, and KUBECONFIG names ${quote(listed)}, which is not there`);
		return;
	}
	const home = join(environment.HOME ?? environment.USERPROFILE ?? "", ".kube", "config");
	if (existsSync(home)) return {
		kind: "files",
		paths: [home]
	};
	if (environment.KUBERNETES_SERVICE_HOST && existsSync(SERVICE_ACCOUNT_TOKEN)) return { kind: "in-cluster" };
	read.refuse("kubeconfig", "is missing", "Give a kubeconfig as text or path, set KUBECONFIG, or run inside the cluster.");
}
const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
function chooseContexts(read, config, asked, input) {
	const all = config.getContexts().map(({ name }) => name);
	const current = config.getCurrentContext();
	const chosen = asked.includes("*") ? all : asked.length > 0 ? [...new Set(asked)] : current ? [current] : [];
	if (chosen.length === 0) read.refuse("contexts", "is missing", `The kubeconfig has no current context. Choose from: ${all.join(", ") || "none"}.`);
	for (const name of chosen) {
		const context = config.getContextObject(name);
		if (context === null) read.refuse("contexts", `names ${quote(name)}`, `The kubeconfig has: ${all.join(", ") || "none"}.`);
		else if (config.getCluster(context.cluster) === null) read.refuse(input, `has no cluster ${quote(context.cluster)}, which its context ${quote(name)} names`);
		else if (config.getUser(context.user) === null) read.refuse(input, `has no user ${quote(context.user)}, which its context ${quote(name)} names`);
	}
	return chosen;
}
// src/inputs/credential.ts
/** The inputs that only some providers know: whoever gives one beside another must not believe that it does something. */
const KNOWN_TO = {
	"dedicated-domain": ["dedicated"],
	"api-endpoint": ["dedicated"],
	"registry-endpoint": ["dedicated"],
	"oauth-token": ["dedicated"],
	username: ["dedicated"],
	password: ["dedicated"],
	passcode: ["dedicated"],
	organization: ["dedicated"],
	"organization-guid": ["dedicated"],
	permanent: ["dedicated"],
	write: ["dedicated"],
	"api-key": ["dedicated", "ibmcloud"],
	account: ["dedicated", "ibmcloud"],
	"token-description": ["dedicated", "ibmcloud"],
	"service-id": ["ibmcloud"],
	"iam-endpoint": ["ibmcloud"],
	"docker-password": ["static"]
};
/** The runner gives every input that has a default in action.yml: these values say nothing. */
const USUAL = {
	permanent: "true",
	write: "false"
};
/** Where the credential comes from. */
function readCredential(read) {
	const provider = read.oneOf("provider", [
		"dedicated",
		"ibmcloud",
		"static"
	]);
	for (const [name, providers] of Object.entries(KNOWN_TO)) {
		const value = read.text(name);
		if (value === void 0 || value.toLowerCase() === USUAL[name] || providers.includes(provider)) continue;
		const owners = providers.map((one) => `\`provider: ${one}\``).join(" and ");
		read.refuse(name, `is given beside \`provider: ${provider}\``, `It belongs to ${owners}.`);
	}
	switch (provider) {
		case "dedicated": return readDedicated(read);
		case "ibmcloud": return readIbmcloud(read);
		case "static": return {
			provider,
			password: needed(read, "docker-password", read.secret("docker-password"), provider)
		};
	}
}
function readDedicated(read) {
	const domain = read.matching("dedicated-domain", /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/i, "Allowed: a domain alone, as in cfsdedicated1.us-south.bluemix.net.");
	const asksApi = read.text("organization-guid") === void 0 || [
		"username",
		"api-key",
		"passcode"
	].some((name) => read.text(name) !== void 0);
	return {
		provider: "dedicated",
		apiEndpoint: endpoint(read, "api-endpoint", domain && `https://api.${domain}`, asksApi),
		registryEndpoint: endpoint(read, "registry-endpoint", domain && `https://registry.${domain}`, true),
		login: readLogin(read),
		organization: readOrganization(read),
		account: readAccount(read),
		permanent: read.flag("permanent", true),
		write: read.flag("write", false)
	};
}
function readIbmcloud(read) {
	const serviceId = read.matching("service-id", /^(iam-)?ServiceId-[\w-]+$/, "Allowed: a service ID as in ServiceId-1234 or iam-ServiceId-1234; its name is not enough.");
	return {
		provider: "ibmcloud",
		iamEndpoint: read.endpoint("iam-endpoint") ?? "https://iam.cloud.ibm.com",
		apiKey: needed(read, "api-key", read.secret("api-key"), "ibmcloud"),
		account: needed(read, "account", readAccount(read), "ibmcloud"),
		serviceId: `iam-${needed(read, "service-id", serviceId, "ibmcloud").replace(/^iam-/, "")}`
	};
}
function needed(read, name, value, provider) {
	if (value === void 0) read.refuse(name, `is missing, and \`provider: ${provider}\` needs it`, IF_SECRET);
	return value ?? "";
}
const IF_SECRET = "If it comes from a secret or an earlier step, check that this workflow has it.";
function readAccount(read) {
	return read.matching("account", /^[\w.-]+$/, "Allowed: an account id of letters, digits and hyphens.");
}
function endpoint(read, name, usual, isNeeded) {
	const given = read.text(name);
	const value = given === void 0 ? usual : read.endpoint(name);
	if (isNeeded && given === void 0 && usual === void 0) read.refuse(name, "is missing", "Give `dedicated-domain`, or this address itself.");
	return value ?? "";
}
function readLogin(read) {
	const token = read.secret("oauth-token", (value) => value.replace(/^bearer\s+/i, ""));
	const username = read.text("username");
	const password = read.secret("password");
	const apiKey = read.secret("api-key");
	const passcode = read.secret("passcode");
	if (username === void 0 !== (password === void 0)) {
		const [missing, given] = username === void 0 ? ["username", "password"] : ["password", "username"];
		read.refuse(missing, `is missing beside \`${given}\``, "If it comes from a secret, check that this workflow has it.");
	}
	const logins = Object.entries({
		"oauth-token": token,
		username,
		"api-key": apiKey,
		passcode
	}).flatMap(([name, value]) => value === void 0 ? [] : [name]);
	if (logins.length > 1) for (const name of logins.slice(1)) read.refuse(name, `is given beside \`${logins[0]}\``, "Give one login only.");
	if (token !== void 0 && /\s/.test(token)) read.refuse("oauth-token", "has a space inside", "Allowed: a token, with or without the word Bearer before it.");
	if (token !== void 0) return {
		method: "oauth-token",
		token
	};
	if (username !== void 0 && password !== void 0) return {
		method: "password",
		username,
		password
	};
	if (apiKey !== void 0) return {
		method: "api-key",
		apiKey
	};
	if (passcode !== void 0) return {
		method: "passcode",
		passcode
	};
	return { method: "cli" };
}
function readOrganization(read) {
	const name = read.text("organization");
	const guid = read.matching("organization-guid", /^[\w-]+$/, "Allowed: a GUID of letters, digits and hyphens.");
	if (name !== void 0 && guid !== void 0) read.refuse("organization-guid", "is given beside `organization`", "Give one of the two.");
	if (name === void 0 && guid === void 0) read.refuse("organization", "is missing", "Give the name of the Cloud Foundry organization, or `organization-guid`.");
	return guid === void 0 ? { name: name ?? "" } : { guid };
}
// src/inputs/registry.ts
function readRegistry(read, credential) {
	const given = read.list("docker-server");
	for (const server of given) checkServer(read, server);
	const usual = usualFor(credential);
	const servers = given.length > 0 ? [...new Set(given)] : usual.servers;
	const username = read.matching("docker-username", /^[^:\s]+$/, "Allowed: a name without colons and spaces.") ?? usual.username;
	for (const [name, value] of Object.entries({
		"docker-server": servers,
		"docker-username": username
	})) {
		if (value !== void 0) continue;
		read.refuse(name, `is missing, and \`provider: ${credential.provider}\` needs it`, EXAMPLES[name]);
	}
	return {
		servers: servers ?? [],
		username: username ?? "",
		email: read.matching("docker-email", /^\S+$/, "Allowed: an address without spaces."),
		image: readImage(read, servers ?? [])
	};
}
/** What each provider's credentials are for, where it is known. */
function usualFor(credential) {
	switch (credential.provider) {
		case "dedicated": {
			const { registryEndpoint: url } = credential;
			return {
				servers: URL.canParse(url) ? [new URL(url).host] : [],
				username: "token"
			};
		}
		case "ibmcloud": return {
			servers: void 0,
			username: "iamapikey"
		};
		case "static": return {
			servers: void 0,
			username: void 0
		};
	}
}
const EXAMPLES = {
	"docker-server": "Give the registry hosts, as in us.icr.io or ghcr.io.",
	"docker-username": "Give the user name that the login of the registry gave."
};
const SERVER = /^(https?:\/\/)?((?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?)(\/\S*)?$/;
function checkServer(read, server) {
	const [, scheme, host = ""] = SERVER.exec(server) ?? [];
	const allowed = "Allowed: hosts in lower case, with a port where they have one, as in registry.example.com:5000.";
	const hub = server.includes("docker.io") ? "https://index.docker.io/v1/" : host;
	if (host === "" || !URL.canParse(`https://${host}`)) read.refuse("docker-server", `holds ${quote(server)}`, allowed);
	else if (scheme === "http://" && !isLoopback(host.replace(/:\d+$/, ""))) read.refuse("docker-server", `holds ${quote(server)}, which is not https`, allowed);
	else if (opensNothing(server)) read.refuse("docker-server", `holds ${quote(server)}, which nodes take for no image at all`, `Give ${hub} instead.`);
}
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;
function readImage(read, servers) {
	const value = read.text("verify-image");
	if (value === void 0) return void 0;
	const server = servers.find((one) => value.startsWith(`${one}/`));
	const image = parseImage(server === void 0 ? value : value.slice(server.length + 1));
	if (server === void 0 && hasHost(value)) read.warnings.push(`\`verify-image\` begins with ${quote(value.split("/")[0] ?? "")}, which is none of \`docker-server\`: it is taken for a namespace.`);
	if (image === void 0) read.refuse("verify-image", `is ${quote(value)}`, "Allowed: namespace/image, with :tag or @digest, without a registry host.");
	return image;
}
function parseImage(value) {
	const [, repository = "", tag, digest] = /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(value) ?? [];
	return REPOSITORY.test(repository) && TAG.test(tag ?? "latest") && (digest === void 0 || DIGEST.test(digest)) ? {
		repository,
		reference: digest ?? tag ?? "latest"
	} : void 0;
}
/** The whole name of an image: one without a registry host gets this one, one without a tag gets `latest`. */
function wholeImage(image, server) {
	const named = hasHost(image) ? image : `${server.replace(/^https?:\/\//, "").replace(/\/.*$/, "")}/${image}`;
	return /[:@][^/]*$/.test(named.slice(named.indexOf("/"))) ? named : `${named}:latest`;
}
/** An image whose host is none of the secret's is pulled without it: the usual reason of `ImagePullBackOff`. */
function warnOfMismatch(read, image, servers) {
	if (servers.length === 0 || servers.some((server) => opens(server, image))) return;
	read.warnings.push(`Nodes use none of \`docker-server\` (${servers.join(", ")}) for the \`image\` ${image}: host and port must be the same texts.`);
}
// src/inputs/deploy.ts
async function readDeploy(read, servers) {
	const files = read.list("manifest-files").flatMap((pattern) => findFiles(read, pattern));
	const text = read.text("manifest");
	const objects = [];
	for (const path of files) objects.push(...await parse(read, "manifest-files", () => readFileSync(path, "utf8"), path));
	if (text !== void 0) objects.push(...await parse(read, "manifest", () => text, "the manifest"));
	const pod = readPod(read, servers);
	if (pod !== void 0 && (text !== void 0 || read.text("manifest-files") !== void 0)) read.refuse("image", "is given beside a manifest", "Give `manifest` and `manifest-files`, or `image` and `pod-name`.");
	const waitTimeout = read.duration("wait-timeout", "5m");
	const recreatePods = read.flag("recreate-pods", false);
	objects.push(...pod ?? []);
	return objects.length === 0 ? void 0 : {
		objects,
		waitTimeout,
		recreatePods
	};
}
function readPod(read, servers) {
	const image = read.matching("image", /^[\w./:@-]+$/, "Allowed: namespace/image, with a registry host, :tag or @digest.");
	const name = read.matching("pod-name", SUBDOMAIN, "Allowed: lower-case letters, digits, hyphens and dots, as in my-pod.");
	const container = read.matching("container-name", LABEL, "Allowed: lower-case letters, digits and hyphens, as in web.");
	if (image !== void 0 && name === void 0) read.refuse("pod-name", "is missing beside `image`");
	for (const [input, value] of Object.entries({
		"pod-name": name,
		"container-name": container
	})) if (value !== void 0 && image === void 0) read.refuse(input, "is given without `image`", "Give the image of the Pod, too.");
	if (image === void 0 || name === void 0) return void 0;
	const usual = name.replaceAll(".", "-").slice(0, 63);
	const whole = wholeImage(image, servers[0] ?? "");
	warnOfMismatch(read, whole, servers);
	return [podManifest({
		name,
		container: container ?? usual,
		image: whole
	})];
}
/** A path, the manifests right inside a directory as kubectl takes them, or a glob. */
function findFiles(read, pattern) {
	const files = (existsSync(pattern) ? [pattern] : globSync(pattern).sort()).flatMap((path) => statSync(path).isDirectory() ? manifestsIn(path) : [path]);
	if (files.length === 0) read.refuse("manifest-files", `names ${quote(pattern)}, and no manifest is there`, "Allowed: paths, directories and globs of .yaml, .yml and .json files. Is the repository checked out?");
	return files;
}
function manifestsIn(directory) {
	return readdirSync(directory).filter((name) => /\.(ya?ml|json)$/.test(name)).sort().map((name) => join(directory, name));
}
async function parse(read, input, text, source) {
	try {
		const { parseManifest } = await import("./manifest.js");
		return parseManifest(text(), source);
	} catch (error) {
		read.refuse(input, `cannot be used: ${error.message}`);
		return [];
	}
}
// src/inputs/inputs.ts
/** What the post step needs to log in again. */
function loadCleanupInputs(environment = process.env) {
	const read = new Reader(environment);
	return {
		credential: readCredential(read),
		certificates: read.certificates("ca-certificates")
	};
}
/**
* The only reader of inputs and environment.
* @throws Failures with one InputError for each mistake
*/
async function loadInputs(environment = process.env) {
	const read = new Reader(environment);
	const credential = readCredential(read);
	const registry = readRegistry(read, credential);
	const secret = readSecret(read);
	const deploy = await readDeploy(read, registry.servers);
	const cluster = await readCluster(read, environment, secret !== void 0 || deploy !== void 0);
	const inputs = {
		credential,
		registry,
		description: read.matching("token-description", /^[\x20-\x7e]{1,200}$/, "Allowed: up to 200 printable ASCII characters.") ?? [
			"registry-pull-secret",
			environment.GITHUB_REPOSITORY,
			secret?.name
		].filter(Boolean).join(" "),
		secret,
		cluster,
		deploy,
		maxAge: read.duration("max-age", "30d"),
		revoke: read.oneOf("revoke", ["superseded", "never"]),
		dryRun: read.flag("dry-run", false),
		timeout: read.duration("timeout", "15m", "refused"),
		concurrency: read.count("concurrency", 16, 256),
		certificates: read.certificates("ca-certificates"),
		warnings: read.warnings,
		run: workflowRun(environment)
	};
	const problems = read.finish();
	if (problems.length > 0) throw new Failures([...problems], "Some inputs cannot be used");
	return inputs;
}
function workflowRun({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT }) {
	const attempt = Number(GITHUB_RUN_ATTEMPT ?? 1) > 1 ? `/attempts/${GITHUB_RUN_ATTEMPT}` : "";
	return {
		url: GITHUB_RUN_ID ? `${GITHUB_SERVER_URL ?? "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}` : "",
		id: [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT].filter(Boolean).join(".")
	};
}
// src/runner/exit.ts
/** Ends the process when all is written: a login command of a kubeconfig that hangs would keep it for ever. */
async function leave() {
	await new Promise((resolve) => process.stdout.write("", () => resolve()));
	process.exit();
}
export { loadCleanupInputs as n, loadInputs as r, leave as t };
