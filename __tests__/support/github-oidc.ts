// GitHub's OIDC provider: the service where a job asks for tokens, and the issuer, where API servers find its key.
import { createPublicKey, randomBytes, randomUUID, X509Certificate } from 'node:crypto'
import { createAuthority } from './http/certificate.ts'
import { bearerToken, type FakeResponse, json, notFound, type RecordedRequest } from './http/exchange.ts'
import { Faults } from './http/faults.ts'
import { type JournalEntry, startHttpServer } from './http/http-server.ts'
import { inSeconds, signRs256, verifyRs256 } from './ibm/jwt.ts'

/** What an API server must know to take the tokens of an issuer. */
export interface OidcTrust {
  readonly issuer: string
  readonly audience: string
  /** PEM, of the issuer. */
  readonly certificateAuthority: string
  /** A token that is alive, for a server that must know when it is ready. */
  createToken(): string
  /** @returns the subject of a token for the audience that has not ended; else undefined */
  verify(token: string): string | undefined
}

export interface GithubOidc extends OidcTrust, AsyncDisposable {
  /** As the runner has it in its environment. */
  readonly env: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string
  }
  readonly subject: string
  /** Every token that the service gave. */
  readonly issued: readonly string[]
  /** Seconds; GitHub's live for five minutes. */
  life: number
  /** Of the service and the issuer. */
  readonly journal: JournalEntry[]
  readonly faults: Faults
}

const SUBJECT = 'repo:acme/shop:ref:refs/heads/main'

export async function startGithubOidc(audience: string): Promise<GithubOidc> {
  await using resources = new AsyncDisposableStack()
  const journal: JournalEntry[] = []
  const faults = new Faults()
  const authority = await createAuthority('github')
  const signer = await authority.issue({ commonName: 'issuer', algorithm: 'rsa' })
  const x5c = new X509Certificate(signer.certificate).raw.toString('base64')
  const requestToken = randomBytes(32).toString('hex')
  const issued: string[] = []

  const sign = (aud: string, life: number) => {
    const times = { iat: inSeconds(0), nbf: inSeconds(-10), exp: inSeconds(life) }
    return signRs256({ iss: issuer.url, sub: SUBJECT, aud, jti: randomUUID(), ...times }, signer.key, x5c)
  }
  const give = (request: RecordedRequest): FakeResponse => {
    const aud = request.query.get('audience')
    if (bearerToken(request) !== requestToken || request.query.get('api-version') !== '2.0' || !aud) {
      return json(401, { message: 'no such job' })
    }
    const value = sign(aud, github.life)
    issued.push(value)
    return json(200, { value })
  }
  const describeIssuer = ({ path }: RecordedRequest): FakeResponse => {
    if (path === '/keys') {
      const key = createPublicKey(signer.certificate).export({ format: 'jwk' })
      return json(200, { keys: [{ ...key, use: 'sig', alg: 'RS256' }] })
    }
    return json(200, {
      issuer: issuer.url,
      jwks_uri: `${issuer.url}/keys`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    })
  }

  const identity = await authority.issue({ commonName: 'github', hosts: ['127.0.0.1'] })
  const issuer = resources.use(
    await startHttpServer(
      () => [
        { server: 'github', path: /^\/(keys|\.well-known\/openid-configuration)$/, handle: describeIssuer },
        { server: 'github', path: /^/, handle: notFound },
      ],
      { journal, faults, certificate: identity },
    ),
  )
  const service = resources.use(
    await startHttpServer(() => [{ server: 'github', path: /^/, handle: give }], { journal, faults }),
  )

  const running = resources.move()
  const github: GithubOidc = {
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${service.url}/jobs/4711/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    issuer: issuer.url,
    audience,
    subject: SUBJECT,
    certificateAuthority: authority.certificate,
    issued,
    life: 300,
    journal,
    faults,
    createToken: () => sign(audience, 60),
    verify(token) {
      const claims = token.split('.').length === 3 ? verifyRs256(token, signer.certificate) : undefined
      return claims?.aud === audience ? String(claims.sub) : undefined
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
  return github
}
