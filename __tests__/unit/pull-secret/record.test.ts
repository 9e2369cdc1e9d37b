import { describe, expect, it } from 'vitest'
import {
  type CredentialRecord,
  conflictingRecords,
  droppedHosts,
  formatRecords,
  formatWith,
  isOwn,
  ownRecords,
  parseRecords,
  withRecord,
} from '../../../src/pull-secret/record.ts'
import { HOST, otherStep, owner, recordOf } from './stored-record.ts'

const now = new Date('2025-11-24T10:00:00Z').getTime()
const parse = (annotation: unknown) => parseRecords(annotation, now)

const full = recordOf({
  expiresAt: new Date('2025-12-23T10:00:00Z'),
  run: 'https://github.com/acme/shop/actions/runs/1/attempts/2',
  scopes: ['cluster shop/pull', 'cluster,other 3 pull sha256:0123456789abcdef'],
  retained: ['id-8', 'ApiKey-0c2b7c5e-5e34-4f0e-8f0e-1d1f3c1e0b1a'],
})

/** A record as it is written. */
const json: Readonly<Record<string, unknown>> = {
  hosts: [HOST],
  provider: 'dedicated',
  repository: 'acme/shop',
  id: 'id-1',
  'minted-at': '2025-11-23T10:00:00.123Z',
  'expires-at': '2025-12-23T10:00:00Z',
  scope: full.scopes,
  retained: full.retained,
  run: full.run,
}
const annotation = (...records: readonly unknown[]) => JSON.stringify(records)
const textOf = (length: number) => 'a'.repeat(length)
const many = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

describe('the annotation', () => {
  it('contains one record for each credential, without what is not known', () => {
    expect(JSON.parse(formatRecords([full]))).toEqual([json])
    const { hosts, provider, repository, id, scope } = json
    const least = recordOf({ mintedAt: undefined, scopes: full.scopes })
    expect(JSON.parse(formatRecords([least]))).toEqual([{ hosts, provider, repository, id, scope }])
    expect(formatRecords([])).toBe('[]')
  })

  it.each<[string, CredentialRecord[]]>([
    ['a full record', [full]],
    ['the least', [recordOf({ mintedAt: undefined, scopes: [] })]],
    ['outside of GitHub Actions', [recordOf({ repository: '' })]],
    ['two steps', [otherStep, full]],
    ['the key of Docker Hub', [recordOf({ hosts: ['https://index.docker.io/v1/'] })]],
    ['a host with a port and a path', [recordOf({ hosts: ['[fd00::1]:5000/team'] })]],
    ['GitHub Enterprise Server', [recordOf({ run: 'http://github.acme.example:8080/a/b/actions/runs/1' })]],
    ['the longest id', [recordOf({ tokenId: textOf(128) })]],
    ['the most scopes and retained ids', [recordOf({ scopes: many(100, 'c n/'), retained: many(100, 'id-') })]],
    ['a long scope', [recordOf({ scopes: [`c ${textOf(4094)}`] })]],
    ['a clock that is a little ahead', [recordOf({ mintedAt: new Date(now + 9 * 60_000) })]],
  ])('is read as it was written: %s', (_, records) => {
    expect(parse(formatRecords(records))).toEqual(records)
  })

  it('is the same for the same records, in whatever order they and their hosts are', () => {
    const two = recordOf({ hosts: ['b.example.com', 'a.example.com'] })
    const text = formatRecords([otherStep, two, full])
    expect(formatRecords([full, { ...two, hosts: two.hosts.toReversed() }, otherStep])).toBe(text)
    expect(parse(text).map(({ hosts }) => hosts)).toEqual([['a.example.com', 'b.example.com'], ['ghcr.io'], [HOST]])
    expect(formatRecords(parse(text))).toBe(text)
  })

  it.each<[string, unknown]>([
    ['none', undefined],
    ['an empty one', ''],
    ['not a text', 7],
    ['no JSON', '{['],
    ['an object', '{"0":{}}'],
    ['a text', '"id-1"'],
    ['null', 'null'],
    ['an empty list', '[]'],
    ['lists', '[[],[[]]]'],
    ['values that are not records', '[null,7,"id-1",true,{}]'],
    ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['more than 64 KiB', annotation(json).padEnd(64 * 1024 + 1)],
  ])('has no record: %s', (_, text) => {
    expect(parse(text)).toEqual([])
  })

  it('is read up to 64 KiB and 50 records', () => {
    expect(parse(annotation(json).padEnd(64 * 1024))).toEqual([full])
    const records = many(60, 'h').map((host) => ({ ...json, hosts: [host], scope: [], retained: [] }))
    expect(parse(annotation(...records)).map(({ hosts: [host] }) => host)).toEqual(many(50, 'h'))
  })

  it('is read although other records in it are invalid', () => {
    expect(parse(annotation(null, { ...json, id: '../x' }, json, 'x'))).toEqual([full])
  })
})

describe('a record is ignored', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['without an id', { id: undefined }],
    ['with a number as its id', { id: 7 }],
    ['with an empty id', { id: '' }],
    ['with a path as its id', { id: '../../other' }],
    ['with `..` as its id', { id: '..' }],
    ['with a slash in its id', { id: 'a/b' }],
    ['with a question mark in its id', { id: 'a?b' }],
    ['with an encoded slash in its id', { id: 'a%2fb' }],
    ['with a space in its id', { id: 'a b' }],
    ['with a line break after its id', { id: 'id-1\n' }],
    ['with a letter of no ASCII in its id', { id: 'é' }],
    ['with an id of 129 characters', { id: textOf(129) }],
    ['without hosts', { hosts: undefined }],
    ['with an empty list of hosts', { hosts: [] }],
    ['with a text instead of hosts', { hosts: HOST }],
    ['with an empty host only', { hosts: [''] }],
    ['with a space in its only host', { hosts: ['a b'] }],
    ['with a control character in its only host', { hosts: ['a\u0007'] }],
    ['with a host of 254 characters', { hosts: [textOf(254)] }],
    ['without a provider', { provider: undefined }],
    ['with a provider of another form', { provider: 'a provider' }],
  ])('%s', (_, changes) => {
    expect(parse(annotation({ ...json, ...changes }))).toEqual([])
  })
})

describe('a value of a record is ignored', () => {
  it.each<[string, Readonly<Record<string, unknown>>, Partial<CredentialRecord>]>([
    ['a repository of another form', { repository: 'acme/shop\nx' }, { repository: '' }],
    ['a long repository', { repository: textOf(201) }, { repository: '' }],
    ['hosts of another form', { hosts: [HOST, 7, 'a b', 'é', HOST] }, { hosts: [HOST] }],
    ['more than 100 hosts', { hosts: many(101, 'h') }, { hosts: many(100, 'h') }],
    ['a scope of one word', { scope: ['cluster'] }, { scopes: [] }],
    ['a scope of five words', { scope: ['a b c d e'] }, { scopes: [] }],
    ['a scope with a line break', { scope: ['a b\nc'] }, { scopes: [] }],
    ['a scope with two spaces', { scope: ['a  b'] }, { scopes: [] }],
    ['a scope of more than 4096 characters', { scope: [`c ${textOf(4095)}`, 'c n/pull'] }, { scopes: ['c n/pull'] }],
    ['a scope that is not a text', { scope: [null, { a: 1 }, 'c n/pull', 'c n/pull'] }, { scopes: ['c n/pull'] }],
    ['a text instead of scopes', { scope: 'c n/pull' }, { scopes: [] }],
    ['more than 100 scopes', { scope: many(101, 'c n/') }, { scopes: many(100, 'c n/') }],
    ['retained ids of another form', { retained: ['a/b', '..', 7, 'id-8', '', 'id-8'] }, { retained: ['id-8'] }],
    ['more than 100 retained ids', { retained: many(101, 'id-') }, { retained: many(100, 'id-') }],
    ['a run that is no URL', { run: 'javascript:alert(1)' }, { run: '' }],
    ['a run with other characters', { run: 'https://github.com/a?b=<c>' }, { run: '' }],
    ['a long run', { run: `https://${textOf(301)}` }, { run: '' }],
    ['a time in words', { 'minted-at': 'long ago' }, { mintedAt: undefined }],
    ['a time as a number', { 'minted-at': 1_700_000_000_000 }, { mintedAt: undefined }],
    ['a time without a date', { 'minted-at': '7' }, { mintedAt: undefined }],
    ['a time of another zone', { 'minted-at': '2025-11-23T10:00:00+01:00' }, { mintedAt: undefined }],
    ['a time that does not exist', { 'minted-at': '2025-13-01T10:00:00Z' }, { mintedAt: undefined }],
    ['a time ahead of now', { 'minted-at': new Date(now + 10 * 60_000).toISOString() }, { mintedAt: undefined }],
    ['a time far ahead', { 'minted-at': '9999-01-01T00:00:00.000Z' }, { mintedAt: undefined }],
    ['an expiry in words', { 'expires-at': 'never' }, { expiresAt: undefined }],
    ['an expiry without a form', { 'expires-at': '+275760-09-13T00:00:00Z' }, { expiresAt: undefined }],
  ])('%s', (_, changes, expected) => {
    expect(parse(annotation({ ...json, ...changes }))).toEqual([{ ...full, ...expected }])
  })

  it('and its other keys are not written again', () => {
    expect(formatRecords(parse(annotation({ ...json, more: 'x', __proto__: { a: 1 } })))).toBe(formatRecords([full]))
  })
})

const wide = recordOf({ hosts: ['a', 'b', 'c'], tokenId: 'wide' })

describe('the owner of a record', () => {
  it.each([
    ['the same step', {}, 'own'],
    ['a step with one more host', { hosts: [HOST, 'ghcr.io'] }, 'own'],
    ['the same workflow for other hosts', { hosts: ['ghcr.io'] }, 'other'],
    ['another provider for the same host', { provider: 'static' }, 'conflict'],
    ['another repository for the same host', { repository: 'acme/other' }, 'conflict'],
    ['another repository for one of its hosts', { repository: '', hosts: ['ghcr.io', HOST] }, 'conflict'],
    ['another repository for other hosts', { repository: 'acme/other', hosts: ['ghcr.io'] }, 'other'],
  ])('is %s', (_, changes, expected) => {
    const record = recordOf(changes)
    expect(ownRecords([otherStep, record], owner)).toEqual(expected === 'own' ? [record] : [])
    expect(conflictingRecords([otherStep, record], owner)).toEqual(expected === 'conflict' ? [record] : [])
    expect(isOwn(record, owner)).toBe(expected === 'own')
  })

  it('is no step without hosts', () => {
    const nothing = { ...owner, hosts: [] }
    expect(ownRecords([wide], nothing)).toEqual([])
    expect(conflictingRecords([otherStep], nothing)).toEqual([])
  })
})

describe('the records with that of a step', () => {
  const own = recordOf({ tokenId: 'id-2' })
  const theirs = recordOf({ repository: 'acme/other', hosts: ['a', HOST, 'b'], tokenId: 'theirs', retained: ['id-0'] })

  it.each<[string, CredentialRecord[], CredentialRecord[]]>([
    ['are that one alone', [], [own]],
    ['have no earlier one of this step', [recordOf(), recordOf({ tokenId: 'id-0' })], [own]],
    ['keep that of another step', [otherStep, recordOf()], [otherStep, own]],
    ['keep that of another step of the same provider', [recordOf({ hosts: ['a'] })], [recordOf({ hosts: ['a'] }), own]],
    ['have each host once', [theirs], [{ ...theirs, hosts: ['a', 'b'] }, own]],
    ['have none without a host', [recordOf({ provider: 'static' })], [own]],
  ])('%s', (_, records, expected) => {
    expect(withRecord(records, own)).toEqual(expected)
    expect(formatWith(records, own)).toBe(formatRecords(expected))
  })

  it('have no earlier one of this step that was for more hosts', () => {
    const narrow = recordOf({ hosts: ['b'] })
    expect(withRecord([wide, otherStep], narrow)).toEqual([otherStep, narrow])
  })

  it.each<[string, CredentialRecord[]]>([
    ['50 others that come first', many(50, 'a').map((host) => recordOf({ hosts: [host] }))],
    ['others of almost 64 KiB', [recordOf({ hosts: ['a'], scopes: many(15, `c ${textOf(4000)}`) })]],
  ])('have that one, whatever a tenant adds: %s', (_, others) => {
    const scopes = [`c ${textOf(4000)}`]
    const large = { ...own, scopes }
    expect(parse(formatRecords(others))).toHaveLength(others.length)
    expect(ownRecords(parse(formatWith(others, large)), owner)).toEqual([large])
  })
})

describe('the hosts that a step no longer lists', () => {
  it.each<[string, CredentialRecord[], string[], string[]]>([
    ['are none at first', [], ['a'], []],
    ['are none when it lists the same', [wide], ['c', 'b', 'a'], []],
    ['are none when it lists more', [wide], ['a', 'b', 'c', 'd'], []],
    ['are those of its record', [wide], ['b'], ['a', 'c']],
    ['are never those of another step', [otherStep, wide], ['a', 'b', 'c'], []],
    ['are never those of another owner', [{ ...wide, provider: 'static' }], ['b'], []],
    ['are none when it has no host in common with the record', [wide], ['d'], []],
  ])('%s', (_, records, hosts, expected) => {
    expect(droppedHosts(records, { ...owner, hosts })).toEqual(expected)
  })
})
