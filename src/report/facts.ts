import { formatCount, formatNumber } from '../core/format.ts'
import type { PlaceName, PullAnswer, PullImpact } from '../policy/pull-impact.ts'
import { formatSeconds, WAIT_FOR_PULLS } from '../runner/timeline.ts'
import type { Cell, Fact } from './markdown.ts'
import { withReason } from './results.ts'
import type { CredentialFacts, ReplacedToken, SummaryData } from './summary-data.ts'

/** More lines of one fact are counted, or are in a table of their own. */
export const MAX_LINES = 3

/** The facts of a run, most important first. */
export function factsOf(data: SummaryData): Fact[] {
  const { decision, overdue, credential, replaced, unused, verifications, nextRotation } = data
  const facts: Fact[] = [
    { label: 'Pods keep pulling?', lines: pullLines(data.pulls) },
    { label: 'Decision', lines: decision === '' ? [] : [decision] },
    { label: 'Overdue', lines: overdue === '' ? [] : [overdue] },
    { label: 'Registry', lines: credential === undefined ? [] : [registryLine(credential)] },
    { label: 'Token', lines: tokenLines(credential, replaced) },
    {
      label: 'Unused token',
      lines: unused === undefined ? [] : [revoked(unused, 'this run minted it and did not use it')],
    },
    {
      label: 'Old tokens',
      lines: hasOldTable(data) ? [] : oldTokens(data).map(({ cells: [id, result] }) => [id, ' ', result]),
    },
    { label: 'Verification', lines: limited(verifications) },
    { label: 'Next rotation', lines: nextRotation === '' ? [] : [`In the first run from ${nextRotation} on`] },
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

const ORIGINS = {
  minted: 'minted by this run',
  reused: 'reused from an earlier run',
  provided: 'provided by the workflow',
  planned: 'not minted',
} as const

function tokenLines(credential: CredentialFacts | undefined, replaced: readonly ReplacedToken[]): Fact['lines'] {
  if (credential === undefined) return []
  const { tokenId, origin, expiresAt } = credential
  const expires = expiresAt === undefined ? 'does not expire' : `expires ${expiresAt}`
  const unknown = origin === 'provided' && expiresAt === undefined ? '' : `, ${expires}`
  const replaces = replaced.map(({ tokenId: old, ageDays }) => {
    const age = ageDays === undefined ? '' : ` (${formatCount(ageDays, 'day')} old)`
    return `replaces \`${old}\`${age}`
  })
  return [`\`${tokenId}\`, ${ORIGINS[origin]}${unknown}`, ...limited(replaces)]
}

function limited(lines: readonly string[]): string[] {
  const rest = lines.length - MAX_LINES
  return rest > 0 ? [...lines.slice(0, MAX_LINES), `… and ${formatNumber(rest)} more`] : [...lines]
}

/** An old token, for a table or for a line. */
export interface OldToken {
  readonly result: 'still alive' | 'revoked'
  readonly cells: readonly [id: Cell, result: string]
}

export function oldTokens({ revoked: ids, unrevoked }: SummaryData): OldToken[] {
  return [
    ...unrevoked.map(({ tokenId, reason }): OldToken => {
      return { result: 'still alive', cells: [`\`${tokenId}\``, withReason('still alive', reason)] }
    }),
    ...ids.map((tokenId): OldToken => ({ result: 'revoked', cells: [{ struck: tokenId }, 'revoked'] })),
  ]
}

/** Whether the old tokens are in a table of their own. */
export function hasOldTable({ revoked: ids, unrevoked }: SummaryData): boolean {
  return ids.length + unrevoked.length > MAX_LINES
}

function revoked(tokenId: string, reason: string): Fact['lines'][number] {
  return [{ struck: tokenId }, ` revoked: ${reason}`]
}

function tookLines({ total, phases }: SummaryData): Fact['lines'] {
  if (total.durationMs === 0) return []
  const waitedMs = phases.filter(({ title }) => title === WAIT_FOR_PULLS).reduce((sum, one) => sum + one.durationMs, 0)
  const waited = waitedMs > 0 ? `, of which ${formatSeconds(waitedMs)} to let in-flight pulls end` : ''
  return [`${formatSeconds(total.durationMs)}${waited}, ${formatCount(total.requests, 'request')}`]
}
