import { _n as asText, cn as mask, hn as asObject } from "./inputs.js";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve, sep } from "node:path";
// src/kubernetes/bearer-token.ts
/** The characters of a header's value: https://www.rfc-editor.org/rfc/rfc6750#section-2.1, more generously. */
const HEADER_VALUE = /^[\x21-\x7e]+$/;
/** A token without the spaces and line breaks around it, as kubectl reads one from a file; undefined when nothing is left. */
function trimToken(text) {
	return mask(text.trim()) || void 0;
}
/** What makes a token unfit for a header, as it reads after "it …"; the text does not quote it. */
function tokenProblem(token) {
	if (HEADER_VALUE.test(token)) return void 0;
	if (/[\r\n]/.test(token)) return "has several lines";
	return /\s/.test(token) ? "contains a space" : "contains characters that no HTTP header can have";
}
// src/kubernetes/exec-credential.ts
/** The versions of the protocol that kubectl knows. */
const EXEC_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
/**
* Reads what an exec plugin wrote to stdout, and masks its secrets.
* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
* @throws Error that reads after "the plugin" and does not quote the output
*/
function parseExecCredential(stdout, apiVersion) {
	const { apiVersion: returned, kind, status } = parse(stdout);
	const { token, clientCertificateData, clientKeyData, expirationTimestamp } = asObject(status);
	const bearer = trimToken(asText(token) ?? "");
	const key = asText(clientKeyData);
	if (key !== void 0) mask(key);
	const cert = asText(clientCertificateData);
	if (kind !== "ExecCredential") throw new Error("did not write an ExecCredential");
	if (returned !== apiVersion) throw new Error(`wrote another API version than the one of the kubeconfig, ${apiVersion}`);
	if (cert === void 0 !== (key === void 0)) throw new Error("wrote only one of certificate and key");
	if (bearer === void 0 && cert === void 0) throw new Error("wrote an ExecCredential without a credential");
	const problem = bearer === void 0 ? void 0 : tokenProblem(bearer);
	if (problem !== void 0) throw new Error(`wrote a token that ${problem}`);
	const expiresAtMs = Date.parse(asText(expirationTimestamp) ?? "");
	return {
		credential: {
			headers: bearer === void 0 ? {} : { authorization: `Bearer ${bearer}` },
			...cert !== void 0 && key !== void 0 && { certificate: {
				cert,
				key
			} }
		},
		renewAtMs: Number.isNaN(expiresAtMs) ? Number.POSITIVE_INFINITY : expiresAtMs
	};
}
function parse(stdout) {
	try {
		return asObject(JSON.parse(stdout));
	} catch {
		throw new Error(stdout.trim() === "" ? "wrote nothing" : "did not write JSON");
	}
}
// src/kubernetes/find-program.ts
/** Whether a command is a path, and not a name to be looked up in PATH. */
function isPath(command) {
	return command.includes("/") || command.includes(sep);
}
/**
* The absolute path of a program, found as kubectl does: a path is relative to the folder of the kubeconfig, a name is looked up
* in PATH. As in Go, relative folders in PATH do not count: a file of the workspace is not run by its name.
* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuration, https://go.dev/blog/path-security
*/
function findProgram(command, { folder, environment }) {
	if (isPath(command)) {
		if (folder === void 0 && !isAbsolute(command)) return void 0;
		return withExtension(resolve(folder ?? "/", command), environment);
	}
	for (const directory of (variable(environment, "PATH") ?? "").split(delimiter)) {
		const found = isAbsolute(directory) ? withExtension(join(directory, command), environment) : void 0;
		if (found !== void 0) return found;
	}
}
/** Windows finds `aws` as `aws.exe`. */
function withExtension(path, environment) {
	return ["", ...process.platform === "win32" ? (variable(environment, "PATHEXT") ?? ".exe").split(";") : []].map((extension) => path + extension).find(isExecutable);
}
function isExecutable(path) {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
/** On Windows the names of variables have no case: https://nodejs.org/api/process.html#processenv */
function variable(environment, name) {
	const found = Object.keys(environment).find((one) => one === name || process.platform === "win32" && one.toUpperCase() === name);
	return found === void 0 ? void 0 : environment[found];
}
export { tokenProblem as a, parseExecCredential as i, isPath as n, trimToken as o, EXEC_VERSIONS as r, findProgram as t };
