// Secrets as targets hold them, for tests of rules.
import type { Logins } from '../../../src/policy/credential.ts'
import type { LoginRequest } from '../../../src/policy/held.ts'
import type { Stored, StoredSecret } from '../../../src/pull-secret/read.ts'
import type { CredentialRecord, HostOwner } from '../../../src/pull-secret/record.ts'
import { signHs256 } from '../../support/ibm/jwt.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export const now = new Date('2026-11-23T12:00:00Z')
export const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS)
export const daysAhead = (days: number) => daysAgo(-days)

/** The step that the tests are about. */
export const owner: HostOwner = {
  repository: 'acme/shop',
  provider: 'dedicated',
  hosts: ['a.example.com', 'b.example.com'],
}
export const loginRequest: LoginRequest = { owner, username: 'token', provided: undefined }

export const absent: Stored = { kind: 'absent' }
export const tokenOf = (id: string) => signHs256({ jti: id }, 'secret')
export const login = (password: string, username = 'token') => ({ username, password })
/** A credential with one login for both hosts. */
export const loginsOf = (password: string): Logins => [{ servers: owner.hosts, ...login(password) }]

export function bothHosts(entry: unknown): Record<string, unknown> {
  return { 'a.example.com': entry, 'b.example.com': entry }
}

/** A record of the step, with the changes that a test needs. */
export function recordOf(changes: Partial<CredentialRecord> = {}): CredentialRecord {
  return {
    ...owner,
    tokenId: 'one',
    mintedAt: daysAgo(1),
    expiresAt: undefined,
    run: '',
    cluster: undefined,
    scopes: ['c n/pull'],
    retained: [],
    ...changes,
  }
}

/** A record of another step of the workflow, which keeps other hosts in the same secret. */
export const otherStep = recordOf({ provider: 'static', hosts: ['c.example.com'], tokenId: 'other-step' })

/** A secret of this action that holds a credential for both hosts, with the changes that a test needs. */
export function holding(record: Partial<CredentialRecord>, changes: Partial<StoredSecret> = {}): StoredSecret {
  const { tokenId = 'one' } = record
  return {
    kind: 'present',
    name: 'pull',
    cluster: 'c',
    where: 'c: n/pull',
    type: 'kubernetes.io/dockerconfigjson',
    immutable: false,
    ours: true,
    managers: [],
    controller: undefined,
    deletion: undefined,
    resourceVersion: '1',
    labels: {},
    annotations: {},
    records: [recordOf({ tokenId, ...record })],
    pending: [],
    data: '',
    config: {},
    entries: bothHosts({ ...login(tokenOf(tokenId)), auth: 'not read' }),
    ...changes,
  }
}

/** A secret that this action did not write. */
export const unmanaged = holding({}, { ours: false, records: [] })
