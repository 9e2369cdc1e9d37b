// Label and field selectors of lists and watches.
import type { KubernetesObject } from './resources.ts'
import { badRequest } from './status.ts'

export type Selects = (object: KubernetesObject) => boolean

export function selector(labelSelector: string, fieldSelector: string, kind: string): Selects {
  const labels = splitTerms(labelSelector).map(labelTerm)
  const fields = splitTerms(fieldSelector).map((term) => fieldTerm(term, kind))
  return (object) =>
    labels.every((selects) => selects(object.metadata.labels ?? {})) && fields.every((selects) => selects(object))
}

/** At the commas outside parentheses. */
const splitTerms = (text: string) =>
  text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')

type Labels = Readonly<Record<string, string>>

function labelTerm(term: string): (labels: Labels) => boolean {
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((value) => value.trim())
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in')
  }
  const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(term)
  if (equality !== null) {
    const [, key = '', operator, value] = equality
    return (labels) => (labels[key] === value) === (operator !== '!=')
  }
  const comparison = /^([\w./-]+)\s*([<>])\s*(\d+)$/.exec(term)
  if (comparison !== null) {
    const [, key = '', operator, limit] = comparison
    return (labels) => {
      const value = /^\d+$/.test(labels[key] ?? '') ? Number(labels[key]) : Number.NaN
      return operator === '>' ? value > Number(limit) : value < Number(limit)
    }
  }
  const existence = /^(!?)\s*([\w./-]+)$/.exec(term)
  if (existence === null) throw badRequest(`unable to parse requirement: ${term}`)
  const [, absent, key = ''] = existence
  return (labels) => key in labels === (absent === '')
}

const selectable: Readonly<Record<string, readonly string[]>> = {
  Secret: ['type'],
  Pod: ['spec.nodeName', 'spec.restartPolicy', 'spec.serviceAccountName', 'status.phase'],
  Namespace: ['status.phase'],
  Job: ['status.successful'],
  Event: [
    ...['involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid'],
    ...['involvedObject.apiVersion', 'involvedObject.resourceVersion', 'involvedObject.fieldPath', 'reason', 'type'],
  ],
}

function fieldTerm(term: string, kind: string): Selects {
  const [, path = '', operator, value = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(term) ?? []
  if (operator === undefined) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`)
  if (!['metadata.name', 'metadata.namespace', ...(selectable[kind] ?? [])].includes(path)) {
    throw badRequest(`field label not supported: ${path}`)
  }
  // biome-ignore lint/suspicious/noExplicitAny: a walk into whatever is there
  const read = (object: KubernetesObject) => path.split('.').reduce<any>((node, field) => node?.[field], object) ?? ''
  return (object) => (read(object) === value) === (operator !== '!=')
}
