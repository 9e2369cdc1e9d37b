import { An as reason, At as withoutFinalSlashes, Dn as InputError, G as isTokenId, K as requireTokenId, Mt as expiryOf$1, Tn as ActionError, X as nearestNames, _n as asText, a as withSuggestion, an as printable, bn as abortError, cn as mask, gn as asObjects, hn as asObject, i as suggestionOf, jt as claimsOf, ln as maskBasic, o as isNotFound, s as runProgram, un as publish, yn as MANAGER_NAME } from "./inputs.js";
import { d as lookUpBriefly, g as HttpError, h as acceptNamedServer, m as header } from "./read-targets.js";
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
// src/issuer/list-repositories.ts
/**
* The repositories of a registry of IBM, such as `team/app`, by its list of images.
* @see https://github.com/IBM-Cloud/bluemix-go/blob/master/api/container/registryv1/images.go for Bluemix
* @see https://cloud.ibm.com/apidocs/container-registry#list-images
*/
async function listRepositories(send, { registry, credentials }) {
	const query = new URLSearchParams({
		includeIBM: "false",
		includePrivate: "true",
		vulnerabilities: "false"
	});
	return repositoriesIn(await send({
		service: "registry",
		operation: `list the images at ${registry}`,
		url: `${registry}/api/v1/images?${query}`,
		credentials
	}));
}
/** The same registry can have several hosts: which one an image is listed with does not matter. */
function repositoriesIn(response) {
	const names = asObjects(parse(response)).flatMap(({ RepoTags }) => Array.isArray(RepoTags) ? RepoTags : []).flatMap((tag) => /^[^/]+\/([^:@]+)/.exec(typeof tag === "string" ? tag : "")?.[1] ?? []);
	return [...new Set(names)];
}
function parse(response) {
	try {
		return JSON.parse(response.text);
	} catch {
		throw response.unexpected("its body is not JSON");
	}
}
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
* @returns the URL of the login server without a final slash; it can have a path (`https://login.…/UAALoginServerWAR`)
*/
async function discoverLogin(send, apiEndpoint) {
	const operation = `find the login server of ${apiEndpoint}`;
	const hints = { 404: API_ENDPOINT_HINT };
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
async function getAccessToken$1(send, { apiEndpoint, login }, signal) {
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
			hint: API_KEY_HINT$1
		});
		case "passcode": return await requestToken(send, apiEndpoint, {
			form: { passcode: login.passcode },
			hint: PASSCODE_HINT
		});
	}
}
const PASSWORD_HINT = "Check `username` and `password`. The action tried them only once, because failed logins lock the account. Federated users log in with `api-key` or `passcode`.";
const API_KEY_HINT$1 = "Check `api-key`: it must be an IBM Cloud API key of a user of this Dedicated environment.";
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
		hints: {
			400: hint,
			401: hint,
			403: hint
		}
	});
	const token = response.json().access_token;
	if (typeof token !== "string" || token === "") throw response.unexpected("the response has no access_token");
	return mask(token);
}
// src/issuer/dedicated/organization.ts
/** More than any environment has; it stops at a server that always returns a next page. */
const MAX_PAGES$3 = 1e3;
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
		hints: {
			401: LOGIN_HINT$3,
			403: LOGIN_HINT$3
		}
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
		hint: withSuggestion(NAME_HINT$1, suggestion),
		details: { host: new URL(apiEndpoint).host }
	});
}
const AMBIGUOUS_HINT = "Set `organization-guid` to the right one.";
const NAME_HINT$1 = "Check `organization`, which is case-sensitive, and that this login is a member of it; or set `organization-guid`.";
const LOGIN_HINT$3 = "The Cloud Foundry API rejected the access token: it may have expired, or belong to another environment.";
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
	const maxPages = first.limits === void 0 ? MAX_PAGES$3 : 1;
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
		hints: HINTS$2
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
		}).catch(rethrowMintError$1));
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
		if (response.status === 401 && response.error().details.serverCode !== FOREIGN_ACCOUNT) throw response.error(HINTS$2[401]);
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
const HINTS$2 = {
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
function rethrowMintError$1(error) {
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
		expiresAt: expiryOf$1(claims)
	};
}
// src/issuer/dedicated/provider.ts
/** Logs in to UAA, looks up the organization, and mints registry tokens for it. */
function createDedicatedProvider(request) {
	const { apiEndpoint, registryEndpoint, login, organization } = request;
	return {
		async open(send, signal) {
			const accessToken = await getAccessToken$1(send, {
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
					return await listRepositories(send, {
						registry: origin,
						credentials: registryCredentials({
							...request,
							accessToken,
							organizationGuid
						})
					});
				}
			};
		},
		manualRevocation: (id) => `Revoke it with DELETE ${registryEndpoint}/api/v1/tokens/${id} and the headers Authorization (a UAA token) and Organization (the GUID of the organization).`
	};
}
// src/issuer/harbor/api.ts
/**
* The API of a Harbor server. Each request has the login: there is no session.
* @see https://github.com/goharbor/harbor/blob/c50c7ddd/api/v2.0/swagger.yaml
*/
function createApi(send, { endpoint, username, password }) {
	const authorization = `Basic ${maskBasic(username, password)}`;
	return {
		endpoint,
		request: ({ path, body, headers, ...request }) => send({
			...request,
			service: "issuer",
			url: `${endpoint}/api/v2.0${path}`,
			credentials: { authorization },
			headers: {
				...body && { "content-type": "application/json" },
				...headers
			},
			...body && { body: JSON.stringify(body) }
		})
	};
}
/** The request for who is logged in, which returns 412 to a robot account and 401 to a wrong login. */
const CURRENT_USER = "/users/current";
/**
* Tries the login of this run, once. Harbor treats a wrong login as an anonymous one, to which it shows public projects: only a
* request that needs a login shows that the password is wrong.
* @see https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/user.go
*/
async function requireLogin(api) {
	const response = await api.request({
		operation: `log in to Harbor at ${api.endpoint}`,
		path: CURRENT_USER,
		expectedStatuses: [412],
		hints: {
			401: LOGIN_HINT$2,
			404: ENDPOINT_HINT
		}
	});
	if (response.status === 200) response.json();
}
/** Whether Harbor accepts the user name and the secret of a robot account that is neither disabled nor expired. */
async function acceptsRobot(api) {
	const operation = `log in to Harbor at ${api.endpoint} with a stored credential`;
	const { status } = await api.request({
		operation,
		path: CURRENT_USER,
		expectedStatuses: [401, 412]
	});
	return status === 412;
}
const LOGIN_HINT$2 = "Check `username` and `password`. The user name of a robot account has a prefix, such as `robot$`, and its secret is shown only once. Where Harbor uses OIDC, the password is the CLI secret of the user profile.";
const ENDPOINT_HINT = "Check `registry-endpoint`: it must be the address of Harbor, as in https://harbor.example.com, without the path of a page.";
// src/issuer/harbor/project.ts
/** The projects of a run. Each is looked up once: their ids do not change. */
var Projects = class {
	/** Of projects that a robot account of this run's targets is for, although the inputs do not name them. */
	#earlier = /* @__PURE__ */ new Set();
	#ids = /* @__PURE__ */ new Map();
	/** A robot account that an earlier run minted for another project: it has to be found to be revoked. */
	addEarlier(name) {
		this.#earlier.add(name);
	}
	earlier() {
		return [...this.#earlier];
	}
	/** The id of a project. @throws HttpError 403 also when there is none of that name, except to a system administrator */
	async idOf(api, name) {
		const known = this.#ids.get(name);
		if (known !== void 0) return known;
		const response = await api.request({
			operation: `look up project ${name} at ${api.endpoint}`,
			path: `/projects/${encodeURIComponent(name)}`,
			headers: { "x-is-resource-name": "true" },
			hints: {
				403: PROJECT_HINT$1,
				404: `${PROJECT_HINT$1} ${ENDPOINT_HINT}`
			}
		});
		const { project_id: id } = response.json();
		if (!isId(id)) throw response.unexpected("the response has no project_id");
		this.#ids.set(name, id);
		return id;
	}
};
/** An id of a database row. */
function isId(value) {
	return Number.isSafeInteger(value) && Number(value) > 0;
}
const PROJECT_HINT$1 = "Check `projects`: Harbor responds like this when there is no such project, and when the login may not read it.";
// src/issuer/harbor/robot-name.ts
/** Part of the name of every robot account that this action mints. */
const ROBOT_NAME_PREFIX = `${MANAGER_NAME}-`;
/** The end of the user name of such a robot. Harbor puts its own prefix, and the project, in front of it. */
const OWN_NAME = /registry-pull-secret-[0-9a-f]{8}-[0-9a-f]{16}$/;
const TOKEN_ID = /^([1-9]\d{0,15})-[0-9a-f]{16}$/;
/** Characters at the end of a name that are unique to a mint. */
const UNIQUE_LENGTH = 16;
/**
* The name of the robot account of one mint: a digest of what it is minted for, which all mints for the same targets share, and
* a digest of the whole description, which is unique. Harbor accepts `^[a-z0-9]+(?:[._-][a-z0-9]+)*$`:
* https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/robot.go
*/
function robotNameOf(description) {
	const purpose = description.split(" ").slice(0, -3).join(" ");
	return `${ROBOT_NAME_PREFIX}${digest(purpose, 8)}-${digest(description, UNIQUE_LENGTH)}`;
}
/** Whether a user name is that of a robot account that this action may have minted. */
function isOwnName(userName) {
	return OWN_NAME.test(userName);
}
/**
* The token id of a robot account: its number, and the end of its name. Each Harbor server counts from 1, and a cluster can
* have secrets for several of them.
*/
function tokenIdOf(number, userName) {
	return `${number}-${userName.slice(-16)}`;
}
/** The number of a robot account; undefined for what is not a token id of one. */
function numberOf(tokenId) {
	const number = Number(TOKEN_ID.exec(tokenId)?.[1]);
	return Number.isSafeInteger(number) ? number : void 0;
}
function digest(text, length) {
	return createHash("sha256").update(text).digest("hex").slice(0, length);
}
// src/issuer/harbor/robot.ts
/** @returns undefined for what is not a robot account with a valid id, and a name that this action gives */
function robotOf(value) {
	const { id, name, description, expires_at: expiresAt, level, permissions } = value;
	if (!isId(id) || !isUserName(name) || !isOwnName(name)) return void 0;
	const project = level === "project" ? asText(asObjects(permissions)[0]?.namespace) : void 0;
	return {
		id: tokenIdOf(id, name),
		name,
		description: asText(description) ?? "",
		expiresAt: expiryOf(expiresAt),
		project: project !== void 0 && PROJECT_NAME.test(project) ? project : void 0
	};
}
/** The name of a project: https://github.com/goharbor/harbor/blob/c50c7ddd/src/pkg/project/manager.go */
const PROJECT_NAME = /^(?=.{1,255}$)[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
/** Text without colons: in a Basic login, what follows a colon is the password. Harbor's prefix is configurable. */
function isUserName(value) {
	return typeof value === "string" && /^[^\s:\p{C}]{1,512}$/u.test(value);
}
/** Harbor returns seconds since the epoch, and -1 for never. */
function expiryOf(seconds) {
	return Number.isSafeInteger(seconds) && Number(seconds) > 0 && Number(seconds) < MAX_TIME ? /* @__PURE__ */ new Date(Number(seconds) * 1e3) : void 0;
}
/** Seconds: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const MAX_TIME = 864e10;
// src/issuer/harbor/robot-hints.ts
const LOGIN_HINT$1 = "Harbor no longer accepts the login of this run: check that `username` was not changed or disabled.";
const PRECONDITION_HINT = "A setting of Harbor does not allow it: ask its administrators.";
const VERSION_HINT = "Check that Harbor has version 2.2 or later, and that no proxy changes the request.";
/** For a request about one robot account. */
const HINTS$1 = {
	401: LOGIN_HINT$1,
	403: "Make the login an administrator of the project of the robot account, or a system administrator for a system-level one.",
	412: PRECONDITION_HINT,
	422: VERSION_HINT
};
/**
* For the request that creates a robot account.
* @see https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/robot.go
*/
function mintHints(level) {
	return {
		400: `Check \`projects\`. ${VERSION_HINT}`,
		401: LOGIN_HINT$1,
		403: level === "system" ? SYSTEM_HINT : PROJECT_HINT,
		404: "Check `projects`: Harbor has no such project.",
		409: "Another robot account has this name. Run the job again: the name of each mint is another one.",
		412: PRECONDITION_HINT,
		422: VERSION_HINT
	};
}
const SUBSET_HINT = "A robot account may only create robot accounts with permissions that it has itself, so it also needs the permission to pull.";
const PROJECT_HINT = `Make the login an administrator of the project. ${SUBSET_HINT} Harbor also returns this for a project that does not exist.`;
const SYSTEM_HINT = `Several projects, or \`*\`, take a system-level robot account: only a system administrator, or a system-level robot account with the permission to create robot accounts, may create it. Or set one project. ${SUBSET_HINT}`;
// src/issuer/harbor/robot-list.ts
/** Harbor returns no more: https://github.com/goharbor/harbor/blob/c50c7ddd/api/v2.0/swagger.yaml (`page_size`) */
const PAGE_SIZE = 100;
/** More than this action can have minted; it stops at a server that always returns a next page. */
const MAX_PAGES$2 = 100;
/**
* Lists the robot accounts of one level whose names contain this action's prefix.
* @throws the errors of `Send`
*/
async function listRobots(api, projects, level) {
	const name = `name=~${ROBOT_NAME_PREFIX}`;
	const filter = level === "system" ? name : `Level=project,ProjectID=${await projects.idOf(api, level.project)},${name}`;
	const robots = /* @__PURE__ */ new Map();
	for (let page = 1; page <= MAX_PAGES$2; page++) {
		const query = new URLSearchParams({
			q: filter,
			page: String(page),
			page_size: String(PAGE_SIZE)
		});
		const response = await api.request({
			operation: `list the robot accounts of ${nameOf(level)} at ${api.endpoint}`,
			path: `/robots?${query}`,
			hints: level === "system" ? SYSTEM_HINTS : PROJECT_HINTS
		});
		const listed = arrayOf(response.text);
		if (listed === void 0) throw response.unexpected("its body is not a list of robot accounts");
		for (const robot of asObjects(listed).map(robotOf)) if (robot !== void 0) robots.set(robot.id, robot);
		if (!hasNext(header(response, "link")) && listed.length < PAGE_SIZE) break;
		if (listed.length === 0) break;
	}
	return [...robots.values()];
}
/** As `listRobots`; an empty list where the login may not list this level, or where the project is gone. */
async function listVisible(api, projects, level) {
	try {
		return await listRobots(api, projects, level);
	} catch (error) {
		if (error instanceof HttpError && (error.status === 403 || error.status === 404)) return [];
		throw error;
	}
}
function nameOf(level) {
	return level === "system" ? "the system level" : `project ${level.project}`;
}
/** The link is a path with a query that is not encoded: only that there is one is used. */
function hasNext(link) {
	return link !== void 0 && /;\s*rel="?next"?/i.test(link);
}
function arrayOf(text) {
	try {
		const parsed = JSON.parse(text);
		return parsed === null ? [] : Array.isArray(parsed) ? parsed : void 0;
	} catch {
		return;
	}
}
const LOGIN_HINT = "Harbor no longer accepts the login of this run: check that `username` was not changed or disabled.";
const PROJECT_HINTS = {
	401: LOGIN_HINT,
	403: "Make the login a project administrator, or give its robot account the permission to list robot accounts."
};
const SYSTEM_HINTS = {
	401: LOGIN_HINT,
	403: "Only a system administrator, or a system-level robot account with the permission to list robot accounts, may list system-level ones."
};
// src/issuer/harbor/robot-account.ts
/** `robot.description`: https://github.com/goharbor/harbor/blob/c50c7ddd/make/migrations/postgresql/0004_1.8.0_schema.up.sql */
const MAX_DESCRIPTION_LENGTH = 1024;
const DAY_MS = 864e5;
/**
* Issues robot accounts of Harbor by `/api/v2.0/robots`: a project-level one for one project, else a system-level one.
* @param known what the session knows about projects
*/
function createRobotIssuer(send, request, known) {
	const api = createApi(send, request);
	const { projects, expiresInMs, endpoint } = request;
	const level = levelOf(projects);
	const location = `at ${endpoint}`;
	async function mint(description) {
		if (description.length > MAX_DESCRIPTION_LENGTH) throw tooLong(description);
		return await createInScope(description).catch(async (error) => {
			if (!(error instanceof HttpError) || error.status !== 409) throw error;
			const lost = (await listRobots(api, known, level)).find((robot) => robot.description === description);
			if (lost === void 0) throw error;
			await revoke(lost.id);
			return await createInScope(description);
		});
	}
	/**
	* A robot account can only create others with its own permissions, which it may have with or without the effect `allow`. That
	* is the same to Harbor, except where it compares them:
	* https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/robot.go (`isValidPermissionScope`)
	*/
	async function createInScope(description) {
		return await create(description, {}).catch(async (error) => {
			if (!(error instanceof HttpError) || error.details.serverCode !== "DENIED") throw error;
			return await create(description, { effect: "allow" });
		});
	}
	async function create(description, effect) {
		const days = expiresInMs === void 0 ? void 0 : Math.ceil(expiresInMs / DAY_MS);
		const name = robotNameOf(description);
		return createdOf(await api.request({
			operation: `mint a robot account of ${nameOf(level)} ${location}`,
			method: "POST",
			path: "/robots",
			body: {
				name,
				description,
				level: level === "system" ? "system" : "project",
				duration: days ?? -1,
				permissions: projects.map((project) => ({
					kind: "project",
					namespace: project,
					access: [{
						resource: "repository",
						action: "pull",
						...effect
					}]
				}))
			},
			hints: mintHints(level)
		}), name, days === void 0 ? void 0 : new Date(Date.now() + days * DAY_MS));
	}
	async function list() {
		const robots = [...await listRobots(api, known, level)];
		for (const other of otherLevels()) robots.push(...await listVisible(api, known, other));
		return robots.map(({ id, description }) => ({
			id,
			description
		}));
	}
	function otherLevels() {
		return ["system", ...[.../* @__PURE__ */ new Set([...projects.filter((name) => name !== "*"), ...known.earlier()])].map((project) => ({ project }))].filter((one) => nameOf(one) !== nameOf(level));
	}
	/** Harbor shows the secret of a robot account only when it creates it. */
	async function recover(id) {
		await revoke(id);
	}
	/** Harbor does not show whose secret a text is, so the robot account with the recorded id has to log in with it. */
	async function confirm({ id, value }) {
		if (numberOf(id) === void 0 || !SECRET.test(value)) return "mismatch";
		const response = await api.request({
			...requestFor(id, "look up"),
			expectedStatuses: [403, 404]
		});
		if (response.status === 404) return "gone";
		const robot = response.status === 403 ? void 0 : robotOf(response.json());
		if (robot?.id !== id) return "mismatch";
		if (isExpired(robot)) return "gone";
		if (!await acceptsRobot(createApi(send, {
			endpoint,
			username: robot.name,
			password: value
		}))) return "mismatch";
		if (robot.project !== void 0) known.addEarlier(robot.project);
		return "match";
	}
	async function revoke(id) {
		await api.request({
			...requestFor(id, "delete"),
			method: "DELETE",
			expectedStatuses: [404]
		});
	}
	function requestFor(id, verb) {
		const operation = `${verb} robot account ${printable(id)} ${location}`;
		const number = numberOf(id);
		if (number === void 0) throw new ActionError("invalid-token-id", `Could not ${operation}: "${printable(id)}" is not the id of a robot account`);
		return {
			operation,
			path: `/robots/${number}`,
			hints: HINTS$1
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
/** A project-level robot account can pull from one project only. */
function levelOf(projects) {
	const [only] = projects;
	return projects.length === 1 && only !== void 0 && only !== "*" ? { project: only } : "system";
}
function createdOf(response, requestedName, requestedExpiry) {
	const { id, name, secret, expires_at: expiresAt } = response.json();
	const value = asText(secret);
	if (value !== void 0) mask(value);
	if (value === void 0 || !isId(id) || !isUserName(name) || !name.endsWith(requestedName)) throw response.unexpected("the response has no robot account with a valid id, name and secret");
	publish([name]);
	const expiry = expiresAt === void 0 ? requestedExpiry : expiryOf(expiresAt);
	return {
		id: tokenIdOf(id, name),
		value,
		username: name,
		expiresAt: expiry
	};
}
/** 8 to 128 characters: https://github.com/goharbor/harbor/blob/c50c7ddd/src/controller/robot/controller.go (`IsValidSec`) */
const SECRET = /^[\x21-\x7e]{8,128}$/;
/** It can pull nothing any more, although it exists. */
function isExpired({ expiresAt }) {
	return expiresAt !== void 0 && expiresAt.getTime() <= Date.now();
}
function tooLong(description) {
	const limit = `Harbor stores ${MAX_DESCRIPTION_LENGTH} characters`;
	return new InputError("token-description", `and what the action appends to it make a description of ${description.length} characters, and ${limit}`, "Shorten it, or write to fewer clusters in one step.");
}
// src/issuer/harbor/provider.ts
/** Logs in to Harbor, and mints robot accounts that may pull. */
function createHarborProvider(request) {
	const { endpoint, projects } = request;
	return {
		async open(send) {
			const api = createApi(send, request);
			await requireLogin(api);
			const known = new Projects();
			const [only] = projects;
			if (projects.length === 1 && only !== void 0 && only !== "*") await known.idOf(api, only);
			return {
				organizationGuid: void 0,
				issuer: (send) => createRobotIssuer(send, request, known)
			};
		},
		manualRevocation: (id) => `Delete it with \`curl -u <user> -X DELETE ${endpoint}/api/v2.0/robots/${numberOf(id) ?? id}\`, or in Harbor under Robot Accounts.`
	};
}
// src/issuer/ibmcloud/page-token.ts
/** The link to the next page is absolute. Only its page token is used, so the access token goes to our endpoint only. */
function pageTokenOf(link) {
	const url = asText(link);
	if (url === void 0 || !URL.canParse(url, "https://host")) return void 0;
	return new URL(url, "https://host").searchParams.get("pagetoken") ?? void 0;
}
// src/issuer/ibmcloud/restriction.ts
/**
* Sends requests to IAM. When IAM refuses one with 403 and says why, the error starts with that: an account can restrict IP
* addresses and who may create API keys, which no role of the service ID changes.
* @see https://cloud.ibm.com/docs/account?topic=account-ips
* @see https://cloud.ibm.com/docs/account?topic=account-allow-api-create
*/
function quotingRestrictions(send) {
	return async (request) => {
		try {
			return await send(request);
		} catch (error) {
			if (!(error instanceof HttpError) || error.status !== 403 || error.serverMessage === "") throw error;
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
		hints: HINTS
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
		hints: {
			400: API_KEY_HINT,
			401: API_KEY_HINT,
			403: API_KEY_HINT,
			404: "Check `iam-endpoint`: the default is https://iam.cloud.ibm.com."
		}
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
	const names = (await lookUpBriefly("the names of service IDs", async (limits) => {
		return await list((one) => send({
			...one,
			...limits
		}), request, { maxPages: MAX_SUGGESTED_PAGES });
	}))?.map((one) => one.name) ?? [];
	const [nearest] = nearestNames(name, names, { limit: 1 });
	const similar = nearest === void 0 ? "" : ` (the nearest name is "${printable(nearest)}")`;
	const message = `Service ID "${printable(name)}" was not found in account ${account} at ${iamEndpoint}${similar}`;
	throw new ActionError("service-id-not-found", message, {
		hint: NAME_HINT,
		details
	});
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
			hints: LIST_HINTS
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
					return await listRepositories(send, {
						registry: origin,
						credentials: {
							authorization: `Bearer ${await createLogin({
								iamEndpoint: request.iamEndpoint,
								apiKey: password
							})(send)}`,
							account: request.account
						}
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
// src/issuer/provided.ts
/** The provider of a credential that the workflow provides: this action neither mints nor revokes it. */
const PROVIDED = {
	open: async () => ({
		organizationGuid: void 0,
		issuer: () => NO_ISSUER
	}),
	manualRevocation: (id) => `Revoke credential ${id} where it was issued.`
};
const NO_ISSUER = {
	mint: rejectUnsupported,
	list: async () => [],
	recover: rejectUnsupported,
	confirm: async () => "mismatch",
	revoke: rejectUnsupported
};
async function rejectUnsupported() {
	throw new ActionError("internal-error", "A credential that the workflow provides can be neither minted nor revoked");
}
// src/issuer/provider.ts
function createProvider(request) {
	switch (request.provider) {
		case "dedicated": return createDedicatedProvider(request);
		case "ibmcloud": return createIbmcloudProvider(request);
		case "harbor": return createHarborProvider(request);
		case "docker-config":
		case "static": return PROVIDED;
	}
}
// src/run/clock.ts
const SYSTEM_CLOCK = {
	now: () => /* @__PURE__ */ new Date(),
	elapsedMs: () => performance.now(),
	sleep: (durationMs, signal) => setTimeout(durationMs, void 0, { signal }).catch(() => {})
};
export { createProvider as n, SYSTEM_CLOCK as t };
