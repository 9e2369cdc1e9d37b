import { G as mayInclude } from "./run.js";
// src/inputs/secret-in-manifests.ts
/**
* Adds an error for each Secret in the manifests that would overwrite the pull secret, after its token was written and
* before the replaced one is revoked.
*/
function checkSecretsInManifests(read, secrets, { secretName, selection }) {
	const isTarget = (namespace) => selection?.contexts.some((context) => {
		const own = selection.config.getContextObject(context)?.namespace ?? "default";
		return mayInclude(selection, own, namespace);
	}) === true;
	for (const { input, source, name, namespace } of secrets) {
		if (name !== secretName || !(namespace === "" || isTarget(namespace))) continue;
		const secret = namespace === "" ? name : `${namespace}/${name}`;
		read.addError(input, `is not valid: ${source} contains Secret ${secret}, which would overwrite the secret that this action writes`, "Remove this Secret from the manifest, or choose another `secret-name`.");
	}
}
export { checkSecretsInManifests };
