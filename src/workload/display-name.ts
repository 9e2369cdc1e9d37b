import { printable } from '../runner/log.ts'

export interface NamedObject {
  readonly kind: string
  readonly name: string
  /** Empty for a cluster-scoped object. */
  readonly namespace: string
}

/** `Pod shop/web`, for log lines and errors. */
export function displayName({ kind, namespace, name }: NamedObject): string {
  return printable(`${kind} ${namespace ? `${namespace}/` : ''}${name}`)
}
