// Job summaries of typical runs, for the pictures and for the tests of what GitHub shows.
import { ActionError } from '../../../src/core/errors.ts'
import { rolesFor } from '../../../src/permissions/role.ts'
import { causesOf } from '../../../src/report/annotations.ts'
import { jobSummary } from '../../../src/report/job-summary.ts'
import { overdueSentence } from '../../../src/report/overdue.ts'
import { NOTHING_DONE, type SummaryData } from '../../../src/report/summary-data.ts'
import { OLD_TOKEN, places, ROTATED, TOKEN, targets } from './fixtures.ts'

const SECRET = 'team-registry'
const NAMES = ['shop', 'billing', 'search']

const rotated: SummaryData = {
  ...ROTATED,
  secretName: SECRET,
  targets: NAMES.map((namespace) => ({
    cluster: 'prod',
    namespace,
    secret: SECRET,
    result: 'updated',
    serviceAccounts: [{ name: 'default', result: 'unchanged' }],
  })),
  phases: [
    { title: 'Read the targets', durationMs: 190, requests: 3, isFailed: false },
    { title: 'Check permissions', durationMs: 120, requests: 4, isFailed: false },
    { title: 'Log in', durationMs: 240, requests: 2, isFailed: false },
    { title: 'Mint a token', durationMs: 160, requests: 1, isFailed: false },
    { title: 'Verify the credential', durationMs: 210, requests: 4, isFailed: false },
    { title: 'Write the secrets', durationMs: 260, requests: 3, isFailed: false },
    { title: 'Update the service accounts', durationMs: 90, requests: 3, isFailed: false },
    { title: 'Check which tokens are in use', durationMs: 150, requests: 2, isFailed: false },
    { title: 'Wait for in-flight pulls', durationMs: 4700, requests: 0, isFailed: false },
    { title: 'Read the secrets back', durationMs: 110, requests: 3, isFailed: false },
    { title: 'Revoke old tokens', durationMs: 130, requests: 1, isFailed: false },
  ],
}

const reused: SummaryData = {
  ...rotated,
  choice: { action: 'reuse', tokenId: TOKEN, reason: '3 days old (limit 30), accepted by the registry' },
  credential: rotated.credential && { ...rotated.credential, origin: 'reused' },
  replaced: [],
  changes: [],
  revoked: [],
  phases: rotated.phases.slice(0, 1),
  total: { durationMs: 620, requests: 7 },
}

const ROLE = rolesFor(
  ['get', 'create', 'patch'].map((verb) => ({ verb, group: '', resource: 'secrets' })),
  [{ namespace: 'search', existence: 'exists' }],
  'system:serviceaccount:ci:deployer',
)

const denied = new ActionError(
  'permission-missing',
  'The kubeconfig user for cluster prod is not allowed to get, create and patch secrets in namespace search',
  {
    hint: 'Check `namespaces`, or apply the Role at the end of the log and in the job summary.',
    details: { manifest: ROLE },
  },
)

const failed: SummaryData = {
  ...rotated,
  targets: rotated.targets.map((one) =>
    one.namespace === 'search'
      ? { ...one, result: 'failed', serviceAccounts: [], error: denied.message, code: denied.code }
      : one,
  ),
  changes: rotated.changes.map((one) => ({ ...one, count: 2 })),
  revoked: [],
  unrevoked: [{ tokenId: OLD_TOKEN, reason: 'Namespace search in cluster prod failed and may still use it' }],
  pulls: [
    {
      answer: 'as-before',
      reason: `the secret still holds token \`${OLD_TOKEN}\`. This run did not revoke it`,
      targets: [{ cluster: 'prod', namespace: 'search' }],
    },
    {
      answer: 'yes',
      reason: `the secret holds token \`${TOKEN}\`, which the registry accepted in this run`,
      targets: [
        { cluster: 'prod', namespace: 'shop' },
        { cluster: 'prod', namespace: 'billing' },
      ],
    },
  ],
  phases: rotated.phases.filter(({ title }) => !title.startsWith('Wait') && !title.endsWith('old tokens')),
  total: { durationMs: 1640, requests: 24 },
}

function notManaged(index: number): ActionError {
  const namespace = `team-${index}`
  return new ActionError(
    'secret-not-managed',
    `Secret ${namespace}/${SECRET} in cluster prod-eu already exists and was not created by this action (managed by: kubectl-create)`,
    {
      hint: 'Choose another `secret-name`, or set `adopt: true` to take it over and keep its other registry hosts.',
      details: { cluster: 'prod-eu', namespace, resource: `secrets/${SECRET}` },
    },
  )
}

/** Of so many targets in two clusters, every 250th fails. Those hold a secret of another client, so none may hold the old token. */
function large(count: number): string {
  const errors: ActionError[] = []
  const all = targets(count, (index) => (index % 250 === 41 ? 'failed' : 'updated')).map((one, index) => {
    if (one.result !== 'failed') return { ...one, cluster: index % 2 === 0 ? 'prod-eu' : 'prod-us' }
    const error = notManaged(index)
    errors.push(error)
    return { ...one, cluster: 'prod-eu', error: error.message, code: error.code }
  })
  const failures = all.filter(({ result }) => result === 'failed')
  const data: SummaryData = {
    ...rotated,
    targets: all,
    changes: rotated.changes.map((one) => ({ ...one, count: count - errors.length })),
    pulls:
      errors.length === 0
        ? []
        : [
            {
              answer: 'as-before',
              reason: 'the secret still holds a credential that this action did not write',
              targets: failures,
            },
            {
              answer: 'yes',
              reason: `the secret holds token \`${TOKEN}\`, which the registry accepted in this run`,
              targets: places(count - failures.length),
            },
          ],
    total: { durationMs: 14_200, requests: count + 12 },
  }
  return jobSummary(data, causesOf(errors))
}

const LONG = 'w'.repeat(300)
const HOSTILE = `<img src=x onerror=alert(1)> [click](https://evil.example) **bold** | @octocat ${LONG} \`<b>\``

/** Everything that a server or a tenant chooses, as bad as it can be. */
const hostile: SummaryData = {
  ...failed,
  choice: { action: 'mint', reason: HOSTILE },
  credential: failed.credential && { ...failed.credential, tokenId: LONG, username: HOSTILE },
  targets: failed.targets.map((one) => ({ ...one, cluster: HOSTILE, error: HOSTILE })),
  changes: [{ count: 1, lines: [`- ${HOSTILE}: \`\`\`\n</details>`] }],
  notes: [HOSTILE],
  workloads: [{ cluster: HOSTILE, namespace: LONG, kind: 'Pod', name: LONG, result: 'failed', reason: HOSTILE }],
  pulls: failed.pulls.map((one) => ({ ...one, reason: HOSTILE })),
}

const dueAt = new Date('2026-11-13T21:53:37Z')

/** By name, as Markdown. */
export const SAMPLES: Readonly<Record<string, string>> = {
  rotation: jobSummary(rotated, []),
  overdue: jobSummary(
    {
      ...rotated,
      overdue: overdueSentence(
        { tokenId: OLD_TOKEN, mintedAt: new Date('2026-10-14T21:53:37Z'), dueAt },
        new Date('2026-11-25T21:53:37Z'),
      ),
      replaced: [{ tokenId: OLD_TOKEN, ageDays: 42 }],
    },
    [],
  ),
  reused: jobSummary({ ...reused, targets: targets(1, () => 'unchanged') }, []),
  'no-secret': jobSummary(
    { ...rotated, secretName: undefined, targets: [], changes: [], replaced: [], revoked: [] },
    [],
  ),
  'dry-run': jobSummary(
    {
      ...rotated,
      isDryRun: true,
      choice: { action: 'mint', reason: 'no target holds a credential of this action yet' },
      credential: undefined,
      replaced: [],
      changes: [],
      revoked: [],
      verifications: [],
      nextRotation: '2026-11-25T21:53:37Z',
      targets: targets(3, () => 'planned'),
      phases: rotated.phases.slice(0, 2),
      total: reused.total,
    },
    [],
  ),
  inputs: jobSummary(
    {
      ...NOTHING_DONE,
      pulls: [{ answer: 'as-before', reason: 'the run ended before it changed anything in a cluster', targets: [] }],
    },
    [
      new ActionError('invalid-input', 'Input `max-age` is "7 days"', {
        hint: 'Allowed: 0, or a number with a unit (s, m, h, d), for example 30d.',
      }),
      new ActionError('invalid-input', 'Input `docker-server` is required when `provider` is `static`'),
    ],
  ),
  failure: jobSummary(failed, [denied]),
  'two-hundred': large(200),
  thousand: large(1000),
  'ten-thousand': large(10_000),
  hostile: jobSummary(hostile, [new ActionError('registry-access-denied', HOSTILE, { hint: HOSTILE })]),
}
