import { ActionError } from '../core/errors.ts'
import { formatCount } from '../core/format.ts'
import * as log from '../runner/log.ts'
import { errorText, sentence } from './error-text.ts'

/** How many namespaces an error names; the others are counted. */
const MAX_NAMED_NAMESPACES = 3

/**
 * One error per cause: those that agree in all fields but the namespace become one that counts the namespaces. The first
 * speaks for all.
 */
export function causesOf(errors: readonly ActionError[]): ActionError[] {
  return [...Map.groupBy(errors, causeOf).values()].flatMap((group) => {
    const [first, ...others] = group
    const more = [...new Set(others.flatMap(({ details }) => details.namespace ?? []))]
    return first === undefined
      ? []
      : [
          withOtherNamespaces(
            first,
            more.filter((one) => one !== first.details.namespace),
          ),
        ]
  })
}

/** What has no namespace, or carries its own manifest, is one cause by itself. */
function causeOf(error: ActionError): unknown {
  const { namespace, manifest, host, cluster, resource, status, serverCode } = error.details
  if (manifest !== undefined) return error
  if (namespace === undefined) return errorText(error)
  return JSON.stringify([error.code, host, cluster, resource, status, serverCode])
}

function withOtherNamespaces(error: ActionError, others: readonly string[]): ActionError {
  if (others.length === 0) return error
  const named = others.slice(0, MAX_NAMED_NAMESPACES)
  const list = [...named, ...(others.length > named.length ? ['…'] : [])].join(', ')
  const { code, hint, details, cause } = error
  const message = `${sentence(error.message)} The same in ${formatCount(others.length, 'other namespace')}: ${list}`
  return new ActionError(code, message, { hint, details, cause })
}

/**
 * GitHub shows ten error annotations of a step and drops the others silently.
 * https://github.com/orgs/community/discussions/26680#discussioncomment-3252835
 */
const MAX_ANNOTATIONS = 10

/** Annotates the errors. Where they are too many, the last annotation says where the rest is. */
export function annotateErrors(errors: readonly ActionError[]): void {
  const annotated = errors.length > MAX_ANNOTATIONS ? errors.slice(0, MAX_ANNOTATIONS - 1) : errors
  for (const error of annotated) log.error(error.code, errorText(error))
  const rest = errors.slice(annotated.length)
  const [first] = rest
  if (first === undefined) return
  const more = formatCount(rest.length, 'more error')
  log.group(more, () => {
    for (const error of rest) log.info(log.withLink(error.code, errorText(error)))
  })
  log.error(first.code, `And ${more}: they are in the log of this step, in a group of that name.`)
}
