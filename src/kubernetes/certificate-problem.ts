import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Cluster, User } from '@kubernetes/client-node'
import { contentOf } from './file-or-data.ts'

/** What is wrong with a certificate or a key of a kubeconfig, as it reads after "has ". */
export interface CertificateProblem {
  readonly problem: string
  /** Whether a new credential helps; else the kubeconfig was made in a wrong way. */
  readonly needsRenewal: boolean
}

/**
 * Why no API server is trusted with this `certificate-authority`; undefined when no reason was found. Like Go, blocks that are no
 * certificate do not count: https://pkg.go.dev/crypto/x509#CertPool.AppendCertsFromPEM
 */
export function authorityProblem(
  { caData, caFile, skipTLSVerify, server }: Cluster,
  now: Date,
): CertificateProblem | undefined {
  const pem = skipTLSVerify || !server.startsWith('https:') ? undefined : contentOf(caData, caFile)
  if (pem === undefined) return undefined
  const blocks = pem.toString().match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  const certificates = blocks.flatMap((block) => parse(block) ?? [])
  if (certificates.length === 0)
    return broken(`a \`certificate-authority\` that is not PEM of a certificate${pemNote(caData)}`)
  const last = Math.max(...certificates.map(({ validToDate }) => validToDate.getTime()))
  if (last >= now.getTime()) return undefined
  return { problem: `a \`certificate-authority\` that expired at ${new Date(last).toISOString()}`, needsRenewal: true }
}

/** What is wrong with the client certificate of a user and its key, both of which are there. */
export function clientCertificateProblem(
  { certData, certFile, keyData, keyFile }: User,
  now: Date,
): CertificateProblem | undefined {
  const certificate = parse(contentOf(certData, certFile) ?? '')
  if (certificate === undefined) return broken(`a client certificate that is not PEM${pemNote(certData)}`)
  const { validFromDate, validToDate } = certificate
  if (validToDate < now)
    return { problem: `a client certificate that expired at ${validToDate.toISOString()}`, needsRenewal: true }
  if (validFromDate > now)
    return {
      problem: `a client certificate that is valid only from ${validFromDate.toISOString()} on`,
      needsRenewal: true,
    }
  const problem = keyProblem(certificate, (contentOf(keyData, keyFile) ?? '').toString())
  return problem === undefined
    ? undefined
    : broken(`a client key that ${problem}${problem === NOT_PEM ? pemNote(keyData) : ''}`)
}

const NOT_PEM = 'is not PEM'

/** What is wrong with a client certificate and its key, both in PEM, as it reads after "a "; undefined when nothing is. */
export function keyPairProblem(cert: string, key: string): string | undefined {
  const certificate = parse(cert)
  if (certificate === undefined) return `certificate that ${NOT_PEM}`
  const problem = keyProblem(certificate, key)
  return problem && `key that ${problem}`
}

function keyProblem(certificate: X509Certificate, pem: string): string | undefined {
  if (pem.includes('ENCRYPTED')) return 'is encrypted with a passphrase'
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem)) ? undefined : 'does not belong to its client certificate'
  } catch {
    return NOT_PEM
  }
}

function broken(problem: string): CertificateProblem {
  return { problem, needsRenewal: false }
}

/** Ends the sentence about data that is not PEM: the data of a kubeconfig is its base64. */
function pemNote(data: string | undefined): string {
  return data?.startsWith('-----BEGIN') ? ' in base64, but PEM itself' : ''
}

function parse(pem: string | Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}
