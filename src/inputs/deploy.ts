import { setImmediate } from 'node:timers/promises'
import { unlessAborted } from '../core/abort.ts'
import { readRegularFile } from '../core/regular-file.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import type { DeployInputs } from '../workload/deploy.ts'
import { podManifest } from '../workload/pod-spec.ts'
import { findManifestFiles, MAX_MANIFEST_BYTES } from './manifest-files.ts'
import type { Reader } from './reader.ts'
import { fullImageName, warnOfUnmatchedImage } from './registry.ts'

/**
 * @param servers the registries of the credential: an image without a host gets the first one
 * @throws ActionError when `signal` aborts
 */
export async function readDeploy(
  read: Reader,
  servers: readonly string[],
  signal: AbortSignal,
): Promise<DeployInputs | undefined> {
  const objects: KubernetesObject[] = []
  for (const manifest of await findManifests(read, signal)) {
    await unlessAborted(setImmediate(), signal)
    objects.push(...(await parse(read, manifest)))
  }
  objects.push(...readPod(read, servers))
  const waitTimeoutMs = read.duration('wait-timeout')
  const recreatePods = read.flag('recreate-pods')
  return objects.length === 0 ? undefined : { objects, waitTimeoutMs, recreatePods }
}

interface Manifest {
  readonly input: 'manifest' | 'manifest-files'
  /** What errors call it. */
  readonly source: string
  /** @throws Error when it is a file that cannot be read */
  readonly text: () => string
}

async function findManifests(read: Reader, signal: AbortSignal): Promise<Manifest[]> {
  const files = await findManifestFiles(read, signal)
  const inline = read.text('manifest')
  return [
    ...files.map((path): Manifest => {
      return { input: 'manifest-files', source: path, text: () => readRegularFile(path, MAX_MANIFEST_BYTES) }
    }),
    ...(inline === undefined ? [] : [{ input: 'manifest', source: 'the manifest', text: () => inline } as const]),
  ]
}

async function parse(read: Reader, { input, source, text }: Manifest): Promise<KubernetesObject[]> {
  try {
    // Loading the YAML parser takes a while, and most runs have no manifest.
    const { parseManifest } = await import('../workload/manifest.ts')
    return parseManifest(text(), source, (sentence) => read.warnings.push(sentence))
  } catch (error) {
    read.addError(input, `is not valid: ${(error as Error).message}`)
    return []
  }
}

function readPod(read: Reader, servers: readonly string[]): KubernetesObject[] {
  const image = read.text('image')
  const name = read.text('pod-name')
  const container = read.text('container-name')
  if (image === undefined || name === undefined) return []
  const fullName = fullImageName(image, servers[0] ?? '')
  warnOfUnmatchedImage(read, fullName, servers)
  // The name of a Pod may contain dots and has up to 253 characters; that of a container is a label.
  const defaultContainer = name.replaceAll('.', '-').slice(0, 63)
  return [podManifest({ name, container: container ?? defaultContainer, image: fullName })]
}
