import type { YamlDocument } from './yaml.ts'

/**
 * Reads one document of JSON, when it means the same as YAML: it has no number that JavaScript changes, no key twice, and nothing
 * that looks like a template.
 * @returns undefined for everything else
 */
export function parseJson(text: string): YamlDocument | undefined {
  const start = text.search(/\S/)
  if (text[start] !== '{' || /__proto__|\\u/.test(text) || TEMPLATES.some((one) => one.test(text))) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const { keys, numbers } = tokensOf(text)
    if (keys !== countKeys(value) || numbers.some((one) => String(Number(one)) !== one)) return undefined
    return { value, line: text.slice(0, start).split('\n').length, texts: [], duplicates: [] }
  } catch {
    return undefined
  }
}

/** Parts of templates, anywhere and in names: see template.ts. */
const TEMPLATES = [/\{\{|\$\{|\{%|<%|#\{|__[A-Z]/, /"(?:name|namespace|image)"\s*:\s*"[^"]*(?:[$<{([%]|@\w+@)/]

/** What valid JSON has as it is written: the number of its keys, and its numbers. */
function tokensOf(text: string): { readonly keys: number; readonly numbers: readonly string[] } {
  const numbers: string[] = []
  let keys = 0
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? ''
    if (character === '"') index = endOfString(text, index)
    // Outside a string, it stands behind a key and nowhere else.
    else if (character === ':') keys++
    else if (/[-\d]/.test(character)) {
      const start = index
      while (/[-+.\deE]/.test(text[index + 1] ?? '')) index++
      numbers.push(text.slice(start, index + 1))
    }
  }
  return { keys, numbers }
}

/** The index of the quote that ends the string. */
export function endOfString(text: string, start: number): number {
  let index = start + 1
  while (text[index] !== '"' && index < text.length) index += text[index] === '\\' ? 2 : 1
  return index
}

function countKeys(value: unknown): number {
  let count = 0
  for (const pending = [value]; pending.length > 0; ) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null) continue
    const children = Object.values(next)
    if (!Array.isArray(next)) count += children.length
    for (const child of children) if (typeof child === 'object') pending.push(child)
  }
  return count
}
