import { cut } from '../core/format.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { MAX_MANIFEST_BYTES, objectsIn, unrendered } from './manifest-objects.ts'
import { separateJson } from './separate-json.ts'
import { type Template, templateIn } from './template.ts'
import { parseYaml, type YamlDocument, YamlError } from './yaml.ts'

/** The parser quotes what it does not understand, whatever its length. */
const MAX_REASON_LENGTH = 200
const MAX_TEMPLATE_START = 76

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

/** The value of the first document of a text that is no manifest; undefined when it is not valid. */
export function readDocument(text: string): unknown {
  try {
    return parseYaml(text)[0]?.value
  } catch {
    return undefined
  }
}

function parse(text: string, source: string): YamlDocument[] {
  try {
    return parseYaml(separateJson(text))
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const { line, document, message } = error
    const template = line === undefined ? undefined : templateBefore(text, line)
    if (template !== undefined) {
      const at =
        document === undefined
          ? `${source}, line ${template.line}`
          : `${source}, document ${document} (line ${template.line})`
      throw new Error(unrendered(at, template))
    }
    throw new Error(
      `${source} is not valid YAML${line === undefined ? '' : `, line ${line}`}: ${cut(message, MAX_REASON_LENGTH)}`,
    )
  }
}

/**
 * The template in a line that cannot be parsed. One on a line of its own, such as a comment of Helm, can make the next line
 * the first that cannot.
 */
function templateBefore(text: string, line: number): (Template & { readonly line: number }) | undefined {
  const lines = text.split(/\r\n|\r|\n/, line)
  const own = templateOn(lines[line - 1] ?? '')
  if (own !== undefined) return { ...own, line }
  const previous = lines.slice(0, line - 1).findLastIndex((one) => one.trim() !== '')
  const before = lines[previous] ?? ''
  const template = /^\s*(?:\{[{%]|<%)/.test(before) ? templateOn(before) : undefined
  return template && { ...template, line: previous + 1 }
}

/** Also one that ends on a later line. */
function templateOn(line: string): Template | undefined {
  const start = line.indexOf('{{')
  return (
    templateIn(line) ?? (start === -1 ? undefined : templateIn(`${line.slice(start, start + MAX_TEMPLATE_START)}}}`))
  )
}
