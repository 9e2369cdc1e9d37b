// Where the real servers are: $KUBEBUILDER_ASSETS, the cache folder that scripts/real-servers.sh fills, the PATH.
import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

export type Binary = 'etcd' | 'kube-apiserver' | 'kubectl' | 'docker-registry' | (typeof nodeBinaries)[number]

/** What `scripts/real-servers.sh node` adds. */
export const nodeBinaries = [
  'kubelet',
  'kube-scheduler',
  'kube-controller-manager',
  'containerd',
  'containerd-shim-runc-v2',
  'ctr',
  'runc',
  'busybox',
] as const

/**
 * `required`: a missing server is a failure instead of a skipped test. `none`: tests do as if there were no real servers.
 * Not set: tests run on the real servers that are found.
 */
export const realServers = realServersFrom(process.env.REAL_SERVERS)

function realServersFrom(value = ''): 'required' | 'none' | 'found' {
  if (value === '') return 'found'
  if (value === 'required' || value === 'none') return value
  throw new Error(`REAL_SERVERS is ${value}. Allowed: required, none.`)
}

export function findBinary(name: Binary): string | undefined {
  if (realServers === 'none') return undefined
  const fileNames = name === 'docker-registry' ? [name, 'registry'] : [name]
  return folders()
    .flatMap((folder) => fileNames.map((fileName) => join(folder, fileName)))
    .find(isExecutable)
}

export function requireBinary(name: Binary): string {
  const path = findBinary(name)
  if (path === undefined) throw new Error(missingBinaries([name]))
  return path
}

/** What is missing and the command that provides it, in one line. */
export function missingBinaries(names: readonly Binary[]): string {
  const command = names.some((name) => nodeBinaries.some((node) => node === name))
    ? 'scripts/real-servers.sh node'
    : 'scripts/real-servers.sh'
  return `${names.join(', ')} not found: ${command} provides ${names.length === 1 ? 'it' : 'them'}`
}

function folders(): string[] {
  const { KUBEBUILDER_ASSETS, REGISTRY_PULL_SECRET_CACHE, XDG_CACHE_HOME, PATH = '' } = process.env
  const cache = REGISTRY_PULL_SECRET_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'registry-pull-secret')
  return [KUBEBUILDER_ASSETS ?? '', join(cache, 'servers', 'bin'), ...PATH.split(delimiter)].filter(Boolean)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
