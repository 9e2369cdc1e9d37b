// YAML of values that a person typed.
import { dump } from 'js-yaml'

/** A value in YAML, each line of it indented. @param flowLevel from which level on lists are on one line; -1: never */
export function yamlOf(value: object, indent = 0, flowLevel = -1): string {
  const margin = ' '.repeat(indent)
  return dump(value, { lineWidth: -1, noRefs: true, flowLevel })
    .trimEnd()
    .replace(/^(?=.)/gm, margin)
}

/**
 * Text that GitHub does not evaluate: what begins an expression is written as one.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#literals
 */
export function literal(text: string): string {
  return text.replaceAll('${{', `\${{ '\${{' }}`)
}
