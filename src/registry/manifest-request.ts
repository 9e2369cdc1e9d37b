import type { Registry, RegistryRequest } from './client.ts'
import type { ImageReference } from './reference.ts'

/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** The first request of a pull, without a login. */
export function manifestRequest({ host }: Registry, image: ImageReference): RegistryRequest {
  return {
    operation: `read the manifest of ${shortName(image)} in registry ${host}`,
    path: `/v2/${image.repository}/manifests/${image.reference}`,
    scope: `repository:${image.repository}:pull`,
    accept: MANIFEST_TYPES,
  }
}

export function shortName({ repository, reference }: ImageReference): string {
  return `${repository}${reference.includes(':') ? '@' : ':'}${reference}`
}
