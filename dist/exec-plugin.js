import { n as __toESM } from "./rolldown-runtime.js";
import { $ as redact, St as reason, Tt as require__builtin_child_process, V as info, W as printable, at as asObjects, ft as abortError, it as asObject, n as asksForPerson, ot as asText, r as excerptOf } from "./runner.js";
import { h as findProgram, v as parseExecCredential } from "./kubeconfig.js";
import { H as loginError } from "./run.js";
// src/kubernetes/child-process.ts
var import__builtin_child_process = /* @__PURE__ */ __toESM(require__builtin_child_process(), 1);
/** A credential is smaller. */
const MAX_STDOUT_BYTES = 1048576;
/** What the log may show of stderr; the rest is discarded. */
const MAX_STDERR_BYTES = 16384;
/** A program that has ended may have left a child that holds its stdout. */
const CLOSE_DELAY_MS = 1e3;
/**
* Runs a program without stdin and terminal, and collects its output. It ends with all its children when `signal` aborts, when
* it writes more than MAX_STDOUT_BYTES, and when this process ends.
* @throws OutputTooLarge, the reason of `signal`, or why the program could not be started
*/
async function runProgram({ path, args, environment }, { signal, onStderr = () => {} }) {
	signal.throwIfAborted();
	const detached = process.platform !== "win32";
	const child = (0, import__builtin_child_process.spawn)(path, args, {
		env: environment,
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		detached,
		windowsHide: true
	});
	const { promise, resolve, reject } = Promise.withResolvers();
	const onAbort = () => reject(signal.reason);
	signal.addEventListener("abort", onAbort);
	running.add(child);
	const stdout = [];
	let size = 0;
	let stderr = Buffer.alloc(0);
	child.stdout.on("data", (chunk) => {
		size += chunk.length;
		if (size > 1048576) return reject(new OutputTooLarge());
		stdout.push(chunk);
	});
	child.stderr.on("data", (chunk) => {
		if (stderr.length >= MAX_STDERR_BYTES) return;
		stderr = Buffer.concat([stderr, chunk.subarray(0, MAX_STDERR_BYTES - stderr.length)]);
		onStderr(textOf(stderr));
	});
	let timer;
	child.once("error", reject);
	child.once("exit", (code) => {
		timer = setTimeout(() => resolve(code), CLOSE_DELAY_MS);
	});
	child.once("close", (code) => resolve(code));
	try {
		return {
			exitCode: await promise,
			stdout: Buffer.concat(stdout).toString(),
			stderr: textOf(stderr)
		};
	} catch (error) {
		endGroup(child);
		throw error;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
		running.delete(child);
		child.stdout.destroy();
		child.stderr.destroy();
	}
}
var OutputTooLarge = class extends Error {};
/** What still runs when this process ends. */
const running = /* @__PURE__ */ new Set();
process.on("exit", () => {
	for (const child of running) endGroup(child);
});
/** Without the word that the limit has cut: a part of a token would not be recognized as one. */
function textOf(stderr) {
	const text = stderr.toString();
	if (stderr.length < MAX_STDERR_BYTES) return text;
	const lastBreak = Math.max(text.lastIndexOf(" "), text.lastIndexOf("\n"), text.lastIndexOf("	"));
	return `${text.slice(0, lastBreak + 1)}\u2026`;
}
function endGroup(child) {
	try {
		if (child.pid !== void 0 && process.platform !== "win32") process.kill(-child.pid, "SIGKILL");
		else child.kill("SIGKILL");
	} catch {}
}
// src/kubernetes/exec-plugin.ts
/** kubectl shows stderr at once. Here it is of interest only when a plugin does not return. */
const SLOW_MS = 5e3;
const TIMEOUT_MS = 6e4;
var NeedsPerson = class extends Error {};
var TookTooLong = class extends Error {};
/** Runs the plugin once. @throws ActionError `cluster-login-failed`, or when the run is aborted */
async function runExecPlugin(plugin) {
	const { exec, signal, folder, environment } = plugin;
	const { command, apiVersion, args } = readExec(exec);
	const path = findProgram(command, {
		folder,
		environment
	});
	if (path === void 0) throw notFound(plugin);
	const own = new AbortController();
	const timeout = setTimeout(() => own.abort(new TookTooLong()), TIMEOUT_MS);
	const shown = { stderr: "" };
	const slow = setTimeout(() => logSlow(command, shown.stderr), SLOW_MS);
	try {
		const result = await runProgram({
			path,
			args,
			environment: pluginEnvironment(plugin)
		}, {
			signal: AbortSignal.any([signal, own.signal]),
			onStderr(stderr) {
				shown.stderr = stderr;
				if (asksForPerson(stderr)) own.abort(new NeedsPerson());
			}
		});
		if (result.exitCode !== 0) throw new Error(exitProblem(result));
		return parseExecCredential(result.stdout, apiVersion);
	} catch (error) {
		logStderr(command, shown.stderr);
		throw failure(plugin, error, shown.stderr);
	} finally {
		clearTimeout(timeout);
		clearTimeout(slow);
	}
}
function readExec(exec) {
	const { command, apiVersion, args } = asObject(exec);
	return {
		command: asText(command) ?? "",
		apiVersion: asText(apiVersion) ?? "",
		args: Array.isArray(args) ? args.map(String) : []
	};
}
function pluginEnvironment({ exec, clusterInfo, environment }) {
	const { env, provideClusterInfo, apiVersion } = asObject(exec);
	const own = asObjects(env).map(({ name, value }) => [String(name), String(value ?? "")]);
	const spec = {
		interactive: false,
		...provideClusterInfo === true && { cluster: clusterInfo }
	};
	const info = JSON.stringify({
		kind: "ExecCredential",
		apiVersion,
		spec
	});
	return {
		...environment,
		...Object.fromEntries(own),
		KUBERNETES_EXEC_INFO: info
	};
}
function logSlow(command, stderr) {
	info(`The exec plugin ${command} has been running for ${SLOW_MS / 1e3} s.`);
	logStderr(command, stderr);
}
function logStderr(command, stderr) {
	const lines = excerptOf(stderr);
	if (lines.length > 0) info(`The exec plugin ${command} wrote to stderr (what looks like a secret is replaced):`);
	for (const line of lines) info(`  ${line}`);
}
function exitProblem({ exitCode }) {
	return exitCode === null ? "was ended by a signal" : `failed with exit code ${exitCode}`;
}
function notFound({ cluster, exec }) {
	const { command, installHint } = asObject(exec);
	const name = printable(asText(command) ?? "");
	return loginError(cluster, `the exec plugin \`${name}\` of its kubeconfig user is not installed`, { hint: installHintOf(installHint) ?? `Install \`${name}\` in an earlier step.` });
}
/** The hint has several lines and is written by the author of the kubeconfig. */
function installHintOf(hint) {
	const text = redact(asText(hint) ?? "").replaceAll(/\s+/g, " ").trim();
	return text === "" ? void 0 : printable(text).slice(0, MAX_HINT_LENGTH);
}
const MAX_HINT_LENGTH = 1e3;
/** Stderr is not part of the error: errors are in the job summary, and plugins print what no mask knows. */
function failure({ cluster, exec, signal }, error, stderr) {
	const command = printable(readExec(exec).command);
	if (signal.aborted) return abortError(`authenticate to the cluster ${cluster} with \`${command}\``, signal);
	const problem = error instanceof NeedsPerson ? "asks a person to sign in" : error instanceof TookTooLong ? `did not return a credential within ${TIMEOUT_MS / 1e3} s` : error instanceof OutputTooLarge ? `wrote more than ${MAX_STDOUT_BYTES / 1024 ** 2} MiB` : isSystemError(error) ? `could not be started: ${reason(error)}` : reason(error);
	const hint = error instanceof NeedsPerson ? NON_INTERACTIVE_HINT : `${stderr.trim() === "" ? "" : "The log shows what it wrote to stderr. "}${SET_UP_HINT}`;
	return loginError(cluster, `the exec plugin \`${command}\` ${problem}`, {
		cause: error,
		hint
	});
}
function isSystemError(error) {
	return error instanceof Error && "syscall" in error;
}
const SET_UP_HINT = "Check its arguments in the kubeconfig, and that it is set up and logged in, in an earlier step.";
/** https://azure.github.io/kubelogin/concepts/login-modes.html */
const NON_INTERACTIVE_HINT = "A workflow needs a login without a person: the token of a service account, `kube-oidc-audience`, or another mode of the plugin. For Azure run `kubelogin convert-kubeconfig -l workloadidentity` (or `-l azurecli` after azure/login, or `-l spn`) in an earlier step.";
export { runExecPlugin };
