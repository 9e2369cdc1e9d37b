// An issuer at the fake Harbor, or at a server with one response.
import { getGlobalDispatcher } from 'undici'
import { createSend } from '../../../../src/http/client.ts'
import { createHarborProvider, type HarborRequest } from '../../../../src/issuer/harbor/provider.ts'
import type { Issuer } from '../../../../src/issuer/issuer.ts'
import type { FakeHarbor } from '../../../support/harbor/environment.ts'

export const never = new AbortController().signal
export const send = createSend(getGlobalDispatcher(), never)

/** As a run describes a mint. */
export const DESCRIPTION = 'ci [c1 shop/pull] harbor.example.com 7.1 2026-11-26T08:00:00.000Z 0a1b2c3d'

type Changes = Partial<Omit<HarborRequest, 'provider'>>

export function requestFor(endpoint: string, changes: Changes = {}): HarborRequest {
  return {
    provider: 'harbor',
    endpoint,
    username: 'jo',
    password: 'correct horse',
    projects: ['team'],
    expiresInMs: undefined,
    ...changes,
  }
}

/** Logs in as the administrator of the project `team`, unless `changes` say otherwise. */
export async function issuerOf({ url, projectAdmin }: FakeHarbor, changes: Changes = {}): Promise<Issuer> {
  const { username, password } = projectAdmin
  const session = await createHarborProvider(requestFor(url, { username, password, ...changes })).open(send, never)
  return session.issuer(send)
}

/** The requests to Harbor's API, with what a list asks for. */
export function requests({ journal }: Pick<FakeHarbor, 'journal'>): string[] {
  return journal
    .filter(({ server }) => server === 'harbor')
    .map(({ method, path, query }) => {
      const asked = query.get('q')
      return `${method} ${path.replace('/api/v2.0/', '')}${asked === null ? '' : ` ${asked}`}`
    })
}
