import type { Reader } from './reader.ts'
import type { InputRow, ProviderName, Requirement } from './table/row.ts'
import { INPUT_NAMES, INPUTS, type InputName } from './table.ts'

const ROWS: Readonly<Record<InputName, InputRow<InputName>>> = INPUTS

/** Adds an error for each input that is missing, or that does not fit the provider or the other inputs. */
export function checkRelations(read: Reader, provider: ProviderName): void {
  for (const name of INPUT_NAMES) {
    const { providers = [provider] } = ROWS[name]
    if (!providers.includes(provider)) {
      const owners = providers.map((owner) => `\`provider: ${owner}\``).join(' or ')
      if (read.isSet(name)) read.addError(name, `needs ${owners}, but \`provider\` is \`${provider}\``)
    } else if (read.isSet(name)) {
      checkCombination(read, name, provider)
    } else {
      checkRequired(read, name, provider)
    }
  }
}

function checkCombination(read: Reader, name: InputName, provider: ProviderName): void {
  const { needs, conflictsWith = [] } = ROWS[name]
  if (needs !== undefined && !read.isSet(needs)) {
    read.addError(name, `needs \`${needs}\`, which is not set`)
  }
  // An input of another provider already has its own error.
  const conflict = conflictsWith.find(
    (other) => read.isSet(other) && ROWS[other].providers?.includes(provider) !== false,
  )
  if (conflict !== undefined) read.addError(name, `cannot be combined with \`${conflict}\``, 'Set only one of them.')
}

function checkRequired(read: Reader, name: InputName, provider: ProviderName): void {
  const { required } = ROWS[name]
  if (required === undefined) return
  const { unless, hint } = required
  const applies = 'for' in required ? required.for.includes(provider) : read.isSet(required.with)
  if (!applies || (unless !== undefined && read.isSet(unless))) return
  read.addError(name, requiredProblem(required, provider), hint)
}

function requiredProblem(required: Requirement<InputName>, provider: ProviderName): string {
  const condition = 'for' in required ? `\`provider\` is \`${provider}\`` : `\`${required.with}\` is set`
  return `is required when ${condition}${required.unless === undefined ? '' : ` and \`${required.unless}\` is not set`}`
}
