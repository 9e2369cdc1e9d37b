import { Failure } from '../core/errors.ts'
import { printable } from '../runner/log.ts'
import { DOCKER_CONFIG_TYPE, LEGACY_TYPE, type Stored } from './read.ts'

/** A secret that must not, or cannot, be written; nothing was tried. */
export class Refusal extends Failure {
  override readonly name = 'Refusal'
}

export function refusal(stored: Stored, adopt: boolean): Refusal | undefined {
  if (stored.kind === 'absent') return undefined
  const { where, type, immutable, ours, managers, controller } = stored
  if (controller !== undefined) {
    return new Refusal(`The secret ${where} belongs to the ${controller}, whose controller would write it back`, {
      cure: 'Choose another `secret-name`: `adopt` does not help here.',
    })
  }
  if (type === LEGACY_TYPE) {
    return new Refusal(
      `The secret ${where} is a pull secret of the old form, ${LEGACY_TYPE}, and the type of a secret cannot be changed`,
      {
        cure: 'Choose another `secret-name`, let your Pods and service accounts name that one, and delete the old one when nothing names it.',
      },
    )
  }
  if (!ours && !adopt) {
    const who = managers.length > 0 ? `managed by ${managers.join(', ')}` : 'of nobody we know'
    return new Refusal(`The secret ${where} is not ours: it is ${who}`, {
      cure: 'Choose another `secret-name`, or set `adopt: true` to take it over, keeping its other registry hosts.',
    })
  }
  if (type !== DOCKER_CONFIG_TYPE) {
    return new Refusal(
      `The secret ${where} has the type ${printable(type)}, which cannot be changed to ${DOCKER_CONFIG_TYPE}`,
      {
        cure: 'Choose another `secret-name`, or delete that secret yourself when nothing needs it.',
      },
    )
  }
  if (immutable) {
    return new Refusal(`The secret ${where} is immutable: its content can never be changed`, {
      cure: 'Choose another `secret-name`: nodes do not look at an immutable secret again.',
    })
  }
  return undefined
}
