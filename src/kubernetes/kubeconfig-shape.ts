import { isObject } from '../core/json.ts'

/** What a value must be, if it is there: a text, a URL, the URL of an API server, true or false, a list, an object with these fields, or one with any. */
type Shape =
  | 'text'
  | 'url'
  | 'server'
  | 'flag'
  | readonly [Shape]
  | { readonly [field: string]: Shape }
  | Map<'any', Shape>

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
const KUBECONFIG: Shape = {
  'current-context': 'text',
  clusters: [
    {
      name: 'text',
      cluster: {
        server: 'server',
        'certificate-authority': 'text',
        'certificate-authority-data': 'text',
        'insecure-skip-tls-verify': 'flag',
        'tls-server-name': 'text',
        'proxy-url': 'url',
      },
    },
  ],
  contexts: [{ name: 'text', context: { cluster: 'text', user: 'text', namespace: 'text' } }],
  users: [
    {
      name: 'text',
      user: {
        token: 'text',
        tokenFile: 'text',
        'token-file': 'text',
        username: 'text',
        password: 'text',
        as: 'text',
        'as-uid': 'text',
        'as-groups': ['text'],
        'as-user-extra': new Map([['any', ['text']]]),
        'client-certificate': 'text',
        'client-certificate-data': 'text',
        'client-key': 'text',
        'client-key-data': 'text',
        exec: {
          apiVersion: 'text',
          command: 'text',
          args: ['text'],
          env: [{ name: 'text', value: 'text' }],
          installHint: 'text',
          interactiveMode: 'text',
        },
        'auth-provider': { name: 'text', config: new Map([['any', 'text']]) },
      },
    },
  ],
}

/** kubectl takes an empty text for a kubeconfig without contexts. @throws Error when it is something else */
export function kubeconfigObject(parsed: unknown): Readonly<Record<string, unknown>> {
  const fields = parsed ?? {}
  if (!isObject(fields)) throw new Error('it must be an object')
  const { kind } = fields
  if (kind === 'Secret') throw new Error('it must be the decoded value of a Secret, and not the Secret itself')
  if (kind && kind !== 'Config') throw new Error('kind must be Config')
  return fields
}

/**
 * Checks the fields that this action and client-node read: client-node takes a number for a token.
 * @throws Error that names the field and quotes no value
 */
export function checkKubeconfigShape(kubeconfig: unknown): void {
  const problem = isObject(kubeconfig) ? problemIn(kubeconfig, KUBECONFIG, '') : undefined
  if (problem !== undefined) throw new Error(problem)
}

function problemIn(value: unknown, shape: Shape, path: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof shape === 'string') return isOfKind(value, shape) ? undefined : `${path} must be ${KINDS[shape]}`
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return `${path} must be a list`
    return firstProblem(value.map((item, index) => [item, shape[0], `${path}[${index}]`]))
  }
  if (!isObject(value)) return `${path} must be an object`
  if (shape instanceof Map)
    return firstProblem(Object.values(value).map((one) => [one, shape.get('any'), `each ${path}`]))
  return firstProblem(
    Object.entries(shape).map(([field, inner]) => [value[field], inner, path === '' ? field : `${path}.${field}`]),
  )
}

function firstProblem(parts: readonly (readonly [unknown, Shape | undefined, string])[]): string | undefined {
  for (const [value, shape, path] of parts) {
    // client-node cannot read an empty entry of a list.
    const isMissing = value === null && path.endsWith(']')
    const problem = isMissing ? `${path} must not be empty` : shape && problemIn(value, shape, path)
    if (problem !== undefined) return problem
  }
  return undefined
}

const KINDS = { text: 'a string', url: 'a URL', server: 'a URL that starts with https://', flag: 'true or false' }

function isOfKind(value: unknown, kind: keyof typeof KINDS): boolean {
  if (kind === 'flag') return typeof value === 'boolean'
  // An empty address counts as none.
  const isUrl = (text: string) => URL.canParse(text) && (kind === 'url' || /^https?:/i.test(text))
  return typeof value === 'string' && (kind === 'text' || value === '' || isUrl(value))
}
