import { a as EVENT_ID, i as CORE_SCHEMA, l as mergeTag, o as constructFromEvents, u as parseEvents } from "./packages.js";
import { ct as asText, l as cut, lt as isObject, ot as asObject } from "./inputs.js";
// src/workload/manifest.ts
/** Some dozens of objects of the size that etcd can store: https://etcd.io/docs/v3.5/dev-guide/limit/. */
const MAX_MANIFEST_BYTES = 10485760;
/** The parser quotes what it does not understand, whatever its length. */
const MAX_REASON_LENGTH = 200;
/** Limits what YAML aliases expand to. */
const MAX_DOCUMENT_NODES = 5e5;
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);
/**
* Reads the objects of a manifest: YAML or JSON with any number of documents. Of a `List` it returns the items.
* @param source the manifest's name in error messages
* @throws Error that names the source, the document and the line
*/
function parseManifest(text, source) {
	if (Buffer.byteLength(text) > MAX_MANIFEST_BYTES) throw new Error(`${source} is larger than 10 MiB`);
	const objects = load(text, source).filter(({ value }) => value !== null && value !== void 0).flatMap(({ value, where }) => {
		countNodes(value, where);
		return itemsOf(value, where);
	});
	if (objects.length === 0) throw new Error(`${source} contains no Kubernetes object`);
	return objects;
}
function load(text, source) {
	try {
		const events = parseEvents(text, {});
		const starts = events.flatMap(({ type }, index) => type === EVENT_ID.DOCUMENT ? [startOf(events[index + 1])] : []);
		return constructFromEvents(events, {
			source: text,
			schema: SCHEMA
		}).map((value, index) => ({
			value,
			where: () => `${source}, document ${index + 1} (line ${text.slice(0, starts[index]).split("\n").length})`
		}));
	} catch (error) {
		const { reason = "it cannot be parsed", mark } = error;
		throw new Error(`${source} is not valid YAML${mark ? `, line ${mark.line + 1}` : ""}: ${cut(reason, MAX_REASON_LENGTH)}`);
	}
}
/** The offset of a document's first node. */
function startOf(first) {
	return first === void 0 ? 0 : "start" in first ? first.start : "valueStart" in first ? first.valueStart : 0;
}
function itemsOf(value, where) {
	const object = asObject(value);
	const { items } = object;
	const kind = asText(object.kind);
	const hasName = asText(asObject(object.metadata).name) !== void 0;
	if (kind?.endsWith("List") && Array.isArray(items) && !hasName) return items.flatMap((item, index) => itemsOf(item, () => `${where()}, item ${index + 1}`));
	const missing = [
		...asText(object.apiVersion) === void 0 ? ["apiVersion"] : [],
		...kind === void 0 ? ["kind"] : [],
		...hasName ? [] : ["metadata.name"]
	];
	if (missing.length > 0) throw new Error(`${where()} is not a Kubernetes object: it has no ${missing.join(" and no ")}`);
	const wrong = wrongTypeIn(asObject(object.metadata));
	if (wrong !== void 0) throw new Error(`${where()} is not a Kubernetes object: ${wrong} must be a string`);
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
/** Aliases can expand a small document to a huge or endless object. Counts what would be sent, so shared nodes count each time. */
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
export { parseManifest };
