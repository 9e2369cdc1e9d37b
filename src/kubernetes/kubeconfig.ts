import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Context, KubeConfig } from '@kubernetes/client-node'
import { load } from 'js-yaml'
import { asObject, asObjects, asText } from '../core/json.ts'
import { mask } from '../runner/mask.ts'
import { GITHUB_OIDC, type TokenService } from './oidc.ts'

/** Where the clusters and their logins are described. */
export type ClusterSource =
  | { readonly kind: 'text'; readonly text: string }
  /** In the order of `KUBECONFIG`: what an earlier file says counts. */
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'in-cluster' }
  | {
      readonly kind: 'server'
      readonly url: string
      readonly certificate: string | undefined
      readonly login: ServerLogin
    }

/** A bearer token, or who hands out a new one every few minutes. */
export type ServerLogin = { readonly token: string } | TokenService

/**
 * Reads a kubeconfig as kubectl does, by client-node; its secrets are masked.
 * @throws Error whose message never quotes the kubeconfig
 */
export function loadKubeConfig(source: ClusterSource): KubeConfig {
  const config = read(source)
  for (const user of config.users) {
    const provider = asObject(user.authProvider?.config)
    const provided = ['access-token', 'id-token', 'refresh-token', 'client-secret'].map((name) =>
      asText(provider[name]),
    )
    for (const secret of [user.token, user.password, user.keyData, ...provided]) if (secret) mask(secret)
  }
  return config
}

function read(source: ClusterSource): KubeConfig {
  const config = new KubeConfig()
  switch (source.kind) {
    case 'text':
      parse(() => {
        config.loadFromString(source.text)
        addTokenFiles(config, source.text, '.')
      })
      return config
    case 'files':
      return source.paths.filter((path) => existsSync(path)).reduce(addFile, config)
    case 'in-cluster':
      config.loadFromCluster()
      return config
    case 'server': {
      const { url, certificate, login } = source
      const caData = certificate === undefined ? {} : { caData: Buffer.from(certificate).toString('base64') }
      const name = new URL(url).host
      const cluster = { name, server: url, skipTLSVerify: false }
      const user = 'token' in login ? login : { authProvider: { name: GITHUB_OIDC, config: login } }
      config.loadFromOptions({
        clusters: [{ ...cluster, ...caData }],
        users: [{ name, ...user }],
        contexts: [{ name, cluster: name, user: name }],
        currentContext: name,
      })
      return config
    }
  }
}

/** Merges as kubectl does: the first to name a thing wins. client-node's own merge refuses a name that comes twice. */
function addFile(config: KubeConfig, path: string): KubeConfig {
  const file = new KubeConfig()
  parse(() => {
    file.loadFromFile(path)
    addTokenFiles(file, readFileSync(path, 'utf8'), dirname(path))
  }, ` in ${path}`)
  const merged = new KubeConfig()
  merged.loadFromOptions({
    clusters: firstOfEach(config.clusters, file.clusters),
    users: firstOfEach(config.users, file.users),
    contexts: firstOfEach<Context>(config.contexts, file.contexts),
    currentContext: config.currentContext || file.currentContext,
  })
  return merged
}

/** kubectl's `tokenFile`, which client-node overlooks. As its own `authProvider` the file is read again from time to time. */
function addTokenFiles(config: KubeConfig, text: string, folder: string): void {
  for (const { name, user } of asObjects(asObject(load(text)).users)) {
    const tokenFile = asText(asObject(user).tokenFile)
    const found = config.users.findIndex((one) => one.name === name)
    if (tokenFile === undefined || found < 0) continue
    const authProvider = { name: 'tokenFile', config: { tokenFile: resolve(folder, tokenFile) } }
    config.users[found] = { ...config.users[found], name: String(name), authProvider }
  }
}

function firstOfEach<T extends { readonly name: string }>(earlier: readonly T[], later: readonly T[]): T[] {
  return [...earlier, ...later.filter(({ name }) => !earlier.some((one) => one.name === name))]
}

/** A parser's message quotes the lines around the mistake, and those can hold a token. */
function parse(read: () => void, where = ''): void {
  try {
    read()
  } catch (error) {
    const { mark, code, message } = error as { mark?: { line?: number }; code?: string; message: string }
    const line = mark?.line === undefined ? '' : ` at line ${mark.line + 1}`
    const problem =
      mark !== undefined ? `is not valid YAML${line}` : code !== undefined ? `cannot be read (${code})` : ''
    throw new Error(
      `${problem || `is no kubeconfig: ${/is missing$/.test(message) ? message : 'wrong structure'}`}${where}`,
    )
  }
}
