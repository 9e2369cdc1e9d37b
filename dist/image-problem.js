import { Ct as repositoryOf, It as quote, bt as imagePrefix, ht as DIGEST, it as parseVerifyImage } from "./inputs.js";
// src/inputs/image-problem.ts
/** Adds the error of a `verify-image` that `readRegistry` does not accept. */
function addImageError(read, servers) {
	const value = read.text("verify-image") ?? "";
	const image = parseVerifyImage(value, servers);
	const problem = image === void 0 ? malformedImage(value) : unmatchedImage(image, servers);
	if (problem === void 0) read.addInvalid("verify-image", `is ${quote(value)}`);
	else read.addError("verify-image", ...problem);
}
/** What often comes from another tool, or from `github.repository`: https://github.com/distribution/reference/blob/main/regexp.go */
function malformedImage(value) {
	const [scheme = ""] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value) ?? [];
	const name = repositoryOf(value.slice(scheme.length));
	const is = `is ${quote(value)}`;
	const use = `Use ${quote(name.toLowerCase())}, then the tag or digest.`;
	if (scheme !== "") return [`${is}, which starts with ${scheme}`, value.includes("@") ? "Leave it out." : use];
	if (/[A-Z]/.test(name)) return [`${is}, but the name of an image is in lower case`, use];
	const [, digest] = value.slice(value.lastIndexOf("/") + 1).split("@");
	if (digest === void 0 || DIGEST.test(digest)) return void 0;
	return [`${is}, whose digest cannot exist`, "After sha256: it has 64 hex digits in lower case, after sha512: it has 128."];
}
/** What is wrong with an image that nodes pull with none of the credentials: no registry would verify it. */
function unmatchedImage({ host, repository }, servers) {
	const name = quote(host === void 0 ? repository : `${host}/${repository}`);
	const prefixes = [...new Set(servers.map(imagePrefix))].join(", ");
	return [`names ${name}, for which nodes do not use the credential`, `They use it for images that start with ${prefixes}.`];
}
export { addImageError, unmatchedImage };
