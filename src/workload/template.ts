import { asObject, asText } from '../core/json.ts'
import type { YamlDocument, YamlText } from './yaml.ts'

/** The first template in a text, `{{ … }}` or `${{ … }}`, short enough to show. */
export function templateIn(text: string): string | undefined {
  const start = text.indexOf('{{')
  const end = text.indexOf('}}', start + 2)
  if (start === -1 || end === -1) return undefined
  return text.slice(text[start - 1] === '$' ? start - 1 : start, end + 2).slice(0, 80)
}

/**
 * The first value of a document that is a template that was not rendered. Other programs have templates of the same
 * form, which they render in the cluster: alert rules in annotations, files in a ConfigMap, custom resources. So only values are
 * considered in which Kubernetes itself would use the template as it is. `$(VAR)` is Kubernetes' own:
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/.
 */
export function findTemplate({ value, texts }: YamlDocument): YamlText | undefined {
  return texts.find(({ path, text }) => {
    if (templateIn(text) === undefined) return false
    const { object, inner } = objectAt(value, path)
    return isIdentity(inner) || (isBuiltIn(object) && !isFreeText(inner, text))
  })
}

/** The object that a path leads into: the item of a list, or the document. */
function objectAt(value: unknown, path: readonly string[]): { object: unknown; inner: readonly string[] } {
  const [first, index, ...inner] = path
  const object = asObject(value)
  if (first !== 'items' || index === undefined || !Array.isArray(object.items)) return { object, inner: path }
  return objectAt(object.items[Number(index)], inner)
}

/** The name of an object cannot contain a template, whatever its kind is. */
function isIdentity([first, second, ...rest]: readonly string[]): boolean {
  if (rest.length === 0 && second !== undefined) return first === 'metadata' && ['name', 'namespace'].includes(second)
  return second === undefined && (first === 'apiVersion' || first === 'kind')
}

/** The groups of Kubernetes itself have no dot, or end in k8s.io: https://kubernetes.io/docs/reference/using-api/#api-groups. */
function isBuiltIn(object: unknown): boolean {
  const [group = ''] = (asText(asObject(object).apiVersion) ?? '').split('/')
  return !group.includes('.') || /\.k8s\.io$/.test(group)
}

const FREE_TEXT = ['annotations', 'data', 'stringData', 'args', 'command']
/** What only Helm defines: https://helm.sh/docs/chart_template_guide/builtin_objects/. */
const HELM = /\{\{-?\s*(?:\.(?:Values|Release|Chart)\b|(?:include|template|tpl)\s)/

/** Where a program in the Pod may have its own templates, unless it is one of Helm or of GitHub. */
function isFreeText(path: readonly string[], text: string): boolean {
  const isOwnText = path.some((key) => FREE_TEXT.includes(key)) || (path.at(-1) === 'value' && path.includes('env'))
  return isOwnText && !HELM.test(text) && !text.includes('${{')
}
