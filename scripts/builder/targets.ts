// Which namespaces the choices are about.
import type { Choices } from './choices.ts'
import { itemsOf } from './step-inputs.ts'

export interface Namespaces {
  /** Those that are named. */
  readonly names: readonly string[]
  /** The permissions cannot be given in single namespaces, because they are not known or do not exist yet. */
  readonly isClusterWide: boolean
  /** They are selected from the list of all. */
  readonly isSelected: boolean
  readonly isCreated: boolean
}

export function namespacesOf({ values }: Pick<Choices, 'values'>): Namespaces {
  const items = itemsOf(values.namespaces ?? '')
  const names = [...new Set(items.filter((item) => !/[*!]/.test(item)))]
  const isSelected = items.some((item) => /^[^!]*\*/.test(item)) || (values['namespace-selector'] ?? '').trim() !== ''
  const isCreated = values['create-namespaces'] === 'true'
  return {
    names: items.length === 0 ? ['default'] : names,
    isClusterWide: isSelected || isCreated,
    isSelected,
    isCreated,
  }
}
