// Secrets as targets hold them, for tests of rules.
import type { Provenance } from '../../../src/pull-secret/provenance.ts'
import type { Stored, StoredSecret } from '../../../src/pull-secret/read.ts'
import { signHs256 } from '../../support/ibm/jwt.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export const now = new Date('2026-11-23T12:00:00Z')
export const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS)
export const daysAhead = (days: number) => daysAgo(-days)

export const absent: Stored = { kind: 'absent' }
export const tokenOf = (id: string) => signHs256({ jti: id }, 'secret')
export const login = (password: string, username = 'token') => ({ username, password })

export function bothHosts(entry: unknown): Record<string, unknown> {
  return { 'a.example.com': entry, 'b.example.com': entry }
}

/** A secret of this action that holds a credential for both hosts, with the changes that a test needs. */
export function holding(provenance: Partial<Provenance>, changes: Partial<StoredSecret> = {}): StoredSecret {
  const { tokenId = 'one' } = provenance
  return {
    kind: 'present',
    where: 'c: n/pull',
    type: 'kubernetes.io/dockerconfigjson',
    immutable: false,
    ours: true,
    managers: [],
    controller: undefined,
    resourceVersion: '1',
    labels: {},
    annotations: {},
    provenance: {
      tokenId,
      mintedAt: daysAgo(1),
      expiresAt: undefined,
      run: '',
      scopes: ['c n/pull'],
      retained: [],
      ...provenance,
    },
    data: '',
    config: {},
    entries: bothHosts({ ...login(tokenOf(tokenId)), auth: 'not read' }),
    ...changes,
  }
}

/** A secret that this action did not write. */
export const unmanaged = holding({}, { ours: false, provenance: undefined })
