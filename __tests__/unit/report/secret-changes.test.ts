// The diff of the job summary: which token stood and stands for which host.
import { describe, expect, it } from 'vitest'
import type { Stored } from '../../../src/pull-secret/read.ts'
import { failedTarget, type TargetOutcome } from '../../../src/pull-secret/target.ts'
import { diffText, secretChanges } from '../../../src/report/secret-changes.ts'
import { absent, bothHosts, holding, login, recordOf, unmanaged } from '../policy/stored-secret.ts'

const mintedAt = new Date('2026-11-25T10:00:00Z')
const record = recordOf({ tokenId: 'new', mintedAt, hosts: ['b.example.com', 'a.example.com'] })
const place = { cluster: { name: 'lab' } as never, namespace: 'shop' }
const outcome = (replaced: Stored, status: 'updated' | 'unchanged' = 'updated'): TargetOutcome => {
  return { ...place, status, replaced }
}
const entries = bothHosts(login('stored-password'))
const stored = (tokenId: string, hosts = record.hosts) =>
  holding({ tokenId, hosts, mintedAt: new Date('2026-10-25T10:00:00Z') }, { entries })
const NEW = 'token new, since 2026-11-25'

function lines(replaced: Stored): readonly string[] {
  return secretChanges([outcome(replaced)], record).flatMap((one) => one.lines)
}

describe('the change of a secret', () => {
  it.each<[string, Stored, string[]]>([
    ['that did not exist', absent, [`+ a.example.com: ${NEW}`, `+ b.example.com: ${NEW}`]],
    [
      'with another token',
      stored('old'),
      [
        '- a.example.com: token old, since 2026-10-25',
        `+ a.example.com: ${NEW}`,
        '- b.example.com: token old, since 2026-10-25',
        `+ b.example.com: ${NEW}`,
      ],
    ],
    [
      'of another origin',
      { ...unmanaged, entries: { 'a.example.com': login('theirs') } } as Stored,
      ['- a.example.com: a credential of another origin', `+ a.example.com: ${NEW}`, `+ b.example.com: ${NEW}`],
    ],
    [
      'with the same token',
      holding({ tokenId: 'new', hosts: record.hosts, mintedAt }, { entries }),
      [
        `  a.example.com: ${NEW}`,
        `  b.example.com: ${NEW}`,
        '! labels, annotations, or the password of the same token',
      ],
    ],
    [
      'with a host that is dropped',
      holding(
        { tokenId: 'new', hosts: [...record.hosts, 'c.example.com'], mintedAt },
        { entries: { ...entries, 'c.example.com': login('stored-password') } },
      ),
      [`  a.example.com: ${NEW}`, `  b.example.com: ${NEW}`, `- c.example.com: ${NEW}`],
    ],
  ])('%s', (_, replaced, expected) => {
    expect(lines(replaced)).toEqual(expected)
    expect(lines(replaced).join()).not.toContain('stored-password')
  })
})

it('counts equal changes, and leaves out what did not change or failed', () => {
  const changes = secretChanges(
    [
      outcome(absent),
      outcome(stored('old')),
      outcome(stored('old')),
      outcome(stored('new'), 'unchanged'),
      failedTarget({ ...place, stored: stored('old') }, new Error('no')),
    ],
    record,
  )
  expect(changes.map(({ count }) => count)).toEqual([2, 1])
  expect(diffText({ count: 2, lines: ['- a'] }, 'pull')).toBe('  Secret pull, in 2 namespaces\n- a')
})

it('shows three changes at most', () => {
  const outcomes = ['a', 'b', 'c', 'd'].map((tokenId) => outcome(stored(tokenId)))
  expect(secretChanges(outcomes, record)).toHaveLength(3)
})
