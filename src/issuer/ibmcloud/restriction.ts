import { ActionError } from '../../core/errors.ts'
import type { Send } from '../../http/client.ts'
import { HttpError } from '../../http/errors.ts'

/**
 * Sends requests to IAM. When IAM refuses one and says why, the error starts with that: an account can restrict IP
 * addresses and who may create API keys, which no role of the service ID changes.
 * @see https://cloud.ibm.com/docs/account?topic=account-ips
 * @see https://cloud.ibm.com/docs/account?topic=account-allow-api-create
 */
export function quotingRestrictions(send: Send): Send {
  return async (request) => {
    try {
      return await send(request)
    } catch (error) {
      if (!(error instanceof HttpError) || !isRefusal(error)) throw error
      const { serverMessage, details, hint } = error
      const message = error.message.slice(0, error.message.lastIndexOf(serverMessage)).replace(/:? $/, '')
      const ownHint = hintFor(serverMessage) ?? hint
      throw new ActionError('issuer-access-denied', `IAM refused: "${serverMessage}". ${message}`, {
        cause: error,
        details,
        ...(ownHint !== undefined && { hint: ownHint }),
      })
    }
  }
}

/** Some of IAM's refusals come as 400 or 401, and only their message is about a restriction. */
function isRefusal({ status, serverMessage }: HttpError): boolean {
  if (serverMessage === '') return false
  return status === 403 || ((status === 400 || status === 401) && hintFor(serverMessage) !== undefined)
}

/** The response behind an error, also when the error starts with what IAM says. */
export function httpErrorOf(error: unknown): HttpError | undefined {
  const cause = error instanceof ActionError && error.cause instanceof HttpError ? error.cause : error
  return cause instanceof HttpError ? cause : undefined
}

function hintFor(serverMessage: string): string | undefined {
  if (/\bIPs?\b|\bIP address/i.test(serverMessage))
    return 'The account, or the user of `api-key`, allows certain IP addresses only: add the address of this runner, or use a self-hosted runner with an allowed one.'
  if (/restrict/i.test(serverMessage))
    return 'The account settings in IAM restrict this: ask an administrator of the account for the role that they name, for example Service ID creator or User API key creator.'
  return undefined
}
