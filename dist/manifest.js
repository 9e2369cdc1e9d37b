import { lt as isRawJson, y as cut } from "./runner.js";
import { a as endOfString, i as templateIn, n as objectsIn, r as unrendered } from "./manifest-objects.js";
import { B as parseEvents, D as getScalarValue, l as SCALAR_STYLE, o as EVENT_ID } from "./yaml.js";
// src/workload/separate-json.ts
/**
* A stream of JSON objects with document separators between them, so the parser of YAML reads all of them. kubectl reads
* such a stream where the text starts with a brace:
* https://github.com/kubernetes/apimachinery/blob/master/pkg/util/yaml/decoder.go. Lines keep their numbers, unless two objects are
* on one. Any other text is returned as it is.
*/
function separateJson(text) {
	const first = text.search(/\S/);
	const [, ...following] = text[first] === "{" && objectsOf(text, first) || [];
	if (following.length === 0) return text;
	const pieces = [];
	let position = 0;
	for (const { start, afterPrevious } of following) {
		const lineBreak = text.lastIndexOf("\n", start);
		const isOnOwnLine = lineBreak >= afterPrevious;
		const boundary = isOnOwnLine ? lineBreak + 1 : start;
		pieces.push(text.slice(position, boundary), isOnOwnLine ? "--- " : "\n--- ");
		position = boundary;
	}
	return pieces.join("") + text.slice(position);
}
/** Where the objects start that a text consists of; undefined when it has anything else. */
function objectsOf(text, first) {
	const objects = [];
	let depth = 0;
	let afterPrevious = 0;
	for (let index = first; index < text.length; index++) {
		const character = text[index] ?? "";
		if (depth === 0 && /\s/.test(character)) continue;
		if (depth === 0 && character !== "{") return void 0;
		if (depth === 0) objects.push({
			start: index,
			afterPrevious
		});
		if (character === "\"") index = endOfString(text, index);
		else if (character === "{" || character === "[") depth++;
		else if (character === "}" || character === "]") depth--;
		if (depth === 0) afterPrevious = index + 1;
	}
	return depth === 0 ? objects : void 0;
}
// src/workload/flow-indentation.ts
/** More than the spaces that most lines need. A line that needs more gets them again. */
const SPACES = " ".repeat(64);
/** Limits how many characters are parsed again: each line that needs spaces takes one more pass. */
const MAX_REPARSED = 67108864;
/**
* Parses a stream as go-yaml does, in which the lines of a flow collection or a quoted text need no indentation, such as
* the `]` below the `[` of `args: [`. js-yaml follows https://yaml.org/spec/1.2.2/#rule-s-flow-line-prefix and refuses them. Spaces at
* the start of such a line mean nothing, so they are added. The lines keep their numbers.
* @returns the source with these spaces, to which the offsets of the events refer
* @throws what js-yaml throws about the source as it is
*/
function parseStream(original) {
	let source = original;
	let reparsed = 0;
	let first;
	for (;;) try {
		return {
			source,
			events: parseEvents(source, {})
		};
	} catch (error) {
		first ??= error;
		const fixed = fixLine(source, error);
		reparsed += source.length;
		if (fixed === void 0 || reparsed > MAX_REPARSED) throw first;
		source = fixed;
	}
}
function fixLine(source, error) {
	const { reason, mark } = error;
	if (reason !== "deficient indentation" || mark === void 0 || mark.position === 0) return void 0;
	const lineBreak = Math.max(source.lastIndexOf("\n", mark.position - 1), source.lastIndexOf("\r", mark.position - 1));
	const [start, line] = [lineBreak + 1, source.slice(lineBreak + 1, mark.position)];
	if (line.trim() === "") return source.slice(0, start) + SPACES + source.slice(start);
	const text = line.trimEnd();
	const spaced = text.replace(/^([^"'\t]*[:,[{-] ?)(\t+)/, (_, before, tabs) => before + spacesFor(tabs)) + spacesFor(line.slice(text.length));
	return spaced === line ? void 0 : source.slice(0, start) + spaced + source.slice(mark.position);
}
const spacesFor = (tabs) => " ".repeat(tabs.length);
// src/workload/yaml-scalar.ts
/** The tags that YAML 1.1 defines for scalars, by their short form. */
const RESOLVERS = {
	"": (text) => resolvePlain(text),
	"!": (text) => text,
	"!!str": (text) => text,
	"!!timestamp": (text) => text,
	"!!binary": (text) => decodeBase64(text),
	"!!null": (text) => NULLS.has(text) ? null : void 0,
	"!!bool": (text) => BOOLEANS.get(text),
	"!!int": (text) => resolveInteger(text.replaceAll("_", "")),
	"!!float": (text) => resolveNumber(text)
};
/**
* The JSON value of a scalar as kubectl reads it: YAML 1.1 without sexagesimal numbers and timestamps, and with the octal
* numbers of both versions: https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go.
* @throws Error when the tag is unknown or does not fit, or when JSON cannot hold the value
*/
function resolveScalar({ text, tag, isPlain }) {
	const name = tag.replace(/^!<tag:yaml\.org,2002:(.*)>$/, "!!$1");
	const resolver = tag === "" && !isPlain ? String : Object.hasOwn(RESOLVERS, name) ? RESOLVERS[name] : void 0;
	if (resolver === void 0) throw new Error(`the tag ${tag} is unknown`);
	const value = resolver(text);
	if (value === void 0) throw new Error(`a value does not match its tag ${tag}`);
	if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`JSON has no number ${text}`);
	return value;
}
const NULLS = /* @__PURE__ */ new Set([
	"",
	"~",
	"null",
	"Null",
	"NULL"
]);
const BOOLEANS = new Map([...inCases("y", "yes", "true", "on").map((text) => [text, true]), ...inCases("n", "no", "false", "off").map((text) => [text, false])]);
const SPECIAL_NUMBERS = new Map([...inCases(".nan", ".NaN").map((text) => [text, NaN]), ...inCases(".inf", ".Inf").flatMap((text) => [
	[text, Number.POSITIVE_INFINITY],
	[`+${text}`, Number.POSITIVE_INFINITY],
	[`-${text}`, Number.NEGATIVE_INFINITY]
])]);
/** Each as `yes`, `Yes` and `YES`. */
function inCases(...words) {
	return words.flatMap((word) => [
		word,
		`${word[0]?.toUpperCase()}${word.slice(1)}`,
		word.toUpperCase()
	]);
}
function resolvePlain(text) {
	if (NULLS.has(text)) return null;
	return BOOLEANS.get(text) ?? resolveNumber(text) ?? text;
}
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
function resolveNumber(text) {
	const special = SPECIAL_NUMBERS.get(text);
	if (special !== void 0) return special;
	const plain = /^[-+0-9]|^\.\d+(?:_\d+)+$/.test(text) ? text.replaceAll("_", "") : text;
	const integer = resolveInteger(plain);
	if (integer !== void 0) return integer;
	const float = FLOAT.test(plain) ? Number(plain) : void 0;
	return float !== void 0 && Number.isFinite(float) ? float : void 0;
}
const INTEGER = /^([-+]?)(0[bB][01]+|0[oO][0-7]+|0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/;
const [MIN_INT64, MAX_INT64, MAX_UINT64] = [
	-(2n ** 63n),
	2n ** 63n - 1n,
	2n ** 64n - 1n
];
function resolveInteger(plain) {
	const [, sign, digits] = INTEGER.exec(plain) ?? [];
	if (digits === void 0) return void 0;
	const amount = BigInt(digits.replace(/^0(?=[0-7])/, "0o"));
	const integer = sign === "-" ? -amount : amount;
	const number = Number(integer);
	if (Number.isSafeInteger(number)) return number;
	if (integer < MIN_INT64 || integer > MAX_UINT64) return void 0;
	return integer > MAX_INT64 ? number : rawJson(String(integer));
}
/** A number that JSON.stringify writes with all its digits: https://github.com/tc39/proposal-json-parse-with-source. */
function rawJson(digits) {
	return JSON.rawJSON(digits);
}
function decodeBase64(text) {
	const compact = text.replace(/\s/g, "");
	return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact) ? Buffer.from(compact, "base64").toString() : void 0;
}
// src/workload/yaml.ts
/** The reason of the error for `image: {{ .Values.image }}`, which is a mapping with a mapping as its key. */
const UNRENDERED = "it contains a template that was not rendered";
/** The text is not valid YAML, or its value is not valid JSON. */
var YamlError = class extends Error {
	name = "YamlError";
	/** From 1. */
	line;
	/** From 1; undefined when the documents could not be separated. */
	document;
	constructor(reason, line, document) {
		super(reason);
		this.line = line;
		this.document = document;
	}
};
/**
* Reads YAML as kubectl does, which converts each document to JSON: https://github.com/kubernetes-sigs/yaml. It reads
* scalars by YAML 1.1, and takes the last one of duplicate keys. js-yaml parses; its own constructor refuses or resolves
* these in other ways.
* @throws YamlError
*/
function parseYaml(source) {
	return new Composer(parse$1(source)).documents();
}
function parse$1(source) {
	try {
		return parseStream(source);
	} catch (error) {
		const { reason = "it cannot be parsed", mark } = error;
		throw new YamlError(reason, mark && mark.line + 1);
	}
}
/** Limits what merge keys copy. */
const MAX_MERGED_KEYS = 5e5;
/** How far from its key a template in a comment may start. */
const MAX_COMMENT_START = 200;
var Composer = class {
	#source;
	#events;
	#documents = [];
	#index = 0;
	#anchors = /* @__PURE__ */ new Map();
	#texts = [];
	#duplicates = [];
	#merged = 0;
	/** How many lines end before an offset, so each line is counted once. */
	#counted = {
		offset: 0,
		lines: 1
	};
	constructor({ source, events }) {
		this.#source = source;
		this.#events = events;
	}
	documents() {
		while (this.#index < this.#events.length) {
			this.#index++;
			this.#anchors = /* @__PURE__ */ new Map();
			this.#texts = [];
			this.#duplicates = [];
			const line = this.#lineAt(startOf(this.#events[this.#index]));
			let value;
			while (!this.#isEnd()) value = this.#node([]);
			this.#index++;
			this.#documents.push({
				value,
				line,
				texts: this.#texts,
				duplicates: this.#duplicates
			});
		}
		return this.#documents;
	}
	#node(path) {
		const event = this.#events[this.#index++];
		switch (event?.type) {
			case EVENT_ID.SCALAR: return this.#anchored(event, this.#scalar(event, path));
			case EVENT_ID.SEQUENCE: return this.#anchored(event, this.#sequence(event, path));
			case EVENT_ID.MAPPING: return this.#anchored(event, this.#mapping(event, path));
			case EVENT_ID.ALIAS: {
				const name = this.#source.slice(event.anchorStart, event.anchorEnd);
				if (!this.#anchors.has(name)) throw this.#error(`alias *${name} has no anchor before it`, event);
				return this.#anchors.get(name);
			}
			default: throw new YamlError("it cannot be parsed");
		}
	}
	#anchored(event, value) {
		if (event.anchorStart >= 0) this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), value);
		return value;
	}
	#scalar(event, path) {
		const text = getScalarValue(this.#source, event);
		if (!(event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK) && text !== "") this.#texts.push({
			path,
			text,
			line: this.#lineAt(startOf(event))
		});
		try {
			return resolveScalar({
				text,
				tag: this.#tagOf(event),
				isPlain: event.style === SCALAR_STYLE.PLAIN
			});
		} catch (error) {
			throw this.#error(error.message, event);
		}
	}
	#sequence(event, path) {
		this.#requireTag(event, "!!seq");
		const items = [];
		while (!this.#isEnd()) items.push(this.#node([...path, String(items.length)]));
		this.#index++;
		return items;
	}
	#mapping(event, path) {
		this.#requireTag(event, "!!map");
		const mapping = {};
		const own = /* @__PURE__ */ new Set();
		while (!this.#isEnd()) {
			const keyEvent = this.#events[this.#index];
			if (keyEvent !== void 0 && this.#isMergeKey(keyEvent)) {
				this.#index++;
				this.#merge(mapping, keyEvent, this.#node([...path, "<<"]));
				continue;
			}
			const key = this.#key(keyEvent, this.#node([...path, "?"]));
			if (own.has(key)) this.#duplicates.push({
				key,
				line: this.#lineAt(startOf(keyEvent))
			});
			own.add(key);
			const value = this.#node([...path, key]);
			if (value === null) this.#addTemplateComment([...path, key], startOf(keyEvent));
			define(mapping, key, value);
		}
		this.#index++;
		return mapping;
	}
	/** The `#{TAG}#` of Azure DevOps is a comment where nothing is before it. */
	#addTemplateComment(path, start) {
		const [line = ""] = this.#source.slice(start, start + MAX_COMMENT_START).split(/[\r\n]/, 1);
		const text = /:\s+(#\{.*)/.exec(line)?.[1];
		if (text !== void 0) this.#texts.push({
			path,
			text,
			line: this.#lineAt(start)
		});
	}
	#key(event, value) {
		if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
		if (isRawJson(value)) return JSON.stringify(value);
		const start = startOf(event);
		if (this.#source.slice(start - 1, start + 1) === "{{") throw this.#error(UNRENDERED, event);
		throw this.#error("a key must be a text, a number or a boolean", event);
	}
	#isMergeKey(event) {
		return event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0 && getScalarValue(this.#source, event) === "<<";
	}
	/** Unlike YAML says, a merge overrides the keys before it. Of a list, the first mapping wins. */
	#merge(mapping, event, source) {
		const sources = Array.isArray(source) ? source.toReversed() : [source];
		for (const one of sources) {
			if (typeof one !== "object" || one === null || Array.isArray(one)) throw this.#error("<< must be followed by a mapping or a list of mappings", event);
			const entries = Object.entries(one);
			this.#merged += entries.length;
			if (this.#merged > MAX_MERGED_KEYS) throw this.#error("its merge keys copy too many keys", event);
			for (const [key, value] of entries) define(mapping, key, value);
		}
	}
	#requireTag(event, allowed) {
		const tag = this.#tagOf(event);
		if (tag !== "" && tag !== "!" && tag !== allowed) throw this.#error(`the tag ${tag} is unknown`, event);
	}
	#tagOf({ tagStart, tagEnd }) {
		return tagStart < 0 ? "" : this.#source.slice(tagStart, tagEnd);
	}
	#isEnd() {
		return this.#events[this.#index]?.type === EVENT_ID.POP;
	}
	#error(reason, event) {
		return new YamlError(reason, this.#lineAt(startOf(event)), this.#documents.length + 1);
	}
	#lineAt(offset) {
		const start = offset < this.#counted.offset ? {
			offset: 0,
			lines: 1
		} : this.#counted;
		const passed = this.#source.slice(start.offset, offset).split("\n").length - 1;
		this.#counted = {
			offset,
			lines: start.lines + passed
		};
		return this.#counted.lines;
	}
};
/** Also for a key like `__proto__`. */
function define(mapping, key, value) {
	Object.defineProperty(mapping, key, {
		value,
		enumerable: true,
		configurable: true,
		writable: true
	});
}
/** The offset of an event; 0 when it has none. */
function startOf(event) {
	if (event === void 0) return 0;
	const offsets = "start" in event ? [event.start] : "valueStart" in event ? [event.valueStart] : [];
	const anchor = "anchorStart" in event ? [event.anchorStart] : [];
	return [...offsets, ...anchor].find((offset) => offset >= 0) ?? 0;
}
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
/** The value of the first document of a text that is no manifest; undefined when it is not valid. */
function readDocument(text) {
	try {
		return parseYaml(text)[0]?.value;
	} catch {
		return;
	}
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
export { parseManifest, readDocument };
