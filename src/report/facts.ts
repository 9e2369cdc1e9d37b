import { capitalized, formatCount, formatNumber } from '../core/format.ts'
import type { PlaceName, PullAnswer, PullImpact } from '../policy/pull-impact.ts'
import { formatSeconds, WAIT_FOR_PULLS } from '../runner/timeline.ts'
import { choiceInSummary } from './credential-choice.ts'
import { firstRunAfter } from './dates.ts'
import { limited, MAX_LINES } from './limited.ts'
import type { Fact } from './markdown.ts'
import { OVERDUE_HINT } from './overdue.ts'
import { isFailedResult } from './results.ts'
import type { CredentialFacts, SummaryData } from './summary-data.ts'
import { tokenFacts } from './token-facts.ts'

/** The facts of a run, most important first. */
export function factsOf(data: SummaryData): Fact[] {
  const { choice, isDryRun, overdue, credential, verifications, nextRotation } = data
  const facts: Fact[] = [
    { label: 'Pods keep pulling?', lines: pullLines(data.pulls) },
    { label: 'After the fix', lines: afterTheFix(data) },
    { label: 'Decision', lines: choice === undefined ? [] : [choiceInSummary(choice, isDryRun)] },
    { label: 'Overdue', lines: overdue === '' ? [] : [overdue, OVERDUE_HINT] },
    { label: 'Registry', lines: credential === undefined ? [] : [registryLine(credential)] },
    ...tokenFacts(data),
    { label: 'Verification', lines: limited(verifications) },
    { label: 'Next rotation', lines: nextRotation === '' ? [] : [capitalized(firstRunAfter(nextRotation))] },
    { label: 'Took', lines: tookLines(data) },
  ]
  return facts.filter(({ lines }) => lines.length > 0)
}

/** As docs/troubleshooting.md has them. */
export const ANSWERS: Readonly<Record<PullAnswer, string>> = {
  no: 'No',
  unknown: 'Not known',
  'as-before': 'As before',
  yes: 'Yes',
}

/** Targets can each hold another token. */
const MAX_ANSWERS = 6

/** `Yes in 996 namespaces: the secret holds …`. */
function pullLines(pulls: readonly PullImpact[]): Fact['lines'] {
  const clusters = new Set(pulls.flatMap((one) => one.targets.map(({ cluster }) => cluster)))
  const lines = pulls.slice(0, MAX_ANSWERS).map(({ answer, reason, targets }) => {
    const where = pulls.length === 1 ? '' : ` in ${named(targets, clusters.size > 1)}`
    return [{ strong: ANSWERS[answer] }, `${where}: ${reason}.`]
  })
  const rest = pulls.slice(lines.length)
  const count = rest.reduce((sum, one) => sum + one.targets.length, 0)
  return rest.length === 0 ? lines : [...lines, `… and other answers for ${formatCount(count, 'namespace')}`]
}

/** The names of a few, and the number of the others. */
function named(targets: readonly PlaceName[], withCluster: boolean): string {
  const rest = targets.length - MAX_LINES
  if (rest === 1 || targets.length > MAX_NAMED) return formatCount(targets.length, 'namespace')
  const names = targets.slice(0, MAX_LINES).map(({ cluster, namespace }) => {
    return withCluster ? `\`${cluster}: ${namespace}\`` : `\`${namespace}\``
  })
  return rest > 0 ? `${names.join(', ')} and ${formatCount(rest, 'other namespace')}` : names.join(', ')
}

/** Of more namespaces the names of a few say little. */
const MAX_NAMED = 100

function registryLine({ servers, username }: CredentialFacts): string {
  const hosts = servers.slice(0, MAX_LINES).map((host) => `\`${host}\``)
  const rest = servers.length - hosts.length
  const more = rest > 0 ? ` and ${formatNumber(rest)} more` : ''
  return `${hosts.join(', ')}${more}, ${username === undefined ? 'with a user for each' : `user \`${username}\``}`
}

/** What the next run does where some namespaces have the credential, and others do not. */
function afterTheFix({ targets, unrevoked, isDryRun }: SummaryData): string[] {
  const failed = targets.filter(isFailedResult).length
  if (isDryRun || failed === 0 || failed === targets.length) return []
  const where = failed === 1 ? 'namespace' : `${formatNumber(failed)} namespaces`
  const revokes = unrevoked.length > 0 ? `, then revokes each old token that nothing uses any more` : ''
  return [`Re-run the job: it writes the secret to the ${where} that failed${revokes}.`]
}

function tookLines({ total, phases }: SummaryData): Fact['lines'] {
  if (total.durationMs === 0) return []
  const waitedMs = phases.filter(({ title }) => title === WAIT_FOR_PULLS).reduce((sum, one) => sum + one.durationMs, 0)
  const waited = waitedMs > 0 ? `, of which ${formatSeconds(waitedMs)} to let in-flight pulls end` : ''
  return [`${formatSeconds(total.durationMs)}${waited}, ${formatCount(total.requests, 'request')}`]
}
