import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { buildConnector } from 'undici'
import createConnector from 'undici/lib/core/connect.js'
import { once } from '../core/once.ts'
import { networkProblemOf } from './network-problem.ts'

/** The CAs of Node, of the system and of the input `ca-certificates`. */
export interface Trust {
  readonly context: () => SecureContext
  /** Connects to a server without a proxy. */
  readonly connect: buildConnector.connector
}

/**
 * To read the CAs of the system takes longer than all requests of a run, and nearly every server has a certificate of a CA that Node
 * knows as well. So they are read when a server is not trusted without them, which gets a second handshake then.
 * https://nodejs.org/api/tls.html#tlsgetcacertificatestype
 * @param certificates PEM
 */
export function createTrust(certificates: string | undefined): Trust {
  const context = once(() => contextOf(['bundled', 'extra', 'system'], certificates))
  const withoutSystem = once(() =>
    createConnector(certificates === undefined ? {} : { secureContext: contextOf(['bundled', 'extra'], certificates) }),
  )
  const withSystem = once(() => createConnector({ secureContext: context() }))
  return {
    context,
    connect(options, callback) {
      if (options.protocol !== 'https:') return createConnector({})(options, callback)
      withoutSystem()(options, (...result) => {
        const [error] = result
        if (error !== null && networkProblemOf(error).isUntrusted) withSystem()(options, callback)
        else callback(...result)
      })
    },
  }
}

function contextOf(
  stores: readonly ('bundled' | 'extra' | 'system')[],
  certificates: string | undefined,
): SecureContext {
  const provided = certificates === undefined ? [] : [certificates]
  const found = new Set([...stores.flatMap((store) => getCACertificates(store)), ...provided])
  // The stores overlap, and OpenSSL takes its time to parse each certificate.
  const ca = new Map([...found].map((pem) => [pem.replaceAll(/\s/g, ''), pem])).values()
  return createSecureContext({ ca: [...ca], allowPartialTrustChain: true })
}
