import { n as objectsIn } from "./manifest-objects.js";
// src/workload/json.ts
/**
* Reads one document of JSON, when it means the same as YAML: it has no number that JavaScript changes, no key twice, and nothing
* that looks like a template.
* @returns undefined for everything else
*/
function parseJson(text) {
	const start = text.search(/\S/);
	if (text[start] !== "{" || /\{\{|__proto__|\\u/.test(text)) return void 0;
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
// src/workload/load-manifest.ts
/**
* Reads the objects of a manifest. Only for one that is not plain JSON, the parser of YAML is loaded.
* @throws Error, see parseManifest
*/
async function loadManifest(text, source, warn) {
	const document = Buffer.byteLength(text) > 10485760 ? void 0 : parseJson(text);
	if (document !== void 0) return objectsIn({
		source,
		documents: [document]
	}, warn);
	const { parseManifest } = await import("./manifest.js");
	return parseManifest(text, source, warn);
}
export { loadManifest };
