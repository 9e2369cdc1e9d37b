import { J as mask, N as claimsOf, P as expiryOf, St as reason, Y as maskBasic, mt as isAbort, ot as asText } from "./runner.js";
import { qt as withoutFinalSlashes } from "./inputs.js";
import { c as HttpError, o as acceptNamedServer } from "./http.js";
import { C as tokenProblem, w as trimToken } from "./kubeconfig.js";
import { H as loginError } from "./run.js";
// src/kubernetes/oidc-refresh.ts
/** A token counts as expired this long before it expires, as in client-go. */
const EXPIRY_TOLERANCE_MS = 1e4;
/**
* The id-tokens of a person who logged in with OIDC. client-node 2.0.1 refreshes them with each request, and fails to parse the issuer.
* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#option-1-oidc-authenticator
*/
var OidcSession = class {
	#provider;
	#cluster;
	#send;
	#stored;
	/** An issuer may replace it with each use. The new one is in memory only. */
	#refreshToken;
	/** @param cluster the context of the kubeconfig, for errors */
	constructor(provider, cluster, send) {
		this.#provider = provider;
		this.#cluster = cluster;
		this.#send = send;
		this.#stored = trimToken(asText(provider["id-token"]) ?? "");
		this.#refreshToken = trimToken(asText(provider["refresh-token"]) ?? "");
	}
	/** The stored token the first time, if it has not expired; then a new one. @throws ActionError `cluster-login-failed` */
	async next() {
		const stored = this.#stored === void 0 ? void 0 : withExpiry(this.#stored);
		this.#stored = void 0;
		if (stored !== void 0 && stored.expiresAtMs > Date.now()) return stored;
		try {
			return await this.#refresh();
		} catch (error) {
			if (isAbort(error)) throw error;
			const problem = `the id-token of its kubeconfig user has expired or was rejected, and it could not be refreshed: ${reason(error)}`;
			throw loginError(this.#cluster, problem, {
				cause: error,
				hint: PERSON_HINT
			});
		}
	}
	/** https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens. Not retried: a refresh token may work only once. */
	async #refresh() {
		const refreshToken = this.#refreshToken;
		if (refreshToken === void 0) throw new Error("it has no refresh-token");
		const clientId = asText(this.#provider["client-id"]);
		const secret = asText(this.#provider["client-secret"]);
		if (clientId === void 0) throw new Error("it has no client-id");
		const url = await this.#tokenEndpoint();
		const form = {
			grant_type: "refresh_token",
			refresh_token: refreshToken
		};
		const response = secret === void 0 ? await this.#requestToken(url, {
			...form,
			client_id: clientId
		}) : await this.#requestToken(url, form, maskBasic(encodeURIComponent(clientId), encodeURIComponent(secret))).catch(async (error) => {
			if (!isClientRefused(error)) throw error;
			return await this.#requestToken(url, {
				...form,
				client_id: clientId,
				client_secret: secret
			});
		});
		const { id_token, refresh_token, access_token } = response.json();
		mask(asText(access_token) ?? "");
		const value = trimToken(asText(id_token) ?? "");
		this.#refreshToken = trimToken(asText(refresh_token) ?? "") ?? refreshToken;
		if (value === void 0 || tokenProblem(value) !== void 0) throw response.unexpected("it contains no id_token");
		return withExpiry(value);
	}
	/** @param basic of the client: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
	async #requestToken(url, form, basic) {
		return await this.#send({
			service: "cluster",
			operation: "refresh the id-token",
			method: "POST",
			url,
			headers: { "content-type": "application/x-www-form-urlencoded" },
			...basic !== void 0 && { credentials: { authorization: `Basic ${basic}` } },
			body: new URLSearchParams(form).toString(),
			maxAttempts: 1
		});
	}
	/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
	async #tokenEndpoint() {
		const issuer = asText(this.#provider["idp-issuer-url"]);
		if (issuer === void 0 || !URL.canParse(issuer)) throw new Error("it has no idp-issuer-url");
		const url = `${withoutFinalSlashes(issuer)}/.well-known/openid-configuration`;
		const response = await this.#send({
			service: "cluster",
			operation: "read the configuration of the issuer",
			url
		});
		const endpoint = asText(response.json().token_endpoint);
		if (endpoint === void 0 || !URL.canParse(endpoint)) throw response.unexpected("it names no token_endpoint");
		acceptNamedServer({
			operation: "refresh the id-token",
			from: new URL(issuer),
			to: new URL(endpoint),
			role: "login server"
		});
		return endpoint;
	}
};
/** Some issuers accept the secret in the form only. As Go does, it is sent there next; the refresh token has not been used. */
function isClientRefused(error) {
	return error instanceof HttpError && (error.status === 400 || error.status === 401) && error.details.serverCode === "invalid_client";
}
function withExpiry(value) {
	const expiry = expiryOf(claimsOf(value));
	return {
		value,
		expiresAtMs: expiry === void 0 ? Number.POSITIVE_INFINITY : expiry.getTime() - EXPIRY_TOLERANCE_MS
	};
}
const PERSON_HINT = "The kubeconfig contains the interactive login of a person, which ends after some time. Use the token of a service account, or `kube-oidc-audience`; for IBM Cloud log in with an API key and run `ibmcloud ks cluster config` in an earlier step.";
export { OidcSession };
