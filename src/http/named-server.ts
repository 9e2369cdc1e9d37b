import { ActionError } from '../core/errors.ts'
import * as log from '../runner/log.ts'
import { isLoopback, isSafe, isSameDomain, mayBeThisMachine } from './address.ts'

/** An address that is in no input: a server named it. */
export interface NamedServer {
  /** As the errors of its requests name it, after "Could not …". */
  readonly operation: string
  /** The server that named it. */
  readonly from: URL
  readonly to: URL
  /** What it is used for, and what is sent there. */
  readonly role: Role
}

export type Role = 'token server' | 'login server' | 'redirect'

/** Each pair of hosts is reported once in a run. */
const reported = new Set<string>()

/**
 * Checks an address that a server named, before a request is sent there. Only a server of this machine may name an address of
 * this machine: a remote one could otherwise read from services that only this machine reaches.
 * @throws ActionError `insecure-endpoint`
 */
export function acceptNamedServer(named: NamedServer): void {
  const { from, to, role } = named
  if (!isSafe(to)) throw notAccepted(named, 'is not https', HTTPS_HINTS[role](from.host))
  if (mayBeThisMachine(to.hostname) && !isLoopback(from.hostname)) {
    const hint = `Ask the operators of ${from.host}. Only a server of this machine may name an address of this machine.`
    throw notAccepted(named, 'is an address of this machine', hint)
  }
  report(from, to, role)
}

/** Behind a proxy that terminates TLS, a registry names the address of its own configuration. */
const HTTPS_HINTS: Readonly<Record<Role, (host: string) => string>> = {
  'token server': (host) =>
    `The operators of ${host} must set its external URL to its https address, for example \`external_url\` in harbor.yml. Credentials are not sent over http.`,
  'login server': (host) =>
    `The operators of ${host} must set the address of its login server to https. Credentials are not sent over http.`,
  redirect: (host) => `Ask the operators of ${host}: it must redirect to an https address.`,
}

function notAccepted({ operation, from, to, role }: NamedServer, problem: string, hint: string): ActionError {
  const named = role === 'redirect' ? 'redirects to' : `names as its ${role}`
  const message = `Could not ${operation}: ${from.host} ${named} ${to.origin}, which ${problem}`
  return new ActionError('insecure-endpoint', message, { details: { host: from.host }, hint })
}

/** @throws ActionError when credentials would travel unencrypted */
export function requireSafe(url: URL, operation: string): void {
  if (isSafe(url)) return
  throw new ActionError('insecure-endpoint', `Could not ${operation}: ${url.origin} is not https`, {
    details: { host: url.host },
    hint: 'Use an https address. Only addresses of this machine may use http.',
  })
}

function report(from: URL, to: URL, role: Role): void {
  const pair = `${from.hostname} ${role} ${to.hostname}`
  if (from.hostname === to.hostname || reported.has(pair)) return
  reported.add(pair)
  const named = role === 'redirect' ? `redirects to ${to.host}` : `names ${to.host} as its ${role}`
  if (isSameDomain(from.hostname, to.hostname)) log.info(`${from.host} ${named}.`)
  else log.warning('server-in-other-domain', `${from.host} ${named}, in another domain. ${CONSEQUENCES[role]}`)
}

const CONSEQUENCES: Readonly<Record<Role, string>> = {
  'token server': 'The credential for the registry is sent there as well.',
  'login server': 'The login of this run is sent there.',
  redirect: 'The request is sent there without credentials.',
}
