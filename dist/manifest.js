import { c as parseEvents, i as constructFromEvents, n as CORE_SCHEMA, r as EVENT_ID, s as mergeTag } from "./packages.js";
import { r as asText, t as asObject } from "./json.js";
// src/workload/manifest.ts
/** Larger than any manifest that etcd could hold in some dozens of objects. */
const LARGEST_MANIFEST = 10485760;
/** What aliases may multiply a manifest to. */
const MOST_NODES = 5e5;
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);
/**
* Reads the objects of a manifest: YAML or JSON, many documents, lists taken apart.
* @param source how the manifest is called in errors
* @throws Error that names the source, the document and the line
*/
function parseManifest(text, source) {
	if (Buffer.byteLength(text) > LARGEST_MANIFEST) throw new Error(`${source} is larger than 10 MiB`);
	const objects = load(text, source).filter(({ value }) => value !== null && value !== void 0).flatMap(({ value, where }) => {
		countNodes(value, where);
		return takeApart(value, where);
	});
	if (objects.length === 0) throw new Error(`${source} holds no object`);
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
		const { reason = "it cannot be read", mark } = error;
		throw new Error(`${source} is not valid YAML${mark ? `, line ${mark.line + 1}` : ""}: ${reason}`);
	}
}
/** Where the first node of a document is. */
function startOf(first) {
	return first === void 0 ? 0 : "start" in first ? first.start : "valueStart" in first ? first.valueStart : 0;
}
function takeApart(value, where) {
	const object = asObject(value);
	const { items } = object;
	const kind = asText(object.kind);
	const hasName = asText(asObject(object.metadata).name) !== void 0;
	if (kind?.endsWith("List") && Array.isArray(items) && !hasName) return items.flatMap((item, index) => takeApart(item, () => `${where()}, item ${index + 1}`));
	const missing = [
		...asText(object.apiVersion) === void 0 ? ["apiVersion"] : [],
		...kind === void 0 ? ["kind"] : [],
		...hasName ? [] : ["metadata.name"]
	];
	if (missing.length > 0) throw new Error(`${where()} is no Kubernetes object: it lacks ${missing.join(" and ")}`);
	return [object];
}
/** Aliases make small texts into huge or endless objects: what would be sent is counted, shared parts each time. */
function countNodes(value, where) {
	const pending = [value];
	for (let count = 1; pending.length > 0; count++) {
		if (count > MOST_NODES) throw new Error(`${where()} grows too large by its aliases`);
		const next = pending.pop();
		if (typeof next !== "object" || next === null) continue;
		for (const child of Object.values(next)) pending.push(child);
	}
}
export { parseManifest };
