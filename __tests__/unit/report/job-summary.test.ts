// The job summary of runs of any size.
import { describe, expect, it } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { jobSummary, type SummaryData } from '../../../src/report/job-summary.ts'
import type { TargetResult } from '../../../src/report/results.ts'
import type { WorkloadReport } from '../../../src/workload/deploy.ts'

const NOTHING: SummaryData = {
  isDryRun: false,
  unused: undefined,
  decision: '',
  credential: undefined,
  nextRotation: '',
  verifications: [],
  targets: [],
  notes: [],
  workloads: [],
  revoked: [],
  unrevoked: [],
}

function target(index: number, result: TargetResult['result'], error?: string): TargetResult {
  const place = { cluster: 'prod', namespace: `team-${index}`, secret: 'pull' }
  return { ...place, result, serviceAccounts: [], ...(error !== undefined && { error }) }
}

/** The results of a table's rows, and the count of the others below it. */
function readTable(summary: string, first: string) {
  const lines = summary.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${first} |`)) + 2
  const end = lines.indexOf('', start)
  const results = lines.slice(start, end).map((row) => /\| (\w+)[^|]*\|$/.exec(row)?.[1])
  const [, more = '0', tally = ''] = /^… and (\S+) more: (.*?)\. All/.exec(lines[end + 1] ?? '') ?? []
  const number = (figure: string) => Number(figure.replaceAll(',', ''))
  const counted = tally.split(', ').map((part) => part.split(/ (.*)/))
  return {
    results,
    more: number(more),
    counted: Object.fromEntries(counted.map(([figure = '', result = '']) => [result, number(figure)])),
  }
}

describe('the summary of 10,000 targets', () => {
  const targets = Array.from({ length: 10_000 }, (_, index) =>
    index % 1000 === 7
      ? target(index, 'failed', `Could not write team-${index}`)
      : target(index, index % 500 === 9 ? 'updated' : 'unchanged'),
  )
  const summary = jobSummary({ ...NOTHING, targets }, [new ActionError('timeout', 'Could not write')])

  it('shows the failed targets first, then the changed ones', () => {
    const { results } = readTable(summary, 'Secret')
    expect(results).toEqual([...Array(10).fill('failed'), ...Array(20).fill('updated'), ...Array(70).fill('unchanged')])
    expect(summary).toContain('| pull | team-7 | prod | failed: Could not write team-7 |')
  })

  it('counts all targets above the table, and below it those that the table omits', () => {
    expect(summary).toContain('\n\n10,000 targets: 10 failed, 20 updated, 9,970 unchanged\n\n| Secret |')
    expect(readTable(summary, 'Secret')).toMatchObject({ more: 9900, counted: { unchanged: 9900 } })
  })

  it('counts failed targets when not all of them fit', () => {
    const failing = targets.map((one, index) => (index < 300 ? target(index, 'failed', 'no') : one))
    const { results, more, counted } = readTable(jobSummary({ ...NOTHING, targets: failing }, []), 'Secret')
    expect(new Set(results)).toEqual(new Set(['failed']))
    const failed = failing.filter(({ result }) => result === 'failed').length
    expect(counted).toMatchObject({ failed: failed - 100, unchanged: expect.any(Number) })
    expect(Object.values<number>(counted).reduce((sum, one) => sum + one)).toBe(more)
    expect(results.length + more).toBe(10_000)
  })
})

describe('the limit of GitHub, 1 MiB,', () => {
  it.each([
    ['plain', 'x'],
    ['escaped', '<|@'],
    ['with many bytes', '\u20ac\u{1F600}'],
    ['of control characters', '\0\n'],
  ])('is not exceeded by the longest names and reasons: %s', (_, unit) => {
    const long = unit.repeat(5000)
    const many = <T>(entry: (index: number) => T) => Array.from({ length: 10_000 }, (_, index) => entry(index))
    const serviceAccounts = many((index) => ({ name: `account-${index}`, result: 'updated' as const })).slice(0, 500)
    const place = { cluster: long, namespace: 'n'.repeat(63) }
    const errors = many((index) => {
      const manifest = `kind: Role # ${index}\n${'- rule\n'.repeat(2000)}`
      return new ActionError('permission-missing', `${index} ${long}`, { details: { manifest } })
    })
    const data: SummaryData = {
      isDryRun: false,
      unused: undefined,
      decision: long,
      nextRotation: '2030-01-01T00:00:00Z',
      credential: [long, long, long, long, long],
      verifications: many((index) => `${index} ${long}`),
      targets: many((index) => ({
        ...place,
        secret: 's'.repeat(253),
        result: index % 2 === 0 ? 'failed' : 'created',
        serviceAccounts,
        error: long,
      })),
      notes: [long, long],
      workloads: many(
        (): WorkloadReport => ({ ...place, kind: 'Pod', name: 'p'.repeat(253), result: 'failed', reason: long }),
      ),
      revoked: many((index) => `${index}${long}`),
      unrevoked: many((index) => ({ tokenId: `${index}${long}`, reason: long })),
    }
    const summary = jobSummary(data, errors)
    expect(Buffer.byteLength(summary)).toBeLessThan(1_048_576)
    for (const first of ['Secret', 'Workload', 'Old token']) {
      const { results, more, counted } = readTable(summary, first)
      expect(results.length).toBeGreaterThan(0)
      expect(results.length + more).toBe(first === 'Old token' ? 20_000 : 10_000)
      if (first === 'Secret') expect(counted).toEqual({ failed: 5000 - results.length, created: 5000 })
    }
  })

  it('leaves room for a hundred failed targets with the longest names and a typical error', () => {
    const place = { cluster: 'c'.repeat(63), namespace: 'n'.repeat(63), secret: 's'.repeat(253) }
    const error = 'Could not write it: the server returned 403 Forbidden. '.repeat(15)
    const targets = Array.from({ length: 10_000 }, () => ({ ...target(0, 'failed', error), ...place }))
    expect(readTable(jobSummary({ ...NOTHING, targets }, []), 'Secret').results).toHaveLength(100)
  })
})

it('marks a dry run in its title', () => {
  expect(jobSummary({ ...NOTHING, isDryRun: true }, [])).toBe('## ✅ Registry Pull Secret (dry run)\n')
})

it('shows an unused token as revoked, and not as in use', () => {
  const summary = jobSummary({ ...NOTHING, unused: 'id-1' }, [])
  expect(summary).toContain('| id-1 | revoked: this run minted it and did not use it |')
})

it('omits the parts that a run did not do', () => {
  expect(jobSummary(NOTHING, [])).toBe('## ✅ Registry Pull Secret\n')
})
