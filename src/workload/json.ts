import type { YamlDocument } from './yaml.ts'

/** Longer texts are for the parser of YAML, which limits them. */
const MAX_LENGTH = 1024 * 1024

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g

/**
 * Reads one document of JSON, when it means the same as YAML: it has no number that JavaScript changes, no key twice, and nothing
 * that looks like a template.
 * @returns undefined for everything else
 */
export function parseJson(text: string): YamlDocument | undefined {
  const start = text.search(/\S/)
  if (text[start] !== '{' || text.length > MAX_LENGTH || /\{\{|__proto__|\\u/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const tokens = [...text.matchAll(TOKEN)]
    const keys = tokens.filter(([, colon]) => colon !== undefined)
    const numbers = tokens.flatMap(([token]) => (token.startsWith('"') ? [] : token))
    if (keys.length !== countKeys(value) || numbers.some((one) => String(Number(one)) !== one)) return undefined
    return { value, line: text.slice(0, start).split('\n').length, texts: [], duplicates: [] }
  } catch {
    return undefined
  }
}

function countKeys(value: unknown): number {
  let count = 0
  for (const pending = [value]; pending.length > 0; ) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null) continue
    const children = Object.values(next)
    if (!Array.isArray(next)) count += children.length
    pending.push(...children)
  }
  return count
}
