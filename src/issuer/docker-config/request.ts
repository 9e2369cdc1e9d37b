import type { EntryLogin } from './entry.ts'
import type { HelperSource } from './select.ts'

/** Credentials of earlier `docker login` steps, or those of a pull secret. Each registry host has its own. */
export interface DockerConfigRequest {
  readonly provider: 'docker-config'
  readonly source: ConfigSource | SecretSource
  /** Whether a credential that expires soon is taken as well. */
  readonly allowsShortLived: boolean
}

/** A docker config that has been read. */
export interface ConfigSource {
  readonly kind: 'config'
  /** What it has itself. */
  readonly logins: readonly (EntryLogin & { readonly server: string })[]
  /** The hosts that credential helpers are asked for. */
  readonly asked: readonly HelperSource[]
  /** The credentials store, when all hosts are taken that it knows. */
  readonly listed: string | undefined
  /** Of the helpers. */
  readonly environment: NodeJS.ProcessEnv
}

/** A pull secret that each cluster has. */
export interface SecretSource {
  readonly kind: 'secret'
  readonly namespace: string
  readonly name: string
}
