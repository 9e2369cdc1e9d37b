import { MANAGER_NAME } from '../core/constants.ts'
import { asObjects, asText } from '../core/json.ts'
import { compareTexts } from '../core/order.ts'
import { isTokenId } from '../issuer/token-id.ts'
import type { NamedCluster } from '../kubernetes/cluster-identity.ts'

/** Whose hosts they are: several steps may keep their own hosts in one secret. */
export interface HostOwner {
  /** `owner/name` of the repository; empty outside of GitHub Actions. */
  readonly repository: string
  /** The input `provider`. */
  readonly provider: string
  /** Keys of the docker config. */
  readonly hosts: readonly string[]
}

/** What this action records about one credential in a secret. Anyone who may edit the secret may edit it: it is a hint. */
export interface CredentialRecord extends HostOwner {
  /** The issuer's id of the credential. */
  readonly tokenId: string
  /** Undefined when it is not known. */
  readonly mintedAt: Date | undefined
  /** Undefined when it does not expire. */
  readonly expiresAt: Date | undefined
  /** URL of the workflow run that wrote it here; empty outside of GitHub Actions. */
  readonly run: string
  /** In which cluster that run wrote it. */
  readonly cluster: NamedCluster | undefined
  /** The scopes of all runs that wrote the credential: together, everything that it was ever written to. */
  readonly scopes: readonly string[]
  /** Ids of superseded credentials that may still be alive. */
  readonly retained: readonly string[]
}

/** The annotation of the records. */
export const RECORDS = `${MANAGER_NAME}/credentials`

/** A record with more than these was not written by this action: what one namespace records must not fill the others. */
const MAX_RECORDS = 50
const MAX_VALUES = 100
const MAX_ANNOTATION_LENGTH = 64 * 1024

const HOST = /^[\x21-\x7e]{1,253}$/
const SCOPE = /^[\x21-\x7e]+(?: [\x21-\x7e]+){1,3}$/
const MAX_SCOPE_LENGTH = 4096
const NAME = /^[\w./-]{0,200}$/
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/
const CLUSTER = /^([\w.:[\]~-]{1,300}) ([\w.:[\]~-]{1,300})$/
const RUN = /^https?:\/\/[\w.:/-]{1,300}$/

/** The annotation that holds the records, in the order of their hosts. */
export function formatRecords(records: readonly CredentialRecord[]): string {
  return JSON.stringify(records.map(toJson).sort((a, b) => compareTexts(a.hosts[0] ?? '', b.hosts[0] ?? '')))
}

function toJson({
  repository,
  provider,
  hosts,
  tokenId,
  mintedAt,
  expiresAt,
  run,
  cluster,
  scopes,
  retained,
}: CredentialRecord) {
  return {
    hosts: [...hosts].sort(compareTexts),
    provider,
    repository,
    id: tokenId,
    // In milliseconds: of two concurrent runs the later one wins, and both must see which one that is.
    ...(mintedAt && { 'minted-at': mintedAt.toISOString() }),
    ...(expiresAt && { 'expires-at': expiresAt.toISOString().replace(/\.\d+Z$/, 'Z') }),
    scope: scopes,
    ...(cluster && { cluster: `${cluster.identity} ${cluster.inKubeconfig}` }),
    ...(retained.length > 0 && { retained }),
    ...(run && { run }),
  }
}

/** The records of an annotation. What does not have the form in which this action writes it is left out. */
export function parseRecords(annotation: unknown, now = Date.now()): CredentialRecord[] {
  const text = asText(annotation)
  if (text === undefined || text.length > MAX_ANNOTATION_LENGTH) return []
  try {
    return asObjects(JSON.parse(text))
      .slice(0, MAX_RECORDS)
      .flatMap((json) => fromJson(json, now) ?? [])
  } catch {
    return []
  }
}

function fromJson(json: Readonly<Record<string, unknown>>, now: number): CredentialRecord | undefined {
  const tokenId = isTokenId(json.id) ? json.id : undefined
  const hosts = listOf(json.hosts, HOST)
  const [provider] = listOf([json.provider], NAME)
  if (tokenId === undefined || hosts.length === 0 || provider === undefined) return undefined
  return {
    tokenId,
    hosts,
    provider,
    repository: listOf([json.repository], NAME)[0] ?? '',
    mintedAt: pastOf(json['minted-at'], now),
    expiresAt: dateOf(json['expires-at']),
    cluster: clusterOf(json.cluster),
    scopes: listOf(json.scope, SCOPE).filter(({ length }) => length <= MAX_SCOPE_LENGTH),
    retained: idsOf(json.retained),
    run: listOf([json.run], RUN)[0] ?? '',
  }
}

function clusterOf(value: unknown): NamedCluster | undefined {
  const [, identity, inKubeconfig] = CLUSTER.exec(asText(value) ?? '') ?? []
  return identity === undefined || inKubeconfig === undefined ? undefined : { identity, inKubeconfig }
}

function idsOf(values: unknown): string[] {
  return listOf(values, /^/).filter(isTokenId)
}

function listOf(values: unknown, form: RegExp): string[] {
  const texts = Array.isArray(values) ? values.slice(0, MAX_VALUES) : []
  return [...new Set(texts.filter((value): value is string => typeof value === 'string' && form.test(value)))]
}

/** By how much the clocks of two runners may differ. */
export const MAX_CLOCK_SKEW_MS = 10 * 60_000

/** A date in the future is not known: it would let a credential be reused without end. */
function pastOf(value: unknown, now: number): Date | undefined {
  const date = dateOf(value)
  return date && date.getTime() < now + MAX_CLOCK_SKEW_MS ? date : undefined
}

function dateOf(value: unknown): Date | undefined {
  const [text = ''] = listOf([value], DATE)
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** The records of this step. */
export function ownRecords(records: readonly CredentialRecord[], owner: HostOwner): CredentialRecord[] {
  return records.filter((record) => isOwn(record, owner))
}

/** The records of other repositories or providers for hosts of this step. */
export function conflictingRecords(records: readonly CredentialRecord[], owner: HostOwner): CredentialRecord[] {
  return records.filter((record) => overlaps(record, owner) && !isSameOwner(record, owner))
}

/** The records with that of this step: it replaces its own earlier ones, and takes its hosts over from others. */
export function withRecord(records: readonly CredentialRecord[], own: CredentialRecord): CredentialRecord[] {
  const others = records
    .filter((record) => !isOwn(record, own))
    .map((record) => ({ ...record, hosts: record.hosts.filter((host) => !own.hosts.includes(host)) }))
  return [...others.filter(({ hosts }) => hosts.length > 0), own]
}

/**
 * The annotation with the record of this step, as this action reads it: what is not read is not written. Where the records
 * of others leave no room for it, they are left out.
 */
export function formatWith(records: readonly CredentialRecord[], own: CredentialRecord): string {
  const read = (some: readonly CredentialRecord[]) => parseRecords(formatRecords(some))
  const all = read(withRecord(records, own))
  return formatRecords(ownRecords(all, own).length > 0 ? all : read([own]))
}

/** Hosts that this step wrote earlier and no longer lists. */
export function droppedHosts(records: readonly CredentialRecord[], owner: HostOwner): string[] {
  return ownRecords(records, owner)
    .flatMap(({ hosts }) => hosts)
    .filter((host) => !owner.hosts.includes(host))
}

/** Whether it belongs to the same step: to its repository and provider, for at least one of its hosts. */
export function isOwn(one: HostOwner, owner: HostOwner): boolean {
  return overlaps(one, owner) && isSameOwner(one, owner)
}

function isSameOwner(one: HostOwner, other: HostOwner): boolean {
  return one.repository === other.repository && one.provider === other.provider
}

function overlaps(one: HostOwner, other: HostOwner): boolean {
  return one.hosts.some((host) => other.hosts.includes(host))
}
