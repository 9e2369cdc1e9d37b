import { _n as asText, an as printable, hn as asObject } from "./inputs.js";
import { a as tokenProblem, n as isPath, o as trimToken, r as EXEC_VERSIONS } from "./find-program.js";
import { i as GITHUB_OIDC } from "./file-or-data.js";
import { a as uselessUser, i as missingFiles, n as hasOmissions, t as FLATTEN_HINT } from "./useless-user.js";
import { isAbsolute } from "node:path";
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
	const useless = uselessUser(user, cluster.server, /* @__PURE__ */ new Date());
	if (useless !== void 0) return [{
		problem: `has ${useless}, for its context ${quoted(context)}`,
		hint: RENEW_HINT
	}];
	return [
		...tokenProblems(user, context),
		...providerProblems(user, context),
		...execProblems(user, context)
	];
}
const RENEW_HINT = "Store a kubeconfig with the token of a service account, or use `kube-oidc-audience`: neither depends on a person who signs in.";
function missingFile(context, field, path) {
	const why = isAbsolute(path) ? "does not exist on this runner" : "is relative to the folder of the kubeconfig, which a text does not have";
	return {
		problem: `names ${`the file ${quoted(path)} (${field})`} for its context ${quoted(context)}, which ${why}`,
		hint: FLATTEN_HINT
	};
}
function tokenProblems({ token }, context) {
	if (!token) return [];
	const trimmed = trimToken(String(token));
	const problem = trimmed === void 0 ? "is empty" : tokenProblem(trimmed);
	if (problem === void 0) return [];
	return [{ problem: `has a token for its context ${quoted(context)} that ${problem}` }];
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
	if (isPath(name) && !isAbsolute(name) && asText(folder) === void 0) return [{
		problem: `contains ${plugin}: its path is relative to the folder of the kubeconfig, which a text does not have`,
		hint: "Use the name of a program on the PATH or an absolute path as `command`, or set `kubeconfig` to the path of a file."
	}];
	return [];
}
function quoted(text) {
	return `"${printable(text).slice(0, 200)}"`;
}
export { problemsOf };
