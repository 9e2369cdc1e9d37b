import { f as printable, r as UnexpectedAnswer } from "./errors.js";
import { n as asObjects, r as asText, t as asObject } from "./json.js";
// src/core/constants.ts
/** Under this name we own fields of Kubernetes objects, and label what is ours. */
const MANAGER = "registry-pull-secret";
// src/pull-secret/provenance.ts
/** Between two scopes, which hold spaces and commas themselves. */
const SEPARATOR = "; ";
function annotationsOf({ tokenId, mintedAt, expiresAt, run, scopes, spared }) {
	return {
		[`${MANAGER}/token-id`]: tokenId,
		[`${MANAGER}/minted-at`]: mintedAt.toISOString(),
		...expiresAt && { [`registry-pull-secret/expires-at`]: expiresAt.toISOString().replace(/\.\d+Z$/, "Z") },
		...run && { [`registry-pull-secret/run`]: run },
		[`${MANAGER}/scope`]: scopes.join(SEPARATOR),
		...spared.length > 0 && { [`registry-pull-secret/spared`]: spared.join(" ") }
	};
}
/** @returns undefined where this action recorded nothing */
function provenanceOf(annotations) {
	const text = (name) => asText(annotations[`${MANAGER}/${name}`]);
	const tokenId = text("token-id");
	if (tokenId === void 0) return void 0;
	return {
		tokenId,
		mintedAt: pastOf(text("minted-at")) ?? /* @__PURE__ */ new Date(0),
		expiresAt: dateOf(text("expires-at")),
		run: text("run") ?? "",
		scopes: (text("scope") ?? "").split(SEPARATOR),
		spared: text("spared")?.split(" ") ?? []
	};
}
/** Milliseconds by which the clocks of two runners may differ. */
const CLOCKS = 6e5;
/** A date that is still to come is none: it would keep a credential for ever. */
function pastOf(text) {
	const date = dateOf(text);
	return date && date.getTime() < Date.now() + CLOCKS ? date : void 0;
}
function dateOf(text) {
	const date = new Date(text ?? "");
	return Number.isNaN(date.getTime()) ? void 0 : date;
}
// src/pull-secret/read.ts
const MANAGED_BY = "app.kubernetes.io/managed-by";
const DOCKER_CONFIG_TYPE = "kubernetes.io/dockerconfigjson";
/** What kubectl wrote in the days of registry tokens. */
const LEGACY_TYPE = "kubernetes.io/dockercfg";
const DOCKER_CONFIG_KEY = ".dockerconfigjson";
async function readSecret(cluster, namespace, name) {
	const doing = `read the secret ${namespace}/${name} in the cluster ${cluster.name}`;
	const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
	const answer = await cluster.request({
		doing,
		path,
		expect: [404],
		cures: { 403: `Grant the verbs get, create and patch on secrets in the namespace ${namespace} to the login of this cluster.` }
	});
	if (answer.status === 404) return { kind: "absent" };
	const secret = answer.json();
	if (secret.kind !== "Secret") throw new UnexpectedAnswer(doing, `GET ${path}`, "it is no Secret");
	return describeSecret(secret, cluster);
}
/** What an object of the API server means for us. */
function describeSecret(secret, cluster) {
	const metadata = asObject(secret.metadata);
	const where = printable(`${cluster.name}: ${metadata.namespace}/${metadata.name}`);
	const labels = asObject(metadata.labels);
	const annotations = asObject(metadata.annotations);
	const data = asText(asObject(secret.data)[DOCKER_CONFIG_KEY]);
	const config = readConfig(data);
	const ours = labels[MANAGED_BY] === MANAGER;
	const managers = asObjects(metadata.managedFields).flatMap(({ manager }) => asText(manager) ?? []);
	const controller = asObjects(metadata.ownerReferences).find((owner) => owner.controller === true);
	return {
		kind: "present",
		where,
		type: asText(secret.type) ?? "Opaque",
		immutable: secret.immutable === true,
		ours,
		managers: [...new Set(managers)].filter((manager) => manager !== MANAGER).map(printable),
		controller: controller && printable(`${controller.kind} ${controller.name}`),
		resourceVersion: asText(metadata.resourceVersion) ?? "",
		labels,
		annotations,
		provenance: ours ? provenanceOf(annotations) : void 0,
		data,
		config,
		entries: asObject(config.auths)
	};
}
/** The `auths` of a docker config in base64. */
function readEntries(base64) {
	return asObject(readConfig(base64).auths);
}
/**
* A malformed one is empty: writing ours repairs it. So does leaving out an entry that is no object, since nodes reject a
* whole config for it.
*/
function readConfig(base64) {
	try {
		const config = JSON.parse(Buffer.from(asText(base64) ?? "", "base64").toString());
		JSON.stringify(config);
		if (!isRecord(config)) return {};
		const entries = isRecord(config.auths) ? Object.entries(config.auths) : [];
		return {
			...config,
			auths: Object.fromEntries(entries.filter(([, entry]) => isRecord(entry)))
		};
	} catch {
		return {};
	}
}
function isRecord(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// src/kubernetes/object.ts
/** `apps Deployment`, `v1 Pod`: a kind whatever the version of its group. */
function groupKind({ apiVersion, kind }) {
	return `${apiVersion.split("/")[0]} ${kind}`;
}
// src/workload/pod-spec.ts
/** Where the kinds that make Pods keep their pod spec, by API group and kind: a `Job` of another group is none. */
const POD_SPECS = {
	"v1 Pod": ["spec"],
	"apps Deployment": [
		"spec",
		"template",
		"spec"
	],
	"apps StatefulSet": [
		"spec",
		"template",
		"spec"
	],
	"apps DaemonSet": [
		"spec",
		"template",
		"spec"
	],
	"apps ReplicaSet": [
		"spec",
		"template",
		"spec"
	],
	"batch Job": [
		"spec",
		"template",
		"spec"
	],
	"batch CronJob": [
		"spec",
		"jobTemplate",
		"spec",
		"template",
		"spec"
	]
};
/** The object with the pull secret in the `imagePullSecrets` of its pod spec, where that does not name it already. */
function withPullSecret(object, secretName) {
	const path = POD_SPECS[groupKind(object)];
	return path === void 0 ? object : addAt(object, path, secretName);
}
function addAt(value, path, secretName) {
	const object = asObject(value);
	const [key, ...rest] = path;
	if (key !== void 0) return {
		...object,
		[key]: addAt(object[key], rest, secretName)
	};
	const present = asObjects(object.imagePullSecrets);
	if (present.some(({ name }) => name === secretName)) return object;
	return {
		...object,
		imagePullSecrets: [...present, { name: secretName }]
	};
}
/** Whether Pods come of it, which pull images. */
function makesPods(object) {
	return groupKind(object) in POD_SPECS;
}
/** The Pod of the document, with this image. */
function podManifest(pod) {
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: pod.name },
		spec: { containers: [{
			name: pod.container,
			image: pod.image
		}] }
	};
}
// src/registry/reference.ts
/** The registry host of an image; Docker Hub where it names none. */
function hostOf(image) {
	return hasHost(image) ? image.split("/")[0] ?? "" : HUB;
}
/** Whether an image names its host: else its first part is of the repository. */
function hasHost(image) {
	const [first = "", ...rest] = image.split("/");
	return rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
}
/** An image without its tag and digest. */
function repositoryOf(image) {
	return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}
/** Whether an entry of a docker config is for an image, as the kubelet matches: `*` within a label, then the path. */
function opens(entry, image) {
	const { host, path } = parseEntry(entry);
	const own = hostOf(image);
	if (own === HUB && /^(index\.)?docker\.io$/.test(host)) return true;
	const glob = host.replace(/[^\w*-]/g, "\\$&").replaceAll("*", "[^.]*");
	return new RegExp(`^${glob}$`).test(own) && image.slice(own.length + 1).startsWith(path);
}
/** Whether an entry is for no image: its path is a version that lacks its slash, or holds what no repository may have. */
function opensNothing(entry) {
	const { path } = parseEntry(entry);
	return /^v[12]$/.test(path) || !/^[a-z0-9._/-]*$/.test(path);
}
/** Neither the scheme nor the version of the API counts. */
function parseEntry(entry) {
	const [host = "", ...path] = entry.replace(/^https?:\/\//, "").split("/");
	return {
		host,
		path: path.join("/").replace(/^v[12]\//, "")
	};
}
const HUB = "docker.io";
export { annotationsOf as _, repositoryOf as a, withPullSecret as c, DOCKER_CONFIG_TYPE as d, LEGACY_TYPE as f, readSecret as g, readEntries as h, opensNothing as i, groupKind as l, describeSecret as m, hostOf as n, makesPods as o, MANAGED_BY as p, opens as r, podManifest as s, hasHost as t, DOCKER_CONFIG_KEY as u, MANAGER as v };
