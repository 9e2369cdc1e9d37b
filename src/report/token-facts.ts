import { formatCount } from '../core/format.ts'
import { isProvided } from '../policy/credential.ts'
import { minuteOf } from './dates.ts'
import { limited, MAX_LINES } from './limited.ts'
import type { Cell, Fact } from './markdown.ts'
import { withReason } from './results.ts'
import type { SummaryData } from './summary-data.ts'

const ORIGINS = {
  minted: 'minted by this run',
  reused: 'reused from an earlier run',
  provided: 'provided by the workflow',
  planned: 'not minted',
} as const

/** The token of the run, the one that it did not use, and those that it replaced or that earlier runs left. */
export function tokenFacts(data: SummaryData): Fact[] {
  const { unused } = data
  const old = hasOldTable(data) ? [] : oldTokens(data)
  return [
    { label: 'Token', lines: tokenLines(data) },
    {
      label: 'Unused token',
      lines: unused === undefined ? [] : [[{ struck: unused }, ' revoked: this run minted it and did not use it']],
    },
    {
      label: old.length === 1 ? 'Old token' : 'Old tokens',
      lines: old.map(({ cells: [id, result] }) => [id, ' ', result]),
    },
  ]
}

/** What it replaces is in a line of its own only where that is in no list of old tokens. */
function tokenLines(data: SummaryData): Fact['lines'] {
  const { credential, replaced } = data
  if (credential === undefined) return []
  const { tokenId, origin, expiresAt } = credential
  const expires = expiresAt === undefined ? 'does not expire' : `expires ${minuteOf(expiresAt)}`
  // Without a date it is not known whether a provided credential expires.
  const known = expiresAt === undefined && isProvided(tokenId) ? '' : `, ${expires}`
  const listed = new Set(oldIds(data))
  const others = replaced.filter((one) => !listed.has(one.tokenId))
  const replaces = others.map((one) => `replaces \`${one.tokenId}\`${age(one.ageDays)}`)
  return [`\`${tokenId}\`, ${ORIGINS[origin]}${known}`, ...limited(replaces)]
}

/** An old token, for a table or for a line. */
export interface OldToken {
  readonly result: 'still alive' | 'revoked'
  readonly cells: readonly [id: Cell, result: string]
}

export function oldTokens({ revoked, unrevoked, replaced }: SummaryData): OldToken[] {
  const ages = new Map(replaced.map(({ tokenId, ageDays }) => [tokenId, ageDays]))
  return [
    ...unrevoked.map(({ tokenId, reason }): OldToken => {
      const result = `still alive${age(ages.get(tokenId))}`
      return { result: 'still alive', cells: [`\`${tokenId}\``, withReason(result, reason)] }
    }),
    ...revoked.map((tokenId): OldToken => {
      return { result: 'revoked', cells: [{ struck: tokenId }, `revoked${age(ages.get(tokenId))}`] }
    }),
  ]
}

/** Whether the old tokens are in a table of their own. */
export function hasOldTable(data: SummaryData): boolean {
  return oldIds(data).length > MAX_LINES
}

function oldIds({ revoked, unrevoked }: SummaryData): string[] {
  return [...unrevoked.map(({ tokenId }) => tokenId), ...revoked]
}

/** ` (31 days old)`; empty where it is not known. */
function age(days: number | undefined): string {
  return days === undefined ? '' : ` (${formatCount(days, 'day')} old)`
}
