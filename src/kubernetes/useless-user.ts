import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { Cluster, User } from '@kubernetes/client-node'
import { asObject, asText } from '../core/json.ts'
import { claimsOf, expiryOf } from '../core/jwt.ts'
import { isLoopback } from '../http/address.ts'
import { type CertificateProblem, clientCertificateProblem } from './certificate-problem.ts'
import { readNamedFile } from './file-or-data.ts'

/** What `kubectl config view` prints in place of secrets and certificates. */
const OMITTED = ['REDACTED', 'DATA+OMITTED']

/** A token of a clock that is a little ahead has not expired. */
const CLOCK_TOLERANCE_MS = 60_000

export const FLATTEN_HINT =
  'Create one that contains everything, and use its text: `kubectl config view --raw --flatten --minify`.'

/** Whether a value of a kubeconfig stands for a secret that was left out. */
export function isOmitted(value: unknown): boolean {
  return OMITTED.includes(String(value).trim())
}

/** Whether one of the values of a kubeconfig was left out when it was printed. */
export function hasOmissions(cluster: Cluster, user: User): boolean {
  const config = Object.values(asObject(user.authProvider?.config))
  return [cluster.caData, user.certData, user.keyData, user.token, user.password, ...config].some(isOmitted)
}

interface NamedFile {
  /** As it is in the kubeconfig. */
  readonly field: string
  readonly path: string
}

/**
 * The files that a kubeconfig names and that cannot be read here. A relative path is one of a kubeconfig that is a text: it would be
 * relative to the workspace.
 */
export function missingFiles(cluster: Cluster, user: User): NamedFile[] {
  const files = [
    { field: 'certificate-authority', path: cluster.caData ? undefined : cluster.caFile },
    { field: 'client-certificate', path: user.certData ? undefined : user.certFile },
    { field: 'client-key', path: user.keyData ? undefined : user.keyFile },
    { field: 'idp-certificate-authority', path: idpAuthorityOf(user) },
    { field: 'tokenFile', path: asText(user.authProvider?.config?.tokenFile) },
  ]
  return files.flatMap(({ field, path }) => (path && !(isAbsolute(path) && existsSync(path)) ? [{ field, path }] : []))
}

function idpAuthorityOf({ authProvider }: User): string | undefined {
  const config = asObject(authProvider?.config)
  return config['idp-certificate-authority-data'] ? undefined : asText(config['idp-certificate-authority'])
}

/** Why the API server will not accept this user; undefined when no reason was found. */
export function uselessUser(user: User, server: string, now: Date): CertificateProblem | undefined {
  const hasCertificate = Boolean(user.certData || user.certFile)
  const hasKey = Boolean(user.keyData || user.keyFile)
  const hasLogin = user.token || user.username || user.exec || user.authProvider
  if (!hasLogin && !hasCertificate && !hasKey && !isLocalProxy(server))
    return { problem: 'a user without any credential', needsRenewal: true }
  if (hasCertificate !== hasKey) return { problem: 'only one of client certificate and key', needsRenewal: false }
  const expiry = tokenExpiry(tokenOf(user), now)
  return (
    (hasCertificate ? clientCertificateProblem(user, now) : undefined) ??
    (expiry === undefined ? undefined : { problem: expiry, needsRenewal: true })
  )
}

/** `kubectl proxy` logs in itself: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_proxy/ */
function isLocalProxy(server: string): boolean {
  const url = URL.parse(server)
  return url?.protocol === 'http:' && isLoopback(url.hostname)
}

function tokenOf({ token, authProvider }: User): string | undefined {
  const path = asText(authProvider?.config?.tokenFile)
  return path === undefined ? token : readNamedFile(path).toString()
}

function tokenExpiry(token: string | undefined, now: Date): string | undefined {
  const expiry = token === undefined ? undefined : expiryOf(claimsOf(String(token).trim()))
  if (expiry === undefined || expiry.getTime() + CLOCK_TOLERANCE_MS > now.getTime()) return undefined
  return `a token that expired at ${expiry.toISOString()}`
}
