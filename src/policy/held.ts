import { asObject, asText } from '../core/json.ts'
import type { StoredSecret } from '../pull-secret/read.ts'
import { type HostOwner, ownRecords } from '../pull-secret/record.ts'
import { type HostLogin, loginsIn } from '../registry/docker-config.ts'
import type { Credential, Logins } from './credential.ts'

/** For which hosts and user a credential is. */
export interface LoginRequest {
  readonly owner: HostOwner
  /** Undefined: the issuer gives each credential its own. */
  readonly username: string | undefined
  /** What the workflow provides: then only that is reused, whatever its age. */
  readonly provided: Logins | undefined
}

/** What one target holds and records of a credential. */
export interface Held {
  readonly tokenId: string
  readonly logins: Logins
  readonly mintedAt: Date | undefined
  readonly expiresAt: Date | undefined
  readonly scopes: readonly string[]
}

/**
 * A stored password that can be masked, and be part of a header. Every registry's token has this form. Anyone who may edit a
 * secret can store another one, which would hide parts of the log.
 */
const PASSWORD = /^[\x20-\x7e]{8,8192}$/

/** The credential in a stored secret, when it has one for all the hosts and the user of the request. */
export function heldIn(stored: StoredSecret, request: LoginRequest): Held | undefined {
  const { owner, provided } = request
  const [record, ...others] = ownRecords(stored.records, owner)
  if (record === undefined || others.length > 0) return undefined
  if (provided !== undefined) return holdsLogins(stored, provided, owner) ? { ...record, logins: provided } : undefined
  const entry = asObject(stored.entries[owner.hosts[0] ?? ''])
  const [username, password] = [request.username ?? asText(entry.username), asText(entry.password)]
  if (username === undefined || password === undefined) return undefined
  if (!isSecret(password, [record.tokenId, username, ...owner.hosts])) return undefined
  const logins: Logins = [{ servers: owner.hosts, username, password }]
  return holdsLogins(stored, logins, owner) ? { ...record, logins } : undefined
}

/** Whether a secret holds these logins for all hosts of the step. */
function holdsLogins({ cluster, entries }: HeldSecret, logins: readonly HostLogin[], { hosts }: HostOwner): boolean {
  const wanted = loginsIn(cluster, logins)
  return hosts.every((host) => {
    const login = wanted.find(({ servers }) => servers.includes(host))
    const { username, password } = asObject(entries[host])
    return login !== undefined && username === login.username && password === login.password
  })
}

type HeldSecret = Pick<StoredSecret, 'cluster' | 'entries'>

function isSecret(password: string, publicIds: readonly string[]): boolean {
  return PASSWORD.test(password) && !publicIds.includes(password)
}

/** Whether a secret holds the very credential for all its hosts, whatever its annotations record. */
export function holdsCredential(
  stored: HeldSecret,
  { logins }: Pick<Credential, 'logins'>,
  { owner }: LoginRequest,
): boolean {
  return holdsLogins(stored, logins, owner)
}
