import { i as getState, s as saveState } from "./runner.js";
import { l as require_undici, t as KubeConfig, u as getExecOutput } from "./packages.js";
import { f as printable, g as mask, i as isForbidden, n as NetworkError, p as warning, r as UnexpectedAnswer, t as HttpError, u as info, w as reason, y as Failure } from "./errors.js";
import { d as DOCKER_CONFIG_TYPE, f as LEGACY_TYPE, g as readSecret, m as describeSecret, p as MANAGED_BY, v as MANAGER } from "./reference.js";
import { a as expiryOf, i as claimsOf, n as asObjects, r as asText, t as asObject } from "./json.js";
import { a as LARGEST_ANSWER, c as createSend, d as requireSafe, h as unlessEnded, l as describeRequest, m as stopped, n as OidcTokens, r as sendWithOidc, s as USER_AGENT } from "./oidc.js";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
// src/issuer/dedicated/cli.ts
const PROGRAMS = ["ibmcloud", "bx"];
/**
* The UAA access token of the CLI session on this machine: `ibmcloud iam oauth-tokens`, else the same by `bx`. What the
* program prints is never echoed: it holds tokens.
*/
async function readCliSession() {
	for (const program of PROGRAMS) {
		const output = await run(program);
		if (output !== void 0) return uaaToken(program, output);
	}
	throw new Failure("Could not log in: no login was given, and neither `ibmcloud` nor `bx` is on the PATH", { cure: "Give `oauth-token`, `username` and `password`, `api-key` or `passcode`; or log in with the CLI in an earlier step." });
}
async function run(program) {
	const command = `${program} iam oauth-tokens`;
	const result = await getExecOutput(program, ["iam", "oauth-tokens"], {
		silent: true,
		ignoreReturnCode: true
	}).catch((error) => {
		if (error instanceof Error && error.message.startsWith("Unable to locate executable file")) return void 0;
		throw new Failure(`Could not log in: \`${command}\` could not be started: ${printable(reason(error))}`, {
			cause: error,
			cure: `Check that \`${program}\` on the PATH is a program that this runner may start.`
		});
	});
	if (result === void 0) return void 0;
	for (const [, token] of result.stdout.matchAll(/token:\s+(?:Bearer\s+)?(\S+)/gi)) mask(token ?? "");
	if (result.exitCode !== 0) throw new Failure(`Could not log in: \`${command}\` ended with exit code ${result.exitCode}`, { cure: `Log in before this step: \`${program} login -a https://api.<dedicated-domain>\`.` });
	return result.stdout;
}
/** The line is found by its name: newer programs print the IAM line only, and the order never was a promise. */
function uaaToken(program, output) {
	const token = /^\s*UAA token:\s+(?:Bearer[^\S\n]+)?(?!Bearer\s*$)(\S+)\s*$/im.exec(output)?.[1];
	if (token !== void 0) return token;
	throw new Failure(`Could not log in: \`${program} iam oauth-tokens\` printed no line "UAA token:"`, { cure: `The session has no Cloud Foundry login: \`${program} login -a https://api.<dedicated-domain>\`, if need be with --no-iam.` });
}
// src/issuer/dedicated/endpoints.ts
/**
* Asks the Cloud Foundry API where to log in: `GET /v2/info`, and `GET /` where that is gone.
* @returns the authorization endpoint without a final slash; it can have a path (`https://login.…/UAALoginServerWAR`)
*/
async function discoverLogin(send, apiEndpoint) {
	const doing = `find the login server of ${apiEndpoint}`;
	const cures = { 404: "Check `api-endpoint`: it must be the Cloud Foundry API, as in https://api.<dedicated-domain>." };
	const info = await send({
		doing,
		url: `${apiEndpoint}/v2/info`,
		expect: [
			403,
			404,
			410,
			501
		]
	});
	const endpoint = info.status === 200 ? info.json().authorization_endpoint : void 0;
	if (isAddress(endpoint)) return withoutSlash(endpoint);
	const href = (await send({
		doing,
		url: `${apiEndpoint}/`,
		cures
	})).json().links?.login?.href;
	if (isAddress(href)) return withoutSlash(href);
	throw new UnexpectedAnswer(doing, `GET ${apiEndpoint}/`, "it names no login server");
}
function isAddress(value) {
	return typeof value === "string" && URL.canParse(value);
}
function withoutSlash(url) {
	return url.replace(/\/+$/, "");
}
// src/issuer/dedicated/access-token.ts
/** The client id `cf` with its empty secret, as every Cloud Foundry client sends it: not a secret. */
const CF_CLIENT = `Basic ${Buffer.from("cf:").toString("base64")}`;
/** @returns the value of a UAA access token, without the word `Bearer` */
async function getAccessToken$1(send, apiEndpoint, login) {
	switch (login.method) {
		case "oauth-token": return login.token;
		case "cli": return await readCliSession();
		case "password": return await grant(send, apiEndpoint, {
			username: login.username,
			password: login.password
		}, PASSWORD_CURE);
		case "api-key": return await grant(send, apiEndpoint, {
			username: "apikey",
			password: login.apiKey
		}, API_KEY_CURE);
		case "passcode": return await grant(send, apiEndpoint, { passcode: login.passcode }, PASSCODE_CURE);
	}
}
const PASSWORD_CURE = "Check `username` and `password`. It was tried once only, since failed logins lock the account. Federated users log in with `api-key` or `passcode`.";
const API_KEY_CURE = "Check `api-key`: it must be an IBM Cloud API key of a user of this Dedicated environment.";
const PASSCODE_CURE = "A passcode works once and for some minutes: get a new one from the page /passcode of the login server, or use `api-key` in workflows.";
/**
* The password grant. Its request is never repeated, not even after an unclear answer: failed logins lock the account,
* and a passcode works once.
*/
async function grant(send, apiEndpoint, form, cure) {
	const server = await discoverLogin(send, apiEndpoint);
	const doing = `log in at ${server}`;
	const token = (await send({
		doing,
		method: "POST",
		url: `${server}/oauth/token`,
		headers: { "content-type": "application/x-www-form-urlencoded" },
		credentials: { authorization: CF_CLIENT },
		body: new URLSearchParams({
			grant_type: "password",
			...form
		}).toString(),
		cures: {
			400: cure,
			401: cure,
			403: cure
		}
	})).json().access_token;
	if (typeof token !== "string" || token === "") throw new UnexpectedAnswer(doing, `POST ${server}/oauth/token`, "it holds no access_token");
	return mask(token);
}
// src/issuer/dedicated/organization.ts
/** More pages than any Cloud Controller has organizations for; a server that never ends them is broken. */
const MOST_PAGES$1 = 1e3;
/**
* The GUID of an organization: by API v3, else by v2, reading all pages, by exact name.
* @throws Failure when no organization, or more than one, has that name
*/
async function getOrganizationGuid(send, apiEndpoint, accessToken, organization) {
	if ("guid" in organization) return organization.guid;
	const { name } = organization;
	const get = (path, expect) => send({
		doing: `look up the organization "${printable(name)}" at ${apiEndpoint}`,
		url: apiEndpoint + path,
		credentials: { authorization: `Bearer ${accessToken}` },
		expect,
		cures: {
			401: LOGIN_CURE,
			403: LOGIN_CURE
		}
	});
	const found = await v3(get, name) ?? await v2(get, name);
	const guids = new Set(found.filter((one) => one.name === name).map((one) => one.guid));
	const [guid] = guids;
	if (guid !== void 0 && guids.size === 1) return guid;
	throw guids.size > 1 ? severalOf(name, guids) : noneOf(name, found, apiEndpoint);
}
const LOGIN_CURE = "The login was accepted earlier or given as a token, and not here: it may have ended, or be meant for another environment.";
/** @returns undefined where the API has no v3 */
async function v3(get, name) {
	return await pages(get, `/v3/organizations?names=${encodeURIComponent(name.replace(/[%,+]/g, encodeURIComponent))}&per_page=100`, (page) => ({
		found: asObjects(page.resources).flatMap((one) => found(one.guid, one.name)),
		next: asObject(asObject(page.pagination).next).href
	}));
}
async function v2(get, name) {
	const all = await pages(get, `/v2/organizations?q=${encodeURIComponent(`name:${name.replaceAll(";", ";;")}`)}&results-per-page=100`, (page) => ({
		found: asObjects(page.resources).flatMap((one) => found(asObject(one.metadata).guid, asObject(one.entity).name)),
		next: page.next_url
	}));
	if (all !== void 0) return all;
	throw new Failure("The API has neither /v3/organizations nor /v2/organizations", { cure: "Check `api-endpoint`: it must be the Cloud Foundry API, as in https://api.<dedicated-domain>." });
}
async function pages(get, first, read) {
	const all = [];
	let path = first;
	for (let count = 0; path !== void 0 && count < MOST_PAGES$1; count++) {
		const answer = await get(path, count === 0 ? [404] : []);
		if (answer.status === 404) return void 0;
		const page = read(answer.json());
		all.push(...page.found);
		path = nextPath(page.next);
	}
	return all;
}
/** A link to the next page may be relative or absolute; the token goes to our endpoint only, so its host is ignored. */
function nextPath(link) {
	if (typeof link !== "string" || !URL.canParse(link, "https://host")) return void 0;
	const { pathname, search } = new URL(link, "https://host");
	return pathname + search;
}
function found(guid, name) {
	return typeof guid === "string" && typeof name === "string" ? [{
		guid,
		name
	}] : [];
}
function noneOf(name, found, apiEndpoint) {
	const alike = found.map((one) => `"${printable(one.name)}"`).join(", ");
	return new Failure(`No organization "${printable(name)}" at ${apiEndpoint}${alike && `, only ${alike}`}`, { cure: "Check `organization` (upper and lower case count), and that this login is a member of it; or give `organization-guid`." });
}
function severalOf(name, guids) {
	const ids = [...guids].map(printable).join(", ");
	return new Failure(`${guids.size} organizations are called "${printable(name)}": ${ids}`, { cure: "Give the right one as `organization-guid`." });
}
// src/issuer/dedicated/registry-token.ts
/** The registry's token API, `/api/v1/tokens`. */
function registryTokens(send, request) {
	const tokens = `${request.registryEndpoint}/api/v1/tokens`;
	const call = {
		credentials: {
			authorization: `Bearer ${request.accessToken}`,
			organization: request.organizationGuid,
			...request.account === void 0 ? {} : { account: request.account }
		},
		cures: CURES$1
	};
	async function mint(description) {
		const query = new URLSearchParams({
			description,
			permanent: String(request.permanent),
			write: String(request.write)
		});
		const doing = `mint a registry token at ${request.registryEndpoint}`;
		return read((await send({
			...call,
			doing,
			method: "POST",
			url: `${tokens}?${query}`
		}).catch(discontinued)).json().token, doing, `POST ${tokens}`);
	}
	async function list() {
		const doing = `list the registry tokens at ${request.registryEndpoint}`;
		const answer = await send({
			...call,
			doing,
			url: tokens
		});
		return asObjects(answer.json().tokens).filter(({ revoked }) => revoked !== true).flatMap(({ _id, secondary_owner }) => {
			const id = asText(_id);
			return id === void 0 ? [] : [{
				id,
				description: asText(secondary_owner) ?? ""
			}];
		});
	}
	async function recover(id) {
		const doing = `read the registry token ${printable(id)} at ${request.registryEndpoint}`;
		const url = `${tokens}/${encodeURIComponent(id)}`;
		return read((await send({
			...call,
			doing,
			url
		})).json().token, doing, `GET ${url}`);
	}
	async function isOurs(id, value) {
		return claimsOf(value).jti === id;
	}
	async function revoke(id) {
		if (/^\.{0,2}$/.test(id)) throw new Failure(`Could not revoke a registry token: "${id}" is no id`);
		const doing = `revoke the registry token ${printable(id)} at ${request.registryEndpoint}`;
		await send({
			...call,
			doing,
			method: "DELETE",
			url: `${tokens}/${encodeURIComponent(id)}`,
			expect: [404]
		});
	}
	return {
		mint,
		list,
		recover,
		isOurs,
		revoke
	};
}
const CURES$1 = {
	401: "The registry does not take this login for this organization: check the login, `organization` and `account`.",
	403: "This login may not manage registry tokens of the organization: ask its manager for that role.",
	404: "Check `registry-endpoint`: it must be the registry of the Dedicated environment, as in https://registry.<dedicated-domain>."
};
function discontinued(error) {
	if (error instanceof HttpError && error.status === 410) throw new Failure(error.message, {
		cause: error,
		cure: "This registry no longer mints tokens: use `provider: ibmcloud`, which mints an API key of a service ID."
	});
	throw error;
}
/** A registry token is a JWT: its id is the claim `jti`, and it ends unless it is permanent. */
function read(value, doing, from) {
	if (typeof value !== "string" || value === "") throw new UnexpectedAnswer(doing, from, "it holds no token");
	mask(value);
	const claims = claimsOf(value);
	const id = asText(claims.jti);
	if (id === void 0) throw new UnexpectedAnswer(doing, from, "its token has no id (the claim jti)");
	return {
		id,
		value,
		expiresAt: expiryOf(claims)
	};
}
// src/issuer/dedicated/session.ts
/** Logs in and finds the organization, whose registry tokens are the credentials. */
function dedicated(request) {
	return {
		given: void 0,
		async open(send) {
			const accessToken = await getAccessToken$1(send, request.apiEndpoint, request.login);
			const organizationGuid = await getOrganizationGuid(send, request.apiEndpoint, accessToken, request.organization);
			return {
				organizationGuid,
				issuer: (through) => registryTokens(through, {
					...request,
					accessToken,
					organizationGuid
				})
			};
		},
		revocationByHand: (id) => `Revoke it yourself: DELETE ${request.registryEndpoint}/api/v1/tokens/${id} with the headers Authorization (a UAA token) and Organization (its GUID).`
	};
}
// src/issuer/ibmcloud/api-key.ts
/** More pages than a service ID may have keys for; a server that never ends them is broken. */
const MOST_PAGES = 100;
/** The API keys of a service ID, by IAM's `/v1/apikeys`. */
function serviceIdKeys(send, { iamEndpoint, account, serviceId }, accessToken) {
	const keys = `${iamEndpoint}/v1/apikeys`;
	const whose = `of the service ID ${serviceId} at ${iamEndpoint}`;
	const call = async (more = {}) => ({
		credentials: {
			authorization: `Bearer ${await accessToken()}`,
			...more
		},
		cures: CURES
	});
	async function mint(description) {
		const doing = `mint an API key ${whose}`;
		const body = {
			name: MANAGER,
			description,
			iam_id: serviceId,
			account_id: account,
			store_value: false
		};
		const said = (await send({
			...await call(),
			doing,
			method: "POST",
			url: keys,
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body)
		}).catch(atItsLimit)).json();
		const value = asText(said.apikey);
		if (value !== void 0) mask(value);
		const id = asText(said.id);
		if (value === void 0 || id === void 0) throw new UnexpectedAnswer(doing, `POST ${keys}`, "it holds no API key");
		const end = new Date(asText(said.expires_at) ?? "");
		return {
			id,
			value,
			expiresAt: Number.isNaN(end.getTime()) ? void 0 : end
		};
	}
	async function list() {
		const found = [];
		const query = new URLSearchParams({
			account_id: account,
			iam_id: serviceId,
			pagesize: "100"
		});
		for (let page = 0; page < MOST_PAGES; page++) {
			const said = (await send({
				...await call(),
				doing: `list the API keys ${whose}`,
				url: `${keys}?${query}`
			})).json();
			for (const { id, description } of asObjects(said.apikeys)) if (asText(id) !== void 0) found.push({
				id: String(id),
				description: asText(description) ?? ""
			});
			const next = pageToken(said.next);
			if (next === void 0) break;
			query.set("pagetoken", next);
		}
		return found;
	}
	/** IAM shows the value of a key once, when it is created. */
	async function recover(id) {
		await revoke(id);
	}
	/** Whoever may write the secret could put a key of others into it: only one of our name and service ID is ours. */
	async function isOurs(id, value) {
		if (!ID.test(id)) return false;
		const answer = await send({
			...await call({ "iam-apikey": value }),
			doing: `look up a stored API key at ${iamEndpoint}`,
			url: `${keys}/details`,
			expect: [
				400,
				403,
				404
			]
		});
		if (answer.status !== 200) return !await isThere(id);
		const key = answer.json();
		return key.id === id && key.name === "registry-pull-secret" && key.iam_id === serviceId;
	}
	async function isThere(id) {
		return (await send({
			...await request(id),
			expect: [403, 404]
		})).status !== 404;
	}
	async function revoke(id) {
		try {
			await send({
				...await request(id),
				method: "DELETE",
				doing: `delete the API key ${printable(id)} ${whose}`,
				expect: [404]
			});
		} catch (error) {
			if (error instanceof HttpError && error.status < 500 && await isLocked(id)) throw locked(id, error);
			throw error;
		}
	}
	async function isLocked(id) {
		return await send(await request(id)).then((answer) => answer.json().locked === true, () => false);
	}
	async function request(id) {
		const doing = `look up the API key ${printable(id)} ${whose}`;
		if (!ID.test(id)) throw new Failure(`Could not ${doing}: this is no id`);
		return {
			...await call(),
			doing,
			url: `${keys}/${id}`
		};
	}
	return {
		mint,
		list,
		recover,
		isOurs,
		revoke
	};
}
/** With anything else in it, it could mean another address. */
const ID = /^[\w-]+$/;
const CURES = {
	400: "Check `service-id` and `account`: the service ID must be one of that account.",
	401: "IAM no longer takes the login of this run: check that `api-key` is still alive.",
	403: "Give the owner of `api-key` the role Operator for this service ID, or Administrator of the IAM Identity Service.",
	404: "Check `service-id` and `account`, and that `iam-endpoint` is IAM, as in https://iam.cloud.ibm.com."
};
/** The link to the next page is a full one. Only its token is taken, so that the login goes to our endpoint alone. */
function pageToken(link) {
	const url = asText(link);
	if (url === void 0 || !URL.canParse(url, "https://host")) return void 0;
	return new URL(url, "https://host").searchParams.get("pagetoken") ?? void 0;
}
function atItsLimit(error) {
	if (error instanceof HttpError && error.status !== 429 && error.status < 500 && /limit|exceed|maximum|too many/i.test(error.detail)) throw new Failure(error.message, {
		cause: error,
		cure: "Delete API keys of the service ID that nobody uses: `ibmcloud iam service-api-keys <service id>` lists them with their descriptions."
	});
	throw error;
}
function locked(id, cause) {
	return new Failure(`${cause.message}: the key is locked`, {
		cause,
		cure: `Unlock it, and the next run that mints deletes it: \`ibmcloud iam service-api-key-unlock ${id} <service id>\`.`
	});
}
// src/issuer/ibmcloud/iam-token.ts
/** A run can last longer than a token, which ends after an hour at most: the last fifth of its life is not relied on. */
const RELIABLE_PART = .8;
/** Logs in by an API key, and again when the token is about to end. */
function createLogin(request) {
	let token;
	return async (send) => {
		if (token === void 0 || token.renewAt <= Date.now()) token = await getAccessToken(send, request);
		return token.value;
	};
}
async function getAccessToken(send, { iamEndpoint, apiKey }) {
	const doing = `log in at ${iamEndpoint}`;
	const url = `${iamEndpoint}/identity/token`;
	const { access_token, expires_in } = (await send({
		doing,
		method: "POST",
		url,
		headers: { "content-type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({
			grant_type: "urn:ibm:params:oauth:grant-type:apikey",
			apikey: apiKey
		}).toString(),
		cures: {
			400: CURE,
			401: CURE,
			403: CURE,
			404: "Check `iam-endpoint`: usually https://iam.cloud.ibm.com."
		}
	})).json();
	const value = asText(access_token);
	if (value === void 0) throw new UnexpectedAnswer(doing, `POST ${url}`, "it holds no access_token");
	const life = typeof expires_in === "number" ? expires_in * 1e3 : 0;
	return {
		value: mask(value),
		renewAt: Date.now() + life * RELIABLE_PART
	};
}
const CURE = "Check `api-key`: it must be a live IBM Cloud API key that manages the service ID, neither deleted, disabled nor of another environment.";
// src/issuer/ibmcloud/session.ts
/** Logs in to IAM, where each credential is an API key of the service ID. */
function ibmcloud(request) {
	return {
		given: void 0,
		async open(send) {
			const accessToken = createLogin(request);
			await accessToken(send);
			return {
				organizationGuid: void 0,
				issuer: (through) => serviceIdKeys(through, request, () => accessToken(through))
			};
		},
		revocationByHand: (id) => `Delete it yourself: \`ibmcloud iam service-api-key-delete ${id} ${request.serviceId.replace("iam-", "")}\`, or in the console.`
	};
}
// src/issuer/static.ts
/** There is nobody to log in to: such a credential is only carried. Where the password is a JWT, its end is known. */
function givenCredential({ password }) {
	return {
		given: {
			value: password,
			expiresAt: expiryOf(claimsOf(password))
		},
		open: async () => ({
			organizationGuid: void 0,
			issuer: () => nobody
		}),
		revocationByHand: (id) => `Revoke ${id} where it was issued.`
	};
}
const nobody = {
	mint: unable,
	list: async () => [],
	recover: unable,
	isOurs: async () => false,
	revoke: unable
};
async function unable() {
	throw new Failure("`provider: static` only carries a credential: it can neither mint nor revoke one");
}
// src/issuer/provider.ts
function createProvider(request) {
	switch (request.provider) {
		case "dedicated": return dedicated(request);
		case "ibmcloud": return ibmcloud(request);
		case "static": return givenCredential(request);
	}
}
// src/http/stream.ts
var import_undici = require_undici();
/** Milliseconds without a byte after which a connection counts as dead. */
const IDLE = 6e4;
/** Characters; no object that etcd can hold is larger. */
const LONGEST_LINE = 8388608;
/**
* Beside `createSend`, for answers that have no end of their own. Nothing is repeated: who follows a stream knows from
* where to go on. `run` ends everything, as a failure.
*/
function createStream(dispatcher, run) {
	return async function* stream(request, signal) {
		const url = new URL(request.url);
		const from = describeRequest({}, url);
		requireSafe(url, request.doing);
		try {
			const { statusCode, body } = await (0, import_undici.request)(url, {
				dispatcher,
				signal: AbortSignal.any([run, signal]),
				headers: {
					"user-agent": USER_AGENT,
					accept: "application/json",
					...request.credentials
				},
				headersTimeout: IDLE,
				bodyTimeout: IDLE
			});
			if (statusCode !== 200) {
				const cure = request.cures?.[statusCode];
				throw new HttpError(request.doing, {
					from,
					status: statusCode,
					body: await body.text(),
					cure
				});
			}
			let line = "";
			for await (const chunk of body.setEncoding("utf8")) {
				const [head = "", ...rest] = String(chunk).split("\n");
				line += head;
				for (const next of rest) {
					yield parse(line, request, from);
					line = next;
				}
				if (line.length > LONGEST_LINE) throw new UnexpectedAnswer(request.doing, from, "one of its lines has no end");
			}
		} catch (error) {
			if (run.aborted) throw stopped(request.doing, run);
			if (signal.aborted) return;
			throw error instanceof Failure ? error : new NetworkError(request.doing, from, error);
		}
	};
}
function parse(line, { doing }, from) {
	try {
		return asObject(JSON.parse(line));
	} catch {
		throw new UnexpectedAnswer(doing, from, `a line of ${line.length} characters is not JSON`);
	}
}
// src/kubernetes/throttle.ts
/** Milliseconds; API servers ask for no less. */
const SHORTEST_PAUSE = 1e3;
/** So often in all a request is put off. */
const PATIENCE = 100;
/** After so many answers in a row one more request goes at a time. */
const RECOVERY = 100;
/**
* Paces the requests to one API server: so many go at a time. When it answers 429, as its priority and fairness does to
* what it did not even look at, nobody asks again before the time that it names, and then only half as many at a time.
*/
var Throttle = class {
	#cluster;
	#most;
	#signal;
	#allowed;
	#inFlight = 0;
	#answered = 0;
	#line = [];
	#pauseEnd = 0;
	#pause;
	constructor(cluster, concurrency, signal) {
		this.#cluster = cluster;
		this.#most = concurrency;
		this.#signal = signal;
		this.#allowed = concurrency;
	}
	/** Sends when it is this one's turn; a 429 puts it off. @throws HttpError when it is put off too often or for too long */
	async turn(send) {
		for (let refusals = 1;; refusals++) {
			const answer = await this.#inTurn(send);
			if (answer.status !== 429) return answer;
			if (refusals === PATIENCE || pauseOf(answer) > 6e4) throw answer.error();
		}
	}
	/** Until the API server takes requests again. */
	async ready() {
		await this.#pause;
	}
	async #inTurn(send) {
		await new Promise((resolve) => {
			this.#line.push(resolve);
			this.#admit();
		});
		try {
			await this.ready();
			const answer = await send();
			if (answer.status === 429) this.#slowDown(pauseOf(answer));
			else this.#speedUp();
			return answer;
		} finally {
			this.#inFlight--;
			this.#admit();
		}
	}
	#admit() {
		while (this.#inFlight < this.#allowed) {
			const next = this.#line.shift();
			if (next === void 0) return;
			this.#inFlight++;
			next();
		}
	}
	/** All that are in flight may be refused together: that is one reason to slow down, not many. */
	#slowDown(pause) {
		if (pause > 6e4) return;
		this.#pauseEnd = Math.max(this.#pauseEnd, performance.now() + pause);
		this.#answered = 0;
		if (this.#pause !== void 0) return;
		this.#allowed = Math.ceil(this.#allowed / 2);
		info(`The cluster ${this.#cluster} has too many requests: going on in ${pause / 1e3} s, with ${this.#allowed} at a time`);
		this.#pause = this.#waitOut().finally(() => {
			this.#pause = void 0;
		});
	}
	async #waitOut() {
		while (performance.now() < this.#pauseEnd && !this.#signal.aborted) await setTimeout(this.#pauseEnd - performance.now(), void 0, { signal: this.#signal }).catch(() => {});
	}
	#speedUp() {
		if (this.#allowed === this.#most || ++this.#answered < RECOVERY) return;
		this.#answered = 0;
		this.#allowed++;
	}
};
function pauseOf(answer) {
	return Math.max(SHORTEST_PAUSE, answer.error().retryAfter ?? 0);
}
// src/kubernetes/client.ts
/**
* Connects to the cluster of a context. Authentication is client-node's (exec plugins, certificates, tokens that are
* renewed, `proxy-url`) except for GitHub's; the connections are ours, since client-node opens a new one for each request.
*/
function connect(config, context, concurrency, signal) {
	const own = new KubeConfig();
	const clusters = config.clusters.map((one) => one.server.startsWith("http:") ? {
		...one,
		skipTLSVerify: true
	} : one);
	own.loadFromOptions({
		...config,
		clusters,
		currentContext: context
	});
	const { server = "", skipTLSVerify = false } = own.getCurrentCluster() ?? {};
	if (skipTLSVerify && server.startsWith("https:")) warning(`The certificate of the cluster ${context} is not checked (insecure-skip-tls-verify): anybody in between can read its secrets.`);
	const throttle = new Throttle(context, concurrency, signal);
	const provider = own.getCurrentUser()?.authProvider;
	const tokens = provider?.name === "github-oidc" ? new OidcTokens(provider.config, context, signal) : void 0;
	let sending;
	let watching;
	function locate(path, query = {}) {
		const url = new URL(server + path);
		for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
		return url;
	}
	async function request({ path, query, body, contentType, accept, ...rest }) {
		sending ??= openPool(own, context, concurrency, signal).then((pool) => {
			const send = createSend(pool, signal, () => throttle.ready());
			return tokens === void 0 ? send : sendWithOidc(send, tokens);
		});
		const send = await sending;
		return await throttle.turn(async () => {
			if (signal.aborted) throw stopped(rest.doing, signal);
			return await send({
				...rest,
				redirects: 0,
				cures: {
					401: cureOf(context),
					...rest.cures
				},
				expect: [...rest.expect ?? [], 429],
				url: locate(path, query),
				credentials: await authorize(own, context, signal),
				headers: {
					...accept !== void 0 && { accept },
					...body !== void 0 && { "content-type": contentType ?? "application/json" }
				},
				...body !== void 0 && { body: JSON.stringify(body) }
			});
		});
	}
	async function* stream({ doing, path, query }, until) {
		watching ??= openPool(own, context, MOST_WATCHES, signal).then((pool) => createStream(pool, signal));
		const watch = await watching;
		const credentials = await (tokens?.credentials() ?? authorize(own, context, signal));
		yield* watch({
			doing,
			url: locate(path, query),
			credentials,
			cures: { 401: cureOf(context) }
		}, until);
	}
	return {
		name: context,
		identity: identityOf(own),
		namespace: own.getContextObject(context)?.namespace ?? "default",
		request,
		stream
	};
}
function cureOf(context) {
	return `Check the login of the cluster ${context} in the kubeconfig: its token or certificate may have ended.`;
}
function identityOf(config) {
	const { server = "", caData, caFile } = config.getCurrentCluster() ?? {};
	const authority = caData ? Buffer.from(caData, "base64") : caFile && existsSync(caFile) ? readFileSync(caFile) : void 0;
	const digest = authority && createHash("sha256").update(authority).digest("hex").slice(0, 8);
	const { host, pathname } = new URL(server);
	return [host + pathname.replace(/\/+$/, ""), digest].filter(Boolean).join("~");
}
/**
* Milliseconds that a connection may be idle: a run pauses between reading and writing, to mint and to prove. Load
* balancers give a minute and more.
*/
const KEEP_ALIVE = 5e4;
/** At a time; more of them take turns. */
const MOST_WATCHES = 500;
async function openPool(config, context, connections, signal) {
	const { ca, cert, key, servername, rejectUnauthorized } = await tlsOptions(config, context, signal);
	const given = Object.entries({
		ca,
		cert,
		key,
		servername,
		rejectUnauthorized
	}).filter(([, value]) => value !== void 0);
	const tls = Object.fromEntries(given);
	const options = {
		connections,
		keepAliveTimeout: KEEP_ALIVE,
		maxResponseSize: LARGEST_ANSWER,
		connect: tls,
		requestTls: tls
	};
	const { proxyUrl } = config.getCurrentCluster() ?? {};
	if (!proxyUrl) return new import_undici.EnvHttpProxyAgent(options);
	return proxyUrl.startsWith("socks") ? await throughSocks(config) : new import_undici.ProxyAgent({
		...options,
		uri: proxyUrl
	});
}
/** client-node's own: it speaks versions of SOCKS that undici does not. */
async function throughSocks(config) {
	return await new Promise((resolve, reject) => {
		config.applySecurityAuthentication({
			setHeaderParam: () => {},
			setDispatcher: (dispatcher) => resolve(dispatcher)
		}).catch(reject);
	});
}
async function authorize(config, context, signal) {
	const { headers, auth } = await tlsOptions(config, context, signal);
	const credentials = {};
	for (const [name, value] of Object.entries(headers ?? {})) credentials[name.toLowerCase()] = String(value);
	if (auth) credentials.authorization = `Basic ${mask(Buffer.from(auth).toString("base64"))}`;
	const token = /^Bearer (.+)$/.exec(credentials.authorization ?? "")?.[1];
	if (token !== void 0) mask(token);
	return credentials;
}
async function tlsOptions(config, context, signal) {
	const options = {};
	try {
		await unlessEnded(config.applyToHTTPSOptions(options), signal);
		return options;
	} catch (error) {
		const command = config.getCurrentUser()?.exec?.command;
		if (signal.aborted) {
			const means = command === void 0 ? "" : ` by \`${printable(command)}\``;
			throw stopped(`authenticate to the cluster ${context}${means}`, signal);
		}
		const problem = error instanceof SyntaxError ? "its login command did not write JSON" : reason(error);
		throw new Failure(`Could not authenticate to the cluster ${context}: ${printable(problem).slice(0, 500)}`, {
			cause: error,
			cure: command ? `The kubeconfig runs \`${printable(command)}\` for its login: install it, and log in, in an earlier step.` : "Check the user of that context in the kubeconfig: its files must be there and readable."
		});
	}
}
// src/kubernetes/list.ts
/** Objects a page, as kubectl asks for them. */
const PAGE = "500";
/**
* A list, page by page, so that no answer grows with the cluster.
* @throws UnexpectedAnswer at anything but a list: it says nothing, and nobody may take it for a list of nothing
*/
async function* pagesOf(server, request) {
	let next;
	do {
		const query = {
			...request.query,
			limit: PAGE,
			...next !== void 0 && { continue: next }
		};
		const { kind, items, metadata } = (await server.request({
			...request,
			query
		})).json();
		if (!(Array.isArray(items) || !items && asText(kind)?.endsWith("List"))) throw new UnexpectedAnswer(request.doing, `GET ${request.path}`, "it is no list");
		const { resourceVersion, continue: more } = asObject(metadata);
		yield {
			items: asObjects(items),
			version: asText(resourceVersion) ?? ""
		};
		next = asText(more);
	} while (next !== void 0);
}
/** The API server forgets a list after some minutes, and then has no next page of it: so often we begin anew. */
const TRIES = 3;
/**
* All objects of a list, and of each object only what is picked, so that the memory does not grow with the cluster.
* @param pick undefined leaves the object out; it may see an object twice, when the list begins anew
*/
async function listAll(cluster, request, pick) {
	for (let attempt = 1;; attempt++) try {
		return await listOnce(cluster, request, pick);
	} catch (error) {
		if (!(error instanceof HttpError && error.status === 410) || attempt === TRIES) throw error;
	}
}
async function listOnce(cluster, request, pick) {
	const picked = [];
	for await (const { items } of pagesOf(cluster, request)) for (const object of items) {
		const one = pick(object);
		if (one !== void 0) picked.push(one);
	}
	return picked;
}
/** What a list gives; undefined when the login may not list. */
async function unlessForbidden(list) {
	try {
		return await list;
	} catch (error) {
		if (isForbidden(error)) return void 0;
		throw error;
	}
}
/** Asks for names, labels and annotations alone. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
// src/pull-secret/list.ts
/**
* The secrets of one name in all namespaces of a cluster, by namespace.
* @returns undefined when the login may not list secrets of the whole cluster
*/
async function listSecrets(cluster, name) {
	const secrets = await unlessForbidden(listAll(cluster, {
		doing: `list the secrets ${name} of the cluster ${cluster.name}`,
		path: "/api/v1/secrets",
		query: { fieldSelector: `metadata.name=${name}` }
	}, (secret) => {
		return [asText(asObject(secret.metadata).namespace) ?? "", describeSecret(secret, cluster)];
	}));
	return secrets && new Map(secrets);
}
/**
* Who holds which token: the secrets of this action in the whole cluster, whatever their names, by the id of the token
* that they record. Only their metadata is read.
* @returns undefined when the login may not list secrets of the whole cluster
*/
async function listHolders(cluster) {
	const holders = await unlessForbidden(listAll(cluster, {
		doing: `list the secrets of ${MANAGER} in the cluster ${cluster.name}`,
		path: "/api/v1/secrets",
		query: { labelSelector: `${MANAGED_BY}=${MANAGER}` },
		accept: METADATA_ONLY
	}, (secret) => {
		const { provenance, where } = describeSecret(secret, cluster);
		return provenance && {
			tokenId: provenance.tokenId,
			where
		};
	}));
	const byToken = holders && Map.groupBy(holders, ({ tokenId }) => tokenId);
	return byToken && new Map([...byToken].map(([tokenId, held]) => [tokenId, held.map(({ where }) => where)]));
}
// src/pull-secret/namespaces.ts
/**
* The namespaces of a cluster that are meant, in order. They are listed only when a glob or a selector needs it; the ones
* that are about to go are left out.
* @throws Failure when none is found, or they may not be listed
*/
async function chooseNamespaces(cluster, { patterns, selector }) {
	if (patterns.length === 0 && selector === void 0) return [cluster.namespace];
	const wanted = patterns.filter((pattern) => !pattern.startsWith("!"));
	const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
	const isExcluded = (name) => excluded.some((pattern) => matches(name, pattern));
	const names = wanted.filter((pattern) => !isGlob(pattern) && !isExcluded(pattern));
	const isListed = selector !== void 0 || wanted.some(isGlob);
	const all = isListed ? await listStaying(cluster, selector) : [];
	const isWanted = (name) => wanted.length === 0 || wanted.some((pattern) => matches(name, pattern));
	const found = all.filter((name) => isWanted(name) && !isExcluded(name));
	const chosen = selector === void 0 ? [.../* @__PURE__ */ new Set([...names, ...found])] : found;
	if (chosen.length > 0) return isListed ? chosen.sort() : chosen;
	const meant = [...patterns, ...selector === void 0 ? [] : [`the labels ${selector}`]].join(", ");
	throw new Failure(`No namespace of the cluster ${cluster.name} matches ${meant}`, { cure: "Check `namespaces` and `namespace-selector`." });
}
function isGlob(pattern) {
	return pattern.includes("*");
}
function matches(name, pattern) {
	return new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name);
}
async function listStaying(cluster, selector) {
	return [...await list(cluster, {
		query: selector === void 0 ? {} : { labelSelector: selector },
		cures: {
			400: "Check `namespace-selector`: it is a label selector as kubectl takes it, as in team=a,tier!=test.",
			403: "Grant the verb list on namespaces to the login of this cluster (a ClusterRole), or give their names."
		}
	})].flatMap(([name, presence]) => {
		if (presence === "there") return [name];
		tellTerminating(cluster, name);
		return [];
	});
}
/** All namespaces by name; undefined when the login may not list them. */
async function listNamespaces(cluster) {
	return await unlessForbidden(list(cluster, {}));
}
async function list(cluster, request) {
	const doing = `list the namespaces of the cluster ${cluster.name}`;
	const namespaces = await listAll(cluster, {
		...request,
		doing,
		path: "/api/v1/namespaces",
		accept: METADATA_ONLY
	}, (namespace) => {
		const { name } = asObject(namespace.metadata);
		return [asText(name) ?? "", presenceIn(namespace)];
	});
	return new Map(namespaces);
}
/** Whoever may not look at namespaces learns it when writing. */
async function presenceOf({ cluster, namespace }) {
	const answer = await cluster.request({
		doing: `read the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}`,
		expect: [403, 404]
	});
	if (answer.status === 404) return "missing";
	return answer.status === 403 ? "there" : presenceIn(answer.json());
}
function presenceIn({ metadata }) {
	return asObject(metadata).deletionTimestamp === void 0 ? "there" : "terminating";
}
function tellTerminating(cluster, namespace) {
	info(`The namespace ${namespace} of ${cluster.name} is terminating: it is left out.`);
}
// src/pull-secret/refusal.ts
/** A secret that must not, or cannot, be written; nothing was tried. */
var Refusal = class extends Failure {
	name = "Refusal";
};
function refusal(stored, adopt) {
	if (stored.kind === "absent") return void 0;
	const { where, type, immutable, ours, managers, controller } = stored;
	if (controller !== void 0) return new Refusal(`The secret ${where} belongs to the ${controller}, whose controller would write it back`, { cure: "Choose another `secret-name`: `adopt` does not help here." });
	if (type === "kubernetes.io/dockercfg") return new Refusal(`The secret ${where} is a pull secret of the old form, ${LEGACY_TYPE}, and the type of a secret cannot be changed`, { cure: "Choose another `secret-name`, let your Pods and service accounts name that one, and delete the old one when nothing names it." });
	if (!ours && !adopt) return new Refusal(`The secret ${where} is not ours: it is ${managers.length > 0 ? `managed by ${managers.join(", ")}` : "of nobody we know"}`, { cure: "Choose another `secret-name`, or set `adopt: true` to take it over, keeping its other registry hosts." });
	if (type !== "kubernetes.io/dockerconfigjson") return new Refusal(`The secret ${where} has the type ${printable(type)}, which cannot be changed to ${DOCKER_CONFIG_TYPE}`, { cure: "Choose another `secret-name`, or delete that secret yourself when nothing needs it." });
	if (immutable) return new Refusal(`The secret ${where} is immutable: its content can never be changed`, { cure: "Choose another `secret-name`: nodes do not look at an immutable secret again." });
}
// src/pull-secret/targets.ts
/**
* Connects to the clusters; each namespace of each of them is a target, once, however many contexts lead there. A
* cluster whose namespaces cannot be told is one target that fails.
*/
async function resolveTargets(place, concurrency, signal) {
	const byPlace = (await Promise.all(place.contexts.map(async (context) => {
		const cluster = connect(place.config, context, concurrency, signal);
		try {
			return (await chooseNamespaces(cluster, place)).map((namespace) => ({
				cluster,
				namespace
			}));
		} catch (failure) {
			return [failed({
				cluster,
				namespace: "*"
			}, failure)];
		}
	}))).flat().map((one) => [`${one.cluster.identity}/${one.namespace}`, one]);
	return [...new Map(byPlace.toReversed()).values()].toReversed();
}
/**
* Reads what the targets hold: by a list of the secrets of that name where there are many targets and the login may
* list, else one by one. A target that cannot be read, or must not be written, fails alone.
*/
async function survey(targets, secretName, adopt) {
	const lost = targets.filter((target) => "failure" in target);
	const reachable = targets.filter((target) => !("failure" in target));
	const surveys = [...Map.groupBy(reachable, ({ cluster }) => cluster)].map(async ([cluster, group]) => {
		try {
			const listed = group.length > 8 ? await listSecrets(cluster, secretName) : void 0;
			const isComplete = group.every(({ namespace }) => listed?.has(namespace));
			const known = listed === void 0 || isComplete ? void 0 : await listNamespaces(cluster);
			return await Promise.all(group.map((target) => examine(target, secretName, adopt, listed, known)));
		} catch (failure) {
			return group.map((target) => failed(target, failure));
		}
	});
	return withoutTerminating([...(await Promise.all(surveys)).flat(), ...lost]);
}
/** Namespaces that are about to go take no new secret: they are left out, unless there is nothing else to do. */
function withoutTerminating(targets) {
	const isTerminating = (target) => "failure" in target && target.failure instanceof Terminating;
	const staying = targets.filter((target) => !isTerminating(target));
	if (staying.length === 0) return [...targets];
	for (const { cluster, namespace } of targets.filter(isTerminating)) tellTerminating(cluster, namespace);
	return staying;
}
async function examine(target, secretName, adopt, listed, known) {
	const { cluster, namespace } = target;
	try {
		const stored = listed ? listed.get(namespace) ?? { kind: "absent" } : await readSecret(cluster, namespace, secretName);
		if (stored.kind === "absent") {
			const presence = known ? known.get(namespace) ?? "missing" : listed ? "there" : await presenceOf(target);
			if (presence === "missing") throw noNamespace(target);
			if (presence === "terminating") throw terminating(target);
		}
		const refused = refusal(stored, adopt);
		return refused === void 0 ? {
			...target,
			stored
		} : failed(target, refused);
	} catch (failure) {
		return failed(target, failure);
	}
}
function failed(target, failure) {
	return {
		...target,
		result: "failed",
		failure,
		mayHold: false
	};
}
var Terminating = class extends Failure {};
function terminating({ cluster, namespace }) {
	return new Terminating(`The namespace ${namespace} of the cluster ${cluster.name} is terminating`, { cure: "Take it off `namespaces`, or wait until it is gone and create it anew." });
}
function noNamespace({ cluster, namespace }) {
	return new Failure(`The namespace ${namespace} is not in the cluster ${cluster.name}`, { cure: "Check `namespaces` and `contexts`, or create the namespace first: this action writes secrets, not namespaces." });
}
// src/runner/state.ts
/** Before the mint: from now on a token may exist. */
function saveMint(description) {
	saveState("description", description);
	savePhase("minting");
}
function saveMintedId(tokenId) {
	saveState("token-id", tokenId);
}
/** Before the first write: from now on targets may hold the token. */
function saveWriting(tokenId, superseded) {
	saveState("brought-id", tokenId);
	saveState("superseded", superseded.join(" "));
	savePhase("writing");
}
/** Before the first revocation. */
function saveRevoking(superseded) {
	saveState("superseded", superseded.join(" "));
	savePhase("revoking");
}
function savePhase(phase) {
	saveState("phase", phase);
}
function loadState() {
	return {
		description: getState("description") || void 0,
		mintedId: getState("token-id") || void 0,
		broughtId: getState("brought-id") || void 0,
		phase: getState("phase") || "settled",
		superseded: getState("superseded").split(" ").filter(Boolean)
	};
}
// src/run/grace-period.ts
/**
* Milliseconds in which the old and the new credential both work. A node that has read the secret just before it was
* written still has to log in with what it read; on a real one we have seen half a second go by.
*/
const OVERLAP = 5e3;
/** Waits until nobody pulls any more with what was replaced. The end of the run ends it: what comes next will tell. */
async function outlastPulls(writtenAt, signal) {
	const rest = writtenAt + OVERLAP - performance.now();
	if (rest <= 0) return;
	info(`Letting the pulls under way end with the replaced token: ${(rest / 1e3).toFixed(1)} s`);
	await setTimeout(rest, void 0, { signal }).catch(() => {});
}
export { savePhase as a, resolveTargets as c, refusal as d, listHolders as f, createProvider as g, unlessForbidden as h, saveMintedId as i, survey as l, pagesOf as m, loadState as n, saveRevoking as o, listAll as p, saveMint as r, saveWriting as s, outlastPulls as t, Refusal as u };
