import { asObject, asText } from '../../core/json.ts'
import { isJwt } from '../../core/jwt.ts'
import { isPlaceholder, mask } from '../../runner/mask.ts'

/** What a docker config, a credential helper or a pull secret has for one registry host. */
export type ConfigEntry =
  | EntryLogin
  /** A refresh token, which only docker exchanges for access: the kubelet reads user name and password alone. */
  | { readonly kind: 'identity-token' }
  | { readonly kind: 'empty' }

export interface EntryLogin {
  readonly kind: 'login'
  readonly username: string
  /** Masked. */
  readonly password: string
}

/**
 * One entry of `auths`: user name and password, or the base64 of both.
 * @see https://github.com/docker/cli/blob/master/cli/config/configfile/file.go
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/config.go
 */
export function readEntry(entry: unknown): ConfigEntry {
  const { auth, username, password, identitytoken, registrytoken } = asObject(entry)
  if (asText(identitytoken) || asText(registrytoken)) {
    for (const token of [identitytoken, registrytoken]) mask(asText(token) ?? '')
    return { kind: 'identity-token' }
  }
  const decoded = Buffer.from(asText(auth) ?? '', 'base64').toString()
  const colon = decoded.indexOf(':')
  return colon > 0
    ? loginOf(decoded.slice(0, colon), decoded.slice(colon + 1).replace(/\0+$/, ''))
    : loginOf(asText(username) ?? '', asText(password) ?? '')
}

/** A user name and its password, masked. */
export function loginOf(username: string, password: string): ConfigEntry {
  mask(password, username)
  if (isJwt(username) || isPlaceholder(password)) mask(username)
  return username === '' || password === '' ? { kind: 'empty' } : { kind: 'login', username, password }
}
