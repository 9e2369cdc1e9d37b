import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { KubernetesObject } from '../kubernetes/object.ts'
import type { DeployInputs } from '../workload/deploy.ts'
import { podManifest } from '../workload/pod-spec.ts'
import { quote, type Reader } from './reader.ts'
import { fullImageName, warnOfUnmatchedImage } from './registry.ts'

/** @param servers the registries of the credential: an image without a host gets the first one */
export async function readDeploy(read: Reader, servers: readonly string[]): Promise<DeployInputs | undefined> {
  const objects: KubernetesObject[] = []
  for (const manifest of findManifests(read)) objects.push(...(await parse(read, manifest)))
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

function findManifests(read: Reader): Manifest[] {
  const files = read.list('manifest-files').flatMap((pattern) => findFiles(read, pattern))
  const inline = read.text('manifest')
  return [
    ...files.map((path): Manifest => {
      return { input: 'manifest-files', source: path, text: () => readFileSync(path, 'utf8') }
    }),
    ...(inline === undefined ? [] : [{ input: 'manifest', source: 'the manifest', text: () => inline } as const]),
  ]
}

/** A path, a glob, or the manifests of a directory without its subdirectories, as `kubectl apply -f` reads it. */
function findFiles(read: Reader, pattern: string): string[] {
  const found = existsSync(pattern) ? [pattern] : globSync(pattern).sort()
  const files = found.flatMap((path) => (statSync(path).isDirectory() ? manifestsIn(path) : [path]))
  if (files.length === 0)
    read.addError(
      'manifest-files',
      `contains ${quote(pattern)}, which matches no manifest`,
      'Check the path, and that an earlier step checks out the repository. From a directory, the action reads .yaml, .yml and .json files.',
    )
  return files
}

function manifestsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(directory, name))
}

async function parse(read: Reader, { input, source, text }: Manifest): Promise<KubernetesObject[]> {
  try {
    // Loading the YAML parser takes a while, and most runs have no manifest.
    const { parseManifest } = await import('../workload/manifest.ts')
    return parseManifest(text(), source)
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
