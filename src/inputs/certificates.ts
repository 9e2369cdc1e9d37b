import { decodeBase64 } from './base64.ts'

/** The certificates in PEM, or in a base64 of PEM, as a kubeconfig has it; undefined when one is invalid, or there is none. */
export function certificatesIn(value: string): string | undefined {
  const pem = decodeBase64(value)?.trim() ?? value
  return containsCertificates(pem) ? pem : undefined
}

function containsCertificates(pem: string): boolean {
  const [, ...blocks] = pem.split('-----BEGIN CERTIFICATE-----')
  // Loaded when there are certificates: see sha256.
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  try {
    for (const block of blocks) new X509Certificate(`-----BEGIN CERTIFICATE-----${block}`)
    return blocks.length > 0
  } catch {
    return false
  }
}
