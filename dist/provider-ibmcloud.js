import { U as lookUpBriefly, W as listRepositories } from "./run.js";
import { E as nearestNames, J as mask, W as printable, _t as ActionError, at as asObjects, ot as asText, ut as MANAGER_NAME } from "./runner.js";
import { $ as requireTokenId, Q as isTokenId } from "./inputs.js";
import { c as HttpError } from "./http.js";
// src/issuer/ibmcloud/page-token.ts
/** The link to the next page is absolute. Only its page token is used, so the access token goes to our endpoint only. */
function pageTokenOf(link) {
	const url = asText(link);
	if (url === void 0 || !URL.canParse(url, "https://host")) return void 0;
	return new URL(url, "https://host").searchParams.get("pagetoken") ?? void 0;
}
// src/issuer/ibmcloud/restriction.ts
/**
* Sends requests to IAM. When IAM refuses one and says why, the error starts with that: an account can restrict IP
* addresses and who may create API keys, which no role of the service ID changes.
* @see https://cloud.ibm.com/docs/account?topic=account-ips
* @see https://cloud.ibm.com/docs/account?topic=account-allow-api-create
*/
function quotingRestrictions(send) {
	return async (request) => {
		try {
			return await send(request);
		} catch (error) {
			if (!(error instanceof HttpError) || !isRefusal(error)) throw error;
			const { serverMessage, details, hint } = error;
			const message = error.message.slice(0, error.message.lastIndexOf(serverMessage)).replace(/:? $/, "");
			const ownHint = hintFor(serverMessage) ?? hint;
			throw new ActionError("issuer-access-denied", `IAM refused: "${serverMessage}". ${message}`, {
				cause: error,
				details,
				...ownHint !== void 0 && { hint: ownHint }
			});
		}
	};
}
/** Some of IAM's refusals come as 400 or 401, and only their message is about a restriction. */
function isRefusal({ status, serverMessage }) {
	if (serverMessage === "") return false;
	return status === 403 || (status === 400 || status === 401) && hintFor(serverMessage) !== void 0;
}
/** The response behind an error, also when the error starts with what IAM says. */
function httpErrorOf(error) {
	const cause = error instanceof ActionError && error.cause instanceof HttpError ? error.cause : error;
	return cause instanceof HttpError ? cause : void 0;
}
function hintFor(serverMessage) {
	if (/\bIPs?\b|\bIP address/i.test(serverMessage)) return "The account, or the user of `api-key`, allows certain IP addresses only: add the address of this runner, or use a self-hosted runner with an allowed one.";
	if (/restrict/i.test(serverMessage)) return "The account settings in IAM restrict this: ask an administrator of the account for the role that they name, for example Service ID creator or User API key creator.";
}
// src/issuer/ibmcloud/api-key.ts
/** More than a service ID can have; it stops at a server that always returns a next page. */
const MAX_PAGES$1 = 100;
/**
* Issues API keys of a service ID by `/v1/apikeys`.
* @see https://cloud.ibm.com/apidocs/iam-identity-token-api
*/
function createApiKeyIssuer(send, request) {
	const { iamEndpoint, account, serviceId, expiresInMs, accessToken } = request;
	const keysUrl = `${iamEndpoint}/v1/apikeys`;
	const location = `of service ID ${serviceId} at ${iamEndpoint}`;
	const common = async (credentials = {}) => ({
		service: "issuer",
		credentials: {
			authorization: `Bearer ${await accessToken()}`,
			...credentials
		},
		hints: () => HINTS
	});
	async function mint(description) {
		const expiry = expiresInMs === void 0 ? void 0 : wholeMinute(Date.now() + expiresInMs);
		const body = {
			name: MANAGER_NAME,
			description,
			iam_id: serviceId,
			account_id: account,
			store_value: false,
			...expiry && { expires_at: formatExpiry(expiry) }
		};
		const response = await send({
			...await common(),
			operation: `mint an API key ${location}`,
			method: "POST",
			url: keysUrl,
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body)
		}).catch(rethrowMintError);
		const key = response.json();
		const value = asText(key.apikey);
		if (value !== void 0) mask(value);
		const { id } = key;
		if (value === void 0 || !isTokenId(id)) throw response.unexpected("the response has no API key with a valid id");
		const expiresAt = new Date(asText(key.expires_at) ?? "");
		return {
			id,
			value,
			expiresAt: Number.isNaN(expiresAt.getTime()) ? expiry : expiresAt
		};
	}
	async function list() {
		const keys = [];
		const query = new URLSearchParams({
			account_id: account,
			iam_id: serviceId,
			pagesize: "100"
		});
		for (let page = 0; page < MAX_PAGES$1; page++) {
			const operation = `list the API keys ${location}`;
			const { apikeys, next } = (await send({
				...await common(),
				operation,
				url: `${keysUrl}?${query}`
			})).json();
			for (const { id, description } of asObjects(apikeys)) if (isTokenId(id)) keys.push({
				id,
				description: asText(description) ?? ""
			});
			const token = pageTokenOf(next);
			if (token === void 0) break;
			query.set("pagetoken", token);
		}
		return keys;
	}
	/** IAM returns the value of a key only when it creates the key. */
	async function recover(id) {
		await revoke(id);
	}
	/** The name and the service ID are compared too: anyone who can write the secret could store a foreign key in it. */
	async function confirm({ id, value }) {
		if (!isTokenId(id) || !API_KEY.test(value)) return "mismatch";
		const response = await send({
			...await common({ "iam-apikey": value }),
			operation: `look up a stored API key at ${iamEndpoint}`,
			url: `${keysUrl}/details`,
			expectedStatuses: [
				400,
				403,
				404
			]
		});
		if (response.status !== 200) return await exists(id) ? "mismatch" : "gone";
		const key = response.json();
		return key.id === id && key.name === "registry-pull-secret" && key.iam_id === serviceId ? "match" : "mismatch";
	}
	async function exists(id) {
		return (await send({
			...await requestForKey(id),
			expectedStatuses: [
				400,
				403,
				404
			]
		})).status !== 404;
	}
	async function revoke(id) {
		const operation = `delete API key ${printable(id)} ${location}`;
		try {
			await send({
				...await requestForKey(id),
				operation,
				method: "DELETE",
				expectedStatuses: [404]
			});
		} catch (error) {
			const response = httpErrorOf(error);
			if (response !== void 0 && response.status < 500 && await isLocked(id)) throw lockedError(id, response);
			throw error;
		}
	}
	async function isLocked(id) {
		return await send(await requestForKey(id)).then((response) => response.json().locked === true, () => false);
	}
	async function requestForKey(id) {
		const operation = `look up API key ${printable(id)} ${location}`;
		const url = `${keysUrl}/${requireTokenId(id, operation)}`;
		return {
			...await common(),
			operation,
			url
		};
	}
	return {
		mint,
		list,
		recover,
		confirm,
		revoke
	};
}
/**
* Visible ASCII, the form of the value of a header: https://www.rfc-editor.org/rfc/rfc9110#section-5.5. The keys that this
* action mints are URL-safe, and far shorter: https://cloud.ibm.com/apidocs/iam-identity-token-api#create-api-key
*/
const API_KEY = /^[\x21-\x7e]{1,512}$/;
const HINTS = {
	400: "Check `service-id` and `account`: the service ID must belong to that account.",
	401: "IAM no longer accepts the login of this run: check that `api-key` was not deleted or disabled.",
	403: "Grant the owner of `api-key` the role Operator for this service ID, or Administrator of the IAM Identity Service.",
	404: "Check `service-id` and `account`, and that `iam-endpoint` is IAM, as in https://iam.cloud.ibm.com."
};
const MINUTE_MS = 6e4;
/** IAM keeps whole minutes; rounded up, so a key does not live shorter than asked. */
function wholeMinute(timeMs) {
	return /* @__PURE__ */ new Date(Math.ceil(timeMs / MINUTE_MS) * MINUTE_MS);
}
/** `yyyy-MM-ddTHH:mm+0000`: https://cloud.ibm.com/apidocs/iam-identity-token-api#create-api-key */
function formatExpiry(expiry) {
	return `${expiry.toISOString().slice(0, 16)}+0000`;
}
/** IAM limits the API keys of an identity: https://github.com/IBM-Cloud/terraform-provider-ibm/issues/3626 */
function rethrowMintError(error) {
	const response = httpErrorOf(error);
	if (!(response !== void 0 && response.status !== 429 && response.status < 500 && /limit|exceed|maximum|too many/i.test(response.serverMessage))) throw error;
	throw new ActionError("api-key-limit-reached", response.message, {
		cause: response,
		details: response.details,
		hint: "Delete unused API keys of the service ID: `ibmcloud iam service-api-keys <service id>` lists them with their descriptions."
	});
}
function lockedError(id, cause) {
	return new ActionError("api-key-locked", `${cause.message}: the key is locked`, {
		cause,
		details: cause.details,
		hint: `Unlock it with \`ibmcloud iam service-api-key-unlock ${id} <service id>\`. The next run that mints a key deletes it.`
	});
}
// src/issuer/ibmcloud/iam-token.ts
/** IAM access tokens expire within an hour, and a run can take longer. IBM's SDKs also renew them at 80 %. */
const RENEW_AFTER_FRACTION = .8;
/** Returns IAM access tokens: logs in with the API key on the first call, and again when the token is about to expire. */
function createLogin({ iamEndpoint, apiKey, now = Date.now }) {
	let token;
	return async (send) => {
		if (token === void 0 || token.renewAtMs <= now()) token = await getAccessToken(send, {
			iamEndpoint,
			apiKey,
			now
		});
		return token.value;
	};
}
/** @see https://cloud.ibm.com/apidocs/iam-identity-token-api#gettoken-apikey */
async function getAccessToken(send, { iamEndpoint, apiKey, now }) {
	const response = await send({
		service: "issuer",
		operation: `log in at ${iamEndpoint}`,
		method: "POST",
		url: `${iamEndpoint}/identity/token`,
		headers: { "content-type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({
			grant_type: "urn:ibm:params:oauth:grant-type:apikey",
			apikey: apiKey
		}).toString(),
		hints: () => ({
			400: API_KEY_HINT,
			401: API_KEY_HINT,
			403: API_KEY_HINT,
			404: "Check `iam-endpoint`: the default is https://iam.cloud.ibm.com."
		})
	});
	const { access_token, expires_in } = response.json();
	const value = asText(access_token);
	if (value === void 0) throw response.unexpected("the response has no access_token");
	const lifetimeMs = typeof expires_in === "number" ? expires_in * 1e3 : 0;
	return {
		value: mask(value),
		renewAtMs: now() + lifetimeMs * RENEW_AFTER_FRACTION
	};
}
const API_KEY_HINT = "Check `api-key`: it must be an IBM Cloud API key of this environment that manages the service ID, and must not be deleted or disabled.";
// src/issuer/ibmcloud/service-id.ts
/** More than an account can have; it stops at a server that always returns a next page. */
const MAX_PAGES = 1e3;
/** Of the names that an error suggests. */
const MAX_SUGGESTED_PAGES = 10;
/** The IAM ID becomes part of requests and of commands in messages. */
const IAM_ID = /^iam-ServiceId-[\w-]+$/;
/**
* The IAM ID of a service ID, looked up by its exact name: names are not unique in an account.
* @see https://cloud.ibm.com/apidocs/iam-identity-token-api#list-service-ids
* @throws ActionError when no service ID or more than one has that name
*/
async function getServiceId(send, request) {
	const { serviceId, iamEndpoint, account } = request;
	if ("iamId" in serviceId) return serviceId.iamId;
	const { name } = serviceId;
	const iamIds = new Set((await list(send, request, { name })).filter((one) => one.name === name).map((one) => one.iamId));
	const [iamId] = iamIds;
	if (iamId !== void 0 && iamIds.size === 1) return iamId;
	const details = { host: new URL(iamEndpoint).host };
	if (iamIds.size > 1) {
		const ids = [...iamIds].map((one) => one.replace(/^iam-/, "")).join(", ");
		const message = `${iamIds.size} service IDs have the name "${printable(name)}": ${ids}`;
		throw new ActionError("service-id-not-found", message, {
			hint: "Set `service-id` to the right ID.",
			details
		});
	}
	const listed = await lookUpBriefly("the names of service IDs", async (limits) => {
		return await list((one) => send({
			...one,
			...limits
		}), request, { maxPages: MAX_SUGGESTED_PAGES });
	});
	const names = listed?.map((one) => one.name) ?? [];
	const [nearest] = nearestNames(name, names, { limit: 1 });
	const meant = listed?.find((one) => one.iamId.toLowerCase().endsWith(`serviceid-${withoutBeginning(name)}`));
	const similar = meant !== void 0 ? ` (its ID is ${meant.iamId.replace(/^iam-/, "")})` : nearest === void 0 ? "" : ` (the nearest name is "${printable(nearest)}")`;
	const message = `Service ID "${printable(name)}" was not found in account ${account} at ${iamEndpoint}${similar}`;
	throw new ActionError("service-id-not-found", message, {
		hint: NAME_HINT,
		details
	});
}
function withoutBeginning(id) {
	return id.toLowerCase().replace(/^(?:iam-)?(?:serviceid-)?/, "");
}
const NAME_HINT = "Check `service-id`, which is case-sensitive, and `account`, and that the owner of `api-key` may view this service ID; or set the ID, as in ServiceId-1234.";
const LIST_HINTS = {
	401: "IAM no longer accepts the login of this run: check that `api-key` was not deleted or disabled.",
	403: "Grant the owner of `api-key` the role Viewer of the IAM Identity Service, or set `service-id` to the ID, as in ServiceId-1234.",
	404: "Check `account`, and that `iam-endpoint` is IAM, as in https://iam.cloud.ibm.com."
};
async function list(send, { iamEndpoint, account, accessToken, serviceId }, { name: filter, maxPages = MAX_PAGES }) {
	const name = "name" in serviceId ? printable(serviceId.name) : "";
	const all = [];
	const query = new URLSearchParams({
		account_id: account,
		...filter && { name: filter },
		pagesize: "100"
	});
	for (let page = 0; page < maxPages; page++) {
		const { serviceids, next } = (await send({
			service: "issuer",
			operation: `look up service ID "${name}" at ${iamEndpoint}`,
			url: `${iamEndpoint}/v1/serviceids?${query}`,
			credentials: { authorization: `Bearer ${accessToken}` },
			hints: () => LIST_HINTS
		})).json();
		for (const { iam_id: iamId, name } of asObjects(serviceids)) if (typeof iamId === "string" && IAM_ID.test(iamId) && typeof name === "string") all.push({
			iamId,
			name
		});
		const token = pageTokenOf(next);
		if (token === void 0) break;
		query.set("pagetoken", token);
	}
	return all;
}
// src/issuer/ibmcloud/provider.ts
/** Logs in to IAM, looks up the service ID, and mints its API keys. */
function createIbmcloudProvider(request) {
	return {
		endpoint: request.iamEndpoint,
		async open(send) {
			const accessToken = createLogin(request);
			const sendToIam = quotingRestrictions(send);
			const serviceId = await getServiceId(sendToIam, {
				...request,
				accessToken: await accessToken(sendToIam)
			});
			return {
				organizationGuid: void 0,
				issuer(send) {
					const sendToIam = quotingRestrictions(send);
					return createApiKeyIssuer(sendToIam, {
						...request,
						serviceId,
						accessToken: () => accessToken(sendToIam)
					});
				},
				async listRepositories(send, { origin, password }) {
					const credentials = {
						authorization: `Bearer ${await createLogin({
							iamEndpoint: request.iamEndpoint,
							apiKey: password
						})(send)}`,
						account: request.account
					};
					return await listRepositories(send, {
						registry: origin,
						credentials
					});
				}
			};
		},
		manualRevocation: (id) => `Delete it with \`ibmcloud iam service-api-key-delete ${id} ${commandName(request.serviceId)}\`, or in the IBM Cloud console.`
	};
}
/** The argument of a command for a person: a name that a shell could read otherwise is left out. */
function commandName(serviceId) {
	if ("iamId" in serviceId) return serviceId.iamId.replace("iam-", "");
	return /^[\w .-]+$/.test(serviceId.name) ? `"${serviceId.name}"` : "<service ID>";
}
export { createIbmcloudProvider };
