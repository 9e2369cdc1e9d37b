import { G as warning, V as info, _t as ActionError, xt as actionErrorsOf } from "./runner.js";
import { $t as createDiscovery, Jt as inApplyOrder, Xt as placeObject, lt as withAccountSecret, ot as createsPods, ut as withPullSecret } from "./inputs.js";
import { a as applyPodOfImage, c as applyObject, i as waitForWorkload, l as displayName, o as Observer, r as hasRollout, s as warnAboutCachedImages } from "./workload.js";
// src/workload/deploy.ts
/**
* Applies the manifest to all clusters, then waits for all workloads. A workload that fails does not stop the others:
* its error is in its result.
*/
async function deploy(targets, { inputs, secret, failed: failedTargets = [], namespaces: results, dryRun, suggestImage }, signal) {
	const { objects, fromImage = false, recreate, waitTimeoutMs } = inputs;
	const clusters = Map.groupBy(targets, ({ cluster }) => cluster);
	const deletionDeadlineMs = Date.now() + waitTimeoutMs;
	const attempts = await Promise.all([...clusters].map(([cluster, own]) => {
		const namespaces = own.map(({ namespace }) => namespace);
		const created = own.filter((one) => one.namespaceToCreate !== void 0).map(({ namespace }) => namespace);
		const isInCluster = (one) => one.cluster.identity === cluster.identity;
		const withheld = failedTargets.filter(isInCluster).map(({ namespace }) => namespace);
		const options = {
			dryRun,
			recreate,
			deletionDeadlineMs,
			signal
		};
		const applied = results?.get(cluster.name);
		return applyManifest(cluster, {
			objects,
			fromImage,
			namespaces,
			created,
			withheld,
			applied,
			secret
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
		...secret,
		hosts: [.../* @__PURE__ */ new Set([...secret.hosts, ...stored])]
	};
}
/** Applies one object after the other, since a later one may need it; each in all its namespaces at once. */
async function applyManifest(cluster, { objects, fromImage, namespaces, created, withheld, applied, secret }, options) {
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
		const known = [...namespaces, ...withheld];
		if (secret !== void 0 && createsPods(object)) warnAboutUnmanagedNamespace(object, known, secret.name);
		const complete = secret === void 0 ? object : withSecret(object, namespaces, secret);
		try {
			const placed = await placeObject(complete, {
				objects,
				namespaces,
				created,
				discover
			});
			const apply = (one) => applyObject(cluster, one, options);
			const applyEach = fromImage ? (one) => applyPodOfImage(cluster, one, apply) : apply;
			const attempt = (one) => attemptToApply(cluster, one, {
				dryRun: options.dryRun,
				apply: applyEach
			});
			for (const { namespace } of placed.filter((one) => withheld.includes(one.namespace))) info(`Did not apply ${displayName(identify(cluster, object, namespace))} in cluster ${cluster.name}: its target failed`);
			const open = placed.filter((one) => !withheld.includes(one.namespace));
			attempts.push(...await Promise.all(open.map(attempt)));
		} catch (error) {
			attempts.push({
				cluster,
				workload: failed(identify(cluster, object, namespaces[0] ?? ""), error)
			});
		}
	}
	return attempts;
}
function withSecret(object, namespaces, secret) {
	const { namespace } = object.metadata;
	const isInTarget = !namespace || namespaces.includes(namespace);
	return withPullSecret(isInTarget ? withAccountSecret(object, secret) : object, secret.name);
}
function warnAboutUnmanagedNamespace({ kind, metadata: { name, namespace } }, namespaces, secretName) {
	if (!namespace || namespaces.includes(namespace)) return;
	warning("unmanaged-namespace", `${displayName({
		kind,
		namespace,
		name
	})} is in a namespace that does not get secret ${secretName}. Add the namespace to \`namespaces\`.`);
}
async function attemptToApply(cluster, placed, { dryRun, apply }) {
	const workload = identify(cluster, placed.object, placed.namespace);
	try {
		const applied = await apply(placed);
		info(`${dryRun ? "Would apply" : "Applied"} ${displayName(applied)} in cluster ${cluster.name}`);
		const { note } = applied;
		if (dryRun) return {
			cluster,
			workload: {
				...workload,
				result: "planned",
				...note && { reason: note }
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
		const isMissing = error instanceof ActionError && error.details.status === 404;
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
export { deploy };
