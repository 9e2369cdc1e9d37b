import { _ as cut } from "./runner.js";
import { i as templateIn, n as objectsIn, r as unrendered } from "./manifest-objects.js";
import { n as separateJson } from "./workload.js";
import { n as YamlError, r as parseYaml } from "./yaml2.js";
// src/workload/manifest.ts
/** The parser quotes what it does not understand, whatever its length. */
const MAX_REASON_LENGTH = 200;
const MAX_TEMPLATE_START = 76;
/**
* Reads the objects of a manifest: YAML or JSON with any number of documents. Of a `List` it returns the items.
* @param source its name in messages
* @param warn receives sentences about what is valid and may not do what its author expects
* @throws Error that names the source, the document and the line
*/
function parseManifest(text, source, warn) {
	if (Buffer.byteLength(text) > 10485760) throw new Error(`${source} is larger than 10 MiB`);
	return objectsIn({
		source,
		documents: parse(text, source)
	}, warn);
}
function parse(text, source) {
	try {
		return parseYaml(separateJson(text));
	} catch (error) {
		if (!(error instanceof YamlError)) throw error;
		const { line, document, message } = error;
		const template = line === void 0 ? void 0 : templateBefore(text, line);
		if (template !== void 0) {
			const at = document === void 0 ? `${source}, line ${template.line}` : `${source}, document ${document} (line ${template.line})`;
			throw new Error(unrendered(at, template));
		}
		throw new Error(`${source} is not valid YAML${line === void 0 ? "" : `, line ${line}`}: ${cut(message, MAX_REASON_LENGTH)}`);
	}
}
/**
* The template in a line that cannot be parsed. One on a line of its own, such as a comment of Helm, can make the next line
* the first that cannot.
*/
function templateBefore(text, line) {
	const lines = text.split(/\r\n|\r|\n/, line);
	const own = templateOn(lines[line - 1] ?? "");
	if (own !== void 0) return {
		...own,
		line
	};
	const previous = lines.slice(0, line - 1).findLastIndex((one) => one.trim() !== "");
	const before = lines[previous] ?? "";
	const template = /^\s*(?:\{[{%]|<%)/.test(before) ? templateOn(before) : void 0;
	return template && {
		...template,
		line: previous + 1
	};
}
/** Also one that ends on a later line. */
function templateOn(line) {
	const start = line.indexOf("{{");
	return templateIn(line) ?? (start === -1 ? void 0 : templateIn(`${line.slice(start, start + MAX_TEMPLATE_START)}}}`));
}
export { parseManifest };
