import type { Inputs } from '../inputs/inputs.ts'
import type { Logins } from '../policy/credential.ts'
import { dockerConfig, type HostLogin, loginsIn } from '../registry/docker-config.ts'
import { redact } from '../runner/mask.ts'
import type { TargetResult } from './results.ts'

/** The user name and password of all registries; undefined where they differ. */
export function commonLogin(logins: Logins): HostLogin | undefined {
  const [first] = logins
  const isSame = logins.every(({ username, password }) => username === first.username && password === first.password)
  return isSame ? first : undefined
}

/** The docker config of all clusters; empty where they differ. */
export function configOf(logins: Logins, { email }: Inputs['registry']): string {
  const clusters = new Set(logins.map(({ cluster }) => cluster ?? ''))
  const configs = [...clusters].map((cluster) => dockerConfig({ logins: loginsIn(cluster, logins), email }))
  const [config = ''] = new Set(configs)
  return new Set(configs).size === 1 ? config : ''
}

/** RFC 3339, without milliseconds where there are none. */
export function timestamp(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}

/** Only the texts of servers are redacted: the name of a namespace, or JSON, can be what someone stores as a password. */
export function redactedJson(results: readonly object[]): string {
  const isServerText = (key: string) => key === 'error' || key === 'reason'
  return JSON.stringify(results, (key, value) => (isServerText(key) ? redact(String(value)) : value))
}

/** Whether the run changed anything in the target. */
export function isChanged({ result, serviceAccounts }: TargetResult): boolean {
  const results = [result, ...serviceAccounts.map((account) => account.result)]
  return results.some((one) => one === 'created' || one === 'updated')
}
