import { cut } from '../core/format.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { MAX_MANIFEST_BYTES, objectsIn, unrendered } from './manifest-objects.ts'
import { templateIn } from './template.ts'
import { parseYaml, UNRENDERED, type YamlDocument, YamlError } from './yaml.ts'

/** The parser quotes what it does not understand, whatever its length. */
const MAX_REASON_LENGTH = 200

/**
 * Reads the objects of a manifest: YAML or JSON with any number of documents. Of a `List` it returns the items.
 * @param source its name in messages
 * @param warn receives sentences about what is valid and may not do what its author expects
 * @throws Error that names the source, the document and the line
 */
export function parseManifest(text: string, source: string, warn?: (sentence: string) => void): KubernetesObject[] {
  if (Buffer.byteLength(text) > MAX_MANIFEST_BYTES) throw new Error(`${source} is larger than 10 MiB`)
  return objectsIn({ source, documents: parse(text, source) }, warn)
}

function parse(text: string, source: string): YamlDocument[] {
  try {
    return parseYaml(text)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const { line, document, message } = error
    const template = line === undefined ? undefined : /\$?\{\{.*/.exec(text.split('\n')[line - 1] ?? '')?.[0]
    if (template !== undefined || message === UNRENDERED) {
      const where =
        document === undefined ? `${source}, line ${line}` : `${source}, document ${document} (line ${line})`
      throw new Error(unrendered(where, template && (templateIn(template) ?? template.slice(0, 80))))
    }
    throw new Error(
      `${source} is not valid YAML${line === undefined ? '' : `, line ${line}`}: ${cut(message, MAX_REASON_LENGTH)}`,
    )
  }
}
