import { asObject, asText, isObject } from '../../core/json.ts'
import { type ConfigEntry, readEntry } from './entry.ts'

/** The part of a docker config that is about credentials. */
export interface DockerConfig {
  /** By key, such as `ghcr.io` or `https://index.docker.io/v1/`. */
  readonly entries: ReadonlyMap<string, ConfigEntry>
  /** The credential helpers of single keys. */
  readonly credHelpers: ReadonlyMap<string, string>
  /** The credential helper of all other keys. */
  readonly credsStore: string | undefined
}

const SECRET_PROBLEM =
  'it is a Kubernetes Secret, of which the decoded value of `.dockerconfigjson` would be one (`docker-config-secret` copies a Secret)'

/** A helper is a program `docker-credential-<name>` on the PATH. */
const HELPER_NAME = /^[\w.-]{1,100}$/

/**
 * Reads a docker config. Its secrets are masked.
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 * @throws Error what is wrong with it, without its content
 */
export function parseDockerConfig(text: string): DockerConfig {
  const json = parseJson(text)
  const { credsStore, kind } = json
  if (kind === 'Secret') throw new Error(SECRET_PROBLEM)
  if (isLegacy(json)) throw new Error('it has the old format of `.dockercfg`: put its entries into an object `auths`')
  // Go writes null for none.
  const auths = json.auths ?? {}
  const credHelpers = json.credHelpers ?? {}
  if (!isObject(auths) || !isObject(credHelpers)) throw new Error('its `auths` or `credHelpers` is not an object')
  const helpers = Object.entries(credHelpers).map(([key, name]) => [key, helperName(name)] as const)
  return {
    entries: new Map(Object.entries(auths).map(([key, entry]) => [key, readEntry(entry)])),
    credHelpers: new Map(helpers.flatMap(([key, name]) => (name === undefined ? [] : [[key, name] as const]))),
    credsStore: helperName(credsStore),
  }
}

/** https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets */
function isLegacy(json: Readonly<Record<string, unknown>>): boolean {
  return !('auths' in json) && Object.values(json).some((value) => asText(asObject(value).auth) !== undefined)
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text)
    if (isObject(json)) return asObject(json)
  } catch {
    // The message of JSON.parse quotes the text.
  }
  throw new Error('it is not a JSON object')
}

/** @returns undefined for none: docker writes an empty name as well */
function helperName(value: unknown): string | undefined {
  const name = asText(value) ?? ''
  if (name !== '' && !HELPER_NAME.test(name)) throw new Error('it names a credential helper that is not a plain name')
  return name || undefined
}
