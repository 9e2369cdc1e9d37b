import { at as asObjects, ct as isObject, it as asObject, ot as asText } from "./runner.js";
import { dn as LABEL, dt as CONTAINERS, fn as SUBDOMAIN, in as groupKind, mn as isPathSegment, pn as isApiVersion } from "./inputs.js";
// src/workload/json.ts
/**
* Reads one document of JSON, when it means the same as YAML: it has no number that JavaScript changes, no key twice, and nothing
* that looks like a template.
* @returns undefined for everything else
*/
function parseJson(text) {
	const start = text.search(/\S/);
	if (text[start] !== "{" || /__proto__|\\u/.test(text) || TEMPLATES.some((one) => one.test(text))) return void 0;
	try {
		const value = JSON.parse(text);
		const { keys, numbers } = tokensOf(text);
		if (keys !== countKeys(value) || numbers.some((one) => String(Number(one)) !== one)) return void 0;
		return {
			value,
			line: text.slice(0, start).split("\n").length,
			texts: [],
			duplicates: []
		};
	} catch {
		return;
	}
}
/** Parts of templates, anywhere and in names: see template.ts. */
const TEMPLATES = [/\{\{|\$\{|\{%|<%|#\{|__[A-Z]/, /"(?:name|namespace|image)"\s*:\s*"[^"]*(?:[$<{([%]|@\w+@)/];
/** What valid JSON has as it is written: the number of its keys, and its numbers. */
function tokensOf(text) {
	const numbers = [];
	let keys = 0;
	for (let index = 0; index < text.length; index++) {
		const character = text[index] ?? "";
		if (character === "\"") index = endOfString(text, index);
		else if (character === ":") keys++;
		else if (/[-\d]/.test(character)) {
			const start = index;
			while (/[-+.\deE]/.test(text[index + 1] ?? "")) index++;
			numbers.push(text.slice(start, index + 1));
		}
	}
	return {
		keys,
		numbers
	};
}
/** The index of the quote that ends the string. */
function endOfString(text, start) {
	let index = start + 1;
	while (text[index] !== "\"" && index < text.length) index += text[index] === "\\" ? 2 : 1;
	return index;
}
function countKeys(value) {
	let count = 0;
	for (const pending = [value]; pending.length > 0;) {
		const next = pending.pop();
		if (typeof next !== "object" || next === null) continue;
		const children = Object.values(next);
		if (!Array.isArray(next)) count += children.length;
		for (const child of children) if (typeof child === "object") pending.push(child);
	}
	return count;
}
// src/workload/template.ts
const HELM_HINT = "Render it before this step, for example with `helm template`";
const ENVSUBST_HINT = "Render it before this step, for example with `envsubst`";
const OTHER_HINT = "Render it before this step";
/** Helm and Jinja, GitHub, envsubst and Flux, Jinja, ERB and EJS, Azure DevOps and Octopus. */
const FORMS = [
	[
		"${{",
		"}}",
		"GitHub replaces expressions in the workflow file alone: render the manifest before this step, for example with `envsubst`, or set `images`"
	],
	[
		"{{",
		"}}",
		HELM_HINT
	],
	[
		"${",
		"}",
		ENVSUBST_HINT
	],
	[
		"{%",
		"%}",
		OTHER_HINT
	],
	[
		"<%",
		"%>",
		OTHER_HINT
	],
	[
		"#{",
		"}",
		OTHER_HINT
	]
];
/** Forms that a text can have for other reasons, but no name and no image. */
const NAME_FORMS = [
	...FORMS,
	[
		"$(",
		")",
		ENVSUBST_HINT
	],
	[
		"[[",
		"]]",
		OTHER_HINT
	],
	[
		"((",
		"))",
		OTHER_HINT
	],
	[
		"{",
		"}",
		OTHER_HINT
	],
	[
		"<",
		">",
		OTHER_HINT
	]
];
const PLACEHOLDER = /__[A-Z][A-Z0-9_]*__/;
const NAME_PLACEHOLDER = /__[A-Z][A-Z0-9_]*__|%[A-Za-z_]\w*%|@\w+@|\$[A-Za-z_]\w*/;
const MAX_SHOWN = 80;
/** The first template in a text, such as `{{ ... }}`, `${NAME}` or `<%= ... %>`. */
function templateIn(text, forms = FORMS) {
	const [first] = forms.flatMap(([open, close, hint]) => {
		const start = text.indexOf(open);
		const end = text.indexOf(close, start + open.length);
		return start === -1 || end === -1 ? [] : [{
			start,
			end: end + close.length,
			hint
		}];
	}).toSorted((one, other) => one.start - other.start);
	return first && {
		text: text.slice(first.start, first.end).slice(0, MAX_SHOWN),
		hint: first.hint
	};
}
/** A template in a name or an image, neither of which can contain any of these characters. */
function templateInName(text) {
	const [placeholder] = NAME_PLACEHOLDER.exec(text) ?? [];
	const hint = placeholder?.startsWith("$") ? ENVSUBST_HINT : OTHER_HINT;
	return templateIn(text, NAME_FORMS) ?? (placeholder === void 0 ? void 0 : {
		text: placeholder,
		hint
	});
}
/**
* The first value of a document that is a template that was not rendered, and its line. Other programs have templates of
* the same form, which they render in the cluster: alert rules in annotations, files in a ConfigMap, custom resources. So only values are
* considered in which Kubernetes itself would use the template as it is. `$(VAR)` is Kubernetes' own:
* https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/.
*/
function findTemplate({ value, texts }) {
	for (const text of texts) {
		const template = templateAt(value, text);
		if (template !== void 0) return {
			...template,
			line: text.line
		};
	}
}
function templateAt(value, { path, text }) {
	const { object, inner } = objectAt(value, path);
	if (isIdentity(inner)) return templateInName(text);
	const template = templateIn(text);
	if (!isBuiltIn(object)) return HELM_VALUE.test(text) ? template : void 0;
	if (isContainerImage(inner)) return templateInName(text);
	if (template === void 0) {
		const [placeholder] = PLACEHOLDER.exec(text) ?? [];
		return placeholder === text && !isFreeText(inner, text) ? {
			text,
			hint: OTHER_HINT
		} : void 0;
	}
	return isFreeText(inner, text) ? void 0 : template;
}
/** The object that a path leads into: the item of a list, or the document. */
function objectAt(value, path) {
	const [first, index, ...inner] = path;
	const object = asObject(value);
	if (first !== "items" || index === void 0 || !Array.isArray(object.items)) return {
		object,
		inner: path
	};
	return objectAt(object.items[Number(index)], inner);
}
/** The name of an object cannot contain a template, whatever its kind is. */
function isIdentity([first, second, ...rest]) {
	if (rest.length === 0 && second !== void 0) return first === "metadata" && ["name", "namespace"].includes(second);
	return second === void 0 && (first === "apiVersion" || first === "kind");
}
function isContainerImage(path) {
	return path.at(-1) === "image" && CONTAINERS.includes(path.at(-3) ?? "");
}
/**
* The groups of Kubernetes itself have no dot, or end in k8s.io: https://kubernetes.io/docs/reference/using-api/#api-groups.
* A definition describes the templates of its custom resources.
*/
function isBuiltIn(object) {
	const { apiVersion, kind } = asObject(object);
	const type = {
		apiVersion: asText(apiVersion) ?? "",
		kind: asText(kind) ?? ""
	};
	const [group = ""] = type.apiVersion.split("/");
	return (!group.includes(".") || /\.k8s\.io$/.test(group)) && groupKind(type) !== "apiextensions.k8s.io CustomResourceDefinition";
}
const FREE_TEXT = [
	...[
		"annotations",
		"data",
		"stringData",
		"args",
		"command",
		"description"
	],
	...["parameters", "volumeAttributes"],
	...[
		"validations",
		"variables",
		"matchConditions",
		"auditAnnotations"
	]
];
/** What only Helm defines: https://helm.sh/docs/chart_template_guide/builtin_objects/. */
const HELM_VALUE = /\{\{-?\s*\.(?:Values|Release|Chart)\b/;
const HELM_FUNCTION = /\{\{-?\s*(?:include|template|tpl)\s/;
/** Where a program in the Pod may have its own templates, unless it is one of Helm or of GitHub. */
function isFreeText(path, text) {
	return (path.some((key) => FREE_TEXT.includes(key)) || path.at(-1) === "value" && path.includes("env")) && !HELM_VALUE.test(text) && !HELM_FUNCTION.test(text) && !text.includes("${{");
}
// src/workload/manifest-objects.ts
/** Some dozens of objects of the size that etcd can store: https://etcd.io/docs/v3.5/dev-guide/limit/. */
const MAX_MANIFEST_BYTES = 10485760;
/** Limits what YAML aliases expand to. */
const MAX_DOCUMENT_NODES = 5e5;
/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const KUSTOMIZE_GROUP = "kustomize.config.k8s.io/";
/**
* The objects in the documents of a manifest: none where all of them are empty. Of a `List` it returns the items.
* @param warn receives sentences about what is valid and may not do what its author expects
* @throws Error that names the source, the document and the line
*/
function objectsIn({ source, documents }, warn = () => {}) {
	return documents.flatMap((document, index) => {
		const at = (line) => `${source}, document ${index + 1} (line ${line})`;
		const where = () => at(document.line);
		for (const { key, line } of document.duplicates) warn(`${at(line)} repeats the key ${JSON.stringify(key)}. As with kubectl, its last value counts.`);
		if (document.value === null || document.value === void 0) return [];
		const template = findTemplate(document);
		if (template !== void 0) throw new Error(unrendered(at(template.line), template));
		countNodes(document.value, where);
		return itemsOf(document.value, where);
	});
}
function unrendered(where, { text, hint }) {
	return `${where} contains a template that was not rendered: ${text}. ${hint}`;
}
function itemsOf(value, where) {
	const object = asObject(value);
	const { items } = object;
	const kind = asText(object.kind);
	const { name, generateName } = asObject(object.metadata);
	const hasName = asText(name) !== void 0;
	if (kind === "List" && (items === null || items === void 0) && !hasName) return [];
	if (kind?.endsWith("List") && Array.isArray(items) && !hasName) {
		const type = kind === "List" ? {} : {
			apiVersion: object.apiVersion,
			kind: kind.slice(0, -4)
		};
		return items.flatMap((item, index) => itemsOf({
			...type,
			...asObject(item)
		}, () => `${where()}, item ${index + 1}`));
	}
	if (asText(object.apiVersion)?.startsWith(KUSTOMIZE_GROUP)) throw new Error(`${where()} is a source of kustomize: render it before this step with \`kubectl kustomize\``);
	if (!hasName && asText(generateName) !== void 0) throw new Error(`${where()} has only metadata.generateName, which cannot be applied: set metadata.name, with the ID of the run for an object of each run`);
	if (typeof name === "number" || typeof name === "boolean") throw new Error(`${where()} is not a Kubernetes object: metadata.name must be a string, in quotes`);
	const missing = [
		...asText(object.apiVersion) === void 0 ? ["apiVersion"] : [],
		...kind === void 0 ? ["kind"] : [],
		...hasName ? [] : ["metadata.name"]
	];
	if (missing.length > 0) throw new Error(`${where()} is not a Kubernetes object: it has no ${missing.join(" and no ")}`);
	const wrong = wrongTypeIn(asObject(object.metadata));
	if (wrong !== void 0) throw new Error(`${where()} is not a Kubernetes object: ${wrong} must be a string`);
	const invalid = invalidName(object);
	if (invalid !== void 0) throw new Error(`${where()} has an invalid ${invalid}`);
	return [object];
}
/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
function wrongTypeIn({ namespace, labels, annotations }) {
	const isText = (value) => value === void 0 || value === null || typeof value === "string";
	if (!isText(namespace)) return "metadata.namespace";
	for (const [field, pairs] of Object.entries({
		labels,
		annotations
	})) {
		if (isText(pairs) && typeof pairs !== "string") continue;
		if (!isObject(pairs) || !Object.values(pairs).every(isText)) return `each value of metadata.${field}`;
	}
}
/**
* A field that becomes a part of a URL and is not what Kubernetes allows.
* https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
*/
function invalidName(object) {
	const { apiVersion, metadata, spec } = object;
	if (!isApiVersion(apiVersion)) return "apiVersion";
	if (!isPathSegment(metadata.name)) return "metadata.name";
	if (metadata.namespace && !LABEL.test(String(metadata.namespace))) return "metadata.namespace";
	if (groupKind(object) !== "apiextensions.k8s.io CustomResourceDefinition") return void 0;
	const { group, names, versions } = asObject(spec);
	const { plural } = asObject(names);
	if (!SUBDOMAIN.test(asText(group) ?? "")) return "spec.group";
	if (!LABEL.test(asText(plural) ?? "")) return "spec.names.plural";
	return asObjects(versions).every(({ name }) => LABEL.test(asText(name) ?? "")) ? void 0 : "spec.versions[].name";
}
/** Aliases can expand a small document to a huge object. Counts what would be sent, so shared nodes count each time. */
function countNodes(value, where) {
	const pending = [value];
	for (let count = 1; pending.length > 0;) {
		const next = pending.pop();
		if (typeof next !== "object" || next === null) continue;
		const children = Object.values(next);
		count += children.length;
		if (count > MAX_DOCUMENT_NODES) throw new Error(`${where()} is too large after its aliases are expanded`);
		for (const child of children) if (typeof child === "object") pending.push(child);
	}
}
export { endOfString as a, templateIn as i, objectsIn as n, parseJson as o, unrendered as r, MAX_MANIFEST_BYTES as t };
