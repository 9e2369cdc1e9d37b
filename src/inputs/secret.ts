import { MANAGER } from '../core/constants.ts'
import { MANAGED_BY } from '../pull-secret/read.ts'
import { quote, type Reader } from './reader.ts'

/** The pull secret to write. */
export interface SecretInputs {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly adopt: boolean
  /** Names of the service accounts that get it; `*` is all. */
  readonly serviceAccounts: readonly string[]
}

/** A name of Kubernetes, as in RFC 1123: of a secret or Pod. */
export const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/
/** The same without dots: of a namespace or container. */
export const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

const KEY = /^(?:(?=[^/]{1,253}\/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/

export function readSecret(read: Reader): SecretInputs | undefined {
  const name = read.matching(
    'secret-name',
    SUBDOMAIN,
    'Allowed: lower-case letters, digits, hyphens and dots, as in my-registry.',
  )
  const labels = readPairs(read, 'labels', LABEL_VALUE)
  const annotations = readPairs(read, 'annotations', /^/)
  const adopt = read.flag('adopt', false)
  const serviceAccounts = [...new Set(read.list('service-accounts'))]
  for (const account of serviceAccounts.filter((one) => one !== '*' && !SUBDOMAIN.test(one))) {
    read.refuse('service-accounts', `holds ${quote(account)}`, 'Allowed: names of service accounts, or * for all.')
  }
  if (name === undefined && serviceAccounts.length > 0)
    read.refuse('secret-name', 'is missing beside `service-accounts`')
  return name === undefined ? undefined : { name, labels, annotations, adopt, serviceAccounts }
}

function readPairs(read: Reader, input: string, valuePattern: RegExp): Record<string, string> {
  const pairs: Record<string, string> = {}
  // A comma may well be part of a value, so only lines separate here.
  const lines = (read.text(input) ?? '').split('\n').map((line) => line.trim())
  for (const line of lines.filter((line) => line !== '')) {
    const at = line.indexOf('=')
    const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    if (at < 1) read.refuse(input, `has the line ${quote(line)}`, 'Allowed: one key=value a line.')
    else if (!KEY.test(key))
      read.refuse(input, `has the key ${quote(key)}`, 'Allowed: a key as Kubernetes has it, as in example.com/team.')
    else if (!valuePattern.test(value))
      read.refuse(
        input,
        `has the value ${quote(value)} for ${key}`,
        'Allowed: up to 63 letters, digits, hyphens, underscores and dots.',
      )
    else if (key === MANAGED_BY || key.startsWith(`${MANAGER}/`))
      read.refuse(input, `has the key ${key}`, 'This one belongs to the action itself.')
    else pairs[key] = value
  }
  return pairs
}
