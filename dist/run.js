import { F as printable, J as asObject, M as info, W as redact, X as asText, Y as asObjects, at as ActionError, et as abortError, tt as delay } from "./runner.js";
import { gt as conditionOf, vt as isObserved } from "./inputs.js";
import { c as HttpError, p as isOutcomeUnknown } from "./http.js";
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
/** Loads the provider that the request is for, and no other. */
async function createProvider(request) {
	switch (request.provider) {
		case "dedicated": {
			const { createDedicatedProvider } = await import("./provider-dedicated.js");
			return createDedicatedProvider(request);
		}
		case "ibmcloud": {
			const { createIbmcloudProvider } = await import("./provider-ibmcloud.js");
			return createIbmcloudProvider(request);
		}
		case "harbor": {
			const { createHarborProvider } = await import("./provider-harbor.js");
			return createHarborProvider(request);
		}
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
// src/run/grace-period.ts
/**
* For so long after the last write the old and the new credential both work. A kubelet that has read the secret just
* before it was written still logs in with what it read; half a second was measured on a real node.
* See docs/decisions for the measurements.
*/
const REVOCATION_GRACE_MS = 5e3;
/**
* Waits until no pull that is in flight uses what was superseded.
* @param writtenAtMs when the last target was written, by `clock.elapsedMs()`
*/
async function waitForInFlightPulls(clock, writtenAtMs, signal) {
	const remainingMs = writtenAtMs + REVOCATION_GRACE_MS - clock.elapsedMs();
	if (remainingMs <= 0) return;
	info(`Waiting ${(remainingMs / 1e3).toFixed(1)} s for in-flight pulls before revoking`);
	await clock.sleep(remainingMs, signal);
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
export { failedContainer as a, SYSTEM_CLOCK as c, permissionsToCreate as d, permissionsToWrite as f, containerStatuses as i, createProvider as l, listRepositories as m, ROLLOUTS as n, joinReasons as o, rulesOf as p, isFinishedJob as r, waitForInFlightPulls as s, mintOnce as t, describePermissions as u };
