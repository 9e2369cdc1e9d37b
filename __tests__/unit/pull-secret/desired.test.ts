import { expect, it } from 'vitest'
import { dataOf } from '../../../src/pull-secret/desired.ts'
import type { StoredSecret } from '../../../src/pull-secret/read.ts'
import { secretOf } from './desired-secret.ts'
import { HOST } from './stored-record.ts'

/** The hosts of the docker config that a secret with these entries gets. */
function hostsAfter(auths: Readonly<Record<string, unknown>>): string[] {
  const stored = { kind: 'present', config: { auths }, records: [] } as unknown as StoredSecret
  const config = Buffer.from(dataOf('lab', stored, desired), 'base64').toString()
  return Object.keys(JSON.parse(config).auths)
}

const desired = secretOf('a-password-of-ours')

it('keeps the entries of other hosts, also one without a name', () => {
  expect(hostsAfter({ 'a.example.com': {}, '': {} })).toEqual(['', 'a.example.com', HOST].sort())
})

it('is computed again for a secret with other entries', () => {
  for (const host of ['a.example.com', 'b.example.com', 'a.example.com'])
    expect(hostsAfter({ [host]: {} })).toEqual([host, HOST].sort())
})
