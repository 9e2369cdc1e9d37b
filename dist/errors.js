import { H as printable, Ot as reason, _t as redact, l as cut, wt as ActionError } from "./inputs.js";
// src/http/error-body.ts
const MAX_MESSAGE_LENGTH = 500;
/**
* The code and the message of an error body, both safe to print:
* - Kubernetes: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
* - registries: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
* - OAuth servers (UAA): https://www.rfc-editor.org/rfc/rfc6749#section-5.2
* - Cloud Foundry: https://v3-apidocs.cloudfoundry.org/#errors
* - IBM IAM: https://cloud.ibm.com/apidocs/iam-identity-token-api
*/
function parseErrorBody(body) {
	const parsed = parseObject(body);
	if (parsed === void 0) return {
		code: void 0,
		message: asPrintable(redact(body).replace(/<[^<>]*>/g, " "))
	};
	const error = (Array.isArray(parsed.errors) ? asRecord(parsed.errors[0]) : void 0) ?? parsed;
	const codes = [
		error.error_code,
		error.title,
		error.message_code,
		error.errorCode,
		error.error,
		error.reason,
		error.code
	];
	const messages = [
		error.error_description,
		error.description,
		error.errorMessage,
		error.message,
		error.detail,
		error.details
	];
	return {
		code: firstPrintable(codes),
		message: firstPrintable(messages)
	};
}
function firstPrintable(values) {
	return values.map(asPrintable).find((text) => text !== void 0);
}
function asPrintable(value) {
	if (typeof value !== "string" && typeof value !== "number") return void 0;
	const text = printable(redact(String(value)).trim().replace(/\s+/g, " "));
	if (text === "") return void 0;
	return text.length > MAX_MESSAGE_LENGTH ? `${cut(text, MAX_MESSAGE_LENGTH)}…` : text;
}
function parseObject(body) {
	try {
		return asRecord(JSON.parse(body));
	} catch {
		return;
	}
}
function asRecord(value) {
	return typeof value === "object" && value !== null ? value : void 0;
}
// src/http/network-problem.ts
/**
* Errors before the first byte of a request is sent: https://man7.org/linux/man-pages/man2/connect.2.html,
* https://man7.org/linux/man-pages/man3/getaddrinfo.3.html and, for `UND_ERR_…`,
* https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md
*/
const NEVER_SENT = /* @__PURE__ */ new Set([
	"ECONNREFUSED",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"UND_ERR_CONNECT_TIMEOUT"
]);
const WRONG_HOST = "ERR_TLS_CERT_ALTNAME_INVALID";
function networkProblemOf(error) {
	const cause = deepestCause(error);
	const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
	const isUntrusted = /CERT|SELF_SIGNED|UNABLE_TO_/.test(code);
	const isPermanent = isUntrusted || /^ERR_(SSL|TLS)/.test(code);
	return {
		text: describe(cause, code, isUntrusted),
		hint: hintFor(code, isUntrusted),
		isUntrusted,
		isPermanent,
		mayBeSent: !(isPermanent || NEVER_SENT.has(code))
	};
}
function describe(cause, code, isUntrusted) {
	if (code.startsWith("ERR_SSL")) return `it does not speak TLS as expected (${code})`;
	if (code === WRONG_HOST) return `its certificate is for another host (${code})`;
	return isUntrusted ? `its certificate is not trusted (${code})` : printable(reason(cause));
}
function hintFor(code, isUntrusted) {
	if (code === WRONG_HOST) return "Use a host name that the certificate of the server names.";
	if (isUntrusted) return "Add the CA of an IBM or registry host to `ca-certificates`, the CA of a cluster to its kubeconfig.";
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "Check the host name, and that this runner can resolve it.";
	if (code.startsWith("ERR_SSL")) return "Check that the endpoint speaks https on that port.";
	return "Check that the host is up and that this runner reaches it (firewall, HTTPS_PROXY, NO_PROXY).";
}
/** An attempt to connect to a host with several addresses throws the errors of all of them; the first one is as good as any. */
function deepestCause(error) {
	if (error instanceof AggregateError && error.errors.length > 0) return deepestCause(error.errors[0]);
	return error instanceof Error && error.cause instanceof Error ? deepestCause(error.cause) : error;
}
// src/http/errors.ts
/** A server returned a status that the request does not expect. */
var HttpError = class extends ActionError {
	name = "HttpError";
	status;
	/** The server's own message, safe to print. */
	serverMessage;
	/** How long the server asks to wait. */
	retryAfterMs;
	constructor(exchange, response, hint) {
		const { status, retryAfterMs } = response;
		const { code, message } = parseErrorBody(response.body);
		const text = [code, message].filter(Boolean).join(": ");
		super(`${exchange.service}-${problemOfStatus(status)}`, `Could not ${exchange.operation}: ${exchange.from} returned ${status}${text ? ` ${text}` : ""}`, {
			hint: hint ?? defaultHint(status, retryAfterMs),
			details: {
				...detailsOf(exchange),
				status,
				serverCode: code
			}
		});
		this.status = status;
		this.serverMessage = message ?? "";
		this.retryAfterMs = retryAfterMs;
	}
};
/** No response arrived, or only a part of one. */
var NetworkError = class extends ActionError {
	name = "NetworkError";
	/** Whether the server may have acted: `false` only when the request never reached it. */
	sent;
	/** Whether a retry fails in the same way: the port does not speak https, or the certificate is not trusted. */
	permanent;
	constructor(exchange, cause) {
		const { text, hint, isUntrusted, isPermanent, mayBeSent } = networkProblemOf(cause);
		super(`${exchange.service}-${isUntrusted ? "untrusted-certificate" : "unreachable"}`, `Could not ${exchange.operation}: ${exchange.from} did not respond: ${text}`, {
			cause,
			hint,
			details: detailsOf(exchange)
		});
		this.permanent = isPermanent;
		this.sent = mayBeSent;
	}
};
const ENDPOINT_HINT = "Check the endpoint, and that no proxy or login page responds in its place.";
/** A complete response that its API does not define: not JSON, or without a required field. */
var UnexpectedResponse = class extends ActionError {
	name = "UnexpectedResponse";
	constructor(exchange, problem, hint = ENDPOINT_HINT) {
		super(`${exchange.service}-unexpected-response`, `Could not ${exchange.operation}: ${exchange.from} responded, but ${problem}`, {
			hint,
			details: detailsOf(exchange)
		});
	}
};
/** A response that is larger than this action reads. */
var ResponseTooLarge = class extends UnexpectedResponse {
	name = "ResponseTooLarge";
	constructor(exchange, maxBytes) {
		const size = `${maxBytes / 1024 ** 2} MiB`;
		super(exchange, `its body is larger than ${size}`, `This action reads no response over ${size}: ${ENDPOINT_HINT}`);
	}
};
function detailsOf({ host, cluster, namespace, resource }) {
	return {
		host,
		cluster,
		namespace,
		resource
	};
}
function problemOfStatus(status) {
	if (status >= 500) return "server-error";
	switch (status) {
		case 401: return "login-failed";
		case 403: return "access-denied";
		case 404:
		case 410: return "not-found";
		case 429: return "rate-limited";
		default: return "rejected";
	}
}
/** Whether the server may have acted although the request failed. */
function isOutcomeUnknown(error) {
	if (error instanceof NetworkError) return error.sent;
	if (error instanceof HttpError) return error.status >= 500 || error.status === 408;
	return error instanceof UnexpectedResponse;
}
/** 403: the server authenticated the caller, who lacks a permission. */
function isForbidden(error) {
	return error instanceof HttpError && error.status === 403;
}
const DAY_MS = 864e5;
function defaultHint(status, retryAfterMs) {
	if (status === 429) return `The server limits the rate of requests: run the job again ${!retryAfterMs || retryAfterMs > DAY_MS ? "later" : `in ${Math.ceil(retryAfterMs / 1e3)} s`}.`;
	if (status >= 500) return "The server failed: run the job again later, or ask its operators.";
	if (status >= 300 && status < 400) return "The server redirects to another address: if you trust that address, use it as the endpoint.";
	if (status === 407) return "The proxy of this runner requires authentication: add user and password to HTTPS_PROXY.";
}
export { isForbidden as a, UnexpectedResponse as i, NetworkError as n, isOutcomeUnknown as o, ResponseTooLarge as r, HttpError as t };
