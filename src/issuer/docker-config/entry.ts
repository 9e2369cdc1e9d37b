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
 * One entry of `auths`: user name and password, or the base64 of both. All its secrets are masked.
 * @see https://github.com/docker/cli/blob/master/cli/config/configfile/file.go
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/config.go
 */
export function readEntry(entry: unknown): ConfigEntry {
  const { auth, username, password, identitytoken, registrytoken } = asObject(entry)
  const [authUsername, authPassword] = decodeAuth(asText(auth) ?? '')
  const ofAuth = loginOf(authUsername, authPassword)
  const ofFields = loginOf(asText(username) ?? '', asText(password) ?? '')
  const tokens = [identitytoken, registrytoken].map((token) => mask(asText(token) ?? ''))
  if (tokens.some((token) => token !== '')) return { kind: 'identity-token' }
  return authUsername === '' ? ofFields : ofAuth
}

/** The base64 of `user:password`. A text without a colon counts as a password. */
function decodeAuth(auth: string): readonly [username: string, password: string] {
  const decoded = Buffer.from(auth, 'base64').toString()
  const colon = decoded.indexOf(':')
  return [decoded.slice(0, Math.max(colon, 0)), withoutFinalNuls(decoded.slice(colon + 1))]
}

/** Docker removes them as well. A regular expression would try each one of a long row. */
function withoutFinalNuls(text: string): string {
  let end = text.length
  while (text[end - 1] === '\0') end--
  return text.slice(0, end)
}

/** A user name and its password, masked. */
export function loginOf(username: string, password: string): ConfigEntry {
  mask(password, username)
  if (isJwt(username) || isPlaceholder(password)) mask(username)
  return username === '' || password === '' ? { kind: 'empty' } : { kind: 'login', username, password }
}
