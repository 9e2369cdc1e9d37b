import { ot as asText } from "./runner.js";
import { It as quote, ft as KEY, pt as LABEL_VALUE } from "./inputs.js";
// src/inputs/label-selector.ts
const SYMBOLS = [
	"==",
	"!=",
	"=",
	"!",
	"(",
	")",
	",",
	">",
	"<"
];
/**
* Parses a label selector as the API server does, and matches labels by it:
* https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/labels/selector.go
* @throws Error that says what is wrong with it, as it reads after "but"
*/
function parseSelector(text) {
	const tokens = tokensOf(text);
	const requirements = [parseRequirement(tokens)];
	while (tokens.length > 1) {
		expect(tokens, [","], "a comma");
		requirements.push(parseRequirement(tokens));
	}
	return {
		text,
		matches: (labels) => requirements.every((isMet) => isMet(labels))
	};
}
/** The next token is the last of the list; the one at the end of the text has no text. */
function tokensOf(selector) {
	const tokens = [];
	let at = 0;
	while (at < selector.length) {
		const symbol = SYMBOLS.find((one) => selector.startsWith(one, at));
		if (/\s/.test(selector[at] ?? "")) at++;
		else {
			let end = at + (symbol?.length ?? 0);
			if (symbol === void 0) while (end < selector.length && !/[\s=!(),<>]/.test(selector[end] ?? "")) end++;
			tokens.push({
				text: selector.slice(at, end),
				position: at + 1
			});
			at = end;
		}
	}
	return [...tokens, {
		text: "",
		position: selector.length + 1
	}].reverse();
}
/** `key`, `!key`, `key=value`, `key>1`, `key in (a,b)`. Those with a negation are met without the label as well. */
function parseRequirement(tokens) {
	const isAbsent = tokens.at(-1)?.text === "!";
	if (isAbsent) tokens.pop();
	const { text: key, position } = expect(tokens, void 0, "a label key");
	if (!KEY.test(key)) throw problem({
		text: key,
		position
	}, "is not a label key");
	const next = tokens.at(-1)?.text ?? "";
	if (isAbsent) return (labels) => !Object.hasOwn(labels, key);
	if (next === "" || next === ",") return (labels) => Object.hasOwn(labels, key);
	const { text: operator } = expect(tokens, [
		"=",
		"==",
		"!=",
		">",
		"<",
		"in",
		"notin"
	], "one of =, !=, in, notin, <, > and a comma");
	const values = operator === "in" || operator === "notin" ? parseValues(tokens) : [parseValue(tokens)];
	if (operator === ">" || operator === "<") return comparison(key, operator, values);
	const texts = values.map(({ text }) => text);
	const isEqual = (labels) => Object.hasOwn(labels, key) && texts.includes(asText(labels[key]) ?? "");
	return operator === "!=" || operator === "notin" ? (labels) => !isEqual(labels) : isEqual;
}
function comparison(key, operator, [value = END]) {
	if (!NUMBER.test(value.text)) throw value.text === "" ? expected(value, "a whole number") : problem(value, "is not a whole number");
	return (labels) => {
		const label = asText(labels[key]) ?? "";
		const difference = NUMBER.test(label) ? Number(label) - Number(value.text) : 0;
		return operator === ">" ? difference > 0 : difference < 0;
	};
}
const NUMBER = /^\d+$/;
/** `(a,b)`. Each of the values may be empty. */
function parseValues(tokens) {
	expect(tokens, ["("], "an opening parenthesis");
	const [first = END] = tokens.slice(-1);
	if (first.text === ")") throw expected(first, "a value");
	const values = [parseValue(tokens, ")")];
	while (tokens.at(-1)?.text === ",") {
		tokens.pop();
		values.push(parseValue(tokens, ")"));
	}
	expect(tokens, [")"], "a comma or a closing parenthesis");
	return values;
}
/** A word, or nothing. */
function parseValue(tokens, end = "") {
	const token = tokens.at(-1) ?? END;
	if (token.text === end || token.text === ",") return {
		...token,
		text: ""
	};
	const value = expect(tokens, void 0, "a value");
	if (!LABEL_VALUE.test(value.text)) throw problem(value, "is not a label value");
	return value;
}
const END = {
	text: "",
	position: 0
};
/** @param texts undefined: any word */
function expect(tokens, texts, what) {
	const token = tokens.at(-1) ?? END;
	if (!(texts === void 0 ? token.text !== "" && !SYMBOLS.includes(token.text) : texts.includes(token.text))) throw expected(token, what);
	tokens.pop();
	return token;
}
function expected(token, what) {
	const found = token.text === "" ? "it ends" : `${quote(token.text)} follows`;
	return /* @__PURE__ */ new Error(`at character ${token.position} ${found} instead of ${what}`);
}
function problem({ text, position }, what) {
	return /* @__PURE__ */ new Error(`${quote(text)} at character ${position} ${what}`);
}
export { parseSelector };
