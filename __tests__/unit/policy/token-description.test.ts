import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import {
  describeMint,
  hostsText,
  type MintPurpose,
  type MintScope,
  mintOf,
} from '../../../src/policy/token-description.ts'
import { scopeOf } from '../../../src/pull-secret/scope.ts'
import type { Target } from '../../../src/pull-secret/target.ts'
import { daysAgo } from './stored-secret.ts'

function targetsOf(...places: readonly string[]): Target[] {
  return places.map((place) => {
    const [identity = '', namespace = ''] = place.split('/')
    return { cluster: { identity } as Cluster, namespace }
  })
}

const purpose: MintPurpose = {
  description: 'registry-pull-secret o/r pull',
  secretName: 'pull',
  hosts: ['us.icr.io'],
  targets: targetsOf('c/n'),
}
const describeAt = (changes: Partial<MintPurpose> = {}, days = 1, run = '17-1') =>
  describeMint({ ...purpose, ...changes }, { run, mintedAt: daysAgo(days), unique: 'ab12' })

describe('the description of a mint', () => {
  it('tells owner, scope, hosts, run and time, and is unique', () => {
    expect(describeAt()).toBe('registry-pull-secret o/r pull [c n/pull] us.icr.io 17-1 2026-11-22T12:00:00.000Z ab12')
    const withoutSecret = { description: 'mine', secretName: undefined }
    expect(describeAt(withoutSecret, 0, '')).toBe('mine 2026-11-23T12:00:00.000Z ab12')
  })

  it('has one word for several hosts, in whatever order', () => {
    const text = hostsText(['us.icr.io', 'de.icr.io'])
    expect(text).toMatch(/^2:sha256:[0-9a-f]{16}$/)
    expect(hostsText(['de.icr.io', 'us.icr.io'])).toBe(text)
    expect(hostsText(['de.icr.io', 'uk.icr.io'])).not.toBe(text)
    expect(hostsText([])).toMatch(/^0:sha256:[0-9a-f]{16}$/)
  })
})

describe('what a description says of a mint', () => {
  const scope: MintScope = { description: purpose.description, secretName: 'pull', clusters: ['c', 'd'] }

  it.each<[string, Partial<MintPurpose>]>([
    ['one target', {}],
    ['several hosts', { hosts: ['us.icr.io', 'de.icr.io'] }],
    ['several targets of one cluster', { targets: targetsOf('c/n', 'c/m') }],
    ['targets of all clusters of the run', { targets: targetsOf('c/n', 'd/n') }],
    ['targets of another cluster of the run', { targets: targetsOf('d/x') }],
    ['a secret of the same name in another namespace', { targets: targetsOf('c/n2') }],
  ])('is its scope, its hosts and its time: %s', (_, changes) => {
    const { targets, hosts } = { ...purpose, ...changes }
    const mint = { scope: scopeOf(targets, 'pull'), hosts: hostsText(hosts), mintedAt: daysAgo(1) }
    expect(mintOf(describeAt(changes), scope)).toEqual(mint)
    // Outside of GitHub Actions there is no run.
    expect(mintOf(describeAt(changes, 1, ''), scope)).toEqual(mint)
  })

  it.each(['with a ] bracket', 'of [team] x', '[', '] ', 'a [c n/pull] b'])(
    'is read after whatever the user chose as its beginning: %s',
    (description) => {
      expect(mintOf(describeAt({ description }), { ...scope, description })).toMatchObject({ scope: 'c n/pull' })
    },
  )

  const prefix = `${purpose.description} [c n/pull] us.icr.io`

  it.each([
    ['of another secret', describeAt({ secretName: 'pull2' })],
    ['of another secret in several namespaces', describeAt({ secretName: 'pull2', targets: targetsOf('c/n', 'c/m') })],
    ['of no secret', describeAt({ secretName: undefined })],
    ['of another cluster', describeAt({ targets: targetsOf('e/n') })],
    ['of one more cluster', describeAt({ targets: targetsOf('c/n', 'e/n') })],
    ['of another owner', describeAt({ description: 'registry-pull-secret o/r2 pull' })],
    ['of an owner with a name of the same length', describeAt({ description: 'registry-pull-secret o/x pull' })],
    ['of an owner that begins alike', describeAt({ description: `${purpose.description} 2` })],
    ['of an owner that ends alike', describeAt({ description: `x ${purpose.description}` })],
    ['with a description written by hand', `${prefix} by hand`],
    ['without a time', prefix],
    ['whose scope does not end', `${purpose.description} [c n/pull`],
    ['without a scope', `${purpose.description} [] us.icr.io 17-1 2026-11-22T12:00:00.000Z ab12`],
    ['without a description', ''],
  ])('is nothing for a token %s', (_, description) => {
    expect(mintOf(description, scope)).toBeUndefined()
  })
})
