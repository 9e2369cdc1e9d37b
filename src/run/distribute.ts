import type { Send } from '../http/client.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { SecretInputs } from '../inputs/secret.ts'
import type { Credential } from '../policy/credential.ts'
import { candidateOf } from '../policy/reuse.ts'
import { objectionTo, scopesOf, sparedBy, supersededBy } from '../policy/revocation.ts'
import type { StoredSecret } from '../pull-secret/read.ts'
import type { Unusable, Usable } from '../pull-secret/targets.ts'
import { fanOut, type Outcome, rivalIn } from '../pull-secret/write-all.ts'
import { dockerConfig } from '../registry/docker-config.ts'
import * as log from '../runner/log.ts'
import { saveWriting } from '../runner/state.ts'
import { keep } from './credential.ts'
import type { Identify } from './ownership.ts'

/**
 * Writes the credential to every target. When another run brings a newer one at the same time, this run goes on with
 * that one, so that both end with the same in every target.
 */
export async function spreadCredential(
  targets: readonly (Usable | Unusable)[],
  secret: SecretInputs,
  own: Credential,
  scope: string,
  { registry, run, dryRun, revoke }: Inputs,
  send: Send,
  identify: Identify,
): Promise<{ readonly credential: Credential; readonly outcomes: readonly Outcome[] }> {
  const refused = new Set<unknown>()
  const stored = targets.flatMap((target) => ('stored' in target ? [target.stored] : []))
  for (let credential = own; ; ) {
    const { password, tokenId } = credential
    const spared = sparedBy(tokenId, stored, scope)
    const scopes = scopesOf(tokenId, stored, scope)
    const pullSecret = {
      ...secret,
      dockerConfig: (config: Readonly<Record<string, unknown>>) => dockerConfig({ ...registry, password }, config),
      isDead: (stored: StoredSecret) => refused.has(stored.provenance?.tokenId),
    }
    // What the post step may revoke. To heal targets must not wait for a login; and why an issuer cannot be asked is told
    // when it comes to revoking.
    const isAsked = own.origin === 'minted' && revoke !== 'never'
    const proven = isAsked ? await identify(tokenId, stored).catch(() => undefined) : undefined
    const superseded = supersededBy(tokenId, stored, proven ?? new Set())
      .filter((one) => objectionTo(one, scope) === undefined)
      .map((one) => one.tokenId)
    if (!dryRun) saveWriting(tokenId, superseded)
    const outcomes = await fanOut(targets, pullSecret, { ...credential, run: run.url, scopes, spared }, dryRun)
    const rival = rivalIn(outcomes)
    if (rival === undefined) return { credential, outcomes }
    const candidate = candidateOf(rival, registry)
    const kept = candidate && (await keep(send, [candidate], registry))
    if (kept === undefined) refused.add(rival.provenance?.tokenId)
    else log.info(`Another run brought the newer token ${kept.credential.tokenId} meanwhile: this run goes on with it.`)
    credential = kept?.credential ?? own
  }
}
