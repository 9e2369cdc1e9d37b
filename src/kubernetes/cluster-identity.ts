import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { KubeConfig } from '@kubernetes/client-node'
import { sha256 } from '../core/digest.ts'
import { asObject, asObjects, asText } from '../core/json.ts'
import { isLoopback, withoutFinalSlashes } from '../http/address.ts'
import { contentOf } from './file-or-data.ts'
import type { UserEntry } from './impersonation.ts'

/** Which cluster it is, in every run and kubeconfig. */
export interface ClusterIdentity {
  /** Of a uid: 16 hexadecimal digits; else `host~digest`. It contains no space, comma or slash. */
  readonly identity: string
  /** Whether no other cluster can have this identity. */
  readonly isIdentityCertain: boolean
  /** Whether it is known only from the records in the secrets of the cluster, and not from its API server. */
  readonly isIdentityRecorded: boolean
}

/** A cluster in the record of a secret: its identity, and the one of `identityInKubeconfig`, for users who cannot read the uid. */
export interface NamedCluster {
  readonly identity: string
  readonly inKubeconfig: string
}

/** In hexadecimal digits, of a uid or of a digest. */
const ID_LENGTH = 16

/** @param uid a UUID */
export function identityOfUid(uid: string): ClusterIdentity {
  return {
    identity: uid.toLowerCase().replaceAll('-', '').slice(0, ID_LENGTH),
    isIdentityCertain: true,
    isIdentityRecorded: false,
  }
}

/** Whether an identity comes from a uid. */
export function isUidIdentity(identity: string): boolean {
  return identity.length === ID_LENGTH && /^[0-9a-f]+$/.test(identity)
}

/**
 * The identity of the cluster of a context, of all that distinguishes clusters in a kubeconfig. Several clusters may be behind one
 * address, distinguished by the path (Rancher), by the client certificate or its subject (Teleport), or by the server name (SNI).
 */
export function identityInKubeconfig(config: KubeConfig, context: string): ClusterIdentity {
  const cluster = config.getCluster(config.getContextObject(context)?.cluster ?? '')
  const { server = '', caData, caFile, tlsServerName, proxyUrl, skipTLSVerify } = cluster ?? {}
  const { protocol, host, hostname, pathname } = new URL(server)
  const ca = contentIfPresent(caData, caFile)
  const digest = digestOf([
    [host, withoutFinalSlashes(pathname), tlsServerName, proxyUrl],
    ca && sha256(ca),
    userInKubeconfig(config, context),
  ])
  const isVerified = protocol === 'https:' && ca !== undefined && !skipTLSVerify
  return {
    identity: `${host.replaceAll(/[^\w.:[\]-]/g, '_')}~${digest}`,
    // Behind an address of this machine is a tunnel, and behind one that public authorities vouch for often a proxy.
    isIdentityCertain: isVerified && !isLoopback(hostname),
    isIdentityRecorded: false,
  }
}

/**
 * A digest of what stays the same of the user of a context. Tokens and certificates are renewed, the subject of a certificate is
 * not: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates
 */
export function userInKubeconfig(config: KubeConfig, context: string): string {
  const user: UserEntry | null = config.getUser(config.getContextObject(context)?.user ?? '')
  const { command, args, env } = asObject(user?.exec)
  const variables = asObjects(env).filter(({ name }) => !isSecretName(asText(name) ?? ''))
  return digestOf([
    [user?.name, user?.username, user?.impersonateUser, subjectOf(contentIfPresent(user?.certData, user?.certFile))],
    [command, args, variables.map(({ name, value }) => [name, value])],
    ...(user?.impersonation === undefined ? [] : [user.impersonation]),
  ])
}

/** A secret is renewed, and not even its digest is published. */
function isSecretName(variable: string): boolean {
  return /token|secret|password|passphrase|credential|key/i.test(variable)
}

/** The first request reports a file that is missing. */
function contentIfPresent(base64: string | undefined, path: string | undefined): Buffer | undefined {
  return contentOf(base64, path && existsSync(path) ? path : undefined)
}

function subjectOf(certificate: Buffer | undefined): string | undefined {
  try {
    return certificate && new X509Certificate(certificate).subject
  } catch {
    // The first request reports what is wrong with it.
    return undefined
  }
}

function digestOf(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, ID_LENGTH)
}
