import { V as info, ut as MANAGER_NAME } from "./runner.js";
import { c as applyObject } from "./workload.js";
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
		hints: () => ({ 403: "Grant the verb create on namespaces to the kubeconfig user of this cluster (a ClusterRole), or create the namespace first." })
	});
	logCreation(server, name, dryRun);
}
function logCreation(server, name, dryRun) {
	info(`${dryRun ? "Would create" : "Created"} namespace ${name} in cluster ${server.name}`);
}
export { applyNamespace, createNamespace };
