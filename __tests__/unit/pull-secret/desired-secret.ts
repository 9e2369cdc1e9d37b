import type { DesiredSecret } from '../../../src/pull-secret/desired.ts'
import type { CredentialRecord } from '../../../src/pull-secret/record.ts'
import { dockerConfig } from '../../../src/registry/docker-config.ts'
import { HOST, recordOf } from './stored-record.ts'

/** The secret `pull` with this password for `HOST`. */
export function secretOf(password: string, tokenId = 'id-1', record: Partial<CredentialRecord> = {}): DesiredSecret {
  const credential = { servers: [HOST], username: 'token', password, email: undefined }
  return {
    name: 'pull',
    labels: {},
    annotations: {},
    adopt: false,
    record: recordOf({ tokenId, ...record }),
    dockerConfig: (stored) => dockerConfig(credential, stored),
    isUnusable: () => false,
    isRevocable: true,
    pendingKey: undefined,
  }
}
