// Certificates of the fake and test servers: one authority per server, valid for a day.
import 'reflect-metadata' // @peculiar/x509 wants it loaded first
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** PEM; the key is PKCS#8. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
}

export interface Subject {
  readonly commonName: string
  readonly organization?: string
  /** DNS names and IP addresses. */
  readonly hosts?: readonly string[]
  readonly algorithm?: Algorithm
}

export interface Authority {
  readonly certificate: string
  /** An authority below this one. */
  issueAuthority(commonName: string): Promise<Authority>
  issue(subject: Subject): Promise<Certificate>
}

type Algorithm = 'ecdsa' | 'rsa'

const algorithms = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 },
} as const

const day = 24 * 60 * 60 * 1000

export function createAuthority(commonName: string): Promise<Authority> {
  return issueAuthority(commonName)
}

interface Parent {
  readonly name: JsonName
  readonly keys: webcrypto.CryptoKeyPair
}

/** @param parent by default itself */
async function issueAuthority(commonName: string, parent?: Parent): Promise<Authority> {
  const keys = await generateKeys('ecdsa')
  // Never the name of a certificate that it issues, which would then look self-signed.
  const name: JsonName = [{ OU: ['certificate authority'] }, { CN: [commonName] }]
  const authority = await X509CertificateGenerator.create({
    ...validity(),
    subject: name,
    issuer: parent?.name ?? name,
    publicKey: keys.publicKey,
    signingKey: (parent?.keys ?? keys).privateKey,
    signingAlgorithm: algorithms.ecdsa,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })

  return {
    certificate: authority.toString('pem'),
    issueAuthority: (below) => issueAuthority(below, { name, keys }),
    async issue({ commonName, organization, hosts = [], algorithm = 'ecdsa' }) {
      const subjectKeys = await (algorithm === 'rsa' ? rsaKeys() : generateKeys(algorithm))
      const certificate = await X509CertificateGenerator.create({
        ...validity(),
        subject: [...(organization === undefined ? [] : [{ O: [organization] }]), { CN: [commonName] }],
        issuer: name,
        publicKey: subjectKeys.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithms.ecdsa,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
          ...(hosts.length === 0 ? [] : [new SubjectAlternativeNameExtension(hosts.map(alternativeName))]),
        ],
      })
      return { certificate: certificate.toString('pem'), key: await exportKey(subjectKeys.privateKey) }
    },
  }
}

function generateKeys(algorithm: Algorithm): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithms[algorithm], true, ['sign', 'verify'])
}

let sharedRsaKeys: Promise<webcrypto.CryptoKeyPair> | undefined

/** One pair for the whole process: it takes up to 0.2 s of CPU time to generate, and no test needs two. */
function rsaKeys(): Promise<webcrypto.CryptoKeyPair> {
  sharedRsaKeys ??= generateKeys('rsa')
  return sharedRsaKeys
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), PemConverter.PrivateKeyTag)
}

/** Begins an hour ago for clocks that disagree. */
function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - day / 24), notAfter: new Date(Date.now() + day) }
}

function alternativeName(host: string): { type: 'ip' | 'dns'; value: string } {
  return { type: isIP(host) ? 'ip' : 'dns', value: host }
}
