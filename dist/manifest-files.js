import { n as __toESM } from "./rolldown-runtime.js";
import { A as readRegularFile, Ht as require__builtin_path, St as reason, V as info, _t as ActionError, at as asObjects, c as require_promises, gt as unlessAborted, it as asObject, j as requireRegular, ot as asText } from "./runner.js";
import { It as quote } from "./inputs.js";
// src/inputs/kustomization.ts
var import_promises = require_promises();
var import__builtin_path = /* @__PURE__ */ __toESM(require__builtin_path(), 1);
/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const NAMES = [
	"kustomization.yaml",
	"kustomization.yml",
	"Kustomization"
];
const MAX_BYTES = 1048576;
function isKustomization(path) {
	return NAMES.includes((0, import__builtin_path.basename)(path));
}
/**
* The absolute paths of the files that a kustomization uses and that are no manifests: its patches, and what it makes ConfigMaps and
* Secrets of. None when it cannot be read.
*/
async function filesOfKustomization(path) {
	const fields = await readKustomization(path);
	const paths = (...lists) => lists.flatMap((name) => asObjects(fields[name])).map((one) => one.path);
	const texts = (...lists) => lists.flatMap((name) => listOf(fields[name]));
	const generators = [fields.configMapGenerator, fields.secretGenerator].flatMap(asObjects);
	const charts = asObjects(fields.helmCharts);
	return [
		...paths("patches", "patchesJson6902", "replacements"),
		...texts("patchesStrategicMerge", "configurations", "transformers", "generators", "validators", "crds"),
		...generators.flatMap(({ files, envs, env }) => [
			...listOf(files),
			...listOf(envs),
			env
		]).map(withoutKey),
		...charts.flatMap(({ valuesFile, additionalValuesFiles }) => [valuesFile, ...listOf(additionalValuesFiles)])
	].flatMap((entry) => {
		const text = asText(entry);
		return text === void 0 || text.includes("\n") ? [] : [(0, import__builtin_path.resolve)((0, import__builtin_path.join)((0, import__builtin_path.dirname)(path), text))];
	});
}
async function readKustomization(path) {
	try {
		const { readDocument } = await import("./manifest.js");
		return asObject(readDocument(readRegularFile(path, MAX_BYTES).toString()));
	} catch {
		return {};
	}
}
function listOf(value) {
	return Array.isArray(value) ? value : [];
}
function withoutKey(entry) {
	const text = asText(entry);
	return text?.slice(text.indexOf("=") + 1);
}
// src/inputs/manifest-source.ts
const CHART_FILES = [
	"Chart.yaml",
	"values.yaml",
	"values.yml",
	"values.schema.json",
	"requirements.yaml"
];
/** Such as `values-production.yaml`, in the folder of a chart. */
const CHART_VALUES = /^(?:values[-._].*|.*[-._]values)\.ya?ml$/;
/** Separates manifests from the files that a program renders. */
async function separateSources(files) {
	const kustomizations = files.filter(isKustomization);
	const used = new Set((await Promise.all(kustomizations.map(filesOfKustomization))).flat());
	const charts = await chartsOf(files);
	const isSource = (path) => isKustomization(path) || used.has((0, import__builtin_path.resolve)(path)) || charts.has(path);
	const commands = [...kustomizations.map((path) => `kubectl kustomize ${(0, import__builtin_path.dirname)(path)} > manifests.yaml`), ...[...charts.values()].map((chart) => `helm template ${chart} > manifests.yaml`)];
	return {
		manifests: files.filter((path) => !isSource(path)),
		sources: files.filter(isSource),
		commands: [...new Set(commands)]
	};
}
/** The folders of charts, by the files that belong to them. */
async function chartsOf(files) {
	const charts = /* @__PURE__ */ new Map();
	const known = /* @__PURE__ */ new Map();
	const isChart = (folder) => {
		const found = known.get(folder) ?? exists((0, import__builtin_path.join)(folder, "Chart.yaml"));
		known.set(folder, found);
		return found;
	};
	for (const path of files) {
		const folder = (0, import__builtin_path.dirname)(path);
		const name = (0, import__builtin_path.basename)(path);
		const index = folder.split(import__builtin_path.sep).lastIndexOf("templates");
		const parent = index === -1 ? void 0 : folder.split(import__builtin_path.sep).slice(0, index).join(import__builtin_path.sep) || ".";
		if (CHART_FILES.includes(name)) charts.set(path, folder);
		else if (parent !== void 0 && await isChart(parent)) charts.set(path, parent);
		else if (CHART_VALUES.test(name) && await isChart(folder)) charts.set(path, folder);
	}
	return charts;
}
async function exists(path) {
	return await (0, import_promises.access)(path).then(() => true, () => false);
}
// src/inputs/manifest-files.ts
/** Of one file: https://etcd.io/docs/v3.5/dev-guide/limit/ stores some dozens of large objects in as much. */
const MAX_MANIFEST_BYTES = 10485760;
/** More is a glob that matches what was not meant. */
const MAX_FILES = 1e3;
const MAX_TOTAL_BYTES = 67108864;
/**
* The files that these paths and globs name. Only regular files are opened, since a pipe or a device could block the run forever,
* and the search ends with the run: a glob can be about a whole disk.
* @throws ActionError when `signal` aborts
*/
async function findManifestFiles(read, patterns, signal) {
	const found = /* @__PURE__ */ new Map();
	for (const pattern of patterns) try {
		const files = await unlessAborted(findFiles(pattern, signal), signal);
		for (const path of await withoutSources(read, pattern, [...files.keys()])) found.set(path, files.get(path) ?? 0);
	} catch (error) {
		if (error instanceof ActionError) throw error;
		read.addError("manifest-files", `contains ${quote(pattern)}, ${reason(error)}`, HINT);
	}
	const bytes = [...found.values()].reduce((sum, size) => sum + size, 0);
	if (found.size <= MAX_FILES && bytes <= MAX_TOTAL_BYTES) return [...found.keys()];
	const most = `${MAX_FILES} files or ${MAX_TOTAL_BYTES / 1024 ** 2} MiB`;
	read.addError("manifest-files", `matches more than ${most}`, "Narrow its globs.");
	return [];
}
const HINT = "Check the path, and that an earlier step checks out the repository. From a directory, the action reads .yaml, .yml and .json files.";
/** Without the files that another program renders: a folder with nothing else is an error. */
async function withoutSources(read, pattern, files) {
	const { manifests, sources, commands } = await separateSources(files);
	if (sources.length > 0 && manifests.length > 0) info(`Left out ${sources.join(", ")}: no manifest. To deploy what it describes: ${commands.join(", ")}`);
	else if (sources.length > 0) read.addError("manifest-files", `contains ${quote(pattern)}, which has no manifest: ${sources.join(", ")}`, `Render it in an earlier step, and use the result: ${commands.map((command) => `\`${command}\``).join(", ")}.`);
	return manifests;
}
/**
* A path, a glob, or the manifests of a directory without its subdirectories, as `kubectl apply -f` reads it.
* @returns the sizes of the files by their paths
* @throws Error whose message reads after the pattern
*/
async function findFiles(pattern, signal) {
	const paths = await pathsOf(pattern, signal);
	const files = /* @__PURE__ */ new Map();
	for (const path of paths) for (const file of (await statOf(path)).isDirectory() ? await manifestsIn(path) : [path]) {
		const found = await statOf(file);
		try {
			requireRegular(found, MAX_MANIFEST_BYTES);
		} catch (error) {
			throw unreadable(file, error);
		}
		files.set(file, found.size);
	}
	if (files.size === 0) throw new Error("which matches no manifest");
	return files;
}
async function pathsOf(pattern, signal) {
	if (await (0, import_promises.stat)(pattern).then(() => true, () => false)) return [pattern];
	const paths = [];
	for await (const path of (0, import_promises.glob)(pattern)) {
		paths.push(path);
		if (signal.aborted || paths.length > MAX_FILES) break;
	}
	return paths.sort();
}
async function manifestsIn(directory) {
	return (await (0, import_promises.readdir)(directory)).filter((name) => /\.(ya?ml|json)$/.test(name)).sort().map((name) => (0, import__builtin_path.join)(directory, name));
}
/** Of what a link leads to. A link that leads nowhere or in a circle is an error. */
async function statOf(path) {
	return await (0, import_promises.stat)(path).catch((error) => {
		throw unreadable(path, error);
	});
}
function unreadable(path, error) {
	const { code = "" } = error;
	return /* @__PURE__ */ new Error(`of which ${quote(path)} cannot be read (${code})`);
}
export { MAX_MANIFEST_BYTES, findManifestFiles };
