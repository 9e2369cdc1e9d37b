import { C as dump } from "./yaml.js";
import { ut as MANAGER_NAME } from "./runner.js";
import { A as rulesOf } from "./run.js";
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
			rules: rulesOf(inNamespace.map(ofAnyName))
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
/** The Role of another step of this user, with another secret, would replace one that names the secret. */
function ofAnyName({ name: _, ...permission }) {
	return permission;
}
/** The subject of a RoleBinding. @param user as the API server calls it */
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
export { rolesFor };
