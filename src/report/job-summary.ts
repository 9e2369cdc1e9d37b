import { documentationOf, titleOf } from '../core/documentation.ts'
import type { ActionError } from '../core/errors.ts'
import { formatCount, MAX_LISTED, tally } from '../core/format.ts'
import { manifestsOf, sentence } from './error-text.ts'
import { factsOf } from './facts.ts'
import { alerts, codeBlocks, details, diff, factTable, list, note, table, text } from './markdown.ts'
import { inOrder, isFailedResult, type TargetResult, whole, withReason } from './results.ts'
import { diffText } from './secret-changes.ts'
import type { SummaryData, SummaryTarget } from './summary-data.ts'
import { timelineOf } from './timeline-table.ts'
import { hasOldTable, oldTokens } from './token-facts.ts'
import { verdictOf } from './verdict.ts'

/** The job summary, in GitHub's Markdown. */
export function jobSummary(data: SummaryData, errors: readonly ActionError[]): string {
  const { targets, notes, workloads, changes, secretName = '' } = data
  return [
    `## ${errors.length > 0 ? '❌' : '✅'} ${text(verdictOf(data, errors))}`,
    data.isDryRun && note('This is a dry run: it minted, wrote and revoked nothing.'),
    alerts(errors.map(alertOf)),
    codeBlocks('Apply it in the cluster with `kubectl apply --filename -`:', 'yaml', manifestsOf(errors)),
    factTable(factsOf(data)),
    failedTargets(targets, errors),
    list(notes),
    table(['Failed workload', 'Namespace', 'Cluster', 'Reason'], workloads.filter(isFailedResult), {
      cellsOf: (one) => [`${one.kind} ${one.name}`, one.namespace, one.cluster, withReason(one.result, one.reason)],
      source: 'the output `workloads`',
    }),
    oldTable(data),
    otherTargets(targets),
    otherWorkloads(workloads),
    diff('What changed in the secrets', changes.map((one) => diffText(one, secretName)).join('\n\n')),
    timelineOf(data),
  ]
    .filter((part) => part !== '' && part !== false)
    .join('\n\n')
    .concat('\n')
}

function alertOf({ code, message, hint }: ActionError) {
  return { title: titleOf(code), message: sentence(message), hint: hint && sentence(hint), link: documentationOf(code) }
}

function failedTargets(targets: readonly SummaryTarget[], errors: readonly ActionError[]): string {
  const failed = targets.filter(isFailedResult)
  const isExplained = areExplained(failed, errors)
  if (isExplained && failed.length === 1) return ''
  const rows = table(['Failed namespace', 'Cluster', ...(isExplained ? [] : ['Reason'])], failed, {
    cellsOf: (one) => [one.namespace, one.cluster, ...(isExplained ? [] : [reasonOf(one)])],
    source: 'the output `targets`',
  })
  return failed.length <= MAX_LISTED
    ? rows
    : details(`The ${formatCount(failed.length, 'namespace')} that failed`, rows)
}

/** Whether they have one cause, which the box above them explains. */
function areExplained(failed: readonly SummaryTarget[], [cause, ...others]: readonly ActionError[]): boolean {
  const isThat = ({ code, serviceAccounts }: SummaryTarget) => code === cause?.code && serviceAccounts.length === 0
  return cause !== undefined && others.length === 0 && failed.every(isThat)
}

function reasonOf({ error = '', serviceAccounts }: TargetResult): string {
  return whole({ result: error, serviceAccounts })
}

/** The targets that need no one: a few are listed, many are counted by their cluster. */
function otherTargets(targets: readonly TargetResult[]): string {
  const others = inOrder(targets.filter((one) => !isFailedResult(one)))
  const isPart = others.length < targets.length
  const head = ['Namespace', 'Cluster', 'Result'] as const
  return details(
    counted(others, isPart ? 'other namespace' : 'namespace'),
    others.length <= MAX_LISTED
      ? table(head, others, {
          cellsOf: (one) => [one.namespace, one.cluster, whole(one)],
          source: 'the output `targets`',
        })
      : perCluster(others, 'the output `targets`'),
  )
}

function otherWorkloads(workloads: SummaryData['workloads']): string {
  const others = inOrder(workloads.filter((one) => !isFailedResult(one)))
  return details(
    counted(others, 'workload'),
    others.length <= MAX_LISTED
      ? table(['Workload', 'Namespace', 'Cluster', 'Result'], others, {
          cellsOf: (one) => [`${one.kind} ${one.name}`, one.namespace, one.cluster, withReason(one.result, one.reason)],
          source: 'the output `workloads`',
        })
      : perCluster(others, 'the output `workloads`'),
  )
}

/** `3 namespaces updated`, or `997 namespaces: 20 updated, 977 unchanged`. */
function counted(items: readonly { readonly result: string }[], noun: string): string {
  const results = items.map(({ result }) => result)
  const [result, ...others] = new Set(results)
  if (result === undefined) return ''
  return `${formatCount(items.length, noun)}${others.length === 0 ? ` ${result}` : `: ${tally(results)}`}`
}

function perCluster(items: readonly { readonly cluster: string; readonly result: string }[], source: string): string {
  const clusters = [...Map.groupBy(items, ({ cluster }) => cluster)].map(([cluster, own]) => {
    return { cluster, count: own.length, result: tally(own.map(({ result }) => result)) }
  })
  return table(['Cluster', 'Results'], clusters, {
    cellsOf: ({ cluster, result }) => [cluster, result],
    source,
  }).concat(`\n\nEach of them is in ${source}.`)
}

function oldTable(data: SummaryData): string {
  if (!hasOldTable(data)) return ''
  return table(['Old token', 'Result'], oldTokens(data), {
    cellsOf: ({ cells }) => cells,
    source: 'the outputs `unrevoked` and `revoked`',
  })
}
