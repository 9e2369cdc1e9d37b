import { C as dump } from "./yaml.js";
import { _ as sha256, ut as MANAGER_NAME } from "./runner.js";
import { z as rulesOf } from "./run.js";
// src/permissions/role.ts
/** A manifest with more Roles would be too long to read. */
const MAX_ROLES = 20;
const API_GROUP = "rbac.authorization.k8s.io";
/**
* A manifest (YAML) that grants these permissions in these namespaces. It changes no Role and no RoleBinding that exists, since
* what another workflow or another user may do can depend on it: their name stands for their content.
* @param user as the API server calls it; without one the manifest has no RoleBinding
*/
function rolesFor(permissions, places, user) {
	const rules = rulesOf(permissions.map(ofAnyName));
	const name = contentName(user, rules);
	const documents = places.slice(0, MAX_ROLES).flatMap(({ namespace, existence }) => {
		const metadata = {
			name,
			namespace
		};
		const missing = existence === "missing" ? [{
			apiVersion: "v1",
			kind: "Namespace",
			metadata: { name: namespace }
		}] : [];
		const role = {
			apiVersion: `${API_GROUP}/v1`,
			kind: "Role",
			metadata,
			rules
		};
		if (user === void 0) return [...missing, role];
		const roleRef = {
			apiGroup: API_GROUP,
			kind: "Role",
			name
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
	const more = places.length - MAX_ROLES;
	return [
		...places.slice(0, MAX_ROLES).filter(({ existence }) => existence === "unknown").map(({ namespace }) => `# If it does not exist yet, first: kubectl create namespace ${namespace}\n`),
		user === void 0 ? "# Bind this Role to the user of this kubeconfig: the API server does not return its name.\n" : "",
		documents.map((document) => dump(document, {
			lineWidth: -1,
			noRefs: true,
			flowLevel: 3
		})).join("---\n"),
		more > 0 ? `# The same in ${more} more namespaces.\n` : ""
	].join("");
}
/** One Role is enough for all steps of this user that differ only in the names. */
function ofAnyName({ name: _, ...permission }) {
	return permission;
}
function contentName(user, rules) {
	const digest = sha256(JSON.stringify([user, rules])).slice(0, DIGEST_LENGTH);
	return `${user === void 0 ? MANAGER_NAME : nameFor(user)}-${digest}`;
}
const DIGEST_LENGTH = 8;
/**
* A name for the Roles and RoleBindings of one user, such as `registry-pull-secret-shop`; the name without an ending is that of
* examples/rbac. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names
* @param user as the API server calls it
*/
function nameFor(user) {
	const { kind, namespace, name } = subjectOf(user);
	const words = ((kind === "ServiceAccount" ? name === "registry-pull-secret" ? namespace : `${namespace}-${name}` : name) ?? "").toLowerCase().slice(0, MAX_OWNER_LENGTH).split(/[^a-z0-9]+/);
	return [MANAGER_NAME, ...words.filter(Boolean)].join("-");
}
const MAX_OWNER_LENGTH = 60;
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
