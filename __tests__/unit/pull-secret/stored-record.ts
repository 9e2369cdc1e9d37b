// What a step of a workflow records about its credential.
import type { CredentialRecord, HostOwner } from '../../../src/pull-secret/record.ts'

export const HOST = 'registry.example.com'

/** The step that the tests are about. */
export const owner: HostOwner = { repository: 'acme/shop', provider: 'dedicated', hosts: [HOST] }

export function recordOf(changes: Partial<CredentialRecord> = {}): CredentialRecord {
  return {
    ...owner,
    tokenId: 'id-1',
    mintedAt: new Date('2025-11-23T10:00:00.123Z'),
    expiresAt: undefined,
    run: '',
    cluster: undefined,
    scopes: ['cluster shop/pull'],
    retained: [],
    ...changes,
  }
}

/** The record of another step of the workflow, which keeps another host in the same secret. */
export const otherStep = recordOf({
  provider: 'static',
  hosts: ['ghcr.io'],
  tokenId: 'provided-1',
  run: 'https://github.com/acme/shop/actions/runs/7',
})
