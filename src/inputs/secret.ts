import { MANAGER_NAME } from '../core/constants.ts'
import { MANAGED_BY } from '../pull-secret/read.ts'
import type { HostOwner } from '../pull-secret/record.ts'
import { KEY } from './grammar.ts'
import { quote } from './quote.ts'
import type { Reader } from './reader.ts'
import type { PairsRow } from './table/row.ts'
import { INPUTS, type NameOf } from './table.ts'

/** The pull secret to write. */
export interface SecretInputs {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly adopt: boolean
  /** Whose hosts in the secret this step keeps. */
  readonly owner: HostOwner
  /** Names of the service accounts that get the secret; `*` is all. */
  readonly serviceAccounts: readonly string[]
}

export function readSecret(read: Reader, owner: HostOwner): SecretInputs | undefined {
  const name = read.text('secret-name')
  const labels = readPairs(read, 'labels')
  const annotations = readPairs(read, 'annotations')
  const adopt = read.flag('adopt')
  const serviceAccounts = [...new Set(read.list('service-accounts'))]
  return name === undefined ? undefined : { name, labels, annotations, adopt, owner, serviceAccounts }
}

function readPairs(read: Reader, input: NameOf<'pairs'>): Record<string, string> {
  const { pattern }: PairsRow = INPUTS[input]
  const pairs: Record<string, string> = {}
  for (const line of read.lines(input)) {
    const separator = line.indexOf('=')
    const [key, value] = [line.slice(0, separator).trim(), line.slice(separator + 1).trim()]
    if (separator < 1) read.addError(input, `contains the line ${quote(line)}`, 'Allowed: one key=value pair per line.')
    else if (!KEY.test(key))
      read.addError(input, `contains the key ${quote(key)}`, 'Allowed: a Kubernetes key, for example example.com/team.')
    else if (pattern?.test(value) === false)
      read.addInvalid(input, `contains the value ${quote(value)} for the key ${key}`)
    else if (key === MANAGED_BY || key.startsWith(`${MANAGER_NAME}/`))
      read.addError(input, `contains the key ${key}`, 'The action sets this key itself.')
    else pairs[key] = value
  }
  return pairs
}
