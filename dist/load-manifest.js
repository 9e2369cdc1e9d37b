import { n as objectsIn, o as parseJson } from "./manifest-objects.js";
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
