import { ct as asText, ht as mask, i as claimsOf } from "./inputs.js";
import { t as HttpError } from "./errors.js";
// src/kubernetes/oidc.ts
/** The name of an `authProvider` of a kubeconfig user whose `config` is a TokenService. */
const GITHUB_OIDC = "github-oidc";
/** A token is renewed after this part of its life: of GitHub's five minutes, after four. */
const RENEW_AFTER = 4 / 5;
/** Of a token without `iat` or `exp`. */
const DEFAULT_LIFE_MS = 6e4;
/** An API server that rejects every token gets one new token in this time. */
const MIN_DISCARD_INTERVAL_MS = 6e4;
const PERMISSION_HINT = "Check that the job has `permissions: id-token: write`.";
/**
* Sends each request with a current token. When the API server rejects the token, for example because its clock is ahead, the
* request is sent again with a new one.
*/
function sendWithOidc(send, tokens) {
	return async (request) => {
		const sendWith = (token) => send({
			...request,
			credentials: {
				...request.credentials,
				authorization: `Bearer ${token}`
			},
			hints: {
				...request.hints,
				401: rejectionHint(token, tokens.audience)
			}
		});
		const token = await tokens.current();
		try {
			return await sendWith(token);
		} catch (error) {
			if (!(error instanceof HttpError && error.status === 401) || !tokens.discard(token)) throw error;
			return await sendWith(await tokens.current());
		}
	};
}
/**
* GitHub's OIDC tokens for one cluster. `getIDToken` of @actions/core is not used: it cannot be aborted, its errors are only
* texts, and it loads an HTTP client at the start of every run (docs/decisions/0010-own-oidc-token-request.md).
*/
var OidcTokens = class {
	audience;
	#options;
	#token;
	#pendingToken;
	#discardedAtMs = 0;
	constructor(options) {
		this.#options = options;
		this.audience = options.service.audience;
	}
	async credentials() {
		return { authorization: `Bearer ${await this.current()}` };
	}
	/** Concurrent callers share one request. @throws HttpError | NetworkError | UnexpectedResponse with `oidc-…` codes */
	async current() {
		if (this.#token !== void 0 && Date.now() < this.#token.renewAtMs) return this.#token.value;
		this.#pendingToken ??= this.#request().finally(() => {
			this.#pendingToken = void 0;
		});
		return await this.#pendingToken;
	}
	/**
	* Forgets a token that the API server rejected, for one or several requests.
	* @returns whether the request is worth another attempt
	*/
	discard(rejected) {
		if (this.#token?.value !== rejected) return true;
		if (Date.now() - this.#discardedAtMs < MIN_DISCARD_INTERVAL_MS) return false;
		this.#discardedAtMs = Date.now();
		this.#token = void 0;
		return true;
	}
	async #request() {
		const { service, cluster, send } = this.#options;
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
		mask(value);
		this.#token = {
			value,
			renewAtMs: Date.now() + lifeMsOf(value) * RENEW_AFTER
		};
		return value;
	}
};
/** `exp` minus `iat`, both of GitHub's clock: the clock of this runner may be wrong. */
function lifeMsOf(token) {
	const { iat, exp } = claimsOf(token);
	return typeof iat === "number" && typeof exp === "number" ? (exp - iat) * 1e3 : DEFAULT_LIFE_MS;
}
/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens */
function rejectionHint(token, audience) {
	return `The API server must trust the issuer ${asText(claimsOf(token).iss) ?? "of GitHub"} for the audience ${audience}, and its clock must be right.`;
}
export { OidcTokens as n, sendWithOidc as r, GITHUB_OIDC as t };
