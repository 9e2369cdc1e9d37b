import { c as createSend, f as pause, i as createDispatcher, m as stopped, p as startDeadline, u as header } from "./oidc.js";
import { a as savePhase, c as resolveTargets, d as refusal$1, f as listHolders, g as createProvider, h as unlessForbidden, i as saveMintedId, l as survey, m as pagesOf, o as saveRevoking, p as listAll, r as saveMint, s as saveWriting, t as outlastPulls, u as Refusal } from "./grace-period.js";
import { S as explain$1, _ as maskBasic, a as isUnclear, b as Failures, f as printable, g as mask, i as isForbidden, l as group, m as isLoopback, n as NetworkError, o as serverWords, p as warning, r as UnexpectedAnswer, s as debug, t as HttpError, u as info, w as reason, y as Failure } from "./errors.js";
import { n as asObjects, r as asText, t as asObject } from "./json.js";
import { a as dump } from "./packages.js";
import { _ as annotationsOf, a as repositoryOf, c as withPullSecret, d as DOCKER_CONFIG_TYPE, f as LEGACY_TYPE, g as readSecret, h as readEntries, l as groupKind, n as hostOf, o as makesPods, p as MANAGED_BY, r as opens, u as DOCKER_CONFIG_KEY, v as MANAGER } from "./reference.js";
import { r as figure, t as dockerConfig } from "./docker-config.js";
import { EventEmitter } from "node:events";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
// src/permissions/permission.ts
/**
* What it still takes to bring the pull secret to a target, and into its service accounts. Nothing where it is already: a
* run that has nothing to write asks nothing. Where it could not be read, all of it may be missing.
* @param tokenId of the credential that is to be written; undefined: a new one
*/
function rightsToWrite(target, { name, serviceAccounts }, tokenId) {
	const stored = "stored" in target ? target.stored : void 0;
	if (tokenId !== void 0 && stored?.kind === "present" && stored.provenance?.tokenId === tokenId) return [];
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
/** `create and patch secrets, and patch serviceaccounts`. */
function describeRights(rights) {
	return [...byResource(rights)].map(([resource, verbs]) => `${join([...verbs])} ${resource.split("/")[1]}`).join(", and ");
}
/** The rules of a Role that gives these rights. */
function rulesOf(rights) {
	return [...byResource(rights)].map(([key, verbs]) => {
		const [group = "", resource = ""] = key.split("/");
		return {
			apiGroups: [group],
			resources: [resource],
			verbs: [...verbs]
		};
	});
}
function byResource(rights) {
	const verbs = /* @__PURE__ */ new Map();
	for (const { verb, group, resource } of rights) {
		const key = `${group}/${resource}`;
		verbs.set(key, (verbs.get(key) ?? /* @__PURE__ */ new Set()).add(verb));
	}
	return verbs;
}
function join(words) {
	return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
// src/permissions/role.ts
/** A manifest of more Roles than these is for nobody to read. */
const MOST_ROLES = 20;
const API_GROUP = "rbac.authorization.k8s.io";
/**
* A manifest (YAML) that gives a login these rights in these namespaces. It holds all that the run takes, since applying it
* replaces an earlier Role of that name.
* @param user as the API server calls it; without one the binding is left to the reader
*/
function rolesFor(rights, namespaces, user) {
	const documents = namespaces.slice(0, MOST_ROLES).flatMap((namespace) => {
		const role = {
			apiVersion: `${API_GROUP}/v1`,
			kind: "Role",
			metadata: {
				name: MANAGER,
				namespace
			},
			rules: rulesOf(rights)
		};
		if (user === void 0) return [role];
		const roleRef = {
			apiGroup: API_GROUP,
			kind: "Role",
			name: MANAGER
		};
		return [role, {
			...role,
			kind: "RoleBinding",
			rules: void 0,
			subjects: [subjectOf(user)],
			roleRef
		}];
	});
	const more = namespaces.length - MOST_ROLES;
	return [
		user === void 0 ? "# Bind it to the login of this step, too: this API server does not tell its name.\n" : "",
		documents.map((document) => dump(document, {
			lineWidth: -1,
			noRefs: true,
			flowLevel: 3
		})).join("---\n"),
		more > 0 ? `# And the same in ${more} more namespaces.\n` : ""
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
* Asks the API servers, before anything is minted, whether their logins may do what the run is about to do. A target
* whose login may not, fails alone; the ones that lack the same rights share one failure, with the Role that they lack.
* @param rightsOf what a target takes; none: it is not asked for
*/
async function requireRights(targets, rightsOf) {
	const denied = /* @__PURE__ */ new Map();
	const byCluster = Map.groupBy(targets, ({ cluster }) => cluster);
	await Promise.all([...byCluster].map(async ([cluster, group]) => {
		const demands = group.map((target) => ({
			target,
			rights: rightsOf(target)
		})).filter(({ rights }) => rights.length > 0);
		for (const [target, failure] of await review(cluster, demands)) {
			const { namespace } = target;
			denied.set(target, {
				cluster,
				namespace,
				result: "failed",
				failure,
				mayHold: false
			});
		}
	}));
	return targets.map((target) => denied.get(target) ?? target);
}
async function review(cluster, demands) {
	const general = demands.length > 8 ? await grantedIn(cluster, "", unique(demands.flatMap(({ rights }) => rights))) : [];
	const everywhere = new Set(general.map(keyOf));
	const refused = (await Promise.all(demands.map(async ({ target, rights }) => {
		const open = rights.filter((right) => !everywhere.has(keyOf(right)));
		const granted = new Set(await grantedIn(cluster, target.namespace, open));
		return {
			target,
			rights,
			missing: open.filter((right) => !granted.has(right))
		};
	}))).filter(({ missing }) => missing.length > 0);
	const alike = Map.groupBy(refused, ({ rights, missing }) => [
		...missing.map(keyOf),
		"|",
		...rights.map(keyOf)
	].join(" "));
	return (await Promise.all([...alike.values()].map(async (group) => {
		const failure = await denial(cluster, group);
		return group.map(({ target }) => [target, failure]);
	}))).flat();
}
async function denial(cluster, group) {
	const namespaces = group.map(({ target }) => target.namespace).sort();
	const [{ missing, rights }] = group;
	return new Failure(`The login of the cluster ${cluster.name} may not ${describeRights(missing)} in ${enumerate(namespaces)}`, {
		cure: "Check `namespaces`, or apply the Role that stands at the end of the log and in the job summary.",
		manifest: rolesFor(rights, namespaces, await userOf(cluster))
	});
}
const NAMED = 5;
function enumerate(namespaces) {
	const [only] = namespaces;
	if (namespaces.length === 1) return `the namespace ${only}`;
	const rest = namespaces.length - NAMED;
	return `the namespaces ${namespaces.slice(0, NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
/** @param namespace empty: in all of them */
async function grantedIn(cluster, namespace, rights) {
	const answers = await Promise.all(rights.map(async (right) => await isGranted(cluster, namespace, right)));
	return rights.filter((_, index) => answers[index]);
}
/** A login that may not even ask is not refused for that, nor is one without an answer: the write itself will tell. */
async function isGranted(cluster, namespace, right) {
	try {
		const answer = await cluster.request({
			doing: `ask what this login may do in the cluster ${cluster.name}`,
			method: "POST",
			path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
			body: {
				apiVersion: "authorization.k8s.io/v1",
				kind: "SelfSubjectAccessReview",
				spec: { resourceAttributes: {
					namespace,
					...right
				} }
			}
		});
		return asObject(answer.json().status).allowed === true;
	} catch (error) {
		if ([
			HttpError,
			NetworkError,
			UnexpectedAnswer
		].some((kind) => error instanceof kind)) return namespace !== "";
		throw error;
	}
}
/** How the API server calls the login; undefined where it does not tell (before Kubernetes 1.28). */
async function userOf(cluster) {
	const answer = await cluster.request({
		doing: `ask who this login is in the cluster ${cluster.name}`,
		method: "POST",
		path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
		body: {
			apiVersion: "authentication.k8s.io/v1",
			kind: "SelfSubjectReview"
		}
	}).catch(() => void 0);
	return asText(asObject(asObject(answer?.json().status).userInfo).username);
}
function unique(rights) {
	return [...new Map(rights.map((right) => [keyOf(right), right])).values()];
}
function keyOf({ verb, group, resource, name = "" }) {
	return [
		verb,
		group,
		resource,
		name
	].join("/");
}
// src/kubernetes/discovery.ts
/** By API version, what each cluster serves: asked for once, for the rights and for the deployment. */
const SERVED = /* @__PURE__ */ new WeakMap();
/** The kinds of a cluster, and those that the manifest will define. */
function createDiscovery(server, objects) {
	const own = objects.flatMap(definedBy);
	const served = SERVED.get(server) ?? /* @__PURE__ */ new Map();
	SERVED.set(server, served);
	return async ({ apiVersion, kind }) => {
		const isMeant = (resource) => resource.apiVersion === apiVersion && resource.kind === kind;
		const defined = own.find(isMeant);
		if (defined !== void 0) return defined;
		const asked = served.get(apiVersion) ?? listResources(server, apiVersion);
		served.set(apiVersion, asked);
		const found = (await asked.catch(() => [])).find(isMeant);
		if (found !== void 0) return found;
		served.delete(apiVersion);
		await asked;
		const what = `${printable(kind)} of ${printable(apiVersion)}`;
		throw new Failure(`Could not find the kind ${what} in the cluster ${server.name}: it has no such kind`, { cure: "Check `apiVersion` and `kind` in the manifest; for a custom resource its definition must be there first." });
	};
}
/** `apps` of `apps/v1`; empty for the core group, as in rules of access. */
function groupOf(apiVersion) {
	return apiVersion.includes("/") ? apiVersion.split("/")[0] ?? "" : "";
}
/** Where a resource is kept: all of them, or those of one namespace. */
function collectionOf({ apiVersion, plural }, namespace = "") {
	return `${rootOf(apiVersion)}${namespace && `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`;
}
const rootOf = (apiVersion) => `${apiVersion.includes("/") ? "/apis" : "/api"}/${apiVersion}`;
async function listResources(server, apiVersion) {
	const doing = `read the kinds of ${printable(apiVersion)} in the cluster ${server.name}`;
	const answer = await server.request({
		doing,
		path: rootOf(apiVersion),
		expect: [404]
	});
	return asObjects(answer.status === 404 ? [] : answer.json().resources).map(({ name, kind, namespaced }) => ({
		apiVersion,
		kind: asText(kind) ?? "",
		plural: asText(name) ?? "",
		namespaced: namespaced === true,
		isOwn: false
	})).filter(({ plural }) => !plural.includes("/"));
}
const DEFINITION = "apiextensions.k8s.io CustomResourceDefinition";
function definedBy(object) {
	if (groupKind(object) !== "apiextensions.k8s.io CustomResourceDefinition") return [];
	const { group, scope, names, versions } = asObject(object.spec);
	const { kind, plural } = asObject(names);
	return asObjects(versions).map(({ name }) => ({
		apiVersion: `${asText(group)}/${asText(name)}`,
		kind: asText(kind) ?? "",
		plural: asText(plural) ?? "",
		namespaced: scope === "Namespaced",
		isOwn: true
	}));
}
// src/workload/placement.ts
/** What the others need goes first; the rest stays in the order of the manifest. */
const FIRST = ["v1 Namespace", DEFINITION];
function inOrder(objects) {
	const rank = (object) => [...FIRST, groupKind(object)].indexOf(groupKind(object));
	return objects.toSorted((one, other) => rank(one) - rank(other));
}
/**
* Where an object of the manifest goes: to the namespace that it names, else to all; what belongs to the whole cluster
* goes there once.
*/
async function place(object, objects, namespaces, discover) {
	const resource = await discover(object);
	const { namespace } = object.metadata;
	const made = objects.filter((one) => groupKind(one) === "v1 Namespace").map(({ metadata }) => metadata.name);
	return (!resource.namespaced ? [""] : namespace === void 0 ? namespaces : [namespace]).map((home) => ({
		object,
		resource,
		namespace: home,
		isEarly: resource.isOwn || made.includes(home)
	}));
}
// src/workload/rollout.ts
/** What there is to wait for, by group and kind; of everything else, to be applied is all. */
const ROLLOUTS = {
	"v1 Pod": pod,
	"apps Deployment": deployment,
	"apps StatefulSet": statefulSet,
	"apps DaemonSet": daemonSet,
	"apps ReplicaSet": replicaSet,
	"batch Job": job
};
const READY = { result: "ready" };
const waiting = (reason) => ({
	result: "waiting",
	reason
});
function pod(object) {
	const status = asObject(object.status);
	const phase = asText(status.phase) ?? "Pending";
	if (status.observedGeneration !== void 0 && !isObserved(object)) return waiting("its change is not observed yet");
	if (phase === "Succeeded" || condition(object, "Ready")?.status === "True") return READY;
	if (phase !== "Failed") return waiting(`the Pod is ${printable(phase)}, not ready yet`);
	return {
		result: "failed",
		reason: endOf(object) ?? words(status.reason, status.message) ?? "the Pod has failed"
	};
}
/** As `kubectl rollout status` judges. */
function deployment(object) {
	const { updated, available, replicas, wanted } = counts(object);
	if (!isObserved(object)) return waiting("its change is not observed yet");
	const progress = condition(object, "Progressing");
	if (progress?.reason === "ProgressDeadlineExceeded") return {
		result: "waiting",
		reason: words(progress.reason, progress.message) ?? "",
		isStuck: true
	};
	if (updated < wanted) return waiting(`${updated} of ${wanted} new replicas are updated`);
	if (replicas > updated) return waiting(`${replicas - updated} old replicas are about to end`);
	return available < updated ? waiting(`${available} of ${updated} updated replicas are available`) : READY;
}
function statefulSet(object) {
	const { updated, ready, wanted } = counts(object);
	const { updateStrategy } = asObject(object.spec);
	const { currentRevision, updateRevision } = asObject(object.status);
	const { partition } = asObject(asObject(updateStrategy).rollingUpdate);
	if (!isObserved(object)) return waiting("its change is not observed yet");
	if (ready < wanted) return waiting(`${ready} of ${wanted} Pods are ready`);
	if (asObject(updateStrategy).type === "OnDelete") return READY;
	if (typeof partition === "number" && partition > 0) {
		const due = wanted - partition;
		return updated < due ? waiting(`${updated} of ${due} Pods of the partition are updated`) : READY;
	}
	return currentRevision === updateRevision ? READY : waiting(`${updated} of ${wanted} Pods are updated`);
}
function daemonSet(object) {
	const { spec, status } = object;
	const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = asObject(status);
	const [desired, updated] = [count(desiredNumberScheduled), count(updatedNumberScheduled)];
	const available = count(numberAvailable);
	if (!isObserved(object)) return waiting("its change is not observed yet");
	if (!(asObject(asObject(spec).updateStrategy).type === "OnDelete") && updated < desired) return waiting(`${updated} of ${desired} Pods are updated`);
	return available < desired ? waiting(`${available} of ${desired} Pods are available`) : READY;
}
function replicaSet(object) {
	const { ready, wanted } = counts(object);
	if (!isObserved(object)) return waiting("its change is not observed yet");
	return ready < wanted ? waiting(`${ready} of ${wanted} replicas are ready`) : READY;
}
function job(object) {
	const { completions = 1, suspend } = asObject(object.spec);
	const { succeeded, active } = asObject(object.status);
	const failed = condition(object, "Failed");
	if (condition(object, "Complete")?.status === "True") return READY;
	if (failed?.status === "True") return {
		result: "failed",
		reason: words(failed.reason, failed.message) ?? "the Job has failed"
	};
	if (suspend === true) return waiting("it is suspended");
	return waiting(`${count(succeeded)} of ${count(completions)} completions, ${count(active)} active`);
}
function counts({ spec, status }) {
	const { replicas, updatedReplicas, availableReplicas, readyReplicas } = asObject(status);
	const { replicas: wanted = 1 } = asObject(spec);
	return {
		wanted: count(wanted),
		replicas: count(replicas),
		updated: count(updatedReplicas),
		available: count(availableReplicas),
		ready: count(readyReplicas)
	};
}
function count(value) {
	return typeof value === "number" ? value : 0;
}
/** Whether the status is about the spec as it is now. */
function isObserved({ metadata, status }) {
	return count(asObject(status).observedGeneration) >= count(asObject(metadata).generation);
}
function condition({ status }, type) {
	return asObjects(asObject(status).conditions).find((one) => one.type === type);
}
/** How a container of a failed Pod ended. */
function endOf({ status }) {
	const { initContainerStatuses, containerStatuses } = asObject(status);
	for (const { name, state } of [...asObjects(initContainerStatuses), ...asObjects(containerStatuses)]) {
		const { exitCode, reason, message } = asObject(asObject(state).terminated);
		if (typeof exitCode !== "number" || exitCode === 0) continue;
		const end = `${asText(reason) ?? "ended"}, exit code ${exitCode}`;
		return printable(`container ${asText(name)}: ${words(end, message)}`);
	}
}
/** `reason: message`, as far as they are there. */
function words(...parts) {
	const said = parts.flatMap((part) => asText(part)?.trim() || []);
	return said.length === 0 ? void 0 : printable(said.join(": "));
}
// src/permissions/workload.ts
/**
* The rights that applying and awaiting a manifest takes in these namespaces. What else it takes, in other namespaces and
* for what belongs to the whole cluster, is told when it is applied; as is a kind that is nowhere.
*/
async function requirements(server, objects, namespaces, { isAwaited, recreatePods }) {
	const discover = createDiscovery(server, objects);
	return (await Promise.all(objects.map((object) => place(object, objects, namespaces, discover).catch(() => [])))).flat().filter(({ namespace }) => namespaces.includes(namespace)).flatMap(({ object, resource, namespace }) => {
		const kind = groupKind(object);
		const isRecreated = kind === "v1 Pod" && recreatePods;
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
* What a run still takes in each target: for the secret and its service accounts, and for the manifests. Where the API
* server refused to read, all of it may be missing.
* @param tokenId of the credential that is to be written; undefined: a new one
*/
async function rightsNeeded(targets, { secret, deploy, dryRun }, tokenId) {
	const open = targets.filter((target) => !("failure" in target) || isForbidden(target.failure));
	const byCluster = [...Map.groupBy(open, ({ cluster }) => cluster)];
	const required = await Promise.all(byCluster.map(async ([cluster, group]) => {
		if (deploy === void 0) return [];
		const namespaces = group.map(({ namespace }) => namespace);
		const options = {
			isAwaited: deploy.waitTimeout > 0 && !dryRun,
			recreatePods: deploy.recreatePods
		};
		return (await requirements(cluster, deploy.objects, namespaces, options)).map(({ namespace, ...right }) => ({
			place: placeOf(cluster, namespace),
			right
		}));
	}));
	const toDeploy = Map.groupBy(required.flat(), ({ place }) => place);
	const isOpen = new Set(open);
	return (target) => {
		if (!isOpen.has(target)) return [];
		const deployed = toDeploy.get(placeOf(target.cluster, target.namespace)) ?? [];
		return [...secret === void 0 ? [] : rightsToWrite(target, secret, tokenId), ...deployed.map(({ right }) => right)];
	};
}
function placeOf({ identity }, namespace) {
	return `${identity}/${namespace}`;
}
// src/pull-secret/scope.ts
/**
* All that a credential is written to, in a form that is equal for equal sets of targets: the clusters by identity, then
* the one secret, or a digest of many.
*/
function scopeOf(targets, secretName) {
	const clusters = [...new Set(targets.map(({ cluster }) => cluster.identity))].sort();
	const secrets = targets.map(({ cluster, namespace }) => [
		cluster.identity,
		namespace,
		secretName
	].join("/")).sort();
	const digest = createHash("sha256").update(secrets.join("\n")).digest("hex").slice(0, 16);
	const [only] = targets;
	const what = targets.length === 1 ? `${only?.namespace}/${secretName}` : `${secrets.length} ${secretName} sha256:${digest}`;
	return `${clusters.join(",")} ${what}`;
}
/** The identities of the clusters in a scope. */
function clustersOf(scope) {
	return (scope.split(" ")[0] ?? "").split(",");
}
// src/policy/reuse.ts
/** A credential is renewed when less than this part of its life is left. */
const LAST_PART = 1 / 5;
/** Which of the stored credentials are young enough and complete, so that none needs to be minted. */
function chooseCandidates(stored, wanted, now) {
	const ours = stored.filter((one) => one.kind === "present" && one.provenance !== void 0);
	if (ours.length === 0) return {
		candidates: [],
		reason: "no target holds a credential of this action yet"
	};
	if (wanted.maxAge === 0 && wanted.given === void 0) return {
		candidates: [],
		reason: "`max-age` is 0"
	};
	const byId = /* @__PURE__ */ new Map();
	const reasons = /* @__PURE__ */ new Set();
	for (const secret of ours) {
		const candidate = candidateOf(secret, wanted);
		const objection = candidate === void 0 ? "a stored credential is for other hosts or another user" : objectionToKeeping(candidate, wanted, now) ?? objectionToSpreading(secret, wanted);
		if (objection !== void 0) reasons.add(objection);
		else if (candidate !== void 0) byId.set(candidate.tokenId, candidate);
	}
	return {
		candidates: [...byId.values()].sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime()),
		reason: [...reasons].join(", ")
	};
}
/**
* A minted credential goes to no cluster that its secrets do not speak of: should they be deleted there, nobody in the
* clusters of its mint could see any more that it is needed elsewhere.
*/
function objectionToSpreading({ provenance }, { clusters, given }) {
	const known = new Set(provenance?.scopes.flatMap(clustersOf));
	if (given !== void 0 || clusters.every((cluster) => known.has(cluster))) return void 0;
	return "the stored credential was not minted for all clusters of this run";
}
/** The credential in a stored secret, when it is for the wanted hosts and user. */
function candidateOf({ provenance, entries }, { servers, username }) {
	if (provenance === void 0) return void 0;
	const logins = servers.map((server) => asObject(entries[server]));
	const password = asText(logins[0]?.password);
	const isComplete = logins.every((login) => login.username === username && login.password === password);
	if (password === void 0 || !isComplete) return void 0;
	const { tokenId, mintedAt, expiresAt } = provenance;
	return {
		tokenId,
		mintedAt,
		expiresAt,
		password
	};
}
function objectionToKeeping(candidate, wanted, now) {
	if (wanted.given === void 0) return ageing(candidate, wanted, now);
	return candidate.password === wanted.given ? void 0 : "a target holds another one";
}
function ageing({ mintedAt, expiresAt }, { maxAge }, now) {
	if (now.getTime() - mintedAt.getTime() >= maxAge) return "the stored credential is older than `max-age`";
	if (expiresAt === void 0) return void 0;
	const life = expiresAt.getTime() - mintedAt.getTime();
	return expiresAt.getTime() - now.getTime() < life * LAST_PART ? "the stored credential ends soon" : void 0;
}
// src/policy/revocation.ts
/** @param proven ids of the tokens that are ours, as their issuer says of what secrets held */
function supersededBy(tokenId, stored, proven) {
	return [...Map.groupBy(replacedBy(tokenId, stored), ({ provenance }) => provenance.tokenId)].map(([old, secrets]) => ({
		tokenId: old,
		scopes: new Set(secrets.flatMap(({ provenance }) => provenance.scopes)),
		isProven: proven.has(old)
	}));
}
/** What the issuer is to be asked for, each once. A value under another user name is none of its business. */
function claimsIn(tokenId, stored, username) {
	const claims = replacedBy(tokenId, stored).flatMap(({ entries, provenance }) => Object.values(entries).flatMap((entry) => {
		const login = asObject(entry);
		const value = login.username === username ? asText(login.password) : void 0;
		return value === void 0 ? [] : [{
			id: provenance.tokenId,
			value
		}];
	}));
	return [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()];
}
/** The secrets that held a minted credential, and another one than they hold now. */
function replacedBy(tokenId, stored) {
	return stored.filter((one) => one.kind === "present" && one.provenance !== void 0).filter(({ provenance }) => provenance.tokenId !== tokenId && !isGiven(provenance.tokenId));
}
const GIVEN = "static-";
/** The id of a given credential: made up, since its issuer's own is not known, and a digest would tell of the password. */
function givenId(unique) {
	return GIVEN + unique;
}
/** Such a credential is not ours to revoke, to spare, or to look for. */
function isGiven(tokenId) {
	return tokenId.startsWith(GIVEN);
}
/** Nobody was asked who holds what. */
const NOBODY_ASKED = {
	clusters: /* @__PURE__ */ new Set(),
	holders: /* @__PURE__ */ new Map()
};
/**
* Why a replaced credential must stay alive. It may be revoked only when everything that it was ever written to is a
* target of this run, or is seen not to hold it any more: whoever is no longer listed must not lose its pulls.
* @returns undefined when it may be revoked
*/
function objectionTo({ tokenId, scopes, isProven }, scope, census = NOBODY_ASKED) {
	if (!isProven) return "nothing shows that this provider minted it, and that its secret held it";
	const others = [...scopes].filter((one) => one !== scope);
	if (others.length === 0) return void 0;
	const [holder] = census.holders.get(tokenId) ?? [];
	if (holder !== void 0) return `the secret ${holder} still holds it`;
	const unseen = others.flatMap(clustersOf).find((cluster) => !census.clusters.has(cluster));
	if (unseen === void 0) return void 0;
	return `it was written to other targets too, and whether they still hold it cannot be seen in the cluster ${unseen}`;
}
/** How the description of each mint of a scope begins. */
function mintPrefix(description, scope) {
	return [
		description,
		...scope ? [`[${scope}]`] : [],
		""
	].join(" ");
}
/** The description of one mint: no other has the same, and it tells when it was. */
function describeMint(prefix, run, now, unique) {
	return prefix + [
		run,
		now.toISOString(),
		unique
	].filter(Boolean).join(" ");
}
function mintedAt(description) {
	return new Date(description.split(" ").at(-2) ?? "");
}
/** All that a credential will have been written to when this run is over: what is recorded of it never gets less. */
function scopesOf(tokenId, stored, scope) {
	const recorded = stored.flatMap((one) => one.kind === "present" && one.provenance?.tokenId === tokenId ? one.provenance.scopes : []);
	return [.../* @__PURE__ */ new Set([...recorded, scope])].sort();
}
/**
* What a run must spare, and must record on its secrets for the runs after it: the credentials that it replaces and that
* were written to other targets too, and what its predecessors have spared.
*/
function sparedBy(tokenId, stored, scope) {
	const ids = stored.flatMap((one) => {
		if (one.kind === "absent" || one.provenance === void 0) return [];
		const isOfScope = one.provenance.scopes.every((recorded) => recorded === scope);
		return [...one.provenance.spared, ...isOfScope ? [] : [one.provenance.tokenId]];
	});
	return [...new Set(ids)].filter((id) => id !== tokenId && !isGiven(id)).sort();
}
/** Whether the targets remember what earlier runs of their scope have spared. */
function isRemembered(stored) {
	return stored.some((one) => one.kind === "present" && one.provenance !== void 0);
}
/**
* The tokens that killed runs left behind: minted for this very scope before the token of this run, which every target
* holds by now; or with it, when the mint was sent twice.
*/
function leftoversAmong(tokens, prefix, until) {
	return tokens.filter(({ description }) => description.startsWith(prefix) && mintedAt(description) <= until).map(({ id }) => id);
}
// src/pull-secret/inventory.ts
const TYPES = [DOCKER_CONFIG_TYPE, LEGACY_TYPE];
const LEGACY_KEY = ".dockercfg";
/** The pull secrets of a namespace, as `kubectl describe secrets` would show them. */
async function listPullSecrets(cluster, namespace) {
	return (await Promise.all(TYPES.map(async (type) => await list$1(cluster, namespace, type)))).flat().map(describe$1).sort((a, b) => a.name.localeCompare(b.name));
}
async function list$1(cluster, namespace, type) {
	const answer = await cluster.request({
		doing: `list the pull secrets of the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/secrets`,
		query: { fieldSelector: `type=${type}` }
	});
	return asObjects(answer.json().items);
}
function describe$1(secret) {
	const metadata = asObject(secret.metadata);
	const data = asObject(secret.data);
	const label = asText(asObject(metadata.labels)[MANAGED_BY]);
	const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? []);
	const hosts = data[".dockerconfigjson"] === void 0 ? legacyHosts(data[LEGACY_KEY]) : readEntries(data[DOCKER_CONFIG_KEY]);
	return {
		name: printable(asText(metadata.name) ?? ""),
		type: printable(asText(secret.type) ?? ""),
		hosts: Object.keys(hosts).map(printable),
		size: Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(String(value), "base64"), 0),
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
/** Tells the pull secrets of a namespace in the log, a line each. Nothing of a run depends on it. */
async function describePullSecrets(cluster, namespace) {
	const entries = await listPullSecrets(cluster, namespace).catch((error) => ({ error }));
	group(`Pull secrets in the namespace ${namespace} of ${cluster.name}`, () => {
		if ("error" in entries) {
			const isRefused = isForbidden(entries.error);
			return info(isRefused ? REFUSED : `They cannot be shown: ${reason(entries.error)}`);
		}
		if (entries.length === 0) info("None.");
		for (const { name, type, hosts, size, createdAt, managedBy } of entries) {
			const days = Math.floor((Date.now() - createdAt.getTime()) / 864e5);
			info(`${name}: ${type}, ${named$1(hosts)}, ${size} bytes, ${days} ${days === 1 ? "day" : "days"} old, managed by ${managedBy}`);
		}
	});
}
const REFUSED = "This login may not list secrets: nothing to show, and nothing lost.";
const MOST_HOSTS = 10;
function named$1(hosts) {
	const rest = hosts.length - MOST_HOSTS;
	const some = hosts.slice(0, MOST_HOSTS).join(" ") || "no hosts";
	return rest > 0 ? `${some} and ${rest} more hosts` : some;
}
// src/kubernetes/conflict.ts
/** Milliseconds: by how much the pauses grow, and how long the longest can be. */
const STEP = 10;
const LONGEST$1 = 200;
function isConflict(error) {
	return error instanceof HttpError && error.status === 409;
}
/** A pause of any length up to a growing one: those that have collided in step would collide again. */
async function giveWay(attempt) {
	await setTimeout(Math.random() * Math.min(attempt * STEP, LONGEST$1));
}
// src/runner/progress.ts
/** Milliseconds between two lines. */
const INTERVAL = 5e3;
/** As many targets of a cluster are begun at a time as `concurrency` can ask for: each of them takes memory. */
const AT_ONCE = 256;
/**
* Does the same with all targets, in all clusters at once. Of clusters with many it tells every few seconds how far it is.
* @param sentence what is done, given a count such as `347 of 1,000`
* @returns what became of each, in their order
*/
async function withProgress(targets, sentence, work) {
	const groups = [...Map.groupBy(targets, ({ cluster }) => cluster)];
	const clusters = groups.filter(([, { length }]) => length > 10).map(([cluster, { length }]) => ({
		cluster,
		total: length,
		done: 0,
		failed: 0
	}));
	const count = ({ cluster }, { result }) => {
		const mine = clusters.find((one) => one.cluster === cluster);
		if (mine !== void 0) mine[result === "failed" ? "failed" : "done"]++;
	};
	const tell = () => {
		for (const { cluster, total, done, failed } of clusters) {
			if (done + failed === total) continue;
			const failures = failed > 0 ? `, ${figure(failed)} failed` : "";
			info(`${sentence(`${figure(done)} of ${figure(total)}`)} in ${cluster.name}${failures}`);
		}
	};
	const timer = setInterval(tell, INTERVAL);
	try {
		const results = /* @__PURE__ */ new Map();
		const worker = async (queue) => {
			for (const target of queue) {
				const result = await work(target);
				count(target, result);
				results.set(target, result);
			}
		};
		const workers = groups.flatMap(([, group]) => {
			const queue = group.values();
			return Array.from({ length: Math.min(AT_ONCE, group.length) }, () => worker(queue));
		});
		await Promise.all(workers);
		return new Map(targets.map((target) => [target, results.get(target)]));
	} finally {
		clearInterval(timer);
	}
}
// src/pull-secret/service-account-list.ts
/**
* The service accounts of many namespaces, by namespace.
* @param names `*` is all of a namespace
* @returns undefined when the login may not list service accounts of the whole cluster
*/
async function listInCluster(cluster, namespaces, names) {
	const [name, ...more] = names;
	const request = {
		doing: `list the service accounts of the cluster ${cluster.name}`,
		path: "/api/v1/serviceaccounts",
		...name !== "*" && more.length === 0 && { query: { fieldSelector: `metadata.name=${name}` } }
	};
	const isWanted = (account) => namespaces.has(account.namespace) && (names.includes("*") || names.includes(account.name));
	const accounts = await unlessForbidden(list(cluster, request, isWanted));
	if (accounts === void 0) return void 0;
	const byNamespace = Map.groupBy(accounts, ({ namespace }) => namespace);
	return new Map([...byNamespace].map(([namespace, group]) => [namespace, byName(group)]));
}
async function listInNamespace({ cluster, namespace }) {
	return byName(await list(cluster, {
		doing: `list the service accounts of the namespace ${namespace} in the cluster ${cluster.name}`,
		path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
		cures: { 403: `Grant the verb list on serviceaccounts in the namespace ${namespace}, or give their names.` }
	}, () => true));
}
async function list(cluster, request, isWanted) {
	return await listAll(cluster, request, (object) => {
		const { namespace, name } = asObject(object.metadata);
		const account = {
			namespace: asText(namespace) ?? "",
			name: asText(name) ?? "",
			...describeAccount(object)
		};
		return isWanted(account) ? account : void 0;
	});
}
function byName(accounts) {
	return new Map(accounts.map((account) => [account.name, account]));
}
/** What an object of the API server means for us. */
function describeAccount(object) {
	return {
		resourceVersion: asText(asObject(object.metadata).resourceVersion),
		imagePullSecrets: asObjects(object.imagePullSecrets)
	};
}
// src/pull-secret/service-account.ts
/** A new namespace gets its `default` account some moments later: milliseconds, and how often we look. */
const PAUSE$2 = 1e3;
const LOOKS = 10;
/**
* Adds the pull secret to the `imagePullSecrets` of service accounts, in every target that holds it. Where a cluster has
* many targets and the login may list, their accounts are read by a list, else one by one. A target of which an account
* fails, fails.
* @param names of the accounts; `*` is all of a namespace
*/
async function attachAll(outcomes, names, options) {
	if (names.length === 0) return [...outcomes];
	const written = outcomes.filter((outcome) => !("failure" in outcome));
	const many = [...Map.groupBy(written, ({ cluster }) => cluster)].filter(([, targets]) => targets.length > 8);
	const lists = new Map(many.map(([cluster, targets]) => {
		return [cluster, listInCluster(cluster, new Set(targets.map(({ namespace }) => namespace)), names)];
	}));
	const attachTo = async (outcome) => {
		if ("failure" in outcome) return outcome;
		const { attached, failure } = await attachIn(outcome, names, lists.get(outcome.cluster), options);
		if (failure === void 0) return {
			...outcome,
			serviceAccounts: attached
		};
		const { cluster, namespace } = outcome;
		return {
			cluster,
			namespace,
			result: "failed",
			failure,
			mayHold: true,
			serviceAccounts: attached
		};
	};
	const sentence = (count) => `Seen to the service accounts of ${count} namespaces`;
	return [...(await withProgress(outcomes, sentence, attachTo)).values()];
}
async function attachIn(target, names, list, options) {
	const attached = [];
	let failure;
	try {
		const isAll = names.includes("*");
		const known = (await list)?.get(target.namespace) ?? (isAll ? await listInNamespace(target) : void 0);
		const accounts = isAll ? [.../* @__PURE__ */ new Set(["default", ...known?.keys() ?? []])].sort() : names;
		for (const name of accounts) try {
			attached.push({
				name,
				result: await attach(target, name, known?.get(name), options)
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
		failure
	};
}
/** The list is one value to the API server, whoever writes it: it is sent whole, and only if nobody has touched it since. */
async function attach(target, name, known, { secretName, dryRun, signal }) {
	const { cluster, namespace } = target;
	let account = known ?? await read(target, name, signal);
	for (let attempt = 1;; attempt++) {
		const { resourceVersion, imagePullSecrets } = account;
		if (imagePullSecrets.some((entry) => entry.name === secretName)) return "unchanged";
		try {
			await cluster.request({
				doing: `add the secret ${secretName} to the service account ${namespace}/${name} in the cluster ${cluster.name}`,
				method: "PATCH",
				path: pathOf(target, name),
				query: {
					fieldManager: MANAGER,
					...dryRun && { dryRun: "All" }
				},
				contentType: "application/merge-patch+json",
				body: {
					metadata: { resourceVersion },
					imagePullSecrets: [...imagePullSecrets, { name: secretName }]
				},
				cures: { 403: `Grant the verbs get and patch on serviceaccounts in the namespace ${namespace}.` }
			});
			return dryRun ? "planned" : "updated";
		} catch (error) {
			if (!isConflict(error) || attempt === 50) throw error;
			await giveWay(attempt);
			account = await read(target, name, signal);
		}
	}
}
async function read(target, name, signal) {
	const { cluster, namespace } = target;
	const doing = `read the service account ${namespace}/${name} in the cluster ${cluster.name}`;
	for (let look = 1; look <= LOOKS; look++) {
		const answer = await cluster.request({
			doing,
			path: pathOf(target, name),
			expect: [404],
			cures: { 403: `Grant the verbs get and patch on serviceaccounts in the namespace ${namespace}.` }
		});
		if (answer.status !== 404) return describeAccount(answer.json());
		if (look < LOOKS) await pause(PAUSE$2, doing, signal);
	}
	throw new Failure(`The service account ${namespace}/${name} is not in the cluster ${cluster.name}`, { cure: "Check `service-accounts`, or create the account first." });
}
function pathOf({ namespace }, name) {
	return `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
}
// src/pull-secret/write.ts
/** Whether a target holds all of it already: then there is nothing to write. */
function isCurrent(stored, secret, provenance) {
	if (stored.kind === "absent") return false;
	const wanted = {
		labels: {
			...secret.labels,
			[MANAGED_BY]: MANAGER
		},
		annotations: {
			...secret.annotations,
			...annotationsOf({
				...provenance,
				run: ""
			})
		}
	};
	const holds = (all, some) => Object.entries(some).every(([key, value]) => all[key] === value);
	return stored.data === Buffer.from(secret.dockerConfig(stored.config)).toString("base64") && holds(stored.labels, wanted.labels) && holds(stored.annotations, wanted.annotations);
}
/**
* Writes the pull secret in place by server-side apply, and compares what the server stored with what was sent.
* @param stored what was read before; when it has changed since, the server refuses, and it is looked at again
* @throws Failure | HttpError | NetworkError
*/
async function writePullSecret({ cluster, namespace }, secret, provenance, stored, dryRun) {
	let current = stored;
	for (let attempt = 1;; attempt++) {
		const refused = refusal$1(current, secret.adopt);
		if (refused !== void 0) throw refused;
		const config = secret.dockerConfig(current.kind === "absent" ? {} : current.config);
		const data = Buffer.from(config).toString("base64");
		try {
			const answer = await apply(cluster, namespace, secret, provenance, {
				data,
				version: current.kind === "present" ? current.resourceVersion : attempt === 1 ? NEVER : void 0,
				dryRun
			});
			compare(answer, data, `${cluster.name}: ${namespace}/${secret.name}`);
			const isOurs = current.kind === "present" && current.provenance?.tokenId === provenance.tokenId;
			if (current.kind === "absent" || stored.kind === "absent" && isOurs) return {
				result: "created",
				replaced: stored
			};
			const { resourceVersion } = asObject(answer.json().metadata);
			return {
				result: stored.kind === "present" && resourceVersion === stored.resourceVersion ? "unchanged" : "updated",
				replaced: current
			};
		} catch (error) {
			const isOutdated = isConflict(error);
			if (!(isOutdated || isUnclear(error)) || attempt === 50) throw error;
			if (isOutdated) await giveWay(attempt);
			current = await readSecret(cluster, namespace, secret.name);
			if (isOutdated && current.kind === "present" && isNewer(current.provenance, provenance) && !secret.isDead(current)) return {
				result: "overtaken",
				by: current
			};
			if (!isOutdated && !isCurrent(current, secret, provenance)) throw error;
		}
	}
}
/** Of two credentials the one minted later wins, so that all runs agree. */
function isNewer(rival, ours) {
	if (rival === void 0 || rival.tokenId === ours.tokenId) return false;
	const lead = rival.mintedAt.getTime() - ours.mintedAt.getTime();
	return lead > 0 || lead === 0 && rival.tokenId > ours.tokenId;
}
/** No object has this version: what should be absent and is there by now is refused, not overwritten. */
const NEVER = "1";
async function apply(cluster, namespace, secret, provenance, write) {
	const { data, version, dryRun } = write;
	return await cluster.request({
		doing: `write the secret ${namespace}/${secret.name} in the cluster ${cluster.name}`,
		method: "PATCH",
		path: `/api/v1/namespaces/${namespace}/secrets/${secret.name}`,
		query: {
			fieldManager: MANAGER,
			...version !== void 0 && version !== NEVER && { force: "true" },
			...dryRun && { dryRun: "All" }
		},
		contentType: "application/apply-patch+yaml",
		body: {
			apiVersion: "v1",
			kind: "Secret",
			metadata: {
				name: secret.name,
				namespace,
				labels: {
					...secret.labels,
					[MANAGED_BY]: MANAGER
				},
				annotations: {
					...secret.annotations,
					...annotationsOf(provenance)
				},
				...version !== void 0 && { resourceVersion: version }
			},
			type: DOCKER_CONFIG_TYPE,
			data: { [DOCKER_CONFIG_KEY]: data }
		},
		cures: {
			403: `Grant the verbs get, create and patch on secrets in the namespace ${namespace} to the login of this cluster.`,
			404: `Create the namespace ${namespace} first: this action writes secrets, not namespaces.`
		}
	});
}
function compare(answer, data, where) {
	const stored = answer.json().data;
	if (asText(stored?.[".dockerconfigjson"]) === data) return;
	throw new Failure(`The API server stored something else than was written to ${where}`, { cure: "An admission webhook changes secrets there: exclude this one, or ask who runs it." });
}
// src/pull-secret/write-all.ts
/**
* Brings the pull secret to every target that lacks it or holds another; one that fails does not stop the others. The
* targets that hold its credential already come first: they must record where else it goes before it goes there, or a
* later run could take what they record for all, and revoke it.
* @param dryRun the API servers check everything and store nothing
*/
async function fanOut(targets, secret, provenance, dryRun) {
	const done = dryRun ? "Checked" : "Written";
	const write = (some) => withProgress(some, (count) => `${done} ${count} secrets`, (target) => bring(target, secret, provenance, dryRun));
	const usable = targets.filter((target) => "stored" in target);
	const holders = usable.filter(({ stored }) => isHolder(stored, provenance));
	const outcomes = new Map(await write(holders));
	const isWider = holders.some(({ stored }) => isHolder(stored, provenance) && recordsLess(stored, provenance));
	const isRecorded = usable.length === targets.length && [...outcomes.values()].every(({ result }) => result !== "failed");
	for (const target of usable.filter((one) => isWider && !isRecorded && !outcomes.has(one))) outcomes.set(target, unrecorded(target, secret.name));
	const others = await write(usable.filter((target) => !outcomes.has(target)));
	const all = new Map([...outcomes, ...others]);
	return targets.map((target) => all.get(target) ?? target);
}
function isHolder(stored, { tokenId }) {
	return stored.kind === "present" && stored.provenance?.tokenId === tokenId;
}
function recordsLess({ provenance }, { scopes }) {
	return scopes.some((scope) => !provenance?.scopes.includes(scope));
}
function unrecorded({ cluster, namespace }, secretName) {
	const what = `The secret ${namespace}/${secretName} in ${cluster.name} was not written`;
	return {
		cluster,
		namespace,
		result: "failed",
		failure: new Refusal(`${what}: a target that may hold the token could not record that it goes there, too`, { cure: "Mend the target that failed, and run again: else a later run could revoke the token without knowing of this one." }),
		mayHold: false
	};
}
async function bring(target, secret, provenance, dryRun) {
	const { cluster, namespace, stored } = target;
	if (isCurrent(stored, secret, provenance)) return {
		cluster,
		namespace,
		result: "unchanged",
		replaced: stored
	};
	try {
		const written = await writePullSecret(target, secret, provenance, stored, dryRun);
		return {
			cluster,
			namespace,
			...dryRun ? {
				result: "planned",
				replaced: stored
			} : written
		};
	} catch (failure) {
		return {
			cluster,
			namespace,
			result: "failed",
			failure,
			mayHold: !isUnwritten(failure)
		};
	}
}
/** The newest credential that other runs brought meanwhile. */
function rivalIn(outcomes) {
	const rivals = outcomes.flatMap((outcome) => outcome.result === "overtaken" ? [outcome.by] : []);
	const time = ({ provenance }) => provenance?.mintedAt.getTime() ?? 0;
	return rivals.sort((a, b) => time(b) - time(a))[0];
}
/** Whether no target can possibly hold what was to be written. */
function isHeldNowhere(outcomes) {
	return outcomes.every((outcome) => "failure" in outcome && !outcome.mayHold);
}
/** Refused by us or by the API server, or never sent. After any other failure the server may have acted. */
function isUnwritten(failure) {
	if (failure instanceof HttpError) return failure.status < 500;
	return failure instanceof Refusal || failure instanceof NetworkError && !failure.sent;
}
// src/workload/apply.ts
/** Applies an object on the server. What the manifest says wins, as with `kubectl apply`. */
async function applyObject(server, placed, options) {
	const { object, resource, namespace } = placed;
	const { dryRun, recreatePods, signal } = options;
	const { kind, metadata } = object;
	const collection = collectionOf(resource, namespace);
	const path = `${collection}/${encodeURIComponent(metadata.name)}`;
	const named = {
		kind,
		name: metadata.name,
		namespace,
		path
	};
	const apply = {
		doing: `apply ${describe(named)} in the cluster ${server.name}`,
		method: "PATCH",
		path,
		query: {
			fieldManager: MANAGER,
			force: "true",
			...dryRun && { dryRun: "All" }
		},
		contentType: "application/apply-patch+yaml",
		body: namespace ? {
			...object,
			metadata: {
				...metadata,
				namespace
			}
		} : object,
		cures: {
			403: `Grant the verbs get, create and patch on ${resource.plural} to the login of this cluster.`,
			404: `Create the namespace ${namespace} first.`,
			422: kind === "Pod" ? POD_CURE : "Mend what the API server names, or delete the object when it may be made anew."
		}
	};
	let answer;
	try {
		answer = await applyPatiently(server, apply, placed.isEarly && !dryRun, signal);
	} catch (failure) {
		if (dryRun || !recreatePods || !isRefusedChange(object, failure)) throw failure;
		info(`${describe(named)} cannot be changed in place: it is deleted and created again`);
		await deletePod(server, named, signal);
		answer = await server.request(apply);
	}
	const uid = asText(asObject(answer.json().metadata).uid) ?? "";
	const at = new Date(String(answer.headers.date ?? ""));
	return {
		...named,
		groupKind: groupKind(object),
		collection,
		uid,
		at: Number.isNaN(at.getTime()) ? /* @__PURE__ */ new Date() : at
	};
}
/** Milliseconds. A kind is served some seconds after its definition, and a new namespace lacks its service account. */
const PATIENCE$1 = 15e3;
async function applyPatiently(server, apply, isEarly, signal) {
	for (const end = Date.now() + PATIENCE$1;; await pause(POLL$1, apply.doing, signal)) try {
		return await server.request(apply);
	} catch (failure) {
		if (!isEarly || !isTooEarly(failure) || Date.now() > end) throw failure;
	}
}
function isTooEarly(failure) {
	if (!(failure instanceof HttpError)) return false;
	return failure.status === 404 || failure.status === 403 && /serviceaccount .* not found/.test(failure.detail);
}
const POD_CURE = "Most of a Pod cannot be changed once it is there: set `recreate-pods: true`, or use a Deployment, which makes new Pods.";
/** Whether the API server refuses a change of a Pod that a new Pod of that name could have. */
function isRefusedChange(object, failure) {
	return failure instanceof HttpError && failure.status === 422 && /pod updates may not/.test(failure.detail) && groupKind(object) === "v1 Pod";
}
/** Deletes a Pod and waits until it is gone, so that its name is free. */
async function deletePod(server, pod, signal) {
	const doing = `delete ${describe(pod)} in the cluster ${server.name}`;
	await server.request({
		doing,
		method: "DELETE",
		path: pod.path,
		expect: [404],
		cures: { 403: "Grant the verb delete on pods to the login of this cluster." }
	});
	while ((await server.request({
		doing,
		path: pod.path,
		expect: [404]
	})).status !== 404) await pause(POLL$1, doing, signal);
}
/** Milliseconds until the server is asked again. */
const POLL$1 = 500;
/** `Pod shop/web`, as a person calls it. */
function describe({ kind, namespace, name }) {
	return printable(`${kind} ${namespace ? `${namespace}/` : ""}${name}`);
}
// src/workload/collection.ts
/** Seconds. A connection that died silently is noticed after so long. */
const WATCH = 30;
/** Milliseconds until a list or a watch that ended is asked for again. */
const PAUSE$1 = 250;
const LONGEST_PAUSE$1 = 5e3;
/** Milliseconds between lists where nothing can be watched. */
const POLL = 1e3;
/** How often in a row the server may refuse before that counts. A login that has ended is renewed with the next request. */
const REFUSALS$1 = 5;
/**
* The objects of one kind in one namespace, kept as the API server has them: listed once, then watched. However often
* the connection ends, and when the server has forgotten where it was, it goes on.
*/
var Collection = class {
	/** Why it is not followed: it may not be listed, or the server refuses for good. */
	failure;
	#known = /* @__PURE__ */ new Map();
	#server;
	#path;
	#changes;
	#signal;
	constructor(server, path, changes, signal) {
		this.#server = server;
		this.#path = path;
		this.#changes = changes;
		this.#signal = signal;
	}
	get(name) {
		return this.#known.get(name);
	}
	/** The objects that are there and were made by the one of this uid. */
	ownedBy(uid) {
		return [...this.#known.values()].filter(({ object, isGone }) => !isGone && asObjects(metadataOf(object).ownerReferences).some((one) => one.uid === uid)).map(({ object }) => object);
	}
	/** Lives until the signal ends it, or the server refuses. */
	async follow() {
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
				if (isRefusal(error) && (error.status === 403 || ++refusals === REFUSALS$1)) {
					this.failure = error;
					this.#changes.emit("change");
					return;
				}
			}
			await this.#pause(Math.min(PAUSE$1 * 2 ** failures, LONGEST_PAUSE$1));
		}
	}
	/** @returns the version from which to watch */
	async #list() {
		const listed = /* @__PURE__ */ new Map();
		let version = "";
		const doing = `list ${this.#path} in the cluster ${this.#server.name}`;
		for await (const page of pagesOf(this.#server, {
			doing,
			path: this.#path
		})) {
			for (const object of page.items) listed.set(nameOf(object), {
				object,
				isGone: false
			});
			version = page.version;
		}
		for (const [name, { object }] of this.#known) this.#known.set(name, {
			object,
			isGone: true
		});
		for (const [name, known] of listed) this.#known.set(name, known);
		this.#changes.emit("change");
		return version;
	}
	/** Ends when the objects have to be listed again. */
	async #watch(start) {
		for (let version = start; !this.#signal.aborted; await this.#pause(PAUSE$1)) {
			const query = {
				watch: "true",
				allowWatchBookmarks: "true",
				resourceVersion: version,
				timeoutSeconds: String(WATCH)
			};
			const doing = `watch ${this.#path} in the cluster ${this.#server.name}`;
			try {
				for await (const event of this.#server.stream({
					doing,
					path: this.#path,
					query
				}, this.#signal)) {
					const object = asObject(event.object);
					if (event.type === "ERROR") return;
					version = asText(metadataOf(object).resourceVersion) ?? version;
					if (event.type === "BOOKMARK") continue;
					this.#known.set(nameOf(object), {
						object,
						isGone: event.type === "DELETED"
					});
					this.#changes.emit("change");
				}
			} catch (error) {
				debug(String(error));
				if (!(error instanceof NetworkError && error.sent)) return await this.#pause(POLL);
			}
		}
	}
	async #pause(time) {
		await setTimeout(time, void 0, { signal: this.#signal }).catch(() => {});
	}
};
/** A server that is in trouble, or forgetful, refuses nothing. */
function isRefusal(error) {
	return error instanceof HttpError && error.status < 500 && error.status !== 410;
}
function metadataOf(object) {
	return asObject(object.metadata);
}
function nameOf(object) {
	return asText(metadataOf(object).name) ?? "";
}
// src/workload/pods.ts
/** The Pods that a workload has made of its present form, or is; those of the form before are none of its troubles. */
function podsOf({ groupKind }, object, observer) {
	return own(groupKind, object, observer).filter((pod) => metadataOf(pod).deletionTimestamp === void 0);
}
function own(groupKind, object, observer) {
	if (groupKind === "v1 Pod") return [object];
	const { pods } = observer;
	const uid = uidOf(object);
	if (groupKind !== "batch Job" && !isObserved(object)) return [];
	switch (groupKind) {
		case "apps Deployment": {
			const revision = annotation(object, "deployment.kubernetes.io/revision");
			const current = observer.replicaSets.ownedBy(uid).find((one) => annotation(one, "deployment.kubernetes.io/revision") === revision);
			return current === void 0 ? [] : pods.ownedBy(uidOf(current));
		}
		case "apps StatefulSet": {
			const { updateRevision } = asObject(object.status);
			return pods.ownedBy(uid).filter((pod) => label(pod, "controller-revision-hash") === updateRevision);
		}
		case "apps DaemonSet": {
			const generation = annotation(object, "deprecated.daemonset.template.generation");
			return pods.ownedBy(uid).filter((pod) => (label(pod, "pod-template-generation") ?? generation) === generation);
		}
		default: return pods.ownedBy(uid);
	}
}
function uidOf(object) {
	return String(metadataOf(object).uid);
}
const annotation = (object, name) => asObject(metadataOf(object).annotations)[name];
const label = (object, name) => asObject(metadataOf(object).labels)[name];
// src/workload/cached-image.ts
/** Those whose node had an image of these registry hosts already: that they run says nothing about a pull. */
async function unpulled(observer, workloads, hosts) {
	const present = (await observer.pulledEvents()).flatMap(({ message, involvedObject }) => {
		const image = /^Container image "([^"]+)" already present on machine/.exec(asText(message) ?? "")?.[1];
		return image !== void 0 && hosts.some((host) => opens(host, image)) ? [asObject(involvedObject).uid] : [];
	});
	return workloads.filter((applied) => {
		const object = observer.collection(applied.collection).get(applied.name)?.object;
		return object && podsOf(applied, object, observer).some((pod) => present.includes(uidOf(pod)));
	});
}
// src/workload/observer.ts
/** Milliseconds in which changes are gathered: a rollout brings many at once. */
const GATHER = 100;
/** Follows what is waited for in one namespace of a cluster, each kind once, whoever asks. */
var Observer = class {
	server;
	#namespace;
	#changes = new EventEmitter().setMaxListeners(0);
	#collections = /* @__PURE__ */ new Map();
	#run;
	#end = new AbortController();
	#mayReadEvents = true;
	constructor(server, namespace, run) {
		this.server = server;
		this.#namespace = namespace;
		this.#run = run;
	}
	collection(path) {
		const known = this.#collections.get(path);
		if (known !== void 0) return known;
		const collection = new Collection(this.server, path, this.#changes, this.#signal);
		this.#collections.set(path, collection);
		collection.follow();
		return collection;
	}
	get #signal() {
		return AbortSignal.any([this.#run, this.#end.signal]);
	}
	get pods() {
		return this.collection(`/api/v1/namespaces/${this.#namespace}/pods`);
	}
	get replicaSets() {
		return this.collection(`/apis/apps/v1/namespaces/${this.#namespace}/replicasets`);
	}
	/** What was told of an object; undefined when that may not be read. */
	async eventsOf(uid) {
		return await this.#listEvents(`involvedObject.uid=${uid}`);
	}
	/** What was told of images that are on their node. */
	async pulledEvents() {
		return await this.#listEvents("involvedObject.kind=Pod,reason=Pulled") ?? [];
	}
	/** Waits for a change, for so long at most (milliseconds). */
	async change(timeout) {
		const changed = new AbortController();
		const stop = () => changed.abort();
		this.#changes.once("change", stop);
		await setTimeout(timeout, void 0, { signal: AbortSignal.any([this.#run, changed.signal]) }).catch(() => {});
		this.#changes.off("change", stop);
		await setTimeout(Math.min(GATHER, timeout), void 0, { signal: this.#run }).catch(() => {});
	}
	async #listEvents(fieldSelector) {
		if (!this.#mayReadEvents) return void 0;
		const doing = `list the events of the namespace ${this.#namespace} in the cluster ${this.server.name}`;
		const path = `/api/v1/namespaces/${this.#namespace}/events`;
		try {
			return asObjects((await this.server.request({
				doing,
				path,
				query: { fieldSelector }
			})).json().items);
		} catch (error) {
			debug(String(error));
			this.#mayReadEvents = !isForbidden(error);
			return;
		}
	}
	[Symbol.dispose]() {
		this.#end.abort();
	}
};
// src/workload/events.ts
/** When an event was last seen, and how often. */
function occurrence(event) {
	const series = asObject(event.series);
	const { count = series.count ?? 1 } = event;
	const last = time(event.lastTimestamp ?? series.lastObservedTime ?? event.eventTime);
	return {
		first: time(event.firstTimestamp ?? event.eventTime),
		last,
		count: typeof count === "number" ? count : 1
	};
}
function time(timestamp) {
	return Date.parse(asText(timestamp) ?? "") || 0;
}
/** The one that was seen last. */
function newest(events) {
	return events.toSorted((one, other) => occurrence(other).last - occurrence(one).last)[0];
}
// src/workload/pull-failure.ts
/** The words of containerd, CRI-O and docker, and of the registries that they quote. */
const PULL_FAILURES = [
	{
		code: "rate limit",
		pattern: /toomanyrequests|too many requests|\b429\b|rate limit|quota exceeded/i,
		says: "the registry {host} limits its callers",
		cure: "Wait, or pull with an account of a higher limit: the credential itself is not refused."
	},
	{
		code: "no space",
		pattern: /no space left on device|disk quota exceeded/i,
		says: "the node has no space left for the image",
		cure: "Clean up the disk of the node: the registry has given the image."
	},
	{
		code: "platform",
		pattern: /no match for platform|no matching manifest for|no image found in (?:manifest list|image index)/i,
		says: "the image is there, but not for the platform of the node",
		cure: "Build the image for the platform of the node, too, or choose nodes by `nodeSelector`."
	},
	{
		code: "DNS",
		pattern: /no such host|server misbehaving|name resolution|dial tcp: lookup /i,
		says: "the node cannot resolve the host {host}",
		cure: "Check the registry host of the image, and the DNS of the nodes."
	},
	{
		code: "unreachable",
		pattern: /connection refused|connection reset|no route to host|network is unreachable|timeout|deadline exceeded|timed out|: EOF|\b50[0234] /i,
		says: "the registry {host} gives the node no answer",
		cure: "Check that the registry is up and that the nodes reach it: firewall, proxy, port. No credential was refused."
	},
	{
		code: "TLS",
		pattern: /x509|tls: |server gave HTTP response to HTTPS client|certificate/i,
		says: "the node does not trust the TLS of the registry {host}",
		cure: "Give the nodes the certificate authority of the registry, in the configuration of their container runtime."
	},
	{
		code: "no credential",
		pattern: /no basic auth credentials|fetch anonymous token/i,
		says: "the node has no credential for the host {host}",
		cure: "Check that the Pod names the secret in `imagePullSecrets`, and that the secret holds this host, to the letter.",
		bySecret: true
	},
	{
		code: "refused",
		pattern: /401 Unauthorized|authorization token has expired|invalid username\/password|incorrect username or password/i,
		says: "the registry {host} refuses the credential",
		cure: "It was revoked, has ended, or belongs to another registry: run this action again, or look who else writes the secret.",
		bySecret: true
	},
	{
		code: "no right",
		pattern: /403 Forbidden|denied|insufficient_scope|access forbidden/i,
		says: "the credential has no right to the repository {repository}, or the repository is not there",
		cure: "Compare the repository with that in the registry, then look which organization or policy the credential belongs to.",
		bySecret: true
	},
	{
		code: "refused",
		pattern: /unauthorized|authentication required|authorization failed/i,
		says: "the registry {host} refuses the credential",
		cure: "It was revoked, has ended, or belongs to another registry: run this action again, or look who else writes the secret.",
		bySecret: true
	},
	{
		code: "not found",
		pattern: /not found|manifest unknown|name unknown/i,
		says: "there is no image {image}",
		cure: "Compare the repository and the tag with what was pushed: the credential was accepted."
	}
];
const OTHER_FAILURE = {
	code: "other",
	pattern: /^/,
	says: "the image cannot be pulled",
	cure: "See the events in `kubectl describe pod`: compare the registry host of the image with those of the secret, then the name and the tag.",
	bySecret: true
};
/** The first that the words of a node match. */
function classify(words) {
	return PULL_FAILURES.find(({ pattern }) => pattern.test(words)) ?? OTHER_FAILURE;
}
// src/workload/diagnosis.ts
/** Reasons of a waiting container that has an image, or never will. */
const WAITING = {
	InvalidImageName: {
		fails: "now",
		cure: "Mend the image in the manifest: host/repository:tag, the repository in lower case."
	},
	ErrImageNeverPull: {
		fails: "now",
		cure: "Bring the image to the node, or choose another `imagePullPolicy` than Never."
	},
	CrashLoopBackOff: {
		fails: "now",
		cure: "The image was pulled, and its program ends: see `kubectl logs --previous`."
	},
	CreateContainerConfigError: {
		fails: "soon",
		cure: "The image was pulled. Create what the message names in the namespace of the Pod, or mend the Pod."
	},
	CreateContainerError: {
		fails: "soon",
		cure: "The image was pulled. Mend the container in the manifest."
	},
	RunContainerError: {
		fails: "soon",
		cure: "The image was pulled. Mend the command of the container."
	}
};
const PULLING = /* @__PURE__ */ new Set([
	"ErrImagePull",
	"ImagePullBackOff",
	"RegistryUnavailable"
]);
/** Whether a container cannot get its image: then the events of the Pod say more. */
function isPulling(pod) {
	return waitingIn(pod).some(({ reason }) => PULLING.has(reason));
}
/** What keeps a Pod from running: the worst of its containers', or of the Pod's own. */
function diagnose(pod, circumstances) {
	return worst([...waitingIn(pod).flatMap((container) => troubleOf(container, pod, circumstances) ?? []), ...unschedulable(pod)]);
}
function worst(troubles) {
	return [
		"now",
		"soon",
		"never"
	].flatMap((one) => troubles.find(({ fails }) => fails === one) ?? [])[0];
}
function waitingIn({ spec, status }) {
	const { initContainers, containers, ephemeralContainers } = asObject(spec);
	const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = asObject(status);
	const specs = [
		initContainers,
		containers,
		ephemeralContainers
	].flatMap(asObjects);
	return [
		initContainerStatuses,
		containerStatuses,
		ephemeralContainerStatuses
	].flatMap(asObjects).map(({ name, image, state, lastState }) => {
		const { reason, message } = asObject(asObject(state).waiting);
		const own = specs.find((one) => one.name === name);
		return {
			name: asText(name) ?? "",
			image: asText(own?.image) ?? asText(image) ?? "",
			reason: asText(reason) ?? "",
			message: asText(message) ?? "",
			lastState: asObject(lastState)
		};
	});
}
function troubleOf(container, pod, circumstances) {
	const { name, reason, message, lastState } = container;
	if (PULLING.has(reason)) return pullTrouble(container, pod, circumstances);
	const known = WAITING[reason];
	if (known === void 0) return void 0;
	const { exitCode, reason: end, message: last } = asObject(lastState.terminated);
	const ended = typeof exitCode === "number" ? `it ended with exit code ${exitCode}` : void 0;
	const fails = circumstances.isJob && reason === "CrashLoopBackOff" ? "never" : known.fails;
	const told = words(reason, message, ended, end, last);
	return {
		code: `${name} ${reason}`,
		reason: printable(`container ${name}: ${told}`),
		cure: known.cure,
		fails
	};
}
function unschedulable(pod) {
	const scheduled = condition(pod, "PodScheduled");
	if (scheduled?.status !== "False") return [];
	return [{
		code: "unscheduled",
		reason: words(scheduled.reason, scheduled.message) ?? "",
		cure: "No node takes the Pod: compare what it asks for with the nodes, in the message.",
		fails: "never"
	}];
}
function pullTrouble(container, pod, circumstances) {
	const { name, image } = container;
	const { events = [], heard } = circumstances;
	const pulls = events.filter(({ reason, message, involvedObject }) => reason === "Failed" && asText(message)?.startsWith(failed$1(image)) && isAbout(involvedObject, name));
	const last = newest(pulls);
	const told = plain(asText(last?.message)?.slice(failed$1(image).length) ?? heardOf(container, pod, heard));
	const failure = classify(told.replaceAll(image, ""));
	const { says, cure } = secretFault(failure, image, pod, circumstances, last) ?? failure;
	const values = {
		host: hostOf(image),
		repository: repositoryOf(image),
		image
	};
	const meaning = says.replace(/\{(\w+)\}/g, (_, value) => values[value] ?? "");
	return {
		code: `${name} pull`,
		reason: printable(`container ${name}: ${meaning}: ${told}`),
		cure,
		fails: urgency(container, failure, pod, circumstances, pulls)
	};
}
/** Whether an event is about this container of its Pod. */
function isAbout(involvedObject, container) {
	return asText(asObject(involvedObject).fieldPath)?.endsWith(`{${container}}`) ?? true;
}
const failed$1 = (image) => `Failed to pull image "${image}": `;
/** The words of this back-off, or those that were heard with the failure before it. */
function heardOf({ name, image, reason, message }, pod, heard) {
	const key = `${metadataOf(pod).uid} ${name}`;
	if (!(message === "" || message === `Back-off pulling image "${image}"`)) heard.set(key, message);
	return heard.get(key) ?? ([reason, message].filter(Boolean).join(": ") || reason);
}
const LONGEST = 600;
/** Without the wrapping of the calls between kubelet and runtime. The end says most. */
function plain(text) {
	const bare = text.replace(/^Back-off pulling image "[^"]*": \w+: /, "").replace(/rpc error: code = \w+ desc = /g, "");
	return bare.length > LONGEST ? `…${bare.slice(-600)}` : bare;
}
/**
* A first failure is none yet where a secret can mend it: a node may see a new secret a moment late. Failures from
* before this run do not count, since the Pod gets its next try with the new secret.
*/
function urgency({ reason }, { bySecret }, pod, { since, events }, pulls) {
	if (events === void 0) return "soon";
	const isNew = time(metadataOf(pod).creationTimestamp) >= since - CLOCK;
	const failures = pulls.map(occurrence).reduce((sum, { first, last, count }) => {
		if (isNew || first >= since) return sum + count;
		return last >= since ? sum + 1 : sum;
	}, 0);
	if (failures > 1 || failures === 1 && reason === "ImagePullBackOff" && !bySecret) return "now";
	return isNew || failures > 0 ? "soon" : "never";
}
/** Milliseconds: times in Kubernetes are whole seconds, and an answer is later than what it answers. */
const CLOCK = 3e3;
/** Where the secret itself explains why a registry lets nobody in. */
function secretFault({ bySecret }, image, pod, { secret, events = [] }, pull) {
	if (!bySecret) return void 0;
	const missing = events.find((event) => event.reason === "FailedToRetrieveImagePullSecret" && (pull === void 0 || occurrence(event).last >= occurrence(pull).last - CLOCK));
	if (missing !== void 0) {
		const [, names = ""] = /image pull secrets \(([^)]*)\)/.exec(asText(missing.message) ?? "") ?? [];
		return {
			says: `the namespace ${asText(metadataOf(pod).namespace)} lacks a pull secret${names && ` (${names})`}`,
			cure: "Add the namespace to `namespaces`, or take what is not there out of `imagePullSecrets`."
		};
	}
	if (secret === void 0 || secret.hosts.some((pattern) => opens(pattern, image))) return void 0;
	return {
		says: `the image is at {host}, and the secret ${secret.name} is for ${secret.hosts.join(", ")}`,
		cure: "The host in the image and in the secret must be equal to the letter, the port included: mend `docker-server` or the image."
	};
}
// src/workload/find-diagnosis.ts
/** So many Pods of a workload that cannot pull are asked why: mostly they all say the same. */
const MOST_ASKED = 3;
/** What keeps the Pods of a workload from running, or from being made. */
async function findTrouble(observer, applied, object, { secret, heard }) {
	const isJob = applied.groupKind === "batch Job";
	const since = applied.at.getTime();
	const pods = podsOf(applied, object, observer);
	const asked = pods.filter(isPulling).slice(0, MOST_ASKED).map(async (pod) => [pod, await observer.eventsOf(uidOf(pod))]);
	return worst([...await Promise.all(asked), ...pods.filter((pod) => !isPulling(pod)).map((pod) => [pod, []])].flatMap(([pod, events]) => {
		const trouble = diagnose(pod, {
			secret,
			heard,
			since,
			events,
			isJob
		}) ?? (isJob ? endedIn(pod) : void 0);
		if (trouble === void 0 || applied.groupKind === "v1 Pod") return trouble ?? [];
		return {
			...trouble,
			reason: `Pod ${printable(String(metadataOf(pod).name))}: ${trouble.reason}`
		};
	})) ?? await refusedCreation(observer, applied, object, pods.length > 0);
}
/** A Pod of a Job may fail: the Job makes another one. */
function endedIn(pod) {
	const reason = endOf(pod);
	return reason === void 0 ? void 0 : {
		code: "ended",
		reason,
		cure: "The image was pulled, and its program fails: see `kubectl logs`.",
		fails: "never"
	};
}
/** The controllers that tell only by events what the cluster refuses them. */
const WITHOUT_CONDITION = /* @__PURE__ */ new Set([
	"apps StatefulSet",
	"apps DaemonSet",
	"batch Job"
]);
/** Admission or a quota refuses the Pods of a controller, which goes on trying. */
async function refusedCreation(observer, { groupKind, at }, object, hasPods) {
	const failure = condition(object, "ReplicaFailure");
	if (failure?.status === "True") return refused(failure);
	if (hasPods || !WITHOUT_CONDITION.has(groupKind)) return void 0;
	const last = newest((await observer.eventsOf(uidOf(object)) ?? []).filter(({ reason }) => reason === "FailedCreate"));
	return last && occurrence(last).last >= at.getTime() ? refused(last) : void 0;
}
function refused({ reason, message }) {
	return {
		code: "creation",
		reason: words(reason, message) ?? "",
		cure: "The cluster refuses to make the Pods: mend what the message names, a quota or a rule of admission.",
		fails: "soon"
	};
}
/** What else was told of a workload that does not get ready: a volume that cannot be mounted, a probe that fails. */
async function lastWarning(observer, applied, object) {
	const pod = podsOf(applied, object, observer).find((one) => condition(one, "Ready")?.status !== "True");
	const last = newest((await observer.eventsOf(uidOf(pod ?? object)) ?? []).filter(({ type }) => type === "Warning"));
	return last && words(last.reason, last.message);
}
// src/workload/wait.ts
/** Whether there is more to it than to be applied. */
function isAwaited({ groupKind }) {
	return groupKind in ROLLOUTS;
}
/** Milliseconds. Longer than the first pause between two pulls, and short enough for people who wait. */
const GRACE = 2e4;
/** Milliseconds between two looks when nothing changes: what lasts too long does not announce itself. */
const LOOK = 1e3;
/** Waits until a workload is ready, has failed for a reason that stays, or the time is over. */
async function settle(observer, applied, { timeout, secret, signal }) {
	const end = Date.now() + timeout;
	const heard = /* @__PURE__ */ new Map();
	let told = "";
	let standing = {
		code: "",
		since: 0
	};
	let hasMoved = false;
	for (;;) {
		if (signal.aborted) throw stopped(`wait for ${describe(applied)}`, signal);
		const isOver = Date.now() >= end;
		const known = await look$1(observer, applied, isOver);
		const state = judge(applied, known);
		if (state.result === "ready") return { result: "ready" };
		const trouble = known && await findTrouble(observer, applied, known.object, {
			secret,
			heard
		});
		const why = explain(applied, state, trouble);
		const settled = {
			reason: why,
			cure: trouble?.cure
		};
		if (state.result === "failed") return {
			...settled,
			result: "failed"
		};
		if (trouble?.code !== standing.code) standing = {
			code: trouble?.code ?? "",
			since: Date.now()
		};
		const hasStayed = trouble?.fails === "soon" && Date.now() - standing.since >= GRACE;
		if (trouble?.fails === "now" || hasStayed || state.isStuck && hasMoved) return {
			...settled,
			result: "failed"
		};
		hasMoved ||= known !== void 0 && !state.isStuck;
		if (isOver) {
			const warning = known && trouble === void 0 ? await lastWarning(observer, applied, known.object) : void 0;
			return {
				...settled,
				result: "timeout",
				reason: [why, warning].filter(Boolean).join(": ")
			};
		}
		if (known !== void 0 && why !== told) info(`${describe(applied)}: ${why}`);
		told = why;
		await observer.change(Math.max(1, Math.min(LOOK, end - Date.now())));
	}
}
/** A Pod that waits says no more than its container; other workloads say first how far they are. */
function explain({ groupKind }, state, trouble) {
	if (groupKind !== "v1 Pod") return [state.reason, trouble?.reason].filter(Boolean).join(": ");
	return state.result === "waiting" && trouble?.reason || state.reason;
}
/** The workload as it is followed; asked for by itself at the end, and where it may not be listed. */
async function look$1(observer, { path, collection, name, ...named }, isLast) {
	const followed = observer.collection(collection);
	if (followed.failure !== void 0 && followed.failure.status !== 403) throw followed.failure;
	if (followed.failure === void 0 && !isLast) return followed.get(name);
	const doing = `read ${describe({
		name,
		...named
	})} in the cluster ${observer.server.name}`;
	const answer = await observer.server.request({
		doing,
		path,
		expect: [404]
	});
	if (answer.status !== 404) return {
		object: answer.json(),
		isGone: false
	};
	return {
		object: followed.get(name)?.object ?? {},
		isGone: true
	};
}
function judge({ groupKind, uid }, known) {
	if (known === void 0) return {
		result: "waiting",
		reason: "it is not seen yet"
	};
	const state = ROLLOUTS[groupKind]?.(known.object) ?? { result: "ready" };
	return (known.isGone || uidOf(known.object) !== uid) && state.result === "waiting" ? {
		result: "failed",
		reason: "it was deleted while we waited"
	} : state;
}
// src/workload/deploy.ts
/**
* Applies the manifests to all clusters at once, in each of them in order, then waits for all workloads together. One
* that fails does not stop the others.
*/
async function deploy(targets, inputs, secret, dryRun, signal) {
	const clusters = Map.groupBy(targets, ({ cluster }) => cluster);
	const attempts = await Promise.all([...clusters].map(([cluster, own]) => applyAll(cluster, own, inputs, secret?.name, dryRun, signal)));
	if (inputs.waitTimeout === 0) return attempts.flat().map(({ workload }) => workload);
	const held = targets.flatMap(({ replaced }) => replaced?.kind === "present" ? Object.keys(replaced.entries) : []);
	const opened = secret && {
		name: secret.name,
		hosts: [.../* @__PURE__ */ new Set([...secret.hosts, ...held])]
	};
	return await waitForAll(attempts.flat(), inputs.waitTimeout, opened, signal);
}
/** One object after the other, each in all its namespaces at once: what comes first may be what the next one needs. */
async function applyAll(cluster, targets, { objects, recreatePods }, secretName, dryRun, signal) {
	const namespaces = targets.map(({ namespace }) => namespace);
	const discover = createDiscovery(cluster, objects);
	const attempts = [];
	for (const object of inOrder(objects)) {
		const complete = secretName === void 0 ? object : withPullSecret(object, secretName);
		if (secretName !== void 0 && makesPods(object)) warnOfStranger(object, namespaces, secretName);
		try {
			const placed = await place(complete, objects, namespaces, discover);
			attempts.push(...await Promise.all(placed.map((one) => attempt(cluster, one, {
				dryRun,
				recreatePods,
				signal
			}))));
		} catch (failure) {
			attempts.push({
				cluster,
				workload: failed(named(cluster, object, namespaces[0] ?? ""), failure)
			});
		}
	}
	return attempts;
}
async function attempt(cluster, placed, options) {
	const { dryRun } = options;
	const workload = named(cluster, placed.object, placed.namespace);
	try {
		const applied = await applyObject(cluster, placed, options);
		info(`${dryRun ? "Would apply" : "Applied"} ${describe(applied)} in ${cluster.name}`);
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
			...isAwaited(applied) && { applied }
		};
	} catch (failure) {
		if (dryRun && placed.isEarly && failure instanceof HttpError && failure.status === 404) return {
			cluster,
			workload: {
				...workload,
				result: "planned",
				reason: UNCHECKED
			}
		};
		return {
			cluster,
			workload: failed(workload, failure)
		};
	}
}
const UNCHECKED = "not checked: its namespace or its kind comes of the same manifest, and is not there yet";
async function waitForAll(attempts, timeout, secret, signal) {
	using stage = new DisposableStack();
	const observers = /* @__PURE__ */ new Map();
	const observe = ({ cluster, workload: { namespace } }) => {
		const key = `${cluster.name}/${namespace}`;
		const observer = observers.get(key) ?? stage.use(new Observer(cluster, namespace, signal));
		observers.set(key, observer);
		return observer;
	};
	const workloads = await Promise.all(attempts.map(async (attempt) => {
		const { applied, workload } = attempt;
		if (applied === void 0) return workload;
		try {
			return conclude(attempt, applied, await settle(observe(attempt), applied, {
				timeout,
				secret,
				signal
			}), timeout);
		} catch (failure) {
			return failed(workload, failure);
		}
	}));
	const ready = attempts.filter((_, index) => workloads[index]?.result === "ready");
	if (secret !== void 0) await warnOfUnpulled(Map.groupBy(ready, observe), secret);
	return workloads;
}
async function warnOfUnpulled(ready, { name, hosts }) {
	const look = ([observer, attempts]) => unpulled(observer, attempts.flatMap(({ applied }) => applied ?? []), hosts);
	const [first, ...more] = (await Promise.all([...ready].map(look))).flat();
	if (first === void 0) return;
	const which = describe(first) + (more.length > 0 ? ` and ${more.length} more` : "");
	warning(`The nodes had the image of ${which} already, so that this run does not prove that the secret ${name} opens it. Set \`imagePullPolicy: Always\`, or \`verify-image\`.`);
}
function conclude({ cluster, workload }, applied, { result, reason = "it gives no reason", cure = CURES$1[result] }, timeout) {
	if (result === "ready") {
		info(`${describe(applied)} is ready`);
		return {
			...workload,
			result
		};
	}
	const what = result === "timeout" ? `is not ready after ${timeout / 1e3} s` : "does not run";
	const failure = new Failure(`${describe(applied)} in ${cluster.name} ${what}: ${reason}`, { cure });
	return {
		...workload,
		result,
		reason,
		failure
	};
}
const CURES$1 = {
	ready: void 0,
	failed: "See `kubectl describe` and `kubectl logs`.",
	timeout: "See `kubectl describe`, or raise `wait-timeout`."
};
function named(cluster, { kind, metadata }, namespace) {
	return {
		cluster: cluster.name,
		namespace,
		kind,
		name: metadata.name
	};
}
function failed(workload, failure) {
	return {
		...workload,
		result: "failed",
		reason: explain$1(failure).join(" "),
		failure
	};
}
function warnOfStranger({ kind, metadata }, namespaces, secretName) {
	const { name, namespace } = metadata;
	if (namespace === void 0 || namespaces.includes(namespace)) return;
	warning(`${kind} ${namespace}/${name} is in a namespace that does not get the secret ${secretName}: add it to \`namespaces\`.`);
}
// src/issuer/mint-once.ts
const DOING = "mint a token";
const TRIES = 3;
const PAUSE = 1e3;
const LONGEST_PAUSE = 6e4;
/**
* Mints exactly one credential. When the answer is lost or unclear (no answer, 5xx, a broken body) the issuer may have
* minted all the same: the credential is looked up by its description, which no other mint ever had, and only minted
* again when it is not there, or was of no use and is revoked.
* @param description unique to this mint
* @throws Failure after some tries, or at once on a clear refusal
*/
async function mintOnce(issuer, description, signal) {
	for (let attempt = 1;; attempt++) try {
		return await issuer.mint(description);
	} catch (error) {
		const wait = refusedForNow(error);
		if (wait === void 0 && !isUnclear(error)) throw error;
		if (signal.aborted) throw stopped(DOING, signal);
		info(error.message);
		if (wait === void 0) {
			info("Whether a token was minted is unclear: looking it up by its description");
			const found = await lookUp(issuer, description, error);
			if (found !== void 0) return found;
		}
		if (attempt === TRIES) throw error;
		const time = wait ?? PAUSE * attempt;
		info(`No token came of it: asking again in ${(time / 1e3).toFixed(1)} s`);
		await pause(time, DOING, signal);
	}
}
async function lookUp(issuer, description, lost) {
	try {
		const found = (await issuer.list()).find((one) => one.description === description);
		return found && await issuer.recover(found.id);
	} catch (error) {
		throw new Failure(`${error.message}, after an unclear answer to the mint: ${lost.message}`, {
			cause: error,
			cure: `A token described "${description}" may be alive: the post step of this action tries once more to revoke it.`
		});
	}
}
/** Milliseconds to wait after a 429, which says that nothing was minted; `undefined` for every other failure. */
function refusedForNow(error) {
	if (!(error instanceof HttpError) || error.status !== 429) return void 0;
	const wait = error.retryAfter ?? PAUSE;
	return wait <= LONGEST_PAUSE ? wait : void 0;
}
// src/registry/verdict.ts
/** Whether a credential with this verdict works, as far as anybody can tell. */
function works(verdict) {
	return WORKS[verdict.kind];
}
const WORKS = {
	/** It opens the image, and nobody without a login does. */
	pulls: true,
	/** The login is accepted; no image was asked for. */
	accepted: true,
	/** The login is accepted; the image is not there. */
	missing: true,
	/** The login is accepted; the image opens for anybody. */
	public: true,
	/** The registry asks for no login at all. */
	open: true,
	/** User and password are wrong, revoked, or ended. */
	refused: false,
	/** The login is accepted and has no right to the image. */
	forbidden: false,
	/** The account has used up its pull traffic: not the credential's fault. */
	quota: false,
	/** The account is reached over the private network only: not the credential's fault. */
	"private-network": false,
	/** No telling answer. */
	unavailable: false,
	/** Something else answers there. */
	"no-registry": false
};
const CURES = {
	missing: "Check `verify-image`: its namespace, name and tag, and that it is in this registry and not in another region.",
	public: "Name a private image in `verify-image`.",
	open: "Check `docker-server`: a registry of private images asks for a login.",
	refused: "The credential is wrong, revoked or ended, or its account is not active.",
	forbidden: "Give the credential the right to pull from that namespace, or name an image that it may pull.",
	quota: "Raise the quota of pull traffic, or wait for the next month. The credential is fine: rotating it does not help.",
	"private-network": "Run this job inside the private network, with the private host name of the registry. The credential is fine.",
	"no-registry": "Check `docker-server` and `registry-endpoint`: a registry answers `GET /v2/` with 200, or 401 and a challenge."
};
function verdict(kind, sentence, cure = CURES[kind]) {
	return {
		kind,
		sentence,
		cure
	};
}
const REFUSALS = {
	refused: "refuses the credential",
	/** GitHub's registry says 403 of a wrong password, too. */
	denied: "denies the login: it is wrong, or has no right there",
	forbidden: "accepts the login, but it has no right to the image"
};
/**
* Why a registry or its token server refuses a login. Limits of an account look like a bad credential, and are none; a
* credential that has ended can look like a missing right, as at Amazon's.
*/
function refusal(usual, who, answer) {
	const { code, message } = serverWords(answer.text);
	const said = [answer.status, [code, message].filter(Boolean).join(": ")].filter(Boolean).join(" ");
	const text = `${code ?? ""} ${message ?? ""}`;
	if (/quota/i.test(text)) return verdict("quota", `${who} says that the account is over its quota (${said})`);
	if (/private network/i.test(text)) return verdict("private-network", `${who} is not to be reached from here (${said})`);
	const how = /token has expired/i.test(text) ? "refused" : usual;
	return verdict(how === "refused" ? "refused" : "forbidden", `${who} ${REFUSALS[how]} (${said})`);
}
// src/registry/challenge.ts
/**
* Reads a `WWW-Authenticate` header of one or several challenges, tolerantly: spaces around commas and `=`, any case,
* commas and escapes inside quotes, a last quote that never closes.
*/
function parseChallenges(header) {
	const challenges = [];
	for (const [, word = "", quoted, plain] of header.matchAll(/([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s,"]*)))?/g)) {
		const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
		const current = challenges.at(-1);
		if (value === void 0) challenges.push({
			scheme: word.toLowerCase(),
			parameters: {}
		});
		else if (current !== void 0) current.parameters[word.toLowerCase()] = value;
	}
	return challenges;
}
// src/registry/session.ts
/** The answers that tell something about a credential. 429 and 5xx tell nothing: `Send` repeats and then throws them. */
const TELLING = [
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
* Finds the registry behind a host of a docker config.
* @param server with or without a scheme; a loopback host without one is asked by https, then by http
*/
async function openRegistry(send, server) {
	let lost;
	const origins = originsOf(server);
	for (const [index, origin] of origins.entries()) try {
		const ping = await send({
			doing: `reach the registry ${printable(server)}`,
			url: `${origin}/v2/`,
			expect: TELLING,
			...index < origins.length - 1 && { attempts: 1 }
		});
		return {
			origin,
			ping,
			challenge: challengeOf(ping)
		};
	} catch (error) {
		if (!(error instanceof NetworkError)) throw error;
		lost ??= error;
	}
	throw lost;
}
/** How an answer wants to be asked again; bearer tokens are preferred to sending the login itself. */
function challengeOf(answer) {
	const challenges = answer.status === 401 ? parseChallenges(header(answer, "www-authenticate") ?? "") : [];
	return challenges.find(({ scheme }) => scheme === "bearer") ?? challenges[0];
}
/**
* Asks for a path of the registry with a login, or as anybody: fetches a bearer token for the scope at the realm of the
* challenge, or sends the login itself where the challenge is Basic.
*/
async function open(send, { origin, challenge }, login, request) {
	const doing = `ask the registry ${new URL(origin).host} for ${request.path}${login ? "" : " without a login"}`;
	const basic = login && { authorization: `Basic ${maskBasic(login.username, login.password)}` };
	let credentials = basic;
	if (challenge?.scheme === "bearer") {
		const answer = await send({
			doing: `get a token of the registry ${new URL(origin).host}`,
			url: tokenUrl(challenge, origin, request.scope),
			expect: TELLING,
			...basic && { credentials: basic }
		});
		if (answer.status !== 200) return {
			by: "realm",
			answer
		};
		const said = answer.json();
		const token = asText(said.token) ?? asText(said.access_token);
		credentials = token === void 0 ? void 0 : { authorization: `Bearer ${mask(token)}` };
	}
	return {
		by: "registry",
		answer: await send({
			doing,
			method: request.method ?? "GET",
			url: origin + request.path,
			expect: TELLING,
			...request.accept && { headers: { accept: request.accept } },
			...credentials && { credentials }
		})
	};
}
function tokenUrl({ parameters }, origin, scope) {
	const realm = parameters.realm ?? "";
	if (realm === "" || !URL.canParse(realm, origin)) throw new UnexpectedAnswer(`get a token of the registry ${new URL(origin).host}`, origin, "names no token server");
	const url = new URL(realm, origin);
	if (parameters.service !== void 0) url.searchParams.set("service", parameters.service);
	if (scope !== void 0) url.searchParams.set("scope", scope);
	return url;
}
function originsOf(server) {
	const [, scheme, host = ""] = /^(https?:\/\/)?([^/]*)/.exec(server) ?? [];
	if (host === "docker.io" || host === "index.docker.io") return ["https://registry-1.docker.io"];
	if (scheme !== void 0) return [scheme + host];
	const hostname = host.replace(/:\d+$/, "");
	return isLoopback(hostname) ? [`https://${host}`, `http://${host}`] : [`https://${host}`];
}
// src/registry/verify.ts
/** Pauses before a new credential is tried again: an issuer needs some seconds until all its servers know it. */
const PATIENCE = [
	500,
	1e3,
	2e3,
	4e3,
	8e3
];
/** Tries a credential that was minted just now: a refusal may be too early. */
async function verifyNew(send, server, login, image, signal) {
	for (const time of PATIENCE) {
		const result = await verify(send, server, login, image);
		if (result.kind !== "refused") return result;
		info(`${result.sentence}. A new credential may need some seconds: trying again in ${time / 1e3} s`);
		await pause(time, `prove the new credential at ${server}`, signal);
	}
	return await verify(send, server, login, image);
}
/**
* Tries a credential at a registry as a pull would, without pulling: the login by the registry's challenge, then the
* manifest of the image where one is given.
* @param server a host as it stands in the docker config
*/
async function verify(send, server, login, image) {
	try {
		const registry = await openRegistry(send, server);
		if (registry.challenge === void 0 && !isGreeting(registry.ping)) {
			const what = registry.ping.status === 200 ? "a web page" : `${registry.ping.status} and no challenge`;
			return verdict("no-registry", `${host(registry)} answers GET /v2/ with ${what}, as no registry does`);
		}
		const asked = registry.challenge === void 0 && image !== void 0 ? await askForImage(send, registry, image) : registry;
		if (asked.challenge === void 0) return verdict("open", `${host(asked)} asks for no login: nothing is proven`);
		return image === void 0 ? await tryLogin(send, asked, login) : await tryImage(send, asked, login, image);
	} catch (error) {
		if (!(error instanceof HttpError || error instanceof NetworkError)) throw error;
		return verdict("unavailable", error.message, error.cure);
	}
}
/** A page that some proxy or portal puts in the way also answers 200. */
function isGreeting(ping) {
	return ping.status === 200 && !header(ping, "content-type")?.startsWith("text/html");
}
async function tryLogin(send, registry, login) {
	const { by, answer } = await open(send, registry, login, { path: "/v2/" });
	if (answer.status === 200) return verdict("accepted", `${host(registry)} accepts the credential`);
	if (by === "realm") return refusedByRealm(registry, answer);
	return refusal(answer.status === 403 ? "denied" : "refused", host(registry), answer);
}
/** Only 400 and 401 speak of the credential; a token server that is not there is no reason to mint another. */
function refusedByRealm(registry, answer) {
	const server = `The token server of ${host(registry)}`;
	if (answer.status === 403) return refusal("denied", server, answer);
	if (answer.status === 400 || answer.status === 401) return refusal("refused", server, answer);
	return verdict("unavailable", `${server} answers ${answer.status}`, "Ask the operators of the registry.");
}
const MANIFESTS = [
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.docker.distribution.manifest.v2+json"
].join(", ");
/** Some registries greet anybody, and ask for a login only where an image is private. */
async function askForImage(send, registry, image) {
	const { answer } = await open(send, registry, void 0, {
		...manifest(image),
		method: "HEAD"
	});
	return {
		...registry,
		challenge: challengeOf(answer)
	};
}
function manifest({ repository, reference }) {
	return {
		path: `/v2/${repository}/manifests/${reference}`,
		scope: `repository:${repository}:pull`,
		accept: MANIFESTS
	};
}
async function tryImage(send, registry, login, image) {
	const request = manifest(image);
	const shown = `${image.repository}${image.reference.includes(":") ? "@" : ":"}${image.reference}`;
	const head = await open(send, registry, login, {
		...request,
		method: "HEAD"
	});
	const isTold = head.by === "realm" || head.answer.status === 200;
	const { by, answer } = isTold ? head : await open(send, registry, login, request);
	if (by === "realm") return refusedByRealm(registry, answer);
	if (answer.status === 200) {
		const anybody = await open(send, registry, void 0, {
			...request,
			method: isTold ? "HEAD" : "GET"
		});
		return anybody.answer.status === 200 && anybody.by === "registry" ? await behindPublic(send, registry, login, shown) : verdict("pulls", `${host(registry)} opens ${shown} with the credential, and not without it`);
	}
	if (registry.ping.status === 200 && registry.challenge?.scheme === "basic" && answer.status === 401) return refusal("refused", host(registry), answer);
	const basis = await tryLogin(send, registry, login);
	if (basis.kind !== "accepted") return basis;
	if (answer.status === 404) return verdict("missing", `${host(registry)} accepts the credential, but has no ${shown}`);
	return refusal("forbidden", host(registry), answer);
}
/** A public image opens with any credential, even a bad one where the registry is kind: only the login counts then. */
async function behindPublic(send, registry, login, image) {
	const basis = await tryLogin(send, registry, login);
	return basis.kind === "accepted" ? verdict("public", `${host(registry)} accepts the credential; ${image} is public, so it proves nothing`) : basis;
}
function host(registry) {
	return new URL(registry.origin).host;
}
// src/run/credential.ts
/**
* The first of the stored credentials that every registry still takes.
* @throws Failures when a registry gives no telling answer: that is no reason to mint
*/
async function keep(send, candidates, { servers, username, image }) {
	for (const candidate of candidates) {
		const login = {
			username,
			password: mask(candidate.password)
		};
		const verdicts = await Promise.all(servers.map((server) => verify(send, server, login, image)));
		if (verdicts.every(works)) return {
			credential: {
				...candidate,
				origin: "kept"
			},
			verdicts
		};
		const bad = verdicts.filter((verdict) => !works(verdict));
		if (bad.some(({ kind }) => kind !== "refused")) throw unproven(bad);
		for (const { sentence } of bad) info(`The stored token ${candidate.tokenId} is of no use: ${sentence}.`);
	}
}
/** Mints one credential. From before the request on, the post step knows how to find it. */
async function mint(issuer, prefix, run, signal) {
	const mintedAt = /* @__PURE__ */ new Date();
	const description = describeMint(prefix, run, mintedAt, randomBytes(4).toString("hex"));
	saveMint(description);
	const { id, value, expiresAt } = await mintOnce(issuer, description, signal);
	saveMintedId(id);
	const end = expiresAt ? `until ${expiresAt.toISOString()}` : "without an end";
	info(`Minted the token ${id}, ${end}, described "${description}"`);
	return {
		tokenId: id,
		mintedAt,
		expiresAt,
		password: value,
		origin: "minted"
	};
}
/**
* The credential that the workflow brings, under an id of its own.
* @throws Failure when it has ended
*/
function take({ value, expiresAt }) {
	const now = /* @__PURE__ */ new Date();
	if (expiresAt !== void 0 && expiresAt <= now) throw new Failure(`The credential in \`docker-password\` has ended at ${expiresAt.toISOString()}`, { cure: "Let the step that logs in to the registry run in this job, before this one." });
	return {
		tokenId: givenId(randomUUID()),
		mintedAt: now,
		expiresAt,
		password: mask(value),
		origin: "given"
	};
}
/**
* Proves a new credential at every registry, before anything is written. Only one that was minted just now is tried again:
* it may be too early for it.
* @throws Failures
*/
async function prove(send, credential, { servers, username, image }, signal) {
	const login = {
		username,
		password: credential.password
	};
	const tried = (server) => credential.origin === "minted" ? verifyNew(send, server, login, image, signal) : verify(send, server, login, image);
	const verdicts = await Promise.all(servers.map(tried));
	const bad = verdicts.filter((verdict) => !works(verdict));
	if (bad.length > 0) throw unproven(bad);
	return {
		credential,
		verdicts
	};
}
/** What stands for the new credential where nothing may be minted: the API servers check a secret of the same shape. */
function rehearsal() {
	const password = randomBytes(16).toString("hex");
	return {
		credential: {
			tokenId: "planned",
			mintedAt: /* @__PURE__ */ new Date(),
			expiresAt: void 0,
			password,
			origin: "rehearsed"
		},
		verdicts: []
	};
}
/** Revokes a new credential that nothing holds. Failing to is a warning: the post step tries once more. */
async function discard(issuer, { tokenId }) {
	try {
		await issuer.revoke(tokenId);
		savePhase("settled");
		info(`The new token ${tokenId} was written nowhere: it is revoked.`);
	} catch (error) {
		warning(`The new token ${tokenId} was written nowhere and is still alive: ${reason(error)}`);
	}
}
function unproven(verdicts) {
	const failures = verdicts.map(({ sentence, cure }) => new Failure(sentence, { cure }));
	return new Failures(failures, "The credential is not proven");
}
// src/run/distribute.ts
/**
* Writes the credential to every target. When another run brings a newer one at the same time, this run goes on with
* that one, so that both end with the same in every target.
*/
async function spreadCredential(targets, secret, own, scope, { registry, run, dryRun, revoke }, send, identify) {
	const refused = /* @__PURE__ */ new Set();
	const stored = targets.flatMap((target) => "stored" in target ? [target.stored] : []);
	for (let credential = own;;) {
		const { password, tokenId } = credential;
		const spared = sparedBy(tokenId, stored, scope);
		const scopes = scopesOf(tokenId, stored, scope);
		const pullSecret = {
			...secret,
			dockerConfig: (config) => dockerConfig({
				...registry,
				password
			}, config),
			isDead: (stored) => refused.has(stored.provenance?.tokenId)
		};
		const superseded = supersededBy(tokenId, stored, (own.origin === "minted" && revoke !== "never" ? await identify(tokenId, stored).catch(() => void 0) : void 0) ?? /* @__PURE__ */ new Set()).filter((one) => objectionTo(one, scope) === void 0).map((one) => one.tokenId);
		if (!dryRun) saveWriting(tokenId, superseded);
		const outcomes = await fanOut(targets, pullSecret, {
			...credential,
			run: run.url,
			scopes,
			spared
		}, dryRun);
		const rival = rivalIn(outcomes);
		if (rival === void 0) return {
			credential,
			outcomes
		};
		const candidate = candidateOf(rival, registry);
		const kept = candidate && await keep(send, [candidate], registry);
		if (kept === void 0) refused.add(rival.provenance?.tokenId);
		else info(`Another run brought the newer token ${kept.credential.tokenId} meanwhile: this run goes on with it.`);
		credential = kept?.credential ?? own;
	}
}
// src/run/ownership.ts
/**
* Asks the issuer whether replaced secrets held what they recorded, each once.
* @param username of the credential
*/
function createIdentify(username, login) {
	const answers = /* @__PURE__ */ new Map();
	return async (tokenId, stored) => {
		const proven = /* @__PURE__ */ new Set();
		for (const { id, value } of claimsIn(tokenId, stored, username)) {
			const key = `${id} ${value}`;
			const answer = answers.get(key) ?? await (await login()).isOurs(id, mask(value));
			answers.set(key, answer);
			if (answer) proven.add(id);
		}
		return proven;
	};
}
// src/run/revoke.ts
/**
* Revokes what a run has replaced, and what killed runs of the same scope have left behind, as far as it can show that
* nobody needs it. One that fails does not stop the others.
* @param veto why nothing may be revoked at all
* @param login asked only when there is something to revoke or to look for
*/
async function revokeReplaced(rotation, veto, login, identify, signal) {
	if (veto !== void 0) return await revokeAll([], supersededBy(rotation.tokenId, rotation.stored, /* @__PURE__ */ new Set()).map(({ tokenId }) => ({
		tokenId,
		reason: veto
	})), login);
	const proven = await identify(rotation.tokenId, rotation.stored);
	const superseded = supersededBy(rotation.tokenId, rotation.stored, proven);
	const isSpread = superseded.some(({ scopes }) => [...scopes].some((one) => one !== rotation.scope));
	const isBlank = rotation.mint !== void 0 && !isRemembered(rotation.stored);
	const census = isSpread || isBlank ? await takeCensus(rotation.clusters) : NOBODY_ASKED;
	const judged = superseded.map((one) => ({
		...one,
		reason: objectionTo(one, rotation.scope, census)
	}));
	const unrevoked = judged.flatMap(({ tokenId, reason }) => reason === void 0 ? [] : [{
		tokenId,
		reason
	}]);
	const replaced = judged.flatMap(({ tokenId, reason }) => reason === void 0 ? [tokenId] : []);
	if (replaced.length > 0) {
		saveRevoking(replaced);
		await outlastPulls(rotation.writtenAt, signal);
	}
	const needed = /* @__PURE__ */ new Set([
		rotation.tokenId,
		...rotation.spared,
		...census.holders.keys(),
		...unrevoked.map((one) => one.tokenId)
	]);
	const leftovers = (await findLeftovers(rotation, census, login)).filter((id) => !needed.has(id));
	return await revokeAll([.../* @__PURE__ */ new Set([...replaced, ...leftovers])], unrevoked, login);
}
async function takeCensus(clusters) {
	const seen = await Promise.all(clusters.map(async (cluster) => ({
		cluster: cluster.identity,
		holders: await listHolders(cluster)
	})));
	return {
		clusters: new Set(seen.flatMap(({ cluster, holders }) => holders === void 0 ? [] : [cluster])),
		holders: new Map(seen.flatMap(({ holders }) => [...holders ?? []]))
	};
}
/** Targets that hold nothing of ours remember nothing either: then only seeing all secrets tells what nobody holds. */
async function findLeftovers({ stored, clusters, mint }, census, login) {
	const isSure = isRemembered(stored) || clusters.every(({ identity }) => census.clusters.has(identity));
	return mint !== void 0 && isSure ? leftoversAmong(await (await login()).list(), mint.prefix, mint.at) : [];
}
async function revokeAll(ids, unrevoked, login) {
	const revoked = [];
	const failed = [];
	const failures = [];
	for (const { tokenId, reason } of unrevoked) info(`The replaced token ${tokenId} stays alive: ${reason}.`);
	for (const tokenId of ids) try {
		await (await login()).revoke(tokenId);
		revoked.push(tokenId);
		info(`Revoked the token ${tokenId}: nobody needs it any more.`);
	} catch (failure) {
		failures.push(failure);
		failed.push({
			tokenId,
			reason: "the issuer did not revoke it, see the error"
		});
	}
	return {
		revoked,
		unrevoked: [...unrevoked, ...failed],
		failures
	};
}
// src/run/main.ts
/** What was minted in vain can be revoked for so long (milliseconds), even after the deadline of the run. */
const CLEANUP_TIME = 3e4;
/** One run, in the order of the contract. What fails without stopping the rest goes to `failures`. */
async function work(inputs, report, failures) {
	const { secret, registry, dryRun } = inputs;
	const signal = startDeadline(inputs.timeout);
	const dispatcher = createDispatcher(inputs.certificates);
	const send = createSend(dispatcher, signal);
	const provider = createProvider(inputs.credential);
	let session;
	const login = () => {
		session ??= provider.open(send);
		return session;
	};
	const loggedIn = async () => (await login()).issuer(send);
	const identify = createIdentify(registry.username, loggedIn);
	const revokeNew = async (credential) => {
		const { issuer } = await login();
		await discard(issuer(createSend(dispatcher, AbortSignal.timeout(CLEANUP_TIME))), credential);
	};
	let targets = await look(inputs, signal);
	const stored = targets.flatMap((target) => "stored" in target ? [target.stored] : []);
	const clusters = targets.map(({ cluster }) => cluster.identity);
	const { candidates, reason } = chooseCandidates(stored, {
		...registry,
		clusters,
		maxAge: inputs.maxAge,
		given: provider.given?.value
	}, /* @__PURE__ */ new Date());
	const kept = await keep(send, candidates, registry);
	targets = await requireRights(targets, await rightsNeeded(targets, inputs, kept?.credential.tokenId));
	const unusable = targets.filter((target) => "failure" in target);
	if (unusable.length > 0 && unusable.length === targets.length) {
		failures.push(...report.targets(secret?.name, unusable));
		return;
	}
	const need = provider.given ? "The given credential is to be written" : "A new token is needed";
	report.decision(kept ? `The stored token ${kept.credential.tokenId} is young enough and works: it is kept.` : `${need}: ${reason || "the registry refuses the stored one"}.`);
	const scope = secret === void 0 ? "" : scopeOf(targets, secret.name);
	const prefix = mintPrefix(inputs.description, scope);
	const obtain = async () => {
		if (provider.given !== void 0) return await prove(send, take(provider.given), registry, signal);
		if (dryRun) return rehearsal();
		const { organizationGuid, issuer } = await login();
		if (organizationGuid !== void 0) report.organization(organizationGuid);
		const credential = await mint(issuer(send), prefix, inputs.run.id, signal);
		report.credential(credential, registry);
		try {
			return await prove(send, credential, registry, signal);
		} catch (error) {
			await revokeNew(credential);
			targets = await look(inputs, signal);
			const later = laterCandidates(targets, credential, registry);
			const winner = await keep(send, later, registry).catch(() => void 0);
			if (winner === void 0) throw error;
			info(`Another run brought the newer token ${winner.credential.tokenId} meanwhile: this run goes on with it.`);
			return winner;
		}
	};
	const proven = kept ?? await obtain();
	const isMinted = proven.credential.origin === "minted";
	report.proofs(proven.verdicts);
	if (!isMinted && proven.credential.origin !== "rehearsed") report.credential(proven.credential, registry);
	if (isMinted && secret === void 0) savePhase("settled");
	let { credential } = proven;
	let outcomes = [];
	let writtenAt = 0;
	if (secret === void 0) failures.push(...unusable.map(({ failure }) => failure));
	else {
		const spread = await spreadCredential(targets, secret, proven.credential, scope, inputs, send, identify);
		writtenAt = performance.now();
		outcomes = await attachAll(spread.outcomes, secret.serviceAccounts, {
			secretName: secret.name,
			dryRun,
			signal
		});
		credential = spread.credential;
		if (credential !== proven.credential) report.credential(credential, registry);
		failures.push(...report.targets(secret.name, outcomes));
		const isHeld = outcomes.some(({ result }) => result !== "failed");
		const isLost = credential !== proven.credential && failures.length === 0;
		if (isMinted && (isLost || isHeldNowhere(outcomes))) await revokeNew(proven.credential);
		if (!isHeld) return;
	}
	if (inputs.deploy !== void 0) {
		const ready = (secret === void 0 ? targets : outcomes).filter((one) => !("failure" in one));
		const pullSecret = secret && {
			name: secret.name,
			hosts: registry.servers
		};
		failures.push(...report.workloads(await deploy(ready, inputs.deploy, pullSecret, dryRun, signal)));
	}
	if (secret === void 0 || dryRun) return;
	const replaced = outcomes.flatMap((outcome) => "replaced" in outcome ? [outcome.replaced] : []);
	const revocation = await revokeReplaced({
		stored: replaced,
		clusters: [...new Set(targets.map(({ cluster }) => cluster))],
		scope,
		tokenId: credential.tokenId,
		spared: sparedBy(credential.tokenId, replaced, scope),
		writtenAt,
		mint: isMinted ? {
			prefix,
			at: proven.credential.mintedAt
		} : void 0
	}, inputs.revoke === "never" ? "`revoke` is never" : failures.length > 0 ? FAILED : void 0, loggedIn, identify, signal);
	failures.push(...report.revocation(revocation));
	if (failures.length === 0) savePhase("settled");
}
const FAILED = "a part of this run failed, so that it may still be needed";
/** The newest that the targets hold of later mints than this one. */
function laterCandidates(targets, { mintedAt }, registry) {
	return targets.flatMap((target) => "stored" in target && target.stored.kind === "present" ? [target.stored] : []).flatMap((stored) => candidateOf(stored, registry) ?? []).filter((candidate) => candidate.mintedAt > mintedAt).sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime()).slice(0, 1);
}
/** Connects, and reads what the targets hold: nothing is minted before. */
async function look({ cluster, secret, concurrency }, signal) {
	if (cluster === void 0) return [];
	const targets = await resolveTargets(cluster, concurrency, signal);
	if (secret === void 0) return targets.map((target) => "failure" in target ? target : {
		...target,
		stored: { kind: "absent" }
	});
	const surveyed = await survey(targets, secret.name, secret.adopt);
	const [first] = surveyed;
	if (surveyed.length === 1 && first !== void 0 && "stored" in first) await describePullSecrets(first.cluster, first.namespace);
	return surveyed;
}
export { work };
