import { explain, Failure } from '../core/errors.ts'
import { counted } from '../core/format.ts'
import * as log from '../runner/log.ts'

/** What failed in a namespace, and why. */
export interface FailedIn {
  readonly namespace: string
  readonly failure: unknown
}

/** So many namespaces are named, and the others counted. */
const NAMED = 3

/** One failure a cause: those that differ in the name of their namespace alone become one that counts them. */
export function causesOf(failed: readonly FailedIn[]): unknown[] {
  return [...Map.groupBy(failed, withoutName).values()].map(joined)
}

/** What carries a manifest is one cause already. */
function withoutName({ namespace, failure }: FailedIn): unknown {
  if (failure instanceof Failure && failure.manifest !== undefined) return failure
  return sentenceOf(failure).replace(/[\w-]+/g, (word) => (word === namespace ? '\0' : word))
}

function joined(alike: readonly FailedIn[]): unknown {
  const [first, ...others] = [...new Map(alike.map((one) => [sentenceOf(one.failure), one])).values()]
  if (others.length === 0) return first?.failure
  const named = others.slice(0, NAMED).map(({ namespace }) => namespace)
  const all = [...named, ...(others.length > NAMED ? ['…'] : [])].join(', ')
  return new Failure(`${sentenceOf(first?.failure)} The same in ${counted(others.length, 'other namespace')}: ${all}`)
}

function sentenceOf(failure: unknown): string {
  return explain(failure).join(' ')
}

/** GitHub shows so many error annotations of a step, and drops the others without a word. */
const ANNOTATIONS = 10

/** Annotates the errors. Where they are too many, the last annotation says where the rest is. */
export function tellErrors(sentences: readonly string[]): void {
  const isTooMany = sentences.length > ANNOTATIONS
  const annotated = isTooMany ? sentences.slice(0, ANNOTATIONS - 1) : sentences
  for (const sentence of annotated) log.error(sentence)
  if (!isTooMany) return
  const rest = sentences.slice(annotated.length)
  const more = counted(rest.length, 'more error')
  log.group(more, () => rest.forEach(log.info))
  log.error(`And ${more}: they are in the log of this step, in a group of that name.`)
}
