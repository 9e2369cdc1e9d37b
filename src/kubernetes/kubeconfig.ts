import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Context, KubeConfig } from '@kubernetes/client-node'
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js'
import { decodeBase64, textOf } from '../core/base64.ts'
import { asObject, asObjects, asText } from '../core/json.ts'
import { readRegularFile } from '../core/regular-file.ts'
import { maskProxyLogin } from '../http/proxy.ts'
import { mask } from '../runner/mask.ts'
import type { ClusterEntry } from './cluster-info.ts'
import { checkNamedFile } from './file-or-data.ts'
import { impersonationIn, type UserEntry } from './impersonation.ts'
import { checkKubeconfigShape, kubeconfigObject } from './kubeconfig-shape.ts'
import { looksLikeKubeconfig } from './kubeconfig-text.ts'
import { GITHUB_OIDC, type TokenService } from './oidc.ts'
import { isOmitted } from './useless-user.ts'

/** Where the clusters and their users are defined. */
export type ClusterSource =
  | { readonly kind: 'text'; readonly text: string }
  /** In the order of `KUBECONFIG`: earlier files take precedence. */
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'in-cluster' }
  | {
      readonly kind: 'server'
      readonly url: string
      readonly certificate: string | undefined
      readonly user: ServerUser
    }

/** A bearer token, or the service that issues short-lived ones. */
export type ServerUser = { readonly token: string } | TokenService

/** A parser of YAML, or of JSON. */
type ParseText = (text: string) => unknown

/**
 * Reads a kubeconfig as kubectl does, and masks its secrets.
 * @throws Error whose message reads after the name of an input and does not quote the kubeconfig
 */
export function readKubeConfig(source: ClusterSource, parseText: ParseText): KubeConfig {
  const config = read(source, parseText)
  checkFiles(config)
  for (const { proxyUrl } of config.clusters) if (proxyUrl) maskProxyLogin(proxyUrl)
  for (const user of config.users) {
    const provider = asObject(user.authProvider?.config)
    const provided = ['access-token', 'id-token', 'refresh-token', 'client-secret'].map((name) =>
      asText(provider[name]),
    )
    const publicIds = [user.name, user.username, provider['client-id']]
    for (const secret of [user.token, user.password, user.keyData, ...provided])
      if (secret && !isOmitted(secret)) mask(secret, ...publicIds)
  }
  return config
}

/** Thousands of contexts with their certificates. */
const MAX_KUBECONFIG_BYTES = 16 * 1024 * 1024
/** Files that are read later. One that is missing is an error only of the contexts that need it: see `missingFiles`. */
function checkFiles({ clusters, users }: KubeConfig): void {
  const files = [
    ...clusters.map(({ caFile }) => caFile),
    ...users.flatMap(({ certFile, keyFile, authProvider }) => [
      certFile,
      keyFile,
      authProvider?.config?.tokenFile,
      authProvider?.config?.[IDP_AUTHORITY],
    ]),
  ]
  for (const file of new Set(files)) checkFile(file)
}

function checkFile(file: unknown): void {
  const path = asText(file)
  if (path !== undefined) parse(() => checkNamedFile(path), ` in ${path}`)
}

function read(source: ClusterSource, parseText: ParseText): KubeConfig {
  const config = new KubeConfig()
  switch (source.kind) {
    case 'text':
      return readText({ text: source.text }, parseText)
    case 'files':
      return source.paths
        .filter((path) => existsSync(path))
        .reduce((merged, path) => addFile(merged, path, parseText), config)
    case 'in-cluster':
      config.loadFromCluster()
      return config
    case 'server': {
      const { url, certificate, user: credential } = source
      const caData = certificate === undefined ? {} : { caData: Buffer.from(certificate).toString('base64') }
      const name = new URL(url).host
      const cluster = { name, server: url, skipTLSVerify: false }
      const user = 'token' in credential ? credential : { authProvider: { name: GITHUB_OIDC, config: credential } }
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

/**
 * Merges files as kubectl does: the first file that sets a value wins. client-node's merge rejects duplicate names.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
function addFile(config: KubeConfig, path: string, parseText: ParseText): KubeConfig {
  const where = ` in ${path}`
  const bytes = parse(() => readRegularFile(path, MAX_KUBECONFIG_BYTES), where)
  const text = textOf(bytes) ?? bytes.toString()
  const decoded = decodeBase64(text, looksLikeKubeconfig)
  const file = readText({ text: decoded ?? text, where, folder: resolve(dirname(path)) }, parseText)
  file.makePathsAbsolute(dirname(path))
  const merged = new KubeConfig()
  merged.loadFromOptions({
    clusters: firstOfEach(config.clusters, file.clusters),
    users: firstOfEach(config.users, file.users),
    contexts: firstOfEach<Context>(config.contexts, file.contexts),
    currentContext: config.currentContext || file.currentContext,
  })
  return merged
}

interface KubeconfigText {
  readonly text: string
  /** As it reads at the end of a message. */
  readonly where?: string
  /** Of the kubeconfig; absent when it is not a file. */
  readonly folder?: string
}

function readText({ text, where = '', folder }: KubeconfigText, parseText: ParseText): KubeConfig {
  const fields = parse(() => kubeconfigObject(parseText(text)), where)
  parse(() => checkKubeconfigShape(fields), where)
  // client-node reads these files when it reads the text, and would block on a pipe.
  for (const { user } of asObjects(fields.users)) checkFile(asObject(user)['token-file'])
  const config = new KubeConfig()
  parse(
    () =>
      config.loadFromOptions({
        clusters: newClusters(fields.clusters),
        users: newUsers(fields.users),
        contexts: newContexts(fields.contexts),
        currentContext: fields['current-context'],
      }),
    where,
  )
  addIgnoredFields(config, fields, folder)
  return config
}

/**
 * Adds what client-node does not read: the `tokenFile` of each user, as client-node's `authProvider`; whom a user impersonates; the
 * folder of the kubeconfig, for the `command` of an exec plugin; and what a cluster has for exec plugins.
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
 * @param folder of the kubeconfig; absent when it is not a file
 */
function addIgnoredFields(
  config: KubeConfig,
  { users, clusters }: Readonly<Record<string, unknown>>,
  folder: string | undefined,
): void {
  config.users = config.users.map((user): UserEntry => {
    const fields = asObject(asObjects(users).find(({ name }) => name === user.name)?.user)
    const { tokenFile } = fields
    const impersonation = impersonationIn(fields)
    const path = asText(tokenFile)
    const authority = asText(asObject(user.authProvider?.config)[IDP_AUTHORITY])
    if (authority !== undefined && folder !== undefined)
      user.authProvider.config[IDP_AUTHORITY] = resolve(folder, authority)
    return {
      ...user,
      ...(impersonation !== undefined && { impersonation }),
      ...(user.exec && { exec: { ...user.exec, folder } }),
      ...(path !== undefined && {
        authProvider: { name: 'tokenFile', config: { tokenFile: folder === undefined ? path : resolve(folder, path) } },
      }),
    }
  })
  config.clusters = config.clusters.map((cluster): ClusterEntry => {
    const { extensions } = asObject(asObjects(clusters).find(({ name }) => name === cluster.name)?.cluster)
    const execConfig = asObjects(extensions).find(({ name }) => name === EXEC_EXTENSION)?.extension
    return { ...cluster, ...(execConfig !== undefined && { execConfig }) }
  })
}

const IDP_AUTHORITY = 'idp-certificate-authority'

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#Cluster */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec'

function firstOfEach<T extends { readonly name: string }>(earlier: readonly T[], later: readonly T[]): T[] {
  return [...earlier, ...later.filter(({ name }) => !earlier.some((one) => one.name === name))]
}

/** The parser's message quotes the lines around an error, which may contain a token. */
function parse<T>(read: () => T, where: string): T {
  try {
    return read()
  } catch (error) {
    const { mark, code, message } = error as { mark?: { line?: number }; code?: string; message: string }
    const line = mark?.line === undefined ? '' : ` at line ${mark.line + 1}`
    const problem =
      mark !== undefined ? `is not valid YAML${line}` : code !== undefined ? `cannot be read (${code})` : ''
    throw new Error(
      `${problem || `is not a kubeconfig: ${/is missing$|^[\w .[\]-]+ must /.test(message) ? message : 'wrong structure'}`}${where}`,
    )
  }
}
