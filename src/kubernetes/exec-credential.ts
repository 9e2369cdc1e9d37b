import { asObject, asText } from '../core/json.ts'
import { mask } from '../runner/mask.ts'
import { tokenProblem, trimToken } from './bearer-token.ts'
import { keyPairProblem } from './certificate-problem.ts'
import type { IssuedCredential } from './credential-source.ts'

/** The versions of the protocol that kubectl knows. */
export const EXEC_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']

/**
 * Reads what an exec plugin wrote to stdout, and masks its secrets.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 * @throws Error that reads after "the plugin" and does not quote the output
 */
export function parseExecCredential(stdout: string, apiVersion: string): IssuedCredential {
  const { apiVersion: returned, kind, status } = parse(stdout)
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = asObject(status)
  const bearer = trimToken(asText(token) ?? '')
  const key = asText(clientKeyData)
  if (key !== undefined) mask(key)
  const cert = asText(clientCertificateData)
  if (kind !== 'ExecCredential') throw new Error('did not write an ExecCredential')
  if (returned !== apiVersion)
    throw new Error(`wrote another API version than the one of the kubeconfig, ${apiVersion}`)
  if ((cert === undefined) !== (key === undefined)) throw new Error('wrote only one of certificate and key')
  const pair = cert === undefined || key === undefined ? undefined : keyPairProblem(cert, key)
  if (pair !== undefined) throw new Error(`wrote a ${pair}`)
  if (bearer === undefined && cert === undefined) throw new Error('wrote an ExecCredential without a credential')
  const problem = bearer === undefined ? undefined : tokenProblem(bearer)
  if (problem !== undefined) throw new Error(`wrote a token that ${problem}`)
  const expiresAtMs = Date.parse(asText(expirationTimestamp) ?? '')
  return {
    credential: {
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
      ...(cert !== undefined && key !== undefined && { certificate: { cert, key } }),
    },
    renewAtMs: Number.isNaN(expiresAtMs) ? Number.POSITIVE_INFINITY : expiresAtMs,
  }
}

function parse(stdout: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(stdout))
  } catch {
    // The parser's message quotes the output, which may contain a token.
    throw new Error(stdout.trim() === '' ? 'wrote nothing' : 'did not write JSON')
  }
}
