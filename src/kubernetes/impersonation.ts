import type { User } from '@kubernetes/client-node'
import { asObject, asText } from '../core/json.ts'

/** What client-node does not read of the user that a kubeconfig impersonates: `as-uid`, `as-groups` and `as-user-extra`. */
interface Impersonation {
  readonly uid: string | undefined
  readonly groups: readonly string[]
  readonly extra: readonly (readonly [key: string, values: readonly string[]])[]
}

/** A user of a kubeconfig, with what client-node does not read. */
export interface UserEntry extends User {
  readonly impersonation?: Impersonation
}

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo */
export function impersonationIn(user: Readonly<Record<string, unknown>>): Impersonation | undefined {
  const uid = asText(user['as-uid'])
  const groups = textsIn(user['as-groups'])
  const extra = Object.entries(asObject(user['as-user-extra'])).map(([key, values]) => [key, textsIn(values)] as const)
  return uid === undefined && groups.length === 0 && extra.length === 0 ? undefined : { uid, groups, extra }
}

function textsIn(values: unknown): string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
}

/**
 * As client-go sends them.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation,
 * https://github.com/kubernetes/client-go/blob/master/transport/round_trippers.go
 * @throws Error when nothing says which user it is, as client-go does
 */
export function impersonationHeaders({ impersonateUser, impersonation }: UserEntry): Record<string, string> {
  if (!impersonateUser) {
    if (impersonation !== undefined)
      throw new Error('it has `as-uid`, `as-groups` or `as-user-extra`, and no `as` that says which user it is')
    return {}
  }
  const { uid, groups = [], extra = [] } = impersonation ?? {}
  return {
    'impersonate-user': impersonateUser,
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...repeated('impersonate-group', groups),
    ...Object.assign({}, ...extra.map(([key, values]) => repeated('impersonate-extra-', values, escapeKey(key)))),
  }
}

/**
 * A header for each value. Over HTTP/2 undici joins the values of one name with commas, which the API server would take for one
 * group. So their names differ in case, which does not count: https://www.rfc-editor.org/rfc/rfc9110#section-5.1,
 * https://github.com/nodejs/undici/blob/main/lib/dispatcher/client-h2.js `buildRequestHeaders`
 */
function repeated(name: string, values: readonly string[], suffix = ''): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${inCase(name, index)}${suffix}`, value]))
}

/** The name with each letter in upper case for which `index` has a bit. */
function inCase(name: string, index: number): string {
  let bits = index
  return name.replace(/[a-z]/g, (letter) => {
    const isUpper = bits % 2 === 1
    bits = Math.floor(bits / 2)
    return isUpper ? letter.toUpperCase() : letter
  })
}

/** What a header name cannot have is escaped byte by byte, and so is `%`: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
function escapeKey(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[\w!#$&'*+.^`|~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
