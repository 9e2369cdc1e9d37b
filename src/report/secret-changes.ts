import { formatCount } from '../core/format.ts'
import { lastResult } from '../core/last-result.ts'
import type { DesiredRecord } from '../pull-secret/desired.ts'
import type { Stored, StoredSecret } from '../pull-secret/read.ts'
import { ownRecords } from '../pull-secret/record.ts'
import { isFailed, type TargetOutcome } from '../pull-secret/target.ts'
import { dayOf } from './dates.ts'

/** The same change in some targets, as the lines of a diff. Never a password, nor a digest of one. */
export interface SecretChange {
  readonly count: number
  readonly lines: readonly string[]
}

/** Tenants can make each secret another one. */
const MAX_CHANGES = 3

/** What the run changed in the secrets, or would change: which token stands for which host. The most frequent changes first. */
export function secretChanges(outcomes: readonly TargetOutcome[], record: DesiredRecord): SecretChange[] {
  const changed = outcomes.filter((outcome) => !isFailed(outcome) && outcome.status !== 'unchanged')
  const diffs = changed.flatMap((outcome) => (isFailed(outcome) ? [] : [diffOf(outcome.replaced, record)]))
  return [...Map.groupBy(diffs, (lines) => lines.join('\n')).values()]
    .flatMap((group) => (group[0] === undefined ? [] : [{ count: group.length, lines: group[0] }]))
    .sort((one, other) => other.count - one.count)
    .slice(0, MAX_CHANGES)
}

/** Its text. @param name of the secret */
export function diffText({ count, lines }: SecretChange, name: string): string {
  return [`  Secret ${name}, in ${formatCount(count, 'namespace')}`, ...lines].join('\n')
}

function diffOf(replaced: Stored, record: DesiredRecord): readonly string[] {
  const { records, entries } = replaced.kind === 'absent' ? NOTHING : replaced
  return linesOf(records, entries, record)
}

type Content = Pick<StoredSecret, 'records' | 'entries'>

const NOTHING: Content = { records: [], entries: {} }

// Most secrets hold the same.
const linesOf = lastResult((records: Content['records'], entries: Content['entries'], record: DesiredRecord) => {
  const before = tokensIn({ records, entries }, record)
  const after = new Map(record.hosts.map((host) => [host, tokenText(record)]))
  const hosts = [...new Set([...before.keys(), ...after.keys()])].sort()
  const lines = hosts.flatMap((host) => {
    const [old, current] = [before.get(host), after.get(host)]
    if (old === current) return [`  ${host}: ${current}`]
    return [
      ...(old === undefined ? [] : [`- ${host}: ${old}`]),
      ...(current === undefined ? [] : [`+ ${host}: ${current}`]),
    ]
  })
  const isSame = hosts.every((host) => before.get(host) === after.get(host))
  return isSame ? [...lines, '! labels, annotations, or the password of the same token'] : lines
})

/** By the hosts of this step, present and earlier ones. Entries for other hosts stay as they are. */
function tokensIn({ records, entries }: Content, record: DesiredRecord): ReadonlyMap<string, string> {
  const own = ownRecords(records, record)
  const hosts = [...new Set([...record.hosts, ...own.flatMap((one) => one.hosts)])]
  return new Map(
    hosts.flatMap((host) => {
      if (!Object.hasOwn(entries, host)) return []
      const recorded = own.find((one) => one.hosts.includes(host))
      return [[host, recorded === undefined ? 'a credential of another origin' : tokenText(recorded)] as const]
    }),
  )
}

function tokenText({ tokenId, mintedAt }: Pick<DesiredRecord, 'tokenId' | 'mintedAt'>): string {
  return `token ${tokenId}${mintedAt === undefined ? '' : `, since ${dayOf(mintedAt)}`}`
}
