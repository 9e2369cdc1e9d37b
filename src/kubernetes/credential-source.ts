/** What authenticates a user to an API server. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>
  /** PEM: of the TLS connection. */
  readonly certificate?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined
}

/** Where the credential of a user comes from. */
export interface CredentialSource {
  /** A credential that has not expired. Concurrent callers share one request for it. */
  readonly current: () => Promise<Credential>
  /**
   * Forgets a credential that the API server rejected, for one or several requests.
   * @returns whether the request is worth another attempt
   */
  readonly discard: (rejected: Credential) => boolean
  /** What the user can do when the API server rejects it. */
  readonly rejectionHint?: (rejected: Credential) => string
}

/** A credential that is valid for some time. */
export interface IssuedCredential {
  readonly credential: Credential
  /** Infinity: it does not expire. */
  readonly renewAtMs: number
}

/** An API server that rejects every credential gets one new one in this time. */
const MIN_DISCARD_INTERVAL_MS = 60_000

interface RenewalOptions extends Pick<CredentialSource, 'rejectionHint'> {
  /** How long a failure counts for all requests: a program is not started again at once. Default 0. */
  readonly failureLifeMs?: number
}

/** A credential that is requested once for all requests, and again when it has expired or was rejected. */
export class RenewedCredential implements CredentialSource {
  readonly rejectionHint?: (rejected: Credential) => string
  readonly #request: () => Promise<IssuedCredential>
  readonly #failureLifeMs: number
  #issued: IssuedCredential | undefined
  #pending: Promise<Credential> | undefined
  #failure: { readonly error: unknown; readonly atMs: number } | undefined
  #discardedAtMs = 0

  constructor(request: () => Promise<IssuedCredential>, { rejectionHint, failureLifeMs = 0 }: RenewalOptions = {}) {
    this.#request = request
    this.#failureLifeMs = failureLifeMs
    if (rejectionHint !== undefined) this.rejectionHint = rejectionHint
  }

  readonly current = async (): Promise<Credential> => {
    if (this.#issued !== undefined && Date.now() < this.#issued.renewAtMs) return this.#issued.credential
    if (this.#failure !== undefined && Date.now() < this.#failure.atMs + this.#failureLifeMs) throw this.#failure.error
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = undefined
    })
    return await this.#pending
  }

  readonly discard = (rejected: Credential): boolean => {
    if (this.#issued?.credential !== rejected) return true
    if (Date.now() - this.#discardedAtMs < MIN_DISCARD_INTERVAL_MS) return false
    this.#discardedAtMs = Date.now()
    this.#issued = undefined
    return true
  }

  async #renew(): Promise<Credential> {
    try {
      this.#issued = await this.#request()
      return this.#issued.credential
    } catch (error) {
      this.#failure = { error, atMs: Date.now() }
      throw error
    }
  }
}
