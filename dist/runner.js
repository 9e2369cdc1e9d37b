import { n as __toESM, t as __commonJSMin } from "./rolldown-runtime.js";
// \0builtin:timers/promises
var require_promises$1 = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:timers/promises");
}));
// \0builtin:os
var require__builtin_os = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:os");
}));
// node_modules/@actions/core/lib/utils.js
var import__builtin_os = /* @__PURE__ */ __toESM(require__builtin_os(), 1);
/**
* Sanitizes an input into a string so it can be passed into issueCommand safely
* @param input input to sanitize into a string
*/
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
/**
*
* @param annotationProperties
* @returns The command properties to send with the actual annotation command
* See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
*/
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}
// node_modules/@actions/core/lib/command.js
/**
* Issues a command to the GitHub Actions runner
*
* @param command - The command name to issue
* @param properties - Additional properties for the command (key-value pairs)
* @param message - The message to include with the command
* @remarks
* This function outputs a specially formatted string to stdout that the Actions
* runner interprets as a command. These commands can control workflow behavior,
* set outputs, create annotations, mask values, and more.
*
* Command Format:
*   ::name key=value,key=value::message
*
* @example
* ```typescript
* // Issue a warning annotation
* issueCommand('warning', {}, 'This is a warning message');
* // Output: ::warning::This is a warning message
*
* // Set an environment variable
* issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
* // Output: ::set-env name=MY_VAR::some value
*
* // Add a secret mask
* issueCommand('add-mask', {}, 'secretValue123');
* // Output: ::add-mask::secretValue123
* ```
*
* @internal
* This is an internal utility function that powers the public API functions
* such as setSecret, warning, error, and exportVariable.
*/
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + import__builtin_os.EOL);
}
function issue(name, message = "") {
	issueCommand(name, {}, message);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}
// \0late-crypto
const randomUUID = () => process.getBuiltinModule("node:crypto").randomUUID();
// \0builtin:fs
var require__builtin_fs = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:fs");
}));
// node_modules/@actions/core/lib/file-command.js
var import__builtin_fs = /* @__PURE__ */ __toESM(require__builtin_fs(), 1);
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!import__builtin_fs.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	import__builtin_fs.appendFileSync(filePath, `${toCommandValue(message)}${import__builtin_os.EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${import__builtin_os.EOL}${convertedValue}${import__builtin_os.EOL}${delimiter}`;
}
// \0builtin:path
var require__builtin_path = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:path");
}));
// \0builtin:http
var require__builtin_http = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:http");
}));
// \0builtin:net
var require__builtin_net = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:net");
}));
// \0builtin:tls
var require__builtin_tls = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:tls");
}));
// \0builtin:events
var require__builtin_events = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:events");
}));
// \0builtin:assert
var require__builtin_assert = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:assert");
}));
// \0builtin:util
var require__builtin_util = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:util");
}));
// \0builtin:stream
var require__builtin_stream = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:stream");
}));
// \0builtin:buffer
var require__builtin_buffer = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:buffer");
}));
// \0builtin:querystring
var require__builtin_querystring = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:querystring");
}));
// \0builtin:diagnostics_channel
var require__builtin_diagnostics_channel = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:diagnostics_channel");
}));
// \0builtin:http2
var require__builtin_http2 = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:http2");
}));
// \0builtin:url
var require__builtin_url = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:url");
}));
// \0builtin:async_hooks
var require__builtin_async_hooks = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:async_hooks");
}));
// \0builtin:crypto
var require__builtin_crypto = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:crypto");
}));
// \0builtin:string_decoder
var require__builtin_string_decoder = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:string_decoder");
}));
// node_modules/@actions/core/lib/summary.js
var import__builtin_path = /* @__PURE__ */ __toESM(require__builtin_path(), 1);
var __awaiter$1 = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { access, appendFile, writeFile } = import__builtin_fs.promises;
const SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
	constructor() {
		this._buffer = "";
	}
	/**
	* Finds the summary file path from the environment, rejects if env var is not found or file does not exist
	* Also checks r/w permissions.
	*
	* @returns step summary file path
	*/
	filePath() {
		return __awaiter$1(this, void 0, void 0, function* () {
			if (this._filePath) return this._filePath;
			const pathFromEnv = process.env[SUMMARY_ENV_VAR];
			if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
			try {
				yield access(pathFromEnv, import__builtin_fs.constants.R_OK | import__builtin_fs.constants.W_OK);
			} catch (_a) {
				throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
			}
			this._filePath = pathFromEnv;
			return this._filePath;
		});
	}
	/**
	* Wraps content in an HTML tag, adding any HTML attributes
	*
	* @param {string} tag HTML tag to wrap
	* @param {string | null} content content within the tag
	* @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
	*
	* @returns {string} content wrapped in HTML element
	*/
	wrap(tag, content, attrs = {}) {
		const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
		if (!content) return `<${tag}${htmlAttrs}>`;
		return `<${tag}${htmlAttrs}>${content}</${tag}>`;
	}
	/**
	* Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
	*
	* @param {SummaryWriteOptions} [options] (optional) options for write operation
	*
	* @returns {Promise<Summary>} summary instance
	*/
	write(options) {
		return __awaiter$1(this, void 0, void 0, function* () {
			const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
			const filePath = yield this.filePath();
			yield (overwrite ? writeFile : appendFile)(filePath, this._buffer, { encoding: "utf8" });
			return this.emptyBuffer();
		});
	}
	/**
	* Clears the summary buffer and wipes the summary file
	*
	* @returns {Summary} summary instance
	*/
	clear() {
		return __awaiter$1(this, void 0, void 0, function* () {
			return this.emptyBuffer().write({ overwrite: true });
		});
	}
	/**
	* Returns the current summary buffer as a string
	*
	* @returns {string} string of summary buffer
	*/
	stringify() {
		return this._buffer;
	}
	/**
	* If the summary buffer is empty
	*
	* @returns {boolen} true if the buffer is empty
	*/
	isEmptyBuffer() {
		return this._buffer.length === 0;
	}
	/**
	* Resets the summary buffer without writing to summary file
	*
	* @returns {Summary} summary instance
	*/
	emptyBuffer() {
		this._buffer = "";
		return this;
	}
	/**
	* Adds raw text to the summary buffer
	*
	* @param {string} text content to add
	* @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addRaw(text, addEOL = false) {
		this._buffer += text;
		return addEOL ? this.addEOL() : this;
	}
	/**
	* Adds the operating system-specific end-of-line marker to the buffer
	*
	* @returns {Summary} summary instance
	*/
	addEOL() {
		return this.addRaw(import__builtin_os.EOL);
	}
	/**
	* Adds an HTML codeblock to the summary buffer
	*
	* @param {string} code content to render within fenced code block
	* @param {string} lang (optional) language to syntax highlight code
	*
	* @returns {Summary} summary instance
	*/
	addCodeBlock(code, lang) {
		const attrs = Object.assign({}, lang && { lang });
		const element = this.wrap("pre", this.wrap("code", code), attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML list to the summary buffer
	*
	* @param {string[]} items list of items to render
	* @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addList(items, ordered = false) {
		const tag = ordered ? "ol" : "ul";
		const listItems = items.map((item) => this.wrap("li", item)).join("");
		const element = this.wrap(tag, listItems);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML table to the summary buffer
	*
	* @param {SummaryTableCell[]} rows table rows
	*
	* @returns {Summary} summary instance
	*/
	addTable(rows) {
		const tableBody = rows.map((row) => {
			const cells = row.map((cell) => {
				if (typeof cell === "string") return this.wrap("td", cell);
				const { header, data, colspan, rowspan } = cell;
				const tag = header ? "th" : "td";
				const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
				return this.wrap(tag, data, attrs);
			}).join("");
			return this.wrap("tr", cells);
		}).join("");
		const element = this.wrap("table", tableBody);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds a collapsable HTML details element to the summary buffer
	*
	* @param {string} label text for the closed state
	* @param {string} content collapsable content
	*
	* @returns {Summary} summary instance
	*/
	addDetails(label, content) {
		const element = this.wrap("details", this.wrap("summary", label) + content);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML image tag to the summary buffer
	*
	* @param {string} src path to the image you to embed
	* @param {string} alt text description of the image
	* @param {SummaryImageOptions} options (optional) addition image attributes
	*
	* @returns {Summary} summary instance
	*/
	addImage(src, alt, options) {
		const { width, height } = options || {};
		const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
		const element = this.wrap("img", null, Object.assign({
			src,
			alt
		}, attrs));
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML section heading element
	*
	* @param {string} text heading text
	* @param {number | string} [level=1] (optional) the heading level, default: 1
	*
	* @returns {Summary} summary instance
	*/
	addHeading(text, level) {
		const tag = `h${level}`;
		const allowedTag = [
			"h1",
			"h2",
			"h3",
			"h4",
			"h5",
			"h6"
		].includes(tag) ? tag : "h1";
		const element = this.wrap(allowedTag, text);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML thematic break (<hr>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addSeparator() {
		const element = this.wrap("hr", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML line break (<br>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addBreak() {
		const element = this.wrap("br", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML blockquote to the summary buffer
	*
	* @param {string} text quote text
	* @param {string} cite (optional) citation url
	*
	* @returns {Summary} summary instance
	*/
	addQuote(text, cite) {
		const attrs = Object.assign({}, cite && { cite });
		const element = this.wrap("blockquote", text, attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML anchor tag to the summary buffer
	*
	* @param {string} text link text/content
	* @param {string} href hyperlink
	*
	* @returns {Summary} summary instance
	*/
	addLink(text, href) {
		const element = this.wrap("a", text, { href });
		return this.addRaw(element).addEOL();
	}
};
const summary = new Summary();
// \0builtin:child_process
var require__builtin_child_process = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:child_process");
}));
// \0builtin:timers
var require__builtin_timers = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:timers");
}));
/**
* The code to exit an action
*/
var ExitCode;
(function(ExitCode) {
	/**
	* A code indicating that the action was successful
	*/
	ExitCode[ExitCode["Success"] = 0] = "Success";
	/**
	* A code indicating that the action was a failure
	*/
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
/**
* Registers a secret which will get masked from logs
*
* @param secret - Value of the secret to be masked
* @remarks
* This function instructs the Actions runner to mask the specified value in any
* logs produced during the workflow run. Once registered, the secret value will
* be replaced with asterisks (***) whenever it appears in console output, logs,
* or error messages.
*
* This is useful for protecting sensitive information such as:
* - API keys
* - Access tokens
* - Authentication credentials
* - URL parameters containing signatures (SAS tokens)
*
* Note that masking only affects future logs; any previous appearances of the
* secret in logs before calling this function will remain unmasked.
*
* @example
* ```typescript
* // Register an API token as a secret
* const apiToken = "abc123xyz456";
* setSecret(apiToken);
*
* // Now any logs containing this value will show *** instead
* console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
* ```
*/
function setSecret(secret) {
	issueCommand("add-mask", {}, secret);
}
/**
* Sets the value of an output.
*
* @param     name     name of the output to set
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function setOutput(name, value) {
	if (process.env["GITHUB_OUTPUT"] || "") return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
	process.stdout.write(import__builtin_os.EOL);
	issueCommand("set-output", { name }, toCommandValue(value));
}
/**
* Gets whether Actions Step Debug is on or not
*/
function isDebug() {
	return process.env["RUNNER_DEBUG"] === "1";
}
/**
* Writes debug message to user log
* @param message debug message
*/
function debug$1(message) {
	issueCommand("debug", {}, message);
}
/**
* Adds an error issue
* @param message error issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function error$1(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a warning issue
* @param message warning issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function warning$1(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a notice issue
* @param message notice issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function notice$1(message, properties = {}) {
	issueCommand("notice", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Writes info to log with console.log.
* @param message info message
*/
function info$1(message) {
	process.stdout.write(message + import__builtin_os.EOL);
}
/**
* Begin an output group.
*
* Output until the next `groupEnd` will be foldable in this group
*
* @param name The name of the output group
*/
function startGroup(name) {
	issue("group", name);
}
/**
* End an output group.
*/
function endGroup() {
	issue("endgroup");
}
/**
* Saves state for current action, the state can only be retrieved by this action's post job execution.
*
* @param     name     name of the state to store
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function saveState(name, value) {
	if (process.env["GITHUB_STATE"] || "") return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
	issueCommand("save-state", { name }, toCommandValue(value));
}
/**
* Gets the value of an state set by this action's main execution.
*
* @param     name     name of the state to get
* @returns   string
*/
function getState(name) {
	return process.env[`STATE_${name}`] || "";
}
// src/core/errors.ts
/**
* An error for the user: the operation, the server and its response (`message`), and what the user can do (`hint`).
* Every error that a run reports is an ActionError; any other exception is a bug in this action.
*/
var ActionError = class extends Error {
	name = "ActionError";
	code;
	hint;
	details;
	constructor(code, message, { hint, details = {}, cause } = {}) {
		super(message, cause === void 0 ? void 0 : { cause });
		this.code = code;
		this.hint = hint;
		this.details = details;
	}
};
/** An invalid input: its name, what is wrong with it, and what is allowed. */
var InputError = class extends ActionError {
	name = "InputError";
	input;
	constructor(input, problem, allowed) {
		super("invalid-input", `Input \`${input}\` ${problem}`, { hint: allowed });
		this.input = input;
	}
};
/** Several errors of one run, each of which is reported. */
var ActionErrors = class extends AggregateError {
	name = "ActionErrors";
};
/** All errors in a thrown value. An exception that is not an ActionError is a bug and becomes an `internal-error`. */
function actionErrorsOf(thrown) {
	if (thrown instanceof ActionErrors) return thrown.errors.flatMap(actionErrorsOf);
	if (thrown instanceof ActionError) return [thrown];
	return [new ActionError("internal-error", `This is a bug in registry-pull-secret: ${reason(thrown)}`, {
		hint: "Please report it with the log of this step.",
		cause: thrown
	})];
}
/** One error for a thrown value, where only one can be reported. */
function actionErrorOf(thrown) {
	const [first, ...others] = actionErrorsOf(thrown);
	if (first === void 0 || others.length > 0) return new ActionError("internal-error", reason(thrown), { cause: thrown });
	return first;
}
/** The message of a thrown value, with the system's error code if there is one. */
function reason(error) {
	if (!(error instanceof Error)) return String(error);
	const code = !(error instanceof ActionError) && "code" in error && typeof error.code === "string" ? error.code : void 0;
	const text = error.message || error.name;
	return code && !text.includes(code) ? `${text} (${code})` : text;
}
// src/core/abort.ts
var import__builtin_diagnostics_channel = require__builtin_diagnostics_channel();
/**
* The runner cancels a step with SIGINT, sends SIGTERM 7.5 s later and kills it 2.5 s after that:
* https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
*/
const CANCELLATION_SIGNALS = ["SIGINT", "SIGTERM"];
/** Node fires a timer with a longer delay immediately: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** A signal that aborts when `timeoutMs` is over or the job is cancelled. Its reason is an ActionError. */
function startTimeout(timeoutMs) {
	const controller = new AbortController();
	const timeoutError = new ActionError("timeout", `the run took longer than its \`timeout\` of ${timeoutMs / 1e3} s`, { hint: "The log above shows what the run was waiting for. Fix that, or raise `timeout`." });
	setTimeout(() => controller.abort(timeoutError), Math.min(timeoutMs, MAX_TIMER_MS)).unref();
	for (const signal of CANCELLATION_SIGNALS) process.once(signal, () => controller.abort(new ActionError("cancelled", `the job was cancelled (${signal})`)));
	return controller.signal;
}
/** The error of an operation that `signal` has aborted; `operation` as it reads after "Could not ...". */
function abortError(operation, signal) {
	const cause = signal.reason;
	const isActionError = cause instanceof ActionError;
	return new ActionError(isActionError ? cause.code : "internal-error", `Could not ${operation}: ${reason(cause)}`, isActionError ? {
		cause,
		hint: cause.hint,
		details: cause.details
	} : { cause });
}
/** Whether an operation failed because the run is over. */
function isAbort(error) {
	return error instanceof ActionError && (error.code === "timeout" || error.code === "cancelled");
}
/** Waits before `operation` is tried again. @throws ActionError when `signal` aborts */
async function delay(delayMs, operation, signal) {
	const { promise, resolve } = Promise.withResolvers();
	const timer = setTimeout(resolve, delayMs);
	try {
		await unlessAborted(promise, signal);
	} catch {
		throw abortError(operation, signal);
	} finally {
		clearTimeout(timer);
	}
}
/**
* The result of a promise that cannot be cancelled. When `signal` aborts first, the work behind the promise goes on and
* its result is ignored.
* @throws the promise's rejection, or the signal's reason
*/
async function unlessAborted(promise, signal) {
	const { promise: aborted, reject } = Promise.withResolvers();
	const onAbort = () => reject(signal.reason);
	if (signal.aborted) onAbort();
	signal.addEventListener("abort", onAbort);
	try {
		return await Promise.race([aborted, promise]);
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}
// src/core/constants.ts
/**
* The name of this action in a cluster: the field manager of its fields and the value of the label
* `app.kubernetes.io/managed-by`: https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers,
* https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
*/
const MANAGER_NAME = "registry-pull-secret";
// src/core/json.ts
/** Whether a parsed value is an object, and not a list. */
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** Whether a value is a number with more digits than JavaScript keeps: https://github.com/tc39/proposal-json-parse-with-source. */
function isRawJson(value) {
	return JSON.isRawJSON(value);
}
/** An object that a server sent; anything else becomes an empty object. */
function asObject(value) {
	return typeof value === "object" && value !== null ? value : {};
}
/** A list of objects that a server sent; anything else becomes an empty list. */
function asObjects(value) {
	return Array.isArray(value) ? value.map(asObject) : [];
}
/** A non-empty string that a server sent; anything else becomes undefined. */
function asText(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}
/** A text or a number that a server sent, as text; anything else becomes an empty text. `String` throws for `{"toString":1}`. */
function asName(value) {
	return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
/** @see https://pkg.go.dev/encoding/json#HTMLEscape which Go's json.Marshal applies */
function escapeLikeGo(json) {
	return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
// src/core/documentation.ts
const TROUBLESHOOTING = "https://github.com/registry-pull-secret/registry-pull-secret/blob/main/docs/troubleshooting.md";
/** The entry of an error or a warning in the documentation. */
function documentationOf(code) {
	return `${TROUBLESHOOTING}#${code}`;
}
const ACRONYMS = [
	"api",
	"cli",
	"id",
	"oidc"
];
/** `registry-access-denied` as `Registry access denied`. */
function titleOf(code) {
	return code.split("-").map((word) => ACRONYMS.includes(word) ? word.toUpperCase() : word).join(" ").replace(/^./, (letter) => letter.toUpperCase());
}
// src/runner/encodings.ts
/** Longer secrets are looked for as they are only: a stored one can have a megabyte. */
const MAX_ENCODED_LENGTH = 8192;
/**
* The forms of a secret that are registered with the runner, each on one line: the runner masks every line of a value for
* itself, such as the `{` of a JSON key. It derives base64, JSON, URI and XML of a single line:
* https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/ValueEncoders.cs
*/
function runnerForms(secret) {
	const isOneLine = !/[\r\n\u2028\u2029]/.test(secret);
	const json = JSON.stringify(secret).slice(1, -1);
	if (secret.length > MAX_ENCODED_LENGTH) return [isOneLine ? secret : json];
	const uri = encodeURIComponent(secret.toWellFormed());
	const form = formEncode(secret);
	const others = [
		uri,
		form,
		lowerCaseEscapes(form),
		lowerCaseEscapes(uri),
		escapeLikeGo(json),
		escapeHtml(secret, GO_HTML),
		escapeHtml(secret, PYTHON_HTML),
		Buffer.from(secret).toString("base64url")
	];
	const derived = [
		json,
		strictUri(uri),
		Buffer.from(secret).toString("base64")
	];
	return unique((isOneLine ? [secret, ...others.filter((one) => !derived.includes(one))] : [
		...derived,
		...others,
		...alignments(secret).map(({ base64 }) => base64),
		flat(secret)
	]).filter((one) => !/[\r\n\u2028\u2029]/.test(one)));
}
/** The forms in base64 of a longer text, such as a docker config: those that the runner derives end with the secret. */
function innerForms(secret) {
	if (secret.length > MAX_ENCODED_LENGTH) return [];
	return unique(alignments(escapeLikeGo(JSON.stringify(secret).slice(1, -1))).map(({ inner }) => inner));
}
/**
* The forms that a text can hold after its escapes are decoded: as it is, with other blanks, in base64, or in JSON in base64. JSON
* itself is one of them: after a backslash its first letter would be decoded as an escape.
*/
function plainForms(secret) {
	if (secret.length > MAX_ENCODED_LENGTH) return [secret, secret.trim()];
	const json = JSON.stringify(secret).slice(1, -1);
	const texts = unique([
		secret,
		json,
		escapeLikeGo(json)
	]);
	const encoded = texts.flatMap(alignments).flatMap(({ base64, inner }) => [
		base64,
		inner,
		urlSafe(base64),
		urlSafe(inner)
	]);
	return unique([
		...texts,
		secret.trim(),
		flat(secret),
		secret.replaceAll("\r\n", "\n"),
		plus(secret),
		...encoded
	]);
}
/**
* The forms of which a long part counts as the secret. A JSON key or a kubeconfig has public parts, such as hosts: of those, only
* runs that look like base64 count.
*/
function partForms(secret) {
	if (secret.length > MAX_ENCODED_LENGTH) return [];
	if (/^\s*[{[]|\S\s*[\r\n]\s*\S/.test(secret)) return (secret.match(/[A-Za-z0-9+/=_-]{40,}/g) ?? []).filter(isMixed).map((text) => ({
		text,
		kind: "run"
	}));
	const encoded = unique([secret, escapeLikeGo(JSON.stringify(secret).slice(1, -1))]).flatMap(alignments);
	return [{
		text: secret,
		kind: "opaque"
	}, ...encoded.map(({ base64 }) => ({
		text: base64,
		kind: "encoded"
	}))];
}
function isMixed(run) {
	return /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run);
}
/**
* Inside a longer text, base64 groups its bytes by three: the secret starts at one of three offsets, and only the groups at
* its edges depend on the bytes around it. https://www.rfc-editor.org/rfc/rfc4648#section-4
*/
function alignments(secret) {
	const all = Buffer.from(secret);
	return [
		0,
		1,
		2
	].map((skip) => {
		const bytes = all.subarray(skip);
		const base64 = bytes.toString("base64").slice(0, Math.ceil(bytes.length * 4 / 3));
		return {
			base64,
			inner: bytes.length % 3 === 0 ? base64 : base64.slice(0, -1)
		};
	});
}
/** https://www.rfc-editor.org/rfc/rfc4648#section-5 */
function urlSafe(base64) {
	return base64.replaceAll("+", "-").replaceAll("/", "_");
}
/** As this action sends forms and queries: https://url.spec.whatwg.org/#urlencoded-serializing */
function formEncode(text) {
	return new URLSearchParams([["", text]]).toString().slice(1);
}
/** What a decoder of a URL leaves of a form: a `+` stands for a blank. */
function plus(text) {
	return text.replaceAll(" ", "+");
}
/** As the runner encodes it: https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
function strictUri(uri) {
	return uri.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
function lowerCaseEscapes(uri) {
	return uri.replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase());
}
/** On one line, as HTML shows it. */
function flat(text) {
	return text.trim().replace(/\s+/g, " ");
}
/** https://pkg.go.dev/html#EscapeString */
const GO_HTML = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&#34;",
	"'": "&#39;"
};
/** https://docs.python.org/3/library/html.html#html.escape */
const PYTHON_HTML = {
	...GO_HTML,
	"\"": "&quot;",
	"'": "&#x27;"
};
function escapeHtml(text, entities) {
	return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
function unique(texts) {
	return [...new Set(texts)];
}
// src/runner/decode.ts
const ENTITIES = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: "\"",
	apos: "'",
	nbsp: " "
};
const CONTROLS$1 = {
	b: "\b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "	"
};
const ENCODINGS = [
	{
		pattern: /%[0-7][0-9a-f]|(?:%[89a-f][0-9a-f])+/gi,
		decode: (encoded) => Buffer.from(encoded.replaceAll("%", ""), "hex").toString()
	},
	{
		pattern: /\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["'\\/bfnrt])/g,
		decode: (encoded) => encoded.length > 2 ? String.fromCharCode(Number.parseInt(encoded.slice(2), 16)) : CONTROLS$1[encoded.slice(1)] ?? encoded.slice(1)
	},
	{
		pattern: /&(?:#\d{1,6}|#x[0-9a-f]{1,5}|amp|lt|gt|quot|apos|nbsp);/gi,
		decode: (entity) => {
			const name = entity.slice(1, -1).toLowerCase();
			if (!name.startsWith("#")) return ENTITIES[name] ?? entity;
			const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
			return String.fromCodePoint(code);
		}
	}
];
/** A server may encode what it received more than once, each time in another way. */
const MAX_DEPTH$1 = 3;
/** Finds ranges in a text: as it is, and with its escapes decoded. Each escape begins with one of three characters. */
function findDecoded(text, find) {
	const ranges = [...find(text)];
	if (!/[%\\&]/.test(text)) return ranges;
	const seen = /* @__PURE__ */ new Set([text]);
	let views = [{
		text,
		origins: void 0
	}];
	for (let depth = 0; depth < MAX_DEPTH$1 && views.length > 0; depth++) {
		const next = [];
		for (const view of views) for (const encoding of ENCODINGS) {
			const decoded = decode(view, encoding);
			if (decoded === void 0 || seen.has(decoded.text)) continue;
			seen.add(decoded.text);
			next.push(decoded);
			ranges.push(...find(decoded.text).map((range) => originOf$1(range, decoded)));
		}
		views = next;
	}
	return ranges;
}
function decode({ text, origins }, encoding) {
	const originAt = (position) => origins?.[position] ?? position;
	const decodedOrigins = [];
	let decoded = "";
	let done = 0;
	const keepUntil = (end) => {
		for (let position = done; position < end; position++) decodedOrigins.push(originAt(position));
		decoded += text.slice(done, end);
	};
	for (const { 0: encoded, index } of text.matchAll(encoding.pattern)) {
		keepUntil(index);
		const characters = encoding.decode(encoded);
		for (let unit = 0; unit < characters.length; unit++) decodedOrigins.push(originAt(index));
		decoded += characters;
		done = index + encoded.length;
	}
	if (done === 0) return void 0;
	keepUntil(text.length);
	decodedOrigins.push(originAt(text.length));
	return {
		text: decoded,
		origins: decodedOrigins
	};
}
/** The escapes as a whole that the range was decoded from. */
function originOf$1({ start, end }, { origins = [] }) {
	const last = origins[end - 1] ?? 0;
	let next = end;
	while (next < origins.length - 1 && origins[next] === last) next++;
	return {
		start: origins[start] ?? 0,
		end: origins[next] ?? 0
	};
}
// src/runner/interruptions.ts
/**
* What a reader does not see, or sees as a blank: blanks, control characters, marks over a letter, and what Unicode ignores by
* default. https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
*/
const UNSEEN = /(?:[\s\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffd]|[\u0300-\u036f]|\udb40[\udc00-\udfff])+/g;
/** Tags, entities that are not decoded, commands of the runner, colors of a terminal, and line ends that a format adds or quotes. */
const MARKUP = /<[^<>]*>|&(?!(?:amp|lt|gt|quot|apos|nbsp);)[a-zA-Z]{2,24};|::[a-zA-Z][^:\r\n]*::|##\[[^[\]\r\n]*\]|\x1b\[[0-9;?]*[@-~]|[=\\]\r?\n|\n[>|*]+/g;
const OTHER_THAN_LETTERS = /[^A-Za-z0-9]+/g;
/** Without what a reader does not see. */
function joined(text) {
	return without(text, UNSEEN);
}
/** Without markup as well. */
function unmarked(text) {
	const first = without(text, MARKUP);
	const second = without(first.text, UNSEEN);
	if (first.origins === void 0 || second.origins === void 0) return {
		...second,
		origins: second.origins ?? first.origins
	};
	return {
		...second,
		origins: second.origins.map((position) => first.origins?.[position] ?? 0)
	};
}
/** Only ASCII letters and digits: what remains of a token when a server writes anything else between its parts. */
function lettersOf(text) {
	return without(text, OTHER_THAN_LETTERS);
}
/** Where a range of the joined text is in the first one, with the interruptions inside of it. */
function originOf({ start, end }, { origins }) {
	return origins === void 0 ? {
		start,
		end
	} : {
		start: origins[start] ?? 0,
		end: (origins[end - 1] ?? 0) + 1
	};
}
function without(text, pattern) {
	const parts = [];
	let origins;
	let [done, length] = [0, 0];
	const keepUntil = (end, target) => {
		for (let position = done; position < end; position++) target[length++] = position;
		parts.push(text.slice(done, end));
	};
	for (const { 0: removed, index } of text.matchAll(pattern)) {
		origins ??= new Int32Array(text.length);
		keepUntil(index, origins);
		done = index + removed.length;
	}
	if (origins === void 0) return {
		text,
		origins
	};
	keepUntil(text.length, origins);
	return {
		text: parts.join(""),
		origins
	};
}
// src/runner/beginning-filter.ts
/** Which beginnings of four characters are possible. It rules out most positions of a text before a slower search. */
var BeginningFilter = class {
	#mask;
	#possible;
	/** @param bits of the hash of a beginning: the filter has 2 ** bits bytes, once something is in it */
	constructor(bits) {
		this.#mask = (1 << bits) - 1;
	}
	add(text, start) {
		this.#possible ??= new Uint8Array(this.#mask + 1);
		this.#possible[this.#hash(text, start)] = 1;
	}
	/** Whether something that was added may begin there. */
	has(text, start) {
		return this.#possible?.[this.#hash(text, start)] === 1;
	}
	#hash(text, start) {
		return (text.charCodeAt(start) ^ text.charCodeAt(start + 1) << 4 ^ text.charCodeAt(start + 2) << 9 ^ text.charCodeAt(start + 3) << 13) & this.#mask;
	}
};
/** A part of that length has at least one of the pieces that are indexed whole: every ninth piece of twelve characters. */
const PIECE_LENGTH = 12;
const PIECE_DISTANCE = 9;
/** What more forms have in common, such as the header of a JWT, tells none of them. */
const MAX_SAME_PIECES = 16;
/** How often the kind of character changes in a text of `MIN_PART_LENGTH` that is not made of words. Hosts have one case. */
const MIN_CHANGES_OF_ONE_CASE = 10;
const MIN_CHANGES_OF_BOTH_CASES = 6;
const FILTER_BITS$1 = 18;
/** Finds the middle and the end of secrets in a text of letters and digits, in one pass that does not depend on their number. */
var PartIndex = class {
	#known = /* @__PURE__ */ new Set();
	#pieces = /* @__PURE__ */ new Map();
	/** Of pieces. */
	#filter = new BeginningFilter(FILTER_BITS$1);
	/** @param text ASCII letters and digits */
	add(text, kind) {
		if (text.length < 20 || this.#known.has(text)) return;
		this.#known.add(text);
		const form = {
			text,
			kind
		};
		for (let at = 0; at + PIECE_LENGTH <= text.length; at += PIECE_DISTANCE) {
			const piece = text.slice(at, at + PIECE_LENGTH);
			const same = this.#pieces.get(piece) ?? [];
			if (same.length >= MAX_SAME_PIECES || same.at(-1)?.form === form) continue;
			same.push({
				form,
				at
			});
			this.#pieces.set(piece, same);
			this.#filter.add(text, at);
		}
	}
	find(text) {
		if (this.#known.size === 0) return [];
		const ranges = [];
		for (let start = 0; start + PIECE_LENGTH <= text.length; start++) {
			if (!this.#filter.has(text, start)) continue;
			const found = (this.#pieces.get(text.slice(start, start + PIECE_LENGTH)) ?? []).map(({ form, at }) => ({
				form,
				...commonPart({
					text,
					at: start
				}, {
					text: form.text,
					at
				})
			})).filter(({ form, ...range }) => isPart(text.slice(range.start, range.end), form));
			ranges.push(...found.map((range) => ({
				start: range.start,
				end: range.end
			})));
			const end = Math.max(0, ...found.map((range) => range.end));
			start = Math.max(start, end - PIECE_LENGTH);
		}
		return ranges;
	}
};
/** Where the first text has what it has in common with the other one around a piece. */
function commonPart(one, other) {
	const isSame = (offset) => one.text.charCodeAt(one.at + offset) === other.text.charCodeAt(other.at + offset);
	const most = Math.min(one.text.length - one.at, other.text.length - other.at);
	let [before, after] = [0, PIECE_LENGTH];
	while (before < Math.min(one.at, other.at) && isSame(-before - 1)) before++;
	while (after < most && isSame(after)) after++;
	return {
		start: one.at - before,
		end: one.at + after
	};
}
/** Words, and hosts made of them, can be part of a secret and public; most of a secret is not. */
function isPart(part, { text, kind }) {
	if (part.length < 20) return false;
	return kind === "encoded" || kind === "opaque" && part.length * 2 >= text.length || looksRandom(part);
}
/** Whether somewhere in it letters, digits and cases alternate as in no word, name or host. */
function looksRandom(part) {
	let changes = 0;
	for (let end = 1; end < part.length; end++) {
		changes += changeAt(part, end);
		const first = end - 20 + 1;
		if (first > 0) changes -= changeAt(part, first);
		if (changes >= MIN_CHANGES_OF_ONE_CASE) return true;
		if (changes < MIN_CHANGES_OF_BOTH_CASES) continue;
		const window = part.slice(Math.max(0, first), end + 1);
		if (window !== window.toLowerCase() && window !== window.toUpperCase()) return true;
	}
	return false;
}
/** Between a digit and a letter it counts twice: names have capitals inside more often than digits. */
function changeAt(text, position) {
	const [one, other] = [kindOf(text.charCodeAt(position - 1)), kindOf(text.charCodeAt(position))];
	if (one === other) return 0;
	return one === DIGIT || other === DIGIT ? 2 : 1;
}
const [DIGIT, UPPER, LOWER] = [
	0,
	1,
	2
];
function kindOf(code) {
	return code < 58 ? DIGIT : code < 91 ? UPPER : LOWER;
}
/** A server may show the beginning of a secret only. So much of it counts as the secret. */
const MIN_PREFIX_LENGTH = 16;
const FILTER_BITS = 20;
/**
* Finds texts in a text, in one pass that does not depend on their number: a run can know a hundred thousand of them, from the
* pull secrets of thousands of namespaces.
*/
var SecretIndex = class {
	#forms = /* @__PURE__ */ new Set();
	/** By their first characters. */
	#buckets = /* @__PURE__ */ new Map();
	#filter = new BeginningFilter(FILTER_BITS);
	add(form) {
		if (form.length < 8 || this.#forms.has(form)) return;
		this.#forms.add(form);
		this.#filter.add(form, 0);
		const key = form.slice(0, 8);
		const bucket = this.#buckets.get(key);
		if (bucket === void 0) this.#buckets.set(key, {
			forms: [form],
			isSorted: true
		});
		else {
			bucket.forms.push(form);
			bucket.isSorted = false;
		}
	}
	/** Where one of the forms is, or its beginning: `MIN_PREFIX_LENGTH` of it, or less at the end of a text that was cut. */
	find(text) {
		if (this.#forms.size === 0) return [];
		const ranges = [];
		for (let start = 0; start <= text.length - 8; start++) {
			if (!this.#filter.has(text, start)) continue;
			const bucket = this.#buckets.get(text.slice(start, start + 8));
			if (bucket === void 0) continue;
			const length = this.#lengthAt(text.slice(start), sorted(bucket), start > 0);
			if (length > 0) ranges.push({
				start,
				end: start + length
			});
		}
		return ranges;
	}
	/** The length of the longest form at the beginning of the text. Its neighbours in the order have most in common with it. */
	#lengthAt(text, forms, isTail) {
		const position = positionIn(forms, text);
		const common = Math.max(...[position - 1, position].map((one) => commonLength(forms[one] ?? "", text)));
		if (common >= MIN_PREFIX_LENGTH || isTail && common === text.length) return common;
		for (let length = common; length >= 8; length--) if (this.#forms.has(text.slice(0, length))) return length;
		return 0;
	}
};
function sorted(bucket) {
	if (!bucket.isSorted) bucket.forms.sort();
	bucket.isSorted = true;
	return bucket.forms;
}
/** Where a text belongs in sorted ones. */
function positionIn(forms, text) {
	let [low, high] = [0, forms.length];
	while (low < high) {
		const middle = low + high >>> 1;
		if ((forms[middle] ?? "") <= text) low = middle + 1;
		else high = middle;
	}
	return low;
}
function commonLength(one, other) {
	const most = Math.min(one.length, other.length);
	let length = 0;
	while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++;
	return length;
}
// src/runner/find-secrets.ts
/** The forms in which a registered secret may appear in the text of a server. */
const index = new SecretIndex();
/** What counts as a secret where only a part of it is shown. */
const partIndex = new PartIndex();
/** Secrets of the workflow that are too short for the index. */
const shortSecrets = /* @__PURE__ */ new Set();
/** What makes the entries of the indexes: most runs search no text. */
const unindexed = [];
function addSecret(secret) {
	unindexed.push(() => indexSecret(secret));
}
/** Finds the middle and the end of the secret as well. */
function addParts(secret) {
	unindexed.push(() => indexParts(secret));
}
function indexSecret(secret) {
	for (const form of plainForms(secret)) for (const one of [
		form,
		joined(form).text,
		unmarked(form).text
	]) index.add(one);
	if (secret.length < 8) shortSecrets.add(secret);
}
function indexParts(secret) {
	for (const { text, kind } of partForms(secret)) partIndex.add(lettersOf(text).text, kind);
}
/** @param isPublic whether a part of a secret, of which it gets the letters and digits, is part of a public name as well */
function findSecrets(text, isPublic) {
	for (const addToIndex of unindexed.splice(0)) addToIndex();
	const views = [{
		text,
		origins: void 0
	}];
	if (/[%\\&]/.test(text)) views.push(...[joined(text), unmarked(text)].filter(({ origins }) => origins !== void 0));
	const ranges = views.flatMap((view) => findDecoded(view.text, (decoded) => findInView(decoded, isPublic)).map((range) => originOf(range, view)));
	if (shortSecrets.size > 0) ranges.push(...shortIn(text), ...findDecoded(text, shortIn).filter(isLong));
	return ranges;
}
function findInView(text, isPublic) {
	const seen = joined(text);
	const plain = unmarked(text);
	const ranges = [...index.find(text), ...partsIn(seen, isPublic)];
	if (seen.text !== text) ranges.push(...index.find(seen.text).map((range) => originOf(range, seen)));
	if (plain.text !== seen.text) ranges.push(...index.find(plain.text).map((range) => originOf(range, plain)), ...partsIn(plain, isPublic));
	return ranges;
}
function partsIn(view, isPublic) {
	const letters = lettersOf(view.text);
	return partIndex.find(letters.text).filter(({ start, end }) => !isPublic(letters.text.slice(start, end))).map((range) => originOf(originOf(range, letters), view));
}
function isLong({ start, end }) {
	return end - start >= 8;
}
function shortIn(text) {
	const ranges = [];
	for (const secret of shortSecrets) for (let start = text.indexOf(secret); start !== -1; start = text.indexOf(secret, start + 1)) ranges.push({
		start,
		end: start + secret.length
	});
	return ranges;
}
// src/runner/mask.ts
const masked = /* @__PURE__ */ new Set();
/** Of which the runner knows the forms inside a longer base64 as well. */
const completed = /* @__PURE__ */ new Set();
/**
* Values that are documented as part of a login, and secret nowhere: user names for a token, what stands for the password when
* the user name is the secret, and values of this action's outputs.
*/
const PUBLIC_VALUES = /* @__PURE__ */ new Set([
	"none",
	"x-oauth-basic",
	"token",
	"apikey",
	"iamapikey",
	"aws",
	"_token",
	"_json_key",
	"_json_key_base64",
	"_dcgcloud_token",
	"oauth2accesstoken",
	"$oauthtoken",
	"x-access-token",
	"00000000-0000-0000-0000-000000000000",
	"namespace",
	"workloads",
	"unchanged",
	"serviceaccounts"
]);
const published = /* @__PURE__ */ new Set();
/** Names that a run shows: what was found elsewhere and equals one of them is not masked. */
function publish(values) {
	for (const value of values) published.add(value);
}
/** Whether a value is documented to stand for no password: then the user name is the secret. */
function isPlaceholder(password) {
	return password === "none" || password === "x-oauth-basic";
}
/** Masks a secret that the workflow provides, whatever its length, and returns it. */
function maskProvided(secret) {
	if (!PUBLIC_VALUES.has(secret.toLowerCase())) complete(secret);
	return secret;
}
/**
* Masks a secret that was found elsewhere, and returns it. Call it on the line after the secret is read. The runner removes it
* from the log of the whole job and drops outputs that contain it, so a short one, and one that is public, is not masked.
* https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
* @param publicIds what is known about the secret and not secret itself: user name, id, host
*/
function mask(secret, ...publicIds) {
	if (!completed.has(secret) && isSecret(secret, publicIds)) complete(secret);
	return secret;
}
/**
* As `mask`, for what this run only keeps as it is: thousands of namespaces can each have their own, and each form is a line of
* the log.
*/
function maskKept(secret, publicIds) {
	if (!masked.has(secret) && isSecret(secret, publicIds)) register(secret);
}
function isSecret(found, publicIds) {
	const isPublic = PUBLIC_VALUES.has(found.toLowerCase()) || published.has(found) || publicIds.includes(found);
	return found.length >= 8 && !isPublic;
}
/**
* Masks a password and the base64 of `user:password`.
* @returns the base64, as in `Authorization: Basic` (https://www.rfc-editor.org/rfc/rfc7617#section-2) and in `auth` of a
*   docker config
*/
function maskBasic(username, password) {
	mask(password, username);
	return mask(Buffer.from(`${username}:${password}`).toString("base64"));
}
function complete(secret) {
	if (secret.trim() === "" || completed.has(secret)) return;
	completed.add(secret);
	register(secret);
	for (const form of innerForms(secret)) if (form.length >= 8) setSecret(form);
	addParts(secret);
}
function register(secret) {
	if (secret.trim() === "" || masked.has(secret)) return;
	masked.add(secret);
	for (const form of runnerForms(secret)) if (form === secret || form.length >= 8) setSecret(form);
	addSecret(secret);
}
/** Nothing that a server sends is shown at such a length. */
const MAX_TEXT_LENGTH = 262144;
/**
* Removes every registered secret, in whatever form, also where a server wrote something between its characters, and long parts
* of it. The runner does this for its log only; files and error texts need it as well. Call it before a text is changed or cut.
* @returns at most MAX_TEXT_LENGTH characters of the text
*/
function redact(provided) {
	const text = provided.length > MAX_TEXT_LENGTH ? provided.slice(0, MAX_TEXT_LENGTH) : provided;
	return withoutRanges(text, rangesIn(text));
}
/** As `redact`, for texts that are shown one after the other: a server can write the beginning of a secret into one of them. */
function redactEach(texts) {
	const bounded = texts.map((text) => text.slice(0, MAX_TEXT_LENGTH));
	const ranges = rangesIn(bounded.join("\n"));
	let start = 0;
	return bounded.map((text) => {
		const own = ranges.map((range) => ({
			start: range.start - start,
			end: range.end - start
		})).filter((range) => range.end > 0 && range.start < text.length);
		start += text.length + 1;
		return withoutRanges(text, own.map((range) => ({
			start: Math.max(range.start, 0),
			end: Math.min(range.end, text.length)
		})));
	});
}
function rangesIn(text) {
	return masked.size === 0 ? [] : findSecrets(text, isPublished);
}
/** A host can be part of a password. */
function isPublished(letters) {
	return [...published].some((name) => lettersOf(name).text.includes(letters));
}
/** Ranges that overlap or touch become one. */
function withoutRanges(text, ranges) {
	if (ranges.length === 0) return text;
	const parts = [];
	let done = 0;
	let isOpen = false;
	for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
		if (start > done || !isOpen) parts.push(text.slice(done, start), "***");
		isOpen = true;
		done = Math.max(done, end);
	}
	return parts.join("") + text.slice(done);
}
// src/runner/log.ts
/**
* Characters that end a line, change a terminal, or change the direction in which the text around them is shown:
* https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
*/
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
/**
* One line that is safe to log, of a text that may come from a server. Registered secrets are removed, control characters
* are escaped and what the runner would read as a workflow command is split: `::name::` and, anywhere in a line, `##[name]`.
* https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
* https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
*/
function printable(text) {
	return redact(text).replace(CONTROLS, escapeControl).replace(/::(?=[a-z])/gi, ": :").replaceAll("##[", "## [");
}
function info(line = "") {
	info$1(printable(line));
}
/** Logs each line of a text. */
function lines(text) {
	for (const line of redact(text).trimEnd().split("\n")) info(line);
}
/**
* Logs only when the runner shows debug messages: a debug line takes as long as a request.
* @param line is called only then
*/
function debug(line) {
	if (isDebug()) debug$1(printable(typeof line === "string" ? line : line()));
}
/** An annotation with a title and a link to its entry in the documentation. */
function warning(code, line) {
	warning$1(printable(withLink(code, line)), { title: titleOf(code) });
}
/** An annotation for a run that succeeded. */
function notice(title, line) {
	notice$1(printable(line), { title: printable(title) });
}
/** An annotation with a title and a link to its entry in the documentation. */
function error(code, line) {
	error$1(printable(withLink(code, line)), { title: titleOf(code) });
}
/** The line with a link to its entry in the documentation. */
function withLink(code, line) {
	return `${line} See ${documentationOf(code)}`;
}
/** Groups the lines that `write` logs. */
function group(title, write) {
	startGroup(printable(title));
	try {
		write();
	} finally {
		endGroup();
	}
}
const ESCAPES = {
	"\n": "\\n",
	"\r": "\\r",
	"	": " "
};
function escapeControl(character) {
	return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
// src/core/base64.ts
/** People encode twice when a tool encodes for them. */
const MAX_DEPTH = 2;
/**
* The first text that is meant, of those that a value is the base64 of: on one line or wrapped, in quotes, encoded twice, or made from
* UTF-16, as PowerShell does. The names of files are often made of the same characters, so the caller says what is meant.
* https://www.rfc-editor.org/rfc/rfc4648#section-4
* @returns undefined when the value is not base64 of such a text
*/
function decodeBase64(value, isMeant) {
	let text = value;
	for (let depth = 0; depth < MAX_DEPTH; depth++) {
		text = decodeOnce(text);
		if (text === void 0 || isMeant(text)) return text;
	}
}
function decodeOnce(value) {
	const digits = value.replaceAll(/\s|^\s*["']|["']\s*$/g, "");
	return /^[\w+/-]{16,}={0,2}$/.test(digits) ? textOf$1(Buffer.from(digits, "base64")) : void 0;
}
/** Text in UTF-8, or in UTF-16 as Windows PowerShell writes it; undefined when it is neither. */
function textOf$1(bytes) {
	try {
		return new TextDecoder(isUtf16(bytes) ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
	} catch {
		return;
	}
}
/** By its byte order mark, or the second byte of an ASCII character. */
function isUtf16(bytes) {
	return bytes[0] === 255 && bytes[1] === 254 || bytes.length > 1 && bytes[0] !== 0 && bytes[1] === 0;
}
// src/core/jwt.ts
/** The claims of a JWT, unverified; empty when `jwt` is not one: https://www.rfc-editor.org/rfc/rfc7519#section-3 */
function claimsOf(jwt) {
	try {
		return asObject(JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()));
	} catch {
		return {};
	}
}
/** The last one that RFC 3339 can write. A time after it is a mistake, such as milliseconds, and means no expiry. */
const MAX_TIME_MS = Date.UTC(9999, 11, 31);
/** The time of the claim `exp`, which counts seconds: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4 */
function expiryOf({ exp }) {
	const timeMs = typeof exp === "number" ? exp * 1e3 : NaN;
	return timeMs <= MAX_TIME_MS ? new Date(Math.max(timeMs, 0)) : void 0;
}
/** Whether a value has the form of a signed JWT: https://www.rfc-editor.org/rfc/rfc7515#section-7.1 */
function isJwt(value) {
	return typeof value === "string" && /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(value);
}
// src/core/once.ts
/** Calls `create` when its value is first needed, and never again. */
function once(create) {
	const created = [];
	return () => {
		if (created.length === 0) created.push(create());
		return created[0];
	};
}
// src/core/regular-file.ts
const CHUNK_BYTES = 65536;
/**
* Reads a file. Nothing else is read: a pipe, or a device such as `/dev/zero`, could block this thread forever, and with
* it the time limit of the run.
* @throws Error with a `code`: that of the system, or what is wrong with the file
*/
function readRegularFile(path, maxBytes) {
	const file = (0, import__builtin_fs.openSync)(path, import__builtin_fs.constants.O_RDONLY | (import__builtin_fs.constants.O_NONBLOCK ?? 0));
	try {
		requireRegular((0, import__builtin_fs.fstatSync)(file), maxBytes);
		const chunks = [];
		for (let length = 0; length <= maxBytes;) {
			const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
			const read = (0, import__builtin_fs.readSync)(file, chunk);
			if (read === 0) return Buffer.concat(chunks);
			chunks.push(chunk.subarray(0, read));
			length += read;
		}
		throw tooLarge(maxBytes);
	} finally {
		(0, import__builtin_fs.closeSync)(file);
	}
}
/** @throws Error with a `code` when another program must not be asked to read it */
function requireRegular(file, maxBytes) {
	if (!file.isFile()) throw fileError("it is not a regular file");
	if (file.size > maxBytes) throw tooLarge(maxBytes);
}
function tooLarge(maxBytes) {
	return fileError(`it is larger than ${maxBytes / 1024 ** 2} MiB`);
}
function fileError(problem) {
	return Object.assign(new Error(problem), { code: problem });
}
// src/core/days.ts
const DAY_MS = 864e5;
/** Whole days that have passed; 0 for a date ahead, since clocks differ. */
function daysSince(date, now) {
	return Math.max(0, Math.floor((now.getTime() - date.getTime()) / DAY_MS));
}
// src/runner/child-environment.ts
/**
* What the runner sets for actions only: inputs, which hold secrets, the state, and the access to its cache and artifacts.
* https://github.com/actions/runner/blob/main/src/Runner.Worker/Handlers/NodeScriptActionHandler.cs
*/
const FOR_ACTIONS_ONLY = /^(INPUT_.*|STATE_.*|ACTIONS_(RUNTIME_TOKEN|RUNTIME_URL|CACHE_URL|RESULTS_URL|CACHE_SERVICE_V2|ORCHESTRATION_ID))$/i;
/**
* The environment for a child process: the one that a `run:` step of the same job has. The variables by which a job requests
* OIDC tokens are part of that, and plugins such as kubelogin use them:
* https://azure.github.io/kubelogin/concepts/login-modes/workloadidentity.html
*/
function childEnvironment(environment) {
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !FOR_ACTIONS_ONLY.test(name)));
}
// src/core/nearest-names.ts
var import_fastest_levenshtein = (/* @__PURE__ */ __commonJSMin(((exports) => {
	exports.__esModule = true;
	exports.distance = exports.closest = void 0;
	var peq = /* @__PURE__ */ new Uint32Array(65536);
	var myers_32 = function(a, b) {
		var n = a.length;
		var m = b.length;
		var lst = 1 << n - 1;
		var pv = -1;
		var mv = 0;
		var sc = n;
		var i = n;
		while (i--) peq[a.charCodeAt(i)] |= 1 << i;
		for (i = 0; i < m; i++) {
			var eq = peq[b.charCodeAt(i)];
			var xv = eq | mv;
			eq |= (eq & pv) + pv ^ pv;
			mv |= ~(eq | pv);
			pv &= eq;
			if (mv & lst) sc++;
			if (pv & lst) sc--;
			mv = mv << 1 | 1;
			pv = pv << 1 | ~(xv | mv);
			mv &= xv;
		}
		i = n;
		while (i--) peq[a.charCodeAt(i)] = 0;
		return sc;
	};
	var myers_x = function(b, a) {
		var n = a.length;
		var m = b.length;
		var mhc = [];
		var phc = [];
		var hsize = Math.ceil(n / 32);
		var vsize = Math.ceil(m / 32);
		for (var i = 0; i < hsize; i++) {
			phc[i] = -1;
			mhc[i] = 0;
		}
		var j = 0;
		for (; j < vsize - 1; j++) {
			var mv_1 = 0;
			var pv_1 = -1;
			var start_1 = j * 32;
			var vlen_1 = Math.min(32, m) + start_1;
			for (var k = start_1; k < vlen_1; k++) peq[b.charCodeAt(k)] |= 1 << k;
			for (var i = 0; i < n; i++) {
				var eq = peq[a.charCodeAt(i)];
				var pb = phc[i / 32 | 0] >>> i & 1;
				var mb = mhc[i / 32 | 0] >>> i & 1;
				var xv = eq | mv_1;
				var xh = ((eq | mb) & pv_1) + pv_1 ^ pv_1 | eq | mb;
				var ph = mv_1 | ~(xh | pv_1);
				var mh = pv_1 & xh;
				if (ph >>> 31 ^ pb) phc[i / 32 | 0] ^= 1 << i;
				if (mh >>> 31 ^ mb) mhc[i / 32 | 0] ^= 1 << i;
				ph = ph << 1 | pb;
				mh = mh << 1 | mb;
				pv_1 = mh | ~(xv | ph);
				mv_1 = ph & xv;
			}
			for (var k = start_1; k < vlen_1; k++) peq[b.charCodeAt(k)] = 0;
		}
		var mv = 0;
		var pv = -1;
		var start = j * 32;
		var vlen = Math.min(32, m - start) + start;
		for (var k = start; k < vlen; k++) peq[b.charCodeAt(k)] |= 1 << k;
		var score = m;
		for (var i = 0; i < n; i++) {
			var eq = peq[a.charCodeAt(i)];
			var pb = phc[i / 32 | 0] >>> i & 1;
			var mb = mhc[i / 32 | 0] >>> i & 1;
			var xv = eq | mv;
			var xh = ((eq | mb) & pv) + pv ^ pv | eq | mb;
			var ph = mv | ~(xh | pv);
			var mh = pv & xh;
			score += ph >>> m - 1 & 1;
			score -= mh >>> m - 1 & 1;
			if (ph >>> 31 ^ pb) phc[i / 32 | 0] ^= 1 << i;
			if (mh >>> 31 ^ mb) mhc[i / 32 | 0] ^= 1 << i;
			ph = ph << 1 | pb;
			mh = mh << 1 | mb;
			pv = mh | ~(xv | ph);
			mv = ph & xv;
		}
		for (var k = start; k < vlen; k++) peq[b.charCodeAt(k)] = 0;
		return score;
	};
	var distance = function(a, b) {
		if (a.length < b.length) {
			var tmp = b;
			b = a;
			a = tmp;
		}
		if (b.length === 0) return a.length;
		if (a.length <= 32) return myers_32(a, b);
		return myers_x(a, b);
	};
	exports.distance = distance;
	var closest = function(str, arr) {
		var min_distance = Infinity;
		var min_index = 0;
		for (var i = 0; i < arr.length; i++) {
			var dist = distance(str, arr[i]);
			if (dist < min_distance) {
				min_distance = dist;
				min_index = i;
			}
		}
		return arr[min_index];
	};
	exports.closest = closest;
})))();
/** What a server sends can be long, and the distance takes time in proportion to it. */
const MAX_NAME_LENGTH$1 = 256;
const MAX_COMPARED = 1e4;
const DEFAULT_LIMIT = 5;
/** A shorter text is in many names. */
const MIN_PART_LENGTH = 3;
/** Of some names, those that a person may have meant by another one, the nearest first. */
function nearestNames(name, names, { limit = DEFAULT_LIMIT, normalize = lowerCase, isNear = isAlike } = {}) {
	const wanted = normalize(name.slice(0, MAX_NAME_LENGTH$1));
	return [...new Set(names.slice(0, MAX_COMPARED))].filter((one) => one.length <= MAX_NAME_LENGTH$1).map((one) => ({
		one,
		normalized: normalize(one)
	})).map(({ one, normalized }) => ({
		one,
		normalized,
		edits: (0, import_fastest_levenshtein.distance)(normalized, wanted)
	})).filter(({ normalized, edits }) => isNear(edits, wanted, normalized)).sort((a, b) => a.edits - b.edits).slice(0, limit).map(({ one }) => one);
}
/** They differ in less than half of their characters, or one is a part of the other. */
function isAlike(edits, name, other) {
	const [short, long] = name.length < other.length ? [name, other] : [other, name];
	return edits < long.length / 2 || short.length >= MIN_PART_LENGTH && long.includes(short);
}
function lowerCase(name) {
	return name.toLowerCase();
}
// src/core/last-result.ts
/**
* Calls `compute` unless its last call had the same arguments: of thousands of secrets, most hold the same. Only the last result is
* kept, so memory does not grow with their number.
* @param compute its result depends on its arguments only, and is not modified
*/
function lastResult(compute) {
	let last;
	return (...args) => {
		if (last === void 0 || last.args.some((arg, at) => arg !== args[at])) last = {
			args,
			result: compute(...args)
		};
		return last.result;
	};
}
// src/core/order.ts
/** By code units, as kubectl sorts names. `localeCompare` loads locale data, which takes almost as long as to start Node. */
function compareTexts(one, other) {
	if (one === other) return 0;
	return one < other ? -1 : 1;
}
// src/core/format.ts
/** `1,000`, of a whole number. `Intl` would take a quarter of the time in which Node starts, and several megabytes. */
function formatNumber(number) {
	const groups = [];
	for (let rest = String(number); rest !== ""; rest = rest.slice(0, -3)) groups.unshift(rest.slice(-3));
	return groups.join(",");
}
/** `1 target`, `1,000 targets`. */
function formatCount(number, noun) {
	return `${formatNumber(number)} ${noun}${number === 1 ? "" : "s"}`;
}
/** `3 failed, 12 created`, in the order of their first occurrence. */
function tally(results) {
	return [...Map.groupBy(results, (result) => result)].map(([result, { length }]) => `${formatNumber(length)} ${result}`).join(", ");
}
function capitalized(text) {
	return text.slice(0, 1).toUpperCase() + text.slice(1);
}
/** The end of a text, without half of a character at its beginning. */
function end(text, maxLength) {
	return text.slice(-maxLength).replace(/^[\uDC00-\uDFFF]/, "");
}
/** The beginning of a text, without half of a character at its end. */
function cut(text, maxLength) {
	return text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, "");
}
// src/core/digest.ts
/** The SHA-256 of a text or of bytes, in hex. `node:crypto` takes long to load, and not every run needs it. */
function sha256(content) {
	const { createHash } = process.getBuiltinModule("node:crypto");
	return createHash("sha256").update(content).digest("hex");
}
// src/runner/timeline.ts
/** The title of the phase in which nothing but time passes: the job summary shows it apart. */
const WAIT_FOR_PULLS = "Wait for in-flight pulls";
/** How long each phase of a run took, and how many requests it sent. */
var Timeline = class {
	#elapsedMs;
	#startedAtMs;
	#phases = [];
	#requests = 0;
	/** @param elapsedMs milliseconds that only grow */
	constructor(elapsedMs = () => performance.now()) {
		this.#elapsedMs = elapsedMs;
		this.#startedAtMs = elapsedMs();
	}
	get phases() {
		return this.#phases;
	}
	/** Of the whole run, also outside of its phases. */
	get total() {
		return {
			durationMs: this.#elapsedMs() - this.#startedAtMs,
			requests: this.#requests
		};
	}
	/** Call it for each request that is sent. */
	countRequest = () => {
		this.#requests++;
	};
	/**
	* Runs one phase, and logs a line when it has ended. Phases do not overlap.
	* @param title what it does, as the name of a step: `Read the targets`
	*/
	async phase(title, work) {
		const [startedAtMs, requestsBefore] = [this.#elapsedMs(), this.#requests];
		let isFailed = true;
		try {
			const result = await work();
			isFailed = false;
			return result;
		} finally {
			const phase = {
				title,
				durationMs: this.#elapsedMs() - startedAtMs,
				requests: this.#requests - requestsBefore,
				isFailed
			};
			this.#phases.push(phase);
			info(phaseLine(phase));
		}
	}
};
/** `Read the targets: 0.2 s, 4 requests`. */
function phaseLine({ title, durationMs, requests, isFailed }) {
	return `${title}: ${`${isFailed ? "failed after " : ""}${formatSeconds(durationMs)}`}${requests > 0 ? `, ${formatCount(requests, "request")}` : ""}`;
}
/** `0.2 s`. */
function formatSeconds(durationMs) {
	return `${(durationMs / 1e3).toFixed(1)} s`;
}
// src/runner/exit.ts
/**
* The result of `work`. When nothing is left that could end it, Node would end the process without a word:
* https://nodejs.org/api/process.html#exit-codes (13), https://nodejs.org/api/process.html#event-beforeexit
* @throws the rejection of `work`, or ActionError `internal-error`
*/
async function unlessStalled(work) {
	const { promise: stalled, reject } = Promise.withResolvers();
	const onBeforeExit = () => reject(new ActionError("internal-error", "This is a bug in registry-pull-secret: it waits for what can no longer happen", { hint: "The log above shows what it was doing. Please report it with the log of this step." }));
	process.once("beforeExit", onBeforeExit);
	try {
		return await Promise.race([work, stalled]);
	} finally {
		process.off("beforeExit", onBeforeExit);
	}
}
/**
* Ends the process after stdout is written. Node would otherwise wait for connections that hang, and
* for what an exec plugin has left running.
*/
async function flushAndExit() {
	await new Promise((resolve) => process.stdout.write("", () => resolve()));
	process.exit();
}
// src/runner/state.ts
/**
* Saves only the values that are provided: the runner keeps the last value of each name.
* https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#sending-values-to-the-pre-and-post-actions
*/
function saveRecord({ phase, description, mintedId, currentId, superseded }) {
	if (description !== void 0) saveState("description", description);
	if (mintedId !== void 0) saveState("minted-id", mintedId);
	if (currentId !== void 0) saveState("current-id", currentId);
	if (superseded !== void 0) saveState("superseded", superseded.join(" "));
	if (phase !== void 0) saveState("phase", phase);
}
function loadRecord() {
	return {
		phase: getState("phase") || "settled",
		description: getState("description") || void 0,
		mintedId: getState("minted-id") || void 0,
		currentId: getState("current-id") || void 0,
		superseded: getState("superseded").split(" ").filter(Boolean)
	};
}
// \0builtin:v8
var require__builtin_v8 = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:v8");
}));
// \0builtin:fs/promises
var require_promises = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = process.getBuiltinModule("node:fs/promises");
}));
// src/runner/program.ts
/** A program that prints more is not the one that was meant. */
const MAX_OUTPUT_BYTES = 1048576;
/**
* Runs a program of the PATH; what it prints is not logged. It is killed, with the programs that it started, when
* `signal` aborts or when it prints more than a megabyte.
* @throws Error why it could not be started, that it printed too much, or the reason of the signal
*/
async function runProgram([program = "", ...args], { environment, signal, input }) {
	const { exec } = await import("./run-program.js");
	const { promise: tooLarge, reject } = Promise.withResolvers();
	tooLarge.catch(() => {});
	const output = {
		stdout: [],
		stderr: []
	};
	let bytes = 0;
	const collectInto = (chunks) => (chunk) => {
		bytes += chunk.length;
		if (bytes > MAX_OUTPUT_BYTES) reject(/* @__PURE__ */ new Error("it printed more than 1 MiB"));
		else chunks.push(chunk);
	};
	using started = watchStarted(program, input !== void 0);
	const exited = exec(program, [...args], {
		env: variablesOf(environment),
		silent: true,
		ignoreReturnCode: true,
		...input !== void 0 && { input: Buffer.from(input) },
		listeners: {
			stdout: collectInto(output.stdout),
			stderr: collectInto(output.stderr)
		}
	});
	exited.catch(() => {});
	try {
		return {
			exitCode: await unlessAborted(Promise.race([exited, tooLarge]), signal),
			stdout: textOf(output.stdout),
			stderr: textOf(output.stderr)
		};
	} catch (error) {
		for (const child of started.children) killTree(child);
		throw error;
	}
}
function textOf(chunks) {
	return Buffer.concat(chunks).toString();
}
/** Whether an error of `runProgram` says that the program is not on the PATH: @actions/exec has no code for it. */
function isNotFound(error) {
	return error instanceof Error && error.message.startsWith("Unable to locate executable file");
}
function variablesOf(environment) {
	return Object.fromEntries(Object.entries(environment).map(([name, value = ""]) => [name, value]));
}
/**
* The processes that are started as this program. @actions/exec does not return them, and Node announces each:
* https://nodejs.org/api/diagnostics_channel.html#event-child_process. Without input, theirs is closed.
*/
function watchStarted(program, hasInput) {
	const children = [];
	const add = (message) => {
		const { process: child } = message;
		queueMicrotask(() => {
			if (!(0, import__builtin_path.basename)(child.spawnfile ?? "").startsWith(program)) return;
			children.push(child);
			child.stdin?.on("error", () => {});
			if (!hasInput) child.stdin?.destroy();
		});
	};
	(0, import__builtin_diagnostics_channel.subscribe)("child_process", add);
	return {
		children,
		[Symbol.dispose]: () => (0, import__builtin_diagnostics_channel.unsubscribe)("child_process", add)
	};
}
function killTree(child) {
	const descendants = child.pid === void 0 ? [] : descendantsOf(child.pid);
	child.kill("SIGKILL");
	for (const pid of descendants) try {
		process.kill(pid, "SIGKILL");
	} catch {}
}
/** On Linux; elsewhere the runner ends them with the job. https://man7.org/linux/man-pages/man5/proc_pid_task.5.html */
function descendantsOf(pid) {
	try {
		return (0, import__builtin_fs.readFileSync)(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number).flatMap((one) => [one, ...descendantsOf(one)]);
	} catch {
		return [];
	}
}
// src/runner/suggestion.ts
const MAX_SHOWN = 5;
const MAX_NAME_LENGTH = 100;
/**
* One sentence with the names that a person may have meant, or with some of those that exist; undefined when there is none.
* It is safe to print: the names come from a server.
*/
function suggestionOf({ kind, wanted, names, otherwise }) {
	const near = nearestNames(wanted, names, { limit: MAX_SHOWN });
	if (near.length > 0) return `${capitalized(kind)} near ${quoted(wanted)}: ${near.map(quoted).join(", ")}.`;
	const shown = otherwise === "last" ? names.slice(-5) : names.slice(0, MAX_SHOWN);
	if (shown.length === 0 || otherwise === "none") return void 0;
	const others = names.length > shown.length ? " and others" : "";
	return `Existing ${kind}: ${shown.map(quoted).join(", ")}${others}.`;
}
/** A hint and what follows it, if there is anything. */
function withSuggestion(hint, suggestion) {
	return [hint, suggestion].filter(Boolean).join(" ");
}
/** Secrets are removed before the name is cut. */
function quoted(name) {
	const text = printable(name);
	return `"${text.length > MAX_NAME_LENGTH ? `${cut(text, MAX_NAME_LENGTH)}\u2026` : text}"`;
}
// src/runner/program-output.ts
/** Of a log line of a plugin, and of the lines that are shown. */
const MAX_LINE_LENGTH = 300;
const MAX_LINES = 10;
/** Names before a value that is a secret: `refresh_token=...`, `"password": "..."`, `Authorization: Bearer ...`. */
const NAMED = /((?:(?:token|secret|passw(?:or)?d|pwd|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|assertion|credential|session|signature)s?|authorization|cookie)["']?\s*[:=]\s*["']?(?:(?:bearer|basic|negotiate)\s+)?|\b(?:bearer|basic)\s+|[?&#](?:code|sig|key)=)[^\s"',;&]+/gi;
/** A run of the characters of tokens; a slash is part of base64, but also of paths and URLs. */
const RUN = /[\w%+/.~-]{16,}/g;
const MAX_HARMLESS_LENGTH = 11;
/**
* Replaces what looks like a secret in the text of a program: values after names such as `token`, and long runs of the
* characters of tokens. A plugin may print secrets that this run has never seen, so no mask knows them.
*/
function withoutSecrets(text) {
	return text.replace(PEM, "***").replace(NAMED, "$1***").replace(RUN, (run) => run.split("/").every(isHarmless) ? run : "***");
}
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** Short, or words of one case, as in `login.microsoftonline.com` and `AUTHENTICATION_FAILED`. */
function isHarmless(part) {
	return part.length <= MAX_HARMLESS_LENGTH || /^([a-z._~-]+|[A-Z._~-]+)$/.test(part);
}
/** The first lines of the output of a program, for the log: bounded, without what looks like a secret. */
function excerptOf(output) {
	const lines = withoutSecrets(redact(output)).split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) => line !== "");
	const shown = lines.slice(0, MAX_LINES).map((line) => shorten(line));
	return lines.length > MAX_LINES ? [...shown, `\u2026 (${lines.length - MAX_LINES} more lines)`] : shown;
}
function shorten(line) {
	return line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}\u2026` : line;
}
/**
* Whether a program asks a person to sign in with a code or in a browser: https://www.rfc-editor.org/rfc/rfc8628#section-3.3,
* https://azure.github.io/kubelogin/concepts/login-modes/devicecode.html, https://github.com/int128/kubelogin,
* https://cloud.google.com/sdk/gcloud/reference/auth/login
*/
function asksForPerson(output) {
	return CODE.test(output) || BROWSER.test(output);
}
const CODE = /\bdevicelogin\b|\/device\b|\bdevice[ _]?code\b|\benter (?:the |this |user )?code\b|\buse a web browser\b/i;
const BROWSER = /\b(?:open(?:ing)?|visit|go to)\b[^\n]{0,60}\bbrowser\b/i;
// src/runner/progress.ts
const LOG_INTERVAL_MS = 5e3;
/** Targets of one cluster that are processed at a time, each of which takes memory: the maximum of the input `concurrency`. */
const MAX_IN_PROGRESS = 256;
/**
* Processes all targets, those of different clusters in parallel. Logs the progress in each cluster that has more than
* MAX_LISTED targets, every LOG_INTERVAL_MS.
* @param sentence the log line, for a count such as `347 of 1,000`
* @returns the result of each target, in the order of `targets`
*/
async function withProgress(targets, sentence, processTarget) {
	const groups = [...Map.groupBy(targets, ({ cluster }) => cluster)];
	const clusters = groups.filter(([, { length }]) => length > 10).map(([cluster, { length }]) => ({
		cluster,
		total: length,
		done: 0,
		failed: 0
	}));
	const count = ({ cluster }, { status }) => {
		const counts = clusters.find((one) => one.cluster === cluster);
		if (counts !== void 0) counts[status === "failed" ? "failed" : "done"]++;
	};
	const logProgress = () => {
		for (const { cluster, total, done, failed } of clusters) {
			if (done + failed === total) continue;
			const failures = failed > 0 ? `, ${formatNumber(failed)} failed` : "";
			info(`${sentence(`${formatNumber(done)} of ${formatNumber(total)}`)} in ${cluster.name}${failures}`);
		}
	};
	const timer = setInterval(logProgress, LOG_INTERVAL_MS);
	try {
		const results = /* @__PURE__ */ new Map();
		const worker = async (queue) => {
			for (const target of queue) {
				const result = await processTarget(target);
				count(target, result);
				results.set(target, result);
			}
		};
		const workers = groups.flatMap(([, group]) => {
			const queue = group.values();
			return Array.from({ length: Math.min(MAX_IN_PROGRESS, group.length) }, () => worker(queue));
		});
		await Promise.all(workers);
		return new Map(targets.map((target) => [target, results.get(target)]));
	} finally {
		clearInterval(timer);
	}
}
export { redact as $, readRegularFile as A, require__builtin_url as At, group as B, require__builtin_net as Bt, tally as C, setOutput as Ct, childEnvironment as D, require__builtin_string_decoder as Dt, nearestNames as E, summary as Et, isJwt as F, require__builtin_stream as Ft, warning as G, require_promises$1 as Gt, lines as H, require__builtin_path as Ht, decodeBase64 as I, require__builtin_util as It, mask as J, withLink as K, textOf$1 as L, require__builtin_assert as Lt, once as M, require__builtin_diagnostics_channel as Mt, claimsOf as N, require__builtin_querystring as Nt, DAY_MS as O, require__builtin_crypto as Ot, expiryOf as P, require__builtin_buffer as Pt, publish as Q, debug as R, require__builtin_events as Rt, formatNumber as S, reason as St, lastResult as T, require__builtin_child_process as Tt, notice as U, require__builtin_fs as Ut, info as V, require__builtin_http as Vt, printable as W, require__builtin_os as Wt, maskKept as X, maskBasic as Y, maskProvided as Z, sha256 as _, ActionError as _t, withSuggestion as a, asObjects as at, end as b, actionErrorOf as bt, require_promises as c, isObject as ct, saveRecord as d, MAX_TIMER_MS as dt, redactEach as et, flushAndExit as f, abortError as ft, formatSeconds as g, unlessAborted as gt, WAIT_FOR_PULLS as h, startTimeout as ht, suggestionOf as i, asObject as it, requireRegular as j, require__builtin_http2 as jt, daysSince as k, require__builtin_async_hooks as kt, require__builtin_v8 as l, isRawJson as lt, Timeline as m, isAbort as mt, asksForPerson as n, titleOf as nt, isNotFound as o, asText as ot, unlessStalled as p, delay as pt, isPlaceholder as q, excerptOf as r, asName as rt, runProgram as s, escapeLikeGo as st, withProgress as t, documentationOf as tt, loadRecord as u, MANAGER_NAME as ut, capitalized as v, ActionErrors as vt, compareTexts as w, require__builtin_timers as wt, formatCount as x, actionErrorsOf as xt, cut as y, InputError as yt, error as z, require__builtin_tls as zt };
