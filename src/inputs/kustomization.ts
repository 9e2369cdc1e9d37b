import { basename, dirname, join, resolve } from 'node:path'
import { asObject, asObjects, asText } from '../core/json.ts'
import { readRegularFile } from '../core/regular-file.ts'

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
const MAX_BYTES = 1024 * 1024

export function isKustomization(path: string): boolean {
  return NAMES.includes(basename(path))
}

/**
 * The absolute paths of the files that a kustomization uses and that are no manifests: its patches, and what it makes ConfigMaps and
 * Secrets of. None when it cannot be read.
 */
export async function filesOfKustomization(path: string): Promise<string[]> {
  const fields = await readKustomization(path)
  const paths = (...lists: readonly string[]) => lists.flatMap((name) => asObjects(fields[name])).map((one) => one.path)
  const texts = (...lists: readonly string[]) => lists.flatMap((name) => listOf(fields[name]))
  const generators = [fields.configMapGenerator, fields.secretGenerator].flatMap(asObjects)
  const charts = asObjects(fields.helmCharts)
  const entries = [
    ...paths('patches', 'patchesJson6902', 'replacements'),
    ...texts('patchesStrategicMerge', 'configurations', 'transformers', 'generators', 'validators', 'crds'),
    // `key=path` or a path.
    ...generators.flatMap(({ files, envs, env }) => [...listOf(files), ...listOf(envs), env]).map(withoutKey),
    ...charts.flatMap(({ valuesFile, additionalValuesFiles }) => [valuesFile, ...listOf(additionalValuesFiles)]),
  ]
  return entries.flatMap((entry) => {
    const text = asText(entry)
    // A patch can also stand in the kustomization itself.
    return text === undefined || text.includes('\n') ? [] : [resolve(join(dirname(path), text))]
  })
}

async function readKustomization(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const { readDocument } = await import('../workload/manifest.ts')
    return asObject(readDocument(readRegularFile(path, MAX_BYTES).toString()))
  } catch {
    return {}
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function withoutKey(entry: unknown): unknown {
  const text = asText(entry)
  return text?.slice(text.indexOf('=') + 1)
}
