import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { KubernetesObject } from '../kubernetes/object.ts'
import type { DeployInputs } from '../workload/deploy.ts'
import { podManifest } from '../workload/pod-spec.ts'
import { quote, type Reader } from './reader.ts'
import { warnOfMismatch, wholeImage } from './registry.ts'
import { LABEL, SUBDOMAIN } from './secret.ts'

export async function readDeploy(read: Reader, servers: readonly string[]): Promise<DeployInputs | undefined> {
  const files = read.list('manifest-files').flatMap((pattern) => findFiles(read, pattern))
  const text = read.text('manifest')
  const objects: KubernetesObject[] = []
  for (const path of files)
    objects.push(...(await parse(read, 'manifest-files', () => readFileSync(path, 'utf8'), path)))
  if (text !== undefined) objects.push(...(await parse(read, 'manifest', () => text, 'the manifest')))
  const pod = readPod(read, servers)
  if (pod !== undefined && (text !== undefined || read.text('manifest-files') !== undefined)) {
    read.refuse(
      'image',
      'is given beside a manifest',
      'Give `manifest` and `manifest-files`, or `image` and `pod-name`.',
    )
  }
  const waitTimeout = read.duration('wait-timeout', '5m')
  const recreatePods = read.flag('recreate-pods', false)
  objects.push(...(pod ?? []))
  return objects.length === 0 ? undefined : { objects, waitTimeout, recreatePods }
}

function readPod(read: Reader, servers: readonly string[]): KubernetesObject[] | undefined {
  const image = read.matching(
    'image',
    /^[\w./:@-]+$/,
    'Allowed: namespace/image, with a registry host, :tag or @digest.',
  )
  const name = read.matching(
    'pod-name',
    SUBDOMAIN,
    'Allowed: lower-case letters, digits, hyphens and dots, as in my-pod.',
  )
  const container = read.matching(
    'container-name',
    LABEL,
    'Allowed: lower-case letters, digits and hyphens, as in web.',
  )
  if (image !== undefined && name === undefined) read.refuse('pod-name', 'is missing beside `image`')
  for (const [input, value] of Object.entries({ 'pod-name': name, 'container-name': container })) {
    if (value !== undefined && image === undefined)
      read.refuse(input, 'is given without `image`', 'Give the image of the Pod, too.')
  }
  if (image === undefined || name === undefined) return undefined
  // Dots may be in the name of a Pod, and never in that of a container.
  const usual = name.replaceAll('.', '-').slice(0, 63)
  const whole = wholeImage(image, servers[0] ?? '')
  warnOfMismatch(read, whole, servers)
  return [podManifest({ name, container: container ?? usual, image: whole })]
}

/** A path, the manifests right inside a directory as kubectl takes them, or a glob. */
function findFiles(read: Reader, pattern: string): string[] {
  const found = existsSync(pattern) ? [pattern] : globSync(pattern).sort()
  const files = found.flatMap((path) => (statSync(path).isDirectory() ? manifestsIn(path) : [path]))
  if (files.length === 0)
    read.refuse(
      'manifest-files',
      `names ${quote(pattern)}, and no manifest is there`,
      'Allowed: paths, directories and globs of .yaml, .yml and .json files. Is the repository checked out?',
    )
  return files
}

function manifestsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(directory, name))
}

async function parse(read: Reader, input: string, text: () => string, source: string): Promise<KubernetesObject[]> {
  try {
    // It takes a while to load a reader of YAML: not for a run that has none.
    const { parseManifest } = await import('../workload/manifest.ts')
    return parseManifest(text(), source)
  } catch (error) {
    read.refuse(input, `cannot be used: ${(error as Error).message}`)
    return []
  }
}
