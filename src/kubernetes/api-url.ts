import { ActionError } from '../core/errors.ts'
import { once } from '../core/once.ts'
import type { Exchange } from '../http/errors.ts'
import { printable } from '../runner/log.ts'

export type ApiQuery = Readonly<Record<string, string>>

/** The URLs of an API server by their paths, which may have names in them that come from other servers and files. */
export function apiUrls(server: string, context: string): (path: string, query?: ApiQuery) => URL {
  // Behind some servers the API is below a path of its own.
  const prefix = once(() => new URL(`${server}/`).pathname.slice(0, -1))
  return (path, query) => {
    const url = new URL(server + path + searchOf(query))
    if (url.pathname !== prefix() + path) throw pathError(context, path)
    return url
  }
}

/** `URLSearchParams` takes several times as long, which counts in a run with thousands of requests. */
function searchOf(query: ApiQuery = {}): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** Dots, and characters that end a path, would lead to another path of the server. */
function pathError(context: string, path: string): ActionError {
  return new ActionError(
    'cluster-unexpected-response',
    `Could not send a request to the cluster ${context}: ${printable(path)} contains a name that no Kubernetes object can have`,
    {
      details: { cluster: context },
      hint: 'Check where that name comes from: a manifest, or another user of the cluster.',
    },
  )
}

/**
 * The namespace of an API path, and the object or kind in it: `{ namespace: 'shop', resource: 'secrets/regcred' }`.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
export function objectOf(path: string): Pick<Exchange, 'namespace' | 'resource'> {
  const [, namespace, resource] = /\/namespaces\/([^/]+)(?:\/([^/]+(?:\/[^/]+)?))?/.exec(path) ?? []
  return { namespace, resource }
}
