import { n as __toESM, t as __commonJSMin } from "./rolldown-runtime.js";
import { A as readRegularFile, Bt as require__builtin_net, Ht as require__builtin_path, J as mask, N as claimsOf, Ot as require__builtin_crypto, P as expiryOf, Ut as require__builtin_fs, it as asObject, j as requireRegular, ot as asText } from "./runner.js";
import { Ht as isLoopback } from "./inputs.js";
// \0unused
var require__unused = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = {};
}));
// src/kubernetes/bearer-token.ts
/** The characters of a header's value: https://www.rfc-editor.org/rfc/rfc6750#section-2.1, more generously. */
const HEADER_VALUE = /^[\x21-\x7e]+$/;
/** A token without the spaces and line breaks around it, as kubectl reads one from a file; undefined when nothing is left. */
function trimToken(text) {
	return mask(text.trim()) || void 0;
}
/** What makes a token unfit for a header, as it reads after "it ..."; the text does not quote it. */
function tokenProblem(token) {
	if (HEADER_VALUE.test(token)) return void 0;
	if (/[\r\n]/.test(token)) return "has several lines";
	return /\s/.test(token) ? "contains a space" : "contains characters that no HTTP header can have";
}
// src/kubernetes/file-or-data.ts
var import__builtin_crypto = require__builtin_crypto();
var import__builtin_fs = /* @__PURE__ */ __toESM(require__builtin_fs(), 1);
/** Of a certificate, a key or a token. */
const MAX_FILE_BYTES = 4194304;
/** Reads a file that a kubeconfig names. @throws Error with a `code` */
function readNamedFile(path) {
	return readRegularFile(path, MAX_FILE_BYTES);
}
/** Checks the kind and the size of a file that `readNamedFile` will read, unless it is missing. @throws Error with a `code` */
function checkNamedFile(path) {
	if ((0, import__builtin_fs.existsSync)(path)) requireRegular((0, import__builtin_fs.statSync)(path), MAX_FILE_BYTES);
}
/** PEM that a kubeconfig has as base64 or in a file. Like kubectl, data takes precedence. */
function contentOf(base64, path) {
	if (base64) return Buffer.from(base64, "base64");
	return path ? readNamedFile(path) : void 0;
}
// src/kubernetes/certificate-problem.ts
/**
* Why no API server is trusted with this `certificate-authority`; undefined when no reason was found. Like Go, blocks that are no
* certificate do not count: https://pkg.go.dev/crypto/x509#CertPool.AppendCertsFromPEM
*/
function authorityProblem({ caData, caFile, skipTLSVerify, server }, now) {
	const pem = skipTLSVerify || !server.startsWith("https:") ? void 0 : contentOf(caData, caFile);
	if (pem === void 0) return void 0;
	const certificates = (pem.toString().match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []).flatMap((block) => parse$1(block) ?? []);
	if (certificates.length === 0) return broken(`a \`certificate-authority\` that is not PEM of a certificate${pemNote(caData)}`);
	const last = Math.max(...certificates.map(({ validToDate }) => validToDate.getTime()));
	if (last >= now.getTime()) return void 0;
	return {
		problem: `a \`certificate-authority\` that expired at ${new Date(last).toISOString()}`,
		needsRenewal: true
	};
}
/** What is wrong with the client certificate of a user and its key, both of which are there. */
function clientCertificateProblem({ certData, certFile, keyData, keyFile }, now) {
	const certificate = parse$1(contentOf(certData, certFile) ?? "");
	if (certificate === void 0) return broken(`a client certificate that is not PEM${pemNote(certData)}`);
	const { validFromDate, validToDate } = certificate;
	if (validToDate < now) return {
		problem: `a client certificate that expired at ${validToDate.toISOString()}`,
		needsRenewal: true
	};
	if (validFromDate > now) return {
		problem: `a client certificate that is valid only from ${validFromDate.toISOString()} on`,
		needsRenewal: true
	};
	const problem = keyProblem(certificate, (contentOf(keyData, keyFile) ?? "").toString());
	return problem === void 0 ? void 0 : broken(`a client key that ${problem}${problem === NOT_PEM ? pemNote(keyData) : ""}`);
}
const NOT_PEM = "is not PEM";
/** What is wrong with a client certificate and its key, both in PEM, as it reads after "a "; undefined when nothing is. */
function keyPairProblem(cert, key) {
	const certificate = parse$1(cert);
	if (certificate === void 0) return `certificate that ${NOT_PEM}`;
	const problem = keyProblem(certificate, key);
	return problem && `key that ${problem}`;
}
function keyProblem(certificate, pem) {
	if (pem.includes("ENCRYPTED")) return "is encrypted with a passphrase";
	try {
		return certificate.checkPrivateKey((0, import__builtin_crypto.createPrivateKey)(pem)) ? void 0 : "does not belong to its client certificate";
	} catch {
		return NOT_PEM;
	}
}
function broken(problem) {
	return {
		problem,
		needsRenewal: false
	};
}
/** Ends the sentence about data that is not PEM: the data of a kubeconfig is its base64. */
function pemNote(data) {
	return data?.startsWith("-----BEGIN") ? " in base64, but PEM itself" : "";
}
function parse$1(pem) {
	try {
		return new import__builtin_crypto.X509Certificate(pem);
	} catch {
		return;
	}
}
// src/kubernetes/exec-credential.ts
/** The versions of the protocol that kubectl knows. */
const EXEC_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
/**
* Reads what an exec plugin wrote to stdout, and masks its secrets.
* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
* @throws Error that reads after "the plugin" and does not quote the output
*/
function parseExecCredential(stdout, apiVersion) {
	const { apiVersion: returned, kind, status } = parse(stdout);
	const { token, clientCertificateData, clientKeyData, expirationTimestamp } = asObject(status);
	const bearer = trimToken(asText(token) ?? "");
	const key = asText(clientKeyData);
	if (key !== void 0) mask(key);
	const cert = asText(clientCertificateData);
	if (kind !== "ExecCredential") throw new Error("did not write an ExecCredential");
	if (returned !== apiVersion) throw new Error(`wrote another API version than the one of the kubeconfig, ${apiVersion}`);
	if (cert === void 0 !== (key === void 0)) throw new Error("wrote only one of certificate and key");
	const pair = cert === void 0 || key === void 0 ? void 0 : keyPairProblem(cert, key);
	if (pair !== void 0) throw new Error(`wrote a ${pair}`);
	if (bearer === void 0 && cert === void 0) throw new Error("wrote an ExecCredential without a credential");
	const problem = bearer === void 0 ? void 0 : tokenProblem(bearer);
	if (problem !== void 0) throw new Error(`wrote a token that ${problem}`);
	const expiresAtMs = Date.parse(asText(expirationTimestamp) ?? "");
	return {
		credential: {
			headers: bearer === void 0 ? {} : { authorization: `Bearer ${bearer}` },
			...cert !== void 0 && key !== void 0 && { certificate: {
				cert,
				key
			} }
		},
		renewAtMs: Number.isNaN(expiresAtMs) ? Number.POSITIVE_INFINITY : expiresAtMs
	};
}
function parse(stdout) {
	try {
		return asObject(JSON.parse(stdout));
	} catch {
		throw new Error(stdout.trim() === "" ? "wrote nothing" : "did not write JSON");
	}
}
// src/kubernetes/find-program.ts
var import__builtin_path = /* @__PURE__ */ __toESM(require__builtin_path(), 1);
/** Whether a command is a path, and not a name to be looked up in PATH. */
function isPath(command) {
	return command.includes("/") || command.includes(import__builtin_path.sep);
}
/**
* The absolute path of a program, found as kubectl does: a path is relative to the folder of the kubeconfig, a name is looked up
* in PATH. As in Go, relative folders in PATH do not count: a file of the workspace is not run by its name.
* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuration, https://go.dev/blog/path-security
*/
function findProgram(command, { folder, environment }) {
	if (isPath(command)) {
		if (folder === void 0 && !(0, import__builtin_path.isAbsolute)(command)) return void 0;
		return withExtension((0, import__builtin_path.resolve)(folder ?? "/", command), environment);
	}
	for (const directory of (variable(environment, "PATH") ?? "").split(import__builtin_path.delimiter)) {
		const found = (0, import__builtin_path.isAbsolute)(directory) ? withExtension((0, import__builtin_path.join)(directory, command), environment) : void 0;
		if (found !== void 0) return found;
	}
}
/** Windows finds `aws` as `aws.exe`. */
function withExtension(path, environment) {
	return ["", ...process.platform === "win32" ? (variable(environment, "PATHEXT") ?? ".exe").split(";") : []].map((extension) => path + extension).find(isExecutable);
}
function isExecutable(path) {
	try {
		(0, import__builtin_fs.accessSync)(path, import__builtin_fs.constants.X_OK);
		return (0, import__builtin_fs.statSync)(path).isFile();
	} catch {
		return false;
	}
}
/** On Windows the names of variables have no case: https://nodejs.org/api/process.html#processenv */
function variable(environment, name) {
	const found = Object.keys(environment).find((one) => one === name || process.platform === "win32" && one.toUpperCase() === name);
	return found === void 0 ? void 0 : environment[found];
}
// node_modules/@kubernetes/client-node/dist/azure_auth.js
var import__unused = /* @__PURE__ */ __toESM(require__unused(), 1);
var AzureAuth = class {
	isAuthProvider(user) {
		if (!user || !user.authProvider) return false;
		return user.authProvider.name === "azure";
	}
	async applyAuthentication(user, opts) {
		const token = this.getToken(user);
		if (token) opts.headers["Authorization"] = `Bearer ${token}`;
	}
	getToken(user) {
		const config = user.authProvider.config;
		if (this.isExpired(config)) this.updateAccessToken(config);
		return config["access-token"];
	}
	isExpired(config) {
		const token = config["access-token"];
		const expiry = config.expiry;
		const expiresOn = config["expires-on"];
		if (!token) return true;
		if (!expiry && !expiresOn) return false;
		const expiresOnDate = expiresOn ? /* @__PURE__ */ new Date(parseInt(expiresOn, 10) * 1e3) : void 0;
		if ((expiry ? Date.parse(expiry) : expiresOnDate.getTime()) < Date.now()) return true;
		return false;
	}
	updateAccessToken(config) {
		let cmd = config["cmd-path"];
		if (!cmd) throw new Error("Token is expired!");
		cmd = `"${cmd}"`;
		const args = config["cmd-args"];
		if (args) cmd = cmd + " " + args;
		let output;
		try {
			output = import__unused.default.execSync(cmd);
		} catch (err) {
			throw new Error("Failed to refresh token: " + err, { cause: err });
		}
		const resultObj = JSON.parse(output);
		const tokenPathKeyInConfig = config["token-key"];
		const expiryPathKeyInConfig = config["expiry-key"];
		const tokenPathKey = "$" + tokenPathKeyInConfig.slice(1, -1);
		const expiryPathKey = "$" + expiryPathKeyInConfig.slice(1, -1);
		config["access-token"] = import__unused.JSONPath({
			path: tokenPathKey,
			json: resultObj
		});
		config.expiry = import__unused.JSONPath({
			path: expiryPathKey,
			json: resultObj
		});
	}
};
// node_modules/@kubernetes/client-node/dist/config_types.js
const ActionOnInvalid = {
	THROW: "throw",
	FILTER: "filter"
};
function defaultNewConfigOptions() {
	return { onInvalidEntry: ActionOnInvalid.THROW };
}
function newClusters(a, opts) {
	if (!Array.isArray(a)) return [];
	const options = Object.assign(defaultNewConfigOptions(), opts || {});
	return a.map(clusterIterator(options.onInvalidEntry)).filter(Boolean);
}
function exportCluster(cluster) {
	return {
		name: cluster.name,
		cluster: {
			server: cluster.server,
			"certificate-authority-data": cluster.caData,
			"certificate-authority": cluster.caFile,
			"insecure-skip-tls-verify": cluster.skipTLSVerify,
			"tls-server-name": cluster.tlsServerName,
			"proxy-url": cluster.proxyUrl
		}
	};
}
function clusterIterator(onInvalidEntry) {
	return (elt, i, list) => {
		try {
			if (!elt.name) throw new Error(`clusters[${i}].name is missing`);
			if (!elt.cluster) throw new Error(`clusters[${i}].cluster is missing`);
			if (!elt.cluster.server) throw new Error(`clusters[${i}].cluster.server is missing`);
			return {
				caData: elt.cluster["certificate-authority-data"],
				caFile: elt.cluster["certificate-authority"],
				name: elt.name,
				server: elt.cluster.server.replace(/\/$/, ""),
				skipTLSVerify: elt.cluster["insecure-skip-tls-verify"] === true,
				tlsServerName: elt.cluster["tls-server-name"],
				proxyUrl: elt.cluster["proxy-url"]
			};
		} catch (err) {
			switch (onInvalidEntry) {
				case ActionOnInvalid.FILTER: return null;
				default:
				case ActionOnInvalid.THROW: throw err;
			}
		}
	};
}
function newUsers(a, opts) {
	if (!Array.isArray(a)) return [];
	const options = Object.assign(defaultNewConfigOptions(), opts || {});
	return a.map(userIterator(options.onInvalidEntry)).filter(Boolean);
}
function exportUser(user) {
	return {
		name: user.name,
		user: {
			as: user.impersonateUser,
			"auth-provider": user.authProvider,
			"client-certificate-data": user.certData,
			"client-certificate": user.certFile,
			exec: user.exec,
			"client-key-data": user.keyData,
			"client-key": user.keyFile,
			token: user.token,
			password: user.password,
			username: user.username
		}
	};
}
function userIterator(onInvalidEntry) {
	return (elt, i, list) => {
		try {
			if (!elt.name) throw new Error(`users[${i}].name is missing`);
			return {
				authProvider: elt.user ? elt.user["auth-provider"] : null,
				certData: elt.user ? elt.user["client-certificate-data"] : null,
				certFile: elt.user ? elt.user["client-certificate"] : null,
				exec: elt.user ? elt.user.exec : null,
				keyData: elt.user ? elt.user["client-key-data"] : null,
				keyFile: elt.user ? elt.user["client-key"] : null,
				name: elt.name,
				token: findToken(elt.user),
				password: elt.user ? elt.user.password : null,
				username: elt.user ? elt.user.username : null,
				impersonateUser: elt.user ? elt.user.as : null
			};
		} catch (err) {
			switch (onInvalidEntry) {
				case ActionOnInvalid.FILTER: return null;
				default:
				case ActionOnInvalid.THROW: throw err;
			}
		}
	};
}
function findToken(user) {
	if (user) {
		if (user.token) return user.token;
		if (user["token-file"]) return import__builtin_fs.default.readFileSync(user["token-file"]).toString();
	}
}
function newContexts(a, opts) {
	if (!Array.isArray(a)) return [];
	const options = Object.assign(defaultNewConfigOptions(), opts || {});
	return a.map(contextIterator(options.onInvalidEntry)).filter(Boolean);
}
function exportContext(ctx) {
	return {
		name: ctx.name,
		context: ctx
	};
}
function contextIterator(onInvalidEntry) {
	return (elt, i, list) => {
		try {
			if (!elt.name) throw new Error(`contexts[${i}].name is missing`);
			if (!elt.context) throw new Error(`contexts[${i}].context is missing`);
			if (!elt.context.cluster) throw new Error(`contexts[${i}].context.cluster is missing`);
			return {
				cluster: elt.context.cluster,
				name: elt.name,
				user: elt.context.user || void 0,
				namespace: elt.context.namespace || void 0
			};
		} catch (err) {
			switch (onInvalidEntry) {
				case ActionOnInvalid.FILTER: return null;
				default:
				case ActionOnInvalid.THROW: throw err;
			}
		}
	};
}
// node_modules/@kubernetes/client-node/dist/exec_auth.js
var ExecAuth = class {
	constructor() {
		this.tokenCache = {};
		this.execFn = import__unused.default.spawn;
	}
	isAuthProvider(user) {
		if (!user) return false;
		if (user.exec) return true;
		if (!user.authProvider) return false;
		return user.authProvider.name === "exec" || !!(user.authProvider.config && user.authProvider.config.exec);
	}
	async applyAuthentication(user, opts) {
		const credential = await this.getCredential(user);
		if (!credential) return;
		if (credential.status.clientCertificateData) opts.cert = credential.status.clientCertificateData;
		if (credential.status.clientKeyData) opts.key = credential.status.clientKeyData;
		const token = this.getToken(credential);
		if (token) {
			if (!opts.headers) opts.headers = {};
			opts.headers["Authorization"] = `Bearer ${token}`;
		}
	}
	getToken(credential) {
		if (!credential) return null;
		if (credential.status.token) return credential.status.token;
		return null;
	}
	async getCredential(user) {
		const cachedToken = this.tokenCache[user.name];
		if (cachedToken) {
			if (!cachedToken.status.expirationTimestamp) return cachedToken;
			if (Date.parse(cachedToken.status.expirationTimestamp) > Date.now()) return cachedToken;
			this.tokenCache[user.name] = null;
		}
		let exec = null;
		if (user.authProvider && user.authProvider.config) exec = user.authProvider.config.exec;
		if (user.exec) exec = user.exec;
		if (!exec) return null;
		if (!exec.command) throw new Error("No command was specified for exec authProvider!");
		let opts = {};
		if (exec.env) {
			const env = { ...process.env };
			exec.env.forEach((elt) => env[elt.name] = elt.value);
			opts = {
				...opts,
				env
			};
		}
		return new Promise((resolve, reject) => {
			let stdoutData = "";
			let stderrData = "";
			let savedError = void 0;
			const subprocess = this.execFn(exec.command, exec.args, opts);
			subprocess.stdout.setEncoding("utf8");
			subprocess.stderr.setEncoding("utf8");
			subprocess.stdout.on("data", (data) => {
				stdoutData += data;
			});
			subprocess.stderr.on("data", (data) => {
				stderrData += data;
			});
			subprocess.on("error", (error) => {
				savedError = error;
			});
			subprocess.on("close", (code) => {
				if (savedError) {
					reject(savedError);
					return;
				}
				if (code !== 0) {
					reject(new Error(stderrData));
					return;
				}
				try {
					const obj = JSON.parse(stdoutData);
					this.tokenCache[user.name] = obj;
					resolve(obj);
				} catch (error) {
					reject(error);
				}
			});
		});
	}
};
// node_modules/@kubernetes/client-node/dist/file_auth.js
var FileAuth = class {
	constructor() {
		this.token = null;
		this.lastRead = null;
	}
	isAuthProvider(user) {
		return user.authProvider && user.authProvider.config && user.authProvider.config.tokenFile;
	}
	async applyAuthentication(user, opts) {
		if (this.token == null) this.refreshToken(user.authProvider.config.tokenFile);
		if (this.isTokenExpired()) this.refreshToken(user.authProvider.config.tokenFile);
		if (this.token) opts.headers["Authorization"] = `Bearer ${this.token}`;
	}
	refreshToken(filePath) {
		this.token = import__builtin_fs.default.readFileSync(filePath).toString("utf-8");
		this.lastRead = /* @__PURE__ */ new Date();
	}
	isTokenExpired() {
		if (this.lastRead === null) return true;
		return ((/* @__PURE__ */ new Date()).getTime() - this.lastRead.getTime()) / 1e3 > 60;
	}
};
// node_modules/@kubernetes/client-node/dist/gcp_auth.js
var GoogleCloudPlatformAuth = class {
	isAuthProvider(user) {
		if (!user || !user.authProvider) return false;
		return user.authProvider.name === "gcp";
	}
	async applyAuthentication(user, opts) {
		const token = this.getToken(user);
		if (token) opts.headers["Authorization"] = `Bearer ${token}`;
	}
	getToken(user) {
		const config = user.authProvider.config;
		if (this.isExpired(config)) this.updateAccessToken(config);
		return config["access-token"];
	}
	isExpired(config) {
		const token = config["access-token"];
		const expiry = config.expiry;
		if (!token) return true;
		if (!expiry) return false;
		if (Date.parse(expiry) < Date.now()) return true;
		return false;
	}
	updateAccessToken(config) {
		let cmd = config["cmd-path"];
		if (!cmd) throw new Error("Token is expired!");
		cmd = `"${cmd}"`;
		const args = config["cmd-args"];
		if (args) cmd = cmd + " " + args;
		let output;
		try {
			output = import__unused.default.execSync(cmd);
		} catch (err) {
			throw new Error("Failed to refresh token: " + err, { cause: err });
		}
		const resultObj = JSON.parse(output);
		const tokenPathKeyInConfig = config["token-key"];
		const expiryPathKeyInConfig = config["expiry-key"];
		const tokenPathKey = "$" + tokenPathKeyInConfig.slice(1, -1);
		const expiryPathKey = "$" + expiryPathKeyInConfig.slice(1, -1);
		config["access-token"] = import__unused.JSONPath({
			path: tokenPathKey,
			json: resultObj
		});
		config.expiry = import__unused.JSONPath({
			path: expiryPathKey,
			json: resultObj
		});
	}
};
// node_modules/@kubernetes/client-node/dist/oidc_auth.js
var OidcClient = class {
	constructor(c) {
		this.config = c;
	}
	async refresh(token) {
		const newToken = await import__unused.refreshTokenGrant(this.config, token);
		return {
			id_token: newToken.id_token,
			refresh_token: newToken.refresh_token,
			expires_at: newToken.expiresIn()
		};
	}
};
var OpenIDConnectAuth = class OpenIDConnectAuth {
	constructor() {
		this.currentTokenExpiration = 0;
	}
	static decodeJWT(token) {
		const parts = token.split(".");
		if (parts.length !== 3) return null;
		return {
			header: JSON.parse(new TextDecoder().decode(import__unused.base64url.parse(parts[0], { loose: true }))),
			payload: JSON.parse(new TextDecoder().decode(import__unused.base64url.parse(parts[1], { loose: true }))),
			signature: parts[2]
		};
	}
	static expirationFromToken(token) {
		const jwt = OpenIDConnectAuth.decodeJWT(token);
		if (!jwt) return 0;
		return jwt.payload.exp;
	}
	isAuthProvider(user) {
		if (!user.authProvider) return false;
		return user.authProvider.name === "oidc";
	}
	/**
	* Setup the authentication header for oidc authed clients
	* @param user user info
	* @param opts request options
	* @param overrideClient for testing, a preconfigured oidc client
	*/
	async applyAuthentication(user, opts, overrideClient) {
		const token = await this.getToken(user, overrideClient);
		if (token) opts.headers["Authorization"] = `Bearer ${token}`;
	}
	async getToken(user, overrideClient) {
		if (!user.authProvider.config) return null;
		if (!user.authProvider.config["client-secret"]) user.authProvider.config["client-secret"] = "";
		if (!user.authProvider.config || !user.authProvider.config["id-token"]) return null;
		return this.refresh(user, overrideClient);
	}
	async refresh(user, overrideClient) {
		if (this.currentTokenExpiration === 0) this.currentTokenExpiration = OpenIDConnectAuth.expirationFromToken(user.authProvider.config["id-token"]);
		if (Date.now() / 1e3 > this.currentTokenExpiration) {
			if (!user.authProvider.config["client-id"] || !user.authProvider.config["refresh-token"] || !user.authProvider.config["idp-issuer-url"]) return null;
			const newToken = await (overrideClient ? overrideClient : await this.getClient(user)).refresh(user.authProvider.config["refresh-token"]);
			user.authProvider.config["id-token"] = newToken.id_token;
			user.authProvider.config["refresh-token"] = newToken.refresh_token;
			this.currentTokenExpiration = newToken.expires_at;
		}
		return user.authProvider.config["id-token"];
	}
	async getClient(user) {
		const idpCaFile = user.authProvider.config["idp-certificate-authority"];
		const idpCaData = user.authProvider.config["idp-certificate-authority-data"];
		const ca = bufferFromFileOrString(idpCaFile, idpCaData);
		let configuration;
		if (ca) {
			const agent = new import__unused.default.Agent({ ca });
			const customFetchFn = async (url, options) => {
				const urlObj = new URL(url);
				const requestOptions = {
					hostname: urlObj.hostname,
					port: urlObj.port,
					path: urlObj.pathname + urlObj.search,
					method: (options === null || options === void 0 ? void 0 : options.method) || "GET",
					headers: (options === null || options === void 0 ? void 0 : options.headers) || {},
					agent
				};
				return new Promise((resolve, reject) => {
					const req = import__unused.default.request(requestOptions, (res) => {
						const chunks = [];
						res.on("data", (chunk) => {
							chunks.push(chunk);
						});
						res.on("end", () => {
							const body = Buffer.concat(chunks);
							resolve({
								ok: res.statusCode >= 200 && res.statusCode < 300,
								status: res.statusCode,
								statusText: res.statusMessage || "",
								headers: new Headers(res.headers),
								url,
								type: "basic",
								redirected: false,
								body: null,
								bodyUsed: false,
								json: async () => JSON.parse(body.toString()),
								text: async () => body.toString(),
								arrayBuffer: async () => body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength),
								blob: async () => {
									throw new Error("blob() not implemented");
								},
								formData: async () => {
									throw new Error("formData() not implemented");
								},
								bytes: async () => new Uint8Array(body),
								clone: () => {
									throw new Error("clone() not implemented");
								}
							});
						});
					});
					req.on("error", reject);
					if (options === null || options === void 0 ? void 0 : options.body) req.write(options.body);
					req.end();
				});
			};
			configuration = await import__unused.discovery(user.authProvider.config["idp-issuer-url"], user.authProvider.config["client-id"], void 0, void 0, { [import__unused.customFetch]: customFetchFn });
		} else configuration = await import__unused.discovery(user.authProvider.config["idp-issuer-url"], user.authProvider.config["client-id"]);
		return new OidcClient(configuration);
	}
};
// node_modules/@kubernetes/client-node/dist/config.js
var import__builtin_net = /* @__PURE__ */ __toESM(require__builtin_net(), 1);
const SERVICEACCOUNT_ROOT = "/var/run/secrets/kubernetes.io/serviceaccount";
const SERVICEACCOUNT_CA_PATH = SERVICEACCOUNT_ROOT + "/ca.crt";
const SERVICEACCOUNT_TOKEN_PATH = SERVICEACCOUNT_ROOT + "/token";
const SERVICEACCOUNT_NAMESPACE_PATH = SERVICEACCOUNT_ROOT + "/namespace";
const USER_AGENT_KEY = "User-Agent";
function getUserAgent() {
	var _a;
	return `kubernetes-client-javascript/${(_a = import__unused.default.version) !== null && _a !== void 0 ? _a : ""}`;
}
function fileExists(filepath) {
	try {
		import__builtin_fs.default.accessSync(filepath);
		return true;
	} catch {
		return false;
	}
}
/**
* Creates an undici-compatible connector function that tunnels connections
* through a SOCKS proxy (v4/v4a/v5/v5h).
*/
function createSocksConnector(proxyUrl, tlsOptions) {
	const parsedProxy = new URL(proxyUrl);
	const proxyHost = parsedProxy.hostname;
	const proxyPort = parseInt(parsedProxy.port, 10) || 1080;
	let socksType = 5;
	const proto = parsedProxy.protocol.replace(":", "");
	if (proto === "socks4" || proto === "socks4a") socksType = 4;
	return (options, callback) => {
		const { hostname, port, protocol, servername } = options;
		import__unused.SocksClient.createConnection({
			proxy: {
				host: proxyHost,
				port: proxyPort,
				type: socksType
			},
			command: "connect",
			destination: {
				host: hostname,
				port: parseInt(port, 10)
			}
		}, (err, info) => {
			if (err) {
				callback(err, null);
				return;
			}
			const socket = info.socket;
			socket.setKeepAlive(true, 3e4);
			if (protocol === "https:") callback(null, import__unused.default.connect({
				...tlsOptions,
				socket,
				servername: servername || hostname
			}));
			else callback(null, socket);
		});
	};
}
var KubeConfig = class KubeConfig {
	addAuthenticator(authenticator) {
		this.custom_authenticators.push(authenticator);
	}
	constructor() {
		this.authenticators = [
			new AzureAuth(),
			new GoogleCloudPlatformAuth(),
			new ExecAuth(),
			new FileAuth(),
			new OpenIDConnectAuth()
		];
		this.custom_authenticators = [];
		this.agentCache = /* @__PURE__ */ new Map();
		this.contexts = [];
		this.clusters = [];
		this.users = [];
	}
	getContexts() {
		return this.contexts;
	}
	getClusters() {
		return this.clusters;
	}
	getUsers() {
		return this.users;
	}
	getCurrentContext() {
		return this.currentContext;
	}
	setCurrentContext(context) {
		this.currentContext = context;
	}
	getContextObject(name) {
		if (!this.contexts) return null;
		return findObject(this.contexts, name, "context");
	}
	getCurrentCluster() {
		const context = this.getCurrentContextObject();
		if (!context) return null;
		return this.getCluster(context.cluster);
	}
	getCluster(name) {
		return findObject(this.clusters, name, "cluster");
	}
	getCurrentUser() {
		const ctx = this.getCurrentContextObject();
		if (!ctx) return null;
		return this.getUser(ctx.user);
	}
	getUser(name) {
		return findObject(this.users, name, "user");
	}
	loadFromFile(file, opts) {
		const rootDirectory = import__builtin_path.default.dirname(file);
		this.loadFromString(import__builtin_fs.default.readFileSync(file).toString("utf-8"), opts);
		this.makePathsAbsolute(rootDirectory);
	}
	async applyToHTTPSOptions(opts) {
		const user = this.getCurrentUser();
		const cluster = this.getCurrentCluster();
		await this.applyOptions(opts);
		if (user && user.username) opts.auth = `${user.username}:${user.password}`;
		const agentOptions = {};
		agentOptions.ca = opts.ca;
		agentOptions.cert = opts.cert;
		agentOptions.key = opts.key;
		agentOptions.pfx = opts.pfx;
		agentOptions.passphrase = opts.passphrase;
		if (opts.rejectUnauthorized !== void 0) agentOptions.rejectUnauthorized = opts.rejectUnauthorized;
		agentOptions.timeout = opts.timeout;
		agentOptions.servername = opts.servername;
		agentOptions.ciphers = opts.ciphers;
		agentOptions.honorCipherOrder = opts.honorCipherOrder;
		agentOptions.ecdhCurve = opts.ecdhCurve;
		agentOptions.clientCertEngine = opts.clientCertEngine;
		agentOptions.crl = opts.crl;
		agentOptions.dhparam = opts.dhparam;
		agentOptions.secureOptions = opts.secureOptions;
		agentOptions.secureProtocol = opts.secureProtocol;
		agentOptions.sessionIdContext = opts.sessionIdContext;
		opts.agent = this.createAgent(cluster, agentOptions);
	}
	/**
	* Applies SecurityAuthentication to RequestContext of an API Call from API Client
	* @param context
	*/
	async applySecurityAuthentication(context) {
		const cluster = this.getCurrentCluster();
		const user = this.getCurrentUser();
		const agentOptions = {};
		const httpsOptions = {};
		await this.applyOptions(httpsOptions);
		if (user && user.username) {
			const auth = Buffer.from(`${user.username}:${user.password}`).toString("base64");
			context.setHeaderParam("Authorization", `Basic ${auth}`);
		}
		const headers = httpsOptions.headers || {};
		Object.entries(headers).forEach(([key, value]) => {
			context.setHeaderParam(key, `${value}`);
		});
		agentOptions.ca = httpsOptions.ca;
		agentOptions.cert = httpsOptions.cert;
		agentOptions.key = httpsOptions.key;
		agentOptions.pfx = httpsOptions.pfx;
		agentOptions.passphrase = httpsOptions.passphrase;
		if (httpsOptions.rejectUnauthorized !== void 0) agentOptions.rejectUnauthorized = httpsOptions.rejectUnauthorized;
		if (httpsOptions.servername !== void 0) agentOptions.servername = httpsOptions.servername;
		const dispatcher = this.createDispatcher(cluster, agentOptions);
		if (dispatcher !== void 0) context.setDispatcher(dispatcher);
	}
	/**
	* Returns name of this security authentication method
	* @returns string
	*/
	getName() {
		return "kubeconfig authentication";
	}
	loadFromString(config, opts) {
		const obj = import__unused.load(config);
		this.clusters = newClusters(obj.clusters, opts);
		this.contexts = newContexts(obj.contexts, opts);
		this.users = newUsers(obj.users, opts);
		this.currentContext = obj["current-context"];
	}
	loadFromOptions(options) {
		this.clusters = options.clusters;
		this.contexts = options.contexts;
		this.users = options.users;
		this.currentContext = options.currentContext;
	}
	loadFromClusterAndUser(cluster, user) {
		this.clusters = [cluster];
		this.users = [user];
		this.currentContext = "loaded-context";
		this.contexts = [{
			cluster: cluster.name,
			user: user.name,
			name: this.currentContext
		}];
	}
	loadFromCluster(pathPrefix = "") {
		const host = process.env.KUBERNETES_SERVICE_HOST;
		const port = process.env.KUBERNETES_SERVICE_PORT;
		const clusterName = "inCluster";
		const userName = "inClusterUser";
		const contextName = "inClusterContext";
		let scheme = "https";
		if (port === "80" || port === "8080" || port === "8001") scheme = "http";
		let serverHost = host;
		if (host && import__builtin_net.default.isIPv6(host)) serverHost = `[${host}]`;
		this.clusters = [{
			name: clusterName,
			caFile: `${pathPrefix}${SERVICEACCOUNT_CA_PATH}`,
			server: `${scheme}://${serverHost}:${port}`,
			skipTLSVerify: false
		}];
		this.users = [{
			name: userName,
			authProvider: {
				name: "tokenFile",
				config: { tokenFile: `${pathPrefix}${SERVICEACCOUNT_TOKEN_PATH}` }
			}
		}];
		const namespaceFile = `${pathPrefix}${SERVICEACCOUNT_NAMESPACE_PATH}`;
		let namespace;
		if (fileExists(namespaceFile)) namespace = import__builtin_fs.default.readFileSync(namespaceFile).toString("utf-8");
		this.contexts = [{
			cluster: clusterName,
			name: contextName,
			user: userName,
			namespace
		}];
		this.currentContext = contextName;
	}
	mergeConfig(config, preserveContext = false) {
		if (!preserveContext && config.currentContext) this.currentContext = config.currentContext;
		config.clusters.forEach((cluster) => {
			this.addCluster(cluster);
		});
		config.users.forEach((user) => {
			this.addUser(user);
		});
		config.contexts.forEach((ctx) => {
			this.addContext(ctx);
		});
	}
	addCluster(cluster) {
		if (!this.clusters) this.clusters = [];
		this.clusters.forEach((c, ix) => {
			if (c.name === cluster.name) throw new Error(`Duplicate cluster: ${c.name}`);
		});
		this.clusters.push(cluster);
	}
	addUser(user) {
		if (!this.users) this.users = [];
		this.users.forEach((c, ix) => {
			if (c.name === user.name) throw new Error(`Duplicate user: ${c.name}`);
		});
		this.users.push(user);
	}
	addContext(ctx) {
		if (!this.contexts) this.contexts = [];
		this.contexts.forEach((c, ix) => {
			if (c.name === ctx.name) throw new Error(`Duplicate context: ${c.name}`);
		});
		this.contexts.push(ctx);
	}
	loadFromDefault(opts, contextFromStartingConfig = false, platform = process.platform) {
		if (process.env.KUBECONFIG && process.env.KUBECONFIG.length > 0) {
			const files = process.env.KUBECONFIG.split(import__builtin_path.default.delimiter).filter((filename) => filename);
			this.loadFromFile(files[0], opts);
			for (let i = 1; i < files.length; i++) {
				const kc = new KubeConfig();
				kc.loadFromFile(files[i], opts);
				this.mergeConfig(kc, contextFromStartingConfig);
			}
			return;
		}
		const home = findHomeDir(platform);
		if (home) {
			const config = import__builtin_path.default.join(home, ".kube", "config");
			if (fileExists(config)) {
				this.loadFromFile(config, opts);
				return;
			}
		}
		if (platform === "win32") {
			try {
				const envKubeconfigPathResult = import__unused.default.spawnSync("wsl.exe", [
					"bash",
					"-c",
					"printenv KUBECONFIG"
				]);
				if (envKubeconfigPathResult.status === 0 && envKubeconfigPathResult.stdout.length > 0) {
					const result = import__unused.default.spawnSync("wsl.exe", ["cat", envKubeconfigPathResult.stdout.toString("utf8")]);
					if (result.status === 0) {
						this.loadFromString(result.stdout.toString("utf8"), opts);
						return;
					}
				}
			} catch {}
			try {
				const configResult = import__unused.default.spawnSync("wsl.exe", ["cat", "~/.kube/config"]);
				if (configResult.status === 0) {
					this.loadFromString(configResult.stdout.toString("utf8"), opts);
					const result = import__unused.default.spawnSync("wsl.exe", [
						"wslpath",
						"-w",
						"~/.kube"
					]);
					if (result.status === 0) this.makePathsAbsolute(result.stdout.toString("utf8"));
					return;
				}
			} catch {}
		}
		if (fileExists(SERVICEACCOUNT_TOKEN_PATH)) {
			this.loadFromCluster();
			return;
		}
		this.loadFromClusterAndUser({
			name: "cluster",
			server: "http://localhost:8080"
		}, { name: "user" });
	}
	makeApiClient(apiClientType) {
		const cluster = this.getCurrentCluster();
		if (!cluster) throw new Error("No active cluster!");
		const authConfig = { default: this };
		const baseServerConfig = new import__unused.ServerConfiguration(cluster.server, {});
		return new apiClientType((0, import__unused.createConfiguration)({
			baseServer: baseServerConfig,
			authMethods: authConfig,
			middleware: [(0, import__unused.setHeaderMiddleware)(USER_AGENT_KEY, getUserAgent())]
		}));
	}
	makePathsAbsolute(rootDirectory) {
		this.clusters.forEach((cluster) => {
			if (cluster.caFile) cluster.caFile = makeAbsolutePath(rootDirectory, cluster.caFile);
		});
		this.users.forEach((user) => {
			if (user.certFile) user.certFile = makeAbsolutePath(rootDirectory, user.certFile);
			if (user.keyFile) user.keyFile = makeAbsolutePath(rootDirectory, user.keyFile);
		});
	}
	exportConfig() {
		const configObj = {
			apiVersion: "v1",
			kind: "Config",
			clusters: this.clusters.map(exportCluster),
			users: this.users.map(exportUser),
			contexts: this.contexts.map(exportContext),
			preferences: {},
			"current-context": this.getCurrentContext()
		};
		return JSON.stringify(configObj);
	}
	getCurrentContextObject() {
		return this.getContextObject(this.currentContext);
	}
	/**
	* Returns a stable cache key for the current cluster/user pair.
	* Agents are associated with a specific cluster (TLS endpoint) and user
	* (client certificate / auth), so keying on the tuple avoids opening a new
	* TLS connection on every Watch reconnection or WebSocket re-attach for the
	* same endpoint.
	*/
	getAgentCacheKey(cluster) {
		var _a;
		var _b, _c;
		const clusterName = (_b = cluster === null || cluster === void 0 ? void 0 : cluster.name) !== null && _b !== void 0 ? _b : "";
		const userName = (_c = (_a = this.getCurrentUser()) === null || _a === void 0 ? void 0 : _a.name) !== null && _c !== void 0 ? _c : "";
		return JSON.stringify([clusterName, userName]);
	}
	createAgent(cluster, agentOptions) {
		var _a, _b;
		const cacheKey = this.getAgentCacheKey(cluster);
		const cached = this.agentCache.get(cacheKey);
		if (cached !== void 0) return cached;
		let agent;
		if (cluster && cluster.proxyUrl) {
			if (cluster.proxyUrl.startsWith("socks")) agent = new import__unused.SocksProxyAgent(cluster.proxyUrl, agentOptions);
			else if (cluster.server.startsWith("https")) {
				const httpsProxyAgentOptions = agentOptions;
				httpsProxyAgentOptions.proxy = cluster.proxyUrl;
				agent = new import__unused.HttpsProxyAgent(httpsProxyAgentOptions);
			} else if (cluster.server.startsWith("http")) {
				const httpProxyAgentOptions = agentOptions;
				httpProxyAgentOptions.proxy = cluster.proxyUrl;
				agent = new import__unused.HttpProxyAgent(httpProxyAgentOptions);
			} else throw new Error("Unsupported proxy type");
		} else if (((_a = cluster === null || cluster === void 0 ? void 0 : cluster.server) === null || _a === void 0 ? void 0 : _a.startsWith("http:")) && cluster.skipTLSVerify) agent = new import__unused.default.Agent(agentOptions);
		else if (((_b = cluster === null || cluster === void 0 ? void 0 : cluster.server) === null || _b === void 0 ? void 0 : _b.startsWith("http:")) && !cluster.skipTLSVerify) throw new Error("HTTP protocol is not allowed when skipTLSVerify is not set or false");
		else agent = new import__unused.default.Agent(agentOptions);
		this.agentCache.set(cacheKey, agent);
		return agent;
	}
	/**
	* Build the dispatcher configuration (options + type) without constructing
	* the actual Dispatcher instance.  Exposed as a separate method so that
	* tests can validate the option-mapping logic directly instead of reaching
	* into undici's Symbol-keyed private state.
	*/
	createDispatcherOptions(cluster, agentOptions) {
		var _a;
		const tlsOptions = {};
		if (agentOptions.ca !== void 0) tlsOptions.ca = agentOptions.ca;
		if (agentOptions.cert !== void 0) tlsOptions.cert = agentOptions.cert;
		if (agentOptions.key !== void 0) tlsOptions.key = agentOptions.key;
		if (agentOptions.pfx !== void 0) tlsOptions.pfx = agentOptions.pfx;
		if (agentOptions.passphrase !== void 0) tlsOptions.passphrase = agentOptions.passphrase;
		if (agentOptions.rejectUnauthorized !== void 0) tlsOptions.rejectUnauthorized = agentOptions.rejectUnauthorized;
		if (agentOptions.servername !== void 0) tlsOptions.servername = agentOptions.servername;
		if (cluster && cluster.proxyUrl) {
			if (cluster.proxyUrl.startsWith("socks")) return {
				type: "socks",
				uri: cluster.proxyUrl,
				requestTls: tlsOptions
			};
			if (!cluster.server.startsWith("https") && !cluster.server.startsWith("http")) throw new Error("Unsupported proxy type");
			return {
				type: "proxy",
				uri: cluster.proxyUrl,
				requestTls: tlsOptions,
				connect: {
					keepAlive: true,
					keepAliveInitialDelay: 3e4
				}
			};
		} else if (((_a = cluster === null || cluster === void 0 ? void 0 : cluster.server) === null || _a === void 0 ? void 0 : _a.startsWith("http:")) && !cluster.skipTLSVerify) throw new Error("HTTP protocol is not allowed when skipTLSVerify is not set or false");
		if (Object.keys(tlsOptions).length === 0) return { type: "none" };
		return {
			type: "agent",
			connect: {
				...tlsOptions,
				keepAlive: true,
				keepAliveInitialDelay: 3e4
			}
		};
	}
	createDispatcher(cluster, agentOptions) {
		const opts = this.createDispatcherOptions(cluster, agentOptions);
		switch (opts.type) {
			case "proxy": return new import__unused.ProxyAgent({
				uri: opts.uri,
				requestTls: opts.requestTls,
				connect: opts.connect
			});
			case "socks": return new import__unused.Agent({ connect: createSocksConnector(opts.uri, opts.requestTls) });
			case "agent": return new import__unused.Agent({ connect: opts.connect });
			case "none": return;
		}
	}
	applyHTTPSOptions(opts) {
		var _a;
		const cluster = this.getCurrentCluster();
		const user = this.getCurrentUser();
		if (!user) return;
		if (cluster != null && cluster.skipTLSVerify) opts.rejectUnauthorized = false;
		if (cluster != null && cluster.tlsServerName) opts.servername = cluster.tlsServerName;
		const ca = cluster != null ? bufferFromFileOrString(cluster.caFile, cluster.caData) : null;
		if (ca) opts.ca = ca;
		const cert = bufferFromFileOrString(user.certFile, user.certData);
		if (cert) opts.cert = cert;
		const key = bufferFromFileOrString(user.keyFile, user.keyData);
		if (key) opts.key = key;
		if (user.impersonateUser != null) {
			(_a = opts.headers) !== null && _a !== void 0 || (opts.headers = {});
			opts.headers["Impersonate-User"] = user.impersonateUser;
		}
	}
	async applyAuthorizationHeader(opts) {
		const user = this.getCurrentUser();
		if (!user) return;
		let authenticator = this.authenticators.find((elt) => {
			return elt.isAuthProvider(user);
		});
		if (!authenticator) authenticator = this.custom_authenticators.find((elt) => {
			return elt.isAuthProvider(user);
		});
		if (!opts.headers) opts.headers = {};
		if (authenticator) await authenticator.applyAuthentication(user, opts);
		if (user.token) opts.headers.Authorization = `Bearer ${user.token}`;
	}
	async applyOptions(opts) {
		this.applyHTTPSOptions(opts);
		await this.applyAuthorizationHeader(opts);
	}
};
function makeAbsolutePath(root, file) {
	if (!root || import__builtin_path.default.isAbsolute(file)) return file;
	return import__builtin_path.default.join(root, file);
}
function bufferFromFileOrString(file, data) {
	if (file) return import__builtin_fs.default.readFileSync(file);
	if (data) return Buffer.from(data, "base64");
	return null;
}
function dropDuplicatesAndNils(a) {
	return a.reduce((acceptedValues, currentValue) => {
		if (currentValue && !acceptedValues.includes(currentValue)) return acceptedValues.concat(currentValue);
		else return acceptedValues;
	}, []);
}
function findHomeDir(platform = process.platform) {
	if (platform !== "win32") {
		if (process.env.HOME) try {
			import__builtin_fs.default.accessSync(process.env.HOME);
			return process.env.HOME;
		} catch {}
		return null;
	}
	const homeDrivePath = process.env.HOMEDRIVE && process.env.HOMEPATH ? import__builtin_path.default.join(process.env.HOMEDRIVE, process.env.HOMEPATH) : "";
	const homePath = process.env.HOME || "";
	const userProfile = process.env.USERPROFILE || "";
	const favourHomeDrivePathList = dropDuplicatesAndNils([
		homePath,
		homeDrivePath,
		userProfile
	]);
	const favourUserProfileList = dropDuplicatesAndNils([
		homePath,
		userProfile,
		homeDrivePath
	]);
	for (const dir of favourHomeDrivePathList) try {
		import__builtin_fs.default.accessSync(import__builtin_path.default.join(dir, ".kube", "config"));
		return dir;
	} catch {}
	for (const dir of favourUserProfileList) try {
		import__builtin_fs.default.accessSync(dir, import__builtin_fs.default.constants.W_OK);
		return dir;
	} catch {}
	for (const dir of favourUserProfileList) try {
		import__builtin_fs.default.accessSync(dir);
		return dir;
	} catch {}
	return favourUserProfileList[0] || null;
}
function findObject(list, name, key) {
	if (!list) return null;
	for (const obj of list) if (obj.name === name) {
		if (obj[key]) {
			obj[key].name = name;
			return obj[key];
		}
		return obj;
	}
	return null;
}
// src/kubernetes/impersonation.ts
/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo */
function impersonationIn(user) {
	const uid = asText(user["as-uid"]);
	const groups = textsIn(user["as-groups"]);
	const extra = Object.entries(asObject(user["as-user-extra"])).map(([key, values]) => [key, textsIn(values)]);
	return uid === void 0 && groups.length === 0 && extra.length === 0 ? void 0 : {
		uid,
		groups,
		extra
	};
}
function textsIn(values) {
	return Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
}
/**
* As client-go sends them.
* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation,
* https://github.com/kubernetes/client-go/blob/master/transport/round_trippers.go
* @throws Error when nothing says which user it is, as client-go does
*/
function impersonationHeaders({ impersonateUser, impersonation }) {
	if (!impersonateUser) {
		if (impersonation !== void 0) throw new Error("it has `as-uid`, `as-groups` or `as-user-extra`, and no `as` that says which user it is");
		return {};
	}
	const { uid, groups = [], extra = [] } = impersonation ?? {};
	return {
		"impersonate-user": impersonateUser,
		...uid !== void 0 && { "impersonate-uid": uid },
		...repeated("impersonate-group", groups),
		...Object.assign({}, ...extra.map(([key, values]) => repeated("impersonate-extra-", values, escapeKey(key))))
	};
}
/**
* A header for each value. Over HTTP/2 undici joins the values of one name with commas, which the API server would take for one
* group. So their names differ in case, which does not count: https://www.rfc-editor.org/rfc/rfc9110#section-5.1,
* https://github.com/nodejs/undici/blob/main/lib/dispatcher/client-h2.js `buildRequestHeaders`
*/
function repeated(name, values, suffix = "") {
	return Object.fromEntries(values.map((value, index) => [`${inCase(name, index)}${suffix}`, value]));
}
/** The name with each letter in upper case for which `index` has a bit. */
function inCase(name, index) {
	let bits = index;
	return name.replace(/[a-z]/g, (letter) => {
		const isUpper = bits % 2 === 1;
		bits = Math.floor(bits / 2);
		return isUpper ? letter.toUpperCase() : letter;
	});
}
/** What a header name cannot have is escaped byte by byte, and so is `%`: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
function escapeKey(key) {
	return [...Buffer.from(key)].map((byte) => {
		const character = String.fromCharCode(byte);
		return /[\w!#$&'*+.^`|~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
	}).join("");
}
// src/kubernetes/credential-source.ts
/** An API server that rejects every credential gets one new one in this time. */
const MIN_DISCARD_INTERVAL_MS = 6e4;
/** A credential that is requested once for all requests, and again when it has expired or was rejected. */
var RenewedCredential = class {
	rejectionHint;
	#request;
	#failureLifeMs;
	#issued;
	#pending;
	#failure;
	#discardedAtMs = 0;
	constructor(request, { rejectionHint, failureLifeMs = 0 } = {}) {
		this.#request = request;
		this.#failureLifeMs = failureLifeMs;
		if (rejectionHint !== void 0) this.rejectionHint = rejectionHint;
	}
	current = async () => {
		if (this.#issued !== void 0 && Date.now() < this.#issued.renewAtMs) return this.#issued.credential;
		if (this.#failure !== void 0 && Date.now() < this.#failure.atMs + this.#failureLifeMs) throw this.#failure.error;
		this.#pending ??= this.#renew().finally(() => {
			this.#pending = void 0;
		});
		return await this.#pending;
	};
	discard = (rejected) => {
		if (this.#issued?.credential !== rejected) return true;
		if (Date.now() - this.#discardedAtMs < MIN_DISCARD_INTERVAL_MS) return false;
		this.#discardedAtMs = Date.now();
		this.#issued = void 0;
		return true;
	};
	async #renew() {
		try {
			this.#issued = await this.#request();
			return this.#issued.credential;
		} catch (error) {
			this.#failure = {
				error,
				atMs: Date.now()
			};
			throw error;
		}
	}
};
// src/kubernetes/oidc.ts
/** The name of an `authProvider` of a kubeconfig user whose `config` is a TokenService. */
const GITHUB_OIDC = "github-oidc";
/** A token is renewed after this part of its life: of GitHub's five minutes, after four. */
const RENEW_AFTER = 4 / 5;
/** Of a token without `iat` or `exp`. */
const DEFAULT_LIFE_MS = 6e4;
const PERMISSION_HINT = "Check that the job has `permissions: id-token: write`.";
/**
* GitHub's OIDC tokens for one cluster. When the API server rejects one, for example because its clock is ahead, a new one is
* requested. `getIDToken` of @actions/core is not used: it cannot be aborted, its errors are only texts, and it loads an HTTP
* client at the start of every run (docs/decisions/0010-own-oidc-token-request.md).
*/
function githubOidc(options) {
	const { audience } = options.service;
	return new RenewedCredential(async () => {
		const token = await requestToken(options);
		return {
			credential: { headers: { authorization: `Bearer ${token}` } },
			renewAtMs: Date.now() + lifeMsOf(token) * RENEW_AFTER
		};
	}, { rejectionHint: ({ headers }) => rejectionHint(headers.authorization ?? "", audience) });
}
/** @throws HttpError | NetworkError | UnexpectedResponse with `oidc-...` codes */
async function requestToken({ service, cluster, send }) {
	const url = new URL(service.url);
	url.searchParams.set("audience", service.audience);
	const response = await send({
		service: "oidc",
		operation: `request a GitHub OIDC token for the cluster ${cluster}`,
		url,
		about: { cluster },
		credentials: { authorization: `Bearer ${service.requestToken}` },
		hints: () => ({
			401: PERMISSION_HINT,
			403: PERMISSION_HINT
		})
	});
	const value = asText(response.json().value);
	if (value === void 0) throw response.unexpected("it contains no token");
	return mask(value);
}
/** `exp` minus `iat`, both of GitHub's clock: the clock of this runner may be wrong. */
function lifeMsOf(token) {
	const { iat, exp } = claimsOf(token);
	return typeof iat === "number" && typeof exp === "number" ? (exp - iat) * 1e3 : DEFAULT_LIFE_MS;
}
/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens */
function rejectionHint(token, audience) {
	return `The API server must trust the issuer ${asText(claimsOf(token).iss) ?? "of GitHub"} for the audience ${audience}, and its clock must be right.`;
}
// src/kubernetes/useless-user.ts
/** What `kubectl config view` prints in place of secrets and certificates. */
const OMITTED = ["REDACTED", "DATA+OMITTED"];
/** A token of a clock that is a little ahead has not expired. */
const CLOCK_TOLERANCE_MS = 6e4;
const FLATTEN_HINT = "Create one that contains everything, and use its text: `kubectl config view --raw --flatten --minify`.";
/** Whether a value of a kubeconfig stands for a secret that was left out. */
function isOmitted(value) {
	return OMITTED.includes(String(value).trim());
}
/** Whether one of the values of a kubeconfig was left out when it was printed. */
function hasOmissions(cluster, user) {
	const config = Object.values(asObject(user.authProvider?.config));
	return [
		cluster.caData,
		user.certData,
		user.keyData,
		user.token,
		user.password,
		...config
	].some(isOmitted);
}
/**
* The files that a kubeconfig names and that cannot be read here. A relative path is one of a kubeconfig that is a text: it would be
* relative to the workspace.
*/
function missingFiles(cluster, user) {
	return [
		{
			field: "certificate-authority",
			path: cluster.caData ? void 0 : cluster.caFile
		},
		{
			field: "client-certificate",
			path: user.certData ? void 0 : user.certFile
		},
		{
			field: "client-key",
			path: user.keyData ? void 0 : user.keyFile
		},
		{
			field: "idp-certificate-authority",
			path: idpAuthorityOf(user)
		},
		{
			field: "tokenFile",
			path: asText(user.authProvider?.config?.tokenFile)
		}
	].flatMap(({ field, path }) => path && !((0, import__builtin_path.isAbsolute)(path) && (0, import__builtin_fs.existsSync)(path)) ? [{
		field,
		path
	}] : []);
}
function idpAuthorityOf({ authProvider }) {
	const config = asObject(authProvider?.config);
	return config["idp-certificate-authority-data"] ? void 0 : asText(config["idp-certificate-authority"]);
}
/** Why the API server will not accept this user; undefined when no reason was found. */
function uselessUser(user, server, now) {
	const hasCertificate = Boolean(user.certData || user.certFile);
	const hasKey = Boolean(user.keyData || user.keyFile);
	if (!(user.token || user.username || user.exec || user.authProvider) && !hasCertificate && !hasKey && !isLocalProxy(server)) return {
		problem: "a user without any credential",
		needsRenewal: true
	};
	if (hasCertificate !== hasKey) return {
		problem: "only one of client certificate and key",
		needsRenewal: false
	};
	const expiry = tokenExpiry(tokenOf(user), now);
	return (hasCertificate ? clientCertificateProblem(user, now) : void 0) ?? (expiry === void 0 ? void 0 : {
		problem: expiry,
		needsRenewal: true
	});
}
/** `kubectl proxy` logs in itself: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_proxy/ */
function isLocalProxy(server) {
	const url = URL.parse(server);
	return url?.protocol === "http:" && isLoopback(url.hostname);
}
function tokenOf({ token, authProvider }) {
	const path = asText(authProvider?.config?.tokenFile);
	return path === void 0 ? token : readNamedFile(path).toString();
}
function tokenExpiry(token, now) {
	const expiry = token === void 0 ? void 0 : expiryOf(claimsOf(String(token).trim()));
	if (expiry === void 0 || expiry.getTime() + CLOCK_TOLERANCE_MS > now.getTime()) return void 0;
	return `a token that expired at ${expiry.toISOString()}`;
}
export { tokenProblem as C, readNamedFile as S, require__unused as T, EXEC_VERSIONS as _, uselessUser as a, checkNamedFile as b, RenewedCredential as c, KubeConfig as d, newClusters as f, isPath as g, findProgram as h, missingFiles as i, impersonationHeaders as l, newUsers as m, hasOmissions as n, GITHUB_OIDC as o, newContexts as p, isOmitted as r, githubOidc as s, FLATTEN_HINT as t, impersonationIn as u, parseExecCredential as v, trimToken as w, contentOf as x, authorityProblem as y };
