import { J as mask, O as DAY_MS, Q as publish, W as printable, Y as maskBasic, _ as sha256, _t as ActionError, at as asObjects, ot as asText, ut as MANAGER_NAME, yt as InputError } from "./runner.js";
import { c as HttpError, i as header } from "./http.js";
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
		hints: () => ({
			401: LOGIN_HINT$2,
			404: ENDPOINT_HINT
		})
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
			hints: () => ({
				403: PROJECT_HINT$1,
				404: `${PROJECT_HINT$1} ${ENDPOINT_HINT}`
			})
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
	return sha256(text).slice(0, length);
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
const HINTS = {
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
const MAX_PAGES = 100;
/**
* Lists the robot accounts of one level whose names contain this action's prefix.
* @throws the errors of `Send`
*/
async function listRobots(api, projects, level) {
	const name = `name=~${ROBOT_NAME_PREFIX}`;
	const filter = level === "system" ? name : `Level=project,ProjectID=${await projects.idOf(api, level.project)},${name}`;
	const robots = /* @__PURE__ */ new Map();
	for (let page = 1; page <= MAX_PAGES; page++) {
		const query = new URLSearchParams({
			q: filter,
			page: String(page),
			page_size: String(PAGE_SIZE)
		});
		const response = await api.request({
			operation: `list the robot accounts of ${nameOf(level)} at ${api.endpoint}`,
			path: `/robots?${query}`,
			hints: () => level === "system" ? SYSTEM_HINTS : PROJECT_HINTS
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
			hints: () => mintHints(level)
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
			hints: () => HINTS
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
		endpoint,
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
export { createHarborProvider };
