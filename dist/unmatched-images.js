import { at as asObjects, it as asObject, ot as asText } from "./runner.js";
import { It as quote, ct as podSpecOf, dt as CONTAINERS, vt as hostOf, xt as matchesImage } from "./inputs.js";
// src/inputs/unmatched-images.ts
/**
* One warning when nodes would pull images without the secret, which usually ends in `ImagePullBackOff`: when it matches
* no image at all, or not those at what is probably the same registry. Public images among private ones are common, so an
* image at another registry alone is no reason to warn.
*/
function unmatchedImagesWarning(deploy, secret) {
	const { servers } = secret;
	if (servers.length === 0) return void 0;
	const images = deploy.objects.flatMap((object) => imagesOf(object, secret.name));
	const unmatched = images.filter((image) => !servers.some((server) => matchesImage(server, image)));
	const isMatched = unmatched.length < images.length;
	const found = isMatched ? unmatched.filter((image) => isSameRegistry(hostOf(image), servers)) : unmatched;
	if (found.length === 0) return void 0;
	const hosts = [...new Set(found.map(hostOf))].sort().map(quote).join(", ");
	const which = deploy.fromImage ? `the \`image\` ${found[0]}` : `${isMatched ? "the" : "any"} images of the manifests at ${hosts}, such as ${quote(found[0] ?? "")}`;
	return `No entry of \`docker-server\` (${servers.join(", ")}) matches ${which}, so nodes pull ${deploy.fromImage ? "it" : "them"} without the secret. Host and port must be identical.`;
}
/** The images of an object's Pods; none when the Pods name another pull secret, which may be for them. */
function imagesOf(object, secretName) {
	const spec = podSpecOf(object);
	if (asObjects(spec?.imagePullSecrets).some(({ name }) => name !== secretName)) return [];
	return CONTAINERS.flatMap((list) => asObjects(asObject(spec)[list])).flatMap(({ image }) => asText(image) ?? []);
}
/** Whether a host is that of an entry with another port, or the same registry in another region. */
function isSameRegistry(host, servers) {
	return servers.some((server) => {
		const [own = ""] = server.replace(/^https?:\/\//, "").split("/", 1);
		return registryOf(own) === registryOf(host);
	});
}
/** A host without its port and region. Regions of other registries are not distinguished: public images are pulled from them. */
function registryOf(host) {
	const name = host.replace(/:\d+$/, "");
	if (/^(?!cp\.)(?:private\.)?[a-z0-9]+\.icr\.io$/.test(name)) return "a region of icr.io";
	return name.replace(/^(\d+\.dkr\.ecr)\.[a-z0-9-]+\.amazonaws\.com$/, "$1");
}
export { unmatchedImagesWarning };
