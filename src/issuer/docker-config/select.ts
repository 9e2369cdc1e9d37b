import type { DockerConfig } from './config.ts'
import type { ConfigEntry, EntryLogin } from './entry.ts'

/** Where the credential of one registry host is. */
export type HostSource =
  | { readonly kind: 'entry'; readonly server: string; readonly login: EntryLogin }
  | {
      readonly kind: 'helper'
      readonly server: string
      /** What the helper knows it by. */
      readonly key: string
      readonly helper: string
      /** What the config has, in case the helper has nothing. */
      readonly entry: ConfigEntry
      /** Whether the workflow asks for this host: if not, it is left out where the helper has no credential. */
      readonly isRequested: boolean
    }
  /** Only a token that nodes cannot use. */
  | { readonly kind: 'identity-token'; readonly server: string }
  | { readonly kind: 'missing'; readonly server: string }

/** A host that a credential helper is asked for. */
export type HelperSource = Extract<HostSource, { kind: 'helper' }>

/** A host for which it is known whether there is a credential. */
export type FoundHost = Exclude<HostSource, HelperSource>

const EMPTY: ConfigEntry = { kind: 'empty' }

/**
 * Where the credentials of the requested hosts are. A host is found under each key that docker could write for it.
 * @param servers hosts, as `docker-server` has them
 */
export function selectHosts(config: DockerConfig, servers: readonly string[]): HostSource[] {
  const keys = keysOf(config)
  return servers.map((server) => sourceOf(config, { server, key: findKey(keys, server), isRequested: true }))
}

/** Where the credentials of all hosts are that the config names. The credentials store may know more. */
export function allHosts(config: DockerConfig): HostSource[] {
  return keysOf(config)
    .map((key) => sourceOf(config, { server: key, key, isRequested: false }))
    .filter(({ kind }) => kind !== 'missing')
}

function keysOf({ entries, credHelpers }: DockerConfig): string[] {
  return [...new Set([...entries.keys(), ...credHelpers.keys()])]
}

interface Lookup {
  readonly server: string
  readonly key: string | undefined
  readonly isRequested: boolean
}

function sourceOf(config: DockerConfig, { server, key = server, isRequested }: Lookup): HostSource {
  const { entries, credHelpers, credsStore } = config
  const helperKey = credHelpers.has(key) ? key : findKey([...credHelpers.keys()], server)
  const helper = helperKey === undefined ? credsStore : credHelpers.get(helperKey)
  const entry = entries.get(key) ?? EMPTY
  if (helper !== undefined) return { kind: 'helper', server, key: helperKey ?? key, helper, entry, isRequested }
  return hostOf(server, entry)
}

/** What an entry, or the response of a helper, means for its host. */
export function hostOf(server: string, entry: ConfigEntry): FoundHost {
  switch (entry.kind) {
    case 'login':
      return { kind: 'entry', server, login: entry }
    case 'identity-token':
      return { kind: 'identity-token', server }
    case 'empty':
      return { kind: 'missing', server }
  }
}

/** The key of a host: its own, or one that names it with a scheme, or by another name of Docker Hub. */
export function findKey(keys: readonly string[], server: string): string | undefined {
  return keys.find((key) => key === server) ?? keys.find((key) => hostOfKey(key) === hostOfKey(server))
}

/** Docker Hub has the key `https://index.docker.io/v1/`: https://github.com/docker/cli/blob/master/cli/config/credentials/file_store.go */
function hostOfKey(key: string): string {
  const [host = '', ...path] = key.replace(/^https?:\/\//, '').split('/')
  if (host === 'index.docker.io' || host === 'docker.io') return isVersion(path) ? 'docker.io' : key
  return isVersion(path) ? host : `${host}/${path.join('/')}`
}

/** Whether a path is none, or only that of the version of the API. */
function isVersion(path: readonly string[]): boolean {
  return /^(?:v[12])?\/?$/.test(path.join('/'))
}
