import { nearestNames } from '../core/nearest-names.ts'
import { INPUT_NAMES, INPUTS, type InputName } from './table.ts'

/** A variable `INPUT_…` of the environment that is no input of this action. */
export interface UnknownInput {
  readonly name: string
  /** The input that is probably meant. */
  readonly meant: InputName | undefined
}

/**
 * Variables that look like inputs. The runner passes on `with` as such variables, so those that the workflow sets in `env`
 * for itself look the same.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs
 * @param isSet an input that is set is not meant by another one
 */
export function unknownInputs(environment: NodeJS.ProcessEnv, isSet: (name: InputName) => boolean): UnknownInput[] {
  return Object.entries(environment).flatMap(([variable, value]) => {
    const name = /^INPUT_(.+)$/.exec(variable)?.[1]?.toLowerCase()
    if (name === undefined || Object.hasOwn(INPUTS, name) || !value?.trim()) return []
    const unset = INPUT_NAMES.filter((input) => !isSet(input))
    return [{ name, meant: nearestNames(name, unset, { limit: 1, normalize: withoutSeparators, isNear })[0] }]
  })
}

/** Without what people leave out or swap: `kube_config`, `namespace`, `secretName`, `docker-servers`. */
function withoutSeparators(name: string): string {
  return name.replace(/[-_ ]/g, '')
}

/** Nearer than other names have to be: an input that is meant is an error. */
function isNear(edits: number, name: string, input: string): boolean {
  return edits <= (input.length < 8 ? 1 : 2) || (edits === 2 && sorted(name) === sorted(input))
}

/** Two letters that were swapped count as two edits. */
function sorted(name: string): string {
  return [...name].sort().join('')
}
