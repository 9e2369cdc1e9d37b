import type { DesiredSecret } from '../../../src/pull-secret/desired.ts'
import type { CredentialRecord } from '../../../src/pull-secret/record.ts'
import { HOST, recordOf } from './stored-record.ts'

/** The secret `pull` with this password for `HOST`. */
export function secretOf(password: string, tokenId = 'id-1', record: Partial<CredentialRecord> = {}): DesiredSecret {
  return {
    name: 'pull',
    labels: {},
    annotations: {},
    adopt: false,
    record: recordOf({ tokenId, ...record }),
    logins: [{ servers: [HOST], username: 'token', password }],
    email: undefined,
    isUnusable: () => false,
    isRevocable: true,
    pendingKey: undefined,
  }
}
