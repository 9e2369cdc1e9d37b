import { describe, expect, it } from 'vitest'
import { formatPending, ownPending, type PendingRotation, parsePending } from '../../../src/pull-secret/pending.ts'
import { HOST, owner } from './stored-record.ts'

const rotation: PendingRotation = {
  ...owner,
  key: 'ab12cd34',
  descriptions: ['registry-pull-secret acme/shop pull [c n/pull] registry.example.com 17.1 2025-11-23T10:00:00Z ab12'],
  superseded: ['id-1', 'ApiKey-0c2b7c5e'],
}
const rotations = (...changes: readonly object[]) => JSON.stringify(changes.map((one) => ({ ...rotation, ...one })))
const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`)

describe('pending rotations', () => {
  it.each<[string, PendingRotation[]]>([
    ['one', [rotation]],
    ['several', [rotation, { ...rotation, key: 'other', provider: 'static' }]],
    ['of no repository', [{ ...rotation, repository: '' }]],
    ['with nothing to do', [{ ...rotation, descriptions: [], superseded: [] }]],
    ['with a description of another language', [{ ...rotation, descriptions: ['für [c n/pull]'] }]],
  ])('are read as they were written: %s', (_, pending) => {
    expect(parsePending(formatPending(pending))).toEqual(pending)
  })

  it('are removed when there is none', () => {
    expect(formatPending([])).toBeNull()
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['not a text', {}],
    ['no JSON', '[{'],
    ['null', 'null'],
    ['a text', '"key"'],
    ['an object', JSON.stringify(rotation)],
    ['values that are not rotations', '[null,7,"key",[],{}]'],
    ['more than 32 KiB', rotations({}).padEnd(32 * 1024 + 1)],
    ['one without a key', rotations({ key: undefined })],
    ['one with an empty key', rotations({ key: '' })],
    ['one with a key that is not a text', rotations({ key: 7 })],
    ['one without a provider', rotations({ provider: null })],
  ])('are none in %s', (_, annotation) => {
    expect(parsePending(annotation)).toEqual([])
  })

  it.each<[string, object, Partial<PendingRotation>]>([
    ['a repository that is not a text', { repository: 7 }, { repository: '' }],
    ['hosts that are no list', { hosts: HOST }, { hosts: [] }],
    ['hosts that are not texts', { hosts: [7, HOST, null, ''] }, { hosts: [HOST] }],
    ['descriptions with control characters', { descriptions: ['a\nb', 'a\u001b[1m', 'c'] }, { descriptions: ['c'] }],
    ['long descriptions', { descriptions: ['a'.repeat(2001), 'c'] }, { descriptions: ['c'] }],
    ['more than 50 descriptions', { descriptions: many(51) }, { descriptions: many(50) }],
    ['more than 50 superseded tokens', { superseded: many(51) }, { superseded: many(50) }],
    ['what is no id of a token', { superseded: ['../x', 'a b', '..', '', 'id-1'] }, { superseded: ['id-1'] }],
  ])('are read without %s', (_, changes, expected) => {
    expect(parsePending(rotations(changes))).toEqual([{ ...rotation, ...expected }])
  })

  it('are read up to 32 KiB and 50 of them', () => {
    expect(parsePending(rotations({}).padEnd(32 * 1024))).toEqual([rotation])
    const keys = parsePending(rotations(...many(60).map((key) => ({ key })))).map(({ key }) => key)
    expect(keys).toEqual(many(50))
  })

  it.each<[string, Partial<PendingRotation>, boolean]>([
    ['of the same step', {}, true],
    ['of a step with more hosts', { hosts: ['ghcr.io', HOST] }, true],
    ['of a step with other hosts', { hosts: ['ghcr.io'] }, false],
    ['of another provider', { provider: 'static' }, false],
    ['of another repository', { repository: 'acme/other' }, false],
    ['without hosts', { hosts: [] }, false],
  ])('belong to a step: %s', (_, changes, expected) => {
    const one = { ...rotation, ...changes }
    expect(ownPending([one], owner)).toEqual(expected ? [one] : [])
  })
})
