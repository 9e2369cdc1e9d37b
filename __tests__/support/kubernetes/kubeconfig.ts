import { dump } from 'js-yaml'
import type { Certificate } from '../http/certificate.ts'

export interface KubeconfigEntry {
  readonly context: string
  readonly server: string
  readonly certificateAuthority: string
  readonly user: { readonly token: string } | Certificate
  /** By default the name of the context. */
  readonly userName?: string
  readonly namespace?: string | undefined
}

/** A kubeconfig as YAML text; the first entry is the current context. */
export function kubeconfig(entries: readonly [KubeconfigEntry, ...KubeconfigEntry[]]): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': entries[0].context,
    contexts: entries.map(({ context, namespace, userName = context }) => ({
      name: context,
      context: { cluster: context, user: userName, ...(namespace !== undefined && { namespace }) },
    })),
    clusters: entries.map(({ context, server, certificateAuthority }) => ({
      name: context,
      cluster: { server, 'certificate-authority-data': base64(certificateAuthority) },
    })),
    users: entries.map(({ context, user, userName = context }) => ({ name: userName, user: credential(user) })),
  })
}

function credential(user: KubeconfigEntry['user']): Record<string, string> {
  if ('token' in user) return { token: user.token }
  return { 'client-certificate-data': base64(user.certificate), 'client-key-data': base64(user.key) }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
