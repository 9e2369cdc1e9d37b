// The job summary of runs of any size.
import { describe, expect, it } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { jobSummary } from '../../../src/report/job-summary.ts'
import { NOTHING_DONE, type SummaryData } from '../../../src/report/summary-data.ts'
import type { WorkloadReport } from '../../../src/workload/deploy.ts'
import { OLD_TOKEN, places, ROTATED, TOKEN, target, targets } from '../../support/summary/fixtures.ts'

/** The rows of a table, and the number of the others below it. */
function readTable(summary: string, first: string) {
  const lines = summary.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${first} |`)) + 2
  const end = lines.indexOf('', start)
  const [, more = '0', tally = ''] = /^… and (\S+) more: (.*?)\. All/.exec(lines[end + 1] ?? '') ?? []
  return { rows: start === 1 ? [] : lines.slice(start, end), more: Number(more.replaceAll(',', '')), tally }
}

/** The right side of a fact. */
function fact(summary: string, label: string): string | undefined {
  const prefix = `| **${label}** | `
  return summary
    .split('\n')
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length, -2)
}

describe('the summary of a rotation', () => {
  const summary = jobSummary(ROTATED, [])

  it('begins with what the run did', () => {
    expect(summary).toMatch(/^## ✅ Rotated `pull` in 3 namespaces, revoked 1 old token\n\n\| \| \|\n/)
  })

  it('has its facts in a few lines', () => {
    expect(fact(summary, 'Registry')).toBe('`registry.example.com`, user `token`')
    expect(fact(summary, 'Token')).toBe(`\`${TOKEN}\`, minted by this run, does not expire`)
    expect(fact(summary, 'Old token')).toBe(`~~\`${OLD_TOKEN}\`~~ revoked \\(31 days old\\)`)
    expect(fact(summary, 'Verification')).toMatch(/^Registry registry\.example\.com lets/)
    expect(fact(summary, 'Next rotation')).toBe('In the first run after 2026-12-25 21:54 UTC')
    expect(fact(summary, 'Took')).toBe('6.0 s, of which 4.9 s to let in-flight pulls end, 27 requests')
    expect(fact(summary, 'Pods keep pulling?')).toBeUndefined()
  })

  it('folds its namespaces and its timeline', () => {
    expect(summary).toContain(
      '<details><summary>3 namespaces updated</summary>\n\n| Namespace | Cluster | Result |\n| --- | --- | --- |\n| team-0 | prod | updated |\n',
    )
    expect(summary).toContain(
      `<details><summary>What changed in the secrets</summary>\n\n\`\`\`diff\n  Secret pull, in 3 namespaces\n- registry.example.com: token ${OLD_TOKEN}, since 2026-10-25\n+ registry.example.com: token ${TOKEN}, since 2026-11-25\n\`\`\`\n\n</details>`,
    )
    expect(summary).toContain(
      '<details><summary>Timeline</summary>\n\n| Phase | Took | Requests |\n| --- | ---: | ---: |\n',
    )
    expect(summary).toContain('| Read the targets | 0.2 s | 3 |\n| Wait for in-flight pulls | 4.9 s | 0 |\n')
  })
})

describe('the summary of 10,000 targets', () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    index % 1000 === 7
      ? target(index, 'failed', `Could not write team-${index}`)
      : target(index, index % 500 === 9 ? 'updated' : 'unchanged'),
  ).map((one, index) => ({ ...one, cluster: index < 6000 ? 'eu' : 'us' }))
  const summary = jobSummary({ ...ROTATED, targets: many }, [new ActionError('timeout', 'Could not write')])

  it('has a row for each that failed, and for no other', () => {
    const { rows } = readTable(summary, 'Failed namespace')
    expect(rows).toHaveLength(10)
    expect(rows[0]).toBe('| team-7 | eu | Could not write team-7 |')
    expect(summary).not.toContain('team-9 ')
  })

  it('counts the others for each cluster, folded', () => {
    expect(summary).toContain('<summary>9,990 other namespaces: 20 updated, 9,970 unchanged</summary>')
    expect(readTable(summary, 'Cluster').rows).toEqual([
      '| eu | 12 updated, 5,982 unchanged |',
      '| us | 8 updated, 3,988 unchanged |',
    ])
  })

  it('counts those that failed when not all of them fit', () => {
    const failing = many.map((one, index) => (index < 300 ? target(index, 'failed', 'no') : one))
    const { rows, more } = readTable(jobSummary({ ...ROTATED, targets: failing }, []), 'Failed namespace')
    expect(rows).toHaveLength(100)
    expect(rows.length + more).toBe(failing.filter(({ result }) => result === 'failed').length)
  })
})

describe('the limit of GitHub, 1 MiB,', () => {
  it.each([
    ['plain', 'x'],
    ['escaped', '<|@'],
    ['with many bytes', '\u20ac\u{1F600}'],
    ['of control characters', '\0\n'],
  ])('is not exceeded by the longest names and reasons: %s', (_, unit) => {
    const long = unit.repeat(2500)
    const many = <T>(entry: (index: number) => T) => Array.from({ length: 10_000 }, (_, index) => entry(index))
    const serviceAccounts = many((index) => ({ name: `account-${index}`, result: 'updated' as const })).slice(0, 500)
    const place = { cluster: long, namespace: 'n'.repeat(63) }
    const errors = many((index) => {
      const manifest = `kind: Role # ${index}\n${'- rule\n'.repeat(2000)}`
      return new ActionError('permission-missing', `${index} ${long}`, { hint: long, details: { manifest } })
    })
    const data: SummaryData = {
      isDryRun: true,
      isVerified: true,
      secretName: long,
      unused: long,
      choice: { action: 'mint', reason: long },
      overdue: long,
      nextRotation: '2030-01-01T00:00:00Z',
      credential: {
        tokenId: long,
        origin: 'minted',
        expiresAt: '2030-01-01T00:00:00Z',
        servers: many(() => long),
        username: long,
      },
      replaced: many((index) => ({ tokenId: `${index}${long}`, ageDays: index })),
      verifications: many((index) => `${index} ${long}`),
      targets: many((index) => ({
        ...place,
        cluster: `${index}${long}`,
        secret: 's'.repeat(253),
        result: index % 2 === 0 ? 'failed' : 'created',
        serviceAccounts,
        error: long,
      })),
      changes: many((index) => ({ count: index, lines: [long, long] })),
      isWriting: true,
      notes: many((index) => `${index}${long}`),
      workloads: many(
        (index): WorkloadReport => ({
          ...place,
          cluster: `${index}${long}`,
          kind: 'Pod',
          name: 'p'.repeat(253),
          result: index % 2 === 0 ? 'failed' : 'ready',
          reason: long,
        }),
      ),
      revoked: many((index) => `${index}${long}`),
      unrevoked: many((index) => ({ tokenId: `${index}${long}`, reason: long })),
      pulls: many((index) => ({ answer: 'unknown' as const, reason: `${index}${long}`, targets: places(2, long) })),
      phases: many(() => ({ title: long, durationMs: 1e9, requests: 1e9, isFailed: true })),
      total: { durationMs: 1e9, requests: 1e9 },
    }
    const summary = jobSummary(data, errors)
    expect(Buffer.byteLength(summary)).toBeLessThan(1_048_576)
    for (const [first, total] of [
      ['Failed namespace', 5000],
      ['Failed workload', 5000],
      ['Old token', 20_000],
    ] as const) {
      const { rows, more } = readTable(summary, first)
      expect(rows.length, first).toBeGreaterThan(0)
      expect(rows.length + more, first).toBe(total)
    }
  })

  it('leaves room for a hundred failed targets with the longest names and a typical error', () => {
    const place = { cluster: 'c'.repeat(63), namespace: 'n'.repeat(63), secret: 's'.repeat(253) }
    const error = 'Could not write it: the server returned 403 Forbidden. '.repeat(15)
    const failed = Array.from({ length: 10_000 }, () => ({ ...target(0, 'failed', error), ...place }))
    expect(readTable(jobSummary({ ...ROTATED, targets: failed }, []), 'Failed namespace').rows).toHaveLength(100)
  })
})

describe('of a run that failed, the summary', () => {
  const failed: SummaryData = {
    ...ROTATED,
    targets: targets(1000, (index) => (index < 4 ? 'failed' : 'updated')),
    revoked: [],
    pulls: [
      { answer: 'no', reason: 'the secret does not exist', targets: places(1) },
      { answer: 'as-before', reason: 'the secret still holds token `old`', targets: places(5) },
      { answer: 'yes', reason: 'the secret holds token `new`', targets: places(994) },
    ],
  }

  it('has one box for each cause, with what to do about it and where to read more', () => {
    const errors = [
      new ActionError('permission-missing', 'Not allowed', { hint: 'Apply the Role' }),
      new ActionError('internal-error', 'This is a bug'),
    ]
    const [, first, second] = jobSummary(failed, errors).split('\n\n')
    expect(first).toMatch(
      /^> \[!CAUTION\]\n> Not allowed\.\n>\n> \*\*To fix it:\*\* Apply the Role\.\n>\n> \[Troubleshooting: Permission missing\]\(https:\S+#permission-missing\)$/,
    )
    expect(second).toMatch(/^> \[!CAUTION\]\n> This is a bug\.\n>\n> \[Troubleshooting: Internal error\]/)
  })

  it('lists the namespaces without a reason where one box explains them, and one namespace not at all', () => {
    const error = new ActionError('secret-not-managed', 'Exists already')
    const unmanaged = { ...failed, targets: failed.targets.map((one) => ({ ...one, code: error.code })) }
    const rowsOf = (data: SummaryData, errors = [error]) => readTable(jobSummary(data, errors), 'Failed namespace').rows
    expect(rowsOf(unmanaged)[0]).toBe('| team-0 | prod |')
    expect(rowsOf({ ...unmanaged, targets: unmanaged.targets.slice(3) })).toEqual([])
    // Another cause, or results of service accounts, need the reason.
    expect(rowsOf(unmanaged, [error, new ActionError('timeout', 'x')])[0]).toBe('| team-0 | prod |  |')
    const serviceAccounts = [{ name: 'default', result: 'updated' as const }]
    const withAccount = unmanaged.targets.slice(3).map((one) => ({ ...one, error: 'x', serviceAccounts }))
    expect(rowsOf({ ...unmanaged, targets: withAccount })).toEqual([
      '| team-3 | prod | x; service accounts: default updated |',
    ])
  })

  it('says what the next run does once the cause is fixed', () => {
    const afterTheFix = (data: SummaryData) =>
      fact(jobSummary(data, [new ActionError('timeout', 'x')]), 'After the fix')
    expect(afterTheFix(failed)).toBe('Re-run the job: it writes the secret to the 4 namespaces that failed.')
    expect(
      afterTheFix({ ...failed, unrevoked: [{ tokenId: 'a', reason: 'b' }], targets: failed.targets.slice(3) }),
    ).toBe(
      'Re-run the job: it writes the secret to the namespace that failed, then revokes each old token that nothing uses any more.',
    )
    expect(afterTheFix({ ...failed, targets: failed.targets.slice(0, 4) })).toBeUndefined()
    expect(afterTheFix({ ...failed, isDryRun: true })).toBeUndefined()
  })

  it('says whether Pods keep pulling, the worst first', () => {
    expect(fact(jobSummary(failed, [new ActionError('timeout', 'x')]), 'Pods keep pulling?')).toBe(
      [
        '**No** in `team-0`: the secret does not exist.',
        '**As before** in `team-0`, `team-1`, `team-2` and 2 other namespaces: the secret still holds token `old`.',
        '**Yes** in 994 namespaces: the secret holds token `new`.',
      ].join('<br>'),
    )
  })

  it('names no namespace when the answer is the same for all', () => {
    const pulls = [{ answer: 'yes', reason: 'all is well', targets: places(1000) }] as const
    expect(fact(jobSummary({ ...failed, pulls }, []), 'Pods keep pulling?')).toBe('**Yes**: all is well.')
  })

  it('names the cluster of a namespace where there are several', () => {
    const pulls = [
      { answer: 'no', reason: 'a', targets: places(1, 'eu') },
      { answer: 'yes', reason: 'b', targets: places(1, 'us') },
    ] as const
    expect(fact(jobSummary({ ...failed, pulls }, []), 'Pods keep pulling?')).toBe(
      '**No** in `eu: team-0`: a.<br>**Yes** in `us: team-0`: b.',
    )
  })
})

it('marks a dry run', () => {
  expect(jobSummary({ ...NOTHING_DONE, isDryRun: true }, [])).toBe(
    '## ✅ Dry run: would mint a token\n\n> [!NOTE]\n> This is a dry run: it minted, wrote and revoked nothing.\n',
  )
})

it('shows an unused token as revoked, and not as in use', () => {
  const summary = jobSummary({ ...NOTHING_DONE, unused: 'id-1' }, [new ActionError('timeout', 'x')])
  expect(fact(summary, 'Unused token')).toBe('~~`id-1`~~ revoked: this run minted it and did not use it')
  expect(fact(summary, 'Token')).toBeUndefined()
})

it.each(['provided', 'reused'] as const)('does not say that a provided credential never expires: %s', (origin) => {
  const credential = { tokenId: 'provided-1', origin, expiresAt: undefined, servers: ['h'], username: 'u' }
  expect(fact(jobSummary({ ...ROTATED, credential, replaced: [] }, []), 'Token')).not.toContain('expire')
})

it('shows what is allowed in the place of a fix', () => {
  const errors = [new ActionError('invalid-input', 'Input `a` is "b"', { hint: 'Allowed: c.' })]
  expect(jobSummary(NOTHING_DONE, errors)).toContain('\n>\n> **Allowed:** c.\n>\n')
})

it('shows an overdue rotation, with what to check', () => {
  expect(fact(jobSummary({ ...ROTATED, overdue: 'Token a was due.' }, []), 'Overdue')).toMatch(
    /^Token a was due\.<br>Check that the workflow runs on its schedule/,
  )
  expect(fact(jobSummary(ROTATED, []), 'Overdue')).toBeUndefined()
})

it('names a replaced token with the new one while it is not known whether it was revoked', () => {
  const summary = jobSummary({ ...ROTATED, revoked: [] }, [])
  expect(fact(summary, 'Token')).toMatch(/<br>replaces `29645271\S+` \\\(31 days old\\\)$/)
  expect(fact(summary, 'Old token')).toBeUndefined()
})

it('shows more than three old tokens in a table, those that are alive first', () => {
  const summary = jobSummary({ ...ROTATED, revoked: ['a', 'b', 'c'], unrevoked: [{ tokenId: 'd', reason: 'e' }] }, [])
  expect(fact(summary, 'Old tokens')).toBeUndefined()
  const [alive, revoked] = readTable(summary, 'Old token').rows
  expect([alive, revoked]).toEqual(['| `d` | still alive: e |', '| ~~`a`~~ | revoked |'])
})

it('omits the parts that a run did not do', () => {
  expect(jobSummary(NOTHING_DONE, [new ActionError('timeout', 'x')]).split('\n\n')).toHaveLength(2)
})
