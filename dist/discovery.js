import { J as groupKind, Mt as asObjects, Nt as asText, Vt as ActionError, ft as printable, jt as asObject, rt as LABEL } from "./inputs.js";
// src/kubernetes/discovery.ts
/**
* The kinds of each cluster by API version. The permission check and the deployment share one request:
* https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
*/
const SERVED = /* @__PURE__ */ new WeakMap();
/** @param objects the manifest, whose CustomResourceDefinitions add kinds */
function createDiscovery(server, objects) {
	const own = objects.flatMap(definedBy);
	const served = SERVED.get(server) ?? /* @__PURE__ */ new Map();
	SERVED.set(server, served);
	return async ({ apiVersion, kind }) => {
		const isRequested = (resource) => resource.apiVersion === apiVersion && resource.kind === kind;
		const defined = own.find(isRequested);
		if (defined !== void 0) return defined;
		const listing = served.get(apiVersion) ?? listResources(server, apiVersion);
		served.set(apiVersion, listing);
		const found = (await listing.catch(() => [])).find(isRequested);
		if (found !== void 0) return found;
		served.delete(apiVersion);
		await listing;
		const what = `${printable(kind)} of ${printable(apiVersion)}`;
		throw new ActionError("kind-not-found", `Could not find the kind ${what} in the cluster ${server.name}: it has no such kind`, {
			details: { cluster: server.name },
			hint: "Check `apiVersion` and `kind` in the manifest. Install the CustomResourceDefinition of a custom resource first."
		});
	};
}
/** `apps` of `apps/v1`; empty for the core group, as in RBAC rules. */
function groupOf(apiVersion) {
	return apiVersion.includes("/") ? apiVersion.split("/")[0] ?? "" : "";
}
/**
* The API path of the objects of a resource, in one or all namespaces:
* https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
*/
function collectionOf({ apiVersion, plural }, namespace = "") {
	return `${rootOf(apiVersion)}${namespace && `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`;
}
const rootOf = (apiVersion) => `${apiVersion.includes("/") ? "/apis" : "/api"}/${apiVersion}`;
async function listResources(server, apiVersion) {
	const operation = `list the kinds of ${printable(apiVersion)} in the cluster ${server.name}`;
	const response = await server.request({
		operation,
		path: rootOf(apiVersion),
		expectedStatuses: [404]
	});
	return asObjects(response.status === 404 ? [] : response.json().resources).map(({ name, kind, namespaced }) => ({
		apiVersion,
		kind: asText(kind) ?? "",
		plural: asText(name) ?? "",
		namespaced: namespaced === true,
		isOwn: false
	})).filter(({ plural }) => LABEL.test(plural));
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
export { groupOf as i, collectionOf as n, createDiscovery as r, DEFINITION as t };
