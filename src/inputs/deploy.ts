import { setImmediate } from 'node:timers/promises'
import { unlessAborted } from '../core/abort.ts'
import { readRegularFile } from '../core/regular-file.ts'
import { groupKind, type KubernetesObject } from '../kubernetes/object.ts'
import { info } from '../runner/log.ts'
import type { DeployInputs } from '../workload/deploy.ts'
import { parseReplacement, replaceImages } from '../workload/images.ts'
import { podManifest } from '../workload/pod-spec.ts'
import type { Recreatable } from '../workload/recreate.ts'
import { quote } from './quote.ts'
import type { Reader } from './reader.ts'
import { fullImageName } from './registry.ts'
import type { ManifestSecret } from './secret-in-manifests.ts'

/** What the manifests contain. */
export interface Deployment {
  /** Undefined when there is nothing to deploy. */
  readonly deploy: DeployInputs | undefined
  readonly secrets: readonly ManifestSecret[]
}

/**
 * @param servers the registries of the credential: an image without a host gets the first one
 * @throws ActionError when `signal` aborts
 */
export async function readDeploy(read: Reader, servers: readonly string[], signal: AbortSignal): Promise<Deployment> {
  const { objects, secrets } = await readManifests(read, signal)
  const deployed = withImages(read, await cleanObjects(objects))
  const pods = readPod(read, servers)
  deployed.push(...pods)
  const waitTimeoutMs = read.duration('wait-timeout')
  const recreate: Recreatable[] = [
    ...(read.flag('recreate-pods') ? (['v1 Pod'] as const) : []),
    ...(read.flag('recreate-jobs') ? (['batch Job'] as const) : []),
  ]
  if (deployed.length === 0) return { deploy: undefined, secrets }
  return { deploy: { objects: deployed, fromImage: pods.length > 0, waitTimeoutMs, recreate }, secrets }
}

interface Manifest {
  readonly input: 'manifest' | 'manifest-files'
  /** What errors call it. */
  readonly source: string
  /** @throws Error when it is a file that cannot be read */
  readonly text: () => string
}

async function findManifests(read: Reader, signal: AbortSignal): Promise<Manifest[]> {
  const patterns = read.list('manifest-files')
  const inline = read.text('manifest')
  return [
    ...(patterns.length > 0 ? await readFiles(read, patterns, signal) : []),
    ...(inline === undefined ? [] : [{ input: 'manifest', source: 'the manifest', text: () => inline } as const]),
  ]
}

async function readFiles(read: Reader, patterns: readonly string[], signal: AbortSignal): Promise<Manifest[]> {
  const { findManifestFiles, MAX_MANIFEST_BYTES } = await import('./manifest-files.ts')
  const files = await findManifestFiles(read, patterns, signal)
  return files.map((path) => {
    return { input: 'manifest-files', source: path, text: () => readRegularFile(path, MAX_MANIFEST_BYTES).toString() }
  })
}

async function readManifests(
  read: Reader,
  signal: AbortSignal,
): Promise<{ readonly objects: readonly KubernetesObject[]; readonly secrets: readonly ManifestSecret[] }> {
  const objects: KubernetesObject[] = []
  const secrets: ManifestSecret[] = []
  const empty: Manifest[] = []
  for (const manifest of await findManifests(read, signal)) {
    await unlessAborted(setImmediate(), signal)
    const found = await parse(read, manifest)
    if (found?.length === 0) empty.push(manifest)
    objects.push(...(found ?? []))
    for (const { metadata } of found?.filter((object) => groupKind(object) === 'v1 Secret') ?? []) {
      const { name, namespace } = metadata
      secrets.push({ input: manifest.input, source: manifest.source, name, namespace: namespace ?? '' })
    }
  }
  // Like kubectl, which refuses only manifests that are all empty.
  if (objects.length > 0 && empty.length > 0)
    info(`Left out ${empty.map(({ source }) => source).join(', ')}: no Kubernetes object`)
  else
    for (const { input, source } of empty) read.addError(input, `is not valid: ${source} contains no Kubernetes object`)
  return { objects, secrets }
}

/** Undefined when it is not valid. */
async function parse(read: Reader, { input, source, text }: Manifest): Promise<KubernetesObject[] | undefined> {
  try {
    // Most runs have no manifest.
    const { loadManifest } = await import('../workload/load-manifest.ts')
    return await loadManifest(text(), source, (sentence) => read.warnings.push(sentence))
  } catch (error) {
    read.addError(input, `is not valid: ${(error as Error).message}`)
    return undefined
  }
}

/** What `kubectl get -o yaml` prints can be a manifest. */
async function cleanObjects(printed: readonly KubernetesObject[]): Promise<readonly KubernetesObject[]> {
  if (printed.length === 0) return printed
  const { withoutServerState } = await import('../workload/server-fields.ts')
  const { objects, leftOut } = withoutServerState(printed)
  const changed = objects.filter(({ dropped }) => dropped.length > 0)
  const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}`
  const list = [
    ...changed.map(({ object, dropped }) => `${nameOf(object)}: ${dropped.join(', ')}`),
    ...(leftOut.length > 0 ? [`${leftOut.map(nameOf).join(', ')}: a controller makes them`] : []),
  ]
  if (list.length > 0) info(`Left out of the manifests, because a server wrote it: ${list.join('; ')}`)
  return objects.map(({ object }) => object)
}

function withImages(read: Reader, objects: readonly KubernetesObject[]): KubernetesObject[] {
  const replacements = read.list('images').flatMap((text) => {
    const replacement = parseReplacement(text)
    if (replacement === undefined) read.addInvalid('images', `contains ${quote(text)}`)
    return replacement ?? []
  })
  if (replacements.length === 0) return [...objects]
  if (objects.length === 0) {
    const isInvalid = read.isSet('image') || read.isSet('manifest') || read.isSet('manifest-files')
    if (!isInvalid) read.addError('images', 'needs `manifest` or `manifest-files`, which are not set')
    return []
  }
  const { objects: changed, names } = replaceImages(objects, replacements)
  for (const { name } of replacements) {
    const present = [...names].sort().join(', ') || 'none'
    if (!names.has(name))
      read.addError(
        'images',
        `contains ${quote(name)}, which no container has`,
        `The images of the manifests are: ${present}.`,
      )
  }
  for (const [name, same] of Map.groupBy(replacements, (one) => one.name))
    if (same.length > 1) read.addError('images', `contains ${quote(name)} more than once`)
  return changed
}

function readPod(read: Reader, servers: readonly string[]): KubernetesObject[] {
  const image = read.text('image')
  const name = read.text('pod-name')
  const container = read.text('container-name')
  if (image === undefined || name === undefined) return []
  const fullName = fullImageName(image, servers[0] ?? '')
  // The name of a Pod may contain dots and has up to 253 characters; that of a container is a label.
  const defaultContainer = name.replaceAll('.', '-').slice(0, 63)
  return [podManifest({ name, container: container ?? defaultContainer, image: fullName })]
}
