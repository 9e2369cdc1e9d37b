import { startDeadline } from '../core/abort.ts'
import { createSend } from '../http/client.ts'
import { createDispatcher } from '../http/dispatcher.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { RegistryInputs } from '../inputs/registry.ts'
import type { Session } from '../issuer/issuer.ts'
import { createProvider } from '../issuer/provider.ts'
import { requireRights } from '../permissions/access-review.ts'
import { rightsNeeded } from '../permissions/required.ts'
import type { Credential, Proven } from '../policy/credential.ts'
import { type Candidate, candidateOf, chooseCandidates } from '../policy/reuse.ts'
import { mintPrefix, sparedBy } from '../policy/revocation.ts'
import { describePullSecrets } from '../pull-secret/inventory.ts'
import { scopeOf } from '../pull-secret/scope.ts'
import { attachAll } from '../pull-secret/service-account.ts'
import { resolveTargets, survey, type Unusable, type Usable } from '../pull-secret/targets.ts'
import { isHeldNowhere, type Outcome } from '../pull-secret/write-all.ts'
import type { Report } from '../report/report.ts'
import * as log from '../runner/log.ts'
import { savePhase } from '../runner/state.ts'
import { deploy } from '../workload/deploy.ts'
import { discard, keep, mint, prove, rehearsal, take } from './credential.ts'
import { spreadCredential } from './distribute.ts'
import { createIdentify } from './ownership.ts'
import { type Rotation, revokeReplaced } from './revoke.ts'

/** What was minted in vain can be revoked for so long (milliseconds), even after the deadline of the run. */
const CLEANUP_TIME = 30_000

/** One run, in the order of the contract. What fails without stopping the rest goes to `failures`. */
export async function work(inputs: Inputs, report: Report, failures: unknown[]): Promise<void> {
  const { secret, registry, dryRun } = inputs
  const signal = startDeadline(inputs.timeout)
  const dispatcher = createDispatcher(inputs.certificates)
  const send = createSend(dispatcher, signal)
  const provider = createProvider(inputs.credential)
  let session: Promise<Session> | undefined
  const login = () => {
    session ??= provider.open(send)
    return session
  }
  const loggedIn = async () => (await login()).issuer(send)
  const identify = createIdentify(registry.username, loggedIn)
  const revokeNew = async (credential: Credential) => {
    const { issuer } = await login()
    await discard(issuer(createSend(dispatcher, AbortSignal.timeout(CLEANUP_TIME))), credential)
  }

  // What is there?
  let targets = await look(inputs, signal)
  const stored = targets.flatMap((target) => ('stored' in target ? [target.stored] : []))

  // Is one of the stored credentials to be kept?
  const clusters = targets.map(({ cluster }) => cluster.identity)
  const wanted = { ...registry, clusters, maxAge: inputs.maxAge, given: provider.given?.value }
  const { candidates, reason } = chooseCandidates(stored, wanted, new Date())
  const kept = await keep(send, candidates, registry)
  targets = await requireRights(targets, await rightsNeeded(targets, inputs, kept?.credential.tokenId))
  const unusable = targets.filter((target) => 'failure' in target)
  if (unusable.length > 0 && unusable.length === targets.length) {
    failures.push(...report.targets(secret?.name, unusable))
    return
  }
  const need = provider.given ? 'The given credential is to be written' : 'A new token is needed'
  report.decision(
    kept
      ? `The stored token ${kept.credential.tokenId} is young enough and works: it is kept.`
      : `${need}: ${reason || 'the registry refuses the stored one'}.`,
  )

  // If not: mint one, and prove it before anything is written.
  const scope = secret === undefined ? '' : scopeOf(targets, secret.name)
  const prefix = mintPrefix(inputs.description, scope)
  const obtain = async (): Promise<Proven> => {
    if (provider.given !== undefined) return await prove(send, take(provider.given), registry, signal)
    if (dryRun) return rehearsal()
    const { organizationGuid, issuer } = await login()
    if (organizationGuid !== undefined) report.organization(organizationGuid)
    const credential = await mint(issuer(send), prefix, inputs.run.id, signal)
    report.credential(credential, registry)
    try {
      return await prove(send, credential, registry, signal)
    } catch (error) {
      await revokeNew(credential)
      // A faster run may have taken ours for a leftover: then the targets hold its token, minted later, by now.
      targets = await look(inputs, signal)
      const later = laterCandidates(targets, credential, registry)
      const winner = await keep(send, later, registry).catch(() => undefined)
      if (winner === undefined) throw error
      log.info(`Another run brought the newer token ${winner.credential.tokenId} meanwhile: this run goes on with it.`)
      return winner
    }
  }
  const proven = kept ?? (await obtain())
  const isMinted = proven.credential.origin === 'minted'
  report.proofs(proven.verdicts)
  if (!isMinted && proven.credential.origin !== 'rehearsed') report.credential(proven.credential, registry)
  if (isMinted && secret === undefined) savePhase('settled')

  // Write it wherever it is not.
  let { credential } = proven
  let outcomes: readonly Outcome[] = []
  let writtenAt = 0
  if (secret === undefined) failures.push(...unusable.map(({ failure }) => failure))
  else {
    const spread = await spreadCredential(targets, secret, proven.credential, scope, inputs, send, identify)
    writtenAt = performance.now()
    outcomes = await attachAll(spread.outcomes, secret.serviceAccounts, { secretName: secret.name, dryRun, signal })
    credential = spread.credential
    if (credential !== proven.credential) report.credential(credential, registry)
    failures.push(...report.targets(secret.name, outcomes))
    const isHeld = outcomes.some(({ result }) => result !== 'failed')
    const isLost = credential !== proven.credential && failures.length === 0
    if (isMinted && (isLost || isHeldNowhere(outcomes))) await revokeNew(proven.credential)
    if (!isHeld) return
  }

  // Run what needs it.
  if (inputs.deploy !== undefined) {
    const ready = (secret === undefined ? targets : outcomes).filter((one) => !('failure' in one))
    const pullSecret = secret && { name: secret.name, hosts: registry.servers }
    failures.push(...report.workloads(await deploy(ready, inputs.deploy, pullSecret, dryRun, signal)))
  }

  // Nobody needs the replaced ones any more, as far as can be shown.
  if (secret === undefined || dryRun) return
  const replaced = outcomes.flatMap((outcome) => ('replaced' in outcome ? [outcome.replaced] : []))
  const rotation: Rotation = {
    stored: replaced,
    clusters: [...new Set(targets.map(({ cluster }) => cluster))],
    scope,
    tokenId: credential.tokenId,
    spared: sparedBy(credential.tokenId, replaced, scope),
    writtenAt,
    mint: isMinted ? { prefix, at: proven.credential.mintedAt } : undefined,
  }
  const veto = inputs.revoke === 'never' ? '`revoke` is never' : failures.length > 0 ? FAILED : undefined
  const revocation = await revokeReplaced(rotation, veto, loggedIn, identify, signal)
  failures.push(...report.revocation(revocation))
  if (failures.length === 0) savePhase('settled')
}

const FAILED = 'a part of this run failed, so that it may still be needed'

/** The newest that the targets hold of later mints than this one. */
function laterCandidates(
  targets: readonly (Usable | Unusable)[],
  { mintedAt }: Credential,
  registry: RegistryInputs,
): Candidate[] {
  return targets
    .flatMap((target) => ('stored' in target && target.stored.kind === 'present' ? [target.stored] : []))
    .flatMap((stored) => candidateOf(stored, registry) ?? [])
    .filter((candidate) => candidate.mintedAt > mintedAt)
    .sort((a, b) => b.mintedAt.getTime() - a.mintedAt.getTime())
    .slice(0, 1)
}

/** Connects, and reads what the targets hold: nothing is minted before. */
async function look({ cluster, secret, concurrency }: Inputs, signal: AbortSignal): Promise<(Usable | Unusable)[]> {
  if (cluster === undefined) return []
  const targets = await resolveTargets(cluster, concurrency, signal)
  if (secret === undefined) {
    return targets.map((target) => ('failure' in target ? target : { ...target, stored: { kind: 'absent' } }))
  }
  const surveyed = await survey(targets, secret.name, secret.adopt)
  const [first] = surveyed
  if (surveyed.length === 1 && first !== undefined && 'stored' in first) {
    await describePullSecrets(first.cluster, first.namespace)
  }
  return surveyed
}
