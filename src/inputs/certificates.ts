import { decodeBase64 } from '../core/base64.ts'

const BEGIN = '-----BEGIN CERTIFICATE-----'

/** The certificates in PEM, or in a base64 of PEM, as a kubeconfig has it; undefined when one is invalid, or there is none. */
export function certificatesIn(value: string): string | undefined {
  const pem = decodeBase64(value, (text) => text.includes(BEGIN))?.trim() ?? value
  return [pem, rewrapped(pem)].find(containsCertificates)
}

function containsCertificates(pem: string): boolean {
  const [, ...blocks] = pem.split(BEGIN)
  // Loaded when there are certificates: see sha256.
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  try {
    for (const block of blocks) new X509Certificate(`${BEGIN}${block}`)
    return blocks.length > 0
  } catch {
    return false
  }
}

/**
 * PEM whose lines were joined, indented, or written as `\n` on their way through a shell or a form. Each line of PEM has 64 characters:
 * https://www.rfc-editor.org/rfc/rfc7468#section-2
 */
function rewrapped(pem: string): string {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)
  return [...blocks]
    .map(([, body = '']) => body.replaceAll(/\\[rn]|\s/g, ''))
    .map((digits) => [BEGIN, ...(digits.match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----'].join('\n'))
    .join('\n')
}
