import type { KubernetesObject } from '../kubernetes/object.ts'
import { parseJson } from './json.ts'
import { MAX_MANIFEST_BYTES, objectsIn } from './manifest-objects.ts'

/**
 * Reads the objects of a manifest. Only for one that is not plain JSON, the parser of YAML is loaded.
 * @throws Error, see parseManifest
 */
export async function loadManifest(
  text: string,
  source: string,
  warn: (sentence: string) => void,
): Promise<KubernetesObject[]> {
  const document = Buffer.byteLength(text) > MAX_MANIFEST_BYTES ? undefined : parseJson(text)
  if (document !== undefined) return objectsIn({ source, documents: [document] }, warn)
  const { parseManifest } = await import('./manifest.ts')
  return parseManifest(text, source, warn)
}
