import { ActionError } from '../core/errors.ts'
import type { ApiServer } from '../kubernetes/client.ts'
import type { Applied } from './apply.ts'
import { displayName } from './display-name.ts'

/** @param deletion `is being deleted`, with what holds the object */
export function terminatingError(server: ApiServer, applied: Applied, deletion: string): ActionError {
  const { namespace, resource } = applied
  const message = `${displayName(applied)} in cluster ${server.name} ${deletion}: what is applied to it is lost`
  return new ActionError('object-terminating', message, {
    hint: 'Run again when it is gone, or raise `wait-timeout`. If it stays, find out what its finalizers wait for.',
    details: { cluster: server.name, namespace, resource },
  })
}
