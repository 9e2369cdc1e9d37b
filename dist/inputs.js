import { n as __toESM } from "./rolldown-runtime.js";
import { $ as redact, A as readRegularFile, At as require__builtin_url, B as group, Bt as require__builtin_net, C as tally, Ct as setOutput, D as childEnvironment, E as nearestNames, F as isJwt, G as warning, Gt as require_promises, Ht as require__builtin_path, I as decodeBase64, J as mask, K as withLink, L as textOf, M as once, N as claimsOf, O as DAY_MS, P as expiryOf, Q as publish, S as formatNumber, St as reason, T as lastResult, U as notice, Ut as require__builtin_fs, V as info, W as printable, Wt as require__builtin_os, X as maskKept, Y as maskBasic, Z as maskProvided, _ as sha256, _t as ActionError, at as asObjects, bt as actionErrorOf, ct as isObject, g as formatSeconds, gt as unlessAborted, h as WAIT_FOR_PULLS, it as asObject, k as daysSince, lt as isRawJson, m as Timeline, nt as titleOf, ot as asText, q as isPlaceholder, rt as asName, st as escapeLikeGo, tt as documentationOf, ut as MANAGER_NAME, v as capitalized, vt as ActionErrors, w as compareTexts, x as formatCount, y as cut, yt as InputError, z as error } from "./runner.js";
// src/kubernetes/names.ts
/** The name of most Kubernetes objects, such as a Secret or a Pod, and of an API group: an RFC 1123 subdomain. */
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
/** The name of a namespace, a container or a resource: an RFC 1123 label. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
/**
* `v1` or `apps/v1`: https://kubernetes.io/docs/reference/using-api/#api-groups,
* https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apis/apiextensions/validation/validation.go
*/
function isApiVersion(apiVersion) {
	const [version = "", group, ...more] = apiVersion.split("/").reverse();
	return more.length === 0 && LABEL.test(version) && (group === void 0 || SUBDOMAIN.test(group));
}
/** What every object name must be: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names */
function isPathSegment(name) {
	return name !== "." && name !== ".." && !/[/%]/.test(name);
}
// src/kubernetes/object.ts
/** `apps Deployment` or `v1 Pod`: a kind, regardless of the version of its API group. */
function groupKind({ apiVersion, kind }) {
	return `${apiVersion.split("/")[0]} ${kind}`;
}
function metadataOf(object) {
	return asObject(object.metadata);
}
function nameOf$1(object) {
	return asText(metadataOf(object).name) ?? "";
}
/** Distinguishes an object from an earlier one of the same name. */
function uidOf(object) {
	return asName(metadataOf(object).uid);
}
/**
* `is being deleted`, with what holds the object; undefined when it stays. Nothing can undo a deletion:
* https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/.
*/
function deletionOf(object) {
	const { deletionTimestamp, finalizers } = metadataOf(object);
	if (asText(deletionTimestamp) === void 0) return void 0;
	const names = Array.isArray(finalizers) ? finalizers.slice(0, MAX_FINALIZERS).map(asName) : [];
	return names.length === 0 ? "is being deleted" : printable(`is being deleted (finalizers: ${names.join(", ")})`);
}
const MAX_FINALIZERS = 5;
function labelOf(object, name) {
	return asObject(metadataOf(object).labels)[name];
}
function annotationOf(object, name) {
	return asObject(metadataOf(object).annotations)[name];
}
function isOwnedBy(object, ownerUid) {
	return asObjects(metadataOf(object).ownerReferences).some(({ uid }) => uid === ownerUid);
}
/** A condition of the status: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions. */
function conditionOf({ status }, type) {
	return asObjects(asObject(status).conditions).find((condition) => condition.type === type);
}
/**
* Whether the controller has seen the current spec, so its status is up to date:
* https://github.com/kubernetes/community/blob/main/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties.
*/
function isObserved({ metadata, status }) {
	const { generation } = asObject(metadata);
	const { observedGeneration } = asObject(status);
	return (typeof observedGeneration === "number" ? observedGeneration : 0) >= (typeof generation === "number" ? generation : 0);
}
// src/kubernetes/discovery.ts
/**
* The kinds of each cluster by API version. The permission check and the deployment share one request:
* https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
*/
const SERVED = /* @__PURE__ */ new WeakMap();
/** @param objects the manifest, whose CustomResourceDefinitions add kinds */
function createDiscovery(server, objects) {
	const own = objects.flatMap(definedBy);
	const served = SERVED.get(server) ?? /* @__PURE__ */ new Map();
	SERVED.set(server, served);
	return async ({ apiVersion, kind }) => {
		const isRequested = (resource) => resource.apiVersion === apiVersion && resource.kind === kind;
		const defined = own.find(isRequested);
		if (defined !== void 0) return defined;
		const listing = served.get(apiVersion) ?? listResources(server, apiVersion);
		served.set(apiVersion, listing);
		const found = (await listing.catch(() => [])).find(isRequested);
		if (found !== void 0) return found;
		served.delete(apiVersion);
		await listing;
		const what = `${printable(kind)} of ${printable(apiVersion)}`;
		throw new ActionError("kind-not-found", `Could not find the kind ${what} in the cluster ${server.name}: it has no such kind`, {
			details: { cluster: server.name },
			hint: "Check `apiVersion` and `kind` in the manifest. Install the CustomResourceDefinition of a custom resource first."
		});
	};
}
/** `apps` of `apps/v1`; empty for the core group, as in RBAC rules. */
function groupOf(apiVersion) {
	return apiVersion.includes("/") ? apiVersion.split("/")[0] ?? "" : "";
}
/**
* The API path of the objects of a resource, in one or all namespaces:
* https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
*/
function collectionOf({ apiVersion, plural }, namespace = "") {
	return `${rootOf(apiVersion)}${namespace && `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`;
}
const rootOf = (apiVersion) => `${apiVersion.includes("/") ? "/apis" : "/api"}/${apiVersion}`;
async function listResources(server, apiVersion) {
	const operation = `list the kinds of ${printable(apiVersion)} in the cluster ${server.name}`;
	const response = await server.request({
		operation,
		path: rootOf(apiVersion),
		expectedStatuses: [404]
	});
	return asObjects(response.status === 404 ? [] : response.json().resources).map(({ name, kind, namespaced }) => ({
		apiVersion,
		kind: asText(kind) ?? "",
		plural: asText(name) ?? "",
		namespaced: namespaced === true,
		isOwn: false
	})).filter(({ plural }) => LABEL.test(plural));
}
const DEFINITION = "apiextensions.k8s.io CustomResourceDefinition";
function definedBy(object) {
	if (groupKind(object) !== "apiextensions.k8s.io CustomResourceDefinition") return [];
	const { group, scope, names, versions } = asObject(object.spec);
	const { kind, plural } = asObject(names);
	return asObjects(versions).map(({ name }) => ({
		apiVersion: `${asText(group)}/${asText(name)}`,
		kind: asText(kind) ?? "",
		plural: asText(plural) ?? "",
		namespaced: scope === "Namespaced",
		isOwn: true
	}));
}
// src/workload/placement.ts
/** The Namespaces in the manifests, with the labels that they will have. */
function namespacesIn(objects) {
	return new Map(objects.filter(isNamespace).map(({ metadata }) => [metadata.name, {
		...asObject(metadata.labels),
		[NAME$1]: metadata.name
	}]));
}
/** https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
const NAME$1 = "kubernetes.io/metadata.name";
function isNamespace(object) {
	return groupKind(object) === "v1 Namespace";
}
/** Kinds that other objects need are applied first. */
const APPLIED_FIRST = ["v1 Namespace", DEFINITION];
/** Namespaces, then custom resource definitions, then the other objects in the order of the manifest. */
function inApplyOrder(objects) {
	const rank = (object) => [...APPLIED_FIRST, groupKind(object)].indexOf(groupKind(object));
	return objects.toSorted((one, other) => rank(one) - rank(other));
}
/**
* Places an object in the namespace that it names, else in all target namespaces; a cluster-scoped object once.
* @throws ActionError `kind-not-found`
*/
async function placeObject(object, { objects, namespaces, created = [], discover }) {
	const resource = await discover(object);
	const own = object.metadata.namespace;
	const made = [...namespacesIn(objects).keys(), ...created];
	return (!resource.namespaced ? [""] : own ? [own] : namespaces).map((namespace) => ({
		object,
		resource,
		namespace,
		needsManifest: resource.isOwn || made.includes(namespace)
	}));
}
// src/http/address.ts
var import__builtin_net = /* @__PURE__ */ __toESM(require__builtin_net(), 1);
const loopback = once(() => {
	const addresses = new import__builtin_net.BlockList();
	addresses.addSubnet("127.0.0.0", 8);
	addresses.addAddress("::1", "ipv6");
	return addresses;
});
/** A connection to these addresses arrives at this machine as well: https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3 */
const UNSPECIFIED = ["0.0.0.0", "::"];
/** Credentials travel encrypted, or stay on this machine. */
function isSafe(url) {
	return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url.hostname);
}
/**
* Whether a host is certainly this machine: https://www.rfc-editor.org/rfc/rfc6890#section-2.2.2 and
* https://www.rfc-editor.org/rfc/rfc6761#section-6.3
*/
function isLoopback(hostname) {
	const host = withoutBrackets(hostname);
	const family = (0, import__builtin_net.isIP)(host);
	return family === 0 ? host === "localhost" : loopback().check(host, family === 4 ? "ipv4" : "ipv6");
}
/** Whether a host may be this machine, by an address or a name that some resolvers know. */
function mayBeThisMachine(hostname) {
	const host = withoutBrackets(hostname);
	return isLoopback(host) || UNSPECIFIED.includes(host) || /(^|\.)localhost\.?$/.test(host);
}
/** Labels below a country's domain that are not a name: `co.uk`, `com.au`, `ac.jp`, `gov.br`. */
const SECOND_LEVEL = /^(ac|co|com|edu|go|gob|gouv|gov|govt|id|ltd|mil|ne|net|nom|or|org|plc|sch)\.[a-z]{2}$/;
/**
* Whether one owner has both hosts, as far as their names show it: they end in the same registered domain. By a rule, and not
* by the public suffix list: see docs/decisions/0012-domains-by-a-rule.md.
*/
function isSameDomain(one, other) {
	return registeredDomain(one) === registeredDomain(other) || isLoopback(one) && isLoopback(other);
}
function registeredDomain(hostname) {
	const host = withoutBrackets(hostname).replace(/\.$/, "");
	if ((0, import__builtin_net.isIP)(host) !== 0) return host;
	const labels = host.split(".");
	const lastTwo = labels.slice(-2).join(".");
	return SECOND_LEVEL.test(lastTwo) ? labels.slice(-3).join(".") : lastTwo;
}
function withoutBrackets(hostname) {
	return hostname.replace(/^\[(.*)\]$/, "$1");
}
/** A URL or a path without its final slashes. A regular expression would try each slash of a long row of them. */
function withoutFinalSlashes(url) {
	let end = url.length;
	while (url[end - 1] === "/") end--;
	return url.slice(0, end);
}
// src/http/no-proxy.ts
var import__builtin_url = require__builtin_url();
/**
* The rules of `NO_PROXY`: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config. Like Go it ignores malformed entries.
* undici's EnvHttpProxyAgent does not know address ranges, and proxies loopback addresses.
*/
function createExceptions(noProxy) {
	const entries = noProxy.split(",").map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== "");
	if (entries.includes("*")) return () => true;
	const rules = entries.flatMap((entry) => ruleOf(entry) ?? []);
	return ({ protocol, hostname, port }) => {
		const host = withoutBrackets(hostname);
		return rules.some((matches) => matches(host, port || (protocol === "https:" ? "443" : "80")));
	};
}
function ruleOf(entry) {
	const range = rangeRule(entry);
	if (range !== void 0) return range;
	const [, bracketed, plain, entryPort = ""] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry) ?? [];
	const entryHost = bracketed ?? plain ?? entry;
	if (entryHost === "") return void 0;
	const isPort = (port) => entryPort === "" || entryPort === port;
	if ((0, import__builtin_net.isIP)(entryHost) !== 0) {
		const address = blockList((list, family) => list.addAddress(entryHost, family), entryHost);
		return (host, port) => isPort(port) && address(host);
	}
	return domainRule(entryHost, isPort);
}
/** `10.0.0.0/8`, `2001:db8::/32` */
function rangeRule(entry) {
	const [, network, bits] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? [];
	if (network === void 0) return void 0;
	const family = (0, import__builtin_net.isIP)(network);
	if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return void 0;
	return blockList((list, family) => list.addSubnet(network, Number(bits), family), network);
}
/** `foo.com` matches its subdomains as well, `.foo.com` and `*.foo.com` match only those. */
function domainRule(entry, isPort) {
	const name = entry.replace(/^\*(?=\.)/, "");
	const isSuffix = name.startsWith(".");
	const domain = (0, import__builtin_url.domainToASCII)(isSuffix ? name.slice(1) : name) || name.replace(/^\./, "");
	return (host, port) => isPort(port) && (host.endsWith(`.${domain}`) || !isSuffix && host === domain);
}
function blockList(add, address) {
	const list = new import__builtin_net.BlockList();
	add(list, familyOf(address));
	return (host) => (0, import__builtin_net.isIP)(host) !== 0 && list.check(host, familyOf(host));
}
function familyOf(address) {
	return (0, import__builtin_net.isIP)(address) === 6 ? "ipv6" : "ipv4";
}
// src/http/proxy.ts
const NO_PROXIES = { exceptions: "" };
/** Go's HTTP client supports the first four: https://pkg.go.dev/net/http#Transport. client-node also supports the others. */
const PROTOCOLS = [
	"http:",
	"https:",
	"socks5:",
	"socks5h:",
	"socks4:",
	"socks4a:",
	"socks:"
];
/**
* The URL of a proxy. Without a scheme it is an http proxy, as in Go:
* https://github.com/golang/net/blob/master/http/httpproxy/proxy.go
* @returns undefined when the text is not the URL of a proxy
*/
function parseProxyUrl(text) {
	const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
	const url = URL.parse(hasScheme ? text : `http://${text}`);
	if (url === null || !HOST$1.test(url.hostname) || !PROTOCOLS.includes(url.protocol)) return void 0;
	if (!hasScheme && /^[a-z]+:\//i.test(text)) return void 0;
	if (`${url.pathname}${url.search}${url.hash}`.includes("@")) return void 0;
	if (!canDecode(url.username) || !canDecode(url.password)) return void 0;
	Object.assign(url, {
		pathname: "",
		search: "",
		hash: ""
	});
	return url;
}
/** A name, or an IPv6 address in brackets: a URL may have other characters there, such as quotes. */
const HOST$1 = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;
function isSocks({ protocol }) {
	return protocol.startsWith("socks");
}
/**
* The proxy for a URL; undefined: connect directly. A loopback address is never proxied: its http requests would carry
* credentials to the proxy in clear text. https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config.ProxyFunc
*/
function createProxyChoice(proxies) {
	const isException = createExceptions(proxies.exceptions);
	return (url) => {
		const proxy = url.protocol === "https:" ? proxies.https : proxies.http;
		return proxy === void 0 || isLoopback(url.hostname) || isException(url) ? void 0 : proxy;
	};
}
/**
* Masks the password in the URL of a proxy. The URL is not parsed, because a password with special characters can make it
* invalid.
*/
function maskProxyLogin(text) {
	const [, username = "", password = ""] = /^(?:[^/]*:\/\/)?([^:/]*):(.*)@/.exec(text) ?? [];
	maskProvided(password);
	const url = parseProxyUrl(text);
	if (url === void 0) maskBasic(username, password);
	else maskBasic(decodeURIComponent(url.username), decodeURIComponent(url.password));
}
function canDecode(text) {
	try {
		return decodeURIComponent(text) !== void 0;
	} catch {
		return false;
	}
}
// src/kubernetes/kubeconfig-text.ts
var import__builtin_fs = /* @__PURE__ */ __toESM(require__builtin_fs(), 1);
var import__builtin_path = /* @__PURE__ */ __toESM(require__builtin_path(), 1);
/** Whether a text that was encoded may be a kubeconfig: everything else about it is checked later. */
function looksLikeKubeconfig(text) {
	return /(clusters|contexts|users)["']?\s*:/.test(text);
}
// src/inputs/home-path.ts
/** A path that may start with `~/`: a workflow has no shell that expands it. */
function expandHome(path, { HOME, USERPROFILE }) {
	const home = HOME || USERPROFILE;
	return home && /^~[\\/]/.test(path) ? (0, import__builtin_path.join)(home, path.slice(2)) : path;
}
// src/inputs/quote.ts
/** A value for an error message. It hides a long value, which may be a misplaced secret, and a login before a host. */
function quote(value) {
	return value.length > 80 ? `a text of ${value.length} characters` : `"${withoutLogin(value)}"`;
}
/** A login may stand before a host without a scheme. `name@example.com` is not a login, and neither is `name:tag@sha256:...`. */
function withoutLogin(value) {
	const [digest = ""] = /@sha\d+:[^@]*$/.exec(value) ?? [];
	const named = value.slice(0, value.length - digest.length);
	const [scheme = ""] = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.exec(named) ?? [];
	const end = named.lastIndexOf("@");
	return end >= scheme.length && (scheme !== "" || named.lastIndexOf(":", end) >= 0) ? `${scheme}***${named.slice(end)}${digest}` : value;
}
/** As `quote`, for what should be the path of a file: a value that does not look like one is probably a secret, and is hidden. */
function quotePath(value) {
	return /^(~|\.{0,2})[\\/]|^[a-z]:[\\/]|\.(ya?ml|json|conf)$|(^|[\\/.-])(kube)?config$/i.test(value) ? quote(value) : `a text of ${value.length} characters`;
}
// src/inputs/kubeconfig.ts
/** A kubeconfig as text, as base64 of one, or as a path. */
function readKubeconfig(read, kubeconfig, environment) {
	const decoded = decodeBase64(kubeconfig, looksLikeKubeconfig);
	if (decoded !== void 0) {
		mask(kubeconfig);
		mask(kubeconfig.replaceAll(/\s/g, ""));
		return {
			kind: "text",
			text: decoded
		};
	}
	if (/\n|^\{/.test(kubeconfig)) return {
		kind: "text",
		text: kubeconfig
	};
	const path = expandHome(kubeconfig, environment);
	if ((0, import__builtin_fs.existsSync)(path) && !(0, import__builtin_fs.statSync)(path).isDirectory()) return {
		kind: "files",
		paths: [path]
	};
	const { problem, hint } = problemOfLine(kubeconfig, path);
	if (hint === void 0) read.addInvalid("kubeconfig", problem);
	else read.addError("kubeconfig", problem, hint);
}
/** What is wrong with a line that is neither a kubeconfig nor the path of one. It may be a secret, so only a path is quoted. */
function problemOfLine(line, path) {
	if (looksLikeKubeconfig(line)) return {
		problem: "is the text of a kubeconfig that has lost its line breaks",
		hint: "Store it with its line breaks, or as base64: `base64 -w 0 kubeconfig`."
	};
	const isToken = isJwt(line);
	if (isToken || /^https?:/i.test(line)) return {
		problem: `is ${isToken ? "a token" : "an address"}, and not a kubeconfig`,
		hint: "Use `kube-server`, `kube-ca` and `kube-token` instead of `kubeconfig`."
	};
	if ((0, import__builtin_fs.existsSync)(path)) return { problem: `is ${quotePath(line)}, which is a directory` };
	if (line.length > MAX_NAME_LENGTH && /^["']?[\w+/-]+={0,2}["']?$/.test(line)) return {
		problem: `is ${line.length} characters of base64, but not of a kubeconfig`,
		hint: "Encode the kubeconfig itself, not compressed and not cut off: `base64 -w 0 kubeconfig`."
	};
	const problem = `is ${quotePath(line)}, but no such file exists`;
	return /[$%]/.test(line) ? {
		problem,
		hint: VARIABLE_HINT
	} : { problem };
}
const VARIABLE_HINT = "A workflow expands no variables of the shell in `with`: use an expression with the context `env` or `runner`.";
/** Of a file: https://man7.org/linux/man-pages/man7/path_resolution.7.html */
const MAX_NAME_LENGTH = 255;
/**
* In the order of kubectl, and then of client-go:
* https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
*/
function findDefaultSource(read, environment) {
	const { KUBECONFIG } = environment;
	if (KUBECONFIG) {
		const paths = KUBECONFIG.split(import__builtin_path.delimiter).map((path) => expandHome(path, environment)).filter((path) => (0, import__builtin_fs.existsSync)(path));
		if (paths.length > 0) return {
			kind: "files",
			paths,
			foundIn: `KUBECONFIG (${paths.join(", ")})`
		};
		read.addError("kubeconfig", `is not set, and KUBECONFIG names ${quote(KUBECONFIG)}, which does not exist`);
		return;
	}
	const path = (0, import__builtin_path.join)(environment.HOME ?? environment.USERPROFILE ?? "", ".kube", "config");
	if ((0, import__builtin_fs.existsSync)(path)) return {
		kind: "files",
		paths: [path],
		foundIn: path
	};
	if (environment.KUBERNETES_SERVICE_HOST && (0, import__builtin_fs.existsSync)(SERVICE_ACCOUNT_TOKEN)) return {
		kind: "in-cluster",
		foundIn: "the Pod of this runner"
	};
	read.addError("kubeconfig", "is not set, and no other kubeconfig was found", "Set it to the text or the path of a kubeconfig, set the variable KUBECONFIG, or run inside the cluster.");
}
/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api */
const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
// src/inputs/cluster.ts
/**
* Which clusters and namespaces the run is about. The kubeconfig is loaded here, so its errors are input errors.
* @param needsCluster whether the run writes or deploys anything; if not, no kubeconfig is looked for
*/
async function readTargets(read, environment, needsCluster) {
	const source = readSource(read, environment, needsCluster);
	const contexts = read.list("contexts");
	const patterns = [...new Set(read.list("namespaces"))];
	const selector = await readSelector(read);
	if (selector === void 0 && patterns.length > 0 && patterns.every((pattern) => pattern.startsWith("!"))) read.addError("namespaces", "contains only exclusions", "Add the namespaces to include; * includes all.");
	const concurrency = read.count("concurrency");
	if (source === void 0) return void 0;
	const input = source.kind === "server" ? "kube-server" : "kubeconfig";
	try {
		const { loadKubeConfig, problemsOf } = await import("./load-kubeconfig.js");
		const config = await loadKubeConfig(source);
		const kubeconfig = {
			config,
			input,
			foundIn: source.foundIn
		};
		const chosen = chooseContexts(read, kubeconfig, contexts);
		for (const context of chosen) {
			checkContext(read, kubeconfig, context);
			const problems = source.kind === "server" ? [] : problemsOf(config, context);
			for (const problem of problems) addProblem(read, kubeconfig, problem);
		}
		if (source.foundIn !== void 0) logDefault(config, chosen, source.foundIn);
		return {
			config,
			contexts: chosen,
			concurrency,
			patterns,
			selector,
			environment: read.childEnvironment()
		};
	} catch (error) {
		read.addInvalid(input, error.message);
		return;
	}
}
async function readSelector(read) {
	const text = read.text("namespace-selector");
	if (text === void 0) return void 0;
	const { parseSelector } = await import("./label-selector.js");
	try {
		return parseSelector(text);
	} catch (error) {
		read.addInvalid("namespace-selector", `is ${quote(text)}, but ${reason(error)}`);
		return {
			text,
			matches: () => false
		};
	}
}
function readSource(read, environment, needsCluster) {
	const kubeconfig = read.text("kubeconfig");
	const url = read.endpoint("kube-server");
	const certificate = read.certificates("kube-ca");
	const login = readServerLogin(read, environment);
	if (!needsCluster) return void 0;
	if (read.isSet("kube-server")) return url === void 0 || login === void 0 ? void 0 : {
		kind: "server",
		url,
		certificate,
		user: login
	};
	return kubeconfig === void 0 ? findDefaultSource(read, environment) : readKubeconfig(read, kubeconfig, environment);
}
/** On a self-hosted runner an empty secret would otherwise silently select another cluster. */
function logDefault(config, contexts, foundIn) {
	const shown = contexts.slice(0, MAX_SHOWN_CONTEXTS).map((context) => {
		const { server = "" } = config.getCluster(config.getContextObject(context)?.cluster ?? "") ?? {};
		return `${context} (${server})`;
	});
	if (shown.length === 0) return;
	const more = contexts.length > shown.length ? ` and ${contexts.length - shown.length} more` : "";
	const which = `the ${contexts.length === 1 ? "context" : "contexts"} ${shown.join(", ")}${more}`;
	notice("Kubeconfig of the runner", `\`kubeconfig\` is empty: using ${which}, found in ${foundIn}.`);
}
const MAX_SHOWN_CONTEXTS = 5;
function readServerLogin(read, environment) {
	const token = read.secret("kube-token");
	const audience = read.text("kube-oidc-audience");
	if (token !== void 0) return { token: decodedJwt(token) };
	return audience === void 0 ? void 0 : readOidcLogin(read, environment, audience);
}
/** A Secret of Kubernetes has the base64 of a token, which is often copied as it is. */
function decodedJwt(token) {
	const decoded = decodeBase64(token, (text) => isJwt(text.trim()))?.trim();
	return decoded === void 0 ? token : mask(decoded);
}
/**
* The runner sets these variables in jobs with the permission `id-token: write`:
* https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
*/
function readOidcLogin(read, environment, audience) {
	const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken } = environment;
	if (url && requestToken) return {
		url,
		requestToken: mask(requestToken),
		audience
	};
	read.addError("kube-oidc-audience", "is set, but this job is not allowed to request OIDC tokens from GitHub", "Add `permissions: id-token: write` to the job. Pull requests from forks do not get this permission.");
}
function addProblem(read, { input, foundIn }, { problem, hint }) {
	read.addError(input, foundIn === void 0 ? problem : `is empty, and the one in ${foundIn} ${problem}`, hint);
}
function chooseContexts(read, kubeconfig, requested) {
	const { config } = kubeconfig;
	const all = config.getContexts().map(({ name }) => name);
	const current = config.getCurrentContext();
	const available = `Contexts in the kubeconfig: ${all.join(", ") || "none"}.`;
	if (all.length === 0) {
		addProblem(read, kubeconfig, {
			problem: "has no contexts: it is empty, or something else",
			hint: CREATE_HINT
		});
		return [];
	}
	if (requested.length === 0) {
		if (!current) read.addError("contexts", "is required when the kubeconfig has no current context", available);
		else if (!all.includes(current)) addProblem(read, kubeconfig, {
			problem: `has the current context ${quote(current)}, which it does not contain`,
			hint: available
		});
		return all.filter((name) => name === current);
	}
	const chosen = requested.includes("*") ? all : [...new Set(requested)];
	for (const name of chosen.filter((one) => !all.includes(one))) read.addError("contexts", `contains ${quote(name)}, which is not in the kubeconfig`, available);
	return chosen;
}
const CREATE_HINT = "Create it with `kubectl config view --raw --flatten --minify`, and use all of its output, or its base64.";
/** Checks that a context refers to a cluster and a user of the kubeconfig. */
function checkContext(read, kubeconfig, context) {
	const { config } = kubeconfig;
	const found = config.getContextObject(context);
	if (found === null) return;
	const { cluster, user } = found;
	const missing = config.getCluster(cluster) === null ? `cluster ${quote(cluster)}` : config.getUser(user ?? "") === null ? `user ${quote(user ?? "")}` : void 0;
	if (missing !== void 0) addProblem(read, kubeconfig, {
		problem: `has no ${missing}, which its context ${quote(context)} refers to`,
		hint: `It may have been cut off. ${CREATE_HINT}`
	});
	const { proxyUrl } = config.getCluster(cluster) ?? {};
	if (proxyUrl && parseProxyUrl(proxyUrl) === void 0) addProblem(read, kubeconfig, { problem: `has a \`proxy-url\` for its cluster ${quote(cluster)} that is not the URL of a proxy` });
}
// src/issuer/docker-config/entry.ts
var import__builtin_os = /* @__PURE__ */ __toESM(require__builtin_os(), 1);
/**
* One entry of `auths`: user name and password, or the base64 of both. All its secrets are masked.
* @see https://github.com/docker/cli/blob/master/cli/config/configfile/file.go
* @see https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/config.go
*/
function readEntry(entry) {
	const { auth, username, password, identitytoken, registrytoken } = asObject(entry);
	const [authUsername, authPassword] = decodeAuth(asText(auth) ?? "");
	const ofAuth = loginOf(authUsername, authPassword);
	const ofFields = loginOf(asText(username) ?? "", asText(password) ?? "");
	if ([identitytoken, registrytoken].map((token) => mask(asText(token) ?? "")).some((token) => token !== "")) return { kind: "identity-token" };
	return authUsername === "" ? ofFields : ofAuth;
}
/** The base64 of `user:password`. A text without a colon counts as a password. */
function decodeAuth(auth) {
	const decoded = Buffer.from(auth, "base64").toString();
	const colon = decoded.indexOf(":");
	return [decoded.slice(0, Math.max(colon, 0)), withoutFinalNuls(decoded.slice(colon + 1))];
}
/** Docker removes them as well. A regular expression would try each one of a long row. */
function withoutFinalNuls(text) {
	let end = text.length;
	while (text[end - 1] === "\0") end--;
	return text.slice(0, end);
}
/** A user name and its password, masked. */
function loginOf(username, password) {
	mask(password, username);
	if (isJwt(username) || isPlaceholder(password)) mask(username);
	return username === "" || password === "" ? { kind: "empty" } : {
		kind: "login",
		username,
		password
	};
}
// src/issuer/docker-config/config.ts
const SECRET_PROBLEM = "it is a Kubernetes Secret, of which the decoded value of `.dockerconfigjson` would be one (`docker-config-secret` copies a Secret)";
/** A helper is a program `docker-credential-<name>` on the PATH. */
const HELPER_NAME = /^[\w.-]{1,100}$/;
/**
* Reads a docker config. Its secrets are masked.
* @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
* @throws Error what is wrong with it, without its content
*/
function parseDockerConfig(text) {
	const json = parseJson(text);
	const { credsStore, kind } = json;
	if (kind === "Secret") throw new Error(SECRET_PROBLEM);
	if (isLegacy(json)) throw new Error("it has the old format of `.dockercfg`: put its entries into an object `auths`");
	const auths = json.auths ?? {};
	const credHelpers = json.credHelpers ?? {};
	if (!isObject(auths) || !isObject(credHelpers)) throw new Error("its `auths` or `credHelpers` is not an object");
	const helpers = Object.entries(credHelpers).map(([key, name]) => [key, helperName(name)]);
	return {
		entries: new Map(Object.entries(auths).map(([key, entry]) => [key, readEntry(entry)])),
		credHelpers: new Map(helpers.flatMap(([key, name]) => name === void 0 ? [] : [[key, name]])),
		credsStore: helperName(credsStore)
	};
}
/** https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets */
function isLegacy(json) {
	return !("auths" in json) && Object.values(json).some((value) => asText(asObject(value).auth) !== void 0);
}
function parseJson(text) {
	try {
		const json = JSON.parse(text);
		if (isObject(json)) return asObject(json);
	} catch {}
	throw new Error("it is not a JSON object");
}
/** @returns undefined for none: docker writes an empty name as well */
function helperName(value) {
	const name = asText(value) ?? "";
	if (name !== "" && !HELPER_NAME.test(name)) throw new Error("it names a credential helper that is not a plain name");
	return name || void 0;
}
// src/issuer/docker-config/problem.ts
const LOG_IN = "Let the step that logs in to the registry, for example docker/login-action, run in this job before this one.";
/** Each host is verified, and may start a credential helper. A record of a secret has as many. */
const MAX_HOSTS = 100;
const MAX_SHOWN_KEYS = 10;
const MAX_KEY_LENGTH = 100;
/** Why there is no credential for a host. */
function hostProblem({ kind, server }) {
	return kind === "missing" ? [`has no credential for ${server}`, LOG_IN] : identityTokenProblem(server);
}
/** https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication#az-acr-login-with---expose-token */
function identityTokenProblem(server) {
	return [`has only an identity token for ${server}, which nodes cannot use`, "Log in with a user name and a password. For Azure: `az acr login --name <registry> --expose-token`, and `docker login` with that access token and the user name 00000000-0000-0000-0000-000000000000. Or set `docker-server` to the other hosts."];
}
/** @returns undefined when there are not too many hosts */
function tooManyHosts(count) {
	if (count <= MAX_HOSTS) return void 0;
	return [`has ${count} registry hosts`, `Set \`docker-server\` to those that are needed, at most ${MAX_HOSTS}.`];
}
/** The keys that a docker config has, for a hint. A key can be a URL with a login. */
function shownKeys(keys) {
	const shown = keys.slice(0, MAX_SHOWN_KEYS).map((key) => `"${printable(key).replace(/^.*@/, "***@").slice(0, MAX_KEY_LENGTH)}"`);
	const more = keys.length - shown.length;
	return [...shown, ...more > 0 ? [`${more} more`] : []].join(", ") || "none";
}
// src/issuer/docker-config/select.ts
const EMPTY = { kind: "empty" };
/**
* Where the credentials of the requested hosts are. A host is found under each key that docker could write for it.
* @param servers hosts, as `docker-server` has them
*/
function selectHosts(config, servers) {
	const keys = keysOf(config);
	return servers.map((server) => sourceOf(config, {
		server,
		key: findKey(keys, server),
		isRequested: true
	}));
}
/** Where the credentials of all hosts are that the config names. The credentials store may know more. */
function allHosts(config) {
	return keysOf(config).map((key) => sourceOf(config, {
		server: key,
		key,
		isRequested: false
	})).filter(({ kind }) => kind !== "missing");
}
function keysOf({ entries, credHelpers }) {
	return [.../* @__PURE__ */ new Set([...entries.keys(), ...credHelpers.keys()])];
}
function sourceOf(config, { server, key = server, isRequested }) {
	const { entries, credHelpers, credsStore } = config;
	const helperKey = credHelpers.has(key) ? key : findKey([...credHelpers.keys()], server);
	const helper = helperKey === void 0 ? credsStore : credHelpers.get(helperKey);
	const entry = entries.get(key) ?? EMPTY;
	if (helper !== void 0) return {
		kind: "helper",
		server,
		key: helperKey ?? key,
		helper,
		entry,
		isRequested
	};
	return hostOf$1(server, entry);
}
/** What an entry, or the response of a helper, means for its host. */
function hostOf$1(server, entry) {
	switch (entry.kind) {
		case "login": return {
			kind: "entry",
			server,
			login: entry
		};
		case "identity-token": return {
			kind: "identity-token",
			server
		};
		case "empty": return {
			kind: "missing",
			server
		};
	}
}
/** The key of a host: its own, or one that names it with a scheme, or by another name of Docker Hub. */
function findKey(keys, server) {
	return keys.find((key) => key === server) ?? keys.find((key) => hostOfKey(key) === hostOfKey(server));
}
/** Docker Hub has the key `https://index.docker.io/v1/`: https://github.com/docker/cli/blob/master/cli/config/credentials/file_store.go */
function hostOfKey(key) {
	const [host = "", ...path] = key.replace(/^https?:\/\//, "").split("/");
	if (host === "index.docker.io" || host === "docker.io") return isVersion(path) ? "docker.io" : key;
	return isVersion(path) ? host : `${host}/${path.join("/")}`;
}
/** Whether a path is none, or only that of the version of the API. */
function isVersion(path) {
	return /^(?:v[12])?\/?$/.test(path.join("/"));
}
// src/issuer/known-life.ts
/** A schedule of an hour may start late, and Pods pull between two runs. */
const MIN_LIFE_MS = 72e5;
const HOUR_MS = 36e5;
/** The part of a login that is the secret: a JWT is the user name of some registries. */
function secretOf({ username, password }) {
	return isJwt(username) ? username : password;
}
/** How long a credential works; undefined when its form does not show it. */
function knownLifeOf(credential, now) {
	const inOneHour = /* @__PURE__ */ new Date(Math.floor((now.getTime() + HOUR_MS) / 1e3) * 1e3);
	if (credential.startsWith("ghs_")) return {
		...GITHUB,
		expiresAt: expiryOf(claimsOf(credential)) ?? inOneHour,
		endsWithJob: true
	};
	if (credential.startsWith("glcbt-")) return {
		...GITLAB,
		expiresAt: inOneHour,
		endsWithJob: true
	};
	if (credential.startsWith("ya29.")) return {
		...GOOGLE,
		expiresAt: inOneHour,
		endsWithJob: false
	};
	const ofEcr = expiryOf({ exp: decodedJson(credential).expiration });
	if (ofEcr !== void 0) return {
		...ECR,
		expiresAt: ofEcr,
		endsWithJob: false
	};
	const claims = claimsOf(credential);
	const expiresAt = expiryOf(claims);
	if (expiresAt === void 0) return void 0;
	return {
		...claims.iss === "Azure Container Registry" ? ACR : JWT,
		expiresAt,
		endsWithJob: false
	};
}
/** Whether Pods that pull later would find it dead. One that has expired already is not short-lived, but of no use at all. */
function isShortLived({ expiresAt, endsWithJob }, now) {
	const leftMs = expiresAt.getTime() - now.getTime();
	return endsWithJob || leftMs > 0 && leftMs < MIN_LIFE_MS;
}
/**
* Why a provided credential is refused: the step would succeed, and pulls fail an hour later.
* @returns completes a sentence that starts with what the credential is; undefined when it lives long enough, or its form
*   does not show how long
*/
function shortLifeOf(credential, now) {
	const life = knownLifeOf(credential, now);
	if (life === void 0 || !isShortLived(life, now)) return void 0;
	const end = life.endsWithJob ? "which ends with this job or within an hour" : `which expires in less than two hours, at ${life.expiresAt.toISOString()}`;
	return {
		problem: `is ${life.kind}, ${end}`,
		hint: `${life.alternative}. If that is long enough, for a test cluster or a schedule of an hour, set \`allow-short-lived: true\`.`
	};
}
const RUN_LOGIN = "Let the step that logs in to the registry run in this job, directly before this one";
const GITHUB = {
	kind: "the `GITHUB_TOKEN` of this job or the token of a GitHub App",
	alternative: "For ghcr.io use a personal access token (classic) with the scope `read:packages`, of a user who may read the package"
};
const GITLAB = {
	kind: "the job token of GitLab CI",
	alternative: "Use a deploy token with the scope `read_registry`"
};
const GOOGLE = {
	kind: "an access token of Google Cloud",
	alternative: "Use the key of a service account with the user name `_json_key`, or grant the nodes permission to pull without a secret"
};
/** Base64 of JSON with `expiration`, twelve hours later: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html */
const ECR = {
	kind: "an authorization token of Amazon ECR",
	alternative: RUN_LOGIN
};
/** https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication */
const ACR = {
	kind: "a token of Azure Container Registry",
	alternative: `${RUN_LOGIN}, or use a service principal or a repository-scoped token`
};
const JWT = {
	kind: "a JWT",
	alternative: `${RUN_LOGIN}, or use a credential that lives longer`
};
function decodedJson(credential) {
	if (!/^eyJ[\w+/-]{20,}={0,2}$/.test(credential)) return {};
	try {
		return asObject(JSON.parse(Buffer.from(credential, "base64").toString()));
	} catch {
		return {};
	}
}
// src/registry/glob.ts
/**
* Whether a pattern matches all of a text, as Go's path.Match: `*` is any characters, `?` one, `[a-z]` or `[^a-z]` one of a
* set, and `\` quotes the next. A malformed pattern matches nothing. https://pkg.go.dev/path#Match
*
* Only the last `*` is ever extended, since an earlier one would match no text that it does not: a regular expression would
* try all of them, forever.
*/
function matchesGlob(pattern, text) {
	const terms = parseGlob(pattern);
	if (terms === void 0) return false;
	const characters = [...text];
	if (terms.filter((term) => term !== "*").length > characters.length) return false;
	let next = 0;
	let at = 0;
	let star;
	while (at < characters.length) {
		const term = terms[next];
		if (term === "*") {
			next++;
			star = {
				next,
				at
			};
		} else if (term?.(characters[at] ?? "")) {
			next++;
			at++;
		} else if (star !== void 0) {
			star.at++;
			next = star.next;
			at = star.at;
		} else return false;
	}
	return terms.slice(next).every((term) => term === "*");
}
/** @returns undefined for a malformed pattern */
function parseGlob(pattern) {
	const characters = [...pattern];
	const terms = [];
	for (let at = 0; at < characters.length; at++) {
		const character = characters[at];
		if (character === "*") {
			if (terms.at(-1) !== "*") terms.push("*");
		} else if (character === "?") terms.push(() => true);
		else if (character === "[") {
			const set = parseSet(characters, at + 1);
			if (set === void 0) return void 0;
			terms.push(set.term);
			at = set.end;
		} else {
			const literal = character === "\\" ? characters[++at] : character;
			if (literal === void 0) return void 0;
			terms.push((other) => other === literal);
		}
	}
	return terms;
}
/** @returns the set that begins after its bracket, and where its closing bracket is */
function parseSet(characters, start) {
	const isNegated = characters[start] === "^";
	const ranges = [];
	let at = isNegated ? start + 1 : start;
	const read = () => {
		const character = characters[at] === "\\" ? characters[++at] : characters[at];
		at++;
		return character;
	};
	while (characters[at] !== "]" || ranges.length === 0) {
		if (characters[at] === "-" || characters[at] === "]") return void 0;
		const low = read();
		if (low === void 0) return void 0;
		if (characters[at] !== "-") {
			ranges.push([low, low]);
			continue;
		}
		at++;
		const high = characters[at] === "-" || characters[at] === "]" ? void 0 : read();
		if (high === void 0) return void 0;
		ranges.push([low, high]);
	}
	return {
		term: (one) => ranges.some(([low, high]) => low <= one && one <= high) !== isNegated,
		end: at
	};
}
// src/registry/reference.ts
/**
* The parts of an image reference after the registry host.
* https://github.com/distribution/reference/blob/main/reference.go
*/
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
/**
* Only the two algorithms that every registry knows have a fixed length here: others are left to the registry.
* https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
*/
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|(?!sha(?:256|512):)[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,})$/;
/** Parses an image without its registry; undefined when it is malformed. */
function parseImage(image) {
	const [, repository = "", tag, digest] = /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(image) ?? [];
	return REPOSITORY.test(repository) && TAG.test(tag ?? "latest") && (digest === void 0 || DIGEST.test(digest)) ? {
		repository,
		reference: digest ?? tag ?? "latest"
	} : void 0;
}
/** As `parseImage`, of an image as a Pod names it. */
function referenceOf(image) {
	return parseImage(splitImage(image).repository);
}
/** The registry host of an image; Docker Hub where the image names none. */
function hostOf(image) {
	return namesHost(image) ? image.split("/")[0] ?? "" : DOCKER_HUB;
}
/**
* Whether an image names its registry host. Otherwise its first component belongs to the repository.
* @see https://github.com/distribution/reference/blob/main/normalize.go
*/
function namesHost(image) {
	const [first = "", ...rest] = image.split("/");
	return rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
}
/** An image without its tag and digest. */
function repositoryOf(image) {
	const [named = ""] = image.split("@", 1);
	const colon = named.lastIndexOf(":");
	return colon > named.lastIndexOf("/") ? named.slice(0, colon) : named;
}
/** A host name has at most 253 characters, and a port five: https://www.rfc-editor.org/rfc/rfc1123#section-2 */
const MAX_HOST_LENGTH = 260;
/**
* Whether the kubelet uses an entry of a docker config for an image: each part of the host name matches, `*` within one part,
* the ports are equal, and the path of the entry is a prefix of the repository. Anyone who may edit a secret chooses entries.
* @see https://kubernetes.io/docs/concepts/containers/images/#config-json
* @see https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go
*/
function matchesImage(entry, image) {
	return matchesName(entry, splitImage(image));
}
/**
* An image with its full name, which without a host is that at the host of the entry; undefined where the kubelet does not
* use the entry for it.
*/
function imageAt(entry, image) {
	const name = completeName(image.host ?? parseEntry(entry).host, image.repository);
	return matchesName(entry, name) ? {
		...image,
		...name
	} : void 0;
}
function matchesName(entry, { host: imageHost, repository }) {
	const { host, path } = parseEntry(entry);
	if (imageHost === DOCKER_HUB && host === LEGACY_DOCKER_HUB && path === "") return true;
	return matchesHost(host, imageHost) && repository.startsWith(path);
}
function splitImage(image) {
	return completeName(hostOf(image), namesHost(image) ? image.slice(image.indexOf("/") + 1) : image);
}
/**
* As the kubelet completes the name of an image: `index.docker.io` becomes `docker.io`, and a repository of one part is in
* `library`.
* @see https://github.com/distribution/reference/blob/main/normalize.go
*/
function completeName(host, repository) {
	if (host !== DOCKER_HUB && host !== LEGACY_DOCKER_HUB) return {
		host,
		repository
	};
	return {
		host: DOCKER_HUB,
		repository: repository.includes("/") ? repository : `library/${repository}`
	};
}
function matchesHost(pattern, host) {
	if (host.length > MAX_HOST_LENGTH) return false;
	const [name = "", port] = splitPort(host);
	const [patternName = "", patternPort] = splitPort(pattern);
	const labels = name.split(".");
	const globs = patternName.split(".");
	return port === patternPort && globs.length === labels.length && globs.every((glob, at) => matchesLabel(glob, labels[at]));
}
function matchesLabel(glob, label = "") {
	return glob === label || matchesGlob(glob, label);
}
function splitPort(host) {
	const colon = host.lastIndexOf(":");
	return colon > host.lastIndexOf("]") ? [host.slice(0, colon), host.slice(colon + 1)] : [host];
}
/**
* Whether an entry can match no image: its host is a single word, which is not a host in the name of an image; its path is `v1` or
* `v2` without a final slash, or not that of a repository; or it has a path after `index.docker.io`, which the kubelet reads as
* `docker.io` in the name of an image.
*/
function matchesNoImage(entry) {
	const { host, path } = parseEntry(entry);
	if (!namesHost(`${host}/any`)) return true;
	if (host === LEGACY_DOCKER_HUB && path !== "") return true;
	return /^v[12]$/.test(path) || !/^[a-z0-9._/-]*$/.test(path);
}
/** How the images begin that the kubelet uses an entry for. */
function imagePrefix(entry) {
	const { host, path } = parseEntry(entry);
	return `${host === LEGACY_DOCKER_HUB ? DOCKER_HUB : host}/${path}`;
}
/** The kubelet ignores the scheme of an entry, and `/v1/` or `/v2/` at the start of its path. */
function parseEntry(entry) {
	const [host = "", ...path] = entry.replace(/^https?:\/\//, "").split("/");
	return {
		host,
		path: path.join("/").replace(/^v[12]\//, "")
	};
}
const DOCKER_HUB = "docker.io";
const LEGACY_DOCKER_HUB = "index.docker.io";
// src/registry/wrong-host.ts
/** The key of Docker Hub in a docker config: https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/ */
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";
/**
* Hosts that belong to a registry, but that images are not named by, and the host to use. The kubelet uses Docker Hub's
* credential for images of `docker.io` and `index.docker.io`, and for those without a host:
* https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go
*/
const WRONG_HOSTS = [
	[/^(?:registry-1|registry|auth|www)\.docker\.io$/, DOCKER_HUB_KEY],
	[/^(?:(?:[a-z]+\.)?hub|www|app|cloud|login|index|registry)\.docker\.com$|^docker\.com$/, DOCKER_HUB_KEY],
	[/^(?:(?:www|api|(?:maven|npm|nuget|rubygems)\.pkg)\.)?github\.com$/, "ghcr.io"],
	[/^(?:www\.)?(?:ghcr\.com|ghrc\.io|gchr\.io|ghcr\.github\.com)$/, "ghcr.io"],
	[/^(?:www\.)?(?:quay\.com|quay\.oi)$|^www\.quay\.io$/, "quay.io"],
	[/^(?:www\.)?gitlab\.com$/, "registry.gitlab.com"],
	[/^(?:[a-z-]+\.)*cloud\.ibm\.com$|^(?:private\.)?(?:us|eu|au|jp|br|ca|in)-[a-z0-9]+\.icr\.io$/, "the host of your region, for example us.icr.io or de.icr.io"],
	[/^(?:[a-z]+\.)*azure\.com$|^azurecr\.io$|^(?:[a-z0-9-]+\.)*azurecr\.com$/, "the login server of your registry, <name>.azurecr.io,"],
	[/^(?:[a-z]+\.)?cloud\.google\.com$|^(?![a-z0-9-]+-docker\.)(?:[a-z0-9-]+\.)*pkg\.dev$|^(?:artifact|container)registry\.googleapis\.com$/, "the host of your repository, for example europe-docker.pkg.dev,"],
	[/^(?:[a-z0-9-]+\.)*aws\.amazon\.com$|^amazonaws\.com$|^(?!\d{12}\.dkr\.)(?:[a-z0-9-]+\.)*ecr(?:-fips)?(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$|^\d{12}\.dkr\.ecr\.amazonaws\.com$/, "the host of your registry, <account of 12 digits>.dkr.ecr.<region>.amazonaws.com,"],
	[/^ecr\.aws$/, "public.ecr.aws"],
	[/^(?:(?:catalog|access|console|www)\.)?redhat\.com$/, "registry.redhat.io"],
	[/^(?:(?:www|cloud)\.)?digitalocean\.com$/, "registry.digitalocean.com"],
	[/^(?:(?:www|ngc|catalog\.ngc)\.)?nvidia\.com$/, "nvcr.io"]
];
/** Docker Hub's API serves these as well, so an image can be named by them: `registry-1.docker.io/library/busybox`. */
const IMAGE_HOSTS = /^registry-1\.docker\.io$|^registry\.hub\.docker\.com$/;
/**
* What to use instead of a host that images are not named by; undefined for every other host.
* @param host without scheme, port and path
* @param listsHub whether Docker Hub's own key is in the same docker config
*/
function rightHost(host, listsHub) {
	if (listsHub && IMAGE_HOSTS.test(host)) return void 0;
	return WRONG_HOSTS.find(([hosts]) => hosts.test(host))?.[1];
}
// src/registry/config-key.ts
/** Scheme, host with port, and path of a key of a docker config. */
const KEY$1 = /^(https?:\/\/)?([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?)(\/[\x21-\x7e]*)?$/;
/**
* The key of a pull secret for one of a docker config. Docker and its credential helpers write keys that the kubelet matches
* with no image.
* @returns undefined for what is not the key of a registry, such as the tokens of a login at Docker Hub
*/
function keyForNodes(key) {
	const [, scheme, host, path = ""] = KEY$1.exec(key) ?? [];
	if (host === void 0 || !URL.canParse(`https://${host}`)) return void 0;
	const name = host.replace(/:\d+$/, "");
	const isRoot = /^(\/v[12])?\/?$/.test(path);
	const right = rightHost(name, false);
	if (right !== void 0) return right === "https://index.docker.io/v1/" && isRoot ? right : void 0;
	const safe = scheme === "http://" && !isLoopback(name) ? host + path : key;
	if (!matchesNoImage(safe)) return safe;
	return isRoot && !matchesNoImage(host) ? host : void 0;
}
/**
* What to log in to instead of a key that has none for nodes.
* @returns undefined for the tokens that docker keeps of a login at Docker Hub: nodes do without them
*/
function loginInstead(key) {
	if (/\/(access|refresh)-token$/.test(key)) return void 0;
	const lower = key.toLowerCase();
	const [, , host = ""] = KEY$1.exec(lower) ?? [];
	return keyForNodes(lower) ?? rightHost(host, false) ?? "the host that the names of images start with";
}
/**
* The keys of a docker config by the keys for nodes. Where several are for the same host, it is the one that is written as
* nodes need it, else the first one.
*/
function keysForNodes(keys) {
	const byServer = /* @__PURE__ */ new Map();
	for (const key of keys) {
		const server = keyForNodes(key);
		if (server !== void 0 && (server === key || !byServer.has(server))) byServer.set(server, key);
	}
	return byServer;
}
// src/inputs/docker-config.ts
const MAX_CONFIG_BYTES = 1048576;
/** Where the credentials of the registry hosts are. The config is read here, so its errors are input errors. */
function readDockerConfig(read, environment) {
	const allowsShortLived = read.flag("allow-short-lived");
	return {
		provider: "docker-config",
		source: readSecretSource(read) ?? readConfigSource(read, environment, allowsShortLived),
		allowsShortLived
	};
}
function readSecretSource(read) {
	const [namespace = "", name = ""] = read.text("docker-config-secret")?.split("/") ?? [];
	if (namespace === "") return void 0;
	if (!read.isSet("secret-name")) read.addError("docker-config-secret", "needs `secret-name`, which is not set");
	return {
		kind: "secret",
		namespace,
		name
	};
}
function readConfigSource(read, environment, allowsShortLived) {
	const config = readConfig$1(read, environment);
	const requested = [...new Set(read.list("docker-server"))];
	const none = {
		kind: "config",
		logins: [],
		asked: [],
		listed: void 0,
		environment: {}
	};
	if (config === void 0) return none;
	const all = requested.length > 0 ? [] : allHosts(config);
	const sources = requested.length > 0 ? selectHosts(config, requested) : forNodes(all);
	for (const source of sources) checkSource(read, source, {
		config,
		allowsShortLived
	});
	const listed = requested.length > 0 ? void 0 : config.credsStore;
	const unusable = unusableKeys(all);
	const isEmpty = sources.length === 0 && listed === void 0;
	if (unusable !== void 0 && isEmpty) read.addError("docker-config", ...unusable);
	else if (unusable !== void 0) read.warnings.push(`\`docker-config\` ${unusable.join(". ")}`);
	else if (isEmpty) read.addError("docker-config", "contains no credential of a registry", `${LOG_IN}${emptyEntries(config)}`);
	const tooMany = tooManyHosts(sources.length);
	if (tooMany !== void 0) read.addError("docker-config", ...tooMany);
	return {
		kind: "config",
		logins: sources.flatMap((one) => one.kind === "entry" ? [{
			...one.login,
			server: one.server
		}] : []),
		asked: sources.filter((one) => one.kind === "helper"),
		listed,
		environment: read.childEnvironment()
	};
}
function emptyEntries({ entries }) {
	const keys = [...entries].flatMap(([key, { kind }]) => kind === "empty" ? [key] : []);
	return keys.length === 0 ? "" : ` Its entries have no user name and password: ${shownKeys(keys)}.`;
}
/** Nodes would not use their credentials. */
function unusableKeys(sources) {
	const keys = sources.map(({ server }) => server).filter((key) => keyForNodes(key) === void 0 && loginInstead(key));
	if (keys.length === 0) return void 0;
	const hints = new Set(keys.slice(0, 3).map((key) => `Log in to ${loginInstead(key)} instead.`));
	return [`has a credential for ${shownKeys(keys)}, which matches no image`, [...hints].join(" ")];
}
/** Under the keys by which the kubelet finds them, each once. */
function forNodes(sources) {
	return [...keysForNodes(sources.map(({ server }) => server))].flatMap(([server, key]) => sources.filter((source) => source.server === key).map((source) => ({
		...source,
		server
	})));
}
/** Which host is the first one may be known only when the clusters or the credentials store were asked. */
function checkImageHost(read, { provider }, { servers }) {
	if (provider !== "docker-config" || servers.length > 0) return;
	const image = read.text("image");
	if (image !== void 0 && !namesHost(image)) read.addError("image", "names no registry host", "Start it with the host, or set `docker-server`.");
}
function checkSource(read, source, { config, allowsShortLived }) {
	const { kind, server } = source;
	if (kind === "missing") {
		const keys = shownKeys([...config.entries.keys(), ...config.credHelpers.keys()]);
		read.addError("docker-config", `has no credential for ${server}`, `${LOG_IN} It has ${keys}.`);
	} else if (kind === "identity-token") read.addError("docker-config", ...hostProblem({
		kind,
		server
	}));
	else if (kind === "entry" && !allowsShortLived) {
		const short = shortLifeOf(secretOf(source.login), /* @__PURE__ */ new Date());
		if (short !== void 0) read.addError("docker-config", `cannot be used: its credential for ${server} ${short.problem}`, short.hint);
	}
}
function readConfig$1(read, environment) {
	const value = read.text("docker-config");
	const text = value === void 0 ? void 0 : inlineText(value);
	const path = pathOf(value, environment);
	const what = value === void 0 ? `is not set, and ${quote(path)}` : text === void 0 ? `is ${quotePath(value)}, which` : "";
	if (text === void 0 && !(0, import__builtin_fs.existsSync)(path)) {
		read.addError("docker-config", `${what} does not exist`, LOG_IN);
		return;
	}
	try {
		const bytes = text === void 0 ? readRegularFile(path, MAX_CONFIG_BYTES) : void 0;
		return parseDockerConfig(text ?? (bytes && textOf(bytes)) ?? "");
	} catch (error) {
		const problem = what === "" ? "is not a docker config" : `${what} is not a docker config`;
		read.addError("docker-config", `${problem}: ${reason(error)}`, "Allowed: a path, or the JSON text of a docker config.");
		return;
	}
}
/** The JSON text of an input, as it is, in quotes, or in base64, or what has several lines; undefined: a path. */
function inlineText(value) {
	const isObject = (text) => /^\s*\{/.test(text);
	const text = [value, value.replaceAll(/^["']|["']$/g, "")].find(isObject) ?? decodeBase64(value, isObject) ?? (value.includes("\n") ? value : void 0);
	if (text === void 0) return void 0;
	maskProvided(value);
	return text;
}
/** Docker and `DOCKER_CONFIG` name the folder. https://docs.docker.com/reference/cli/docker/#configuration-files */
function pathOf(value, environment) {
	const { DOCKER_CONFIG, HOME, USERPROFILE } = environment;
	if (value === void 0) return (0, import__builtin_path.join)(DOCKER_CONFIG || (0, import__builtin_path.join)(HOME || USERPROFILE || (0, import__builtin_os.homedir)(), ".docker"), CONFIG_FILE);
	const path = expandHome(value, environment);
	return (0, import__builtin_fs.existsSync)(path) && (0, import__builtin_fs.statSync)(path).isDirectory() ? (0, import__builtin_path.join)(path, CONFIG_FILE) : path;
}
const CONFIG_FILE = "config.json";
// src/inputs/harbor.ts
const ALL_PROJECTS = "*";
function readHarbor(read) {
	const username = read.text("username") ?? "";
	if (username.includes(":")) read.addError("username", "contains a colon, which no user name of Harbor has");
	const projects = [...new Set(read.list("projects"))];
	if (projects.length > 1 && projects.includes(ALL_PROJECTS)) read.addError("projects", "contains `*` and names", "Set `*` for all projects, or the names.");
	return {
		provider: "harbor",
		endpoint: read.endpoint("registry-endpoint") ?? "",
		username,
		password: read.secret("password") ?? "",
		projects,
		expiresInMs: read.duration("expires-in") || void 0
	};
}
/**
* Harbor gives a token to every login with the right secret, whatever it may pull: only an image verifies the permission.
* https://github.com/goharbor/harbor/blob/c50c7ddd/src/core/service/token/creator.go
*/
function warnOfUnverifiedPull(read, credential, { image }) {
	if (credential.provider !== "harbor") return;
	if (image === void 0) {
		if (!read.isSet("verify-image") && read.flag("verify")) read.warnings.push("`verify-image` is not set. Harbor accepts every login with the right secret, so the action verifies the robot account itself, and not that it can pull.");
		return;
	}
	const [project = ""] = image.repository.split("/");
	if (!credential.projects.includes(ALL_PROJECTS) && !credential.projects.includes(project)) read.warnings.push(`\`verify-image\` is in the project "${project}", which is not in \`projects\`.`);
}
// src/inputs/static.ts
/** A credential that Pods could not use for long is refused, and one that is something else. */
function readStatic(read) {
	const username = read.text("docker-username") ?? "";
	const password = decodedToken(read.secret("docker-password") ?? "");
	const misplaced = misplacedPassword(password, username);
	if (misplaced !== void 0) read.addError("docker-password", ...misplaced);
	if (isEncodedLine(password)) read.warnings.push(ENCODED_WARNING);
	if (read.flag("allow-short-lived")) return {
		provider: "static",
		password
	};
	const isUsername = isJwt(username);
	const short = shortLifeOf(isUsername ? username : password, /* @__PURE__ */ new Date());
	if (short !== void 0) read.addError(isUsername ? "docker-username" : "docker-password", short.problem, short.hint);
	return {
		provider: "static",
		password
	};
}
/**
* Tokens that their beginning shows, of which the base64 was stored, as a Secret has it:
* https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats,
* https://docs.gitlab.com/security/tokens/#token-prefixes, https://docs.docker.com/security/access-tokens/
*/
const TOKEN = /^(?:gh[opsu]_|github_pat_|gl(?:pat|dt|cbt|soat)-|dckr_[po]at_)[\w.-]+$/;
function decodedToken(password) {
	const token = decodeBase64(password, (text) => TOKEN.test(text.trim()) || isJwt(text.trim()));
	return token === void 0 ? password : maskProvided(token.trim());
}
/** What no registry accepts as a password. */
function misplacedPassword(password, username) {
	const isConfig = (text) => /^\s*\{\s*"(?:auths|credHelpers|credsStore)"/.test(text);
	if (isConfig(password) || decodeBase64(password, isConfig) !== void 0) return ["is a docker config", "Set it as `docker-config`, with `provider: docker-config`."];
	if (/^(?:bearer|basic)\s/i.test(password)) return ["starts with the word Bearer or Basic", "Set the password alone, as `docker login` takes it."];
	return username !== "" && decodeBase64(password, (text) => text.startsWith(`${username}:`)) !== void 0 ? ["is the base64 of user name and password", "Set what comes after the colon. For Amazon ECR use `aws ecr get-login-password`."] : void 0;
}
/** `echo password | base64`: no registry makes a password that is base64 of a line. */
function isEncodedLine(password) {
	return decodeBase64(password, (text) => /^[\x20-\x7e]+\r?\n$/.test(text)) !== void 0;
}
const ENCODED_WARNING = "`docker-password` is the base64 of a line of text, and is used as it is. If the registry refuses it, store the text itself.";
// src/inputs/table/row.ts
/** The hint for a value that usually comes from elsewhere: GitHub passes on an empty secret or output without an error. */
const CHECK_SOURCE = "If it comes from a secret or an earlier step, check that the value is available to this workflow.";
/** Checks at compile time that the rows are valid and refer to inputs of their own group. */
function defineInputs(rows) {
	return rows;
}
/** The constant default of an input; absent where there is none. GitHub's runner sets an input to it. */
function defaultOf(row) {
	return "default" in row ? row.default : void 0;
}
// src/inputs/table/cluster.ts
const CLUSTER_INPUTS = defineInputs({
	kubeconfig: {
		type: "text",
		allowed: "the text or the path of a kubeconfig",
		derivedDefault: "`$KUBECONFIG`, `~/.kube/config`, or the in-cluster configuration",
		description: "Text of a kubeconfig, its base64, or its path."
	},
	contexts: {
		type: "list",
		derivedDefault: "the current context",
		description: "Contexts to write to, newline- or comma-separated. `*` is all."
	},
	"kube-server": {
		type: "endpoint",
		conflictsWith: ["kubeconfig"],
		description: "URL of the API server, instead of a kubeconfig."
	},
	"kube-ca": {
		type: "pem",
		needs: "kube-server",
		description: "CA certificates of the API server, PEM."
	},
	"kube-token": {
		type: "secret",
		needs: "kube-server",
		required: {
			with: "kube-server",
			unless: "kube-oidc-audience",
			hint: "Set the token of a ServiceAccount, or `kube-oidc-audience`."
		},
		prefix: /^bearer\s+/i,
		pattern: /^[!#-&(-~]+$/,
		allowed: "a token without spaces, line breaks, quotes and special characters",
		description: "Bearer token for the API server."
	},
	"kube-oidc-audience": {
		type: "text",
		needs: "kube-server",
		conflictsWith: ["kube-token"],
		description: "Instead of `kube-token`: log in with GitHub's OIDC token for this audience, renewed before it expires. The job needs `permissions: id-token: write`."
	}
});
// src/inputs/grammar.ts
/**
* The grammars of names that a workflow sets. Each is as strict as the server that receives the name, so a misspelt name
* is an input error and never a part of a URL.
*/
/** The name of a namespace, which is an RFC 1123 label, with `*` for any characters and `!` for an exclusion. */
const NAMESPACE_PATTERN = /^!?[a-z0-9*](?:[-a-z0-9*]{0,61}[a-z0-9*])?$/;
/** The name of a service account, or `*`. */
const SERVICE_ACCOUNT = new RegExp(String.raw`^\*$|${SUBDOMAIN.source}`);
/**
* The key of a label or annotation, with an optional prefix, and the value of a label.
* https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
*/
const KEY = /^(?:(?=[^/]{1,253}\/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/;
/**
* A registry as a key of a docker config: scheme, host with port, path.
* https://kubernetes.io/docs/concepts/containers/images/#config-json
*/
const REGISTRY = /^(https?:\/\/)?((?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?)(\/\S*)?$/;
// src/inputs/table/credential.ts
const CREDENTIAL_INPUTS = defineInputs({
	provider: {
		type: "choice",
		choices: [
			"dedicated",
			"ibmcloud",
			"harbor",
			"docker-config",
			"static"
		],
		derivedDefault: "the provider of the other inputs, else `dedicated`",
		description: "`dedicated`: mint a registry token in a Bluemix Dedicated environment. `ibmcloud`: mint an API key of an IBM Cloud service ID. `harbor`: mint a robot account of a Harbor server. `docker-config`: use the credentials of earlier `docker login` steps. `static`: use `docker-password`."
	},
	"dedicated-domain": {
		type: "text",
		providers: ["dedicated"],
		pattern: /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
		allowed: "a domain without a scheme or path, for example cfsdedicated1.us-south.bluemix.net",
		description: "Domain of the Dedicated environment, for example `cfsdedicated1.us-south.bluemix.net`. It sets the defaults of the two endpoints below."
	},
	"api-endpoint": {
		type: "endpoint",
		providers: ["dedicated"],
		template: "https://api.<dedicated-domain>",
		description: "URL of the Cloud Foundry API, which serves login and organizations."
	},
	"registry-endpoint": {
		type: "endpoint",
		providers: ["dedicated", "harbor"],
		template: "https://registry.<dedicated-domain>",
		required: {
			for: ["dedicated", "harbor"],
			unless: "dedicated-domain"
		},
		description: "URL of the registry and its token API. With `harbor`: URL of the Harbor server."
	},
	"oauth-token": {
		type: "secret",
		providers: ["dedicated"],
		prefix: /^bearer\s+/i,
		pattern: /^\S+$/,
		allowed: "a token without spaces, with or without the word Bearer in front of it",
		description: "Login method 1: a UAA token, with or without the word `Bearer`."
	},
	username: {
		type: "text",
		providers: ["dedicated", "harbor"],
		required: {
			for: ["harbor"],
			with: "password",
			hint: CHECK_SOURCE
		},
		conflictsWith: ["oauth-token"],
		description: "Login method 2 of `dedicated`: user name for UAA. With `harbor`: a user or robot account that may create robot accounts."
	},
	password: {
		type: "secret",
		providers: ["dedicated", "harbor"],
		required: {
			for: ["harbor"],
			with: "username",
			hint: CHECK_SOURCE
		},
		description: "Login method 2 of `dedicated`: password for UAA. With `harbor`: password, CLI secret or secret of the robot account."
	},
	"api-key": {
		type: "secret",
		providers: ["dedicated", "ibmcloud"],
		required: {
			for: ["ibmcloud"],
			hint: CHECK_SOURCE
		},
		conflictsWith: ["oauth-token", "username"],
		description: "Login method 3 of `dedicated`: an IBM Cloud API key of a user of the environment. With `ibmcloud`: the API key that manages the service ID."
	},
	passcode: {
		type: "secret",
		providers: ["dedicated"],
		conflictsWith: [
			"oauth-token",
			"username",
			"api-key"
		],
		description: "Login method 4: a UAA one-time code. When no login method is set, the action uses the session of an `ibmcloud` or `bx` CLI on the `PATH` (method 5)."
	},
	organization: {
		type: "text",
		providers: ["dedicated"],
		required: {
			for: ["dedicated"],
			unless: "organization-guid",
			hint: "Set the name of the Cloud Foundry organization, or its GUID in `organization-guid`."
		},
		description: "Name of the Cloud Foundry organization."
	},
	"organization-guid": {
		type: "text",
		providers: ["dedicated"],
		pattern: /^[\w-]+$/,
		allowed: "a GUID of letters, digits and hyphens",
		conflictsWith: ["organization"],
		description: "GUID of the Cloud Foundry organization, instead of its name."
	},
	account: {
		type: "text",
		providers: ["dedicated", "ibmcloud"],
		pattern: /^[\w.-]+$/,
		allowed: "an account ID of letters, digits and hyphens",
		required: {
			for: ["ibmcloud"],
			hint: CHECK_SOURCE
		},
		description: "Account ID, sent as the header `Account`."
	},
	permanent: {
		type: "flag",
		providers: ["dedicated"],
		default: "true",
		description: "Request a token that does not expire."
	},
	write: {
		type: "flag",
		providers: ["dedicated"],
		default: "false",
		description: "Request a token that can push."
	},
	"token-description": {
		type: "text",
		providers: [
			"dedicated",
			"ibmcloud",
			"harbor"
		],
		pattern: /^[\x20-\x7e]{1,200}$/,
		allowed: "up to 200 printable ASCII characters",
		derivedDefault: "`registry-pull-secret <owner>/<repo> <secret-name>`",
		description: "Beginning of the description of a minted token, API key or robot account. The action appends the scope and a unique suffix."
	},
	"service-id": {
		type: "text",
		providers: ["ibmcloud"],
		pattern: /^(?:(?:iam-)?ServiceId-[\w-]+|(?!(?:iam-)?ServiceId-)\P{Cc}{1,256})$/u,
		allowed: "a service ID such as ServiceId-1234 or iam-ServiceId-1234, or its name, up to 256 characters on one line",
		required: {
			for: ["ibmcloud"],
			hint: CHECK_SOURCE
		},
		description: "Service ID to mint an API key for: `ServiceId-\u2026`, `iam-ServiceId-\u2026`, or its exact name, which the action looks up in `account`."
	},
	"expires-in": {
		type: "duration",
		providers: ["ibmcloud", "harbor"],
		positive: true,
		description: "A minted API key or robot account expires by itself after this time, for example `90d`, at least twice `max-age`. Harbor rounds it up to days. Not set: it does not expire, unless the account enforces it."
	},
	projects: {
		type: "list",
		providers: ["harbor"],
		pattern: /^(?=.{1,255}$)(?:\*|[a-z0-9]+(?:[._-][a-z0-9]+)*)$/,
		allowed: "names of projects in lower case, for example team or team-a, or only *",
		required: {
			for: ["harbor"],
			hint: "Set the projects that the robot account may pull from."
		},
		description: "Harbor projects to pull from, newline- or comma-separated, or `*` for all. One project makes a project-level robot account. Several, or `*`, make a system-level one, which takes a system administrator."
	},
	"iam-endpoint": {
		type: "endpoint",
		providers: ["ibmcloud"],
		default: "https://iam.cloud.ibm.com",
		description: "URL of IBM Cloud IAM."
	},
	"docker-config": {
		type: "text",
		providers: ["docker-config"],
		derivedDefault: "`$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`",
		description: "Docker config to take the credentials from: a path, or the JSON text or its base64. The action asks the credential helpers that it names (`credHelpers`, `credsStore`)."
	},
	"docker-config-secret": {
		type: "text",
		providers: ["docker-config"],
		pattern: /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\/(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
		allowed: "namespace/name of a Secret, for example default/all-icr-io",
		conflictsWith: ["docker-config"],
		description: "Instead of `docker-config`: `namespace/name` of a pull secret to copy, for example `default/all-icr-io`. Each cluster gets the credentials of its own. Needs the permission to get that one Secret."
	},
	"allow-short-lived": {
		type: "flag",
		providers: ["docker-config", "static"],
		default: "false",
		description: "Accept a provided credential that expires within two hours or with this job, such as `GITHUB_TOKEN`: for test clusters, and for schedules of an hour. It is refused otherwise."
	}
});
// src/inputs/table/deploy.ts
const DEPLOY_INPUTS = defineInputs({
	"manifest-files": {
		type: "list",
		description: "Manifests to apply, newline- or comma-separated: paths, directories and globs of YAML or JSON files."
	},
	manifest: {
		type: "text",
		description: "Manifest to apply, inline."
	},
	images: {
		type: "list",
		allowed: "name:tag, name@digest, or name=new-name:tag",
		conflictsWith: ["image"],
		description: "Images of the manifests to replace, newline- or comma-separated: `name:tag`, `name@digest` or `name=new-name:tag`, for every container with the image `name`."
	},
	image: {
		type: "text",
		pattern: /^[\w./:@-]+$/,
		allowed: "namespace/image, with an optional registry host, and :tag or @digest",
		conflictsWith: ["manifest", "manifest-files"],
		description: "Instead of a manifest: apply a Pod with this image. An image without a registry host gets the first `docker-server`; an image without a tag gets `latest`."
	},
	"pod-name": {
		type: "text",
		pattern: SUBDOMAIN,
		allowed: "lower-case letters, digits, hyphens and dots, for example my-pod",
		needs: "image",
		required: { with: "image" },
		description: "Name of that Pod."
	},
	"container-name": {
		type: "text",
		pattern: LABEL,
		allowed: "lower-case letters, digits and hyphens, for example web",
		needs: "image",
		derivedDefault: "`pod-name`",
		description: "Name of its container."
	},
	"wait-timeout": {
		type: "duration",
		default: "5m",
		description: "How long to wait until every applied workload is ready. `0`: do not wait."
	},
	"recreate-pods": {
		type: "flag",
		default: "false",
		description: "Delete and create a Pod again when the API server rejects a change to it."
	},
	"recreate-jobs": {
		type: "flag",
		default: "false",
		description: "Delete and create a finished Job again when the API server rejects a change to it, such as a new image. A Job that has not finished is never deleted."
	}
});
// src/inputs/table/rotation.ts
const ROTATION_INPUTS = defineInputs({
	"max-age": {
		type: "duration",
		default: "30d",
		description: "Reuse a stored token that is younger than this and that the registry accepts. `0`: always mint."
	},
	revoke: {
		type: "choice",
		choices: ["superseded", "never"],
		default: "superseded",
		description: "`superseded`: revoke the tokens that this run replaced in every target. `never`: do not revoke replaced tokens."
	},
	"verify-image": {
		type: "text",
		allowed: "namespace/image with :tag or @digest, also with a host of `docker-server` in front",
		description: "Verify the permission to pull this image: `namespace/image[:tag|@digest]`, at each host of `docker-server`. With one of these hosts in front, only there. Nodes must use the credential for it: an entry with a path is for images that start with that path."
	},
	verify: {
		type: "flag",
		default: "true",
		conflictsWith: ["verify-image"],
		description: "`false`: do not ask the registry, for one that this runner cannot reach. A stored token is reused by its age alone, a new one is written unverified, and replaced tokens are not revoked by this run."
	},
	"dry-run": {
		type: "flag",
		default: "false",
		description: "Read, decide and validate on the API server, but mint, write and revoke nothing."
	},
	timeout: {
		type: "duration",
		default: "15m",
		positive: true,
		description: "Time limit of the whole run."
	},
	concurrency: {
		type: "count",
		default: "16",
		max: 256,
		description: "Kubernetes requests in flight, per cluster."
	},
	"ca-certificates": {
		type: "pem",
		description: "CA certificates to trust for the IBM and registry endpoints in addition to the system's, PEM."
	}
});
// src/inputs/table/secret.ts
const SECRET_INPUTS = defineInputs({
	"secret-name": {
		type: "text",
		pattern: SUBDOMAIN,
		allowed: "lower-case letters, digits, hyphens and dots, for example my-registry",
		required: { with: "service-accounts" },
		description: "Name of the imagePullSecret to write. When it is not set, the action writes no secret: it mints and verifies the token and sets the outputs."
	},
	"docker-server": {
		type: "list",
		pattern: REGISTRY,
		allowed: "hosts in lower case, with a port if needed, for example registry.example.com:5000",
		required: {
			for: ["ibmcloud", "static"],
			hint: "Set the registry hosts, for example us.icr.io or ghcr.io."
		},
		derivedDefault: "the host of `registry-endpoint`; with `docker-config` all hosts that have a credential",
		description: "Registry hosts, newline- or comma-separated. All of them use the same credential; with `docker-config` each has its own."
	},
	"docker-username": {
		type: "text",
		providers: [
			"dedicated",
			"ibmcloud",
			"static"
		],
		pattern: /^[^:\s]+$/,
		allowed: "a name without colons and spaces",
		providerDefaults: {
			dedicated: "token",
			ibmcloud: "iamapikey"
		},
		required: {
			for: ["static"],
			hint: "Set the user name that belongs to `docker-password`."
		},
		description: "User name for the registry. With `harbor` it is that of the robot account. Masked when it is the secret: a JWT, or with the password `none`."
	},
	"docker-password": {
		type: "secret",
		providers: ["static"],
		required: {
			for: ["static"],
			hint: CHECK_SOURCE
		},
		description: "Password or token for the registry, for example from an earlier step."
	},
	"docker-email": {
		type: "text",
		pattern: /^\S+$/,
		allowed: "an address without spaces",
		description: "Email address for the docker config. Without it the config has none, as with kubectl."
	},
	namespaces: {
		type: "list",
		pattern: NAMESPACE_PATTERN,
		allowed: "names such as team-a, globs such as team-*, exclusions such as !team-x",
		derivedDefault: "the namespace of the context, or `default`",
		description: "Namespaces to write to, newline- or comma-separated: names, globs (`team-*`, `*`), exclusions (`!team-x`)."
	},
	"namespace-selector": {
		type: "text",
		allowed: "a label selector in the syntax of kubectl, for example team=a,tier!=test",
		description: "Label selector that the namespaces must also match. A Namespace in the manifests is matched by its labels there."
	},
	"create-namespaces": {
		type: "flag",
		default: "false",
		description: "Create the namespaces that `namespaces` names and that do not exist. Globs create nothing. A Namespace in the manifests is created without this input."
	},
	"service-accounts": {
		type: "list",
		pattern: SERVICE_ACCOUNT,
		allowed: "names of service accounts, or * for all",
		description: "Service accounts whose `imagePullSecrets` get the secret, newline- or comma-separated names, or `*` for all."
	},
	labels: {
		type: "pairs",
		pattern: LABEL_VALUE,
		allowed: "up to 63 letters, digits, hyphens, underscores and dots",
		description: "Labels of the secret, one `key=value` per line."
	},
	annotations: {
		type: "pairs",
		description: "Annotations of the secret, one `key=value` per line."
	},
	adopt: {
		type: "flag",
		default: "false",
		description: "Take over an existing secret of that name that was not created by this action. Its other registry hosts stay; the credential that is replaced is not revoked."
	}
});
// src/inputs/table.ts
/**
* Every input of the action. The reader, the checks between inputs, `action.yml` and the README's tables are made from
* this table: `npm run docs` writes the last two.
*/
const INPUTS = {
	...CREDENTIAL_INPUTS,
	...SECRET_INPUTS,
	...CLUSTER_INPUTS,
	...DEPLOY_INPUTS,
	...ROTATION_INPUTS
};
const INPUT_NAMES = Object.keys(INPUTS);
// src/inputs/credential.ts
/** Where the credential comes from. */
function readCredential(read, provider, environment) {
	switch (provider) {
		case "dedicated": return readDedicated(read);
		case "ibmcloud": return readIbmcloud(read);
		case "harbor": return readHarbor(read);
		case "docker-config": return readDockerConfig(read, environment);
		case "static": return readStatic(read);
	}
}
function readDedicated(read) {
	const domain = read.text("dedicated-domain");
	if ((!read.isSet("organization-guid") || read.isSet("username") || read.isSet("api-key") || read.isSet("passcode")) && domain === void 0 && !read.isSet("api-endpoint")) read.addError("api-endpoint", "is required when `provider` is `dedicated` and `dedicated-domain` is not set");
	return {
		provider: "dedicated",
		apiEndpoint: readDedicatedEndpoint(read, "api-endpoint", domain),
		registryEndpoint: readDedicatedEndpoint(read, "registry-endpoint", domain),
		login: readLogin(read),
		organization: readOrganization(read),
		account: read.text("account"),
		permanent: read.flag("permanent"),
		write: read.flag("write")
	};
}
function readDedicatedEndpoint(read, name, domain) {
	if (read.isSet(name) || domain === void 0) return read.endpoint(name) ?? "";
	return INPUTS[name].template.replace("<dedicated-domain>", domain);
}
function readIbmcloud(read) {
	return {
		provider: "ibmcloud",
		iamEndpoint: read.endpoint("iam-endpoint") ?? "",
		apiKey: read.secret("api-key") ?? "",
		account: read.text("account") ?? "",
		serviceId: readServiceId(read),
		expiresInMs: read.duration("expires-in") || void 0
	};
}
function readServiceId(read) {
	const value = read.text("service-id") ?? "";
	const [, id] = /^(?:iam-|crn:v1:\S+:serviceid:)?(ServiceId-[\w-]+)$/.exec(value) ?? [];
	return id === void 0 ? { name: value } : { iamId: `iam-${id}` };
}
function readLogin(read) {
	const token = read.secret("oauth-token");
	const username = read.text("username");
	const password = read.secret("password");
	const apiKey = read.secret("api-key");
	const passcode = read.secret("passcode");
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
	return {
		method: "cli",
		environment: read.childEnvironment()
	};
}
function readOrganization(read) {
	const name = read.text("organization");
	const guid = read.text("organization-guid");
	return guid === void 0 ? { name: name ?? "" } : { guid };
}
// src/workload/images.ts
var import_promises = require_promises();
/** The lists of containers in a pod spec. */
const CONTAINERS = [
	"containers",
	"initContainers",
	"ephemeralContainers"
];
/**
* Replaces the image of every container with one of the names, in objects of any kind, like the `images` of a kustomization:
* https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/.
* @returns the objects, and the names of all images that their containers had
*/
function replaceImages(objects, replacements) {
	const names = /* @__PURE__ */ new Set();
	const byName = new Map(replacements.map(({ name, image }) => [name, image]));
	const replaceIn = (container) => {
		const image = asText(asObject(container).image);
		if (image === void 0) return container;
		const name = repositoryOf(image);
		names.add(name);
		const replacement = byName.get(name);
		return replacement === void 0 ? container : {
			...asObject(container),
			image: replacement
		};
	};
	return {
		objects: objects.map((object) => groupKind(object) === "apiextensions.k8s.io CustomResourceDefinition" ? object : replaceContainers(object, replaceIn)),
		names
	};
}
/** Custom resources as well can have containers, such as a Rollout of Argo. */
function replaceContainers(value, replaceIn) {
	if (Array.isArray(value)) return value.map((item) => replaceContainers(item, replaceIn));
	if (!isObject(value) || isRawJson(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, field]) => {
		const inner = replaceContainers(field, replaceIn);
		return [name, CONTAINERS.includes(name) && Array.isArray(inner) ? inner.map(replaceIn) : inner];
	}));
}
/** Reads `name:tag`, `name@digest` or `name=new-name:tag`; undefined when the text has another form. */
function parseReplacement(text) {
	const [, name, separator, image = ""] = /^([^\s=@]+?)(?:(=)(.+))?$/.exec(text) ?? [];
	if (separator !== void 0) return name !== void 0 && isComplete(image) ? {
		name,
		image
	} : void 0;
	return isComplete(text) ? {
		name: repositoryOf(text),
		image: text
	} : void 0;
}
const COMPLETE = /^[a-zA-Z0-9][\w.-]*(?::\d+)?(?:\/[\w.-]+)*(?::\w[\w.-]{0,127})?(?:@\w+:[0-9a-fA-F]{32,})?$/;
/** Whether an image is valid and has a tag or a digest. */
function isComplete(image) {
	return COMPLETE.test(image) && referenceOf(image) !== void 0 && repositoryOf(image) !== image;
}
// src/workload/pod-spec.ts
/** Where a kind that creates Pods has its pod spec, by API group and kind: a `Job` of another group has none. */
const POD_SPECS = {
	"v1 Pod": ["spec"],
	"apps Deployment": [
		"spec",
		"template",
		"spec"
	],
	"apps StatefulSet": [
		"spec",
		"template",
		"spec"
	],
	"apps DaemonSet": [
		"spec",
		"template",
		"spec"
	],
	"apps ReplicaSet": [
		"spec",
		"template",
		"spec"
	],
	"batch Job": [
		"spec",
		"template",
		"spec"
	],
	"batch CronJob": [
		"spec",
		"jobTemplate",
		"spec",
		"template",
		"spec"
	]
};
/**
* Adds the pull secret to the `imagePullSecrets` of the object's pod spec, if it has one that does not name it yet:
* https://kubernetes.io/docs/concepts/containers/images/#specifying-imagepullsecrets-on-a-pod.
*/
function withPullSecret(object, secretName) {
	return changePodSpec(object, (spec) => withEntry(spec, secretName));
}
/**
* Adds the pull secret to the `imagePullSecrets` of a service account that has it. The list is atomic: what the manifest does not
* name is removed when it is applied. A manifest without the list does not change it.
* https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/service-account-v1/
*/
function withAccountSecret(object, secret) {
	const { name, serviceAccounts = [] } = secret;
	const isAsked = serviceAccounts.includes("*") || serviceAccounts.includes(object.metadata.name);
	return isServiceAccount(object) && Array.isArray(object.imagePullSecrets) && isAsked ? withEntry(object, name) : object;
}
function isServiceAccount(object) {
	return groupKind(object) === "v1 ServiceAccount";
}
/** A pod spec or a service account with the pull secret. */
function withEntry(fields, secretName) {
	const present = asObjects(fields.imagePullSecrets);
	if (present.some(({ name }) => name === secretName)) return fields;
	return {
		...fields,
		imagePullSecrets: [...present, { name: secretName }]
	};
}
/** Changes the object's pod spec, if its kind has one. */
function changePodSpec(object, change) {
	const path = POD_SPECS[groupKind(object)];
	return path === void 0 ? object : changeAt(object, path, change);
}
/** The object's pod spec; undefined when its kind has none. */
function podSpecOf(object) {
	return POD_SPECS[groupKind(object)]?.reduce((fields, key) => asObject(fields[key]), object);
}
function changeAt(value, path, change) {
	const object = asObject(value);
	const [key, ...rest] = path;
	return key === void 0 ? change(object) : {
		...object,
		[key]: changeAt(object[key], rest, change)
	};
}
function createsPods(object) {
	return groupKind(object) in POD_SPECS;
}
/** A Pod with one container. */
function podManifest(pod) {
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: pod.name },
		spec: { containers: [{
			name: pod.container,
			image: pod.image
		}] }
	};
}
// src/inputs/registry.ts
function readRegistry(read, credential) {
	const servers = readServers(read, credential);
	const { providerDefaults = {} } = INPUTS["docker-username"];
	const username = read.text("docker-username") ?? providerDefaults[credential.provider];
	if (username !== void 0 && isSecretUsername(username, credential)) maskProvided(username);
	else if (username !== void 0) publish([username]);
	publish(servers);
	return {
		servers,
		username,
		email: read.text("docker-email"),
		image: readVerifyImage(read, servers)
	};
}
/** A JWT as user name is the secret: https://docs.nginx.com/nginx/deployment-guides/kubernetes/ (password `none`). */
function isSecretUsername(username, credential) {
	return isJwt(username) || credential.provider === "static" && isPlaceholder(credential.password);
}
function readServers(read, credential) {
	const servers = new Set(read.list("docker-server"));
	const listsHub = [...servers].some((server) => matchesImage(server, "docker.io/library/any"));
	for (const server of servers) checkServer(read, server, listsHub);
	if (servers.size === 0 && credential.provider === "docker-config") return serversOf(credential);
	const endpoint = registryEndpointOf(credential);
	if (servers.size === 0 && endpoint !== void 0 && URL.canParse(endpoint)) servers.add(new URL(endpoint).host);
	return [...servers];
}
/** Those that are known before the credentials store or the clusters are asked: none, if they may know more. */
function serversOf({ source }) {
	if (source.kind === "secret" || source.listed !== void 0) return [];
	return [...source.logins, ...source.asked].map(({ server }) => server);
}
/** Of an issuer that is the registry as well. */
function registryEndpointOf(credential) {
	switch (credential.provider) {
		case "dedicated": return credential.registryEndpoint;
		case "harbor": return credential.endpoint;
		default: return;
	}
}
function checkServer(read, server, listsHub) {
	const [, scheme, host] = REGISTRY.exec(server) ?? [];
	if (host === void 0) return;
	const problem = `contains ${quote(server)}`;
	const right = rightHost(host.replace(/:\d+$/, ""), listsHub);
	if (!URL.canParse(`https://${host}`)) read.addInvalid("docker-server", problem);
	else if (scheme === "http://" && !isLoopback(host.replace(/:\d+$/, ""))) read.addInvalid("docker-server", `${problem}, which is not an https URL`);
	else if (right !== void 0) read.addError("docker-server", `${problem}, which is not the host in the names of images`, `Use ${right} instead.`);
	else if (matchesNoImage(host)) read.addError("docker-server", `${problem}, which no image can have as its host`, WORD_HINT);
	else if (matchesNoImage(server)) {
		const matching = /(^|\.)docker\.io$/.test(host) ? DOCKER_HUB_KEY : host;
		read.addError("docker-server", `${problem}, which the kubelet matches with no image`, `Use ${matching} instead.`);
	}
}
/** https://github.com/distribution/reference/blob/main/normalize.go */
const WORD_HINT = `In the name of an image, a host has a dot or a port, or is localhost. For Docker Hub use ${DOCKER_HUB_KEY}, for another registry its full name, or its port.`;
/** Undefined also where it is invalid, or where nodes do not use the credential for it: `addImageError` says why. */
function readVerifyImage(read, servers) {
	const image = parseVerifyImage(read.text("verify-image") ?? "", servers);
	return image && (servers.length === 0 || isMatched(image, servers)) ? image : void 0;
}
function parseVerifyImage(value, servers) {
	if (namesHost(value)) {
		if (hostOf(value).includes("@")) return void 0;
		const image = referenceOf(value);
		return image && {
			...image,
			host: hostOf(value)
		};
	}
	const host = servers.find((server) => value.startsWith(`${server}/`));
	const image = parseImage(value.slice(host ? host.length + 1 : 0));
	return image && {
		...image,
		host
	};
}
/** Whether nodes pull an image with one of the credentials. */
function isMatched(image, servers) {
	return servers.some((server) => imageAt(server, image) !== void 0);
}
/** The full name of an image: without a registry host it gets that of `server`, without a tag it gets `latest`. */
function fullImageName(image, server) {
	const named = namesHost(image) ? image : `${server.replace(/^https?:\/\//, "").split("/", 1)[0]}/${image}`;
	return /[:@]/.test(named.slice(named.lastIndexOf("/"))) ? named : `${named}:latest`;
}
// src/inputs/deploy.ts
/**
* @param servers the registries of the credential: an image without a host gets the first one
* @throws ActionError when `signal` aborts
*/
async function readDeploy(read, servers, signal) {
	const { objects, secrets } = await readManifests(read, signal);
	const deployed = withImages(read, await cleanObjects(objects));
	const pods = readPod(read, servers);
	deployed.push(...pods);
	const waitTimeoutMs = read.duration("wait-timeout");
	const recreate = [...read.flag("recreate-pods") ? ["v1 Pod"] : [], ...read.flag("recreate-jobs") ? ["batch Job"] : []];
	if (deployed.length === 0) return {
		deploy: void 0,
		secrets
	};
	return {
		deploy: {
			objects: deployed,
			fromImage: pods.length > 0,
			waitTimeoutMs,
			recreate
		},
		secrets
	};
}
async function findManifests(read, signal) {
	const patterns = read.list("manifest-files");
	const inline = read.text("manifest");
	return [...patterns.length > 0 ? await readFiles(read, patterns, signal) : [], ...inline === void 0 ? [] : [{
		input: "manifest",
		source: "the manifest",
		text: () => inline
	}]];
}
async function readFiles(read, patterns, signal) {
	const { findManifestFiles, MAX_MANIFEST_BYTES } = await import("./manifest-files.js");
	return (await findManifestFiles(read, patterns, signal)).map((path) => {
		return {
			input: "manifest-files",
			source: path,
			text: () => readRegularFile(path, MAX_MANIFEST_BYTES).toString()
		};
	});
}
async function readManifests(read, signal) {
	const objects = [];
	const secrets = [];
	const empty = [];
	for (const manifest of await findManifests(read, signal)) {
		await unlessAborted((0, import_promises.setImmediate)(), signal);
		const found = await parse(read, manifest);
		if (found?.length === 0) empty.push(manifest);
		objects.push(...found ?? []);
		for (const { metadata } of found?.filter((object) => groupKind(object) === "v1 Secret") ?? []) {
			const { name, namespace } = metadata;
			secrets.push({
				input: manifest.input,
				source: manifest.source,
				name,
				namespace: namespace ?? ""
			});
		}
	}
	if (objects.length > 0 && empty.length > 0) info(`Left out ${empty.map(({ source }) => source).join(", ")}: no Kubernetes object`);
	else for (const { input, source } of empty) read.addError(input, `is not valid: ${source} contains no Kubernetes object`);
	return {
		objects,
		secrets
	};
}
/** Undefined when it is not valid. */
async function parse(read, { input, source, text }) {
	try {
		const { loadManifest } = await import("./load-manifest.js");
		return await loadManifest(text(), source, (sentence) => read.warnings.push(sentence));
	} catch (error) {
		read.addError(input, `is not valid: ${error.message}`);
		return;
	}
}
/** What `kubectl get -o yaml` prints can be a manifest. */
async function cleanObjects(printed) {
	if (printed.length === 0) return printed;
	const { withoutServerState } = await import("./server-fields.js");
	const { objects, leftOut } = withoutServerState(printed);
	const changed = objects.filter(({ dropped }) => dropped.length > 0);
	const nameOf = ({ kind, metadata }) => `${kind} ${metadata.name}`;
	const list = [...changed.map(({ object, dropped }) => `${nameOf(object)}: ${dropped.join(", ")}`), ...leftOut.length > 0 ? [`${leftOut.map(nameOf).join(", ")}: a controller makes them`] : []];
	if (list.length > 0) info(`Left out of the manifests, because a server wrote it: ${list.join("; ")}`);
	return objects.map(({ object }) => object);
}
function withImages(read, objects) {
	const replacements = read.list("images").flatMap((text) => {
		const replacement = parseReplacement(text);
		if (replacement === void 0) read.addInvalid("images", `contains ${quote(text)}`);
		return replacement ?? [];
	});
	if (replacements.length === 0) return [...objects];
	if (objects.length === 0) {
		if (!(read.isSet("image") || read.isSet("manifest") || read.isSet("manifest-files"))) read.addError("images", "needs `manifest` or `manifest-files`, which are not set");
		return [];
	}
	const { objects: changed, names } = replaceImages(objects, replacements);
	for (const { name } of replacements) {
		const present = [...names].sort().join(", ") || "none";
		if (!names.has(name)) read.addError("images", `contains ${quote(name)}, which no container has`, `The images of the manifests are: ${present}.`);
	}
	for (const [name, same] of Map.groupBy(replacements, (one) => one.name)) if (same.length > 1) read.addError("images", `contains ${quote(name)} more than once`);
	return changed;
}
function readPod(read, servers) {
	const image = read.text("image");
	const name = read.text("pod-name");
	const container = read.text("container-name");
	if (image === void 0 || name === void 0) return [];
	const fullName = fullImageName(image, servers[0] ?? "");
	const defaultContainer = name.replaceAll(".", "-").slice(0, 63);
	return [podManifest({
		name,
		container: container ?? defaultContainer,
		image: fullName
	})];
}
// src/inputs/expiry.ts
/**
* A credential that expires before the step rotates it stops all pulls. One missed rotation must not be enough.
* @param expiresInMs undefined: the credential does not expire, or is not minted
*/
function checkExpiry(read, expiresInMs, maxAgeMs) {
	if (expiresInMs === void 0 || expiresInMs >= 2 * maxAgeMs) return;
	const days = Number((maxAgeMs / DAY_MS).toFixed(2));
	read.addError("expires-in", `is less than twice \`max-age\`, which is ${days} ${days === 1 ? "day" : "days"}`, "Set a longer time, so pulls still work when one rotation fails, or lower `max-age`.");
}
// src/inputs/provider.ts
/** What is used when no input tells the provider. */
const DEFAULT = "dedicated";
/** Each of them shows that `dedicated` is meant: it needs one of them. */
const OF_DEFAULT = [
	"dedicated-domain",
	"api-endpoint",
	"registry-endpoint",
	"organization",
	"organization-guid"
];
/**
* The provider that the workflow names, else the one that all its inputs belong to.
* @returns undefined when there is no such provider, or its inputs belong to different ones: the reader has one error then
*/
function readProvider(read) {
	const named = readNamed(read);
	if (named.isValid) return named.provider;
	const owned = INPUT_NAMES.flatMap((name) => {
		const { providers } = INPUTS[name];
		return providers !== void 0 && read.isSet(name) ? [{
			name,
			providers
		}] : [];
	});
	const possible = INPUTS.provider.choices.filter((one) => owned.every(({ providers }) => providers.includes(one)));
	if (named.isSet) return possible.find((one) => one === DEFAULT) ?? possible[0];
	if (possible.length > 1 && isUnclear(read, owned.length)) {
		read.addError("provider", "is not set, and no other input shows it", UNCLEAR_HINT);
		return;
	}
	if (possible.length > 0) return possible.find((one) => one === DEFAULT) ?? possible[0];
	const owners = owned.map(({ name, providers }) => `\`${name}\` (${providers.join(" or ")})`);
	read.addError("provider", `is not set, and the other inputs belong to different providers: ${owners.join(", ")}`, "Set `provider`, and remove the inputs of the others.");
}
/** With a name that is none, the other errors are those of the provider that the inputs belong to. */
function readNamed(read) {
	if (!read.isSet("provider")) return {
		isSet: false,
		isValid: false
	};
	const errors = read.errors().length;
	const provider = read.choice("provider", DEFAULT);
	return {
		isSet: true,
		isValid: read.errors().length === errors,
		provider
	};
}
/** With inputs that several providers have, and none that `dedicated` needs, such as when a password is an empty secret. */
function isUnclear(read, owned) {
	return (owned > 0 || read.isSet("docker-server")) && OF_DEFAULT.every((name) => !read.isSet(name));
}
const UNCLEAR_HINT = "Set `provider`. These inputs show it: `docker-password` (static), `docker-config` (docker-config), `service-id` (ibmcloud), `projects` (harbor), `dedicated-domain` (dedicated). If one of them comes from a secret, check that the secret is available to this workflow.";
// src/inputs/proxies.ts
/**
* The proxies of the runner, by the rules of kubectl and docker: upper case wins, `HTTP_PROXY` is not used for https, and
* `ALL_PROXY` is not read. https://pkg.go.dev/golang.org/x/net/http/httpproxy#FromEnvironment
*/
function readProxies(read, environment) {
	return {
		http: readProxy(read, environment, "HTTP_PROXY"),
		https: readProxy(read, environment, "HTTPS_PROXY"),
		exceptions: environment.NO_PROXY || environment.no_proxy || ""
	};
}
function readProxy(read, environment, upperCase) {
	const variable = environment[upperCase] ? upperCase : upperCase.toLowerCase();
	const value = environment[variable]?.trim();
	if (!value) return void 0;
	maskProxyLogin(value);
	const url = parseProxyUrl(value);
	if (url !== void 0 && !url.protocol.startsWith("socks4")) return url;
	read.addVariableError(variable, "is not the URL of a proxy", ALLOWED);
}
const ALLOWED = "Allowed: host:port, or a URL that starts with http://, https://, socks5:// or socks5h://. Encode special characters of the login, for example @ as %40 and \\ as %5C.";
// src/inputs/allowed-text.ts
/** What the table allows for an input; undefined when it allows any text. */
function allowedText(row) {
	switch (row.type) {
		case "flag": return "true, false";
		case "choice": return row.choices.join(", ");
		case "duration": return `${row.positive ? "a number" : "0, or a number"} with a unit, for example 90s, 5m, 12h, 30d`;
		case "count": return `a whole number from 1 to ${row.max}`;
		case "endpoint": return "an https URL, for example https://api.example.com, or an http URL of a loopback address";
		case "pem": return "PEM text that starts with -----BEGIN CERTIFICATE-----, or its base64, and not the path of a file";
		default: return row.allowed;
	}
}
// src/inputs/certificates.ts
const BEGIN = "-----BEGIN CERTIFICATE-----";
/** The certificates in PEM, or in a base64 of PEM, as a kubeconfig has it; undefined when one is invalid, or there is none. */
function certificatesIn(value) {
	const pem = decodeBase64(value, (text) => text.includes(BEGIN))?.trim() ?? value;
	return [pem, rewrapped(pem)].find(containsCertificates);
}
function containsCertificates(pem) {
	const [, ...blocks] = pem.split(BEGIN);
	const { X509Certificate } = process.getBuiltinModule("node:crypto");
	try {
		for (const block of blocks) new X509Certificate(`${BEGIN}${block}`);
		return blocks.length > 0;
	} catch {
		return false;
	}
}
/**
* PEM whose lines were joined, indented, or written as `\n` on their way through a shell or a form. Each line of PEM has 64 characters:
* https://www.rfc-editor.org/rfc/rfc7468#section-2
*/
function rewrapped(pem) {
	return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)].map(([, body = ""]) => body.replaceAll(/\\[rn]|\s/g, "")).map((digits) => [
		BEGIN,
		...digits.match(/.{1,64}/g) ?? [],
		"-----END CERTIFICATE-----"
	].join("\n")).join("\n");
}
// src/inputs/duration.ts
const UNIT_MS = {
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: DAY_MS
};
/** @returns milliseconds; undefined when the text is not a duration */
function parseDuration(text) {
	if (text === "0") return 0;
	const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
	return unit === void 0 ? void 0 : Number(amount) * UNIT_MS[unit];
}
// src/inputs/unknown-inputs.ts
/**
* Variables that look like inputs. The runner passes on `with` as such variables, so those that the workflow sets in `env`
* for itself look the same.
* https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs
* @param isSet an input that is set is not meant by another one
*/
function unknownInputs(environment, isSet) {
	return Object.entries(environment).flatMap(([variable, value]) => {
		const name = /^INPUT_(.+)$/.exec(variable)?.[1]?.toLowerCase();
		if (name === void 0 || Object.hasOwn(INPUTS, name) || !value?.trim()) return [];
		const unset = INPUT_NAMES.filter((input) => !isSet(input));
		return [{
			name,
			meant: nearestNames(name, unset, {
				limit: 1,
				normalize: withoutSeparators,
				isNear
			})[0]
		}];
	});
}
/** Without what people leave out or swap: `kube_config`, `namespace`, `secretName`, `docker-servers`. */
function withoutSeparators(name) {
	return name.replace(/[-_ ]/g, "");
}
/** Nearer than other names have to be: an input that is meant is an error. */
function isNear(edits, name, input) {
	return edits <= (input.length < 8 ? 1 : 2) || edits === 2 && sorted(name) === sorted(input);
}
/** Two letters that were swapped count as two edits. */
function sorted(name) {
	return [...name].sort().join("");
}
// src/inputs/reader.ts
/**
* Reads inputs by the rules of the table and collects their errors, so a run can report all of them at once. A method
* that finds an error returns a placeholder: call `errors` before you use any value.
*/
var Reader = class {
	/** Sentences about valid inputs that may not do what the user expects. */
	warnings = [];
	#errors = [];
	#variableErrors = [];
	#environment;
	constructor(environment) {
		this.#environment = environment;
	}
	/**
	* Adds an error of one input.
	* @param problem completes the sentence "Input `name` ..."; it must not contain a secret
	*/
	addError(name, problem, hint) {
		const error = new InputError(name, problem, hint);
		if (this.#errors.every(({ message }) => message !== error.message)) this.#errors.push(error);
	}
	/**
	* Adds an error of one environment variable.
	* @param problem completes the sentence "Environment variable `name` ..."; it must not contain a secret
	*/
	addVariableError(name, problem, hint) {
		this.#variableErrors.push(new ActionError("invalid-input", `Environment variable \`${name}\` ${problem}`, { hint }));
	}
	/** Adds an error whose hint is what the table allows. */
	addInvalid(name, problem) {
		const allowed = allowedText(INPUTS[name]);
		this.addError(name, problem, allowed && `Allowed: ${allowed}.`);
	}
	/** All errors in the order of the table, then one for each misspelt input, and then those of variables. */
	errors() {
		const order = new Map(INPUT_NAMES.map((name, index) => [name, index]));
		const position = ({ input }) => order.get(input) ?? order.size;
		return [...this.#errors.toSorted((one, other) => position(one) - position(other)), ...this.#variableErrors];
	}
	/** Adds an error for each misspelt input, and a warning for each that is none of this action. */
	checkUnknown() {
		for (const { name, meant } of unknownInputs(this.#environment, (input) => this.isSet(input))) {
			const problem = "is not an input of this action";
			if (meant === void 0) this.warnings.push(`Input ${quote(name)} ${problem} and has no effect.`);
			else this.#errors.push(new InputError(name, problem, `Use \`${meant}\` instead.`));
		}
	}
	#value(name) {
		return this.#environment[`INPUT_${name.toUpperCase()}`]?.trim() || void 0;
	}
	#valueOrDefault(name) {
		return this.#value(name) ?? INPUTS[name].default;
	}
	/** The environment for a child process. */
	childEnvironment() {
		return childEnvironment(this.#environment);
	}
	/** Whether the workflow sets an input. The runner sets the defaults of `action.yml`, so they do not count. */
	isSet(name) {
		const row = INPUTS[name];
		const value = this.#value(name);
		if (value === void 0) return false;
		return row.type === "list" ? items(value).length > 0 : value.toLowerCase() !== defaultOf(row);
	}
	text(name) {
		const value = this.#value(name);
		const { pattern } = INPUTS[name];
		if (value !== void 0 && pattern?.test(value) === false) this.addInvalid(name, `is ${quote(value)}`);
		return value;
	}
	/** @returns the masked secret, without the prefix of the table */
	secret(name) {
		const { pattern, prefix } = INPUTS[name];
		const value = this.#value(name);
		if (value === void 0) return void 0;
		const secret = maskProvided(prefix === void 0 ? value : value.replace(prefix, ""));
		if (pattern?.test(secret) === false) this.addInvalid(name, "is not in the expected format");
		return secret;
	}
	list(name) {
		const found = items(this.#value(name) ?? "");
		const { pattern } = INPUTS[name];
		for (const item of found) if (pattern?.test(item) === false) this.addInvalid(name, `contains ${quote(item)}`);
		return found;
	}
	/** @returns the lines, trimmed. A value may contain a comma, so commas do not separate pairs. */
	lines(name) {
		return (this.#value(name) ?? "").split("\n").map((line) => line.trim()).filter((line) => line !== "");
	}
	flag(name) {
		const value = this.#valueOrDefault(name).toLowerCase();
		if (value !== "true" && value !== "false") this.addInvalid(name, `is ${quote(this.#valueOrDefault(name))}`);
		return value === "true";
	}
	/** @param unset what is used without a value: the default of the table, if there is one */
	choice(name, unset) {
		const value = this.#value(name);
		if (value === void 0) return unset;
		const found = INPUTS[name].choices.find((choice) => choice === value);
		if (found === void 0) this.addInvalid(name, `is ${quote(value)}`);
		return found ?? unset;
	}
	/** @returns milliseconds; 0 without a value and a default */
	duration(name) {
		const value = this.#value(name) ?? defaultOf(INPUTS[name]);
		if (value === void 0) return 0;
		const durationMs = parseDuration(value);
		if (!(durationMs !== void 0 && (durationMs > 0 || !("positive" in INPUTS[name])))) this.addInvalid(name, `is ${quote(value)}`);
		return durationMs ?? 0;
	}
	count(name) {
		const value = this.#valueOrDefault(name);
		const number = Number(value);
		const isAllowed = /^\d+$/.test(value) && number >= 1 && number <= INPUTS[name].max;
		if (!isAllowed) this.addInvalid(name, `is ${quote(value)}`);
		return isAllowed ? number : Number(INPUTS[name].default);
	}
	/** @returns the URL without a final slash; it may have a path */
	endpoint(name) {
		const value = this.#value(name) ?? defaultOf(INPUTS[name]);
		if (value === void 0) return void 0;
		if (!URL.canParse(value) || !isSafe(new URL(value))) {
			this.addInvalid(name, `is ${quote(value)}`);
			return;
		}
		const { username, password, search, hash } = new URL(value);
		if (username || password) this.addInvalid(name, "contains a user name or password");
		else if (search || hash) this.addInvalid(name, `is ${quote(value)}, which has a query or fragment`);
		return withoutFinalSlashes(value);
	}
	/** @returns one or several certificates, PEM */
	certificates(name) {
		const value = this.#value(name);
		if (value === void 0) return void 0;
		const certificates = certificatesIn(value);
		if (certificates === void 0) this.addInvalid(name, "contains no valid certificate");
		return certificates;
	}
};
function items(value) {
	return value.split(/[\n,]/).map((item) => item.trim()).filter((item) => item !== "");
}
// src/inputs/relations.ts
const ROWS = INPUTS;
/** Adds an error for each input that is missing, or that does not fit the provider or the other inputs. */
function checkRelations(read, provider) {
	for (const name of INPUT_NAMES) {
		const { providers = [provider] } = ROWS[name];
		if (!providers.includes(provider)) {
			const owners = providers.map((owner) => `\`provider: ${owner}\``).join(" or ");
			if (read.isSet(name)) read.addError(name, `needs ${owners}, but \`provider\` is \`${provider}\``);
		} else if (read.isSet(name)) checkCombination(read, name, provider);
		else checkRequired(read, name, provider);
	}
}
function checkCombination(read, name, provider) {
	const { needs, conflictsWith = [] } = ROWS[name];
	if (needs !== void 0 && !read.isSet(needs)) read.addError(name, `needs \`${needs}\`, which is not set`);
	const conflict = conflictsWith.find((other) => read.isSet(other) && ROWS[other].providers?.includes(provider) !== false);
	if (conflict !== void 0) read.addError(name, `cannot be combined with \`${conflict}\``, "Set only one of them.");
}
function checkRequired(read, name, provider) {
	const { required } = ROWS[name];
	if (required === void 0) return;
	const { for: providers = [], with: other, hint } = required;
	const isFor = providers.includes(provider);
	const isWith = other !== void 0 && read.isSet(other);
	const unless = usable(required.unless, provider);
	if (!isFor && !isWith || unless !== void 0 && read.isSet(unless)) return;
	const condition = isFor ? `\`provider\` is \`${provider}\`` : `\`${other}\` is set`;
	const exception = unless === void 0 ? "" : ` and \`${unless}\` is not set`;
	read.addError(name, `is required when ${condition}${exception}`, hint);
}
/** An input of another provider is no alternative. */
function usable(name, provider) {
	return name !== void 0 && ROWS[name].providers?.includes(provider) !== false ? name : void 0;
}
// src/registry/docker-config.ts
/** The logins for the secrets of one cluster. */
function loginsIn(cluster, logins) {
	return logins.filter((login) => login.cluster === void 0 || login.cluster === cluster);
}
/**
* The docker config for a credential, byte for byte as `kubectl create secret docker-registry` writes it: Go's order of
* keys, Go's escaping, hosts sorted by their bytes, no empty field. It is masked, and so are its parts and its base64.
* @see https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/create/create_secret_docker.go
* @param stored the docker config to merge into: its other hosts and other keys stay as they are
* @param removed hosts that do not stay
*/
function dockerConfig({ logins, email }, { auths: stored, ...otherKeys } = {}, removed = []) {
	const entries = new Map(Object.entries(asObject(stored)));
	for (const host of removed) entries.delete(host);
	const servers = new Set(logins.flatMap((login) => login.servers));
	for (const login of logins) {
		const { username, password } = login;
		const entry = {
			username,
			password,
			...email === void 0 ? {} : { email },
			auth: maskBasic(username, password)
		};
		for (const server of login.servers) entries.set(server, entry);
	}
	const auths = `{${[...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(member).join(",")}}`;
	const config = escapeLikeGo(`{${[`"auths":${auths}`, ...Object.entries(otherKeys).map(member)].join(",")}}`);
	if (entries.size === servers.size) mask(Buffer.from(mask(config)).toString("base64"));
	return config;
}
function member([key, value]) {
	return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}
/**
* Masks what is secret in the entries of a stored docker config.
* @see https://github.com/docker/cli/blob/master/cli/config/types/authconfig.go
* @param publicIds what is not secret, besides their hosts and user names
*/
function maskEntries(entries, publicIds = []) {
	const ids = /* @__PURE__ */ new Set([...publicIds, ...Object.keys(entries)]);
	for (const entry of Object.values(entries)) {
		const { username, password, auth, identitytoken, registrytoken } = asObject(entry);
		const [, user = "", authPassword] = /^([^:]*):(.*)$/s.exec(Buffer.from(asText(auth) ?? "", "base64").toString()) ?? [];
		for (const secret of [
			password,
			authPassword,
			auth,
			identitytoken,
			registrytoken
		]) if (!ids.has(secret)) maskKept(asText(secret) ?? "", [username, user]);
		for (const name of [username, user]) if (isJwt(name)) maskKept(name, []);
	}
}
// src/issuer/token-id.ts
/** No character of it has a meaning in a URL, so an id is always one segment of a path and never `.` or `..`. */
const TOKEN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/**
* Whether a value has the form of a token id: 1 to 128 letters, digits, `.`, `_` and `-`, the first one a letter or a digit.
* The ids of registry tokens are UUIDs, those of API keys are `ApiKey-` and a UUID.
*/
function isTokenId(value) {
	return typeof value === "string" && TOKEN_ID.test(value);
}
/**
* An id that may become a part of a URL.
* @param operation as it reads after "Could not ..."
* @throws ActionError `invalid-token-id`
*/
function requireTokenId(id, operation) {
	if (isTokenId(id)) return id;
	throw new ActionError("invalid-token-id", `Could not ${operation}: "${printable(id)}" is not an id`);
}
// src/pull-secret/record.ts
/** The annotation of the records. */
const RECORDS = `${MANAGER_NAME}/credentials`;
/** A record with more than these was not written by this action: what one namespace records must not fill the others. */
const MAX_RECORDS = 50;
const MAX_VALUES$1 = 100;
const MAX_ANNOTATION_LENGTH$1 = 65536;
const HOST = /^[\x21-\x7e]{1,253}$/;
const SCOPE = /^[\x21-\x7e]+(?: [\x21-\x7e]+){1,3}$/;
const MAX_SCOPE_LENGTH = 4096;
const NAME = /^[\w./-]{0,200}$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
const CLUSTER = /^([\w.:[\]~-]{1,300}) ([\w.:[\]~-]{1,300})$/;
const RUN = /^https?:\/\/[\w.:/-]{1,300}$/;
/** The annotation that holds the records, in the order of their hosts. */
function formatRecords(records) {
	return JSON.stringify(records.map(toJson).sort((a, b) => compareTexts(a.hosts[0] ?? "", b.hosts[0] ?? "")));
}
function toJson({ repository, provider, hosts, tokenId, mintedAt, expiresAt, run, cluster, scopes, retained }) {
	return {
		hosts: [...hosts].sort(compareTexts),
		provider,
		repository,
		id: tokenId,
		...mintedAt && { "minted-at": mintedAt.toISOString() },
		...expiresAt && { "expires-at": expiresAt.toISOString().replace(/\.\d+Z$/, "Z") },
		scope: scopes,
		...cluster && { cluster: `${cluster.identity} ${cluster.inKubeconfig}` },
		...retained.length > 0 && { retained },
		...run && { run }
	};
}
/** The records of an annotation. What does not have the form in which this action writes it is left out. */
function parseRecords(annotation, now = Date.now()) {
	const text = asText(annotation);
	if (text === void 0 || text.length > MAX_ANNOTATION_LENGTH$1) return [];
	try {
		return asObjects(JSON.parse(text)).slice(0, MAX_RECORDS).flatMap((json) => fromJson(json, now) ?? []);
	} catch {
		return [];
	}
}
function fromJson(json, now) {
	const tokenId = isTokenId(json.id) ? json.id : void 0;
	const hosts = listOf(json.hosts, HOST);
	const [provider] = listOf([json.provider], NAME);
	if (tokenId === void 0 || hosts.length === 0 || provider === void 0) return void 0;
	return {
		tokenId,
		hosts,
		provider,
		repository: listOf([json.repository], NAME)[0] ?? "",
		mintedAt: pastOf(json["minted-at"], now),
		expiresAt: dateOf(json["expires-at"]),
		cluster: clusterOf(json.cluster),
		scopes: listOf(json.scope, SCOPE).filter(({ length }) => length <= MAX_SCOPE_LENGTH),
		retained: idsOf(json.retained),
		run: listOf([json.run], RUN)[0] ?? ""
	};
}
function clusterOf(value) {
	const [, identity, inKubeconfig] = CLUSTER.exec(asText(value) ?? "") ?? [];
	return identity === void 0 || inKubeconfig === void 0 ? void 0 : {
		identity,
		inKubeconfig
	};
}
function idsOf(values) {
	return listOf(values, /^/).filter(isTokenId);
}
function listOf(values, form) {
	const texts = Array.isArray(values) ? values.slice(0, MAX_VALUES$1) : [];
	return [...new Set(texts.filter((value) => typeof value === "string" && form.test(value)))];
}
/** By how much the clocks of two runners may differ. */
const MAX_CLOCK_SKEW_MS = 6e5;
/** A date in the future is not known: it would let a credential be reused without end. */
function pastOf(value, now) {
	const date = dateOf(value);
	return date && date.getTime() < now + 6e5 ? date : void 0;
}
function dateOf(value) {
	const [text = ""] = listOf([value], DATE);
	const date = new Date(text);
	return Number.isNaN(date.getTime()) ? void 0 : date;
}
/** The records of this step. */
function ownRecords(records, owner) {
	return records.filter((record) => isOwn(record, owner));
}
/** The records of other repositories or providers for hosts of this step. */
function conflictingRecords(records, owner) {
	return records.filter((record) => overlaps(record, owner) && !isSameOwner(record, owner));
}
/** The records with that of this step: it replaces its own earlier ones, and takes its hosts over from others. */
function withRecord(records, own) {
	return [...records.filter((record) => !isOwn(record, own)).map((record) => ({
		...record,
		hosts: record.hosts.filter((host) => !own.hosts.includes(host))
	})).filter(({ hosts }) => hosts.length > 0), own];
}
/**
* The annotation with the record of this step, as this action reads it: what is not read is not written. Where the records
* of others leave no room for it, they are left out.
*/
function formatWith(records, own) {
	const read = (some) => parseRecords(formatRecords(some));
	const all = read(withRecord(records, own));
	return formatRecords(ownRecords(all, own).length > 0 ? all : read([own]));
}
/** Hosts that this step wrote earlier and no longer lists. */
function droppedHosts(records, owner) {
	return ownRecords(records, owner).flatMap(({ hosts }) => hosts).filter((host) => !owner.hosts.includes(host));
}
/** Whether it belongs to the same step: to its repository and provider, for at least one of its hosts. */
function isOwn(one, owner) {
	return overlaps(one, owner) && isSameOwner(one, owner);
}
function isSameOwner(one, other) {
	return one.repository === other.repository && one.provider === other.provider;
}
function overlaps(one, other) {
	return one.hosts.some((host) => other.hosts.includes(host));
}
// src/pull-secret/pending.ts
/** The annotation of pending rotations. */
const PENDING = `${MANAGER_NAME}/pending`;
const MAX_ANNOTATION_LENGTH = 32768;
const MAX_VALUES = 50;
const TEXT = /^\P{Cc}{1,2000}$/u;
function parsePending(annotation) {
	const text = asText(annotation);
	if (text === void 0 || text.length > MAX_ANNOTATION_LENGTH) return [];
	try {
		return asObjects(JSON.parse(text)).slice(0, MAX_VALUES).flatMap(({ key, repository, provider, hosts, descriptions, superseded }) => {
			const [ownKey, ownProvider] = [textsOf([key])[0], textsOf([provider])[0]];
			if (ownKey === void 0 || ownProvider === void 0) return [];
			const lists = {
				hosts: textsOf(hosts),
				descriptions: textsOf(descriptions),
				superseded: textsOf(superseded).filter(isTokenId)
			};
			return [{
				key: ownKey,
				provider: ownProvider,
				repository: textsOf([repository])[0] ?? "",
				...lists
			}];
		});
	} catch {
		return [];
	}
}
function textsOf(values) {
	return (Array.isArray(values) ? values.slice(0, MAX_VALUES) : []).filter((value) => typeof value === "string" && TEXT.test(value));
}
/** The pending rotations of this step. */
function ownPending(pending, owner) {
	return pending.filter((rotation) => isOwn(rotation, owner));
}
function formatPending(pending) {
	return pending.length === 0 ? null : JSON.stringify(pending);
}
// src/pull-secret/read.ts
const MANAGED_BY = "app.kubernetes.io/managed-by";
const DOCKER_CONFIG_TYPE = "kubernetes.io/dockerconfigjson";
/** What kubectl wrote before Kubernetes 1.9. */
const LEGACY_TYPE = "kubernetes.io/dockercfg";
const DOCKER_CONFIG_KEY = ".dockerconfigjson";
async function readSecret$1(cluster, namespace, name) {
	const operation = `read the secret ${namespace}/${name} in the cluster ${cluster.name}`;
	const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
	const response = await cluster.request({
		operation,
		path,
		expectedStatuses: [404],
		hints: () => ({ 403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.` })
	});
	if (response.status === 404) return { kind: "absent" };
	const secret = response.json();
	if (secret.kind !== "Secret") throw response.unexpected("it is not a Secret");
	return describeSecret(secret, cluster);
}
/** A Secret of the API server, as far as this action needs it. */
function describeSecret(secret, cluster) {
	const metadata = asObject(secret.metadata);
	const where = placeOf(cluster, asName(metadata.namespace), asName(metadata.name));
	const labels = asObject(metadata.labels);
	const annotations = asObject(metadata.annotations);
	const data = asText(asObject(secret.data)[DOCKER_CONFIG_KEY]);
	const ours = labels[MANAGED_BY] === MANAGER_NAME;
	const now = Math.floor(Date.now() / MINUTE_MS$1) * MINUTE_MS$1;
	const records = recordsOf(ours ? annotations[RECORDS] : void 0, now);
	const { config, entries } = contentOf(data, records, annotations[LAST_APPLIED]);
	const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? []);
	const controller = asObjects(metadata.ownerReferences).find((owner) => owner.controller === true);
	return {
		kind: "present",
		name: printable(asText(metadata.name) ?? ""),
		cluster: cluster.name,
		where,
		type: asText(secret.type) ?? "Opaque",
		immutable: secret.immutable === true,
		ours,
		managers: [...new Set(managers)].filter((manager) => manager !== MANAGER_NAME).map(printable),
		controller: controller && printable(`${asName(controller.kind)} ${asName(controller.name)}`),
		deletion: deletionOf(secret),
		resourceVersion: asText(metadata.resourceVersion) ?? "",
		labels,
		annotations,
		records,
		pending: ours ? parsePending(annotations[PENDING]) : [],
		data,
		config,
		entries
	};
}
const MINUTE_MS$1 = 6e4;
const recordsOf = lastResult(parseRecords);
/** Masks what is secret in it. */
const contentOf = lastResult((data, records, lastApplied) => {
	const config = readConfig(data);
	const entries = asObject(config.auths);
	const ids = records.map(({ tokenId }) => tokenId);
	maskEntries(entries, ids);
	if (lastApplied !== void 0) maskEntries(lastAppliedEntries(lastApplied), ids);
	return {
		config,
		entries
	};
});
/** What `kubectl apply` wrote last. It holds the docker config of that time, whatever the secret holds now. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
function lastAppliedEntries(lastApplied) {
	const { data, stringData } = parseObject(lastApplied);
	const config = asText(asObject(stringData)[DOCKER_CONFIG_KEY]);
	return config === void 0 ? readEntries(asObject(data)[DOCKER_CONFIG_KEY]) : asObject(parseObject(config).auths);
}
function parseObject(json) {
	try {
		return asObject(JSON.parse(asText(json) ?? ""));
	} catch {
		return {};
	}
}
/** `cluster: namespace/name`, for messages. */
function placeOf(cluster, namespace, name) {
	return printable(`${cluster.name}: ${namespace}/${name}`);
}
/** The `auths` of a docker config in base64. */
function readEntries(base64) {
	return asObject(readConfig(base64).auths);
}
/**
* A malformed one counts as empty, and is replaced by the next write. Entries that are not objects are left out: a kubelet
* rejects the whole config for one of them.
*/
function readConfig(base64) {
	try {
		const config = JSON.parse(Buffer.from(asText(base64) ?? "", "base64").toString());
		JSON.stringify(config);
		if (!isObject(config)) return {};
		const entries = isObject(config.auths) ? Object.entries(config.auths) : [];
		return {
			...config,
			auths: Object.fromEntries(entries.filter(([, entry]) => isObject(entry)))
		};
	} catch {
		return {};
	}
}
// src/inputs/secret.ts
function readSecret(read, owner) {
	const name = read.text("secret-name");
	const labels = readPairs(read, "labels");
	const annotations = readPairs(read, "annotations");
	const adopt = read.flag("adopt");
	const serviceAccounts = [...new Set(read.list("service-accounts"))];
	return name === void 0 ? void 0 : {
		name,
		labels,
		annotations,
		adopt,
		owner,
		serviceAccounts
	};
}
function readPairs(read, input) {
	const { pattern } = INPUTS[input];
	const pairs = {};
	for (const line of read.lines(input)) {
		const separator = line.indexOf("=");
		const [key, value] = [line.slice(0, separator).trim(), line.slice(separator + 1).trim()];
		if (separator < 1) read.addError(input, `contains the line ${quote(line)}`, "Allowed: one key=value pair per line.");
		else if (!KEY.test(key)) read.addError(input, `contains the key ${quote(key)}`, "Allowed: a Kubernetes key, for example example.com/team.");
		else if (pattern?.test(value) === false) read.addInvalid(input, `contains the value ${quote(value)} for the key ${key}`);
		else if (key === "app.kubernetes.io/managed-by" || key.startsWith(`registry-pull-secret/`)) read.addError(input, `contains the key ${key}`, "The action sets this key itself.");
		else pairs[key] = value;
	}
	return pairs;
}
// src/inputs/inputs.ts
/** What the other inputs are read for when there is an error about the provider: it requires nothing by itself. */
const ANY = "static";
/** The time limit of the run, which begins before the other inputs are read. An invalid one is reported with them. */
function loadTimeoutMs(environment = process.env) {
	const timeoutMs = new Reader(environment).duration("timeout");
	return timeoutMs > 0 ? timeoutMs : new Reader({}).duration("timeout");
}
/** The inputs that the post step needs to log in again. The main step has validated them. */
function loadCleanupInputs(environment = process.env) {
	const read = new Reader(environment);
	return {
		credential: readCredential(read, readProvider(read) ?? ANY, environment),
		certificates: read.certificates("ca-certificates"),
		proxies: readProxies(read, environment)
	};
}
/**
* Reads and validates the inputs. No other file reads the inputs or the environment.
* @param signal ends the search for manifests
* @throws ActionErrors with one error for each invalid input or variable, or ActionError when `signal` aborts
*/
async function loadInputs(environment = process.env, signal = new AbortController().signal) {
	const read = new Reader(environment);
	const provider = readProvider(read);
	const credential = readCredential(read, provider ?? ANY, environment);
	if (provider !== void 0) checkRelations(read, provider);
	read.checkUnknown();
	const registry = readRegistry(read, credential);
	if (read.isSet("verify-image") && registry.image === void 0) {
		const { addImageError } = await import("./image-problem.js");
		addImageError(read, registry.servers);
	}
	warnOfUnverifiedPull(read, credential, registry);
	const owner = {
		repository: environment.GITHUB_REPOSITORY ?? "",
		provider: credential.provider,
		hosts: registry.servers
	};
	const secret = readSecret(read, owner);
	const { deploy, secrets } = await readDeploy(read, registry.servers, signal);
	if (secret !== void 0 && deploy !== void 0) {
		const { unmatchedImagesWarning } = await import("./unmatched-images.js");
		const unmatched = unmatchedImagesWarning(deploy, {
			name: secret.name,
			servers: registry.servers
		});
		if (unmatched !== void 0) read.warnings.push(unmatched);
	}
	checkImageHost(read, credential, registry);
	const proxies = readProxies(read, environment);
	const creation = {
		isRequested: read.flag("create-namespaces"),
		inManifest: namespacesIn(deploy?.objects ?? [])
	};
	const selection = await readTargets(read, environment, secret !== void 0 || deploy !== void 0);
	if (secret !== void 0 && secrets.length > 0) {
		const { checkSecretsInManifests } = await import("./secret-in-manifests.js");
		checkSecretsInManifests(read, secrets, {
			secretName: secret.name,
			selection
		});
	}
	const description = read.text("token-description") ?? [
		"registry-pull-secret",
		environment.GITHUB_REPOSITORY,
		secret?.name
	].filter(Boolean).join(" ");
	const maxAgeMs = read.duration("max-age");
	checkExpiry(read, "expiresInMs" in credential ? credential.expiresInMs : void 0, maxAgeMs);
	read.duration("timeout");
	const inputs = {
		credential,
		registry,
		owner,
		description,
		secret,
		targets: selection && {
			...selection,
			proxies,
			creation
		},
		deploy,
		maxAgeMs,
		revoke: read.choice("revoke", "superseded"),
		verify: read.flag("verify"),
		dryRun: read.flag("dry-run"),
		certificates: read.certificates("ca-certificates"),
		proxies,
		warnings: read.warnings,
		run: workflowRun(environment)
	};
	const errors = read.errors();
	if (errors.length > 0) throw new ActionErrors(errors, "Invalid inputs");
	return inputs;
}
function workflowRun({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT }) {
	const attempt = Number(GITHUB_RUN_ATTEMPT ?? 1) > 1 ? `/attempts/${GITHUB_RUN_ATTEMPT}` : "";
	return {
		url: GITHUB_RUN_ID ? `${GITHUB_SERVER_URL ?? "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}` : "",
		id: [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT].filter(Boolean).join(".")
	};
}
// src/http/early-connections.ts
/** How long a connection waits for its first request. */
const MAX_WAIT_MS = 4e3;
/** Connections that are opened before their first request, at most one to each origin: that request then waits for no handshake. */
var EarlyConnections = class {
	#connect;
	/** By origin, until they are used or closed. */
	#waiting = /* @__PURE__ */ new Map();
	/** @param connect with TLS, or with TCP alone where TLS is to come later */
	constructor(connect) {
		this.#connect = catching(connect);
	}
	/** Does nothing where one is waiting. */
	open({ origin, protocol, host, hostname, port }) {
		if (this.#waiting.has(origin)) return;
		const { promise, resolve } = Promise.withResolvers();
		this.#waiting.set(origin, promise);
		this.#connect({
			protocol,
			host,
			hostname: withoutBrackets(hostname),
			port
		}, (...opened) => {
			resolve(opened);
			this.#keep(origin, promise, opened);
		});
	}
	/**
	* The connection that is waiting, or being opened; or why it could not be opened.
	* @returns undefined where there is none: also when the server has closed it, or another request took it
	*/
	async take({ protocol, host }) {
		const origin = `${protocol}//${host}`;
		const waiting = this.#waiting.get(origin);
		this.#waiting.delete(origin);
		const opened = await waiting;
		const socket = opened?.[1];
		return socket && !isAlive(socket) ? void 0 : opened;
	}
	/** Takes the connection that is waiting, or being opened, else opens one. */
	connect = async (options, callback) => {
		const taken = await this.take(options);
		if (taken === void 0) this.#connect(options, callback);
		else callback(...taken);
	};
	#keep(origin, promise, [error, socket]) {
		const forget = () => this.#waiting.get(origin) === promise && this.#waiting.delete(origin);
		if (error !== null) {
			forget();
			return;
		}
		setTimeout(() => forget() && socket.destroy(), MAX_WAIT_MS).unref();
	}
	async close() {
		const opened = await Promise.all(this.#waiting.values());
		for (const [, socket] of opened) socket?.destroy();
	}
};
/** Passes to the callback what opening a connection throws: undici catches that only of a connector that does not wait before it. */
function catching(connect) {
	return (options, callback) => {
		try {
			connect(options, callback);
		} catch (error) {
			callback(error, null);
		}
	};
}
/**
* Whether the server has not closed the connection. A server of HTTP/2 speaks first, and Node tells the end of a connection only after all
* before it has been read, so this looks where Node's streams note it.
*/
function isAlive(socket) {
	const { ended = false } = Reflect.get(socket, "_readableState");
	if (!ended && socket.writable) return true;
	socket.destroy();
	return false;
}
// src/http/tcp.ts
/** A packet that is lost is sent again after this time: https://www.rfc-editor.org/rfc/rfc6298#section-2. A new connection is as good. */
const CONNECT_TIMEOUT_MS = 1e3;
/** Opens the TCP connection of an https URL, for TLS to come later. It loads nothing that encrypts. */
const connectTcp = ({ hostname, port }, callback) => {
	const socket = (0, import__builtin_net.connect)({
		host: hostname,
		port: Number(port || 443),
		timeout: CONNECT_TIMEOUT_MS
	});
	socket.once("timeout", () => socket.destroy(/* @__PURE__ */ new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1e3} s`)));
	socket.once("connect", () => callback(null, socket.setTimeout(0)));
	socket.on("error", (error) => callback(error, null));
};
// src/kubernetes/cluster-proxy.ts
/**
* The proxy to an API server; undefined: connect directly. The `proxy-url` of the kubeconfig takes precedence over the environment,
* also for loopback addresses: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster
* @param context its name
* @param proxies of the environment
* @throws ActionError when the proxy would see credentials in clear text
*/
function clusterProxy(context, { server, proxyUrl }, proxies) {
	const url = new URL(server);
	if (!proxyUrl) return createProxyChoice(proxies)(url);
	const proxy = parseProxyUrl(proxyUrl);
	if (proxy !== void 0 && (url.protocol === "https:" || isLoopback(proxy.hostname))) return proxy;
	const problem = proxy === void 0 ? "its `proxy-url` is not the URL of a proxy" : `${url.origin} is not https, and has a proxy`;
	throw new ActionError("insecure-endpoint", `Could not connect to the cluster ${context}: ${problem}`, {
		details: {
			cluster: context,
			host: url.host
		},
		hint: "Use an https address, or remove the `proxy-url` of the cluster from the kubeconfig."
	});
}
// src/kubernetes/connect-early.ts
/**
* Opens a TCP connection to the API server of each context, where no proxy is on the way: it gets on while the code that encrypts and
* sends requests is loaded.
*/
function connectEarly({ config, contexts, proxies }) {
	const early = new EarlyConnections(connectTcp);
	for (const context of contexts) {
		const cluster = config.getCluster(config.getContextObject(context)?.cluster ?? "");
		const url = URL.parse(cluster?.server ?? "");
		if (cluster !== null && url?.protocol === "https:" && clusterProxy(context, cluster, proxies) === void 0) early.open(url);
	}
	return early;
}
// src/report/error-text.ts
/** An error as one line for a person: what happened, and what to do about it. */
function errorText({ message, hint }) {
	return [sentence$1(message), hint && sentence$1(hint)].filter(Boolean).join(" ");
}
/** The manifests that would fix something of it, each once. */
function manifestsOf(errors) {
	return [...new Set(errors.flatMap(({ details }) => details.manifest ?? []))];
}
/** With a full stop. */
function sentence$1(text) {
	return /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}
// src/report/annotations.ts
/** How many namespaces an error names; the others are counted. */
const MAX_NAMED_NAMESPACES = 3;
/**
* One error per cause: those that agree in all fields but the namespace become one that counts the namespaces. The first
* speaks for all.
*/
function causesOf(errors) {
	return [...Map.groupBy(errors, causeOf$1).values()].flatMap((group) => {
		const [first, ...others] = group;
		const more = [...new Set(others.flatMap(({ details }) => details.namespace ?? []))];
		return first === void 0 ? [] : [withOtherNamespaces(first, more.filter((one) => one !== first.details.namespace))];
	});
}
/** What has no namespace, or carries its own manifest, is one cause by itself. */
function causeOf$1(error) {
	const { namespace, manifest, host, cluster, resource, status, serverCode } = error.details;
	if (manifest !== void 0) return error;
	if (namespace === void 0) return errorText(error);
	return JSON.stringify([
		error.code,
		host,
		cluster,
		resource,
		status,
		serverCode
	]);
}
function withOtherNamespaces(error, others) {
	if (others.length === 0) return error;
	const named = others.slice(0, MAX_NAMED_NAMESPACES);
	const list = [...named, ...others.length > named.length ? ["\u2026"] : []].join(", ");
	const { code, hint, details, cause } = error;
	const message = `${sentence$1(error.message)} The same in ${formatCount(others.length, "other namespace")}: ${list}`;
	return new ActionError(code, message, {
		hint,
		details,
		cause
	});
}
/**
* GitHub shows ten error annotations of a step and drops the others silently.
* https://github.com/orgs/community/discussions/26680#discussioncomment-3252835
*/
const MAX_ANNOTATIONS = 10;
/** Annotates the errors. Where they are too many, the last annotation says where the rest is. */
function annotateErrors(errors) {
	const annotated = errors.length > MAX_ANNOTATIONS ? errors.slice(0, 9) : errors;
	for (const error$1 of annotated) error(error$1.code, errorText(error$1));
	const rest = errors.slice(annotated.length);
	const [first] = rest;
	if (first === void 0) return;
	const more = formatCount(rest.length, "more error");
	group(more, () => {
		for (const error of rest) info(withLink(error.code, errorText(error)));
	});
	error(first.code, `And ${more}: they are in the log of this step, in a group of that name.`);
}
// src/policy/credential.ts
/** The secret of a minted credential, as its issuer knows it. */
function passwordOf({ logins: [login] }) {
	return login.password;
}
const PROVIDED_PREFIX = "provided-";
/**
* The id of a provided credential. It is random: the issuer's own id is not known, and a digest would reveal something
* about the password.
*/
function providedTokenId(unique) {
	return PROVIDED_PREFIX + unique;
}
/** This action did not mint such a credential, so it never revokes, retains or looks for it. */
function isProvided(tokenId) {
	return tokenId.startsWith(PROVIDED_PREFIX);
}
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
	const digest = sha256(secrets.join("\n")).slice(0, 16);
	const [only] = targets;
	const what = targets.length === 1 ? `${only?.namespace}/${secretName}` : `${secrets.length} ${secretName} sha256:${digest}`;
	return `${clusters.join(",")} ${what}`;
}
/** The identities of the clusters in a scope. */
function clustersOf(scope) {
	return (scope.split(" ")[0] ?? "").split(",");
}
// src/policy/held.ts
/**
* A stored password that can be masked, and be part of a header. Every registry's token has this form. Anyone who may edit a
* secret can store another one, which would hide parts of the log.
*/
const PASSWORD = /^[\x20-\x7e]{8,8192}$/;
/** The credential in a stored secret, when it has one for all the hosts and the user of the request. */
function heldIn(stored, request) {
	const { owner, provided } = request;
	const [record, ...others] = ownRecords(stored.records, owner);
	if (record === void 0 || others.length > 0) return void 0;
	if (provided !== void 0) return holdsLogins(stored, provided, owner) ? {
		...record,
		logins: provided
	} : void 0;
	const entry = asObject(stored.entries[owner.hosts[0] ?? ""]);
	const [username, password] = [request.username ?? asText(entry.username), asText(entry.password)];
	if (username === void 0 || password === void 0) return void 0;
	if (!isSecret(password, [
		record.tokenId,
		username,
		...owner.hosts
	])) return void 0;
	const logins = [{
		servers: owner.hosts,
		username,
		password
	}];
	return holdsLogins(stored, logins, owner) ? {
		...record,
		logins
	} : void 0;
}
/** Whether a secret holds these logins for all hosts of the step. */
function holdsLogins({ cluster, entries }, logins, { hosts }) {
	const wanted = loginsIn(cluster, logins);
	return hosts.every((host) => {
		const login = wanted.find(({ servers }) => servers.includes(host));
		const { username, password } = asObject(entries[host]);
		return login !== void 0 && username === login.username && password === login.password;
	});
}
function isSecret(password, publicIds) {
	return PASSWORD.test(password) && !publicIds.includes(password);
}
/** Whether a secret holds the very credential for all its hosts, whatever its annotations record. */
function holdsCredential(stored, { logins }, { owner }) {
	return holdsLogins(stored, logins, owner);
}
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
	const digest = sha256([...hosts].sort().join("\n"));
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
// src/policy/reuse.ts
/** A credential is renewed when less than this part of its life is left. */
const MIN_REMAINING_LIFE = 1 / 5;
/** A record that is longer than these is not copied to other targets. */
const MAX_SCOPES = 50;
const MAX_SCOPES_LENGTH = 16384;
/**
* Which of the stored credentials are within `max-age` and complete: then none is minted. The oldest record of all targets
* counts, because an annotation must not prolong the life of a credential.
* @param stored what all targets hold that can be read
*/
function selectCandidates(stored, request, now) {
	const held = stored.map((one) => ({
		one,
		held: one.kind === "present" ? heldIn(one, request) : void 0
	}));
	const isOurs = (one) => one.kind === "present" && ownRecords(one.records, request.owner).length > 0;
	if (!stored.some(isOurs)) return none("no target holds a credential of this action yet");
	if (request.maxAgeMs === 0 && request.provided === void 0) return none("`max-age` is 0");
	const isIncomplete = held.some((each) => isOurs(each.one) && each.held === void 0);
	const considered = [...Map.groupBy(held.flatMap((each) => each.held ?? []), ({ tokenId, logins: [{ username, password }] }) => JSON.stringify([
		tokenId,
		username,
		password
	])).values()].map((group) => {
		const [{ tokenId, logins }] = group;
		const scopes = unique(group.flatMap((each) => each.scopes));
		const candidate = {
			tokenId,
			logins,
			mintedAt: oldest(group.map(({ mintedAt }) => mintedAt)) ?? /* @__PURE__ */ new Date(0),
			expiresAt: oldest(group.map(({ expiresAt }) => expiresAt)),
			isEverywhere: group.length === stored.length
		};
		return {
			candidate,
			skipReason: skipReasonOf(candidate, request, now) ?? scopeSkipReason(scopes, request)
		};
	});
	const skipReasons = considered.flatMap(({ skipReason }) => skipReason ?? []);
	return {
		candidates: considered.filter(({ skipReason }) => skipReason === void 0).map(({ candidate }) => candidate).sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime()),
		skipReasons: unique(isIncomplete ? [incompleteReason(request), ...skipReasons] : skipReasons)
	};
}
function incompleteReason({ provided }) {
	return provided === void 0 ? "a stored credential is for other hosts or another user" : "a target holds another one";
}
function none(reason) {
	return {
		candidates: [],
		skipReasons: [reason]
	};
}
function oldest(dates) {
	return dates.filter((date) => date !== void 0).sort((a, b) => a.getTime() - b.getTime())[0];
}
/** The credential that a concurrent run wrote to a secret, when it is for the hosts and the user of the request. */
function candidateOf(stored, request) {
	const held = heldIn(stored, request);
	if (held === void 0) return void 0;
	const { tokenId, logins, mintedAt = /* @__PURE__ */ new Date(0), expiresAt } = held;
	return {
		tokenId,
		logins,
		mintedAt,
		expiresAt,
		isEverywhere: false
	};
}
/** When so little of its life is left that a credential is renewed. */
function renewalOf({ mintedAt, expiresAt }) {
	const lifeMs = expiresAt.getTime() - mintedAt.getTime();
	return /* @__PURE__ */ new Date(expiresAt.getTime() - lifeMs * MIN_REMAINING_LIFE);
}
function skipReasonOf(candidate, { provided, maxAgeMs }, now) {
	const { mintedAt, expiresAt } = candidate;
	if (provided !== void 0) return expiresAt !== void 0 && expiresAt <= now ? "the stored one has expired" : void 0;
	if (now.getTime() - mintedAt.getTime() >= maxAgeMs) return "the stored credential is older than `max-age`";
	if (expiresAt === void 0) return void 0;
	return now > renewalOf({
		mintedAt,
		expiresAt
	}) ? "the stored credential expires soon" : void 0;
}
/**
* A minted credential goes to no cluster that its secrets do not record: if they were deleted there, the clusters that it
* was minted for could not show any more that it is needed elsewhere.
*/
function scopeSkipReason(scopes, { clusters, provided }) {
	if (provided !== void 0) return void 0;
	if (scopes.length > MAX_SCOPES || scopes.join("").length > MAX_SCOPES_LENGTH) return "the record of the stored credential is too long";
	return clusterSkipReason(scopes.flatMap(clustersOf), clusters);
}
/** Why a credential that was minted for these clusters does not go to those of a run. */
function clusterSkipReason(known, clusters) {
	return clusters.every((cluster) => known.includes(cluster)) ? void 0 : "the stored credential was not minted for all clusters of this run";
}
/** Why a candidate is not reused, by what its issuer says of its mint: that counts more than what its secrets record. */
function mintSkipReason(candidate, { scope, hosts, mintedAt }, { request, now }) {
	if (hosts !== hostsText(request.owner.hosts)) return "the stored credential was minted for other hosts";
	return skipReasonOf({
		...candidate,
		mintedAt
	}, request, now) ?? clusterSkipReason(clustersOf(scope), request.clusters);
}
/** The newest credential that targets hold of a later mint than this one: a concurrent run wrote it. */
function newerThan({ mintedAt }, stored, request) {
	return stored.flatMap((one) => one.kind === "present" ? candidateOf(one, request) ?? [] : []).filter((candidate) => candidate.mintedAt > mintedAt).sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())[0];
}
function unique(values) {
	return [...new Set(values)];
}
// src/policy/next-rotation.ts
/**
* From when on a run does not reuse a credential, by its age and its expiry. With a `max-age` of 0 that is when it was
* minted. A provided one is replaced when the workflow provides another one, at the latest when it expires.
* @returns undefined when nothing says it
*/
function nextRotation({ tokenId, mintedAt, expiresAt }, maxAgeMs) {
	if (isProvided(tokenId)) return expiresAt;
	const oldMs = mintedAt.getTime() + maxAgeMs;
	return new Date(expiresAt === void 0 ? oldMs : Math.min(oldMs, renewalOf({
		mintedAt,
		expiresAt
	}).getTime()));
}
// src/report/credential-choice.ts
const VERBS = {
	reuse: {
		now: "Reusing",
		plain: "Reuse",
		dryRun: void 0
	},
	mint: {
		now: "Minting",
		plain: "Mint",
		dryRun: "Would mint"
	},
	write: {
		now: "Writing",
		plain: "Write",
		dryRun: "Would write"
	}
};
/** For the log, which the run goes on with: `Minting a new token: ...`. */
function choiceInLog(choice, isDryRun) {
	const { now, dryRun } = VERBS[choice.action];
	return sentence((isDryRun ? dryRun : void 0) ?? now, choice);
}
/** For the job summary, as a run can fail before it does what it chose: `Mint a new token: ...`. */
function choiceInSummary(choice, isDryRun) {
	const { plain, dryRun } = VERBS[choice.action];
	return sentence((isDryRun ? dryRun : void 0) ?? plain, choice);
}
function sentence(verb, choice) {
	return `${verb} ${objectOf(choice)}: ${choice.reason}.`;
}
function objectOf(choice) {
	switch (choice.action) {
		case "reuse": return `token ${choice.tokenId}`;
		case "mint": return "a new token";
		case "write": return "the provided credential";
	}
}
// src/report/dates.ts
const MINUTE_MS = 6e4;
/** `2026-10-25`. */
function dayOf(date) {
	const [day = ""] = date.toISOString().split("T");
	return day;
}
/** `2026-10-25 21:53 UTC`, without the seconds. @param timestamp RFC 3339 */
function minuteOf(timestamp) {
	return minute(new Date(timestamp));
}
/** The first full minute that is not before the timestamp. @param timestamp RFC 3339 */
function minuteFrom(timestamp) {
	return minute(/* @__PURE__ */ new Date(Math.ceil(Date.parse(timestamp) / MINUTE_MS) * MINUTE_MS));
}
function minute(date) {
	const [day = "", time = ""] = date.toISOString().split("T");
	return `${day} ${time.slice(0, 5)} UTC`;
}
/** When a run rotates next, after `Next rotation:`. @param timestamp RFC 3339 */
function firstRunAfter(timestamp) {
	return `in the first run after ${minuteFrom(timestamp)}`;
}
function limited(lines) {
	const rest = lines.length - 3;
	return rest > 0 ? [...lines.slice(0, 3), `\u2026 and ${formatNumber(rest)} more`] : [...lines];
}
// src/report/overdue.ts
/** That no run replaced a token when it was due. */
function overdueSentence({ tokenId, mintedAt, dueAt }, now) {
	const late = formatCount(daysSince(dueAt, now), "day");
	return `Token ${tokenId}, minted on ${dayOf(mintedAt)}, was due for rotation on ${dayOf(dueAt)}, ${late} before this run.`;
}
const OVERDUE_HINT = "Check that the workflow runs on its schedule and succeeds, and that its interval is shorter than `max-age`.";
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
// src/report/results.ts
/** @param fieldsOf what a failed target has in addition, by its error */
function targetResult(outcome, secret, fieldsOf) {
	return {
		cluster: outcome.cluster.name,
		namespace: outcome.namespace,
		secret: secret ?? "",
		result: outcome.status,
		serviceAccounts: outcome.serviceAccounts ?? [],
		...isFailed(outcome) && fieldsOf(outcome.error)
	};
}
/** What needs a person comes first, then what has changed. */
function inOrder(all) {
	const rank = (one) => isFailedResult(one) ? 0 : one.result === "unchanged" ? 2 : 1;
	return all.toSorted((one, other) => rank(one) - rank(other));
}
/** Whether it needs a person. */
function isFailedResult({ result }) {
	return result === "failed" || result === "timeout";
}
/** `1,000 targets: 3 failed, 997 unchanged`; empty for a few, which are all shown. */
function totalOf(all, noun) {
	if (all.length <= 10) return "";
	return `${formatCount(all.length, noun)}: ${tally(inOrder(all).map(({ result }) => result))}`;
}
/** The result of a target with those of its service accounts. */
function whole({ result, serviceAccounts }) {
	const accounts = serviceAccounts.map((account) => `${account.name} ${account.result}`).join(", ");
	return accounts === "" ? result : `${result}; service accounts: ${accounts}`;
}
function withReason(result, reason) {
	return reason === void 0 ? result : `${result}: ${reason}`;
}
// src/report/token-facts.ts
const ORIGINS = {
	minted: "minted by this run",
	reused: "reused from an earlier run",
	provided: "provided by the workflow",
	planned: "not minted"
};
/** The token of the run, the one that it did not use, and those that it replaced or that earlier runs left. */
function tokenFacts(data) {
	const { unused } = data;
	const old = hasOldTable(data) ? [] : oldTokens$1(data);
	return [
		{
			label: "Token",
			lines: tokenLines(data)
		},
		{
			label: "Unused token",
			lines: unused === void 0 ? [] : [[{ struck: unused }, " revoked: this run minted it and did not use it"]]
		},
		{
			label: old.length === 1 ? "Old token" : "Old tokens",
			lines: old.map(({ cells: [id, result] }) => [
				id,
				" ",
				result
			])
		}
	];
}
/** What it replaces is in a line of its own only where that is in no list of old tokens. */
function tokenLines(data) {
	const { credential, replaced } = data;
	if (credential === void 0) return [];
	const { tokenId, origin, expiresAt } = credential;
	const expires = expiresAt === void 0 ? "does not expire" : `expires ${minuteOf(expiresAt)}`;
	const known = expiresAt === void 0 && isProvided(tokenId) ? "" : `, ${expires}`;
	const listed = new Set(oldIds(data));
	const replaces = replaced.filter((one) => !listed.has(one.tokenId)).map((one) => `replaces \`${one.tokenId}\`${age(one.ageDays)}`);
	return [`\`${tokenId}\`, ${ORIGINS[origin]}${known}`, ...limited(replaces)];
}
function oldTokens$1({ revoked, unrevoked, replaced }) {
	const ages = new Map(replaced.map(({ tokenId, ageDays }) => [tokenId, ageDays]));
	return [...unrevoked.map(({ tokenId, reason }) => {
		const result = `still alive${age(ages.get(tokenId))}`;
		return {
			result: "still alive",
			cells: [`\`${tokenId}\``, withReason(result, reason)]
		};
	}), ...revoked.map((tokenId) => {
		return {
			result: "revoked",
			cells: [{ struck: tokenId }, `revoked${age(ages.get(tokenId))}`]
		};
	})];
}
/** Whether the old tokens are in a table of their own. */
function hasOldTable(data) {
	return oldIds(data).length > 3;
}
function oldIds({ revoked, unrevoked }) {
	return [...unrevoked.map(({ tokenId }) => tokenId), ...revoked];
}
/** ` (31 days old)`; empty where it is not known. */
function age(days) {
	return days === void 0 ? "" : ` (${formatCount(days, "day")} old)`;
}
// src/report/facts.ts
/** The facts of a run, most important first. */
function factsOf(data) {
	const { choice, isDryRun, overdue, credential, verifications, nextRotation } = data;
	return [
		{
			label: "Pods keep pulling?",
			lines: pullLines(data.pulls)
		},
		{
			label: "After the fix",
			lines: afterTheFix(data)
		},
		{
			label: "Decision",
			lines: choice === void 0 ? [] : [choiceInSummary(choice, isDryRun)]
		},
		{
			label: "Overdue",
			lines: overdue === "" ? [] : [overdue, OVERDUE_HINT]
		},
		{
			label: "Registry",
			lines: credential === void 0 ? [] : [registryLine(credential)]
		},
		...tokenFacts(data),
		{
			label: "Verification",
			lines: limited(verifications)
		},
		{
			label: "Next rotation",
			lines: nextRotation === "" ? [] : [capitalized(firstRunAfter(nextRotation))]
		},
		{
			label: "Took",
			lines: tookLines(data)
		}
	].filter(({ lines }) => lines.length > 0);
}
/** As docs/troubleshooting.md has them. */
const ANSWERS = {
	no: "No",
	unknown: "Not known",
	"as-before": "As before",
	yes: "Yes"
};
/** Targets can each hold another token. */
const MAX_ANSWERS = 6;
/** `Yes in 996 namespaces: the secret holds ...`. */
function pullLines(pulls) {
	const clusters = new Set(pulls.flatMap((one) => one.targets.map(({ cluster }) => cluster)));
	const lines = pulls.slice(0, MAX_ANSWERS).map(({ answer, reason, targets }) => {
		const where = pulls.length === 1 ? "" : ` in ${named$1(targets, clusters.size > 1)}`;
		return [{ strong: ANSWERS[answer] }, `${where}: ${reason}.`];
	});
	const rest = pulls.slice(lines.length);
	const count = rest.reduce((sum, one) => sum + one.targets.length, 0);
	return rest.length === 0 ? lines : [...lines, `\u2026 and other answers for ${formatCount(count, "namespace")}`];
}
/** The names of a few, and the number of the others. */
function named$1(targets, withCluster) {
	const rest = targets.length - 3;
	if (rest === 1 || targets.length > MAX_NAMED$1) return formatCount(targets.length, "namespace");
	const names = targets.slice(0, 3).map(({ cluster, namespace }) => {
		return withCluster ? `\`${cluster}: ${namespace}\`` : `\`${namespace}\``;
	});
	return rest > 0 ? `${names.join(", ")} and ${formatCount(rest, "other namespace")}` : names.join(", ");
}
/** Of more namespaces the names of a few say little. */
const MAX_NAMED$1 = 100;
function registryLine({ servers, username }) {
	const hosts = servers.slice(0, 3).map((host) => `\`${host}\``);
	const rest = servers.length - hosts.length;
	const more = rest > 0 ? ` and ${formatNumber(rest)} more` : "";
	return `${hosts.join(", ")}${more}, ${username === void 0 ? "with a user for each" : `user \`${username}\``}`;
}
/** What the next run does where some namespaces have the credential, and others do not. */
function afterTheFix({ targets, unrevoked, isDryRun }) {
	const failed = targets.filter(isFailedResult).length;
	if (isDryRun || failed === 0 || failed === targets.length) return [];
	return [`Re-run the job: it writes the secret to the ${failed === 1 ? "namespace" : `${formatNumber(failed)} namespaces`} that failed${unrevoked.length > 0 ? `, then revokes each old token that nothing uses any more` : ""}.`];
}
function tookLines({ total, phases }) {
	if (total.durationMs === 0) return [];
	const waitedMs = phases.filter(({ title }) => title === WAIT_FOR_PULLS).reduce((sum, one) => sum + one.durationMs, 0);
	const waited = waitedMs > 0 ? `, of which ${formatSeconds(waitedMs)} to let in-flight pulls end` : "";
	return [`${formatSeconds(total.durationMs)}${waited}, ${formatCount(total.requests, "request")}`];
}
// src/report/markdown.ts
/** Bytes of a table, a list, or the alerts. */
const MAX_PART_BYTES = 102400;
/** Characters of one text. */
const MAX_TEXT_LENGTH = 2e3;
/** Characters of a diff. */
const MAX_DIFF_LENGTH = 8e3;
/** Rows of a table: enough to skim. The output and the log have all of them. */
const MAX_ROWS = 100;
/** GitHub shows as many annotations. */
const MAX_ALERTS = 10;
/** A table without a head. */
function factTable(facts) {
	if (facts.length === 0) return "";
	return [
		"| | |",
		"| --- | --- |",
		...fitting(facts, MAX_ROWS, ({ label, lines }) => {
			const written = lines.map((line) => typeof line === "string" ? cell(line) : line.map(piece).join(""));
			return `| **${cell(label)}** | ${written.join("<br>")} |`;
		})
	].join("\n");
}
function piece(content) {
	if (typeof content === "string") return spaced(content);
	return "strong" in content ? `**${cell(content.strong)}**` : cell(content);
}
/** A piece keeps the spaces at its ends. */
function spaced(content) {
	const before = content.slice(0, content.length - content.trimStart().length);
	const after = content.slice(content.trimEnd().length);
	return `${before}${cell(content)}${content.trim() === "" ? "" : after}`;
}
/** A part that a reader opens. @param summary plain words and numbers */
function details(summary, content) {
	return content === "" ? "" : `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}
function note(content) {
	return `> [!NOTE]\n> ${text(content)}`;
}
/**
* A table of the first items; the others are counted below it by result.
* @param options.source where a reader finds all of them
* @param options.numbers how many of the last columns are numbers, to be aligned
*/
function table(head, items, { cellsOf, source, numbers = 0 }) {
	if (items.length === 0) return "";
	const line = (cells) => `| ${cells.join(" | ")} |`;
	const shown = fitting(items, MAX_ROWS, (item) => line(cellsOf(item).map(cell)));
	const rest = items.slice(shown.length);
	const lines = [
		line(head),
		line(head.map((_, index) => index < head.length - numbers ? "---" : "---:")),
		...shown
	];
	if (rest.length > 0) lines.push("", `\u2026 and ${formatNumber(rest.length)} more: ${tally(rest.map(({ result }) => result))}. All are in ${source}.`);
	return lines.join("\n");
}
function list(items) {
	const shown = fitting(items, MAX_ROWS, (item) => `- ${text(item)}`);
	return [...shown, ...remainder(items.length - shown.length, (count) => `- \u2026 and ${count} more`)].join("\n");
}
/** A red box for each. */
function alerts(items) {
	const box = (...paragraphs) => `> [!CAUTION]\n> ${paragraphs.join("\n>\n> ")}`;
	const shown = fitting(items, MAX_ALERTS, ({ title, message, hint, link }) => {
		return box(text(message), ...fixOf(hint), `[Troubleshooting: ${text(title)}](${link})`);
	});
	const rest = remainder(items.length - shown.length, (count) => box(`\u2026 and ${count} more, see the log of this step.`));
	return [...shown, ...rest].join("\n\n");
}
/** Where a value is wrong, its hint says what is allowed. */
function fixOf(hint) {
	if (hint === void 0) return [];
	const [, allowed] = /^Allowed: (.*)/s.exec(hint) ?? [];
	return [allowed === void 0 ? `**To fix it:** ${text(hint)}` : `**Allowed:** ${text(allowed)}`];
}
/** Each under the title, and whole or not at all: half of a manifest could be taken for all of it. */
function codeBlocks(title, language, contents) {
	const shown = fitting(contents, MAX_ALERTS, (content) => `${title}\n\n${codeBlock(language, content)}`);
	const rest = remainder(contents.length - shown.length, (count) => `${title} ${count} more, see the log of this step.`);
	return [...shown, ...rest].join("\n\n");
}
/** A folded block of lines that begin with `+`, `-` or a space. */
function diff(summary, content) {
	return content === "" ? "" : details(summary, codeBlock("diff", cut(redact(content), MAX_DIFF_LENGTH)));
}
/** Its fence is longer than any that the text could hold. */
function codeBlock(language, content) {
	const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${redact(content).trimEnd().split("\n").map(printable).join("\n")}\n${fence}`;
}
/** As many of the first ones as fit. */
function fitting(items, most, write) {
	const lines = [];
	let bytes = 0;
	for (const item of items.slice(0, most)) {
		const line = write(item);
		bytes += Buffer.byteLength(line) + 2;
		if (bytes > MAX_PART_BYTES) break;
		lines.push(line);
	}
	return lines;
}
function remainder(number, sentence) {
	return number > 0 ? [sentence(formatNumber(number))] : [];
}
/** A text on one line that GitHub shows as it is: text from servers must not become links, mentions, images or HTML. */
function text(content) {
	return inline(content, (code) => code).replace(BLOCK_START, "$1\\");
}
/** In a cell a pipe ends even a code span, unless it is escaped. */
function cell(content) {
	if (typeof content !== "string") return `~~${cell(`\`${content.struck}\``)}~~`;
	return inline(content, (code) => code.replaceAll("|", "\\|"));
}
/**
* Where a code span begins and ends. In it everything is text to GitHub, also what a server put in backticks; what
* could be read in another way (runs of backticks, a backslash before a pipe, the dollars of mathematics) makes none.
*/
const CODE = /(?<![`$])`([^`\\$]+)`(?![`$])/;
function inline(content, code) {
	return shortened(printable(content).trim()).split(CODE).map((part, index) => index % 2 === 1 ? `\`${code(part)}\`` : escaped(part)).join("");
}
/**
* What begins a list, a rule or the underline of a heading at the start of a line; all else that begins a block is escaped
* wherever it is: https://github.github.com/gfm/#blocks-and-inlines
*/
const BLOCK_START = /^(\d{1,9}(?=\.(?:\s|$))|(?=[-+=]))/;
function shortened(content) {
	return content.length > MAX_TEXT_LENGTH ? `${cut(content, MAX_TEXT_LENGTH)}\u2026` : content;
}
function escaped(plain) {
	return plain.replace(/[\\*_{}[\]()#!~@$]/g, "\\$&").replace(/@(?!sha256:)|#(?=\d)|\bgh-(?=\d)/gi, "$&\u200B").replace(/[&<>|`]/g, entity).replace(/:(?=\/\/)|(?<=www)\.|(?<=mailto|xmpp):/gi, entity);
}
function entity(character) {
	return `&#${character.charCodeAt(0)};`;
}
// src/report/secret-changes.ts
/** Tenants can make each secret another one. */
const MAX_CHANGES = 3;
/** What the run changed in the secrets, or would change: which token stands for which host. The most frequent changes first. */
function secretChanges(outcomes, record) {
	const diffs = outcomes.filter((outcome) => !isFailed(outcome) && outcome.status !== "unchanged").flatMap((outcome) => isFailed(outcome) ? [] : [diffOf(outcome.replaced, record)]);
	return [...Map.groupBy(diffs, (lines) => lines.join("\n")).values()].flatMap((group) => group[0] === void 0 ? [] : [{
		count: group.length,
		lines: group[0]
	}]).sort((one, other) => other.count - one.count).slice(0, MAX_CHANGES);
}
/** Its text. @param name of the secret */
function diffText({ count, lines }, name) {
	return [`  Secret ${name}, in ${formatCount(count, "namespace")}`, ...lines].join("\n");
}
function diffOf(replaced, record) {
	const { records, entries } = replaced.kind === "absent" ? NOTHING : replaced;
	return linesOf(records, entries, record);
}
const NOTHING = {
	records: [],
	entries: {}
};
const linesOf = lastResult((records, entries, record) => {
	const before = tokensIn({
		records,
		entries
	}, record);
	const after = new Map(record.hosts.map((host) => [host, tokenText(record)]));
	const hosts = [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].sort();
	const lines = hosts.flatMap((host) => {
		const [old, current] = [before.get(host), after.get(host)];
		if (old === current) return [`  ${host}: ${current}`];
		return [...old === void 0 ? [] : [`- ${host}: ${old}`], ...current === void 0 ? [] : [`+ ${host}: ${current}`]];
	});
	return hosts.every((host) => before.get(host) === after.get(host)) ? [...lines, "! labels, annotations, or the password of the same token"] : lines;
});
/** By the hosts of this step, present and earlier ones. Entries for other hosts stay as they are. */
function tokensIn({ records, entries }, record) {
	const own = ownRecords(records, record);
	const hosts = [.../* @__PURE__ */ new Set([...record.hosts, ...own.flatMap((one) => one.hosts)])];
	return new Map(hosts.flatMap((host) => {
		if (!Object.hasOwn(entries, host)) return [];
		const recorded = own.find((one) => one.hosts.includes(host));
		return [[host, recorded === void 0 ? "a credential of another origin" : tokenText(recorded)]];
	}));
}
function tokenText({ tokenId, mintedAt }) {
	return `token ${tokenId}${mintedAt === void 0 ? "" : `, since ${dayOf(mintedAt)}`}`;
}
// src/report/timeline-table.ts
/** How long each phase took, folded. */
function timelineOf({ phases }) {
	return details("Timeline", table([
		"Phase",
		"Took",
		"Requests"
	], phases.map((phase) => ({
		phase,
		result: phase.isFailed ? "failed" : "done"
	})), {
		cellsOf: ({ phase }) => cellsOf(phase),
		source: "the log",
		numbers: 2
	}));
}
function cellsOf({ title, durationMs, requests, isFailed }) {
	return [
		title,
		`${isFailed ? "failed after " : ""}${formatSeconds(durationMs)}`,
		formatNumber(requests)
	];
}
// src/report/verdict.ts
/** What a run did, in one sentence without a full stop: the heading of the job summary, and the notice. */
function verdictOf(data, errors) {
	const sentence = errors.length > 0 ? failure(data, errors) : success(data);
	return data.isDryRun ? `Dry run: ${sentence}` : capitalized(sentence);
}
function failure(data, errors) {
	const { targets, workloads, isWriting } = data;
	const failedTargets = targets.filter(isFailedResult);
	const failedWorkloads = workloads.filter(isFailedResult);
	if (failedTargets.length > 0) {
		const others = inOrder(targets.filter((one) => !isFailedResult(one))).map(({ result }) => result);
		const rest = others.length > 0 ? `, ${tally(others)}` : "";
		return `${formatNumber(failedTargets.length)} of ${placesOf(targets)} failed${rest}${onlyCauseOf(errors)}`;
	}
	if (failedWorkloads.length > 0) {
		const written = targets.length > 0 ? `. The secret is in ${placesOf(targets)}` : "";
		return `${`${formatNumber(failedWorkloads.length)} of ${formatCount(workloads.length, "workload")} failed`}${onlyCauseOf(errors)}${written}`;
	}
	const cause = causeOf(errors);
	if (targets.length > 0) return `${success(data)}, then failed: ${cause}`;
	if (errors.every(({ code }) => code === "invalid-input")) return `stopped before the first request: ${cause}`;
	return `failed ${isWriting ? "while writing the secrets" : "before any secret was written"}: ${cause}`;
}
/** `: Permission missing`; empty where the errors have several codes. */
function onlyCauseOf(errors) {
	const [code, ...others] = new Set(errors.map((error) => error.code));
	return code === void 0 || others.length > 0 ? "" : `: ${titleOf(code)}`;
}
function causeOf(errors) {
	const [first, ...others] = errors;
	const title = first === void 0 ? "" : titleOf(first.code);
	if (others.length === 0) return title;
	return others.every(({ code }) => code === first?.code) ? `${title} (${formatCount(errors.length, "error")})` : `${title} and ${formatCount(others.length, "other error")}`;
}
function success(data) {
	return [
		data.targets.length > 0 ? withTargets(data) : withoutTargets(data),
		oldTokens(data),
		deployed(data)
	].filter(Boolean).join(", ");
}
function withoutTargets({ isDryRun, isVerified, credential }) {
	if (isDryRun && credential === void 0) return "would mint a token";
	const checked = isVerified ? "verified" : "used";
	if (credential?.origin === "minted") return isVerified ? "minted and verified a token" : "minted a token";
	return `${checked} the ${credential?.origin === "provided" ? "provided credential" : "token"}`;
}
function withTargets(data) {
	const { targets, secretName = "", credential, isDryRun, isVerified, replaced } = data;
	const places = placesOf(targets);
	const secret = `\`${secretName}\``;
	if (isDryRun) {
		const mints = credential === void 0 ? "mint a token and " : "";
		return targets.every(isUnchanged) ? `would change nothing in ${places}` : `would ${mints}write ${secret} in ${places}`;
	}
	const written = targets.filter(({ result }) => result === "created" || result === "updated");
	if (written.length === 0) return `${isVerified ? "verified" : "found"} ${secret} in ${places}: ${targets.every(isUnchanged) ? "nothing to change" : "updated service accounts"}`;
	const some = written.length < targets.length ? `${formatNumber(written.length)} of ` : "";
	if (credential?.origin === "minted" && replaced.length > 0) return `rotated ${secret} in ${places}`;
	return `${written.every(({ result }) => result === "created") ? "created" : "updated"} ${secret} in ${some}${places}`;
}
function isUnchanged({ result, serviceAccounts }) {
	return [result, ...serviceAccounts.map((account) => account.result)].every((one) => one === "unchanged");
}
function oldTokens({ revoked, unrevoked }) {
	const tokens = (ids) => formatCount(ids.length, "old token");
	return [revoked.length > 0 ? `revoked ${tokens(revoked)}` : "", unrevoked.length > 0 ? `kept ${tokens(unrevoked)} alive` : ""].filter(Boolean).join(", ");
}
function deployed({ workloads }) {
	return workloads.length === 0 ? "" : `${formatCount(workloads.length, "workload")} ${resultsOf(workloads)}`;
}
function resultsOf(workloads) {
	const results = new Set(workloads.map(({ result }) => result));
	return results.size === 1 ? [...results].join("") : `(${tally(workloads.map(({ result }) => result))})`;
}
/** `3 namespaces`, `1,000 namespaces in 2 clusters`. */
function placesOf(targets) {
	const clusters = new Set(targets.map(({ cluster }) => cluster)).size;
	const namespaces = formatCount(targets.length, "namespace");
	return clusters > 1 ? `${namespaces} in ${formatCount(clusters, "cluster")}` : namespaces;
}
// src/report/job-summary.ts
/** The job summary, in GitHub's Markdown. */
function jobSummary(data, errors) {
	const { targets, notes, workloads, changes, secretName = "" } = data;
	return [
		`## ${errors.length > 0 ? "\u274C" : "\u2705"} ${text(verdictOf(data, errors))}`,
		data.isDryRun && note("This is a dry run: it minted, wrote and revoked nothing."),
		alerts(errors.map(alertOf)),
		codeBlocks("Apply it in the cluster with `kubectl apply --filename -`:", "yaml", manifestsOf(errors)),
		factTable(factsOf(data)),
		failedTargets(targets, errors),
		list(notes),
		table([
			"Failed workload",
			"Namespace",
			"Cluster",
			"Reason"
		], workloads.filter(isFailedResult), {
			cellsOf: (one) => [
				`${one.kind} ${one.name}`,
				one.namespace,
				one.cluster,
				withReason(one.result, one.reason)
			],
			source: "the output `workloads`"
		}),
		oldTable(data),
		otherTargets(targets),
		otherWorkloads(workloads),
		diff("What changed in the secrets", changes.map((one) => diffText(one, secretName)).join("\n\n")),
		timelineOf(data)
	].filter((part) => part !== "" && part !== false).join("\n\n").concat("\n");
}
function alertOf({ code, message, hint }) {
	return {
		title: titleOf(code),
		message: sentence$1(message),
		hint: hint && sentence$1(hint),
		link: documentationOf(code)
	};
}
function failedTargets(targets, errors) {
	const failed = targets.filter(isFailedResult);
	const isExplained = areExplained(failed, errors);
	if (isExplained && failed.length === 1) return "";
	const rows = table([
		"Failed namespace",
		"Cluster",
		...isExplained ? [] : ["Reason"]
	], failed, {
		cellsOf: (one) => [
			one.namespace,
			one.cluster,
			...isExplained ? [] : [reasonOf(one)]
		],
		source: "the output `targets`"
	});
	return failed.length <= 10 ? rows : details(`The ${formatCount(failed.length, "namespace")} that failed`, rows);
}
/** Whether they have one cause, which the box above them explains. */
function areExplained(failed, [cause, ...others]) {
	const isThat = ({ code, serviceAccounts }) => code === cause?.code && serviceAccounts.length === 0;
	return cause !== void 0 && others.length === 0 && failed.every(isThat);
}
function reasonOf({ error = "", serviceAccounts }) {
	return whole({
		result: error,
		serviceAccounts
	});
}
/** The targets that need no one: a few are listed, many are counted by their cluster. */
function otherTargets(targets) {
	const others = inOrder(targets.filter((one) => !isFailedResult(one)));
	return details(counted(others, others.length < targets.length ? "other namespace" : "namespace"), others.length <= 10 ? table([
		"Namespace",
		"Cluster",
		"Result"
	], others, {
		cellsOf: (one) => [
			one.namespace,
			one.cluster,
			whole(one)
		],
		source: "the output `targets`"
	}) : perCluster(others, "the output `targets`"));
}
function otherWorkloads(workloads) {
	const others = inOrder(workloads.filter((one) => !isFailedResult(one)));
	return details(counted(others, "workload"), others.length <= 10 ? table([
		"Workload",
		"Namespace",
		"Cluster",
		"Result"
	], others, {
		cellsOf: (one) => [
			`${one.kind} ${one.name}`,
			one.namespace,
			one.cluster,
			withReason(one.result, one.reason)
		],
		source: "the output `workloads`"
	}) : perCluster(others, "the output `workloads`"));
}
/** `3 namespaces updated`, or `997 namespaces: 20 updated, 977 unchanged`. */
function counted(items, noun) {
	const results = items.map(({ result }) => result);
	const [result, ...others] = new Set(results);
	if (result === void 0) return "";
	return `${formatCount(items.length, noun)}${others.length === 0 ? ` ${result}` : `: ${tally(results)}`}`;
}
function perCluster(items, source) {
	return table(["Cluster", "Results"], [...Map.groupBy(items, ({ cluster }) => cluster)].map(([cluster, own]) => {
		return {
			cluster,
			count: own.length,
			result: tally(own.map(({ result }) => result))
		};
	}), {
		cellsOf: ({ cluster, result }) => [cluster, result],
		source
	}).concat(`\n\nEach of them is in ${source}.`);
}
function oldTable(data) {
	if (!hasOldTable(data)) return "";
	return table(["Old token", "Result"], oldTokens$1(data), {
		cellsOf: ({ cells }) => cells,
		source: "the outputs `unrevoked` and `revoked`"
	});
}
// src/report/log-targets.ts
/** A few are logged one by one, and their errors by annotations; many are counted, with the details in a group. */
function logTargets(all) {
	const line = (one) => `Secret ${one.namespace}/${one.secret} in cluster ${one.cluster}: ${whole(one)}`;
	const targets = inOrder(all);
	if (targets.length <= 10) {
		for (const target of targets.filter(({ result }) => result !== "failed")) info(line(target));
		return;
	}
	info(totalOf(targets, "target"));
	group("The result of each target", () => {
		for (const target of targets) info(withReason(line(target), target.error));
	});
}
// src/report/output-values.ts
/** The user name and password of all registries; undefined where they differ. */
function commonLogin(logins) {
	const [first] = logins;
	return logins.every(({ username, password }) => username === first.username && password === first.password) ? first : void 0;
}
/** The docker config of all clusters; empty where they differ. */
function configOf(logins, { email }) {
	const configs = [...new Set(logins.map(({ cluster }) => cluster ?? ""))].map((cluster) => dockerConfig({
		logins: loginsIn(cluster, logins),
		email
	}));
	const [config = ""] = new Set(configs);
	return new Set(configs).size === 1 ? config : "";
}
/** RFC 3339, without milliseconds where there are none. */
function timestamp(date) {
	return date.toISOString().replace(".000Z", "Z");
}
/** Only the texts of servers are redacted: the name of a namespace, or JSON, can be what someone stores as a password. */
function redactedJson(results) {
	const isServerText = (key) => key === "error" || key === "reason";
	return JSON.stringify(results, (key, value) => isServerText(key) ? redact(String(value)) : value);
}
/** Whether the run changed anything in the target. */
function isChanged({ result, serviceAccounts }) {
	return [result, ...serviceAccounts.map((account) => account.result)].some((one) => one === "created" || one === "updated");
}
// src/report/published-outputs.ts
/** The outputs of a run. Each is set as soon as it is known, so it exists when a later phase fails. */
var PublishedOutputs = class {
	#published = /* @__PURE__ */ new Set();
	publish(name, value) {
		this.#published.add(name);
		setOutput(name, value);
	}
	/** What a run did not get to, or was not asked for: a workflow can still read it as JSON. */
	publishRest() {
		for (const name of ["changed", "minted"]) this.#publishMissing(name, false);
		for (const name of [
			"targets",
			"workloads",
			"revoked",
			"unrevoked"
		]) this.#publishMissing(name, "[]");
	}
	#publishMissing(name, value) {
		if (!this.#published.has(name)) this.publish(name, value);
	}
};
// src/policy/pull-impact.ts
const ORDER = [
	"no",
	"unknown",
	"as-before",
	"yes"
];
/** The answers for all targets, the worst first. */
function pullImpacts(targets, known) {
	const impacts = targets.map((target) => ({
		place: {
			cluster: target.cluster.name,
			namespace: target.namespace
		},
		...answerFor(target, known)
	}));
	return [...Map.groupBy(impacts, ({ answer, reason }) => `${answer} ${reason}`).values()].flatMap((group) => {
		const [first] = group;
		const { answer, reason } = first ?? {};
		return answer === void 0 || reason === void 0 ? [] : [{
			answer,
			reason,
			targets: group.map(({ place }) => place)
		}];
	}).sort((one, other) => ORDER.indexOf(one.answer) - ORDER.indexOf(other.answer));
}
function answerFor(target, known) {
	const { cluster, namespace } = target;
	if (known.changed.some((one) => one.cluster === cluster.name && one.namespace === namespace)) return {
		answer: "unknown",
		reason: "another client changed the secret after this run wrote it. No token was revoked"
	};
	if (target.status === "ready") return answerForStored(target, known);
	return isFailed(target) || target.status === "planned" ? answerForStored(storedIn(target), known) : forCurrent(known);
}
function storedIn(target) {
	return isFailed(target) ? target : { stored: target.replaced };
}
function forCurrent({ current }) {
	if (current === void 0) return {
		answer: "unknown",
		reason: "it is not known what the secret holds"
	};
	const { tokenId, isVerified } = current;
	const what = nameOf(tokenId);
	return isVerified ? {
		answer: "yes",
		reason: `the secret holds ${what}, which the registry accepted in this run`
	} : {
		answer: "unknown",
		reason: `the secret holds ${what}, which this run did not verify`
	};
}
/** What a secret holds that this run did not write, or may not have written. */
function answerForStored({ stored, mayHold = false }, known) {
	const { owner, current, refused, revoked, now } = known;
	if (stored === void 0) return {
		answer: "unknown",
		reason: "the action could not read the secret. It revoked no token that may be there"
	};
	if (stored.kind === "absent") return mayHold ? {
		answer: "unknown",
		reason: "the secret did not exist, and it is not certain that this run created it"
	} : {
		answer: "no",
		reason: "the secret does not exist"
	};
	const [record] = ownRecords(stored.records, owner);
	if (record === void 0) return {
		answer: "as-before",
		reason: "the secret still holds a credential that this action did not write"
	};
	const { tokenId, expiresAt } = record;
	const what = nameOf(tokenId);
	if (tokenId === current?.tokenId) return forCurrent(known);
	const isDead = refused.has(tokenId) || revoked.includes(tokenId) || expiresAt !== void 0 && expiresAt <= now;
	if (mayHold) {
		const either = `the secret holds ${current === void 0 ? "the new token" : nameOf(current.tokenId)} or still ${what}`;
		return isDead ? {
			answer: "unknown",
			reason: `${either}, which does not work any more`
		} : {
			answer: "as-before",
			reason: `${either}. Neither was revoked`
		};
	}
	if (revoked.includes(tokenId)) return {
		answer: "no",
		reason: `the secret holds ${what}, which was revoked`
	};
	if (refused.has(tokenId)) return {
		answer: "no",
		reason: `the secret holds ${what}, which the registry refuses`
	};
	if (isDead) return {
		answer: "no",
		reason: `the secret holds ${what}, which has expired`
	};
	return {
		answer: "as-before",
		reason: `the secret still holds ${what}. ${known.isDryRun ? "This dry run changed nothing" : "This run did not revoke it"}`
	};
}
function nameOf(tokenId) {
	return isProvided(tokenId) ? "a credential that the workflow provided" : `token \`${tokenId}\``;
}
// src/report/pull-report.ts
/** What a run learns about the credentials in its targets, for the question whether Pods keep pulling. */
var PullReport = class {
	/** Whether the run writes a secret at all. */
	isRequested = true;
	isDryRun = false;
	current;
	revoked = [];
	#refused = /* @__PURE__ */ new Set();
	#owner;
	#now = /* @__PURE__ */ new Date(0);
	#observed = [];
	#targets;
	#changed = [];
	#isWriting = false;
	/** What the targets hold before anything is written. */
	observed(targets, owner, now) {
		this.#observed = targets;
		this.#targets = targets;
		this.#owner = owner;
		this.#now = now;
	}
	refused(tokenId) {
		this.#refused.add(tokenId);
	}
	/** From now on it is not known what the targets hold, until they are reported. */
	writeStarts() {
		this.#isWriting = true;
	}
	written(targets) {
		this.#targets = targets;
		this.#isWriting = false;
	}
	/** @param errors one for each target */
	changedAfterWrite(errors) {
		this.#changed = errors.map(({ details: { cluster = "", namespace = "" } }) => ({
			cluster,
			namespace
		}));
	}
	/** When the oldest record of a token in the observed targets says that it was minted; undefined when none does. */
	mintedAt(tokenId) {
		const owner = this.#owner;
		if (owner === void 0) return void 0;
		return this.#observed.flatMap((target) => target.stored ?? []).flatMap((one) => one.kind === "present" ? ownRecords(one.records, owner) : []).flatMap((record) => record.tokenId === tokenId ? record.mintedAt ?? [] : []).sort((one, other) => one.getTime() - other.getTime())[0];
	}
	/** The answers of a run that has failed, the worst first. */
	impacts() {
		if (!this.isRequested) return [];
		if (this.#targets === void 0 || this.#owner === void 0) return [NOTHING_DONE$1];
		if (this.#isWriting) return [INTERRUPTED];
		return pullImpacts(this.#targets, {
			owner: this.#owner,
			now: this.#now,
			isDryRun: this.isDryRun,
			current: this.current,
			refused: this.#refused,
			revoked: this.revoked,
			changed: this.#changed
		});
	}
};
const NOTHING_DONE$1 = {
	answer: "as-before",
	reason: "the run ended before it changed anything in a cluster",
	targets: []
};
const INTERRUPTED = {
	answer: "unknown",
	reason: "the run ended while it wrote the secrets. It revoked no token that a target held",
	targets: []
};
// src/report/summary-data.ts
/** Of a run that has not done anything yet. */
const NOTHING_DONE = {
	isDryRun: false,
	isVerified: true,
	secretName: void 0,
	choice: void 0,
	overdue: "",
	credential: void 0,
	replaced: [],
	unused: void 0,
	nextRotation: "",
	verifications: [],
	targets: [],
	changes: [],
	isWriting: false,
	notes: [],
	workloads: [],
	revoked: [],
	unrevoked: [],
	pulls: [],
	phases: [],
	total: {
		durationMs: 0,
		requests: 0
	}
};
// src/report/unmanaged.ts
const MAX_NAMED = 3;
/** Sentences about credentials that this action did not mint. */
function unmanagedNotes({ replaced, copied }, isDryRun) {
	const notes = [];
	if (replaced.length > 0) {
		const what = `${isDryRun ? "Would take" : "Took"} over the secret in ${named(replaced)}`;
		notes.push(`${what}. This action did not mint the credential that it replaced: revoke it where it was issued.`);
	}
	if (copied.length > 0) {
		const what = `${isDryRun ? "Would remove" : "Removed"} the annotation \`${LAST_APPLIED}\` in ${named(copied)}`;
		notes.push(`${what}. It held a copy of an earlier credential: if this action did not mint it, revoke it.`);
	}
	return notes;
}
function named(targets) {
	const names = targets.slice(0, MAX_NAMED).map(({ cluster, namespace }) => `${cluster.name}: ${namespace}`);
	const rest = targets.length - names.length;
	return rest > 0 ? `${names.join(", ")} and ${formatCount(rest, "other namespace")}` : names.join(", ");
}
// src/report/verification.ts
/** What the registry was found to do, of which a sentence is made. */
const FINDINGS = {
	"can-pull": (one) => `registry ${one.host} lets ${credentialOf(one)} pull ${one.image} and refuses anonymous access`,
	accepted: (one) => `registry ${one.host} accepts ${credentialOf(one)}`,
	"image-missing": (one) => `registry ${one.host} accepts ${credentialOf(one)}, but does not have image ${one.image}`,
	"image-public": (one) => `registry ${one.host} accepts ${credentialOf(one)}. Image ${one.image} is public, so permission to pull private images was not verified`,
	"anonymous-unknown": (one) => `registry ${one.host} accepts ${credentialOf(one)} and lets it pull ${one.image}. Whether the image is public is unknown, because an anonymous request got no conclusive response`,
	"no-login-required": (one) => `registry ${one.host} requires no login, so ${credentialOf(one)} was not verified`
};
/** A registry can have several, each for a path. */
function credentialOf({ server }) {
	return imagePrefix(server).endsWith("/") ? "this credential" : `the credential for ${server}`;
}
/** For the log. One with a hint shows less than was asked for. */
function verificationInLog(verified) {
	return verified.hint === void 0 ? `Verified: ${FINDINGS[verified.kind](verified)}.` : verificationInSummary(verified);
}
/** For the job summary, where it has a label. */
function verificationInSummary(verified) {
	return `${capitalized(FINDINGS[verified.kind](verified))}.`;
}
// src/report/report.ts
/** What a run reports: published as outputs as soon as it is known, and remembered for the job summary. */
var Report = class {
	timeline = new Timeline();
	#outputs = new PublishedOutputs();
	#pulls = new PullReport();
	#data = NOTHING_DONE;
	/** Sets the outputs that the run did not get to. */
	finish() {
		this.#outputs.publishRest();
	}
	/** What a run is asked for. */
	started({ dryRun: isDryRun, verify: isVerified, secret }) {
		if (isDryRun) info("Dry run: this run mints, writes and revokes nothing.");
		this.#pulls.isDryRun = isDryRun;
		this.#pulls.isRequested = secret !== void 0;
		this.#remember({
			isDryRun,
			isVerified,
			secretName: secret?.name
		});
	}
	/** What the targets hold before anything is written. */
	observed(targets, owner, now) {
		this.#pulls.observed(targets, owner, now);
	}
	/** A registry refused a token that targets hold. */
	refused(tokenId) {
		this.#pulls.refused(tokenId);
	}
	/** From now on targets may hold the credential. */
	writeStarts() {
		this.#pulls.writeStarts();
		this.#remember({ isWriting: true });
	}
	/** @param errors one for each target that did not hold the credential any more when it was read back */
	changedAfterWrite(errors) {
		this.#pulls.changedAfterWrite(errors);
	}
	choice(choice) {
		info(choiceInLog(choice, this.#data.isDryRun));
		this.#remember({ choice });
	}
	/** No run replaced the token when it was due. */
	overdue(token, now) {
		const overdue = overdueSentence(token, now);
		warning("rotation-overdue", `${overdue} ${OVERDUE_HINT}`);
		this.#remember({ overdue });
	}
	organization(guid) {
		this.#outputs.publish("organization-guid", guid);
	}
	credential(credential, { registry, maxAgeMs }) {
		const { tokenId, expiresAt, origin, logins } = credential;
		const expires = expiresAt && timestamp(expiresAt);
		const servers = registry.servers.join(",");
		const login = commonLogin(logins);
		this.#outputs.publish("token", login === void 0 ? "" : mask(login.password, tokenId));
		this.#outputs.publish("token-id", tokenId);
		this.#outputs.publish("token-expires-at", expires ?? "");
		this.#outputs.publish("minted", origin === "minted");
		this.#outputs.publish("docker-server", servers);
		this.#outputs.publish("docker-username", login?.username ?? "");
		this.#outputs.publish("docker-config-json", configOf(logins, registry));
		const facts = {
			tokenId,
			origin,
			expiresAt: expires,
			servers: registry.servers,
			username: login?.username
		};
		this.#remember({ credential: facts });
		this.#pulls.current = {
			tokenId,
			isVerified: this.#data.isVerified
		};
		this.nextRotation(nextRotation(credential, maxAgeMs));
	}
	/** From when on a run would rotate; undefined when it is unknown. */
	nextRotation(date) {
		const from = date === void 0 ? "" : timestamp(/* @__PURE__ */ new Date(Math.ceil(date.getTime() / 1e3) * 1e3));
		this.#outputs.publish("next-rotation", from);
		this.#remember({ nextRotation: from });
	}
	/** A token that was revoked because nothing used it is no result of the run. */
	withdraw({ tokenId }) {
		this.#remember({ unused: tokenId });
		if (this.#data.credential?.tokenId !== tokenId) return;
		this.#remember({ credential: void 0 });
		for (const name of [
			"token",
			"token-id",
			"token-expires-at",
			"docker-config-json"
		]) this.#outputs.publish(name, "");
		this.nextRotation(void 0);
		this.#outputs.publish("minted", false);
	}
	verifications(verifications) {
		const verified = verifications.filter((one) => one.status === "verified");
		for (const one of verified) {
			const line = verificationInLog(one);
			if (one.hint === void 0) info(line);
			else warning("verification-incomplete", `${line} ${one.hint}`);
		}
		const isVerified = this.#data.isVerified && verified.every(({ kind }) => kind !== "no-login-required");
		const { current } = this.#pulls;
		this.#pulls.current = current && {
			...current,
			isVerified
		};
		this.#remember({
			isVerified,
			verifications: verified.map(verificationInSummary)
		});
	}
	/** No registry was asked. */
	unverified(tokenId) {
		const message = `Token ${tokenId} was not verified, because \`verify\` is \`false\`: the action did not ask a registry whether it accepts this token.`;
		warning("verification-skipped", `${message} This run revokes no token that it replaced.`);
		this.#remember({ verifications: [message] });
	}
	targets(secret, outcomes) {
		const resultsWith = (fieldsOf) => outcomes.map((outcome) => targetResult(outcome, secret, fieldsOf));
		const targets = resultsWith((error) => ({ error: errorText(error) }));
		logTargets(targets);
		this.#pulls.written(outcomes);
		this.#remember({ targets: resultsWith(({ code, message }) => ({
			code,
			error: message
		})) });
		this.#outputs.publish("secret-name", secret ?? "");
		this.#outputs.publish("changed", targets.some(isChanged));
		this.#outputs.publish("targets", redactedJson(targets));
	}
	/** What was written to the targets. */
	changes(outcomes, record) {
		this.#remember({ changes: secretChanges(outcomes, record) });
	}
	/** The tokens that the credential replaces in the targets. */
	replaced({ superseded }, now) {
		const replaced = superseded.map(({ tokenId }) => {
			const mintedAt = this.#pulls.mintedAt(tokenId);
			return {
				tokenId,
				ageDays: mintedAt && daysSince(mintedAt, now)
			};
		});
		this.#remember({ replaced });
	}
	/** What is left to the user: only what this action minted is revoked. */
	unmanaged(credentials) {
		const notes = unmanagedNotes(credentials, this.#data.isDryRun);
		for (const note of notes) info(note);
		this.#remember({ notes });
	}
	workloads(workloads) {
		const reportsWith = (text) => workloads.map(({ error, ...workload }) => ({
			...error && { reason: text(error) },
			...workload
		}));
		this.#remember({ workloads: reportsWith(({ message }) => message) });
		this.#outputs.publish("workloads", redactedJson(reportsWith(errorText)));
	}
	revocation({ revoked, unrevoked }) {
		this.#remember({
			revoked,
			unrevoked
		});
		this.#pulls.revoked = revoked;
		this.#outputs.publish("revoked", JSON.stringify(revoked));
		this.#outputs.publish("unrevoked", JSON.stringify(unrevoked.map(({ tokenId }) => tokenId)));
	}
	/** One annotation with what the run did, and when it is due again. A run that failed has its errors. */
	notice() {
		const { nextRotation } = this.#data;
		const next = nextRotation === "" ? "" : ` Next rotation: ${firstRunAfter(nextRotation)}.`;
		notice("Registry Pull Secret", `${verdictOf(this.#data, [])}.${next}`);
	}
	/** The job summary, as Markdown. */
	summary(errors) {
		const pulls = errors.length > 0 ? this.#pulls.impacts() : [];
		const { phases, total } = this.timeline;
		return jobSummary({
			...this.#data,
			pulls,
			phases,
			total
		}, errors);
	}
	#remember(data) {
		this.#data = {
			...this.#data,
			...data
		};
	}
};
export { requireTokenId as $, createDiscovery as $t, loadInputs as A, hostProblem as At, readSecret$1 as B, isSocks as Bt, causesOf as C, repositoryOf as Ct, EarlyConnections as D, findKey as Dt, clusterProxy as E, shortLifeOf as Et, LEGACY_TYPE as F, readEntry as Ft, RECORDS as G, mayBeThisMachine as Gt, formatPending as H, isLoopback as Ht, MANAGED_BY as I, quote as It, formatRecords as J, inApplyOrder as Jt, conflictingRecords as K, withoutBrackets as Kt, describeSecret as L, looksLikeKubeconfig as Lt, DOCKER_CONFIG_KEY as M, shownKeys as Mt, DOCKER_CONFIG_TYPE as N, tooManyHosts as Nt, catching as O, hostOf$1 as Ot, LAST_APPLIED as P, loginOf as Pt, isTokenId as Q, collectionOf as Qt, placeOf as R, NO_PROXIES as Rt, annotateErrors as S, referenceOf as St, connectEarly as T, secretOf as Tt, ownPending as U, isSafe as Ut, PENDING as V, maskProxyLogin as Vt, MAX_CLOCK_SKEW_MS as W, isSameDomain as Wt, isOwn as X, placeObject as Xt, formatWith as Y, isNamespace as Yt, ownRecords as Z, DEFINITION as Zt, clustersOf as _, TAG as _t, isReady as a, isObserved as an, changePodSpec as at, passwordOf as b, imagePrefix as bt, candidateOf as c, metadataOf as cn, podSpecOf as ct, newerThan as d, LABEL as dn, CONTAINERS as dt, groupOf as en, dockerConfig as et, selectCandidates as f, SUBDOMAIN as fn, KEY as ft, holdsCredential as g, REPOSITORY as gt, mintOf as h, DIGEST as ht, isMarkable as i, groupKind as in, parseVerifyImage as it, loadTimeoutMs as j, identityTokenProblem as jt, loadCleanupInputs as k, LOG_IN as kt, clusterSkipReason as l, nameOf$1 as ln, withAccountSecret as lt, hostsText as m, isPathSegment as mn, keysForNodes as mt, failedTarget as n, conditionOf as nn, maskEntries as nt, isSamePlace as o, isOwnedBy as on, createsPods as ot, describeMint as p, isApiVersion as pn, LABEL_VALUE as pt, droppedHosts as q, withoutFinalSlashes as qt, isFailed as r, deletionOf as rn, isMatched as rt, nextRotation as s, labelOf as sn, isServiceAccount as st, Report as t, annotationOf as tn, loginsIn as tt, mintSkipReason as u, uidOf as un, withPullSecret as ut, scopeOf as v, hostOf as vt, manifestsOf as w, knownLifeOf as wt, providedTokenId as x, matchesImage as xt, isProvided as y, imageAt as yt, readEntries as z, createProxyChoice as zt };
