import { titleOf } from '../core/documentation.ts'
import type { ActionError } from '../core/errors.ts'
import { capitalized, formatCount, formatNumber, tally } from '../core/format.ts'
import { inOrder, isFailedResult, type TargetResult } from './results.ts'
import type { SummaryData } from './summary-data.ts'

/** What a run did, in one sentence without a full stop: the heading of the job summary, and the notice. */
export function verdictOf(data: SummaryData, errors: readonly ActionError[]): string {
  const sentence = errors.length > 0 ? failure(data, errors) : success(data)
  return data.isDryRun ? `Dry run: ${sentence}` : capitalized(sentence)
}

function failure(data: SummaryData, errors: readonly ActionError[]): string {
  const { targets, workloads, isWriting } = data
  const failedTargets = targets.filter(isFailedResult)
  const failedWorkloads = workloads.filter(isFailedResult)
  if (failedTargets.length > 0) {
    const others = inOrder(targets.filter((one) => !isFailedResult(one))).map(({ result }) => result)
    const rest = others.length > 0 ? `, ${tally(others)}` : ''
    return `${formatNumber(failedTargets.length)} of ${placesOf(targets)} failed${rest}${onlyCauseOf(errors)}`
  }
  if (failedWorkloads.length > 0) {
    const written = targets.length > 0 ? `. The secret is in ${placesOf(targets)}` : ''
    const failed = `${formatNumber(failedWorkloads.length)} of ${formatCount(workloads.length, 'workload')} failed`
    return `${failed}${onlyCauseOf(errors)}${written}`
  }
  const cause = causeOf(errors)
  if (targets.length > 0) return `${success(data)}, then failed: ${cause}`
  if (errors.every(({ code }) => code === 'invalid-input')) return `stopped before the first request: ${cause}`
  return `failed ${isWriting ? 'while writing the secrets' : 'before any secret was written'}: ${cause}`
}

/** `: Permission missing`; empty where the errors have several codes. */
function onlyCauseOf(errors: readonly ActionError[]): string {
  const [code, ...others] = new Set(errors.map((error) => error.code))
  return code === undefined || others.length > 0 ? '' : `: ${titleOf(code)}`
}

function causeOf(errors: readonly ActionError[]): string {
  const [first, ...others] = errors
  const title = first === undefined ? '' : titleOf(first.code)
  if (others.length === 0) return title
  return others.every(({ code }) => code === first?.code)
    ? `${title} (${formatCount(errors.length, 'error')})`
    : `${title} and ${formatCount(others.length, 'other error')}`
}

function success(data: SummaryData): string {
  const main = data.targets.length > 0 ? withTargets(data) : withoutTargets(data)
  return [main, oldTokens(data), deployed(data)].filter(Boolean).join(', ')
}

function withoutTargets({ isDryRun, isVerified, credential }: SummaryData): string {
  if (isDryRun && credential === undefined) return 'would mint a token'
  const checked = isVerified ? 'verified' : 'used'
  if (credential?.origin === 'minted') return isVerified ? 'minted and verified a token' : 'minted a token'
  return `${checked} the ${credential?.origin === 'provided' ? 'provided credential' : 'token'}`
}

function withTargets(data: SummaryData): string {
  const { targets, secretName = '', credential, isDryRun, isVerified, replaced } = data
  const places = placesOf(targets)
  const secret = `\`${secretName}\``
  if (isDryRun) {
    const mints = credential === undefined ? 'mint a token and ' : ''
    return targets.every(isUnchanged)
      ? `would change nothing in ${places}`
      : `would ${mints}write ${secret} in ${places}`
  }
  const written = targets.filter(({ result }) => result === 'created' || result === 'updated')
  if (written.length === 0) {
    const checked = isVerified ? 'verified' : 'found'
    const changes = targets.every(isUnchanged) ? 'nothing to change' : 'updated service accounts'
    return `${checked} ${secret} in ${places}: ${changes}`
  }
  const some = written.length < targets.length ? `${formatNumber(written.length)} of ` : ''
  if (credential?.origin === 'minted' && replaced.length > 0) return `rotated ${secret} in ${places}`
  const isNew = written.every(({ result }) => result === 'created')
  return `${isNew ? 'created' : 'updated'} ${secret} in ${some}${places}`
}

function isUnchanged({ result, serviceAccounts }: TargetResult): boolean {
  return [result, ...serviceAccounts.map((account) => account.result)].every((one) => one === 'unchanged')
}

function oldTokens({ revoked, unrevoked }: SummaryData): string {
  const tokens = (ids: readonly unknown[]) => formatCount(ids.length, 'old token')
  return [
    revoked.length > 0 ? `revoked ${tokens(revoked)}` : '',
    unrevoked.length > 0 ? `kept ${tokens(unrevoked)} alive` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

function deployed({ workloads }: SummaryData): string {
  return workloads.length === 0 ? '' : `${formatCount(workloads.length, 'workload')} ${resultsOf(workloads)}`
}

function resultsOf(workloads: SummaryData['workloads']): string {
  const results = new Set(workloads.map(({ result }) => result))
  return results.size === 1 ? [...results].join('') : `(${tally(workloads.map(({ result }) => result))})`
}

/** `3 namespaces`, `1,000 namespaces in 2 clusters`. */
function placesOf(targets: readonly TargetResult[]): string {
  const clusters = new Set(targets.map(({ cluster }) => cluster)).size
  const namespaces = formatCount(targets.length, 'namespace')
  return clusters > 1 ? `${namespaces} in ${formatCount(clusters, 'cluster')}` : namespaces
}
