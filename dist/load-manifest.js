import { t as objectsIn } from "./manifest-objects.js";
// src/workload/json.ts
/** Longer texts are for the parser of YAML, which limits them. */
const MAX_LENGTH = 1048576;
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g;
/**
* Reads one document of JSON, when it means the same as YAML: it has no number that JavaScript changes, no key twice, and nothing
* that looks like a template.
* @returns undefined for everything else
*/
function parseJson(text) {
	const start = text.search(/\S/);
	if (text[start] !== "{" || text.length > MAX_LENGTH || /\{\{|__proto__|\\u/.test(text)) return void 0;
	try {
		const value = JSON.parse(text);
		const tokens = [...text.matchAll(TOKEN)];
		const keys = tokens.filter(([, colon]) => colon !== void 0);
		const numbers = tokens.flatMap(([token]) => token.startsWith("\"") ? [] : token);
		if (keys.length !== countKeys(value) || numbers.some((one) => String(Number(one)) !== one)) return void 0;
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
function countKeys(value) {
	let count = 0;
	for (const pending = [value]; pending.length > 0;) {
		const next = pending.pop();
		if (typeof next !== "object" || next === null) continue;
		const children = Object.values(next);
		if (!Array.isArray(next)) count += children.length;
		pending.push(...children);
	}
	return count;
}
// src/workload/load-manifest.ts
/**
* Reads the objects of a manifest. Only for one that is not plain JSON, the parser of YAML is loaded.
* @throws Error, see parseManifest
*/
async function loadManifest(text, source, warn) {
	const document = parseJson(text);
	if (document !== void 0) return objectsIn({
		source,
		documents: [document]
	}, warn);
	const { parseManifest } = await import("./manifest.js");
	return parseManifest(text, source, warn);
}
export { loadManifest };
