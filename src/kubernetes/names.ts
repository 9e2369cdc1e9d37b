// The grammars of names that become a part of a URL.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/

/** The name of most Kubernetes objects, such as a Secret or a Pod, and of an API group: an RFC 1123 subdomain. */
export const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

/** The name of a namespace, a container or a resource: an RFC 1123 label. */
export const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

/**
 * `v1` or `apps/v1`: https://kubernetes.io/docs/reference/using-api/#api-groups,
 * https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apis/apiextensions/validation/validation.go
 */
export function isApiVersion(apiVersion: string): boolean {
  const [version = '', group, ...more] = apiVersion.split('/').reverse()
  return more.length === 0 && LABEL.test(version) && (group === undefined || SUBDOMAIN.test(group))
}

/** What every object name must be: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names */
export function isPathSegment(name: string): boolean {
  return name !== '.' && name !== '..' && !/[/%]/.test(name)
}
