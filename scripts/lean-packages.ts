// What packages load for features that this action does not use, left out of the bundle: docs/decisions/0015-load-only-what-a-run-uses.md
import { isBuiltin } from 'node:module'
import type { Plugin } from 'rolldown'

interface Unused {
  /** The files that import it. */
  readonly importer: RegExp
  readonly source: RegExp
}

const UNUSED: readonly Unused[] = [
  // The action sends requests and authenticates itself; of client-node it uses what reads a kubeconfig, without the parser.
  {
    importer: /@kubernetes\/client-node\/dist\//,
    source:
      /^(undici|socks|socks-proxy-agent|hpagent|openid-client|jsonpath-plus|rfc4648|js-yaml|node:(https|http|tls|child_process)|\.\/gen\/index\.js|\.\/middleware\.js|\.\.\/package\.json)$/,
  },
  // Bodies of requests are texts. Milo is an experimental parser, which only the variable UNDICI_USE_MILO selects.
  {
    importer: /undici\/lib\//,
    source: /\/(web\/fetch\/body|web\/fetch\/formdata|web\/webidl|milo\/(no-)?simd)(\.js)?$/,
  },
  // ProxyAgent loads it, and the action has its own connector.
  { importer: /undici\/lib\/dispatcher\/proxy-agent\.js$/, source: /^\.\/socks5-proxy-agent$/ },
]

const EMPTY = '\0unused'

/**
 * Of built-in modules. An `import` reads all their exports, and some of these load more: `WebSocket` in `node:http` is all of Node's own
 * undici, and takes longer than to start Node. https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 */
const BUILTIN = '\0builtin:'

/** @actions/core needs it for outputs and for the state only. */
const LATE_CRYPTO = '\0late-crypto'

export function leanPackages(): Plugin {
  return {
    name: 'lean-packages',
    resolveId(source, importer) {
      const from = importer?.replaceAll('\\', '/') ?? ''
      if (source === 'crypto' && from.endsWith('/@actions/core/lib/file-command.js')) return LATE_CRYPTO
      if (UNUSED.some((unused) => unused.importer.test(from) && unused.source.test(source))) return EMPTY
      return isBuiltin(source) && source !== 'node:module' ? `${BUILTIN}${source.replace(/^node:/, '')}` : undefined
    },
    load(id) {
      if (id === LATE_CRYPTO)
        return `export const randomUUID = () => process.getBuiltinModule('node:crypto').randomUUID()`
      if (id.startsWith(BUILTIN)) return `module.exports = process.getBuiltinModule('node:${id.slice(BUILTIN.length)}')`
      return id === EMPTY ? 'module.exports = {}' : undefined
    },
  }
}
