// src/core/json.ts
/** What a server sent, seen as an object; anything else is an empty one. */
function asObject(value) {
	return typeof value === "object" && value !== null ? value : {};
}
/** What a server sent, seen as a list of objects; anything else is an empty one. */
function asObjects(value) {
	return Array.isArray(value) ? value.map(asObject) : [];
}
/** What a server sent, where only a text that says something will do. */
function asText(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}
/** The claims of a JWT, unverified: empty when it is none. */
function claimsOf(jwt) {
	try {
		return asObject(JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()));
	} catch {
		return {};
	}
}
/** When a JWT with these claims ends: `exp`, in seconds. */
function expiryOf({ exp }) {
	const end = /* @__PURE__ */ new Date(typeof exp === "number" ? exp * 1e3 : NaN);
	return Number.isNaN(end.getTime()) ? void 0 : end;
}
export { expiryOf as a, claimsOf as i, asObjects as n, asText as r, asObject as t };
