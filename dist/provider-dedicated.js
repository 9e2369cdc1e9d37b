import { U as lookUpBriefly, W as listRepositories } from "./run.js";
import { J as mask, N as claimsOf, P as expiryOf, St as reason, W as printable, _t as ActionError, a as withSuggestion, at as asObjects, ft as abortError, i as suggestionOf, it as asObject, o as isNotFound, ot as asText, s as runProgram } from "./runner.js";
import { $ as requireTokenId, Q as isTokenId, qt as withoutFinalSlashes } from "./inputs.js";
import { c as HttpError, o as acceptNamedServer } from "./http.js";
// src/issuer/dedicated/cli.ts
/** The IBM Cloud CLI, under its current and its former name. */
const PROGRAMS = ["ibmcloud", "bx"];
/**
* The UAA access token of the CLI session on this runner, from `ibmcloud iam oauth-tokens`; from `bx` where there is no
* `ibmcloud`. The output of the program is never logged: it contains tokens. When `signal` aborts, the program is killed.
* @param environment of the program: the inputs are not part of it
* @see https://cloud.ibm.com/docs/cli?topic=cli-ibmcloud_commands_iam
* @throws ActionError `cli-login-failed`
*/
async function readCliSession(environment, signal) {
	for (const program of PROGRAMS) {
		const token = await printTokens(program, {
			environment,
			signal
		});
		if (token !== void 0) return token;
	}
	throw loginError("no login was provided, and neither `ibmcloud` nor `bx` is on the PATH", "Set `oauth-token`, `username` and `password`, `api-key` or `passcode`; or log in with the CLI in an earlier step.");
}
/** @returns undefined when the program is not on the PATH */
async function printTokens(program, options) {
	const command = `${program} iam oauth-tokens`;
	const result = await runProgram([
		program,
		"iam",
		"oauth-tokens"
	], options).catch((error) => {
		if (options.signal.aborted) throw abortError(`log in with \`${command}\``, options.signal);
		if (isNotFound(error)) return void 0;
		throw loginError(`could not start \`${command}\`: ${printable(reason(error))}`, `Check that this runner can execute \`${program}\` on the PATH.`, error);
	});
	if (result === void 0) return void 0;
	const lines = result.stdout.split(/\r?\n/).map((line) => line.trim());
	for (const line of lines) mask(tokenIn(line) ?? "");
	if (result.exitCode !== 0) throw loginError(`\`${command}\` failed with exit code ${result.exitCode}`, `Log in before this step: \`${program} login -a https://api.<dedicated-domain>\`.`);
	return parseUaaToken(program, lines);
}
/** Finds the line by its name: current versions of the CLI print only the IAM line. */
function parseUaaToken(program, lines) {
	const line = lines.find((one) => /^UAA token:/i.test(one) && tokenIn(one) !== void 0);
	const token = line && tokenIn(line);
	if (token !== void 0) return token;
	throw loginError(`\`${program} iam oauth-tokens\` printed no line "UAA token:"`, `The session has no Cloud Foundry login: run \`${program} login -a https://api.<dedicated-domain>\`, with --no-iam if necessary.`);
}
/** The token in `IAM token:  Bearer <token>`. */
function tokenIn(line) {
	const start = line.toLowerCase().indexOf("token:");
	return (start < 0 ? [] : line.slice(start + 6).split(/\s/)).find((word) => word !== "" && word.toLowerCase() !== "bearer");
}
function loginError(problem, hint, cause) {
	return new ActionError("cli-login-failed", `Could not log in: ${problem}`, {
		hint,
		cause
	});
}
// src/issuer/dedicated/endpoints.ts
/**
* Looks up the login server of a Cloud Foundry API: by `GET /v2/info`, or by `GET /` where API v2 is gone.
* @see https://apidocs.cloudfoundry.org/280/info/get_info.html
* @see https://v3-apidocs.cloudfoundry.org/#root for the links of `GET /`
* @returns the URL of the login server without a final slash; it can have a path (`https://login..../UAALoginServerWAR`)
*/
async function discoverLogin(send, apiEndpoint) {
	const operation = `find the login server of ${apiEndpoint}`;
	const hints = () => ({ 404: API_ENDPOINT_HINT });
	const accept = (url) => {
		const server = withoutFinalSlashes(url);
		acceptNamedServer({
			operation: `log in at ${server}`,
			from: new URL(apiEndpoint),
			to: new URL(server),
			role: "login server"
		});
		return server;
	};
	const info = await send({
		service: "issuer",
		operation,
		url: `${apiEndpoint}/v2/info`,
		expectedStatuses: [
			403,
			404,
			410,
			501
		]
	});
	const endpoint = info.status === 200 ? info.json().authorization_endpoint : void 0;
	if (isUrl(endpoint)) return accept(endpoint);
	const root = await send({
		service: "issuer",
		operation,
		url: `${apiEndpoint}/`,
		hints
	});
	const { href } = asObject(asObject(root.json().links).login);
	if (isUrl(href)) return accept(href);
	throw root.unexpected("the response names no login server");
}
/** For a 404: this server is not a Cloud Foundry API. */
const API_ENDPOINT_HINT = "Check `api-endpoint`: it must be the Cloud Foundry API, as in https://api.<dedicated-domain>.";
function isUrl(value) {
	return typeof value === "string" && URL.canParse(value);
}
// src/issuer/dedicated/access-token.ts
/** The OAuth client `cf` with its empty secret, which every Cloud Foundry client sends. It is not a secret. */
const CF_CLIENT = `Basic ${Buffer.from("cf:").toString("base64")}`;
/**
* @param signal ends the program that is asked for it
* @returns a UAA access token, without the word `Bearer`
*/
async function getAccessToken(send, { apiEndpoint, login }, signal) {
	switch (login.method) {
		case "oauth-token": return login.token;
		case "cli": return await readCliSession(login.environment, signal);
		case "password": {
			const { username, password } = login;
			return await requestToken(send, apiEndpoint, {
				form: {
					username,
					password
				},
				hint: PASSWORD_HINT
			});
		}
		case "api-key": return await requestToken(send, apiEndpoint, {
			form: {
				username: "apikey",
				password: login.apiKey
			},
			hint: API_KEY_HINT
		});
		case "passcode": return await requestToken(send, apiEndpoint, {
			form: { passcode: login.passcode },
			hint: PASSCODE_HINT
		});
	}
}
const PASSWORD_HINT = "Check `username` and `password`. The action tried them only once, because failed logins lock the account. Federated users log in with `api-key` or `passcode`.";
const API_KEY_HINT = "Check `api-key`: it must be an IBM Cloud API key of a user of this Dedicated environment.";
const PASSCODE_HINT = "A passcode works once and expires after a few minutes: get a new one from the page /passcode of the login server, or use `api-key` in workflows.";
/**
* The OAuth password grant. Its request is never retried, not even after an unclear response: failed logins lock the
* account, and a passcode works once.
* @see https://docs.cloudfoundry.org/api/uaa/#password-grant
* @see https://www.rfc-editor.org/rfc/rfc6749#section-4.3
*/
async function requestToken(send, apiEndpoint, { form, hint }) {
	const server = await discoverLogin(send, apiEndpoint);
	const response = await send({
		service: "issuer",
		operation: `log in at ${server}`,
		method: "POST",
		url: `${server}/oauth/token`,
		headers: { "content-type": "application/x-www-form-urlencoded" },
		credentials: { authorization: CF_CLIENT },
		body: new URLSearchParams({
			grant_type: "password",
			...form
		}).toString(),
		hints: () => ({
			400: hint,
			401: hint,
			403: hint
		})
	});
	const token = response.json().access_token;
	if (typeof token !== "string" || token === "") throw response.unexpected("the response has no access_token");
	return mask(token);
}
// src/issuer/dedicated/organization.ts
/** More than any environment has; it stops at a server that always returns a next page. */
const MAX_PAGES = 1e3;
/**
* The GUID of an organization, looked up by its exact name: with API v3, or with v2 where there is no v3.
* @throws ActionError when no organization or more than one has that name
*/
async function getOrganizationGuid(send, { apiEndpoint, accessToken, organization }) {
	if ("guid" in organization) return organization.guid;
	const { name } = organization;
	const operation = `look up organization "${printable(name)}" at ${apiEndpoint}`;
	const get = (path, expectedStatuses, limits) => send({
		...limits,
		service: "issuer",
		operation,
		url: apiEndpoint + path,
		credentials: { authorization: `Bearer ${accessToken}` },
		expectedStatuses,
		hints: () => ({
			401: LOGIN_HINT,
			403: LOGIN_HINT
		})
	});
	const byV3 = await listByV3(get, name);
	const listed = byV3 ?? await listByV2(get, name);
	if (listed !== void 0) {
		const listSome = async (limits) => {
			return await (byV3 === void 0 ? listByV2 : listByV3)(get, void 0, limits) ?? [];
		};
		return guidOf(name, listed, apiEndpoint) ?? await rejectName(name, {
			listed,
			listSome,
			apiEndpoint
		});
	}
	throw new ActionError("issuer-not-found", `Could not ${operation}: the API has neither /v3/organizations nor /v2/organizations`, {
		hint: API_ENDPOINT_HINT,
		details: { host: new URL(apiEndpoint).host }
	});
}
/** @throws ActionError when more than one organization has that name */
function guidOf(name, listed, apiEndpoint) {
	const guids = new Set(listed.filter((one) => one.name === name).map((one) => one.guid));
	if (guids.size <= 1) return [...guids][0];
	const list = [...guids].map(printable).join(", ");
	const message = `${guids.size} organizations have the name "${printable(name)}": ${list}`;
	const details = { host: new URL(apiEndpoint).host };
	throw new ActionError("organization-not-found", message, {
		hint: AMBIGUOUS_HINT,
		details
	});
}
/** The error for a name that no organization has. It offers the names of others. */
async function rejectName(name, { listed, listSome, apiEndpoint }) {
	const names = listed.map((one) => `"${printable(one.name)}"`).join(", ");
	const similar = names && ` (similar names: ${names})`;
	const others = similar ? void 0 : await lookUpBriefly("the organizations of the user", listSome);
	const suggestion = suggestionOf({
		kind: "organizations of this login",
		wanted: name,
		names: others?.map((one) => one.name) ?? [],
		otherwise: "first"
	});
	const message = `Organization "${printable(name)}" was not found at ${apiEndpoint}${similar}`;
	throw new ActionError("organization-not-found", message, {
		hint: withSuggestion(NAME_HINT, suggestion),
		details: { host: new URL(apiEndpoint).host }
	});
}
const AMBIGUOUS_HINT = "Set `organization-guid` to the right one.";
const NAME_HINT = "Check `organization`, which is case-sensitive, and that this login is a member of it; or set `organization-guid`.";
const LOGIN_HINT = "The Cloud Foundry API rejected the access token: it may have expired, or belong to another environment.";
/**
* @see https://v3-apidocs.cloudfoundry.org/#list-organizations
* @param name undefined: the organizations of the user
* @param limits only the first page is read
* @returns undefined where the API has no v3
*/
async function listByV3(get, name, limits) {
	const encoded = name === void 0 ? void 0 : encodeURIComponent(name.replace(/[%,+]/g, encodeURIComponent));
	return await listPages(get, {
		path: `/v3/organizations?${encoded === void 0 ? "" : `names=${encoded}&`}per_page=100`,
		limits
	}, (page) => ({
		organizations: asObjects(page.resources).flatMap(({ guid, name }) => readOrganization(guid, name)),
		next: asObject(asObject(page.pagination).next).href
	}));
}
/**
* @see https://apidocs.cloudfoundry.org/280/organizations/list_all_organizations.html
* @returns undefined where the API has no v2
*/
async function listByV2(get, name, limits) {
	return await listPages(get, {
		path: `/v2/organizations?${name === void 0 ? "" : `q=${encodeURIComponent(`name:${name.replaceAll(";", ";;")}`)}&`}results-per-page=100`,
		limits
	}, (page) => ({
		organizations: asObjects(page.resources).flatMap(({ metadata, entity }) => readOrganization(asObject(metadata).guid, asObject(entity).name)),
		next: page.next_url
	}));
}
/** @returns undefined when the first page does not exist */
async function listPages(get, first, read) {
	const all = [];
	const maxPages = first.limits === void 0 ? MAX_PAGES : 1;
	let path = first.path;
	for (let count = 0; path !== void 0 && count < maxPages; count++) {
		const response = await get(path, count === 0 ? [404] : [], first.limits);
		if (response.status === 404) return void 0;
		const page = read(response.json());
		all.push(...page.organizations);
		path = pathOf(page.next);
	}
	return all;
}
/** A link can be relative or absolute. Its host is ignored, so the access token goes to our endpoint only. */
function pathOf(link) {
	if (typeof link !== "string" || !URL.canParse(link, "https://host")) return void 0;
	const { pathname, search } = new URL(link, "https://host");
	return pathname + search;
}
function readOrganization(guid, name) {
	return typeof guid === "string" && typeof name === "string" ? [{
		guid,
		name
	}] : [];
}
// src/issuer/dedicated/registry-token.ts
/**
* Issues registry tokens by the token API of a Bluemix registry, `/api/v1/tokens`.
* @see https://github.com/IBM-Cloud/bluemix-go/blob/master/api/container/registryv1/tokens.go
*/
function createRegistryTokenIssuer(send, request) {
	const { registryEndpoint, permanent, write } = request;
	const tokensUrl = `${registryEndpoint}/api/v1/tokens`;
	const common = {
		service: "issuer",
		credentials: registryCredentials(request),
		hints: () => HINTS
	};
	async function mint(description) {
		const query = new URLSearchParams({
			description,
			permanent: String(permanent),
			write: String(write)
		});
		return readToken(await send({
			...common,
			operation: `mint a registry token at ${registryEndpoint}`,
			method: "POST",
			url: `${tokensUrl}?${query}`
		}).catch(rethrowMintError));
	}
	async function list() {
		const operation = `list the registry tokens at ${registryEndpoint}`;
		const response = await send({
			...common,
			operation,
			url: tokensUrl
		});
		return asObjects(response.json().tokens).filter(({ revoked }) => revoked !== true).flatMap(({ _id, secondary_owner }) => isTokenId(_id) ? [{
			id: _id,
			description: asText(secondary_owner) ?? ""
		}] : []);
	}
	async function recover(id) {
		const response = await send(requestFor("read", id));
		const token = readToken(response);
		if (token.id !== id) throw response.unexpected("the token has another id");
		return token;
	}
	/**
	* Compares the stored value with the one that the registry returns. The claims of a stored value prove nothing, because
	* this action cannot verify its signature. The value itself is sent nowhere.
	*/
	async function confirm({ id, value }) {
		if (!isTokenId(id)) return "mismatch";
		const response = await send({
			...requestFor("look up", id),
			expectedStatuses: [
				400,
				401,
				403,
				404
			]
		});
		if (response.status === 404) return withoutToken(id, value);
		if (response.status === 401 && response.error().details.serverCode !== FOREIGN_ACCOUNT) throw response.error(HINTS[401]);
		if (response.status >= 400) return "mismatch";
		const { token, revoked } = response.json();
		if (typeof token === "string") mask(token);
		if (revoked === true) return withoutToken(id, value);
		if (typeof token !== "string") throw response.unexpected("the response has no token");
		return token === value ? "match" : "mismatch";
	}
	async function revoke(id) {
		await send({
			...requestFor("revoke", id),
			method: "DELETE",
			expectedStatuses: [404]
		});
	}
	/** Without an id a DELETE revokes by description, perhaps all tokens. */
	function requestFor(verb, id) {
		const operation = `${verb} registry token ${printable(id)} at ${registryEndpoint}`;
		return {
			...common,
			operation,
			url: `${tokensUrl}/${requireTokenId(id, operation)}`
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
/** The headers of every request to the API of the registry. */
function registryCredentials({ accessToken, organizationGuid, account }) {
	return {
		authorization: `Bearer ${accessToken}`,
		organization: organizationGuid,
		...account === void 0 ? {} : { account }
	};
}
const HINTS = {
	401: "The registry rejected this login for this organization: check the login, `organization` and `account`.",
	403: "This login is not allowed to manage registry tokens of the organization: ask the organization manager for that role.",
	404: "Check `registry-endpoint`: it must be the registry of the Dedicated environment, as in https://registry.<dedicated-domain>."
};
/**
* The code of a 401 for an account that the caller may not access. The login itself was accepted.
* @see https://github.com/IBM-Cloud/bluemix-go/blob/master/api/container/registryv1/tokens_test.go
*/
const FOREIGN_ACCOUNT = "CRG0009E";
/**
* The confirmation where the registry has no token with this id. A stored value with another id in it may be a live token;
* one without an id is not a registry token at all.
*/
function withoutToken(id, value) {
	const { jti = id } = claimsOf(value);
	return jti === id ? "gone" : "mismatch";
}
/** @see https://github.com/jenkins-x/jx/issues/4760 for the 410 of a registry that no longer mints tokens */
function rethrowMintError(error) {
	if (!(error instanceof HttpError && error.status === 410)) throw error;
	throw new ActionError("minting-discontinued", error.message, {
		cause: error,
		details: error.details,
		hint: "This registry no longer mints tokens: use `provider: ibmcloud`, which mints an API key of a service ID."
	});
}
/** A registry token is a JWT. Its id is the claim `jti`; a permanent one has no `exp`. */
function readToken(response) {
	const value = response.json().token;
	if (typeof value !== "string" || value === "") throw response.unexpected("the response has no token");
	mask(value);
	const claims = claimsOf(value);
	const { jti: id } = claims;
	if (!isTokenId(id)) throw response.unexpected("the token has no valid id (claim jti)");
	return {
		id,
		value,
		expiresAt: expiryOf(claims)
	};
}
// src/issuer/dedicated/provider.ts
/** Logs in to UAA, looks up the organization, and mints registry tokens for it. */
function createDedicatedProvider(request) {
	const { apiEndpoint, registryEndpoint, login, organization } = request;
	return {
		endpoint: !("guid" in organization) || login.method !== "oauth-token" && login.method !== "cli" ? apiEndpoint : registryEndpoint,
		async open(send, signal) {
			const accessToken = await getAccessToken(send, {
				apiEndpoint,
				login
			}, signal);
			const organizationGuid = await getOrganizationGuid(send, {
				apiEndpoint,
				accessToken,
				organization
			});
			return {
				organizationGuid,
				issuer: (send) => createRegistryTokenIssuer(send, {
					...request,
					accessToken,
					organizationGuid
				}),
				async listRepositories(send, { origin }) {
					if (origin !== new URL(registryEndpoint).origin) return void 0;
					const credentials = registryCredentials({
						...request,
						accessToken,
						organizationGuid
					});
					return await listRepositories(send, {
						registry: origin,
						credentials
					});
				}
			};
		},
		manualRevocation: (id) => `Revoke it with DELETE ${registryEndpoint}/api/v1/tokens/${id} and the headers Authorization (a UAA token) and Organization (the GUID of the organization).`
	};
}
export { createDedicatedProvider };
