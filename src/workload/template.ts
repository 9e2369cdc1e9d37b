import { asObject, asText } from '../core/json.ts'
import { DEFINITION } from '../kubernetes/discovery.ts'
import { groupKind } from '../kubernetes/object.ts'
import { CONTAINERS } from './images.ts'
import type { YamlDocument, YamlText } from './yaml.ts'

/** A template in a text, short enough to show, and what renders it. */
export interface Template {
  readonly text: string
  readonly hint: string
}

type Form = readonly [open: string, close: string, hint: string]

const HELM_HINT = 'Render it before this step, for example with `helm template`'
const ENVSUBST_HINT = 'Render it before this step, for example with `envsubst`'
const OTHER_HINT = 'Render it before this step'
const GITHUB_HINT =
  'GitHub replaces expressions in the workflow file alone: render the manifest before this step, for example with `envsubst`, or set `images`'

/** Helm and Jinja, GitHub, envsubst and Flux, Jinja, ERB and EJS, Azure DevOps and Octopus. */
const FORMS: readonly Form[] = [
  ['${{', '}}', GITHUB_HINT],
  ['{{', '}}', HELM_HINT],
  ['${', '}', ENVSUBST_HINT],
  ['{%', '%}', OTHER_HINT],
  ['<%', '%>', OTHER_HINT],
  ['#{', '}', OTHER_HINT],
]
/** Forms that a text can have for other reasons, but no name and no image. */
const NAME_FORMS: readonly Form[] = [
  ...FORMS,
  ['$(', ')', ENVSUBST_HINT],
  ['[[', ']]', OTHER_HINT],
  ['((', '))', OTHER_HINT],
  ['{', '}', OTHER_HINT],
  ['<', '>', OTHER_HINT],
]
const PLACEHOLDER = /__[A-Z][A-Z0-9_]*__/
const NAME_PLACEHOLDER = /__[A-Z][A-Z0-9_]*__|%[A-Za-z_]\w*%|@\w+@|\$[A-Za-z_]\w*/

const MAX_SHOWN = 80

/** The first template in a text, such as `{{ … }}`, `${NAME}` or `<%= … %>`. */
export function templateIn(text: string, forms: readonly Form[] = FORMS): Template | undefined {
  const found = forms.flatMap(([open, close, hint]) => {
    const start = text.indexOf(open)
    const end = text.indexOf(close, start + open.length)
    return start === -1 || end === -1 ? [] : [{ start, end: end + close.length, hint }]
  })
  const [first] = found.toSorted((one, other) => one.start - other.start)
  return first && { text: text.slice(first.start, first.end).slice(0, MAX_SHOWN), hint: first.hint }
}

/** A template in a name or an image, neither of which can contain any of these characters. */
function templateInName(text: string): Template | undefined {
  const [placeholder] = NAME_PLACEHOLDER.exec(text) ?? []
  const hint = placeholder?.startsWith('$') ? ENVSUBST_HINT : OTHER_HINT
  return templateIn(text, NAME_FORMS) ?? (placeholder === undefined ? undefined : { text: placeholder, hint })
}

/**
 * The first value of a document that is a template that was not rendered, and its line. Other programs have templates of
 * the same form, which they render in the cluster: alert rules in annotations, files in a ConfigMap, custom resources. So only values are
 * considered in which Kubernetes itself would use the template as it is. `$(VAR)` is Kubernetes' own:
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/.
 */
export function findTemplate({ value, texts }: YamlDocument): (Template & { readonly line: number }) | undefined {
  for (const text of texts) {
    const template = templateAt(value, text)
    if (template !== undefined) return { ...template, line: text.line }
  }
  return undefined
}

function templateAt(value: unknown, { path, text }: YamlText): Template | undefined {
  const { object, inner } = objectAt(value, path)
  if (isIdentity(inner)) return templateInName(text)
  const template = templateIn(text)
  if (!isBuiltIn(object)) return HELM_VALUE.test(text) ? template : undefined
  if (isContainerImage(inner)) return templateInName(text)
  if (template === undefined) {
    const [placeholder] = PLACEHOLDER.exec(text) ?? []
    return placeholder === text && !isFreeText(inner, text) ? { text, hint: OTHER_HINT } : undefined
  }
  return isFreeText(inner, text) ? undefined : template
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

function isContainerImage(path: readonly string[]): boolean {
  return path.at(-1) === 'image' && CONTAINERS.includes(path.at(-3) ?? '')
}

/**
 * The groups of Kubernetes itself have no dot, or end in k8s.io: https://kubernetes.io/docs/reference/using-api/#api-groups.
 * A definition describes the templates of its custom resources.
 */
function isBuiltIn(object: unknown): boolean {
  const { apiVersion, kind } = asObject(object)
  const type = { apiVersion: asText(apiVersion) ?? '', kind: asText(kind) ?? '' }
  const [group = ''] = type.apiVersion.split('/')
  return (!group.includes('.') || /\.k8s\.io$/.test(group)) && groupKind(type) !== DEFINITION
}

const FREE_TEXT = [
  ...['annotations', 'data', 'stringData', 'args', 'command', 'description'],
  // A StorageClass has `${pvc.name}`: https://kubernetes-csi.github.io/docs/secrets-and-credentials-storage-class.html.
  ...['parameters', 'volumeAttributes'],
  // https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
  ...['validations', 'variables', 'matchConditions', 'auditAnnotations'],
]
/** What only Helm defines: https://helm.sh/docs/chart_template_guide/builtin_objects/. */
const HELM_VALUE = /\{\{-?\s*\.(?:Values|Release|Chart)\b/
const HELM_FUNCTION = /\{\{-?\s*(?:include|template|tpl)\s/

/** Where a program in the Pod may have its own templates, unless it is one of Helm or of GitHub. */
function isFreeText(path: readonly string[], text: string): boolean {
  const isOwnText = path.some((key) => FREE_TEXT.includes(key)) || (path.at(-1) === 'value' && path.includes('env'))
  return isOwnText && !HELM_VALUE.test(text) && !HELM_FUNCTION.test(text) && !text.includes('${{')
}
