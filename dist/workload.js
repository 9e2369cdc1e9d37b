import { n as __toESM } from "./rolldown-runtime.js";
import { $ as redact, G as warning, Gt as require_promises, R as debug, Rt as require__builtin_events, V as info, W as printable, _t as ActionError, a as withSuggestion, at as asObjects, ct as isObject, ft as abortError, it as asObject, lt as isRawJson, ot as asText, pt as delay, ut as MANAGER_NAME, w as compareTexts, x as formatCount } from "./runner.js";
import { Ct as repositoryOf, Qt as collectionOf, Yt as isNamespace, an as isObserved, at as changePodSpec, cn as metadataOf, in as groupKind, ln as nameOf, lt as withAccountSecret, nn as conditionOf, on as isOwnedBy, rn as deletionOf, sn as labelOf, tn as annotationOf, un as uidOf, vt as hostOf, xt as matchesImage } from "./inputs.js";
import { c as HttpError, f as isForbidden, l as NetworkError } from "./http.js";
import { M as pagesOf, _ as failedContainer, c as admissionHint, f as waitAfterConflict, g as containerStatuses, h as isFinishedJob, j as withNearNamespaces, m as ROLLOUTS, s as admissionError, v as joinReasons } from "./run.js";
// src/workload/client-side-apply.ts
var import_promises = require_promises();
var import__builtin_events = /* @__PURE__ */ __toESM(require__builtin_events(), 1);
/** The names by which versions of `kubectl apply` own fields; an object that is older than the owners has the last one. */
const CLIENT_SIDE_MANAGERS = [
	"kubectl-client-side-apply",
	"kubectl",
	"before-first-apply"
];
/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-managers */
const SERVER_SIDE_MANAGER = "kubectl";
/**
* Takes over what `kubectl apply` owns in an object that exists, with or without `--server-side`, so the next server-side
* apply removes what the manifest no longer has, as the same `kubectl apply` would. Without it, removed fields stay, and a
* changed port becomes two:
* https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply.
* A user who may not read the object applies without it.
*/
async function takeOverClientSideFields(server, { operation, path }, name) {
	for (let attempt = 1;; attempt++) {
		const object = await readObject(server, {
			operation,
			path
		});
		const entries = asObjects(metadataOf(object).managedFields);
		const managedFields = withoutClientSide(entries);
		if (managedFields === void 0) return {
			isTakenOver: false,
			others: otherManagers(entries)
		};
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
			return {
				isTakenOver: true,
				others: otherManagers(managedFields)
			};
		} catch (error) {
			await waitAfterConflict(error, attempt);
		}
	}
}
/** Whether `kubectl apply` made an object before, so a run would take over its fields. */
async function hasClientSideFields(server, { operation, path }) {
	const object = await readObject(server, {
		operation,
		path
	});
	return withoutClientSide(asObjects(metadataOf(object).managedFields)) !== void 0;
}
function otherManagers(entries) {
	const others = entries.filter((entry) => !isOwn(entry) && !entry.subresource);
	return [...new Set(others.flatMap(({ manager }) => asText(manager) ?? []))];
}
/** Empty when it does not exist, or the user may not read it. */
async function readObject(server, request) {
	try {
		const { operation, path } = request;
		const response = await server.request({
			operation,
			path,
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
	const [latest] = clientSide.toSorted((one, other) => compareTexts(timeOf(other), timeOf(one)));
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
	if (subresource) return false;
	if (operation === "Apply") return manager === SERVER_SIDE_MANAGER;
	return operation === "Update" && CLIENT_SIDE_MANAGERS.includes(asText(manager) ?? "");
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
// src/workload/generated-fields.ts
/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector */
const JOB_LABELS = [
	"controller-uid",
	"job-name",
	"batch.kubernetes.io/controller-uid",
	"batch.kubernetes.io/job-name"
];
const withoutJobLabels = (labels, object) => hasGeneratedSelector(object) ? omit$1(labels, (name) => JOB_LABELS.includes(name)) : labels;
function hasGeneratedSelector({ spec }) {
	const { manualSelector, template } = asObject(spec);
	return ["controller-uid", "batch.kubernetes.io/controller-uid"].some((name) => labelOf(asObject(template), name) !== void 0) && manualSelector !== true;
}
/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-token-volume */
const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const GENERATED_NAME = /-[a-z0-9]{5}$/;
/** The volumes that the API server added to a Pod for the token of its service account. */
function tokenVolumes({ spec }) {
	const { containers, initContainers } = asObject(spec);
	const names = [containers, initContainers].flatMap(asObjects).flatMap((one) => asObjects(one.volumeMounts)).filter(({ mountPath }) => mountPath === TOKEN_PATH).map(({ name }) => asText(name) ?? "");
	return new Set(names.filter((name) => GENERATED_NAME.test(name)));
}
function withoutTokenMounts(containers, object) {
	const volumes = tokenVolumes(object);
	if (!Array.isArray(containers) || volumes.size === 0) return containers;
	return containers.map((container) => {
		const { volumeMounts, ...rest } = asObject(container);
		const mounts = asObjects(volumeMounts).filter(({ name }) => !volumes.has(name));
		return mounts.length === 0 ? rest : {
			...rest,
			volumeMounts: mounts
		};
	});
}
const isIp = (value) => ![value].flat().some((one) => one === "None" || one === "");
const unlessIp = (value) => isIp(value) ? void 0 : value;
const nothing = () => void 0;
/** What the API server or a controller chose, by kind. It is wrong for another object of this name. */
const RULES$1 = {
	"v1 Service": [{
		path: ["spec", "clusterIP"],
		rest: unlessIp
	}, {
		path: ["spec", "clusterIPs"],
		rest: unlessIp
	}],
	"v1 Pod": [
		{
			path: ["spec", "nodeName"],
			rest: nothing
		},
		{
			path: ["spec", "priority"],
			rest: nothing
		},
		{
			path: ["spec", "volumes"],
			rest: (volumes, object) => {
				const names = tokenVolumes(object);
				return Array.isArray(volumes) ? volumes.filter((volume) => !names.has(asObject(volume).name)) : volumes;
			}
		},
		{
			path: ["spec", "containers"],
			rest: withoutTokenMounts
		},
		{
			path: ["spec", "initContainers"],
			rest: withoutTokenMounts
		}
	],
	"batch Job": [
		{
			path: ["spec", "selector"],
			rest: (value, object) => hasGeneratedSelector(object) ? void 0 : value
		},
		{
			path: ["metadata", "labels"],
			rest: withoutJobLabels
		},
		{
			path: [
				"spec",
				"template",
				"metadata",
				"labels"
			],
			rest: withoutJobLabels
		}
	],
	"v1 PersistentVolumeClaim": [{
		path: ["spec", "volumeName"],
		rest: (value, { metadata }) => asObject(metadata.annotations)["pv.kubernetes.io/bound-by-controller"] === void 0 ? value : void 0
	}],
	"v1 PersistentVolume": [{
		path: ["spec", "claimRef"],
		rest: (value) => omit$1(value, (name) => ["uid", "resourceVersion"].includes(name))
	}],
	"v1 ServiceAccount": [{
		path: ["secrets"],
		rest: (value, { metadata }) => {
			const isGenerated = (name) => ["token", "dockercfg"].some((kind) => String(name).startsWith(`${metadata.name}-${kind}-`));
			const rest = asObjects(value).filter(({ name }) => !isGenerated(name));
			return rest.length === 0 ? void 0 : rest;
		}
	}]
};
/** Of any kind: the object would be deleted where its owner does not exist. */
const EVERY_KIND = [{
	path: ["metadata", "ownerReferences"],
	rest: (value) => {
		const rest = asObjects(value).filter(({ controller }) => controller !== true);
		return rest.length === 0 ? void 0 : rest;
	}
}];
/** An object that was printed, without what a server generated in it, and the fields that are missing now. */
function withoutGeneratedFields(object) {
	const dropped = [];
	let result = object;
	for (const { path, rest } of [...EVERY_KIND, ...RULES$1[groupKind(object)] ?? []]) {
		const value = path.reduce((fields, key) => asObject(fields)[key], object);
		if (value === void 0 || value === null) continue;
		const remaining = rest(value, object);
		if (JSON.stringify(remaining) === JSON.stringify(value)) continue;
		dropped.push(path.join("."));
		result = replaceAt(result, path, remaining);
	}
	return {
		object: result,
		dropped
	};
}
/** Fields that cannot be taken from an object any more, and of the maps among them the keys. */
const UNREMOVABLE = {
	"v1 Service": [["spec", "clusterIP"], ["spec", "clusterIPs"]],
	"v1 PersistentVolumeClaim": [["spec", "volumeName"]],
	"batch Job": [["spec", "selector"], ...JOB_LABELS.flatMap((name) => [[
		"metadata",
		"labels",
		name
	], [
		"spec",
		"template",
		"metadata",
		"labels",
		name
	]])]
};
/**
* An object with what the server chose for the one that exists. An earlier apply of a printed manifest owns these fields, and
* the API server refuses to remove them. Undefined when there is nothing to add.
*/
function withStoredFields(object, stored) {
	const valueAt = (fields, path) => path.reduce((value, key) => asObject(value)[key], fields);
	const missing = (UNREMOVABLE[groupKind(object)] ?? []).filter((path) => valueAt(object, path) === void 0 && valueAt(stored, path) !== void 0);
	if (missing.length === 0) return void 0;
	return missing.reduce((fields, path) => replaceAt(fields, path, valueAt(stored, path)), object);
}
function replaceAt(fields, [key = "", ...path], value) {
	const { [key]: present, ...others } = fields;
	if (path.length > 0) return {
		...fields,
		[key]: replaceAt(asObject(present), path, value)
	};
	return value === void 0 ? others : {
		...fields,
		[key]: value
	};
}
function omit$1(fields, isOmitted) {
	return isObject(fields) ? Object.fromEntries(Object.entries(fields).filter(([name]) => !isOmitted(name))) : fields;
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
/** Whether a field of a built-in kind holds quantities by resource. */
function holdsQuantities(field, kind) {
	return QUANTITIES.has(field) || kind === "LimitRange" && LIMIT_RANGE_QUANTITIES.has(field);
}
function convert(value, kind) {
	if (Array.isArray(value)) return value.map((item) => convert(item, kind));
	if (!isObject(value) || isRawJson(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, field]) => {
		if (holdsQuantities(name, kind) && isObject(field)) return [name, asTexts(field)];
		return [name, name === "sizeLimit" && typeof field === "number" ? String(field) : convert(field, kind)];
	}));
}
function asTexts(quantities) {
	const asText = (value) => typeof value === "number" ? String(value) : value;
	return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, asText(value)]));
}
// src/workload/value-mistakes.ts
/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;
/** The quantities of an object that are none. */
function findQuantityMistakes(object) {
	return search(object, "", object.kind);
}
function search(value, at, kind) {
	if (Array.isArray(value)) return value.flatMap((item, index) => search(item, `${at}[${index}]`, kind));
	return Object.entries(asObject(value)).flatMap(([name, field]) => {
		if (name === "sizeLimit") return check(field, `${at}.sizeLimit`);
		if (!holdsQuantities(name, kind) || !isObject(field)) return search(field, `${at}.${name}`, kind);
		return Object.entries(field).flatMap(([resource, quantity]) => check(quantity, `${at}.${name}.${resource}`));
	});
}
function check(value, field) {
	return typeof value === "string" && !QUANTITY.test(value) ? [{
		field,
		value
	}] : [];
}
/** The fields of a Secret that are not base64. Their values are not shown. */
function findBase64Mistakes(object) {
	if (groupKind(object) !== "v1 Secret") return [];
	return Object.entries(asObject(object.data)).flatMap(([key, value]) => {
		const compact = typeof value === "string" ? value.replace(/[\r\n]/g, "") : "";
		return Buffer.from(compact, "base64").toString("base64") === compact ? [] : [`.data.${key}`];
	});
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
/** Of an object with more mistakes, the rest is counted. */
const MAX_MISTAKES = 3;
/** The error for an object that does not match the schema of its kind. `what` as it reads after "Could not". */
function manifestMistake(error, what, object) {
	const mistakes = explainMistakes(mistakeIn(error.serverMessage) ?? error.serverMessage, object);
	const shown = mistakes.slice(0, MAX_MISTAKES);
	const more = mistakes.length - shown.length;
	const problem = shown.map((one) => one.problem).join("; ") + (more > 0 ? `; and ${more} more` : "");
	const { host: _host, status: _status, ...details } = error.details;
	return new ActionError("manifest-invalid", `Could not ${what}: ${problem}`, {
		hint: [...new Set(shown.map((one) => one.hint))].join(" "),
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
/** Several mistakes are a list of lines, which are one line here. */
function explainMistakes(message, object) {
	const known = (message.startsWith("errors: ") ? message.slice(8).split(/ (?=\.\S+: )/) : [message]).flatMap((line) => explainMistake(line) ?? []);
	if (known.length > 0) return known;
	const named = nameFields(message, object);
	return named.length > 0 ? named : [{
		problem: message.split(", got ")[0] ?? "",
		hint: "Correct the value that the message names."
	}];
}
function explainMistake(message) {
	for (const [pattern, explain] of MISTAKES) {
		const match = pattern.exec(message);
		if (match !== null) return explain(...match.slice(1));
	}
}
/** The fields of a message that says only what is wrong. */
function nameFields(message, object) {
	if (/quantities must match|unable to parse quantity/.test(message)) return findQuantityMistakes(object).map(({ field, value }) => ({
		problem: printable(`${field} is not a quantity: ${JSON.stringify(value)}`),
		hint: "Write a quantity as a number, with a unit such as m, k, M, Mi or Gi: 500m, 128Mi."
	}));
	if (message.includes("illegal base64 data")) return findBase64Mistakes(object).map((field) => ({
		problem: printable(`${field} is not base64`),
		hint: "Encode the value with `base64`, or move it to `stringData`, which takes it as it is."
	}));
	return [];
}
// src/workload/apply-existing.ts
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
/** Where the API server refuses an object, tries it again with what it chose for the object that exists. */
async function keepingStoredFields(server, request, apply) {
	try {
		return await apply(request);
	} catch (error) {
		if (!(error instanceof ActionError && error.details.status === 422)) throw error;
		const body = withStoredFields(request.body, await readObject(server, request));
		if (body === void 0) throw error;
		return await apply({
			...request,
			body
		});
	}
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
	const { isTakenOver, others } = await takeOverClientSideFields(server, request, name);
	if (status !== CONFLICT && !isTakenOver) throw response.error(request.hints?.()[status]);
	return await send(request).catch((error) => {
		throw isDuplicate(error) && others.length > 0 ? withOwners(error, others) : error;
	});
}
/** The entry of a list that the object has from before, and that of the manifest. */
function isDuplicate(error) {
	return error instanceof HttpError && error.status === 422 && error.serverMessage.includes("Duplicate value: ");
}
function withOwners({ code, message, details, cause }, owners) {
	const who = printable(owners.slice(0, MAX_OWNERS).join(", "));
	return new ActionError(code, message, {
		hint: `The object has an entry that the manifest does not have, and that another program set: ${who}. As with \`kubectl apply\`, it stays. Remove it with \`kubectl edit\`, or delete the object.`,
		details,
		cause
	});
}
const MAX_OWNERS = 5;
// src/workload/display-name.ts
/** `Pod shop/web`, for log lines and errors. */
function displayName({ kind, namespace, name }) {
	return printable(`${kind} ${namespace ? `${namespace}/` : ""}${name}`);
}
// src/workload/port-protocols.ts
/**
* A Service with the `protocol` of each port, TCP by default. Server-side apply of Kubernetes 1.20 does not know the default of this
* key of the list: https://github.com/kubernetes-sigs/structured-merge-diff/issues/183. `kubectl apply` needs none.
*/
function withPortProtocols(object) {
	if (groupKind(object) !== "v1 Service") return object;
	const spec = asObject(object.spec);
	if (!Array.isArray(spec.ports)) return object;
	const ports = spec.ports.map((port) => isObject(port) ? {
		protocol: "TCP",
		...port
	} : port);
	return {
		...object,
		spec: {
			...spec,
			ports
		}
	};
}
// src/workload/recreate.ts
const RULES = {
	"v1 Pod": {
		pattern: /pod updates may not/,
		failedHint: "Nothing runs a Pod that failed again. Set `recreate-pods: true`, delete it, or use a Deployment.",
		hint: "Most fields of a Pod cannot be changed. Set `recreate-pods: true`, or use a Deployment, which creates new Pods."
	},
	"batch Job": {
		pattern: /field is immutable/,
		failedHint: "Nothing runs a Job that failed again. Set `recreate-jobs: true`, delete it, or give it a new name for each run.",
		hint: "The Pod template of a Job cannot be changed, neither its image nor its `imagePullSecrets`. Set `recreate-jobs: true`, set `ttlSecondsAfterFinished` in the Job, so the cluster deletes it when it has finished, or give the Job a new name for each run."
	}
};
/** What helps when the API server refuses a change of the object; undefined when its kind is not special. */
function recreationHint(object) {
	return ruleOf(object)?.hint;
}
/** What helps when the object failed before this run. */
function failedHint(groupKind) {
	return Object.hasOwn(RULES, groupKind) ? RULES[groupKind].failedHint : void 0;
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
async function deleteRefused(server, { object, stored, refusal, dryRun }, signal) {
	const isJob = groupKind(object) === "batch Job";
	const body = isJob ? await jobDeletion(server, stored, refusal) : void 0;
	if (dryRun) return;
	info(`The API server refused to change ${displayName(stored)}: deleting and creating it again`);
	await deleteObject(server, {
		isJob,
		stored,
		body
	}, signal);
}
/** Deletes a Job or a Pod that failed before this run, and waits until its name is free. */
async function deleteFailed(server, { groupKind: kind, uid, ...stored }, signal) {
	const isJob = kind === "batch Job";
	info(`${displayName(stored)} failed before this run: deleting and creating it again`);
	await deleteObject(server, {
		isJob,
		stored,
		body: deletionOptions(uid, isJob)
	}, signal);
}
async function deleteObject(server, { isJob, stored, body }, signal) {
	const operation = `delete ${displayName(stored)} in cluster ${server.name}`;
	const hints = () => ({ 403: `Grant the verb delete on ${isJob ? "jobs" : "pods"} to the kubeconfig user of this cluster.` });
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
		hints: () => ({ 403: "Grant the verb get on jobs to the kubeconfig user of this cluster." })
	});
	const live = response.status === 404 ? void 0 : response.json();
	if (live !== void 0 && !isFinishedJob(live)) throw new ActionError(refusal.code, `${refusal.message}. ${name} has not finished, so it is not deleted`, {
		hint: "Run again when the Job has finished, delete it yourself, or give it a new name for each run.",
		details: refusal.details,
		cause: refusal
	});
	return deletionOptions(live && uidOf(live), true);
}
/** @param uid another object of this name may be running by now */
function deletionOptions(uid, isJob) {
	return {
		kind: "DeleteOptions",
		apiVersion: "v1",
		...isJob && { propagationPolicy: "Foreground" },
		...uid && { preconditions: { uid } }
	};
}
// src/workload/terminating-error.ts
/** @param deletion `is being deleted`, with what holds the object */
function terminatingError(server, applied, deletion) {
	const { namespace, resource } = applied;
	const message = `${displayName(applied)} in cluster ${server.name} ${deletion}: what is applied to it is lost`;
	return new ActionError("object-terminating", message, {
		hint: "Run again when it is gone, or raise `wait-timeout`. If it stays, find out what its finalizers wait for.",
		details: {
			cluster: server.name,
			namespace,
			resource
		}
	});
}
// src/workload/apply.ts
/** The objects of a manifest are retried for so long: a kind is served some seconds after its definition is created. */
const RETRY_WINDOW_MS = 15e3;
const RETRY_INTERVAL_MS = 500;
/**
* Applies an object on the server. Like `kubectl apply --server-side --force-conflicts`, it takes over the fields that
* the manifest sets: https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts. What is applied to an object
* that is being deleted is lost with it, so it is applied again until it is a new one.
*/
async function applyObject(server, placed, options) {
	const { dryRun, recreate, deletionDeadlineMs = 0, signal } = options;
	let isLogged = false;
	for (;;) {
		const { applied, stored } = await applyOnce(server, placed, options);
		const deletion = deletionOf(stored);
		if (deletion === void 0 && !isFailed(applied, stored)) return applied;
		if (deletion === void 0) {
			if (!recreate.some((one) => one === applied.groupKind)) return {
				...applied,
				hasFailedBefore: true
			};
			if (dryRun) return {
				...applied,
				note: "it failed before this run: it would be deleted and created again"
			};
			await deleteFailed(server, applied, signal);
			continue;
		}
		if (dryRun) return {
			...applied,
			note: `it ${deletion}: it would be created again when it is gone`
		};
		if (isNamespace(placed.object) || Date.now() >= deletionDeadlineMs) throw terminatingError(server, applied, deletion);
		if (!isLogged) info(`${displayName(applied)} ${deletion}: waiting until it is gone`);
		isLogged = true;
		await delay(DELETION_INTERVAL_MS, `apply ${displayName(applied)} in cluster ${server.name}`, signal);
	}
}
/** A response to an apply is too early for a failure of what was applied. */
function isFailed({ groupKind: kind }, stored) {
	return ROLLOUTS[kind]?.(stored).status === "failed";
}
const DELETION_INTERVAL_MS = 1e3;
async function applyOnce(server, placed, { dryRun, recreate, signal }) {
	const { object, namespace } = placed;
	const named = namedObject(placed);
	const identity = {
		...named,
		groupKind: groupKind(object),
		collection: collectionOf(placed.resource, namespace)
	};
	const request = applyRequest(server, placed, dryRun);
	const unapplied = {
		...identity,
		uid: "",
		appliedAt: /* @__PURE__ */ new Date()
	};
	const planned = (note) => ({
		applied: {
			...unapplied,
			note
		},
		stored: {}
	});
	let response;
	try {
		const retryWindowMs = placed.needsManifest && !dryRun ? RETRY_WINDOW_MS : 0;
		const send = (one) => requestWithRetries(server, one, {
			retryWindowMs,
			signal
		});
		const name = displayName(named);
		response = await keepingStoredFields(server, request, async (one) => dryRun ? await send(one) : await applyToExisting(server, {
			request: one,
			name
		}, send));
	} catch (error) {
		if (error instanceof HttpError && isManifestMistake(error)) throw manifestMistake(error, request.operation, object);
		const isRecreated = recreate.some((one) => one === groupKind(object));
		const refused = isRefusedChange(object, error) ? await readObject(server, request) : {};
		if (deletionOf(refused) !== void 0) return {
			applied: unapplied,
			stored: refused
		};
		if (isRecreated && isRefusedChange(object, error)) {
			await deleteRefused(server, {
				object,
				stored: named,
				refusal: error,
				dryRun
			}, signal);
			if (dryRun) return planned("the API server refuses the change: it would be deleted and created again");
			response = await server.request(request);
		} else if (dryRun && isDuplicate(error) && await hasClientSideFields(server, request)) return planned("not checked: the fields that `kubectl apply` set before would be taken over first");
		else throw await explained(server, {
			object,
			namespace
		}, error);
	}
	const stored = response.json();
	const date = new Date(String(response.headers.date ?? ""));
	const appliedAt = Number.isNaN(date.getTime()) ? /* @__PURE__ */ new Date() : date;
	return {
		applied: {
			...identity,
			uid: uidOf(stored),
			appliedAt
		},
		stored
	};
}
function namedObject({ object: { kind, metadata }, resource, namespace }) {
	const path = `${collectionOf(resource, namespace)}/${encodeURIComponent(metadata.name)}`;
	return {
		kind,
		name: metadata.name,
		namespace,
		path,
		resource: `${resource.plural}/${metadata.name}`
	};
}
function applyRequest(server, placed, dryRun) {
	const { object, resource, namespace } = placed;
	const named = namedObject(placed);
	const { namespace: _, ...metadata } = object.metadata;
	const inNamespace = {
		...object,
		metadata: namespace ? {
			...metadata,
			namespace
		} : metadata
	};
	return {
		operation: `apply ${displayName(named)} in cluster ${server.name}`,
		method: "PATCH",
		path: named.path,
		query: {
			fieldManager: MANAGER_NAME,
			force: "true",
			...dryRun && { dryRun: "All" }
		},
		contentType: "application/apply-patch+yaml",
		isPermanent: isManifestMistake,
		body: withPortProtocols(withTextQuantities(inNamespace)),
		hints: () => ({
			403: `Grant the verbs get, create and patch on ${resource.plural} to the kubeconfig user of this cluster.`,
			404: `Create namespace ${namespace} first.`,
			422: "Fix what the API server names, or delete the object if it can be recreated."
		})
	};
}
/** The error with the hint of its cause: a refused change, a 403 that is not about permissions, a missing namespace. */
async function explained(server, { object, namespace }, error) {
	if (!(error instanceof HttpError)) return error;
	const { code, message, details, status, serverMessage } = error;
	if (isRefusedChange(object, error)) return new ActionError(code, message, {
		hint: recreationHint(object),
		details,
		cause: error
	});
	return status === 404 && serverMessage.startsWith(`namespaces "${namespace}"`) ? await withNearNamespaces(server, error, namespace) : admissionError(error) ?? error;
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
		await (0, import_promises.setTimeout)(delayMs, void 0, { signal: this.#signal }).catch(() => {});
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
	#changes = new import__builtin_events.EventEmitter().setMaxListeners(0);
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
	/** What the user may not list, such as `events`: it would show why a workload is not ready. */
	get notListed() {
		return [...[...this.#informers].filter(([, { error }]) => error?.status === 403).map(([path]) => path.slice(path.lastIndexOf("/") + 1)), ...this.#canListEvents ? [] : ["events"]].sort();
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
		await (0, import_promises.setTimeout)(timeoutMs, void 0, { signal: AbortSignal.any([this.#signal, changed.signal]) }).catch(() => {});
		this.#changes.off("change", stop);
		await (0, import_promises.setTimeout)(Math.min(CHANGE_DEBOUNCE_MS, timeoutMs), void 0, { signal: this.#signal }).catch(() => {});
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
/**
* Applies the Pod that is made of an image, with the security context that its namespace demands. A user who may not read the
* labels of the namespace, and a cluster with another default, learn it from the refusal.
*/
async function applyPodOfImage(server, placed, apply) {
	if (await isRestricted(server, placed.namespace)) return await apply(withSecurityContext(placed));
	try {
		return await apply(placed);
	} catch (error) {
		if (!(error instanceof ActionError && error.message.includes(REFUSAL))) throw error;
		return await apply(withSecurityContext(placed));
	}
}
/** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/pod-security-admission/admission/admission.go */
const REFUSAL = "violates PodSecurity \"restricted:";
function withSecurityContext(placed) {
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
/** A user who may not read the namespace tries the plain Pod, as elsewhere. */
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
	hint: "Run this action again, and check what else writes the secret. The credential was revoked, has expired, or belongs to another registry.",
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
		pattern: /SignatureValidationFailed|signature validation failed|Source image rejected|is rejected by policy/,
		meaning: "the signature policy of the node refuses the image",
		hint: "Sign the image as the policy of the nodes (policy.json) requires, or ask their administrators. The registry delivered the image."
	},
	{
		code: "image-pull-rate-limited",
		pattern: /toomanyrequests|too many requests|\b429\b|rate limit|(?<!disk )quota exceeded/i,
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
		code: "image-pull-failed",
		pattern: /manifest\.v1\+(?:prettyjws|json)/,
		meaning: "the image has a format (Docker schema 1) that the node no longer supports",
		hint: "Build and push the image again with a current program. The registry delivered it."
	},
	{
		code: "image-pull-failed",
		pattern: /unexpected media type|StatusCode: \d{3}, /,
		meaning: "the server at {host} returned something else than an image",
		hint: "Check the host of the image, and that no proxy or login page responds in its place."
	},
	{
		code: "image-pull-failed",
		pattern: /failed to extract layer|failed to unpack image on snapshotter|ApplyLayer|applying layer/,
		meaning: "the node could not unpack the image",
		hint: "See the log of the container runtime on the node. The registry delivered the image."
	},
	{
		code: "image-name-invalid",
		pattern: /short-name "|short name mode is enforcing/,
		meaning: "image {image} names no registry host, and the node searches none",
		hint: "Write the image with its registry host, such as docker.io/library/nginx:1."
	},
	{
		code: "image-pull-failed",
		pattern: /registry \S+ is blocked in/,
		meaning: "the configuration of the node blocks registry {host}",
		hint: "Use an image of another registry, or ask the administrators of the nodes (registries.conf)."
	},
	{
		code: "image-registry-unreachable",
		pattern: /proxyconnect|proxy authentication required/i,
		meaning: "the node could not reach registry {host} through its proxy",
		hint: "Check the proxy in the configuration of the container runtime of the nodes (HTTPS_PROXY, NO_PROXY). No credential was refused."
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
		pattern: /connection refused|connection reset|no route to host|network is unreachable|timeout|deadline exceeded|timed out|: EOF|unexpected EOF|\b50[0234] /i,
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
		pattern: /401 Unauthorized|authorization token has expired|invalid username\/password|incorrect username or password|fetch oauth token: unexpected status/i,
		...UNAUTHORIZED
	},
	{
		code: "image-pull-denied",
		pattern: /403 Forbidden|(?<!permission )denied|insufficient_scope|access forbidden/i,
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
const PULL_REASONS = /* @__PURE__ */ new Set([...[
	"ErrImagePull",
	"ImagePullBackOff",
	"ImageInspectError",
	"RegistryUnavailable",
	"SignatureValidationFailed"
]]);
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
	return events.map((event) => ({
		...event,
		message: asText(event.message)?.replace(COMBINED, "")
	})).filter((event) => event.reason === "Failed" && asText(event.message)?.startsWith(failedToPull(image)) && isAbout(event, name));
}
/** https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/client-go/tools/record/events_cache.go */
const COMBINED = /^\(combined from similar events\): /;
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
	const text = redact(message).replace(/^Failed to inspect image "[^"]*": /, "").replace(/^Back-off pulling image "[^"]*": \w+: /, "").replace(/rpc error: code = \w+ desc = /g, "").replace("unable to pull image or OCI artifact: pull image err: ", "").split("; artifact err: ", 1).join("");
	return text.length > MAX_MESSAGE_LENGTH ? `\u2026${text.slice(-600)}` : text;
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
/** https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/security_context.go */
const RUNS_AS_ROOT = /runAsNonRoot and image /;
const RUNS_AS_ROOT_HINT = "The image was pulled. The Pod demands a user other than root: build the image with a numeric `USER`, or set `runAsUser` in the manifest.";
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
		hint: RUNS_AS_ROOT.test(message) ? RUNS_AS_ROOT_HINT : known.hint,
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
		hint: (state.status === "failed" ? state.hint : void 0) ?? diagnosis?.hint,
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
function problemError(applied, { result, code = DEFAULT_CODES[result], reason, hint = DEFAULT_HINTS[result], serverCode }, { cluster, timeoutMs, notListed }) {
	const { namespace, resource } = applied;
	const outcome = result === "timeout" ? `was not ready within ${timeoutMs / 1e3} s` : "failed";
	const message = `${displayName(applied)} in cluster ${cluster} ${outcome}: ${reason}`;
	return new ActionError(code, message, {
		hint: withPermissions(hint, notListed),
		details: {
			cluster,
			namespace,
			resource,
			serverCode
		}
	});
}
function withPermissions(hint, notListed) {
	if (notListed.length === 0) return hint;
	return `${hint} The kubeconfig user is not allowed to list or watch what may show the reason: ${notListed.join(", ")}.`;
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
			timeoutMs,
			notListed: observer.notListed.filter((one) => problem.hint === void 0 || one === "events")
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
		const state = rolloutState(applied, cached, observer.informer(applied.collection).error === void 0);
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
/** @param isWatched whether the last state before a deletion is known */
function rolloutState({ groupKind, uid, hasFailedBefore }, cached, isWatched) {
	if (cached === void 0) return {
		status: "waiting",
		reason: "not listed yet"
	};
	const state = ROLLOUTS[groupKind]?.(cached.object) ?? { status: "ready" };
	const isOther = uidOf(cached.object) !== uid;
	if (!isOther && hasFailedBefore && state.status === "failed") return {
		...state,
		reason: `it failed before this run: ${state.reason}`,
		hint: failedHint(groupKind)
	};
	if (!isOther && (state.status === "failed" || state.status === "ready" && hasEnded(cached.object))) return state;
	if (cached.isDeleted || isOther) return {
		status: "failed",
		code: "workload-deleted",
		reason: `it was deleted during the wait${groupKind === "batch Job" && !isWatched ? ", and it is not known whether it had finished" : ""}`
	};
	const deletion = deletionOf(cached.object);
	return deletion === void 0 ? state : {
		status: "failed",
		code: "workload-deleted",
		reason: `it ${deletion}`
	};
}
/** A Pod or a Job that did its work may be deleted, the Job by its `ttlSecondsAfterFinished`. */
function hasEnded(object) {
	return asObject(object.status).phase === "Succeeded" || isFinishedJob(object);
}
// src/workload/server-fields.ts
/**
* What an API server or a controller writes, and `kubectl get -o yaml` prints. Server-side apply refuses some of it, or finds
* a conflict with the object that exists by now:
* https://github.com/kubernetes/community/blob/main/contributors/devel/sig-architecture/api-conventions.md#metadata.
*/
const METADATA = [...[
	"creationTimestamp",
	"deletionGracePeriodSeconds",
	"deletionTimestamp",
	"generation",
	"managedFields"
], ...[
	"resourceVersion",
	"selfLink",
	"uid"
]];
/** https://kubernetes.io/docs/reference/labels-annotations-taints/ */
const ANNOTATIONS = [
	...["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"],
	...["deprecated.daemonset.template.generation", "kubernetes.io/service-account.uid"],
	...["autoscaling.alpha.kubernetes.io/conditions", "autoscaling.alpha.kubernetes.io/current-metrics"],
	...[
		"pv.kubernetes.io/bind-completed",
		"pv.kubernetes.io/bound-by-controller",
		"pv.kubernetes.io/provisioned-by"
	],
	...["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"],
	"volume.kubernetes.io/selected-node"
];
/**
* The objects without what a server wrote, as `kubectl get -o yaml` prints them. Those that a controller made for another object of the
* manifests are left out, such as the Pods of a Deployment in `kubectl get all -o yaml`.
*/
function withoutServerState(objects) {
	const uids = new Set(objects.map(uidOf).filter(Boolean));
	const isMade = ({ metadata }) => asObjects(metadata.ownerReferences).some(({ controller, uid }) => controller === true && uids.has(String(uid)));
	return {
		objects: objects.filter((object) => !isMade(object)).map(withoutServerFields),
		leftOut: objects.filter(isMade)
	};
}
function withoutServerFields(printed) {
	const generated = uidOf(printed) !== "" || !isEmpty(printed.metadata.resourceVersion) ? withoutGeneratedFields(printed) : {
		object: printed,
		dropped: []
	};
	const { object } = generated;
	const { status, ...rest } = object;
	const metadata = omit(object.metadata, METADATA);
	const annotations = omit(asObject(object.metadata.annotations), ANNOTATIONS);
	const dropped = [
		...metadata.dropped.map((name) => `metadata.${name}`),
		...annotations.dropped.map((name) => `annotation ${name}`),
		...isEmpty(status) ? [] : ["status"],
		...generated.dropped
	];
	const kept = annotations.dropped.length === 0 ? metadata.kept : {
		...metadata.kept,
		annotations: annotations.kept
	};
	return {
		object: {
			...rest,
			metadata: kept
		},
		dropped
	};
}
function omit(fields, names) {
	const entries = Object.entries(fields);
	return {
		kept: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
		dropped: entries.filter(([name, value]) => names.includes(name) && !isEmpty(value)).map(([name]) => name)
	};
}
/** `null`, an empty text or an object without fields. */
function isEmpty(value) {
	if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
	return value === void 0 || value === null || value === "";
}
// src/workload/service-accounts.ts
const RESOURCE = {
	apiVersion: "v1",
	kind: "ServiceAccount",
	plural: "serviceaccounts",
	namespaced: true,
	isOwn: false
};
/**
* Applies a ServiceAccount of the manifests before the other objects, so it has the pull secret before a Pod uses it.
* @throws ActionError
*/
async function applyServiceAccount(server, { object, namespace, secret }, signal) {
	await applyObject(server, {
		object: withAccountSecret(object, secret),
		resource: RESOURCE,
		namespace,
		needsManifest: false
	}, {
		dryRun: false,
		recreate: [],
		signal
	});
}
export { applyPodOfImage as a, applyObject as c, waitForWorkload as i, displayName as l, withoutServerState as n, Observer as o, hasRollout as r, warnAboutCachedImages as s, applyServiceAccount as t };
