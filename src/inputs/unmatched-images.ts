import { asObject, asObjects, asText } from '../core/json.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { hostOf, matchesImage } from '../registry/reference.ts'
import type { DeployInputs } from '../workload/deploy.ts'
import { CONTAINERS } from '../workload/images.ts'
import { podSpecOf } from '../workload/pod-spec.ts'
import { quote } from './quote.ts'

interface Secret {
  readonly name: string
  /** The registry hosts that it has entries for. */
  readonly servers: readonly string[]
}

/**
 * One warning when nodes would pull images without the secret, which usually ends in `ImagePullBackOff`: when it matches
 * no image at all, or not those at what is probably the same registry. Public images among private ones are common, so an
 * image at another registry alone is no reason to warn.
 */
export function unmatchedImagesWarning(deploy: DeployInputs, secret: Secret): string | undefined {
  const { servers } = secret
  if (servers.length === 0) return undefined
  const images = deploy.objects.flatMap((object) => imagesOf(object, secret.name))
  const unmatched = images.filter((image) => !servers.some((server) => matchesImage(server, image)))
  const isMatched = unmatched.length < images.length
  const found = isMatched ? unmatched.filter((image) => isSameRegistry(hostOf(image), servers)) : unmatched
  if (found.length === 0) return undefined
  const hosts = [...new Set(found.map(hostOf))].sort().map(quote).join(', ')
  const which = deploy.fromImage
    ? `the \`image\` ${found[0]}`
    : `${isMatched ? 'the' : 'any'} images of the manifests at ${hosts}, such as ${quote(found[0] ?? '')}`
  return `No entry of \`docker-server\` (${servers.join(', ')}) matches ${which}, so nodes pull ${deploy.fromImage ? 'it' : 'them'} without the secret. Host and port must be identical.`
}

/** The images of an object's Pods; none when the Pods name another pull secret, which may be for them. */
function imagesOf(object: KubernetesObject, secretName: string): string[] {
  const spec = podSpecOf(object)
  if (asObjects(spec?.imagePullSecrets).some(({ name }) => name !== secretName)) return []
  return CONTAINERS.flatMap((list) => asObjects(asObject(spec)[list])).flatMap(({ image }) => asText(image) ?? [])
}

/** Whether a host is that of an entry with another port, or the same registry in another region. */
function isSameRegistry(host: string, servers: readonly string[]): boolean {
  return servers.some((server) => {
    const [own = ''] = server.replace(/^https?:\/\//, '').split('/', 1)
    return registryOf(own) === registryOf(host)
  })
}

/** A host without its port and region. Regions of other registries are not distinguished: public images are pulled from them. */
function registryOf(host: string): string {
  const name = host.replace(/:\d+$/, '')
  // `icr.io` has public images, and `cp.icr.io` its own credentials: https://cloud.ibm.com/docs/Registry?topic=Registry-registry_overview
  if (/^(?!cp\.)(?:private\.)?[a-z0-9]+\.icr\.io$/.test(name)) return 'a region of icr.io'
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
  return name.replace(/^(\d+\.dkr\.ecr)\.[a-z0-9-]+\.amazonaws\.com$/, '$1')
}
