import { Mt as expiryOf, Tt as isLoopback, _n as asText, hn as asObject, jt as claimsOf } from "./inputs.js";
import { n as contentOf, r as readNamedFile } from "./file-or-data.js";
import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
// src/kubernetes/useless-user.ts
/** What `kubectl config view` prints in place of secrets and certificates. */
const OMITTED = ["REDACTED", "DATA+OMITTED"];
/** A token of a clock that is a little ahead has not expired. */
const CLOCK_TOLERANCE_MS = 6e4;
const FLATTEN_HINT = "Create one that contains everything, and use its text: `kubectl config view --raw --flatten --minify`.";
/** Whether a value of a kubeconfig stands for a secret that was left out. */
function isOmitted(value) {
	return OMITTED.includes(String(value).trim());
}
/** Whether one of the values of a kubeconfig was left out when it was printed. */
function hasOmissions(cluster, user) {
	return [
		cluster.caData,
		user.certData,
		user.keyData,
		user.token,
		user.password
	].some(isOmitted);
}
/**
* The files that a kubeconfig names and that cannot be read here. A relative path is one of a kubeconfig that is a text: it would be
* relative to the workspace.
*/
function missingFiles(cluster, user) {
	return [
		{
			field: "certificate-authority",
			path: cluster.caData ? void 0 : cluster.caFile
		},
		{
			field: "client-certificate",
			path: user.certData ? void 0 : user.certFile
		},
		{
			field: "client-key",
			path: user.keyData ? void 0 : user.keyFile
		},
		{
			field: "idp-certificate-authority",
			path: idpAuthorityOf(user)
		},
		{
			field: "tokenFile",
			path: asText(user.authProvider?.config?.tokenFile)
		}
	].flatMap(({ field, path }) => path && !(isAbsolute(path) && existsSync(path)) ? [{
		field,
		path
	}] : []);
}
function idpAuthorityOf({ authProvider }) {
	const config = asObject(authProvider?.config);
	return config["idp-certificate-authority-data"] ? void 0 : asText(config["idp-certificate-authority"]);
}
/** Why the API server will not accept this user, as it reads after "has "; undefined when no reason was found. */
function uselessUser(user, server, now) {
	const cert = contentOf(user.certData, user.certFile);
	const hasKey = Boolean(user.keyData || user.keyFile);
	if (!(user.token || user.username || user.exec || user.authProvider) && cert === void 0 && !hasKey) return isLoopback(URL.parse(server)?.hostname ?? "") ? void 0 : "a user without any credential";
	if (cert === void 0 === hasKey) return "only one of client certificate and key";
	return (cert && certificateProblem(cert, now)) ?? tokenExpiry(tokenOf(user), now);
}
function certificateProblem(pem, now) {
	try {
		const { validFromDate, validToDate } = new X509Certificate(pem);
		if (validToDate < now) return `a client certificate that expired at ${validToDate.toISOString()}`;
		return validFromDate > now ? `a client certificate that is valid only from ${validFromDate.toISOString()} on` : void 0;
	} catch {
		return "a client certificate that is not PEM";
	}
}
function tokenOf({ token, authProvider }) {
	const path = asText(authProvider?.config?.tokenFile);
	return path === void 0 ? token : readNamedFile(path).toString();
}
function tokenExpiry(token, now) {
	const expiry = token === void 0 ? void 0 : expiryOf(claimsOf(String(token).trim()));
	if (expiry === void 0 || expiry.getTime() + CLOCK_TOLERANCE_MS > now.getTime()) return void 0;
	return `a token that expired at ${expiry.toISOString()}`;
}
export { uselessUser as a, missingFiles as i, hasOmissions as n, isOmitted as r, FLATTEN_HINT as t };
