import { $ as withPullSecret, $t as debug, A as describeSecret, An as reason, B as droppedHosts, Bt as annotationOf, D as LAST_APPLIED, Dn as InputError, E as DOCKER_CONFIG_TYPE, En as ActionErrors, F as formatPending, Ft as placeObject, Gt as labelOf, H as formatWith, Ht as groupKind, I as ownPending, J as loginsIn, Jt as uidOf, Kt as metadataOf, Lt as collectionOf, M as readEntries, N as readSecret, Nt as inApplyOrder, O as LEGACY_TYPE, On as actionErrorOf, P as PENDING, Pt as isNamespace, Q as createsPods, R as RECORDS, Rt as createDiscovery, T as DOCKER_CONFIG_KEY, Tn as ActionError, Tt as isLoopback, U as isOwn$1, Ut as isObserved, V as formatRecords, Vt as conditionOf, W as ownRecords, Wt as isOwnedBy, Y as maskEntries, Z as changePodSpec, _n as asText, a as withSuggestion, an as printable, at as referenceOf, bn as abortError, cn as mask, ct as hostOf$1, dn as redact, dt as identityTokenProblem, et as keysForNodes, ft as shownKeys, gn as asObjects, hn as asObject, ht as readEntry, i as suggestionOf, it as matchesImage, j as placeOf, k as MANAGED_BY, kn as actionErrorsOf, ln as maskBasic, lt as LOG_IN, m as WAIT_FOR_PULLS, mn as asName, mt as loginOf, nn as info, nt as TAG, o as isNotFound, on as warning, ot as repositoryOf, pt as tooManyHosts, q as dockerConfig, qt as nameOf, r as excerptOf, rt as hostOf, s as runProgram, st as findKey, t as withProgress, tn as group, tt as REPOSITORY, ut as hostProblem, v as formatCount, vn as isObject, vt as knownLifeOf, w as unmatchedImagesWarning, xn as delay, yn as MANAGER_NAME, yt as shortLifeOf, z as conflictingRecords, zt as groupOf } from "./inputs.js";
import { _ as NetworkError, a as Refusal, b as isOutcomeUnknown, c as listAll, d as lookUpBriefly, g as HttpError, h as acceptNamedServer, i as observeTargets, l as pagesOf, m as header, o as refusal$1, r as readTargets, s as listHolders, t as confirmClusters, u as unlessFailed, v as UnexpectedResponse, y as isForbidden } from "./read-targets.js";
import { a as isSamePlace, i as isReady, n as isFailed, o as clustersOf, r as isMarkable, s as scopeOf, t as failedTarget } from "./target.js";
import { s as dump } from "./packages.js";
import { a as newerThan, c as isProvided, i as mintSkipReason, l as passwordOf, n as clusterSkipReason, r as holdsCredential, s as selectCandidates, t as candidateOf, u as providedTokenId } from "./reuse.js";
import { n as hostsText, r as mintOf, t as describeMint } from "./token-description.js";
import { t as waitForInFlightPulls } from "./grace-period.js";
import { EventEmitter } from "node:events";
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
// src/permissions/permission.ts
/**
* What the run still needs to write the pull secret to a target and to its service accounts. Nothing where the target holds
* it already: a run that has nothing to write asks for nothing. Where it could not be read, all of it may be missing.
* @param tokenId of the credential that is to be written; undefined: a new one
*/
function permissionsToWrite(target, { name, serviceAccounts }, tokenId) {
	const stored = target.status === "ready" ? target.stored : void 0;
	if (tokenId !== void 0 && stored?.kind === "present" && stored.records.some((one) => one.tokenId === tokenId)) return [];
	const verbs = stored?.kind === "present" ? ["get", "patch"] : [
		"get",
		"create",
		"patch"
	];
	const account = {
		group: "",
		resource: "serviceaccounts"
	};
	return [...verbs.map((verb) => ({
		verb,
		group: "",
		resource: "secrets",
		name
	})), ...serviceAccounts.includes("*") ? [
		"get",
		"list",
		"patch"
	].map((verb) => ({
		verb,
		...account
	})) : serviceAccounts.flatMap((one) => ["get", "patch"].map((verb) => ({
		verb,
		...account,
		name: one
	})))];
}
/** What the run needs to create the namespace of a target, if it does not exist. */
function permissionsToCreate(target) {
	const source = target.status === "ready" ? target.namespaceToCreate : void 0;
	if (source === void 0) return [];
	const namespaces = {
		group: "",
		resource: "namespaces",
		isClusterScoped: true
	};
	if (source === "input") return [{
		verb: "create",
		...namespaces
	}];
	return ["create", "patch"].map((verb) => ({
		verb,
		...namespaces,
		name: target.namespace
	}));
}
/** `create and patch secrets, and patch serviceaccounts`. */
function describePermissions(permissions) {
	return [...byResource(permissions)].map(([resource, verbs]) => `${join([...verbs])} ${resource.split("/")[1]}`).join(", and ");
}
/** The rules of a Role that gives these permissions. */
function rulesOf(permissions) {
	return [...byResource(permissions)].map(([key, verbs]) => {
		const [group = "", resource = ""] = key.split("/");
		return {
			apiGroups: [group],
			resources: [resource],
			verbs: [...verbs]
		};
	});
}
function byResource(permissions) {
	const verbs = /* @__PURE__ */ new Map();
	for (const { verb, group, resource } of permissions) {
		const key = `${group}/${resource}`;
		verbs.set(key, (verbs.get(key) ?? /* @__PURE__ */ new Set()).add(verb));
	}
	return verbs;
}
function join(words) {
	return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
// src/permissions/role.ts
/** A manifest with more Roles would be too long to read. */
const MAX_ROLES = 20;
const API_GROUP = "rbac.authorization.k8s.io";
/**
* A manifest (YAML) that grants these permissions in these namespaces. It holds everything that the run needs, because
* applying it replaces an earlier Role of that name.
* @param user as the API server calls it; without one the manifest has no RoleBinding
*/
function rolesFor(permissions, namespaces, user) {
	const documents = namespaces.slice(0, MAX_ROLES).flatMap((namespace) => {
		const metadata = {
			name: MANAGER_NAME,
			namespace
		};
		const inNamespace = permissions.filter(({ isClusterScoped }) => !isClusterScoped);
		const missing = inNamespace.length < permissions.length ? [{
			apiVersion: "v1",
			kind: "Namespace",
			metadata: { name: namespace }
		}] : [];
		const role = {
			apiVersion: `${API_GROUP}/v1`,
			kind: "Role",
			metadata,
			rules: rulesOf(inNamespace)
		};
		if (user === void 0) return [...missing, role];
		const roleRef = {
			apiGroup: API_GROUP,
			kind: "Role",
			name: MANAGER_NAME
		};
		return [
			...missing,
			role,
			{
				...role,
				kind: "RoleBinding",
				rules: void 0,
				subjects: [subjectOf(user)],
				roleRef
			}
		];
	});
	const more = namespaces.length - MAX_ROLES;
	return [
		user === void 0 ? "# Bind this Role to the user of this kubeconfig: the API server does not return its name.\n" : "",
		documents.map((document) => dump(document, {
			lineWidth: -1,
			noRefs: true,
			flowLevel: 3
		})).join("---\n"),
		more > 0 ? `# The same in ${more} more namespaces.\n` : ""
	].join("");
}
function subjectOf(user) {
	const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
	return namespace && name ? {
		kind: "ServiceAccount",
		namespace,
		name
	} : {
		apiGroup: API_GROUP,
		kind: "User",
		name: user
	};
}
// src/permissions/access-review.ts
/**
* Asks the API servers, before anything is minted, whether the users of the kubeconfig may do what the run is about to do
* (SelfSubjectAccessReview). A target where one may not fails alone; targets that lack the same permissions share one error,
* with the Role that grants them.
* https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
* @param permissionsOf what a target needs; nothing is asked for a target that needs nothing
*/
async function checkPermissions(targets, permissionsOf) {
	const denied = /* @__PURE__ */ new Map();
	const byCluster = Map.groupBy(targets, ({ cluster }) => cluster);
	await Promise.all([...byCluster].map(async ([cluster, group]) => {
		const demands = group.map((target) => ({
			target,
			permissions: permissionsOf(target)
		})).filter(({ permissions }) => permissions.length > 0);
		for (const [target, error] of await review(cluster, demands)) denied.set(target, failedTarget(target, error));
	}));
	return targets.map((target) => denied.get(target) ?? target);
}
async function review(cluster, demands) {
	const general = demands.length > 8 ? await grantedIn(cluster, "", unique$1(demands.flatMap(({ permissions }) => permissions))) : [];
	const everywhere = new Set(general.map(keyOf$2));
	const refused = (await Promise.all(demands.map(async ({ target, permissions }) => {
		const open = permissions.filter((permission) => !everywhere.has(keyOf$2(permission)));
		const granted = new Set(await grantedIn(cluster, target.namespace, open));
		return {
			target,
			permissions,
			missing: open.filter((permission) => !granted.has(permission))
		};
	}))).filter(({ missing }) => missing.length > 0);
	const alike = Map.groupBy(refused, ({ permissions, missing }) => [
		...missing.map(keyOf$2),
		"|",
		...permissions.map(keyOf$2)
	].join(" "));
	return (await Promise.all([...alike.values()].map(async (group) => {
		const failure = await denial(cluster, group);
		return group.map(({ target }) => [target, failure]);
	}))).flat();
}
async function denial(cluster, group) {
	const namespaces = group.map(({ target }) => target.namespace).sort();
	const [{ missing, permissions }] = group;
	return new ActionError("permission-missing", `The kubeconfig user for cluster ${cluster.name} is not allowed to ${describePermissions(missing)} in ${enumerate(namespaces)}`, {
		hint: "Check `namespaces`, or apply the Role at the end of the log and in the job summary.",
		details: {
			cluster: cluster.name,
			manifest: rolesFor(permissions, namespaces, await userOf(cluster))
		}
	});
}
const MAX_NAMED_NAMESPACES = 5;
function enumerate(namespaces) {
	const [only] = namespaces;
	if (namespaces.length === 1) return `namespace ${only}`;
	const rest = namespaces.length - MAX_NAMED_NAMESPACES;
	return `namespaces ${namespaces.slice(0, MAX_NAMED_NAMESPACES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
/** @param namespace empty: in all of them */
async function grantedIn(cluster, namespace, permissions) {
	const responses = await Promise.all(permissions.map(async (permission) => await isGranted(cluster, namespace, permission)));
	return permissions.filter((_, index) => responses[index]);
}
/** A user who may not even ask is not refused for that, nor is one without a response: the write itself decides. */
async function isGranted(cluster, namespace, { isClusterScoped, ...permission }) {
	try {
		const response = await cluster.request({
			operation: `check the permissions of the user in cluster ${cluster.name}`,
			method: "POST",
			path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
			body: {
				apiVersion: "authorization.k8s.io/v1",
				kind: "SelfSubjectAccessReview",
				spec: { resourceAttributes: {
					namespace: isClusterScoped ? "" : namespace,
					...permission
				} }
			}
		});
		return asObject(response.json().status).allowed === true;
	} catch (error) {
		if ([
			HttpError,
			NetworkError,
			UnexpectedResponse
		].some((kind) => error instanceof kind)) return namespace !== "";
		throw error;
	}
}
/** How the API server calls the user; undefined where it has no SelfSubjectReview (before Kubernetes 1.28). */
async function userOf(cluster) {
	const response = await cluster.request({
		operation: `read the name of the user in cluster ${cluster.name}`,
		method: "POST",
		path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
		body: {
			apiVersion: "authentication.k8s.io/v1",
			kind: "SelfSubjectReview"
		}
	}).catch(() => void 0);
	return asText(asObject(asObject(response?.json().status).userInfo).username);
}
function unique$1(permissions) {
	return [...new Map(permissions.map((permission) => [keyOf$2(permission), permission])).values()];
}
function keyOf$2({ verb, group, resource, name = "" }) {
	return [
		verb,
		group,
		resource,
		name
	].join("/");
}
// src/workload/reason.ts
/** `reason: message`, without the parts that are missing; undefined when all are. */
function joinReasons(...parts) {
	const texts = parts.flatMap((part) => redact(asText(part) ?? "").trim() || []);
	return texts.length === 0 ? void 0 : printable(texts.join(": "));
}
// src/workload/pod-status.ts
/** The status of all containers, in the order in which they start. */
function containerStatuses({ spec, status }) {
	const pod = asObject(spec);
	const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = asObject(status);
	const containers = [
		pod.initContainers,
		pod.containers,
		pod.ephemeralContainers
	].flatMap(asObjects);
	return [
		initContainerStatuses,
		containerStatuses,
		ephemeralContainerStatuses
	].flatMap(asObjects).map(({ name, image, state, lastState }) => {
		const { reason, message } = asObject(asObject(state).waiting);
		const container = containers.find((one) => one.name === name);
		return {
			name: asText(name) ?? "",
			image: asText(container?.image) ?? asText(image) ?? "",
			reason: asText(reason) ?? "",
			message: asText(message) ?? "",
			lastTermination: asObject(asObject(lastState).terminated)
		};
	});
}
/** The first container that exited with an error. */
function failedContainer({ status }) {
	const { initContainerStatuses, containerStatuses } = asObject(status);
	for (const { name, state } of [...asObjects(initContainerStatuses), ...asObjects(containerStatuses)]) {
		const { exitCode, reason, message } = asObject(asObject(state).terminated);
		if (typeof exitCode !== "number" || exitCode === 0) continue;
		const termination = `${asText(reason) ?? "terminated"}, exit code ${exitCode}`;
		return {
			serverCode: asText(reason),
			reason: printable(`container ${asText(name)}: ${joinReasons(termination, message)}`)
		};
	}
}
// src/workload/rollout.ts
/** How to read the status of the kinds that have one, by group and kind. Objects of other kinds are done when applied. */
const ROLLOUTS = {
	"v1 Pod": pod,
	"apps Deployment": deployment,
	"apps StatefulSet": statefulSet,
	"apps DaemonSet": daemonSet,
	"apps ReplicaSet": replicaSet,
	"batch Job": job
};
const READY = { status: "ready" };
const NOT_OBSERVED = {
	status: "waiting",
	reason: "the change has not been observed yet"
};
const waiting = (reason) => ({
	status: "waiting",
	reason
});
/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase */
function pod(object) {
	const status = asObject(object.status);
	const phase = asText(status.phase) ?? "Pending";
	if (status.observedGeneration !== void 0 && !isObserved(object)) return NOT_OBSERVED;
	if (phase === "Succeeded" || conditionOf(object, "Ready")?.status === "True") return READY;
	if (phase !== "Failed") return waiting(`the Pod is ${printable(phase)}, not ready yet`);
	const container = failedContainer(object);
	if (container !== void 0) return {
		status: "failed",
		code: "container-failed",
		...container
	};
	return {
		status: "failed",
		reason: joinReasons(status.reason, status.message) ?? "the Pod failed",
		serverCode: asText(status.reason)
	};
}
function deployment(object) {
	const { updated, available, replicas, desired } = replicaCounts(object);
	if (!isObserved(object)) return NOT_OBSERVED;
	const progress = conditionOf(object, "Progressing");
	if (progress?.reason === "ProgressDeadlineExceeded") return {
		status: "waiting",
		reason: joinReasons(progress.reason, progress.message) ?? "",
		serverCode: asText(progress.reason),
		isStuck: true
	};
	if (updated < desired) return waiting(`${updated} of ${desired} new replicas have been updated`);
	if (replicas > updated) return waiting(`${replicas - updated} old replicas are pending termination`);
	return available < updated ? waiting(`${available} of ${updated} updated replicas are available`) : READY;
}
function statefulSet(object) {
	const { updated, ready, desired } = replicaCounts(object);
	const { updateStrategy } = asObject(object.spec);
	const { currentRevision, updateRevision } = asObject(object.status);
	const { partition } = asObject(asObject(updateStrategy).rollingUpdate);
	if (!isObserved(object)) return NOT_OBSERVED;
	if (ready < desired) return waiting(`${ready} of ${desired} Pods are ready`);
	if (asObject(updateStrategy).type === "OnDelete") return READY;
	if (typeof partition === "number" && partition > 0) {
		const inPartition = desired - partition;
		return updated < inPartition ? waiting(`${updated} of ${inPartition} Pods of the partition are updated`) : READY;
	}
	return currentRevision === updateRevision ? READY : waiting(`${updated} of ${desired} Pods are updated`);
}
function daemonSet(object) {
	const { spec, status } = object;
	const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = asObject(status);
	const [desired, updated] = [count(desiredNumberScheduled), count(updatedNumberScheduled)];
	const available = count(numberAvailable);
	if (!isObserved(object)) return NOT_OBSERVED;
	if (!(asObject(asObject(spec).updateStrategy).type === "OnDelete") && updated < desired) return waiting(`${updated} of ${desired} Pods are updated`);
	return available < desired ? waiting(`${available} of ${desired} Pods are available`) : READY;
}
function replicaSet(object) {
	const { ready, desired } = replicaCounts(object);
	if (!isObserved(object)) return NOT_OBSERVED;
	return ready < desired ? waiting(`${ready} of ${desired} replicas are ready`) : READY;
}
/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions */
function job(object) {
	const { completions = 1, suspend } = asObject(object.spec);
	const { succeeded, active } = asObject(object.status);
	const failed = conditionOf(object, "Failed");
	if (conditionOf(object, "Complete")?.status === "True") return READY;
	if (failed?.status === "True") return {
		status: "failed",
		reason: joinReasons(failed.reason, failed.message) ?? "the Job failed",
		serverCode: asText(failed.reason)
	};
	if (suspend === true) return waiting("the Job is suspended");
	return waiting(`${count(succeeded)} of ${count(completions)} completions, ${count(active)} active`);
}
/** Whether a Job is complete or has failed. One that is suspended has not finished. */
function isFinishedJob(object) {
	return ["Complete", "Failed"].some((type) => conditionOf(object, type)?.status === "True");
}
function replicaCounts({ spec, status }) {
	const { replicas, updatedReplicas, availableReplicas, readyReplicas } = asObject(status);
	const { replicas: desired = 1 } = asObject(spec);
	return {
		desired: count(desired),
		replicas: count(replicas),
		updated: count(updatedReplicas),
		available: count(availableReplicas),
		ready: count(readyReplicas)
	};
}
function count(value) {
	return typeof value === "number" ? value : 0;
}
// src/permissions/workload.ts
/**
* The permissions to apply manifests in these namespaces and to wait for them. What is missing in other namespaces or for
* cluster-scoped objects shows when they are applied, as does a kind that does not exist.
*/
async function workloadPermissions(server, namespaces, { objects, isAwaited, recreate }) {
	const discover = createDiscovery(server, objects);
	return (await Promise.all(objects.map((object) => placeObject(object, {
		objects,
		namespaces,
		discover
	}).catch(() => [])))).flat().filter(({ namespace }) => namespaces.includes(namespace)).flatMap(({ object, resource, namespace }) => {
		const kind = groupKind(object);
		const isRecreated = recreate.some((one) => one === kind);
		const isFollowed = isAwaited && kind in ROLLOUTS;
		const verbs = [
			...isRecreated || isFollowed ? ["get"] : [],
			"create",
			"patch",
			...isRecreated ? ["delete"] : []
		];
		const { name } = object.metadata;
		return verbs.map((verb) => ({
			verb,
			group: groupOf(object.apiVersion),
			resource: resource.plural,
			namespace,
			name
		}));
	});
}
// src/permissions/required.ts
/**
* What a run still needs in each target: for the secret and its service accounts, and for the manifests. Where the API
* server refused to let the user read, all of it may be missing.
* @param tokenId of the credential that is to be written; undefined: a new one
*/
async function permissionsNeeded(targets, { secret, deploy, dryRun }, tokenId) {
	const open = targets.filter((target) => target.status !== "failed" || isForbidden(target.error));
	const byCluster = [...Map.groupBy(open, ({ cluster }) => cluster)];
	const required = await Promise.all(byCluster.map(async ([cluster, group]) => {
		if (deploy === void 0) return [];
		return (await workloadPermissions(cluster, group.map(({ namespace }) => namespace), {
			...deploy,
			isAwaited: deploy.waitTimeoutMs > 0 && !dryRun
		})).map(({ namespace, ...permission }) => ({
			target: keyOf$1(cluster, namespace),
			permission
		}));
	}));
	const toDeploy = Map.groupBy(required.flat(), ({ target }) => target);
	const isOpen = new Set(open);
	return (target) => {
		if (!isOpen.has(target)) return [];
		const deployed = toDeploy.get(keyOf$1(target.cluster, target.namespace)) ?? [];
		return [
			...permissionsToCreate(target),
			...secret === void 0 ? [] : permissionsToWrite(target, secret, tokenId),
			...deployed.map(({ permission }) => permission)
		];
	};
}
function keyOf$1({ identity }, namespace) {
	return `${identity}/${namespace}`;
}
// src/registry/challenge.ts
/** The challenge of a 401 response. Bearer is preferred: with Basic the password itself goes to the registry. */
function challengeOf(response) {
	const challenges = response.status === 401 ? parseChallenges(header(response, "www-authenticate") ?? "") : [];
	return challenges.find(({ scheme }) => scheme === "bearer") ?? challenges[0];
}
/**
* Parses a `WWW-Authenticate` header with one or more challenges. It accepts what real registries send beyond the
* grammar of RFC 9110: any whitespace around `,` and `=`, empty list elements, and a missing closing quote at the end.
*/
function parseChallenges(header) {
	const challenges = [];
	for (const [, name = "", quoted, plain] of header.matchAll(/([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s,"]*)))?/g)) {
		const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
		const current = challenges.at(-1);
		if (value === void 0) challenges.push({
			scheme: name.toLowerCase(),
			parameters: {}
		});
		else if (current !== void 0) current.parameters[name.toLowerCase()] = value;
	}
	return challenges;
}
// src/registry/client.ts
/** Statuses that say something about a credential. `Send` retries 429 and 5xx, which do not, and then throws them. */
const CONCLUSIVE_STATUSES = [
	400,
	401,
	403,
	404,
	405,
	406,
	410,
	422,
	451
];
/**
* Sends `GET /v2/`, by which a client recognizes a registry.
* @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support
* @param server a host of a docker config, with or without a scheme. A loopback host without one is tried over https,
* then over http.
* @throws HttpError | NetworkError
*/
async function connectRegistry(send, server) {
	let firstError;
	const origins = originsOf(server);
	for (const [index, origin] of origins.entries()) try {
		const ping = await send({
			service: "registry",
			operation: `reach registry ${printable(server)}`,
			url: `${origin}/v2/`,
			expectedStatuses: CONCLUSIVE_STATUSES,
			...index < origins.length - 1 && { maxAttempts: 1 }
		});
		return createRegistry(send, {
			origin,
			ping,
			challenge: challengeOf(ping)
		});
	} catch (error) {
		if (!(error instanceof NetworkError)) throw error;
		firstError ??= error;
	}
	throw firstError;
}
function createRegistry(send, connection) {
	const { origin, ping, challenge } = connection;
	return {
		origin,
		host: new URL(origin).host,
		ping,
		challenge,
		async send(request) {
			const authorization = await authorize(send, connection, request);
			if (typeof authorization === "object") return {
				from: "token-server",
				response: authorization
			};
			return {
				from: "registry",
				response: await send({
					...request.limits,
					service: "registry",
					operation: request.operation,
					method: request.method ?? "GET",
					url: origin + request.path,
					expectedStatuses: CONCLUSIVE_STATUSES,
					...request.accept && { headers: { accept: request.accept } },
					...authorization && { credentials: { authorization } }
				})
			};
		},
		withChallenge: (challenge) => createRegistry(send, {
			...connection,
			challenge
		})
	};
}
/**
* The `Authorization` header of a request: a bearer token from the token server of the challenge, or the login itself
* where the challenge is Basic.
* @see https://distribution.github.io/distribution/spec/auth/token/
* @returns the response of the token server when it issued no token
*/
async function authorize(send, { origin, ping, challenge }, { login, scope, limits }) {
	const { host } = new URL(origin);
	const basic = login && `Basic ${maskBasic(login.username, login.password)}`;
	if (challenge?.scheme !== "bearer") return basic;
	const url = tokenUrl(challenge, origin);
	if (url === void 0) throw ping.unexpected("its challenge names no token server");
	const operation = login ? `log in to registry ${host}` : `get an anonymous token for registry ${host}`;
	acceptNamedServer({
		operation,
		from: new URL(origin),
		to: url,
		role: "token server"
	});
	if (scope !== void 0) url.searchParams.set("scope", scope);
	const response = await send({
		...limits,
		service: "registry",
		operation,
		url,
		expectedStatuses: CONCLUSIVE_STATUSES,
		...basic && { credentials: { authorization: basic } }
	});
	if (response.status !== 200) return response;
	const { token, access_token } = response.json();
	const value = asText(token) ?? asText(access_token);
	return value === void 0 ? void 0 : `Bearer ${mask(value, login?.username)}`;
}
function tokenUrl({ parameters: { realm, service } }, origin) {
	if (!realm || !URL.canParse(realm, origin)) return void 0;
	const url = new URL(realm, origin);
	if (service !== void 0) url.searchParams.set("service", service);
	return url;
}
/** @see https://github.com/distribution/reference/blob/main/normalize.go for Docker Hub's two names */
function originsOf(server) {
	const [, scheme, host = ""] = /^(https?:\/\/)?([^/]*)/.exec(server) ?? [];
	if (host === "docker.io" || host === "index.docker.io") return ["https://registry-1.docker.io"];
	if (scheme !== void 0) return [scheme + host];
	const hostname = host.replace(/:\d+$/, "");
	return isLoopback(hostname) ? [`https://${host}`, `http://${host}`] : [`https://${host}`];
}
// src/registry/suggest-image.ts
/** Of a larger list, the beginning is enough; registries refuse more than this. */
const PAGE_SIZE = 1e3;
/** https://github.com/distribution/reference/blob/main/reference.go */
const MAX_REPOSITORY_LENGTH = 255;
/**
* One sentence about the tags that a repository has or, where it does not exist, about repositories with a similar name. Only
* what `login` sees is listed. It does not fail, and it is safe to print.
*/
async function suggestImage(registry, missing) {
	const { repository, reference } = missing.image;
	return await lookUpBriefly(`tags of ${repository} at ${registry.host}`, async (limits) => {
		const tags = await listTags(registry, missing, limits);
		if (tags === void 0) return void 0;
		if (tags.length === 0) return await suggestFrom(registry, missing, limits);
		return suggestionOf({
			kind: `tags of ${repository}`,
			wanted: reference,
			names: tags,
			otherwise: "last"
		});
	});
}
/** As `suggestImage`, for an image that a node did not find at a registry. */
async function suggestImageAt(send, { server, ...missing }) {
	return await lookUpBriefly(`images at registry ${server}`, async (limits) => {
		return await suggestImage(await connectRegistry((request) => send({
			...request,
			...limits
		}), server), missing);
	});
}
/** As `suggestImage`, for a repository that `login` must not pull from: it may not exist. */
async function suggestRepository(registry, missing) {
	const what = `repositories like ${missing.image.repository} at ${registry.host}`;
	return await lookUpBriefly(what, (limits) => suggestFrom(registry, missing, limits));
}
async function suggestFrom(registry, missing, limits) {
	const names = (await missing.listRepositories?.(registry.origin, limits) ?? await listCatalog(registry, missing, limits)).filter((name) => name.length <= MAX_REPOSITORY_LENGTH && REPOSITORY.test(name));
	const { repository } = missing.image;
	if (names.includes(repository)) return void 0;
	return suggestionOf({
		kind: "repositories",
		wanted: repository,
		names,
		otherwise: "first"
	});
}
/**
* @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
* @returns none where the repository does not exist, and undefined where nothing is known about it
*/
async function listTags(registry, { login, image: { repository, reference } }, limits) {
	const { from, response } = await registry.send({
		operation: `list the tags of ${repository} in registry ${registry.host}`,
		path: `/v2/${repository}/tags/list?n=${PAGE_SIZE}`,
		scope: `repository:${repository}:pull`,
		login,
		limits
	});
	if (from === "registry" && response.status === 404) return [];
	if (from !== "registry" || response.status !== 200) return void 0;
	return textsIn(response.json().tags).filter((tag) => TAG.test(tag) && tag !== reference).sort(IN_NUMERIC_ORDER.compare);
}
/** `1.9` before `1.10`. */
const IN_NUMERIC_ORDER = new Intl.Collator("en", { numeric: true });
/** @see https://distribution.github.io/distribution/spec/api/#listing-repositories */
async function listCatalog(registry, { login }, limits) {
	const request = {
		operation: `list the repositories of registry ${registry.host}`,
		path: `/v2/_catalog?n=${PAGE_SIZE}`,
		scope: "registry:catalog:*",
		login,
		limits
	};
	const { from, response } = await registry.send(request);
	return from === "registry" && response.status === 200 ? textsIn(response.json().repositories) : [];
}
/** A registry can ignore the page size. */
function textsIn(value) {
	return (Array.isArray(value) ? value.slice(0, PAGE_SIZE) : []).filter((one) => typeof one === "string");
}
// src/registry/verification.ts
const VERIFIED_MESSAGES = {
	"can-pull": ({ host, image }) => `Verified: registry ${host} lets this credential pull ${image} and refuses anonymous access.`,
	accepted: ({ host }) => `Verified: registry ${host} accepts this credential.`,
	"image-missing": ({ host, image }) => `Registry ${host} accepts this credential, but does not have image ${image}.`,
	"image-public": ({ host, image }) => `Registry ${host} accepts this credential. Image ${image} is public, so permission to pull private images was not verified.`,
	"no-login-required": ({ host }) => `Registry ${host} requires no login, so this credential was not verified.`
};
const VERIFIED_HINTS = {
	"image-missing": "Check `verify-image`: its namespace, name and tag, and that the image is in this registry and not in another region.",
	"image-public": "Set `verify-image` to a private image.",
	"no-login-required": "Check `docker-server`: a registry of private images requires a login."
};
function verified(kind, subject) {
	const message = VERIFIED_MESSAGES[kind](subject);
	const hint = VERIFIED_HINTS[kind];
	return {
		status: "verified",
		kind,
		server: subject.server,
		message,
		hint: hint && withSuggestion(hint, subject.suggestion)
	};
}
const REFUSAL_CODES = {
	refused: "registry-login-failed",
	forbidden: "registry-access-denied",
	quota: "registry-quota-exceeded",
	"private-network": "registry-private-network",
	unreachable: "registry-unreachable"
};
/** For a registry that only the nodes reach. */
const VERIFY_HINT = "If the nodes reach this registry and this runner cannot, set `verify: false`.";
const REFUSAL_HINTS = {
	refused: "The credential is wrong, revoked or expired, or its account is not active.",
	forbidden: "Grant the credential permission to pull from that namespace, or set `verify-image` to an image that it may pull.",
	quota: "Raise the pull traffic quota, or wait for the next month. The credential is valid: rotating it does not help.",
	"private-network": `Run this job inside the private network, with the private host name of the registry. The credential is valid. ${VERIFY_HINT}`,
	unreachable: `The registry is not reachable from this runner, by its own rules: check \`docker-server\`, allow the address of this runner, or run this job in the network of the registry. ${VERIFY_HINT}`
};
/**
* For a 403 to a login: GitHub Packages returns it for an expired password (https://github.com/akuity/kargo/pull/778),
* others for a login without permissions.
*/
const LOGIN_FORBIDDEN_HINT = "Check that the credential is right, and that it has permission to pull from this registry.";
/**
* A response in which a registry or its token server refuses a credential. Its body can tell that the credential is not
* the reason, although the status is that of a refused one: IBM Cloud Container Registry reports quota and network
* restrictions in this way (https://cloud.ibm.com/docs/Registry?topic=Registry-troubleshoot-access-denied).
* @param kind what the status means when the body says nothing more specific
*/
function refusal(kind, response, hint) {
	const cause = response.error();
	const actual = specificRefusal(cause) ?? kind;
	return {
		status: "failed",
		kind: actual,
		error: new ActionError(REFUSAL_CODES[actual], cause.message, {
			hint: (actual === kind ? hint : void 0) ?? REFUSAL_HINTS[actual],
			details: cause.details,
			cause
		})
	};
}
function specificRefusal({ details, serverMessage }) {
	const text = `${details.serverCode ?? ""} ${serverMessage}`;
	if (/quota/i.test(text)) return "quota";
	if (/private network/i.test(text)) return "private-network";
	if (/client with IP \S+ is not allowed/i.test(text)) return "unreachable";
	if (/token has expired/i.test(text)) return "refused";
}
/** Where no request got through, other runners may be let in. A certificate or protocol error is the same for all of them. */
function unavailable(cause) {
	if (!(cause instanceof NetworkError) || cause.permanent) return {
		status: "failed",
		kind: "unavailable",
		error: cause
	};
	const { code, message, details } = cause;
	const hint = `The registry is not reachable from this runner. ${cause.hint} ${VERIFY_HINT}`;
	return {
		status: "failed",
		kind: "unreachable",
		error: new ActionError(code, message, {
			hint,
			details,
			cause
		})
	};
}
/**
* A server that forbids `GET /v2/` without saying how to log in does not judge a credential. Firewalls of registries respond
* like this.
* @param ping the response to `GET /v2/`
*/
function notLetIn(ping) {
	const cause = ping.error();
	return {
		status: "failed",
		kind: "unreachable",
		error: new ActionError("registry-unreachable", cause.message, {
			hint: REFUSAL_HINTS.unreachable,
			details: cause.details,
			cause
		})
	};
}
/** @param ping the response to `GET /v2/` */
function notARegistry(ping) {
	const what = ping.status === 200 ? "a web page" : `status ${ping.status} and no login challenge`;
	const cause = ping.unexpected(`with ${what}: it is not a registry`);
	return {
		status: "failed",
		kind: "not-a-registry",
		error: new ActionError("registry-unexpected-response", cause.message, {
			hint: "Check `docker-server` and `registry-endpoint`: a registry responds to GET /v2/ with 200, or with 401 and a login challenge.",
			details: {
				...cause.details,
				status: ping.status
			},
			cause
		})
	};
}
// src/registry/verify.ts
/**
* Delays before a new credential is retried. IAM is eventually consistent, and can reject a key for some seconds:
* https://github.com/IBM-Cloud/terraform-provider-ibm/issues/3561
*/
const RETRY_DELAYS_MS$1 = [
	500,
	1e3,
	2e3,
	4e3,
	8e3
];
/**
* Verifies a credential that was minted by this run. Retries while the registry refuses it, which can be too early.
* @throws ActionError when `signal` aborts
*/
async function verifyNew(send, attempt, signal) {
	const delaysMs = (attempt.retryDelaysMs ?? RETRY_DELAYS_MS$1).values();
	for (;;) {
		const result = await verify(send, attempt);
		const { value: delayMs } = delaysMs.next();
		if (result.kind !== "refused" || delayMs === void 0) return result;
		info(`${result.error.message}. A new credential can take some seconds to become valid: retrying in ${delayMs / 1e3} s`);
		await delay(delayMs, `verify the new credential at registry ${attempt.server}`, signal);
	}
}
/**
* Verifies a credential as a pull would use it, without pulling: logs in as the registry's challenge demands, and reads
* the manifest of the image where one is given.
* @throws ActionError when the registry's challenge cannot be followed safely
*/
async function verify(send, attempt) {
	try {
		return await check(await connectRegistry(send, attempt.server), attempt);
	} catch (error) {
		if (error instanceof HttpError || error instanceof NetworkError) return unavailable(error);
		throw error;
	}
}
async function check(registry, { server, ...attempt }) {
	const { challenge, ping, host } = registry;
	const { login, image } = attempt;
	if (challenge === void 0 && !isRegistryPing(ping)) return ping.status === 403 ? notLetIn(ping) : notARegistry(ping);
	if (image === void 0) {
		const result = challenge === void 0 ? "no-login-required" : await tryLogin(registry, login);
		return typeof result === "object" ? result : verified(result, {
			server,
			host,
			image: ""
		});
	}
	const challenged = challenge === void 0 ? await withChallengeFor(registry, image) : registry;
	const result = challenged.challenge === void 0 ? "no-login-required" : await tryPull(challenged, login, image);
	if (typeof result === "object") return await withRepositories(challenged, {
		...attempt,
		image
	}, result);
	const subject = {
		server,
		host,
		image: shortName(image)
	};
	if (result !== "image-missing") return verified(result, subject);
	return verified(result, {
		...subject,
		suggestion: await suggestImage(challenged, {
			...attempt,
			image
		})
	});
}
/** A registry also denies access to a namespace that is misspelt. Its catalog says nothing about what the login may pull. */
async function withRepositories(registry, missing, result) {
	if (result.kind !== "forbidden" || missing.listRepositories === void 0) return result;
	const { code, message, hint = "", details, cause } = result.error;
	const suggestion = await suggestRepository(registry, missing);
	return {
		...result,
		error: new ActionError(code, message, {
			hint: withSuggestion(hint, suggestion),
			details,
			cause
		})
	};
}
/** Proxies and portals in front of a registry also return 200, with a web page. */
function isRegistryPing(ping) {
	return ping.status === 200 && !header(ping, "content-type")?.startsWith("text/html");
}
/** Some registries send a challenge only for private images, and none for `GET /v2/`. */
async function withChallengeFor(registry, image) {
	const { response } = await registry.send({
		...manifestRequest(registry, image),
		method: "HEAD"
	});
	return registry.withChallenge(challengeOf(response));
}
async function tryLogin(registry, login) {
	const operation = `log in to registry ${registry.host}`;
	const { from, response } = await registry.send({
		operation,
		login,
		path: "/v2/"
	});
	if (response.status === 200) return "accepted";
	if (from === "token-server") return tokenRefusal(response);
	return response.status === 403 ? refusal("forbidden", response, LOGIN_FORBIDDEN_HINT) : refusal("refused", response);
}
/** Of the statuses of a token server, only these are about the credential: it may also be down or misconfigured. */
function tokenRefusal(response) {
	switch (response.status) {
		case 400:
		case 401: return refusal("refused", response);
		case 403: return refusal("forbidden", response, LOGIN_FORBIDDEN_HINT);
		default: return unavailable(response.error("Ask the operators of the registry."));
	}
}
async function tryPull(registry, login, image) {
	const request = manifestRequest(registry, image);
	const head = await registry.send({
		...request,
		login,
		method: "HEAD"
	});
	const needsGet = head.from === "registry" && head.response.status !== 200;
	const { from, response } = needsGet ? await registry.send({
		...request,
		login
	}) : head;
	if (from === "token-server") return tokenRefusal(response);
	if (response.status === 200) {
		const anonymous = await registry.send({
			...request,
			method: needsGet ? "GET" : "HEAD"
		});
		if (anonymous.from === "token-server" || anonymous.response.status !== 200) return "can-pull";
		const access = await tryLogin(registry, login);
		return access === "accepted" ? "image-public" : access;
	}
	if (registry.ping.status === 200 && registry.challenge?.scheme === "basic" && response.status === 401) return refusal("refused", response);
	const access = await tryLogin(registry, login);
	if (access !== "accepted") return access;
	return response.status === 404 ? "image-missing" : refusal("forbidden", response);
}
/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const MANIFEST_TYPES = [
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.docker.distribution.manifest.v2+json"
].join(", ");
function manifestRequest({ host }, image) {
	return {
		operation: `read the manifest of ${shortName(image)} in registry ${host}`,
		path: `/v2/${image.repository}/manifests/${image.reference}`,
		scope: `repository:${image.repository}:pull`,
		accept: MANIFEST_TYPES
	};
}
function shortName({ repository, reference }) {
	return `${repository}${reference.includes(":") ? "@" : ":"}${reference}`;
}
// src/run/list-repositories.ts
/**
* Lists the repositories of a registry by its own API. Only with a credential that this run minted: it is logged in at the
* issuer then, and a run that reuses one does not log in for this.
*/
function repositoryLister({ send, session }, credential) {
	if (credential.origin !== "minted") return void 0;
	return async (registry, limits) => {
		const { listRepositories } = await session();
		return await listRepositories?.((request) => send({
			...request,
			...limits
		}), {
			origin: registry,
			password: passwordOf(credential)
		});
	};
}
// src/run/verify.ts
/**
* Verifies a credential that targets hold, unless this run does not ask registries.
* @returns undefined when a registry refuses it; also when it denies access to one that not all targets hold: another one
*   may have it
* @throws ActionErrors when a registry gives no conclusive response: that is no reason to mint
*/
async function verifyStored({ send, inputs, report }, candidate) {
	const { isEverywhere, ...stored } = candidate;
	for (const { username, password } of candidate.logins) mask(password, candidate.tokenId, username);
	const credential = {
		...stored,
		origin: "reused"
	};
	if (!inputs.verify) return {
		credential,
		verifications: []
	};
	const isSkipped = ({ kind }) => kind === "refused" || !isEverywhere && isAboutCredential(kind);
	const attempts = attemptsOf(credential, inputs);
	const verifications = await report.timeline.phase("Verify the stored credential", () => Promise.all(attempts.map((attempt) => verify(send, attempt))));
	const failed = verifications.filter((one) => one.status === "failed");
	if (failed.length === 0) return {
		credential,
		verifications
	};
	if (failed.some(({ kind }) => kind === "refused")) report.refused(candidate.tokenId);
	if (!failed.every(isSkipped)) throw errorsOf(failed);
	for (const { error } of failed) info(`Skipped stored token ${candidate.tokenId}: ${error.message}.`);
}
/** One for each login at each of its registries: the secrets of several clusters often have the same ones. */
function attemptsOf({ logins }, { registry }) {
	const attempts = logins.flatMap(({ servers, username, password }) => servers.map((server) => ({
		server,
		login: {
			username,
			password
		},
		image: imageAt(server, registry.image)
	})));
	return [...new Map(attempts.map((attempt) => [JSON.stringify(attempt), attempt])).values()];
}
/** An image that names its registry is verified there alone. */
function imageAt(server, image) {
	const { host } = image ?? {};
	return host === void 0 || host === server || matchesImage(server, `${host}/${image?.repository}`) ? image : void 0;
}
/** The registry may respond differently to another credential. */
function isAboutCredential(kind) {
	return kind === "forbidden" || kind === "quota" || kind === "private-network";
}
/**
* Verifies a minted or a provided credential. Only one that was minted just now is tried again: the registry may not know
* it yet.
* @throws ActionErrors when a registry does not accept it
*/
async function verifyNewCredential(context, credential) {
	const { send, inputs, signal, report } = context;
	if (credential.origin === "planned" || !inputs.verify) return {
		credential,
		verifications: []
	};
	const listRepositories = repositoryLister(context, credential);
	const attempts = attemptsOf(credential, inputs);
	const verifyOne = (attempt) => credential.origin === "minted" ? verifyNew(send, {
		...attempt,
		listRepositories
	}, signal) : verify(send, attempt);
	const verifications = await report.timeline.phase("Verify the credential", () => Promise.all(attempts.map(verifyOne)));
	const failed = verifications.filter((one) => one.status === "failed");
	if (failed.length > 0) throw errorsOf(failed);
	return {
		credential,
		verifications
	};
}
function errorsOf(failed) {
	return new ActionErrors(failed.map(({ error }) => error), "The credential was not verified");
}
// src/run/concurrent-run.ts
/**
* A concurrent run wrote a newer credential: all runs continue with the newest, so that all targets end with the same.
* Anyone who may edit a secret can write what looks like it, so its issuer has to confirm that it is ours, for these hosts
* and clusters, and newer. A provided credential has no issuer to ask: `newer` is the one that this workflow provides.
* @returns undefined when a registry refuses it, or it is not confirmed
* @throws ActionErrors when a registry gives no conclusive response
*/
async function useNewerCredential(context, newer, comparison) {
	const confirmed = await confirm$1(context, newer, comparison);
	if (typeof confirmed === "string") {
		info(`Skipped newer token ${newer.tokenId}: ${confirmed}.`);
		return;
	}
	const verified = await verifyStored(context, confirmed);
	if (verified !== void 0) info(`A concurrent run wrote newer token ${newer.tokenId}; continuing with it.`);
	return verified;
}
/** @returns the credential with the date of its issuer, or why it is not used */
async function confirm$1({ ownership, login }, newer, { own, targets }) {
	if (login.provided !== void 0) return newer;
	const { tokenId } = newer;
	const mint = await ownership.mintOf({
		id: tokenId,
		value: passwordOf(newer)
	}, targets);
	if (mint === void 0) return "its issuer does not confirm that this action minted it";
	if (mint.hosts !== hostsText(login.owner.hosts)) return "it was minted for other hosts";
	const leadMs = mint.mintedAt.getTime() - own.mintedAt.getTime();
	if (leadMs < 0 || leadMs === 0 && tokenId < own.tokenId) return "its issuer says that it was minted earlier";
	const clusters = targets.map(({ cluster }) => cluster.identity);
	return clusterSkipReason(clustersOf(mint.scope), clusters) ?? {
		...newer,
		mintedAt: mint.mintedAt
	};
}
// src/issuer/mint-once.ts
const OPERATION = "mint a token";
/** Delays before each further attempt. */
const RETRY_DELAYS_MS = [1e3, 2e3];
/** The delay after a 429 without `Retry-After`. */
const RATE_LIMIT_DELAY_MS = 1e3;
/** A longer `Retry-After` is an error. */
const MAX_RATE_LIMIT_DELAY_MS = 6e4;
/**
* Mints exactly one credential. After an unclear response (none, 5xx, a broken body) the issuer may have minted one: it is
* looked up by its description, and another one is minted only when it does not exist or was revoked.
* @param description unique to this mint
* @throws ActionError at once after a clear error, otherwise after the last attempt
*/
async function mintOnce(issuer, description, signal) {
	return await mintWithRetries(issuer, description, {
		signal,
		retryDelaysMs: RETRY_DELAYS_MS
	});
}
/** `mintOnce` with other delays. */
async function mintWithRetries(issuer, description, { signal, retryDelaysMs }) {
	for (let attempt = 0;; attempt++) try {
		return await issuer.mint(description);
	} catch (error) {
		const rateLimitDelayMs = rateLimitDelay(error);
		if (rateLimitDelayMs === void 0 && !isOutcomeUnknown(error)) throw error;
		if (signal.aborted) throw abortError(OPERATION, signal);
		info(error.message);
		if (rateLimitDelayMs === void 0) {
			info("It is not known whether a token was minted: looking it up by its description");
			const minted = await lookUp(issuer, description, error);
			if (minted !== void 0) return minted;
		}
		const retryDelayMs = retryDelaysMs[attempt];
		if (retryDelayMs === void 0) throw error;
		const delayMs = rateLimitDelayMs ?? retryDelayMs;
		info(`No token was minted: retrying in ${(delayMs / 1e3).toFixed(1)} s`);
		await delay(delayMs, OPERATION, signal);
	}
}
/** @returns undefined when the credential was not minted, or was revoked because its value is lost */
async function lookUp(issuer, description, mintError) {
	try {
		const listed = (await issuer.list()).find((one) => one.description === description);
		return listed && await issuer.recover(listed.id);
	} catch (error) {
		throw new ActionError("mint-result-unknown", `${error.message}, after an unclear response to the mint: ${mintError.message}`, {
			cause: error,
			...error instanceof ActionError && { details: error.details },
			hint: `A token with the description "${description}" may exist. The post step of this action tries again to revoke it.`
		});
	}
}
/** The delay after a 429, with which the issuer says that it minted nothing; undefined for every other error. */
function rateLimitDelay(error) {
	if (!(error instanceof HttpError) || error.status !== 429) return void 0;
	const delayMs = error.retryAfterMs ?? RATE_LIMIT_DELAY_MS;
	return delayMs <= MAX_RATE_LIMIT_DELAY_MS ? delayMs : void 0;
}
const BACKOFF_STEP_MS = 10;
const MAX_BACKOFF_MS = 200;
/**
* 409: the object has changed since it was read, or another manager owns a field:
* https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
*/
function isConflict(error) {
	return error instanceof HttpError && error.status === 409;
}
/**
* Waits after a conflict, before the object is read and written again.
* @throws the error itself when it is not a conflict, or is the last of MAX_CONFLICTS
*/
async function waitAfterConflict(error, attempt) {
	if (!isConflict(error) || attempt === 50) throw error;
	await backoff(attempt);
}
/** Waits for a random time, which separates writers that met in a conflict. The maximum grows with the attempts. */
async function backoff(attempt) {
	const delayMs = Math.random() * Math.min(attempt * BACKOFF_STEP_MS, MAX_BACKOFF_MS);
	await new Promise((resolve) => setTimeout(resolve, delayMs));
}
// src/pull-secret/annotations.ts
/**
* Changes annotations of a secret by a merge patch, guarded by the `resourceVersion` that was read.
* @returns the secret as it is then
* @throws ActionError
*/
async function changeAnnotations({ cluster, namespace, stored }, { name, operation, change }) {
	let current = stored;
	for (let attempt = 1;; attempt++) {
		const annotations = change(current);
		if (annotations === void 0) return current;
		try {
			const { resourceVersion } = current;
			const response = await cluster.request({
				operation: `${operation} the secret ${namespace}/${name} in the cluster ${cluster.name}`,
				method: "PATCH",
				path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
				query: { fieldManager: MANAGER_NAME },
				contentType: "application/merge-patch+json",
				body: { metadata: {
					resourceVersion,
					annotations
				} },
				hints: { 403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.` }
			});
			return describeSecret(response.json(), cluster);
		} catch (error) {
			await waitAfterConflict(error, attempt);
			const read = await readSecret(cluster, namespace, name);
			if (read.kind === "absent") throw error;
			current = read;
		}
	}
}
/** Whether `kubectl apply` left a copy of what the secret held. It would stay readable through all rotations. */
function hasLastApplied({ annotations }) {
	return annotations[LAST_APPLIED] !== void 0;
}
/**
* Removes the copy from a secret of this action. Server-side apply leaves the annotation to its owner, `kubectl`:
* https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
*/
async function removeLastApplied(target, name) {
	await changeAnnotations(target, {
		name,
		operation: "remove the copy of an earlier credential from",
		change: (stored) => stored.ours && hasLastApplied(stored) ? { [LAST_APPLIED]: null } : void 0
	});
}
// src/pull-secret/pending-mark.ts
/**
* Changes the pending rotations of a target.
* @param change receives what is recorded now; returns undefined to leave it
* @returns the secret as it is then
* @throws ActionError
*/
async function changePending(target, name, change) {
	return await changeAnnotations(target, {
		name,
		operation: "record the pending rotation in",
		change(stored) {
			const pending = change(stored);
			return pending && { [PENDING]: formatPending(pending) };
		}
	});
}
// src/pull-secret/inventory.ts
const TYPES = [DOCKER_CONFIG_TYPE, LEGACY_TYPE];
const LEGACY_KEY = ".dockercfg";
/** The pull secrets of a namespace, as `kubectl describe secrets` would show them. */
async function listPullSecrets(cluster, namespace) {
	return (await Promise.all(TYPES.map(async (type) => await list$1(cluster, namespace, type)))).flat().sort((a, b) => a.name.localeCompare(b.name));
}
async function list$1(cluster, namespace, type) {
	const request = {
		operation: `list the pull secrets of the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/secrets`,
		query: { fieldSelector: `type=${type}` }
	};
	return await listAll(cluster, request, describe);
}
function describe(secret) {
	const metadata = asObject(secret.metadata);
	const data = asObject(secret.data);
	const label = asText(asObject(metadata.labels)[MANAGED_BY]);
	const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? []);
	const hosts = data[".dockerconfigjson"] === void 0 ? legacyHosts(data[LEGACY_KEY]) : readEntries(data[DOCKER_CONFIG_KEY]);
	maskEntries(hosts);
	return {
		name: printable(asText(metadata.name) ?? ""),
		type: printable(asText(secret.type) ?? ""),
		hosts: Object.keys(hosts).map(printable),
		size: Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(asName(value), "base64"), 0),
		createdAt: new Date(asText(metadata.creationTimestamp) ?? NaN),
		managedBy: printable(label ?? ([...new Set(managers)].join(", ") || "unknown"))
	};
}
function legacyHosts(base64) {
	try {
		return asObject(JSON.parse(Buffer.from(asText(base64) ?? "", "base64").toString()));
	} catch {
		return {};
	}
}
/** Logs the pull secrets of a namespace, a line each. A run does not depend on it. */
async function describePullSecrets(cluster, namespace) {
	const entries = await listPullSecrets(cluster, namespace).catch((error) => ({ error }));
	group(`Pull secrets in the namespace ${namespace} of ${cluster.name}`, () => {
		if ("error" in entries) {
			const isRefused = isForbidden(entries.error);
			return info(isRefused ? REFUSED$1 : `Could not list them: ${reason(entries.error)}`);
		}
		if (entries.length === 0) info("None.");
		for (const { name, type, hosts, size, createdAt, managedBy } of entries) {
			const days = Math.floor((Date.now() - createdAt.getTime()) / 864e5);
			info(`${name}: ${type}, ${named(hosts)}, ${size} bytes, ${days} ${days === 1 ? "day" : "days"} old, managed by ${managedBy}`);
		}
	});
}
const REFUSED$1 = "The user of this kubeconfig is not allowed to list secrets; this run does not need it.";
const MAX_HOSTS = 10;
function named(hosts) {
	const rest = hosts.length - MAX_HOSTS;
	const some = hosts.slice(0, MAX_HOSTS).join(" ") || "no hosts";
	return rest > 0 ? `${some} and ${rest} more hosts` : some;
}
// src/run/observe.ts
/**
* Reads what the targets hold: nothing is minted before. Where nothing is left to do, only the targets tell which cluster
* they are in.
*/
async function observeStored(context) {
	const { inputs, clusters, provided, report, clock } = context;
	const { targets, secret } = inputs;
	if (targets === void 0) return [];
	const states = (await report.timeline.phase("Read the targets", () => readTargets(clusters, targets, secret))).map((target) => {
		const error = provided?.failed.get(target.cluster.name);
		return error === void 0 || isFailed(target) ? target : failedTarget(target, error);
	});
	if (secret !== void 0) report.observed(states, context.login.owner, clock.now());
	return states;
}
/** The targets, with the identities of their clusters from the API servers. */
async function confirmIdentities({ targets }, observed) {
	return targets === void 0 ? observed : await confirmClusters(observed, targets.config);
}
async function observe(context) {
	return await confirmIdentities(context.inputs, await observeStored(context));
}
/** Logs which pull secrets a single target has, before the run writes there. A run that reuses a credential saves the requests. */
async function logPullSecrets({ secret }, targets) {
	const [first] = targets;
	if (secret === void 0 || first === void 0 || targets.length > 1 || isFailed(first)) return;
	await describePullSecrets(first.cluster, first.namespace);
}
/** What the targets that can be read hold. */
function storedIn(targets) {
	return targets.filter(isReady).map(({ stored }) => stored);
}
// src/run/pending-rotation.ts
/** So many targets are tried: one that cannot be written must not stop the others. */
const MAX_TRIED = 3;
/**
* Records in one target that a mint is about to follow, and what it will supersede. Whatever happens to this run, the next
* one that ends well finds it and finishes the work.
*/
async function beginRotation({ inputs }, targets, { key, description, avoided }) {
	const { secret } = inputs;
	if (secret === void 0 || inputs.revoke === "never") return {
		targets,
		pendingKey: void 0
	};
	const ids = storedIn(targets).flatMap((one) => one.kind === "present" ? ownRecords(one.records, secret.owner) : []).map(({ tokenId }) => tokenId).filter((id) => !isProvided(id));
	const rotation = {
		...secret.owner,
		key,
		descriptions: [description],
		superseded: [...new Set(ids)]
	};
	const markable = targets.filter(isMarkable).filter((target) => !avoided.some((one) => isSamePlace(one, target)));
	for (const target of markable.slice(0, MAX_TRIED)) try {
		const stored = await changePending(target, secret.name, (current) => [...current.pending, rotation]);
		return {
			targets: targets.map((one) => one === target ? {
				...target,
				stored
			} : one),
			pendingKey: key
		};
	} catch (error) {
		info(`Could not record the rotation in namespace ${target.namespace}: ${reason(error)}.`);
	}
	return {
		targets,
		pendingKey: void 0
	};
}
function unfinished({ targets, plan, desired }) {
	return targets.flatMap((target) => {
		if (!isMarkable(target)) return [];
		const rotations = ownPending(target.stored.pending, plan.login.owner).filter(({ key }) => key !== desired.pendingKey);
		return rotations.length === 0 ? [] : [{
			target,
			rotations
		}];
	});
}
/** Of the rotations that this run ended, as a target records them until nothing is left of them. */
function endedKeyOf({ desired, credential }) {
	return desired.pendingKey ?? `ended-${credential.tokenId}`;
}
/** What earlier runs began, as the targets record it. */
function unfinishedIn(distribution) {
	const rotations = unfinished(distribution).flatMap((one) => one.rotations);
	return {
		count: rotations.length,
		descriptions: rotations.flatMap(({ descriptions }) => descriptions),
		isEnding: isEnding(distribution),
		superseded: rotations.flatMap(({ superseded }) => superseded)
	};
}
/** Every target holds the later token of a run that minted itself: it need not end the others. */
function isEnding({ minted }) {
	return minted === void 0;
}
/**
* Ends the rotations of earlier runs, before what they minted is revoked. Such a run may still be alive: it writes the target
* that records its rotation first, and that write fails from now on.
* @returns false when an earlier run has gone on meanwhile
*/
async function endUnfinished({ inputs }, distribution) {
	const { credential, plan, desired } = distribution;
	if (inputs.secret === void 0 || !isEnding(distribution)) return true;
	for (const { target, rotations } of unfinished(distribution)) {
		const keys = new Set(rotations.map(({ key }) => key));
		const key = endedKeyOf(distribution);
		const merged = {
			...plan.login.owner,
			key,
			descriptions: rotations.flatMap(({ descriptions }) => descriptions),
			superseded: rotations.flatMap(({ superseded }) => superseded)
		};
		const stored = await readSecret(target.cluster, target.namespace, desired.name);
		if (stored.kind === "absent") return false;
		if (!(await changePending({
			...target,
			stored
		}, desired.name, ({ pending, records }) => {
			const isSame = records.some(({ tokenId }) => tokenId === credential.tokenId);
			const isThere = [...keys].every((one) => pending.some((rotation) => rotation.key === one));
			return isSame && isThere ? [...pending.filter((one) => !keys.has(one.key)), merged] : void 0;
		})).pending.some((one) => one.key === key)) return false;
	}
	return true;
}
// src/run/new-credential.ts
/**
* Mints one token. From before the request on, the next run and the post step know how to find it.
* @param avoided targets that do not record its rotation
*/
async function mint(context, targets, avoided) {
	const { inputs, journal, report, clock, signal, session, issuer, ownership } = context;
	const { organizationGuid } = await report.timeline.phase("Log in", session);
	if (organizationGuid !== void 0) report.organization(organizationGuid);
	const mintedAt = clock.now();
	const unique = randomBytes(4).toString("hex");
	const purpose = {
		description: inputs.description,
		secretName: inputs.secret?.name,
		hosts: inputs.registry.servers,
		targets
	};
	const description = describeMint(purpose, {
		run: inputs.run.id,
		mintedAt,
		unique
	});
	const begun = await beginRotation(context, targets, {
		key: unique,
		description,
		avoided
	});
	journal.mintStarts(description);
	const mintNow = async () => await mintOnce(await issuer(), description, signal);
	const { id, value, username, expiresAt } = await report.timeline.phase("Mint a token", mintNow).catch((error) => {
		if (isNotMinted(error)) journal.settled();
		throw error;
	});
	journal.minted(id);
	ownership.refresh();
	const expiry = expiresAt ? `expires ${expiresAt.toISOString()}` : "does not expire";
	info(`Minted token ${id}: ${expiry}.`);
	debug(`Its description: ${description}`);
	const credential = {
		tokenId: id,
		mintedAt,
		expiresAt,
		logins: loginsOf(inputs, {
			username,
			value
		}),
		origin: "minted"
	};
	report.credential(credential, inputs);
	return {
		credential,
		...begun
	};
}
/** A minted credential has one login for all registries. */
function loginsOf({ registry }, { username, value }) {
	return [{
		servers: registry.servers,
		username: username ?? registry.username ?? "",
		password: value
	}];
}
/** @throws ActionError when the provided credential has expired */
function useProvided({ clock }, { input, logins, expiresAt }) {
	const now = clock.now();
	if (expiresAt !== void 0 && expiresAt <= now) throw new ActionError("credential-expired", `The credential in \`${input}\` expired at ${expiresAt.toISOString()}`, { hint: "Let the step that logs in to the registry run in this job, before this one." });
	for (const { password } of logins) mask(password);
	return {
		tokenId: providedTokenId(randomUUID()),
		mintedAt: now,
		expiresAt,
		logins,
		origin: "provided"
	};
}
/** What stands for the new credential in a dry run: the API servers check a secret of the same shape. */
function plannedToken({ clock, inputs }) {
	const logins = loginsOf(inputs, { value: randomBytes(16).toString("hex") });
	return {
		tokenId: "planned",
		mintedAt: clock.now(),
		expiresAt: void 0,
		logins,
		origin: "planned"
	};
}
/** Whether the issuer said so: then the post step need not look for a token. */
function isNotMinted(error) {
	const response = error instanceof ActionError && error.cause instanceof HttpError ? error.cause : error;
	return !(error instanceof ActionError && error.code === "mint-result-unknown") && response instanceof HttpError && !isOutcomeUnknown(response);
}
// src/run/credential.ts
/**
* A credential that works: the reusable one, the provided one, or a new one, verified before anything is written.
* @throws ActionError | ActionErrors when there is none; a token that was minted for it is revoked
*/
async function acquireCredential(context, targets, { reusable, sentence }) {
	context.report.decision(sentence);
	const acquired = reusable === void 0 ? await acquireNew(context, targets) : {
		verified: reusable,
		targets,
		pendingKey: void 0
	};
	const { inputs, journal, report } = context;
	const { credential, verifications } = acquired.verified;
	if (inputs.verify) report.verifications(verifications);
	else if (credential.origin !== "planned") report.unverified(credential.tokenId);
	if (credential.origin === "reused" || credential.origin === "provided") report.credential(credential, inputs);
	if (credential.origin === "planned") report.nextRotation(credential.mintedAt);
	if (credential.origin === "minted" && inputs.secret === void 0) journal.settled();
	return acquired;
}
/** The provided credential, a placeholder in a dry run, or a new token. */
async function acquireNew(context, targets) {
	const { provided, inputs } = context;
	if (provided === void 0 && !inputs.dryRun) return await acquireMinted(context, targets);
	return {
		verified: await verifyNewCredential(context, provided ? useProvided(context, provided) : plannedToken(context)),
		targets,
		pendingKey: void 0
	};
}
/**
* A new token that the registries accept, or the newer one of a concurrent run.
* @param avoided targets that do not record its rotation
*/
async function acquireMinted(context, observed, avoided = []) {
	const { credential, targets, pendingKey } = await mint(context, observed, avoided);
	try {
		return {
			verified: await verifyNewCredential(context, credential),
			targets,
			pendingKey
		};
	} catch (error) {
		const other = await afterRefusal(context, credential);
		if (other === void 0) throw error;
		return {
			...other,
			pendingKey
		};
	}
}
/** Revokes the refused token, and looks for the token of a concurrent run that may have taken it for a leftover. */
async function afterRefusal(context, refused) {
	await revokeUnused(context, refused);
	const targets = await observe(context);
	const newer = newerThan(refused, storedIn(targets), context.login);
	if (newer === void 0) return void 0;
	const verified = await useNewerCredential(context, newer, {
		own: refused,
		targets
	}).catch(() => void 0);
	return verified && {
		verified,
		targets
	};
}
/** Revokes a new token that no target holds. Failing to is a warning: the post step tries again. */
async function revokeUnused(context, credential) {
	const { cleanupIssuer, journal, ownership, report } = context;
	const { tokenId } = credential;
	try {
		await (await cleanupIssuer()).revoke(tokenId);
		ownership.refresh();
		journal.settled();
		report.withdraw(credential);
		info(`Revoked unused token ${tokenId}: it was not written to any namespace.`);
	} catch (error) {
		const what = `Could not revoke unused token ${tokenId}, which was not written to any namespace`;
		warning("unused-token-alive", `${what}: ${reason(error)}. The post step tries again.`);
	}
}
// src/workload/admission.ts
/**
* Why the API server refuses an object of a user who has the permission. The messages are those of
* https://github.com/kubernetes/kubernetes/tree/master/plugin/pkg/admission (quota, limit ranges, service accounts, priority) and
* https://github.com/kubernetes/kubernetes/tree/master/staging/src/k8s.io, in pod-security-admission/admission and, in
* apiserver/pkg/admission/plugin, namespace/lifecycle, webhook/errors and policy/validating.
*/
const REFUSALS = [
	{
		pattern: /exceeded quota: |insufficient quota to consume: /,
		hint: "The namespace has used up its quota: delete what it no longer needs, request less, or ask for a larger ResourceQuota (`kubectl describe quota`)."
	},
	{
		pattern: /failed quota: /,
		hint: "The ResourceQuota of the namespace requires these requests and limits: set `resources` of each container, or add a LimitRange with defaults."
	},
	{
		pattern: /status unknown for quota: /,
		hint: "The ResourceQuota is new, and its usage is not known yet: run the job again."
	},
	{
		pattern: /violates PodSecurity "/,
		hint: "The label pod-security.kubernetes.io/enforce of the namespace demands it: set in the pod spec what the message names."
	},
	{
		pattern: /(?:minimum|maximum) \S+ usage per (?:Pod|Container|PersistentVolumeClaim) is |max limit to request ratio per /,
		hint: "The LimitRange of the namespace demands it: correct `resources` of the containers (`kubectl describe limits`)."
	},
	{
		pattern: /admission webhook "[^"]*" denied the request/,
		hint: "A policy of this cluster refuses the object: correct what the message names, or ask the owner of the webhook."
	},
	{
		pattern: /ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request/,
		hint: "A policy of this cluster refuses the object: correct what the message names, or ask the owner of the policy."
	},
	{
		pattern: /unable to create new content in namespace \S+ because it is being terminated/,
		hint: "The namespace is being deleted: wait, create it again, or remove it from the manifests.",
		code: "namespace-terminating"
	},
	{
		pattern: /error looking up service account |serviceaccount "[^"]*" not found/,
		hint: "Create the service account first, or correct `serviceAccountName`."
	},
	{
		pattern: /no PriorityClass with name /,
		hint: "Create the PriorityClass first, or correct `priorityClassName`."
	},
	{
		pattern: /is attempting to grant RBAC permissions not currently held/,
		hint: "Only a user who has these permissions can grant them: let an administrator apply this object, or grant the verbs escalate and bind."
	}
];
/** The error with its own hint when an admission plugin refused the object; undefined when it is another refusal. */
function admissionError(error) {
	const refusal = REFUSALS.find(({ pattern }) => pattern.test(error.serverMessage));
	if (refusal === void 0 || error.status < 400 || error.status >= 500) return void 0;
	const { code = "admission-denied", hint } = refusal;
	return new ActionError(code, error.message, {
		hint,
		details: error.details,
		cause: error
	});
}
/** What to do about a message of the API server that an event repeats. */
function admissionHint(message) {
	return REFUSALS.find(({ pattern }) => pattern.test(message))?.hint;
}
// src/workload/client-side-apply.ts
/** The names by which versions of `kubectl apply` own fields; an object that is older than the owners has the last one. */
const CLIENT_SIDE_MANAGERS = [
	"kubectl-client-side-apply",
	"kubectl",
	"before-first-apply"
];
/**
* Takes over what `kubectl apply` owns in an object that exists, so the next server-side apply removes what the manifest
* no longer has, as `kubectl apply` would. Without it, removed fields stay, and a changed port becomes two:
* https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply.
* A user who may not read the object applies without it.
* @returns whether there was something to take over
*/
async function takeOverClientSideFields(server, { operation, path }, name) {
	for (let attempt = 1;; attempt++) {
		const object = await readObject(server, {
			operation,
			path
		});
		const managedFields = withoutClientSide(asObjects(metadataOf(object).managedFields));
		if (managedFields === void 0) return false;
		const { resourceVersion } = metadataOf(object);
		const body = [{
			op: "replace",
			path: "/metadata/managedFields",
			value: managedFields
		}, {
			op: "replace",
			path: "/metadata/resourceVersion",
			value: resourceVersion
		}];
		try {
			await server.request({
				operation,
				path,
				method: "PATCH",
				query: { fieldManager: MANAGER_NAME },
				contentType: "application/json-patch+json",
				body
			});
			info(`${name} was applied with kubectl before. This run takes over its fields`);
			return true;
		} catch (error) {
			await waitAfterConflict(error, attempt);
		}
	}
}
async function readObject(server, request) {
	try {
		const response = await server.request({
			...request,
			expectedStatuses: [404]
		});
		return response.status === 404 ? {} : response.json();
	} catch (error) {
		if (isForbidden(error)) return {};
		throw error;
	}
}
/**
* The owners of an object's fields after the entries of `kubectl apply` are added to that of this action, as kubectl does
* it: https://github.com/kubernetes/client-go/blob/master/util/csaupgrade/upgrade.go. Undefined when there are none.
*/
function withoutClientSide(entries) {
	const clientSide = entries.filter(isClientSide);
	const [latest] = clientSide.toSorted((one, other) => timeOf(other).localeCompare(timeOf(one)));
	if (latest === void 0) return void 0;
	const own = entries.find(isOwn) ?? {
		...latest,
		manager: "registry-pull-secret",
		operation: "Apply"
	};
	const added = clientSide.filter(({ apiVersion }) => apiVersion === own.apiVersion).map(({ fieldsV1 }) => fieldsV1);
	const fieldsV1 = [own.fieldsV1, ...added].reduce((all, fields) => union(all, asFields(fields)), {});
	return [{
		...own,
		fieldsV1
	}, ...entries.filter((entry) => !isOwn(entry) && !isClientSide(entry))];
}
function isClientSide({ manager, operation, subresource }) {
	return operation === "Update" && !subresource && CLIENT_SIDE_MANAGERS.includes(asText(manager) ?? "");
}
function isOwn({ manager, operation, subresource }) {
	return manager === "registry-pull-secret" && operation === "Apply" && !subresource;
}
const timeOf = ({ time }) => asText(time) ?? "";
const asFields = (value) => asObject(value);
/** An empty set stands for a field itself, `.` for a field itself in addition to fields in it. */
function union(one, other) {
	const result = { ...one };
	for (const [name, fields] of Object.entries(other)) {
		const present = one[name];
		if (present === void 0) result[name] = fields;
		else if (isLeaf(present) !== isLeaf(fields)) result[name] = {
			...asFields(present),
			...asFields(fields),
			".": {}
		};
		else result[name] = union(asFields(present), asFields(fields));
	}
	return result;
}
const isLeaf = (fields) => Object.keys(asFields(fields)).length === 0;
// src/workload/display-name.ts
/** `Pod shop/web`, for log lines and errors. */
function displayName({ kind, namespace, name }) {
	return printable(`${kind} ${namespace ? `${namespace}/` : ""}${name}`);
}
// src/workload/manifest-mistake.ts
/**
* What the API server says with status 500 about an object that does not match its schema, although a retry cannot help:
* https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go.
* A conversion webhook that fails is not the fault of the manifest.
*/
const MISTAKE = /failed to create typed patch object|failed to convert new object|unable to convert unstructured object/;
function isManifestMistake({ status, serverMessage }) {
	return status === 500 && mistakeIn(serverMessage) !== void 0 && !serverMessage.includes("conversion webhook");
}
/** What is wrong: what follows the first colon after the kind of mistake, and the object in parentheses. */
function mistakeIn(message) {
	const match = MISTAKE.exec(message);
	if (match === null) return void 0;
	const rest = message.slice(match.index + match[0].length);
	const objectEnd = rest.startsWith(" (") ? rest.indexOf(")") : 0;
	const colon = rest.indexOf(": ", Math.max(0, objectEnd));
	return colon === -1 ? void 0 : rest.slice(colon + 2);
}
/** The error for an object that does not match the schema of its kind. `what` as it reads after "Could not". */
function manifestMistake(error, what) {
	const { problem, hint } = explainMistake(mistakeIn(error.serverMessage) ?? error.serverMessage);
	const { host: _host, status: _status, ...details } = error.details;
	return new ActionError("manifest-invalid", `Could not ${what}: ${problem}`, {
		hint,
		details
	});
}
/** Each with a message of the API server. What it got there is left out: it can be the value of a Secret. */
const MISTAKES = [
	[/^(\S+): field not declared in schema/, (field = "") => ({
		problem: `its kind has no field ${field}`,
		hint: "Correct the name of the field, or remove it. `kubectl explain` lists the fields of a kind."
	})],
	[/^(\S+): duplicate entries for key \[(.+)\]/, (field = "", key = "") => ({
		problem: `${field} has more than one entry with ${key}`,
		hint: "Remove all but one. `kubectl apply` stores all of them; of environment variables, the last one takes effect."
	})],
	[/^(\S+): expected ([^,]+), got/, (field = "", type = "") => ({
		problem: `${field} must be of the type ${type}`,
		hint: type === "string" ? "Put the value in quotes." : "Correct the value. A value in quotes is a string."
	})],
	[/^(\S+): element (\d+): associative list with keys has an element that omits key field "(\w+)"/, (field = "", index = "", key = "") => ({
		problem: `entry ${index} of ${field} has no ${key}`,
		hint: `Add the field ${key}. This version of Kubernetes needs it to merge the list.`
	})]
];
function explainMistake(message) {
	for (const [pattern, explain] of MISTAKES) {
		const match = pattern.exec(message);
		if (match !== null) return explain(...match.slice(1));
	}
	return {
		problem: message.split(", got ")[0] ?? "",
		hint: "Correct the value that the message names."
	};
}
// src/workload/quantities.ts
/** Fields of the built-in kinds whose values, by resource, are quantities. */
const QUANTITIES = /* @__PURE__ */ new Set([
	"limits",
	"requests",
	"hard",
	"capacity",
	"overhead"
]);
/** The same in a LimitRange alone: elsewhere they are numbers. */
const LIMIT_RANGE_QUANTITIES = /* @__PURE__ */ new Set([
	"default",
	"defaultRequest",
	"max",
	"min",
	"maxLimitRequestRatio"
]);
/**
* An object with its quantities as text: `cpu: 1` as `cpu: "1"`. `kubectl apply` sends the number, which every API server accepts,
* but server-side apply of Kubernetes 1.20 does not.
* https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
*/
function withTextQuantities(object) {
	return isBuiltIn(object.apiVersion) ? convert(object, object.kind) : object;
}
/** A custom resource may have fields of these names that are numbers. */
function isBuiltIn(apiVersion) {
	const [group = ""] = apiVersion.split("/");
	return !group.includes(".") || group.endsWith(".k8s.io");
}
function convert(value, kind) {
	if (Array.isArray(value)) return value.map((item) => convert(item, kind));
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, field]) => {
		if ((QUANTITIES.has(name) || kind === "LimitRange" && LIMIT_RANGE_QUANTITIES.has(name)) && isObject(field)) return [name, asTexts(field)];
		return [name, name === "sizeLimit" && typeof field === "number" ? String(field) : convert(field, kind)];
	}));
}
function asTexts(quantities) {
	const asText = (value) => typeof value === "number" ? String(value) : value;
	return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, asText(value)]));
}
// src/workload/recreate.ts
const RULES = {
	"v1 Pod": {
		pattern: /pod updates may not/,
		hint: "Most fields of a Pod cannot be changed. Set `recreate-pods: true`, or use a Deployment, which creates new Pods."
	},
	"batch Job": {
		pattern: /field is immutable/,
		hint: "The Pod template of a Job cannot be changed, neither its image nor its `imagePullSecrets`. Set `recreate-jobs: true`, set `ttlSecondsAfterFinished` in the Job, so the cluster deletes it when it has finished, or give the Job a new name for each run."
	}
};
/** What helps when the API server refuses a change of the object; undefined when its kind is not special. */
function recreationHint(object) {
	return ruleOf(object)?.hint;
}
/** Whether the API server refuses a change that a new object of the same name can have. */
function isRefusedChange(object, error) {
	const pattern = ruleOf(object)?.pattern;
	return error instanceof HttpError && error.status === 422 && pattern?.test(error.serverMessage) === true;
}
function ruleOf(object) {
	const kind = groupKind(object);
	return Object.hasOwn(RULES, kind) ? RULES[kind] : void 0;
}
/**
* Deletes an object that the API server refuses to change, and waits until its name is free.
* @throws ActionError for a Job that has not finished: its Pods are at work
*/
async function deleteRefused(server, { object, stored, refusal }, signal) {
	const isJob = groupKind(object) === "batch Job";
	const body = isJob ? await jobDeletion(server, stored, refusal) : void 0;
	info(`The API server refused to change ${displayName(stored)}: deleting and creating it again`);
	const operation = `delete ${displayName(stored)} in cluster ${server.name}`;
	const hints = { 403: `Grant the verb delete on ${isJob ? "jobs" : "pods"} to the kubeconfig user of this cluster.` };
	const { path } = stored;
	await server.request({
		operation,
		method: "DELETE",
		path,
		expectedStatuses: [404],
		hints,
		...body && { body }
	});
	while ((await server.request({
		operation,
		path,
		expectedStatuses: [404]
	})).status !== 404) await delay(POLL_INTERVAL_MS, operation, signal);
}
const POLL_INTERVAL_MS = 500;
/**
* How to delete a Job that has finished, and its Pods before it:
* https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion.
*/
async function jobDeletion(server, job, refusal) {
	const name = displayName(job);
	const response = await server.request({
		operation: `read ${name} in cluster ${server.name}`,
		path: job.path,
		expectedStatuses: [404],
		hints: { 403: "Grant the verb get on jobs to the kubeconfig user of this cluster." }
	});
	const live = response.status === 404 ? void 0 : response.json();
	if (live !== void 0 && !isFinishedJob(live)) throw new ActionError(refusal.code, `${refusal.message}. ${name} has not finished, so it is not deleted`, {
		hint: "Run again when the Job has finished, delete it yourself, or give it a new name for each run.",
		details: refusal.details,
		cause: refusal
	});
	return {
		kind: "DeleteOptions",
		apiVersion: "v1",
		propagationPolicy: "Foreground",
		...live && { preconditions: { uid: uidOf(live) } }
	};
}
// src/workload/apply.ts
/** The objects of a manifest are retried for so long: a kind is served some seconds after its definition is created. */
const RETRY_WINDOW_MS = 15e3;
const RETRY_INTERVAL_MS = 500;
/**
* Applies an object on the server. Like `kubectl apply --server-side --force-conflicts`, it takes over the fields that
* the manifest sets: https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts.
*/
async function applyObject(server, placed, { dryRun, recreate, signal }) {
	const { object, resource, namespace } = placed;
	const { kind, metadata } = object;
	const collection = collectionOf(resource, namespace);
	const path = `${collection}/${encodeURIComponent(metadata.name)}`;
	const named = {
		kind,
		name: metadata.name,
		namespace,
		path,
		resource: `${resource.plural}/${metadata.name}`
	};
	const request = {
		operation: `apply ${displayName(named)} in cluster ${server.name}`,
		method: "PATCH",
		path,
		query: {
			fieldManager: MANAGER_NAME,
			force: "true",
			...dryRun && { dryRun: "All" }
		},
		contentType: "application/apply-patch+yaml",
		isPermanent: isManifestMistake,
		body: withTextQuantities(namespace ? {
			...object,
			metadata: {
				...metadata,
				namespace
			}
		} : object),
		hints: {
			403: `Grant the verbs get, create and patch on ${resource.plural} to the kubeconfig user of this cluster.`,
			404: `Create namespace ${namespace} first.`,
			422: recreationHint(object) ?? "Fix what the API server names, or delete the object if it can be recreated."
		}
	};
	let response;
	try {
		const retryWindowMs = placed.needsManifest && !dryRun ? RETRY_WINDOW_MS : 0;
		const send = (one) => requestWithRetries(server, one, {
			retryWindowMs,
			signal
		});
		response = dryRun ? await send(request) : await applyToExisting(server, {
			request,
			name: displayName(named)
		}, send);
	} catch (error) {
		if (error instanceof HttpError && isManifestMistake(error)) throw manifestMistake(error, request.operation);
		const isRecreated = recreate.some((one) => one === groupKind(object));
		if (dryRun || !isRecreated || !isRefusedChange(object, error)) throw explained(error);
		await deleteRefused(server, {
			object,
			stored: named,
			refusal: error
		}, signal);
		response = await server.request(request);
	}
	const uid = asText(asObject(response.json().metadata).uid) ?? "";
	const date = new Date(String(response.headers.date ?? ""));
	const appliedAt = Number.isNaN(date.getTime()) ? /* @__PURE__ */ new Date() : date;
	return {
		...named,
		groupKind: groupKind(object),
		collection,
		uid,
		appliedAt
	};
}
const CONFLICT = 409;
/** The API server may refuse the fields of the manifest together with those that the object has from before. */
const REFUSED = [
	400,
	403,
	422
];
/** No object has it, so an apply with it creates an object, and conflicts with one that exists. */
const UNUSED_RESOURCE_VERSION = "1";
/**
* Whether an object does not exist, and the API server creates none of its kind with a `resourceVersion`: Services of
* Kubernetes 1.20, https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/registry/core/service/storage/rest.go.
*/
function isVersionRefused({ status, serverMessage }) {
	return status === 500 && serverMessage.includes("resourceVersion should not be set on objects to be created");
}
/** Takes over what `kubectl apply` owns before an object that exists is applied. A new object takes one request. */
async function applyToExisting(server, { request, name }, send) {
	const object = asObject(request.body);
	const body = {
		...object,
		metadata: {
			...asObject(object.metadata),
			resourceVersion: UNUSED_RESOURCE_VERSION
		}
	};
	const isPermanent = (error) => isManifestMistake(error) || isVersionRefused(error);
	const response = await send({
		...request,
		body,
		isPermanent,
		expectedStatuses: [CONFLICT, ...REFUSED]
	}).catch(async (error) => {
		if (!(error instanceof HttpError && isVersionRefused(error))) throw error;
		return await send(request);
	});
	const { status } = response;
	if (status !== CONFLICT && !REFUSED.includes(status)) return response;
	const isTakenOver = await takeOverClientSideFields(server, request, name);
	if (status !== CONFLICT && !isTakenOver) throw response.error(request.hints?.[status]);
	return await send(request);
}
/** Of a 403 that is not about permissions, the error with its own hint. */
function explained(error) {
	return error instanceof HttpError && admissionError(error) || error;
}
async function requestWithRetries(server, request, { retryWindowMs, signal }) {
	const deadlineMs = Date.now() + retryWindowMs;
	for (;;) {
		try {
			return await server.request(request);
		} catch (error) {
			if (!isNotReadyYet(error) || Date.now() >= deadlineMs) throw error;
		}
		await delay(RETRY_INTERVAL_MS, request.operation, signal);
	}
}
/** Whether the API server does not serve the kind yet, or the new namespace does not have its service account yet. */
function isNotReadyYet(error) {
	if (!(error instanceof HttpError)) return false;
	return error.status === 404 || error.status === 403 && isMissingAccount(error.serverMessage);
}
/** `error looking up service account shop/default: serviceaccount "default" not found` */
function isMissingAccount(message) {
	const start = message.indexOf("serviceaccount ");
	return start >= 0 && message.includes(" not found", start);
}
// src/workload/pods.ts
/** The Pods of the current revision of a workload. Problems of older Pods say nothing about what was applied. */
function currentPods(observer, workload) {
	return podsOf(observer, workload).filter((pod) => metadataOf(pod).deletionTimestamp === void 0);
}
function podsOf(observer, { applied: { groupKind }, object }) {
	if (groupKind === "v1 Pod") return [object];
	const { pods } = observer;
	const uid = uidOf(object);
	if (groupKind !== "batch Job" && !isObserved(object)) return [];
	switch (groupKind) {
		case "apps Deployment": {
			const revision = annotationOf(object, DEPLOYMENT_REVISION);
			const current = observer.replicaSets.ownedBy(uid).find((replicaSet) => annotationOf(replicaSet, DEPLOYMENT_REVISION) === revision);
			return current === void 0 ? [] : pods.ownedBy(uidOf(current));
		}
		case "apps StatefulSet": {
			const { updateRevision } = asObject(object.status);
			return pods.ownedBy(uid).filter((pod) => labelOf(pod, "controller-revision-hash") === updateRevision);
		}
		case "apps DaemonSet": {
			const generation = annotationOf(object, "deprecated.daemonset.template.generation");
			return pods.ownedBy(uid).filter((pod) => (labelOf(pod, "pod-template-generation") ?? generation) === generation);
		}
		default: return pods.ownedBy(uid);
	}
}
/** https://kubernetes.io/docs/reference/labels-annotations-taints/#deployment-kubernetes-io-revision */
const DEPLOYMENT_REVISION = "deployment.kubernetes.io/revision";
// src/workload/cached-image.ts
/**
* Warns about workloads whose nodes already had an image from the secret's registries: that they run does not verify
* that the secret can pull it. https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
*/
async function warnAboutCachedImages(ready, { name, hosts }) {
	const [first, ...others] = (await Promise.all([...ready].map(([observer, workloads]) => withCachedImage(observer, workloads.flatMap(({ applied }) => applied ?? []), hosts)))).flat();
	if (first === void 0) return;
	const which = displayName(first) + (others.length > 0 ? ` and ${others.length} more` : "");
	warning("cached-image", `The nodes already had the image of ${which}, so this run did not verify that secret ${name} can pull it. Set \`imagePullPolicy: Always\` or \`verify-image\`.`);
}
async function withCachedImage(observer, workloads, hosts) {
	const cachedFor = (await observer.pulledEvents()).flatMap(({ message, involvedObject }) => {
		const image = /^Container image "([^"]+)" already present on machine/.exec(asText(message) ?? "")?.[1];
		return image !== void 0 && hosts.some((host) => matchesImage(host, image)) ? [asObject(involvedObject).uid] : [];
	});
	return workloads.filter((applied) => {
		const object = observer.informer(applied.collection).get(applied.name)?.object;
		return object && currentPods(observer, {
			applied,
			object
		}).some((pod) => cachedFor.includes(uidOf(pod)));
	});
}
// src/workload/informer.ts
const DEFAULT_DELAYS = {
	retryMs: 250,
	maxRetryMs: 5e3,
	pollMs: 1e3
};
/** Limits how long a connection that died without a reset goes unnoticed. */
const WATCH_TIMEOUT_SECONDS = 30;
/** Refused lists in a row until the informer gives up. One is normal: an expired token is renewed with the next request. */
const MAX_REFUSALS = 5;
/**
* Caches the objects of one kind in one namespace: lists them once, then watches them, and lists them again when the
* server no longer has the version to watch from.
* https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
*/
var Informer = class {
	/** Why the cache is not updated any more: the server keeps refusing the list. */
	error;
	#cache = /* @__PURE__ */ new Map();
	#server;
	#path;
	#changes;
	#signal;
	#delays;
	constructor(server, { path, changes, signal, delays }) {
		this.#server = server;
		this.#path = path;
		this.#changes = changes;
		this.#signal = signal;
		this.#delays = {
			...DEFAULT_DELAYS,
			...delays
		};
	}
	get(name) {
		return this.#cache.get(name);
	}
	/** The existing objects that the object with this uid owns. */
	ownedBy(uid) {
		return [...this.#cache.values()].filter(({ object, isDeleted }) => !isDeleted && isOwnedBy(object, uid)).map(({ object }) => object);
	}
	/** Runs until the signal aborts or the server keeps refusing; then `error` is set. */
	async run() {
		let refusals = 0;
		for (let failures = 0; !this.#signal.aborted; failures++) {
			try {
				const version = await this.#list();
				failures = 0;
				refusals = 0;
				await this.#watch(version);
			} catch (error) {
				if (this.#signal.aborted) return;
				debug(`${this.#path}: ${String(error)}`);
				if (isRefusal(error) && (error.status === 403 || ++refusals === MAX_REFUSALS)) {
					this.error = error;
					this.#changes.emit("change");
					return;
				}
			}
			await this.#delay(Math.min(this.#delays.retryMs * 2 ** failures, this.#delays.maxRetryMs));
		}
	}
	/** @returns the resource version to watch from */
	async #list() {
		const listed = /* @__PURE__ */ new Map();
		let version = "";
		const operation = `list ${this.#path} in cluster ${this.#server.name}`;
		for await (const page of pagesOf(this.#server, {
			operation,
			path: this.#path
		})) {
			for (const object of page.items) listed.set(nameOf(object), {
				object,
				isDeleted: false
			});
			version = page.version;
		}
		for (const [name, { object }] of this.#cache) this.#cache.set(name, {
			object,
			isDeleted: true
		});
		for (const [name, cached] of listed) this.#cache.set(name, cached);
		this.#changes.emit("change");
		return version;
	}
	/** Returns when the objects must be listed again. */
	async #watch(start) {
		for (let version = start; !this.#signal.aborted; await this.#delay(this.#delays.retryMs)) {
			const query = {
				watch: "true",
				allowWatchBookmarks: "true",
				resourceVersion: version,
				timeoutSeconds: String(WATCH_TIMEOUT_SECONDS)
			};
			const operation = `watch ${this.#path} in cluster ${this.#server.name}`;
			try {
				for await (const event of this.#server.stream({
					operation,
					path: this.#path,
					query
				}, this.#signal)) {
					const object = asObject(event.object);
					if (event.type === "ERROR") return;
					version = asText(metadataOf(object).resourceVersion) ?? version;
					if (event.type === "BOOKMARK") continue;
					this.#cache.set(nameOf(object), {
						object,
						isDeleted: event.type === "DELETED"
					});
					this.#changes.emit("change");
				}
			} catch (error) {
				debug(String(error));
				if (!(error instanceof NetworkError && error.sent)) return await this.#delay(this.#delays.pollMs);
			}
		}
	}
	async #delay(delayMs) {
		await setTimeout$1(delayMs, void 0, { signal: this.#signal }).catch(() => {});
	}
};
/** A 5xx is temporary, and a 410 only asks for a new list. */
function isRefusal(error) {
	return error instanceof HttpError && error.status < 500 && error.status !== 410;
}
// src/workload/observer.ts
/** Changes within this time are handled together: a rollout makes many at once. */
const CHANGE_DEBOUNCE_MS = 100;
/** Observes one namespace of a cluster for all workloads in it: one informer per kind, started when it is first used. */
var Observer = class {
	server;
	#namespace;
	#signal;
	#delays;
	#changes = new EventEmitter().setMaxListeners(0);
	#informers = /* @__PURE__ */ new Map();
	#disposal = new AbortController();
	#canListEvents = true;
	constructor(server, { namespace, signal, delays }) {
		this.server = server;
		this.#namespace = namespace;
		this.#signal = signal;
		this.#delays = delays;
	}
	/** @param path of the collection, such as `/api/v1/namespaces/shop/pods` */
	informer(path) {
		const existing = this.#informers.get(path);
		if (existing !== void 0) return existing;
		const signal = AbortSignal.any([this.#signal, this.#disposal.signal]);
		const informer = new Informer(this.server, {
			path,
			changes: this.#changes,
			signal,
			delays: this.#delays
		});
		this.#informers.set(path, informer);
		informer.run();
		return informer;
	}
	get pods() {
		return this.informer(`/api/v1/namespaces/${this.#namespace}/pods`);
	}
	get replicaSets() {
		return this.informer(`/apis/apps/v1/namespaces/${this.#namespace}/replicasets`);
	}
	/** The events about an object; undefined when they cannot be listed. */
	async eventsOf(uid) {
		return await this.#listEvents(`involvedObject.uid=${uid}`);
	}
	/** The events about images that the kubelet pulled or already had. */
	async pulledEvents() {
		return await this.#listEvents("involvedObject.kind=Pod,reason=Pulled") ?? [];
	}
	/** Returns after a change, and after `timeoutMs` at the latest. */
	async waitForChange(timeoutMs) {
		const changed = new AbortController();
		const stop = () => changed.abort();
		this.#changes.once("change", stop);
		await setTimeout$1(timeoutMs, void 0, { signal: AbortSignal.any([this.#signal, changed.signal]) }).catch(() => {});
		this.#changes.off("change", stop);
		await setTimeout$1(Math.min(CHANGE_DEBOUNCE_MS, timeoutMs), void 0, { signal: this.#signal }).catch(() => {});
	}
	async #listEvents(fieldSelector) {
		if (!this.#canListEvents) return void 0;
		const operation = `list the events of namespace ${this.#namespace} in cluster ${this.server.name}`;
		const path = `/api/v1/namespaces/${this.#namespace}/events`;
		try {
			return asObjects((await this.server.request({
				operation,
				path,
				query: { fieldSelector }
			})).json().items);
		} catch (error) {
			debug(String(error));
			this.#canListEvents = !isForbidden(error);
			return;
		}
	}
	[Symbol.dispose]() {
		this.#disposal.abort();
	}
};
// src/workload/pod-security.ts
/** https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces */
const ENFORCE = "pod-security.kubernetes.io/enforce";
/** What the level `restricted` demands: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted. */
const POD = {
	runAsNonRoot: true,
	seccompProfile: { type: "RuntimeDefault" }
};
const CONTAINER = {
	allowPrivilegeEscalation: false,
	capabilities: { drop: ["ALL"] }
};
/** The Pod that is made of an image, with the security context that the labels of its namespace demand. */
async function withSecurityContext(server, placed) {
	if (!await isRestricted(server, placed.namespace)) return placed;
	const object = changePodSpec(placed.object, (spec) => ({
		...spec,
		securityContext: {
			...asObject(spec.securityContext),
			...POD
		},
		containers: asObjects(spec.containers).map((container) => ({
			...container,
			securityContext: CONTAINER
		}))
	}));
	return {
		...placed,
		object
	};
}
/** A user who may not read the namespace gets the plain Pod, as elsewhere. */
async function isRestricted(server, namespace) {
	const operation = `read the namespace ${namespace} in cluster ${server.name}`;
	const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
	try {
		const response = await server.request({
			operation,
			path,
			expectedStatuses: [404]
		});
		return response.status !== 404 && labelOf(response.json(), ENFORCE) === "restricted";
	} catch (error) {
		if (isForbidden(error)) return false;
		throw error;
	}
}
// src/workload/diagnosis.ts
const SEVERITIES = [
	"terminal",
	"transient",
	"info"
];
/** The first of the most severe ones. */
function mostSevere(diagnoses) {
	return SEVERITIES.flatMap((severity) => diagnoses.find((one) => one.severity === severity) ?? [])[0];
}
// src/workload/events.ts
/**
* An Event stands for all repetitions of what happened. Which fields count them depends on the API that recorded it:
* https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/.
*/
function occurrenceOf(event) {
	const series = asObject(event.series);
	const { count = series.count ?? 1 } = event;
	return {
		firstMs: parseTimestamp(event.firstTimestamp ?? event.eventTime),
		lastMs: parseTimestamp(event.lastTimestamp ?? series.lastObservedTime ?? event.eventTime),
		count: typeof count === "number" ? count : 1
	};
}
/** In milliseconds since 1970; 0 when there is none. */
function parseTimestamp(timestamp) {
	return Date.parse(asText(timestamp) ?? "") || 0;
}
/** The event that happened last. */
function latestOf(events) {
	return events.toSorted((one, other) => occurrenceOf(other).lastMs - occurrenceOf(one).lastMs)[0];
}
// src/workload/pull-failure.ts
const UNAUTHORIZED = {
	code: "image-pull-unauthorized",
	meaning: "registry {host} refused the credential",
	hint: "It was revoked, has expired, or belongs to another registry. Run this action again, or check what else writes the secret.",
	dependsOnSecret: true
};
/**
* In the order in which they are tried. The kubelet quotes the container runtime, which quotes the registry:
* containerd: https://github.com/containerd/containerd/tree/main/core/remotes/docker (authorizer.go, fetcher.go, resolver.go);
* CRI-O: https://github.com/containers/image/blob/main/docker/docker_client.go and its `manifest` folder, quoted by
* https://github.com/cri-o/cri-o/blob/main/internal/storage/image.go;
* registries: https://distribution.github.io/distribution/spec/api/#errors-2.
*/
const PULL_FAILURES = [
	{
		code: "image-pull-rate-limited",
		pattern: /pull QPS exceeded/i,
		meaning: "the kubelet starts more pulls than `registryPullQPS` of its configuration allows, and tries again later",
		hint: "Raise `wait-timeout`, or `registryPullQPS` and `registryBurst` in the kubelet configuration of the nodes. No registry refused anything.",
		isDeferred: true
	},
	{
		code: "image-pull-failed",
		pattern: /SignatureValidationFailed|signature validation failed|Source image rejected/,
		meaning: "the signature policy of the node refuses the image",
		hint: "Sign the image as the policy of the nodes (policy.json) requires, or ask their administrators. The registry delivered the image."
	},
	{
		code: "image-pull-rate-limited",
		pattern: /toomanyrequests|too many requests|\b429\b|rate limit|quota exceeded/i,
		meaning: "registry {host} limits the rate of pulls",
		hint: "Wait, or pull with an account that has a higher limit. The credential itself was not refused."
	},
	{
		code: "node-disk-full",
		pattern: /no space left on device|disk quota exceeded/i,
		meaning: "the node has no disk space left for the image",
		hint: "Free disk space on the node. The registry delivered the image."
	},
	{
		code: "image-platform-mismatch",
		pattern: /no match for platform|no matching manifest for|no image found in (?:manifest list|image index)/i,
		meaning: "the image exists, but not for the platform of the node",
		hint: "Build the image for the platform of the node as well, or select other nodes with `nodeSelector`."
	},
	{
		code: "image-registry-unresolved",
		pattern: /no such host|server misbehaving|name resolution|dial tcp: lookup /i,
		meaning: "the node could not resolve the registry host {host}",
		hint: "Check the registry host of the image and the DNS configuration of the nodes."
	},
	{
		code: "image-registry-unreachable",
		pattern: /connection refused|connection reset|no route to host|network is unreachable|timeout|deadline exceeded|timed out|: EOF|\b50[0234] /i,
		meaning: "the node could not reach registry {host}",
		hint: "Check that the registry is up and that the nodes can reach it (firewall, proxy, port). No credential was refused."
	},
	{
		code: "image-registry-untrusted",
		pattern: /x509|tls: |server gave HTTP response to HTTPS client|certificate/i,
		meaning: "the node could not open a trusted TLS connection to registry {host}",
		hint: "Add the certificate authority of the registry to the container runtime configuration of the nodes."
	},
	{
		code: "image-pull-credential-missing",
		pattern: /no basic auth credentials|fetch anonymous token/i,
		meaning: "the node had no credential for registry {host}",
		hint: "Check that the Pod names the secret in `imagePullSecrets` and that the secret has an entry for exactly this host.",
		dependsOnSecret: true
	},
	{
		pattern: /401 Unauthorized|authorization token has expired|invalid username\/password|incorrect username or password/i,
		...UNAUTHORIZED
	},
	{
		code: "image-pull-denied",
		pattern: /403 Forbidden|denied|insufficient_scope|access forbidden/i,
		meaning: "the credential is not allowed to pull from repository {repository}, or the repository does not exist",
		hint: "Compare the repository with the one in the registry, then check which organization or policy the credential belongs to.",
		dependsOnSecret: true
	},
	{
		pattern: /unauthorized|authentication required|authorization failed/i,
		...UNAUTHORIZED
	},
	{
		code: "image-not-found",
		pattern: /not found|manifest unknown|name unknown/i,
		meaning: "image {image} does not exist",
		hint: "Compare the repository and the tag with what was pushed. The credential was accepted."
	}
];
const OTHER_FAILURE = {
	code: "image-pull-failed",
	pattern: /^/,
	meaning: "the image could not be pulled",
	hint: "See the events in `kubectl describe pod`. Compare the registry host of the image with the hosts of the secret, then check the name and the tag.",
	dependsOnSecret: true
};
/** The first kind of failure that the kubelet's message matches. */
function classifyPullFailure(message) {
	return PULL_FAILURES.find(({ pattern }) => pattern.test(message)) ?? OTHER_FAILURE;
}
// src/workload/pull-diagnosis.ts
/**
* https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go and
* https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/cri-api/pkg/errors/errors.go
*/
const PULL_REASONS = /* @__PURE__ */ new Set([
	"ErrImagePull",
	"ImagePullBackOff",
	"RegistryUnavailable",
	"SignatureValidationFailed"
]);
const MAX_MESSAGE_LENGTH = 600;
/** Timestamps of Kubernetes are whole seconds, and a response is later than the change that it confirms. */
const CLOCK_TOLERANCE_MS = 3e3;
/** Whether the kubelet failed to pull the image of a container. The events of its Pod say more. */
function isPulling({ reason }) {
	return PULL_REASONS.has(reason);
}
/** Why the image of a container is not pulled. */
function diagnosePull(container, pod, context) {
	const { name, image, reason } = container;
	const failures = pullFailures(container, context.events);
	const latest = latestOf(failures);
	const isPullingAgain = isPulledAfter(latest, container, context.events);
	const message = shorten(asText(latest?.message)?.slice(failedToPull(image).length) ?? lastPullError(container, pod, context.pullErrors));
	const failure = classifyPullFailure(message.replaceAll(image, ""));
	const { code, meaning, hint } = failure.dependsOnSecret && secretProblem({
		image,
		pod,
		latest
	}, context) || failure;
	const values = {
		host: hostOf(image),
		repository: repositoryOf(image),
		image
	};
	const explanation = meaning.replace(/\{(\w+)\}/g, (whole, key) => Object.hasOwn(values, key) ? values[key] ?? "" : whole);
	return {
		code,
		subject: `${name} pull`,
		image,
		reason: printable(`container ${name}: ${explanation}: ${message}`),
		hint,
		severity: severityOf({
			container,
			failure,
			pod,
			failures,
			isPullingAgain
		}, context),
		serverCode: reason === "ImagePullBackOff" ? "ErrImagePull" : reason
	};
}
/** https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/image_manager.go */
const failedToPull = (image) => `Failed to pull image "${image}": `;
/** The events about failed pulls of this container with its present image. */
function pullFailures({ name, image }, events = []) {
	return events.filter((event) => event.reason === "Failed" && asText(event.message)?.startsWith(failedToPull(image)) && isAbout(event, name));
}
/** Whether an event is about this container, as in `spec.containers{main}`. */
function isAbout({ involvedObject }, container) {
	return asText(asObject(involvedObject).fieldPath)?.endsWith(`{${container}}`) ?? true;
}
/** Whether the kubelet has begun to pull again: until that ends, the status of the container shows the last failure. */
function isPulledAfter(failure, { name, image }, events = []) {
	const latest = latestOf(events.filter((event) => event.reason === "Pulling" && isAbout(event, name)).filter(({ message }) => message === `Pulling image "${image}"`));
	return failure !== void 0 && latest !== void 0 && occurrenceOf(latest).lastMs > occurrenceOf(failure).lastMs;
}
/** The error in the container's status. A back-off of an older kubelet does not name it: then the one before the back-off. */
function lastPullError({ name, image, reason, message }, pod, pullErrors) {
	const key = `${uidOf(pod)} ${name}`;
	if (message !== "" && message !== `Back-off pulling image "${image}"`) pullErrors.set(key, message);
	return pullErrors.get(key) ?? ([reason, message].filter(Boolean).join(": ") || reason);
}
/** Without what the calls between kubelet and container runtime add. The end of the message says most. */
function shorten(message) {
	const text = redact(message).replace(/^Back-off pulling image "[^"]*": \w+: /, "").replace(/rpc error: code = \w+ desc = /g, "").replace("unable to pull image or OCI artifact: pull image err: ", "").split("; artifact err: ", 1).join("");
	return text.length > MAX_MESSAGE_LENGTH ? `…${text.slice(-600)}` : text;
}
/**
* A node may see a new secret a moment late, so the first failure is not terminal where a secret can fix it. Failures
* before this run do not count: the kubelet's next try uses the new secret. While a second pull runs, which can take minutes, it is too early
* to tell.
*/
function severityOf({ container, failure, pod, failures, isPullingAgain }, { appliedAtMs, events }) {
	if (failure.isDeferred) return "info";
	if (events === void 0) return "transient";
	const isNewPod = parseTimestamp(metadataOf(pod).creationTimestamp) >= appliedAtMs - CLOCK_TOLERANCE_MS;
	const failureCount = failures.filter(({ message }) => !classifyPullFailure(asText(message) ?? "").isDeferred).map(occurrenceOf).reduce((sum, { firstMs, lastMs, count }) => {
		if (isNewPod || firstMs >= appliedAtMs) return sum + count;
		return lastMs >= appliedAtMs ? sum + 1 : sum;
	}, 0);
	const isBackingOff = container.reason === "ImagePullBackOff";
	if (failureCount > 1 || failureCount === 1 && isBackingOff && !failure.dependsOnSecret) return "terminal";
	return !isPullingAgain && (isNewPod || failureCount > 0) ? "transient" : "info";
}
/** A tenant can store any number of hosts. */
function namedHosts(hosts) {
	const more = hosts.length - 10;
	return hosts.slice(0, 10).join(", ") + (more > 0 ? ` and ${formatCount(more, "other host")}` : "");
}
/** The problem of the pull secret that explains why the registry refused the node. */
function secretProblem({ image, pod, latest }, { secret, events = [] }) {
	const missing = events.find((event) => event.reason === "FailedToRetrieveImagePullSecret" && (latest === void 0 || occurrenceOf(event).lastMs >= occurrenceOf(latest).lastMs - CLOCK_TOLERANCE_MS));
	if (missing !== void 0) {
		const [, names = ""] = /image pull secrets \(([^()]*)\)/.exec(asText(missing.message) ?? "") ?? [];
		return {
			code: "pull-secret-missing",
			meaning: `${names === "" ? "a pull secret of the Pod" : `pull secret ${names}`} does not exist in namespace ${asText(metadataOf(pod).namespace)}`,
			hint: "Add the namespace to `namespaces`, or remove the missing secret from `imagePullSecrets`."
		};
	}
	if (secret === void 0 || secret.hosts.some((pattern) => matchesImage(pattern, image))) return void 0;
	return {
		code: "pull-secret-host-mismatch",
		meaning: `the image is on {host}, but secret ${secret.name} is for ${namedHosts(secret.hosts)}`,
		hint: "The registry hosts of the image and of the secret must match exactly, including the port: correct `docker-server` or the image."
	};
}
// src/workload/pod-diagnosis.ts
/**
* The kubelet's reasons for a waiting container, except those of a failed pull:
* https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go,
* https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/container/sync_result.go and
* https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/kuberuntime_container.go.
*/
const WAITING_REASONS = {
	InvalidImageName: {
		code: "image-name-invalid",
		severity: "terminal",
		hint: "Correct the image in the manifest: host/repository:tag, with the repository in lower case."
	},
	ErrImageNeverPull: {
		code: "image-not-on-node",
		severity: "terminal",
		hint: "Load the image onto the node, or use another `imagePullPolicy` than Never."
	},
	CrashLoopBackOff: {
		code: "container-failed",
		severity: "terminal",
		hint: "The image was pulled, but its program exits. See `kubectl logs --previous`."
	},
	CreateContainerConfigError: {
		code: "container-config-invalid",
		severity: "transient",
		hint: "The image was pulled. Create what the message names in the namespace of the Pod, or correct the Pod."
	},
	CreateContainerError: {
		code: "container-start-failed",
		severity: "transient",
		hint: "The image was pulled. Correct the container in the manifest."
	},
	RunContainerError: {
		code: "container-start-failed",
		severity: "transient",
		hint: "The image was pulled. Correct the command of the container."
	}
};
/** Why a Pod does not run: the most severe problem of its containers and its scheduling. */
function diagnosePod(pod, context) {
	return mostSevere([...containerStatuses(pod).flatMap((container) => isPulling(container) ? diagnosePull(container, pod, context) : diagnoseContainer(container, context) ?? []), ...diagnoseScheduling(pod)]);
}
function diagnoseContainer({ name, reason, message, lastTermination }, { isJob }) {
	const known = Object.hasOwn(WAITING_REASONS, reason) ? WAITING_REASONS[reason] : void 0;
	if (known === void 0) return void 0;
	const { exitCode, reason: lastReason, message: lastMessage } = lastTermination;
	const exit = typeof exitCode === "number" ? `last exit code ${exitCode}` : void 0;
	return {
		code: known.code,
		subject: `${name} ${reason}`,
		reason: printable(`container ${name}: ${joinReasons(reason, message, exit, lastReason, lastMessage)}`),
		hint: known.hint,
		severity: isJob && reason === "CrashLoopBackOff" ? "info" : known.severity,
		serverCode: reason
	};
}
/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions */
function diagnoseScheduling(pod) {
	const scheduled = conditionOf(pod, "PodScheduled");
	if (scheduled?.status !== "False") return [];
	return [{
		code: "pod-unschedulable",
		subject: "scheduling",
		reason: joinReasons(scheduled.reason, scheduled.message) ?? "",
		hint: "No node can run the Pod. Compare what the Pod requests with the nodes in the message.",
		severity: "info",
		serverCode: asText(scheduled.reason)
	}];
}
// src/workload/find-diagnosis.ts
/** Limits the requests for events: the Pods of a workload usually fail to pull for the same reason. */
const MAX_PODS_WITH_EVENTS = 3;
/** Why the Pods of a workload do not run or are not created. */
async function findDiagnosis(observer, workload, { secret, pullErrors }) {
	const { groupKind, appliedAt } = workload.applied;
	const isJob = groupKind === "batch Job";
	const appliedAtMs = appliedAt.getTime();
	const pods = currentPods(observer, workload);
	const { pulling = [], others = [] } = Object.groupBy(pods, (pod) => containerStatuses(pod).some(isPulling) ? "pulling" : "others");
	return mostSevere([...await Promise.all(pulling.slice(0, MAX_PODS_WITH_EVENTS).map(async (pod) => ({
		pod,
		events: await observer.eventsOf(uidOf(pod))
	}))), ...others.map((pod) => ({
		pod,
		events: []
	}))].flatMap(({ pod, events }) => {
		const diagnosis = diagnosePod(pod, {
			secret,
			pullErrors,
			appliedAtMs,
			events,
			isJob
		}) ?? (isJob ? diagnoseFailedPod(pod) : void 0);
		if (diagnosis === void 0 || groupKind === "v1 Pod") return diagnosis ?? [];
		return {
			...diagnosis,
			reason: `Pod ${printable(nameOf(pod))}: ${diagnosis.reason}`
		};
	})) ?? await diagnosePodCreation(observer, workload, pods.length > 0);
}
/** A Job replaces its failed Pods, up to its `backoffLimit`. */
function diagnoseFailedPod(pod) {
	const container = failedContainer(pod);
	if (container === void 0) return void 0;
	return {
		code: "container-failed",
		subject: "exit",
		hint: "The image was pulled, but its program failed. See `kubectl logs`.",
		severity: "info",
		...container
	};
}
/** Controllers that report a refused Pod only as an event, not as the condition `ReplicaFailure`. */
const WITHOUT_REPLICA_FAILURE = /* @__PURE__ */ new Set([
	"apps StatefulSet",
	"apps DaemonSet",
	"batch Job"
]);
/** A quota or admission refuses the Pods. The controller keeps trying. */
async function diagnosePodCreation(observer, { applied, object }, hasPods) {
	const condition = conditionOf(object, "ReplicaFailure");
	if (condition?.status === "True") return refusedCreation(condition);
	if (hasPods || !WITHOUT_REPLICA_FAILURE.has(applied.groupKind)) return void 0;
	const latest = latestOf((await observer.eventsOf(uidOf(object)) ?? []).filter(({ reason }) => reason === "FailedCreate"));
	return latest && occurrenceOf(latest).lastMs >= applied.appliedAt.getTime() ? refusedCreation(latest) : void 0;
}
function refusedCreation({ reason, message }) {
	return {
		code: "pod-creation-refused",
		subject: "creation",
		reason: joinReasons(reason, message) ?? "",
		hint: admissionHint(asText(message) ?? "") ?? "The cluster refuses to create the Pods. Fix what the message names, such as a quota or an admission policy.",
		severity: "transient",
		serverCode: asText(reason)
	};
}
/** The last warning about a workload that is not ready in time, such as a volume that cannot be mounted or a failing probe. */
async function latestWarning(observer, workload) {
	const pod = currentPods(observer, workload).find((one) => conditionOf(one, "Ready")?.status !== "True");
	const latest = latestOf((await observer.eventsOf(uidOf(pod ?? workload.object)) ?? []).filter(({ type }) => type === "Warning"));
	return latest && joinReasons(latest.reason, latest.message);
}
// src/workload/problem.ts
/** The problem in the state of a workload and in the diagnosis of its Pods. */
function problemOf({ groupKind }, state, diagnosis) {
	const specific = state.status === "failed" && state.code !== void 0 ? state : void 0;
	return {
		code: specific?.code ?? diagnosis?.code,
		reason: reasonOf(groupKind, state, diagnosis),
		hint: diagnosis?.hint,
		image: diagnosis?.image,
		serverCode: specific ? specific.serverCode : diagnosis?.serverCode ?? state.serverCode
	};
}
/** The state of a waiting Pod adds nothing to the reason of its container; that of other workloads is their progress. */
function reasonOf(groupKind, state, diagnosis) {
	if (groupKind !== "v1 Pod") return [state.reason, diagnosis?.reason].filter(Boolean).join(": ");
	return state.status === "waiting" && diagnosis?.reason || state.reason;
}
const DEFAULT_CODES = {
	failed: "workload-failed",
	timeout: "workload-timeout"
};
const DEFAULT_HINTS = {
	failed: "See `kubectl describe` and `kubectl logs`.",
	timeout: "See `kubectl describe`, or raise `wait-timeout`."
};
function problemError(applied, { result, code = DEFAULT_CODES[result], reason, hint = DEFAULT_HINTS[result], serverCode }, { cluster, timeoutMs }) {
	const { namespace, resource } = applied;
	const outcome = result === "timeout" ? `was not ready within ${timeoutMs / 1e3} s` : "failed";
	const message = `${displayName(applied)} in cluster ${cluster} ${outcome}: ${reason}`;
	return new ActionError(code, message, {
		hint,
		details: {
			cluster,
			namespace,
			resource,
			serverCode
		}
	});
}
const DEFAULT_RECHECK_INTERVAL_MS = 1e3;
/** Whether the workload has a rollout to wait for. */
function hasRollout({ groupKind }) {
	return groupKind in ROLLOUTS;
}
/** Waits until a workload is ready, has failed for a reason that waiting cannot fix, or the time is over. */
async function waitForWorkload(observer, applied, options) {
	const { timeoutMs, secret, signal, now = Date.now, recheckIntervalMs = DEFAULT_RECHECK_INTERVAL_MS } = options;
	const deadlineMs = now() + timeoutMs;
	const unready = async (problem) => {
		const error = problemError(applied, await withImages(problem, options.suggestImage), {
			cluster: observer.server.name,
			timeoutMs
		});
		return {
			result: problem.result,
			reason: problem.reason,
			error
		};
	};
	const pullErrors = /* @__PURE__ */ new Map();
	let current = {
		subject: "",
		sinceMs: 0
	};
	let loggedReason = "";
	let hasProgressed = false;
	for (;;) {
		if (signal.aborted) throw abortError(`wait for ${displayName(applied)}`, signal);
		const isOver = now() >= deadlineMs;
		const cached = await readWorkload(observer, applied, isOver);
		const workload = cached && {
			applied,
			object: cached.object
		};
		const state = rolloutState(applied, cached);
		if (state.status === "ready") return { result: "ready" };
		const diagnosis = workload && await findDiagnosis(observer, workload, {
			secret,
			pullErrors
		});
		const problem = problemOf(applied, state, diagnosis);
		if (diagnosis?.subject !== current.subject) current = {
			subject: diagnosis?.subject ?? "",
			sinceMs: now()
		};
		const persists = diagnosis?.severity === "transient" && now() - current.sinceMs >= 2e4;
		const isStuck = state.status === "waiting" && state.isStuck === true;
		if (state.status === "failed" || isStuck && hasProgressed || persists || diagnosis?.severity === "terminal") return await unready({
			...problem,
			result: "failed"
		});
		hasProgressed ||= workload !== void 0 && !isStuck;
		if (isOver) {
			const warning = workload && diagnosis === void 0 ? await latestWarning(observer, workload) : void 0;
			const reason = [problem.reason, warning].filter(Boolean).join(": ");
			return await unready({
				...problem,
				result: "timeout",
				reason
			});
		}
		if (workload !== void 0 && problem.reason !== loggedReason) info(`${displayName(applied)}: ${problem.reason}`);
		loggedReason = problem.reason;
		await observer.waitForChange(Math.max(1, Math.min(recheckIntervalMs, deadlineMs - now())));
	}
}
/** The problem, with the images that exist in its hint where one was not found. */
async function withImages(problem, suggestImage) {
	const { code, hint = "", image } = problem;
	if (code !== "image-not-found" || image === void 0) return problem;
	return {
		...problem,
		hint: withSuggestion(hint, await suggestImage?.(image))
	};
}
/** The workload in the cache; read from the server at the end, and where the kubeconfig user may not list its kind. */
async function readWorkload(observer, applied, isLast) {
	const { path, collection, name } = applied;
	const informer = observer.informer(collection);
	if (informer.error !== void 0 && informer.error.status !== 403) throw informer.error;
	if (informer.error === void 0 && !isLast) return informer.get(name);
	const operation = `read ${displayName(applied)} in cluster ${observer.server.name}`;
	const response = await observer.server.request({
		operation,
		path,
		expectedStatuses: [404]
	});
	if (response.status !== 404) return {
		object: response.json(),
		isDeleted: false
	};
	return {
		object: informer.get(name)?.object ?? {},
		isDeleted: true
	};
}
function rolloutState({ groupKind, uid }, cached) {
	if (cached === void 0) return {
		status: "waiting",
		reason: "not listed yet"
	};
	const state = ROLLOUTS[groupKind]?.(cached.object) ?? { status: "ready" };
	return (cached.isDeleted || uidOf(cached.object) !== uid) && state.status === "waiting" ? {
		status: "failed",
		code: "workload-deleted",
		reason: "it was deleted during the wait"
	} : state;
}
// src/workload/deploy.ts
/**
* Applies the manifest to all clusters, then waits for all workloads. A workload that fails does not stop the others:
* its error is in its result.
*/
async function deploy(targets, { inputs, secret, namespaces: results, dryRun, suggestImage }, signal) {
	const { objects, fromImage = false, recreate, waitTimeoutMs } = inputs;
	const clusters = Map.groupBy(targets, ({ cluster }) => cluster);
	const attempts = await Promise.all([...clusters].map(([cluster, own]) => {
		const namespaces = own.map(({ namespace }) => namespace);
		const created = own.filter((one) => one.namespaceToCreate !== void 0).map(({ namespace }) => namespace);
		const options = {
			dryRun,
			recreate,
			signal
		};
		const applied = results?.get(cluster.name);
		return applyManifest(cluster, {
			objects,
			fromImage,
			namespaces,
			created,
			applied,
			secretName: secret?.name
		}, options);
	}));
	if (waitTimeoutMs === 0) return attempts.flat().map(({ workload }) => workload);
	return await waitForAll(attempts.flat(), {
		timeoutMs: waitTimeoutMs,
		secret: withStoredHosts(secret, targets),
		suggestImage,
		signal
	});
}
/** The secret keeps its entries for other hosts. */
function withStoredHosts(secret, targets) {
	const stored = targets.flatMap(({ replaced }) => replaced?.kind === "present" ? Object.keys(replaced.entries) : []);
	return secret && {
		name: secret.name,
		hosts: [.../* @__PURE__ */ new Set([...secret.hosts, ...stored])]
	};
}
/** Applies one object after the other, since a later one may need it; each in all its namespaces at once. */
async function applyManifest(cluster, { objects, fromImage, namespaces, created, applied, secretName }, options) {
	const discover = createDiscovery(cluster, objects);
	const attempts = [];
	for (const object of inApplyOrder(objects)) {
		const result = applied?.get(object);
		if (result !== void 0) {
			attempts.push({
				cluster,
				workload: {
					...identify(cluster, object, ""),
					...result
				}
			});
			continue;
		}
		if (secretName !== void 0 && createsPods(object)) warnAboutUnmanagedNamespace(object, namespaces, secretName);
		const complete = secretName === void 0 ? object : withPullSecret(object, secretName);
		try {
			const placed = await placeObject(complete, {
				objects,
				namespaces,
				created,
				discover
			});
			const apply = async (one) => await applyPlaced(cluster, fromImage ? await withSecurityContext(cluster, one) : one, options);
			attempts.push(...await Promise.all(placed.map(apply)));
		} catch (error) {
			attempts.push({
				cluster,
				workload: failed(identify(cluster, object, namespaces[0] ?? ""), error)
			});
		}
	}
	return attempts;
}
function warnAboutUnmanagedNamespace({ kind, metadata: { name, namespace } }, namespaces, secretName) {
	if (!namespace || namespaces.includes(namespace)) return;
	warning("unmanaged-namespace", `${displayName({
		kind,
		namespace,
		name
	})} is in a namespace that does not get secret ${secretName}. Add the namespace to \`namespaces\`.`);
}
async function applyPlaced(cluster, placed, options) {
	const { dryRun } = options;
	const workload = identify(cluster, placed.object, placed.namespace);
	try {
		const applied = await applyObject(cluster, placed, options);
		info(`${dryRun ? "Would apply" : "Applied"} ${displayName(applied)} in cluster ${cluster.name}`);
		if (dryRun) return {
			cluster,
			workload: {
				...workload,
				result: "planned"
			}
		};
		return {
			cluster,
			workload: {
				...workload,
				result: "applied"
			},
			...hasRollout(applied) && { applied }
		};
	} catch (error) {
		const isMissing = error instanceof HttpError && error.status === 404;
		return {
			cluster,
			workload: dryRun && placed.needsManifest && isMissing ? {
				...workload,
				...UNCHECKED
			} : failed(workload, error)
		};
	}
}
const UNCHECKED = {
	result: "planned",
	reason: "not checked: its namespace does not exist yet, or the same manifest defines its kind"
};
async function waitForAll(attempts, options) {
	using disposables = new DisposableStack();
	const observers = /* @__PURE__ */ new Map();
	const observerOf = ({ cluster, workload: { namespace } }) => {
		const key = `${cluster.name}/${namespace}`;
		const observer = observers.get(key) ?? disposables.use(new Observer(cluster, {
			namespace,
			signal: options.signal
		}));
		observers.set(key, observer);
		return observer;
	};
	const workloads = await Promise.all(attempts.map(async (attempt) => {
		const { applied, workload } = attempt;
		if (applied === void 0) return workload;
		try {
			const outcome = await waitForWorkload(observerOf(attempt), applied, options);
			if (outcome.result === "ready") info(`${displayName(applied)} is ready`);
			return {
				...workload,
				...outcome
			};
		} catch (error) {
			return failed(workload, error);
		}
	}));
	if (options.secret !== void 0) {
		const ready = attempts.filter((_, index) => workloads[index]?.result === "ready");
		await warnAboutCachedImages(Map.groupBy(ready, observerOf), options.secret);
	}
	return workloads;
}
function identify({ name: cluster }, { kind, metadata: { name } }, namespace) {
	return {
		cluster,
		namespace,
		kind,
		name
	};
}
function failed(workload, thrown) {
	const [error] = actionErrorsOf(thrown);
	return {
		...workload,
		result: "failed",
		...error && { error }
	};
}
// src/run/suggest-image.ts
/** A run looks up this many of the images that its nodes do not find. */
const MAX_LOOKUPS = 5;
/**
* Suggests images in place of one that nodes do not find, each once. A registry is asked where the credential is for it, and
* this run asks registries at all.
*/
function imageSuggester(context, credential) {
	const { send, inputs } = context;
	if (!inputs.verify || credential.origin === "planned") return void 0;
	const suggestions = /* @__PURE__ */ new Map();
	return async (name) => {
		const login = loginFor(name, credential);
		const image = referenceOf(name);
		if (login === void 0 || image === void 0) return void 0;
		const known = suggestions.get(name);
		if (known !== void 0 || suggestions.size === MAX_LOOKUPS) return await known;
		const listRepositories = repositoryLister(context, credential);
		const suggestion = suggestImageAt(send, {
			...login,
			image,
			listRepositories
		});
		suggestions.set(name, suggestion);
		return await suggestion;
	};
}
/** The login that nodes use for an image. */
function loginFor(image, { logins }) {
	return logins.flatMap(({ servers, ...login }) => servers.map((server) => ({
		server,
		login
	}))).find(({ server }) => matchesImage(server, image));
}
// src/run/deploy.ts
/** Applies the manifests in the targets that did not fail, and waits for their workloads. */
async function deployWorkloads(context, distribution) {
	const { inputs, report, signal } = context;
	const { secret, registry, dryRun, deploy: manifests } = inputs;
	if (manifests === void 0) return [];
	const targets = (distribution.status === "distributed" ? distribution.outcomes : distribution.targets).filter((one) => !isFailed(one));
	const { namespaces } = distribution;
	const options = {
		inputs: manifests,
		secret: secret && {
			name: secret.name,
			hosts: registry.servers
		},
		namespaces,
		dryRun,
		suggestImage: distribution.status === "distributed" ? imageSuggester(context, distribution.credential) : void 0
	};
	try {
		const workloads = await report.timeline.phase("Deploy", () => deploy(targets, options, signal));
		report.workloads(workloads);
		return workloads.flatMap(({ error }) => error ?? []);
	} catch (error) {
		return actionErrorsOf(error);
	}
}
// src/policy/rotation-plan.ts
/** Of one step in one secret. */
const MAX_OWN_RECORDS = 5;
/** More ids are not recorded: what one namespace records must not fill the others. */
const MAX_RETAINED = 100;
/** @param stored what the targets held before they were written */
function planRotation(rotation, stored) {
	const present = stored.filter((one) => one.kind === "present");
	const recorded = present.flatMap((one) => recordsIn(one, rotation.login));
	const others = present.flatMap(({ records }) => records.filter((one) => !isOwn$1(one, rotation.login.owner)));
	const replaced = recorded.filter(({ record: { tokenId } }) => tokenId !== rotation.tokenId && !isProvided(tokenId));
	return {
		...rotation,
		scopes: scopesAfter(rotation, recorded),
		retained: retainedAfter(rotation, recorded),
		retainedBefore: unique(recorded.flatMap(({ record }) => record.retained)),
		superseded: [...Map.groupBy(replaced, ({ record }) => record.tokenId)].map(([tokenId, each]) => ({
			tokenId,
			scopes: unique(each.flatMap(({ record }) => record.scopes)),
			references: unique(each.flatMap(({ passwords }) => passwords)).map((value) => ({
				id: tokenId,
				value
			}))
		})),
		takenOver: takenOverFrom(stored, rotation),
		hasRecords: recorded.length > 0,
		heldByOthers: unique(others.map(({ tokenId }) => tokenId))
	};
}
/** The plan by what the writes really replaced: another run may have changed a target between the read and the write. */
function refinePlan({ tokenId, scope, login }, replaced) {
	return planRotation({
		tokenId,
		scope,
		login
	}, replaced);
}
function recordsIn({ records, entries }, { owner, username }) {
	return ownRecords(records, owner).slice(0, MAX_OWN_RECORDS).map((record) => {
		const logins = record.hosts.filter((host) => owner.hosts.includes(host)).map((host) => asObject(entries[host]));
		const isOfUser = (one) => username === void 0 || one === username;
		return {
			record,
			passwords: logins.flatMap((one) => isOfUser(one.username) && asText(one.password) || [])
		};
	});
}
function takenOverFrom(stored, { login }) {
	return unique(stored.flatMap((one) => one.kind === "present" ? conflictingRecords(one.records, login.owner) : []).map(({ tokenId }) => tokenId).filter((id) => !isProvided(id)));
}
function scopesAfter({ tokenId, scope }, recorded) {
	return unique([...recorded.filter(({ record }) => record.tokenId === tokenId).flatMap(({ record }) => record.scopes), scope]).sort();
}
function retainedAfter({ tokenId, scope }, recorded) {
	return unique(recorded.flatMap(({ record }) => {
		const isOnlyHere = record.scopes.every((one) => one === scope);
		return [...record.retained, ...isOnlyHere ? [] : [record.tokenId]];
	})).filter((id) => id !== tokenId && !isProvided(id)).sort().slice(0, MAX_RETAINED);
}
function unique(values) {
	return [...new Set(values)];
}
// src/policy/unmanaged-credential.ts
function unmanagedCredentials(outcomes, credential, login) {
	const written = outcomes.filter((outcome) => !isFailed(outcome));
	return {
		replaced: written.filter(({ replaced }) => {
			if (replaced.kind === "absent" || replaced.ours || holdsCredential(replaced, credential, login)) return false;
			return login.owner.hosts.some((host) => hasLogin(replaced.entries[host]));
		}),
		copied: written.filter(({ replaced }) => replaced.kind === "present" && hasLastApplied(replaced))
	};
}
function hasLogin(entry) {
	const { password, auth, identitytoken, registrytoken } = asObject(entry);
	return [
		password,
		auth,
		identitytoken,
		registrytoken
	].some((value) => asText(value) !== void 0);
}
// src/pull-secret/service-account-list.ts
/**
* The service accounts of many namespaces, by namespace.
* @param names `*` is all of a namespace
* @returns undefined when the user may not list service accounts of the whole cluster, or the list fails
*/
async function listInCluster(cluster, namespaces, names) {
	const [name, ...more] = names;
	const request = {
		operation: `list the service accounts of the cluster ${cluster.name}`,
		path: "/api/v1/serviceaccounts",
		...name !== "*" && more.length === 0 && { query: { fieldSelector: `metadata.name=${name}` } }
	};
	const isIncluded = (account) => namespaces.has(account.namespace) && (names.includes("*") || names.includes(account.name));
	const accounts = await unlessFailed(list(cluster, request, isIncluded));
	if (accounts === void 0) return void 0;
	const byNamespace = Map.groupBy(accounts, ({ namespace }) => namespace);
	return new Map([...byNamespace].map(([namespace, group]) => [namespace, byName(group)]));
}
async function listInNamespace({ cluster, namespace }) {
	return byName(await list(cluster, {
		operation: `list the service accounts of the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
		hints: { 403: `Grant the user of this kubeconfig the verb list on serviceaccounts in namespace ${namespace}, or list their names in \`service-accounts\`.` }
	}, () => true));
}
async function list(cluster, request, isIncluded) {
	return await listAll(cluster, request, (object) => {
		const { namespace, name } = asObject(object.metadata);
		const account = {
			namespace: asText(namespace) ?? "",
			name: asText(name) ?? "",
			...describeAccount(object)
		};
		return isIncluded(account) ? account : void 0;
	});
}
function byName(accounts) {
	return new Map(accounts.map((account) => [account.name, account]));
}
/** A ServiceAccount of the API server, as far as this action needs it. */
function describeAccount(object) {
	return {
		resourceVersion: asText(asObject(object.metadata).resourceVersion),
		imagePullSecrets: asObjects(object.imagePullSecrets)
	};
}
// src/pull-secret/service-account.ts
/** A new namespace gets its `default` account some moments later. */
const DEFAULT_READ_INTERVAL_MS = 1e3;
const MAX_READS = 10;
/**
* Adds the pull secret to the `imagePullSecrets` of service accounts, in every target that holds it. Where a cluster has
* many targets and the user may list, their accounts are read by a list, otherwise one by one. A target fails when one of
* its accounts fails.
* @param names of the accounts; `*` is all of a namespace
*/
async function attachAll(outcomes, names, options) {
	if (names.length === 0) return [...outcomes];
	const written = outcomes.filter((outcome) => !isFailed(outcome));
	const many = [...Map.groupBy(written, ({ cluster }) => cluster)].filter(([, targets]) => targets.length > 8);
	const lists = new Map(many.map(([cluster, targets]) => {
		return [cluster, listInCluster(cluster, new Set(targets.map(({ namespace }) => namespace)), names)];
	}));
	const attachTo = async (outcome) => {
		if (isFailed(outcome)) return outcome;
		if (options.dryRun && outcome.namespaceToCreate !== void 0) return {
			...outcome,
			serviceAccounts: planned(names)
		};
		const { attached, error } = await attachIn(outcome, {
			names,
			list: lists.get(outcome.cluster)
		}, options);
		if (error === void 0) return {
			...outcome,
			serviceAccounts: attached
		};
		return {
			...failedTarget({
				...outcome,
				stored: outcome.replaced
			}, error, true),
			serviceAccounts: attached
		};
	};
	const sentence = (count) => `Updated the service accounts of ${count} namespaces`;
	return [...(await withProgress(outcomes, sentence, attachTo)).values()];
}
/** A new namespace has no other account than `default` when the secrets are written. */
function planned(names) {
	return [...new Set(names.map((name) => name === "*" ? "default" : name))].map((name) => ({
		name,
		result: "planned"
	}));
}
async function attachIn(target, { names, list }, options) {
	const attached = [];
	let failure;
	try {
		const isAll = names.includes("*");
		const known = (await list)?.get(target.namespace) ?? (isAll ? await listInNamespace(target) : void 0);
		const accounts = isAll ? [.../* @__PURE__ */ new Set(["default", ...known?.keys() ?? []])].sort() : names;
		for (const name of accounts) try {
			attached.push({
				name,
				result: await attach(target, {
					name,
					known: known?.get(name)
				}, options)
			});
		} catch (error) {
			attached.push({
				name,
				result: "failed"
			});
			failure ??= error;
		}
	} catch (error) {
		failure = error;
	}
	return {
		attached,
		error: failure
	};
}
/**
* `imagePullSecrets` is an atomic list: it is sent as a whole, guarded by the `resourceVersion` that was read.
* https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
*/
async function attach(target, { name, known }, options) {
	const { cluster, namespace } = target;
	const { secretName, dryRun } = options;
	let account = known ?? await read(target, name, options);
	for (let attempt = 1;; attempt++) {
		const { resourceVersion, imagePullSecrets } = account;
		if (imagePullSecrets.some((entry) => entry.name === secretName)) return "unchanged";
		try {
			await cluster.request({
				operation: `add the secret ${secretName} to the service account ${namespace}/${name} in the cluster ${cluster.name}`,
				method: "PATCH",
				path: pathOf(target, name),
				query: {
					fieldManager: MANAGER_NAME,
					...dryRun && { dryRun: "All" }
				},
				contentType: "application/merge-patch+json",
				body: {
					metadata: { resourceVersion },
					imagePullSecrets: [...imagePullSecrets, { name: secretName }]
				},
				hints: { 403: `Grant the user of this kubeconfig the verbs get and patch on serviceaccounts in namespace ${namespace}.` }
			});
			return dryRun ? "planned" : "updated";
		} catch (error) {
			await waitAfterConflict(error, attempt);
			account = await read(target, name, options);
		}
	}
}
async function read(target, name, options) {
	const { signal, readIntervalMs = DEFAULT_READ_INTERVAL_MS } = options;
	const { cluster, namespace } = target;
	const operation = `read the service account ${namespace}/${name} in the cluster ${cluster.name}`;
	for (let attempt = 1; attempt <= MAX_READS; attempt++) {
		const response = await cluster.request({
			operation,
			path: pathOf(target, name),
			expectedStatuses: [404],
			hints: { 403: `Grant the user of this kubeconfig the verbs get and patch on serviceaccounts in namespace ${namespace}.` }
		});
		if (response.status !== 404) return describeAccount(response.json());
		if (attempt < MAX_READS) await delay(readIntervalMs, operation, signal);
	}
	throw new ActionError("service-account-not-found", `ServiceAccount ${namespace}/${name} does not exist in cluster ${cluster.name}`, {
		hint: "Check `service-accounts`, or create the account first.",
		details: {
			cluster: cluster.name,
			namespace,
			resource: `serviceaccounts/${name}`
		}
	});
}
function pathOf({ namespace }, name) {
	return `/api/v1/namespaces/${namespace}/serviceaccounts/${encodeURIComponent(name)}`;
}
// src/workload/namespaces.ts
const RESOURCE = {
	apiVersion: "v1",
	kind: "Namespace",
	plural: "namespaces",
	namespaced: false,
	isOwn: false
};
/**
* Applies a Namespace of the manifests, which may be in them more than once.
* @throws ActionError
*/
async function applyNamespace(server, objects, options) {
	for (const object of objects) {
		await applyObject(server, {
			object,
			resource: RESOURCE,
			namespace: "",
			needsManifest: false
		}, {
			...options,
			recreate: []
		});
		logCreation(server, object.metadata.name, options.dryRun);
	}
}
/**
* Creates a namespace without labels. One that exists by now is not changed.
* @throws ActionError
*/
async function createNamespace(server, name, dryRun) {
	await server.request({
		operation: `create namespace ${name} in cluster ${server.name}`,
		method: "POST",
		path: "/api/v1/namespaces",
		query: {
			fieldManager: MANAGER_NAME,
			...dryRun && { dryRun: "All" }
		},
		body: {
			apiVersion: "v1",
			kind: "Namespace",
			metadata: { name }
		},
		expectedStatuses: [409],
		hints: { 403: "Grant the verb create on namespaces to the kubeconfig user of this cluster (a ClusterRole), or create the namespace first." }
	});
	logCreation(server, name, dryRun);
}
function logCreation(server, name, dryRun) {
	info(`${dryRun ? "Would create" : "Created"} namespace ${name} in cluster ${server.name}`);
}
// src/run/create-namespaces.ts
/**
* Creates the namespaces of targets that do not exist. This comes after the verification of the credential: nothing is
* written when that fails.
*/
async function createNamespaces({ inputs, signal }, targets) {
	const { dryRun, deploy } = inputs;
	const declared = deploy?.objects.filter(isNamespace) ?? [];
	const namespaces = /* @__PURE__ */ new Map();
	const created = targets.map(async (target) => {
		if (!isReady(target) || target.namespaceToCreate === void 0) return target;
		const { cluster, namespace: name } = target;
		const results = namespaces.get(cluster.name) ?? /* @__PURE__ */ new Map();
		namespaces.set(cluster.name, results);
		const own = target.namespaceToCreate === "manifest" ? declared.filter(({ metadata }) => metadata.name === name) : [];
		try {
			if (own.length === 0) await createNamespace(cluster, name, dryRun);
			else await applyNamespace(cluster, own, {
				dryRun,
				signal
			});
			for (const object of own) results.set(object, { result: dryRun ? "planned" : "applied" });
			return target;
		} catch (error) {
			for (const object of own) results.set(object, {
				result: "failed",
				reason: reason(error)
			});
			return failedTarget(target, error);
		}
	});
	return {
		targets: await Promise.all(created),
		namespaces
	};
}
// src/policy/token-usage.ts
const UNKNOWN_USAGE = {
	clusters: /* @__PURE__ */ new Set(),
	holders: /* @__PURE__ */ new Map()
};
/**
* The usage without the targets where this run replaced a token: if another client has written the token back there,
* reading the targets back fails the run, and keeping the token quietly would not.
* @param written `cluster: namespace/name` of these targets
*/
function withoutReplaced({ clusters, holders }, { superseded }, written) {
	const replaced = new Set(superseded.map(({ tokenId }) => tokenId));
	const others = [...holders].map(([tokenId, places]) => {
		return [tokenId, replaced.has(tokenId) ? places.filter((place) => !written.has(place)) : places];
	});
	return {
		clusters,
		holders: new Map(others.filter(([, places]) => places.length > 0))
	};
}
// src/policy/evidence.ts
/** Nothing is known. */
const NO_EVIDENCE = {
	ownership: /* @__PURE__ */ new Map(),
	usage: UNKNOWN_USAGE,
	live: void 0,
	failedHolders: [],
	unfinished: {
		count: 0,
		descriptions: [],
		isEnding: false,
		superseded: []
	},
	isScopeCertain: false
};
// src/policy/token-decision.ts
/** A later token of another scope may belong to a run that has not written it yet. */
const MIN_AGE_MS = 36e5;
/** Ids of tokens that the targets name: they are to be revoked sooner or later. */
function namedTokens(plan, unfinished) {
	const named = [
		...plan.superseded.map(({ tokenId }) => tokenId),
		...plan.retained,
		...unfinished.superseded
	];
	return [...new Set(named)].filter((tokenId) => tokenId !== plan.tokenId);
}
/** Whether one token may be revoked. */
function decide(tokenId, { plan, evidence, current }) {
	if (isOfOtherStep(tokenId, plan, evidence)) return { action: "ignore" };
	const superseded = plan.superseded.find((one) => one.tokenId === tokenId);
	if (superseded !== void 0) return decideSuperseded(superseded, {
		plan,
		evidence,
		current
	});
	const { live, usage } = evidence;
	if (live === void 0) return keep(usage.holders.has(tokenId) ? "" : "the issuer was not asked whether it is alive", tokenId, usage);
	const mint = live.get(tokenId);
	if (mint === void 0) return { action: "ignore" };
	return namedTokens(plan, evidence.unfinished).includes(tokenId) ? decideNamed(tokenId, mint, {
		plan,
		evidence,
		current
	}) : decideLeftover(tokenId, mint, {
		plan,
		evidence,
		current
	});
}
/**
* The tokens of all steps that keep hosts in one secret have the same scope: anyone who may edit one secret can name the
* token of another step as superseded. For which hosts it was minted is shown by the issuer's description.
*/
function isOfOtherStep(tokenId, plan, evidence) {
	const mint = evidence.live?.get(tokenId);
	return mint !== void 0 && mint.hosts !== hostsText(plan.login.owner.hosts) && plan.heldByOthers.includes(tokenId);
}
/**
* A superseded token may be revoked only when everything that it was ever written to is a target of this run, or is seen
* not to hold it any more: a namespace that was taken off the list must not lose its pulls.
*/
function decideSuperseded({ tokenId, scopes, references }, { plan, evidence, current }) {
	const { ownership, live, usage } = evidence;
	const ownedAs = ownership.get(tokenId);
	const mint = live?.get(tokenId);
	if (mint !== void 0 && references.some(({ value }) => value === passwordOf(current))) return keep("the targets still hold its value, under another id", tokenId, usage);
	if (ownedAs === "gone") return { action: "ignore" };
	if (mint === void 0) return {
		action: "keep",
		reason: "its issuer does not confirm that this action minted it",
		state: "foreign"
	};
	if (ownedAs !== "ours") return decideNamed(tokenId, mint, {
		plan,
		evidence,
		current
	});
	const clusters = clustersOf(mint.scope);
	const recorded = scopes.filter((scope) => clustersOf(scope).every((cluster) => clusters.includes(cluster)));
	return decideByUsage(tokenId, mint, {
		evidence,
		isOnlyHere: !plan.retainedBefore.includes(tokenId) && [mint.scope, ...recorded].every((scope) => scope === plan.scope)
	});
}
/** A token that the targets name without holding its value: that it is ours is shown by the issuer's description alone. */
function decideNamed(tokenId, mint, { plan, evidence, current }) {
	if (!isOver(mint, evidence, current)) return IN_PROGRESS;
	return decideByUsage(tokenId, mint, {
		evidence,
		isOnlyHere: mint.scope === plan.scope && !plan.retained.includes(tokenId) && evidence.isScopeCertain
	});
}
/** A token that only the issuer knows of. */
function decideLeftover(tokenId, mint, { plan, evidence, current }) {
	const { usage, unfinished, isScopeCertain } = evidence;
	if (usage.holders.has(tokenId)) return { action: "ignore" };
	const isForHosts = mint.hosts === hostsText(plan.login.owner.hosts);
	const isOfThisStep = isForHosts && mint.scope === plan.scope;
	const isRecorded = isForHosts && unfinished.descriptions.includes(mint.description);
	if (!isOfThisStep && !isRecorded) {
		const isOld = mint.mintedAt.getTime() < current.mintedAt.getTime() - MIN_AGE_MS;
		const isSeen = clustersOf(mint.scope).every((cluster) => usage.clusters.has(cluster));
		return isOld && isSeen && isScopeCertain ? decideByUsage(tokenId, mint, {
			evidence,
			isOnlyHere: false
		}) : { action: "ignore" };
	}
	if (!isOver(mint, evidence, current)) return IN_PROGRESS;
	if (!isScopeCertain) return keep("another cluster may have the address of this one", tokenId, usage);
	return decideByUsage(tokenId, mint, {
		evidence,
		isOnlyHere: isOfThisStep && plan.hasRecords
	});
}
const IN_PROGRESS = {
	action: "keep",
	reason: "a concurrent run may be about to write it",
	state: "in-progress"
};
/** Whether no run can still write it: every target holds a token that was minted later, or its run is ended first. */
function isOver({ mintedAt, description }, { unfinished }, current) {
	return mintedAt <= current.mintedAt || unfinished.isEnding && unfinished.descriptions.includes(description);
}
function decideByUsage(tokenId, { scope }, { evidence, isOnlyHere }) {
	const { usage, failedHolders } = evidence;
	const failed = failedHolders.find(({ tokenIds }) => tokenIds === void 0 || tokenIds.includes(tokenId));
	if (failed !== void 0) return keep(`${failed.where} failed and may still use it`, tokenId, usage);
	if (usage.holders.has(tokenId)) return keep("", tokenId, usage);
	const unseen = clustersOf(scope).find((cluster) => !usage.clusters.has(cluster));
	if (unseen === void 0 || isOnlyHere) return { action: "revoke" };
	return keep(`it was or may have been written to other targets, and this run cannot see whether they still hold it in cluster ${unseen}`, tokenId, usage);
}
function keep(reason, tokenId, { holders }) {
	const [holder] = holders.get(tokenId) ?? [];
	if (holder === void 0) return {
		action: "keep",
		reason
	};
	return {
		action: "keep",
		reason: reason || `Secret ${holder} still holds it`,
		state: "held"
	};
}
// src/policy/revocation.ts
/**
* Which tokens may be revoked, and why others that are alive are not: those that this run superseded, those that earlier
* runs retained or left, and those that the issuer lists for this secret.
*/
function decideRevocation(plan, evidence, current) {
	const ids = /* @__PURE__ */ new Set([...namedTokens(plan, evidence.unfinished), ...evidence.live?.keys() ?? []]);
	ids.delete(current.tokenId);
	const decided = [...ids].map((tokenId) => ({
		tokenId,
		...decide(tokenId, {
			plan,
			evidence,
			current
		})
	}));
	const kept = decided.flatMap((one) => {
		if (one.action !== "keep") return [];
		const { tokenId, reason, state } = one;
		return [{
			tokenId,
			reason,
			...state && { state }
		}];
	});
	return {
		revoke: decided.filter(({ action }) => action === "revoke").map(({ tokenId }) => tokenId),
		keep: [...kept, ...keepTakenOver(plan)]
	};
}
function keepTakenOver({ takenOver }) {
	return takenOver.map((tokenId) => ({
		tokenId,
		reason: "another step minted it",
		state: "foreign"
	}));
}
/** All tokens that the targets name stay alive, for one reason. */
function keepAll(plan, unfinished, reason) {
	return {
		revoke: [],
		keep: [...namedTokens(plan, unfinished).map((tokenId) => ({
			tokenId,
			reason
		})), ...keepTakenOver(plan)]
	};
}
// src/pull-secret/desired.ts
/** Whether a target records the pending rotation of this run. */
function isMarked(stored, { pendingKey }) {
	return stored.kind === "present" && stored.pending.some(({ key }) => key === pendingKey);
}
/**
* Whether the rotation was ended in the target that recorded it. Once that target records the credential, no run takes it for
* unused any more: then it does not matter.
*/
function isEndedIn(current, desired) {
	return !isMarked(current, desired) && !current.records.some(({ tokenId }) => tokenId === desired.record.tokenId);
}
/** Whether a target holds all of it already: then there is nothing to write. */
function isCurrent(stored, desired) {
	return stored.kind === "present" && hasContent(stored, desired) && hasRecord(stored, desired);
}
/** Which run wrote a record last, and by which kubeconfig, is no reason to write it again. */
function hasRecord({ records }, desired) {
	const record = {
		...desired.record,
		cluster: void 0
	};
	const { run, cluster } = record;
	const recorded = records.map((one) => one.tokenId === record.tokenId ? {
		...one,
		run,
		cluster
	} : one);
	return formatRecords(recorded) === formatWith(recorded, record);
}
/** Whether a secret holds all that a user can see of it; what this action records about the credential may differ. */
function hasContent(stored, desired) {
	return stored.data === dataOf(stored.cluster, stored, desired) && holds(stored.labels, {
		...desired.labels,
		["app.kubernetes.io/managed-by"]: "registry-pull-secret"
	}) && holds(stored.annotations, desired.annotations);
}
/** The docker config in base64, with the other hosts that a secret has already. */
function dataOf(cluster, stored, { logins, email, record }) {
	const credential = {
		logins: loginsIn(cluster, logins),
		email
	};
	const config = stored.kind === "absent" ? dockerConfig(credential) : dockerConfig(credential, stored.config, droppedHosts(stored.records, record));
	return Buffer.from(config).toString("base64");
}
function holds(all, some) {
	return Object.entries(some).every(([key, value]) => all[key] === value);
}
// src/pull-secret/write.ts
/**
* Writes the pull secret in place by server-side apply, and compares what the server stored with what was sent.
* When the secret has changed since it was read, the server returns 409 and it is read again.
* https://kubernetes.io/docs/reference/using-api/server-side-apply/
* @param dryRun the API server checks everything and stores nothing
* @throws ActionError
*/
async function writeSecret({ cluster, namespace, stored }, desired, dryRun) {
	const { tokenId } = desired.record;
	const wasMarked = isMarked(stored, desired);
	let current = stored;
	for (let attempt = 1;; attempt++) {
		const refused = refusal$1({
			cluster,
			namespace,
			stored: current
		}, {
			...desired,
			owner: desired.record
		});
		if (refused !== void 0) throw refused;
		const data = dataOf(cluster.name, current, desired);
		const records = formatWith(current.kind === "absent" ? [] : current.records, recordIn(cluster, desired));
		const version = current.kind === "present" ? current.resourceVersion : attempt === 1 ? NEVER : void 0;
		try {
			const response = await apply({
				cluster,
				namespace
			}, desired, {
				data,
				records,
				version,
				dryRun
			});
			compare({
				cluster,
				namespace
			}, desired.name, {
				response,
				data
			});
			const written = describeSecret(response.json(), cluster);
			const isOwnWrite = current.kind === "present" && current.records.some((one) => one.tokenId === tokenId);
			if (current.kind === "absent" || stored.kind === "absent" && isOwnWrite) return {
				status: dryRun ? "planned" : "created",
				replaced: stored,
				written
			};
			const isUnchanged = stored.kind === "present" && written.resourceVersion === stored.resourceVersion || hasContent(current, desired);
			return {
				status: dryRun ? "planned" : isUnchanged ? "unchanged" : "updated",
				replaced: current,
				written
			};
		} catch (error) {
			const isOutdated = isConflict(error);
			if (!(isOutdated || isOutcomeUnknown(error)) || attempt === 50) throw error;
			if (isOutdated) await backoff(attempt);
			current = await readSecret(cluster, namespace, desired.name);
			const isEnded = wasMarked && current.kind === "present" && isEndedIn(current, desired);
			if (isOutdated && current.kind === "present" && (isEnded || isNewer(current, desired))) return {
				status: "conflict",
				newer: current,
				isEnded
			};
			if (!isOutdated && !isCurrent(current, desired)) throw error;
		}
	}
}
function recordIn({ identity, inKubeconfig }, { record }) {
	return {
		...record,
		cluster: {
			identity,
			inKubeconfig: inKubeconfig.identity
		}
	};
}
/** Of two credentials the one minted later wins, so that all concurrent runs agree. */
function isNewer(stored, { record, isUnusable }) {
	if (isUnusable(stored)) return false;
	return ownRecords(stored.records, record).some((other) => {
		const leadMs = mintTimeOf(other) - mintTimeOf(record);
		return other.tokenId !== record.tokenId && (leadMs > 0 || leadMs === 0 && other.tokenId > record.tokenId);
	});
}
function mintTimeOf({ mintedAt }) {
	return mintedAt?.getTime() ?? 0;
}
/** No object has this version: the server refuses to create what exists by now, instead of overwriting it. */
const NEVER = "1";
/** URL of the workflow run that last changed the secret. */
const RUN = `${MANAGER_NAME}/run`;
async function apply({ cluster, namespace }, { name, labels, annotations, record }, { data, records, version, dryRun }) {
	return await cluster.request({
		operation: `write the secret ${namespace}/${name} in the cluster ${cluster.name}`,
		method: "PATCH",
		path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
		query: {
			fieldManager: MANAGER_NAME,
			...version !== void 0 && version !== NEVER && { force: "true" },
			...dryRun && { dryRun: "All" }
		},
		contentType: "application/apply-patch+yaml",
		body: {
			apiVersion: "v1",
			kind: "Secret",
			metadata: {
				name,
				namespace,
				labels: {
					...labels,
					[MANAGED_BY]: MANAGER_NAME
				},
				annotations: {
					...annotations,
					[RECORDS]: records,
					...record.run && { [RUN]: record.run }
				},
				...version !== void 0 && { resourceVersion: version }
			},
			type: DOCKER_CONFIG_TYPE,
			data: { [DOCKER_CONFIG_KEY]: data }
		},
		hints: {
			403: `Grant the user of this kubeconfig the verbs get, create and patch on secrets in namespace ${namespace}.`,
			404: `Create namespace ${namespace} first, or set \`create-namespaces: true\` and grant the verbs get and create on namespaces.`
		}
	});
}
function compare({ cluster, namespace }, name, { response, data }) {
	if (asText(asObject(response.json().data)[".dockerconfigjson"]) === data) return;
	throw new ActionError("secret-changed-on-write", `The API server stored something else than was written to Secret ${namespace}/${name} in cluster ${cluster.name}`, {
		hint: "An admission webhook changes Secrets there: exclude this one, or ask the cluster administrators.",
		details: {
			cluster: cluster.name,
			namespace,
			resource: `secrets/${name}`
		}
	});
}
// src/pull-secret/write-all.ts
/**
* Writes the pull secret to every target that lacks it or holds another; one that fails does not stop the others. Two
* groups of targets come before the others:
* - the one that records the pending rotation: a run that ended this rotation has changed it, and the credential may be
*   revoked;
* - those that hold the credential already: they must record where else it goes before it goes there, or a later run
*   could take their records for complete, and revoke it.
* @param dryRun the API servers check everything and store nothing
*/
async function writeAll(targets, desired, dryRun) {
	const write = async (target) => {
		const { cluster, namespace, stored: replaced, namespaceToCreate } = target;
		if (namespaceToCreate === void 0) return await writeOne(target, desired, dryRun);
		if (dryRun) return {
			cluster,
			namespace,
			status: "planned",
			replaced,
			namespaceToCreate
		};
		const outcome = await writeOne(target, desired, dryRun);
		return isFailed(outcome) || outcome.status === "conflict" ? outcome : {
			...outcome,
			namespaceToCreate
		};
	};
	const sentence = (count) => `${dryRun ? "Checked" : "Wrote"} ${count} secrets`;
	const ready = targets.filter(isReady);
	const all = /* @__PURE__ */ new Map();
	const writeNext = async (some) => {
		const rest = some.filter((one) => !all.has(one));
		for (const [target, outcome] of await withProgress(rest, sentence, write)) all.set(target, outcome);
	};
	const isEnded = () => [...all.values()].some((one) => one.status === "conflict" && one.isEnded);
	const outcomes = () => targets.map((target) => all.get(target) ?? notWritten(target));
	await writeNext(ready.filter(({ stored }) => isMarked(stored, desired)));
	if (isEnded()) return outcomes();
	const holders = ready.filter(({ stored }) => isHolder(stored, desired.record));
	await writeNext(holders);
	const isWider = desired.isRevocable && holders.some(({ stored }) => lacksScopes(stored, desired.record));
	const isRecorded = !targets.some((target) => isFailed(target) && mayHold$1(target, desired.record));
	if (isWider && !(isRecorded && ![...all.values()].some(isFailed))) {
		const others = ready.filter((target) => !all.has(target));
		for (const target of others) all.set(target, scopeNotRecorded(target, desired.name));
	} else await writeNext(ready);
	return outcomes();
}
/** Of a target that failed before, or that another round of writes comes to. */
function notWritten(target) {
	if (isFailed(target)) return target;
	const { cluster, namespace, stored } = target;
	return {
		cluster,
		namespace,
		status: "unchanged",
		replaced: stored
	};
}
/** Whether a target that cannot be written may hold the credential already. */
function mayHold$1({ stored }, record) {
	return stored === void 0 || isHolder(stored, record);
}
/** Whether a target was not written because one that holds the credential could not record that. */
function isUnrecorded(outcome) {
	return isFailed(outcome) && outcome.error.code === "scope-not-recorded";
}
function isHolder(stored, record) {
	return recordOf(stored, record) !== void 0;
}
function lacksScopes(stored, record) {
	const recorded = recordOf(stored, record)?.scopes;
	return record.scopes.some((scope) => !recorded?.includes(scope));
}
function recordOf(stored, record) {
	return (stored.kind === "present" ? ownRecords(stored.records, record) : []).find(({ tokenId }) => tokenId === record.tokenId);
}
function scopeNotRecorded({ cluster, namespace, stored }, name) {
	const what = `Secret ${namespace}/${name} in cluster ${cluster.name} was not written`;
	const error = new Refusal("scope-not-recorded", `${what}: a target that may hold the token could not record that it is used here as well`, {
		hint: "Fix the target that failed, and run again: otherwise a later run could revoke a token that is in use here.",
		details: {
			cluster: cluster.name,
			namespace,
			resource: `secrets/${name}`
		}
	});
	return failedTarget({
		cluster,
		namespace,
		stored
	}, error);
}
async function writeOne(target, desired, dryRun) {
	const { cluster, namespace, stored } = target;
	let isWritten = false;
	try {
		const result = stored.kind === "present" && isCurrent(stored, desired) ? {
			status: "unchanged",
			replaced: stored,
			written: stored
		} : await writeSecret(target, desired, dryRun);
		if (result.status === "conflict") return {
			cluster,
			namespace,
			...result
		};
		isWritten = true;
		const { status, replaced, written } = result;
		if (!hasLastApplied(written)) return {
			cluster,
			namespace,
			status,
			replaced
		};
		if (!dryRun) await removeLastApplied({
			cluster,
			namespace,
			stored: written
		}, desired.name);
		return {
			cluster,
			namespace,
			status: status === "unchanged" ? dryRun ? "planned" : "updated" : status,
			replaced
		};
	} catch (error) {
		return await endedSince(target, desired) ?? failedTarget(target, error, isWritten || !isNotWritten(error));
	}
}
/**
* A write that failed does not show whether another run has ended this rotation. If so, no other target may get the
* credential.
*/
async function endedSince({ cluster, namespace, stored }, desired) {
	if (!isMarked(stored, desired)) return void 0;
	const newer = await readSecret(cluster, namespace, desired.name).catch(() => void 0);
	if (newer?.kind !== "present" || !isEndedIn(newer, desired)) return void 0;
	return {
		cluster,
		namespace,
		status: "conflict",
		newer,
		isEnded: true
	};
}
/** Refused by us or by the API server, or never sent. After any other error the server may have acted. */
function isNotWritten(error) {
	if (error instanceof HttpError) return error.status < 500;
	return error instanceof Refusal || error instanceof NetworkError && !error.sent;
}
/** Where this run met a conflict: the target that ended its rotation, or that holds the newest credential. */
function newestConflict(outcomes, owner) {
	const timeOf = ({ newer: { records } }) => Math.max(0, ...ownRecords(records, owner).map(({ mintedAt }) => mintedAt?.getTime() ?? 0));
	return outcomes.filter((outcome) => outcome.status === "conflict").sort((a, b) => Number(b.isEnded) - Number(a.isEnded) || timeOf(b) - timeOf(a))[0];
}
/** The very content of a secret. */
function keyOf({ records, data }) {
	return JSON.stringify([records.map(({ tokenId }) => tokenId), data]);
}
async function nextRound(context, conflict, { targets, round }) {
	const number = round.number + 1;
	if (conflict.isEnded) return await afterEnd(context, conflict, {
		targets,
		round: {
			...round,
			number
		}
	});
	const candidate = candidateOf(conflict.newer, context.login);
	const verified = candidate && await useNewerCredential(context, candidate, {
		own: round.own,
		targets
	});
	if (verified !== void 0) return {
		targets,
		round: {
			...round,
			credential: verified.credential,
			number
		}
	};
	const unusable = /* @__PURE__ */ new Set([...round.unusable, keyOf(conflict.newer)]);
	return {
		targets,
		round: {
			...round,
			credential: round.own,
			unusable,
			number
		}
	};
}
/** A token that a target may hold is not revoked here: it is written to the others as well, unless it no longer works. */
async function afterEnd(context, conflict, next) {
	const { targets, round } = next;
	return round.isOwnWritten && await stillWorks(context, round.own, targets) ? {
		targets,
		round: {
			...round,
			pendingKey: void 0
		}
	} : await startAgain(context, conflict, next);
}
async function stillWorks(context, own, targets) {
	const { inputs, ownership } = context;
	if (inputs.verify) return await verifyStored(context, {
		...own,
		isEverywhere: false
	}) !== void 0;
	ownership.refresh();
	return own.origin !== "minted" || (await ownership.live(targets)).has(own.tokenId);
}
/**
* Whoever ended the rotation may have revoked its token, which no target holds yet: it is revoked, and another one minted.
* Another target records that rotation, so one namespace cannot stop the others.
*/
async function startAgain(context, { cluster, namespace }, { targets, round }) {
	info(`Minting again: another client ended this rotation in namespace ${namespace} of cluster ${cluster.name}.`);
	await revokeUnused(context, round.own);
	const avoided = [...round.avoided, {
		cluster,
		namespace
	}];
	const acquired = await acquireMinted(context, targets, avoided);
	return {
		targets: acquired.targets,
		round: {
			...nextWith(acquired, round),
			avoided
		}
	};
}
/**
* A target that holds the stored token cannot record where else it goes: the other targets get a new token, so one namespace
* cannot stop them.
* @returns undefined when this run cannot mint
*/
async function mintInstead(context, targets, round) {
	const { inputs, report } = context;
	if (inputs.dryRun || round.own.origin !== "reused" || round.number === 5) return void 0;
	report.decision("Minting a new token: a target that holds the stored one cannot record where else it goes.");
	try {
		const acquired = await acquireMinted(context, targets, round.avoided);
		return {
			targets: acquired.targets,
			round: {
				...nextWith(acquired, round),
				number: round.number + 1
			}
		};
	} catch (error) {
		info(`Could not mint a new token instead: ${reason(error)}`);
		return;
	}
}
/** The round that writes a new token. */
function nextWith({ verified, pendingKey }, round) {
	const own = verified.credential;
	return {
		...round,
		own,
		credential: own,
		pendingKey,
		isOwnWritten: false
	};
}
// src/run/write-secrets.ts
/** One round of writes, and another one when a concurrent run wrote a newer credential. */
async function writeSecrets(context, targets, round) {
	const { inputs, journal, login, report } = context;
	const { secret, own, credential, unusable, pendingKey } = round;
	const { tokenId, mintedAt, expiresAt } = credential;
	const plan = planRotation({
		tokenId,
		scope: scopeOf(targets, secret.name),
		login
	}, storedIn(targets));
	if (!inputs.dryRun) journal.writeStarts(tokenId, await revocableNow(context, plan, {
		targets,
		own
	}));
	const { scopes, retained } = plan;
	const desired = {
		...secret,
		record: {
			...secret.owner,
			tokenId,
			mintedAt,
			expiresAt,
			run: inputs.run.url,
			scopes,
			retained
		},
		logins: credential.logins,
		email: inputs.registry.email,
		isUnusable: (stored) => unusable.has(keyOf(stored)),
		isRevocable: !isProvided(tokenId),
		pendingKey
	};
	if (!inputs.dryRun) report.writeStarts();
	const title = inputs.dryRun ? "Check the secrets" : "Write the secrets";
	const outcomes = await report.timeline.phase(title, () => writeAll(targets, desired, inputs.dryRun));
	const isOwnWritten = round.isOwnWritten || credential === own && outcomes.some(mayHold);
	const written = {
		credential,
		own,
		isOwnWritten,
		targets,
		plan,
		desired
	};
	const conflict = newestConflict(outcomes, secret.owner);
	if (conflict === void 0) {
		const instead = outcomes.some(isUnrecorded) ? await mintInstead(context, targets, round) : void 0;
		if (instead !== void 0) return await writeSecrets(context, instead.targets, instead.round);
		return {
			...written,
			outcomes: outcomes.filter(isSettled)
		};
	}
	if (round.number === 5) return {
		...written,
		outcomes: outcomes.map((one) => isSettled(one) ? one : keepsChanging(one))
	};
	const next = await nextRound(context, conflict, {
		targets: targets.map((target, index) => afterRound(target, outcomes[index])),
		round: {
			...round,
			isOwnWritten
		}
	});
	return await writeSecrets(context, next.targets, next.round);
}
function mayHold(outcome) {
	return outcome.status === "created" || outcome.status === "updated" || isFailed(outcome) && outcome.mayHold;
}
/** Conflicts end by another round: none is left in the last one. */
function isSettled(outcome) {
	return outcome.status !== "conflict";
}
/** A target in conflict as it is now; the others are written again as they were read, so that what they held is known. */
function afterRound(target, outcome) {
	return outcome?.status === "conflict" && !isFailed(target) ? {
		...target,
		stored: outcome.newer
	} : target;
}
function keepsChanging({ cluster, namespace, newer }) {
	const error = new ActionError("secret-keeps-changing", `Secret ${namespace}/${newer.name} in cluster ${cluster.name} was changed by another client each time that this run wrote it`, {
		hint: "Find out what writes this Secret, and stop it, or choose another `secret-name`.",
		details: {
			cluster: cluster.name,
			namespace,
			resource: `secrets/${newer.name}`
		}
	});
	return failedTarget({
		cluster,
		namespace,
		stored: newer
	}, error);
}
/**
* What the post step may revoke once every target holds the credential. A run that reuses does not wait for a login, and
* an issuer that cannot be asked is reported when it comes to revoking.
*/
async function revocableNow({ inputs, ownership }, plan, { targets, own }) {
	if (own.origin !== "minted" || inputs.revoke === "never" || !inputs.verify || plan.superseded.length === 0) return [];
	try {
		const references = plan.superseded.flatMap((token) => token.references);
		const { revoke } = decideRevocation(plan, {
			...NO_EVIDENCE,
			ownership: await ownership.of(references, targets),
			live: await ownership.live(targets)
		}, own);
		return revoke.filter((id) => plan.superseded.some(({ tokenId }) => tokenId === id));
	} catch {
		return [];
	}
}
// src/run/distribute.ts
/** Writes the credential to every target that lacks it: first the missing namespaces, then the secrets, then the service accounts. */
async function distribute(context, acquired) {
	const { inputs, signal, clock, report } = context;
	const { secret, dryRun } = inputs;
	const { targets, namespaces } = await createNamespaces(context, acquired.targets);
	if (secret === void 0) return {
		status: "not-requested",
		targets,
		namespaces,
		errors: targets.filter(isFailed).map(({ error }) => error)
	};
	const acquiredCredential = acquired.verified.credential;
	const written = await writeSecrets(context, targets, {
		secret,
		own: acquiredCredential,
		credential: acquiredCredential,
		unusable: /* @__PURE__ */ new Set(),
		pendingKey: acquired.pendingKey,
		number: 1,
		isOwnWritten: false,
		avoided: []
	});
	const { own } = written;
	const writtenAtMs = clock.elapsedMs();
	const options = {
		secretName: secret.name,
		dryRun,
		signal
	};
	const attach = () => attachAll(written.outcomes, secret.serviceAccounts, options);
	const outcomes = secret.serviceAccounts.length > 0 ? await report.timeline.phase("Update the service accounts", attach) : await attach();
	if (written.credential !== own) report.credential(written.credential, inputs);
	report.targets(secret.name, outcomes);
	report.changes(outcomes, written.desired.record);
	report.replaced(written.plan, clock.now());
	report.unmanaged(unmanagedCredentials(outcomes, written.credential, context.login));
	const errors = outcomes.filter(isFailed).map(({ error }) => error);
	if (own.origin === "minted" && !written.isOwnWritten) await revokeUnused(context, own);
	if (outcomes.every(isFailed)) return {
		status: "failed",
		errors
	};
	const minted = own.origin === "minted" ? own : void 0;
	const replaced = outcomes.flatMap((outcome) => isFailed(outcome) ? outcome.stored ?? [] : [outcome.replaced]);
	const plan = refinePlan(written.plan, replaced);
	return {
		...written,
		status: "distributed",
		plan,
		minted,
		outcomes,
		namespaces,
		writtenAtMs,
		errors
	};
}
// src/issuer/docker-config/credential-helper.ts
/** One that takes longer waits for a person, or for a server that does not respond. */
const HELPER_TIMEOUT_MS = 6e4;
/** https://github.com/docker/docker-credential-helpers/blob/master/credentials/error.go */
const NOT_FOUND = "credentials not found in native keychain";
/** What stands for the user name of a refresh token: https://github.com/docker/cli/blob/master/cli/config/credentials/native_store.go */
const TOKEN_USERNAME = "<token>";
/**
* Asks a credential helper for the credential of a registry host. The host goes to its input, the secret comes from its output:
* neither is part of a command line or of the log.
* @see https://docs.docker.com/reference/cli/docker/login/#credential-helper-protocol
* @throws ActionError `credential-helper-failed`
*/
async function getCredential(helper, key, options) {
	const call = {
		helper,
		command: "get"
	};
	const { exitCode, stdout, stderr } = await run$1(call, key, options);
	const json = parseObject(stdout);
	const secret = asText(json?.Secret);
	if (secret !== void 0) mask(secret, json?.Username);
	if (exitCode !== 0) {
		if (stdout.trim() === NOT_FOUND) return { kind: "empty" };
		throw failure(call, `failed for ${key} ${howItEnded(exitCode)}${messageIn(stdout, stderr)}`);
	}
	const username = asText(json?.Username);
	if (secret === void 0 || username === void 0) throw failure(call, `printed no user name and secret for ${key}`);
	return username === TOKEN_USERNAME ? { kind: "identity-token" } : loginOf(username, secret);
}
/**
* The registry hosts that a credential helper has credentials for.
* @throws ActionError `credential-helper-failed`
*/
async function listKeys(helper, options) {
	const call = {
		helper,
		command: "list"
	};
	const { exitCode, stdout, stderr } = await run$1(call, "", options);
	if (exitCode !== 0) throw failure(call, `failed ${howItEnded(exitCode)}${messageIn(stdout, stderr)}`);
	const json = parseObject(stdout);
	if (json === void 0) throw failure(call, "did not print a JSON object");
	return Object.keys(json);
}
async function run$1(call, input, { environment, signal }) {
	const program = programOf(call);
	const limited = AbortSignal.any([signal, AbortSignal.timeout(HELPER_TIMEOUT_MS)]);
	try {
		return await runProgram([program, call.command], {
			environment,
			signal: limited,
			input
		});
	} catch (error) {
		if (signal.aborted) throw abortError(`ask ${program}`, signal);
		if (limited.aborted) throw failure(call, "did not respond within a minute");
		throw isNotFound(error) ? failure(call, "is not on the PATH of this runner", error) : failure(call, `could not be run: ${reason(error)}`, error);
	}
}
function programOf({ helper }) {
	return `docker-credential-${helper}`;
}
function parseObject(text) {
	try {
		const json = JSON.parse(text);
		return isObject(json) ? asObject(json) : void 0;
	} catch {
		return;
	}
}
function howItEnded(exitCode) {
	return exitCode === null ? "by a signal" : `with exit code ${exitCode}`;
}
/** A helper prints its errors to the same output as its secrets: nothing that may be JSON, or a part of it, is shown. */
function messageIn(stdout, stderr) {
	const [line] = excerptOf(/[{}"]/.test(stdout) || stdout.trim() === "" ? stderr : stdout);
	return line === void 0 ? "" : `: ${line}`;
}
function failure(call, problem, cause) {
	return new ActionError("credential-helper-failed", printable(`The credential helper \`${programOf(call)} ${call.command}\` ${problem}`), {
		hint: "Let the step that logs in to the registry, or that installs the helper, run in this job before this one; or take only other hosts: set `docker-server`.",
		cause
	});
}
// src/issuer/docker-config/ask-helpers.ts
/**
* Asks the credential helpers for the credentials of hosts, all at the same time. The first one that fails ends the others.
* @throws ActionError `credential-helper-failed`, or that of the signal
*/
async function askHelpers(sources, { environment, signal }) {
	const finished = new AbortController();
	const options = {
		environment,
		signal: AbortSignal.any([signal, finished.signal])
	};
	try {
		const entries = await Promise.all(sources.map((source) => ask$1(source, options)));
		return sources.flatMap(({ server, isRequested }, index) => {
			const found = hostOf$1(server, entries[index] ?? { kind: "empty" });
			return found.kind === "missing" && !isRequested ? [] : [found];
		});
	} finally {
		finished.abort();
	}
}
/** What the helper has, else what the config has. */
async function ask$1({ helper, key, entry, isRequested }, options) {
	const found = await getCredential(helper, key, options);
	if (found.kind !== "empty") return found;
	const other = isRequested && entry.kind !== "login" ? await findOtherKey(helper, key, options) : void 0;
	const foundByOther = other === void 0 ? found : await getCredential(helper, other, options);
	return foundByOther.kind === "empty" ? entry : foundByOther;
}
async function findOtherKey(helper, key, options) {
	const keys = await listKeys(helper, options).catch((error) => {
		if (options.signal.aborted) throw error;
		return [];
	});
	const other = findKey(keys, key);
	return other === key ? void 0 : other;
}
// src/pull-secret/source-secret.ts
/**
* Reads the credentials in a pull secret.
* @param servers the hosts to take; empty: all that have a credential
* @throws ActionError `source-secret-unusable`, and the errors of a request
*/
async function readSourceSecret(cluster, source, servers) {
	const entries = await readSource(cluster, source);
	const keys = Object.keys(entries);
	const chosen = servers.length > 0 ? keysOf(keys, servers) : keysForNodes(keys);
	const tooMany = tooManyHosts(chosen.size);
	if (tooMany !== void 0) throw unusable(cluster, source, tooMany);
	const found = [...chosen].map(([server, key]) => ({
		server,
		entry: readEntry(entries[key])
	}));
	const logins = found.flatMap(({ server, entry }) => entry.kind === "login" ? [{
		...entry,
		server
	}] : []);
	const tokenOnly = found.find(({ entry }) => entry.kind === "identity-token");
	if (tokenOnly !== void 0) throw unusable(cluster, source, identityTokenProblem(tokenOnly.server));
	const missing = servers.filter((server) => !logins.some((login) => login.server === server));
	if (missing.length > 0 || logins.length === 0) throw unusable(cluster, source, [`has no credential for ${missing.join(", ") || "any registry"}`, `Check \`docker-server\`. The Secret has ${shownKeys(keys)}.`]);
	return logins;
}
/** The keys of the hosts that there are. */
function keysOf(keys, servers) {
	const found = servers.map((server) => [server, findKey(keys, server)]);
	return new Map(found.flatMap(([server, key]) => key === void 0 ? [] : [[server, key]]));
}
/** All clusters of a run get credentials for the same hosts. */
function lacksHosts(cluster, source, missing) {
	return unusable(cluster, source, [`has no credential for ${missing.join(", ")}, as that of another cluster has`, "Set `docker-server` to the hosts that this Secret has in every cluster."]);
}
async function readSource(cluster, source) {
	const { namespace, name } = source;
	const response = await cluster.request({
		operation: `read the secret ${namespace}/${name}, which \`docker-config-secret\` names, in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
		expectedStatuses: [404],
		hints: { 403: `Grant the user of this kubeconfig the verb get on this one Secret: a Role in namespace ${namespace} with \`resources: [secrets]\`, \`resourceNames: [${name}]\`, \`verbs: [get]\`.` }
	});
	if (response.status === 404) throw unusable(cluster, source, ["does not exist", "Check `docker-config-secret` and `contexts`."]);
	const { type, data } = response.json();
	if (type !== "kubernetes.io/dockerconfigjson") throw unusable(cluster, source, [`has the type ${printable(asText(type) ?? "Opaque")}`, `Name one of type ${DOCKER_CONFIG_TYPE}.`]);
	const entries = readEntries(asObject(data)[DOCKER_CONFIG_KEY]);
	maskEntries(entries);
	return entries;
}
function unusable({ name: cluster }, source, [problem, hint]) {
	const { namespace, name } = source;
	return new ActionError("source-secret-unusable", `Secret ${namespace}/${name} in cluster ${cluster} ${problem}`, {
		hint,
		details: {
			cluster,
			namespace,
			resource: `secrets/${name}`
		}
	});
}
// src/run/with-servers.ts
/** The context for registry hosts that only a docker config names. */
function withServers(context, servers) {
	const { inputs, login } = context;
	const owner = {
		...inputs.owner,
		hosts: servers
	};
	const { registry, secret } = inputs;
	return {
		inputs: {
			...inputs,
			owner,
			registry: {
				...registry,
				servers
			},
			secret: secret && {
				...secret,
				owner
			}
		},
		login: {
			...login,
			owner
		}
	};
}
// src/run/provided.ts
const NONE_FAILED = /* @__PURE__ */ new Map();
/**
* The context with what the workflow provides, and with the registry hosts that it is for. A run that mints goes on as it is.
* @throws ActionError | ActionErrors when no credential can be used
*/
async function readProvided(context) {
	const { credential, registry } = context.inputs;
	switch (credential.provider) {
		case "static": {
			const { servers, username = "" } = registry;
			return withProvided(context, {
				input: "docker-password",
				logins: [{
					servers,
					username,
					password: credential.password
				}],
				failed: NONE_FAILED
			});
		}
		case "docker-config": {
			const { source, allowsShortLived } = credential;
			const found = source.kind === "config" ? await askConfig(context, source) : await readSecrets(context, source);
			if (!allowsShortLived) checkLife(found, context.clock.now());
			return withProvided(context, found);
		}
		default: return context;
	}
}
function withProvided(context, { input, logins, failed }) {
	const now = context.clock.now();
	const expiries = logins.flatMap(({ password }) => knownLifeOf(password, now)?.expiresAt.getTime() ?? []);
	const expiresAt = expiries.length === 0 ? void 0 : new Date(Math.min(...expiries));
	const [first, ...others] = logins;
	if (first === void 0) throw new InputError(input, "contains no credential of a registry", LOG_IN);
	const all = [first, ...others];
	const servers = [...new Set(logins.flatMap((login) => login.servers))];
	if (input !== "docker-password") info(`Taking the credentials for ${servers.join(", ")} from \`${input}\`.`);
	const { inputs, login } = withServers(context, servers);
	if (context.inputs.registry.servers.length === 0) warnOfImages(inputs);
	return {
		...context,
		inputs,
		provided: {
			input,
			logins: all,
			expiresAt,
			failed
		},
		login: {
			...login,
			provided: all
		}
	};
}
/** The inputs were checked without these hosts. */
function warnOfImages({ deploy, secret, registry }) {
	if (deploy === void 0 || secret === void 0) return;
	const warning$1 = unmatchedImagesWarning(deploy, {
		name: secret.name,
		servers: registry.servers
	});
	if (warning$1 !== void 0) warning("questionable-input", warning$1);
}
/** The credentials of a docker config: those that it has, and those of its helpers. */
async function askConfig({ signal }, source) {
	const input = "docker-config";
	const options = {
		environment: source.environment,
		signal
	};
	const sources = [...source.asked, ...await listStore(source, options)];
	const tooMany = tooManyHosts(source.logins.length + sources.length);
	if (tooMany !== void 0) throw new InputError(input, ...tooMany);
	const hosts = await askHelpers(sources, options);
	const problems = hosts.flatMap((host) => host.kind === "entry" ? [] : [new InputError(input, ...hostProblem(host))]);
	if (problems.length > 0) throw new ActionErrors(problems, "The docker config cannot be used");
	const asked = hosts.flatMap((host) => host.kind === "entry" ? [{
		...host.login,
		server: host.server
	}] : []);
	return {
		input,
		logins: [...source.logins, ...asked].map(({ server, username, password }) => ({
			servers: [server],
			username,
			password
		})),
		failed: NONE_FAILED
	};
}
/** The hosts that only the credentials store knows. */
async function listStore({ logins, asked, listed }, options) {
	if (listed === void 0) return [];
	const keys = await listKeys(listed, options);
	const known = new Set([...logins, ...asked].map(({ server }) => server));
	return [...keysForNodes(keys)].filter(([server]) => !known.has(server)).map(([server, key]) => {
		return {
			kind: "helper",
			server,
			key,
			helper: listed,
			entry: { kind: "empty" },
			isRequested: false
		};
	});
}
/** The credentials of a pull secret of each cluster. All clusters have to have the same hosts. */
async function readSecrets({ inputs, clusters }, source) {
	const failed = /* @__PURE__ */ new Map();
	const found = await Promise.all(clusters.map(async (cluster) => {
		try {
			return (await readSourceSecret(cluster, source, inputs.registry.servers)).map(({ server, username, password }) => {
				return {
					servers: [server],
					username,
					password,
					cluster: cluster.name
				};
			});
		} catch (error) {
			failed.set(cluster.name, actionErrorOf(error));
			return [];
		}
	}));
	const servers = [...new Set(found.flat().flatMap((login) => login.servers))];
	for (const [index, own] of found.entries()) {
		const cluster = clusters[index];
		const missing = servers.filter((server) => !own.some((login) => login.servers.includes(server)));
		if (cluster !== void 0 && own.length > 0 && missing.length > 0) failed.set(cluster.name, lacksHosts(cluster, source, missing));
	}
	const logins = found.flat().filter(({ cluster = "" }) => !failed.has(cluster));
	if (logins.length === 0) throw new ActionErrors([...failed.values()], "No cluster has the source of the credential");
	return {
		input: "docker-config-secret",
		logins,
		failed
	};
}
/** @throws ActionErrors for credentials that Pods could not use for long */
function checkLife({ input, logins }, now) {
	const errors = logins.flatMap(({ servers: [server], password }) => {
		const short = shortLifeOf(password, now);
		if (short === void 0) return [];
		return [new InputError(input, `cannot be used: its credential for ${server} ${short.problem}`, short.hint)];
	});
	if (errors.length > 0) throw new ActionErrors(errors, "The credentials expire soon");
}
// src/run/reusable.ts
/**
* The newest of the stored credentials that every registry still accepts. One that not all targets hold is distributed by
* this run, so its issuer has to confirm that this action minted it, and when: a record may tell another date.
*/
async function findReusable(context, targets) {
	const { inputs, clock, login } = context;
	const request = {
		...login,
		clusters: targets.map(({ cluster }) => cluster.identity),
		maxAgeMs: inputs.maxAgeMs
	};
	const { candidates, skipReasons } = selectCandidates(storedIn(targets), request, clock.now());
	const skipped = new Set(skipReasons);
	const confirmed = [];
	for (const candidate of candidates) {
		const result = await confirm(context, candidate, {
			targets,
			request
		});
		if (typeof result === "object") confirmed.push(result);
		else {
			info(`Skipped stored token ${candidate.tokenId}: ${result}.`);
			skipped.add(result);
		}
	}
	for (const candidate of confirmed.sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())) {
		const reusable = await verifyStored(context, candidate);
		if (reusable !== void 0) return {
			reusable,
			sentence: reuseSentence(candidate, inputs, clock.now())
		};
	}
	const need = inputs.dryRun ? NEEDS_IN_DRY_RUN : NEEDS;
	return {
		reusable: void 0,
		sentence: `${login.provided ? need.write : need.mint}: ${[...skipped].join(", ") || "the registry refuses the stored one"}.`
	};
}
const NEEDS = {
	write: "Writing the provided credential",
	mint: "Minting a new token"
};
const NEEDS_IN_DRY_RUN = {
	write: "Would write the provided credential",
	mint: "Would mint a new token"
};
/** @returns the credential with the date of its issuer, or why it must not be distributed */
async function confirm({ ownership, clock }, candidate, { targets, request }) {
	if (candidate.isEverywhere || request.provided !== void 0) return candidate;
	const stored = {
		id: candidate.tokenId,
		value: passwordOf(candidate)
	};
	const mint = await ownership.mintOf(stored, targets);
	if (mint === void 0) return "its issuer does not confirm that this action minted it";
	return mintSkipReason(candidate, mint, {
		request,
		now: clock.now()
	}) ?? {
		...candidate,
		mintedAt: mint.mintedAt
	};
}
const DAY_MS = 864e5;
function reuseSentence({ tokenId, mintedAt }, { maxAgeMs, verify }, now) {
	const days = Math.max(0, Math.floor((now.getTime() - mintedAt.getTime()) / DAY_MS));
	return `Reusing token ${tokenId}: ${`${days} ${days === 1 ? "day" : "days"} old (limit ${Number((maxAgeMs / DAY_MS).toFixed(1))})`}, ${verify ? "accepted by the registry" : "not verified"}.`;
}
// src/run/evidence.ts
/** Asks the issuer and the clusters for what the decision needs, and for nothing when there is nothing to decide. */
async function gatherEvidence(context, distribution, hasFailedWorkloads) {
	const { inputs } = context;
	const unfinished = unfinishedIn(distribution);
	const blocked = (blocker, errors = []) => ({
		unfinished,
		blocker,
		errors
	});
	if (inputs.revoke === "never") return blocked("`revoke` is `never`");
	if (!inputs.verify) return blocked("this run did not verify the token that replaces it, because `verify` is `false`");
	if (hasFailedWorkloads) return blocked("part of this run failed and some namespaces may still use it");
	try {
		return await ask(context, distribution, unfinished);
	} catch (error) {
		if (!(distribution.minted !== void 0 || distribution.plan.superseded.length > 0)) return blocked(`the action could not find out whether it may be revoked: ${reason(error)}`);
		return blocked("the action could not find out whether it may be revoked, see the error", actionErrorsOf(error));
	}
}
async function ask(context, distribution, unfinished) {
	if (namedTokens(distribution.plan, unfinished).length === 0 && distribution.minted === void 0 && unfinished.count === 0) return {
		unfinished,
		errors: [],
		current: distribution.credential,
		evidence: NO_EVIDENCE
	};
	return await context.report.timeline.phase("Check which tokens are in use", () => askServers(context, distribution, unfinished));
}
async function askServers({ ownership, login }, { plan, desired, outcomes, minted, credential }, unfinished) {
	const failedHolders = outcomes.filter(isFailed).map((target) => failedHolder(target, plan.login));
	const isFinishing = minted !== void 0 || unfinished.count > 0;
	const named = namedTokens(plan, unfinished);
	const known = {
		unfinished,
		errors: [],
		current: credential
	};
	const clusters = [...new Set(outcomes.map(({ cluster }) => cluster))];
	const usage = withoutReplaced(await readTokenUsage(clusters), plan, writtenIn(outcomes, desired.name));
	const evidence = {
		...NO_EVIDENCE,
		usage,
		unfinished,
		failedHolders,
		isScopeCertain: clusters.every(({ isIdentityCertain }) => isIdentityCertain)
	};
	if (!isFinishing && plan.superseded.length === 0 && named.every((id) => usage.holders.has(id))) return {
		...known,
		evidence
	};
	const references = plan.superseded.flatMap((token) => token.references);
	const owned = {
		ownership: await ownership.of(references, outcomes),
		live: await ownership.live(outcomes)
	};
	if (credential.origin !== "reused" || login.provided !== void 0) return {
		...known,
		evidence: {
			...evidence,
			...owned
		}
	};
	const mint = await ownership.mintOf({
		id: credential.tokenId,
		value: passwordOf(credential)
	}, outcomes);
	if (mint === void 0) return {
		...known,
		blocker: "the issuer does not confirm the token that the targets hold now"
	};
	return {
		...known,
		current: {
			...credential,
			mintedAt: mint.mintedAt
		},
		evidence: {
			...evidence,
			...owned
		}
	};
}
function failedHolder({ cluster, namespace, stored, mayHold }, { owner }) {
	const records = stored?.kind === "present" ? ownRecords(stored.records, owner) : [];
	return {
		where: `Target ${cluster.name}: ${namespace}`,
		tokenIds: mayHold ? void 0 : stored && records.map(({ tokenId }) => tokenId)
	};
}
async function readTokenUsage(clusters) {
	const seen = await Promise.all(clusters.map(async (cluster) => ({
		cluster: cluster.identity,
		holders: await listHolders(cluster)
	})));
	return {
		clusters: new Set(seen.flatMap(({ cluster, holders }) => holders === void 0 ? [] : [cluster])),
		holders: merged(seen.flatMap(({ holders }) => [...holders ?? []]))
	};
}
/** A token may be held in several clusters. */
function merged(holders) {
	const byToken = Map.groupBy(holders, ([tokenId]) => tokenId);
	return new Map([...byToken].map(([tokenId, each]) => [tokenId, each.flatMap(([, places]) => places)]));
}
function writtenIn(outcomes, name) {
	const written = outcomes.filter((outcome) => !isFailed(outcome));
	return new Set(written.map(({ cluster, namespace }) => placeOf(cluster, namespace, name)));
}
// src/run/read-back.ts
/**
* Reads the targets once more, after the grace period: another client may have written an old secret back.
* @param ids of the tokens that are about to be revoked
*/
async function readBack({ inputs }, { outcomes, credential, plan }, ids) {
	const { secret } = inputs;
	if (secret === void 0) return {
		current: [],
		changes: []
	};
	const targets = outcomes.filter((outcome) => !isFailed(outcome)).map(({ cluster, namespace }) => ({
		cluster,
		namespace
	}));
	const current = await observeTargets(targets, {
		...secret,
		adopt: true
	});
	return {
		current,
		changes: current.flatMap((target) => {
			if (isFailed(target)) return [target.error];
			const { stored } = target;
			return stored.kind === "present" && holdsCredential(stored, credential, plan.login) || hasNewer(stored, plan.login, {
				credential,
				ids
			}) ? [] : [changedError(target, secret.name, credential)];
		})
	};
}
/** A concurrent run wrote a later token meanwhile: the older ones are as superseded as before. */
function hasNewer(stored, { owner }, { credential, ids }) {
	if (stored.kind === "absent") return false;
	return ownRecords(stored.records, owner).some(({ mintedAt, tokenId }) => mintedAt !== void 0 && mintedAt > credential.mintedAt && !ids.includes(tokenId));
}
function changedError({ cluster, namespace, stored }, name, { tokenId }) {
	const secret = `Secret ${namespace}/${name} in cluster ${cluster.name}`;
	const change = stored.kind === "absent" ? "was deleted" : `was changed (other field managers: ${stored.managers.join(", ") || "none"}) and no longer holds token ${tokenId}`;
	return new ActionError("secret-changed-after-write", `${secret} ${change}, after this run had written it`, {
		hint: "No old token was revoked. Find out what writes this Secret (External Secrets, a GitOps controller, a replicator), and exclude it there or choose another `secret-name`.",
		details: {
			cluster: cluster.name,
			namespace,
			resource: `secrets/${name}`
		}
	});
}
// src/run/settle.ts
/**
* Records what is left to do. A pending rotation is removed when nothing is; what could not be revoked is recorded in one
* target for the next run. Failing to is no error: then the next run does it.
*/
async function settleRecords(context, distribution, settled) {
	try {
		const remaining = remainingOf(distribution, settled);
		const marked = distribution.targets.filter((target) => pendingIn(target, distribution).length > 0);
		const { desired, outcomes } = distribution;
		const read = async (targets) => settled.current ?? await readAgain(targets, desired);
		const current = marked.length === 0 ? [] : await read(marked);
		if (settled.isAsked && remaining.length === 0 && marked.length > 0) await endRotations(context, distribution, current);
		const isRecorded = current.some((target) => pendingIn(target, distribution).length > 0);
		if (remaining.length > 0 && !isRecorded) {
			const descriptions = marked.flatMap((target) => pendingIn(target, distribution)).flatMap((one) => one.descriptions);
			const others = (await read(outcomes)).filter((target) => !marked.some((one) => isSamePlace(one, target)));
			await recordRemaining(desired, others.some(isMarkable) ? others : current, {
				descriptions,
				superseded: remaining
			});
		}
		const retained = retainedOf(distribution, settled);
		if (retained.join() === desired.record.retained.join()) return;
		await writeAll(await readAgain(outcomes.filter((outcome) => !isFailed(outcome)), desired), {
			...desired,
			record: {
				...desired.record,
				retained
			}
		}, false);
	} catch (error) {
		info(`Could not record that this rotation is finished: ${reason(error)}. The next run does it.`);
	}
}
/** Ids of tokens that a next run has to try again, and that the records of the targets do not name. */
function remainingOf({ plan }, { unrevoked }) {
	const isOpen = ({ state }) => state === void 0 || state === "reported";
	return unrevoked.filter((token) => isOpen(token) && !plan.retained.includes(token.tokenId)).map(({ tokenId }) => tokenId);
}
/** Of the retained tokens those that are still alive, and tokens that other secrets turn out to hold. */
function retainedOf({ desired }, { unrevoked, isAsked, errors }) {
	const { retained } = desired.record;
	if (!isAsked || errors.length > 0) return retained;
	return unrevoked.filter(({ tokenId, state }) => state === "held" || retained.includes(tokenId)).map(({ tokenId }) => tokenId).sort();
}
async function readAgain(targets, desired) {
	const places = targets.map(({ cluster, namespace }) => ({
		cluster,
		namespace
	}));
	return await observeTargets(places, {
		name: desired.name,
		adopt: true,
		owner: desired.record
	});
}
/** A run takes at most so long, unless its `timeout` says otherwise. */
const MAX_RUN_MS = 9e5;
/** Removes the rotation of this run, and those of others that are over: a run that is still alive goes on with its own. */
async function endRotations({ ownership, clock }, distribution, targets) {
	const { desired, credential, outcomes } = distribution;
	const scope = ownership.scopeOf(outcomes);
	const nowMs = clock.now().getTime();
	const isOverBeforeMs = Math.max(credential.mintedAt.getTime(), nowMs - MAX_RUN_MS);
	const isOver = ({ key, descriptions }) => key === endedKeyOf(distribution) || descriptions.every((one) => {
		const mintedAtMs = mintOf(one, scope)?.mintedAt.getTime() ?? 0;
		return mintedAtMs <= isOverBeforeMs || mintedAtMs > nowMs + 6e5;
	});
	for (const target of targets.filter(isMarkable)) await changePending(target, desired.name, ({ pending }) => {
		const rest = pending.filter((one) => !(isOwn$1(one, desired.record) && isOver(one)));
		return rest.length === pending.length ? void 0 : rest;
	});
}
async function recordRemaining({ name, record }, targets, remaining) {
	const target = targets.find(isMarkable);
	if (target === void 0) return;
	const { repository, provider, hosts } = record;
	const rotation = {
		repository,
		provider,
		hosts,
		key: randomBytes(4).toString("hex"),
		...remaining
	};
	await changePending(target, name, ({ pending }) => [...pending, rotation]);
}
function pendingIn(target, { desired }) {
	return isMarkable(target) ? ownPending(target.stored.pending, desired.record) : [];
}
// src/run/revoke.ts
/**
* Revokes the tokens that this run superseded, and what earlier runs left alive, as far as it can show that nothing needs
* them. One that fails does not stop the others. What stays alive is reported and recorded for the next run.
* @param hasFailedWorkloads then nothing is revoked
*/
async function revokeSuperseded(context, distribution, hasFailedWorkloads) {
	const { inputs, report, journal } = context;
	if (inputs.dryRun) return [];
	const gathered = await gatherEvidence(context, distribution, hasFailedWorkloads);
	const decision = "evidence" in gathered ? decideRevocation(distribution.plan, gathered.evidence, gathered.current) : keepAll(distribution.plan, gathered.unfinished, gathered.blocker);
	const live = "evidence" in gathered ? gathered.evidence.live : void 0;
	const result = await withoutGone(context, distribution, {
		live,
		result: await carryOut(context, distribution, decision)
	});
	if (inputs.revoke !== "never") {
		const next = inputs.verify ? "The next run" : "The next run with `verify: true`";
		if (!warnOf(result.unrevoked, next) && "blocker" in gathered && gathered.unfinished.count > 0) warnUnfinished(gathered.blocker, next);
		await settleRecords(context, distribution, {
			...result,
			isAsked: live !== void 0
		});
	}
	report.revocation(result);
	const errors = [...gathered.errors, ...result.errors];
	if (errors.length + distribution.errors.length === 0 && !hasFailedWorkloads) journal.settled();
	return errors;
}
/** Waits for pulls in flight, reads the targets back, and revokes. */
async function carryOut(context, distribution, { revoke, keep }) {
	const { journal, clock, signal, report } = context;
	logKept(keep);
	if (revoke.length === 0) return {
		revoked: [],
		unrevoked: keep,
		current: void 0,
		errors: []
	};
	const keepInstead = (reason, state) => {
		const kept = revoke.map((tokenId) => ({
			tokenId,
			reason,
			...state && { state }
		}));
		logKept(kept);
		return {
			revoked: [],
			unrevoked: [...keep, ...kept]
		};
	};
	if (!await endUnfinished(context, distribution)) return {
		...keepInstead("a concurrent run has gone on with its rotation"),
		current: void 0,
		errors: []
	};
	journal.revocationStarts(revoke);
	await report.timeline.phase(WAIT_FOR_PULLS, () => waitForInFlightPulls(clock, distribution.writtenAtMs, signal));
	const { current, changes } = await report.timeline.phase("Read the secrets back", () => readBack(context, distribution, revoke));
	report.changedAfterWrite(changes);
	if (changes.length > 0) return {
		...keepInstead(CHANGED, "reported"),
		current,
		errors: changes
	};
	return {
		...await report.timeline.phase("Revoke old tokens", () => revokeEach(context, revoke, keep)),
		current
	};
}
const CHANGED = "a target did not hold the new token any more when it was read back, see the error";
async function revokeEach({ issuer }, ids, keep) {
	const results = [];
	for (const tokenId of ids) try {
		await (await issuer()).revoke(tokenId);
		info(`Revoked token ${tokenId}: nothing needs it any more.`);
		results.push({
			tokenId,
			errors: []
		});
	} catch (error) {
		results.push({
			tokenId,
			errors: actionErrorsOf(error)
		});
	}
	const failed = results.filter(({ errors }) => errors.length > 0);
	const reason = "the issuer did not revoke it, see the error";
	return {
		revoked: results.filter(({ errors }) => errors.length === 0).map(({ tokenId }) => tokenId),
		unrevoked: [...keep, ...failed.map(({ tokenId }) => ({
			tokenId,
			reason,
			state: "reported"
		}))],
		errors: failed.flatMap(({ errors }) => errors)
	};
}
/** A concurrent run that finishes the same rotation may have revoked a token since: that one is no reason for a warning. */
async function withoutGone({ ownership }, { outcomes }, { live: before, result }) {
	if (before === void 0 || surprisingIn(result.unrevoked).length === 0) return result;
	ownership.refresh();
	const now = await ownership.live(outcomes).catch(() => before);
	const isGone = ({ tokenId }) => before.has(tokenId) && !now.has(tokenId);
	return {
		...result,
		unrevoked: result.unrevoked.filter((token) => !isGone(token))
	};
}
function logKept(kept) {
	for (const { tokenId, reason } of kept) info(`Kept old token ${tokenId}: ${reason}.`);
}
function warnUnfinished(blocker, next) {
	warning("token-still-alive", `An earlier run did not finish its rotation, and this one did not either: ${blocker}. ${next} tries again.`);
}
const MAX_WARNED = 10;
/** Tokens that no secret is seen to hold: those are alive for no reason that the user chose. */
function surprisingIn(unrevoked) {
	return unrevoked.filter(({ state }) => state === void 0);
}
/**
* One annotation for all of them.
* @param next the run that tries again
* @returns whether there are any
*/
function warnOf(unrevoked, next) {
	const surprising = surprisingIn(unrevoked);
	if (surprising.length === 0) return false;
	const named = surprising.slice(0, MAX_WARNED).map(({ tokenId, reason }) => `${tokenId} (${reason})`);
	const rest = surprising.length > MAX_WARNED ? ` and ${surprising.length - MAX_WARNED} more` : "";
	warning("token-still-alive", `Old tokens are still alive: ${named.join(", ")}${rest}. ${next} tries again.`);
	return true;
}
// src/run/main.ts
/**
* One run, in the order of the contract: read what the workflow provides, observe the targets, find a reusable credential, check
* permissions, acquire a credential, distribute it, deploy, revoke.
* @returns what failed without stopping the rest
* @throws ActionError | ActionErrors when the run cannot go on
*/
async function run(initial) {
	const context = await readProvided(initial);
	const { inputs, report } = context;
	const stored = await observeStored(context);
	const decision = await findReusable(context, stored);
	const targets = await checkTargets(context, stored, decision);
	if (isNothingLeft(targets)) {
		report.targets(inputs.secret?.name, targets);
		return targets.map(({ error }) => error);
	}
	const distribution = await distribute(context, await acquireCredential(context, targets, decision));
	if (distribution.status === "failed") return distribution.errors;
	const failed = await deployWorkloads(context, distribution);
	const errors = [...distribution.errors, ...failed];
	if (distribution.status === "not-requested") return errors;
	return [...errors, ...await revokeSuperseded(context, distribution, failed.length > 0)];
}
/** The targets that may be written; others have failed. A run that reuses a credential sends fewer requests. */
async function checkTargets({ inputs, report }, stored, { reusable }) {
	if (inputs.targets === void 0) return stored;
	return await report.timeline.phase("Check permissions", async () => {
		const observed = reusable === void 0 ? await confirmIdentities(inputs, stored) : stored;
		if (reusable === void 0) await logPullSecrets(inputs, observed);
		return await checkPermissions(observed, await permissionsNeeded(observed, inputs, reusable?.credential.tokenId));
	});
}
function isNothingLeft(targets) {
	return targets.length > 0 && targets.every(isFailed);
}
export { run };
