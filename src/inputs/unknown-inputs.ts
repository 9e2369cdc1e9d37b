import { distance } from 'fastest-levenshtein'
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
    return [{ name, meant: INPUT_NAMES.find((input) => isNear(name, input) && !isSet(input)) }]
  })
}

/** Without what people leave out or swap: `kube_config`, `namespace`, `secretName`, `docker-servers`. */
function isNear(name: string, input: InputName): boolean {
  const [one, other] = [name, input].map((text) => text.replace(/[-_ ]/g, ''))
  if (one === undefined || other === undefined) return false
  return distance(one, other) <= (other.length < 8 ? 1 : 2)
}
