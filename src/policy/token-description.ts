import { sha256 } from '../core/digest.ts'
import { clustersOf, scopeOf } from '../pull-secret/scope.ts'
import type { Target } from '../pull-secret/target.ts'

/** What tokens are minted for. */
export interface MintPurpose {
  /** The input `token-description`. */
  readonly description: string
  /** Undefined when the run writes no secret. */
  readonly secretName: string | undefined
  /** Keys of the docker config. */
  readonly hosts: readonly string[]
  readonly targets: readonly Target[]
}

/** The description of one mint: unique, and it says what the token was minted for, and when. */
export function describeMint(
  { description, secretName, hosts, targets }: MintPurpose,
  { run, mintedAt, unique }: { readonly run: string; readonly mintedAt: Date; readonly unique: string },
): string {
  const scope = secretName === undefined ? [] : [`[${scopeOf(targets, secretName)}]`, hostsText(hosts)]
  return [description, ...scope, run, mintedAt.toISOString(), unique].filter(Boolean).join(' ')
}

/** One word for any number of hosts. */
export function hostsText(hosts: readonly string[]): string {
  const [only] = hosts
  if (only !== undefined && hosts.length === 1) return only
  const digest = sha256([...hosts].sort().join('\n'))
  return `${hosts.length}:sha256:${digest.slice(0, 16)}`
}

/** What the description of a token says of its mint. Only the issuer can say which description a token has. */
export interface Mint {
  readonly scope: string
  /** As `hostsText` writes them. */
  readonly hosts: string
  readonly mintedAt: Date
}

/** Of which tokens a run is in charge. */
export interface MintScope extends Pick<MintPurpose, 'description' | 'secretName'> {
  /** Identities of the clusters of the run. */
  readonly clusters: readonly string[]
}

/** @returns undefined for a token that was not minted for this secret in clusters of this run */
export function mintOf(text: string, { description, secretName, clusters }: MintScope): Mint | undefined {
  const prefix = `${description} [`
  const end = text.indexOf('] ', prefix.length)
  if (!text.startsWith(prefix) || end < 0) return undefined
  const scope = text.slice(prefix.length, end)
  const [hosts = '', ...rest] = text.slice(end + 2).split(' ')
  const mintedAt = new Date(rest.at(-2) ?? '')
  const isOfRun = clustersOf(scope).every((cluster) => clusters.includes(cluster))
  if (!isOfRun || secretNameOf(scope) !== secretName || Number.isNaN(mintedAt.getTime())) return undefined
  return { scope, hosts, mintedAt }
}

/** In `clusters namespace/name` or `clusters count name digest`. */
function secretNameOf(scope: string): string | undefined {
  const [, first, name] = scope.split(' ')
  return name ?? first?.split('/')[1]
}
