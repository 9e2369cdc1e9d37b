import { _n as asText, _t as requireRegular, cn as mask, gt as readRegularFile, jt as claimsOf } from "./inputs.js";
import { existsSync, statSync } from "node:fs";
// src/kubernetes/credential-source.ts
/** An API server that rejects every credential gets one new one in this time. */
const MIN_DISCARD_INTERVAL_MS = 6e4;
/** A credential that is requested once for all requests, and again when it has expired or was rejected. */
var RenewedCredential = class {
	rejectionHint;
	#request;
	#issued;
	#pending;
	#discardedAtMs = 0;
	constructor(request, rejectionHint) {
		this.#request = request;
		if (rejectionHint !== void 0) this.rejectionHint = rejectionHint;
	}
	current = async () => {
		if (this.#issued !== void 0 && Date.now() < this.#issued.renewAtMs) return this.#issued.credential;
		this.#pending ??= this.#renew().finally(() => {
			this.#pending = void 0;
		});
		return await this.#pending;
	};
	discard = (rejected) => {
		if (this.#issued?.credential !== rejected) return true;
		if (Date.now() - this.#discardedAtMs < MIN_DISCARD_INTERVAL_MS) return false;
		this.#discardedAtMs = Date.now();
		this.#issued = void 0;
		return true;
	};
	async #renew() {
		this.#issued = await this.#request();
		return this.#issued.credential;
	}
};
// src/kubernetes/oidc.ts
/** The name of an `authProvider` of a kubeconfig user whose `config` is a TokenService. */
const GITHUB_OIDC = "github-oidc";
/** A token is renewed after this part of its life: of GitHub's five minutes, after four. */
const RENEW_AFTER = 4 / 5;
/** Of a token without `iat` or `exp`. */
const DEFAULT_LIFE_MS = 6e4;
const PERMISSION_HINT = "Check that the job has `permissions: id-token: write`.";
/**
* GitHub's OIDC tokens for one cluster. When the API server rejects one, for example because its clock is ahead, a new one is
* requested. `getIDToken` of @actions/core is not used: it cannot be aborted, its errors are only texts, and it loads an HTTP
* client at the start of every run (docs/decisions/0010-own-oidc-token-request.md).
*/
function githubOidc(options) {
	const { audience } = options.service;
	return new RenewedCredential(async () => {
		const token = await requestToken(options);
		return {
			credential: { headers: { authorization: `Bearer ${token}` } },
			renewAtMs: Date.now() + lifeMsOf(token) * RENEW_AFTER
		};
	}, ({ headers }) => rejectionHint(headers.authorization ?? "", audience));
}
/** @throws HttpError | NetworkError | UnexpectedResponse with `oidc-…` codes */
async function requestToken({ service, cluster, send }) {
	const url = new URL(service.url);
	url.searchParams.set("audience", service.audience);
	const response = await send({
		service: "oidc",
		operation: `request a GitHub OIDC token for the cluster ${cluster}`,
		url,
		about: { cluster },
		credentials: { authorization: `Bearer ${service.requestToken}` },
		hints: {
			401: PERMISSION_HINT,
			403: PERMISSION_HINT
		}
	});
	const value = asText(response.json().value);
	if (value === void 0) throw response.unexpected("it contains no token");
	return mask(value);
}
/** `exp` minus `iat`, both of GitHub's clock: the clock of this runner may be wrong. */
function lifeMsOf(token) {
	const { iat, exp } = claimsOf(token);
	return typeof iat === "number" && typeof exp === "number" ? (exp - iat) * 1e3 : DEFAULT_LIFE_MS;
}
/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens */
function rejectionHint(token, audience) {
	return `The API server must trust the issuer ${asText(claimsOf(token).iss) ?? "of GitHub"} for the audience ${audience}, and its clock must be right.`;
}
// src/kubernetes/file-or-data.ts
/** Of a certificate, a key or a token. */
const MAX_FILE_BYTES = 4194304;
/** Reads a file that a kubeconfig names. @throws Error with a `code` */
function readNamedFile(path) {
	return readRegularFile(path, MAX_FILE_BYTES);
}
/** Checks the kind and the size of a file that `readNamedFile` will read, unless it is missing. @throws Error with a `code` */
function checkNamedFile(path) {
	if (existsSync(path)) requireRegular(statSync(path), MAX_FILE_BYTES);
}
/** PEM that a kubeconfig has as base64 or in a file. Like kubectl, data takes precedence. */
function contentOf(base64, path) {
	if (base64) return Buffer.from(base64, "base64");
	return path ? readNamedFile(path) : void 0;
}
export { githubOidc as a, GITHUB_OIDC as i, contentOf as n, RenewedCredential as o, readNamedFile as r, checkNamedFile as t };
