/** The key of Docker Hub in a docker config: https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/ */
export const DOCKER_HUB_KEY = 'https://index.docker.io/v1/'

/**
 * Hosts that belong to a registry, but that images are not named by, and the host to use. The kubelet uses Docker Hub's
 * credential for images of `docker.io` and `index.docker.io`, and for those without a host:
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go
 */
const WRONG_HOSTS: readonly (readonly [hosts: RegExp, right: string])[] = [
  [/^(?:registry-1|registry|auth|www)\.docker\.io$/, DOCKER_HUB_KEY],
  [/^(?:(?:[a-z]+\.)?hub|www|app|cloud|login|index|registry)\.docker\.com$|^docker\.com$/, DOCKER_HUB_KEY],
  // https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry
  [/^(?:(?:www|api|(?:maven|npm|nuget|rubygems)\.pkg)\.)?github\.com$/, 'ghcr.io'],
  [/^(?:www\.)?(?:ghcr\.com|ghrc\.io|gchr\.io|ghcr\.github\.com)$/, 'ghcr.io'],
  [/^(?:www\.)?(?:quay\.com|quay\.oi)$|^www\.quay\.io$/, 'quay.io'],
  // https://docs.gitlab.com/user/packages/container_registry/
  [/^(?:www\.)?gitlab\.com$/, 'registry.gitlab.com'],
  // https://cloud.ibm.com/docs/Registry?topic=Registry-registry_overview#registry_regions
  [
    /^(?:[a-z-]+\.)*cloud\.ibm\.com$|^(?:private\.)?(?:us|eu|au|jp|br|ca|in)-[a-z0-9]+\.icr\.io$/,
    'the host of your region, for example us.icr.io or de.icr.io',
  ],
  [
    /^(?:[a-z]+\.)*azure\.com$|^azurecr\.io$|^(?:[a-z0-9-]+\.)*azurecr\.com$/,
    'the login server of your registry, <name>.azurecr.io,',
  ],
  // https://docs.cloud.google.com/artifact-registry/docs/repositories/repo-locations
  [
    /^(?:[a-z]+\.)?cloud\.google\.com$|^(?![a-z0-9-]+-docker\.)(?:[a-z0-9-]+\.)*pkg\.dev$|^(?:artifact|container)registry\.googleapis\.com$/,
    'the host of your repository, for example europe-docker.pkg.dev,',
  ],
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
  [
    /^(?:[a-z0-9-]+\.)*aws\.amazon\.com$|^amazonaws\.com$|^(?!\d{12}\.dkr\.)(?:[a-z0-9-]+\.)*ecr(?:-fips)?(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$|^\d{12}\.dkr\.ecr\.amazonaws\.com$/,
    'the host of your registry, <account of 12 digits>.dkr.ecr.<region>.amazonaws.com,',
  ],
  [/^ecr\.aws$/, 'public.ecr.aws'],
  [/^(?:(?:catalog|access|console|www)\.)?redhat\.com$/, 'registry.redhat.io'],
  [/^(?:(?:www|cloud)\.)?digitalocean\.com$/, 'registry.digitalocean.com'],
  [/^(?:(?:www|ngc|catalog\.ngc)\.)?nvidia\.com$/, 'nvcr.io'],
]

/** Docker Hub's API serves these as well, so an image can be named by them: `registry-1.docker.io/library/busybox`. */
const IMAGE_HOSTS = /^registry-1\.docker\.io$|^registry\.hub\.docker\.com$/

/**
 * What to use instead of a host that images are not named by; undefined for every other host.
 * @param host without scheme, port and path
 * @param listsHub whether Docker Hub's own key is in the same docker config
 */
export function rightHost(host: string, listsHub: boolean): string | undefined {
  if (listsHub && IMAGE_HOSTS.test(host)) return undefined
  return WRONG_HOSTS.find(([hosts]) => hosts.test(host))?.[1]
}
