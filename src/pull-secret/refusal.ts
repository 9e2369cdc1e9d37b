import { ActionError } from '../core/errors.ts'
import { printable } from '../runner/log.ts'
import { DOCKER_CONFIG_TYPE, LEGACY_TYPE, type Stored, type StoredSecret } from './read.ts'
import { conflictingRecords, type HostOwner } from './record.ts'
import type { Target } from './target.ts'
import { writerOf } from './writers.ts'

/** A secret that must not, or cannot, be written; nothing was sent. */
export class Refusal extends ActionError {
  override readonly name = 'Refusal'
}

/** The secret to look for in each target. */
export interface SecretLookup {
  readonly name: string
  /** Whether a secret or hosts of another owner are taken over. */
  readonly adopt: boolean
  readonly owner: HostOwner
}

/** Why the secret of a target is not to be written; undefined when it may be. */
export function refusal(
  { cluster, namespace, stored }: Target & { readonly stored: Stored },
  { name, adopt, owner }: SecretLookup,
): Refusal | undefined {
  if (stored.kind === 'absent') return undefined
  const { type, immutable, ours, managers, controller, deletion } = stored
  const secret = `Secret ${namespace}/${name} in cluster ${cluster.name}`
  const details = { cluster: cluster.name, namespace, resource: `secrets/${name}` }
  if (deletion !== undefined) {
    return new Refusal('secret-terminating', `${secret} ${deletion}: what is written to it would be lost`, {
      hint: 'Run again when it is gone: the action creates it then. If it stays, find out what its finalizers wait for.',
      details,
    })
  }
  if (controller !== undefined) {
    return new Refusal(
      'secret-has-controller',
      `${secret} belongs to ${controller}, whose controller would revert it`,
      {
        hint: 'Choose another `secret-name`: `adopt` does not help here.',
        details,
      },
    )
  }
  const writer = writerOf(stored)
  if (writer !== undefined) {
    return new Refusal('secret-has-controller', `${secret} is kept by ${writer}, which would revert it`, {
      hint: 'Choose another `secret-name`, or remove the secret there first: `adopt` does not help here.',
      details,
    })
  }
  if (type === LEGACY_TYPE) {
    return new Refusal(
      'secret-type-conflict',
      `${secret} has the legacy type ${LEGACY_TYPE}, which cannot be changed`,
      {
        hint: 'Choose another `secret-name`, use it in your Pods and service accounts, and delete the old secret when nothing names it.',
        details,
      },
    )
  }
  if (!ours && !adopt) {
    const manager = managers.join(', ') || 'unknown'
    return new Refusal(
      'secret-not-managed',
      `${secret} already exists and was not created by this action (managed by: ${manager})`,
      { hint: adoptHint(stored), details },
    )
  }
  if (type !== DOCKER_CONFIG_TYPE) {
    return new Refusal(
      'secret-type-conflict',
      `${secret} has the type ${printable(type)}, which cannot be changed to ${DOCKER_CONFIG_TYPE}`,
      {
        hint: 'Choose another `secret-name`, or delete that secret yourself when nothing needs it.',
        details,
      },
    )
  }
  if (immutable) {
    return new Refusal('secret-immutable', `${secret} is immutable: its content cannot be changed`, {
      hint: 'Choose another `secret-name`: nodes do not read an immutable secret again.',
      details,
    })
  }
  const [conflict] = adopt ? [] : conflictingRecords(stored.records, owner)
  if (conflict !== undefined) {
    const hosts = conflict.hosts.filter((host) => owner.hosts.includes(host)).join(', ')
    const run = conflict.run === '' ? '' : `, last run: ${conflict.run}`
    return new Refusal(
      'host-owner-conflict',
      printable(
        `${secret} already has a credential for ${hosts} that \`provider: ${conflict.provider}\` of ${conflict.repository || 'an unknown repository'} keeps${run}`,
      ),
      {
        hint: 'Let only one workflow keep these hosts, choose another `secret-name`, or set `adopt: true` to take the hosts over. The other credential is not revoked then.',
        details,
      },
    )
  }
  return undefined
}

/** `adopt` is proposed where it helps. */
function adoptHint({ type, immutable }: StoredSecret): string {
  const changeable =
    'Choose another `secret-name`, or set `adopt: true` to take it over and keep its other registry hosts.'
  const obstacle = type === DOCKER_CONFIG_TYPE ? 'it is immutable' : `its type ${printable(type)} cannot be changed`
  return type === DOCKER_CONFIG_TYPE && !immutable
    ? changeable
    : `Choose another \`secret-name\`, or delete that secret when nothing needs it: \`adopt\` does not help, because ${obstacle}.`
}
