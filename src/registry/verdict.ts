import type { HttpAnswer } from '../http/client.ts'
import { serverWords } from '../http/errors.ts'

/** What a registry says of a credential. */
export interface Verdict {
  readonly kind: VerdictKind
  /** One sentence for a person. */
  readonly sentence: string
  /** What a person can do about it; absent when nothing needs doing. */
  readonly cure: string | undefined
}

export type VerdictKind = keyof typeof WORKS

/** Whether a credential with this verdict works, as far as anybody can tell. */
export function works(verdict: Verdict): boolean {
  return WORKS[verdict.kind]
}

const WORKS = {
  /** It opens the image, and nobody without a login does. */
  pulls: true,
  /** The login is accepted; no image was asked for. */
  accepted: true,
  /** The login is accepted; the image is not there. */
  missing: true,
  /** The login is accepted; the image opens for anybody. */
  public: true,
  /** The registry asks for no login at all. */
  open: true,
  /** User and password are wrong, revoked, or ended. */
  refused: false,
  /** The login is accepted and has no right to the image. */
  forbidden: false,
  /** The account has used up its pull traffic: not the credential's fault. */
  quota: false,
  /** The account is reached over the private network only: not the credential's fault. */
  'private-network': false,
  /** No telling answer. */
  unavailable: false,
  /** Something else answers there. */
  'no-registry': false,
} as const

const CURES: Readonly<Partial<Record<VerdictKind, string>>> = {
  missing:
    'Check `verify-image`: its namespace, name and tag, and that it is in this registry and not in another region.',
  public: 'Name a private image in `verify-image`.',
  open: 'Check `docker-server`: a registry of private images asks for a login.',
  refused: 'The credential is wrong, revoked or ended, or its account is not active.',
  forbidden: 'Give the credential the right to pull from that namespace, or name an image that it may pull.',
  quota:
    'Raise the quota of pull traffic, or wait for the next month. The credential is fine: rotating it does not help.',
  'private-network':
    'Run this job inside the private network, with the private host name of the registry. The credential is fine.',
  'no-registry':
    'Check `docker-server` and `registry-endpoint`: a registry answers `GET /v2/` with 200, or 401 and a challenge.',
}

export function verdict(kind: VerdictKind, sentence: string, cure: string | undefined = CURES[kind]): Verdict {
  return { kind, sentence, cure }
}

const REFUSALS = {
  refused: 'refuses the credential',
  /** GitHub's registry says 403 of a wrong password, too. */
  denied: 'denies the login: it is wrong, or has no right there',
  forbidden: 'accepts the login, but it has no right to the image',
} as const

/**
 * Why a registry or its token server refuses a login. Limits of an account look like a bad credential, and are none; a
 * credential that has ended can look like a missing right, as at Amazon's.
 */
export function refusal(usual: keyof typeof REFUSALS, who: string, answer: HttpAnswer): Verdict {
  const { code, message } = serverWords(answer.text)
  const said = [answer.status, [code, message].filter(Boolean).join(': ')].filter(Boolean).join(' ')
  const text = `${code ?? ''} ${message ?? ''}`
  if (/quota/i.test(text)) return verdict('quota', `${who} says that the account is over its quota (${said})`)
  if (/private network/i.test(text))
    return verdict('private-network', `${who} is not to be reached from here (${said})`)
  const how = /token has expired/i.test(text) ? 'refused' : usual
  return verdict(how === 'refused' ? 'refused' : 'forbidden', `${who} ${REFUSALS[how]} (${said})`)
}
